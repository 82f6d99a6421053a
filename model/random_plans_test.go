package model

import (
	"flag"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"windfall/model/plan"
)

// randomPlan changes the test market in every way that a scenario can: sizes of
// the market, rates, windows, channels, teams, products, brand, churn, economy,
// cash rules, rounds, schedules, changes, shocks, uncertain inputs, step.
func randomPlan(rt *rapid.T) *plan.Plan {
	number := func(label string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(rt, label) }
	whole := func(label string, low, high int) int { return rapid.IntRange(low, high).Draw(rt, label) }
	maybe := func(label string) bool { return rapid.IntRange(0, 2).Draw(rt, label) == 0 }
	pick := func(label string, of ...float64) float64 { return rapid.SampledFrom(of).Draw(rt, label) }

	firms := float64(rapid.SampledFrom([]int{1, 40, 500, 6000, 30000}).Draw(rt, "firms"))
	p := testMarket(max(firms, 6000), whole("industries", 1, 3))
	p.Population.Firms = firms
	if firms < 6000 {
		p.Opening.Customers = []float64{math.Floor(firms / 50), math.Floor(firms / 100), 0, 0}
	}
	p.Run.Weeks = float64(whole("weeks", 1, 14))
	if maybe("long") {
		p.Run.Weeks += 50
	}
	if maybe("days") {
		p.Run.Step = "day"
		p.Run.Weeks = math.Min(p.Run.Weeks, 10)
	}
	p.Run.Start += plan.Date(whole("start", 0, 400))
	p.Opening.BurnInWeeks = pick("burn-in", 0, 1, 5, 26)

	if maybe("market") {
		p.Population.GrowthPerYear = number("growth", -1, 1)
		p.Population.MediaFirms = pick("media firms", 0, 1, firms/3, firms, 4*firms)
		p.Population.MinDormantShare = number("least dormant", 0, 0.9)
		p.Journey.LockInYears = pick("lock", 0.01, 0.1, 0.5, 2, 20)
	}
	for i := range p.Population.Sizes {
		if maybe("deaths") {
			p.Population.Sizes[i].FirmDeathPerYear = pick("death", 0, 0.02, 0.5, 5)
		}
		if maybe("ages") {
			p.Population.Sizes[i].DeathShape = pick("death shape", 0.3, 0.66, 0.95)
		}
	}
	for i := range p.Triggers {
		k := &p.Triggers[i]
		if maybe("trigger") {
			k.WindowWeeks, k.WindowCV = pick("window", 0.1, 2, 8, 100), pick("window cv", 0, 0.5, 1, 2)
			k.Visible, k.Urgency, k.Recession = number("visible", 0, 1), number("urgency", 0, 5), number("recession", 0, 3)
			k.RatePerYear = fill(4, pick("rate", 0, 0.1, 1, 5))
			k.Enabled = !maybe("off")
			k.Newborn = maybe("births")
		}
	}
	if maybe("journey") {
		p.Journey.MemoryWeeks, p.Journey.CrossChannelBonus = pick("memory", 0.1, 2, 50), number("bonus", 0, 2)
		p.Journey.ReadinessSteepness = float64(whole("steepness", 1, 9))
		p.Journey.ReadinessStep = maybe("step")
		p.Journey.TouchesNeeded = fill(4, pick("needed", 0.1, 1, 5))
		p.Journey.WillingnessMedian = fill(4, number("willing", 1, 60))
	}
	if maybe("few channels") {
		n := whole("channels", 1, 5)
		p.Channels = p.Channels[:n]
	}
	for i := range p.Channels {
		c := &p.Channels[i]
		if !maybe("channel") {
			continue
		}
		c.Enabled = !maybe("off")
		c.MaxTouchesPerWeek = pick("touches", 0, 0.1, 1, 4)
		c.WeeklyBudget *= pick("spend", 0, 0.3, 1, 20)
		if maybe("holdout") {
			c.Holdout = pick("held out", 0.2, 1)
		}
		if maybe("spend by region") {
			c.RegionSpend = []float64{pick("east", 0, 1, 3), pick("west", 0.5, 1, 2)}
		}
		c.Response, c.Weight, c.Halo = number("response", 0, 1), number("weight", 0, 4), number("halo", 0, 3)
		c.Reach.Size = fill(4, number("reach", 0, 1))
		c.NeedsAwareness = maybe("aware")
		c.Churn, c.DealSize, c.Discount = number("churn", 0, 3), number("deal", 0, 3), number("discount", 0, 20)
		c.FeePerLead, c.FeePerCustomer, c.RevenueShare = number("lead fee", 0, 20), number("win fee", 0, 200), number("share", 0, 0.5)
		if maybe("quality") {
			c.Real, c.Win = pick("real", 0, 0.3, 1), number("win", 0, 3)
		}
		c.Driver = rapid.SampledFrom([]string{"budget", "brand", "customers"}).Draw(rt, "driver")
		c.HalfSaturationEquity, c.HalfSaturationCustomers = 1, 500
		if c.Driver == "budget" && maybe("captures") {
			c.Captures, c.Organic = rapid.SampledFrom([]string{"brand", "category"}).Draw(rt, "captured"), pick("organic", 0, 0.3, 1)
			c.FallsBackTo = p.Channels[whole("falls back to", 0, len(p.Channels)-1)].Name
		}
		if maybe("targets") {
			c.Targets = []string{rapid.SampledFrom([]string{"dying", "growing", "office"}).Draw(rt, "target")}
		}
	}
	for i := range p.Products {
		x := &p.Products[i]
		if maybe("product") {
			x.Price, x.Discount, x.Adoption = number("price", 0, 60), number("list discount", 0, 0.9), number("adoption", 0.1, 2)
			x.PrepaidShare, x.PrepaidDiscount, x.PriceForAll = pick("prepaid", 0, 0.4, 1), number("prepaid discount", 0, 0.5), maybe("for all")
			switch whole("contract", 0, 5) {
			case 0:
				x.TermMonths, x.Renewal = pick("term", 1, 6, 12), pick("renewal", math.NaN(), 0, 0.8, 1)
			case 1:
				x.TrialDays, x.TrialConverts = pick("trial", 1, 14, 90), number("converts", 0, 1)
			case 2:
				x.FreePlan, x.FreeConverts, x.FreeConvertsMonths, x.FreeLifeMonths = true, number("free converts", 0, 1), pick("free months", 0.2, 3), pick("free life", math.NaN(), 2, 40)
			}
			x.CostToServePerMonth = pick("serving", 0, 3)
			if maybe("dates") {
				x.FirstSale = p.Run.Start + plan.Date(whole("first sale", -50, 100))
				x.LastSale = x.FirstSale + plan.Date(whole("last sale", 0, 100))
			}
		}
	}
	for i := range p.Teams {
		x := &p.Teams[i]
		if maybe("team") {
			x.Kind = rapid.SampledFrom([]string{"web", "people", "partners"}).Draw(rt, "kind")
			x.OpportunitiesPerWeek = pick("services", 0.05, 1, 10)
			x.People = float64(whole("people", 0, 6))
			x.AnswerDelayHours = pick("delay", 0, 3, 100, 900)
			x.CycleDays, x.CycleCV = fill(4, pick("cycle", 0, 3, 40)), pick("cycle cv", 0, 0.5, 2)
			x.WinRate = fill(4, number("win rate", 0, 1))
			x.HireWhenLoadAbove, x.HireStep, x.LeadTimeWeeks = pick("hire", math.NaN(), 0, 0.5), float64(whole("hire step", 1, 3)), float64(whole("lead", 0, 5))
			x.RampStart, x.RampWeeks = number("ramp start", 0.1, 1), number("ramp", 0, 20)
			x.CommissionPerWin = fill(4, number("commission", 0, 300))
			x.Speed = rapid.SampledFrom([]string{"half-life", "two", "power"}).Draw(rt, "speed")
			x.SpeedSlowShare, x.SpeedSlowHalfLifeHours = fill(4, number("slow", 0, 1)), fill(4, 200)
			x.SpeedScaleHours, x.SpeedPower = fill(4, number("scale", 0.1, 100)), fill(4, number("power", 0, 3))
			x.ScreeningShare = number("screening", 0, 1)
			if maybe("hours") {
				x.OpenHour, x.BusinessDays = number("opens", 0, 23), float64(whole("days", 1, 7))
				x.CloseHour = number("closes", x.OpenHour+0.1, 24)
			}
			x.NeverAnswered, x.NeverAnsweredAtFullLoad = pick("never", 0, 0.2, 1), pick("never, full", math.NaN(), 1)
		}
	}
	if maybe("customers") {
		p.Customers.WeibullShape, p.Customers.FrailtyVariance = pick("shape", 0.5, 1, 2), pick("frailty", 0, 0.7, 4)
		p.Customers.Retained12Months, p.Customers.BaseHazard = fill(4, math.NaN()), fill(4, pick("base", 0.05, 0.6, 20))
		p.Customers.SeatGrowthPerYear = fill(4, pick("seats", -0.5, 0, 0.3, 3))
	}
	if maybe("economy") {
		p.Economy.StartRegime = rapid.SampledFrom([]string{"expansion", "recession"}).Draw(rt, "opening regime")
		p.Economy.Recession = plan.Recession{WinRate: number("win", 0, 2), Willingness: number("willingness", 0.2, 2), Churn: number("churning", 0, 4), FirmDeath: number("dying", 0, 4)}
		if maybe("random regime") {
			p.Economy.Regime, p.Economy.ExpansionMonths, p.Economy.RecessionMonths = "random", number("expansion", 0.2, 6), number("slump", 0.2, 6)
		} else {
			p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + plan.Date(whole("path", 1, 60)), Regime: "recession"}, {From: p.Run.Start + plan.Date(whole("path", 61, 200)), Regime: "expansion"}}
		}
	}
	if maybe("money") {
		p.Finance.OpeningCash = pick("cash", 0, 1e4, 2e5, 1e8)
		p.Finance.FixedCostPerWeek = pick("fixed", 0, 3000.3, 2e4)
		p.Finance.Rounds = []plan.Round{{Name: "a", Date: p.Run.Start + plan.Date(whole("round", 0, 60)), Amount: number("amount", 0, 1e5), DelayWeeks: float64(whole("round delay", 0, 3))}}
		p.CashRules = []plan.CashRule{{Name: "low", Below: number("below", 0, 3e5), CutMedia: number("cut", 0, 1), CutBrand: number("cut brand", 0, 1), FreezeHiring: maybe("freeze")}, {Name: "lower", Below: 1e4, CutMedia: 1, CutBrand: 0, FreezeHiring: true}}
	}
	keys := []string{"channels.*.weekly_budget", "channels.*.response", "channels.*.max_touches_per_week", "channels.*.reach.size", "channels.*.organic", "media.*.weekly_budget", "triggers.*.window_weeks", "triggers.*.urgency",
		"products.*.price", "products.*.discount", "teams.*.people", "teams.*.win_rate", "teams.*.answer_delay_hours", "teams.*.business_days", "teams.*.close_hour", "channels.*.real", "teams.*.share", "customers.churn_multiplier", "customers.seat_growth_per_year", "journey.lock_in_years",
		"brand.salience_half_life_weeks", "population.sizes.*.firm_death_per_year", "triggers.office.rate_per_year", "channels.*.season", "finance.fixed_cost_per_week", "customers.frailty_variance", "customers.weibull_shape",
		"rivals.strength", "triggers.*.rival_per_week", "rivals.price", "customers.price_churn_lasting", "customers.price_churn_half_life_weeks"}
	effect := func() plan.Effect {
		e := plan.Effect{Key: rapid.SampledFrom(keys).Draw(rt, "key"), Multiply: true, Value: pick("factor", 0.1, 0.5, 0.9, 1), Input: -1}
		if e.Key == "teams.*.people" {
			e.Multiply, e.Value = false, float64(whole("head-count", 0, 4))
		}
		switch e.Key {
		case "channels.*.weekly_budget", "media.*.weekly_budget", "triggers.office.rate_per_year", "customers.churn_multiplier":
			e.Value *= pick("lift", 1, 30)
		case "channels.*.max_touches_per_week": // every touch costs memory
			e.Value *= pick("lift", 1, 2)
		}
		return e
	}
	for i := range whole("changes", 0, 3) {
		c := plan.Change{Name: fmt.Sprint("change ", i), From: p.Run.Start + plan.Date(whole("from", 0, 90)), Effects: []plan.Effect{effect()}}
		if maybe("ends") {
			c.Until = c.From + plan.Date(whole("days", 1, 60))
		}
		p.Changes = append(p.Changes, c)
	}
	for i := range whole("shocks", 0, 2) {
		from := p.Run.Start + plan.Date(whole("from", 0, 70))
		p.Shocks = append(p.Shocks, plan.Shock{Name: fmt.Sprint("shock ", i), Probability: number("probability", 0, 1), From: from, FromLatest: from + plan.Date(whole("late", 0, 20)), Weeks: float64(whole("weeks", 1, 20)), Effects: []plan.Effect{effect()}})
	}
	addRivals(rt, p)
	if p.Opening.Replay = maybe("replay"); p.Opening.Replay {
		days := 7 * int(p.Opening.BurnInWeeks)
		for i := range whole("changes before", 0, 3) {
			c := plan.Change{Name: fmt.Sprint("before ", i), From: p.Run.Start - plan.Date(whole("before", 1, days+40)), Effects: []plan.Effect{effect()}}
			if maybe("ends") {
				c.Until = c.From + plan.Date(whole("days", 1, days+80))
			}
			p.Changes = append(p.Changes, c)
		}
		c := rapid.SampledFrom(p.Channels).Draw(rt, "a channel of the past")
		p.Schedules = []plan.Schedule{{Key: "channels." + c.Name + ".weekly_budget", Entries: []plan.ScheduleEntry{
			{From: p.Run.Start - plan.Date(whole("scheduled", 1, days+40)), Value: 3 * c.WeeklyBudget, Input: -1}}}}
	}
	if maybe("listed") {
		var groups []plan.CustomerGroup
		for s, most := range p.Opening.Customers {
			for i := range 2 {
				start := p.Run.Start - plan.Date(whole("start of a group", 1, 3000))
				g := plan.CustomerGroup{Count: math.Floor(most / 2), Size: p.Population.Sizes[s].Name, Product: "office", From: start, Until: min(start+plan.Date(whole("days of a group", 1, 31)), p.Run.Start),
					Bill: pick("bill", math.NaN(), 0, 12.5), Drawn: maybe("payment drawn")}
				if i == 0 {
					g.Channel = rapid.SampledFrom(p.Channels).Draw(rt, "channel of a group").Name
				}
				if !g.Drawn && maybe("prepaid") {
					g.PrepaidUntil = p.Run.Start + plan.Date(whole("prepaid until", 1, 365))
				}
				if x := p.Products[0]; x.Price == 0 {
					g.Bill = math.NaN()
				}
				if g.Count > 0 {
					groups = append(groups, g)
				}
			}
		}
		p.SetCustomers(groups)
	}
	if maybe("inputs") {
		for i, key := range []string{"channels." + p.Channels[0].Name + ".response", "customers.frailty_variance", "population.firms"} {
			low, high := 0.0, 1.0
			if i == 2 {
				low, high = 1, 2*firms
			}
			p.Inputs = append(p.Inputs, plan.Input{Name: key, Key: key, Dist: plan.Dist{Kind: "uniform", A: max(low, 0.2*high), B: high, Low: low, High: high, Whole: i == 2}})
		}
		p.SetCustomers(nil)
	}
	addPipeline(rt, p)
	return p
}

