package expected_test

import (
	"math"
	"strings"
	"testing"

	"windfall/model"
	"windfall/model/expected"
	"windfall/model/known"
	"windfall/model/plan"
	"windfall/scenarios"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > relative*math.Abs(want) {
		t.Errorf("%s: %.6g, want %.6g within %.3g%%", what, got, want, 100*relative)
	}
}

// One cell, one channel, exponential window of rate m, touches at rate l with
// response q each: a journey raises its hand with chance l q/(l q + m).
func TestOneChannelHasItsClosedForm(t *testing.T) {
	p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel))
	if err != nil {
		t.Fatal(err)
	}
	e := expected.Funnel(p)
	// Leads of the run over journeys of the run: journeys that come in equal
	// those that go, since the burn-in fills the market.
	all := e.Sum(0, len(e.Weeks))
	const l, q, m = 0.8 * 0.5, 0.3, 1.0 / 4
	near(t, "chance to raise a hand", all.Leads/all.Journeys, l*q/(l*q+m), 0.01)
	near(t, "in market", all.InMarket, all.Journeys/float64(len(e.Weeks))/(l*q+m), 0.05)
}

const oneChannel = `
title = "one cell, one channel"
[run]
weeks = 26
[population]
firms = 1_000_000
[population.sizes.all]
share = 1
lowest = 1
highest = 9
firm_death_per_year = 0
[population.industries.all]
share = 1
[population.regions.all]
share = 1
[triggers.event]
kind = "event"
rate_per_year = 0.1
window_weeks = 4
[journey]
touches_needed = 1
readiness_step = true
touches_needed_sd = 0
willingness_median = 100
[channels.only]
weekly_budget = 1000
half_saturation = 1000
max_touches_per_week = 0.8
response = 0.3
[products.it]
price = 1
[teams.web]
kind = "web"
win_rate = 0.5
cycle_days = 0
[customers]
retained_12_months = 0.8
[finance]
opening_cash = 0
[opening]
burn_in_weeks = 52
`

// A rival is a competing risk beside the window, and takes opportunities in the cycle.
func TestRivalsHaveTheirClosedForm(t *testing.T) {
	p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel), scenarios.Set("opening.plan=self", "triggers.event.rival_per_week=0.1", "rivals.strength=2", "teams.web.cycle_days=21",
		"products.it.reference_price=2", "products.it.price_elasticity=0.5", "teams.web.win_rate=0.3"))
	if err != nil {
		t.Fatal(err)
	}
	e := expected.Funnel(p)
	all := e.Sum(0, len(e.Weeks))
	const l, q, m, r = 0.8 * 0.5, 0.3, 1.0 / 4, 0.2
	near(t, "chance to raise a hand", all.Leads/all.Journeys, l*q/(l*q+m+r), 0.01)
	near(t, "won of opportunities", all.Won/all.Opportunities, 0.3*math.Sqrt2*math.Pow(1+r*0.7*0.7*3, -1/(0.7*0.7)), 0.01)
}

// The funnel and the engine, which share no equation, agree on the shipped
// metropolitan market in a year.
func TestFunnelAgreesWithTheEngine(t *testing.T) {
	agree(t)
}

// They agree too in a market with rivals, and with wins that respond to prices. Two people in the field would wait for
// each other more often than the funnel's queue says.
func TestFunnelAgreesWithRivals(t *testing.T) {
	agree(t, scenarios.Set("opening.plan=self", "finance.opening_cash=50M", "triggers.*.rival_per_week=0.03", "rivals.strength=1.5",
		"rivals.price=0.8", "rivals.price_elasticity=1.5", "teams.field.people=4", "products.*.reference_price=18", "products.*.price_elasticity=0.8"))
}

