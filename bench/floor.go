package main

import (
	"fmt"

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
	kinds, channels := 0.0, 0.0
	for _, t := range e.plan.Triggers {
		if t.Enabled {
			kinds++
		}
	}
	for _, c := range e.plan.Channels {
		if c.Enabled {
			channels++
		}
	}
	const (
		proposals = 2.5 // trigger proposals a journey: the layer over the felt rate, all firms over the dormant
		points    = 1.4 // touch proposals a touch: the ceiling over the rate, through the seasons
	)
	key := rng.Root(1, 0)
	gamma := rng.NewGamma(6, 0.8)
	pareto := rng.NewPareto(5, 19, 1.06)
	poisson := rng.NewPoissonTable(20)
	variates := []*variate{
		// Words: a proposal's slot and level; a journey's address, time, visibility,
		// death and lock; one word a journey and channel for the reach; a touch
		// proposal's level and gap; a touch that is judged; what a lead, an
		// opportunity and a customer decide by one uniform.
		{name: "words", count: journeys*(proposals+5+channels) + touches*(points+1) + 4*leads + 2*opportunities + 2*won + 3*opening, draw: func(n int) {
			for i := range n {
				SinkWord += key.Word(uint64(i))
			}
		}},
		{name: "Poisson counts", count: cells * kinds * e.weeks(), draw: func(n int) {
			for i := range n {
				SinkWord += uint64(poisson.Draw(key.Unit(uint64(i))))
			}
		}},
		// The gaps between touch proposals; service, churn and death.
		{name: "exponentials", count: touches*points + opportunities + 2*(won+opening), draw: func(n int) {
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
		{name: "head-counts (Pareto)", count: leads + opening, draw: func(n int) {
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
