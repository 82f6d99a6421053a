package dense_test

import (
	"math"

	"windfall/model/plan"
)

// listedMarket: opening customers of a file, by size class, month, product and channel, with their bills; some have paid
// ahead, one product has a term, and the firms of one class age.
func listedMarket() *plan.Plan {
	p := small(6000)
	p.Name = "listed"
	p.Run.Weeks = 60
	p.Opening.BurnInWeeks = 6
	p.Population.Regions[0].Share = 0.7
	addRegion(p, "south", 0.3)
	p.Population.Sizes[0].Share, p.Population.Sizes[0].FirmDeathPerYear = 0.6, 0.3
	*addSize(p, "large", 0.4, 10, 40) = plan.Size{Name: "large", Share: 0.4, Lowest: 10, Highest: 40, FirmDeathPerYear: 0.2,
		DeathShape: 0.6}
	p.Customers.BaseHazard = []float64{0.6, 0.4}
	p.Customers.SeatGrowthPerYear = []float64{0.3, -0.1}
	p.Journey.LockInYears = 4
	addTrigger(p, "move", 0.3, 4)
	addChannel(p, "ads", 1, 0.2).Churn = 2
	addChannel(p, "friends", 1, 0.2).Churn = 0.5
	basic := addProduct(p, "basic", 20)
	basic.Discount, basic.PrepaidShare, basic.PrepaidDiscount, basic.CostOfRevenueShare = 0.1, 0.4, 0.15, 0.2
	held := addProduct(p, "held", 50)
	held.TermMonths, held.PriceForAll = 6, true
	addTeam(p, "web", "web", 0.5, 5)
	p.Changes = []plan.Change{{Name: "dearer", From: p.Run.Start + 7*20,
		Effects: []plan.Effect{{Key: "products.held.price", Value: 60, Input: -1}}}}
	p.Customers.PriceChurnLasting = 1
	nan, day := math.NaN(), plan.NewDate
	p.SetCustomers([]plan.CustomerGroup{
		{Count: 120, Size: "small", Product: "basic", Channel: "ads", From: day(2012, 8, 1), Until: day(2012, 9, 1), Bill: 47.5},
		{Count: 90, Size: "small", Product: "basic", Channel: "friends", From: day(2010, 3, 1), Until: day(2010, 4, 1), Bill: nan},
		{Count: 60, Size: "small", Product: "basic", From: day(2012, 2, 14), Until: day(2012, 2, 15), Bill: 30,
			PrepaidUntil: day(2013, 5, 31)},
		{Count: 80, Size: "large", Product: "held", Channel: "ads", From: day(2011, 10, 1), Until: day(2011, 11, 1), Bill: 400},
		{Count: 50, Size: "large", Product: "basic", Channel: "friends", From: day(2012, 11, 1), Until: day(2012, 12, 1),
			Bill: 150, PrepaidUntil: day(2013, 11, 15)},
	})
	return p
}