// They agree too on prices per firm in a market that grows for half a year and shrinks after it. Customers of the
// first day keep their price, and money reaches a share of the firms: the funnel follows neither a price that moves for
// live customers nor, for money that reaches a number of firms, their growth.
func TestFunnelAgreesWithPricesPerFirmAndGrowth(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("opening.plan=self", "finance.opening_cash=50M", "products.*.price_per=firm",
		"products.*.price*=4", "products.*.reference_price*=4", "products.*.price_for_all=false", "teams.field.people=4",
		"journey.willingness_median*=5",
		"population.growth_per_year=[{value = 0.8}, {from = 2013-07-02, value = -0.6}]", "run.weeks=52"))
	if err != nil {
		t.Fatal(err)
	}
	p.Population.MediaFirms = 0
	agrees(t, p)
}

func agree(t *testing.T, opts ...scenarios.Option) {
	t.Helper()
	p, err := scenarios.Load("metro", append(opts, scenarios.Set("run.weeks=52"))...)
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, p)
}

// They agree where firms die by their age and products have terms, trials and free plans, too.
func TestFunnelAgreesOnContractsAndAges(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=52", "teams.field.people=4"))
	if err != nil {
		t.Fatal(err)
	}
	p.OpeningPlan = nil
	p.Finance.OpeningCash = 1e9 // nobody is ruined
	for i := range p.Population.Sizes {
		p.Population.Sizes[i].DeathShape = 0.66
	}
	for i := range p.Triggers {
		p.Triggers[i].Newborn = p.Triggers[i].Name == "new-firm"
	}
	for i := range p.Products {
		x := &p.Products[i]
		switch i % 3 {
		case 0:
			x.TermMonths, x.TrialDays, x.TrialConverts, x.CostToServePerMonth = 6, 21, 0.5, 4
		case 1:
			x.TermMonths, x.Renewal = 12, 0.8
		case 2:
			x.FreePlan, x.FreeConverts, x.FreeConvertsMonths, x.FreeLifeMonths, x.CostToServePerMonth = true, 0.4, 2, 6, 3
		}
	}
	agrees(t, p)
}

// agrees holds the funnel of a plan against the engine's means.
func agrees(t *testing.T, p *plan.Plan) {
	t.Helper()
	pr, err := model.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	const replications = 8
	st, rec := pr.NewState(), pr.Schema().NewRecord()
	sums, squares := map[string]float64{}, map[string]float64{}
	for r := range replications {
		st.Replicate(7, r, rec)
		for i, c := range pr.Schema().Outcomes {
			sums[c.Name] += rec.Outcomes[i] / replications
			squares[c.Name] += rec.Outcomes[i] * rec.Outcomes[i] / replications
		}
	}
	e := expected.Funnel(p)
	all := e.Sum(0, len(e.Weeks))
	for _, c := range []struct {
		name string
		got  float64
	}{
		{"journeys", all.Journeys}, {"touches", all.Touches}, {"leads", all.Leads}, {"signups", all.Signups},
		{"opportunities", all.Opportunities}, {"won", all.Won}, {"live_customers", all.Live}, {"customer_months", all.CustomerMonths},
		{"revenue", all.Revenue}, {"mrr", all.MRR}, {"opening_mrr", e.OpeningMRR}, {"retained_mrr", e.RetainedMRR},
		{"media_spend", all.Media}, {"brand_spend", all.Brand}, {"sales_spend", all.Sales}, {"acquisition_cost", all.AcquisitionCost()},
		{"ltv_total", all.LTV}, {"in_market_firms", meanInMarket(&e)},
	} {
		t.Logf("%-18s engine %.6g, funnel %.6g (%+.1f%%)", c.name, sums[c.name], c.got, 100*(c.got/sums[c.name]-1))
		// A mean field leaves out what is nonlinear in what is random, allowed 2.5%; the
		// engine's mean has its own error, allowed three times.
		mean := sums[c.name]
		spread := math.Sqrt(max(0, squares[c.name]-mean*mean) / (replications - 1))
		near(t, c.name, c.got, mean, 0.025+3*spread/math.Abs(mean))
	}
}

func meanInMarket(e *expected.Expected) float64 {
	var s float64
	for _, w := range e.Weeks {
		s += w.InMarket / float64(len(e.Weeks))
	}
	return s
}

