package table

import (
	"io"
	"math"

	"windfall/sim/store"
)

// Rows is a small table of any content, for the folders of answers.
type Rows struct {
	Columns []Column // of texts and numbers
	Rows    [][]any  // string, float64, or nil for a missing number
}

// Write writes the table into a folder as NAME.csv or NAME.parquet.
func (t Rows) Write(dir *store.Folder, name string, f Format) error {
	return dir.Write(f.FileOf(name), func(out io.Writer) error { return t.Fill(On(f, out)) })
}

// Fill writes the table where it is opened.
func (t Rows) Fill(open Opener) error {
	w := open(t.Columns)
	for _, row := range t.Rows {
		for i, cell := range row {
			switch x := cell.(type) {
			case string:
				w.Text(store.AsText(t.Columns[i].Name, x))
			case float64:
				w.Number(x)
			default:
				w.Number(math.NaN())
			}
		}
		if err := w.EndRow(); err != nil {
			return err
		}
	}
	return w.Close()
}
