package panel

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// What an analyst has of an experiment is counts by region and week. No record has them: the engine tells of them where
// a measure asks.

// regional are the counts by region and week.
var regional = []struct {
	column string
	read   func(*model.Count) int
}{
	{"leads", func(n *model.Count) int { return n.Leads }},
	{"signups", func(n *model.Count) int { return n.Signups }},
	{"won", func(n *model.Count) int { return n.Won }},
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
	weeks, regions := int(p.Run.Weeks), len(p.Population.Regions)
	at := slices.Index(p.Dimension("region"), m.Name)
	return func(x *Seen) (sum float64) {
		counts := x.counted(m.Column, weeks, regions)
		for w := m.From - 1; w < m.To; w++ {
			sum += counts[w*regions+at]
		}
		return sum
	}
}

// counted are counts by week and region; 0 after ruin. All weeks and regions are asked about one after the other.
func (x *Seen) counted(column string, weeks, regions int) []float64 {
	if x.regional[column] == nil {
		if x.regional == nil {
			x.regional = map[string][]float64{}
		}
		counts := make([]float64, weeks*regions)
		for _, r := range regional {
			for i := range x.Trace.Counts {
				if n := &x.Trace.Counts[i]; r.column == column {
					counts[n.Week*regions+n.Region] = float64(r.read(n))
				}
			}
		}
		x.regional[column] = counts
	}
	return x.regional[column]
}
