package value_test

import (
	"fmt"

	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
	"windfall/sim/panel"
)

// Is an input worth measuring before one of two plans is chosen? The ask gives a design, a
// panel of the design gives the answer. Here the numbers are made up; a run of the design
// gives those of the model.
func Example() {
	plan := func(name string, sets ...string) value.Plan {
		p, err := scenarios.Load("town", scenarios.Set(append(sets, `channels.paid-search.response="0.1 to 0.5"`)...))
		if err != nil {
			panic(err)
		}
		return value.Plan{Setting: decide.Setting{Name: name, Plan: p}}
	}
	ask := value.Ask{A: plan("plan"), B: plan("twice", "channels.*.weekly_budget*=2"), Metric: "lifetime_margin",
		Draws: 400, Seeds: 1}
	design, err := ask.Design()
	if err != nil {
		panic(err)
	}
	numbers := design.Panel(400, func(l panel.Leaf, replication int) float64 {
		if l.Setting == "twice" { // better by 10 in every draw
			return 1010
		}
		return 1000
	})
	answer, err := ask.Answer(numbers)
	if err != nil {
		panic(err)
	}
	better, _, by := answer.Better()
	fmt.Printf("%s is better by %v; is anything worth measuring? %s\n", better, by.Value, answer.Verdict.Kind)
	// Output:
	// twice is better by 10; is anything worth measuring? no
}
