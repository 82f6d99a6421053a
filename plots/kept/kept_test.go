package kept

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/store"
	"windfall/sim/table"
)

// A sheet keeps every number with its interval, and a missing one as nothing.
func TestSheetsKeepNumbersWithTheirIntervals(t *testing.T) {
	s := page.NewSheet("plans", "Plans", "plan", "±won", "#saved")
	s.Row("A", page.With(words.Plain, analysis.Estimate{Value: 412, Low: 397, High: 427}), page.Num("12.0 x", 12))
	s.Row("B, too", page.With(words.Plain, analysis.Estimate{Value: 3, Low: math.NaN(), High: math.Inf(1)}),
		page.Words("identical"))
	dir := t.TempDir()
	folder, _, err := store.Take(dir, "test", false, new(any))
	require.NoError(t, err)
	require.NoError(t, (&Answer{Tables: []*page.Sheet{s}}).writeTables(folder, table.CSV))
	text, err := os.ReadFile(filepath.Join(dir, "plans.csv"))
	require.NoError(t, err)
	assert.Equal(t, "plan,won,won_low,won_high,saved\nA,412,397,427,12\n\"B, too\",3,,,\n", string(text))
	require.NoError(t, (&Answer{Tables: []*page.Sheet{s}}).writeTables(folder, table.Parquet))
	shape := parquetColumns(t, filepath.Join(dir, "plans.parquet"))
	assert.Len(t, shape, 5)

	// Where every number is missing, or there is no row at all, the columns and their types are the same.
	nothing := analysis.Missing(0, "nobody was won")
	for _, rows := range [][][]any{{{"A", page.With(words.Plain, nothing), page.Words("identical")}, {"B", "", ""}}, nil} {
		none := page.NewSheet("plans", "Plans", "plan", "±won", "#saved")
		for _, row := range rows {
			none.Row(row...)
		}
		for _, format := range []table.Format{table.CSV, table.Parquet} {
			require.NoError(t, (&Answer{Tables: []*page.Sheet{none}}).writeTables(folder, format))
		}
		assert.Equal(t, shape, parquetColumns(t, filepath.Join(dir, "plans.parquet")))
		text, err := os.ReadFile(filepath.Join(dir, "plans.csv"))
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(text), "plan,won,won_low,won_high,saved\n"), "%s", text)
	}
	assert.Panics(t, func() { s.Row("C", "", page.With(words.Plain, analysis.Estimate{Value: 1, Low: 0, High: 2})) })
	s.Rows = s.Rows[:2]
	assert.Equal(t, "412 ± 15", s.Rows[0][1].Text)
	assert.Equal(t, 2, s.Printed(false))
	s.Shown = 1
	assert.Equal(t, 1, s.Printed(false))
	assert.Equal(t, 2, s.Printed(true))
}

// The workbook of an answer has its lines, its tables, notes and the dictionary, in this order.
func TestTheWorkbookOfAnAnswer(t *testing.T) {
	s := page.NewSheet("plans", "Plans", "plan", "±won", "#saved")
	s.Row("A", page.With(words.Plain, analysis.Estimate{Value: 412, Low: 397, High: 427}), page.Num("12.0 x", 12))
	d := &page.Document{Question: "compare", Scenario: "metro", Sheets: []*page.Sheet{s}, Seed: 3, Size: "100 pairs",
		Sentences: []string{"A is better than B.", "Take A.", "95% intervals from 100 pairs."},
		Lines:     []page.Cell{{Text: "confirmed", Tone: page.Good}},
		Data:      func([]string) any { return nil }}
	dir := t.TempDir()
	folder, _, err := store.Take(dir, "test", false, new(any))
	require.NoError(t, err)
	require.NoError(t, Of(d, report.Made{}).writeTables(folder, table.XLSX))
	book, err := excelize.OpenFile(filepath.Join(dir, table.BookName))
	require.NoError(t, err)
	defer book.Close()
	assert.Equal(t, []string{"answer", "plans", "notes", "dictionary"}, book.GetSheetList())
	rows, err := book.GetRows("answer")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"line", "text"}, {"1", "A is better than B."}, {"2", "Take A."},
		{"3", "95% intervals from 100 pairs."}, {"4", "confirmed"}}, rows)
	rows, err = book.GetRows("plans")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"plan", "customers won", "customers won, low", "customers won, high", "saved"},
		{"A", "412", "397", "427", "12"}}, rows)
	rows, err = book.GetRows("notes")
	require.NoError(t, err)
	assert.Contains(t, rows, []string{"seed", "3"})
	assert.Contains(t, rows, []string{"sheet plans", "Plans"})
	rows, err = book.GetRows("dictionary")
	require.NoError(t, err)
	assert.Equal(t, []string{"sheet", "column", "name in files", "holds"}, rows[0])
	assert.Equal(t, []string{"plans", "customers won, low", "won_low"}, rows[3][:3], "the dictionary has the names")
}

// parquetColumns are the names and types of the columns of a Parquet file.
func parquetColumns(t *testing.T, file string) (out []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	for _, field := range f.Schema().Fields() {
		out = append(out, field.Name()+" "+field.Type().String())
	}
	return out
}
