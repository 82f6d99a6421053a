package optimise

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/search"
)

// Answer is the plan that was found and what the hold-out says of it.
type Answer struct {
	Scenario             string             `json:"scenario"`
	Metric               string             `json:"metric"`
	Weeks                int                `json:"weeks"`
	Seeds                [3]uint64          `json:"seeds"` // of the search, the choice and the hold-out
	Evaluations          int                `json:"evaluations"`
	Replications         int                `json:"replications"`
	Used                 int                `json:"search_replications"`
	HoldOut              int                `json:"hold_out"`
	MarginalReplications int                `json:"replications_at_the_margin"`
	Inputs               int                `json:"uncertain_inputs"`
	Offered              bool               `json:"offered"`       // it keeps all constraints
	Stops                bool               `json:"stops_selling"` // nothing that levers move is spent any more
	Budget               float64            `json:"budget"`
	PlanSpend            float64            `json:"plan_spends"`
	SplitSpend           float64            `json:"proportional_split_spends"`
	Spend                float64            `json:"best_spends"`
	Plan                 analysis.Estimate  `json:"plan"`
	Split                analysis.Estimate  `json:"proportional_split"`
	Best                 analysis.Estimate  `json:"best"`
	Gain                 analysis.Estimate  `json:"gain"`
	OverSplit            analysis.Estimate  `json:"gain_over_proportional_split"`
	Seen                 analysis.Number    `json:"gain_seen_in_search"`
	PlanRuin             analysis.Estimate  `json:"plan_out_of_business"`
	BestRuin             analysis.Estimate  `json:"best_out_of_business"`
	Constraints          []search.Held      `json:"constraints"`
	Levers               []Lever            `json:"levers"`
	Common               *analysis.Estimate `json:"common_value_of_a_dollar,omitempty"`
	Frontier             []FrontierPlan     `json:"frontier,omitempty"`
	FrontierReplications int                `json:"replications_of_the_frontier,omitempty"`

	Currency string      `json:"-"`
	Column   plan.Column `json:"-"` // of the metric
	Outcome  string      `json:"-"` // what the metric reads; empty: it is the chance of a condition
	Less     bool        `json:"-"` // the lower the better
	Idle     []string    `json:"-"` // keys that were asked for and that the plan has at 0
	// Multiples are the levers of the plan that was found, Found is that plan.
	Multiples []float64    `json:"-"`
	Found     *plan.Plan   `json:"-"`
	Plain     FrontierPlan `json:"-"` // the plan as it is, beside the frontier
	Unused    uint64       `json:"-"` // a seed that has had no part in anything
	// Scaled says that the budget is not what the plan spends. Then the plan at the budget is what has to be beaten,
	// and in any case Rival, by Over.
	Scaled      bool              `json:"-"`
	Rival, Over analysis.Estimate `json:"-"`
	Relative    float64           `json:"-"` // Over as a part of Rival, NaN: of nothing, or of a loss
	Unchanged   bool              `json:"-"` // what was found is the plan as it is
	// Verdict says whether the plan that was found is better.
	Verdict  decide.Verdict   `json:"-"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`

	set *edit.LeverSet
}

// Lever is a lever at the plan that was found.
type Lever struct {
	Lever     string           `json:"lever"`
	Group     string           `json:"group,omitempty"`
	Multiple  float64          `json:"multiple"`
	PlanSpend float64          `json:"plan_spends"`
	Spend     float64          `json:"best_spends"`
	Started   bool             `json:"started,omitempty"` // the plan has it at 0
	Marginal  *search.Marginal `json:"marginal,omitempty"`
	// Brings is what the change of this lever brings: the plan that was found, less that with this lever as the plan
	// has it.
	Brings *analysis.Estimate `json:"change_brings,omitempty"`
}

// FrontierPlan is a plan that no other beat in both the metric and the chance to go out of business.
type FrontierPlan struct {
	Value     analysis.Estimate `json:"value"`
	Gain      analysis.Estimate `json:"gain"`
	Ruin      analysis.Estimate `json:"out_of_business"`
	Spend     float64           `json:"spends"`
	Multiples []float64         `json:"multiples"`
}

// asked is an answer with what is known before anything is run.
func (c *Course) asked() *Answer {
	a := &Answer{Scenario: c.Plan.Name, Metric: c.objective.Text, Weeks: int(c.Plan.Run.Weeks),
		Seeds:        [3]uint64{c.seed(searching), c.seed(choosing), c.seed(judging)},
		Replications: c.Replications, HoldOut: c.HoldOut, Budget: c.space.Budget, PlanSpend: c.set.Spend(c.set.Plain()),
		Inputs: c.inputs, Currency: currency.Of(c.Plan.Run.Currency).Code, Column: c.objective.Column, Less: c.objective.Less,
		Idle: c.set.Idle, Unused: c.seed(unused), set: c.set}
	if m := c.objective.Metric; m.When == nil {
		a.Outcome = m.Outcome
	}
	if c.Frontier {
		a.FrontierReplications = c.HoldOut
	}
	return a
}

