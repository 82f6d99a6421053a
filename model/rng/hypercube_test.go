package rng_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"windfall/model/rng"
)

// complete says that exactly one number lies in each stratum.
func complete(u []float64) bool {
	seen := make([]bool, len(u))
	for _, x := range u {
		i := int(math.Floor(x * float64(len(u))))
		if x <= 0 || x >= 1 || seen[i] {
			return false
		}
		seen[i] = true
	}
	return true
}

func TestHypercubeIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 300).Draw(t, "size")
		u := make([]float64, size+3)
		rng.Hypercube(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 1000).Draw(t, "block"), rapid.Uint64().Draw(t, "input"), size, u)
		if !complete(u[:size]) || u[size] != 0 {
			t.Fatalf("not one per stratum: %v", u)
		}
	})
	large := make([]float64, 1<<19)
	rng.Hypercube(1, 2, 3, len(large), large)
	assert.True(t, complete(large))
}

// TestHypercubeIsUniformAndIndependent looks at one member over many blocks, and at the correlation
// of two inputs: its standard error over n pairs is 1/sqrt(n).
func TestHypercubeIsUniformAndIndependent(t *testing.T) {
	const blocks, size = 4000, 50
	first := make([]float64, blocks)
	a, b := make([]float64, size), make([]float64, size)
	sum := 0.0
	for block := range first {
		rng.Hypercube(1, block, rng.Label("churn"), size, a)
		rng.Hypercube(1, block, rng.Label("price"), size, b)
		first[block] = a[7]
		for i := range a {
			sum += 12 * (a[i] - 0.5) * (b[i] - 0.5)
		}
	}
	assert.Greater(t, kolmogorov(first, func(x float64) float64 { return x }), farOff)
	z := sum / math.Sqrt(blocks*size)
	assert.Less(t, math.Abs(z), 5.0, "z of the correlation")
}

func TestCholeskyGivesTheMatrixBack(t *testing.T) {
	corr := [][]float64{{1, 0.5, -0.3, 0}, {0.5, 1, 0.2, 0.1}, {-0.3, 0.2, 1, 0.7}, {0, 0.1, 0.7, 1}}
	lower, ok := rng.Cholesky(corr)
	require.True(t, ok)
	for i := range corr {
		for j := range corr {
			sum := 0.0
			for c := range corr {
				sum += lower[i][c] * lower[j][c]
			}
			assert.InDelta(t, corr[i][j], sum, 1e-15)
		}
	}
	lower, ok = rng.Cholesky([][]float64{{1, 1}, {1, 1}})
	assert.True(t, ok, "two inputs that move as one")
	assert.Equal(t, [][]float64{{1, 0}, {1, 0}}, lower)
	for name, bad := range map[string][][]float64{
		"not square":           {{1, 0}, {0}},
		"not symmetric":        {{1, 0.1}, {0.2, 1}},
		"not definite":         {{1, 0.9, -0.9}, {0.9, 1, 0.9}, {-0.9, 0.9, 1}},
		"beyond 1":             {{1, 1.1}, {1.1, 1}},
		"one, yet contrary":    {{1, 1, 0.5}, {1, 1, 0.2}, {0.5, 0.2, 1}},
		"with NaN":             {{1, math.NaN()}, {math.NaN(), 1}},
		"with NaN on diagonal": {{math.NaN()}},
	} {
		_, ok := rng.Cholesky(bad)
		assert.False(t, ok, name)
	}
}
