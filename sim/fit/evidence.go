package fit

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// test is a piece of evidence: the history and the same without the change (or, where it was tried in some regions
// alone, with it) are run in pairs.
type test struct {
	evidence   *company.Evidence
	start      plan.Date
	regions    []int // none: all
	historyHas bool  // the change: the other plan is the one without
	given, sd  float64
}

// usualWeeks before a test say what would have been spent where nothing was.
const usualWeeks = 13

// newTest reads a piece of evidence, and the change that makes the other plan of its pairs.
func newTest(p *plan.Plan, h *company.History, e *company.Evidence) (t test, c plan.Change, err error) {
	t = test{evidence: e, start: p.Run.Start, given: (e.Low + e.High) / 2, sd: (e.High - e.Low) / (2 * learned.Reach90),
		historyHas: len(e.Regions) == 0}
	part := "evidence " + e.Name
	known := []company.Outcome{company.Leads, company.Signups, company.Won, company.Revenue}
	switch {
	case !(t.sd > 0) || math.IsInf(t.sd, 0):
		return t, c, problem(part, "its interval is from %g to %g: low must be below high", e.Low, e.High)
	case e.From < h.From() || e.Until > h.To() || e.From >= e.Until:
		return t, c, problem(part, "%s to %s does not lie in the history, %s to %s", e.From, e.Until, h.From(), h.To())
	case len(e.Channels) == 0:
		return t, c, problem(part, "it names no channel")
	case !(e.Factor >= 0) || e.Factor == 1 || math.IsInf(e.Factor, 0):
		return t, c, problem(part, "a spend of %g times the usual changes nothing", e.Factor)
	case !slices.Contains(known, e.Outcome):
		return t, c, problem(part, "the outcome is %q: one of leads, signups, won, revenue is wanted", e.Outcome)
	case e.Outcome == company.Revenue && len(e.Regions) > 0:
		return t, c, problem(part, "revenue is not known by region; use leads, signups or won")
	}
	for _, name := range e.Regions {
		r := slices.Index(p.Dimension("region"), name)
		if r < 0 {
			return t, c, problem(part, "there is no region %q", name)
		}
		t.regions = append(t.regions, r)
	}
	c = p.Final("evidence-"+e.Name, e.From, e.Until)
	for _, name := range e.Channels {
		effect, err := t.effect(p, h, name)
		if err != nil {
			return t, c, err
		}
		c.Effects = append(c.Effects, effect)
	}
	return t, c, nil
}

// effect is what makes the other plan of a channel's or medium's spend.
func (t *test) effect(p *plan.Plan, h *company.History, name string) (plan.Effect, error) {
	key := plan.JoinKey("channels", name, "weekly_budget")
	if slices.Contains(p.Dimension("medium"), name) {
		key = plan.JoinKey("media", name, "weekly_budget")
	} else if !slices.Contains(p.Dimension("channel"), name) {
		return plan.Effect{}, problem("evidence "+t.evidence.Name, "there is no channel or medium %q", name)
	}
	e := plan.Effect{Key: key, Multiply: true, Value: t.evidence.Factor, Input: -1}
	switch {
	case !t.historyHas:
	case t.evidence.Factor > 0:
		e.Value = 1 / t.evidence.Factor
	default: // nothing was spent; before, this much was
		usual := usualSpend(h, name, t.evidence.From)
		if !(usual > 0) {
			return e, problem("evidence "+t.evidence.Name, "no spend of %s is known before %s", name, t.evidence.From)
		}
		e.Multiply, e.Value = false, usual
	}
	return e, nil
}

// usualSpend is the mean spend per week before a day.
func usualSpend(h *company.History, name string, before plan.Date) float64 {
	x := h.Channel(name)
	if x == nil || x.Spend == nil {
		return math.NaN()
	}
	sum, weeks := 0.0, 0.0
	for i := len(h.Periods) - 1; i >= 0 && weeks < usualWeeks; i-- {
		if p := h.Periods[i]; p.To <= before && !math.IsNaN(x.Spend[i]) {
			sum += x.Spend[i]
			weeks += p.Weeks()
		}
	}
	return sum / weeks
}

// read gives the change of a pair, in the units of the evidence.
func (t *test) read(history, other *export.Panel, share float64) float64 {
	with, without := t.count(history), t.count(other)
	if !t.historyHas {
		with, without = without, with
	}
	if t.evidence.Relative {
		if without <= 0 {
			return 0
		}
		return with/without - 1
	}
	return (with - without) / share
}

// count is the outcome over the days of the test.
func (t *test) count(x *export.Panel) (sum float64) {
	weeks := func(column []float64) {
		for week, n := range column {
			from := t.start + plan.Date(week*plan.DaysPerWeek)
			days := min(t.evidence.Until, from+plan.DaysPerWeek) - max(t.evidence.From, from)
			if days > 0 {
				sum += float64(n * (float64(days) / plan.DaysPerWeek))
			}
		}
	}
	if t.evidence.Outcome == company.Revenue {
		weeks(x.Of("revenue"))
		return sum
	}
	by := map[company.Outcome][][]float64{company.Leads: x.Leads, company.Signups: x.Signups,
		company.Won: x.Won}[t.evidence.Outcome]
	for r, column := range by {
		if len(t.regions) == 0 || slices.Contains(t.regions, r) {
			weeks(column)
		}
	}
	return sum
}
