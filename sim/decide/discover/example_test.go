package discover_test

import (
	"fmt"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim/decide/discover"
	"windfall/sim/panel"
)

// An ask, what is to be run for it, and the answer. A run of the design gives the panel; here
// it is made of a known truth: cash at the end is that of the first day less 250,000.
func Example() {
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks=4", "finance.opening_cash=1e5 to 1e6"))
	if err != nil {
		panic(err)
	}
	ask := discover.Ask{Plan: plan, When: "cash_end < 0", Metric: "won"}
	design, err := ask.Design()
	if err != nil {
		panic(err)
	}
	prepared, err := model.Prepare(plan)
	if err != nil {
		panic(err)
	}
	cash, draws := prepared.Plan().UncertainInputs()[0].Dist, prepared.Plan().InputDraws(design.Seed, 2000)
	answer, err := ask.Answer(design.Panel(2000, func(_ panel.Leaf, i int) float64 {
		return cash.Quantile(draws[i][0]) - 250_000
	}))
	if err != nil {
		panic(err)
	}
	side := answer.Box.Conditions[0]
	fmt.Printf("%s: %s below %.0fk\n", answer.Verdict.Kind, side.Name, *side.High/1000)
	fmt.Printf("in the box in %.0f%% of runs, elsewhere in none: it holds %.0f%% of them\n",
		100*answer.Box.Density.Value, 100*answer.Box.Coverage.Value)
	// Output:
	// yes: finance.opening_cash below 250k
	// in the box in 100% of runs, elsewhere in none: it holds 100% of them
}
