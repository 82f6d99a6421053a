package report

import (
	"encoding/base64"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
)

// example is a document with a block of every kind.
func example(t *testing.T) *Document {
	t.Helper()
	source := picture.Source{Scenario: "example", Replications: 200, Seed: 7}
	fan := func(column string, level float64) View {
		f := plots.Fan{Source: source, Measure: words.Measure{Name: column, Unit: "customers"},
			Start: time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)}
		for w := range 52 {
			x := level * (1 + 0.01*float64(w))
			f.P5, f.P25, f.P50, f.P75, f.P95 = append(f.P5, 0.9*x), append(f.P25, 0.95*x), append(f.P50, x),
				append(f.P75, 1.05*x), append(f.P95, 1.12*x)
		}
		v, err := Drawn(column, "weekly-"+column, f)
		require.NoError(t, err)
		v.X, v.Y = Axis{Dates: true}, Axis{Label: "Customers", Format: words.Count}
		v.Marks = []Mark{
			{Kind: Band, X: "date", Y: "p5", Y2: "p95", Name: "9 of 10 futures", Toggle: true},
			{Kind: Line, X: "date", Y: "p50", Name: "median"},
		}
		return v
	}
	funnel, err := Drawn("", "funnel", plots.Funnel{Source: source,
		Stages: []plots.Stage{{Name: "Buyers in the market", Mean: 900, P5: 850, P95: 950},
			{Name: "Leads", Mean: 300, P5: 280, P95: 320}, {Name: "Customers won", Mean: 100, P5: 80, P95: 120}}})
	require.NoError(t, err)
	funnel.X = Axis{Label: "Number", Format: words.Count}
	funnel.Marks = []Mark{{Kind: Rows, X: "mean", Y: "stage", Name: "mean"},
		{Kind: Reach, X: "p5", X2: "p95", Y: "stage", Name: "9 of 10 futures", Color: Ink}}
	return &Document{
		Title: "example: A <b>bold</b> title", Question: "What can happen & why?", Foot: "Made by a test.",
		Answers: []Answer{{Text: "After 52 weeks 1,520 customers are live."}},
		Lead: []Block{
			Table{Caption: "Headline numbers", Columns: []page.Column{{Name: "Outcome"}, {Name: "Mean", Numeric: true},
				{Name: "95% interval", Numeric: true}},
				Rows: [][]page.Cell{
					{page.Words("nine"), page.Num("9", 9), page.Between("8 to 10", 8, 10)},
					{page.Words("a hundred"), page.Num("100", 100), page.Between("–", math.NaN(), math.NaN())},
					{page.Words("nothing"), page.Num("–", math.NaN()), page.Between("0 to 1", 0, 1)},
					{page.Words("minus a third"), page.Num("−0.3", -1.0/3), page.Between("below 0", math.Inf(-1), 0)},
				}, Notes: []string{"A note."}},
			Notice{page.Bad, "A goal was missed."}, Notice{page.Good, "Another was met."},
			Notice{page.Unsure, "A third is open."},
		},
		Sections: []Section{
			{"Pictures", []Block{
				Chart{Title: "Weeks", Choice: "Number", Views: []View{fan("live_customers", 1000), fan("won", 90)}},
				Chart{Title: "Funnel", Views: []View{funnel}, Note: "On the way."},
			}},
			{"Assumptions", []Block{Paragraph("All of them."), List{"Auctions: not in it.", "no name here"},
				Facts{{"Seed", "7", false}, {"Digest", "abc", true}},
				Fold{"More", []Block{Table{Caption: "Keys", Find: true, Columns: []page.Column{{Name: "Key"}},
					Rows: [][]page.Cell{{page.Words("a.b")}, {page.Words("c.d")}}}}}}},
			{"Assumptions", []Block{Code("windfall run example --seed 7")}},
		},
	}
}

