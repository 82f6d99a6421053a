package dense_test

import (
	"math"

	"windfall/model/plan"
)

// pipelineMarket: what is open on the first day comes from a file, by stage, team, age, class, product and channel, some
// with what it is worth; leads of which a part is not real or never answered, a trial, rivals, firms that age, and people
// who began lately.
func pipelineMarket() *plan.Plan {
	p := small(6000)
	p.Name = "pipeline"
	p.Run.Weeks = 16
	p.Opening.BurnInWeeks = 10
	p.Population.Regions[0].Share = 0.7
	addRegion(p, "south", 0.3)
	p.Population.Sizes[0].Share, p.Population.Sizes[0].FirmDeathPerYear = 0.6, 0.5
	*addSize(p, "large", 0.4, 10, 40) = plan.Size{Name: "large", Share: 0.4, Lowest: 10, Highest: 40, FirmDeathPerYear: 0.4,
		DeathShape: 0.6}
	p.Customers.BaseHazard = []float64{0.6, 0.4}
	p.Journey.LockInYears = 4
	p.Rivals.Strength = 1.5
	addTrigger(p, "long", 0.08, 14).WindowCV = 0.6
	short := addTrigger(p, "short", 0.1, 4)
	short.RivalPerWeek, short.WindowCV = 0.03, 1.3
	ads := addChannel(p, "ads", 1, 0.2)
	ads.Real, ads.Win, ads.FeePerCustomer = 0.6, 1.2, 30
	addChannel(p, "friends", 1, 0.2).DealSize = 2
	basic := addProduct(p, "basic", 20)
	basic.Sizes, basic.ReferencePrice, basic.PriceElasticity = []string{"small"}, 25, 0.8
	tried := addProduct(p, "tried", 50)
	tried.TrialDays, tried.TrialConverts, tried.PriceForAll, tried.CostToServePerMonth = 21, 0.5, true, 8
	desk := addTeam(p, "desk", "people", 0.5, 20)
	desk.People, desk.OpportunitiesPerWeek, desk.RampStart, desk.RampWeeks = 6, 5, 0.2, 14
	desk.Ramping = []plan.Began{{People: 2, WeeksAgo: 4}, {People: 1, WeeksAgo: 11}}
	desk.SpeedHalfLifeHours = []float64{400, 200}
	desk.NeverAnswered, desk.NeverAnsweredAtFullLoad = 0.05, 0.3
	desk.Channels, desk.CycleCV = []string{"ads"}, 0.7
	web := addTeam(p, "web", "web", 0.6, 25)
	web.AnswerDelayHours, web.CycleCV = 90, 1.4
	p.Changes = []plan.Change{{Name: "dearer", From: p.Run.Start + 7*3,
		Effects: []plan.Effect{{Key: "products.tried.price", Value: 60, Input: -1}}}}
	nan := math.NaN()
	p.SetPipeline([]plan.PipelineGroup{
		{Count: 90, Lead: true, Team: "desk", AgeDays: 2, Size: "small", Product: "basic", Channel: "ads", Value: nan},
		{Count: 60, Lead: true, Team: "desk", AgeDays: 25, Size: "large", Product: "tried", Channel: "friends", Value: 700},
		{Count: 40, Lead: true, Team: "web", AgeDays: 1, Size: "small", Product: "tried", Channel: "friends", Value: nan},
		{Count: 120, Team: "desk", AgeDays: 8, Size: "large", Product: "tried", Channel: "ads", Value: 1500},
		{Count: 100, Team: "desk", AgeDays: 45, Size: "small", Product: "basic", Channel: "ads", Value: 90},
		{Count: 80, Team: "web", AgeDays: 90, Size: "small", Product: "tried", Channel: "friends", Value: nan},
	})
	return p
}
