package report

import (
	"bytes"
	"html/template"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/sim/analysis"
)

// What pages quote has no names of tests or columns, and a minus stays with its amount.
func TestQuotedTextIsPlain(t *testing.T) {
	assert.Equal(t, "What lifetime margin shows. Customer lifetime margin ends.",
		Plain("What lifetime margin shows (TestLateMovesAreTold, TestOther). lifetime_margin ends."))
	assert.Equal(t, "No knowledge turns it (at most 5% of studies find something).",
		Plain("No knowledge turns it (TestInformationWorthNothing: at most 5% of studies find something)."))
	assert.Equal(t, template.HTML("4.72\u00a0±\u00a00.52 of 27"), whole("4.72 ± 0.52 of 27"))
	assert.Equal(t, template.HTML("from −\u2060$1.40 to −2"), whole("from −$1.40 to −2"))
	assert.Equal(t, template.HTML(`run &lt;a&gt; <span class="flag">--at-most</span> 5`), whole("run <a> --at-most 5"))
	assert.Equal(t, template.HTML(`week 42 (ending <span class="flag">2013-10-21</span>)`), whole("week 42 (ending 2013-10-21)"))
}

// A long text of a table has a wide column on a narrow screen; a formula of many plans a very wide one.
func TestLongTextsHaveWideColumns(t *testing.T) {
	assert.Empty(t, width("regression on the schedule"))
	assert.Equal(t, "long ", width("treated beside other regions, week by week"))
	assert.Equal(t, "short ", width("B12"))
	assert.Equal(t, "long longer ", width(strings.Repeat("a source of its own, ", 5)))
	assert.Equal(t, "long longest ", width(strings.Repeat("won(plan) - ", 30)))
}

// A table of very many rows is a window on a screen; one of some is not.
func TestALongTableIsAWindow(t *testing.T) {
	rendered := func(rows int) string {
		table := Table{Caption: "All", Columns: []page.Column{{Name: "name"}}}
		for range rows {
			table.Rows = append(table.Rows, []page.Cell{page.Words("a")})
		}
		d := Document{Question: "What?", Answers: []Answer{{Text: "This."}}, Lead: []Block{table}}
		text, err := d.Render()
		require.NoError(t, err)
		return string(text)
	}
	assert.NotContains(t, rendered(60), `class="scroll tall"`)
	assert.Contains(t, rendered(61), `class="scroll tall"`)
	assert.Contains(t, rendered(61), "61 rows: scroll the table")
}

// What stays a static picture has a narrow form on a page and on the one page for a board, which telephones take.
func TestStaticPicturesHaveANarrowForm(t *testing.T) {
	heat := picture.Heat{RowsAre: "shock", ColumnsAre: "plan", Rows: []string{"a"}, Columns: []string{"b"},
		Values: [][]float64{{1}}}
	e := analysis.Estimate{Value: 0.1, Low: 0.05, High: 0.15}
	bars := picture.Bars{Finding: "Changes", ValueName: "Change", Percent: true, Labels: []string{"a"},
		Lines: []picture.Line{{Name: "metro", Points: []analysis.Estimate{e}}}}
	of := &page.Document{Question: "stress", Scenario: "metro", Sentences: []string{"The worst is a."}, Seed: 1,
		Size: "2 pairs", Pictures: []page.Picture{{Name: "changes", Data: bars}, {Name: "heat", Data: heat}}}
	made := Made{Typed: "windfall stress metro", Version: "1", Data: []byte("{}")}
	d, err := Of(of, made)
	require.NoError(t, err)
	text, err := d.Render()
	require.NoError(t, err)
	assert.Equal(t, 1, bytes.Count(text, []byte("<source media=")), "bars are drawn by the page itself")
	brief := BriefOf(of, made)
	brief.Shows = plots.Of(bars)
	text, err = brief.Render()
	require.NoError(t, err)
	assert.Contains(t, string(text), `<source media="screen and (max-width: 40rem)" srcset="data:image/svg+xml;base64,`)
}

// The page for a board names what stands under another row, has no column that says nothing, and cuts no sentence.
func TestTheBoardReadsWholeSentences(t *testing.T) {
	sheet := page.NewSheet("outcomes", "Headline numbers", "outcome", "#mean", "no number")
	sheet.Row("live_customers", page.Num("460", 460), "")
	sheet.Row("  in business", page.Num("469", 469), "")
	sheet.Notes = []string{"One sentence that is short. " + strings.Repeat("Another goes on and on. ", 20)}
	b := Brief{Title: "town", Question: "Does it last?", Of: &page.Document{Question: "run", Scenario: "town",
		Sentences: []string{"Yes."}, Size: "run 21 of 100", Sheets: []*page.Sheet{sheet}}}
	text, err := b.Render()
	require.NoError(t, err)
	got := string(text)
	assert.Contains(t, got, ">Live customers, in business</th>")
	assert.NotContains(t, got, "no number")
	assert.NotContains(t, got, "…")
	assert.Contains(t, got, "<li>Run 21 of 100, seed 0, of the scenario town.</li>")
}

// What texts of a page are written in is read on its paper: a contrast of 4.5 at least, light and dark and printed.
func TestTextsOfAPageAreRead(t *testing.T) {
	luminance := func(hex string) float64 {
		n, err := strconv.ParseUint((hex + hex)[:6], 16, 32) // #fff is #ffffff
		require.NoError(t, err)
		sum := 0.0
		for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
			c := float64(n>>(8*i)&0xff) / 255
			sum += float64(weight * math.Pow((c+0.055)/1.055, 2.4))
		}
		return sum
	}
	blocks := regexp.MustCompile(`(?s)--paper:.*?\}`).FindAllString(style, -1)
	require.Len(t, blocks, 4)
	for _, block := range blocks {
		colors := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]+);`).FindAllStringSubmatch(block, -1) {
			colors[m[1]] = luminance(m[2])
		}
		for _, text := range []string{"ink", "soft", "link", "shade", "good", "bad", "unsure"} {
			a, b := colors["paper"]+0.05, colors[text]+0.05
			assert.Greater(t, math.Max(a, b)/math.Min(a, b), 4.5, text)
		}
	}
}
