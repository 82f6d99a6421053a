package dense_test

import (
	"math"

	"windfall/model"
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
func small(firms float64) *model.Plan {
	p := &model.Plan{
		Name: "small",
		Run:  model.Run{Start: model.NewDate(2013, 1, 1), Weeks: 26, Step: "week", Replications: 50, Seed: 1},
		Population: model.Population{
			Firms: firms, TailExponent: 1.06, MinDormantShare: 0.1, SMBEmployees: 100, SMBSales: 1e8,
		},
		Economy: model.Economy{
			Regime: "scripted", StartRegime: "expansion", ExpansionMonths: 60, RecessionMonths: 11,
			Recession: model.Recession{WinRate: 1, Willingness: 1, Churn: 1, FirmDeath: 1},
		},
		Journey: model.Journey{
			MemoryWeeks: 2.5, CrossChannelBonus: 0.2, ReadinessSteepness: 4, TouchesNeededSD: 0.5, LockInYears: 2,
		},
		Brand: model.Brand{
			SalienceHalfLifeWeeks: 0.75, EquityHalfLifeWeeks: 60, SalienceWeight: 0.8, AwarenessMax: 0.6, HalfSaturationEquity: 1,
		},
		Rivals:    model.Rivals{Strength: 1, Price: 1},
		Customers: model.Customers{WeibullShape: 0.85, FrailtyVariance: 0.7, ChurnMultiplier: 1, PriceChurnHalfLifeWeeks: 13},
		Finance:   model.Finance{OpeningCash: 1e9, DiscountRate: 0.12, LTVHorizonYears: 5},
		Opening:   model.Opening{BurnInWeeks: 26},
	}
	addSize(p, "small", 1, 5, 9)
	addIndustry(p, "all", 1)
	addRegion(p, "here", 1)
	return p
}

// addSize, addIndustry and addRegion add an entry to a dimension. All calls
// come before the first trigger, channel, medium, product or team.
func addSize(p *model.Plan, name string, share, lowest, highest float64) *model.Size {
	p.Population.Sizes = append(p.Population.Sizes, model.Size{Name: name, Share: share, Lowest: lowest, Highest: highest, DeathShape: 1})
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

func addIndustry(p *model.Plan, name string, share float64) {
	p.Population.Industries = append(p.Population.Industries, model.Industry{Name: name, Share: share, RevenuePerEmployee: 150000})
}

func addRegion(p *model.Plan, name string, share float64) {
	p.Population.Regions = append(p.Population.Regions, model.Region{Name: name, Share: share})
	p.Brand.InitialSalience = append(p.Brand.InitialSalience, math.NaN())
	p.Brand.InitialEquity = append(p.Brand.InitialEquity, math.NaN())
}

func sizes(p *model.Plan) int      { return len(p.Population.Sizes) }
func industries(p *model.Plan) int { return len(p.Population.Industries) }
func regions(p *model.Plan) int    { return len(p.Population.Regions) }

// addTrigger adds a trigger of kind event. Named tables must be filled in
// alphabetical order.
func addTrigger(p *model.Plan, name string, rate, window float64) *model.Trigger {
	p.Triggers = append(p.Triggers, model.Trigger{
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
func addChannel(p *model.Plan, name string, maxTouches, response float64) *model.Channel {
	p.Channels = append(p.Channels, model.Channel{
		Name: name, Enabled: true, Driver: "budget",
		WeeklyBudget: 1000, HalfSaturation: 1000, Shape: 1, AdstockHalfLifeWeeks: 0.2, InitialAdstock: math.NaN(),
		CostMultiplier: 1, HalfSaturationEquity: math.NaN(), HalfSaturationCustomers: math.NaN(),
		Reach:         model.Reach{Size: table(sizes(p), 1), Industry: table(industries(p), 1), Region: table(regions(p), 1)},
		TargetingCost: 20, MaxTouchesPerWeek: maxTouches, Season: flat(), Response: response, Weight: 1,
		Churn: 1, DealSize: 1, Discount: 1, Real: 1, Win: 1,
	})
	return &p.Channels[len(p.Channels)-1]
}

func addMedium(p *model.Plan, name string, budget float64) *model.Medium {
	p.Media = append(p.Media, model.Medium{
		Name: name, Enabled: true, WeeklyBudget: model.Split{Total: budget},
		HalfSaturation: model.Split{Total: budget}, ReferenceBudget: model.Split{Total: budget},
		Shape: 1.2, CostMultiplier: 1, ToSalience: 1, ToEquity: 1,
	})
	return &p.Media[len(p.Media)-1]
}

func addProduct(p *model.Plan, name string, price float64) *model.Product {
	p.Products = append(p.Products, model.Product{Name: name, Enabled: true, Price: price, Adoption: 1, ReferencePrice: math.NaN(),
		Renewal: math.NaN(), TrialConverts: 1, FreeConverts: math.NaN(), FreeConvertsMonths: math.NaN(), FreeLifeMonths: math.NaN()})
	p.Opening.Products = append(p.Opening.Products, 1)
	return &p.Products[len(p.Products)-1]
}

func addTeam(p *model.Plan, name, kind string, winRate, cycleDays float64) *model.Team {
	n := sizes(p)
	p.Teams = append(p.Teams, model.Team{
		Name: name, Enabled: true, Kind: kind, Share: table(n, 1),
		WinRate: table(n, winRate), CycleDays: table(n, cycleDays), CycleCV: 0.7, SpeedHalfLifeHours: table(n, 24),
		CommissionPerWin: table(n, 0), OpportunitiesPerWeek: 5, RampStart: 1, HireWhenLoadAbove: math.NaN(), HireStep: 1, LeadTimeWeeks: 8,
		Speed: "half-life", SpeedSlowShare: table(n, math.NaN()), SpeedSlowHalfLifeHours: table(n, math.NaN()), SpeedScaleHours: table(n, math.NaN()), SpeedPower: table(n, math.NaN()),
		ScreeningShare: 0.25, CloseHour: 24, BusinessDays: 7, NeverAnsweredAtFullLoad: math.NaN(),
	})
	return &p.Teams[len(p.Teams)-1]
}

// selling is a small market in which a lead buys at once from a web team.
func selling(firms float64) *model.Plan {
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