// addPipeline lets a random plan list what is open on the first day, and people in ramp, or not.
func addPipeline(rt *rapid.T, p *plan.Plan) {
	maybe := func(label string) bool { return rapid.IntRange(0, 2).Draw(rt, label) == 0 }
	if maybe("pipeline") {
		var groups []plan.PipelineGroup
		for range rapid.IntRange(0, 5).Draw(rt, "groups") {
			groups = append(groups, plan.PipelineGroup{
				Count: float64(rapid.SampledFrom([]int{1, 7, 40}).Draw(rt, "open")), Lead: rapid.Bool().Draw(rt, "a lead"),
				Team:    rapid.SampledFrom(p.Teams).Draw(rt, "its team").Name,
				Size:    rapid.SampledFrom(p.Population.Sizes[:2]).Draw(rt, "its size").Name,
				Product: rapid.SampledFrom(p.Products).Draw(rt, "its product").Name,
				Channel: rapid.SampledFrom(p.Channels).Draw(rt, "its channel").Name,
				AgeDays: rapid.SampledFrom([]float64{0, 0.3, 7, 30, 400}).Draw(rt, "its age"),
				Value:   rapid.SampledFrom([]float64{math.NaN(), 0, 55}).Draw(rt, "its value")})
		}
		p.SetPipeline(groups)
	}
	for i := range p.Teams {
		if !p.Opening.Replay && maybe("ramping") {
			p.Teams[i].Ramping = []plan.Began{{People: 1, WeeksAgo: 1}, {People: 2, WeeksAgo: float64(rapid.IntRange(2, 30).Draw(rt, "began"))}}
		}
	}
}

