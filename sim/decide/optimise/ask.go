// Package optimise asks which plan is best for a budget: some numbers of a plan are levers, a search tries plans, and
// the one that it chose is judged on chance that had no part in the choice.
//
// What is run follows from what was seen, so an ask has no design but a [Course] of rounds: the search, the choice
// among its leading plans, the hold-out, the levers moved from the best plan, and the frontier. Package search knows
// how to look; here is what is asked, run and answered.
package optimise

import (
	"errors"
	"fmt"
	"slices"

	"windfall/model"
	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/search"
)

// Defaults of an ask: of the hold-out at most, in rounds of Round. Below FewMarginal pairs values at the margin are
// doubtful.
const (
	Evaluations  = 300
	Replications = 60
	HoldOut      = 2000
	Round        = 250
	FewMarginal  = 50
)

// Sizes of the rounds after the search.
const (
	shortlist     = 6  // plans that are looked at again before one is chosen
	again         = 2  // times the replications of the search, for that
	mostFrontier  = 8  // plans of the frontier at most
	frontierPart  = 5  // the part of the hold-out, at most, on which the frontier is judged unless asked for
	marginalParts = 20 // the part of a hold-out that was asked for on which each lever is moved
	ruinColumn    = "out_of_business"
)

// The stages of a course with seeds of their own, one after the other.
const (
	searching = iota
	choosing
	judging
	unused // a seed that has had no part in anything
)

// Ask is a question about the levers of a plan.
type Ask struct {
	Plan *plan.Plan
	// Metric is what is made as good as can be, in the language of goals.
	Metric string
	Risk   string // cvar:5%: in the worst replications alone; empty: in all
	// Levers are groups (media, brand, sales) or keys, but for those to Keep. Bounds are multiples of what the plan
	// has, KEY=LO..HI each, or amounts that all levers of a name spend together. ByQuarter adds a multiplier for
	// each quarter.
	Levers, Keep, Bounds []string
	ByQuarter            bool
	// Budget is the most to spend on media, brand and sales pay over the run, in the currency of the plan; 0: what the
	// plan spends.
	Budget    float64
	SubjectTo []string // goals to keep
	// Frontier asks for plans that no other beats in both the metric and the chance to go out of business.
	Frontier bool
	// Plans to try, replications of each, and replications that judge the one that was found; 0: the defaults, of the
	// last as many as it takes.
	Evaluations, Replications, HoldOut int
}

// ParseBudget reads an amount in the currency of a plan, such as 2_500_000 or 2.5M; 0 of no text. The error is a
// *decide.Problem.
func ParseBudget(text string, p *plan.Plan) (float64, error) {
	return decide.ParseAmount("budget", text, p)
}

// A BudgetError is of a budget that no plan within the bounds keeps.
type BudgetError struct {
	Budget, Least float64 // asked for, and what is spent with every lever at its lower bound
	Currency      string
}

// Error implements error.
func (e *BudgetError) Error() string {
	return fmt.Sprintf("budget %v %s: too little; with every lever at its lower bound the plan spends %v", e.Budget,
		e.Currency, e.Least)
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	columns     []plan.Column
	objective   *search.Objective
	constraints []*search.Constraint
	set         *edit.LeverSet
	space       *search.Space
	measures    []panel.Measure
	inputs      int  // that are uncertain
	inRounds    bool // the hold-out goes on until the gain is known
}

// check finds what is wrong with an ask: the error is a *decide.Problem or a *BudgetError.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a, columns: model.NewSchema(a.Plan).Outcomes, inRounds: a.HoldOut == 0}
	for _, n := range []struct {
		of        *int
		otherwise int
	}{{&c.Evaluations, Evaluations}, {&c.Replications, Replications}, {&c.HoldOut, HoldOut}} {
		if *n.of == 0 {
			*n.of = n.otherwise
		}
	}
	if c.HoldOut < 2 {
		return nil, decide.Wrong("hold-out", fmt.Sprint(c.HoldOut), "two replications at least are needed to judge "+
			"a plan")
	}
	if err := c.goals(); err != nil {
		return nil, err
	}
	if err := c.levers(); err != nil {
		return nil, err
	}
	var err error
	if c.inputs, err = decide.InputsOf(c.Plan); err != nil {
		return nil, err
	}
	// Constraints and a frontier are judged on all of it, and so is what replications do not add up to.
	c.inRounds = c.inRounds && len(c.constraints) == 0 && !c.Frontier && c.objective.Adds()
	return c, nil
}

// goals reads what is to be good, and what is to be kept.
func (c *checked) goals() (err error) {
	var risk *search.RiskError
	switch c.objective, err = search.NewObjective(c.Metric, c.Risk, c.columns); {
	case errors.As(err, &risk):
		return decide.Wrong("risk", risk.Risk, "%s", risk.Wrong)
	case err != nil:
		return decide.Invalid("maximise", err)
	}
	names := c.objective.Outcomes()
	for _, text := range c.SubjectTo {
		goal, err := search.NewConstraint(text, c.columns)
		if err != nil {
			return decide.Invalid("subject-to", err)
		}
		c.constraints, names = append(c.constraints, goal), append(names, goal.Metric.Outcomes()...)
	}
	for _, name := range append(names, ruinColumn) {
		if m := (panel.Measure{Column: name}); !slices.Contains(c.measures, m) {
			c.measures = append(c.measures, m)
		}
	}
	return nil
}

// levers finds what can be moved, and how far.
func (c *checked) levers() (err error) {
	if c.set, err = edit.NewLevers(c.Plan, c.Levers, c.Bounds, c.ByQuarter, c.Keep...); err != nil {
		return decide.OfEdit(err)
	}
	c.space = &search.Space{Spend: func(x []float64) float64 { return c.set.Spend(c.set.Within(x)) }, Budget: c.Budget}
	for _, l := range c.set.Levers {
		c.space.Levers = append(c.space.Levers, search.Lever{Name: l.Name, Low: l.Low, High: l.High, Steps: l.Steps,
			Spend: l.Unit(), Scales: l.Group == edit.Quarters || l.Starts > 0})
	}
	if c.Budget == 0 {
		c.space.Budget = c.set.Spend(c.set.Plain())
	}
	if least := c.space.Least(); !c.space.Fits(least) {
		return &BudgetError{c.space.Budget, c.space.Spend(least), currency.Of(c.Plan.Run.Currency).Code}
	}
	return nil
}

// seed is the seed of a stage.
func (c *checked) seed(stage int) uint64 {
	return (uint64(c.Plan.Run.Seed) + uint64(stage)) % (1 << 53) // what a scenario can hold
}

// design runs plans side by side, in a stage, with the levers at xs.
func (c *checked) design(stage, replications int, xs ...[]float64) *decide.Design {
	d := &decide.Design{Seed: c.seed(stage), Replications: replications}
	for i, x := range xs {
		name := "plan"
		if i > 0 {
			name = fmt.Sprintf("plan %d", i+1)
		}
		d.Settings = append(d.Settings, decide.Setting{Name: name, Plan: c.set.Plan(x)})
		d.Keep(name, c.measures...)
	}
	return d
}

// First is the design of the plan as it is, in which all others differ by their levers alone.
func (c *Course) First() *decide.Design { return c.design(searching, c.Replications, c.set.Plain()) }

// Highest is the plan with each lever at its upper bound: no other is farther from the plan as it is.
func (c *Course) Highest() *plan.Plan {
	x := c.set.Plain()
	for i, l := range c.set.Levers {
		x[i] = l.High
	}
	return c.set.Plan(x)
}
