package decide_test

import (
	"context"
	"fmt"
	"log"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/decide/pause"
)

// A question is asked in three steps: the ask says which plans are run and what is kept of them, a run of that design
// gives a panel, and the ask reads the answer from it.
func Example() {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=26"))
	if err != nil {
		log.Fatal(err)
	}
	ask := pause.Ask{Plan: p, What: []string{"paid-search"}, Weeks: []int{4}, Replications: 60}
	design, err := ask.Design()
	if err != nil {
		log.Fatal(err) // a *decide.Problem says which part of the ask is wrong
	}
	run := sim.Design{Measures: design.Measures, Replications: design.Replications, Seed: design.Seed}
	for _, s := range design.Settings {
		run.Settings = append(run.Settings, sim.Setting{Name: s.Name, Plan: s.Plan, Digest: scenarios.Digest(s.Plan)})
	}
	numbers, err := sim.Measure(context.Background(), run)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := ask.Answer(numbers)
	if err != nil {
		log.Fatal(err)
	}
	four := answer.Pauses[0]
	fmt.Printf("%d plans, %d pairs\n", len(design.Settings), answer.Replications)
	fmt.Println("money is saved:", four.Saved.Value > 0)
	fmt.Println("sign-ups are missed in the pause:", four.InPause.High < 0)
	// Output:
	// 2 plans, 60 pairs
	// money is saved: true
	// sign-ups are missed in the pause: true
}
