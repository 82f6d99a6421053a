package analysis

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"windfall/model/plan"
)

func TestMeanOfIndependentReplications(t *testing.T) {
	x := []float64{2, 4, 4, 4, 5, 5, 7, 9, nan}
	e := Mean(x, Ties{})
	assert.Equal(t, 5.0, e.Value)
	assert.Equal(t, 8, e.N)
	assert.InDelta(t, stat.StdDev(x[:8], nil)/math.Sqrt(8), e.Error, 1e-12)
	assert.InDelta(t, 5-2.364624*e.Error, e.Low, 1e-5)
	assert.InDelta(t, 2.364624*e.Error, e.HalfWidth(), 1e-5)
}

// From 20 hypercubes on errors come from the spread between them, before from the
// spread between draws; replications of one draw are never taken apart.
func TestErrorsComeFromTwentyGroupsAtLeast(t *testing.T) {
	cubes := Ties{Cube: 10}
	for n, want := range map[int]int{1: 1, 99: 1, 100: 1, 190: 1, 191: 10, 200: 10, 201: 10, 2000: 10} {
		assert.Equal(t, want, cubes.Group(n), n)
		assert.Equal(t, 1, Ties{}.Group(n))
	}
	nested := Ties{SeedsPerDraw: 8, Cube: 10}
	assert.Equal(t, 8, nested.Group(99*8))
	assert.Equal(t, 80, nested.Group(200*8))
	assert.Equal(t, 20, nested.Groups(200*8))

	// 20 groups of two whose means are 1 and 3; the spread inside counts for nothing.
	var x []float64
	for g := range 20 {
		x = append(x, float64(1+2*(g%2))-100, float64(1+2*(g%2))+100)
	}
	e := Mean(x, Ties{SeedsPerDraw: 2})
	assert.Equal(t, 2.0, e.Value)
	assert.InDelta(t, math.Sqrt(1./19), e.Error, 1e-12)
	assert.InDelta(t, 2.093024*e.Error, e.HalfWidth(), 1e-5)
	assert.Equal(t, e, Mean(x, Ties{Cube: 2}))
	assert.Greater(t, Mean(x[:38], Ties{Cube: 2}).Error, 10.0) // 19: as draws
	// Missing values that leave 19 of them: the rest as draws.
	x[0], x[1] = nan, nan
	assert.Equal(t, Mean(x[2:], Ties{}), Mean(x, Ties{Cube: 2}))
	// A last, smaller group counts by its size: (2-3.6)^2 x 4, (3.6 x 1) ...
	e = Mean([]float64{2, 2, 5, 5, 4}, Ties{SeedsPerDraw: 2})
	assert.InDelta(t, 3.6, e.Value, 1e-12)
	want := math.Sqrt(3.0 / 2 * (math.Pow(4-7.2, 2) + math.Pow(10-7.2, 2) + math.Pow(4-3.6, 2)) / 25)
	assert.InDelta(t, want, e.Error, 1e-12)
}

// The jackknife weighs groups by their size: a last group of one replication has the
// part in the error that it has in that of the mean, whatever its value.
func TestJackknifeWeighsAPartialGroup(t *testing.T) {
	x := random(201, source(11).NormFloat64)
	mean := func(from, to int) float64 { return stat.Mean(slices.Concat(x[:from], x[to:]), nil) }
	for _, last := range []float64{0, 30} {
		x[200] = last
		assert.InDelta(t, Mean(x, Ties{SeedsPerDraw: 10}).Error, JackknifeBy(201, 10, mean).Error, 1e-12)
	}
}

func TestMeanOfLittle(t *testing.T) {
	assert.Equal(t, 0, Mean(nil, Ties{}).N)
	assert.True(t, math.IsNaN(Mean([]float64{nan, nan}, Ties{}).Value))
	one := Mean([]float64{3}, Ties{})
	assert.Equal(t, 3.0, one.Value)
	assert.True(t, math.IsNaN(one.Error) && math.IsNaN(one.Low))
	same := Mean([]float64{3, 3, 3, 3, 3, 3}, Ties{})
	assert.Equal(t, Estimate{Value: 3, Low: 3, High: 3, N: 6}, same)
}

