package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The table marks by itself what misses its bound.
func TestBound(t *testing.T) {
	t.Parallel()
	require.Equal(t, "at most 1.2", atMost(1.2).says(1.2))
	require.Equal(t, "at most 1.2: missed", atMost(1.2).says(1.21))
	require.Equal(t, "at most 0", atMost(0).says(0))
	require.Equal(t, "at least 1.9", atLeast(1.9).says(1.9))
	require.Equal(t, "at least 1.9: missed", atLeast(1.9).says(1.89))
	require.Equal(t, "at most 1: missed", atMost(1).says(math.NaN()))
	require.Empty(t, bound{}.says(5))
}
