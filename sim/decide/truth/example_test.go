package truth_test

import (
	"context"
	"fmt"
	"log"
	"math"

	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/decide/truth"
	"windfall/sim/panel"
)

// What does a channel really bring? A question whose second round depends on the first is a sequence: each round is
// run, and its panels are given back, until nothing is left to run.
func Example() {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=26"))
	if err != nil {
		log.Fatal(err)
	}
	course, err := truth.Ask{Plan: p, Without: []string{"paid-search"}, Replications: 50}.Course()
	if err != nil {
		log.Fatal(err) // a *decide.Problem says which part of the ask is wrong
	}
	var panels []*panel.Panel
	for {
		round, err := course.Next(panels)
		if err != nil {
			log.Fatal(err)
		}
		if len(round) == 0 {
			break
		}
		if panels, err = answer.InMemory(context.Background(), 2, round...); err != nil {
			log.Fatal(err)
		}
	}
	a := course.Answer()
	brings := a.Worlds[0]
	fmt.Println("without", brings.Name, "there are fewer customers:", brings.Won.Low > 0)
	sum := 0.0
	for _, firms := range brings.Firms {
		switch firms.Label {
		case panel.OnlyWith:
			sum += firms.Firms.Value
		case panel.OnlyWithout:
			sum -= firms.Firms.Value
		}
	}
	fmt.Println("firm by firm it is the same number:", math.Abs(sum-brings.Won.Value) < 1e-9)
	// Output:
	// without paid-search there are fewer customers: true
	// firm by firm it is the same number: true
}
