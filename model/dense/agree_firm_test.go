package dense_test

import (
	"math"

	"windfall/model/plan"
)

// firmMarket: products with a price per firm beside one with a price per seat, in a market that
// grows, then shrinks from a date inside a week, then rests.
func firmMarket() *plan.Plan {
	p := small(4000)
	p.Name = "firm"
	p.Run.Weeks = 40
	p.Opening.BurnInWeeks = 10
	p.Population.Sizes[0].Share = 0.6
	p.Population.Sizes[0].Lowest, p.Population.Sizes[0].Highest = 1, 9
	addSize(p, "medium", 0.4, 20, 29)
	p.Population.GrowthPerYear = 0.9
	p.Journey.LockInYears = 0.2
	p.Journey.TouchesNeeded = []float64{0.2, 0.2}
	p.Journey.WillingnessMedian = []float64{150, 30}
	p.Journey.WillingnessSigma = []float64{0.5, 0.4}
	p.Opening.Customers = []float64{300, 100}
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 1, Share: 0.5}, {FromYears: 1, ToYears: 4, Share: 0.5}}
	addTrigger(p, "move", 2.5, 4)
	addChannel(p, "cheap", 1.5, 0.5).DealSize = 0.6
	good := addChannel(p, "good", 1.5, 0.5)
	good.FeeInMonthlyBills = 1.5
	good.DealSize = 1.3

	base := addProduct(p, "base", 90)
	base.PricePer, base.Sizes = plan.PerFirm, []string{"small"}
	base.Discount = 0.1
	base.PriceForAll = true
	base.PrepaidShare, base.PrepaidDiscount = 0.4, 0.15
	base.CostToServePerMonth = 5
	more := addProduct(p, "more", 160)
	more.PricePer, more.Sizes = plan.PerFirm, []string{"small"}
	more.Adoption = 0.2 // of no use
	seats := addProduct(p, "seats", 20)
	seats.PricePer, seats.Sizes = "seat", []string{"medium"}
	seats.Adoption = 0.8
	seats.PrepaidShare, seats.PrepaidDiscount = 0.3, 0.1
	p.Opening.Products = []float64{0.7, 0.3, 1}
	p.Customers.BaseHazard = []float64{0.8, math.Log(2)}
	p.Customers.SeatGrowthPerYear = []float64{0.9, 0.6}
	p.Changes = []plan.Change{
		{Name: "a-decline", From: plan.NewDate(2013, 4, 18), Effects: []plan.Effect{
			{Key: "population.growth_per_year", Value: -0.8, Input: -1}}},
		{Name: "b-dearer", From: plan.NewDate(2013, 6, 4), Effects: []plan.Effect{
			{Key: "products.base.price", Value: 110, Input: -1}}},
		{Name: "c-rest", From: plan.NewDate(2013, 8, 6), Effects: []plan.Effect{
			{Key: "population.growth_per_year", Multiply: true, Value: 0, Input: -1}}},
	}
	addTeam(p, "web", "web", 0.7, 3).CommissionShare = 0.1
	return p
}
