// Package draws holds the random draws of a full-size replication in loops of nothing else. It needs nothing
// of the system, so it runs as WebAssembly too.
package draws

import "windfall/model/rng"

// Variate is a kind of draw: how many millions a full-size replication makes, and the cost of some.
type Variate struct {
	Name  string
	Count float64
	Draw  func(n int)
}

// Sinks keep the compiler from leaving the measured draws out.
var (
	SinkFloat float64
	SinkWord  uint64
)

// All lists the draws of a replication of phone-system. The counts are those of counters put into package
// rng for that purpose; a change of what the engine draws needs new ones.
func All() []Variate {
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
	return []Variate{
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
}
