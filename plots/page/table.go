package page

import (
	"math"
	"slices"
)

// A Table can be sorted by each column.
type Table struct {
	Caption string // what it shows, also for those who do not see it
	Columns []Column
	Rows    [][]Cell
	Notes   []string // under the table
	// Find offers a field that narrows the rows to those with a text in them.
	Find bool
}

// First gives the first rows of a table, without the columns that say nothing in them.
func (t *Table) First(rows int) Table {
	out := *t
	out.Columns, out.Rows = nil, make([][]Cell, rows)
	for i, c := range t.Columns {
		if !slices.ContainsFunc(t.Rows[:rows], func(row []Cell) bool { return i < len(row) && row[i].Text != "" }) {
			continue
		}
		out.Columns = append(out.Columns, c)
		for k, row := range t.Rows[:rows] {
			if i < len(row) {
				out.Rows[k] = append(out.Rows[k], row[i])
			}
		}
	}
	return out
}

// A Column is the head of a column.
type Column struct {
	Name    string
	Note    string // small, under the name: a unit
	Numeric bool   // right aligned, sorted by number; else by text
	// Ends says that its numbers may have intervals. Files then have columns for the
	// ends, whether or not there are any.
	Ends bool
	File string // what files call it, if the name will not do
	// Outcomes says that its texts are names of outcomes, which files keep and people call otherwise.
	Outcomes bool
	Wrap     int // letters of a line where it is printed; 0: as long as it is
}

// A Cell is a text and, for numbers, what it stands for. The page keeps values
// to the last bit as data-value, data-low and data-high. Make it with Words,
// Num or Between.
type Cell struct {
	Text      string
	Code      string // what files and programs call it, where that is not the text
	Sub       string // small, under the text
	Tone      Tone
	Value     *float64
	Low, High *float64
}

// Words is a cell of text.
func Words(text string) Cell { return Cell{Text: text} }

// Toned is a cell of text that is meant in some way.
func Toned(text string, tone Tone) Cell { return Cell{Text: text, Tone: tone} }

// Num is a cell of a number. A missing one (NaN) sorts last.
func Num(text string, value float64) Cell { return Cell{Text: text, Value: known(value)} }

// Between is a cell of an interval, sorted by its lower end.
func Between(text string, low, high float64) Cell {
	return Cell{Text: text, Low: known(low), High: known(high)}
}

// known gives nil for what is missing or infinite.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// A Tone says how something is meant. A sign goes with it, so that no reader
// depends on colours.
type Tone string

// The tones.
const (
	Neutral Tone = ""
	Good    Tone = "good" // ✓
	Bad     Tone = "bad"  // ✗
	Unsure  Tone = "unsure"
)
