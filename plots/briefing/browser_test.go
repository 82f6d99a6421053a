package briefing

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/report"
	"windfall/sim/analysis"
)

// These tests open the report in Chromium. Where there is none they are skipped; make
// test installs it where it can, and says at its end if they did not run.

// axe is the accessibility checker (Mozilla Public License 2.0), for tests only.
//
//go:embed testdata/axe.min.js
var axe string

// findBrowser names the browser; empty if there is none.
func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// browser starts a browser that all tests share, each with a tab of its own.
var browser = sync.OnceValues(func() (context.Context, error) {
	path := findBrowser()
	if path == "" {
		return nil, errors.New("no Chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.WSURLReadTimeout(2*time.Minute), chromedp.UserDataDir(filepath.Join(folder, "chromium")))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	return ctx, chromedp.Run(ctx)
})

// tab opens a new tab of so many pixels.
func tab(t *testing.T, width, height int64) context.Context {
	t.Helper()
	if findBrowser() == "" {
		t.Skip("not run: no Chromium")
	}
	parent, err := browser()
	require.NoError(t, err)
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Run(ctx, chromedp.EmulateViewport(width, height)))
	return ctx
}

// reportFile writes the example's report once.
var reportFile = sync.OnceValues(func() (string, error) {
	file := filepath.Join(folder, "report.html")
	return file, Write(file, first)
})

func exampleFile(t *testing.T) string {
	t.Helper()
	example(t)
	file, err := reportFile()
	require.NoError(t, err)
	return "file://" + file
}

func visit(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(ctx, actions...))
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	var out T
	require.NoError(t, chromedp.Run(ctx, chromedp.Evaluate(expression, &out)))
	return out
}

// box is where an element lies in the window, after scrolling to it.
type box struct{ X, Y, Width, Height float64 }

func boxOf(t *testing.T, ctx context.Context, selector string) box {
	t.Helper()
	return ask[box](t, ctx, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getBoundingClientRect(); return {X: r.x, Y: r.y, Width: r.width, Height: r.height}; })()`, selector))
}

// tip is what a pointer shows over a chart.
type tip struct {
	Head  string
	Names []string
	Texts []string
}

// hover puts the pointer over a chart, at shares of its width and height.
func hover(t *testing.T, ctx context.Context, chart string, x, y float64) tip {
	t.Helper()
	r := boxOf(t, ctx, chart+" .stage")
	require.Positive(t, r.Width)
	visit(t, ctx, input.DispatchMouseEvent(input.MouseMoved, r.X+x*r.Width, r.Y+y*r.Height))
	return readTip(t, ctx, chart)
}

func readTip(t *testing.T, ctx context.Context, chart string) tip {
	t.Helper()
	return ask[tip](t, ctx, fmt.Sprintf(`(() => { const tip = document.querySelector(%q); if (!tip || tip.hidden) return {};
		return {Head: tip.querySelector("b").textContent, Names: [...tip.querySelectorAll("th")].map(e => e.textContent), Texts: [...tip.querySelectorAll("td")].map(e => e.textContent)}; })()`, chart+" .tip"))
}

// csvOf reads the CSV that a view of a chart offers to save.
func csvOf(t *testing.T, ctx context.Context, chart string, view int) []map[string]string {
	t.Helper()
	link := ask[string](t, ctx, fmt.Sprintf(`document.querySelectorAll(%q)[%d].href`, chart+" .static a.csv", view))
	_, data, _ := strings.Cut(link, ",")
	text, err := base64.StdEncoding.DecodeString(data)
	require.NoError(t, err)
	records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	require.NoError(t, err)
	var rows []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// shows holds a text against a number of the CSV, to the text's last digit.
func shows(t *testing.T, text, number string) {
	t.Helper()
	x, digit := written(t, text)
	want, err := strconv.ParseFloat(number, 64)
	require.NoError(t, err)
	assert.InDelta(t, want, x, 0.501*digit, "%s for %s", text, number)
	assert.True(t, want == x || math.Abs(want) < 0.001 || digit <= math.Abs(want)/1000 || digit <= 0.01, "%s has few digits for %s", text, number)
}

// chartOf finds a chart by its title.
func chartOf(t *testing.T, ctx context.Context, title string) string {
	t.Helper()
	id := ask[string](t, ctx, fmt.Sprintf(`[...document.querySelectorAll(".chart")].find(c => c.querySelector(".chart-title").textContent === %q).id`, title))
	return "#" + id
}

func TestThePointerShowsTheValueOfTheCSV(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))

	weeks := chartOf(t, ctx, "Week by week")
	choose := func(view int) {
		visit(t, ctx, chromedp.Evaluate(fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.selectedIndex = %d; s.dispatchEvent(new Event("change")); })()`, weeks+" select", view), nil))
	}
	for view, file := range map[int]string{0: "live_customers", 1: "cash", 2: "signups"} {
		choose(view)
		rows := csvOf(t, ctx, weeks, view)
		onDisk, err := os.ReadFile(filepath.Join(first.Result.Dir, "plots", "weekly-"+file+".csv"))
		if err == nil { // written by the command, not by this test
			assert.Contains(t, string(onDisk), rows[0]["p50"])
		}
		for _, x := range []float64{0.3, 0.6, 0.97} {
			got := hover(t, ctx, weeks, x, 0.5)
			week, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(got.Head, "end of "), "week "), ",")
			k, err := strconv.Atoi(week)
			require.NoError(t, err, got.Head)
			row := rows[k-1]
			at, err := time.Parse("2006-01-02", row["date"])
			require.NoError(t, err)
			if view < 2 { // a stock is that of the week's end
				at = at.AddDate(0, 0, 6)
			}
			assert.Contains(t, got.Head, at.Format("2 Jan 2006"))
			require.Equal(t, []string{nineTenths, half, median}, got.Names)
			for i, columns := range [][]string{{"p5", "p95"}, {"p25", "p75"}, {"p50"}} {
				texts := strings.Split(got.Texts[i], " to ")
				require.Len(t, texts, len(columns))
				for j, c := range columns {
					shows(t, texts[j], row[c])
				}
			}
		}
	}

	bars := chartOf(t, ctx, "How different single runs are")
	var filled []string
	for _, row := range csvOf(t, ctx, bars, 0) {
		if row["item"] == "runs in bar" {
			filled = append(filled, row["value"])
		}
	}
	got := hover(t, ctx, bars, 0.5, 0.5)
	require.Equal(t, []string{"runs"}, got.Names)
	assert.Contains(t, filled, got.Texts[0])

	funnel := chartOf(t, ctx, "From buyers in the market to customers")
	got = hover(t, ctx, funnel, 0.5, 0.05)
	first := csvOf(t, ctx, funnel, 0)[0]
	assert.Equal(t, first["stage"], got.Head)
	shows(t, got.Texts[0], first["mean"])
}

