package compare_test

import (
	"context"
	"fmt"
	"log"

	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
)

// Is another plan better? The ask gives a design, the design is run in memory, the ask reads the answer.
func Example() {
	plan := func(name string, sets ...string) compare.Plan {
		p, err := scenarios.Load("town", scenarios.Set(append(sets, "run.weeks=52")...))
		if err != nil {
			log.Fatal(err)
		}
		return compare.Plan{Setting: decide.Setting{Name: name, Plan: p}}
	}
	ask := compare.Ask{Plans: []compare.Plan{plan("plan"), plan("no brand", "media.*.weekly_budget=0")}, Pairs: 100}
	design, err := ask.Design()
	if err != nil {
		log.Fatal(err)
	}
	panels, err := answer.InMemory(context.Background(), 2, decide.Part{Design: design})
	if err != nil {
		log.Fatal(err)
	}
	a, err := ask.Answer(panels[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("by", a.Metric, "the best is:", a.Ranking[0].Plan)
	fmt.Println("is no brand better?", a.Against[0].Verdict.Kind)
	// Output:
	// by lifetime_margin the best is: plan
	// is no brand better? no
}