func TestRatioJackknifeOfAMeanIsTheMean(t *testing.T) {
	r := source(2)
	x := random(40, r.NormFloat64)
	ones := random(40, func() float64 { return 1 })
	for _, ties := range []Ties{{}, {SeedsPerDraw: 5}, {SeedsPerDraw: 7}} {
		want, got := Mean(x, ties), Ratio(x, ones, 1, ties)
		assert.InDelta(t, want.Value, got.Value, 1e-12)
		assert.InDelta(t, want.Error, got.Error, 1e-12)
	}
}

// The variance of a ratio R of totals is, to first order, that of the sum of
// (x - R y) over the square of the total of y.
func TestRatioJackknifeAgreesWithTheClosedForm(t *testing.T) {
	r := source(3)
	y := random(4000, func() float64 { return 50 + 10*r.NormFloat64() })
	x := make([]float64, len(y))
	for i := range x {
		x[i] = 700*y[i] + 2000*r.NormFloat64()
	}
	e := Ratio(x, y, 0.5, Ties{})
	assert.InDelta(t, 0.5*stat.Mean(x, nil)/stat.Mean(y, nil), e.Value, 1e-9)
	rest := make([]float64, len(x))
	for i := range rest {
		rest[i] = 0.5*x[i] - e.Value*y[i]
	}
	assert.InEpsilon(t, stat.StdDev(rest, nil)/math.Sqrt(4000)/stat.Mean(y, nil), e.Error, 1e-3)
}

func TestRatioWithoutADenominatorIsMissing(t *testing.T) {
	e := Ratio([]float64{5, 5}, []float64{0, 0}, 1, Ties{})
	assert.True(t, math.IsNaN(e.Value) && math.IsNaN(e.Error))
	e = Ratio([]float64{5, 6, nan}, []float64{0, 2, 1}, 1, Ties{}) // the error rests on one replication
	assert.Equal(t, 5.5, e.Value)
	assert.True(t, math.IsNaN(e.Error))
	assert.Equal(t, 2, e.N)
}

func TestChanceIsWilsons(t *testing.T) {
	// Newcombe (1998), table I, Wilson score method without continuity correction.
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {29, 29, 0.8830, 1}} {
		e := Chance(c.k, c.n)
		assert.InDelta(t, c.low, e.Low, 5e-5)
		assert.InDelta(t, c.high, e.High, 5e-5)
	}
	assert.True(t, math.IsNaN(Chance(0, 0).Value))
	// With none of n the upper bound of Wilson is z²/(n+z²).
	z := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: 1e9}.Quantile(0.999)
	e := Chance999(0, 30)
	assert.InDelta(t, z*z/(30+z*z), e.High, 1e-7)
	assert.Zero(t, e.Low)
}

func TestStudentsQuantile(t *testing.T) {
	for df := 1; df < 400; df++ {
		want := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(0.975)
		assert.InDelta(t, want, t95(df), 5e-6, df)
	}
	assert.InDelta(t, Reach95, t95(1e9), 1e-8)
}

// coverage is the share of studies whose interval holds the truth.
func coverage(studies int, truth float64, study func() Estimate) float64 {
	hits := 0
	for range studies {
		if e := study(); e.Low <= truth && truth <= e.High {
			hits++
		}
	}
	return float64(hits) / float64(studies)
}

