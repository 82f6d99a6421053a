package scenarios

import (
	"slices"
	"strings"

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
	x, y := openingOf(a), openingOf(b)
	replay := x.Opening.Replay && y.Opening.Replay
	if replay {
		if x, y := pastRegimes(a), pastRegimes(b); x != y {
			return Difference{Key: "economy.path", A: x, B: y}, true
		}
	}
	if a.OpeningPlan != nil && a.OpeningPlan == b.OpeningPlan {
		return Difference{}, false // plans of one Base share it
	}
	x, y = firstDay(x), firstDay(y)
	if replay {
		x, y = upTo(openingOf(a), a.Run.Start), upTo(openingOf(b), b.Run.Start)
	}
	for _, d := range diff(x, y, "") {
		segs, err := plan.SplitKey(d.Key)
		if err != nil || segs[0] == "goals" || segs[0] == "draws" && segs[2] == "file" {
			continue
		}
		if pattern, ok := patternOf(segs); !ok || !leavesOpening(pattern) || replay && replayed(pattern) {
			return d, true
		}
	}
	return Difference{}, false
}

// upTo is an opening plan without what its schedules set after a day.
func upTo(o *plan.Plan, day plan.Date) *plan.Plan {
	q := *o
	q.Schedules = nil
	for _, s := range o.Schedules {
		s.Entries = slices.DeleteFunc(slices.Clone(s.Entries), func(e plan.ScheduleEntry) bool { return e.From > day })
		for i := range s.Entries {
			if s.Entries[i].Until > day {
				s.Entries[i].Until = 0
			}
		}
		if len(s.Entries) > 0 {
			q.Schedules = append(q.Schedules, s)
		}
	}
	return &q
}

// pastRegimes are the regimes of a scripted economy up to the first day.
func pastRegimes(p *plan.Plan) string {
	if p.Economy.Regime == "random" {
		return ""
	}
	var list []string
	for _, x := range p.Economy.Path {
		if x.From <= p.Run.Start {
			list = append(list, x.From.String()+" "+x.Regime)
		}
	}
	return p.Economy.StartRegime + ", " + strings.Join(list, ", ")
}

// replayed says whether the state of the first day depends on a key of the opening plan where that replays what came
// before, and does not otherwise.
func replayed(pattern string) bool {
	return slices.Contains([]string{"brand.salience_half_life_weeks", "brand.equity_half_life_weeks",
		"channels.*.adstock_half_life_weeks", "teams.*.ramp_start", "teams.*.ramp_weeks"}, pattern)
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
