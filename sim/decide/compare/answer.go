package compare

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Headlines are the outcomes that are told first, in their order.
var Headlines = []string{"lifetime_margin", panel.BusinessValue, "leads", "signups", "won", "live_customers", "arr",
	"revenue", "cac", "ltv",
	"ltv_cac", "cash_trough", "out_of_business"}

// Answer is how plans differ from the first.
type Answer struct {
	Plans        []string  `json:"plans"`
	Metric       string    `json:"metric"`
	Replications int       `json:"replications"`
	SeedsPerDraw int       `json:"seeds_per_draw,omitempty"`
	Seed         uint64    `json:"seed"`
	Weeks        int       `json:"weeks"`
	Inputs       int       `json:"uncertain_inputs"`
	MovesPrice   bool      `json:"moves_price,omitempty"` // some plan has another price than another, or moves one
	Ranking      []Place   `json:"ranking"`               // all plans, the best first
	Pairs        []Pair    `json:"pairs,omitempty"`       // each plan against each, where there are more than two
	Against      []Against `json:"against"`

	Scenario string           `json:"-"` // of the first plan
	Currency string           `json:"-"` // of all plans
	Outcome  string           `json:"-"` // that the metric is of: cash_end of p5(cash_end)
	Counts   bool             `json:"-"` // all that is spent counts in the metric: below 0 it is a loss
	Tradeoff *Tradeoff        `json:"-"` // nil: there is none to show
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// Against is one plan beside the first.
type Against struct {
	Plan     string           `json:"plan"`
	Outcomes []Outcome        `json:"outcomes"`
	Nested   *analysis.Nested `json:"nested,omitempty"`

	Metric  *analysis.Comparison `json:"-"`
	Verdict decide.Verdict       `json:"-"` // whether the plan is better than the first
	Same    bool                 `json:"-"` // the plan is the first under another name
	// Would is the number of pairs that would show a difference of 1%; 0: not known.
	Would int `json:"-"`
}

// Place is that of a plan among all by the metric.
type Place struct {
	Plan  string            `json:"plan"`
	Value analysis.Estimate `json:"value"`
	Ruin  analysis.Estimate `json:"out_of_business"`
	// FarPrice says that a price of it lies further from the first plan's than the record of what customers do reaches.
	FarPrice bool `json:"price_beyond_record,omitempty"`
	// Close are the plans that it is not told from.
	Close []string `json:"too_close_to_call,omitempty"`
}

// FailsAlways says whether the company goes out of business in every run of every plan.
func (a *Answer) FailsAlways() bool {
	return len(a.Ranking) > 0 && !slices.ContainsFunc(a.Ranking, func(p Place) bool {
		return !(p.Ruin.Known() && p.Ruin.Value == 1)
	})
}

// Pair is two plans, the better one of the ranking first.
type Pair struct {
	A          string            `json:"a"`
	B          string            `json:"b"`
	Difference analysis.Estimate `json:"difference"` // of a over b
	Close      bool              `json:"too_close_to_call"`
}

// Outcome is one outcome of two plans: a is the first.
type Outcome struct {
	Name       string             `json:"name"`
	Unit       string             `json:"unit"`
	A          analysis.Estimate  `json:"a"`
	B          analysis.Estimate  `json:"b"`
	Difference analysis.Estimate  `json:"difference"`
	Relative   analysis.Estimate  `json:"relative"`
	Identical  bool               `json:"identical"`
	Reduction  *float64           `json:"variance_reduction"`
	PBetter    *analysis.Estimate `json:"p_better,omitempty"`
	Dominance  analysis.Dominance `json:"dominance,omitempty"`
	// Never are the shares of runs of a and b that lie beyond all numbers.
	Never *[2]float64 `json:"never,omitempty"`
}

// Tradeoff sets the metric of all plans against another outcome.
type Tradeoff struct {
	X, Y   plan.Column
	Points [][2]analysis.Estimate // by plan
}

func outcomeOf(c *analysis.Comparison) Outcome {
	o := Outcome{Name: c.Column.Name, Unit: c.Column.Unit, A: c.A, B: c.B, Difference: c.Difference, Relative: c.Relative,
		Identical: c.Identical, PBetter: c.PBetter, Dominance: c.Dominance}
	if !math.IsInf(c.Reduction, 0) && !math.IsNaN(c.Reduction) {
		o.Reduction = &c.Reduction
	}
	if c.Never[0]+c.Never[1] > 0 {
		o.Never = &c.Never
	}
	return o
}

// Answer is what a panel of the design says.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	first := c.Plans[0].Plan
	out := &Answer{Metric: c.metric.Text, Outcome: c.metric.Outcome, Replications: p.Replications,
		Seed: uint64(first.Run.Seed), SeedsPerDraw: c.seeds,
		Weeks:    int(first.Run.Weeks),
		Scenario: first.Name, Currency: currency.Of(first.Run.Currency).Code,
		Next: []decide.Step{{Question: "stress", All: true}}}
	var plans []*plan.Plan
	for _, x := range c.Plans {
		out.Plans, plans = append(out.Plans, x.Name), append(plans, x.Plan)
	}
	out.Counts = out.Metric == "lifetime_margin" || out.Metric == panel.BusinessValue
	out.MovesPrice = scenarios.MovesPrice(plans...)
	if out.Inputs, err = decide.InputsOf(plans...); err != nil {
		return nil, err
	}
	for _, x := range c.Plans[1:] {
		against, err := c.against(p, x)
		if err != nil {
			return nil, err
		}
		out.Against = append(out.Against, *against)
	}
	if err := c.rank(p, out); err != nil {
		return nil, err
	}
	if c.Plans[1].Changes != nil {
		out.Next = []decide.Step{{Question: "run", Changes: c.changesOf(out.Ranking)}, decide.Respond(c.Plans[0].Plan)}
	}
	out.Tradeoff = c.tradeoff(p)
	out.Warnings = c.warnings(out)
	return out, nil
}

