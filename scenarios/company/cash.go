package company

import (
	"math"

	"windfall/model/plan"
)

// CashAtStart is the cash on the first day of the history: that at the end of the first period that has it, without
// what came in and went out until then. NaN where the history has no cash. Where it has no revenue either, as much came
// in as in the periods that follow.
func (c *Company) CashAtStart() float64 {
	h := &c.History
	first, next := -1, -1
	for i, x := range h.Cash {
		switch {
		case math.IsNaN(x):
		case first < 0:
			first = i
		case next < 0:
			next = i
		}
	}
	if first < 0 {
		return math.NaN()
	}
	cash, known := h.Cash[first], true
	for i := range first + 1 {
		came := c.cameIn(i)
		known = known && !math.IsNaN(came)
		cash -= came
	}
	switch {
	case known:
		return cash
	case next < 0:
		return h.Cash[first]
	}
	perDay := (h.Cash[next] - h.Cash[first]) / float64(h.Periods[next].To-h.Periods[first].To)
	return h.Cash[first] - float64(perDay*float64(h.Periods[first].To-h.From()))
}

// cameIn is what came in in a period less what went out: revenue without the cost of service, spend, pay and fixed
// cost. NaN: the revenue is not known.
func (c *Company) cameIn(i int) float64 {
	h, p := &c.History, c.History.Periods[i]
	months := 1.
	if !h.Monthly {
		months = p.Weeks() / plan.WeeksPerMonth
	}
	margin := 0.
	for j := range c.Products {
		margin += c.Products[j].GrossMargin.Value / float64(len(c.Products))
	}
	out := float64(months * c.FixedCostPerMonth.Value)
	for j := range h.Channels {
		out += zeroIfNaN(at(h.Channels[j].Spend, i))
	}
	for j := range c.Teams {
		if t := &c.Teams[j]; t.Kind == "people" && t.PayPerYear.Known() {
			out += float64(months / 12 * t.PayPerYear.Value * t.peopleIn(p))
		}
	}
	return float64(margin*at(h.Revenue, i)) - out
}

// peopleIn is how many people a team had in a period, on average.
func (t *Team) peopleIn(p Period) float64 {
	sum := 0.
	for day := p.From; day < p.To; day++ {
		sum += t.HeadsOn(day)
	}
	return sum / float64(p.To-p.From)
}
