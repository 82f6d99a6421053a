package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The alias tables draw each subset of six channels, and so each channel, with
// its chance: within 2^-19 for a subset, 2^-18 for a channel, and exactly where
// the chance is 0 or 1.
func TestReachTablesHaveTheirChances(t *testing.T) {
	t.Parallel()
	for _, reach := range [][]float64{
		{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, {1, 0, 1, 0.3, 0.001, 0.9}, {0.03, 0.02, 0.01, 0.05, 0.011, 0.07},
		{0.99, 0.98, 0.97, 0.96, 0.95, 0.94}, {0.013, 0.21, 0.77, 0.34, 0.98, 0.123}, {0.001}, {1, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 0, 0}, {1e-5, 1e-4}, {},
	} {
		var words []uint64
		for _, x := range reach {
			words = append(words, uint64(x*threshold32))
		}
		var table aliases
		table.fill(words)
		var drawn [1 << perSpan]float64
		for own, entry := range table {
			keep := float64(entry>>perSpan) / (1 << 15)
			drawn[own] += keep / (1 << perSpan)
			drawn[entry&(1<<perSpan-1)] += (1 - keep) / (1 << perSpan)
		}
		var of [perSpan]float64
		for set, p := range drawn {
			want := 1.0
			for i := range perSpan {
				x := 0.0
				if i < len(reach) {
					x = reach[i]
				}
				if set>>i&1 == 1 {
					want *= x
					of[i] += p
				} else {
					want *= 1 - x
				}
			}
			require.InDelta(t, want, p, 0x1p-19, "%v, subset %b", reach, set)
			if want == 0 {
				require.Zero(t, p, "%v, subset %b", reach, set)
			}
		}
		for i, x := range reach {
			require.InDelta(t, x, of[i], 0x1p-18, "%v, channel %d", reach, i)
			if x == math.Trunc(x) {
				require.Equal(t, x, of[i], "%v, channel %d", reach, i)
			}
		}
	}
}
