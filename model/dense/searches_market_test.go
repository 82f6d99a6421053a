package dense_test

import (
	"windfall/model/plan"
)

// searchesMarket: firms that search for the brand and for the category; paid links that a pause, a cash rule and a
// switch close; searches that arrive through another channel, of other worth, for another team; media that
// reach a number of firms in a market that grows from less than that number to more.
func searchesMarket() *plan.Plan {
	open := small(6000)
	open.Name = "searches"
	open.Run.Weeks, open.Opening.BurnInWeeks = 30, 12
	open.Population.MediaFirms, open.Population.GrowthPerYear = 6800, 0.5
	open.Population.Regions[0].Share = 0.7
	addRegion(open, "south", 0.3)
	open.Brand.EquityHalfLifeWeeks, open.Brand.AwarenessMax = 15, 0.9
	open.Journey.LockInYears = 0.12
	open.Journey.TouchesNeeded[0], open.Journey.CrossChannelBonus = 1.2, 0.5
	open.Opening.Customers[0] = 300
	move := addTrigger(open, "move", 2, 4)
	move.Visible = 0.6

	addSearch(open, "category", "category", 3, 0.1, 0.4).Season = []float64{1, 1, 0.6, 1, 1, 0.8, 1, 1, 1, 1, 1, 1}
	closed := addSearch(open, "closed", "category", 0.8, 0.3, 0.7)
	closed.Enabled = false
	addChannel(open, "list", 1.5, 0.25).Targets = []string{"move"}
	open.Channels[2].WeeklyBudget = 2500
	named := addSearch(open, "named", "brand", 5, 0.2, 0.8)
	named.RegionSpend = []float64{0.1, 4}
	named.Halo, named.Reach.Region = 0.4, []float64{0.9, 0.7}
	named.AdstockHalfLifeWeeks = 1.5
	web := addChannel(open, "organic", 0, 0) // touches nobody by itself
	web.Real = 0.8                           // of the searches that arrive through it, whatever is real of the paid link
	web.Driver, web.WeeklyBudget, web.HalfSaturationEquity, web.Churn = "brand", 0, 1, 1.3
	open.Channels[0].FallsBackTo = "organic"
	open.Channels[0].Real = 0.9
	addSearch(open, "paid-only", "category", 0.7, 0.3, 0)
	friends := addChannel(open, "referral", 1.5, 0.3)
	friends.Driver, friends.WeeklyBudget, friends.HalfSaturationCustomers = "customers", 0, 1000
	site := addChannel(open, "site", 0.8, 0.2)
	site.Driver, site.WeeklyBudget, site.HalfSaturationEquity = "brand", 0, 1
	site.Churn, site.DealSize, site.FeePerLead = 1.6, 0.7, 4
	addMedium(open, "radio", 2500)

	addProduct(open, "phone", 30)
	open.Customers.BaseHazard[0] = 1.2
	addTeam(open, "desk", "partners", 0.7, 6).Channels = []string{"site"}
	addTeam(open, "web", "web", 0.5, 3).AnswerDelayHours = 26
	open.Finance.OpeningCash, open.Finance.FixedCostPerWeek = 400000, 26000
	open.CashRules = []plan.CashRule{{Name: "low", Below: 345000, CutMedia: 0.6}}
	pause := []plan.Effect{{Key: "channels.named.weekly_budget", Value: 0, Input: -1}, {Key: "channels.category.organic", Value: 0.7, Input: -1}}
	open.Changes = []plan.Change{{Name: "pause", From: plan.NewDate(2013, 3, 19), Until: plan.NewDate(2013, 5, 4), Effects: pause}}

	p := *open
	p.OpeningPlan = open
	p.Channels = append([]plan.Channel(nil), open.Channels...)
	p.Channels[0].WeeklyBudget = 3000
	p.Channels[1].Enabled = true // its link opens on the first day
	p.Channels[5].Organic, p.Channels[5].FallsBackTo = 0.3, "site"
	return &p
}

// addSearch adds a channel that captures: what does not take its paid link arrives through site.
func addSearch(p *plan.Plan, name, captures string, searches, response, organic float64) *plan.Channel {
	c := addChannel(p, name, searches, response)
	c.Captures, c.Organic = captures, organic
	if organic > 0 {
		c.FallsBackTo = "site"
	}
	return c
}