// Firms search at rate l; the paid link takes a share of the searches, of the others some arrive through a
// channel that touches nobody. Spend is stated for another number of firms than there are.
func TestSearchesHaveTheirClosedForm(t *testing.T) {
	for _, c := range []struct {
		mediaFirms string
		paid       float64
	}{{"none", 0.5}, {"500_000", 0.25}, {"1_600_000", 0.8}, {"9_000_000", 1}} {
		p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel+searched),
			scenarios.Set("population.media_firms="+c.mediaFirms, "channels.only.captures=category", "channels.only.organic=0.4", "channels.only.falls_back_to=free", "opening.plan=self"))
		if err != nil {
			t.Fatal(err)
		}
		e := expected.Funnel(p)
		all := e.Sum(0, len(e.Weeks))
		const l, q, m, organic = 0.8, 0.3, 1.0 / 4, 0.4
		a := known.Arrivals(1, c.paid, organic)
		near(t, "chance to raise a hand, for "+c.mediaFirms, all.Leads/all.Journeys, known.Raise(l*a, q, m), 0.01)
		for i, share := range []float64{1 - c.paid/a, c.paid / a} {
			near(t, p.Channels[i].Name+" of leads", e.Channels[i].Leads/all.Leads, share, 1e-6)
			near(t, p.Channels[i].Name+" of touches", e.Channels[i].Touches/all.Touches, share, 1e-6)
		}
	}
}

const searched = `
[channels.free]
driver = "brand"
half_saturation_equity = 1
max_touches_per_week = 0
response = 0
`

// Money that is stated for a number of firms makes as many touches, and presses on as many firms, in a market
// of another size.
func TestMoneyReachesANumberOfFirms(t *testing.T) {
	touches := map[string]float64{}
	for _, firms := range []string{"1_000_000", "2_000_000", "500_000", "100_000"} {
		p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel+"[media.radio]\nweekly_budget = 10\nhalf_saturation = 30\nshape = 1\nreference_weekly_budget = 10\n"),
			scenarios.Set("channels.only.response=0", "population.firms="+firms, "population.media_firms=1_000_000", "opening.plan=self"))
		if err != nil {
			t.Fatal(err)
		}
		e := expected.Funnel(p)
		all := e.Sum(0, len(e.Weeks))
		touches[firms] = all.Touches
		near(t, "equity in "+firms, all.Equity, min(1, 0.25*1e6/p.Population.Firms)/0.25, 1e-9)
	}
	near(t, "twice the firms", touches["2_000_000"], touches["1_000_000"], 0.01)
	near(t, "half the firms", touches["500_000"], touches["1_000_000"], 0.01)
	near(t, "a tenth of the firms", touches["100_000"], touches["1_000_000"]/5, 0.01)
}