func TestAPageHoldsEverythingItNeeds(t *testing.T) {
	text, err := example(t).Render()
	require.NoError(t, err)
	page := string(text)
	assert.Less(t, len(text), MostBytes)
	for _, want := range []string{"<h1>What can happen &amp; why?</h1>", "A &lt;b&gt;bold",
		`data-value="-0.3333333333333333"`, `data-low="8" data-high="10"`,
		`id="assumptions"`, `id="assumptions-2"`, "<strong>Auctions.</strong> not in it.", "ISC", "Mike Bostock"} {
		assert.True(t, strings.Contains(page, want), want)
	}
	assert.False(t, strings.Contains(page, "ZgotmplZ"), "the template found something unsafe")
	own := regexp.MustCompile(`(?s)<pre.*?</pre>`).ReplaceAllString(strings.Replace(page, charts, "", 1), "")
	assert.False(t, regexp.MustCompile(`(?:src|href)="(?:[a-z]+:)?//`).MatchString(own))
	assert.False(t, strings.Contains(own, "http:") || strings.Contains(own, "https:"), "a place on the network")
	assert.False(t, strings.Contains(charts+wiring, "</script"))
	again, err := example(t).Render()
	require.NoError(t, err)
	assert.True(t, page == string(again), "equal documents give equal bytes")
}

func TestEveryViewHasItsPictureAndItsCSV(t *testing.T) {
	d := example(t)
	text, err := d.Render()
	require.NoError(t, err)
	images := regexp.MustCompile(`<img src="data:image/svg\+xml;base64,([^"]+)" alt="[^"]+"`).FindAllSubmatch(text, -1)
	links := regexp.MustCompile(`<a class="csv" href="data:text/csv;charset=utf-8;base64,([^"]+)"`).FindAllSubmatch(text, -1)
	var views []View
	for _, b := range d.Sections[0].Blocks {
		views = append(views, b.(Chart).Views...)
	}
	require.Len(t, images, len(views))
	require.Len(t, links, len(views))
	for i, v := range views {
		for _, pair := range []struct{ got, want []byte }{{images[i][1], v.Picture}, {links[i][1], v.CSV}} {
			data, err := base64.StdEncoding.DecodeString(string(pair.got))
			require.NoError(t, err)
			assert.Equal(t, string(pair.want), string(data))
		}
	}
}

func TestWhatIsMissingInADocumentIsNamed(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(d *Document)
	}{
		{"report: a page needs a question and an answer", func(d *Document) { d.Answers = nil }},
		{"section Pictures: chart Weeks, view live_customers: no static picture",
			func(d *Document) { d.Sections[0].Blocks[0].(Chart).Views[0].Picture = nil }},
		{`section Pictures: chart Weeks, view live_customers: mark line median: the CSV has no column "p51"`,
			func(d *Document) { d.Sections[0].Blocks[0].(Chart).Views[0].Marks[1].Y = "p51" }},
		{"section Pictures: chart Funnel, view : finding and file name are required",
			func(d *Document) { d.Sections[0].Blocks[1].(Chart).Views[0].File = "" }},
		{"table Headline numbers: a row of 1 cells under 3 columns",
			func(d *Document) { d.Lead[0].(Table).Rows[1] = []page.Cell{page.Words("alone")} }},
		{"section Pictures: chart Empty has no view", func(d *Document) { d.Sections[0].Blocks[0] = Chart{Title: "Empty"} }},
		{"report: the page has 4.4 MB and may have 3", func(d *Document) {
			d.Sections[0].Blocks[0].(Chart).Views[0].Picture = make([]byte, 3_000_000)
		}},
	} {
		d := example(t)
		c.spoil(d)
		file := filepath.Join(t.TempDir(), "report.html")
		err := Write(file, d)
		require.Error(t, err)
		assert.Equal(t, c.want, err.Error())
		assert.NoFileExists(t, file)
	}
}

func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, Write(file, example(t)))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), "<!doctype html>"))
}

// A table on a narrow page parts no amount from its minus and no number from its margin of error.
func TestCellsStayWhole(t *testing.T) {
	d := &Document{Question: "Why?", Answers: []Answer{{Text: "So."}}, Lead: []Block{Table{Caption: "What it brings",
		Columns: []page.Column{{Name: "what"}, {Name: "cash", Numeric: true}}, Rows: [][]page.Cell{{{Text: "a"}, {Text: "−$280k ± $5k"}}}}}}
	text, err := d.Render()
	require.NoError(t, err)
	assert.Contains(t, string(text), "−\u2060$280k\u00a0±\u00a0$5k</td>")
}
