package metric_test

import (
	"errors"
	"fmt"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Two settings that share their random numbers: the loss is known to a fraction of a point, although
// sign-ups themselves vary by a quarter.
func ExampleParseExpression() {
	e, err := metric.ParseExpression("signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1")
	if err != nil {
		panic(err)
	}
	weeks := panel.Measure{Column: "signups", From: 40, To: 41}
	plan, pause := []float64{}, []float64{}
	for i := range 40 {
		chance := float64(20 * (i % 5))
		plan, pause = append(plan, 100+chance), append(pause, 90+0.9*chance+float64(i%2))
	}
	x := e.Estimate(panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{
		{Setting: "plan", Measure: weeks}:  plan,
		{Setting: "pause", Measure: weeks}: pause,
	}))
	fmt.Printf("%.1f%%, error %.2f points\n", 100*x.Value, 100*x.Error)
	// Output: -9.6%, error 0.06 points
}

// A claim is held against the same numbers; the verdict has its one-sided 99.9% bound.
func ExampleInequality_Judge() {
	q, err := metric.ParseInequality("won(plan) > 2 * won(off)")
	if err != nil {
		panic(err)
	}
	won := func(setting string) panel.Leaf {
		return panel.Leaf{Setting: setting, Measure: panel.Measure{Column: "won"}}
	}
	plan, off := []float64{}, []float64{}
	for i := range 40 {
		chance := float64(i % 5)
		plan, off = append(plan, 30+chance), append(off, 10+chance/2)
	}
	j := q.Judge(panel.NewPanel(analysis.Ties{}, map[panel.Leaf][]float64{won("plan"): plan, won("off"): off}))
	fmt.Printf("%s: %.0f against %.0f\n", j.Verdict, j.Value.Value, j.Bound)
	// Output: holds: 32 against 22
}

// A metric is a number of one plan; its error comes with it.
func ExampleParseMetric() {
	columns := []plan.Column{{Name: "cash_trough", Unit: "USD", Signed: true}}
	m, err := metric.ParseMetric("P(cash_trough < 0)", columns)
	if err != nil {
		panic(err)
	}
	trough := make([]float64, 100)
	for i := range trough {
		trough[i] = float64(1000 * (i - 10))
	}
	values := func(int) ([]float64, error) { return trough, nil }
	e, err := m.Estimate(&analysis.Sample{Columns: columns, N: 100, Outcome: values})
	fmt.Printf("%.0f%%, 95%% interval %.1f%% to %.1f%% %v\n", 100*e.Value, 100*e.Low, 100*e.High, err)
	// Output: 10%, 95% interval 5.5% to 17.4% <nil>
}

// What is wrong is said with its place and the nearest name.
func ExampleError() {
	columns := model.NewSchema(&plan.Plan{}).Outcomes
	_, err := metric.ParseGoal("P(out_of_busines) <= 5%", columns)
	var e *metric.Error
	if errors.As(err, &e) {
		fmt.Println(e.Message())
		fmt.Println(e.Caret())
	}
	// Output:
	// there is no outcome "out_of_busines"; did you mean "out_of_business"?
	//   P(out_of_busines) <= 5%
	//     ^
}

// The formulas of a study use names of the plan and numbers of the scenario.
func ExampleNames() {
	names := &metric.Names{
		Let:  map[string]string{"half-life": "key(teams.web.speed_half_life_hours)"},
		List: func([]string) ([]string, error) { return []string{"email", "radio"}, nil },
		Key:  func(string) (float64, error) { return 24, nil },
	}
	e, err := names.ParseExpression("sum(channels: won(plan, channel {each})) * pow(2, -24 / {half-life})")
	if err != nil {
		panic(err)
	}
	for _, l := range e.Leaves() {
		fmt.Println(l.Measure)
	}
	// Output:
	// won, channel email
	// won, channel radio
}
