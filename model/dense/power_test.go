package dense_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"windfall/model"
)

// This file says what the comparison can see. A perturbation changes one number
// of a market on the engine's side only; the reference stays as it is.

// perturbation multiplies a number of a market.
type perturbation struct {
	market, key string
	factor      float64
}

// rates are the rates and chances of the model, each in the market that shows
// it best: a change of 5% must be seen with 99% power.
var rates = []perturbation{
	{"triggers", "triggers.move.rate_per_year", 1.05},
	{"triggers", "triggers.ageing.life_years", 1.05},
	{"triggers", "triggers.growth.growth_scale", 1.05},
	{"triggers", "triggers.move.industry", 1.05},
	{"triggers", "triggers.*.recession", 1.05},
	{"triggers", "triggers.*.window_weeks", 1.05},
	{"triggers", "triggers.move.visible", 1.05},
	{"triggers", "triggers.move.urgency", 1.05},
	{"triggers", "population.sizes.*.firm_death_per_year", 1.05},
	{"triggers", "journey.lock_in_years", 1.05},
	{"triggers", "population.growth_per_year", 1.05},
	{"triggers", "channels.list.targeting_cost", 1.05},
	{"triggers", "channels.search.reach.size", 0.95},
	{"channels", "channels.own-name.max_touches_per_week", 1.05},
	{"channels", "channels.paid.max_touches_per_week", 1.05},
	{"channels", "channels.referral.max_touches_per_week", 1.05},
	{"channels", "channels.word.max_touches_per_week", 1.05},
	{"channels", "channels.own-name.response", 1.05},
	{"channels", "channels.paid.response", 1.05},
	{"channels", "channels.referral.response", 1.05},
	{"channels", "channels.word.response", 1.05},
	{"channels", "channels.paid.half_saturation", 1.05},
	{"channels", "channels.referral.half_saturation_customers", 1.05},
	{"channels", "channels.word.half_saturation_equity", 1.05},
	{"channels", "channels.paid.weekly_budget", 1.05},
	{"channels", "channels.paid.reach.size", 0.95},
	{"channels", "brand.awareness_max", 1.05},
	{"channels", "brand.equity_half_life_weeks", 1.05},
	{"channels", "brand.salience_half_life_weeks", 1.05},
	{"channels", "media.radio.to_equity", 1.05},
	{"channels", "journey.touches_needed", 1.05},
	{"channels", "channels.word.weight", 1.05},
	{"queue", "teams.desk.opportunities_per_week", 1.05},
	{"queue", "teams.desk.win_rate", 1.05},
	{"queue", "teams.web.win_rate", 1.05},
	{"queue", "teams.agents.win_rate", 1.05},
	{"queue", "teams.desk.pay_per_year", 1.05},
	{"queue", "teams.agents.commission_share", 1.05},
	{"queue", "teams.desk.cycle_days", 1.05},
	{"queue", "teams.desk.answer_delay_hours", 1.05},
	{"queue", "teams.desk.speed_half_life_hours", 1.05},
	{"queue", "teams.desk.share", 0.95},
	{"queue", "population.sizes.*.firm_death_per_year", 1.05},
	{"customers", "customers.base_hazard", 1.05},
	{"customers", "customers.retained_12_months", 1.05},
	{"customers", "customers.churn_multiplier", 1.05},
	{"customers", "economy.recession.churn", 1.05},
	{"customers", "economy.recession.firm_death", 1.05},
	{"customers", "economy.recession.win_rate", 1.05},
	{"customers", "economy.recession.willingness", 1.05},
	{"customers", "population.sizes.*.firm_death_per_year", 1.05},
	{"customers", "customers.seat_growth_per_year", 1.05},
	{"customers", "customers.weibull_shape", 1.05},
	{"customers", "customers.frailty_variance", 1.05},
	{"customers", "channels.cheap.churn", 1.05},
	{"customers", "channels.good.deal_size", 1.05},
	{"customers", "channels.cheap.revenue_share", 1.05},
	{"customers", "channels.cheap.discount", 1.05},
	{"customers", "channels.good.fee_in_monthly_bills", 1.05},
	{"customers", "channels.cheap.fee_per_customer", 1.05},
	{"customers", "products.basic.price", 1.05},
	{"customers", "products.rich.price", 1.05},
	{"customers", "products.rich.adoption", 1.05},
	{"customers", "products.basic.cost_of_revenue_share", 1.05},
	{"customers", "products.basic.cost_to_serve_per_month", 1.05},
	{"customers", "products.basic.onboarding_cost", 1.05},
	{"customers", "products.basic.prepaid_share", 1.05},
	{"customers", "products.basic.prepaid_discount", 1.05},
	{"customers", "journey.willingness_median", 1.05},
	{"customers", "journey.willingness_sigma", 1.05},
	{"customers", "finance.discount_rate", 1.05},
	{"customers", "finance.ltv_horizon_years", 1.05},
	{"customers", "finance.fixed_cost_per_week", 1.05},
}

