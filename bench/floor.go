package main

import (
	"windfall/bench/clock"
	"windfall/model/rng"
)

// variate is a kind of draw: how many millions a full-size replication makes, and the cost of some.
type variate struct {
	name  string
	count float64
	draw  func(n int)
}

// Sinks keep the compiler from leaving the measured draws out.
var (
	SinkFloat float64
	SinkWord  uint64
)

// floor compares the full-size replication with the cost of its random draws alone: their unit costs,
// measured here in loops of nothing else, times their counts. The counts are those of counters put into
// package rng for that purpose, per replication of phone-system; a change of what the engine draws needs
// new ones.
func (b *bench) floor() error {
	engine, err := b.fullSize()
	if err != nil {
		return err
	}
	key := rng.Root(1, 0)
	var tables rng.GammaTables
	gamma := tables.Sampler(6, 0.8)
	law := rng.NewPareto(5, 20, 1.06)
	heads := rng.NewFloorTable(&law)
	poisson := rng.NewPoissonTable(20)
	processes, list, low := make([]rng.Process, 512), make([]uint32, 512), make([]uint32, 512)
	for i := range list { // none comes to its end
		processes[i] = rng.Process{Stream: key.Child(uint64(i)).Stream(0), Scale: 0.01, Stop: 1 << 31}
		list[i] = uint32(i)
	}
	variates := []variate{
		// Addresses, uniforms and levels that no sampler below takes.
		{"words", 25.0, func(n int) {
			var sum uint64
			for i := range n {
				sum += key.Word(uint64(i))
			}
			SinkWord += sum
		}},
		{"points of touch processes", 8.61, func(n int) {
			for ; n > 0; n -= len(list) {
				rng.NextPoints(processes, list, low)
			}
		}},
		// Windows, sales cycles, frailty.
		{"gammas", 5.81, func(n int) {
			var sum float64
			for i := range n {
				sum += gamma.Draw(key, uint64(i))
			}
			SinkFloat += sum
		}},
		// What a buyer needs, and what a lead is willing to pay.
		{"normals", 2.63, func(n int) {
			var sum float64
			for i := range n {
				sum += rng.Normal(key, uint64(i))
			}
			SinkFloat += sum
		}},
		// Service, churn and death.
		{"exponentials", 1.93, func(n int) {
			var sum float64
			for i := range n {
				sum += rng.Exponential(key, uint64(i))
			}
			SinkFloat += sum
		}},
		{"head-counts", 0.53, func(n int) {
			var sum float64
			for i := range n {
				sum += heads.At(key.Unit(uint64(i)))
			}
			SinkFloat += sum
		}},
		{"Poisson counts", 0.10, func(n int) {
			sum := 0
			for i := range n {
				sum += poisson.Draw(key.Unit(uint64(i)))
			}
			SinkFloat += float64(sum)
		}},
	}
	b.part("floor: the random draws of that replication alone")
	total, before := 0.0, hash()
	for _, v := range variates {
		ns := b.call(v.draw)
		total += v.count * ns
		b.add(v.name, "%.1f ms (%.2f million x %.1f ns)", v.count*ns, v.count, ns)
	}
	draws := total / (before + hash()) * 2
	b.judge("the replication over its draws, in hashes", engine.hashes/draws, atMost(6), atMost(4), "%.1f (%.0f million over %.0f million)", engine.hashes, draws)
	return nil
}

// call gives the cost of one of many calls, in nanoseconds of processor time.
func (b *bench) call(many func(n int)) float64 {
	const n = 1 << 20
	many(n)
	var ns []float64
	for range 2*b.rounds + 1 {
		begin := clock.CPU()
		many(n)
		ns = append(ns, float64((clock.CPU()-begin).Nanoseconds())/n)
	}
	return median(ns)
}
