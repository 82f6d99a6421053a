package main

import (
	"fmt"
	"math"

	"windfall/bench/clock"
	"windfall/model/rng"
)

// functions compares the portable functions of the value path, whose bits are the
// same on every machine, with those of package math.
func (b *bench) functions() error {
	b.part("portable functions against package math")
	for _, f := range []struct {
		name       string
		ours, math func(x float64) float64
	}{
		{"exp", rng.Exp, math.Exp},
		{"log", rng.Log, math.Log},
		{"log1p", rng.Log1p, math.Log1p},
		{"expm1", rng.Expm1, math.Expm1},
		{"pow", func(x float64) float64 { return rng.Pow(x, 0.8) }, func(x float64) float64 { return math.Pow(x, 0.8) }},
	} {
		ours, theirs := b.call(f.ours), b.call(f.math)
		b.add("  "+f.name, fmt.Sprintf("%.1f ns", ours), fmt.Sprintf("%.2f x", ours/theirs), "")
	}
	return nil
}

// call measures a function of one number, in nanoseconds.
func (b *bench) call(f func(x float64) float64) float64 {
	const n = 1 << 20
	var ns []float64
	for range 2*b.rounds + 1 {
		begin := clock.CPU()
		for i := range n {
			SinkFloat += f(float64(i&1023)*0.01 + 0.1)
		}
		ns = append(ns, float64((clock.CPU()-begin).Nanoseconds())/n)
	}
	return median(ns)
}
