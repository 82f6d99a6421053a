package terminal

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/page"
)

// Where there is no terminal the first line comes when the pace is known, and says the time left.
func TestTheFirstLineOfProgressSaysTheTimeLeft(t *testing.T) {
	var b strings.Builder
	g := NewProgress(&b, nil, 80, false)
	g.begun = g.begun.Add(-time.Minute)
	g.Tell(2, 0, 40, "of 40 runs")
	assert.Empty(t, b.String(), "two runs do not tell the pace")
	g.Tell(10, 0, 40, "of 40 runs")
	assert.Equal(t, "10 of 40 runs, 3m0s left\n", b.String())
	g.Tell(11, 0, 40, "of 40 runs")
	g.Tell(40, 0, 40, "of 40 runs")
	assert.Equal(t, 1, strings.Count(b.String(), "\n"), "the next comes later")
}

// Of several parts the time left is that of all, by what their runs take, and a line says when another begins.
func TestProgressOfSeveralParts(t *testing.T) {
	var b strings.Builder
	g := NewProgress(&b, nil, 80, false)
	g.begun = g.begun.Add(-time.Minute)
	work := func(runs int) float64 { return float64(min(runs, 20)) + 2*float64(max(0, runs-20)) }
	tell := func(done, total int, part string) {
		g.TellPart(Step{Done: done, Total: total, Of: "of 40 runs", Part: part, Work: work})
	}
	tell(10, 40, "fitting")
	assert.Equal(t, "fitting: 10 of 40 runs, 5m0s left\n", b.String())
	b.Reset()
	tell(15, 40, "fitting")
	assert.Empty(t, b.String())
	tell(21, 40, "measuring")
	assert.Equal(t, "measuring: 21 of 40 runs, 1m44s left\n", b.String(), "as soon as it begins")
	b.Reset()
	tell(22, 40, "measuring")
	assert.Empty(t, b.String())

	g = NewProgress(&b, nil, 80, false) // half of them were done before
	g.begun = g.begun.Add(-time.Minute)
	g.TellPart(Step{Done: 20, Before: 10, Total: 40, Of: "of 40 runs", Work: work})
	assert.Equal(t, "20 of 40 runs, 4m0s left\n", b.String())
}

func TestADocumentAsText(t *testing.T) {
	s := page.NewSheet("plans", "Plans", "plan", "#won")
	for range 14 {
		s.Row("A", page.Num("412", 412))
	}
	s.Lead, s.Notes = "Before the table.", []string{"After it."}
	apart := page.NewSheet("apart", "Kept", "x")
	apart.Apart = true
	apart.Row("hidden")
	d := &page.Document{Sentences: []string{"Yes."}, Lines: []page.Cell{page.Toned("holds", page.Good)},
		Sheets: []*page.Sheet{s, apart}}
	show := func(all, colors bool) string {
		var b strings.Builder
		x := Text{Out: &b, Colors: colors}
		x.Document(d, all, func() { x.Lines("warned") })
		return b.String()
	}
	row := "A               412\n"
	assert.Equal(t, "Yes.\n✓ holds\n\nwarned\nBefore the table.\nplan  customers won\n─────────────────────\n"+strings.Repeat(row, 12)+
		"All 14 rows: --all\nAfter it.\n\n", show(false, false))
	assert.Contains(t, show(true, false), strings.Repeat(row, 14)+"After it.\n")
	assert.Contains(t, show(true, true), "\x1b[1mYes.\x1b[0m\n\x1b[32m✓ holds\x1b[0m\n")
	s.Rest = func(rows int) string { return strings.Repeat("+", rows) }
	assert.Contains(t, show(false, false), "\n++\nAfter it.")
}

