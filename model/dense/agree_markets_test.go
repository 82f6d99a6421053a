package dense_test

import (
	"math"
	"os"

	"windfall/model/plan"
)

// verifying asks for the long versions.
var verifying = os.Getenv("WINDFALL_VERIFY") == "1"

// market is a small market on which the engine and the reference are compared.
type market struct {
	name         string
	build        func() *plan.Plan
	replications int // of the reference
}

// markets are the markets of the comparison. Each stresses other mechanisms;
// together they use every key of a plan that acts in a run (TestMarketsUseEveryKey). Rates are far
// higher and locks far shorter than in life, so that few firms see many events.
// The short version runs a tenth of the replications: what differs by three times as
// much is seen.
func markets() []market {
	list := []market{
		{"triggers", triggersMarket, 160},
		{"channels", channelsMarket, 120},
		{"queue", queueMarket, 120},
		{"customers", customersMarket, 170},
		{"cash", cashMarket, 240},
		{"changes", changesMarket, 200},
		{"variant", variantMarket, 120},
		{"searches", searchesMarket, 140},
		{"firm", firmMarket, 120},
		{"rivals", rivalsMarket, 120},
		{"contracts", contractsMarket, 150},
		{"leads", leadsMarket, 120},
		{"replay", replayMarket, 120},
		{"listed", listedMarket, 120},
		{"pipeline", pipelineMarket, 120},
	}
	if !verifying {
		for i := range list {
			list[i].replications /= 10
		}
	}
	return list
}

// triggersMarket: three kinds of trigger, seasons, a recession that moves them,
// growth, depletion, the floor on dormant firms, visibility and targets.
func triggersMarket() *plan.Plan {
	p := small(4000)
	p.Name = "triggers"
	p.Run.Weeks = 30
	p.Run.Start = plan.NewDate(2013, 10, 1)
	p.Opening.BurnInWeeks = 12
	pop := &p.Population
	pop.GrowthPerYear = 0.6
	pop.MinDormantShare = 0.4
	pop.TailExponent = 1.3
	pop.SMBEmployees, pop.SMBSales = 50, 2e6
	pop.Sizes[0].Share = 0.5
	pop.Sizes[0].FirmDeathPerYear = 0.5
	*addSize(p, "medium", 0.3, 10, 99) = plan.Size{Name: "medium", Share: 0.3, Lowest: 10, Highest: 99, FirmDeathPerYear: 0.2}
	addSize(p, "wide", 0.2, 100, 5000)
	pop.Industries[0].Share = 0.75
	addIndustry(p, "build", 0.25)
	pop.Industries[1].RevenuePerEmployee = 60000
	pop.Regions[0].Share = 0.8
	addRegion(p, "south", 0.2)
	p.Journey.LockInYears = 0.15
	p.Journey.TouchesNeeded = []float64{0.5, 0.8, 1}
	p.Economy.Path = []plan.RegimeFrom{{From: plan.NewDate(2014, 1, 7), Regime: "recession"}}
	p.Economy.Recession.FirmDeath = 1.5

	ageing := addTrigger(p, "ageing", 0, 6)
	ageing.Kind = "ageing"
	ageing.LifeYears = []float64{0.8, 1.2, 4}
	ageing.Recession = 0.6
	ageing.Urgency = 0.8
	growth := addTrigger(p, "growth", 0, 5)
	growth.Kind = "threshold"
	growth.Employees = 200
	growth.GrowthScale = 0.6
	growth.Visible = 0.3
	move := addTrigger(p, "move", 1, 3)
	move.RatePerYear = []float64{1.2, 0.9, 1}
	move.Industry[1] = 1.5
	move.Region[1] = 0.6
	move.Season = []float64{1, 1, 1.2, 1.1, 1, 0.9, 0.8, 0.7, 1, 1.3, 1.5, 0.5}
	move.WindowCV = 0.6
	move.Visible = 0.7
	move.Urgency = 1.3
	addTrigger(p, "stale", 3, 5).Enabled = false

	list := addChannel(p, "list", 4, 0.25)
	list.Targets = []string{"growth", "move"}
	list.TargetingCost = 40
	list.Reach.Size = []float64{0.9, 0.7, 1}
	list.Season = []float64{4, 4, 4, 4, 4, 4, 4, 2, 4, 4, 3, 1}
	search := addChannel(p, "search", 1.6, 0.3)
	search.Reach.Industry = []float64{1, 0.6}
	search.Reach.Region = []float64{0.9, 1}
	addChannel(p, "stopped", 2, 0.4).Enabled = false
	builders := addProduct(p, "builders", 45)
	builders.Industries = []string{"build"}
	builders.Triggers = []string{"growth", "move"}
	addProduct(p, "old", 60).Enabled = false
	addProduct(p, "phone", 30)
	team := addTeam(p, "web", "web", 0.5, 5)
	team.CycleCV = 1
	return p
}

