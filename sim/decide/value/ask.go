// Package value asks what is worth measuring before one of two plans is chosen: what it
// would be worth to know all uncertain inputs, and each.
package value

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Defaults: draws of the inputs at most, in rounds of Round, and seeds under which each is run. Below Few draws there
// is little to learn from.
const (
	Draws = 500
	Round = 250
	Seeds = 8
	Few   = Draws / 2
)

// leastDraws leave some to learn from and some to judge on.
const leastDraws = 2 * plan.BlockSize

// Ask is a question about a choice between two plans.
type Ask struct {
	// A and B are the plans, of which the first gives horizon and seed.
	A, B Plan
	// Metric decides, in the language of goals: an amount or a chance.
	Metric string
	// Draws of the inputs are run, Seeds times each; 0: the default, of draws as many as it takes.
	Draws, Seeds int
	// OtherOpening allows plans that start from different states.
	OtherOpening bool
}

// A Plan is one that may be chosen.
type Plan struct {
	decide.Setting
	// Base says that it is the plan to which the changes of the other one may be made.
	Base bool
	// Change made it of the base, KEY=VALUE; empty: it is a scenario of its own.
	Change string
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	metric *metric.Metric
	a, b   *decide.Uncertain
}

// check finds what is wrong with an ask.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a}
	c.Draws, c.Seeds = cmp.Or(a.Draws, Draws), cmp.Or(a.Seeds, Seeds)
	if a.A.Name == a.B.Name {
		return nil, decide.Wrong("decide", a.A.Name+" "+a.B.Name, "these are the same plan")
	}
	openings, err := a.Openings()
	switch {
	case err != nil:
		return nil, err
	case len(openings) > 0 && !a.OtherOpening:
		return nil, openings[0]
	}
	if c.a, err = inputsOf(a.A.Plan); err != nil {
		return nil, err
	}
	if c.b, err = inputsOf(a.B.Plan); err != nil {
		return nil, err
	}
	if len(c.a.Inputs)+len(c.b.Inputs) == 0 {
		return nil, &decide.CertainError{Plan: a.A.Plan.Name}
	}
	if err := c.findMetric(); err != nil {
		return nil, err
	}
	if c.Draws < leastDraws {
		p := decide.Wrong("draws", fmt.Sprint(c.Draws), "%d at least, to learn from some and judge on others", leastDraws)
		p.Low = fmt.Sprint(leastDraws)
		return nil, p
	}
	return c, nil
}

// inputsOf gives the inputs of a plan, which may have none.
func inputsOf(plan *plan.Plan) (*decide.Uncertain, error) {
	u, err := decide.UncertainOf(plan)
	if sure := new(decide.CertainError); !errors.As(err, &sure) {
		return u, err
	}
	prepared, err := model.Prepare(plan)
	return &decide.Uncertain{Plan: plan, Prepared: prepared}, err
}

// findMetric reads the metric, which must have a value in one run.
func (c *checked) findMetric() (err error) {
	c.metric, err = metric.ParseMetric(c.Metric, panel.Columns(c.a.Prepared.Schema()))
	switch m := c.metric; {
	case err != nil:
		return decide.Invalid("metric", err)
	case m.Column.Over != "":
		return decide.Wrong("metric", m.Text, "a ratio of totals has no value of its own; take an amount, such as "+
			"lifetime_margin or cash_end")
	case m.P > 0:
		return decide.Wrong("metric", m.Text, "a percentile is of many runs, and knowledge is of one; take %s, or a "+
			"chance such as P(%s < ...)", m.Outcome, m.Outcome)
	}
	return nil
}

// Openings says whether B starts from another state than A. The error is a
// *decide.IncomparableError.
func (a Ask) Openings() ([]*decide.OpeningError, error) {
	return decide.Openings([]decide.Setting{a.A.Setting, a.B.Setting})
}

// Design is what is to be run: both plans, each draw of the inputs under several seeds.
// The error is a *decide.Problem, a *decide.CertainError, or a *decide.IncomparableError
// or *decide.OpeningError.
func (a Ask) Design() (*decide.Design, error) {
	d, err := decide.DesignOf(a.check)
	if err != nil {
		return nil, err
	}
	if a.Draws == 0 {
		d.Rounds = &decide.Rounds{Size: Round * d.SeedsPerDraw, Left: decide.UntilAll(d, a.enough)}
	}
	return d, nil
}

// Designed is the design of an ask that was checked.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.Draws * c.Seeds, SeedsPerDraw: c.Seeds, Seed: uint64(c.A.Plan.Run.Seed)}
	for _, p := range []Plan{c.A, c.B} {
		d.Settings = append(d.Settings, p.Setting)
		d.Measures = append(d.Measures, c.metric.Leaves(p.Name)...)
		d.Keep(p.Name, panel.Measure{Column: decide.Ruin})
	}
	return d
}

// joined gives the inputs of both plans, those of A before those that B has alone, and
// their draws.
func (c *checked) joined() (inputs []decide.Input, at [][]float64) {
	seed := uint64(c.A.Plan.Run.Seed)
	inputs, at = slices.Clone(c.a.Inputs), c.a.Prepared.Plan().InputDraws(seed, c.Draws)
	var more []int
	for i, in := range c.b.Inputs {
		if !slices.ContainsFunc(c.a.Inputs, func(x decide.Input) bool { return x.Name == in.Name }) {
			inputs, more = append(inputs, in), append(more, i)
		}
	}
	if len(more) == 0 {
		return inputs, at
	}
	for k, row := range c.b.Prepared.Plan().InputDraws(seed, c.Draws) {
		for _, i := range more {
			at[k] = append(at[k], row[i])
		}
	}
	return inputs, at
}
