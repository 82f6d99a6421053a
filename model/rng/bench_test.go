package rng_test

import (
	"fmt"
	"testing"

	"windfall/model/rng"
)

// Unit costs of the draws and functions that a replication is made of. Arguments vary, so that
// branches are as hard to predict as in a run.

var (
	floatSink float64
	intSink   int
	wordSink  uint64
)

// perDraw times a draw addressed by (key, purpose), a new purpose each time.
func perDraw(b *testing.B, draw func(k rng.Key, purpose uint64) float64) {
	k := rng.Root(1, 0)
	sum := 0.0
	for i := 0; i < b.N; i++ {
		sum += draw(k, uint64(i))
	}
	floatSink = sum
}

// perUniform times a function of 1024 uniforms that are at hand.
func perUniform(b *testing.B, f func(u float64) float64) {
	uniforms := make([]float64, 1024)
	for i := range uniforms {
		uniforms[i] = rng.Root(1, 0).Unit(uint64(i))
	}
	sum := 0.0
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		sum += f(uniforms[i&1023])
	}
	floatSink = sum
}

func BenchmarkWord(b *testing.B) {
	k := rng.Root(1, 0)
	sum := uint64(0)
	for i := 0; i < b.N; i++ {
		sum += k.Word(uint64(i))
	}
	wordSink = sum
}

func BenchmarkChild(b *testing.B) {
	k := rng.Root(1, 0)
	sum := rng.Key(0)
	for i := 0; i < b.N; i++ {
		sum += k.Child(uint64(i))
	}
	wordSink = uint64(sum)
}

func BenchmarkUnit(b *testing.B) {
	k := rng.Root(1, 0)
	sum := 0.0
	for i := 0; i < b.N; i++ {
		sum += k.Unit(uint64(i))
	}
	floatSink = sum
}

func BenchmarkLabel(b *testing.B) {
	sum := uint64(0)
	for i := 0; i < b.N; i++ {
		sum += rng.Label("paid-search")
	}
	wordSink = sum
}

func BenchmarkExponential(b *testing.B) {
	k := rng.Root(1, 0)
	sum := 0.0
	for i := 0; i < b.N; i++ {
		sum += rng.Exponential(k, uint64(i))
	}
	floatSink = sum
}

func BenchmarkExponentialFrom(b *testing.B) {
	k := rng.Root(1, 0)
	sum := 0.0
	for i := 0; i < b.N; i++ {
		sum += rng.ExponentialFrom(k.Word(uint64(i)), k, uint64(i))
	}
	floatSink = sum
}

func BenchmarkNormal(b *testing.B) {
	k := rng.Root(1, 0)
	sum := 0.0
	for i := 0; i < b.N; i++ {
		sum += rng.Normal(k, uint64(i))
	}
	floatSink = sum
}

func BenchmarkGammaSampler(b *testing.B) {
	for _, cv := range []float64{0.3, 0.8, 1, 1.5} {
		g := rng.NewGamma(8, cv)
		b.Run(fmt.Sprintf("cv=%v", cv), func(b *testing.B) { perDraw(b, g.Draw) })
	}
}

func BenchmarkGamma(b *testing.B) {
	perDraw(b, func(k rng.Key, purpose uint64) float64 { return rng.Gamma(2.5, k, purpose) })
}

func BenchmarkExponentialInv(b *testing.B) { perUniform(b, rng.ExponentialInv) }

func BenchmarkPoisson(b *testing.B) {
	for _, mean := range []float64{0.1, 1, 10, 31, 100, 4000, 1e7} {
		b.Run(fmt.Sprintf("mean=%v", mean), func(b *testing.B) {
			perUniform(b, func(u float64) float64 { return float64(rng.Poisson(mean, u)) })
		})
	}
}

func BenchmarkPoissonTable(b *testing.B) {
	for _, mean := range []float64{0.1, 1, 20, 1000} {
		table := rng.NewPoissonTable(mean)
		k := rng.Root(1, 0)
		b.Run(fmt.Sprintf("mean=%v", mean), func(b *testing.B) {
			sum := 0
			for i := 0; i < b.N; i++ {
				sum += table.Draw(k.Unit(uint64(i)))
			}
			intSink = sum
		})
	}
}

func BenchmarkPoissonTableReset(b *testing.B) {
	for _, mean := range []float64{1, 20, 1000} {
		b.Run(fmt.Sprintf("mean=%v", mean), func(b *testing.B) {
			table := rng.NewPoissonTable(mean)
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				table.Reset(mean + float64(i&1)*0.01)
			}
		})
	}
}

func BenchmarkBinomial(b *testing.B) {
	for _, law := range []struct {
		n int
		p float64
	}{{10, 0.3}, {2000, 0.0005}, {100, 0.5}, {1000, 0.05}, {100_000, 0.0005}, {100_000, 0.3}, {100_000_000, 0.3}} {
		b.Run(fmt.Sprintf("n=%d,p=%v", law.n, law.p), func(b *testing.B) {
			perUniform(b, func(u float64) float64 { return float64(rng.Binomial(law.n, law.p, u)) })
		})
	}
}

func BenchmarkPareto(b *testing.B) {
	law := rng.NewPareto(1, 5, 1.06)
	b.Run("law", func(b *testing.B) { perUniform(b, law.At) })
	b.Run("function", func(b *testing.B) {
		perUniform(b, func(u float64) float64 { return rng.Pareto(1, 5, 1.06, u) })
	})
}

func BenchmarkFunctions(b *testing.B) {
	for _, f := range []struct {
		name string
		of   func(float64) float64
	}{
		{"Exp", func(u float64) float64 { return rng.Exp(-8 * u) }},
		{"Exp2", func(u float64) float64 { return rng.Exp2(-8 * u) }},
		{"Expm1", func(u float64) float64 { return rng.Expm1(-8 * u) }},
		{"Log", rng.Log},
		{"Log1p", rng.Log1p},
		{"Pow", func(u float64) float64 { return rng.Pow(u, 1.7) }},
		{"LogGamma", func(u float64) float64 { return rng.LogGamma(20 * u) }},
		{"NormalQuantile", rng.NormalQuantile},
		{"NormalCDF", func(u float64) float64 { return rng.NormalCDF(8*u - 4) }},
		{"GammaQuantile", func(u float64) float64 { return rng.GammaQuantile(2.5, u) }},
		{"BetaQuantile", func(u float64) float64 { return rng.BetaQuantile(2.5, 4, u) }},
	} {
		b.Run(f.name, func(b *testing.B) { perUniform(b, f.of) })
	}
}

func BenchmarkFastExp2Neg(b *testing.B) {
	uniforms := make([]float64, 1024)
	for i := range uniforms {
		uniforms[i] = 8 * rng.Root(1, 0).Unit(uint64(i))
	}
	sum := 0.0
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		sum += rng.FastExp2Neg(uniforms[i&1023])
	}
	floatSink = sum
}

func BenchmarkHypercube(b *testing.B) {
	into := make([]float64, 50)
	for i := 0; i < b.N; i++ {
		rng.Hypercube(1, i, 7, 50, into)
	}
}
