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
