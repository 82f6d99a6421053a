// Package clock reads processor time, and gives the unit in which the cost of a replication is stated.
package clock

import "windfall/model/rng"

// Sink keeps the compiler from leaving the measured calls out.
var Sink uint64

// Hash is the time of one call of rng.Mix, in nanoseconds of the calling thread: the unit in which
// docs/performance.md states the cost of a replication, since both speed up and slow down with the machine.
// Each result is added to a number in memory. Without that a call would take two thirds of the time; whoever
// changes this loop changes the unit.
func Hash() float64 {
	const many = 4000
	begin := Thread()
	for i := range uint64(many) {
		Sink += rng.Mix(i * 0x9e3779b97f4a7c15)
	}
	return (Thread() - begin) / many
}
