package main

import (
	"fmt"
	"math"

	"windfall/bench/clock"
	"windfall/model/rng"
)

// variate is a kind of draw: how many a replication makes, and what one costs.
type variate struct {
	name  string
	count float64
	draw  func(n int)
	ns    float64
}

// Sinks keep the compiler from leaving the measured draws out.
var (
	SinkFloat float64
	SinkWord  uint64
)

// floor compares the replication with the cost of its random draws alone: their
// unit costs, measured here in loops of nothing else, times their counts. The
// counts follow from the outcomes of the replication and from how the engine
// draws (comments below); what they leave out only lowers the floor.
func (b *bench) floor() error {
	e := &b.engine
	journeys, touches := e.all(e.outcome("journeys")), e.all(e.outcome("touches"))
	leads, won := e.all(e.outcome("leads")), e.all(e.outcome("won"))
	opportunities := e.all(e.outcome("opportunities"))
	reached := e.all(e.outcome("reached"))
	opening := 0.0
	for _, n := range e.plan.Opening.Customers {
		opening += n
	}
	cells := float64(len(e.plan.Population.Sizes) * len(e.plan.Population.Industries) * len(e.plan.Population.Regions))
	kinds, reaches := 0.0, 0.0
	for _, t := range e.plan.Triggers {
		if t.Enabled {
			kinds++
		}
	}
	for _, c := range e.plan.Channels {
		if c.Enabled {
			reaches += 1.0 / 18 // one word draws the reach of eighteen channels
		}
	}
	// Counted in the engine: the outcomes do not tell them.
	const (
		proposals = 1.57 // trigger proposals a journey: the layer over the felt rate, the band over the dormant
		points    = 2.27 // touch proposals a touch: the one beyond each journey's end, the interval over the rate
	)
	key := rng.Root(1, 0)
	gamma := rng.NewGamma(6, 0.8)
	pareto := rng.NewPareto(5, 19, 1.06)
	poisson := rng.NewPoissonTable(20)
	variates := []*variate{
		// Words: a proposal's slot and level; a journey's address, its time with
		// death and lock, its visibility and its reach; a touch proposal's level and
		// gap; a touch that is judged; what an opportunity, a win and an opening
		// customer decide by one uniform.
		{name: "words", count: journeys*(proposals+3+math.Ceil(reaches)) + touches*(points+1) + opportunities + won + 4*opening, draw: func(n int) {
			for i := range n {
				SinkWord += key.Word(uint64(i))
			}
		}},
		{name: "Poisson counts", count: cells * kinds * e.weeks(), draw: func(n int) {
			for i := range n {
				SinkWord += uint64(poisson.Draw(key.Unit(uint64(i))))
			}
		}},
		// Between touch proposals, beside their words.
		{name: "gaps", count: touches * points, draw: func(n int) {
			for i := range n {
				SinkFloat += rng.Gap(uint32(i) * 0x9e3779b9)
			}
		}},
		// Service, churn and death.
		{name: "exponentials", count: opportunities + 2*(won+opening), draw: func(n int) {
			for i := range n {
				SinkFloat += rng.Exponential(key, uint64(i))
			}
		}},
		// Windows, sales cycles, frailty.
		{name: "gammas", count: journeys + opportunities + won + opening, draw: func(n int) {
			for i := range n {
				SinkFloat += gamma.Draw(key, uint64(i))
			}
		}},
		// What a journey needs, and what a lead is willing to pay.
		{name: "normals", count: reached + leads, draw: func(n int) {
			for i := range n {
				SinkFloat += rng.Normal(key, uint64(i))
			}
		}},
		{name: "head-counts (Pareto)", count: won + opening, draw: func(n int) {
			for i := range n {
				SinkFloat += pareto.At(key.Unit(uint64(i)))
			}
		}},
	}
	b.part("floor: the random draws of that replication alone")
	total := 0.0
	for _, v := range variates {
		b.time(v)
		total += v.count * v.ns / 1e6
		b.add("  "+v.name, fmt.Sprintf("%.2f million x %.1f ns", v.count/1e6, v.ns), fmt.Sprintf("%.1f ms", v.count*v.ns/1e6), "")
	}
	b.add("  all draws, and the replication over them", fmt.Sprintf("%.0f ms", total), fmt.Sprintf("%.1f x", e.ms/total), "at most 6, aim at 4")
	return nil
}

// time measures the cost of one draw.
func (b *bench) time(v *variate) {
	const n = 1 << 20
	v.draw(n)
	var ns []float64
	for range 2*b.rounds + 1 {
		begin := clock.CPU()
		v.draw(n)
		ns = append(ns, float64((clock.CPU()-begin).Nanoseconds())/n)
	}
	v.ns = median(ns)
}