// The funnel and the engine agree where leads are not all real, and people keep office hours, screen, forget, and
// lose deals by waiting in three ways.
func TestFunnelAgreesOnLeadsAndReplies(t *testing.T) {
	base := oneChannel + `
[channels.lists]
weekly_budget = 1000
half_saturation = 1000
max_touches_per_week = 1
response = 0.4
real = 0.3
win = 1.3
fee_per_lead = 7
`
	base = strings.Replace(base, "opening_cash = 0", "opening_cash = 1e9", 1)
	base = strings.Replace(base, "[teams.web]\nkind = \"web\"", "[teams.desk]\nkind = \"people\"\nopportunities_per_week = 14\nTEAM", 1)
	for name, team := range map[string]string{
		"round the clock, two half-lives": "people = 80\nscreening_share = 0.3\nspeed = \"two\"\nspeed_half_life_hours = 0.5\nspeed_slow_share = 0.3\nspeed_slow_half_life_hours = 60\n",
		"a power, some never answered":    "people = 60\nspeed = \"power\"\nspeed_scale_hours = 3\nspeed_power = 0.7\nnever_answered = 0.1\nnever_answered_at_full_load = 0.5\n",
		"office hours":                    "people = 90\nopen_hour = 9\nclose_hour = 17\nbusiness_days = 5\nspeed = \"power\"\nspeed_scale_hours = 10\nspeed_power = 1\nanswer_delay_hours = 2\n",
		"long hours, one half-life":       "people = 80\nopen_hour = 7\nclose_hour = 20\nbusiness_days = 6\nnever_answered = 0.2\n",
	} {
		p, err := scenarios.LoadBytes("one.toml", []byte(strings.Replace(base, "TEAM\n", team, 1)))
		if err != nil {
			t.Fatal(err)
		}
		pr, err := model.Prepare(p)
		if err != nil {
			t.Fatal(err)
		}
		const replications = 4
		st, rec := pr.NewState(), pr.Schema().NewRecord()
		sums := map[string]float64{}
		for r := range replications {
			st.Replicate(7, r, rec)
			for i, c := range pr.Schema().Outcomes {
				sums[c.Name] += rec.Outcomes[i] / replications
			}
		}
		e := expected.Funnel(p)
		all := e.Sum(0, len(e.Weeks))
		t.Logf("%s: load %.2f, never reached %.2f, P(wait) %.2f, wait %.1f h", name, e.Teams[0].Load, sums["never_reached"]/sums["leads_of_people"], sums["p_wait"], sums["reply_hours"]/sums["leads_answered"])
		for _, c := range []struct {
			name string
			got  float64
		}{{"leads", all.Leads}, {"real_leads", all.RealLeads}, {"signups", all.Signups}, {"opportunities", all.Opportunities}, {"won", all.Won}, {"fee_spend", all.Fees}} {
			t.Logf("  %-14s engine %.6g, funnel %.6g (%+.1f%%)", c.name, sums[c.name], c.got, 100*(c.got/sums[c.name]-1))
			near(t, name+": "+c.name, c.got, sums[c.name], 0.04)
		}
	}
}

// Customers that a file lists are in the funnel as they are in the engine: their bills, ages and channels.
func TestListedCustomersAreThoseOfTheEngine(t *testing.T) {
	p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel), scenarios.Set("opening.plan=self", "run.weeks=60",
		"channels.only.churn=2", "customers.seat_growth_per_year=0.2", "finance.opening_cash=1e9", "products.it.price=10"))
	if err != nil {
		t.Fatal(err)
	}
	day := plan.NewDate
	p.SetCustomers([]plan.CustomerGroup{
		{Count: 4000, Size: "all", Product: "it", Channel: "only", From: day(2012, 9, 1), Until: day(2012, 10, 1), Bill: 75},
		{Count: 3000, Size: "all", Product: "it", From: day(2009, 2, 1), Until: day(2009, 3, 1), Bill: 20},
	})
	e := expected.Funnel(p)
	near(t, "opening revenue a month", e.OpeningMRR, 4000*75+3000*20, 1e-9)
	pr, err := model.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	s, rec := pr.NewState(), pr.Schema().NewRecord()
	mean := map[string]float64{}
	const n = 10
	for r := range n {
		s.Replicate(3, r, rec)
		for i, c := range pr.Schema().Outcomes {
			mean[c.Name] += rec.Outcomes[i] / n
		}
	}
	near(t, "opening revenue of the engine", mean["opening_mrr"], e.OpeningMRR, 1e-9)
	near(t, "net revenue retention", e.RetainedMRR/e.OpeningMRR, mean["net_revenue_retention"], 0.01)
}

// Without a bill they pay the price of the day on which they were won.
func TestListedCustomersOfAReplayedPastKeepTheirPrices(t *testing.T) {
	text := oneChannel + "replay = true\n[changes.dearer]\nfrom = 2012-11-15\nmultiply = {\"products.*.price\" = 3}\n"
	p, err := scenarios.LoadBytes("one.toml", []byte(text), scenarios.Set("opening.plan=self", "run.weeks=2", "finance.opening_cash=1e9"))
	if err != nil {
		t.Fatal(err)
	}
	p.SetCustomers([]plan.CustomerGroup{
		{Count: 3000, Size: "all", Product: "it", From: plan.NewDate(2012, 10, 1), Until: plan.NewDate(2012, 11, 1), Bill: math.NaN()},
		{Count: 1000, Size: "all", Product: "it", From: plan.NewDate(2012, 12, 1), Until: plan.NewDate(2013, 1, 1), Bill: math.NaN()},
	})
	e := expected.Funnel(p)
	pr, err := model.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	s, rec := pr.NewState(), pr.Schema().NewRecord()
	s.Replicate(3, 0, rec)
	for i, c := range pr.Schema().Outcomes {
		if c.Name == "opening_mrr" {
			near(t, "opening revenue a month", e.OpeningMRR, rec.Outcomes[i], 0.03)
		}
	}
}

