package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// uniforms are n replications of some inputs.
func uniforms(r *rand.Rand, n, inputs int) [][]float64 {
	u := make([][]float64, n)
	for i := range u {
		u[i] = make([]float64, inputs)
		for k := range u[i] {
			u[i][k] = r.Float64()
		}
	}
	return u
}

// A box of a tenth of the volume is found among inputs that do nothing, each
// edge within 0.05, and what is said of it is measured on runs that did not find
// it.
func TestAPlantedBoxIsFound(t *testing.T) {
	for _, c := range []struct {
		name        string
		box         []Side
		here, other float64
	}{
		{"one input", []Side{{Input: 2, Low: 0.9, High: 1}}, 0.8, 0.03},
		{"two corners", []Side{{Input: 1, Low: 0, High: 0.25}, {Input: 7, Low: 0.6, High: 1}}, 0.8, 0.03},
		{"a slab inside", []Side{{Input: 3, Low: 0.3, High: 0.6}, {Input: 4, Low: 0.67, High: 1}}, 0.8, 0.03},
		{"three inputs", []Side{{Input: 0, Low: 0.5, High: 1}, {Input: 5, Low: 0, High: 0.45}, {Input: 6, Low: 0.56, High: 1}}, 0.7, 0.02},
		{"four inputs", []Side{{Input: 0, Low: 0.44, High: 1}, {Input: 2, Low: 0, High: 0.56}, {Input: 5, Low: 0, High: 0.56}, {Input: 6, Low: 0.43, High: 1}}, 0.81, 0.02},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 1))
			u := uniforms(r, 10_000, 12)
			cases := make([]bool, len(u))
			in := 0
			for i := range u {
				p := c.other
				if inside(c.box, u[i]) {
					p = c.here
					in++
				}
				cases[i] = r.Float64() < p
			}
			require.InDelta(t, 0.1, float64(in)/float64(len(u)), 0.012)
			b := FindBox(u, cases)
			require.Len(t, b.Sides, len(c.box))
			for _, want := range c.box {
				found := false
				for _, got := range b.Sides {
					if got.Input == want.Input {
						found = true
						require.InDelta(t, want.Low, got.Low, 0.05)
						require.InDelta(t, want.High, got.High, 0.05)
					}
				}
				require.True(t, found, "input %d", want.Input)
			}
			require.InDelta(t, c.here, b.Density.Value, 0.08)
			require.Greater(t, b.Coverage.Value, 0.6)
			require.Equal(t, 5000, b.Held)
			require.Greater(t, b.Density.Value, b.Sides[0].DensityWithout.Value)
			require.LessOrEqual(t, b.Coverage.Value, b.Sides[0].CoverageWithout.Value)
		})
	}
}

// Where the label ignores the inputs, no box is found in 95% of runs at least.
func TestNoBoxWithoutReason(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	found, runs := 0, 200
	for i := range runs {
		u := uniforms(r, 500, 5)
		cases := make([]bool, len(u))
		share := 0.06 + 0.8*float64(i)/float64(runs)
		for k := range cases {
			cases[k] = r.Float64() < share
		}
		if len(FindBox(u, cases).Sides) > 0 {
			found++
		}
	}
	require.LessOrEqual(t, found, runs/20)
}

// The tail of the hypergeometric law, by hand: 4 of 10 are cases, 3 are drawn.
func TestHypergeometricTail(t *testing.T) {
	require.InDelta(t, 1, hypergeometricTail(0, 10, 4, 3), 1e-12)
	require.InDelta(t, 1-20./120, hypergeometricTail(1, 10, 4, 3), 1e-12)
	require.InDelta(t, (36.+4)/120, hypergeometricTail(2, 10, 4, 3), 1e-12)
	require.InDelta(t, 4./120, hypergeometricTail(3, 10, 4, 3), 1e-12)
}
