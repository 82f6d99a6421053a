package truth

import (
	"cmp"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// A Course is the two rounds of an ask: the worlds, then the plans whose budgets follow what was found in them, on
// another seed.
type Course struct {
	*checked
	rounds  int
	worlds  *panel.Panel
	budgets []budget
	answer  *Answer
}

var _ decide.Sequence = (*Course)(nil)

// budget is a plan whose media budget follows a rule, or the truth.
type budget struct {
	rule  string
	plan  *plan.Plan
	parts []float64 // of the whole, by channel of the plan; 0 where it has no budget
}

// byTruth names the budget that follows the paired worlds.
const byTruth = "the truth"

// Course begins the sequence. The error is a *decide.Problem.
func (a Ask) Course() (*Course, error) {
	checked, err := a.check()
	if err != nil {
		return nil, err
	}
	return &Course{checked: checked}, nil
}

// First is the design of the first round, and Runs how many runs it takes.
func (c *Course) First() *decide.Design { return c.design() }

// Worlds is the number of plans of the first round.
func (c *Course) Worlds() int { return len(c.checked.worlds) }

// Size is the number of runs of the first round.
func (c *Course) Size() int { return len(c.checked.worlds) * c.Replications }

// Design is what firms are listed from: the plan, and each world that is held against it.
func (c *Course) Design() *decide.Design {
	d := c.design()
	d.Settings = slices.DeleteFunc(slices.Clone(d.Settings), func(s decide.Setting) bool {
		return s.Name != base && !c.matched(s.Name)
	})
	return d
}

// Next implements decide.Sequence.
func (c *Course) Next(panels []*panel.Panel) (round []decide.Part, err error) {
	c.rounds++
	switch c.rounds {
	case 1:
		return []decide.Part{{Name: "worlds", Design: c.design()}}, nil
	case 2:
		c.worlds = panels[0]
		if err := c.design().Kept(c.worlds); err != nil {
			return nil, err
		}
		if c.answer, err = c.answered(c.worlds); err != nil {
			return nil, err
		}
		if err := c.follow(); err != nil || len(c.budgets) < 2 {
			return nil, err
		}
		return []decide.Part{{Name: "budgets", Turn: 1, Design: c.second()}}, nil
	}
	d := c.second()
	if err := d.Kept(panels[0]); err != nil {
		return nil, err
	}
	c.lost(panels[0])
	return nil, nil
}

// Progress implements decide.Sequence.
func (c *Course) Progress() (done, total int) {
	total = c.Size() + (len(analysis.Attributions)+2)*c.Replications
	if c.rounds > 1 {
		done = c.Size()
	}
	return done, total
}

// Answer is what a course came to that has no further round.
func (c *Course) Answer() *Answer { return c.answer }

// second is what is run in the end: the plan, and those whose budgets follow a rule.
func (c *Course) second() *decide.Design {
	d := &decide.Design{Replications: c.Replications, Seed: uint64(c.Plan.Run.Seed) + 1,
		Settings: []decide.Setting{{Name: base, Plan: c.checked.worlds[0].Plan}}}
	for _, b := range c.budgets {
		d.Settings = append(d.Settings, decide.Setting{Name: b.rule, Plan: b.plan})
	}
	for _, s := range d.Settings {
		d.Keep(s.Name, panel.Measure{Column: "lifetime_margin"})
	}
	return d
}

// follow makes the plans whose media budget is dealt out anew: the same money in all, to each channel with a budget in
// proportion to what its dollars are credited with, dollar by dollar, which is to its credit.
func (c *Course) follow() error {
	set, err := edit.NewLevers(c.checked.worlds[0].Plan, []string{edit.Media}, nil, false)
	if err != nil {
		return nil // no channel has a budget: there is nothing to deal out
	}
	total, spending := 0.0, 0
	for _, l := range set.Levers {
		if total += l.Spend; l.Spend > 0 { // one at 0 has no multiple, and stays at 0
			spending++
		}
	}
	deal := func(rule string, credit func(channel string) float64) {
		parts, sum := make([]float64, len(c.channels)), 0.0
		at := make([]int, len(set.Levers))
		for i, l := range set.Levers {
			at[i] = slices.IndexFunc(c.channels, func(name string) bool {
				return l.Name == "channels."+plan.JoinKey(name)+".weekly_budget"
			})
			if at[i] >= 0 && l.Spend > 0 {
				parts[at[i]] = max(0, credit(c.channels[at[i]]))
				sum += parts[at[i]]
			}
		}
		if !(sum > 0) || spending < 2 {
			return
		}
		x := set.Plain()
		for i, l := range set.Levers {
			if at[i] >= 0 && l.Spend > 0 {
				parts[at[i]] /= sum
				x[i] = total * parts[at[i]] / l.Spend
			}
		}
		c.budgets = append(c.budgets, budget{rule, set.Plan(x), parts})
	}
	if !c.answer.Whole {
		return nil // the truth of some channel with a budget is not known
	}
	deal(byTruth, func(name string) float64 { return c.answer.world(name).Won.Value })
	if len(c.budgets) == 0 {
		return nil
	}
	for _, r := range c.answer.Rules {
		deal(r.Rule, func(name string) float64 { return r.credit(name).Customers.Value })
	}
	return nil
}

// lost says what budgeting on each rule comes to.
func (c *Course) lost(p *panel.Panel) {
	margin := func(setting string) panel.Statistic {
		return p.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: "lifetime_margin"}})
	}
	for _, b := range c.budgets {
		x := Budget{Rule: b.rule, AgainstPlan: p.Difference(margin(base), margin(b.rule)),
			AgainstTruth: p.Difference(margin(byTruth), margin(b.rule))}
		for i, part := range b.parts {
			if part > 0 {
				x.Shares = append(x.Shares, Share{c.channels[i], part})
			}
		}
		c.answer.Budgets = append(c.answer.Budgets, x)
	}
	slices.SortStableFunc(c.answer.Budgets[1:], func(a, b Budget) int { // what is not known comes last
		return cmp.Compare(b.AgainstTruth.Value, a.AgainstTruth.Value)
	})
}
