package search

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A projection lies in the bounds, on the steps and within the budget, is the
// point itself if that does, and spends the whole budget to the cent if it had to
// give way and some lever without steps is above its bound.
func TestProjectionsKeepBudgetAndBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "levers")
		s := &Space{}
		x := make([]float64, n)
		for i := range n {
			l := Lever{Low: rapid.Float64Range(0, 1).Draw(t, "low"), Spend: rapid.Float64Range(0, 1e6).Draw(t, "spend")}
			l.High = l.Low + rapid.Float64Range(0.1, 3).Draw(t, "high")
			if rapid.Bool().Draw(t, "whole") {
				for k := range 5 {
					l.Steps = append(l.Steps, l.Low+(l.High-l.Low)*float64(k)/4)
				}
			}
			s.Levers = append(s.Levers, l)
			x[i] = rapid.Float64Range(-1, 5).Draw(t, "x")
		}
		s.Spend = func(x []float64) (sum float64) {
			for i, l := range s.Levers {
				sum += l.Spend * x[i]
			}
			return sum
		}
		s.Budget = s.Spend(s.Least()) * rapid.Float64Range(1, 3).Draw(t, "budget")
		y := s.Project(x)
		require.True(t, s.Fits(y))
		free, inside := false, true
		for i, l := range s.Levers {
			require.True(t, y[i] >= l.Low && y[i] <= l.High)
			if l.Steps != nil {
				require.Contains(t, l.Steps, y[i])
			}
			inside = inside && y[i] == l.Nearest(x[i])
			free = free || l.Steps == nil && l.Spend > 100 && y[i] > l.Low+1e-6
		}
		require.Equal(t, y, s.Project(y))
		if !inside && free && !stepped(s, x, y) {
			require.InDelta(t, s.Budget, s.Spend(y), 0.01)
		}
	})
}

// stepped says whether a lever with steps gave way.
func stepped(s *Space, x, y []float64) bool {
	for i, l := range s.Levers {
		if l.Steps != nil && y[i] != l.Nearest(x[i]) {
			return true
		}
	}
	return false
}

func TestProportionalSplitSpendsTheBudget(t *testing.T) {
	s := &Space{Levers: []Lever{{High: 3, Spend: 100_000}, {High: 3, Spend: 50_000}, {Low: 0.5, High: 2}}}
	s.Spend = func(x []float64) float64 { return 30_000 + 100_000*x[0] + 50_000*x[1] }
	s.Budget = 105_000
	require.InDeltaSlice(t, []float64{0.5, 0.5, 1}, s.Proportional(), 1e-7) // half a cent
	s.Budget = 180_000
	require.Equal(t, []float64{1, 1, 1}, s.Proportional())
	s.Budget = 1e7
	require.Equal(t, []float64{3, 3, 1}, s.Proportional())
	s.Budget = 105_000
	s.Levers[1].Steps = []float64{0, 1, 2, 3}
	require.InDeltaSlice(t, []float64{0.75, 0, 1}, s.Proportional(), 1e-7, "no half a person")
	s.Budget = 1e7
	s.Levers[2].Spend, s.Levers[2].Scales = 150_000, true
	require.Equal(t, []float64{3, 3, 1}, s.Proportional(), "once, not once more by quarter")
}

// Moving a lever by a tenth, or a step.
func TestAround(t *testing.T) {
	s := &Space{Levers: []Lever{{High: 3, Spend: 1000}, {High: 3, Spend: 400, Steps: []float64{0, 0.5, 1, 1.5}}, {High: 2}}}
	s.Spend = func(x []float64) float64 { return 1000*x[0] + 400*x[1] }
	low, high, usd := s.Around(0, []float64{2, 1.5, 1})
	require.InDeltaSlice(t, []float64{1.8, 1.5, 1}, low, 1e-9)
	require.InDeltaSlice(t, []float64{2.2, 1.5, 1}, high, 1e-9)
	require.InDelta(t, 400, usd, 1e-5)
	low, high, usd = s.Around(1, []float64{2, 1.5, 1})
	require.Equal(t, []float64{2, 1, 1}, low)
	require.Equal(t, []float64{2, 1.5, 1}, high)
	require.InDelta(t, 200, usd, 1e-9)
	_, _, usd = s.Around(2, []float64{2, 1.5, 1})
	require.Zero(t, usd)
}

// With whole people and no room for another, the rest of the budget still goes
// where it brings most.
func TestHeadCountsStayWhole(t *testing.T) {
	steps := []float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2}
	s := &Space{Levers: []Lever{{Name: "people", High: 2, Spend: 400, Steps: steps}, {Name: "search", High: 3, Spend: 300}, {Name: "radio", High: 3, Spend: 300}}, Budget: 1000}
	s.Spend = func(x []float64) float64 { return 400*x[0] + 300*x[1] + 300*x[2] }
	value := func(x []float64) float64 {
		return 900*math.Sqrt(x[0]) + 700*math.Sqrt(x[1]) + 200*math.Sqrt(x[2])
	}
	// By a fine grid.
	most := 0.0
	for _, p := range steps {
		for k := range 3001 {
			search := float64(k) / 1000
			if radio := min((1000-400*p-300*search)/300, 3); radio >= 0 {
				most = max(most, value([]float64{p, search, radio}))
			}
		}
	}
	points, err := (&Search{Space: s, Start: [][]float64{{1, 1, 1}}, Evaluations: 300, Seed: 1, Evaluate: func(_ int, x []float64) (Score, error) { return Score{Value: value(x)}, nil }}).Run()
	require.NoError(t, err)
	best := Shortlist(points, 1, false)[0]
	require.Contains(t, steps, best.X[0])
	gain := (best.Value - value([]float64{1, 1, 1})) / (most - value([]float64{1, 1, 1}))
	require.GreaterOrEqual(t, gain, 0.99)
}
