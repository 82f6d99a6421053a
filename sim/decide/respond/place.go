package respond

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Kinds of places where a dollar may go.
const (
	Channel = "channel"
	Brand   = "brand medium"
	Team    = "team"
)

// place is where a dollar may go.
type place struct {
	name   string // unique among places
	kind   string
	key    string // of the plan
	spend  float64
	change string  // what puts the amount there
	costs  float64 // of a team: the pay of those who are hired for it; else 0
}

// more names the setting with the amount on a place.
func (x place) more() string { return x.name + " more" }

// step names the setting that puts the next dollar there.
func (c *checked) step(at place) string {
	if c.Amount > 0 {
		return at.more()
	}
	return level(at.name, 1.5)
}

// placed gives the place of a name.
func (c *checked) placed(name string) place {
	return c.places[slices.IndexFunc(c.places, func(at place) bool { return at.name == name })]
}

// spending lists the places of a plan: those with a budget, and for an amount its teams too.
func (c *checked) spending() (out []place) {
	taken := map[string]bool{}
	for i := range c.Plan.Channels {
		if x := &c.Plan.Channels[i]; x.Enabled && x.Driver == "budget" {
			out = append(out, place{name: x.Name, kind: Channel, key: budgetKey(x.Name)})
			taken[x.Name] = true
		}
	}
	for i := range c.Plan.Media {
		if x := &c.Plan.Media[i]; x.Enabled {
			name := x.Name
			if taken[name] {
				name += " (brand)"
			}
			out = append(out, place{name: name, kind: Brand, key: "media." + plan.JoinKey(x.Name) + ".weekly_budget"})
			taken[name] = true
		}
	}
	if c.Amount == 0 {
		return out
	}
	planned, scheduled := plannedSpend(c.Plan), c.Plan.Moved("teams.*.people")
	weeks := float64(c.Plan.Run.Weeks)
	for i := range out {
		x := &out[i]
		if x.spend = planned[x.key]; x.spend > 0 {
			x.change = fmt.Sprintf("%s*=%.4g", x.key, 1+c.Amount/x.spend)
		} else {
			x.change = fmt.Sprintf("%s=%.4g", x.key, c.Amount/weeks)
		}
	}
	for i := range c.Plan.Teams {
		t := &c.Plan.Teams[i]
		pay := t.PayPerYear * weeks / plan.WeeksPerYear
		if !t.Enabled || t.Kind != "people" || !(pay > 0) {
			continue // that costs nothing cannot be given an amount
		}
		x := place{name: t.Name, kind: Team, key: "teams." + plan.JoinKey(t.Name) + ".people"}
		if taken[x.name] {
			x.name += " (team)"
		}
		hired := max(1, math.Round(c.Amount/pay)) // people are whole
		x.spend, x.costs = planned[x.key], hired*pay
		x.change = fmt.Sprintf("%s=%s", x.key, exact(t.People+hired))
		if slices.Contains(scheduled, x.key) && x.spend > 0 { // by schedule: that many more of the mean
			x.change = fmt.Sprintf("%s*=%.4g", x.key, 1+x.costs/x.spend)
		}
		out = append(out, x)
	}
	return out
}

// plannedSpend is what a plan means to spend over the run, by key.
func plannedSpend(plan *plan.Plan) map[string]float64 {
	out := map[string]float64{}
	for _, group := range []string{edit.Media, edit.Brand, edit.Sales} {
		set, err := edit.NewLevers(plan, []string{group}, nil, false)
		if err != nil {
			continue // nothing of the group is spent on
		}
		for _, l := range set.Levers {
			out[l.Name] = l.Spend
		}
	}
	return out
}

// breakEven is what a dollar has to bring of a metric to come back: 0 where the metric counts the dollar as a cost, 1
// where it does not; none where the metric is not money that a dollar could come back as.
func breakEven(m *metric.Metric) *float64 {
	var at float64
	if m.When != nil {
		return nil // a chance
	}
	switch m.Column.Name {
	case "lifetime_margin", panel.BusinessValue, "cash_end":
	case "revenue", "gross_margin", "ltv_total":
		at = 1
	default:
		return nil
	}
	return &at
}