// channelsMarket: several touches needed, all three drivers, brand media in two
// regions with a pause, halo, awareness, adstock, a schedule, spend that differs between regions.
func channelsMarket() *plan.Plan {
	p := small(4000)
	p.Name = "channels"
	p.Run.Weeks = 30
	p.Opening.BurnInWeeks = 12
	p.Population.Regions[0].Share = 0.75
	addRegion(p, "south", 0.25)
	p.Brand.InitialEquity[1] = 0.5
	p.Brand.EquityHalfLifeWeeks = 20
	p.Brand.SalienceHalfLifeWeeks = 1.5
	p.Brand.SalienceWeight, p.Brand.AwarenessMax, p.Brand.HalfSaturationEquity = 0.65, 0.7, 1.2
	p.Journey.LockInYears = 0.1
	p.Journey.TouchesNeeded[0], p.Journey.TouchesNeededSD = 1.8, 0.6
	p.Journey.MemoryWeeks, p.Journey.ReadinessSteepness = 3, 3
	p.Journey.CrossChannelBonus = 0.5
	p.Opening.Customers[0] = 300
	addTrigger(p, "move", 2, 5).WindowCV = 0.7

	own := addChannel(p, "own-name", 2, 0.4)
	own.NeedsAwareness = true
	own.Halo = 0.3
	paid := addChannel(p, "paid", 2, 0.3)
	paid.AdstockHalfLifeWeeks = 2
	paid.InitialAdstock = 3000
	paid.Halo = 0.6
	paid.Shape = 1.5
	paid.Reach.Region = []float64{0.8, 1}
	paid.RegionSpend = []float64{0.25, 3}
	paid.FeePerLead = 3
	referral := addChannel(p, "referral", 2.5, 0.35)
	referral.Driver = "customers"
	referral.WeeklyBudget = 0
	referral.HalfSaturationCustomers = 900
	referral.Reach.Size[0] = 0.7
	word := addChannel(p, "word", 1.5, 0.25)
	word.Driver = "brand"
	word.WeeklyBudget = 0
	word.HalfSaturationEquity = 0.8
	word.Weight = 1.5
	p.Schedules = []plan.Schedule{{Key: "channels.paid.weekly_budget", Entries: []plan.ScheduleEntry{
		{From: plan.NewDate(2013, 3, 1), Value: 2500, Input: -1},
		{From: plan.NewDate(2013, 5, 10), Value: 0, Input: -1},
		{From: plan.NewDate(2013, 5, 24), Value: 2000, Input: -1},
	}}}

	radio := addMedium(p, "radio", 4000)
	radio.Shape = 1.5
	radio.ToEquity = 0.5
	tv := addMedium(p, "tv", 2000)
	tv.Regions = []string{"south"}
	tv.ToSalience = 2
	p.Changes = []plan.Change{{Name: "pause", From: plan.NewDate(2013, 4, 2), Until: plan.NewDate(2013, 4, 26),
		Effects: []plan.Effect{{Key: "media.radio.weekly_budget", Value: 0, Input: -1}}},
		{Name: "held", From: plan.NewDate(2013, 3, 19),
			Effects: []plan.Effect{{Key: "channels.word.holdout", Value: 0.35, Input: -1}}},
		{Name: "shift", From: plan.NewDate(2013, 6, 6),
			Effects: []plan.Effect{{Key: "channels.paid.region_spend.here", Multiply: true, Value: 2, Input: -1}}}}

	addProduct(p, "phone", 30)
	p.Customers.BaseHazard[0] = 1.2
	addTeam(p, "web", "web", 0.4, 7)
	return p
}