// against sets a plan beside the first.
func (c *checked) against(p *panel.Panel, x Plan) (out *Against, err error) {
	first := c.Plans[0]
	out = &Against{Plan: x.Name, Same: scenarios.Digest(x.Plan) == scenarios.Digest(first.Plan)}
	for _, column := range c.columns {
		compared := analysis.Compare(sidesOf(p, column, first.Name, x.Name))
		out.Outcomes = append(out.Outcomes, outcomeOf(&compared))
	}
	if out.Metric, err = c.compare(p, first.Name, x.Name); err != nil {
		return nil, err
	}
	if c.metric.Column.Name != c.metric.Outcome { // no outcome of its own in the table
		out.Outcomes = append([]Outcome{outcomeOf(out.Metric)}, out.Outcomes...)
	}
	if c.seeds > 1 && c.metric.Column.Over == "" && c.metric.P == 0 {
		if out.Nested, err = c.nested(p, first.Name, x.Name); err != nil {
			return nil, err
		}
	}
	out.Verdict = verdict(out.Metric)
	if out.Metric.Relative.Known() {
		out.Would = out.Metric.PairsFor(0.01 * math.Abs(out.Metric.A.Value))
	}
	return out, nil
}

// changesOf gives the changes of the best plan of a ranking; none where that is the first plan.
func (c *checked) changesOf(ranking []Place) []string {
	i := slices.IndexFunc(c.Plans, func(p Plan) bool { return p.Name == ranking[0].Plan })
	return c.Plans[i].Changes
}

