package main

import (
	"cmp"
	"strings"

	"windfall/plots/page"
	"windfall/sim/store"
	"windfall/sim/table"
)

// writeSheet keeps a table of an answer as a file in a folder: for each column of numbers the
// value, and where numbers may have intervals NAME_low and NAME_high.
func writeSheet(dir *store.Folder, s *page.Sheet, f table.Format) error {
	t := table.Rows{Rows: make([][]any, len(s.Rows))}
	used := map[string]bool{}
	for i, c := range s.Columns {
		name := store.Column(cmp.Or(c.File, c.Name))
		if name == "" || used[name] {
			name = strings.Trim(name+"_"+string(rune('a'+i)), "_")
		}
		used[name] = true
		add := func(name string, kind table.Kind, of func(page.Cell) any) {
			t.Columns = append(t.Columns, kind.Named(name)...)
			for r, row := range s.Rows {
				t.Rows[r] = append(t.Rows[r], of(row[i]))
			}
		}
		if !c.Numeric {
			add(name, table.Text, func(c page.Cell) any { return c.Text })
			continue
		}
		add(name, table.Number, func(c page.Cell) any { return number(c.Value) })
		if c.Ends {
			add(name+"_low", table.Number, func(c page.Cell) any { return number(c.Low) })
			add(name+"_high", table.Number, func(c page.Cell) any { return number(c.High) })
		}
	}
	return t.Write(dir, store.Name(s.Name), f)
}

// number is a cell of a number, or nothing.
func number(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}