// What is open on the first day, and who ramps up on it, are in the funnel as they are in the engine.
func TestTheListedPipelineIsThatOfTheEngine(t *testing.T) {
	sets := []string{"opening.plan=self", "run.weeks=30", "channels.only.real=0.8", "finance.opening_cash=1e9",
		"teams.web.kind=people", "teams.web.people=12", "teams.web.opportunities_per_week=90", "teams.web.cycle_days=28",
		"teams.web.cycle_cv=0.8", "teams.web.ramp_weeks=20", "teams.web.ramp_start=0.2", "teams.web.speed_half_life_hours=300"}
	load := func(list bool) *plan.Plan {
		p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel), scenarios.Set(sets...))
		if err != nil {
			t.Fatal(err)
		}
		if list {
			nan := math.NaN()
			p.SetPipeline([]plan.PipelineGroup{
				{Count: 900, Lead: true, Team: "web", AgeDays: 4, Size: "all", Product: "it", Channel: "only", Value: nan},
				{Count: 5000, Team: "web", AgeDays: 30, Size: "all", Product: "it", Channel: "only", Value: nan},
			})
			p.Teams[0].Ramping = []plan.Began{{People: 6, WeeksAgo: 3}}
		}
		return p
	}
	sums := func(p *plan.Plan) (won, early, opportunities, inMarket float64) {
		pr, err := model.Prepare(p)
		if err != nil {
			t.Fatal(err)
		}
		s, rec := pr.NewState(), pr.Schema().NewRecord()
		const n = 10
		for r := range n {
			s.Replicate(3, r, rec)
			columns := pr.Schema().Weekly
			for i, c := range columns {
				for w := range 30 {
					x := rec.Weekly[w*len(columns)+i] / n
					switch {
					case c.Name == "won":
						won += x
						if w < 4 {
							early += x
						}
					case c.Name == "opportunities":
						opportunities += x
					case c.Name == "in_market" && w == 0:
						inMarket += x
					}
				}
			}
		}
		return won, early, opportunities, inMarket
	}
	p := load(true)
	won, early, opportunities, inMarket := sums(p)
	e := expected.Funnel(p)
	all, first := e.Sum(0, 30), e.Sum(0, 4)
	near(t, "won", all.Won, won, 0.03)
	near(t, "won in four weeks", first.Won, early, 0.05)
	near(t, "opportunities", all.Opportunities, opportunities, 0.03)
	near(t, "in market in the first week", e.Weeks[0].InMarket, inMarket, 0.03)
	if x, y, _, _ := sums(load(false)); math.Abs(x/won-1) < 0.1 || math.Abs(y/early-1) < 0.2 {
		t.Errorf("the pipeline is too small to be seen: %g of %g won without it, %g of %g early", x, won, y, early)
	}
}

