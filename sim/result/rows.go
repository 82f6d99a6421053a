package result

import (
	"io"
	"math"

	"windfall/sim/store"
)

// Rows is a small table of any content, for the folders of analyses.
type Rows struct {
	Columns []Named
	Rows    [][]any // text, float64, or nil for a missing number
}

// Named is a column of texts or numbers.
type Named struct {
	Name string
	Text bool
}

// Write writes the table into a folder as NAME.csv or NAME.parquet.
func (t Rows) Write(dir *store.Folder, name string, f Format) error {
	return dir.Write(name+"."+string(f), func(out io.Writer) error {
		var fields []field
		for _, c := range t.Columns {
			k := number
			if c.Text {
				k = text
			}
			fields = append(fields, field{c.Name, k})
		}
		w := newTable(f, out, fields)
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
	})
}