// queueMarket: people with ramp, answer delay, speed decay, a head-count that
// falls and one that a rule raises; web and partners beside them by shares and
// by channel; windows that end and firms that die while waiting.
func queueMarket() *plan.Plan {
	p := small(5000)
	p.Name = "queue"
	p.Run.Weeks = 32
	p.Opening.BurnInWeeks = 12
	p.Population.Sizes[0].Share = 0.5
	p.Population.Sizes[0].FirmDeathPerYear = 0.8
	addSize(p, "medium", 0.5, 10, 99).FirmDeathPerYear = 0.8
	p.Journey.LockInYears = 0.1
	p.Journey.TouchesNeeded = []float64{0.3, 0.3}
	p.Journey.ReadinessStep = true
	move := addTrigger(p, "move", 2, 3)
	move.RatePerYear = []float64{2.4, 1.6}
	addChannel(p, "list", 1.5, 0.4)
	addChannel(p, "search", 2.5, 0.4)
	addProduct(p, "phone", 30)
	p.Customers.BaseHazard = []float64{1.5, 1}

	agents := addTeam(p, "agents", "partners", 0.6, 4)
	agents.Channels = []string{"list"}
	agents.Sizes = []string{"medium"}
	agents.CommissionShare = 0.2
	desk := addTeam(p, "desk", "people", 0.5, 10)
	desk.Share = []float64{0.5, 1}
	desk.WinRate = []float64{0.6, 0.7}
	desk.CycleDays = []float64{6, 12}
	desk.SpeedHalfLifeHours = []float64{60, 90}
	desk.AnswerDelayHours = 10
	desk.People = 14
	desk.OpportunitiesPerWeek = 6
	desk.PayPerYear = 60000
	desk.RampStart = 0.3
	desk.RampWeeks = 10
	desk.HireWhenLoadAbove = 0.94
	desk.HireStep = 2
	desk.LeadTimeWeeks = 5
	desk.CommissionPerWin = []float64{20, 30}
	addTeam(p, "old", "web", 0.9, 1).Enabled = false
	web := addTeam(p, "web", "web", 0.6, 2)
	web.Sizes = []string{"small"}
	web.Share = []float64{0.5, 0}
	web.AnswerDelayHours = 4
	p.Changes = []plan.Change{{Name: "fewer", From: plan.NewDate(2013, 2, 20),
		Effects: []plan.Effect{{Key: "teams.desk.people", Value: 11, Input: -1}}}}
	return p
}

