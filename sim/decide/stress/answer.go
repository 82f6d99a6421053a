package stress

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Answer is what shocks do to plans.
type Answer struct {
	Plans        []string        `json:"plans"`
	Metric       string          `json:"metric"`
	Replications int             `json:"replications"`
	Seed         uint64          `json:"seed"`
	Weeks        int             `json:"weeks"`
	From         string          `json:"from"`
	Base         []Base          `json:"without_shock"`
	Cells        []Cell          `json:"cells"`
	LeastRegret  string          `json:"least_regret,omitempty"`
	Separable    bool            `json:"separable"`
	Inputs       int             `json:"uncertain_inputs"`
	Skipped      []NotApplicable `json:"not_applicable"`
	// Fails says that the company goes out of business in every run of every plan, without any shock.
	Fails bool `json:"fails_always,omitempty"`
	// Steady is the regime in which the plan without the shock stays, where the
	// economy is random and the shock is one of it.
	Steady string `json:"steady_economy,omitempty"`

	Column   plan.Column `json:"-"` // of the metric
	Scenario string      `json:"-"` // of the first plan
	Currency string      `json:"-"` // of all plans
	// Verdict says whether some shock makes the first plan worse, or of several plans
	// whether one has less to regret than all others.
	Verdict decide.Verdict `json:"-"`
	// Worst is the first plan under its worst shock: the first of those that are seen to
	// make it worse, else the first of all.
	Worst *Cell `json:"-"`
	// Larger is a larger change for the worse that may be none, Rival one that cannot be
	// told from the worst.
	Larger, Rival *Cell            `json:"-"`
	Regrets       []Cell           `json:"-"` // each plan's largest, from the least
	Warnings      []decide.Warning `json:"-"`
	Next          []decide.Step    `json:"-"`
}

// Base is a plan without a shock.
type Base struct {
	Plan  string            `json:"plan"`
	Value analysis.Estimate `json:"value"`
	Ruin  analysis.Estimate `json:"out_of_business"`
}

// Cell is a plan under a shock.
type Cell struct {
	Plan     string             `json:"plan"`
	Shock    string             `json:"shock"`
	Title    string             `json:"title"`
	Under    analysis.Estimate  `json:"under_the_shock"`
	Change   analysis.Estimate  `json:"change"`
	Relative analysis.Estimate  `json:"relative"`
	Ruin     analysis.Estimate  `json:"out_of_business_change"`
	Regret   *analysis.Estimate `json:"regret,omitempty"`
	Saved    *float64           `json:"variance_reduction"` // null: nothing differs
	// Shocked is the plan under the shock.
	Shocked *plan.Plan `json:"-"`
	rank    int        // below 0: worse under the shock than without it
}

// Answer is what a panel of the design says.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	first := c.Plans[0].Plan
	out := &Answer{Plans: c.names, Metric: c.metric.Text, Replications: p.Replications, Seed: uint64(first.Run.Seed),
		Weeks: int(first.Run.Weeks),
		From:  c.From.String(), Skipped: slices.Clone(c.skipped), Steady: c.steady, Column: c.metric.Column,
		Scenario: first.Name,
		Currency: currency.Of(first.Run.Currency).Code}
	var plans []*plan.Plan
	for _, s := range c.Plans {
		plans = append(plans, s.Plan)
	}
	if out.Inputs, err = decide.InputsOf(plans...); err != nil {
		return nil, err
	}
	x := stressed{c, p, map[string]panel.Statistic{}}
	for _, s := range c.settings {
		if x.of[s.Name], err = c.metric.Of(p, s.Name); err != nil {
			return nil, err
		}
	}
	for _, plan := range c.names {
		out.Base = append(out.Base, Base{plan, p.Estimate(x.of[plan]), p.Estimate(x.ruin(plan))})
		for _, s := range c.Shocks {
			if c.calm[under(plan, s.Name)] == "" {
				continue
			}
			if why := x.idle(plan, s); why != "" {
				out.Skipped = append(out.Skipped, NotApplicable{s.Name, c.titles[under(plan, s.Name)], plan, why})
				continue
			}
			out.Cells = append(out.Cells, x.cell(plan, s))
		}
	}
	out.Fails = decide.FailsAlways(p, c.names...)
	out.Conclude()
	if out.Replications < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: out.Replications, Enough: Replications, Of: "pair",
			Part: "replications"})
	}
	if out.Seen() {
		out.Next = append(out.Next, decide.Step{Question: "run", Shock: out.Worst.Shock})
	}
	out.Next = append(out.Next, decide.Respond(c.Plans[0].Plan))
	if out.Fails {
		out.Next = []decide.Step{{Question: "run"}}
	}
	return out, nil
}

