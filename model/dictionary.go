package model

import (
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
)

// NewSchema gives the schema of a plan's results.
func NewSchema(p *plan.Plan) *plan.Schema { return newDictionary(p).schema }

// dictionary is the columns of one plan and how each is read, with every place found once: a replication reads by
// place what is listed by name.
type dictionary struct {
	schema   *plan.Schema
	outcomes []outcomeColumn
	weekly   []weeklyColumn
	of       []int // weekly: which channel, region or team
	months   []monthColumn
	slice    []sliceColumn
	absent   []bool // slice row x slice column: there is none

	ratios, sliceRatios []quotient // of outcomes and slices
}

func newDictionary(p *plan.Plan) *dictionary {
	s := p.Shape()
	d := &dictionary{schema: s, months: monthColumns, slice: sliceColumns}
	d.addOutcomes(p)
	d.addWeekly(p)
	for _, c := range d.months {
		s.Months = append(s.Months, c.Column)
	}
	for _, c := range d.slice {
		s.Slice = append(s.Slice, c.Column)
	}
	for _, r := range s.SliceRows {
		for _, c := range d.slice {
			d.absent = append(d.absent, slices.Contains(c.missingOf, r.Dimension))
		}
	}
	complete(s, p.Run.Currency)
	d.ratios, d.sliceRatios = quotients(s.Outcomes), quotients(asRecorded(s.Slice))
	return d
}

// asRecorded are the columns of slices as records keep them: the digests of 0.3 hold 0 for a slice in which nothing was
// there to count, and whoever reads a record leaves that out (plan.Column.Recorded).
func asRecorded(columns []plan.Column) []plan.Column {
	columns = slices.Clone(columns)
	for i := range columns {
		columns[i].NoneAtZero = false
	}
	return columns
}

// complete puts a plan's currency into the units, the one place where columns take it on, and gives every column
// its label.
func complete(s *plan.Schema, code string) {
	for _, list := range [][]plan.Column{s.Outcomes, s.Weekly, s.Months, s.Slice} {
		for i := range list {
			list[i].Unit = currency.Unit(list[i].Unit, code)
			list[i].Label = Label(list[i].Name)
		}
	}
}

// quotient is a column that is the ratio of two others of its row.
type quotient struct {
	at, over, under int
	column          *plan.Column
}

// quotients finds the ratios of a table.
func quotients(columns []plan.Column) (list []quotient) {
	for i := range columns {
		if c := &columns[i]; c.Over != "" {
			list = append(list, quotient{i, placeOf(columns, c.Over), placeOf(columns, c.Under), c})
		}
	}
	return list
}

// fillQuotients fills the ratios of a row whose other columns are filled.
func fillQuotients(list []quotient, row []float64) {
	for i := range list {
		q := &list[i]
		row[q.at] = q.column.Quotient(row[q.over], row[q.under])
	}
}

// placeOf is the place of a column in its table.
func placeOf(columns []plan.Column, name string) int {
	i := slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == name })
	if i < 0 {
		panic("model: there is no column " + name)
	}
	return i
}

// named gives the entry that says what people call a column; one name means the same in every table.
func named(name string) *plan.Column {
	for i := range outcomeColumns {
		if c := &outcomeColumns[i].Column; c.Name == name && c.Label != "" {
			return c
		}
	}
	for i := range weeklyColumns {
		if c := &weeklyColumns[i].Column; c.Name == name && c.Label != "" {
			return c
		}
	}
	return nil
}

// Known says whether a name is that of a column of some table.
func Known(name string) bool {
	return slices.ContainsFunc(outcomeColumns, func(c outcomeColumn) bool { return c.Name == name }) ||
		slices.ContainsFunc(weeklyColumns, func(c weeklyColumn) bool { return c.Name == name }) ||
		slices.ContainsFunc(monthColumns, func(c monthColumn) bool { return c.Name == name }) ||
		slices.ContainsFunc(sliceColumns, func(c sliceColumn) bool { return c.Name == name })
}

// Label is what people call a column, and what is of one channel, region or team: sign-ups, radio.
func Label(name string) string {
	if c := named(name); c != nil {
		return c.Label
	}
	if base, of, ok := strings.Cut(name, "."); ok && of != "" {
		return Label(base) + ", " + of
	}
	parts := strings.Split(name, "_")
	for i, part := range parts {
		switch part {
		case "arr", "cac", "ltv", "mrr", "smb":
			parts[i] = strings.ToUpper(part)
		case "signups":
			parts[i] = "sign-ups"
		}
	}
	if parts[0] == "" {
		return name
	}
	parts[0] = strings.ToUpper(parts[0][:1]) + parts[0][1:]
	return strings.Join(parts, " ")
}

// Lies begins a sentence about where the numbers of a column lie; empty where nothing is known but its label.
func Lies(name string) string {
	if c := named(name); c != nil {
		return c.Lies
	}
	return ""
}