// rank puts the plans in their order, and holds each against each.
func (c *checked) rank(p *panel.Panel, out *Answer) error {
	ruin := c.columns[slices.IndexFunc(c.columns, func(x plan.Column) bool { return x.Name == "out_of_business" })]
	for i, plan := range out.Plans {
		place := Place{Plan: plan, Ruin: estimateOf(p, plan, ruin),
			FarPrice: scenarios.PricesBeyondRecord(c.Plans[0].Plan, c.Plans[i].Plan)}
		if i == 0 {
			place.Value = out.Against[0].Metric.A
		} else {
			place.Value = out.Against[i-1].Metric.B
		}
		out.Ranking = append(out.Ranking, place)
	}
	slices.SortStableFunc(out.Ranking, func(a, b Place) int {
		return analysis.Order(a.Value, b.Value, c.metric.Column.Direction)
	})
	for i := range out.Ranking {
		for k := range out.Ranking[:i] {
			a, b := &out.Ranking[k], &out.Ranking[i]
			compared, err := c.compare(p, b.Plan, a.Plan)
			if err != nil {
				return err
			}
			pair := Pair{A: a.Plan, B: b.Plan, Difference: compared.Difference}
			kind := verdict(compared).Kind
			if pair.Close = kind == decide.TooCloseToCall || compared.Identical; pair.Close {
				a.Close, b.Close = append(a.Close, b.Plan), append(b.Close, a.Plan)
			}
			if len(out.Plans) > 2 {
				out.Pairs = append(out.Pairs, pair)
			}
		}
	}
	return nil
}

// verdict says whether the second plan is better.
func verdict(c *analysis.Comparison) decide.Verdict {
	switch {
	case c.Column.Direction == plan.Neither:
		return decide.Verdict{Kind: decide.NotApplicable, Why: "neither way of " + c.Column.Name + " is better"}
	case c.A.Known() && c.B.Known() && c.Column.Direction == plan.Less:
		return decide.Gains(c.Difference.Minus())
	case c.A.Known() && c.B.Known():
		return decide.Gains(c.Difference)
	case math.IsNaN(c.A.Value) || math.IsNaN(c.B.Value) || c.A.Never() && c.B.Never():
		return decide.Verdict{Kind: decide.NotApplicable, Why: cmp.Or(c.A.Reason, c.B.Reason)}
	case analysis.Order(c.A, c.B, c.Column.Direction) < 0:
		return decide.Verdict{Kind: decide.No}
	}
	return decide.Verdict{Kind: decide.Yes}
}

// sidesOf takes one outcome of two settings from a panel.
func sidesOf(p *panel.Panel, c plan.Column, a, b string) analysis.Sides {
	s := analysis.Sides{Column: c, Ties: p.Ties}
	for i, setting := range []string{a, b} {
		if c.Over == "" {
			s.Over[i] = valuesOf(p, setting, c.Name)
			continue
		}
		s.Over[i], s.Under[i] = valuesOf(p, setting, c.Over), valuesOf(p, setting, c.Under)
	}
	return s
}