// stressed takes numbers of plans under shocks from a panel.
type stressed struct {
	*checked
	panel *panel.Panel
	of    map[string]panel.Statistic // the metric by setting
}

func (x stressed) ruin(setting string) panel.Statistic {
	return x.panel.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: "out_of_business"}})
}

// cell is a plan under a shock against the same without it.
func (x stressed) cell(plan string, s edit.Shock) Cell {
	name := under(plan, s.Name)
	calm := x.calm[name]
	p := x.panel
	before, then := p.Estimate(x.of[calm]), p.Estimate(x.of[name])
	relative := p.Combine(func(v []float64) float64 { return (v[0] - v[1]) / math.Abs(v[1]) }, x.of[name], x.of[calm])
	c := Cell{Plan: plan, Shock: s.Name, Title: x.titles[name], Under: then,
		rank:     analysis.Order(before, then, x.metric.Column.Direction),
		Change:   p.Difference(x.of[calm], x.of[name]),
		Relative: analysis.RelativeTo(before, relative),
		Ruin:     p.Difference(x.ruin(calm), x.ruin(name))}
	if i := slices.IndexFunc(x.settings, func(s decide.Setting) bool { return s.Name == name }); i >= 0 {
		c.Shocked = titled(x.settings[i].Plan, c.Title)
	}
	if r := decide.Reduction(then, before, c.Change); !math.IsNaN(r) && !math.IsInf(r, 0) {
		c.Saved = &r
	}
	c.Regret = x.regret(s.Name, name, then)
	return c
}

// regret is what the best plan under a shock has over that of a setting; nil: there are
// no other plans, or the shock does not apply to all.
func (x stressed) regret(shock, name string, then analysis.Estimate) *analysis.Estimate {
	all := []panel.Statistic{x.of[name]}
	way := x.metric.Column.Direction
	var best analysis.Estimate // under the shock
	for i, other := range x.names {
		of, applies := x.of[under(other, shock)]
		if !applies {
			return nil
		}
		all = append(all, of)
		if e := x.panel.Estimate(of); i == 0 || analysis.Order(e, best, way) < 0 {
			best = e
		}
	}
	if len(x.names) < 2 {
		return nil
	}
	regret := x.panel.Combine(func(v []float64) float64 {
		if way == plan.Less {
			return v[0] - slices.Min(v[1:])
		}
		return slices.Max(v[1:]) - v[0]
	}, all...)
	switch {
	case then.Never() && best.Known(), then.Known() && best.Never(): // no number is as large
		regret = analysis.Estimate{Value: plan.Never, Error: math.NaN(), Low: math.NaN(), High: plan.Never, N: then.N,
			Reason: cmp.Or(then.Reason, best.Reason)}
	case !regret.Known():
		regret.Reason = cmp.Or(then.Reason, best.Reason)
	}
	return &regret
}

// Ranked are the shocks of a plan, from the worst.
func (a *Answer) Ranked(plan string) []Cell {
	rows := slices.DeleteFunc(slices.Clone(a.Cells), func(c Cell) bool { return c.Plan != plan })
	slices.SortStableFunc(rows, a.worse)
	return rows
}

// Shocks lists each shock once, from the worst of any plan.
func (a *Answer) Shocks() (out []Cell) {
	rows := slices.Clone(a.Cells)
	slices.SortStableFunc(rows, a.worse)
	for _, c := range rows {
		if !slices.ContainsFunc(out, func(x Cell) bool { return x.Shock == c.Shock }) {
			out = append(out, c)
		}
	}
	return out
}

// Cell is a plan under a shock; nil if the shock does not apply.
func (a *Answer) Cell(plan, shock string) *Cell {
	if k := slices.IndexFunc(a.Cells, func(x Cell) bool { return x.Plan == plan && x.Shock == shock }); k >= 0 {
		return &a.Cells[k]
	}
	return nil
}

// worse orders cells from the worst.
func (a *Answer) worse(x, y Cell) int {
	// First what the shock puts beyond all numbers, for the worse, then changes by
	// their size, then what it brings back from there, and at last what is not known.
	class := func(c Cell) int {
		switch {
		case c.Change.Known():
			return 1
		case math.IsNaN(c.Under.Value) || c.rank == 0:
			return 3
		case c.rank < 0:
			return 0
		}
		return 2
	}
	if by := cmp.Compare(class(x), class(y)); by != 0 {
		return by
	}
	if a.Column.Direction == plan.Less {
		return cmp.Compare(y.Change.Value, x.Change.Value)
	}
	return cmp.Compare(x.Change.Value, y.Change.Value)
}