// customersMarket: opening customers by age, two products, willingness to pay,
// prepaid customers, frailty, seat growth, firm death, a recession that moves
// churn, a price change that reaches live customers, channel multipliers.
func customersMarket() *plan.Plan {
	p := small(4000)
	p.Name = "customers"
	p.Run.Weeks = 40
	p.Opening.BurnInWeeks = 10
	p.Population.Sizes[0].Share = 0.6
	p.Population.Sizes[0].FirmDeathPerYear = 0.8
	p.Population.Sizes[0].Lowest = 1
	addSize(p, "medium", 0.4, 20, 24).FirmDeathPerYear = 0.4
	p.Journey.LockInYears = 0.2
	p.Journey.TouchesNeeded = []float64{0.2, 0.2}
	p.Journey.WillingnessMedian = []float64{28, 40}
	p.Journey.WillingnessSigma = []float64{0.5, 0.4}
	p.Opening.Customers = []float64{400, 200}
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 1, Share: 0.5}, {FromYears: 1, ToYears: 4, Share: 0.5}}
	p.Economy.Path = []plan.RegimeFrom{{From: plan.NewDate(2013, 2, 20), Regime: "recession"}, {From: plan.NewDate(2013, 9, 1), Regime: "expansion"}}
	p.Economy.Recession = plan.Recession{WinRate: 0.8, Willingness: 0.9, Churn: 1.6, FirmDeath: 1.4}
	addTrigger(p, "move", 2.5, 4)

	cheap := addChannel(p, "cheap", 1.5, 0.5)
	cheap.Churn = 1.8
	cheap.DealSize = 0.6
	cheap.Discount = 2
	cheap.FeePerCustomer = 12
	cheap.RevenueShare = 0.08
	good := addChannel(p, "good", 1.5, 0.5)
	good.FeeInMonthlyBills = 1.5
	good.DealSize = 1.2

	basic := addProduct(p, "basic", 20)
	basic.Discount = 0.2
	basic.CostOfRevenueShare = 0.25
	basic.CostToServePerMonth = 4
	basic.PriceForAll = true
	basic.PrepaidShare = 0.4
	basic.PrepaidDiscount = 0.15
	basic.OnboardingCost = 25
	rich := addProduct(p, "rich", 35)
	rich.Adoption = 0.7
	rich.PrepaidShare = 0.5
	rich.PrepaidDiscount = 0.1
	rich.CostOfRevenueShare = 0.3
	rich.OnboardingCost = 40
	rich.Sizes = []string{"medium"}
	rich.Channels = []string{"good"}
	p.Opening.Products = []float64{0.6, 0.4}
	p.Changes = []plan.Change{{Name: "dearer", From: plan.NewDate(2013, 6, 4),
		Effects: []plan.Effect{{Key: "products.basic.price", Value: 24, Input: -1}}}}

	p.Customers.BaseHazard = []float64{math.NaN(), 1.8}
	p.Customers.Retained12Months = []float64{0.35, math.NaN()}
	p.Customers.FrailtyVariance = 0.9
	p.Customers.WeibullShape, p.Customers.ChurnMultiplier = 0.75, 1.1
	p.Finance.DiscountRate, p.Finance.LTVHorizonYears = 0.2, 3
	p.Customers.SeatGrowthPerYear = []float64{0.2, 0.8}
	p.Finance.FixedCostPerWeek = 1234.5
	addTeam(p, "web", "web", 0.7, 3)
	return p
}

// cashMarket: little cash, rules that cut media and freeze hiring, rounds of
// financing, and ruin in about half of the replications.
func cashMarket() *plan.Plan {
	p := small(1500)
	p.Name = "cash"
	p.Run.Weeks = 30
	p.Opening.BurnInWeeks = 10
	p.Journey.LockInYears = 0.15
	p.Journey.TouchesNeeded[0] = 0.3
	addTrigger(p, "move", 2, 4)
	search := addChannel(p, "search", 3, 0.4)
	search.WeeklyBudget = 3000
	search.HalfSaturation = 4000
	search.AdstockHalfLifeWeeks = 1
	addMedium(p, "radio", 1500)
	p.Channels[0].Halo = 0.5
	phone := addProduct(p, "phone", 25)
	phone.CostOfRevenueShare = 0.2
	phone.PrepaidShare = 0.3
	p.Opening.Customers[0] = 120
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 2, Share: 1}}
	p.Customers.BaseHazard[0] = 1
	desk := addTeam(p, "desk", "people", 0.5, 5)
	desk.People = 4
	desk.OpportunitiesPerWeek = 8
	desk.PayPerYear = 40000
	desk.SpeedHalfLifeHours[0] = 100
	desk.HireWhenLoadAbove = 0.75
	desk.LeadTimeWeeks = 2
	p.Finance.OpeningCash = 35000
	p.Finance.FixedCostPerWeek = 6000
	p.Finance.Rounds = []plan.Round{
		{Name: "seed", Date: plan.NewDate(2013, 3, 15), Amount: 30000},
		{Name: "series-a", Date: plan.NewDate(2013, 4, 15), Amount: 25000, DelayWeeks: 3},
	}
	p.CashRules = []plan.CashRule{
		{Name: "low", Below: 25000, CutMedia: 0.4, CutBrand: 1, FreezeHiring: true},
		{Name: "very-low", Below: 10000, CutMedia: 0.8},
	}
	return p
}

