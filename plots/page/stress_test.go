package page

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
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
			Relative: analysis.Missing(100, ""),
			Change:   analysis.Estimate{Value: value, Error: reach / 2, Low: value - reach, High: value + reach, N: 100}}
	}
	const worst = "The worst of 2 shocks for mine is \"drought\". It changes customers won by −20 ± 5 in 52 weeks, and the chance to go out of " +
		"business is not seen to move: 0 points."
	for _, c := range []struct {
		cells     []stress.Cell
		want      string
		separable bool
	}{
		{[]stress.Cell{cell("flood", -90, 100), cell("drought", -20, 5), cell("frost", -1, 2)},
			"The worst of 3 shocks for mine is \"drought\". It changes customers won by −20 ± 5 in 52 weeks, and the chance to go out of business " +
				"is not seen to move: 0 points. The change under \"flood\", −90 ± 100, is larger and may be none.", false},
		{[]stress.Cell{cell("flood", -90, 100), cell("drought", -20, 30)},
			"Too close to call: none of 2 shocks is seen to make customers won of mine worse in 52 weeks. The largest change for the " +
				"worse, under \"flood\", is −90 ± 100.", false},
		{[]stress.Cell{cell("drought", -20, 5), cell("frost", -18, 4)}, worst + " Too close to call against \"frost\".", false},
		{[]stress.Cell{cell("drought", -20, 5), cell("frost", -1, 2)}, worst, true},
		{[]stress.Cell{cell("rain", 5, 2), cell("sun", 3, 5)}, "Nothing breaks mine: none of 2 shocks makes customers won worse in 52 weeks.",
			false},
	} {
		a := &stress.Answer{Plans: []string{"mine"}, Metric: "won", Column: plan.Column{Name: "won", Unit: "customers"},
			Weeks: 52, Replications: 100, Cells: c.cells}
		a.Conclude()
		assert.Equal(t, c.want, Stress(a, cure).Sentences[0])
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
		plan, err := loaded("metro", "run.weeks=52")
		require.NoError(t, err)
		a.Plans = append(a.Plans, decide.Setting{Name: name, Plan: plan})
	}
	design, err := a.Design()
	require.NoError(t, err)
	answer, err := a.Answer(design.Panel(replications, func(l panel.Leaf, i int) float64 {
		if l.Measure.Column == "touches" && metric != "touches" {
			return float64(len(l.Setting)) // shocks act
		}
		return base(l.Measure, i) + change(l.Setting, l.Measure)
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
	assert.Contains(t, d.Sentences[0], "for mine is \"a recession of a year\". It changes customers won by −100 (−10.0%) in 52 weeks")
	assert.Equal(t, decide.Step{Question: "run", Shock: "recession"}, d.Next[0])
	require.Len(t, d.Pictures, 1, "a heat map of one plan would repeat the bars")
	assert.Equal(t, "changes", d.Pictures[0].Name)
	for _, row := range d.Sheets[0].Rows {
		assert.NotContains(t, row[0].Text, "no shock", "what the plan has without one is no change")
	}
	assert.Equal(t, "Without a shock customers won is 1,002 ± 1 and the chance to go out of business 0% (0% to 6%).",
		d.Sheets[0].Notes[0])
	assert.Equal(t, []string{"without", "mine"}, []string{d.Sheets[1].Name, d.Sheets[1].Rows[0][0].Text})
	pair := stressed(t, []string{"mine", "yours"}, "won", 60, plain, recession(-100))
	assert.Contains(t, pair.Sheets[0].Notes[0], "with mine; customers won is")
	require.Len(t, pair.Pictures, 2)
	assert.Equal(t, "heat", pair.Pictures[1].Name)
	assert.Equal(t, []string{"Decide now what you do under \"a recession of a year\"; it is not seen to ruin the company.",
		"95% intervals from 60 pairs of each plan and shock; random variation only, since no input is uncertain."}, d.Sentences[1:])
	assert.Equal(t, []string{"Nothing breaks mine: none of 2 shocks makes customers won worse in 52 weeks.",
		"Try harder shocks before you rely on that: shocks = FILE."}, stressed(t, one, "won", 60, plain, none).Sentences[:2])
	still := stressed(t, one, "touches", 60, plain, none)
	assert.Equal(t, []string{"Not applicable: no shock can act in mine.", "Write shocks that this plan can have: shocks = FILE."},
		still.Sentences[:2])
	assert.Contains(t, printed(still), "not applicable\n")
	assert.Contains(t, printed(still), "\"a recession of a year\" is not applicable to mine: a recession changes nothing in this market.")
	assert.Empty(t, still.Pictures)
	fatal := stressed(t, one, "won", 60, plain, func(setting string, m panel.Measure) float64 {
		if setting != "mine under recession" {
			return 0
		}
		return map[bool]float64{true: 1, false: -100}[m.Column == "out_of_business"]
	})
	assert.Contains(t, fatal.Sentences[0], "and the chance to go out of business rises by 100")
	assert.Equal(t, "Hold cash for \"a recession of a year\", or agree now on what is cut when it comes.", fatal.Sentences[1])
	assert.Contains(t, stressed(t, one, "cash_end", 60, func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return -1000 - float64(i%5)
	}, recession(-100)).Sentences[0], "The company goes out of business in all 60 runs without any shock. The worst of 2 "+
		"shocks for mine is \"a recession of a year\". It changes cash at the end by −$100 in 52 weeks", "no part of a loss")
	doomed := stressed(t, one, "won", 60, func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return plain(m, i)
	}, none)
	assert.Equal(t, []string{"The company goes out of business in all 60 runs without any shock. No shock is seen to make " +
		"customers won worse than that.", "Mend the plan first, then ask what would break it."}, doomed.Sentences[:2])
	assert.Equal(t, []decide.Step{{Question: "run"}}, doomed.Next)
	assert.Equal(t, "Not applicable: shocks cannot be ranked by fully loaded CAC: nobody was won.",
		stressed(t, one, "cac", 10, func(panel.Measure, int) float64 { return math.NaN() }, none).Sentences[0])
	assert.Contains(t, stressed(t, one, "won", 1, plain, recession(-100)).Warnings,
		"1 pair is too few; replications = 500 would do")
	two := []string{"mine", "yours"}
	assert.Equal(t, []string{"yours is the best plan under every shock: no other is better in customers won under any of them, in 52 weeks.",
		"Take yours, whichever of these shocks comes."},
		stressed(t, two, "won", 60, plain, recession(-100)).Sentences[:2])
	assert.Equal(t, []string{"No plan has less regret than another: they are alike under every shock.",
		"Choose for other reasons: these shocks do not tell the plans apart."},
		stressed(t, two, "won", 60, plain, none).Sentences[:2])
	assert.Equal(t, "Not applicable: no regret can be told, since no shock acts in all plans, or cac has no value under it.",
		stressed(t, two, "cac", 60, func(panel.Measure, int) float64 { return math.NaN() }, none).Sentences[0])
}
