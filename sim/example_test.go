package sim_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// A run is a design of one setting; its numbers are read by name. Without Out it stays in memory.
func ExampleRun() {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=13"))
	if err != nil {
		log.Fatal(err)
	}
	r, err := sim.Run(context.Background(), sim.Design{
		Settings: []sim.Setting{{Name: "plan", Plan: p, Digest: scenarios.Digest(p)}}, Seed: 1, Replications: 100})
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	won, err := r.Outcome("won") // by replication
	if err != nil {
		log.Fatal(err)
	}
	cash, err := r.WeeklyBands("cash")
	if err != nil {
		log.Fatal(err)
	}
	lowest, err := metric.ParseMetric("p5(cash_trough)", r.Schema.Outcomes)
	if err != nil {
		log.Fatal(err)
	}
	e, err := lowest.Estimate(r.Sample())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("replications:", len(won), "weeks:", len(cash))
	fmt.Println("an interval about the lowest cash:", e.Low <= e.Value && e.Value <= e.High)
	fmt.Println("it lies below the median of the last week:", e.Value < cash[12].P50)
	// Output:
	// replications: 100 weeks: 13
	// an interval about the lowest cash: true
	// it lies below the median of the last week: true
}

// Two plans on the same random numbers: what one does more is seen in pairs, far surer than either by itself.
func ExampleMeasure() {
	var settings []sim.Setting
	var measures []panel.Leaf
	for name, times := range map[string]string{"plan": "1", "more": "2"} {
		p, err := scenarios.Load("town", scenarios.Set("run.weeks=13", "channels.*.weekly_budget*="+times))
		if err != nil {
			log.Fatal(err)
		}
		settings = append(settings, sim.Setting{Name: name, Plan: p, Digest: scenarios.Digest(p)})
		measures = append(measures, panel.Leaf{Setting: name, Measure: panel.Measure{Column: "signups"}})
	}
	numbers, err := sim.Measure(context.Background(), sim.Design{Settings: settings, Measures: measures, Seed: 1, Replications: 100})
	if err != nil {
		log.Fatal(err)
	}
	estimate := func(formula string) (float64, float64) {
		e, err := metric.ParseExpression(formula)
		if err != nil {
			log.Fatal(err)
		}
		x := e.Estimate(numbers)
		return x.Value, x.Error
	}
	gain, sure := estimate("signups(more) - signups(plan)")
	_, alone := estimate("signups(plan)")
	fmt.Println("twice the budget brings more:", gain > 4*sure)
	fmt.Println("the difference is surer than either:", sure < alone)
	// Output:
	// twice the budget brings more: true
	// the difference is surer than either: true
}

// An outcome of one's own is made of what a run counts, and asked for like any other: here sign-ups of the last four
// weeks, and how likely it is that there are fewer than in the first four. An outcome that every table and command should
// have is two edits: ARCHITECTURE.md, "How to add".
func ExampleRun_outcome() {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=26"))
	if err != nil {
		log.Fatal(err)
	}
	r, err := sim.Run(context.Background(), sim.Design{
		Settings: []sim.Setting{{Name: "plan", Plan: p, Digest: scenarios.Digest(p)}}, Seed: 1, Replications: 100})
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	signups, err := r.Weekly("signups")
	if err != nil {
		log.Fatal(err)
	}
	growth := make([]float64, r.Replications())
	for week := range 4 {
		first, last := signups.Week(week), signups.Week(signups.Weeks()-1-week)
		for replication := range growth {
			growth[replication] += last[replication] - first[replication]
		}
	}

	sample, own := r.Sample(), plan.Column{Name: "signup_growth", Unit: "sign-ups", Signed: true}
	theirs := sample.Outcome
	sample.Columns = append(slices.Clone(sample.Columns), own)
	sample.Outcome = func(column int) ([]float64, error) {
		if column == len(sample.Columns)-1 {
			return growth, nil
		}
		return theirs(column)
	}
	chance := func(formula string) analysis.Estimate {
		m, err := metric.ParseMetric(formula, sample.Columns)
		if err != nil {
			log.Fatal(err)
		}
		e, err := m.Estimate(sample)
		if err != nil {
			log.Fatal(err)
		}
		return e
	}
	falls := chance("P(signup_growth < 0)")
	fmt.Println("sign-ups may fall, and may rise:", falls.Low > 0 && falls.High < 1)
	fmt.Println("that they fall and cash is low is less likely:", chance("P(signup_growth < 0 and cash_end < 200k)").Value < falls.Value)
	// Output:
	// sign-ups may fall, and may rise: true
	// that they fall and cash is low is less likely: true
}
