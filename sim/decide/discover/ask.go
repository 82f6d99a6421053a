// Package discover asks when a plan fails: for a box of its uncertain inputs in which a
// condition holds far more often than elsewhere.
package discover

import (
	"cmp"
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Replications are the runs by default at most, in rounds of Round, half to find the box and half to measure it. With
// the condition in fewer of them than FewCases a box is rough.
const (
	Replications = 10_000
	Round        = 2500
	FewCases     = 4 * analysis.LeastCases
)

// basis is the one setting of a design.
const basis = "plan"

// Ask is a question about a plan with uncertain inputs.
type Ask struct {
	Plan *plan.Plan
	// When is the condition to explain, a comparison of outcomes as goals have it.
	When string
	// Metric is an outcome that a condition too rare or too common gives way to.
	Metric       string
	Replications int // 0: as many as it takes, Replications at most
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	plan *decide.Uncertain
	when *metric.Condition
}

// check finds what is wrong with an ask.
func (a Ask) check() (_ *checked, err error) {
	c := &checked{Ask: a}
	c.Replications = cmp.Or(a.Replications, Replications)
	if c.plan, err = decide.UncertainOf(a.Plan); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(c.columns(), func(x plan.Column) bool { return x.Name == a.Metric }) {
		return nil, decide.UnknownOutcome("metric", a.Metric, c.columns())
	}
	if c.when, err = metric.ParseCondition(a.When, c.columns()); err != nil {
		return nil, decide.Invalid("when", err)
	}
	return c, nil
}

func (c *checked) columns() []plan.Column { return c.plan.Prepared.Schema().Outcomes }

// instead are the outcomes that a condition which cannot be searched gives way to.
func (c *checked) instead() []string { return []string{"cash_trough", c.Metric} }

// Design is what is to be run: the plan. The error is a *decide.Problem or a
// *decide.CertainError.
func (a Ask) Design() (*decide.Design, error) {
	d, err := decide.DesignOf(a.check)
	if err != nil {
		return nil, err
	}
	if a.Replications == 0 {
		d.Rounds = &decide.Rounds{Size: Round, Left: decide.UntilAll(d, a.enough)}
	}
	return d, nil
}

// Designed is the design of an ask that was checked.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.Replications, Seed: uint64(c.Plan.Run.Seed),
		Settings: []decide.Setting{{Name: basis, Plan: c.Plan}}, Asked: []string{c.when.Text}}
	for _, column := range append(c.when.Outcomes(), append(c.instead(), decide.Ruin)...) {
		d.Keep(basis, panel.Measure{Column: column})
	}
	return d
}
