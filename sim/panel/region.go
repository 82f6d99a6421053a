package panel

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// What an analyst has of an experiment is counts by region and week. The engine reports none: they are counted from
// what it tells of single firms, where a measure asks for them.

// regional are the counts by region and week, and what they are counted from.
var regional = []struct {
	column string
	events model.Events
	each   func(t *model.Trace, count func(cell int, at float64))
}{
	{"leads", model.Leads, func(t *model.Trace, count func(int, float64)) {
		for i := range t.Leads {
			count(t.Leads[i].Cell, t.Leads[i].Raised)
		}
	}},
	{"won", model.Wins, func(t *model.Trace, count func(int, float64)) {
		for i := range t.Customers {
			count(t.Customers[i].Cell, t.Customers[i].Won)
		}
	}},
}

// Regional names the numbers that are counted by region and week.
func Regional() (names []string) {
	for _, r := range regional {
		names = append(names, r.column)
	}
	return names
}

// OfRegion is the measure of a count in a region in a week of the run (from 1).
func OfRegion(column, region string, week int) Measure {
	return Measure{Column: column, Dimension: "region", Name: region, From: week, To: week}
}

// isRegional says whether the measure is a count of a region in some weeks.
func (m Measure) isRegional() bool { return m.From > 0 && m.Dimension != "" }

// regionalIn is In of a count of a region in some weeks.
func (m Measure) regionalIn(s *plan.Schema) (plan.Column, error) {
	if m.Dimension != "region" || !slices.Contains(Regional(), m.Column) {
		return plan.Column{}, &UnknownError{fmt.Sprintf("%s is not counted by %s and week; known by region: %s", m.Column,
			m.Dimension, strings.Join(Regional(), ", ")), plan.Nearest(m.Column, Regional())}
	}
	switch {
	case m.row(s) < 0:
		return plan.Column{}, m.unknownSlice(s)
	case m.To > s.Weeks || m.From > m.To:
		return plan.Column{}, fmt.Errorf("weeks %d..%d are not in the run of %d weeks", m.From, m.To, s.Weeks)
	}
	for _, c := range s.Weekly {
		if c.Name == m.Column {
			return c, nil
		}
	}
	return plan.Column{}, fmt.Errorf("%s is no weekly number", m.Column)
}

// regionalReader reads a count of a region in some weeks.
func (m Measure) regionalReader(p *plan.Plan) func(*Seen) float64 {
	var of []int // cell -> region
	for _, c := range model.Cells(p) {
		of = append(of, c.Region)
	}
	weeks, regions := int(p.Run.Weeks), len(p.Population.Regions)
	at := slices.Index(p.Dimension("region"), m.Name)
	return func(x *Seen) (sum float64) {
		counts := x.counted(m.Column, of, weeks, regions)
		for w := m.From - 1; w < m.To; w++ {
			sum += counts[w*regions+at]
		}
		return sum
	}
}

// counted counts events by week and region. All weeks and regions are asked about one after the other.
func (x *Seen) counted(column string, of []int, weeks, regions int) []float64 {
	if x.regional[column] == nil {
		if x.regional == nil {
			x.regional = map[string][]float64{}
		}
		counts := make([]float64, weeks*regions)
		for _, r := range regional {
			if r.column == column {
				r.each(x.Trace, func(cell int, at float64) {
					if w := int(at); at >= 0 && w < weeks {
						counts[w*regions+of[cell]]++
					}
				})
			}
		}
		x.regional[column] = counts
	}
	return x.regional[column]
}

// regionalEvents are what a count of a region is read from.
func (m Measure) regionalEvents() model.Events {
	for _, r := range regional {
		if r.column == m.Column {
			return r.events
		}
	}
	return 0
}
