package metric

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// A line that rises by 1 a week and is 0 at week 3, with the spread of two
// replications that are 1 above and 1 below it: it crosses at 3, and its
// interval is that of the line's own, laid on its side.
func TestCrossing(t *testing.T) {
	c := &Crossing{}
	values := map[panel.Leaf][]float64{}
	for w := 1; w <= 20; w++ {
		l := panel.Leaf{Setting: "a", Measure: panel.Measure{Column: "cash", From: w, To: w}}
		for i := range 40 {
			values[l] = append(values[l], float64(w-3)+float64(2*(i%2)-1))
		}
		c.At = append(c.At, float64(w))
		c.Values = append(c.Values, &Expression{root: leaf{Leaf: l}})
	}
	p := panel.NewPanel(analysis.Ties{}, values)
	e := c.Estimate(p)
	half := c.Values[0].Estimate(p).HalfWidth()
	require.InDelta(t, 3, e.Value, 1e-12)
	require.InDelta(t, 3-half, e.Low, 1e-9)
	require.InDelta(t, 3+half, e.High, 1e-9)
	require.InDelta(t, half/analysis.Reach95, e.Error, 1e-12)
	require.Len(t, c.Leaves(), 20)

	c.Below = true
	e = c.Estimate(p)
	require.True(t, math.IsInf(e.Value, 1), "it ends above 0")
	c.Below, c.At, c.Values = false, c.At[:2], c.Values[:2]
	require.True(t, math.IsInf(c.Estimate(p).Value, 1), "not reached")
}

// The last change of sign counts.
func TestCrossingIsTheLast(t *testing.T) {
	x := []float64{0, 1, 2, 3, 4}
	require.InDelta(t, 2.5, crossing(x, []float64{-1, 5, -1, 1, 2}), 1e-12)
	require.InDelta(t, 0, crossing(x, []float64{1, 1, 1, 1, 1}), 1e-12)
	require.InDelta(t, 1, crossing(x, []float64{math.NaN(), 1, 1, 1, 1}), 1e-12)
	require.True(t, math.IsInf(crossing(x, []float64{1, 1, 1, 1, 0}), 1))
}
