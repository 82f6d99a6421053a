package briefing

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/report"
	"windfall/sim/analysis"
)

// briefs are answers short and long: with nothing but a sentence, with too much of everything, with words without end.
func briefs() map[string]*report.Brief {
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	bars := picture.Bars{Finding: "Changes", ValueName: "Change", Percent: true, Lines: []picture.Line{{Name: "metro"}}}
	for i := range 40 {
		bars.Labels = append(bars.Labels, fmt.Sprint("shock ", i))
		bars.Lines[0].Points = append(bars.Lines[0].Points, e)
	}
	long := strings.Repeat("a plan that says rather much about itself ", 12)
	word := strings.Repeat("channels.paid-search.weekly_budget", 12)
	out := map[string]*report.Brief{}
	for name, text := range map[string]string{"short": "Yes.", "long": long, "word": word} {
		d := &page.Document{Question: "stress", Scenario: "metro", Sentences: []string{text}, Seed: 1, Size: "2 pairs"}
		if name != "short" {
			columns := []string{"plan"}
			for i := range 12 {
				columns = append(columns, fmt.Sprint("#", text[:min(len(text), 60)], i))
			}
			s := page.NewSheet("plans", text, columns...)
			for range 40 {
				row := []any{text}
				for range 12 {
					row = append(row, page.Num("−$1,234,567 ± $12,345", 1))
				}
				s.Row(row...)
			}
			s.Rows[1] = s.Rows[1][:2] // a row may end early
			s.Notes = []string{text, text, text}
			d.Sheets = append(d.Sheets, s)
			for range 9 {
				d.Sentences, d.Warnings = append(d.Sentences, text), append(d.Warnings, text)
			}
			d.Lines = []page.Cell{page.Toned(text, page.Bad)}
		}
		out[name] = &report.Brief{Title: text, Question: text, Of: d, Shows: plots.Bars(bars),
			Made: report.Made{Typed: "windfall stress " + text + text, Version: "1"}}
	}
	return out
}

// The page for a board is one page, of A4 and of Letter, whatever the answer is; nothing of it is cut off.
func TestTheBriefIsOnePage(t *testing.T) {
	ctx := tab(t, 800, 1000)
	dir := t.TempDir()
	files := map[string]string{}
	for name, b := range briefs() {
		files[name] = filepath.Join(dir, name+".html")
		require.NoError(t, b.Write(files[name]))
	}
	example(t)
	files["run"] = filepath.Join(dir, "run.html")
	require.NoError(t, first.WriteBrief(files["run"]))
	for name, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.False(t, strings.Contains(string(text), "<script"), "%s", name)
		assert.False(t, strings.Contains(string(text), "://"), "%s loads something", name)
		visit(t, ctx, chromedp.Navigate("file://"+file))
		for paper, size := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
			var pdf []byte
			visit(t, ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
				pdf, _, err = cdp.PrintToPDF().WithPaperWidth(size[0]).WithPaperHeight(size[1]).WithPreferCSSPageSize(false).
					WithPrintBackground(true).Do(ctx)
				return err
			}))
			assert.Equal(t, 1, bytes.Count(pdf, []byte("/Type /Page\n")), "%s on %s", name, paper)
		}
		assert.LessOrEqual(t, ask[float64](t, ctx, `document.documentElement.scrollWidth - innerWidth`), 0.0, "%s", name)
	}
}

// The name of a value that bars should reach stands over its line, and shares in the numbers have four digits at most.
func TestTheNameOfAGoalStandsOverItsLine(t *testing.T) {
	e := analysis.Estimate{Value: 0.1, Low: 0.0512345, High: 0.15}
	d, err := report.Of(&page.Document{Question: "experiment", Scenario: "metro", Sentences: []string{"A."}, Size: "2 runs",
		Pictures: []page.Picture{{Name: "power", Data: picture.Bars{Finding: "Power", ValueName: "Share", Percent: true,
			Labels: []string{"a"}, Wanted: 0.8, WantedFor: "a test should reach",
			Lines: []picture.Line{{Points: []analysis.Estimate{e}}}}}}}, report.Made{Data: []byte("{}")})
	require.NoError(t, err)
	text, err := d.Render()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	ctx := tab(t, 1280, 800)
	visit(t, ctx, chromedp.Navigate("file://"+file))
	visit(t, ctx, chromedp.Evaluate(`document.querySelector("details.numbers").open = true`, nil))
	assert.Less(t, ask[float64](t, ctx, `(() => {
		const middle = (e) => { const r = e.getBoundingClientRect(); return (r.left + r.right) / 2; };
		const at = (text) => middle([...document.querySelectorAll(".stage text")].find((e) => e.textContent.startsWith(text)));
		return Math.abs(at("80%, which") - middle([...document.querySelectorAll(".stage text")].find((e) => e.textContent === "80%")));
	})()`), 100.0, "the name is at most pushed in from the edge")
	visit(t, ctx, chromedp.Poll(`document.querySelector("details.numbers td")`, nil))
	assert.Contains(t, ask[string](t, ctx, `document.querySelector("details.numbers table").textContent`), "5.123%")
}

// The head of a table that is a window stays with its line, however far its rows are moved.
func TestTheHeadOfAWindowKeepsItsLine(t *testing.T) {
	table := report.Table{Caption: "All", Columns: []page.Column{{Name: "name"}}}
	for range 100 {
		table.Rows = append(table.Rows, []page.Cell{page.Words("a")})
	}
	d := report.Document{Question: "What?", Answers: []report.Answer{{Text: "This."}}, Lead: []report.Block{table}}
	text, err := d.Render()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	for _, width := range []int64{390, 1280} {
		ctx := tab(t, width, 800)
		visit(t, ctx, chromedp.Navigate("file://"+file))
		assert.Equal(t, "0 separate 2px none", ask[string](t, ctx, `(w => { w.scrollTop = 300; const h = w.querySelector("thead th"), s = getComputedStyle(h);
			return [Math.round(h.getBoundingClientRect().top - w.getBoundingClientRect().top), s.borderCollapse, s.borderBottomWidth, s.boxShadow].join(" "); })(
			document.querySelector(".scroll.tall"))`))
	}
}
