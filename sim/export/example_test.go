package export_test

import (
	"fmt"

	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/export"
)

// The panel of one replication: by region, channel and week.
func ExampleObserve() {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=26"))
	if err != nil {
		panic(err)
	}
	x, err := export.Observe(p, 0)
	if err != nil {
		panic(err)
	}
	fmt.Println(x.Regions)
	fmt.Println(len(x.Channels), "channels,", x.Media, "build the brand")
	sum := 0.0
	for _, won := range x.Of("won") {
		sum += won
	}
	fmt.Println("the regions add up to the run:", export.Total(x.Won) == sum)
	// Output:
	// [city suburbs]
	// 14 channels, [outdoor radio] build the brand
	// the regions add up to the run: true
}

// Many panels of a plan and of the same plan without something: what was made once is used again.
func ExampleRunner() {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=26"))
	if err != nil {
		panic(err)
	}
	q, err := edit.Without(p, "paid-search")
	if err != nil {
		panic(err)
	}
	r, err := export.NewRunner(p, q)
	if err != nil {
		panic(err)
	}
	fewer := 0
	for replication := range 5 {
		panels := r.Run(uint64(p.Run.Seed), replication) // filled anew by the next call
		if export.Total(panels[1].Signups) < export.Total(panels[0].Signups) {
			fewer++
		}
	}
	fmt.Println("without paid search there are fewer sign-ups in", fewer, "of 5 runs")
	// Output:
	// without paid search there are fewer sign-ups in 5 of 5 runs
}
