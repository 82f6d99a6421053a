package panel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/sim/analysis"
)

func leafOf(setting, column string) Leaf { return Leaf{setting, Measure{Column: column}} }

// A number that is the same in every replication has no error, and none of the
// noise of its sums.
func TestWhatIsSureIsExact(t *testing.T) {
	dear, cheap := make([]float64, 7), make([]float64, 7)
	for i := range dear {
		cheap[i] = 1e6 * math.Sqrt(float64(i+2))
		dear[i] = cheap[i] - 0.1
	}
	p := NewPanel(analysis.Ties{}, map[Leaf][]float64{leafOf("a", "won"): dear, leafOf("b", "won"): cheap})
	less := func(v []float64) float64 { return (v[0] - v[1]) / 0.1 }
	e := p.Combine(less, p.Mean(leafOf("a", "won")), p.Mean(leafOf("b", "won")))
	require.InDelta(t, -1, e.Value, 1e-6)
	rounded := func(v []float64) float64 { return math.Round(less(v)) * (1 + 1e-15) }
	e = p.Combine(rounded, p.Mean(leafOf("a", "won")), p.Mean(leafOf("b", "won")))
	require.Equal(t, []float64{-1, 0, -1, -1}, []float64{e.Value, e.Error, e.Low, e.High})
}

// What rounding leaves of two settings with the same numbers is no difference.
func TestADifferenceOfRoundingIsNone(t *testing.T) {
	p := &Panel{Replications: 6}
	a := meanOf([]float64{1e6, 2e6, 3e6, 4e6, 5e6, 6e6})
	b := meanOf([]float64{1e6, 2e6, 3e6 + 1e-9, 4e6, 5e6, 6e6})
	require.Equal(t, analysis.Estimate{N: 6}, p.Difference(a, b))
	e := p.Difference(a, meanOf([]float64{1e6 + 2, 2e6 + 3, 3e6 + 2, 4e6 + 1, 5e6 + 2, 6e6 + 2}))
	require.InDelta(t, 2, e.Value, 1e-9)
	require.Positive(t, e.Error)
}
