package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"math"
	list "slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"windfall/model/plan"
)

// aBook has a cell of each kind, a number that is missing and one that is never, and names that sheets do not take.
func aBook(t *testing.T) []byte {
	t.Helper()
	b := NewBook()
	defer b.Close()
	b.Answer([]string{"Keep the plan.", "=2+2"})
	date, err := plan.ParseDate("2013-10-01")
	require.NoError(t, err)
	for _, name := range []string{"weekly", "Weekly", strings.Repeat("a/b", 20), strings.Repeat("a/b", 20)} {
		w := b.Table(name, list.Concat(Text.Named("name"), Date.Named("first_day"), Whole.Named("week"), Number.Named("cash")))
		for i, x := range []float64{-12.25, math.NaN(), math.Inf(1), 0.1} {
			w.Text("=SUM(A1)")
			w.Date(date)
			w.Whole(i)
			w.Number(x)
			require.NoError(t, w.EndRow())
		}
		require.NoError(t, w.Close())
	}
	b.Notes([]Note{{"scenario", "metro"}, {"command", "=1+1"}})
	var out bytes.Buffer
	require.NoError(t, b.Write(&out))
	return out.Bytes()
}

func TestABookHasTypedCells(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(aBook(t)))
	require.NoError(t, err)
	names := f.GetSheetList()
	require.Len(t, names, 6)
	assert.Equal(t, []string{"answer", "weekly", "Weekly-2"}, names[:3])
	assert.Equal(t, "notes", names[5])
	rows, err := f.GetRows("answer")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"line", "text"}, {"1", "Keep the plan."}, {"2", "=2+2"}}, rows)
	rows, err = f.GetRows("notes")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"note", "text"}, {"scenario", "metro"}, {"command", "=1+1"}}, rows)
	assert.NotEqual(t, names[3], names[4])
	for _, n := range names {
		assert.LessOrEqual(t, len(n), 31)
	}
	raw := excelize.Options{RawCellValue: true}
	for cell, want := range map[string]string{"A1": "name", "A2": "=SUM(A1)", "B2": "41548", "C3": "1", "D2": "-12.25", "D3": "",
		"D4": "inf", "D5": "0.1"} {
		got, err := f.GetCellValue("weekly", cell, raw)
		require.NoError(t, err)
		assert.Equal(t, want, got, cell)
	}
	shown, err := f.GetCellValue("weekly", "B2")
	require.NoError(t, err)
	assert.Equal(t, "2013-10-01", shown, "a date is shown as one")
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset,
		"C2": excelize.CellTypeUnset, "D2": excelize.CellTypeUnset} {
		got, err := f.GetCellType("weekly", cell)
		require.NoError(t, err)
		assert.Equal(t, want, got, "%s: numbers have no type but number", cell)
	}
	formula, err := f.GetCellFormula("weekly", "A2")
	require.NoError(t, err)
	assert.Empty(t, formula, "a text is no formula")
}

func TestEqualBooksHaveEqualBytes(t *testing.T) {
	first := aBook(t)
	for range 8 { // parts of the archive come in any order
		assert.True(t, bytes.Equal(first, aBook(t)))
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	require.NoError(t, err)
	assert.Equal(t, "[Content_Types].xml", z.File[0].Name)
	for _, f := range z.File {
		assert.True(t, f.Modified.IsZero() || f.Modified.Year() < 1981, "%s has a time", f.Name)
	}
}

func TestASheetThatIsTooLongIsRefused(t *testing.T) {
	b := NewBook()
	defer b.Close()
	w := b.Table("weekly", Whole.Named("week")).(*sheetWriter)
	w.rows = MostRows - 1
	w.Whole(1)
	require.NoError(t, w.EndRow())
	w.Whole(2)
	err := w.EndRow()
	var long *TooLongError
	require.True(t, errors.As(err, &long))
	assert.Contains(t, err.Error(), "--format parquet")
	assert.Contains(t, err.Error(), "1048575")
}
