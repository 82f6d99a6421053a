package analysis

import (
	"math"

	"windfall/model"
	"windfall/model/plan"
)

// Baseline is a run held against another plan, its baseline, run by run under the same random variation. What differs
// is what the plan has more than the baseline.
type Baseline struct {
	Scenario string          `json:"scenario"`
	Title    string          `json:"title"`
	Pairs    int             `json:"pairs"`
	AtMost   int             `json:"at_most,omitempty"` // pairs, where more are run until there is a verdict
	Metric   string          `json:"metric"`            // the outcome that gives the verdict
	Outcomes []Held          `json:"outcomes"`
	Signups  *Dip            `json:"weekly_signups,omitempty"` // of plans that differ for some weeks
	Channels []ChannelChange `json:"channels"`
}

// Held is one outcome of the baseline and of the plan.
type Held struct {
	Name       string   `json:"name"`
	Unit       string   `json:"unit"`
	Direction  string   `json:"direction"`
	Baseline   Estimate `json:"baseline"`
	Plan       Estimate `json:"plan"`
	Difference Estimate `json:"difference"`
	Relative   Estimate `json:"relative"`
	Identical  bool     `json:"identical"`
	Reduction  *float64 `json:"variance_reduction"`
}

// Dip is what weekly sign-ups do where plans differ for some weeks.
type Dip struct {
	First     int      `json:"first_week"` // of those weeks
	Last      int      `json:"last_week"`
	Depth     Estimate `json:"depth"` // relative, in the worst week
	DepthWeek int      `json:"depth_week"`
	// Shortfall is the share of the weekly sign-ups of the baseline that two weeks running miss by less when it is over.
	Shortfall Number   `json:"recovered_within"`
	Recovery  int      `json:"weeks_to_recover"` // -1: not within the run
	NeverBack Estimate `json:"never_regained"`
}

// ChannelChange is the change of the sign-ups of a channel.
type ChannelChange struct {
	Name     string   `json:"name"`
	Change   Estimate `json:"change"`
	Relative Estimate `json:"relative"`
}

// recoveredPart is the part of the deepest dip by which weekly sign-ups may fall short when it is over, as in a pause.
const recoveredPart = 0.1

// Pairs are the numbers of a plan and of its baseline, by replication.
type Pairs struct {
	Columns []plan.Column
	Ties    Ties
	// Outcome gives a column of the baseline (0) or of the plan (1).
	Outcome func(side, column int) ([]float64, error)
	Weekly  [2][][]float64 // sign-ups by week
	// First and Last are the weeks in which the plans differ; 0: they do not differ for some weeks alone.
	First, Last int
	Channels    []string
	Signups     [2][][]float64 // by channel
}

// HeldAgainst works out what a plan does against its baseline.
func HeldAgainst(p *Pairs, metric string) (out Baseline, err error) {
	out = Baseline{Metric: metric, Outcomes: []Held{}, Channels: []ChannelChange{}}
	for _, name := range append([]string{metric}, model.Headlines()...) {
		if columnIndex(p.Columns, name) < 0 || out.Outcome(name) != nil {
			continue
		}
		c, err := p.Compare(name)
		if err != nil {
			return out, err
		}
		if name != metric && math.IsNaN(c.A.Value) && math.IsNaN(c.B.Value) {
			continue
		}
		h := Held{Name: name, Unit: c.Column.Unit, Direction: c.Column.Direction.String(), Baseline: c.A, Plan: c.B,
			Difference: c.Difference, Relative: c.Relative, Identical: c.Identical}
		if !math.IsInf(c.Reduction, 0) && !math.IsNaN(c.Reduction) {
			h.Reduction = &c.Reduction
		}
		out.Outcomes = append(out.Outcomes, h)
	}
	if p.First > 0 && len(p.Weekly[0]) > 0 {
		x := PauseOf(p.Weekly[0], p.Weekly[1], p.First, p.Ties)
		shortfall := math.Max(0, -recoveredPart*x.Depth.Value)
		out.Signups = &Dip{p.First, p.Last, x.Depth, x.DepthWeek, Number(shortfall), x.Recovery(p.Last, shortfall),
			x.NeverBack}
	}
	for i, name := range p.Channels {
		without, with := p.Signups[0][i], p.Signups[1][i]
		change := make([]float64, len(with))
		for k := range change {
			change[k] = with[k] - without[k]
		}
		out.Channels = append(out.Channels, ChannelChange{name, Mean(change, p.Ties),
			RelativeTo(Mean(without, p.Ties), Ratio(change, without, 1, p.Ties))})
	}
	return out, nil
}

// Compare compares a named outcome of the plan with that of its baseline.
func (p *Pairs) Compare(name string) (c Comparison, err error) {
	column := p.Columns[columnIndex(p.Columns, name)]
	s := Sides{Column: column, Ties: p.Ties}
	for side := range 2 {
		of := func(name string) []float64 {
			values, e := p.Outcome(side, columnIndex(p.Columns, name))
			if e != nil {
				err = e
			}
			return values
		}
		if column.Over == "" {
			s.Over[side] = of(name)
			continue
		}
		s.Over[side], s.Under[side] = of(column.Over), of(column.Under)
	}
	if err != nil {
		return c, err
	}
	return Compare(s), nil
}

// Outcome is an outcome that was compared; nil if it was not.
func (b *Baseline) Outcome(name string) *Held {
	for i := range b.Outcomes {
		if b.Outcomes[i].Name == name {
			return &b.Outcomes[i]
		}
	}
	return nil
}