// addRivals gives a random plan rivals, and customers who answer prices, or not.
func addRivals(rt *rapid.T, p *plan.Plan) {
	maybe := func(label string) bool { return rapid.IntRange(0, 2).Draw(rt, label) == 0 }
	pick := func(label string, of ...float64) float64 { return rapid.SampledFrom(of).Draw(rt, label) }
	if maybe("rivals") {
		p.Rivals = plan.Rivals{Strength: pick("strength", 0, 0.7, 3), Price: pick("rivals' price", 0.3, 1, 2),
			PriceElasticity: pick("rivals' elasticity", 0, 2), MediaPerWeek: pick("rivals' media", 0, 500)}
		for i := range p.Triggers {
			p.Triggers[i].RivalPerWeek = pick("rival", 0, 0.01, 0.3, 20)
		}
	}
	if maybe("price answers") {
		c := &p.Customers
		c.PriceChurnLasting, c.PriceChurnTransient = pick("lasting", 0, 1, 20), pick("transient", 0, 3, 20)
		c.PriceChurnHalfLifeWeeks = pick("half-life", 0.01, 13, 500)
		for i := range p.Products {
			p.Products[i].ReferencePrice, p.Products[i].PriceElasticity = pick("reference", 0.1, 12, 60), pick("elasticity", 0, 1, 20)
		}
	}
}

