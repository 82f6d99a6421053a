package scenarios

import (
	"fmt"

	"windfall/model/plan"
)

// mostCash is what may pass through the cash of a run: it is counted in cents, in 64
// bits.
const mostCash = 9e15

// tail says whether rare draws of a distribution are absurd; empty: they are not.
func tail(d plan.Dist, p plan.Param) string {
	if x := d.Quantile(0.999); !(x <= p.Most()) {
		return fmt.Sprintf("one draw in 1,000 lies above %s; %s; narrow the distribution", short(x), outOfRange(x, p))
	}
	return ""
}

// checkMoney keeps all that could pass through the cash of a run within what cash
// can count.
func (b *builder) checkMoney() {
	p := b.plan
	weeks := p.Run.Weeks + p.Opening.BurnInWeeks
	months := weeks / plan.WeeksPerMonth
	firms, people := p.Population.Firms, 0.0
	for _, s := range p.Population.Sizes {
		people += float64(firms * s.Share * s.Highest)
	}
	check := func(key string, usd float64, what string) bool {
		if usd <= mostCash {
			return true
		}
		b.wrong(key, "%s could come to %s %s in a run; cash is counted up to %s", what, short(usd), p.Run.Currency,
			plan.FormatNumber(mostCash))
		return false
	}
	split := func(s plan.Split) (usd float64) {
		for _, x := range s.Parts {
			usd += x
		}
		return usd + s.Total
	}
	for _, q := range p.During() {
		for i := range q.Products {
			x := &q.Products[i]
			key := "products." + plan.JoinKey(x.Name)
			payers := people * x.Adoption
			if x.PricePer == plan.PerFirm {
				payers = firms
			}
			if !check(key+".price", payers*x.Price*months, "what all firms would pay") ||
				!check(key+".cost_to_serve_per_month", firms*x.CostToServePerMonth*months, "what it costs to serve all firms") ||
				!check(key+".onboarding_cost", firms*x.OnboardingCost, "what it costs to take all firms on") {
				return
			}
		}
		var spend float64
		for i := range q.Channels {
			x := &q.Channels[i]
			key := "channels." + plan.JoinKey(x.Name)
			spend += float64(x.WeeklyBudget * x.SpendFactor(q))
			if !check(key+".weekly_budget", spend*weeks, "what channels spend") ||
				!check(key+".fee_per_lead", firms*x.FeePerLead, "fees for all firms") ||
				!check(key+".fee_per_customer", firms*x.FeePerCustomer, "fees for all firms") {
				return
			}
		}
		for i := range q.Media {
			spend += split(q.Media[i].WeeklyBudget)
			if !check("media."+plan.JoinKey(q.Media[i].Name)+".weekly_budget", spend*weeks,
				"what channels and brand media spend") {
				return
			}
		}
		for i := range q.Teams {
			x := &q.Teams[i]
			if !check("teams."+plan.JoinKey(x.Name)+".pay_per_year", x.People*x.PayPerYear*weeks/plan.WeeksPerYear,
				"what the team is paid") {
				return
			}
		}
		if !check("finance.fixed_cost_per_week", q.Finance.FixedCostPerWeek*weeks, "fixed cost") {
			return
		}
	}
}
