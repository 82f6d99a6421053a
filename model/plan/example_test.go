package plan_test

import (
	"cmp"
	"fmt"
	"log"

	"windfall/model/plan"
	"windfall/scenarios"
)

// A plan is made in code from another one: a key is found by its name, with all that is known of it, and a change moves
// numbers from a day on. The plan itself stays as it was.
func ExamplePlan_With() {
	p, err := scenarios.Load("town")
	if err != nil {
		log.Fatal(err)
	}
	mine := p.Clone()
	prices, key, err := mine.Numbers("products.*.price")
	if err != nil {
		log.Fatal(err)
	}
	for _, price := range prices {
		*price *= 1.5
	}
	fmt.Println(len(prices), "prices in", key.Unit)

	pause := mine.Final("pause", mine.Run.Start+7*20, mine.Run.Start+7*23)
	pause.Effects = []plan.Effect{{Key: "media.*.weekly_budget", Value: 0, Input: -1}}
	mine = mine.With(pause)
	for _, d := range scenarios.Diff(p, mine) {
		fmt.Printf("%s: %s, was %s\n", d.Key, d.B, cmp.Or(d.A, "nothing"))
	}
	// Output:
	// 2 prices in USD per seat or firm and month
	// products.basic.price: 25.5, was 17
	// products.business.price: 51, was 34
	// changes.pause.from: 2013-05-21, was nothing
	// changes.pause.until: 2013-06-11, was nothing
	// changes.pause.layer: 1, was nothing
	// changes.pause.set.media.*.weekly_budget: 0, was nothing
}

// What a number is in each week of a replication: inputs are drawn, schedules, changes and shocks applied.
func ExampleTimeline() {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=10"))
	if err != nil {
		log.Fatal(err)
	}
	change := p.Final("cut", p.Run.Start+7*4, p.Run.Start+7*6)
	change.Effects = []plan.Effect{{Key: "channels.paid-search.weekly_budget", Multiply: true, Value: 0.5, Input: -1}}
	p = p.With(change)
	search := 0
	for p.Channels[search].Name != "paid-search" {
		search++
	}
	t := plan.NewTimeline(p)
	t.Set(1, 0) // seed, replication
	for step := range t.Steps() {
		spend, _ := t.ChannelSpend(step, search)
		fmt.Print(spend, " ")
	}
	// Output: 280 280 280 280 140 140 280 280 280 280
}

// The tags of the plan's fields are the table of all keys.
func ExampleParams() {
	for _, p := range plan.Params() {
		if p.Pattern == "channels.*.response" {
			fmt.Println(p.Unit, p.Range(), p.Default, p.Doc)
		}
	}
	// Output: chance a number from 0 to 1 required Chance that a touch makes a ready firm a lead.
}
