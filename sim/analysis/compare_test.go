package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

var won = plan.Column{Name: "won", Unit: "customers", Direction: plan.More}

func sides(n int, r *rand.Rand, draw func(shared, own1, own2 float64) (a, b float64)) Sides {
	s := Sides{Column: won}
	for range n {
		a, b := draw(r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		s.Over[0], s.Over[1] = append(s.Over[0], a), append(s.Over[1], b)
	}
	return s
}

// A plan is identical to itself, and all differences are exactly 0.
func TestAPlanIsIdenticalToItself(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	c := Compare(sides(100, r, func(x, _, _ float64) (float64, float64) { return x, x }))
	require.True(t, c.Identical)
	require.Equal(t, 0.0, c.Difference.Value)
	require.Equal(t, 0.0, c.Difference.Error)
	require.Equal(t, 0.5, c.PBetter.Value)
	require.Equal(t, NoDominance, c.Dominance)
	require.Equal(t, "A and B are identical.", c.QuantileSentence())
}

// Two unpaired samples of one law are called different in 3 to 7% of studies,
// and one hardly ever dominates.
func TestEqualPlansAreSeldomCalledDifferent(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	different, dominates := 0, 0
	const studies = 2000
	for i := range studies {
		s := sides(60, r, func(_, a, b float64) (float64, float64) { return 10 + a, 10 + b })
		if i >= 100 {
			s.Column.Direction = plan.Neither // the band of dominance is slow
		}
		c := Compare(s)
		if c.Difference.Low > 0 || c.Difference.High < 0 {
			different++
		}
		if c.Dominance != NoDominance {
			dominates++
		}
	}
	require.Greater(t, different, studies*3/100)
	require.Less(t, different, studies*7/100)
	require.LessOrEqual(t, dominates, 2)
}

// Intervals of paired differences cover the truth, and pairing shows in the
// variance.
func TestPairedDifferencesCover(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	covered := 0
	const studies = 2000
	for range studies {
		s := sides(40, r, func(x, a, b float64) (float64, float64) { return 100 + 10*x + a, 103 + 10*x + b })
		s.Column.Direction = plan.Neither
		c := Compare(s)
		if c.Difference.Low <= 3 && 3 <= c.Difference.High {
			covered++
		}
		require.Greater(t, c.Reduction, 30.0)
	}
	require.InDelta(t, 0.95, float64(covered)/studies, 0.02)
}

// A plan that is better everywhere dominates; where the curves cross, or the
// sample is small, none does. Less can be better.
func TestDominance(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	shifted := sides(1000, r, func(x, a, b float64) (float64, float64) { return 10*x + a, 10*x + 8 + b })
	c := Compare(shifted)
	require.Equal(t, BDominates, c.Dominance)
	require.Equal(t, "B is better in every quantile shown.", c.QuantileSentence())
	require.Greater(t, c.PBetter.Low, 0.99)
	shifted.Column.Direction = plan.Less
	require.Equal(t, ADominates, Compare(shifted).Dominance)
	require.Equal(t, "A is better in every quantile shown.", func() string { c := Compare(shifted); return c.QuantileSentence() }())

	wider := sides(1000, r, func(x, _, b float64) (float64, float64) { return 10 * x, 15*x + 6 + b })
	c = Compare(wider)
	require.Equal(t, Neither, c.Dominance, "each is shown to be better somewhere")
	require.Equal(t, "B is better except in the worst 5%.", c.QuantileSentence())
	shifted.Column.Direction = plan.More
	for i := range shifted.Over {
		shifted.Over[i] = shifted.Over[i][:15]
	}
	require.Equal(t, NoDominance, Compare(shifted).Dominance, "too few")
	few := sides(30, r, func(x, _, b float64) (float64, float64) { return 10 * x, 10*x + 4 + b/4 })
	c = Compare(few)
	require.Equal(t, "B is better in every quantile shown.", c.QuantileSentence())
	require.Equal(t, 1.0, c.PBetter.Value)
	require.Equal(t, NoDominance, c.Dominance, "not shown is not shown to be neither")
}

// Pairs that share a draw of the inputs are alike: quantiles, the chance to be
// better and dominance count draws and not pairs. As independent ones the same
// pairs would cover in 60 to 80% of studies.
func TestPairsOfOneDrawAreAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	const draws, seeds, studies = 100, 8, 1000
	nested := func(direction plan.Direction, draw func() func() (a, b float64)) Sides {
		s := Sides{Column: won, Ties: Ties{SeedsPerDraw: seeds}}
		s.Column.Direction = direction
		for range draws {
			pair := draw()
			for range seeds {
				a, b := pair()
				s.Over[0], s.Over[1] = append(s.Over[0], a), append(s.Over[1], b)
			}
		}
		return s
	}
	covered := map[string]int{}
	see := func(name string, e Estimate, truth float64) {
		if e.Low <= truth && truth <= e.High {
			covered[name]++
		}
	}
	for range studies {
		s := nested(plan.Neither, func() func() (a, b float64) {
			input, change := r.NormFloat64(), r.NormFloat64()
			return func() (a, b float64) {
				x := input + r.NormFloat64()
				return x, x + change + r.NormFloat64()/2
			}
		})
		c := Compare(s)
		see("median", c.Quantiles[2].A, 0)
		see("5%", c.Quantiles[0].A, -1.6448536269514722*math.Sqrt2)
		see("better", *betterShare(s.Over[0], s.Over[1], plan.More, seeds), 0.5)
	}
	for name, k := range covered {
		require.InDelta(t, 0.95, float64(k)/studies, 0.02+2*math.Sqrt(0.95*0.05/studies), name)
	}
	require.Len(t, covered, 3)
	dominates := 0
	for range 100 {
		c := Compare(nested(plan.More, func() func() (a, b float64) {
			one, two := r.NormFloat64(), r.NormFloat64()
			return func() (a, b float64) { return one + r.NormFloat64()/2, two + r.NormFloat64()/2 }
		}))
		if c.Dominance != NoDominance {
			dominates++
		}
	}
	require.LessOrEqual(t, dominates, 1, "plans of one law")
	s := nested(plan.More, func() func() (a, b float64) { return func() (a, b float64) { return 1, 2 } })
	require.Equal(t, Chance(draws, draws).Low, betterShare(s.Over[0], s.Over[1], plan.More, seeds).Low, "all pairs say no more than all draws")
}