// changesMarket: daily steps, dates inside a week, schedules, multiplying
// changes, shocks with a chance and a range of dates, a random regime, a price
// level, a product that comes and one that goes.
func changesMarket() *plan.Plan {
	p := small(2000)
	p.Name = "changes"
	p.Run.Step = "day"
	p.Run.Weeks = 26
	p.Opening.BurnInWeeks = 10
	p.Population.GrowthPerYear = -0.2
	p.Journey.LockInYears = 0.1
	p.Journey.TouchesNeeded[0] = 0.8
	p.Economy.Regime, p.Economy.StartRegime = "random", "recession"
	p.Economy.ExpansionMonths = 4
	p.Economy.RecessionMonths = 2
	p.Economy.Recession = plan.Recession{WinRate: 0.6, Willingness: 0.8, Churn: 1.5, FirmDeath: 1.3}
	p.Population.Sizes[0].FirmDeathPerYear = 0.3
	p.Opening.Customers[0] = 200
	move := addTrigger(p, "move", 2, 4)
	move.Recession = 0.5
	move.Season = []float64{1.3, 0.8, 1, 1, 1, 1.2, 0.8, 1, 1, 1, 1, 0.9}
	paid := addChannel(p, "paid", 2, 0.4)
	paid.Halo = 0.5
	paid.Season = []float64{1, 1, 0.7, 1, 1, 0.6, 1, 1, 1, 1, 1, 1}
	ref := addChannel(p, "ref", 1.5, 0.4)
	ref.Driver = "customers"
	ref.WeeklyBudget = 0
	ref.HalfSaturationCustomers = 300
	addMedium(p, "radio", 2000)
	first := addProduct(p, "first", 30)
	first.LastSale = plan.NewDate(2013, 4, 24)
	second := addProduct(p, "second", 32)
	second.FirstSale = plan.NewDate(2013, 3, 8)
	second.PrepaidShare = 0.5
	p.Journey.WillingnessMedian[0] = 35
	p.Journey.WillingnessSigma[0] = 0.3
	p.Customers.BaseHazard[0] = 1
	desk := addTeam(p, "desk", "people", 0.6, 4)
	desk.People = 14
	desk.OpportunitiesPerWeek = 5
	desk.PayPerYear = 40000
	desk.RampStart = 0.5
	desk.RampWeeks = 4
	desk.SpeedHalfLifeHours[0] = 100
	p.Schedules = []plan.Schedule{
		{Key: "teams.desk.people", Entries: []plan.ScheduleEntry{
			{From: plan.NewDate(2013, 2, 7), Value: 11, Input: -1}, {From: plan.NewDate(2013, 4, 4), Value: 16, Input: -1}}},
	}
	p.Changes = []plan.Change{
		{Name: "a-more", From: plan.NewDate(2013, 2, 15), Effects: []plan.Effect{
			{Key: "channels.paid.weekly_budget", Multiply: true, Value: 1.8, Input: -1},
			{Key: "triggers.*.window_weeks", Multiply: true, Value: 0.8, Input: -1}}},
		{Name: "b-quiet", From: plan.NewDate(2013, 5, 9), Until: plan.NewDate(2013, 5, 25), Effects: []plan.Effect{
			{Key: "media.radio.weekly_budget", Value: 500, Input: -1}}},
	}
	p.Shocks = []plan.Shock{
		{Name: "dear-media", Probability: 1, From: plan.NewDate(2013, 4, 13), Weeks: 5, Effects: []plan.Effect{
			{Key: "channels.*.cost_multiplier", Value: 1.5, Input: -1}, {Key: "media.radio.cost_multiplier", Value: 1.5, Input: -1}}},
		{Name: "rival", Probability: 0.5, From: plan.NewDate(2013, 3, 1), FromLatest: plan.NewDate(2013, 5, 1), Weeks: 6, Effects: []plan.Effect{
			{Key: "teams.desk.win_rate", Multiply: true, Value: 0.5, Input: -1}}},
	}
	return p
}