func valuesOf(p *panel.Panel, setting, column string) []float64 {
	return p.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// compare compares the metric of two settings.
func (x *checked) compare(p *panel.Panel, a, b string) (*analysis.Comparison, error) {
	m := x.metric
	if m.When == nil && m.P == 0 {
		c := analysis.Compare(sidesOf(p, m.Column, a, b))
		return &c, nil
	}
	s := analysis.Sides{Column: m.Column, Ties: p.Ties}
	var of [2]panel.Statistic
	for i, setting := range []string{a, b} {
		var err error
		if s.Over[i], err = m.Values(p, setting); err != nil {
			return nil, err
		}
		if of[i], err = m.Of(p, setting); err != nil {
			return nil, err
		}
	}
	c := analysis.Compare(s)
	if m.P > 0 { // of single replications all holds; the number itself is another
		c.A, c.B, c.Difference = p.Estimate(of[0]), p.Estimate(of[1]), p.Difference(of[0], of[1])
		c.Relative = analysis.RelativeTo(c.A,
			p.Combine(func(v []float64) float64 { return (v[1] - v[0]) / math.Abs(v[0]) }, of[0], of[1]))
		c.Reduction = decide.Reduction(c.A, c.B, c.Difference)
	}
	return &c, nil
}

// nested splits the difference of the metric into inputs and chance; above 0 the second
// setting is the better. Nil: it is known in too few draws.
func (x *checked) nested(p *panel.Panel, a, b string) (*analysis.Nested, error) {
	one, err := x.metric.Values(p, a)
	if err != nil {
		return nil, err
	}
	two, err := x.metric.Values(p, b)
	if err != nil {
		return nil, err
	}
	difference := decide.Less(analysis.Finite(two), analysis.Finite(one))
	if x.metric.Column.Direction == plan.Less {
		for i := range difference {
			difference[i] = -difference[i]
		}
	}
	n := analysis.NestedOf(difference, x.seeds)
	if n.Draws < analysis.LeastAlike {
		return nil, nil
	}
	return &n, nil
}

// tradeoff sets the metric of the plans against the chance to go out of business, where
// that differs from 0, else against the lowest cash.
func (c *checked) tradeoff(p *panel.Panel) *Tradeoff {
	if c.metric.When != nil || c.metric.P > 0 {
		return nil
	}
	for _, name := range []string{"out_of_business", "cash_trough"} {
		i := slices.IndexFunc(c.columns, func(x plan.Column) bool { return x.Name == name })
		if i < 0 || name == c.metric.Outcome {
			continue
		}
		t := &Tradeoff{X: c.metric.Column, Y: c.columns[i]}
		seen := false
		for _, plan := range c.Plans {
			y := estimateOf(p, plan.Name, t.Y)
			seen = seen || y.Value != 0
			t.Points = append(t.Points, [2]analysis.Estimate{estimateOf(p, plan.Name, t.X), y})
		}
		if seen {
			return t
		}
	}
	return nil
}

// estimateOf is an outcome of a setting: mean, share or ratio of totals.
func estimateOf(p *panel.Panel, setting string, c plan.Column) analysis.Estimate {
	switch {
	case c.Over != "":
		return analysis.RatioOf(&c, valuesOf(p, setting, c.Over), valuesOf(p, setting, c.Under), p.Ties)
	case analysis.Statistic(c) == "chance":
		return analysis.ChanceAlike(valuesOf(p, setting, c.Name), p.Ties.SeedsPerDraw)
	}
	return analysis.MeanOf(&c, valuesOf(p, setting, c.Name), p.Ties)
}

func (c *checked) warnings(a *Answer) (out []decide.Warning) {
	switch draws := a.Replications / max(1, a.SeedsPerDraw); {
	case a.SeedsPerDraw > 1 && draws < Draws/2:
		out = append(out, decide.FewRuns{Has: draws, Enough: Draws, Of: "draw", For: "to tell inputs from random variation",
			Part: "draws"})
	case a.Inputs > 0 && a.Replications < decide.FewPairs: // of uncertain inputs draws are asked for
		out = append(out, decide.FewRuns{Has: a.Replications, Enough: Draws, Of: "pair",
			For: "for quantiles and dominance", Part: "draws"})
	case a.Replications < decide.FewPairs:
		out = append(out, decide.FewRuns{Has: a.Replications, Enough: decide.FewPairs, Of: "pair",
			For: "for quantiles and dominance", Part: "replications"})
	}
	for i := range a.Against {
		x := &a.Against[i]
		for _, o := range x.Outcomes {
			if o.Name == panel.BusinessValue && a.Metric == "lifetime_margin" && sign(o.Difference) != 0 &&
				sign(o.Difference) != sign(x.Metric.Difference) {
				out = append(out, decide.SaysOtherwise{Metric: o.Name, Unit: o.Unit, Plan: x.Plan, Base: a.Plans[0],
					Difference: o.Difference})
			}
		}
		for _, o := range x.Outcomes {
			if o.Name == "out_of_business" && (o.A.Value > 0 || o.B.Value > 0) {
				out = append(out, decide.RuinSeen{Plan: x.Plan, Base: a.Plans[0], With: o.B, Without: o.A})
			}
		}
	}
	return out
}

// sign is that of what is seen: 0 where the interval holds 0.
func sign(e analysis.Estimate) int {
	switch {
	case e.Low > 0:
		return 1
	case e.High < 0:
		return -1
	}
	return 0
}
