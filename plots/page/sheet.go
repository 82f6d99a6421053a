package page

import (
	"cmp"
	"fmt"
	"strings"

	"windfall/plots/words"
	"windfall/sim/analysis"
)

// A Sheet is a table of an answer with the name of its file. Which sheets an answer has follows from what was asked;
// one with no rows is kept, for programs, and not shown.
type Sheet struct {
	Name string
	// Shown is the number of rows that are printed unless all are asked for; 0
	// means 12. A sheet with Apart is kept and on the page, and not printed.
	Shown int
	Apart bool
	Lead  string                // a line above the table, where it is printed
	Rest  func(rows int) string // says how many rows are not printed; nil: how many there are
	// Main is how many columns, from the left, a page for a board shows at most; 0: as many as fit.
	Main int
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

// NewSheet begins a sheet. A column whose name begins with # holds numbers, with ±
// numbers with their intervals; so it does in files, whatever the numbers are.
func NewSheet(name, caption string, columns ...string) *Sheet {
	s := &Sheet{Name: name, Table: Table{Caption: caption}}
	for _, c := range columns {
		text, ends := strings.CutPrefix(c, "±")
		text, numeric := strings.CutPrefix(text, "#")
		s.Columns = append(s.Columns, Column{Name: text, Numeric: numeric || ends, Ends: ends,
			Outcomes: text == "outcome" && len(s.Columns) == 0})
	}
	return s
}

// Row adds a row of cells and texts. A cell that says more than files keep of its column
// is a fault of the sheet.
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
	for i, cell := range row {
		if c := s.Columns[i]; cell.Value != nil && !c.Numeric || (cell.Low != nil || cell.High != nil) && !c.Ends {
			panic(fmt.Sprintf("page: column %q of sheet %s has a cell of another kind", c.Name, s.Name))
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
func Points(e analysis.Estimate) Cell { return withEnds(words.Points(e), e.Times(100)) }

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
	Head string // what people read above it
}

// Kept gives the table as files have it: for each column of numbers the value, and where numbers may have intervals
// NAME_low and NAME_high, whether or not there are any; nil for what is missing. Name makes the name of a column that
// of one in a file.
func (s *Sheet) Kept(name func(string) string) (columns []Kept, rows [][]any) {
	rows = make([][]any, len(s.Rows))
	used := map[string]bool{}
	for i, c := range s.Columns {
		title := name(cmp.Or(c.File, c.Name))
		if title == "" || used[title] {
			title = strings.Trim(title+"_"+string(rune('a'+i)), "_")
		}
		used[title] = true
		add := func(k Kept, of func(Cell) any) {
			k.Name, k.Head = title+k.Name, heading(c.Name)+strings.ReplaceAll(k.Name, "_", ", ")
			columns = append(columns, k)
			for r, row := range s.Rows {
				rows[r] = append(rows[r], of(row[i]))
			}
		}
		if !c.Numeric {
			add(Kept{Text: true}, func(c Cell) any { return cmp.Or(c.Code, c.Text) })
			continue
		}
		add(Kept{}, func(c Cell) any { return numberOr(c.Value) })
		if c.Ends {
			add(Kept{Name: "_low"}, func(c Cell) any { return numberOr(c.Low) })
			add(Kept{Name: "_high"}, func(c Cell) any { return numberOr(c.High) })
		}
	}
	return columns, rows
}

// numberOr is a number, or nil for none.
func numberOr(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}
