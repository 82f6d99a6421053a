package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A known pause: sign-ups fall by 20, 30 and 10 of 100 in weeks 3 to 5, half of
// the loss comes back in weeks 7 and 8.
func TestAKnownPauseIsMeasured(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	effect := []float64{0, 0, -20, -30, -10, -1, 15, 15, 0, 0}
	const n = 400
	without, with := make([][]float64, len(effect)), make([][]float64, len(effect))
	for w := range effect {
		for range n {
			x := 100 + 10*r.NormFloat64()
			without[w] = append(without[w], x)
			y := x + effect[w]
			if effect[w] != 0 {
				y += r.NormFloat64()
			}
			with[w] = append(with[w], y)
		}
	}
	p := PauseOf(without, with, 3, Ties{})
	require.Equal(t, 4, p.DepthWeek)
	require.InDelta(t, -0.3, p.Depth.Value, 0.005)
	require.Equal(t, 0.0, p.Weeks[0].Value)
	require.Equal(t, 0.0, p.Weeks[0].Error)
	require.InDelta(t, -31, p.Total.Value, 1)
	require.InDelta(t, -61, p.Lost.Value, 1)
	require.Equal(t, 1, p.Recovery(4, 0.03), "week 6 and 7 lie above -3%%: one week after the pause")
	require.InDelta(t, 31.0/61, p.NeverBack.Value, 0.02)
	require.Less(t, p.NeverBack.Low, 31.0/61)
	require.Greater(t, p.NeverBack.High, 31.0/61)
	require.Less(t, p.NeverBack.High-p.NeverBack.Low, 0.02)
}

// A week in which hardly anybody signs up is not the worst, whatever share of them is lost, and the end is not put off
// until such weeks are over.
func TestAWeekOfNextToNothingIsNotTheWorst(t *testing.T) {
	same := func(first, other float64) (out []float64) {
		for i := range 60 {
			if out = append(out, other); i == 0 {
				out[0] = first
			}
		}
		return out
	}
	without := [][]float64{same(1, 0), same(9, 10), same(1, 0), same(1, 0), same(9, 10), same(9, 10), same(1, 0)}
	with := [][]float64{same(0, 0), same(8, 8), same(0, 0), same(60, 0), same(9, 10), same(9, 10), same(0, 0)}
	p := PauseOf(without, with, 1, Ties{})
	require.Equal(t, 2, p.DepthWeek)
	require.InDelta(t, -0.2, p.Depth.Value, 0.01)
	require.Equal(t, 0, p.Recovery(2, 0.02))
	none := PauseOf(without[2:4], with[2:4], 1, Ties{})
	require.Equal(t, 1, none.DepthWeek)
	require.False(t, none.Depth.Known())
}

// A pause without effect loses exactly nothing.
func TestAPauseWithoutEffect(t *testing.T) {
	same := [][]float64{{1, 2, 3, 4, 5, 6}, {3, 4, 5, 6, 7, 8}, {5, 6, 7, 8, 9, 10}}
	p := PauseOf(same, same, 1, Ties{})
	require.Equal(t, 0.0, p.Total.Value)
	require.Equal(t, 0.0, p.Total.Error)
	require.Equal(t, 0.0, p.Depth.Value)
	require.Equal(t, -1, p.Recovery(2, 0))
	require.NotEqual(t, p.NeverBack.Value, p.NeverBack.Value, "there is nothing to come back")
}

func TestCrossing(t *testing.T) {
	saved := [][]float64{{10}, {0}, {0}, {0}}
	require.Equal(t, 3, Crossing(saved, [][]float64{{4}, {4}, {4}, {4}}))
	require.Equal(t, 0, Crossing(saved, [][]float64{{4}, {4}, {1}, {0}}))
	require.Equal(t, 4, Crossing(saved, [][]float64{{11}, {-5}, {0}, {6}}))
}
