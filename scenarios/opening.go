package scenarios

import (
	"slices"

	"windfall/model/plan"
)

// OpeningDifference gives the first key by which two plans start from other states: a
// value of the opening plan on its first day that the state of the run's first day
// depends on, or the regime of that day. A difference between two such plans is not
// due to what they do from the first day on.
func OpeningDifference(a, b *plan.Plan) (Difference, bool) {
	if x, y := firstRegime(a), firstRegime(b); x != y {
		return Difference{Key: "economy.start_regime", A: quote(x), B: quote(y)}, true
	}
	if a.OpeningPlan != nil && a.OpeningPlan == b.OpeningPlan {
		return Difference{}, false // plans of one Base share it
	}
	for _, d := range diff(firstDay(openingOf(a)), firstDay(openingOf(b)), "") {
		segs, err := plan.SplitKey(d.Key)
		if err != nil || segs[0] == "goals" || segs[0] == "draws" && segs[2] == "file" {
			continue
		}
		if pattern, ok := patternOf(segs); !ok || !leavesOpening(pattern) {
			return d, true
		}
	}
	return Difference{}, false
}

// firstRegime is the regime of the run's first day, which the burn-in has too.
func firstRegime(p *plan.Plan) string {
	regime := p.Economy.StartRegime
	if p.Economy.Regime == "random" {
		return regime
	}
	for _, x := range p.Economy.Path {
		if x.From <= p.Run.Start {
			regime = x.Regime
		}
	}
	return regime
}

// leavesOpening says whether the state of the first day does not depend on a key of
// the opening plan: what acts from that day on, by the run's own plan, and money. A
// test changes every other key and sees the run change.
func leavesOpening(pattern string) bool {
	return slices.Contains([]string{
		"title", "question", "baseline", "run.start", "run.weeks", "run.currency", "run.step", "run.replications", "run.seed",
		"opening.plan",
		"population.growth_per_year", "population.smb_employees", "population.smb_sales",
		"population.industries.*.revenue_per_employee",
		"economy.regime", "economy.start_regime", "economy.path", "economy.expansion_months", "economy.recession_months",
		"economy.recession.churn",
		"brand.salience_half_life_weeks", "brand.equity_half_life_weeks",
		"channels.*.adstock_half_life_weeks", "channels.*.fee_per_lead", "channels.*.fee_per_customer",
		"channels.*.fee_in_monthly_bills", "channels.*.revenue_share",
		"channels.*.churn", "channels.*.deal_size",
		"products.*.price_for_all", "products.*.onboarding_cost", "products.*.cost_of_revenue_share",
		"products.*.cost_to_serve_per_month",
		"teams.*.commission_share", "teams.*.commission_per_win", "teams.*.pay_per_year", "teams.*.ramp_start",
		"teams.*.ramp_weeks",
		"teams.*.hire_when_load_above", "teams.*.hire_step", "teams.*.lead_time_weeks",
		"customers.churn_multiplier",
		"channels.*.monthly_budget", "media.*.monthly_budget", "finance.fixed_cost_per_month", // turned into those by week
		"customers.price_churn_lasting", "customers.price_churn_transient", "customers.price_churn_half_life_weeks",
		"rivals.media_per_week",
		"finance.opening_cash", "finance.fixed_cost_per_week", "finance.discount_rate", "finance.ltv_horizon_years",
		"finance.rounds.*.date", "finance.rounds.*.amount", "finance.rounds.*.delay_weeks",
		"cash_rules.*.below", "cash_rules.*.cut_media", "cash_rules.*.cut_brand", "cash_rules.*.freeze_hiring",
	}, pattern)
}
