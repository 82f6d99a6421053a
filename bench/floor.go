package main

import (
	"windfall/bench/clock"
	"windfall/bench/draws"
)

// floor compares the full-size replication with the cost of its random draws alone: their unit costs,
// measured here in loops of nothing else, times their counts.
func (b *bench) floor() error {
	engine, err := b.fullSize()
	if err != nil {
		return err
	}
	b.part("floor: the random draws of that replication alone")
	total, before := 0.0, hash()
	for _, v := range draws.All() {
		ns := b.call(v.Draw)
		total += v.Count * ns
		b.add(v.Name, "%.1f ms (%.2f million x %.1f ns)", v.Count*ns, v.Count, ns)
	}
	hashes := total / (before + hash()) * 2
	b.judge("the replication over its draws, in hashes", engine.hashes/hashes, atMost(6), atMost(4),
		"%.1f (%.0f million over %.0f million)", engine.hashes, hashes)
	return nil
}

// drawsAlone is the time of those draws, in milliseconds.
func (b *bench) drawsAlone() (ms float64) {
	for _, v := range draws.All() {
		ms += v.Count * b.call(v.Draw)
	}
	return ms
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