// The intervals hold the truth in about 95 of 100 studies: 2,000 studies tell
// 95% to about one point. Wilson's and the quantile's move in steps.
func TestIntervalsCoverTheTruth(t *testing.T) {
	r := source(4)
	const studies = 2000
	exponential := func(n int) []float64 { return random(n, r.ExpFloat64) }
	uncertain := func(n int) func() Estimate {
		return func() Estimate {
			x := hypercube(r, n, 10)
			for i, u := range x {
				x[i] = -math.Log1p(-u) + 0.2*r.NormFloat64()
			}
			return Mean(x, Ties{Cube: 10})
		}
	}
	// A chance that comes in some pairs and goes in others.
	change := func(n int, comes, goes float64) func() Estimate {
		return func() Estimate {
			a, b := make([]float64, n), make([]float64, n)
			for i := range a {
				switch u := r.Float64(); {
				case u < comes:
					b[i] = 1
				case u < comes+goes:
					a[i] = 1
				}
			}
			return ChanceChange(a, b, 1)
		}
	}
	for _, c := range []struct {
		name      string
		truth     float64
		study     func() Estimate
		low, high float64
	}{
		{"mean, 200 normal", 0, func() Estimate { return Mean(random(200, r.NormFloat64), Ties{}) }, 0.935, 0.965},
		{"mean, 200 exponential", 1, func() Estimate { return Mean(exponential(200), Ties{}) }, 0.925, 0.965},
		{"mean, 20 hypercubes", 1, uncertain(200), 0.93, 0.97},
		{"mean, 40 hypercubes and a part", 1, uncertain(405), 0.93, 0.97},
		{"mean, 10 hypercubes, as draws", 1, uncertain(100), 0.97, 1},
		{"ratio, 200", 1, func() Estimate { return Ratio(exponential(200), exponential(200), 1, Ties{}) }, 0.925, 0.965},
		{"median, 200", math.Ln2, func() Estimate { return sortedQuantile(exponential(200), 0.5) }, 0.93, 0.97},
		{"p10, 200", -math.Log(0.9), func() Estimate { return sortedQuantile(exponential(200), 0.1) }, 0.93, 0.97},
		{"p5, 75", -math.Log(0.95), func() Estimate { return sortedQuantile(exponential(75), 0.05) }, 0.93, 0.985},
		{"p25, 20", -math.Log(0.75), func() Estimate { return sortedQuantile(exponential(20), 0.25) }, 0.93, 0.985},
		{"p95, 79", -math.Log(0.05), func() Estimate { return sortedQuantile(exponential(79), 0.95) }, 0.93, 0.985},
		{"median, 12", math.Ln2, func() Estimate { return sortedQuantile(exponential(12), 0.5) }, 0.93, 0.985},
		{"p10, 40", -math.Log(0.9), func() Estimate { return sortedQuantile(exponential(40), 0.1) }, 0.93, 0.985},
		{"change of a rare chance", 0.01, change(100, 0.01, 0), 0.93, 1},
		{"change of a rare chance, both ways", 0.02, change(200, 0.03, 0.01), 0.93, 0.97},
		{"change of a chance", 0.1, change(200, 0.2, 0.1), 0.935, 0.965},
		{"p95, 500", -math.Log(0.05), func() Estimate { return sortedQuantile(exponential(500), 0.95) }, 0.93, 0.97},
		{"chance of 5% in 200", 0.05, func() Estimate {
			k := 0
			for range 200 {
				if r.Float64() < 0.05 {
					k++
				}
			}
			return Chance(k, 200)
		}, 0.92, 0.99},
	} {
		got := coverage(studies, c.truth, c.study)
		t.Logf("%-32s %.3f", c.name, got)
		assert.True(t, got >= c.low && got <= c.high, "%s: %.3f", c.name, got)
	}
}

func sortedQuantile(x []float64, p float64) Estimate {
	slices.Sort(x)
	return QuantileEstimate(x, p)
}

func TestEstimateSurvivesJSON(t *testing.T) {
	text, err := json.Marshal(Estimate{Value: 1.5, Error: nan, Low: math.Inf(-1), High: 2, N: 7})
	require.NoError(t, err)
	assert.Equal(t, `{"value":1.5,"error":null,"low":null,"high":2,"n":7}`, string(text))
	var e Estimate
	require.NoError(t, json.Unmarshal(text, &e))
	assert.True(t, e.Value == 1.5 && math.IsNaN(e.Error) && math.IsNaN(e.Low) && e.High == 2 && e.N == 7)

	// What lies beyond all numbers and what is missing stay apart, with the reason.
	for _, want := range []Estimate{{Value: never, Error: nan, Low: 20, High: never, N: 7, Reason: "they never pay back"}, Missing(7, "nobody was won")} {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		assert.Contains(t, string(text), `"value":null`)
		assert.Contains(t, string(text), want.Reason)
		var e Estimate
		require.NoError(t, json.Unmarshal(text, &e))
		assert.Equal(t, want.Never(), e.Never())
		assert.Equal(t, want.Reason, e.Reason)
	}
}

