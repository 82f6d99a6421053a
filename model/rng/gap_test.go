package rng

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGapIsTheExponentialOfItsUniform(t *testing.T) {
	last := 0.0
	for u := uint64(0); u < 1<<32; u += 9973 {
		want := -math.Log1p(-(float64(u) + 0.5) / (1 << 32))
		got := Gap(uint32(u))
		require.InDelta(t, want, got, 2e-12, "u = %d", u)
		require.GreaterOrEqual(t, got, last-2e-12)
		last = got
	}
	require.InDelta(t, 33*math.Ln2, Gap(math.MaxUint32), 2e-12)
}

// A process followed with others comes to the points that its gaps say, and its
// stream has the words of the key at their addresses.
func TestProcessesComeToTheirPoints(t *testing.T) {
	const purpose = 40
	all := make([]Process, 30)
	list, low := make([]uint32, len(all)), make([]uint32, len(all))
	ticks := make([]uint32, len(all))
	for q := range all {
		key := Root(3, q)
		ticks[q] = uint32(q) * 1000
		all[q] = Process{key.Stream(purpose), float64(10 + q), ticks[q], ticks[q] + 100}
		list[q] = uint32(q)
	}
	n, ended := len(list), 0
	for round := uint64(0); n > 0; round++ {
		was := append([]uint32(nil), list[:n]...)
		n = NextPoints(all, list[:n], low[:n])
		kept := 0
		for _, q := range was {
			key := Root(3, int(q))
			word := key.Word(purpose + round<<32)
			ticks[q] += uint32(Gap(uint32(word>>32)) * all[q].Scale)
			require.Equal(t, min(ticks[q], all[q].Stop), all[q].Tick, "at the point, or where it stops")
			require.Equal(t, key.Stream(purpose).At(round), all[q].Stream)
			require.Equal(t, key.Unit(purpose+7+round<<32), all[q].Stream.Beside(7))
			if ticks[q] >= all[q].Stop {
				ended++
				continue
			}
			require.Equal(t, []uint32{q, uint32(word)}, []uint32{list[kept], low[kept]})
			kept++
		}
		require.Equal(t, kept, n)
	}
	require.Equal(t, len(all), ended)
}
