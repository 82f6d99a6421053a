package dense_test

import (
	"math"

	"windfall/model/plan"
)

// This file builds the small markets of the tests, in code: a plan whose
// numbers are all set, to be changed by each test.

// table is a table of n equal numbers.
func table(n int, x float64) []float64 {
	t := make([]float64, n)
	for i := range t {
		t[i] = x
	}
	return t
}

// flat is a season without seasons.
func flat() []float64 { return table(12, 1) }

// small is a market of firms of one size class, industry and region without
// triggers, channels, media, products or teams.
func small(firms float64) *plan.Plan {
	p := &plan.Plan{
		Name: "small",
		Run:  plan.Run{Start: plan.NewDate(2013, 1, 1), Weeks: 26, Step: "week", Replications: 50, Seed: 1},
		Population: plan.Population{
			Firms: firms, TailExponent: 1.06, MinDormantShare: 0.1, SMBEmployees: 100, SMBSales: 1e8,
		},
		Economy: plan.Economy{
			Regime: "scripted", StartRegime: "expansion", ExpansionMonths: 60, RecessionMonths: 11,
			Recession: plan.Recession{WinRate: 1, Willingness: 1, Churn: 1, FirmDeath: 1},
		},
		Journey: plan.Journey{
			MemoryWeeks: 2.5, CrossChannelBonus: 0.2, ReadinessSteepness: 4, TouchesNeededSD: 0.5, LockInYears: 2,
		},
		Brand: plan.Brand{
			SalienceHalfLifeWeeks: 0.75, EquityHalfLifeWeeks: 60, SalienceWeight: 0.8, AwarenessMax: 0.6, HalfSaturationEquity: 1,
		},
		Rivals:    plan.Rivals{Strength: 1, Price: 1},
		Customers: plan.Customers{WeibullShape: 0.85, FrailtyVariance: 0.7, ChurnMultiplier: 1, PriceChurnHalfLifeWeeks: 13},
		Finance:   plan.Finance{OpeningCash: 1e9, DiscountRate: 0.12, LTVHorizonYears: 5},
		Opening:   plan.Opening{BurnInWeeks: 26},
	}
	addSize(p, "small", 1, 5, 9)
	addIndustry(p, "all", 1)
	addRegion(p, "here", 1)
	return p
}

// addSize, addIndustry and addRegion add an entry to a dimension. All calls
// come before the first trigger, channel, medium, product or team.
func addSize(p *plan.Plan, name string, share, lowest, highest float64) *plan.Size {
	p.Population.Sizes = append(p.Population.Sizes, plan.Size{Name: name, Share: share, Lowest: lowest, Highest: highest, DeathShape: 1})
	n := len(p.Population.Sizes)
	p.Journey.TouchesNeeded = append(p.Journey.TouchesNeeded, 1)
	p.Journey.WillingnessMedian = append(p.Journey.WillingnessMedian, 100)
	p.Journey.WillingnessSigma = append(p.Journey.WillingnessSigma, 0)
	p.Customers.BaseHazard = append(p.Customers.BaseHazard, 0.5)
	p.Customers.Retained12Months = append(p.Customers.Retained12Months, math.NaN())
	p.Customers.SeatGrowthPerYear = append(p.Customers.SeatGrowthPerYear, 0)
	p.Opening.Customers = append(p.Opening.Customers, 0)
	return &p.Population.Sizes[n-1]
}

func addIndustry(p *plan.Plan, name string, share float64) {
	p.Population.Industries = append(p.Population.Industries, plan.Industry{Name: name, Share: share, RevenuePerEmployee: 150000})
}

func addRegion(p *plan.Plan, name string, share float64) {
	p.Population.Regions = append(p.Population.Regions, plan.Region{Name: name, Share: share})
	p.Brand.InitialSalience = append(p.Brand.InitialSalience, math.NaN())
	p.Brand.InitialEquity = append(p.Brand.InitialEquity, math.NaN())
}

func sizes(p *plan.Plan) int      { return len(p.Population.Sizes) }
func industries(p *plan.Plan) int { return len(p.Population.Industries) }
func regions(p *plan.Plan) int    { return len(p.Population.Regions) }

