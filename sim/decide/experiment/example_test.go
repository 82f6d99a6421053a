package experiment_test

import (
	"context"
	"fmt"
	"log"

	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/decide/experiment"
)

// Would a planned test show the effect? The brand of a town goes dark for eight weeks, in every run again.
func Example() {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=52"))
	if err != nil {
		log.Fatal(err)
	}
	ask := experiment.Ask{Plan: p, Kind: experiment.Dark, On: "brand", EffectOn: "leads", Weeks: 8, Replications: 60}
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
	t := a.Planned
	fmt.Println(t.Title, "from", t.Starts, "to", t.Ends)
	fmt.Println("the brand is worth leads:", t.Effect.High < 0)
	fmt.Println("the test mostly finds that:", t.Power.Value >= experiment.Power)
	fmt.Println("it finds an effect where there is one more often than where there is none:", t.Power.Value > t.Size.Value)
	// Output:
	// interrupted time series from 2013-07-02 to 2013-08-26
	// the brand is worth leads: true
	// the test mostly finds that: false
	// it finds an effect where there is one more often than where there is none: true
}
