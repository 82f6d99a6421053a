package main

import (
	"windfall/plots/page"
	"windfall/sim/store"
	"windfall/sim/table"
)

// writeSheet keeps a table of an answer as a file in a folder.
func writeSheet(dir *store.Folder, s *page.Sheet, f table.Format) error {
	columns, rows := s.Kept(store.Column)
	t := table.Rows{Rows: rows}
	for _, c := range columns {
		kind := table.Number
		if c.Text {
			kind = table.Text
		}
		t.Columns = append(t.Columns, kind.Named(c.Name)...)
	}
	return t.Write(dir, store.Name(s.Name), f)
}
