package metric

import (
	"math"

	"windfall/model"
	"windfall/model/plan"
)

// Settled says of a goal whether what its numbers can be decides it before any run: it holds whatever happens, or
// it cannot hold.
func (g *Goal) Settled() (always, never bool) {
	low, high := g.Metric.reach()
	return settled(low, high, g.Sign, g.Bound)
}

// reach is the range in which the metric lies whatever happens.
func (m *Metric) reach() (low, high float64) {
	if m.When == nil {
		return reach(&m.columns[find(m.columns, m.Outcome)])
	}
	switch always, never := m.When.root.settled(m.columns); {
	case always:
		return 1, 1
	case never:
		return 0, 0
	}
	return 0, 1
}

// reach is where the numbers of a column lie, those beyond all numbers included.
func reach(c *plan.Column) (low, high float64) {
	low, high = c.Range()
	if c.Never != "" {
		high = math.Inf(1)
	}
	return low, high
}

// settled says whether a comparison with a bound holds for all numbers of a range, or for none.
func settled(low, high float64, sign string, bound float64) (always, never bool) {
	switch sign {
	case "<=":
		return high <= bound, low > bound
	case "<":
		return high < bound, low >= bound
	case ">=":
		return low >= bound, high < bound
	case ">":
		return low > bound, high <= bound
	case "==":
		return low == bound && high == bound, bound < low || bound > high
	}
	never, always = settled(low, high, "==", bound) // !=
	return always, never
}

// settled says whether a part of a condition holds in every replication that has the numbers, or in none.
func (n *clause) settled(columns []plan.Column) (always, never bool) {
	switch n.kind {
	case "compare":
		low, high := reach(&columns[find(columns, n.outcome)])
		return settled(low, high, n.sign, n.bound)
	case "not":
		never, always = n.parts[0].settled(columns)
		return always, never
	}
	some, all := [2]bool{}, [2]bool{true, true} // always, never
	for i := range n.parts {
		a, v := n.parts[i].settled(columns)
		some = [2]bool{some[0] || a, some[1] || v}
		all = [2]bool{all[0] && a, all[1] && v}
	}
	if n.kind == "and" {
		return all[0], some[1]
	}
	return some[0], all[1]
}

// SettledGoal says why a goal of a plan is decided before any run, or "". A goal that cannot be read is told elsewhere.
func SettledGoal(p *plan.Plan, text string) string {
	g, err := ParseGoal(text, model.NewSchema(p).Outcomes)
	if err != nil {
		return ""
	}
	for _, name := range g.Metric.Outcomes() {
		if why := model.NoNumber(name, int(p.Run.Weeks)); why != "" {
			return name + " has no number: " + why
		}
	}
	switch always, never := g.Settled(); {
	case always:
		return "holds in every run"
	case never:
		return "holds in no run"
	}
	return ""
}