// variantMarket: the run's plan differs from the opening plan: a new channel, a
// new trigger, a narrower reach, more that can be seen, a medium given up, other
// head-count, budgets and market keys.
func variantMarket() *plan.Plan {
	open := small(3000)
	open.Name = "base"
	open.Run.Weeks = 26
	open.Opening.BurnInWeeks = 12
	open.Journey.LockInYears = 0.12
	open.Journey.TouchesNeeded[0] = 0.6
	open.Opening.Customers[0] = 100
	addTrigger(open, "move", 2, 4)
	search := addChannel(open, "search", 2, 0.4)
	search.Halo = 0.6
	search.AdstockHalfLifeWeeks = 3
	search.Reach.Size[0] = 0.9
	open.Triggers[0].Visible = 0.3
	addChannel(open, "visits", 2, 0.2).Targets = []string{"move"}
	addMedium(open, "radio", 3000)
	tv := addMedium(open, "tv", 1000)
	tv.ToSalience = 0.5
	addProduct(open, "phone", 30)
	open.Customers.BaseHazard[0] = 1
	desk := addTeam(open, "desk", "people", 0.5, 14)
	desk.People = 10
	desk.OpportunitiesPerWeek = 5
	desk.SpeedHalfLifeHours[0] = 80

	p := *open
	p.Name = "variant"
	p.OpeningPlan = open
	p.Triggers = nil
	addTrigger(&p, "growth", 0.5, 6).Urgency = 1.4
	p.Triggers = append(p.Triggers, open.Triggers[0])
	p.Triggers[1].RatePerYear = []float64{1.7}
	p.Triggers[1].Visible = 0.7
	p.Channels = nil
	addChannel(&p, "list", 1.5, 0.3).Reach.Size[0] = 0.8
	p.Channels = append(p.Channels, open.Channels...)
	p.Channels[1].WeeklyBudget = 2500
	p.Channels[1].Reach.Size = []float64{0.6}
	p.Media = append([]plan.Medium(nil), open.Media...)
	p.Media[1].Enabled = false
	p.Teams = append([]plan.Team(nil), open.Teams...)
	p.Teams[0].People = 13
	p.Teams[0].RampStart = 0.4
	p.Teams[0].RampWeeks = 8
	p.Journey.LockInYears = 0.2
	return &p
}

// rivalsMarket: rivals who take firms in market, waiting and in the cycle, two kinds at other hazards, a campaign
// and a price cut of theirs; a price that wins fewer, and one that live customers do not like, up and down again.
func rivalsMarket() *plan.Plan {
	p := small(4000)
	p.Name = "rivals"
	p.Run.Weeks = 30
	p.Opening.BurnInWeeks = 14
	p.Population.Sizes[0].FirmDeathPerYear = 0.4
	p.Journey.LockInYears = 0.12
	p.Journey.TouchesNeeded[0] = 0.5
	p.Rivals = plan.Rivals{Strength: 1.2, Price: 0.9, PriceElasticity: 1.4, MediaPerWeek: 2000}
	bought := addTrigger(p, "bought", 1.2, 4)
	bought.WindowCV, bought.RivalPerWeek = 0.7, 0.15
	moved := addTrigger(p, "moved", 1.3, 6)
	moved.Visible, moved.RivalPerWeek = 0.6, 0.05
	addChannel(p, "list", 2, 0.3).Targets = []string{"moved"}
	search := addChannel(p, "search", 1.5, 0.35)
	search.Discount = 0.5
	addMedium(p, "radio", 1500)
	basic := addProduct(p, "basic", 20)
	basic.Discount = 0.2
	basic.PriceForAll = true
	basic.PrepaidShare = 0.3
	basic.ReferencePrice, basic.PriceElasticity = 15, 1.3
	basic.CostOfRevenueShare = 0.2
	kept := addProduct(p, "kept", 40)
	kept.Channels = []string{"list"}
	kept.ReferencePrice, kept.PriceElasticity = 50, 0.6
	p.Journey.WillingnessMedian[0], p.Journey.WillingnessSigma[0] = 35, 0.6
	p.Opening.Customers[0] = 500
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 2, Share: 1}}
	p.Customers.BaseHazard[0] = 1.1
	p.Customers.PriceChurnLasting, p.Customers.PriceChurnTransient, p.Customers.PriceChurnHalfLifeWeeks = 0.6, 2.5, 8
	desk := addTeam(p, "desk", "people", 0.6, 12)
	desk.People = 9
	desk.OpportunitiesPerWeek = 6
	desk.PayPerYear = 40000
	desk.SpeedHalfLifeHours[0] = 100
	desk.Share[0] = 0.6
	addTeam(p, "web", "web", 0.5, 10).Share[0] = 0.4
	p.Changes = []plan.Change{
		{Name: "a-campaign", From: plan.NewDate(2013, 3, 5), Until: plan.NewDate(2013, 4, 16), Effects: []plan.Effect{
			{Key: "rivals.strength", Multiply: true, Value: 2.5, Input: -1}, {Key: "rivals.media_per_week", Value: 6000, Input: -1}}},
		{Name: "b-dearer", From: plan.NewDate(2013, 3, 19), Effects: []plan.Effect{{Key: "products.*.price", Multiply: true, Value: 1.6, Input: -1}}},
		{Name: "c-cut", From: plan.NewDate(2013, 5, 14), Effects: []plan.Effect{{Key: "rivals.price", Value: 0.7, Input: -1}}},
		{Name: "d-back", From: plan.NewDate(2013, 6, 11), Effects: []plan.Effect{{Key: "products.basic.price", Value: 24, Input: -1}}},
	}
	return p
}

