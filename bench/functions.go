package main

import (
	"math"

	"windfall/bench/draws"
	"windfall/model/rng"
)

// functions compares the portable functions of the value path, whose bits are the
// same on every machine, with those of package math.
func (b *bench) functions() error {
	b.part("portable functions over those of package math")
	for _, f := range []struct {
		name       string
		ours, math func(x float64) float64
	}{
		{"exp", rng.Exp, math.Exp},
		{"log", rng.Log, math.Log},
		{"log1p", rng.Log1p, math.Log1p},
		{"expm1", rng.Expm1, math.Expm1},
		{"pow", func(x float64) float64 { return rng.Pow(x, 0.8) }, func(x float64) float64 { return math.Pow(x, 0.8) }},
		{"fast exp", rng.FastExp, math.Exp},
		{"fast log", rng.FastLog, math.Log},
		{"fast pow", func(x float64) float64 { return rng.FastPow(x, 0.8) },
			func(x float64) float64 { return math.Pow(x, 0.8) }},
	} {
		cost := func(g func(x float64) float64) float64 {
			return b.call(func(n int) {
				var sum float64
				for i := range n {
					sum += g(float64(i&1023)*0.01 + 0.1)
				}
				draws.SinkFloat += sum
			})
		}
		ours := cost(f.ours)
		b.add(f.name, "%.2f (%.1f ns)", ours/cost(f.math), ours)
	}
	return nil
}
