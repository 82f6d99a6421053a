package plan

import (
	"windfall/model/currency"
)

// SliceRow is one row of the slices table: a dimension (company, channel, size,
// industry, region, product, team, channel-size) and the name in it; a row of
// channel-size is named "CHANNEL x SIZE".
type SliceRow struct {
	Dimension string
	Name      string
}

// Schema fixes the columns and rows of the results of one plan.
type Schema struct {
	Outcomes []Column // one number a replication
	Weekly   []Column // one number a replication and week
	Months   []Column // one number a replication and calendar month
	Slice    []Column // one number a replication and slice row

	Weeks      int
	MonthStart []Date // first days of the calendar months that the run touches
	SliceRows  []SliceRow
	Inputs     []string // names of the uncertain inputs, in Plan order
}

// Record is what one replication reports, in the order of a Schema. Missing
// numbers are NaN.
type Record struct {
	Replication int
	Outcomes    []float64 // by Schema.Outcomes
	Weekly      []float64 // week x Schema.Weekly
	Months      []float64 // month x Schema.Months
	Slices      []float64 // row x Schema.Slice
	Inputs      []float64 // the value drawn for each input
}

// NewRecord makes an empty record of the right shape.
func (s *Schema) NewRecord() *Record {
	return &Record{
		Outcomes: make([]float64, len(s.Outcomes)),
		Weekly:   make([]float64, s.Weeks*len(s.Weekly)),
		Months:   make([]float64, len(s.MonthStart)*len(s.Months)),
		Slices:   make([]float64, len(s.SliceRows)*len(s.Slice)),
		Inputs:   make([]float64, len(s.Inputs)),
	}
}

// Shape is the rows of a plan's results; which columns they have the engine says.
func (p *Plan) Shape() *Schema {
	s := &Schema{Weeks: int(p.Run.Weeks), MonthStart: monthsOf(&p.Run), SliceRows: sliceRowsOf(p)}
	for _, in := range p.Inputs {
		s.Inputs = append(s.Inputs, in.Name)
	}
	return s
}

// monthsOf are the first days of the calendar months that a run touches.
func monthsOf(r *Run) (starts []Date) {
	last := r.Start + Date(7*int(r.Weeks)) - 1
	y, m, _ := r.Start.YMD()
	for d := NewDate(y, m, 1); d <= last; {
		starts = append(starts, d)
		m++
		if m > 12 {
			y, m = y+1, 1
		}
		d = NewDate(y, m, 1)
	}
	return starts
}

// sliceRowsOf are the rows of the slices of a plan. Their order is that of the rows in tally.init.
func sliceRowsOf(p *Plan) (rows []SliceRow) {
	row := func(dim string, names ...string) {
		for _, n := range names {
			rows = append(rows, SliceRow{dim, n})
		}
	}
	row("company", "company")
	for _, c := range p.Channels {
		row("channel", c.Name)
	}
	row("channel", Unassigned)
	for _, c := range p.Population.Sizes {
		row("size", c.Name)
	}
	for _, c := range p.Population.Industries {
		row("industry", c.Name)
	}
	for _, c := range p.Population.Regions {
		row("region", c.Name)
	}
	for _, c := range p.Products {
		row("product", c.Name)
	}
	row("product", Unassigned)
	for _, c := range p.Teams {
		row("team", c.Name)
	}
	row("team", Unassigned)
	for _, c := range p.Channels {
		for _, z := range p.Population.Sizes {
			row("channel-size", c.Name+" x "+z.Name)
		}
	}
	for _, z := range p.Population.Sizes {
		row("channel-size", Unassigned+" x "+z.Name)
	}
	return rows
}

// Currency is the code of the currency that results are in, as their units say.
func (s *Schema) Currency() string {
	for _, c := range s.Outcomes {
		if code, ok := currency.In(c.Unit); ok {
			return code
		}
	}
	return currency.Default
}

// Unassigned names the slice row of cost that no rule can place.
const Unassigned = "unassigned"
