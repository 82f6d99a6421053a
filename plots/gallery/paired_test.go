package gallery

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/picture"
	"windfall/plots/plotcheck"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
	"windfall/sim/panel"
)

// levels runs metro for a few weeks at three budgets of paid search.
func levels(t *testing.T) (*panel.Panel, *model.Schema) {
	t.Helper()
	d := paired.Design{Replications: 10, Seed: 1}
	var schema *model.Schema
	for _, factor := range []float64{1, 0.5, 2} {
		p, err := scenarios.Load("metro", scenarios.Set("run.weeks=6", "opening.plan=\"self\"", "opening.burn_in_weeks=2",
			fmt.Sprintf("channels.paid-search.weekly_budget*=%v", factor)))
		require.NoError(t, err)
		schema = model.NewSchema(p)
		name := fmt.Sprintf("x%v", factor)
		d.Settings = append(d.Settings, paired.Setting{Name: name, Plan: p, Digest: name})
		for _, c := range []string{"won", "acquisition_cost", "out_of_business"} {
			d.Measures = append(d.Measures, panel.Leaf{Setting: name, Measure: panel.Measure{Column: c}})
		}
	}
	numbers, err := paired.Run(t.Context(), d)
	require.NoError(t, err)
	return numbers, schema
}

func TestPicturesOfPairedPlans(t *testing.T) {
	numbers, schema := levels(t)
	source := picture.Source{Scenario: "metro", Replications: 10, Seed: 1}

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

	for name, d := range map[string]picture.Data{"response": response, "tradeoff": tradeoff, "ruin": ruin} {
		p, err := plots.Of(d).Picture()
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
	_, err := ResponseOf(empty, picture.Source{}, "radio", 6, []Level{{"a", 1}}, 0, 0)
	assert.ErrorContains(t, err, "won and acquisition_cost of a were not kept")
	_, err = TradeoffOf(empty, picture.Source{}, model.Column{Name: "won"}, model.Column{Name: "cac", Over: "x", Under: "y"}, []string{"a"})
	assert.ErrorContains(t, err, "won of a was not kept")
}
