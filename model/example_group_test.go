package model_test

import (
	"fmt"
	"log"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// Three plans that differ from week 27 on: their burn-in, their opening state and half of their year are run once.
func ExampleGroup() {
	p, err := scenarios.Load("town")
	if err != nil {
		log.Fatal(err)
	}
	from := p.Run.Start + plan.Date(7*26)
	var plans []*model.Prepared
	var records []*plan.Record
	for _, factor := range []float64{1, 0.5, 2} {
		change := p.Final("budgets", from, 0)
		change.Effects = []plan.Effect{{Key: "channels.*.weekly_budget", Multiply: true, Value: factor, Input: -1}}
		prepared, err := model.Prepare(p.With(change))
		if err != nil {
			log.Fatal(err)
		}
		plans, records = append(plans, prepared), append(records, prepared.Schema().NewRecord())
	}
	group := model.NewGroup(plans) // for one goroutine
	fmt.Println(len(group.Classes()), group.SharedUntil(1))

	group.Replicate(1, 0, records)
	alone := plans[1].Schema().NewRecord()
	plans[1].NewState().Replicate(1, 0, alone)
	fmt.Println(fmt.Sprint(alone.Weekly) == fmt.Sprint(records[1].Weekly))
	// Output:
	// 1 26
	// true
}
