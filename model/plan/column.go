package plan

import (
	"math"
	"strings"
)

// This file says what a column of the results is. The columns themselves, each one entry with its name, its
// meaning and how it is read from what a replication counted, are listed in outcome.go, weekly.go and slice.go. The
// results folder, the summary, the goal language and the pictures work from them.

// Direction says which way of an outcome is better.
type Direction int8

// The three directions.
const (
	Neither Direction = iota
	More
	Less
)

// String gives the word used in the column dictionary.
func (d Direction) String() string { return [...]string{"neither", "more", "less"}[d] }

// Column describes one column of a results table.
type Column struct {
	Name string
	// Label is what people call it: at an axis, in a table. Empty, it is made from the name.
	Label string
	// Also are words by which people ask for it that are not its name, with blanks between them: bankrupt.
	Also string
	// Lies begins a sentence about its numbers: "Live customers end" between 371k and 389k. Empty: the label alone.
	Lies      string
	Unit      string
	Meaning   string
	Direction Direction
	// Over and Under are set for a ratio: the columns whose quotient it is. The
	// headline of a ratio is the quotient of totals over replications.
	Over, Under string
	// Scale multiplies the quotient; 0 means 1.
	Scale float64
	// Missing says why there may be no number: nobody was won. Such a number is
	// left out of statistics (NaN here, an empty field in a file).
	Missing string
	// Free says why a ratio has no number where its denominator alone is 0: nothing was spent. Missing is then why it has
	// none where its numerator is 0, too.
	Free string
	// Never says why the number may lie beyond all numbers: who burns cash and
	// does not grow has no burn multiple, and is worse off than with any (+Inf
	// here, inf in a file). A week of ruin that never comes is better than any.
	Never string
	// NeverAtZero: a ratio is never where its denominator is 0, too.
	NeverAtZero bool
	// NoneAtZero: a ratio is missing where its numerator is 0, since nothing was there to count: the lifetime value of
	// nobody.
	NoneAtZero bool
	// Signed numbers may lie below 0, and a Share may not exceed 1. A Rate is a share but
	// in a run of a few days, where most were there before it began: then it may.
	Signed, Share, Rate bool
}

// NearestColumn gives the name of the column that a word was most likely meant for, or "": one that people also call so
// before one with a name like it.
func NearestColumn(word string, columns []Column) string {
	var known []string
	names := map[string]string{}
	for _, c := range columns {
		for _, w := range append(strings.Fields(c.Also), c.Name) {
			known, names[w] = append(known, w), c.Name
		}
	}
	return names[Nearest(word, known)]
}

// Never is the number of what never comes; Column.Never says what that means.
var Never = math.Inf(1)

// Quotient is the value of a ratio whose parts are known: a number, Never, or
// missing (NaN).
func (c *Column) Quotient(over, under float64) float64 {
	switch {
	case over == 0 && c.NoneAtZero:
		return math.NaN()
	case under > 0 && c.Scale != 0:
		return float64(c.Scale*over) / under
	case under > 0:
		return over / under
	case c.Never != "" && over > 0 && (under < 0 || c.NeverAtZero):
		return Never
	}
	return math.NaN()
}

// Recorded is the value of a ratio that a record of a slice holds: its 0 is missing where the column says so.
func (c *Column) Recorded(x float64) float64 {
	if x == 0 && c.NoneAtZero {
		return math.NaN()
	}
	return x
}

// Reason says why a value of the column is no number; empty: it is one.
func (c *Column) Reason(x float64) string {
	switch {
	case x == Never && c.Never != "":
		return c.Never
	case !math.IsNaN(x) && !math.IsInf(x, 0):
		return ""
	case c.Missing != "" && c.Free != "":
		return c.Missing + ", or " + c.Free
	case c.Missing != "":
		return c.Missing
	}
	return "not known"
}

// ReasonOf says why the ratio of two numbers is no number; empty: it is one.
func (c *Column) ReasonOf(over, under float64) string {
	x := c.Quotient(over, under)
	switch {
	case math.IsNaN(x) && c.Free != "" && over > 0 && under == 0:
		return "not applicable: " + c.Free
	case math.IsNaN(x) && c.Free != "" && over == 0:
		return c.Missing
	}
	return c.Reason(x)
}

// Range is where the numbers of the column lie.
func (c *Column) Range() (low, high float64) {
	high = math.Inf(1)
	if c.Signed {
		low = math.Inf(-1)
	}
	if c.Share {
		high = 1
	}
	return low, high
}