func TestTheKeyboardShowsValuesToo(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	weeks := chartOf(t, ctx, "Week by week")
	visit(t, ctx, chromedp.Focus(weeks+" .stage"), chromedp.KeyEvent("\u0303")) // arrow right
	assert.True(t, strings.HasPrefix(readTip(t, ctx, weeks).Head, "end of week 1, "), "%v", readTip(t, ctx, weeks))
	visit(t, ctx, chromedp.KeyEvent("\u0303"))
	assert.True(t, strings.HasPrefix(readTip(t, ctx, weeks).Head, "end of week 2, "))
	visit(t, ctx, chromedp.KeyEvent("\u001b")) // escape
	assert.Empty(t, readTip(t, ctx, weeks).Head)
}

func TestTheReaderChoosesWhatAChartShows(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	weeks, channels := chartOf(t, ctx, "Week by week"), chartOf(t, ctx, "Sign-ups by channel")
	areas := func() int {
		return ask[int](t, ctx, fmt.Sprintf(`document.querySelectorAll(%q).length`, weeks+` .stage svg g[data-mark="area"] path`))
	}
	assert.Equal(t, 2, areas())
	visit(t, ctx, chromedp.Click(weeks+` .legend input`, chromedp.ByQuery))
	assert.Equal(t, 1, areas(), "the band is hidden")
	assert.Equal(t, []string{half, median}, hover(t, ctx, weeks, 0.5, 0.5).Names)

	names := ask[[]string](t, ctx, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(o => o.textContent)`, channels+" option"))
	assert.Contains(t, names, "paid-search")
	before := ask[string](t, ctx, fmt.Sprintf(`document.querySelector(%q).textContent`, channels+" .finding"))
	visit(t, ctx, chromedp.Evaluate(fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.value = "paid-search"; s.dispatchEvent(new Event("change")); })()`, channels+" select"), nil))
	after := ask[string](t, ctx, fmt.Sprintf(`document.querySelector(%q).textContent`, channels+" .finding"))
	assert.NotEqual(t, before, after)
	assert.Contains(t, after, "paid-search")
}