// requireWeeksHang holds the weekly table against itself and the run's totals:
// the cash lines reproduce the account to the cent, revenue is collections less
// refunds less the change of deferred revenue, counts sum to the outcomes, and
// after ruin nothing moves.
func requireWeeksHang(t tester, pr *Prepared, rec *plan.Record, openingCash, openingCustomers float64) {
	column := func(name string) []float64 { return weekly(t, pr, rec, name) }
	whole := func(name string) []int64 {
		out := make([]int64, pr.Schema().Weeks)
		for w, x := range column(name) {
			out[w] = int64(math.Round(x * 100))
		}
		return out
	}
	cash, live := int64(toCents(openingCash)), openingCustomers
	lines := map[string]int64{"collections": 1, "refunds": -1, "cost_of_revenue": -1, "media": -1, "brand": -1, "pay": -1, "commission": -1, "onboarding": -1, "fees": -1, "fixed_cost": -1, "financing": 1}
	of := map[string][]int64{}
	for name := range lines {
		of[name] = whole(name)
	}
	closing, deferred, revenue := whole("cash"), whole("deferred_revenue"), whole("revenue")
	won, churned, died, customers := column("won"), column("churned"), column("customer_deaths"), column("live_customers")
	byChannel := make([]float64, pr.Schema().Weeks)
	for _, c := range pr.Plan().Channels {
		for w, x := range column("signups." + c.Name) {
			byChannel[w] += x
		}
	}
	signups := column("signups")
	ruin := math.Inf(1)
	if outcome(t, pr, rec, "out_of_business") == 1 {
		ruin = outcome(t, pr, rec, "week_of_ruin") - 1
	}
	for w := range closing {
		for name, sign := range lines {
			cash += sign * of[name][w]
			require.GreaterOrEqual(t, of[name][w], int64(0), "%s of week %d", name, w)
		}
		require.Equal(t, cash, closing[w], "cash of week %d", w)
		require.Equal(t, float64(w) >= ruin, cash < 0, "ruin is in the week in which cash falls below zero")
		if w > 0 && float64(w) <= ruin {
			require.Equal(t, revenue[w], of["collections"][w]-of["refunds"][w]-deferred[w]+deferred[w-1], "revenue of week %d", w)
			require.GreaterOrEqual(t, deferred[w], int64(-1))
		}
		require.Equal(t, signups[w], byChannel[w], "sign-ups by channel, week %d", w)
		live += won[w] - churned[w] - died[w]
		switch {
		case float64(w) <= ruin: // those of the week of ruin are closed by it
			require.Equal(t, live, customers[w], "customers of week %d", w)
		default:
			require.Zero(t, customers[w], "customers of week %d", w)
		}
	}
	for weekly, total := range map[string]string{"journeys": "journeys", "reached": "reached", "touches": "touches", "leads": "leads", "real_leads": "real_leads", "signups": "signups", "opportunities": "opportunities", "won": "won", "churned": "churned", "customer_deaths": "customer_deaths"} {
		var sum float64
		for _, x := range column(weekly) {
			if !math.IsNaN(x) { // journeys are missing after ruin
				sum += x
			}
		}
		require.Equal(t, outcome(t, pr, rec, total), sum, weekly)
	}
	if math.IsInf(ruin, 1) {
		require.InDelta(t, outcome(t, pr, rec, "revenue"), total(column("revenue")), 0.02*float64(len(closing)))
	} else {
		require.Zero(t, outcome(t, pr, rec, "live_customers"))
	}
	for i, c := range pr.Schema().Outcomes {
		x := rec.Outcomes[i]
		require.False(t, math.IsNaN(x) && c.Missing == "" || math.IsInf(x, 0) && (x < 0 || c.Never == ""), "%s is %v without a reason", c.Name, x)
		low, high := c.Range()
		require.False(t, x < low || x > high && x != plan.Never, "%s is %v", c.Name, x)
	}
}

