package dense_test

import "windfall/model/plan"

// replayMarket: a past in which spend, media, people, prices of new and live customers, windows and the economy moved
// on dates, the last of them shortly before the first day, and stocks that still remember it.
func replayMarket() *plan.Plan {
	p := small(4000)
	p.Name = "replay"
	p.Run.Weeks = 12
	p.Opening.BurnInWeeks, p.Opening.Replay = 30, true
	p.Population.Regions[0].Share = 0.6
	addRegion(p, "south", 0.4)
	p.Brand.EquityHalfLifeWeeks, p.Brand.SalienceHalfLifeWeeks = 15, 3
	p.Brand.InitialEquity[0] = 3
	p.Journey.LockInYears = 0.3
	p.Journey.TouchesNeeded[0], p.Journey.TouchesNeededSD = 1.2, 0.4
	addTrigger(p, "move", 1.5, 6)
	mail := addChannel(p, "mail", 1.5, 0.5)
	mail.AdstockHalfLifeWeeks, mail.InitialAdstock, mail.Halo = 8, 300, 0.6
	word := addChannel(p, "word", 1, 0.4)
	word.Driver, word.HalfSaturationEquity, word.WeeklyBudget = "brand", 1, 0
	own := addChannel(p, "own-name", 1.5, 0.6)
	own.NeedsAwareness = true
	p.Channels[1], p.Channels[2] = p.Channels[2], p.Channels[1] // in order of name
	addMedium(p, "radio", 800)
	addProduct(p, "phone", 30).ReferencePrice = 30
	p.Products[0].PriceElasticity = 1.5
	sales := addTeam(p, "sales", "people", 0.5, 30)
	sales.People, sales.OpportunitiesPerWeek, sales.RampStart, sales.RampWeeks = 4, 20, 0.3, 12
	sales.SpeedHalfLifeHours[0] = 300
	day := func(weeks int) plan.Date { return p.Run.Start - plan.Date(7*weeks) }
	effect := func(key string, multiply bool, x float64) []plan.Effect {
		return []plan.Effect{{Key: key, Multiply: multiply, Value: x, Input: -1}}
	}
	basic := "products." + p.Products[0].Name + ".price" // half of the customers of the first day were won before
	p.Opening.Customers[0] = 200
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 1, Share: 1}}
	p.Schedules = []plan.Schedule{
		{Key: "channels.mail.weekly_budget", Entries: []plan.ScheduleEntry{
			{From: day(40), Value: 400, Input: -1}, {From: day(12) + 3, Value: 3000, Input: -1},
			{From: day(3) + 2, Value: 200, Input: -1}, {From: day(-4), Value: 1500, Input: -1}}},
		{Key: basic, Entries: []plan.ScheduleEntry{{From: day(60), Value: 0.4 * p.Products[0].Price, Input: -1},
			{From: day(26), Value: p.Products[0].Price, Input: -1}}},
		{Key: "teams.sales.people", Entries: []plan.ScheduleEntry{{From: day(5), Value: 8, Input: -1}}},
	}
	p.Changes = []plan.Change{
		{Name: "campaign", From: day(9), Until: day(2), Effects: effect("media.radio.weekly_budget", true, 5)},
		{Name: "cheaper", From: day(4), Effects: effect("products.phone.price", false, 22)},
		{Name: "later", From: day(-3), Effects: effect("channels.own-name.response", true, 0.5)},
		{Name: "wider", From: day(16), Until: day(1), Effects: effect("triggers.move.window_weeks", true, 1.6)},
	}
	p.Economy.Path = []plan.RegimeFrom{{From: day(7), Regime: "recession"}, {From: day(-6), Regime: "expansion"}}
	p.Economy.Recession.WinRate, p.Economy.Recession.Willingness = 0.7, 0.9
	return p
}
