package gallery

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/plotcheck"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// levels runs metro for a few weeks at three budgets of paid search.
func levels(t *testing.T) (*panel.Panel, *model.Schema, *model.Plan) {
	t.Helper()
	d := sim.Design{Replications: 10, Seed: 1}
	var schema *model.Schema
	var plan *model.Plan
	for _, factor := range []float64{1, 0.5, 2} {
		p, err := scenarios.Load("metro", scenarios.Set("run.weeks=6", "opening.plan=\"self\"", "opening.burn_in_weeks=2",
			fmt.Sprintf("channels.paid-search.weekly_budget*=%v", factor)))
		require.NoError(t, err)
		if plan == nil {
			plan, schema = p, model.NewSchema(p)
		}
		name := fmt.Sprintf("x%v", factor)
		d.Settings = append(d.Settings, sim.Setting{Name: name, Plan: p, Digest: name})
		for _, c := range []string{"won", "acquisition_cost", "out_of_business"} {
			d.Measures = append(d.Measures, panel.Leaf{Setting: name, Measure: panel.Measure{Column: c}})
		}
		for w := range 6 {
			for _, c := range []string{"signups", "cash"} {
				d.Measures = append(d.Measures, panel.Leaf{Setting: name, Measure: panel.Measure{Column: c, From: w + 1, To: w + 1}})
			}
		}
	}
	numbers, err := sim.Measure(t.Context(), d)
	require.NoError(t, err)
	return numbers, schema, plan
}

func TestPicturesOfPairedPlans(t *testing.T) {
	numbers, schema, plan := levels(t)
	source := plots.Source{Scenario: "metro", Replications: 10, Seed: 1}

	pause, err := PauseOf(numbers, source, schema, plan.Run.Start, "signups", "x1", "x0.5")
	require.NoError(t, err)
	require.NotNil(t, pause.Total)
	assert.Less(t, pause.Total.P50, 0.0, "half the budget, fewer sign-ups")
	var median float64
	for w := range pause.P50 {
		assert.LessOrEqual(t, pause.P5[w], pause.P50[w])
		assert.LessOrEqual(t, pause.P50[w], pause.P95[w])
		median += pause.P50[w]
	}
	assert.InDelta(t, pause.Total.P50, median, math.Abs(pause.Total.P50), "of the size of the medians of the weeks")
	cash, err := PauseOf(numbers, source, schema, plan.Run.Start, "cash", "x1", "x0.5")
	require.NoError(t, err)
	assert.True(t, cash.AtWeekEnd)
	assert.Nil(t, cash.Total, "cash of weeks is not added up")

	response, err := ResponseOf(numbers, source, "paid-search", 6, []Level{{"x0.5", 1000}, {"x1", 2000}, {"x2", 4000}}, 2000, 2000)
	require.NoError(t, err)
	won := numbers.Values(panel.Leaf{Setting: "x2", Measure: panel.Measure{Column: "won"}})
	var sum float64
	for _, x := range won {
		sum += x
	}
	assert.InDelta(t, sum/60, response.Won[2].Value, 1e-9)
	assert.Len(t, response.Marginal, 2)

	column := func(name string) model.Column {
		for _, c := range schema.Outcomes {
			if c.Name == name {
				return c
			}
		}
		t.Fatal(name)
		return model.Column{}
	}
	tradeoff, err := TradeoffOf(numbers, source, column("won"), column("cac"), []string{"x1", "x0.5", "x2"})
	require.NoError(t, err)
	assert.True(t, tradeoff.LessY && !tradeoff.LessX && tradeoff.Plans[0].Plan)
	ruin, err := TradeoffOf(numbers, source, column("won"), column("out_of_business"), []string{"x1", "x2"})
	require.NoError(t, err)
	assert.Greater(t, ruin.Plans[0].Y.High, 0.0, "the interval of a chance has room at 0")

	for name, d := range map[string]plots.Drawing{"pause": pause, "cash": cash, "response": response, "tradeoff": tradeoff, "ruin": ruin} {
		p, err := d.Picture()
		require.NoError(t, err, name)
		svg, err := p.SVG()
		require.NoError(t, err, name)
		faults, err := plotcheck.Check(svg)
		require.NoError(t, err, name)
		assert.Empty(t, faults, name)
	}
}

func TestPicturesOfPairedPlansSayWhatTheyMiss(t *testing.T) {
	empty := panel.NewPanel(analysis.Ties{}, nil)
	schema := &model.Schema{Weeks: 2}
	_, err := PauseOf(empty, plots.Source{}, schema, 0, "signups", "a", "b")
	assert.ErrorContains(t, err, "signups of week 1 was not kept")
	_, err = ResponseOf(empty, plots.Source{}, "radio", 6, []Level{{"a", 1}}, 0, 0)
	assert.ErrorContains(t, err, "won and acquisition_cost of a were not kept")
	_, err = TradeoffOf(empty, plots.Source{}, model.Column{Name: "won"}, model.Column{Name: "cac", Over: "x", Under: "y"}, []string{"a"})
	assert.ErrorContains(t, err, "won of a was not kept")
}
