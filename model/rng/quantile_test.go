package rng_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/mathext"

	"windfall/model/rng"
	"windfall/model/rng/internal/exact"
)

// poissonBelow is the exact chance that a Poisson variable of a mean is at most k, and that of k.
func poissonBelow(mean float64, k int) (below, chance *big.Float) {
	chance = exact.Exp(exact.Num(-mean))
	below = new(big.Float).Copy(chance)
	for i := 1; i <= k; i++ {
		chance = exact.Quo(exact.Mul(chance, exact.Num(mean)), exact.Num(float64(i)))
		below = exact.Add(below, chance)
	}
	return below, chance
}

// binomialBelow is the exact chance that a binomial variable is at most k, and that of k.
func binomialBelow(n int, p float64, k int) (below, chance *big.Float) {
	q := exact.Sub(exact.Num(1), exact.Num(p))
	odds := exact.Quo(exact.Num(p), q)
	chance = exact.Num(1)
	for i, power := n, q; i > 0; i, power = i/2, exact.Mul(power, power) {
		if i%2 == 1 {
			chance = exact.Mul(chance, power)
		}
	}
	below = new(big.Float).Copy(chance)
	for i := 1; i <= k; i++ {
		chance = exact.Mul(chance, exact.Mul(odds, exact.Quo(exact.Num(float64(n-i+1)), exact.Num(float64(i)))))
		below = exact.Add(below, chance)
	}
	return below, chance
}

// chances are the p at which quantiles are held to the exact law: both tails and the middle.
func chances(u *uniforms, n int) []float64 {
	p := []float64{1e-300, 1e-100, 1e-20, 1e-9, 1e-4, 0.01, 0.3, 0.5, math.Nextafter(0.5, 1), 0.7, 0.99, 1 - 1e-9, 1 - 0x1p-53}
	for i := 0; i < n; i++ {
		p = append(p, u.between(0, 1))
	}
	return p
}

// TestGammaQuantileAgainstExactArithmetic uses whole shapes n, for which the chance above x is
// that of fewer than n Poisson events of mean x. The error of x follows from that of its chance.
func TestGammaQuantileAgainstExactArithmetic(t *testing.T) {
	u := arguments("GammaQuantile")
	worst := 0.0
	for _, shape := range []int{1, 2, 3, 10, 57, 400} {
		for _, p := range chances(u, 5) {
			x := rng.GammaQuantile(float64(shape), p)
			above, chance := poissonBelow(x, shape-1)
			off := exact.Sub(exact.Sub(exact.Num(1), above), exact.Num(p))
			if p < 1e-15 { // The complement has too few digits: sum the lower tail itself.
				_, chance := poissonBelow(x, shape)
				sum := exact.Num(0)
				for i := shape; chance.Cmp(exact.Mul(exact.Num(p), exact.Num(1e-40))) > 0; i++ {
					sum = exact.Add(sum, chance)
					chance = exact.Quo(exact.Mul(chance, exact.Num(x)), exact.Num(float64(i+1)))
				}
				off = exact.Sub(sum, exact.Num(p))
			}
			density := exact.Mul(chance, exact.Num(x)) // x times the density is x chance(n-1).
			e := math.Abs(exact.Float64(exact.Quo(off, density)))
			worst = max(worst, e)
			assert.LessOrEqual(t, e, 1e-13, "GammaQuantile(%v, %v) = %v", shape, p, x)
		}
	}
	t.Logf("largest relative error %.3g", worst)
}

