package decide

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
)

// A sheet keeps every number with its interval, and a missing one as nothing.
func TestSheetsKeepNumbersWithTheirIntervals(t *testing.T) {
	s := NewSheet("plans", "Plans", "plan", "#won", "#saved")
	s.Row("A", With(words.Plain, analysis.Estimate{Value: 412, Low: 397, High: 427}), report.Num("12.0 x", 12))
	s.Row("B, too", With(words.Plain, analysis.Estimate{Value: 3, Low: math.NaN(), High: math.Inf(1)}), report.Words("identical"))
	dir := t.TempDir()
	folder, _, err := store.Take(dir, "test", false, new(any))
	require.NoError(t, err)
	require.NoError(t, s.Write(folder, result.CSV))
	text, err := os.ReadFile(filepath.Join(dir, "plans.csv"))
	require.NoError(t, err)
	assert.Equal(t, "plan,won,won_low,won_high,saved\nA,412,397,427,12\n\"B, too\",3,,,\n", string(text))
	require.NoError(t, s.Write(folder, result.Parquet))
	assert.FileExists(t, filepath.Join(dir, "plans.parquet"))
	assert.Equal(t, "412 ± 15", s.Rows[0][1].Text)
	assert.Equal(t, 2, s.Printed(false))
	s.Shown = 1
	assert.Equal(t, 1, s.Printed(false))
	assert.Equal(t, 2, s.Printed(true))
}

// Differences of shares are percentage points; files keep the share.
func TestDifferencesOfSharesArePoints(t *testing.T) {
	change := func(f words.Format, v, reach float64) string {
		return Change(f, analysis.Estimate{Value: v, Low: v - reach, High: v + reach}).Text
	}
	assert.Equal(t, "0.894 ± 0.012 points", change(words.Percent, 0.00894, 0.00012))
	assert.Equal(t, "−0.894 ± 0.012 points", change(words.Percent, -0.00894, 0.00012))
	assert.Equal(t, "0 ± 0 points", change(words.Percent, 0, 0))
	assert.Equal(t, "<0.0001 ± <0.0001 points", change(words.Percent, 3e-8, 7e-9))
	assert.Equal(t, ">−0.0001 ± <0.0001 points", change(words.Percent, -3e-8, 7e-9))
	assert.Equal(t, "$12.0k ± $1.0k", change(words.Money, 12_000, 1000))
	assert.Equal(t, 0.00894, *Change(words.Percent, analysis.Estimate{Value: 0.00894}).Value)
}

// A page has the question of its command, the answer, the rows that are printed
// and all of them, pictures, how to read them, and the command.
func TestPageOfAnAnswer(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	s := NewSheet("plans", "Plans", "plan", "#won")
	s.Row("A", With(words.Percent, e))
	s.Row("B", With(words.Percent, e))
	s.Shown = 1
	pictures := []gallery.Hung{
		{Name: "changes", Drawing: plots.Bars{Finding: "Changes", ValueName: "Change", Percent: true, Labels: []string{"a", "b"}, Lines: []plots.Line{{Name: "metro", Points: []analysis.Estimate{e, e}}}}},
		{Name: "curve", Drawing: plots.Curve{Finding: "Curve", XName: "Spend", YName: "Won", X: []float64{1, 2}, Lines: []plots.Line{{Name: "won", Points: []analysis.Estimate{e, e}}}}},
		{Name: "heat", Drawing: plots.Heat{RowsAre: "shock", ColumnsAre: "plan", Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{1}}}},
	}
	d, err := Page(&Answer{Command: "stress", Scenario: "metro", Sentences: []string{"The worst is a."}, Warnings: []string{"few pairs"}, Sheets: []*Sheet{s}, Pictures: pictures, Typed: "windfall stress metro", Version: "1", Seed: 1, Size: "2 pairs", Data: []byte("{}")})
	require.NoError(t, err)
	assert.Equal(t, "What would break this plan?", d.Question)
	require.Len(t, d.Lead, 2)
	assert.Len(t, d.Lead[1].(report.Table).Rows, 1)
	var titles []string
	for _, section := range d.Sections {
		titles = append(titles, section.Title)
	}
	assert.Equal(t, []string{"Pictures", "More numbers", "How to read it", "What it cannot say", "Method", "How to reproduce it"}, titles)
	_, err = d.Render()
	require.NoError(t, err)
}
