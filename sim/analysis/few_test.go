package analysis

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// A number that few replications share, as whole numbers easily do, has no interval of no length; the number of
// replications that can carry one is named. From six equal ones on there is one, as the median of six has one.
func TestWhatFewReplicationsCannotCarry(t *testing.T) {
	none := func(e Estimate, needs int) {
		t.Helper()
		require.True(t, math.IsNaN(e.Low) && math.IsNaN(e.High) && math.IsNaN(e.Error), "%+v", e)
		require.Equal(t, needs, e.Needs)
	}
	exact := func(e Estimate, value float64) {
		t.Helper()
		require.Equal(t, []float64{value, 0, value, value, 0}, []float64{e.Value, e.Error, e.Low, e.High, float64(e.Needs)})
	}
	equal := func(n int, x float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = x
		}
		return out
	}
	require.Equal(t, 6, LeastAlike)
	none(Mean([]float64{3}, Ties{}), 2)
	for n := 2; n < 6; n++ {
		none(Mean(equal(n, 3), Ties{}), 6)
		none(Ratio(equal(n, 3), equal(n, 4), 1, Ties{}), 6)
		none(Ties{}.Alike(Estimate{N: n}, 0), 6)
	}
	exact(Mean(equal(6, 3), Ties{}), 3)
	exact(Ratio(equal(6, 3), equal(6, 4), 1, Ties{}), 0.75)
	// Two seeds of one draw are one draw.
	none(Mean(equal(10, 3), Ties{SeedsPerDraw: 2}), 12)
	exact(Mean(equal(12, 3), Ties{SeedsPerDraw: 2}), 3)
	e := Mean([]float64{3, 4}, Ties{})
	require.True(t, e.Low < 3 && e.High > 4 && e.Needs == 0, "where there is a spread there is an interval")

	// An equal change in two pairs is no sure change, and says nothing of how many would show one.
	c := Compare(Sides{Column: plan.Column{Name: "won", Unit: "customers", Direction: plan.More}, Over: [2][]float64{{5, 9}, {7, 11}}})
	none(c.Difference, 6)
	require.Equal(t, 2.0, c.Difference.Value)
	require.Zero(t, c.PairsFor(0.07))
	c = Compare(Sides{Column: plan.Column{Name: "won", Unit: "customers", Direction: plan.More}, Over: [2][]float64{{5, 9}, {5, 9}}})
	none(c.Difference, 6)
	require.True(t, c.Identical)

	// A chance has an interval of its own with any number of pairs.
	d := ChanceChange([]float64{0, 0}, []float64{0, 0}, 1)
	require.True(t, d.Needs == 0 && d.Low < -0.5 && d.High > 0.5, "%+v", d)

	require.True(t, Apart(Estimate{Low: 1, High: 2}, Estimate{Low: 3, High: 4}))
	require.False(t, Apart(Estimate{Low: 1, High: 3}, Estimate{Low: 3, High: 4}))
	require.False(t, Apart(Mean(equal(2, 3), Ties{}), Estimate{Low: 8, High: 9}), "what has no interval is not told apart")
}
