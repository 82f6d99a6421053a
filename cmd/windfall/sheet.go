package main

import (
	"strings"

	"windfall/plots/page"
	"windfall/sim/result"
	"windfall/sim/store"
)

// writeSheet keeps a table of an answer as a file in a folder: for each column of numbers the
// value, and where there are intervals NAME_low and NAME_high.
func writeSheet(dir *store.Folder, s *page.Sheet, f result.Format) error {
	t := result.Rows{}
	type part struct {
		column int
		of     func(page.Cell) any
	}
	number := func(of func(page.Cell) *float64) func(page.Cell) any {
		return func(c page.Cell) any {
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
			parts = append(parts, part{i, func(c page.Cell) any { return c.Text }})
			continue
		}
		if value {
			t.Columns = append(t.Columns, result.Named{Name: name})
			parts = append(parts, part{i, number(func(c page.Cell) *float64 { return c.Value })})
		}
		if ends {
			t.Columns = append(t.Columns, result.Named{Name: name + "_low"}, result.Named{Name: name + "_high"})
			parts = append(parts, part{i, number(func(c page.Cell) *float64 { return c.Low })},
				part{i, number(func(c page.Cell) *float64 { return c.High })})
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
