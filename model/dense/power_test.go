package dense_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/model/plan"
)

// This file says what the comparison can see. A perturbation changes one number
// or one mechanism of a market on the engine's side only; the reference stays as
// it is.

// perturbation is a change of a market's plan.
type perturbation struct {
	market, what string
	change       func(*plan.Plan)
}

// scaled multiplies all numbers of a key.
func scaled(market, key string, factor float64) perturbation {
	return perturbation{market, fmt.Sprintf("%s x %g", key, factor), func(p *plan.Plan) { scale(p, key, factor) }}
}

func scale(p *plan.Plan, key string, factor float64) {
	fields, err := p.Fields(key)
	if err != nil {
		panic(err)
	}
	for _, f := range fields {
		switch x := f.Ptr.(type) {
		case *float64:
			*x *= factor
		case *[]float64:
			for i := range *x {
				if f.Entry < 0 || f.Entry == i {
					(*x)[i] *= factor
				}
			}
		default:
			panic(fmt.Sprintf("no number: %s", key))
		}
	}
}

// more and less are the change of 5% that must be seen.
const more, less = 1.05, 0.95

// rates are the rates and chances of the model, prices and costs, each in the
// market that shows it best: a change of 5% must be seen with 99% power.
var rates = []perturbation{
	scaled("triggers", "triggers.move.rate_per_year", more),
	scaled("triggers", "triggers.ageing.life_years", more),
	scaled("triggers", "triggers.growth.growth_scale", more),
	scaled("triggers", "triggers.move.industry", more),
	scaled("triggers", "triggers.*.recession", more),
	scaled("triggers", "triggers.*.window_weeks", more),
	scaled("triggers", "triggers.move.visible", more),
	scaled("triggers", "triggers.move.urgency", more),
	scaled("triggers", "population.growth_per_year", more),
	scaled("triggers", "journey.lock_in_years", more),
	scaled("triggers", "channels.list.targeting_cost", more),
	scaled("triggers", "channels.search.reach.size", less),
	scaled("channels", "channels.own-name.max_touches_per_week", more),
	scaled("channels", "channels.paid.max_touches_per_week", more),
	scaled("channels", "channels.referral.max_touches_per_week", more),
	scaled("channels", "channels.word.max_touches_per_week", more),
	scaled("channels", "channels.own-name.response", more),
	scaled("channels", "channels.paid.response", more),
	scaled("channels", "channels.referral.response", more),
	scaled("channels", "channels.word.response", more),
	scaled("channels", "channels.paid.half_saturation", more),
	scaled("channels", "channels.referral.half_saturation_customers", more),
	scaled("channels", "channels.word.half_saturation_equity", more),
	scaled("channels", "channels.paid.weekly_budget", more),
	scaled("channels", "channels.paid.region_spend.here", more),
	scaled("channels", "channels.paid.region_spend.south", more),
	scaled("channels", "channels.paid.fee_per_lead", more),
	scaled("channels", "brand.awareness_max", more),
	scaled("channels", "brand.equity_half_life_weeks", more),
	scaled("channels", "brand.salience_half_life_weeks", more),
	scaled("channels", "journey.touches_needed", more),
	scaled("queue", "teams.desk.opportunities_per_week", more),
	scaled("queue", "teams.desk.win_rate", more),
	scaled("queue", "teams.web.win_rate", more),
	scaled("queue", "teams.agents.win_rate", more),
	scaled("queue", "teams.desk.pay_per_year", more),
	scaled("queue", "teams.agents.commission_share", more),
	scaled("queue", "teams.desk.cycle_days", more),
	scaled("queue", "teams.web.answer_delay_hours", more),
	scaled("queue", "teams.desk.share", less),
	scaled("customers", "customers.base_hazard", more),
	scaled("customers", "customers.retained_12_months", more),
	scaled("customers", "customers.churn_multiplier", more),
	scaled("customers", "economy.recession.churn", more),
	scaled("customers", "economy.recession.firm_death", more),
	scaled("customers", "economy.recession.win_rate", more),
	scaled("customers", "economy.recession.willingness", more),
	scaled("customers", "population.sizes.*.firm_death_per_year", more),
	scaled("customers", "customers.seat_growth_per_year", more),
	scaled("customers", "customers.weibull_shape", more),
	scaled("customers", "channels.cheap.churn", more),
	scaled("customers", "channels.good.deal_size", more),
	scaled("customers", "channels.cheap.revenue_share", more),
	scaled("customers", "channels.good.fee_in_monthly_bills", more),
	scaled("customers", "channels.cheap.fee_per_customer", more),
	scaled("customers", "products.basic.price", more),
	scaled("customers", "products.rich.price", more),
	scaled("customers", "products.rich.adoption", more),
	scaled("customers", "products.basic.cost_of_revenue_share", more),
	scaled("customers", "products.basic.onboarding_cost", more),
	scaled("customers", "journey.willingness_median", more),
	scaled("customers", "finance.fixed_cost_per_week", more),
	scaled("searches", "channels.category.organic", more),
	scaled("searches", "channels.named.max_touches_per_week", more),
	scaled("searches", "channels.category.weekly_budget", more),
	{"searches", "media_firms x 1.05", func(p *plan.Plan) { p.OpeningPlan.Population.MediaFirms *= more }},
	scaled("firm", "products.base.price", more),
	scaled("firm", "journey.willingness_median", more),
	scaled("firm", "channels.good.deal_size", more),
	scaled("firm", "population.growth_per_year", more),
	scaled("rivals", "triggers.bought.rival_per_week", more),
	scaled("rivals", "triggers.moved.rival_per_week", more),
	scaled("rivals", "rivals.strength", more),
	scaled("rivals", "rivals.media_per_week", more),
	scaled("rivals", "products.basic.reference_price", more),
	scaled("contracts", "population.sizes.*.firm_death_per_year", more),
	scaled("contracts", "products.c-tried.trial_converts", more),
	scaled("contracts", "products.a-free.free_converts", more),
	scaled("contracts", "products.b-fixed.renewal", less),
	scaled("leads", "channels.ads.real", more),
	scaled("leads", "channels.lists.real", more),
	scaled("leads", "channels.ads.win", more),
	scaled("leads", "channels.lists.win", more),
}

