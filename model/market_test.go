package model

import (
	"fmt"
	"math"

	"windfall/model/plan"
)

func fill(n int, x float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// testMarket is a market of about the shape of the shipped vendor: four size
// classes, n industries, two regions, two trigger kinds, nine channels, three
// teams. Tests change what they need.
func testMarket(firms float64, industries int) *plan.Plan {
	p := &plan.Plan{Name: "test"}
	nan := math.NaN()
	p.Run = plan.Run{Start: plan.NewDate(2013, 1, 1), Weeks: 52, Step: "week", Replications: 50, Seed: 1}
	pop := &p.Population
	pop.Firms, pop.TailExponent, pop.MinDormantShare, pop.SMBEmployees, pop.SMBSales = firms, 1.06, 0.4, 100, 1e8
	pop.Sizes = []plan.Size{{Name: "1-4", Share: 0.62, Lowest: 1, Highest: 4, FirmDeathPerYear: 0.104, DeathShape: 1}, {Name: "5-19", Share: 0.27, Lowest: 5, Highest: 19, FirmDeathPerYear: 0.04, DeathShape: 1}, {Name: "20-99", Share: 0.09, Lowest: 20, Highest: 99, FirmDeathPerYear: 0.028, DeathShape: 1}, {Name: "100-499", Share: 0.02, Lowest: 100, Highest: 499, FirmDeathPerYear: 0.018, DeathShape: 1}}
	for i := 0; i < industries; i++ {
		pop.Industries = append(pop.Industries, plan.Industry{Name: fmt.Sprintf("industry-%02d", i), Share: 1 / float64(industries), RevenuePerEmployee: 150000})
	}
	pop.Regions = []plan.Region{{Name: "east", Share: 0.6}, {Name: "west", Share: 0.4}}
	S, I, R := 4, industries, 2
	months := fill(12, 1)
	spring := []float64{1.2, 1.1, 1.1, 1, 1, 0.9, 0.8, 0.8, 1, 1.1, 1, 1}
	p.Triggers = []plan.Trigger{
		{Name: "dying", Enabled: true, Kind: "ageing", RatePerYear: fill(S, 0), LifeYears: fill(S, 6), Employees: nan, GrowthScale: nan, Industry: fill(I, 1), Region: fill(R, 1), Season: months, Recession: 0.9, WindowWeeks: 5, WindowCV: 0.8, Visible: 0.1, Urgency: 1.2},
		{Name: "growing", Enabled: true, Kind: "threshold", RatePerYear: fill(S, 0), LifeYears: fill(S, nan), Employees: 150, GrowthScale: 0.12, Industry: fill(I, 1), Region: fill(R, 1), Season: months, Recession: 1, WindowWeeks: 9, WindowCV: 1, Visible: 0.5, Urgency: 1},
		{Name: "office", Enabled: true, Kind: "event", RatePerYear: []float64{0.05, 0.06, 0.08, 0.2}, LifeYears: fill(S, nan), Employees: nan, GrowthScale: nan, Industry: fill(I, 1), Region: fill(R, 1), Season: spring, Recession: 0.75, WindowWeeks: 6, WindowCV: 1, Visible: 0.3, Urgency: 1},
	}
	p.Economy = plan.Economy{Regime: "scripted", StartRegime: "expansion", ExpansionMonths: 58, RecessionMonths: 11, Recession: plan.Recession{WinRate: 0.9, Willingness: 0.9, Churn: 1.15, FirmDeath: 1.15}}
	p.Journey = plan.Journey{MemoryWeeks: 2.5, CrossChannelBonus: 0.2, ReadinessSteepness: 4, TouchesNeeded: fill(S, 4), TouchesNeededSD: 0.5, LockInYears: 2, WillingnessMedian: fill(S, 45), WillingnessSigma: fill(S, 0.5)}
	p.Brand = plan.Brand{SalienceHalfLifeWeeks: 0.75, EquityHalfLifeWeeks: 60, SalienceWeight: 0.8, AwarenessMax: 0.6, HalfSaturationEquity: 1, InitialSalience: fill(R, nan), InitialEquity: fill(R, nan)}
	scale := firms / 5.8e6
	p.Media = []plan.Medium{
		{Name: "radio", Enabled: true, WeeklyBudget: plan.Split{Total: 2e5 * scale}, HalfSaturation: plan.Split{Total: 2e5 * scale}, ReferenceBudget: plan.Split{Total: 2e5 * scale}, Shape: 1.2, CostMultiplier: 1, ToSalience: 1, ToEquity: 0.5},
		{Name: "tv", Enabled: true, Regions: []string{"west"}, WeeklyBudget: plan.Split{Total: 2e5 * scale}, HalfSaturation: plan.Split{Total: 2e5 * scale}, ReferenceBudget: plan.Split{Total: 2e5 * scale}, Shape: 1.2, CostMultiplier: 1, ToSalience: 1, ToEquity: 1},
	}
	channel := func(name, driver string, budget, most, reach, response, weight, halo float64) plan.Channel {
		return plan.Channel{Name: name, Enabled: true, Driver: driver, WeeklyBudget: budget * scale, HalfSaturation: max(budget, 1) * scale, Shape: 1, AdstockHalfLifeWeeks: 0.4, InitialAdstock: nan, CostMultiplier: 1,
			HalfSaturationEquity: 1, HalfSaturationCustomers: 3e5 * scale, Reach: plan.Reach{Size: fill(S, reach), Industry: fill(I, 1), Region: fill(R, 1)}, RegionSpend: fill(R, 1), TargetingCost: 20, MaxTouchesPerWeek: most, Season: months, Response: response, Weight: weight, Halo: halo, Churn: 1, DealSize: 1, Discount: 1, Real: 1, Win: 1}
	}
	p.Channels = []plan.Channel{
		channel("affiliates", "budget", 2e4, 0.2, 0.2, 0.3, 1, 0.6),
		channel("direct-mail", "budget", 5e4, 0.2, 0.4, 0.2, 1, 0.7),
		channel("display", "budget", 3e4, 0.5, 0.5, 0.05, 0.5, 0.6),
		channel("inbound", "brand", 0, 0.4, 0.5, 0.6, 3, 0.7),
		channel("outbound", "budget", 8e4, 0.3, 0.3, 0.3, 2, 0.6),
		channel("branded-search", "budget", 3e4, 0.5, 0.6, 0.6, 3, 0.9),
		channel("paid-search", "budget", 1.5e5, 0.5, 0.5, 0.4, 2.5, 0.7),
		channel("referrals", "customers", 0, 0.3, 0.4, 0.5, 3, 0.7),
		channel("social", "budget", 4e4, 0.3, 0.4, 0.1, 1, 0.6),
	}
	p.Channels[0].Churn, p.Channels[0].FeeInMonthlyBills = 1.5, 2
	p.Channels[5].NeedsAwareness = true
	p.Channels[4].Targets = []string{"growing", "office"}
	p.Channels[8].Season = spring
	p.Channels[7].FeePerCustomer, p.Channels[8].FeePerLead = 75, 5
	p.Products = []plan.Product{
		{Name: "office", Enabled: true, Price: 28, Adoption: 0.8, Discount: 0.1, OnboardingCost: 60, CostOfRevenueShare: 0.3, CostToServePerMonth: 3, PrepaidShare: 0.2, PrepaidDiscount: 0.1},
		{Name: "small", Enabled: true, Price: 12, Sizes: []string{"1-4", "5-19"}, Adoption: 1, OnboardingCost: 20, CostOfRevenueShare: 0.3, CostToServePerMonth: 2},
	}
	team := func(name, kind string, sizes []string, win, days, people, perWeek, pay float64) plan.Team {
		return plan.Team{Name: name, Enabled: true, Kind: kind, Sizes: sizes, Share: fill(S, 1), WinRate: fill(S, win), CycleDays: fill(S, days), CycleCV: 0.7, SpeedHalfLifeHours: fill(S, 24), CommissionPerWin: fill(S, 0), CommissionShare: 0.05,
			People: people, OpportunitiesPerWeek: perWeek, PayPerYear: pay, RampStart: 0.3, RampWeeks: 12, HireWhenLoadAbove: nan, HireStep: 1, LeadTimeWeeks: 8,
			Speed: "half-life", SpeedSlowShare: fill(S, nan), SpeedSlowHalfLifeHours: fill(S, nan), SpeedScaleHours: fill(S, nan), SpeedPower: fill(S, nan),
			ScreeningShare: 0.25, CloseHour: 24, BusinessDays: 7, NeverAnsweredAtFullLoad: nan}
	}
	p.Teams = []plan.Team{
		team("mid", "people", []string{"20-99", "100-499"}, 0.2, 30, math.Ceil(45*scale), 8, 100000),
		team("small", "people", []string{"5-19"}, 0.22, 15, math.Ceil(110*scale), 9, 90000),
		team("web", "web", []string{"1-4"}, 0.4, 7, 0, nan, 0),
	}
	p.Customers = plan.Customers{WeibullShape: 0.85, FrailtyVariance: 0.7, Retained12Months: []float64{0.68, 0.77, 0.83, 0.88}, BaseHazard: fill(S, nan), ChurnMultiplier: 1, PriceChurnHalfLifeWeeks: 13, SeatGrowthPerYear: fill(S, 0.05)}
	p.Rivals = plan.Rivals{Strength: 1, Price: 1}
	p.Finance = plan.Finance{OpeningCash: 5e7 * scale, FixedCostPerWeek: 4e5 * scale, DiscountRate: 0.12, LTVHorizonYears: 5}
	p.Opening = plan.Opening{BurnInWeeks: 26, Customers: []float64{math.Round(150000 * scale), math.Round(60000 * scale), math.Round(20000 * scale), math.Round(3000 * scale)}, Products: fill(2, nan), AgeBands: []plan.AgeBand{{FromYears: 0, ToYears: 1, Share: 0.5}, {FromYears: 1, ToYears: 3, Share: 0.4}, {FromYears: 3, ToYears: 5, Share: 0.1}}}
	return p
}
