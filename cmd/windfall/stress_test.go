package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/sim/analysis"
)

// The worst shock is one under which the plan is seen to be worse: a change whose
// interval holds no change is none, however large it is, and is named as such.
func TestTheWorstShockIsSeenToHurt(t *testing.T) {
	cell := func(title string, value, reach float64) stressCell {
		return stressCell{Plan: "mine", Shock: title, Title: title, Change: analysis.Estimate{Value: value, Error: reach / 2, Low: value - reach, High: value + reach, N: 100}}
	}
	for _, c := range []struct {
		cells     []stressCell
		want      string
		separable bool
	}{
		{[]stressCell{cell("flood", -90, 100), cell("drought", -20, 5), cell("frost", -1, 2)}, "The worst of 3 shocks for mine is drought: won changes by −20 ± 5 (0%) in 52 weeks, and the chance to go out of business by 0 ± 0 points (95% intervals, 100 pairs; the change under flood, −90 ± 100, may be none).", false},
		{[]stressCell{cell("flood", -90, 100), cell("drought", -20, 30)}, "None of 2 shocks is seen to make won of mine worse in 52 weeks: the largest change for the worse, under flood, is −90 ± 100 (95% interval, 100 pairs).", false},
		{[]stressCell{cell("drought", -20, 5), cell("frost", -18, 4)}, "The worst of 2 shocks for mine is drought: won changes by −20 ± 5 (0%) in 52 weeks, and the chance to go out of business by 0 ± 0 points (95% intervals, 100 pairs; not separable from frost: their intervals overlap).", false},
		{[]stressCell{cell("drought", -20, 5), cell("frost", -1, 2)}, "The worst of 2 shocks for mine is drought: won changes by −20 ± 5 (0%) in 52 weeks, and the chance to go out of business by 0 ± 0 points (95% intervals, 100 pairs).", true},
		{[]stressCell{cell("rain", 5, 2), cell("sun", 3, 5)}, "None of 2 shocks makes won of mine worse in 52 weeks (100 pairs).", false},
	} {
		a := &stressAnswer{Plans: []string{"mine"}, Metric: "won", unit: "customers", Weeks: 52, Replications: 100, Cells: c.cells}
		a.conclude()
		assert.Equal(t, c.want, a.Answer)
		assert.Equal(t, c.separable, a.Separable, c.want)
	}
}