// mechanisms are what else could break: each is switched off or changed so much
// that the comparison must see it.
var mechanisms = []perturbation{
	scaled("triggers", "triggers.move.window_cv", 1.5),
	scaled("triggers", "triggers.move.season.11", 1.2),
	scaled("triggers", "channels.list.season.1", 1.2),
	{"triggers", "no floor on dormant firms", func(p *plan.Plan) { p.Population.MinDormantShare = 0 }},
	{"triggers", "no targets", func(p *plan.Plan) { p.Channels[0].Targets = nil }},
	{"triggers", "no recession", func(p *plan.Plan) { p.Economy.Path = nil }},
	{"triggers", "recession a week later", func(p *plan.Plan) { p.Economy.Path[0].From += 7 }},
	scaled("triggers", "population.tail_exponent", 1.2),
	scaled("channels", "journey.memory_weeks", 1.3),
	scaled("channels", "journey.cross_channel_bonus", 0.5),
	scaled("channels", "journey.touches_needed_sd", 0.7),
	scaled("channels", "journey.readiness_steepness", 0.5),
	scaled("channels", "channels.word.weight", 1.1),
	scaled("channels", "channels.paid.halo", 0.8),
	scaled("channels", "channels.paid.shape", 1.2),
	scaled("channels", "channels.paid.adstock_half_life_weeks", 1.5),
	scaled("channels", "brand.salience_weight", 0),
	{"channels", "no awareness needed", func(p *plan.Plan) { p.Channels[0].NeedsAwareness = false }},
	{"channels", "no pause", func(p *plan.Plan) { p.Changes = p.Changes[1:] }},
	{"channels", "nobody is held out", func(p *plan.Plan) { p.Changes[1].Effects[0].Value = 0 }},
	{"channels", "no shift of spend", func(p *plan.Plan) { p.Changes = p.Changes[:2] }},
	{"channels", "shift of spend a day earlier", func(p *plan.Plan) { p.Changes[2].From-- }},
	{"searches", "searches are paid alike everywhere", func(p *plan.Plan) { p.Channels[3].RegionSpend = nil }},
	{"channels", "pause a week longer", func(p *plan.Plan) { p.Changes[0].Until += 7 }},
	{"channels", "no schedule", func(p *plan.Plan) { p.Schedules = nil }},
	{"channels", "schedule a week later", func(p *plan.Plan) { p.Schedules[0].Entries[0].From += 7 }},
	scaled("queue", "teams.desk.ramp_start", 2),
	scaled("queue", "teams.desk.ramp_weeks", 0.5),
	scaled("queue", "teams.desk.speed_half_life_hours", 1.3),
	scaled("queue", "teams.desk.cycle_cv", 1.5),
	scaled("queue", "teams.desk.hire_when_load_above", 0.85),
	scaled("queue", "teams.desk.lead_time_weeks", 1.2),
	scaled("queue", "teams.desk.commission_per_win", 3),
	{"queue", "agents serve all", func(p *plan.Plan) { p.Teams[0].Sizes = nil }},
	{"queue", "nobody leaves", func(p *plan.Plan) { p.Changes = nil }},
	scaled("customers", "customers.frailty_variance", 1.5),
	scaled("customers", "products.basic.prepaid_share", 1.3),
	scaled("customers", "products.basic.prepaid_discount", 1.5),
	scaled("customers", "products.basic.cost_to_serve_per_month", 1.5),
	scaled("customers", "channels.cheap.discount", 1.1),
	scaled("customers", "journey.willingness_sigma", 1.1),
	scaled("customers", "finance.discount_rate", 2),
	scaled("customers", "finance.ltv_horizon_years", 0.7),
	{"customers", "prices for new customers only", func(p *plan.Plan) { p.Products[0].PriceForAll = false }},
	{"customers", "younger opening customers", func(p *plan.Plan) { p.Opening.AgeBands = p.Opening.AgeBands[:1] }},
	scaled("contracts", "population.sizes.*.death_shape", 1.2),
	scaled("contracts", "products.c-tried.trial_days", 1.2),
	scaled("contracts", "products.a-free.free_converts_months", 1.3),
	scaled("contracts", "products.a-free.free_life_months", 1.3),
	{"contracts", "births are triggers like others", func(p *plan.Plan) { p.Triggers[0].Newborn = false }},
	{"contracts", "no rival", func(p *plan.Plan) { p.Triggers[0].RivalPerWeek = 0 }},
	{"contracts", "renewal does not answer the price", func(p *plan.Plan) { p.Changes = nil }},
	{"contracts", "no terms", func(p *plan.Plan) { p.Products[2].TermMonths = 0 }},
	{"contracts", "longer terms", func(p *plan.Plan) { p.Products[2].TermMonths = 4 }},
	{"contracts", "churn clock for renewal", func(p *plan.Plan) { p.Products[1].Renewal = math.NaN() }},
	{"contracts", "no trial", func(p *plan.Plan) { p.Products[2].TrialDays = 0 }},
	{"contracts", "no free plan", func(p *plan.Plan) { p.Products[0].FreePlan = false }},
	scaled("cash", "cash_rules.low.below", 1.3),
	scaled("cash", "cash_rules.low.cut_media", 0.7),
	scaled("cash", "cash_rules.low.cut_brand", 0.5),
	scaled("cash", "finance.opening_cash", 1.05),
	scaled("cash", "finance.fixed_cost_per_week", 1.05),
	{"cash", "hiring never frozen", func(p *plan.Plan) { p.CashRules[0].FreezeHiring = false }},
	{"cash", "round without delay", func(p *plan.Plan) { p.Finance.Rounds[1].DelayWeeks = 0 }},
	scaled("changes", "economy.expansion_months", 0.5),
	scaled("changes", "economy.recession.win_rate", 1.3),
	{"changes", "changes a week later", func(p *plan.Plan) { p.Changes[0].From += 7 }},
	{"changes", "no dear media", func(p *plan.Plan) { p.Shocks = p.Shocks[1:] }},
	{"changes", "no rival", func(p *plan.Plan) { p.Shocks = p.Shocks[:1] }},
	{"changes", "people two weeks later", func(p *plan.Plan) { p.Schedules[0].Entries[0].From += 14 }},
	{"changes", "first product sold on", func(p *plan.Plan) { p.Products[0].LastSale = 0 }},
	{"searches", "named takes every firm", func(p *plan.Plan) { p.Channels[3].Captures = "category" }},
	{"searches", "no search falls back", func(p *plan.Plan) { p.Channels[3].Organic = 0 }},
	{"searches", "searches that spend makes", func(p *plan.Plan) { p.Channels[0].Captures = "" }},
	{"searches", "no pause", func(p *plan.Plan) { p.Changes = nil }},
	{"searches", "the link stays closed", func(p *plan.Plan) { p.Channels[1].Enabled = false }},
	{"searches", "no searches before the link opens", func(p *plan.Plan) { p.OpeningPlan.Channels[1].Organic = 0 }},
	{"searches", "cash cuts nothing", func(p *plan.Plan) { p.CashRules = nil }},
	{"searches", "media reach a share of any market", func(p *plan.Plan) { p.OpeningPlan.Population.MediaFirms = 0 }},
	{"searches", "the list reaches a share", func(p *plan.Plan) { p.Channels[2].TargetingCost *= 1.1 }},
	{"searches", "no growth", func(p *plan.Plan) { p.Population.GrowthPerYear = 0 }},
	{"firm", "a price per seat", func(p *plan.Plan) { p.Products[0].PricePer, p.Products[1].PricePer = "seat", "seat" }},
	{"firm", "deal size moves no bill", func(p *plan.Plan) { p.Channels[1].DealSize = 1 }},
	{"firm", "the market grows on", func(p *plan.Plan) { p.Changes = p.Changes[1:] }},
	{"firm", "the market shrinks a week later", func(p *plan.Plan) { p.Changes[0].From += 7 }},
	{"firm", "the market shrinks on", func(p *plan.Plan) { p.Changes = p.Changes[:2] }},
	scaled("rivals", "rivals.price_elasticity", 1.3),
	scaled("rivals", "rivals.price", 0.9),
	scaled("rivals", "products.basic.price_elasticity", 1.2),
	scaled("rivals", "products.kept.reference_price", 2),
	scaled("rivals", "customers.price_churn_lasting", 1.5),
	scaled("rivals", "customers.price_churn_transient", 1.3),
	scaled("rivals", "customers.price_churn_half_life_weeks", 2),
	{"rivals", "no campaign", func(p *plan.Plan) { p.Changes = p.Changes[1:] }},
	{"rivals", "the price stays up", func(p *plan.Plan) { p.Changes = p.Changes[:3] }},
	{"rivals", "no rivals", func(p *plan.Plan) { p.Rivals.Strength = 0 }},
	{"rivals", "prices for new customers only", func(p *plan.Plan) { p.Products[0].PriceForAll = false }},
	scaled("leads", "teams.desk.screening_share", 1.3),
	scaled("leads", "teams.desk.never_answered", 2),
	scaled("leads", "teams.phone.never_answered", 1.2),
	scaled("leads", "teams.desk.never_answered_at_full_load", 1.3),
	scaled("leads", "teams.desk.open_hour", 1.1),
	scaled("leads", "teams.phone.close_hour", 1.05),
	scaled("leads", "teams.phone.business_days", 1.2),
	scaled("leads", "teams.desk.speed_slow_share", 1.3),
	scaled("leads", "teams.desk.speed_slow_half_life_hours", 0.5),
	scaled("leads", "teams.phone.speed_scale_hours", 0.5),
	scaled("leads", "teams.phone.speed_power", 1.3),
	{"leads", "one half-life", func(p *plan.Plan) { p.Teams[0].Speed = "half-life" }},
	{"leads", "screening takes no time", func(p *plan.Plan) { p.Teams[0].ScreeningShare, p.Teams[1].ScreeningShare = 0, 0 }},
	scaled("replay", "channels.mail.adstock_half_life_weeks", 1.5),
	scaled("replay", "brand.equity_half_life_weeks", 3),
	scaled("replay", "teams.sales.ramp_start", 2),
	{"replay", "the past is not replayed", func(p *plan.Plan) { p.Opening.Replay = false }},
	{"replay", "people hired on the first day", func(p *plan.Plan) { p.Schedules[2].Entries[0].From = p.Run.Start }},
	{"replay", "spend two weeks earlier", func(p *plan.Plan) { p.Schedules[0].Entries[2].From -= 14 }},
	{"replay", "no campaign", func(p *plan.Plan) { p.Changes = p.Changes[1:] }},
	{"replay", "windows as later", func(p *plan.Plan) { p.Changes = p.Changes[:3] }},
	{"replay", "no recession before the first day", func(p *plan.Plan) { p.Economy.Path[0].From = p.Run.Start }},
	{"listed", "channels do not matter", func(p *plan.Plan) { relist(p, func(g *plan.CustomerGroup) { g.Channel = "" }) }},
	{"listed", "all pay by the month", func(p *plan.Plan) { relist(p, func(g *plan.CustomerGroup) { g.PrepaidUntil = 0 }) }},
	{"listed", "prepaid a month longer", func(p *plan.Plan) {
		relist(p, func(g *plan.CustomerGroup) {
			if g.PrepaidUntil != 0 {
				g.PrepaidUntil += 30
			}
		})
	}},
	{"listed", "a year older", func(p *plan.Plan) {
		relist(p, func(g *plan.CustomerGroup) { g.From, g.Until = g.From-365, g.Until-365 })
	}},
	{"listed", "bills a twentieth higher", func(p *plan.Plan) { relist(p, func(g *plan.CustomerGroup) { g.Bill *= 1.05 }) }},
	{"listed", "another product", func(p *plan.Plan) { relist(p, func(g *plan.CustomerGroup) { g.Product = "basic" }) }},
	{"pipeline", "what the burn-in leaves", func(p *plan.Plan) { p.Opening.PipelineHash, p.Opening.Pipeline = "", nil }},
	{"pipeline", "all of an age of one day", func(p *plan.Plan) { relistOpen(p, func(g *plan.PipelineGroup) { g.AgeDays = 1 }) }},
	{"pipeline", "a fifth older", func(p *plan.Plan) { relistOpen(p, func(g *plan.PipelineGroup) { g.AgeDays *= 1.2 }) }},
	{"pipeline", "leads are opportunities", func(p *plan.Plan) { relistOpen(p, func(g *plan.PipelineGroup) { g.Lead = false }) }},
	{"pipeline", "a tenth more worth", func(p *plan.Plan) { relistOpen(p, func(g *plan.PipelineGroup) { g.Value *= 1.1 }) }},
	{"pipeline", "another channel", func(p *plan.Plan) { relistOpen(p, func(g *plan.PipelineGroup) { g.Channel = "friends" }) }},
	{"pipeline", "another team", func(p *plan.Plan) { relistOpen(p, func(g *plan.PipelineGroup) { g.Team = "desk" }) }},
	{"pipeline", "nobody in ramp", func(p *plan.Plan) { p.Teams[0].Ramping = nil }},
	{"pipeline", "two began ten weeks ago", func(p *plan.Plan) { p.Teams[0].Ramping[0].WeeksAgo = 10 }},
	scaled("pipeline", "channels.ads.real", 1.2),
	scaled("pipeline", "products.tried.trial_converts", 1.1),
	{"variant", "opening with the variant's plan", func(p *plan.Plan) { p.OpeningPlan = nil }},
	{"variant", "medium kept", func(p *plan.Plan) { p.Media[1].Enabled = true }},
	{"variant", "reach not narrowed", func(p *plan.Plan) { p.Channels[1].Reach.Size = []float64{0.9} }},
	{"variant", "no more is seen than at the opening", func(p *plan.Plan) { p.Triggers[1].Visible = 0.3 }},
	{"variant", "new people without ramp", func(p *plan.Plan) { p.Teams[0].RampStart = 1 }},
	{"variant", "a week less burn-in sign-ups", func(p *plan.Plan) { p.OpeningPlan.Opening.BurnInWeeks = 1 }},
}

