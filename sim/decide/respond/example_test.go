package respond_test

import (
	"fmt"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/decide/respond"
	"windfall/sim/panel"
)

// Which price is best? The ask gives a design, a panel of the design gives the answer. Here
// the numbers are made up; a run of the design gives those of the model.
func Example() {
	town := func(changes ...string) (*plan.Plan, error) {
		return scenarios.Load("town", scenarios.Set(changes...))
	}
	plan, err := town()
	if err != nil {
		panic(err)
	}
	prices, err := respond.ParseRange("products.*.price=x0.5..x1.5:3")
	if err != nil {
		panic(err)
	}
	ask := respond.Ask{Plan: plan, With: town, Vary: []respond.Range{prices}, Outcomes: []string{"lifetime_margin"}}
	design, err := ask.Design()
	if err != nil {
		panic(err)
	}
	numbers := design.Panel(100, func(l panel.Leaf, replication int) float64 {
		if strings.HasSuffix(l.Setting, "2") { // the price of the plan
			return 2000 + float64(replication%2)
		}
		return 1500 + float64(replication%2)
	})
	answer, err := ask.Answer(numbers)
	if err != nil {
		panic(err)
	}
	best := answer.Best.Place[0]
	fmt.Printf("one price is best: %s, %s at %v\n", answer.Verdict.Kind, answer.Axes[0].Name(best), answer.Best.Value.Value)
	fmt.Println("first step up:", answer.Curves[0].Points[1].Marginal.Value, "per unit of the key")
	// Output:
	// one price is best: yes, x1 at 2000.5
	// first step up: 1000 per unit of the key
}
