// Package decide lays out the answer of a command that helps to decide: its
// tables in three forms (printed, as files, on the page), and the page with the
// answer first, tables, pictures, how to read them and how to get them again.
//
// It knows how an answer is shown and nothing of how it was found.
package decide

import (
	"fmt"
	"math"
	"strings"

	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
)

// A Sheet is a table of an answer with the name of its file.
type Sheet struct {
	Name string
	// Shown is the number of rows that are printed unless all are asked for; 0
	// means 12. A sheet with Apart is kept and on the page, and not printed.
	Shown int
	Apart bool
	report.Table
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
	s := &Sheet{Name: name, Table: report.Table{Caption: caption}}
	for _, c := range columns {
		text, numeric := strings.CutPrefix(c, "#")
		s.Columns = append(s.Columns, report.Column{Name: text, Numeric: numeric})
	}
	return s
}

// Row adds a row of cells and texts.
func (s *Sheet) Row(cells ...any) {
	var row []report.Cell
	for _, c := range cells {
		switch c := c.(type) {
		case report.Cell:
			row = append(row, c)
		case string:
			row = append(row, report.Words(c))
		}
	}
	s.Rows = append(s.Rows, row)
}

// With is an estimate with half of its interval: 412 ± 15. What is no number says
// so: never, or a dash.
func With(f words.Format, e analysis.Estimate) report.Cell {
	if !e.Known() {
		return withEnds(f.Text(e.Value), e)
	}
	if e.Needs > 0 || math.IsInf(e.HalfWidth(), 0) { // no interval, or an open one
		return withEnds(Ends(f.Text, e), e)
	}
	value, reach := f.WithError(e.Value, e.HalfWidth())
	return withEnds(value+" ± "+reach, e)
}

// Change is a difference with half of its interval, of shares in percentage points:
// 0.89 ± 0.12 points, or where the interval is not even −6.7 (−15.9 to −0.25) points. Files have the share.
func Change(f words.Format, e analysis.Estimate) report.Cell {
	if f != words.Percent || !e.Known() || e.Needs > 0 {
		return With(f, e)
	}
	const least = 1e-4 // points below which only that is said
	points := e.Times(100)
	text, reach := words.Plain.WithError(points.Value, points.HalfWidth())
	switch a := math.Abs(points.Value); {
	case a > 0 && a < least && points.HalfWidth() < least && points.Value > 0:
		text, reach = "<0.0001", "<0.0001"
	case a > 0 && a < least && points.HalfWidth() < least:
		text, reach = ">−0.0001", "<0.0001"
	}
	if up, down := points.High-points.Value, points.Value-points.Low; math.Abs(up-down) > 0.1*(up+down) {
		return withEnds(fmt.Sprintf("%s (%s to %s) points", text, words.Plain.Text(points.Low), words.Plain.Text(points.High)), e)
	}
	return withEnds(text+" ± "+reach+" points", e)
}

// Ends is a number with its 95% interval: 412 (397 to 427). What is no number has none.
func Ends(write func(float64) string, e analysis.Estimate) string {
	if !e.Known() {
		return words.Plain.Text(e.Value)
	}
	return write(e.Value) + " (" + Interval(write, e) + ")"
}

// Interval is a 95% interval, 397 to 427, or how many runs it needs.
func Interval(write func(float64) string, e analysis.Estimate) string {
	if e.Needs > 0 {
		return e.Short()
	}
	return write(e.Low) + " to " + write(e.High)
}

// Value is an estimate without its interval, which files still have.
func Value(f words.Format, e analysis.Estimate) report.Cell {
	return withEnds(f.Text(e.Value), e)
}

func withEnds(text string, e analysis.Estimate) report.Cell {
	c, ends := report.Num(text, e.Value), report.Between("", e.Low, e.High)
	c.Low, c.High = ends.Low, ends.High
	return c
}

// Write keeps the sheet as a file in a folder: for each column of numbers the
// value, and where there are intervals NAME_low and NAME_high.
func (s *Sheet) Write(dir *store.Folder, f result.Format) error {
	t := result.Rows{}
	type part struct {
		column int
		of     func(report.Cell) any
	}
	number := func(of func(report.Cell) *float64) func(report.Cell) any {
		return func(c report.Cell) any {
			if x := of(c); x != nil {
				return *x
			}
			return nil
		}
	}
	var parts []part
	used := map[string]bool{}
	for i, c := range s.Columns {
		name := store.Column(c.Name)
		if name == "" || used[name] {
			name = strings.Trim(name+"_"+string(rune('a'+i)), "_")
		}
		used[name] = true
		value, ends := false, false
		for _, row := range s.Rows {
			value = value || row[i].Value != nil
			ends = ends || row[i].Low != nil || row[i].High != nil
		}
		if !value && !ends {
			t.Columns = append(t.Columns, result.Named{Name: name, Text: true})
			parts = append(parts, part{i, func(c report.Cell) any { return c.Text }})
			continue
		}
		if value {
			t.Columns = append(t.Columns, result.Named{Name: name})
			parts = append(parts, part{i, number(func(c report.Cell) *float64 { return c.Value })})
		}
		if ends {
			t.Columns = append(t.Columns, result.Named{Name: name + "_low"}, result.Named{Name: name + "_high"})
			parts = append(parts, part{i, number(func(c report.Cell) *float64 { return c.Low })}, part{i, number(func(c report.Cell) *float64 { return c.High })})
		}
	}
	for _, row := range s.Rows {
		var cells []any
		for _, p := range parts {
			cells = append(cells, p.of(row[p.column]))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t.Write(dir, store.Name(s.Name), f)
}
