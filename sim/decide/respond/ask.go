// Package respond asks where the next dollar goes: a plan at several values of one key or
// two, or with several budgets of every channel and brand medium, or with an amount more
// on each of those and on each team, all on the same random numbers.
package respond

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Replications are those of each point by default; of places at most, in rounds of Round. Below Few of them values at
// the margin are doubtful.
const (
	Replications = 200
	Round        = 50
	Few          = 50
)

// Levels are the multiples of its budget at which every channel and brand medium is run.
var Levels = []float64{0, 0.5, 0.75, 1, 1.5, 2, 3}

// Ask is a question about how outcomes respond.
type Ask struct {
	Plan *plan.Plan
	// With gives the plan with changes, KEY=VALUE or KEY*=FACTOR each, schedules included.
	With func(changes ...string) (*plan.Plan, error)
	// Vary are the keys that move: one gives a curve, two a surface; none: the budget of
	// every channel and brand medium in turn, at Levels.
	Vary []Range
	// Outcomes are shown, in the language of goals. The first decides; several are shown
	// along one key alone.
	Outcomes     []string
	Replications int // of each point; 0: Replications, or those of places that it takes
	// Amount is added, one at a time, to every channel, brand medium and team, in place of multiples of budgets;
	// 0: it is not. Vary is empty then.
	Amount float64
	// OtherOpening allows points that start from another state than the plan.
	OtherOpening bool
}

// A NothingError is of a key that is 0 throughout, of which multiples are asked.
type NothingError struct {
	Key       string
	Low, High string // the ends that are asked
	Budget    bool
	First     string // the first key of the plan that is meant
	Points    int
}

// Error implements error.
func (e *NothingError) Error() string {
	what := "0"
	if e.Budget {
		what = "a budget of 0"
	}
	return fmt.Sprintf("%s: %s to %s of %s are the same plan", e.Key, e.Low, e.High, what)
}

// A NoBudgetError is of a plan in which no channel has a budget that could be moved.
type NoBudgetError struct {
	Plan string
	Idle bool // channels have budgets, on which nothing is spent
}

// Error implements error.
func (e *NoBudgetError) Error() string {
	if e.Idle {
		return e.Plan + " spends nothing on any channel"
	}
	return e.Plan + " has no channel with a budget"
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	metrics []*metric.Metric
	axes    []*Axis
	places  []place // where a dollar may go, if no key is moved
	points  []point
}

// point is a setting beside the plan, and what makes it.
type point struct {
	setting string
	changes []string
}

// basis is the setting of the plan as it stands.
const basis = "plan"

// level names the setting with a multiple of a channel's budget.
func level(channel string, x float64) string {
	if x == 1 {
		return basis
	}
	return fmt.Sprintf("%s x%v", channel, x)
}

// at names the setting of a point by its place on the axes.
func at(place ...int) string {
	text := "point "
	for i, k := range place {
		if i > 0 {
			text += "-"
		}
		text += fmt.Sprint(k + 1)
	}
	return text
}

// check finds what is wrong with an ask, and lists its points.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a}
	c.Replications = cmp.Or(a.Replications, Replications)
	columns := panel.Columns(model.NewSchema(a.Plan))
	for _, o := range a.Outcomes {
		m, err := metric.ParseMetric(o, columns)
		if err != nil {
			return nil, decide.Invalid("outcome", err)
		}
		c.metrics = append(c.metrics, m)
	}
	switch {
	case len(a.Outcomes) == 0:
		return nil, decide.Wrong("outcome", "", "one is needed at least")
	case len(a.Vary) > 2:
		return nil, decide.Wrong("vary", "", "one key gives a curve and two a surface; %d are too many", len(a.Vary))
	case a.Amount != 0 && len(a.Vary) > 0:
		return nil, decide.Wrong("amount", exact(a.Amount), "a key that is moved has values of its own: it goes "+
			"with no range")
	case a.Amount < 0 || math.IsNaN(a.Amount) || math.IsInf(a.Amount, 0):
		return nil, decide.Wrong("amount", exact(a.Amount), "an amount of money above 0 is needed")
	case len(a.Outcomes) > 1 && len(a.Vary) != 1:
		return nil, decide.Wrong("outcome", a.Outcomes[1], "several outcomes are shown along one key alone")
	}
	for _, r := range a.Vary {
		x, err := r.axis(a.Plan)
		if err != nil {
			return nil, err
		}
		c.axes = append(c.axes, x)
	}
	return c, c.list()
}