// wideSheet is a table that no terminal holds on one line.
func wideSheet() *page.Sheet {
	s := page.NewSheet("shocks", "Shocks", "shock from 2013-07-02", "#change of business_value", "#relative",
		"#out of business, points", "#variance saved", "note")
	s.Row("a rival enters: firms choose other vendors half as fast again", page.Num("−$875k ± $112k", 1),
		page.Num("−6.8%", 1), page.Num("0 ± 28", 1), page.Num("16.6 x", 1), "rests on an assumption of the scenario")
	s.Row("channels.paid-search.weekly_budget*=0.5;channels.display.weekly_budget*=2", page.Num("$0 ± $0", 0),
		page.Num("0%", 0), page.Num("0 ± 28", 0), page.Num("exact", 0), page.Toned("holds", page.Good))
	s.Lead = strings.Repeat("What stands before a table may be long. ", 5)
	s.Notes = []string{strings.Repeat("So may a note under it, with a number such as 12. ", 5)}
	return s
}

// Tables and lines fit the terminal, of which 80 columns are supposed where nothing is known, and nothing is lost.
func TestWhatIsPrintedFitsTheTerminal(t *testing.T) {
	s := wideSheet()
	d := &page.Document{Sentences: []string{strings.Repeat("The answer has many words. ", 9)},
		Lines: []page.Cell{page.Toned(strings.Repeat("a verdict too ", 12), page.Bad)}, Sheets: []*page.Sheet{s}}
	letters := func(text string) string {
		return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n─", r) }), "")
	}
	for _, c := range []struct{ width, columns int }{{60, 60}, {80, 80}, {120, 120}, {0, UnknownWidth}, {200, 200}} {
		var b strings.Builder
		x := Text{Out: &b, Width: c.width}
		x.Title("metro", strings.Repeat("a title ", 20), strings.Repeat("A question? ", 20))
		x.Document(d, true, func() {})
		for line := range strings.Lines(b.String()) {
			assert.LessOrEqual(t, text.StringWidth(strings.TrimSuffix(line, "\n")), c.columns, "%d: %s", c.columns, line)
		}
		for i, column := range s.Columns {
			var seen strings.Builder // the column alone, from the part that it is in
			for _, part := range fit(&s.Table, c.columns) {
				assert.Equal(t, 0, part.columns[0], "each part begins with the first column")
				if slices.Contains(part.columns, i) {
					seen.WriteString("x")
				}
			}
			assert.Contains(t, seen.String(), "x", column.Name)
		}
		for _, row := range s.Rows {
			for _, cell := range row[1:] { // the numbers stand on one line
				if cell.Value != nil {
					assert.Contains(t, b.String(), cell.Text)
				}
			}
		}
		assert.Contains(t, letters(b.String()), letters(s.Notes[0]))
		assert.Contains(t, letters(b.String()), letters(d.Sentences[0]))
	}
	assert.Len(t, fit(&s.Table, 200), 1, "a wide terminal needs one part")
	assert.Greater(t, len(fit(&s.Table, 60)), 1)
}

func TestTextsAreWrapped(t *testing.T) {
	assert.Equal(t, []string{"  one two", "  three"}, Wrap("  one two three", 10))
	assert.Equal(t, []string{"in", "/a/path/that/is/long", "now"}, Wrap("in /a/path/that/is/long now", 10), "it can be copied")
	assert.Equal(t, "chan.\npaid", folded("chan.paid", 5))
	t.Setenv("COLUMNS", "132")
	assert.Equal(t, 132, Width(new(strings.Builder)))
	t.Setenv("COLUMNS", "")
	assert.Equal(t, 80, Width(new(strings.Builder)), "a pipe")
}

// A part that a narrow terminal puts below has no rows that say nothing in it; a name that is set in keeps the row that
// it belongs to.
func TestAPartBelowHasNoEmptyRows(t *testing.T) {
	s := page.NewSheet("table", "", "outcome", "#mean", strings.Repeat("what is missing ", 4))
	s.Row("Customers", page.Num("1,234", 1234), "")
	s.Row("  in business", page.Num("1,334", 1334), "in 3 of 9 runs")
	s.Row("Cash", page.Num("$7", 7), "")
	s.Row("Pay-back", page.Num("4", 4), "in one run")
	var b strings.Builder
	(&Text{Out: &b, Width: 24}).Table(s)
	above, below, found := strings.Cut(b.String(), "\n\n")
	require.True(t, found)
	assert.Contains(t, above, "Cash")
	assert.NotContains(t, below, "Cash")
	assert.Regexp(t, `(?s)Customers\n +in business +in 3 of 9.*Pay-back +in one run`, below)
}