// relistOpen changes what a file says of the open pipeline.
func relistOpen(p *plan.Plan, change func(g *plan.PipelineGroup)) {
	groups := append([]plan.PipelineGroup{}, p.Opening.Pipeline...)
	for i := range groups {
		change(&groups[i])
	}
	p.SetPipeline(groups)
}

// relist changes the opening customers of a file.
func relist(p *plan.Plan, change func(g *plan.CustomerGroup)) {
	groups := append([]plan.CustomerGroup{}, p.Opening.Groups...)
	for i := range groups {
		change(&groups[i])
	}
	p.SetCustomers(groups)
}

// perturbed builds a market's plan with a perturbation.
func perturbed(p perturbation) *plan.Plan {
	plan := marketNamed(p.market).build()
	p.change(plan)
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

// engineNumbers runs the engine as often as the comparison of a market does.
func engineNumbers(t *testing.T, m market, plan *plan.Plan) numbers {
	t.Helper()
	x, err := fromEngine(plan, engineSeed, engineTimes*m.replications, true)
	if err != nil {
		t.Fatalf("%s: %v", m.name, err)
	}
	return x
}

// TestPower computes, for a change of 5% in each rate, the chance that the
// comparison of make test sees it. The effect on each number is the difference
// of two engine runs with common random numbers, lowered by twice its own
// error; the error is that of the comparison. The number that shows the change
// best counts, so the power of all numbers together is larger.
func TestPower(t *testing.T) {
	if !verifying {
		t.Skip("some minutes: with WINDFALL_VERIFY=1")
	}
	bounds := [2]float64{bound(familyError/2, 1000), bound(familyError/2, 8000)}
	base := map[string]numbers{}
	for _, p := range rates {
		t.Run(p.market+" "+p.what, func(t *testing.T) {
			m := marketNamed(p.market)
			if base[m.name] == nil {
				base[m.name] = engineNumbers(t, m, m.build())
			}
			name, score, excess := bestView(base[m.name], engineNumbers(t, m, perturbed(p)), bounds)
			power := 0.5 * math.Erfc(-excess/math.Sqrt2)
			t.Logf("power %.3f: %.1f standard errors in %s", power, score, name)
			assert.GreaterOrEqual(t, power, 0.99)
		})
	}
}

// TestBrokenMechanismIsSeen compares the engine with a broken mechanism with
// the intact reference: at least one comparison must fail.
func TestBrokenMechanismIsSeen(t *testing.T) {
	list := mechanisms
	if !verifying {
		// Three that cost little, so that a blind comparison is found out.
		list = []perturbation{rates[0], scaled("cash", "finance.fixed_cost_per_week", 1.05), {"variant", "medium kept", func(p *plan.Plan) { p.Media[1].Enabled = true }}}
	}
	bounds := [2]float64{bound(familyError/2, 1000), bound(familyError/2, 8000)}
	for _, p := range list {
		t.Run(p.market+" "+p.what, func(t *testing.T) {
			m := marketNamed(p.market)
			seen, worst := 0, comparison{}
			for _, c := range compare(engineNumbers(t, m, perturbed(p)), referenceNumbers(m)) {
				if c.exact {
					c.z = map[bool]float64{true: 99}[c.differs]
				}
				if c.fails(bounds) {
					seen++
				}
				if math.Abs(c.z) > math.Abs(worst.z) {
					worst = c
				}
			}
			t.Logf("seen in %d numbers, most in %s (%+.1f)", seen, worst.name, worst.z)
			assert.Positive(t, seen, "not seen")
		})
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