// contractsMarket: firms that die by their age, births among the triggers; opening customers in the middle of their
// terms, terms with and without a chance to renew, trials, a free plan that some leave; prepaid years, a recession.
func contractsMarket() *plan.Plan {
	p := small(5000)
	p.Name = "contracts"
	p.Run.Weeks = 40
	p.Opening.BurnInWeeks = 16
	p.Population.Sizes[0].Share = 0.6
	p.Population.Sizes[0].FirmDeathPerYear, p.Population.Sizes[0].DeathShape = 1, 0.5
	*addSize(p, "medium", 0.4, 20, 24) = plan.Size{Name: "medium", Share: 0.4, Lowest: 20, Highest: 24, FirmDeathPerYear: 0.5, DeathShape: 0.7}
	p.Journey.LockInYears = 0.25
	p.Journey.TouchesNeeded = []float64{0.2, 0.2}
	p.Journey.WillingnessMedian = []float64{30, 30}
	p.Journey.WillingnessSigma = []float64{0.4, 0.4}
	p.Economy.Path = []plan.RegimeFrom{{From: plan.NewDate(2013, 5, 7), Regime: "recession"}, {From: plan.NewDate(2013, 8, 6), Regime: "expansion"}}
	p.Economy.Recession.Churn, p.Economy.Recession.FirmDeath = 1.7, 1.5
	birth := addTrigger(p, "birth", 0.8, 5)
	birth.Newborn = true
	birth.WindowCV = 0.8
	birth.RivalPerWeek = 0.06
	p.Rivals = plan.Rivals{Strength: 1, Price: 1}
	addTrigger(p, "move", 1.2, 4)
	direct := addChannel(p, "direct", 1.5, 0.5)
	direct.Churn = 1.4
	addChannel(p, "search", 1.5, 0.5)

	rolling := addProduct(p, "a-free", 12)
	rolling.FreePlan = true
	rolling.FreeConverts, rolling.FreeConvertsMonths, rolling.FreeLifeMonths = 0.5, 1.5, 3
	rolling.CostToServePerMonth = 3
	fixed := addProduct(p, "b-fixed", 20)
	fixed.TermMonths, fixed.Renewal = 2, 0.75
	fixed.PrepaidShare = 0.3
	fixed.PriceForAll = true
	p.Customers.PriceChurnLasting, p.Customers.PriceChurnTransient, p.Customers.PriceChurnHalfLifeWeeks = 0.8, 2, 6
	p.Changes = []plan.Change{{Name: "dearer", From: plan.NewDate(2013, 4, 9),
		Effects: []plan.Effect{{Key: "products.b-fixed.price", Value: 24, Input: -1}}}}
	tried := addProduct(p, "c-tried", 28)
	tried.TermMonths = 3
	tried.TrialDays, tried.TrialConverts = 24, 0.45
	tried.CostToServePerMonth = 5
	staying := addProduct(p, "d-staying", 36)
	staying.FreePlan = true
	staying.FreeConverts, staying.FreeConvertsMonths = 0.6, 2
	staying.CostToServePerMonth = 4
	p.Opening.Products = []float64{0.1, 0.4, 0.4, 0.1}
	p.Opening.Customers = []float64{250, 150}
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 0.6, Share: 0.7}, {FromYears: 0.6, ToYears: 2, Share: 0.3}}
	p.Customers.BaseHazard = []float64{math.NaN(), 1.4}
	p.Customers.Retained12Months = []float64{0.3, math.NaN()}
	p.Finance.LTVHorizonYears = 3
	addTeam(p, "web", "web", 0.7, 5)
	return p
}