// TestBetaQuantileAgainstExactArithmetic uses whole a and b, for which the chance below x is that of
// at least a successes in a+b-1 trials.
func TestBetaQuantileAgainstExactArithmetic(t *testing.T) {
	u := arguments("BetaQuantile")
	worst := 0.0
	for _, law := range [][2]int{{1, 1}, {1, 4}, {4, 1}, {2, 3}, {17, 5}, {3, 400}, {300, 250}} {
		a, b := law[0], law[1]
		for _, p := range chances(u, 5)[3:] {
			x := rng.BetaQuantile(float64(a), float64(b), p)
			if x == 1 {
				continue
			}
			below, _ := binomialBelow(a+b-1, x, a-1)
			off := exact.Sub(exact.Sub(exact.Num(1), below), exact.Num(p))
			// x (1-x) times the density is a chance(a of a+b-1) (1-x).
			_, chance := binomialBelow(a+b-1, x, a)
			density := exact.Mul(exact.Mul(exact.Num(float64(a)), chance), exact.Sub(exact.Num(1), exact.Num(x)))
			e := math.Abs(exact.Float64(exact.Quo(off, density)))
			// An x next to 1 is as near as a float64 can be.
			bound := 1e-13 + 0x1p-52/(1-x)
			worst = max(worst, e/bound*1e-13)
			assert.LessOrEqual(t, e, bound, "BetaQuantile(%v, %v, %v) = %v", a, b, p, x)
		}
	}
	t.Logf("largest relative error %.3g", worst)
}

func TestQuantilesOfAnyShapeAgainstGonum(t *testing.T) {
	u := arguments("gonum quantiles")
	for i := 0; i < sampleSize(2000); i++ {
		shape := math.Abs(u.signedPower(-6, 14))
		p := u.between(0, 1)
		x := rng.GammaQuantile(shape, p)
		assert.InEpsilon(t, p, mathext.GammaIncReg(shape, x), 1e-8, "GammaQuantile(%v, %v) = %v", shape, p, x)

		a, b := math.Abs(u.signedPower(-4, 10)), math.Abs(u.signedPower(-4, 10))
		x = rng.BetaQuantile(a, b, p)
		if x > 1e-300 && 1-x > 1e-5 {
			assert.InEpsilon(t, p, mathext.RegIncBeta(a, b, x), 1e-8, "BetaQuantile(%v, %v, %v) = %v", a, b, p, x)
		}
	}
}

// TestQuantilesAtTheirLimits asks for laws so narrow, wide or skewed that a search could get lost.
func TestQuantilesAtTheirLimits(t *testing.T) {
	shapes := []float64{1e-5, 1e-3, 0.02, 0.3, 0.9, 1, 1.1, 7, 100, 1e4, 1e6, 1e9, 1e11}
	for _, shape := range shapes {
		last := 0.0
		for _, p := range []float64{0, 1e-300, 1e-17, 1e-5, 0.1, 0.4, 0.5, 0.6, 0.9, 1 - 1e-5, 1 - 0x1p-53, 1} {
			x := rng.GammaQuantile(shape, p)
			assert.GreaterOrEqual(t, x, last, "GammaQuantile(%v, %v)", shape, p)
			last = x
		}
		assert.InDelta(t, 1, rng.GammaQuantile(shape, 0.5)/shape, 1+1/shape, "median of shape %v", shape)
		for _, b := range shapes {
			if max(shape, b) > 1e6 {
				continue
			}
			last = 0
			for _, p := range []float64{0, 1e-300, 1e-17, 1e-5, 0.1, 0.4, 0.5, 0.6, 0.9, 1 - 1e-5, 1 - 0x1p-53, 1} {
				x := rng.BetaQuantile(shape, b, p)
				assert.GreaterOrEqual(t, x, last, "BetaQuantile(%v, %v, %v)", shape, b, p)
				assert.LessOrEqual(t, x, 1.0, "BetaQuantile(%v, %v, %v)", shape, b, p)
				last = x
			}
		}
	}
	assert.InEpsilon(t, 1e6-1.0/3, rng.GammaQuantile(1e6, 0.5), 1e-12, "the median is shape - 1/3 + O(1/shape)")
	for _, bad := range [][2]float64{{0, 0.5}, {-1, 0.5}, {math.NaN(), 0.5}, {1, -0.1}, {1, 1.1}, {1, math.NaN()}} {
		assert.True(t, math.IsNaN(rng.GammaQuantile(bad[0], bad[1])), "%v", bad)
		assert.True(t, math.IsNaN(rng.BetaQuantile(bad[0], 2, bad[1])), "%v", bad)
		assert.True(t, math.IsNaN(rng.BetaQuantile(2, bad[0], bad[1])), "%v", bad)
	}
}