func TestTablesSortByNumber(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	column := func() (texts []string) {
		return ask[[]string](t, ctx, `(() => { const t = [...document.querySelectorAll("table")].find(t => t.caption?.textContent === "By channel");
			const i = [...t.tHead.rows[0].cells].findIndex(c => c.textContent.startsWith("Acquisition cost"));
			return [...t.tBodies[0].rows].map(r => r.cells[i].firstChild.textContent); })()`)
	}
	click := func() {
		visit(t, ctx, chromedp.Evaluate(`[...[...document.querySelectorAll("table")].find(t => t.caption?.textContent === "By channel").querySelectorAll("th button")].find(b => b.textContent.trim() === "Acquisition cost").click()`, nil))
	}
	original := column()
	numbers := func(texts []string) (xs []float64) {
		for _, text := range texts {
			x, _ := written(t, text)
			xs = append(xs, x)
		}
		return xs
	}
	require.False(t, slices.IsSorted(numbers(original)))
	click()
	down := numbers(column())
	slices.Reverse(down)
	assert.True(t, slices.IsSorted(down), "%v", down)
	byText := slices.Clone(column())
	slices.Sort(byText)
	slices.Reverse(byText)
	assert.NotEqual(t, byText, column(), "an order by text would be another")
	click()
	assert.True(t, slices.IsSorted(numbers(column())))
	click()
	assert.Equal(t, original, column(), "and back")
}

