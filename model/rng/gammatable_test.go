package rng

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tabled gamma law has the quantiles of the exact one.
func TestTabledGammaHasTheExactQuantiles(t *testing.T) {
	for _, cv := range []float64{0.01, 0.1, 0.3, 0.5, 0.8, 0.9, 1.2, 1.5} {
		table := newGammaTable(cv)
		shape := 1 / (cv * cv)
		worst := 0.0
		for i := 0; i <= 5000; i++ {
			z := -6 + 12*float64(i)/5000
			worst = max(worst, math.Abs(table.at(z)-gammaAtNormal(shape, z)/shape))
		}
		require.Less(t, worst, 1e-6, "cv %v", cv)
		previous := 0.0
		for z := -9.0; z < 9; z += 0.01 {
			x := table.at(z)
			require.GreaterOrEqual(t, x, previous, "cv %v at %v", cv, z)
			previous = x
		}
	}
}

// Samplers share tables, and draw the same with a table made anew.
func TestGammaTablesAreShared(t *testing.T) {
	var g, other GammaTables
	a, b := g.Sampler(2, 0.8), g.Sampler(6, 0.8)
	require.Same(t, a.table, b.table)
	for i := 0; i < 40; i++ {
		g.Sampler(1, 0.2+float64(i)/100)
	}
	c, d := g.Sampler(2, 0.8), other.Sampler(2, 0.8)
	for k := Key(0); k < 1000; k++ {
		require.Equal(t, a.Draw(k, 3), c.Draw(k, 3))
		require.Equal(t, a.Draw(k, 3), d.Draw(k, 3))
		require.InEpsilon(t, a.Draw(k, 3)*3, b.Draw(k, 3), 1e-15)
	}
	require.Equal(t, 0.0, g.Sampler(0, 0.5).scale)
}

func BenchmarkTabledGamma(b *testing.B) {
	var g GammaTables
	s := g.Sampler(7, 0.8)
	sum := 0.0
	for i := 0; i < b.N; i++ {
		sum += s.Draw(Key(i), 5)
	}
	_ = math.Abs(sum)
}