// list lists the points.
func (c *checked) list() error {
	switch len(c.axes) {
	case 0:
		return c.listPlaces()
	case 1:
		for i := range c.axes[0].Values {
			c.points = append(c.points, point{at(i), c.axes[0].changes(i)})
		}
		return nil
	}
	for i := range c.axes[0].Values {
		for k := range c.axes[1].Values {
			c.points = append(c.points, point{at(i, k), append(c.axes[0].changes(i), c.axes[1].changes(k)...)})
		}
	}
	return nil
}

// listPlaces lists where a dollar may go: at multiples of each budget, or with an amount more.
func (c *checked) listPlaces() error {
	if c.places = c.spending(); len(c.places) == 0 {
		return &NoBudgetError{Plan: c.Plan.Name}
	}
	for _, at := range c.places {
		if c.Amount > 0 {
			c.points = append(c.points, point{at.more(), []string{at.change}})
			continue
		}
		for _, x := range Levels {
			if x != 1 {
				c.points = append(c.points, point{level(at.name, x), []string{fmt.Sprintf("%s*=%v", at.key, x)}})
			}
		}
	}
	return nil
}

// Design is what is to be run: the plan, and each point. The error is a *decide.Problem,
// a *NothingError, a *NoBudgetError, an *decide.IncomparableError or *decide.OpeningError,
// or that of With.
func (a Ask) Design() (*decide.Design, error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	d := c.Designed()
	for i, x := range c.points {
		plan, err := a.With(x.changes...)
		if err != nil {
			return nil, err
		}
		var other *decide.OpeningError
		if err := c.beside(x, plan); err != nil && !(a.OtherOpening && errors.As(err, &other)) {
			return nil, err
		}
		d.Settings[1+i].Plan = plan
	}
	if a.Replications == 0 && len(c.axes) == 0 {
		d.Rounds = &decide.Rounds{Size: Round, Left: a.left}
	}
	return d, nil
}

// beside says whether a point starts where the plan does.
func (c *checked) beside(x point, plan *plan.Plan) error {
	return decide.SameStart(decide.Setting{Name: "the plan", Plan: c.Plan},
		decide.Setting{Name: strings.Join(x.changes, ", "), Plan: plan})
}

// Openings gives the first point that starts from another state than the plan: what is
// said of one holds of all.
func (a Ask) Openings() ([]*decide.OpeningError, error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	for _, x := range c.points {
		plan, err := a.With(x.changes...)
		if err != nil {
			return nil, err
		}
		var other *decide.OpeningError
		if err := c.beside(x, plan); errors.As(err, &other) {
			return []*decide.OpeningError{other}, nil
		}
	}
	return nil, nil
}

// keptBeside are the outcomes that are kept of every point besides those that are shown:
// what pictures and costs need.
var keptBeside = []string{"won", "acquisition_cost", "media_spend", "media_and_brand", "lifetime_media", "ltv_total"}

// Designed is the design before the plans of its points are made.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.Replications, Seed: uint64(c.Plan.Run.Seed),
		Settings: []decide.Setting{{Name: basis, Plan: c.Plan}}, Asked: []string{strings.Join(c.Outcomes, " ")}}
	if c.Amount > 0 {
		d.Asked = append(d.Asked, exact(c.Amount))
	}
	for _, x := range c.points {
		d.Settings = append(d.Settings, decide.Setting{Name: x.setting})
	}
	for _, s := range d.Settings {
		for _, m := range c.metrics {
			d.Measures = append(d.Measures, m.Leaves(s.Name)...)
		}
		for _, column := range keptBeside {
			d.Keep(s.Name, panel.Measure{Column: column})
		}
	}
	d.Keep(basis, panel.Measure{Column: decide.Ruin})
	if c.Amount > 0 {
		for _, x := range c.points {
			d.Keep(x.setting, panel.Measure{Column: decide.Ruin})
			d.Keep(x.setting, panel.Measure{Column: weekOfRuin})
		}
	}
	if len(c.axes) == 0 {
		for _, x := range c.Plan.Channels {
			d.Keep(basis, channelSpend(x.Name))
		}
	}
	return d
}

// weekOfRuin is the column with the week in which the company goes out of business.
const weekOfRuin = "week_of_ruin"

// channelSpend is what a channel's budget spends in a run.
func channelSpend(channel string) panel.Measure {
	return panel.Measure{Column: "media", Dimension: "channel", Name: channel}
}

// dollarsOf is the spend on which what a dollar brings of a metric is based:
// lifetime_margin counts what the pipeline is charged after the run too.
func dollarsOf(m *metric.Metric) string {
	if m.Column.Name == "lifetime_margin" {
		return "lifetime_media"
	}
	return "media_and_brand"
}
