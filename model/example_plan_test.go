package model_test

import (
	"fmt"
	"log"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// A plan is data that Go code may make: here that of a shipped scenario, with half a year to run, one more seller, and
// a search budget that doubles after thirteen weeks. Plans that differ from a day on have the same spend before it.
func ExamplePlan() {
	p, err := scenarios.Load("town")
	if err != nil {
		log.Fatal(err)
	}
	p.Run.Weeks = 26
	people := slices.IndexFunc(p.Teams, func(t plan.Team) bool { return t.Kind == "people" })
	p.Teams[people].People++

	change := p.Final("more-search", p.Run.Start+7*13, 0)
	change.Effects = []plan.Effect{{Key: "channels.paid-search.weekly_budget", Multiply: true, Value: 2, Input: -1}}

	media := func(p *plan.Plan) []float64 {
		prepared, err := model.Prepare(p)
		if err != nil {
			log.Fatal(err)
		}
		schema := prepared.Schema()
		record := schema.NewRecord()
		prepared.NewState().Replicate(1, 0, record)
		column := slices.IndexFunc(schema.Weekly, func(c plan.Column) bool { return c.Name == "media" })
		out := make([]float64, schema.Weeks)
		for week := range out {
			out[week] = record.Weekly[week*len(schema.Weekly)+column]
		}
		return out
	}
	less, more := media(p), media(p.With(change))
	for week := range less {
		if less[week] != more[week] {
			fmt.Printf("of %d weeks, %d are the same\n", len(less), week)
			break
		}
	}
	// Output: of 26 weeks, 13 are the same
}
