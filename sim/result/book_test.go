package result

import (
	"math"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"windfall/sim/analysis"
	"windfall/sim/table"
)

// The workbook of a run has what was found, every outcome with its errors as typed cells, the tables, notes and the
// dictionary, in this order.
func TestTheWorkbookOfARun(t *testing.T) {
	f := begin(t, t.TempDir(), 60, func(m *Manifest) { m.TableFormat = table.XLSX })
	fillBlocks(t, f)
	r, err := f.Finish(func(_ *Result, s *analysis.Summary) error {
		s.Said = analysis.Said{Finding: "A customer costs $20k.", Sure: "95% intervals from 60 runs."}
		s.Headlines = []string{"cac"}
		s.Goals = []analysis.GoalLine{{Name: "growth", Expect: "won >= 40", Verdict: analysis.Missed}}
		return nil
	})
	require.NoError(t, err)
	f.Close()
	book, err := excelize.OpenFile(filepath.Join(r.Dir, table.BookName))
	require.NoError(t, err)
	defer book.Close()
	assert.Equal(t, []string{"answer", "outcomes", "goals", "slices", "weekly", "months", "quarters", "notes",
		"dictionary"}, book.GetSheetList())
	rows, err := book.GetRows("answer")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"line", "text"}, {"1", "A customer costs $20k."}, {"2", "95% intervals from 60 runs."}}, rows)

	rows, err = book.GetRows("outcomes", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Len(t, rows, 1+len(r.Schema.Outcomes))
	assert.Equal(t, []string{"outcome", "unit", "better", "headline", "statistic", "value", "standard error",
		"95% interval from", "to", "runs", "missing share", "never share", "5%"}, rows[0][:13])
	assert.Equal(t, []string{"Fully loaded CAC", "Customers won"}, []string{rows[1][0], rows[2][0]}, "headlines come first")
	won := r.summary.Outcomes[0]
	for i, x := range []float64{won.Estimate.Value, won.Estimate.Error, won.Estimate.Low, won.Estimate.High, 60, 0, 0,
		won.Quantiles.P5.Value} {
		shown, err := strconv.ParseFloat(rows[2][5+i], 64)
		require.NoError(t, err)
		assert.InDelta(t, x, shown, 1e-12*math.Abs(x), rows[0][5+i])
		kind, err := book.GetCellType("outcomes", string(rune('F'+i))+"3")
		require.NoError(t, err)
		assert.Equal(t, excelize.CellTypeUnset, kind, "%s is a number", rows[0][5+i])
	}
	rows, err = book.GetRows("weekly")
	require.NoError(t, err)
	assert.Len(t, rows, 1+r.Schema.Weeks*len(r.Schema.Weekly), "bands, however many runs there are")
	assert.Equal(t, []string{"measure", "week", "first day", "runs", "missing", "mean", "5%", "25%", "50%", "75%", "95%"}, rows[0])
	assert.Equal(t, "Customers won", rows[1][0])
	rows, err = book.GetRows("slices")
	require.NoError(t, err)
	assert.Len(t, rows, 1+len(r.Schema.SliceRows)*len(r.Schema.Slice))
	rows, err = book.GetRows("notes")
	require.NoError(t, err)
	assert.Equal(t, "not in this workbook", rows[len(rows)-1][0])
	rows, err = book.GetRows("goals")
	require.NoError(t, err)
	assert.Equal(t, []string{"growth", "won >= 40", "missed"}, rows[1][:3])
}