// addTrigger adds a trigger of kind event. Named tables must be filled in
// alphabetical order.
func addTrigger(p *plan.Plan, name string, rate, window float64) *plan.Trigger {
	p.Triggers = append(p.Triggers, plan.Trigger{
		Name: name, Enabled: true, Kind: "event",
		RatePerYear: table(sizes(p), rate), LifeYears: table(sizes(p), math.NaN()),
		Employees: math.NaN(), GrowthScale: math.NaN(),
		Industry: table(industries(p), 1), Region: table(regions(p), 1), Season: flat(),
		Recession: 1, WindowWeeks: window, WindowCV: 1, Urgency: 1,
	})
	return &p.Triggers[len(p.Triggers)-1]
}

// addChannel adds a channel that is driven by a budget of 1000 against a half
// saturation of 1000, so that its driver is one half.
func addChannel(p *plan.Plan, name string, maxTouches, response float64) *plan.Channel {
	p.Channels = append(p.Channels, plan.Channel{
		Name: name, Enabled: true, Driver: "budget",
		WeeklyBudget: 1000, HalfSaturation: 1000, Shape: 1, AdstockHalfLifeWeeks: 0.2, InitialAdstock: math.NaN(),
		CostMultiplier: 1, HalfSaturationEquity: math.NaN(), HalfSaturationCustomers: math.NaN(),
		Reach:         plan.Reach{Size: table(sizes(p), 1), Industry: table(industries(p), 1), Region: table(regions(p), 1)},
		RegionSpend:   table(regions(p), 1),
		TargetingCost: 20, MaxTouchesPerWeek: maxTouches, Season: flat(), Response: response, Weight: 1,
		Churn: 1, DealSize: 1, Discount: 1, Real: 1, Win: 1,
	})
	return &p.Channels[len(p.Channels)-1]
}

func addMedium(p *plan.Plan, name string, budget float64) *plan.Medium {
	p.Media = append(p.Media, plan.Medium{
		Name: name, Enabled: true, WeeklyBudget: plan.Split{Total: budget},
		HalfSaturation: plan.Split{Total: budget}, ReferenceBudget: plan.Split{Total: budget},
		Shape: 1.2, CostMultiplier: 1, ToSalience: 1, ToEquity: 1,
	})
	return &p.Media[len(p.Media)-1]
}

func addProduct(p *plan.Plan, name string, price float64) *plan.Product {
	p.Products = append(p.Products, plan.Product{Name: name, Enabled: true, Price: price, Adoption: 1, ReferencePrice: math.NaN(),
		Renewal: math.NaN(), TrialConverts: 1, FreeConverts: math.NaN(), FreeConvertsMonths: math.NaN(), FreeLifeMonths: math.NaN()})
	p.Opening.Products = append(p.Opening.Products, 1)
	return &p.Products[len(p.Products)-1]
}

func addTeam(p *plan.Plan, name, kind string, winRate, cycleDays float64) *plan.Team {
	n := sizes(p)
	p.Teams = append(p.Teams, plan.Team{
		Name: name, Enabled: true, Kind: kind, Share: table(n, 1),
		WinRate: table(n, winRate), CycleDays: table(n, cycleDays), CycleCV: 0.7, SpeedHalfLifeHours: table(n, 24),
		CommissionPerWin: table(n, 0), OpportunitiesPerWeek: 5, RampStart: 1, HireWhenLoadAbove: math.NaN(), HireStep: 1, LeadTimeWeeks: 8,
		Speed: "half-life", SpeedSlowShare: table(n, math.NaN()), SpeedSlowHalfLifeHours: table(n, math.NaN()), SpeedScaleHours: table(n, math.NaN()), SpeedPower: table(n, math.NaN()),
		ScreeningShare: 0.25, CloseHour: 24, BusinessDays: 7, NeverAnsweredAtFullLoad: math.NaN(),
	})
	return &p.Teams[len(p.Teams)-1]
}

// selling is a small market in which a lead buys at once from a web team.
func selling(firms float64) *plan.Plan {
	p := small(firms)
	addTrigger(p, "move", 1, 4)
	p.Journey.LockInYears = 0.2
	p.Journey.TouchesNeeded[0] = 1e-6
	p.Journey.TouchesNeededSD = 0
	addChannel(p, "search", 2, 0.3)
	addProduct(p, "phone", 30)
	addTeam(p, "web", "web", 1, 0)
	return p
}
