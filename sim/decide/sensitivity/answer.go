package sensitivity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Answer is what the variance of some outcomes comes from.
type Answer struct {
	Scenario      string    `json:"scenario"`
	Rows          int       `json:"rows"`
	Runs          int       `json:"runs"`
	SeedsPerDraw  int       `json:"tornado_seeds"`
	Seed          uint64    `json:"seed"`
	Weeks         int       `json:"weeks"`
	Outcomes      []Outcome `json:"outcomes"`
	decide.Ruined           // at the points of the design; nothing where that is what was asked

	Currency string           `json:"-"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// Outcome is one outcome, its variance split.
type Outcome struct {
	Text      string            `json:"outcome"`
	Unit      string            `json:"unit"`
	Rows      int               `json:"rows"`
	Missing   int               `json:"rows_left_out"`
	Mean      analysis.Estimate `json:"mean"`
	Deviation analysis.Number   `json:"standard_deviation"`
	Inputs    analysis.Estimate `json:"inputs"` // all of them, without chance
	Chance    analysis.Estimate `json:"chance"` // alone
	Mix       analysis.Estimate `json:"inputs_and_chance"`
	Indices   []Index           `json:"indices"` // by total, the largest first
	Tornado   []Bar             `json:"tornado"` // by swing, the largest first

	Column plan.Column `json:"-"`
	// Verdict says whether an input is seen to matter: its total does not reach to 0.
	Verdict decide.Verdict `json:"-"`
}

// Index is the share of variance of a group of inputs.
type Index struct {
	Inputs []string          `json:"inputs"`
	First  analysis.Estimate `json:"first_order"`
	Total  analysis.Estimate `json:"total"`
}

// Bar is one input at its ends.
type Bar struct {
	Name   string            `json:"input"`
	LowAt  analysis.Number   `json:"at_5"`
	HighAt analysis.Number   `json:"at_95"`
	Low    analysis.Estimate `json:"change_at_5"`
	High   analysis.Estimate `json:"change_at_95"`
	Swing  analysis.Estimate `json:"swing"`

	Input decide.Input `json:"-"`
	Ends  [2]float64   `json:"-"` // probabilities
}

// Answer is what a panel of the design says. The error is one of Design, or that the panel
// is of another design.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	d := c.Designed()
	if err := d.Kept(p); err != nil {
		return nil, err
	}
	if p.Replications != d.Replications {
		return nil, fmt.Errorf("%d runs were kept, and the design has %d", p.Replications, d.Replications)
	}
	run := c.Plan.Run
	out := &Answer{Scenario: c.Plan.Name, Rows: c.sobol.Rows, Runs: d.Replications, SeedsPerDraw: c.seeds, Seed: d.Seed,
		Weeks: int(run.Weeks), Currency: currency.Of(run.Currency).Code}
	sample := p.Sample(basis, c.plan.Prepared.Schema().Outcomes)
	for _, m := range c.metrics {
		values, err := m.ByReplication(sample)
		if err != nil {
			return nil, err
		}
		out.Outcomes = append(out.Outcomes, c.explained(m, analysis.Finite(values)))
	}
	if !slices.ContainsFunc(c.metrics, func(m *metric.Metric) bool { return decide.AsksOfRuin(columnsOf(m)...) }) {
		ruin := p.Values(panel.Leaf{Setting: basis, Measure: panel.Measure{Column: decide.Ruin}})
		out.Fails = decide.FailsAlways(p, basis)
		out.Ruin = analysis.ChanceAlike(ruin[:c.sobol.Points()], c.sobol.Columns+2) // a row is one draw of both samples
	}
	out.warn()
	out.Next = out.next()
	return out, nil
}

var missing = analysis.Number(math.NaN())

// explained splits the variance of an outcome, given at all points.
func (c *checked) explained(m *metric.Metric, values []float64) Outcome {
	s := analysis.SobolOf(values[:c.sobol.Points()], c.sobol, c.chance())
	o := Outcome{Text: m.Text, Unit: m.Column.Unit, Column: m.Column, Rows: s.Rows, Missing: s.Missing, Mean: s.Mean,
		Deviation: analysis.Number(math.Sqrt(s.Variance)), Inputs: s.Others, Chance: s.Alone, Mix: s.Mix}
	for _, g := range s.ByTotal() {
		if g == c.chance() {
			continue // which has numbers of its own
		}
		x := Index{First: s.First[g], Total: s.Total[g]}
		for _, i := range c.groups[g] {
			x.Inputs = append(x.Inputs, c.plan.Factors[i].Name)
		}
		o.Indices = append(o.Indices, x)
	}
	tornado := values[c.sobol.Points():]
	at := func(setting int) []float64 { return tornado[setting*c.seeds : (setting+1)*c.seeds] }
	for i, in := range c.plan.Factors {
		w := analysis.SwingOf(at(0), at(1+2*i), at(2+2*i))
		b := Bar{Name: in.Name, LowAt: missing, HighAt: missing, Low: w.Low, High: w.High, Swing: w.Swing, Input: in,
			Ends: ends}
		if !in.Table() {
			b.LowAt, b.HighAt = analysis.Number(in.Dist.Quantile(ends[0])), analysis.Number(in.Dist.Quantile(ends[1]))
		}
		o.Tornado = append(o.Tornado, b)
	}
	slices.SortStableFunc(o.Tornado, func(a, b Bar) int {
		return cmp.Compare(math.Abs(b.Swing.Value), math.Abs(a.Swing.Value))
	})
	o.Verdict = o.verdict()
	return o
}

// Still says that an outcome is the same in all runs.
func (o *Outcome) Still() bool { return o.Deviation == 0 || math.IsNaN(o.Chance.Value) }

// ChanceInAll is the total of chance: what inputs alone do not bring.
func (o *Outcome) ChanceInAll() analysis.Estimate {
	e := o.Inputs
	e.Value, e.Low, e.High = 1-e.Value, 1-e.High, 1-e.Low
	return e
}

// verdict says whether an input is seen to matter.
func (o *Outcome) verdict() decide.Verdict {
	switch {
	case !o.Mean.Known() && o.Missing == 0:
		return decide.Verdict{Kind: decide.NotApplicable,
			Why: fmt.Sprintf("%d rows at least are needed, and there are %d", analysis.LeastRows, o.Rows)}
	case !o.Mean.Known():
		return decide.Verdict{Kind: decide.NotApplicable,
			Why: fmt.Sprintf("it has no value in some run of %d of %d rows", o.Missing, o.Rows+o.Missing)}
	case o.Still():
		return decide.Verdict{Kind: decide.No}
	case slices.ContainsFunc(o.Indices, func(x Index) bool { return x.Total.Low > 0 }):
		return decide.Verdict{Kind: decide.Yes}
	}
	return decide.Verdict{Kind: decide.TooCloseToCall, Why: "no input's share of the variance is told from none"}
}

func (a *Answer) warn() {
	if a.Rows < Few {
		a.Warnings = append(a.Warnings, decide.FewRuns{Has: a.Rows, Enough: 2 * Few, Of: "row", For: "for intervals",
			Part: "replications"})
	}
	for i := range a.Outcomes {
		if o := &a.Outcomes[i]; o.Missing > 0 {
			a.Warnings = append(a.Warnings, decide.LeftOut{What: o.Text, Has: o.Missing, Of: a.Rows,
				Why: o.Column.Reason(math.NaN())})
		}
	}
}

// next are the questions that follow. What is worth measuring depends on what is to be
// decided: a decision about brand as a first one. The input that moves most is a lever
// where it is a number of the plan.
func (a *Answer) next() []decide.Step {
	out := []decide.Step{{Question: "value", Between: []string{"plan", "media.*.weekly_budget*=0.5"}}}
	if o := &a.Outcomes[0]; len(o.Tornado) > 0 {
		b := &o.Tornado[0]
		if !b.Input.Table() && !strings.Contains(b.Name, "@") && !strings.HasPrefix(b.Name, "changes.") &&
			!strings.HasPrefix(b.Name, "shocks.") {
			out = append(out, decide.Step{Question: "respond",
				Vary: &decide.Varied{Key: b.Name, Low: float64(b.LowAt), High: float64(b.HighAt), Values: 5}})
		}
	}
	return out
}