// perturbed builds a market's plan with a number changed.
func perturbed(m market, p perturbation) *model.Plan {
	plan := m.build()
	fields, err := plan.Fields(p.key)
	if err != nil {
		panic(err)
	}
	for _, f := range fields {
		switch x := f.Ptr.(type) {
		case *float64:
			*x *= p.factor
		case *[]float64:
			for i := range *x {
				if f.Entry < 0 || f.Entry == i {
					(*x)[i] *= p.factor
				}
			}
		default:
			panic(fmt.Sprintf("no number: %s", p.key))
		}
	}
	return plan
}

func marketNamed(name string) market {
	for _, m := range markets() {
		if m.name == name {
			return m
		}
	}
	panic("no market " + name)
}

// TestPower computes, for a change of 5% in each rate, the chance that the
// comparison of the size of make test sees it: the effect on each number is the
// difference of two engine runs with common random numbers, its error that of
// the comparison; the power of the number that shows it best counts, with the
// effect lowered by twice its own error.
func TestPower(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") == "" {
		t.Skip("set WINDFALL_VERIFY=1 for the table of power")
	}
	only := os.Getenv("WINDFALL_MARKET")
	bounds := [2]float64{bound(familyError/2, 800), bound(familyError/2, 7000)}
	t.Logf("%-10s %-45s %6s  %-45s %8s %6s", "market", "key", "factor", "seen best in", "effect/se", "power")
	base := map[string]numbers{}
	for _, p := range rates {
		if only != "" && only != p.market {
			continue
		}
		m := marketNamed(p.market)
		n := engineTimes * m.replications
		run := func(plan *model.Plan) numbers {
			x, err := fromEngine(plan, engineSeed, n, true)
			if err != nil {
				t.Fatalf("%s %s: %v", p.market, p.key, err)
			}
			return x
		}
		if base[m.name] == nil {
			base[m.name] = run(m.build())
		}
		name, score, z := bestView(base[m.name], run(perturbed(m, p)), bounds)
		power := 0.5 * math.Erfc(-z/math.Sqrt2)
		t.Logf("%-10s %-45s %6.2f  %-45s %8.1f %6.3f", p.market, p.key, p.factor, name, score, power)
		if power < 0.99 {
			t.Errorf("%s %s: power %.3f", p.market, p.key, power)
		}
	}
}

// bestView is the number that shows a perturbation best: its name, the effect
// in standard errors of the comparison, and the excess over the bound.
func bestView(base, other numbers, bounds [2]float64) (name string, score, excess float64) {
	excess = math.Inf(-1)
	try := func(view string, a, b []float64) {
		n := min(len(a), len(b))
		if n < 3 || nonzero(a)+nonzero(b) < rare {
			return
		}
		paired := make([]float64, n)
		for i := range paired {
			paired[i] = b[i] - a[i]
		}
		effect, own := moments(paired)
		_, v := moments(a)
		// The engine's error and, with fewer replications, the reference's.
		se := math.Sqrt(v * (1 + engineTimes))
		if math.IsNaN(effect) {
			return
		}
		if se <= 1e-9*math.Abs(effect) {
			se = 1e-3 * math.Abs(effect)
		}
		if se == 0 {
			return
		}
		low := max(0, math.Abs(effect)-2*math.Sqrt(own)) / se
		if low-bounds[group(view)] > excess {
			name, score, excess = view, low, low-bounds[group(view)]
		}
	}
	for view, a := range base {
		try(view, a, other[view])
	}
	for _, r := range quotients(base) {
		try("ratio "+r[0]+" : "+r[1], linearised(base[r[0]], base[r[1]]), linearised(other[r[0]], other[r[1]]))
	}
	return strings.TrimSpace(name), score, excess
}