// The first chart, whose title is a heading of the page, has its numbers too, and every axis of dates says its year.
func TestEveryChartHasItsNumbersAndItsYear(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	visit(t, ctx, chromedp.Evaluate(`document.querySelectorAll(".chart details.numbers").forEach(d => { d.open = true; })`, nil))
	visit(t, ctx, chromedp.Sleep(300*time.Millisecond))
	assert.Empty(t, ask[[]string](t, ctx, `[...document.querySelectorAll(".chart details.numbers")].filter(d => !d.querySelector("table")).map(d => d.closest(".chart").id)`))
	weeks := chartOf(t, ctx, "Week by week")
	ticks := ask[[]string](t, ctx, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(t => t.textContent)`, weeks+` .stage svg g[data-mark="x-axis tick label"] text`))
	require.NotEmpty(t, ticks)
	assert.Regexp(t, `20\d\d$`, ticks[0], "the first says its year")
}

func TestThePageAsksForNoNetwork(t *testing.T) {
	ctx := tab(t, 1100, 800)
	var mu sync.Mutex
	var asked, complaints []string
	chromedp.ListenTarget(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			asked = append(asked, e.Request.URL)
		case *network.EventLoadingFailed:
			complaints = append(complaints, e.ErrorText)
		}
	})
	file := exampleFile(t)
	visit(t, ctx, network.Enable(), chromedp.Navigate(file), chromedp.Evaluate(`for (const d of document.querySelectorAll("details")) d.open = true`, nil), chromedp.Sleep(300*time.Millisecond))
	policy := ask[string](t, ctx, `document.querySelector("meta[http-equiv=Content-Security-Policy]").content`)
	assert.Contains(t, policy, "default-src 'none'")
	mu.Lock()
	defer mu.Unlock()
	assert.Contains(t, asked, file)
	for _, url := range asked {
		assert.True(t, url == file || strings.HasPrefix(url, "data:"), "%.100s", url)
	}
	assert.Empty(t, complaints)
}

func TestWithoutScriptEveryChartHasItsPicture(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(exampleFile(t)), chromedp.Sleep(300*time.Millisecond))
	charts := ask[int](t, ctx, `document.querySelectorAll(".chart").length`)
	assert.Equal(t, 9, charts)
	assert.Zero(t, ask[int](t, ctx, `[...document.querySelectorAll(".chart")].filter(c => !c.querySelector(".static img")).length`))
	assert.Zero(t, ask[int](t, ctx, `[...document.querySelectorAll(".static img")].filter(i => !(i.naturalWidth > 300 && i.getBoundingClientRect().width > 200)).length`), "pictures that are not seen")
	assert.Zero(t, ask[int](t, ctx, `[...document.querySelectorAll(".live")].filter(e => !e.hidden).length`))
	assert.Zero(t, ask[int](t, ctx, `document.querySelectorAll("th button, button.theme").length`))
}

// With scripts the static pictures give way to the charts.
func TestWithScriptEveryChartIsDrawn(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	assert.Equal(t, 9, ask[int](t, ctx, `document.querySelectorAll(".chart.drawn .stage svg").length`))
	assert.Zero(t, ask[int](t, ctx, `[...document.querySelectorAll(".static")].filter(e => e.offsetHeight > 0).length`))
}

func TestThePageFitsAPhone(t *testing.T) {
	ctx := tab(t, 360, 740)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	assert.LessOrEqual(t, ask[int](t, ctx, `document.documentElement.scrollWidth`), 360)
	wide := ask[int](t, ctx, `[...document.querySelectorAll(".table > .scroll")].filter(s => s.checkVisibility() && s.scrollWidth > s.clientWidth + 1).length`)
	assert.Positive(t, wide)
	assert.Equal(t, wide, ask[int](t, ctx, `[...document.querySelectorAll(".swipe:not([hidden])")].filter(h =>
		h.nextElementSibling.scrollWidth > h.nextElementSibling.clientWidth + 1).length`), "a table that goes on says so")
	visit(t, ctx, chromedp.EmulateViewport(1600, 900), chromedp.Sleep(200*time.Millisecond))
	assert.Zero(t, ask[int](t, ctx, `[...document.querySelectorAll(".swipe:not([hidden])")].filter(h =>
		h.nextElementSibling.clientWidth && h.nextElementSibling.scrollWidth <= h.nextElementSibling.clientWidth).length`), "no other does")
}

// On a phone no two numbers of the axis of bars touch; their table has no interval of what has none, and cuts no name of
// a key inside a word.
func TestBarsOnAPhone(t *testing.T) {
	bars := picture.Bars{Names: "input", ValueName: "Change (USD)", Finding: "Changes",
		Labels: []string{"teams.field.speed_half_life_hours", "triggers.planned-replacement.window_weeks"},
		Lines: []picture.Line{{Name: "at 5%", Points: []analysis.Estimate{{Value: -460e3, Low: -460e3, High: -460e3},
			{Value: -170e3, Low: -170e3, High: -170e3}}}, {Name: "at 95%", Points: []analysis.Estimate{
			{Value: 440e3, Low: 440e3, High: 440e3}, {Value: 120e3, Low: 120e3, High: 120e3}}}}}
	d, err := report.Of(&page.Document{Question: "sensitivity", Scenario: "metro", Sentences: []string{"It is a."},
		Size: "2 runs", Pictures: []page.Picture{{Name: "tornado", Data: bars}}},
		report.Made{Typed: "windfall", Version: "1", Data: []byte("{}")})
	require.NoError(t, err)
	text, err := d.Render()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, text, 0o644))
	ctx := tab(t, 390, 844)
	visit(t, ctx, chromedp.Navigate("file://"+file), chromedp.Sleep(300*time.Millisecond),
		chromedp.Evaluate(`document.querySelector(".chart details.numbers").open = true`, nil), chromedp.Sleep(300*time.Millisecond))
	const ticks = `[...document.querySelectorAll(".stage svg g[data-mark='x-axis tick label'] text")].filter(e => e.checkVisibility())`
	assert.Contains(t, ask[[]string](t, ctx, ticks+`.map(e => e.textContent)`), "$0")
	assert.Zero(t, ask[int](t, ctx, ticks+`.map(e => e.getBoundingClientRect()).filter((b, i, all) => i && b.left < all[i - 1].right + 3).length`))
	assert.Equal(t, []string{"Input", "Series", "Change (USD)"}, ask[[]string](t, ctx,
		`[...document.querySelectorAll(".numbers thead th")].map(e => e.textContent.replace(/[^A-Za-z() ]/g, "").trim())`))
	assert.Equal(t, 5, ask[int](t, ctx, `document.querySelector(".numbers tbody th wbr").parentNode.querySelectorAll("wbr").length`))
}

// On a phone every number of the board's page is in sight, below the name of its row and beside that of its column.
// The script finds ticks enough for an axis, tells lines apart that lie on one another, and puts no name beside another's dot.
func TestPicturesOnAPhoneKeepTheirScale(t *testing.T) {
	ctx := tab(t, 390, 844)
	visit(t, ctx, chromedp.Navigate(exampleFile(t)))
	for _, c := range ask[[][]string](t, ctx, `[...document.querySelectorAll(".chart.drawn")].map(c => [c.querySelector(".chart-title").textContent,
		...[...c.querySelectorAll(".stage svg [data-mark='x-axis tick label'] text")].map(e => e.textContent)])`) {
		assert.GreaterOrEqual(t, len(c)-1, 2, "the ticks of %s", c[0])
	}
	brand := chartOf(t, ctx, "The brand")
	rows := csvOf(t, ctx, brand, 0)
	alike := !slices.ContainsFunc(rows, func(r map[string]string) bool { return r["salience"] != r["equity"] })
	dashed := ask[int](t, ctx, fmt.Sprintf(`document.querySelectorAll(%q).length`, brand+" .stage svg g[data-mark=line][stroke-dasharray='10 10'], "+
		brand+" .stage svg [stroke-dasharray='10 10']"))
	assert.Equal(t, alike, dashed > 0)
}

func TestTheBoardsPageFitsAPhone(t *testing.T) {
	example(t)
	file := filepath.Join(t.TempDir(), "summary.html")
	require.NoError(t, first.WriteBrief(file))
	ctx := tab(t, 390, 844)
	visit(t, ctx, chromedp.Navigate("file://"+file))
	assert.Positive(t, ask[int](t, ctx, `document.querySelectorAll("td").length`))
	assert.Zero(t, ask[int](t, ctx, `[...document.querySelectorAll("td, tbody th, img")].filter(e => e.getBoundingClientRect().right > 390).length`))
	assert.Equal(t, ask[string](t, ctx, `document.querySelectorAll("thead th")[2].textContent`)+": ",
		ask[string](t, ctx, `getComputedStyle(document.querySelectorAll("tbody tr td")[1], "::before").content.slice(1, -1)`))
	visit(t, ctx, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
	assert.Contains(t, ask[string](t, ctx, `getComputedStyle(document.querySelector("img")).filter`), "invert")
	visit(t, ctx, emulation.SetEmulatedMedia().WithMedia("print"))
	assert.Equal(t, "none", ask[string](t, ctx, `getComputedStyle(document.querySelector("img")).filter`))
}

// violation is what the accessibility check found.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target  []any
		Summary string `json:"failureSummary"`
	}
}

func TestThePagePassesTheAccessibilityCheck(t *testing.T) {
	file := exampleFile(t)
	for _, theme := range []string{"light", "dark"} {
		t.Run(theme, func(t *testing.T) {
			ctx := tab(t, 1100, 800)
			visit(t, ctx, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}),
				chromedp.Navigate(file), chromedp.Evaluate(`for (const d of document.querySelectorAll("details")) d.open = true`, nil), chromedp.Sleep(200*time.Millisecond))
			weeks := chartOf(t, ctx, "Week by week")
			require.NotEmpty(t, hover(t, ctx, weeks, 0.5, 0.5).Head)
			visit(t, ctx, chromedp.Evaluate(axe, nil), chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"], rules: {region: {enabled: true}}}).then(r => { window.found = JSON.stringify(r.violations); })`, nil),
				chromedp.Poll(`window.found !== undefined`, nil, chromedp.WithPollingTimeout(90*time.Second)))
			var found []violation
			require.NoError(t, json.Unmarshal([]byte(ask[string](t, ctx, `window.found`)), &found))
			for _, v := range found {
				node := v.Nodes[0]
				t.Errorf("%s (%s): %s, %d times, first %v: %s", v.ID, v.Impact, v.Help, len(v.Nodes), node.Target, node.Summary)
			}
		})
	}
}

// The page prints on both sizes of paper, light on white whatever the theme, and
// nothing is cut at the right.
func TestThePagePrints(t *testing.T) {
	ctx := tab(t, 1100, 800)
	visit(t, ctx, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}), chromedp.Navigate(exampleFile(t)))
	for name, size := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
		var pdf []byte
		visit(t, ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
			pdf, _, err = cdp.PrintToPDF().WithPaperWidth(size[0]).WithPaperHeight(size[1]).Do(ctx)
			return err
		}))
		pages := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(pdf, -1))
		assert.Greater(t, pages, 4, name)
		assert.Less(t, pages, 25, name)
	}
	visit(t, ctx, emulation.SetEmulatedMedia().WithMedia("print"))
	assert.Equal(t, "rgb(255, 255, 255)", ask[string](t, ctx, `getComputedStyle(document.body).backgroundColor`))
}