// leadsMarket: channels whose leads are not all real and that are won more or less often; people who screen them,
// with office hours, three ways in which waiting costs deals, and leads that nobody answers.
func leadsMarket() *plan.Plan {
	p := small(5000)
	p.Name = "leads"
	p.Run.Weeks = 26
	p.Opening.BurnInWeeks = 12
	p.Population.Sizes[0].Share = 0.5
	p.Population.Sizes[0].FirmDeathPerYear = 0.5
	addSize(p, "medium", 0.5, 10, 99).FirmDeathPerYear = 0.3
	p.Journey.LockInYears = 0.1
	p.Journey.TouchesNeeded = []float64{0.8, 0.8}
	p.Journey.WillingnessMedian, p.Journey.WillingnessSigma = []float64{40, 60}, []float64{0.5, 0.5}
	move := addTrigger(p, "move", 2, 3)
	move.RatePerYear = []float64{2.4, 1.6}
	ads := addChannel(p, "ads", 2.5, 0.5)
	ads.Real, ads.Win, ads.FeePerLead = 0.7, 0.8, 4
	lists := addChannel(p, "lists", 2, 0.5)
	lists.Real, lists.Win, lists.FeePerLead, lists.Weight = 0.35, 1.3, 2, 0.5
	addChannel(p, "referrals", 1, 0.5).Win = 2.5
	addProduct(p, "basic", 20).Sizes = []string{"small"}
	addProduct(p, "rich", 35)
	p.Customers.BaseHazard = []float64{1.5, 1}

	desk := addTeam(p, "desk", "people", 0.5, 5)
	desk.Sizes, desk.Share = []string{"small"}, []float64{0.7, 1}
	desk.People, desk.OpportunitiesPerWeek, desk.PayPerYear, desk.ScreeningShare = 9, 8, 50000, 0.4
	desk.OpenHour, desk.CloseHour, desk.BusinessDays = 8, 18.5, 6
	desk.NeverAnswered, desk.NeverAnsweredAtFullLoad = 0.05, 0.35
	desk.Speed, desk.SpeedHalfLifeHours = "two", []float64{4, 4}
	desk.SpeedSlowShare, desk.SpeedSlowHalfLifeHours = []float64{0.4, 0.5}, []float64{90, 60}
	phone := addTeam(p, "phone", "people", 0.7, 6)
	phone.Sizes = []string{"medium"}
	phone.People, phone.OpportunitiesPerWeek, phone.PayPerYear, phone.ScreeningShare = 6, 9, 60000, 0.15
	phone.OpenHour, phone.CloseHour, phone.BusinessDays = 9, 17, 5
	phone.NeverAnswered, phone.AnswerDelayHours = 0.2, 3
	phone.Speed, phone.SpeedScaleHours, phone.SpeedPower = "power", []float64{5, 5}, []float64{0.6, 0.6}
	web := addTeam(p, "web", "web", 0.6, 2)
	web.Sizes, web.Share = []string{"small"}, []float64{0.3, 0}
	p.Changes = []plan.Change{{Name: "staff", From: plan.NewDate(2013, 4, 2), Effects: []plan.Effect{
		{Key: "teams.phone.people", Value: 8, Input: -1}, {Key: "channels.ads.real", Value: 0.85, Input: -1}}}}
	return p
}
