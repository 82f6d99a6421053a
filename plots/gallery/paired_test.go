package gallery

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots"
	"windfall/plots/picture"
	"windfall/plots/plotcheck"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// levels runs metro for a few weeks at three budgets of paid search.
func levels(t *testing.T) *panel.Panel {
	t.Helper()
	d := sim.Design{Replications: 10, Seed: 1}
	for _, factor := range []float64{1, 0.5, 2} {
		p, err := scenarios.Load("metro", scenarios.Set("run.weeks=6", "opening.plan=\"self\"", "opening.burn_in_weeks=2",
			fmt.Sprintf("channels.paid-search.weekly_budget*=%v", factor)))
		require.NoError(t, err)
		name := fmt.Sprintf("x%v", factor)
		d.Settings = append(d.Settings, sim.Setting{Name: name, Plan: p, Digest: name})
		for _, c := range []string{"won", "acquisition_cost"} {
			d.Measures = append(d.Measures, panel.Leaf{Setting: name, Measure: panel.Measure{Column: c}})
		}
	}
	numbers, err := sim.Measure(t.Context(), d)
	require.NoError(t, err)
	return numbers
}

func TestPicturesOfPairedPlans(t *testing.T) {
	numbers := levels(t)
	source := picture.Source{Scenario: "metro", Replications: 10, Seed: 1}

	response, err := ResponseOf(numbers, source, "paid-search", 6, []Level{{"x0.5", 1000}, {"x1", 2000}, {"x2", 4000}},
		2000, 2000)
	require.NoError(t, err)
	won := numbers.Values(panel.Leaf{Setting: "x2", Measure: panel.Measure{Column: "won"}})
	var sum float64
	for _, x := range won {
		sum += x
	}
	assert.InDelta(t, sum/60, response.Won[2].Value, 1e-9)
	assert.Len(t, response.Marginal, 2)

	for name, d := range map[string]picture.Data{"response": response} {
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
}