// requireRatios holds every ratio against the columns whose quotient it is;
// without a denominator it is missing.
func requireRatios(t tester, pr *Prepared, rec *plan.Record) {
	check := func(columns []plan.Column, row []float64) {
		at := map[string]float64{}
		for i, c := range columns {
			at[c.Name] = row[i]
		}
		for i, c := range columns {
			if c.Over == "" {
				continue
			}
			over, under := at[c.Over], at[c.Under]
			if under <= 0 || c.NoneAtZero && over == 0 {
				require.NotEmpty(t, c.Reason(c.Recorded(row[i])), "%s = %v without %s", c.Name, row[i], c.Under)
				continue
			}
			want := over / under
			if c.Scale != 0 {
				want *= c.Scale
			}
			require.InDelta(t, want, row[i], 1e-9*math.Abs(want), c.Name)
		}
	}
	check(pr.Schema().Outcomes, rec.Outcomes)
	n := len(pr.Schema().Slice)
	for r := range pr.Schema().SliceRows {
		check(pr.Schema().Slice, rec.Slices[r*n:(r+1)*n])
	}
}

func TestRandomPlansConserve(t *testing.T) {
	plans, seed := 75, "1"
	if heavy {
		plans, seed = 2000, "0"
	}
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(plans), "rapid.seed": seed, "rapid.nofailfile": "true"} {
		was := flag.Lookup(name).Value.String()
		require.NoError(t, flag.Set(name, value))
		defer func() { require.NoError(t, flag.Set(name, was)) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := randomPlan(rt)
		pr, err := Prepare(p)
		if err != nil {
			rt.Skip(err)
		}
		var customers float64
		for _, n := range p.Opening.Customers {
			customers += n
		}
		s, rec := pr.NewState(), pr.Schema().NewRecord()
		s.eachStep = func() {
			if err := s.Conserved(); err != nil {
				rt.Fatal(err)
			}
		}
		for r := range 2 {
			s.Replicate(7, r, rec)
			requireSlicesSum(rt, pr, rec)
			requireMonthsSum(rt, pr, rec)
			requireRatios(rt, pr, rec)
			requireWeeksHang(rt, pr, rec, p.Finance.OpeningCash, customers)
		}
		// A state that has been used says the same as a new one.
		fresh := pr.Schema().NewRecord()
		pr.NewState().Replicate(7, 1, fresh)
		require.Equal(rt, wordsOf(rec), wordsOf(fresh))
	})
}

// wordsOf are the numbers of a record as bits, so that missing ones compare equal.
func wordsOf(rec *plan.Record) (out []uint64) {
	for _, list := range [][]float64{rec.Outcomes, rec.Weekly, rec.Months, rec.Slices, rec.Inputs} {
		for _, x := range list {
			out = append(out, math.Float64bits(x))
		}
	}
	return out
}