// What a burn-in replays is in the funnel as it is in the engine: stocks, people and prices of the past.
func TestTheReplayedPastIsThatOfTheEngine(t *testing.T) {
	text := oneChannel + `replay = true
[changes.loud]
from = 2012-08-01
until = 2012-12-11
multiply = {"channels.only.weekly_budget" = 6, "media.radio.weekly_budget" = 4, "triggers.event.rate_per_year" = 1.6}
[changes.dearer]
from = 2012-09-01
multiply = {"products.*.price" = 3}
[media.radio]
weekly_budget = 1000
half_saturation = 1000
reference_weekly_budget = 1000
`
	sets := []string{"opening.plan=self", "opening.customers=20000", "opening.age_bands=[{from_years=0,to_years=1,share=1}]", "run.weeks=6", "channels.only.adstock_half_life_weeks=6", "channels.only.halo=1.5",
		"brand.equity_half_life_weeks=12", "teams.web.cycle_days=28", "finance.opening_cash=1e9"}
	p, err := scenarios.LoadBytes("one.toml", []byte(text), scenarios.Set(sets...))
	if err != nil {
		t.Fatal(err)
	}
	e := expected.Funnel(p)
	all, first := e.Sum(0, 6), e.Sum(0, 3)
	pr, err := model.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	s, rec := pr.NewState(), pr.Schema().NewRecord()
	var leads, won, early, mrr float64
	const n = 10
	for r := range n {
		s.Replicate(3, r, rec)
		columns := pr.Schema().Weekly
		for i, c := range columns {
			for w := range 6 {
				x := rec.Weekly[w*len(columns)+i] / n
				switch {
				case c.Name == "leads" && w < 3:
					early += x
					leads += x
				case c.Name == "leads":
					leads += x
				case c.Name == "won":
					won += x
				}
			}
		}
		for i, c := range pr.Schema().Outcomes {
			if c.Name == "opening_mrr" {
				mrr += rec.Outcomes[i] / n
			}
		}
	}
	near(t, "bills of the first day", e.OpeningMRR, mrr, 0.02)
	near(t, "leads", all.Leads, leads, 0.01)
	near(t, "leads of three weeks", first.Leads, early, 0.015)
	near(t, "won", all.Won, won, 0.02)
	held, err := scenarios.LoadBytes("one.toml", []byte(text), scenarios.Set(append(sets, "opening.replay=false")...))
	if err != nil {
		t.Fatal(err)
	}
	if x := expected.Funnel(held); math.Abs(x.Sum(0, 6).Won/won-1) < 0.1 || math.Abs(x.Sum(0, 3).Leads/early-1) < 0.05 {
		t.Errorf("the past moves too little to be seen: %g of %g won without it", x.Sum(0, 6).Won, won)
	}
}

// In each region firms are touched by what is spent there, and who is held out is not touched.
func TestSpendByRegionAndHoldoutsHaveTheirClosedForm(t *testing.T) {
	text := strings.Replace(oneChannel, "[population.regions.all]\nshare = 1\n", "[population.regions.a]\nshare = 0.5\n"+
		"[population.regions.b]\nshare = 0.3\n[population.regions.c]\nshare = 0.2\n", 1)
	p, err := scenarios.LoadBytes("one.toml", []byte(text), scenarios.Set("opening.plan=self", "finance.opening_cash=1e9",
		"channels.only.region_spend.b=3", "channels.only.region_spend.c=0", "channels.only.holdout=0.25"))
	if err != nil {
		t.Fatal(err)
	}
	e := expected.Funnel(p)
	all := e.Sum(0, len(e.Weeks))
	want := 0.75 * (0.5*known.Raise(0.8*0.5, 0.3, 0.25) + 0.3*known.Raise(0.8*0.75, 0.3, 0.25))
	near(t, "chance to raise a hand", all.Leads/all.Journeys, want, 0.01)
	near(t, "media", all.Media, 26*1000*(1+0.3*2-0.2), 1e-9)
}

// A team that the opening plan lacks stands first by name and is sent nobody: all other numbers are those of the plan
// without it.
func TestTheOpeningPlanMayLackWhatTheRunHas(t *testing.T) {
	load := func(more string) expected.Expected {
		p, err := scenarios.LoadBytes("more.toml", []byte("extends = \"town\"\ntitle = \"More\"\n[run]\nweeks = 20\n[opening]\nplan = \"town\"\n"+more))
		if err != nil {
			t.Fatal(err)
		}
		return expected.Funnel(p)
	}
	plain, more := load(""), load(`
[teams.a-team]
kind = "people"
people = 1
pay_per_year = 0
win_rate = 0.5
cycle_days = 20
opportunities_per_week = 1
sizes = ["20-99"]
share = {20-99 = 0}
`)
	for w := range plain.Weeks {
		if plain.Weeks[w] != more.Weeks[w] {
			t.Fatalf("week %d: %+v, want %+v", w, more.Weeks[w], plain.Weeks[w])
		}
	}
}
