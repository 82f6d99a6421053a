package page

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/stress"
	"windfall/sim/panel"
)

// The worst shock is one under which the plan is seen to be worse: a change whose
// interval holds no change is none, however large it is, and is named as such.
func TestTheWorstShockIsSeenToHurt(t *testing.T) {
	cell := func(title string, value, reach float64) stress.Cell {
		return stress.Cell{Plan: "mine", Shock: title, Title: title,
			Change: analysis.Estimate{Value: value, Error: reach / 2, Low: value - reach, High: value + reach, N: 100}}
	}
	const worst = "The worst of 2 shocks for mine is drought: won changes by −20 ± 5 (0%) in 52 weeks, and the chance " +
		"to go out of business " +
		"by 0 ± 0 points (95% intervals, 100 pairs"
	for _, c := range []struct {
		cells     []stress.Cell
		want      string
		separable bool
	}{
		{[]stress.Cell{cell("flood", -90, 100), cell("drought", -20, 5), cell("frost", -1, 2)},
			"The worst of 3 shocks for mine is drought: won changes by −20 ± 5 (0%) in 52 weeks, and the chance to go out " +
				"of business by 0 ± 0 points (95% intervals, 100 pairs; the change under flood, −90 ± 100, may be none).", false},
		{[]stress.Cell{cell("flood", -90, 100), cell("drought", -20, 30)},
			"None of 2 shocks is seen to make won of mine worse in 52 weeks: the largest change for the worse, under flood, " +
				"is −90 ± 100 (95% interval, 100 pairs).", false},
		{[]stress.Cell{cell("drought", -20, 5), cell("frost", -18, 4)}, worst +
			"; not separable from frost: their intervals overlap).", false},
		{[]stress.Cell{cell("drought", -20, 5), cell("frost", -1, 2)}, worst + ").", true},
		{[]stress.Cell{cell("rain", 5, 2), cell("sun", 3, 5)}, "None of 2 shocks makes won of mine worse in 52 weeks " +
			"(100 pairs).", false},
	} {
		a := &stress.Answer{Plans: []string{"mine"}, Metric: "won", Column: plan.Column{Name: "won", Unit: "customers"},
			Weeks: 52, Replications: 100, Cells: c.cells}
		a.Conclude()
		assert.Equal(t, []string{c.want}, Stress(a, cure).Sentences)
		assert.Equal(t, c.separable, a.Separable, c.want)
	}
}

// stressed lays out what a panel says in which numbers of plans are base, and under a
// shock base and change.
func stressed(t *testing.T, plans []string, metric string, replications int,
	base func(m panel.Measure, i int) float64, change func(setting string, m panel.Measure) float64) *Document {
	t.Helper()
	a := stress.Ask{Metric: metric, Replications: replications,
		Shocks: []edit.Shock{{Name: "late", Title: "too late", From: "2031-01-01", Regime: "recession"}}}
	for _, s := range edit.Shocks() {
		if s.Name == "recession" || s.Name == "price-war" {
			a.Shocks = append(a.Shocks, s)
		}
	}
	require.Len(t, a.Shocks, 3)
	for _, name := range plans {
		plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=52"))
		require.NoError(t, err)
		a.Plans = append(a.Plans, decide.Setting{Name: name, Plan: plan})
	}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(replications, func(l panel.Leaf, i int) float64 {
		return base(l.Measure, i) +
			change(l.Setting, l.Measure)
	}))
	require.NoError(t, err)
	d := Stress(answer, cure)
	sound(t, d)
	return d
}

func TestStressOfAnyNumbers(t *testing.T) {
	plain := func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 0
		}
		return 1000 + float64(i%5)
	}
	none := func(string, panel.Measure) float64 { return 0 }
	recession := func(by float64) func(setting string, m panel.Measure) float64 {
		return func(setting string, m panel.Measure) float64 {
			if setting == "mine under recession" && m.Column != "out_of_business" {
				return by
			}
			return 0
		}
	}
	one := []string{"mine"}
	d := stressed(t, one, "won", 60, plain, recession(-100))
	assert.Contains(t, d.Sentences[0], "for mine is a recession of a year: won changes by −100 ± 0 (−10.0%) in 52 weeks")
	assert.Equal(t, decide.Step{Question: "run", Shock: "recession"}, d.Next[0])
	assert.Contains(t, stressed(t, one, "won", 60, plain, none).Sentences[0],
		"makes won of mine worse in 52 weeks (60 pairs).")
	assert.Contains(t, stressed(t, one, "cash_end", 60, func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return -1000 - float64(i%5)
	}, recession(-100)).Sentences[0], "cash_end changes by −$100 ± $0")
	assert.Equal(t, "Shocks cannot be ranked by cac: nobody was won (2 shocks, only 10 pairs).",
		stressed(t, one, "cac", 10, func(panel.Measure, int) float64 { return math.NaN() }, none).Sentences[0])
	assert.Contains(t, stressed(t, one, "won", 1, plain, recession(-100)).Warnings,
		"1 pair is too few; replications = 500 would do")
	two := []string{"mine", "yours"}
	assert.Equal(t, []string{"yours has the least regret: at worst 0 ± 0 of won behind the best plan (under a " +
		"recession of a year) in 52 weeks (95% interval, 60 pairs)."},
		stressed(t, two, "won", 60, plain, recession(-100)).Sentences)
	assert.Equal(t, []string{"No plan has less regret than another: they are alike under every shock (60 pairs)."},
		stressed(t, two, "won", 60, plain, none).Sentences)
	assert.Equal(t, []string{"No regret can be told: no shock applies to all plans, or cac has no value under it."},
		stressed(t, two, "cac", 60, func(panel.Measure, int) float64 { return math.NaN() }, none).Sentences)
}
