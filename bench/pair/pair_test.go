package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The meter builds, runs the engine of this working tree against itself, and takes the time of every stage of both.
func TestPair(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("builds the engine twice: with WINDFALL_VERIFY=1, as make test does")
	}
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, pair(&out, ".", []string{"-json", "-n", "2", "town"}))
	var r struct {
		Ratio  float64
		Hashes float64 `json:"new_million_hashes"`
		OldBy  map[string]float64
		NewBy  map[string]float64
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &r))
	require.InDelta(t, 1, r.Ratio, 0.5)
	require.Greater(t, r.Hashes, 0.1)
	require.Len(t, r.NewBy, 11)
	for stage, ms := range r.NewBy {
		require.Positive(t, ms, stage)
		require.Positive(t, r.OldBy[stage], stage)
	}
}
