package analysis

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The variance is split into what the inputs and what chance bring, and the chance
// of a positive mean is that of the inputs alone.
func TestNestedDesignsSplitTheVariance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	const draws, seeds = 4000, 8
	values := make([]float64, 0, draws*seeds)
	for range draws {
		input := 1 + 2*r.NormFloat64() // positive with chance 0.6915
		for range seeds {
			values = append(values, input+5*r.NormFloat64())
		}
	}
	n := NestedOf(values, seeds)
	require.InDelta(t, 4, n.Between, 0.5)
	require.InDelta(t, 25, n.Within, 1)
	require.Less(t, n.BetweenLow, 4.0)
	require.Greater(t, n.BetweenHigh, 4.0)
	require.InDelta(t, 0.6915, n.Positive.Value, 0.03)
	require.Less(t, n.Positive.Low, n.Positive.Value)
	require.InDelta(t, 1, n.Mean.Value, 0.2)
}

// Where inputs do nothing, nothing is said about them.
func TestLuckAloneIsNotTakenForInputs(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	said := 0
	for range 200 {
		values := make([]float64, 50*8)
		for i := range values {
			values[i] = 0.1 + r.NormFloat64()
		}
		if NestedOf(values, 8).Positive != nil {
			said++
		}
	}
	require.LessOrEqual(t, said, 15) // 2.5% expected
}

// A draw in which a number is missing is left out.
func TestDrawsWithMissingNumbersAreLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	const draws, seeds = 60, 4
	var values []float64
	for range draws {
		input := 1 + r.NormFloat64()
		for range seeds {
			values = append(values, input+r.NormFloat64())
		}
	}
	whole := NestedOf(values, seeds)
	require.Equal(t, draws, whole.Draws)
	require.Equal(t, whole, NestedOf(append([]float64{7, 7, math.NaN(), 7}, values...), seeds))
	none := NestedOf(slices.Repeat([]float64{math.NaN()}, draws*seeds), seeds)
	require.Zero(t, none.Draws)
	require.Nil(t, none.Positive)
	_, err := json.Marshal(none)
	require.NoError(t, err)
}
