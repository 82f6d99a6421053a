package rng_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"windfall/model/rng"
	"windfall/model/rng/internal/exact"
)

// farOff is the p-value below which a comparison fails. Seeds are fixed, so a test that passes
// passes always; with some hundred comparisons the chance that an honest sampler failed when it
// was first tried was 1e-4.
const farOff = 1e-6

// kolmogorov is the p-value of the largest distance between the empirical and the true CDF.
func kolmogorov(sample []float64, cdf func(float64) float64) float64 {
	slices.Sort(sample)
	n := float64(len(sample))
	d := 0.0
	for i, x := range sample {
		f := cdf(x)
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	x := d * math.Sqrt(n)
	p := 0.0
	for k := 1.0; k < 50; k++ {
		p += 2 * math.Pow(-1, k-1) * math.Exp(-2*k*k*x*x)
	}
	if x < 0.2 {
		return 1
	}
	return p
}

// chiSquare is the p-value of counts against expected counts; cells are joined up to 10 expected.
func chiSquare(counts []int, expected []float64) float64 {
	statistic, cells := 0.0, 0
	count, want := 0.0, 0.0
	for i := range counts {
		count += float64(counts[i])
		want += expected[i]
		if want >= 10 || i == len(counts)-1 {
			if want > 0 {
				statistic += (count - want) * (count - want) / want
				cells++
			}
			count, want = 0, 0
		}
	}
	return distuv.ChiSquared{K: float64(cells - 1)}.Survival(statistic)
}

type continuous struct {
	name string
	draw func(k rng.Key, n uint64) float64
	cdf  func(x float64) float64
}

func continuousLaws() []continuous {
	laws := []continuous{
		{"exponential", rng.Exponential, distuv.Exponential{Rate: 1}.CDF},
		{"exponential by inversion", func(k rng.Key, n uint64) float64 { return rng.ExponentialInv(k.Unit(n)) },
			distuv.Exponential{Rate: 1}.CDF},
		{"normal", rng.Normal, distuv.UnitNormal.CDF},
		{"normal quantile", func(k rng.Key, n uint64) float64 { return rng.NormalQuantile(k.Unit(n)) },
			distuv.UnitNormal.CDF},
		{"lognormal", func(k rng.Key, n uint64) float64 { return rng.LogNormal(3, 0.5, rng.Normal(k, n)) },
			distuv.LogNormal{Mu: math.Log(3), Sigma: 0.5}.CDF},
		{"Pareto", func(k rng.Key, n uint64) float64 { return rng.Pareto(5, 10, 1.06, k.Unit(n)) },
			func(x float64) float64 { return (1 - math.Pow(5/x, 1.06)) / (1 - math.Pow(0.5, 1.06)) }},
		{"Pareto without end", func(k rng.Key, n uint64) float64 { return rng.Pareto(5, math.Inf(1), 1.06, k.Unit(n)) },
			distuv.Pareto{Xm: 5, Alpha: 1.06}.CDF},
		{"log-uniform", func(k rng.Key, n uint64) float64 { return rng.Pareto(5, 50, 0, k.Unit(n)) },
			func(x float64) float64 { return math.Log10(x / 5) }},
		{"uniform as Pareto", func(k rng.Key, n uint64) float64 { return rng.Pareto(5, 6, -1, k.Unit(n)) },
			func(x float64) float64 { return x - 5 }},
	}
	for _, shape := range []float64{0.02, 0.3, 0.9, 0.999, 1, 1.001, 1.5, 4, 50, 1e4} {
		laws = append(laws, continuous{fmt.Sprintf("gamma of shape %v", shape),
			func(k rng.Key, n uint64) float64 { return rng.Gamma(shape, k, n) },
			distuv.Gamma{Alpha: shape, Beta: 1}.CDF})
	}
	for _, cv := range []float64{0.01, 0.5, 1, 2.5} {
		g := rng.NewGamma(7, cv)
		laws = append(laws, continuous{fmt.Sprintf("gamma of mean 7 and cv %v", cv), g.Draw,
			distuv.Gamma{Alpha: 1 / (cv * cv), Beta: 1 / (7 * cv * cv)}.CDF})
	}
	return laws
}

// TestContinuousLawsAgainstGonum draws along purposes of one key and along children at one purpose.
func TestContinuousLawsAgainstGonum(t *testing.T) {
	n := sampleSize(30_000)
	sample := make([]float64, n)
	for _, law := range continuousLaws() {
		root := rng.Root(11, 0).Child(rng.Label(law.name))
		for i := range sample {
			sample[i] = law.draw(root, uint64(i))
		}
		assert.Greater(t, kolmogorov(sample, law.cdf), farOff, "%s along purposes", law.name)
		for i := range sample {
			sample[i] = law.draw(root.Child(uint64(i)), 3)
		}
		assert.Greater(t, kolmogorov(sample, law.cdf), farOff, "%s along children", law.name)
	}
}

// TestZigguratsInFineBins counts a million draws in 1000 bins of equal chance and, beyond the last
// of them, in bins of the tail: an error in one layer, wedge or tail shows.
func TestZigguratsInFineBins(t *testing.T) {
	n := sampleSize(1_000_000)
	for _, law := range []struct {
		name     string
		draw     func(k rng.Key, n uint64) float64
		quantile func(p float64) float64
	}{
		{"exponential", rng.Exponential, distuv.Exponential{Rate: 1}.Quantile},
		{"normal", rng.Normal, distuv.UnitNormal.Quantile},
		{"gamma", func(k rng.Key, n uint64) float64 { return rng.Gamma(2.5, k, n) },
			distuv.Gamma{Alpha: 2.5, Beta: 1}.Quantile},
	} {
		var edges, expected []float64
		below := 0.0
		for _, p := range []float64{1e-5, 1e-4, 3e-4} {
			edges, expected, below = append(edges, law.quantile(p)), append(expected, (p-below)*float64(n)), p
		}
		for p := 0.001; p < 0.9995; p += 0.001 {
			edges, expected, below = append(edges, law.quantile(p)), append(expected, (p-below)*float64(n)), p
		}
		for _, p := range []float64{1 - 3e-4, 1 - 1e-4, 1 - 1e-5} {
			edges, expected, below = append(edges, law.quantile(p)), append(expected, (p-below)*float64(n)), p
		}
		expected = append(expected, (1-below)*float64(n))
		counts := make([]int, len(expected))
		k := rng.Root(12, 0).Child(rng.Label(law.name))
		for i := 0; i < n; i++ {
			bin, _ := slices.BinarySearch(edges, law.draw(k, uint64(i)))
			counts[bin]++
		}
		p := chiSquare(counts, expected)
		t.Logf("%s: p = %.3f over %d bins", law.name, p, len(counts))
		assert.Greater(t, p, farOff, law.name)
	}
}

func TestGammaSamplerIsProportionalToItsMean(t *testing.T) {
	for _, cv := range []float64{0, 1e-9, 0.3, 1, 2} {
		one, many := rng.NewGamma(1, cv), rng.NewGamma(64, cv)
		for i := uint64(0); i < 100; i++ {
			k := rng.Root(13, 0)
			assert.Equal(t, 64*one.Draw(k, i), many.Draw(k, i))
			if cv < 1e-6 {
				assert.InDelta(t, 64, many.Draw(k, i), 64*7*cv)
			}
		}
	}
	var zero rng.GammaSampler
	assert.Zero(t, zero.Draw(1, 1))
	assert.Zero(t, rng.Gamma(0, 1, 1))
}

// probe asks a law for the k at uniforms just under and just above its exact F(k). The law's own
// sum may be off by the tolerance.
func probe(t *testing.T, draw func(u float64) int, below float64, k int, tolerance float64, name string) {
	t.Helper()
	if u := below * (1 - 0x1p-50) * (1 - tolerance); u > 0x1p-50 && u < 1-0x1p-50 {
		assert.LessOrEqual(t, draw(u-tolerance), k, "%s: k = %d, u = %v", name, k, u-tolerance)
	}
	if u := below + tolerance; u > 0x1p-50 && u < 1-0x1p-50 {
		assert.Greater(t, draw(u), k, "%s: k = %d, u = %v", name, k, u)
	}
}

// TestPoissonAgainstExactSums holds every step of F to 1e-14 (1e-13 for means above 1e5), below and
// above the seam at 32.
func TestPoissonAgainstExactSums(t *testing.T) {
	means := []float64{1e-9, 0.03, 1, 5.5, 20, 31.99, 32, 32.49, 32.51, 47.5, 100.7, 999.2, 20_000.6}
	if verifying {
		means = append(means, 1_000_000.3)
	}
	for _, mean := range means {
		name := fmt.Sprintf("Poisson of mean %v", mean)
		table := rng.NewPoissonTable(mean)
		tolerance := 1e-14
		if mean > 1e5 {
			tolerance = 1e-13
		}
		low := int(max(0, mean-9*math.Sqrt(mean)))
		high := int(mean + 9*math.Sqrt(mean) + 10)
		stride := max(1, (high-low)/200)
		sum, chance := exact.Num(0), exact.Exp(exact.Num(-mean))
		for k := 0; k <= high; k++ {
			if k > 0 {
				chance = exact.Quo(exact.Mul(chance, exact.Num(mean)), exact.Num(float64(k)))
			}
			sum = exact.Add(sum, chance)
			if k >= low && k%stride == 0 {
				probe(t, func(u float64) int { return rng.Poisson(mean, u) }, exact.Float64(sum), k, tolerance, name)
				probe(t, table.Draw, exact.Float64(sum), k, tolerance, name+" (table)")
			}
		}
	}
}

// TestBinomialAgainstExactSums does the same; its seam lies at a variance of 32.
func TestBinomialAgainstExactSums(t *testing.T) {
	for _, law := range []struct {
		n int
		p float64
	}{
		{1, 0.3}, {10, 0.5}, {7, 0.9}, {127, 0.5}, {128, 0.5}, {129, 0.5}, {129, 0.4999}, {129, 0.5001}, {200, 0.2},
		{200, 0.205}, {200, 0.8}, {1000, 0.0321}, {1000, 0.034}, {1000, 0.5}, {5000, 0.99}, {40_000, 0.25},
		{1_000_000, 0.00005}, {100_000_000, 5e-7}, {100_000_000, 0.00012}, {100_000_000, 1e-9},
	} {
		name := fmt.Sprintf("binomial of %d at %v", law.n, law.p)
		mean, sd := float64(law.n)*law.p, math.Sqrt(float64(law.n)*law.p*(1-law.p))
		low := int(max(0, mean-9*sd))
		high := int(min(float64(law.n)-1, mean+9*sd+10))
		stride := max(1, (high-low)/200)
		_, chance := binomialBelow(law.n, law.p, 0)
		odds := exact.Quo(exact.Num(law.p), exact.Sub(exact.Num(1), exact.Num(law.p)))
		sum := exact.Num(0)
		for k := 0; k <= high; k++ {
			if k > 0 {
				chance = exact.Mul(chance, exact.Mul(odds, exact.Quo(exact.Num(float64(law.n-k+1)), exact.Num(float64(k)))))
			}
			sum = exact.Add(sum, chance)
			if k >= low && k%stride == 0 {
				draw := func(u float64) int { return rng.Binomial(law.n, law.p, u) }
				probe(t, draw, exact.Float64(sum), k, 1e-14, name)
			}
		}
	}
}

// TestLargeCountsAgainstNormalLimits asks for the quantiles of counts in the millions, where the
// normal law with its first two Cornish-Fisher corrections is right within a hundredth.
func TestLargeCountsAgainstNormalLimits(t *testing.T) {
	corrected := func(mean, sd, skew, excess, u float64) float64 {
		z := distuv.UnitNormal.Quantile(u)
		w := z + skew*(z*z-1)/6 + excess*(z*z*z-3*z)/24 - skew*skew*(2*z*z*z-5*z)/36
		return mean + sd*w - 0.5 // The smallest whole number at or above this.
	}
	for _, u := range []float64{1e-9, 1e-6, 0.01, 0.31, 0.5, 0.77, 0.999, 1 - 1e-9} {
		for _, mean := range []float64{1e5, 1e6, 1e7} {
			want := corrected(mean, math.Sqrt(mean), 1/math.Sqrt(mean), 1/mean, u)
			assert.InDelta(t, want+0.5, float64(rng.Poisson(mean, u)), 0.52, "Poisson(%v, %v)", mean, u)
		}
		for _, p := range []float64{0.001, 0.2, 0.5, 0.7} {
			const n = 100_000_000
			v := n * p * (1 - p)
			want := corrected(n*p, math.Sqrt(v), (1-2*p)/math.Sqrt(v), (1-6*p*(1-p))/v, u)
			assert.InDelta(t, want+0.5, float64(rng.Binomial(n, p, u)), 0.52, "Binomial(%v, %v)", p, u)
		}
	}
}

func TestCountsAgainstGonum(t *testing.T) {
	n := sampleSize(50_000)
	k := rng.Root(14, 0)
	check := func(name string, draw func(u float64) int, chance func(x float64) float64, to int) {
		counts, expected := make([]int, to+1), make([]float64, to+1)
		rest := float64(n)
		for i := 0; i < to; i++ {
			expected[i] = float64(n) * chance(float64(i))
			rest -= expected[i]
		}
		expected[to] = max(rest, 0)
		for i := 0; i < n; i++ {
			counts[min(draw(k.Child(rng.Label(name)).Unit(uint64(i))), to)]++
		}
		assert.Greater(t, chiSquare(counts, expected), farOff, name)
	}
	for _, mean := range []float64{0.2, 3, 31, 33, 400} {
		check(fmt.Sprint("Poisson ", mean), func(u float64) int { return rng.Poisson(mean, u) },
			distuv.Poisson{Lambda: mean}.Prob, int(mean+5*math.Sqrt(mean)+3))
		check(fmt.Sprint("Poisson table ", mean), rng.NewPoissonTable(mean).Draw,
			distuv.Poisson{Lambda: mean}.Prob, int(mean+5*math.Sqrt(mean)+3))
	}
	for _, law := range []struct{ n, p float64 }{{10, 0.3}, {60, 0.9}, {300, 0.5}, {2000, 0.01}, {5000, 0.02}} {
		check(fmt.Sprint("binomial ", law), func(u float64) int { return rng.Binomial(int(law.n), law.p, u) },
			distuv.Binomial{N: law.n, P: law.p}.Prob, int(law.n))
	}
}

func TestCountsAtTheirEdges(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, u := range []float64{0x1p-53, 0.5, 1 - 0x1p-53} {
		for _, mean := range []float64{0, -1, nan} {
			assert.Zero(t, rng.Poisson(mean, u))
			assert.Zero(t, rng.NewPoissonTable(mean).Draw(u))
		}
		assert.Zero(t, rng.Binomial(0, 0.5, u))
		assert.Zero(t, rng.Binomial(-3, 0.5, u))
		assert.Zero(t, rng.Binomial(10, 0, u))
		assert.Zero(t, rng.Binomial(10, nan, u))
		assert.Equal(t, 10, rng.Binomial(10, 1, u))
		assert.Equal(t, 10, rng.Binomial(10, 1.5, u))
		assert.Equal(t, 1, rng.Binomial(1, 0.75, u)|1)
	}
	var zero rng.PoissonTable
	assert.Zero(t, zero.Draw(0.7))
	for _, mean := range []float64{0.5, 30, 40, 5000} {
		table := rng.NewPoissonTable(mean)
		for _, u := range []float64{-1, 0, 1e-300, 1e-20, 1, 2, inf, -inf, nan} {
			assert.Equal(t, rng.Poisson(mean, u), table.Draw(u), "mean %v, u %v", mean, u)
			assert.InDelta(t, mean, float64(table.Draw(u)), 10*math.Sqrt(mean)+20)
			k := rng.Binomial(100, 0.4, u)
			assert.True(t, k >= 0 && k <= 100)
		}
	}
}

func mean() *rapid.Generator[float64] {
	return rapid.Custom(func(t *rapid.T) float64 {
		return math.Exp(rapid.Float64Range(-10, 9).Draw(t, "log of the mean"))
	})
}

func unit() *rapid.Generator[float64] {
	return rapid.Map(rapid.Uint64(), rng.Unit)
}

func TestPoissonTableEqualsPoisson(t *testing.T) {
	table := new(rng.PoissonTable)
	rapid.Check(t, func(t *rapid.T) {
		m := mean().Draw(t, "mean")
		table.Reset(m)
		for i := 0; i < 20; i++ {
			u := unit().Draw(t, "u")
			if got, want := table.Draw(u), rng.Poisson(m, u); got != want {
				t.Fatalf("table of mean %v draws %d at %v, Poisson %d", m, got, u, want)
			}
		}
	})
}

// TestInversionsAreMonotone draws its arguments itself: a search for awkward ones would find the
// uniforms that lie within rounding of a step of F, for which a rise of the mean may not show.
func TestInversionsAreMonotone(t *testing.T) {
	args := arguments("monotone inversions")
	for i := 0; i < sampleSize(5000); i++ {
		u, v := args.between(0, 1), args.between(0, 1)
		u, v = min(u, v), max(u, v)
		near := math.Nextafter(u, 1)
		m := math.Exp(args.between(-5, 9))
		more := m * (1 + args.between(0, 0.2)*args.between(0, 1))
		require.LessOrEqual(t, rng.Poisson(m, u), rng.Poisson(m, v), "Poisson(%v, %v to %v)", m, u, v)
		require.LessOrEqual(t, rng.Poisson(m, u), rng.Poisson(m, near), "Poisson(%v, %v to %v)", m, u, near)
		require.LessOrEqual(t, rng.Poisson(m, u), rng.Poisson(more, u), "Poisson(%v to %v, %v)", m, more, u)

		n := int(math.Exp(args.between(0, 11)))
		p := args.between(0, 1)
		if i%2 == 0 {
			p *= p * p
		}
		q := min(1, p*(1+args.between(0, 0.2)*args.between(0, 1)))
		k := rng.Binomial(n, p, u)
		require.True(t, 0 <= k && k <= n, "Binomial(%v, %v, %v) = %v", n, p, u, k)
		require.LessOrEqual(t, k, rng.Binomial(n, p, v), "Binomial(%v, %v, %v to %v)", n, p, u, v)
		require.LessOrEqual(t, k, rng.Binomial(n, p, near), "Binomial(%v, %v, %v to %v)", n, p, u, near)
		require.LessOrEqual(t, k, rng.Binomial(n, q, u), "Binomial(%v, %v to %v, %v)", n, p, q, u)
		require.LessOrEqual(t, k, rng.Binomial(n+1, p, u), "Binomial(%v + 1, %v, %v)", n, p, u)

		a := args.between(-3, 3)
		x, y := rng.Pareto(5, 10, a, u), rng.Pareto(5, 10, a, v)
		require.True(t, x >= 5 && x <= y && y < 10, "Pareto of exponent %v: %v at %v, %v at %v", a, x, u, y, v)
		require.GreaterOrEqual(t, rng.ExponentialInv(u), rng.ExponentialInv(v))
		require.Positive(t, rng.ExponentialInv(v))
		require.LessOrEqual(t, rng.LogNormal(2, 0.4, rng.NormalQuantile(u)), rng.LogNormal(2, 0.4, rng.NormalQuantile(v)))
	}
}

// TestCountsNeverFallAcrossSeams walks the parameter through the places where the method changes.
func TestCountsNeverFallAcrossSeams(t *testing.T) {
	k := rng.Root(15, 0)
	for i := uint64(0); i < 3000; i++ {
		u := k.Unit(i)
		last := 0
		for _, m := range []float64{31.4, 31.49, 31.51, 31.99, 31.9999999, 32, 32.0000001, 32.01, 32.49, 32.5, 32.51, 33.1} {
			next := rng.Poisson(m, u)
			require.GreaterOrEqual(t, next, last, "Poisson(%v, %v)", m, u)
			last = next
		}
		last = 0
		for _, p := range []float64{0.199, 0.1999999, 0.2, 0.2000001, 0.2001, 0.3, 0.4, 0.499999, 0.5, 0.500001, 0.6, 0.8, 0.80001} {
			next := rng.Binomial(200, p, u)
			require.GreaterOrEqual(t, next, last, "Binomial(200, %v, %v)", p, u)
			last = next
		}
	}
}

func TestParetoKeepsItsRange(t *testing.T) {
	for _, a := range []float64{-2, 0, 1e-12, 1.06, 40} {
		law := rng.NewPareto(5, 10, a)
		for _, u := range []float64{0, 0x1p-53, 0.5, 1 - 0x1p-53, 1} {
			x := law.At(u)
			assert.True(t, x >= 5 && x < 10, "exponent %v: %v at %v", a, x, u)
			assert.Equal(t, x, rng.Pareto(5, 10, a, u))
		}
	}
	near, log := rng.NewPareto(5, 10, 1e-9), rng.NewPareto(5, 10, 0)
	assert.InEpsilon(t, log.At(0.3), near.At(0.3), 1e-8, "the exponent 0 is a limit, not an exception")
}

// Drawing for many keys gives the draws one by one, to the bit.
func TestEachIsTheSameAsOneByOne(t *testing.T) {
	keys := make([]rng.Key, 5000)
	for i := range keys {
		keys[i] = rng.Root(9, i)
	}
	out := make([]float64, len(keys))
	rng.Normals(keys, 4, out)
	for i, k := range keys {
		require.Equal(t, rng.Normal(k, 4), out[i])
	}
	var tables rng.GammaTables
	for _, cv := range []float64{0, 0.6, 1, 2} {
		g := tables.Sampler(3, cv)
		g.DrawEach(keys, 5, out)
		for i, k := range keys {
			require.Equal(t, g.Draw(k, 5), out[i])
		}
	}
	for i := range out {
		out[i] = float64(i-2500) * 0.37
	}
	rng.ExpEach(out)
	for i := range out {
		require.Equal(t, rng.Exp(float64(i-2500)*0.37), out[i])
	}
}
