// Package stress asks what would break a plan: plans under shocks, each against the same
// plan without the shock, and which plan has least to regret.
package stress

import (
	"errors"
	"fmt"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Replications are the pairs of each plan and shock by default; below Few of them
// changes are doubtful.
const (
	Replications = 500
	Few          = 50
)

// week is that of the run in which shocks without a date begin.
const week = 27

// Ask is a question about plans and shocks.
type Ask struct {
	Plans  []decide.Setting
	Shocks []edit.Shock
	// Metric decides, in the language of goals.
	Metric string
	// From is the first day of shocks without a date; 0: that of the 27th week, or of the
	// middle of a run of less than 52.
	From         plan.Date
	Replications int // 0: Replications
	// OtherOpening allows plans that start from different states.
	OtherOpening bool
}

// A ShockError is of a shock that is wrong for a plan.
type ShockError struct {
	Shock, Plan string
	Err         error
}

// Error implements error.
func (e *ShockError) Error() string { return fmt.Sprintf("%s on %s: %v", e.Shock, e.Plan, e.Err) }

// Unwrap gives what is wrong.
func (e *ShockError) Unwrap() error { return e.Err }

// NotApplicable is a shock that a plan cannot have, or that cannot act in it.
type NotApplicable struct{ Shock, Title, Plan, Reason string }

// String writes it in one sentence.
func (n NotApplicable) String() string {
	return fmt.Sprintf("%q is not applicable to %s: %s", n.Title, n.Plan, n.Reason)
}

// MarshalText implements encoding.TextMarshaler.
func (n NotApplicable) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// NoShockError is of plans to which none of the shocks applies.
type NoShockError struct {
	Plans   []string
	Skipped []NotApplicable
}

// Error implements error.
func (e *NoShockError) Error() string {
	var why []string
	for _, n := range e.Skipped {
		why = append(why, n.String())
	}
	plans := e.Plans[len(e.Plans)-1]
	if more := e.Plans[:len(e.Plans)-1]; len(more) > 0 {
		plans = strings.Join(more, ", ") + " and " + plans
	}
	return fmt.Sprintf("no shock applies to %s: %s", plans, strings.Join(why, "; "))
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	metric   *metric.Metric
	settings []decide.Setting
	names    []string          // of plans
	skipped  []NotApplicable   // in their order
	calm     map[string]string // by setting of a shock that applies: the one without it
	steady   string            // regime in which a plan stays without its shock
	titles   map[string]string // of shocks, by setting
}

// under names the setting of a plan under a shock.
func under(plan, shock string) string { return plan + " under " + shock }

// check finds what is wrong with an ask, and puts the shocks to the plans.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a, calm: map[string]string{}, titles: map[string]string{}}
	first := a.Plans[0].Plan
	var err error
	if c.metric, err = metric.ParseMetric(a.Metric, panel.Columns(model.NewSchema(first))); err != nil {
		return nil, decide.Invalid("metric", err)
	}
	if c.Replications == 0 {
		c.Replications = Replications
	}
	run := first.Run
	end := run.Start + plan.Date(7*int(run.Weeks))
	if c.From == 0 {
		c.From = run.Start + plan.Date(7*min(week-1, int(run.Weeks)/2))
	}
	if c.From < run.Start || c.From >= end {
		p := decide.Wrong("from", c.From.String(), "the run is from %s to %s", run.Start, end-1)
		p.Low, p.High = run.Start.String(), (end - 1).String()
		return nil, p
	}
	openings, err := a.Openings()
	if err != nil {
		return nil, err
	}
	if len(openings) > 0 && !a.OtherOpening {
		return nil, openings[0]
	}
	for _, p := range a.Plans {
		if err := c.put(p); err != nil {
			return nil, err
		}
	}
	if len(c.calm) == 0 {
		return nil, &NoShockError{c.names, c.skipped}
	}
	return c, nil
}

// Openings are the plans that start from another state than the first. The error is a
// *decide.IncomparableError.
func (a Ask) Openings() ([]*decide.OpeningError, error) { return decide.Openings(a.Plans) }

// put puts the shocks to a plan.
func (c *checked) put(p decide.Setting) error {
	c.names = append(c.names, p.Name)
	c.settings = append(c.settings, p)
	still := ""
	for _, s := range c.Shocks {
		shocked := p.Plan.Clone()
		err := s.Apply(shocked, c.From)
		if err == nil {
			_, err = model.Prepare(shocked)
		}
		var no *edit.NotApplicableError
		switch {
		case errors.As(err, &no):
			c.skipped = append(c.skipped, NotApplicable{s.Name, s.Title, p.Name, no.Reason})
			continue
		case err != nil:
			return &ShockError{s.Name, p.Name, err}
		}
		name := under(p.Name, s.Name)
		c.calm[name], c.titles[name] = p.Name, titleOf(s, shocked)
		// A shock that scripts the economy takes its chance out of the run. Without the
		// shock there is none of it either, or the change would hold both.
		if s.Regime != "" && p.Plan.Economy.Regime == "random" {
			if still == "" {
				still = p.Name + " in a steady economy"
				steady := p.Plan.Clone()
				edit.Still(steady)
				c.settings = append(c.settings, decide.Setting{Name: still, Plan: steady})
			}
			c.calm[name], c.steady = still, p.Plan.Economy.StartRegime
		}
		c.settings = append(c.settings, decide.Setting{Name: name, Plan: shocked})
	}
	return nil
}

// Design is what is to be run: each plan, and each under each shock. The error is a
// *decide.Problem, a *ShockError, a *NoShockError, or a *decide.IncomparableError or
// *decide.OpeningError.
func (a Ask) Design() (*decide.Design, error) { return decide.DesignOf(a.check) }

// Designed is the design of an ask that was checked.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.Replications, Seed: uint64(c.Plans[0].Plan.Run.Seed), Settings: c.settings}
	for _, s := range c.settings {
		d.Measures = append(d.Measures, c.metric.Leaves(s.Name)...)
		d.Keep(s.Name, panel.Measure{Column: "out_of_business"})
		for _, column := range witnesses {
			d.Keep(s.Name, panel.Measure{Column: column})
		}
	}
	return d
}