// Hurts says whether the plan is worse under the shock than without it.
func (a *Answer) Hurts(c Cell) bool {
	switch {
	case !c.Change.Known():
		return c.rank < 0 && !math.IsNaN(c.Under.Value)
	case a.Column.Direction == plan.Less:
		return c.Change.Value > 0
	}
	return c.Change.Value < 0
}

// seen says whether that is seen: the interval of the change does not reach to no
// change.
func (a *Answer) seen(c Cell) bool {
	switch {
	case !a.Hurts(c) || !c.Change.Known():
		return a.Hurts(c)
	case a.Column.Direction == plan.Less:
		return c.Change.Low > 0
	}
	return c.Change.High < 0
}

// First is the first of some cells that is seen to make things worse; nil: none is.
func (a *Answer) First(rows []Cell) *Cell {
	if i := slices.IndexFunc(rows, a.seen); i >= 0 {
		return &rows[i]
	}
	return nil
}

// Seen says whether a shock is seen to make the first plan worse.
func (a *Answer) Seen() bool { return a.Worst != nil && a.seen(*a.Worst) }

// Conclude finds the verdict of the cells.
func (a *Answer) Conclude() {
	rows := a.Ranked(a.Plans[0])
	if len(rows) > 0 {
		if a.Worst = a.First(rows); a.Worst == nil {
			a.Worst = &rows[0]
		}
	}
	if len(a.Plans) == 1 {
		a.concludeOne(rows)
		return
	}
	a.concludeSeveral()
}

// concludeOne finds the worst shock of a plan, and whether others may be worse.
func (a *Answer) concludeOne(rows []Cell) {
	x := a.Worst
	switch {
	case x == nil:
		a.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: "no shock can act in this plan"}
		return
	case !x.Change.Known() && !a.Hurts(*x):
		a.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: cmp.Or(x.Change.Reason, "it has no value")}
		return
	case !a.Hurts(*x):
		a.Verdict = decide.Verdict{Kind: decide.No}
		return
	case !a.Seen():
		a.Verdict = decide.Verdict{Kind: decide.TooCloseToCall}
		return
	}
	a.Verdict = decide.Verdict{Kind: decide.Yes}
	if !x.Change.Known() {
		return
	}
	if rows[0].Shock != x.Shock { // whose change is larger and may be none
		a.Larger = &rows[0]
	} else if k := slices.IndexFunc(rows[1:], func(c Cell) bool {
		return c.Change.Known() &&
			!analysis.Apart(x.Change, c.Change)
	}); k >= 0 {
		a.Rival = &rows[1+k]
	}
	a.Separable = a.Larger == nil && a.Rival == nil
}

// concludeSeveral finds the plan whose largest regret is least.
func (a *Answer) concludeSeveral() {
	for _, plan := range a.Plans {
		var largest Cell
		for _, c := range a.Cells {
			if c.Plan == plan && c.Regret != nil && c.Regret.Value > math.Inf(-1) &&
				(largest.Regret == nil || c.Regret.Value > largest.Regret.Value) {
				largest = c
			}
		}
		if largest.Regret != nil {
			a.Regrets = append(a.Regrets, largest)
		}
	}
	if len(a.Regrets) == 0 {
		a.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: "no shock acts in all plans, or " + a.Metric +
			" has no value under it"}
		return
	}
	slices.SortStableFunc(a.Regrets, func(x, y Cell) int { return cmp.Compare(x.Regret.Value, y.Regret.Value) })
	least := a.Regrets[0].Regret
	switch most := a.Regrets[len(a.Regrets)-1].Regret; {
	case least.Never():
		a.Verdict = decide.Verdict{Kind: decide.No, Why: "each falls behind without bounds under some shock"}
		return
	case most.Value == 0 && !(most.High > 0):
		a.Verdict = decide.Verdict{Kind: decide.No, Why: "they are alike under every shock"}
		return
	}
	a.LeastRegret = a.Regrets[0].Plan
	a.Verdict = decide.Verdict{Kind: decide.Yes}
	if len(a.Regrets) > 1 {
		a.Separable = least.High < a.Regrets[1].Regret.Low
		if !a.Separable {
			a.Verdict = decide.Verdict{Kind: decide.TooCloseToCall}
		}
	}
}

// titled is the plan under a shock with a title that says so, for whoever runs it by itself.
func titled(p *plan.Plan, shock string) *plan.Plan {
	q := *p
	if q.Title == "" {
		q.Title = q.Name
	}
	q.Title += fmt.Sprintf(", under %q", shock)
	return &q
}
