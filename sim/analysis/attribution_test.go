package analysis

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// path is one of channels, a day after the other, the last on the day of the lead.
func path(won bool, channels ...int) Path {
	p := Path{Won: won}
	for i, c := range channels {
		p.Touches = append(p.Touches, PathTouch{c, float64(len(channels) - 1 - i)})
	}
	return p
}

func creditOf(t *testing.T, rule string, channels int, paths ...Path) []float64 {
	t.Helper()
	a, ok := AttributionNamed(rule)
	require.True(t, ok, rule)
	return a.Credit(paths, channels)
}

// Rules deal a path out as their definitions say.
func TestAttributionsOfOnePath(t *testing.T) {
	abca := path(true, 0, 1, 2, 0)
	for rule, want := range map[string][]float64{
		"last touch":       {1, 0, 0},
		"first touch":      {1, 0, 0},
		"linear":           {0.5, 0.25, 0.25},
		"U-shaped":         {0.8, 0.1, 0.1},
		"Shapley on paths": {1.0 / 3, 1.0 / 3, 1.0 / 3},
	} {
		assert.InDeltaSlice(t, want, creditOf(t, rule, 3, abca, path(false, 1)), 1e-12, rule)
	}
	assert.Equal(t, []float64{0, 0, 1}, creditOf(t, "last touch", 3, path(true, 0, 1, 2)))
	assert.Equal(t, []float64{1, 0, 0}, creditOf(t, "first touch", 3, path(true, 0, 1, 2)))
	assert.Equal(t, []float64{0.5, 0.5}, creditOf(t, "U-shaped", 2, path(true, 0, 1)))
	assert.Equal(t, []float64{0, 1}, creditOf(t, "U-shaped", 2, path(true, 1)))
	week := Path{Won: true, Touches: []PathTouch{{0, 14}, {1, 7}, {2, 0}}}
	assert.InDeltaSlice(t, []float64{1.0 / 7, 2.0 / 7, 4.0 / 7}, creditOf(t, "time decay", 3, week), 1e-12)
	for i := range week.Touches {
		week.Touches[i].Days += 20000 // far from any lead the shares are the same
	}
	assert.InDeltaSlice(t, []float64{1.0 / 7, 2.0 / 7, 4.0 / 7}, creditOf(t, "time decay", 3, week), 1e-12)
}

// A channel without which no path wins has the removal effect 1; the textbook chain of two paths.
func TestMarkovRemoval(t *testing.T) {
	// start -> 0 -> 1 -> won, start -> 0 -> lost, start -> 2 -> won: three paths. P = 2/3; without 0 it is 1/3, without
	// 1 1/3, without 2 1/3: removal effects 1/2 each, so a third of two customers each.
	paths := []Path{path(true, 0, 1), path(false, 0), path(true, 2)}
	assert.InDeltaSlice(t, []float64{2.0 / 3, 2.0 / 3, 2.0 / 3}, creditOf(t, "Markov removal", 3, paths...), 1e-12)
	// start -> 0 -> won twice, start -> 0 -> 1 -> lost, start -> 1 -> won. From 0: 2/3 won, 1/3 to 1; from 1: 1/2 won.
	// P = 3/4 (2/3 + 1/6) + 1/4 1/2 = 3/4; without 0 it is 1/8, without 1 it is 1/2: removal effects 5/6 and 1/3.
	paths = []Path{path(true, 0), path(true, 0), path(false, 0, 1), path(true, 1)}
	assert.InDeltaSlice(t, []float64{3 * 5.0 / 7, 3 * 2.0 / 7}, creditOf(t, "Markov removal", 2, paths...), 1e-12)
	// Going round in a circle, and staying.
	paths = []Path{path(true, 0, 0, 1, 0, 1), path(false, 1, 0)}
	got := creditOf(t, "Markov removal", 2, paths...)
	assert.InDelta(t, 1, got[0]+got[1], 1e-12)
	assert.Equal(t, []float64{0, 0}, creditOf(t, "Markov removal", 2, path(false, 0)))
}

// Whatever the paths are, a rule deals out the customers, no fewer than none to any channel, and sees 12 touches.
func TestAttributionsDealOutAllCustomers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const channels = 5
		var paths, short []Path
		won := 0.0
		for range rapid.IntRange(0, 12).Draw(rt, "paths") {
			p := path(rapid.Bool().Draw(rt, "won"), rapid.SliceOfN(rapid.IntRange(0, channels-1), 1, 20).Draw(rt, "path")...)
			if p.Won {
				won++
			}
			paths = append(paths, p)
			short = append(short, Path{Won: p.Won, Touches: p.Touches[max(0, len(p.Touches)-LastTouches):]})
		}
		for _, a := range Attributions {
			sum := 0.0
			got := a.Credit(paths, channels)
			for _, x := range got {
				require.GreaterOrEqual(rt, x, 0.0, a.Name)
				sum += x
			}
			require.InDelta(rt, won, sum, 1e-9, a.Name)
			require.Equal(rt, got, a.Credit(short, channels), a.Name)
		}
	})
}

func TestRankCorrelation(t *testing.T) {
	assert.InDelta(t, 1, RankCorrelation([]float64{3, 1, 2}, []float64{30, 10, 11}), 1e-12)
	assert.InDelta(t, -1, RankCorrelation([]float64{3, 1, 2}, []float64{-3, -1, -2}), 1e-12)
	// Ranks 1.5, 1.5, 3, 4 and 1, 2, 3, 4.
	assert.InDelta(t, 4.5/math.Sqrt(4.5*5), RankCorrelation([]float64{9, 9, 5, 1}, []float64{8, 7, 6, 5}), 1e-12)
	assert.True(t, math.IsNaN(RankCorrelation([]float64{1, 1}, []float64{1, 2})))
}
