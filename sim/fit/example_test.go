package fit_test

import (
	"context"
	"fmt"
	"log"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// A company of which a year is known: here one that is simulated, so that the answer can be held against its numbers.
func ExampleAsk() {
	p, err := scenarios.Load("metro")
	if err != nil {
		log.Fatal(err)
	}
	p = fit.Smaller(p, 0.02)
	p.Opening.BurnInWeeks = 8
	spend := &company.History{Monthly: true}
	for month := 1; month <= 12; month++ {
		spend.Periods = append(spend.Periods, company.Period{From: plan.NewDate(2013, month, 1),
			To: plan.NewDate(2013, month+1, 1)})
	}
	for _, ch := range p.Channels {
		if ch.Driver == "budget" {
			x := company.ChannelHistory{Name: ch.Name}
			for _, period := range spend.Periods {
				x.Spend = append(x.Spend, ch.WeeklyBudget*period.Weeks())
			}
			spend.Channels = append(spend.Channels, x)
		}
	}
	unknowns := []learned.Unknown{
		{Name: "touch rates", Kind: learned.Level, Prior: fit.Between(1./3, 3, "assumption")},
		{Name: "saturation", Kind: learned.Saturation, Prior: fit.Between(0.3, 3, "C35-C37")},
	}
	truth := []float64{0.6, -0.4} // 82% more touches than the plan says, and less room to spend
	history, _, _, err := fit.Simulate(p, spend, unknowns, truth, 1, "example", 0)
	if err != nil {
		log.Fatal(err)
	}

	ask := &fit.Ask{Plan: p, History: history, Unknowns: unknowns, Ahead: 26}
	answer, err := ask.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, u := range answer.Unknowns {
		fmt.Printf("%s: %s\n", u.Name, u.Verdict)
	}
	level := answer.Unknowns[0]
	fmt.Println("touch rates are inside of the interval:", level.Low < truth[0] && truth[0] < level.High)
	for _, u := range answer.Cannot {
		fmt.Printf("nothing is said of %s: %s\n", u.Unknown, u.Why)
	}
	fmt.Println(len(answer.Draws), "draws of", len(answer.Keys), "keys, such as", answer.Keys[0])
	// Output:
	// touch rates: learned
	// saturation: prior
	// touch rates are inside of the interval: true
	// nothing is said of saturation: constant spend
	// 1000 draws of 22 keys, such as channels.affiliates.max_touches_per_week
}
