// Package table writes tables for programs, as CSV, Parquet or sheets of a workbook, and the dictionary of
// the columns of a run. The columns of a table and their types are stated before the
// first row, so they are the same whatever the numbers are: a number that is missing
// is an empty field or a null, never a column that is not there.
package table

import (
	"fmt"
	"io"
	"strings"

	"windfall/model/plan"
)

// Format is the format of the tables.
type Format string

// The formats. Those of XLSX are sheets of one workbook, BookName.
const (
	CSV     Format = "csv"
	Parquet Format = "parquet"
	XLSX    Format = "xlsx"
)

// Formats are all of them.
var Formats = []Format{CSV, Parquet, XLSX}

// BookName is the workbook with the tables of a folder.
const BookName = "tables.xlsx"

// FileOf is the file in which a table stands.
func (f Format) FileOf(name string) string {
	if f == XLSX {
		return BookName
	}
	return name + "." + string(f)
}

// ParseFormat reads csv, parquet or xlsx; nothing means csv.
func ParseFormat(text string) (Format, error) {
	switch f := Format(text); f {
	case "":
		return CSV, nil
	case CSV, Parquet, XLSX:
		return f, nil
	}
	return "", fmt.Errorf("unknown format %q: csv, parquet or xlsx", text)
}

// Kind is the type of a column.
type Kind int

// The types. Only numbers may be missing.
const (
	Text Kind = iota
	Date
	Whole
	Number
)

// Column is a column of a table.
type Column struct {
	Name string
	Kind Kind
	Head string // what stands above it in a workbook, which people read; empty: made from the name
}

// head is what stands above a column in a workbook.
func (c Column) head() string {
	if c.Head != "" {
		return c.Head
	}
	if n, ok := strings.CutPrefix(c.Name, "p"); ok && strings.Trim(n, "0123456789") == "" {
		return n + "%" // a quantile
	}
	if c.Name == "n" {
		return "runs"
	}
	return strings.ReplaceAll(c.Name, "_", " ")
}

// Named makes columns of a type.
func (k Kind) Named(names ...string) []Column {
	var out []Column
	for _, name := range names {
		out = append(out, Column{Name: name, Kind: k})
	}
	return out
}

// Writer takes the cells of a table from left to right, row by row. A missing number
// (NaN) is an empty field or a null.
type Writer interface {
	Text(string)
	Date(plan.Date)
	Whole(int)
	Number(float64)
	EndRow() error
	Close() error
}

// An Opener begins a table with some columns.
type Opener func(columns []Column) Writer

// On begins a table of its own file.
func On(f Format, out io.Writer) Opener {
	return func(columns []Column) Writer { return New(f, out, columns) }
}

// New begins a table on out, as CSV or Parquet.
func New(f Format, out io.Writer, columns []Column) Writer {
	if f == Parquet {
		return newParquet(out, columns)
	}
	return newCSV(out, columns)
}
