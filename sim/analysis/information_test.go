package analysis

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/rng"
)

// worthOf is the value of knowing a difference that is normal with mean m and
// standard deviation s before choosing.
func worthOf(m, s float64) float64 {
	phi := math.Exp(-m*m/(2*s*s)) / math.Sqrt(2*math.Pi)
	below := 0.5 * math.Erfc(m/s/math.Sqrt2)
	return s*phi + m*(1-below) - math.Max(m, 0)
}

// A difference that is linear in two inputs of eight, under chance: the value of
// each and of both, the chance to change the decision and where it turns have
// their closed forms.
func TestInformationOfALinearDifference(t *testing.T) {
	const draws, m, s1, s2, chance = 500, 1., 2., -1., 1.5
	r := rand.New(rand.NewPCG(2, 6))
	want := map[int]float64{-1: worthOf(m, math.Hypot(s1, s2)), 3: worthOf(m, s1), 5: worthOf(m, -s2)}
	sum, covered := map[int]float64{}, map[int]int{}
	const studies = 20
	for range studies {
		u := uniforms(r, draws, 8)
		y := make([]float64, draws)
		for d := range y {
			y[d] = m + s1*rng.NormalQuantile(u[d][3]) + s2*rng.NormalQuantile(u[d][5]) + chance*r.NormFloat64()
		}
		x := InformationOf(y, u)
		require.True(t, x.Worth)
		require.Equal(t, 3, x.Inputs[0].Input, "what to measure first")
		require.InDelta(t, 0.5*math.Erfc(m/s1/math.Sqrt2), x.Inputs[0].Changes.Value, 0.07)
		turns := x.Inputs[0].Turns
		require.NotNil(t, turns)
		require.InDelta(t, 0.5*math.Erfc(m/s1/math.Sqrt2), turns.Value, 0.07, "it turns at minus m over s")
		require.True(t, turns.Low < turns.Value && turns.Value < turns.High && turns.High-turns.Low < 0.2)
		require.True(t, x.Inputs[0].Above)
		require.InDelta(t, 5/(5+chance*chance), x.Explained, 0.1)
		note := func(i int, e Estimate) {
			sum[i] += e.Value / studies
			if e.Low <= want[i] && want[i] <= e.High {
				covered[i]++
			}
		}
		note(-1, x.All)
		for _, k := range x.Inputs {
			if _, ok := want[k.Input]; ok {
				note(k.Input, k.Value)
			}
			if k.Input == 5 {
				require.False(t, k.Above)
			}
		}
	}
	for i, w := range want {
		require.InDelta(t, w, sum[i], 0.12*w+0.01, "input %d", i)
		require.GreaterOrEqual(t, covered[i], studies*3/4, "input %d", i)
	}
}

// Of three plans of which one is better by x, one worse by x, and one stays, knowing x is worth the mean of |x| where
// its mean is 0; a decision that nothing turns adds nothing, and two that are alike are worth twice as much.
func TestInformationOfSeveralDecisions(t *testing.T) {
	const draws, s = 600, 2.
	r := rand.New(rand.NewPCG(3, 9))
	want, covered := s*math.Sqrt(2/math.Pi), 0
	const studies = 20
	for range studies {
		u := uniforms(r, draws, 4)
		turned, still := Decision{nil, nil}, Decision{nil, nil}
		for d := range u {
			x := s * rng.NormalQuantile(u[d][1])
			turned[0], turned[1] = append(turned[0], r.NormFloat64()-x), append(turned[1], r.NormFloat64()+x)
			still[0], still[1] = append(still[0], r.NormFloat64()-9), append(still[1], r.NormFloat64()+9)
		}
		x := InformationOfAll([]Decision{turned, still}, u)
		require.Len(t, x.Each, 2)
		require.Equal(t, x.All, x.Each[0].All)
		require.Zero(t, x.Each[1].All.Value)
		require.False(t, x.Each[1].Worth)
		require.True(t, x.Worth)
		require.Equal(t, 1, x.Inputs[0].Input)
		require.InDelta(t, 1, x.All.Value/want, 0.25)
		if x.All.Low <= want && want <= x.All.High {
			covered++
		}
		twice := InformationOfAll([]Decision{turned, turned}, u)
		require.InDelta(t, 2*x.All.Value, twice.All.Value, 1e-9)
		require.Equal(t, x.Changes, twice.Changes)
	}
	require.GreaterOrEqual(t, covered, studies*3/4)
	few := InformationOfAll([]Decision{{nil}, {nil}}, nil)
	require.False(t, few.All.Known())
	require.Len(t, few.Each, 2)
}

// Where knowing changes nothing it is worth nothing, and in 95% of studies no
// more is said: no difference at all, and one that no input can turn.
func TestInformationWorthNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, c := range []struct{ mean, slope float64 }{{0, 0}, {3, 0.5}, {-0.3, 0}} {
		worth := 0
		const studies = 60
		for range studies {
			u := uniforms(r, 200, 8)
			y := make([]float64, len(u))
			for d := range y {
				y[d] = c.mean + c.slope*rng.NormalQuantile(u[d][2]) + r.NormFloat64()
			}
			x := InformationOf(y, u)
			if x.Worth {
				worth++
			}
			require.True(t, slices.IsSortedFunc(x.Inputs, func(a, b Knowing) int {
				return cmp.Or(cmp.Compare(b.Value.Value, a.Value.Value), cmp.Compare(b.Value.High, a.Value.High))
			}), "of those worth the same, those first that may be worth more")
		}
		require.LessOrEqual(t, worth, studies/20, "%+v", c)
	}
}

// A regression has the coefficients that made its numbers; a column twice is
// taken once.
func TestFitHasItsCoefficients(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x, y, draws := make([]float64, 30), make([]float64, 30), make([]int, 30)
	for i := range x {
		x[i] = r.NormFloat64() + 3
		y[i] = 2 - x[i] + 0.5*x[i]*x[i]
		draws[i] = i
	}
	f := newFit(y, draws)
	require.True(t, f.add(func(d int) float64 { return x[d] }))
	require.False(t, f.add(func(d int) float64 { return 2 * x[d] }))
	require.True(t, f.add(func(d int) float64 { return x[d] * x[d] }))
	c := f.coefficients()
	for i, want := range []float64{2, -1, 0.5} {
		require.InDelta(t, want, c[i], 1e-9)
	}
	require.InDelta(t, 0, f.rest, 1e-15)
}
