package result

import (
	"windfall/model/plan"
	"windfall/sim/store"
)

// Table is one of the five tables of numbers that a replication reports.
type Table int

// The tables, in the order in which a block holds them.
const (
	Outcomes Table = iota
	Inputs
	Weekly
	Months
	Slices
	tables
)

// shape gives the columns and the rows a replication of a table.
func shape(s *plan.Schema, t Table) (columns, rows int) {
	switch t {
	case Outcomes:
		return len(s.Outcomes), 1
	case Inputs:
		return len(s.Inputs), 1
	case Weekly:
		return len(s.Weekly), s.Weeks
	case Months:
		return len(s.Months), len(s.MonthStart)
	}
	return len(s.Slice), len(s.SliceRows)
}

// of gives the numbers of one table in a record, row by row.
func (t Table) of(r *plan.Record) []float64 {
	return [...][]float64{r.Outcomes, r.Inputs, r.Weekly, r.Months, r.Slices}[t]
}

// column is the place of a column of a table in a block.
func column(s *plan.Schema, t Table, c int) int {
	for before := range t {
		n, _ := shape(s, before)
		c += n
	}
	return c
}

// Shape is the shape of a block that holds all that replications report: the
// columns table by table, in the order of the schema.
func Shape(s *plan.Schema) (out store.Shape) {
	for t := range tables {
		columns, rows := shape(s, t)
		for range columns {
			out = append(out, rows)
		}
	}
	return out
}

// Set copies the record of the i-th replication of a block.
func Set(b *store.Block, s *plan.Schema, i int, r *plan.Record) {
	each(s, r, func(c, row, at int, from []float64) { b.Of(c, i)[row] = from[at] })
}

// get copies the i-th replication of a block into a record.
func get(b *store.Block, s *plan.Schema, i int, r *plan.Record) {
	r.Replication = b.First() + i
	each(s, r, func(c, row, at int, into []float64) { into[at] = b.Of(c, i)[row] })
}

// each goes through the numbers of a record: the place of their column in a block,
// their row in it, and where they are in the record.
func each(s *plan.Schema, r *plan.Record, number func(column, row, at int, record []float64)) {
	first := 0
	for t := range tables {
		width, rows := shape(s, t)
		record := t.of(r)
		for c := range width {
			for row := range rows {
				number(first+c, row, row*width+c, record)
			}
		}
		first += width
	}
}

// tabled is a block whose columns have the names of a schema.
type tabled struct {
	*store.Block
	schema *plan.Schema
}

// Column gives the numbers of a column, those of one replication together; nil if it
// was not read.
func (b tabled) Column(t Table, c int) []float64 { return b.Columns[column(b.schema, t, c)] }

// readTables decodes the tables asked for.
func readTables(r *store.BlockReader, s *plan.Schema, which ...Table) (tabled, error) {
	wanted := make([]bool, len(Shape(s)))
	for _, t := range which {
		columns, _ := shape(s, t)
		for c := range columns {
			wanted[column(s, t, c)] = true
		}
	}
	b, err := r.Columns(func(c int) bool { return c < len(wanted) && wanted[c] })
	return tabled{b, s}, err
}