// A ratio of totals is never, missing or a number by the rule of its column; while
// a denominator of 0 is not ruled out, its interval has no upper end.
func TestRatiosOfTotalsThatMayBeNever(t *testing.T) {
	payback := &plan.Column{Name: "payback_months", Over: "cost", Under: "margin", Missing: "nobody was won", Never: "they never pay back"}
	costs := []float64{100, 110, 90, 100}
	e := RatioOf(payback, costs, []float64{-9, -10, -11, -10}, Ties{})
	assert.True(t, e.Never() && e.Low == never && e.High == never)
	assert.Equal(t, "they never pay back", e.Reason)
	e = RatioOf(payback, costs, []float64{30, -20, 20, -5}, Ties{})
	assert.Equal(t, 16.0, e.Value)
	assert.True(t, e.Low > 0 && e.Low < 16 && e.High == never, "%v to %v", e.Low, e.High)
	e = RatioOf(payback, costs, []float64{0, 0, 0, 0}, Ties{})
	assert.True(t, math.IsNaN(e.Value))
	assert.Equal(t, "nobody was won", e.Reason)
	assert.Equal(t, Ratio(costs, []float64{9, 10, 11, 10}, 1, Ties{}), RatioOf(payback, costs, []float64{9, 10, 11, 10}, Ties{}))
	// A mean over runs of which some lie beyond all numbers is none.
	ruin := &plan.Column{Name: "week_of_ruin", Never: "the vendor stays in business"}
	assert.Equal(t, "never in 25% of runs: the vendor stays in business", MeanOf(ruin, []float64{5, never, 7, 9}, Ties{}).Reason)
	assert.Equal(t, 7.0, MeanOf(ruin, []float64{5, nan, 7, 9}, Ties{}).Value)
	// They count in quantiles.
	sorted := []float64{5, 7, 9, never}
	assert.Equal(t, 8.0, Quantile(sorted, 0.5))
	assert.Equal(t, never, Quantile(sorted, 0.9))
	assert.Equal(t, 9.0, Quantile(sorted, 2.0/3))
	assert.Equal(t, never, Quantile([]float64{never, never}, 0.5))
}

// Where no pair differs a chance may still have changed, by as much as a share that
// was never seen may be.
func TestAChangeOfChanceThatNoPairShows(t *testing.T) {
	a := make([]float64, 100)
	e := ChanceChange(a, a, 1)
	assert.Zero(t, e.Value)
	assert.InDelta(t, Chance(0, 100).High, e.High, 1e-12)
	assert.Equal(t, -e.High, e.Low)
	assert.InDelta(t, 0.037, e.High, 0.001)
}

// At the ends of the interval of a change of chance the score is 1.96: the gap to what
// is seen, in errors of the shares that maximise the likelihood there, found on a grid.
func TestAChangeOfChanceHasTheIntervalOfItsScore(t *testing.T) {
	for _, c := range []struct{ n, comes, goes int }{{50, 12, 2}, {200, 10, 4}, {200, 1, 9}, {30, 10, 9}, {80, 5, 0}} {
		a, b := make([]float64, c.n), make([]float64, c.n)
		for i := range c.comes {
			b[i] = 1
		}
		for i := range c.goes {
			a[c.comes+i] = 1
		}
		e := ChanceChange(a, b, 1)
		n, comes, goes := float64(c.n), float64(c.comes), float64(c.goes)
		assert.InDelta(t, (comes-goes)/n, e.Value, 1e-12)
		for _, d := range []float64{e.Low, e.High} {
			down, best := 0.0, math.Inf(-1)
			for i := range 200_000 {
				q := (float64(i) + 0.5) / 200_000 // the share that goes
				if q+d <= 0 || 2*q+d >= 1 {
					continue
				}
				if like := comes*math.Log(q+d) + goes*math.Log(q) + (n-comes-goes)*math.Log(1-2*q-d); like > best {
					down, best = q, like
				}
			}
			score := (comes - goes - n*d) / math.Sqrt(n*(2*down+d-d*d))
			assert.InDelta(t, Reach95, math.Abs(score), 1e-3, "%v at %v", c, d)
		}
	}
}
