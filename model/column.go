package model

import (
	"math"
	"slices"
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
	// Never says why the number may lie beyond all numbers: who burns cash and
	// does not grow has no burn multiple, and is worse off than with any (+Inf
	// here, inf in a file). A week of ruin that never comes is better than any.
	Never string
	// NeverAtZero: a ratio is never where its denominator is 0, too.
	NeverAtZero bool
	// Signed numbers may lie below 0, and a Share may not exceed 1. A Rate is a share but
	// in a run of a few days, where most were there before it began: then it may.
	Signed, Share, Rate bool
}

// Never is the number of what never comes; Column.Never says what that means.
var Never = math.Inf(1)

// Quotient is the value of a ratio whose parts are known: a number, Never, or
// missing (NaN).
func (c *Column) Quotient(over, under float64) float64 {
	switch {
	case under > 0 && c.Scale != 0:
		return float64(c.Scale*over) / under
	case under > 0:
		return over / under
	case c.Never != "" && over > 0 && (under < 0 || c.NeverAtZero):
		return Never
	}
	return math.NaN()
}

// Reason says why a value of the column is no number; empty: it is one.
func (c *Column) Reason(x float64) string {
	switch {
	case x == Never && c.Never != "":
		return c.Never
	case !math.IsNaN(x) && !math.IsInf(x, 0):
		return ""
	case c.Missing != "":
		return c.Missing
	}
	return "not known"
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

// quotient is a column that is the ratio of two others of its row.
type quotient struct {
	at, over, under int
	column          *Column
}

// quotients finds the ratios of a table.
func quotients(columns []Column) (list []quotient) {
	for i := range columns {
		if c := &columns[i]; c.Over != "" {
			list = append(list, quotient{i, placeOf(columns, c.Over), placeOf(columns, c.Under), c})
		}
	}
	return list
}

// fillQuotients fills the ratios of a row whose other columns are filled.
func fillQuotients(list []quotient, row []float64) {
	for i := range list {
		q := &list[i]
		row[q.at] = q.column.Quotient(row[q.over], row[q.under])
	}
}

// placeOf is the place of a column in its table.
func placeOf(columns []Column, name string) int {
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		panic("model: there is no column " + name)
	}
	return i
}

// named gives the entry that says what people call a column; one name means the same in every table.
func named(name string) *Column {
	for i := range outcomeColumns {
		if c := &outcomeColumns[i].Column; c.Name == name && c.Label != "" {
			return c
		}
	}
	for i := range weeklyColumns {
		if c := &weeklyColumns[i].Column; c.Name == name && c.Label != "" {
			return c
		}
	}
	return nil
}

// Label is what people call a column, and what is of one channel, region or team: sign-ups, radio.
func Label(name string) string {
	if c := named(name); c != nil {
		return c.Label
	}
	if base, of, ok := strings.Cut(name, "."); ok && of != "" {
		return Label(base) + ", " + of
	}
	parts := strings.Split(name, "_")
	for i, part := range parts {
		switch part {
		case "arr", "cac", "ltv", "mrr", "smb":
			parts[i] = strings.ToUpper(part)
		case "signups":
			parts[i] = "sign-ups"
		}
	}
	if parts[0] == "" {
		return name
	}
	parts[0] = strings.ToUpper(parts[0][:1]) + parts[0][1:]
	return strings.Join(parts, " ")
}

// Lies begins a sentence about where the numbers of a column lie; empty where nothing is known but its label.
func Lies(name string) string {
	if c := named(name); c != nil {
		return c.Lies
	}
	return ""
}