// judge takes what the hold-out says of the plan as it is, the plan at the budget and the one that was found.
func (c *Course) judge(a *Answer, plan, split, best *analysis.Sample) (err error) {
	var splitRuin analysis.Estimate
	for _, e := range []struct {
		into, ruin *analysis.Estimate
		s          *analysis.Sample
	}{{&a.Plan, &a.PlanRuin, plan}, {&a.Split, &splitRuin, split}, {&a.Best, &a.BestRuin, best}} {
		if *e.into, err = c.objective.Estimate(e.s); err != nil {
			return err
		}
		ruin, err := e.s.Headline(ruinColumn)
		*e.ruin = ruin
		if err == nil && ruin.Value > 0 && a.FrontierReplications == 0 {
			a.FrontierReplications = max(2, c.HoldOut/frontierPart) // of all of it, whatever it took to know the gain
			c.total += (mostFrontier + 1) * a.FrontierReplications
		}
	}
	if a.Gain, err = c.objective.Difference(plan, best); err != nil {
		return err
	}
	if a.OverSplit, err = c.objective.Difference(split, best); err != nil {
		return err
	}
	if a.Constraints, err = search.Hold(c.constraints, best); err != nil {
		return err
	}
	a.Offered = search.Met(a.Constraints)
	a.Spend, a.SplitSpend = c.set.Spend(a.Multiples), c.set.Spend(c.space.Proportional())
	for i, l := range c.set.Levers {
		spend := c.set.SpendOn(i, a.Multiples)
		if l.Group == "" {
			spend = 0
		}
		a.Levers = append(a.Levers, Lever{Lever: l.Name, Group: l.Group, Multiple: a.Multiples[i], PlanSpend: l.Spend,
			Spend: spend, Started: l.Starts > 0 && spend > 0})
	}
	return nil
}

// conclude says what the numbers amount to.
func (a *Answer) conclude() {
	a.Scaled = scaled(a.Budget, a.PlanSpend)
	a.Rival, a.Over = a.Plan, a.Gain
	if a.Scaled {
		a.Rival, a.Over = a.Split, a.OverSplit
	}
	a.Relative = analysis.RelativeTo(a.Rival, a.Over.Times(1/a.Rival.Value)).Value
	a.Stops = a.stops()
	a.Unchanged = slices.Equal(a.Multiples, a.set.Plain())
	a.Verdict = a.verdict()
	a.Warnings = a.tooFewRuns()
	a.Next = []decide.Step{{Question: "compare"}}
	if !a.Offered {
		a.Next = []decide.Step{{Question: "respond"}}
	}
}

// FailsAlways says whether the company goes out of business in every run of the plan and of the one that was found.
func (a *Answer) FailsAlways() bool {
	return a.PlanRuin.Known() && a.PlanRuin.Value == 1 && a.BestRuin.Known() && a.BestRuin.Value == 1
}

// scaled says whether a budget is another than what the plan spends.
func scaled(budget, plan float64) bool { return math.Abs(budget-plan) >= 0.005 }

// verdict says whether the plan that was found is better than what it has to beat.
func (a *Answer) verdict() decide.Verdict {
	over := a.Over
	if a.Less {
		over = over.Minus()
	}
	switch {
	case !a.Offered:
		return decide.Verdict{Kind: decide.No, Why: "none was found that keeps " + strings.Join(a.Broken(), " and ")}
	case !over.Known() && a.Rival.Never() && a.Best.Known() && a.Less: // what never ends is never the better one
		return decide.Verdict{Kind: decide.Yes}
	case !over.Known():
		return decide.Verdict{Kind: decide.NotApplicable, Why: cmp.Or(a.Best.Reason, a.Rival.Reason, "it has no value")}
	}
	v := decide.Gains(over)
	if v.Kind != decide.Yes && a.Unchanged {
		return decide.Verdict{Kind: decide.No, Why: "it is the best of them"}
	}
	return v
}

// tooFewRuns are the warnings that more would be needed.
func (a *Answer) tooFewRuns() (out []decide.Warning) {
	if a.HoldOut < decide.FewPairs {
		out = append(out, decide.FewRuns{Has: a.HoldOut, Enough: HoldOut, Of: "run", For: "to judge a plan by",
			Part: "hold-out"})
	}
	if a.Evaluations < 10*len(a.Levers) {
		out = append(out, decide.FewRuns{Has: a.Evaluations, Enough: Evaluations, Of: "evaluation", Part: "evaluations"})
	}
	return out
}

// Broken names the constraints that are not met.
func (a *Answer) Broken() (out []string) {
	for _, h := range a.Constraints {
		if h.Verdict != analysis.Met {
			out = append(out, h.Constraint)
		}
	}
	return out
}

// ChoicePairs are those on which the plan was chosen.
func (a *Answer) ChoicePairs() int { return again * a.Replications }

// ByMove are the levers, those first whose spend moves most.
func (a *Answer) ByMove() []Lever {
	rows := slices.Clone(a.Levers)
	slices.SortStableFunc(rows, func(x, y Lever) int {
		return cmp.Compare(math.Abs(y.Spend-y.PlanSpend), math.Abs(x.Spend-x.PlanSpend))
	})
	return rows
}

// Text is the plan that was found as a scenario that extends another; overrides are those of it that the plan had.
func (a *Answer) Text(extends string, overrides []string) string {
	return a.set.Scenario(extends, a.Scenario+", optimised for "+a.Metric, overrides, a.Multiples)
}
