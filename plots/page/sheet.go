package page

import (
	"strings"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// A Sheet is a table of an answer with the name of its file.
type Sheet struct {
	Name string
	// Shown is the number of rows that are printed unless all are asked for; 0
	// means 12. A sheet with Apart is kept and on the page, and not printed.
	Shown int
	Apart bool
	Lead  string                // a line above the table, where it is printed
	Rest  func(rows int) string // says how many rows are not printed; nil: how many there are
	Table
}

// Rows printed of a sheet that does not say how many.
const mostRows = 12

// Printed is the number of rows that are printed.
func (s *Sheet) Printed(all bool) int {
	switch {
	case s.Apart:
		return 0
	case all:
		return len(s.Rows)
	case s.Shown > 0:
		return min(s.Shown, len(s.Rows))
	}
	return min(mostRows, len(s.Rows))
}

// NewSheet begins a sheet. A column whose name begins with # holds numbers.
func NewSheet(name, caption string, columns ...string) *Sheet {
	s := &Sheet{Name: name, Table: Table{Caption: caption}}
	for _, c := range columns {
		text, numeric := strings.CutPrefix(c, "#")
		s.Columns = append(s.Columns, Column{Name: text, Numeric: numeric})
	}
	return s
}

// Row adds a row of cells and texts.
func (s *Sheet) Row(cells ...any) {
	var row []Cell
	for _, c := range cells {
		switch c := c.(type) {
		case Cell:
			row = append(row, c)
		case string:
			row = append(row, Words(c))
		}
	}
	s.Rows = append(s.Rows, row)
}

// With is an estimate with half of its interval: 412 ± 15.
func With(f words.Format, e analysis.Estimate) Cell { return withEnds(words.With(f, e), e) }

// Change is a difference with half of its interval, of shares in percentage points.
// Files have the share.
func Change(f words.Format, e analysis.Estimate) Cell { return withEnds(words.Change(f, e), e) }

// Points is the change of a chance in percentage points.
func Points(e analysis.Estimate) Cell {
	return With(words.Plain, e.Times(100))
}

// Relative is a relative change, with its interval for files.
func Relative(e analysis.Estimate) Cell { return withEnds(words.Signed(e.Value), e) }

// Saved is the variance that pairing saves of a difference: a factor, or that nothing
// differs, or that all pairs differ alike.
func Saved(identical bool, reduction *float64, difference analysis.Estimate) Cell {
	switch {
	case identical:
		return Words("identical")
	case reduction != nil:
		return Num(words.Times(*reduction), *reduction)
	case difference.Error == 0:
		return Words("exact")
	}
	return Words("")
}

// Value is an estimate without its interval, which files still have.
func Value(f words.Format, e analysis.Estimate) Cell { return withEnds(f.Text(e.Value), e) }

func withEnds(text string, e analysis.Estimate) Cell {
	c, ends := Num(text, e.Value), Between("", e.Low, e.High)
	c.Low, c.High = ends.Low, ends.High
	return c
}

// A Kept column is one of a table in a file, of texts or of numbers.
type Kept struct {
	Name string
	Text bool
	of   func(row []Cell) any
}

// Kept gives the table as files have it: for each column of numbers the value, and where there are intervals NAME_low
// and NAME_high; nil for what is missing. Name makes the name of a column that of one in a file.
func (s *Sheet) Kept(name func(string) string) (columns []Kept, rows [][]any) {
	used := map[string]bool{}
	for i, c := range s.Columns {
		title := name(c.Name)
		if title == "" || used[title] {
			title = strings.Trim(title+"_"+string(rune('a'+i)), "_")
		}
		used[title] = true
		numbers := func(suffix string, of func(Cell) *float64) Kept {
			return Kept{title + suffix, false, func(row []Cell) any {
				if x := of(row[i]); x != nil {
					return *x
				}
				return nil
			}}
		}
		value, ends := false, false
		for _, row := range s.Rows {
			value = value || row[i].Value != nil
			ends = ends || row[i].Low != nil || row[i].High != nil
		}
		if value {
			columns = append(columns, numbers("", func(c Cell) *float64 { return c.Value }))
		}
		if ends {
			columns = append(columns, numbers("_low", func(c Cell) *float64 { return c.Low }),
				numbers("_high", func(c Cell) *float64 { return c.High }))
		}
		if !value && !ends {
			columns = append(columns, Kept{title, true, func(row []Cell) any { return row[i].Text }})
		}
	}
	for _, row := range s.Rows {
		var cells []any
		for _, c := range columns {
			cells = append(cells, c.of(row))
		}
		rows = append(rows, cells)
	}
	return columns, rows
}
