package scenarios

import (
	"fmt"
	"math"
	"strings"

	"windfall/model"
)

// The largest numbers that a plan may hold where the table of parameters sets no
// end. They are far beyond any market, and small enough that nothing made of them
// overflows.
const (
	mostMoney  = 1e12 // USD, or USD a week, month, year
	mostFactor = 1e6  // a multiplier
	mostNumber = 1e9  // anything else: weeks, customers
	leastSize  = 1e-15
	// mostCash is what may pass through the cash of a run: it is counted in cents, in
	// 64 bits.
	mostCash = 9e15
)

// largest is the end of a key's range.
func largest(p model.Param) float64 {
	switch {
	case !math.IsInf(p.High, 1):
		return p.High
	case strings.HasPrefix(p.Unit, "USD"):
		return mostMoney
	case p.Unit == "multiplier":
		return mostFactor
	}
	return mostNumber
}

// problem says what is wrong with a number of a key; empty: nothing.
func problem(x float64, p model.Param) string {
	if !p.Allows(x) {
		return outOfRange(x, p)
	}
	unit := p.Unit
	if unit != "" {
		unit = " (" + unit + ")"
	}
	switch size, most := math.Abs(x), largest(p); {
	case size > most:
		return fmt.Sprintf("is larger than any real one: at most %s%s", model.FormatNumber(most), unit)
	case size > 0 && size < leastSize:
		return fmt.Sprintf("is too small to tell from 0: at least %s%s", model.FormatNumber(leastSize), unit)
	}
	return ""
}

// tail says whether rare draws of a distribution are absurd; empty: they are not.
func tail(d model.Dist, p model.Param) string {
	if x, most := d.Quantile(0.999), largest(p); !(x <= most) {
		return fmt.Sprintf("one draw in 1,000 lies above %s, larger than any real one: at most %s (%s); narrow the distribution", short(x), model.FormatNumber(most), p.Unit)
	}
	return ""
}

// checkMoney keeps all that could pass through the cash of a run within what cash
// can count.
func (b *builder) checkMoney() {
	p := b.plan
	weeks := p.Run.Weeks + p.Opening.BurnInWeeks
	months := weeks / model.WeeksPerMonth
	firms, people := p.Population.Firms, 0.0
	for _, s := range p.Population.Sizes {
		people += firms * s.Share * s.Highest
	}
	check := func(key string, usd float64, what string) bool {
		if usd <= mostCash {
			return true
		}
		b.wrong(key, "%s could come to %s USD in a run; cash is counted up to %s", what, short(usd), model.FormatNumber(mostCash))
		return false
	}
	split := func(s model.Split) (usd float64) {
		for _, x := range s.Parts {
			usd += x
		}
		return usd + s.Total
	}
	t := model.NewTimeline(p)
	t.SetFixed()
	var last *model.Plan
	for step := range t.Steps() {
		q := t.Plan(step)
		if q == last {
			continue
		}
		last = q
		for i := range q.Products {
			x := &q.Products[i]
			key := "products." + model.JoinKey(x.Name)
			if !check(key+".price", people*x.Adoption*x.Price*months, "what all firms would pay") ||
				!check(key+".cost_to_serve_per_month", firms*x.CostToServePerMonth*months, "what it costs to serve all firms") ||
				!check(key+".onboarding_cost", firms*x.OnboardingCost, "what it costs to take all firms on") {
				return
			}
		}
		var spend float64
		for i := range q.Channels {
			x := &q.Channels[i]
			key := "channels." + model.JoinKey(x.Name)
			spend += x.WeeklyBudget
			if !check(key+".weekly_budget", spend*weeks, "what channels spend") ||
				!check(key+".fee_per_lead", firms*x.FeePerLead, "fees for all firms") || !check(key+".fee_per_customer", firms*x.FeePerCustomer, "fees for all firms") {
				return
			}
		}
		for i := range q.Media {
			spend += split(q.Media[i].WeeklyBudget)
			if !check("media."+model.JoinKey(q.Media[i].Name)+".weekly_budget", spend*weeks, "what channels and brand media spend") {
				return
			}
		}
		for i := range q.Teams {
			x := &q.Teams[i]
			if !check("teams."+model.JoinKey(x.Name)+".pay_per_year", x.People*x.PayPerYear*weeks/model.WeeksPerYear, "what the team is paid") {
				return
			}
		}
		if !check("finance.fixed_cost_per_week", q.Finance.FixedCostPerWeek*weeks, "fixed cost") {
			return
		}
	}
}
