// Package compare asks whether one plan is better than another, and how sure that is:
// every run of one meets the same firms, triggers and chances as that of the other.
package compare

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Defaults: pairs, or with uncertain inputs draws of them and seeds per draw.
const (
	Pairs = 2000
	Draws = 250
	Seeds = 8
)

// Ask is a question about plans.
type Ask struct {
	// Plans are set side by side, all against the first.
	Plans []Plan
	// Metric decides, in the language of goals; empty: Default.
	Metric string
	// Pairs are run where no input is uncertain, else Draws of the inputs with Seeds
	// each; 0: the default.
	Pairs, Draws, Seeds int
	// OtherOpening allows plans that start from different states.
	OtherOpening bool
}

// Default is the metric where none is asked for: business_value where a price moves, which pleases or drives away
// customers who are there already, else lifetime_margin, which is about those whom the run brings.
func (a Ask) Default() string {
	var plans []*plan.Plan
	for _, p := range a.Plans {
		plans = append(plans, p.Plan)
	}
	if scenarios.MovesPrice(plans...) {
		return panel.BusinessValue
	}
	return "lifetime_margin"
}

// A Plan is one that is compared.
type Plan struct {
	decide.Setting
	// Changes made it of the first plan, KEY=VALUE each; none: it is a scenario.
	Changes []string
}

// SizeError is of an ask for pairs where inputs are uncertain, or for draws and seeds
// where none is.
type SizeError struct{ Uncertain bool }

// Error implements error.
func (e *SizeError) Error() string {
	if e.Uncertain {
		return "inputs are uncertain: draws and seeds per draw say how much is run, not replications"
	}
	return "no input is uncertain: replications say how much is run, not draws and seeds per draw"
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	columns      []plan.Column
	metric       *metric.Metric
	replications int
	seeds        int // per draw; 0: no input is uncertain
}

// check finds what is wrong with an ask.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a, columns: panel.Columns(model.NewSchema(a.Plans[0].Plan))}
	for i, p := range a.Plans {
		if slices.ContainsFunc(a.Plans[:i], func(x Plan) bool { return x.Name == p.Name }) {
			return nil, decide.Wrong("plan", p.Name, "another plan is called %s", p.Name)
		}
	}
	openings, err := a.Openings()
	if err != nil {
		return nil, err
	}
	if len(openings) > 0 && !a.OtherOpening {
		return nil, openings[0]
	}
	if c.metric, err = metric.ParseMetric(cmp.Or(a.Metric, a.Default()), c.columns); err != nil {
		return nil, decide.Invalid("metric", err)
	}
	return c, c.size()
}

// Openings are the plans that start from another state than the first. The error is a
// *decide.IncomparableError.
func (a Ask) Openings() ([]*decide.OpeningError, error) {
	var plans []decide.Setting
	for _, p := range a.Plans {
		plans = append(plans, p.Setting)
	}
	return decide.Openings(plans)
}

// size finds how much is run.
func (c *checked) size() error {
	uncertain := false
	for _, p := range c.Plans {
		uncertain = uncertain || len(p.Plan.Inputs) > 0
	}
	switch {
	case uncertain && c.Pairs > 0, !uncertain && (c.Draws > 0 || c.Ask.Seeds > 0):
		return &SizeError{uncertain}
	case !uncertain:
		c.replications = cmp.Or(c.Pairs, Pairs)
		return nil
	}
	if c.seeds = cmp.Or(c.Ask.Seeds, Seeds); c.seeds < 2 {
		return decide.Wrong("seeds-per-draw", fmt.Sprint(c.seeds), "two at least, to tell inputs from random variation")
	}
	c.replications = cmp.Or(c.Draws, Draws) * c.seeds
	return nil
}

// Design is what is to be run. The error is a *decide.Problem, a *SizeError, or a
// *decide.IncomparableError or *decide.OpeningError.
func (a Ask) Design() (*decide.Design, error) { return decide.DesignOf(a.check) }

// Designed is the design of an ask that was checked.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.replications, SeedsPerDraw: c.seeds, Seed: uint64(c.Plans[0].Plan.Run.Seed)}
	for _, p := range c.Plans {
		d.Settings = append(d.Settings, p.Setting)
		for _, column := range c.columns {
			if column.Over == "" {
				d.Keep(p.Name, panel.Measure{Column: column.Name})
			}
		}
		d.Measures = append(d.Measures, c.metric.Leaves(p.Name)...)
	}
	return d
}
