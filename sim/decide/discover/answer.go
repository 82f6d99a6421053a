package discover

import (
	"fmt"
	"math"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Answer is where in the space of the inputs a condition holds.
type Answer struct {
	Scenario     string             `json:"scenario"`
	When         string             `json:"when"`
	Replications int                `json:"replications"`
	Seed         uint64             `json:"seed"`
	Weeks        int                `json:"weeks"`
	Inputs       int                `json:"uncertain_inputs"`
	Cases        int                `json:"cases"`                           // runs in which it holds
	Missing      int                `json:"replications_left_out,omitempty"` // of which that is not known
	Instead      string             `json:"condition_that_would_work,omitempty"`
	Held         int                `json:"replications_measured,omitempty"`
	Base         *analysis.Estimate `json:"base_rate,omitempty"` // nil: no box could be looked for
	Box          *Box               `json:"box,omitempty"`       // nil: none was found
	// File is where who asks keeps the plan of the box; empty: nowhere.
	File string `json:"file,omitempty"`

	decide.Ruined // nothing where that is what was asked

	Currency     string     `json:"-"`
	InsteadCases int        `json:"-"`
	MissingWhy   string     `json:"-"` // why it is not known whether the condition holds
	Inside       *plan.Plan `json:"-"` // with its inputs drawn from the box alone
	// Verdict says whether there is a box in which the condition holds more often than
	// elsewhere.
	Verdict  decide.Verdict   `json:"-"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// Box is a box of inputs in which the condition holds more often.
type Box struct {
	Density    analysis.Estimate `json:"density"`
	Coverage   analysis.Estimate `json:"coverage"`
	Volume     analysis.Estimate `json:"volume"`
	Chance     float64           `json:"p_value"`
	Conditions []Side            `json:"conditions"`
}

// Side is the condition on one input.
type Side struct {
	Name            string            `json:"input"`
	Low             *float64          `json:"low"` // null: open
	High            *float64          `json:"high"`
	From            float64           `json:"from_probability"`
	To              float64           `json:"to_probability"`
	DensityWithout  analysis.Estimate `json:"density_without"`
	CoverageWithout analysis.Estimate `json:"coverage_without"`

	Input decide.Input `json:"-"`
}

// Answer is what a panel of the design says. The error is one of Design, or that the panel
// is of another design.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	run := c.Plan.Run
	out := &Answer{Scenario: c.Plan.Name, When: c.when.Text, Replications: p.Replications, Seed: uint64(run.Seed),
		Weeks: int(run.Weeks), Currency: currency.Of(run.Currency).Code}
	if out.Inputs, err = decide.InputsOf(c.Plan); err != nil {
		return nil, err
	}
	sample := p.Sample(basis, c.columns())
	holds, err := c.when.Holds(sample)
	if err != nil {
		return nil, err
	}
	at, known := out.count(holds, c.plan.Prepared.Plan().InputDraws(out.Seed, p.Replications))
	if out.MissingWhy, err = c.when.Missing(sample); err != nil {
		return nil, err
	}
	if analysis.Searchable(out.Cases, len(known)) {
		out.found(c, analysis.FindBox(at, known))
	} else {
		out.Instead, out.InsteadCases = c.when.Milder(sample, c.instead()...)
	}
	if !decide.AsksOfRuin(c.when.Outcomes()...) {
		out.Ruined = decide.RuinedOf(p, basis)
	}
	out.Verdict = out.verdict()
	out.warn()
	out.Next = out.next(a)
	return out, nil
}

// count counts the cases, and gives the inputs of all replications of which it is known
// whether they are one.
func (a *Answer) count(holds []float64, draws [][]float64) (at [][]float64, known []bool) {
	for i, x := range holds {
		if !math.IsNaN(x) {
			known, at = append(known, x == 1), append(at, draws[i])
		}
		if x == 1 {
			a.Cases++
		}
	}
	a.Missing = len(holds) - len(known)
	return at, known
}

// Share is that of the cases in all runs of which it is known.
func (a *Answer) Share() float64 { return float64(a.Cases) / float64(max(1, a.Replications-a.Missing)) }

// found takes over the box, if there is one.
func (a *Answer) found(c *checked, b analysis.Box) {
	a.Held, a.Base = b.Held, &b.Base
	if len(b.Sides) == 0 {
		return
	}
	a.Box = &Box{Density: b.Density, Coverage: b.Coverage, Volume: b.Volume, Chance: b.Chance}
	ranges := map[string]scenarios.Range{}
	for _, s := range b.Sides {
		in := c.plan.Inputs[s.Input]
		side := Side{Name: in.Name, From: s.Low, To: s.High, DensityWithout: s.DensityWithout,
			CoverageWithout: s.CoverageWithout, Input: in}
		if s.Low > 0 {
			x := in.Dist.Quantile(s.Low)
			side.Low = &x
		}
		if s.High < 1 {
			x := in.Dist.Quantile(s.High)
			side.High = &x
		}
		a.Box.Conditions = append(a.Box.Conditions, side)
		ranges[in.Name] = scenarios.Range{Low: s.Low, High: s.High}
	}
	a.Inside = scenarios.Narrow(c.Plan, ranges)
}

// verdict says whether there is a box.
func (a *Answer) verdict() decide.Verdict {
	switch {
	case a.Missing == a.Replications:
		return decide.Verdict{Kind: decide.NotApplicable, Why: a.MissingWhy}
	case a.Base == nil && a.Cases < analysis.LeastCases:
		return decide.Verdict{Kind: decide.NotApplicable,
			Why: fmt.Sprintf("the condition holds in too few runs: %d are needed", analysis.LeastCases)}
	case a.Base == nil:
		return decide.Verdict{Kind: decide.NotApplicable, Why: "the condition holds in nearly all runs"}
	case a.Box != nil:
		return decide.Verdict{Kind: decide.Yes}
	case a.Cases < FewCases:
		return decide.Verdict{Kind: decide.TooCloseToCall,
			Why: fmt.Sprintf("a weak reason may be missed in %d runs", a.Cases)}
	}
	return decide.Verdict{Kind: decide.No}
}

func (a *Answer) warn() {
	if a.Missing > 0 {
		a.Warnings = append(a.Warnings, decide.LeftOut{What: a.When, Has: a.Missing, Of: a.Replications,
			Why: a.MissingWhy})
	}
	if a.Base != nil && a.Cases < FewCases {
		a.Warnings = append(a.Warnings, decide.FewRuns{Has: a.Cases, Enough: FewCases, Of: "run",
			For: "for the edges of a box", Part: "replications"})
	}
}

// next are the questions that follow: what happens in the box, or a search that can find one.
func (a *Answer) next(ask Ask) []decide.Step {
	switch {
	case a.Box != nil:
		return []decide.Step{{Question: "run", Inside: true, Replications: 1000},
			{Question: "sensitivity", When: a.When}}
	case a.Instead == a.When:
		return []decide.Step{{Question: "discover", When: a.When}}
	case a.Instead != "":
		return []decide.Step{{Question: "discover", When: a.Instead, Replications: ask.Replications}}
	}
	return []decide.Step{{Question: "discover", When: a.When, Replications: 4 * a.Replications}}
}
