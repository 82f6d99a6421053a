package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A sheet keeps every number with its interval, and a missing one as nothing.
func TestSheetsKeepNumbersWithTheirIntervals(t *testing.T) {
	s := page.NewSheet("plans", "Plans", "plan", "#won", "#saved")
	s.Row("A", page.With(words.Plain, analysis.Estimate{Value: 412, Low: 397, High: 427}), page.Num("12.0 x", 12))
	s.Row("B, too", page.With(words.Plain, analysis.Estimate{Value: 3, Low: math.NaN(), High: math.Inf(1)}),
		page.Words("identical"))
	dir := t.TempDir()
	folder, _, err := store.Take(dir, "test", false, new(any))
	require.NoError(t, err)
	require.NoError(t, writeSheet(folder, s, result.CSV))
	text, err := os.ReadFile(filepath.Join(dir, "plans.csv"))
	require.NoError(t, err)
	assert.Equal(t, "plan,won,won_low,won_high,saved\nA,412,397,427,12\n\"B, too\",3,,,\n", string(text))
	require.NoError(t, writeSheet(folder, s, result.Parquet))
	assert.FileExists(t, filepath.Join(dir, "plans.parquet"))
	assert.Equal(t, "412 ± 15", s.Rows[0][1].Text)
	assert.Equal(t, 2, s.Printed(false))
	s.Shown = 1
	assert.Equal(t, 1, s.Printed(false))
	assert.Equal(t, 2, s.Printed(true))
}