// A relative difference has the sign of the difference, and none where its base is
// negative or may be 0.
func TestARelativeDifferenceNeedsABaseAboveZero(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for base, there := range map[float64]bool{100: true, -100: false, 0: false, 0.1: false} {
		c := Compare(sides(40, r, func(x, _, b float64) (float64, float64) { return base + x, base - 5 + x + b }))
		require.Equal(t, there, !math.IsNaN(c.Relative.Value), base)
		require.Negative(t, c.Difference.Value)
		if there {
			require.Negative(t, c.Relative.Value)
		}
	}
}

// What is the same in every pair but for rounding has no error.
func TestRoundingIsNoError(t *testing.T) {
	s := Sides{Column: won}
	for i := range 40 {
		x := 477_652 * (1 + 1e-15*float64(i%3))
		s.Over[0], s.Over[1] = append(s.Over[0], x), append(s.Over[1], 2*x)
	}
	c := Compare(s)
	require.Zero(t, c.A.Error)
	require.Zero(t, c.Difference.Error)
	require.Equal(t, c.Difference.Value, c.Difference.High)
	require.Zero(t, c.Relative.Error)
}

// Ratios are ratios of totals, their difference too.
func TestRatiosAreComparedByTotals(t *testing.T) {
	s := Sides{Column: plan.Column{Name: "cac", Over: "cost", Under: "won", Direction: plan.Less},
		Over:  [2][]float64{{10, 30}, {10, 20}},
		Under: [2][]float64{{1, 3}, {0, 5}}}
	c := Compare(s)
	require.Equal(t, 10.0, c.A.Value)
	require.Equal(t, 6.0, c.B.Value)
	require.InDelta(t, -4, c.Difference.Value, 1e-12)
	require.InDelta(t, -0.4, c.Relative.Value, 1e-12)
	require.Equal(t, 1, c.PBetter.N, "the pair without customers has no ratio")
}

// The number of pairs that would show a difference follows from the paired error.
func TestPairsForADifference(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	c := Compare(sides(4000, r, func(x, _, b float64) (float64, float64) { return 100 + x, 100 + x + 2*b }))
	n := c.PairsFor(1)
	require.InDelta(t, math.Pow(2*(1.96+0.8416), 2), float64(n), 3)
}

// A change is told as a part of its base only where the base is a number to stand on: above its own margin of error, and
// not small beside the change.
func TestARelativeChangeNeedsABaseOfItsSize(t *testing.T) {
	base := func(value, half float64) Estimate {
		return Estimate{Value: value, Low: value - half, High: value + half, N: 60}
	}
	known := func(b Estimate, change float64) bool { return RelativeTo(b, Estimate{Value: change, N: 60}).Known() }
	require.True(t, known(base(10, 1), 3))
	require.True(t, known(base(10, 1), -1))
	require.False(t, known(base(10, 1), 6.62), "+662% of a small base")
	require.False(t, known(base(10, 1), -3.5), "from a gain to a loss of more than twice its size")
	require.False(t, known(base(10, 11), 0.2), "a base that may be nothing")
	require.False(t, known(base(-10, 1), 0.2), "a loss has no parts")
	require.False(t, known(Missing(60, "none"), 0.2))
}
