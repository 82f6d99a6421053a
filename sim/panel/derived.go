package panel

import (
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// BusinessValue names what a plan leaves the vendor with: the number by which stress ranks. lifetime_margin is about
// the customers whom the run brings; this counts those of the first day, fixed cost and ruin as well. No replication
// reports it: it is made of numbers that it reports.
const BusinessValue = "business_value"

// Columns are the outcomes of a run and those that are made of them.
func Columns(s *plan.Schema) []plan.Column {
	cash := slices.IndexFunc(s.Outcomes, func(c plan.Column) bool { return c.Name == "cash_end" })
	return append(slices.Clone(s.Outcomes), plan.Column{Name: BusinessValue, Unit: s.Outcomes[cash].Unit,
		Direction: plan.More, Signed: true,
		Meaning: "Cash at the end of the run less what is prepaid, with what the customers of its last day still bring " +
			"(monthly recurring revenue at the run's margin, leaving at the run's rate, discounted, up to the LTV " +
			"horizon), its pipeline and the brand that it leaves; after ruin the cash alone."})
}

// businessValue gives the function that reads it.
func businessValue(p *plan.Plan, s *plan.Schema) func(*plan.Record) float64 {
	of := func(name string) func(*plan.Record) float64 {
		i := slices.IndexFunc(s.Outcomes, func(c plan.Column) bool { return c.Name == name })
		return func(r *plan.Record) float64 { return r.Outcomes[i] }
	}
	cash, ruined, mrr := of("cash_end"), of("out_of_business"), of("mrr")
	margin, shares, revenue := of("gross_margin"), of("revenue_shares"), of("revenue")
	lost, lived := of("customers_lost"), of("customer_months")
	pipeline, carried := of("pipeline_margin"), of("carry_over_margin")
	deferred := slices.IndexFunc(s.Weekly, func(c plan.Column) bool { return c.Name == "deferred_revenue" })
	horizon, discount := 12*p.Finance.LTVHorizonYears, rng.Log1p(p.Finance.DiscountRate)/12
	return func(r *plan.Record) float64 {
		if ruined(r) == 1 {
			return cash(r)
		}
		value := cash(r) - r.Weekly[(s.Weeks-1)*len(s.Weekly)+deferred] + pipeline(r) + carried(r)
		if mrr(r) == 0 || revenue(r) <= 0 {
			return value
		}
		fade := discount
		if lived(r) > 0 {
			fade += lost(r) / lived(r)
		}
		months := horizon
		if fade > 0 {
			months = -rng.Expm1(float64(-fade*horizon)) / fade
		}
		return value + float64(mrr(r)*(margin(r)-shares(r))/revenue(r)*months)
	}
}
