package lesson

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/study"
)

// prepared reads a lesson for class.
func prepared(t *testing.T, l study.Lesson) *Class {
	t.Helper()
	c, err := Prepare(l, "9.9.9")
	require.NoError(t, err, l.ID)
	return c
}

var (
	loads       = regexp.MustCompile(`(?i)(src|href)="([^"]*)"|url\(([^)]*)\)`)
	unfill      = regexp.MustCompile(`\{[a-z][^}]*\}`)
	pictureMark = `<img src="data:image/svg`
	ownWord     = regexp.MustCompile(`(?i)\bdears?\b|\bhangs on\b|raised hand|\blucks?\b|gone in the control`)
)

// No picture of a lesson cuts a text short, on a telephone neither.
func TestPicturesOfLessonsCutNoText(t *testing.T) {
	for _, l := range study.Lessons() {
		p, err := prepared(t, l).page()
		require.NoError(t, err, l.ID)
		for _, s := range p.Slides {
			for _, url := range []string{string(s.Source), string(s.Print), string(s.Narrow)} {
				_, data, found := strings.Cut(url, "base64,")
				require.True(t, found, s.Title)
				svg, err := base64.StdEncoding.DecodeString(data)
				require.NoError(t, err, s.Title)
				assert.NotContains(t, string(svg), "…", "%s: %s", l.ID, s.Title)
			}
		}
	}
}

// The slides of every lesson show 5 or 6 pictures, each slide has notes, and the page loads nothing.
func TestSlidesOfEveryLesson(t *testing.T) {
	for _, l := range study.Lessons() {
		c := prepared(t, l)
		text, err := c.Slides()
		require.NoError(t, err, l.ID)
		pictures := strings.Count(string(text), pictureMark)
		assert.True(t, pictures == 5 || pictures == 6, "%s: %d pictures", l.ID, pictures)
		for _, s := range c.Deck.Slides {
			require.NotNil(t, s.Picture, "%s: %s", l.ID, s.Title)
			assert.NotEmpty(t, s.Text, "%s: %s", l.ID, s.Title)
			assert.NotEmpty(t, s.Notes, "%s: %s", l.ID, s.Title)
		}
		assert.NotEmpty(t, c.Deck.Setting, l.ID)
		assert.NotEmpty(t, c.Deck.Notes, l.ID)
		assert.NotEmpty(t, c.Deck.Control, l.ID)
		assert.NotEmpty(t, c.Deck.Assumed, l.ID)
		loadsNothing(t, l.ID, text)
	}
}

// Hand-outs have ten lines of words and three exercises; the student's has no solution, neither its text nor its number.
func TestHandoutsOfEveryLesson(t *testing.T) {
	for _, l := range study.Lessons() {
		c := prepared(t, l)
		student, err := c.Handout(false)
		require.NoError(t, err, l.ID)
		teacher, err := c.Handout(true)
		require.NoError(t, err, l.ID)
		assert.Equal(t, 10, bytes.Count(student, []byte("<dt>")), l.ID)
		require.Len(t, c.Exercises, 3, l.ID)
		assert.Zero(t, bytes.Count(student, []byte("Solution")), l.ID)
		assert.Equal(t, 3, bytes.Count(teacher, []byte("Solution")), l.ID)
		for _, x := range c.Exercises {
			assert.Contains(t, string(student), x.Command())
			assert.True(t, strings.Contains(x.Question, "?"), "%s, exercise %d asks nothing", l.ID, x.Number)
			assert.Contains(t, x.Solution, x.Shown().Text(false), "%s, exercise %d", l.ID, x.Number)
		}
		loadsNothing(t, l.ID, student)
		loadsNothing(t, l.ID, teacher)
	}
}

// loadsNothing holds that a page needs no network, has no number left out, and speaks the words of the house.
func loadsNothing(t *testing.T, id string, text []byte) {
	t.Helper()
	for _, m := range loads.FindAllSubmatch(text, -1) {
		assert.True(t, bytes.HasPrefix(m[2], []byte("data:")), "%s loads %s", id, m[0])
	}
	_, body, _ := bytes.Cut(text, []byte("</style>"))
	body, _, _ = bytes.Cut(body, []byte("<script>"))
	plain := regexp.MustCompile(`src="[^"]*"`).ReplaceAll(body, nil)
	assert.Empty(t, unfill.FindAllString(string(plain), -1), id)
	assert.Empty(t, ownWord.FindAllString(string(plain), -1), id)
	assert.Less(t, len(text), 600_000, id)
}

// A lesson says how it is recorded, in the page that is written without a run.
func TestRecordedPageSaysThatItIsRecorded(t *testing.T) {
	l, err := study.FindLesson("L05")
	require.NoError(t, err)
	a, err := l.RecordedAnswer()
	require.NoError(t, err)
	d, err := recordedPage(l, a, Origin{Version: "9.9.9", Command: "windfall lesson L05 --run", Title: l.Title})
	require.NoError(t, err)
	text, err := d.Render()
	require.NoError(t, err)
	assert.Contains(t, string(text), "Recorded by version "+l.Recorded.Version)
	assert.Contains(t, string(text), "Nothing was run now.")
	assert.Contains(t, string(text), `windfall lesson L05 <span class="flag">--run</span>`)
}

// chromium starts a browser that the tests share; its tabs are closed with them.
var chromium = sync.OnceValues(func() (context.Context, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(2*time.Minute))
		allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, _ := chromedp.NewContext(allocator)
		return ctx, chromedp.Run(ctx)
	}
	return nil, errors.New("no Chromium")
})

// opened opens a page of a lesson in a tab of so many pixels.
func opened(t *testing.T, text []byte, query string, width, height int64) context.Context {
	t.Helper()
	parent, err := chromium()
	if err != nil && err.Error() == "no Chromium" {
		t.Skip("not run: no Chromium")
	}
	require.NoError(t, err)
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	file := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	require.NoError(t, chromedp.Run(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate((&url.URL{Scheme: "file", Path: file, RawQuery: query}).String())))
	return ctx
}

// pagesOf prints a page and counts the pages of the PDF.
func pagesOf(t *testing.T, ctx context.Context) (n int) {
	t.Helper()
	require.NoError(t, chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		pdf, _, err := page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
		n = len(regexp.MustCompile(`/Type ?/Page\b[^s]`).FindAll(pdf, -1))
		return err
	})))
	return n
}

// Printed, hand-outs have two pages, slides one page each, with notes too. The short version prints one lesson.
func TestPrintedPages(t *testing.T) {
	for _, l := range study.Lessons() {
		if os.Getenv("WINDFALL_VERIFY") != "1" && l.ID != "L05" { // the longest hand-out
			continue
		}
		c := prepared(t, l)
		for _, solutions := range []bool{false, true} {
			text, err := c.Handout(solutions)
			require.NoError(t, err)
			assert.Equal(t, 2, pagesOf(t, opened(t, text, "", 900, 1200)), "%s, solutions %v", l.ID, solutions)
		}
		text, err := c.Slides()
		require.NoError(t, err)
		slides := strings.Count(string(text), `<section class="slide">`)
		assert.Equal(t, slides, pagesOf(t, opened(t, text, "", 1280, 720)), l.ID)
		assert.Equal(t, slides, pagesOf(t, opened(t, text, "notes", 1280, 720)), "%s with notes", l.ID)
	}
}

// Nothing of a slide lies outside of it, on the projector or with notes, and a phone needs no sideways scrolling of
// the page, in light and dark. The short version looks at one lesson.
func TestSlidesFit(t *testing.T) {
	for _, l := range study.Lessons() {
		if os.Getenv("WINDFALL_VERIFY") != "1" && l.ID != "L07" {
			continue
		}
		text, err := prepared(t, l).Slides()
		require.NoError(t, err)
		for _, query := range []string{"", "notes"} {
			ctx := opened(t, text, query, 1280, 720)
			var cut []string
			require.NoError(t, chromedp.Run(ctx, chromedp.Evaluate(`(() => { const out = []; document.querySelectorAll(".slide").forEach((s, i) => {
				dispatchEvent(new KeyboardEvent("keydown", {key: i ? "ArrowRight" : "Home"}));
				const b = s.querySelector(".box"), in_ = b.getBoundingClientRect();
				if (!s.classList.contains("on")) out.push(i + 1 + " is not shown");
				b.querySelectorAll("p, li, h1, h2, h3, img, dd").forEach(e => { const r = e.getBoundingClientRect();
					if (r.bottom > in_.bottom + 1 || r.right > in_.right + 1 || r.top < in_.top - 1) out.push(i + 1 + ": " + (e.textContent || e.alt)); });
			}); return out; })()`, &cut)))
			assert.Empty(t, cut, "%s %s", l.ID, query)
		}
		for _, scheme := range []string{"light", "dark"} {
			ctx := opened(t, text, "", 390, 844)
			var wide, paper string
			require.NoError(t, chromedp.Run(ctx, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
				chromedp.Evaluate(`String(document.documentElement.scrollWidth)`, &wide), chromedp.Evaluate(`getComputedStyle(document.body).backgroundColor`, &paper)))
			assert.Equal(t, "390", wide, l.ID)
			assert.Equal(t, map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 26)"}[scheme], paper, l.ID)
		}
	}
}

// The keys of the slides: on, back, notes, dark.
func TestKeysOfSlides(t *testing.T) {
	l, err := study.FindLesson("L05")
	require.NoError(t, err)
	text, err := prepared(t, l).Slides()
	require.NoError(t, err)
	ctx := opened(t, text, "", 1280, 720)
	state := func(key string) (out string) {
		require.NoError(t, chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(`(() => { dispatchEvent(new KeyboardEvent("keydown", {key: %q}));
			return [document.getElementById("place").textContent, document.body.classList.contains("with-notes"), document.documentElement.dataset.theme || "as the system"].join(", "); })()`, key), &out)))
		return out
	}
	for _, k := range [][2]string{
		{"Home", "1 / 11, false, as the system"}, {"ArrowLeft", "1 / 11, false, as the system"}, {"ArrowRight", "2 / 11, false, as the system"},
		{" ", "3 / 11, false, as the system"}, {"n", "3 / 11, true, as the system"}, {"n", "3 / 11, false, as the system"},
		{"End", "11 / 11, false, as the system"}, {"PageDown", "11 / 11, false, as the system"}, {"d", "11 / 11, false, dark"}, {"d", "11 / 11, false, light"},
	} {
		assert.Equal(t, k[1], state(k[0]), k[0])
	}
}

// shownPage opens the page of a lesson's recorded answer.
func shownPage(t *testing.T, id string) context.Context {
	t.Helper()
	a, pictures := recordedPictures(t, id)
	d, err := Page(a, pictures, Origin{Version: "9.9.9"})
	require.NoError(t, err)
	text, err := d.Render()
	require.NoError(t, err)
	return opened(t, text, "", 1280, 900)
}

// The numbers under a picture stand under what they are, in the units of its axes, a point of a week's end with that
// day; the file has the columns of before.
func TestNumbersOfPicturesAreRead(t *testing.T) {
	numbers := func(id string, picture int) (rows [][]string) {
		t.Helper()
		require.NoError(t, chromedp.Run(shownPage(t, id),
			chromedp.Evaluate(`document.querySelectorAll("details.numbers").forEach((d) => { d.open = true; })`, nil),
			chromedp.Sleep(200*time.Millisecond),
			chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("details.numbers")[%d].querySelectorAll("tr")].map(
				(r) => [...r.cells].map((c) => c.textContent.replace(/[\s\u00a0]*[↕↓↑]/, "")))`, picture), &rows)))
		return rows
	}
	paths := numbers("L04", 2)
	assert.Equal(t, []string{"Touches, or channels, on the path to a lead", "Series", "Leads (% of all leads)", "95% interval, from",
		"95% interval, to"}, paths[0])
	assert.Equal(t, []string{"1", "touches"}, paths[1][:2])
	assert.Regexp(t, `^[0-9.]+%$`, paths[1][2])
	for _, row := range numbers("L05", 2)[1:] {
		for _, amount := range row[2:] {
			assert.Regexp(t, `^\$[0-9]{1,3}(,[0-9]{3})*$`, amount, "no power of ten")
		}
	}
	weeks := numbers("L05", 0)
	assert.Equal(t, []string{"Week", "Week from", "Week’s end, where it is drawn", "Series"}, weeks[0][:4])
	for _, row := range weeks[1:] {
		if row[0] == "40" {
			assert.Equal(t, []string{"2013-10-01", "2013-10-07"}, row[1:3])
		}
	}
}

// Where few places of an axis were run, its ticks stand there and the lines have dots; a logarithmic axis says so.
func TestTicksStandWhereSomethingWasRun(t *testing.T) {
	var axis string
	var dots int
	require.NoError(t, chromedp.Run(shownPage(t, "L03"),
		chromedp.Evaluate(`document.querySelector(".stage svg").textContent.replace(/\s+/g, " ")`, &axis),
		chromedp.Evaluate(`document.querySelectorAll(".stage")[0].querySelectorAll("circle").length`, &dots)))
	assert.Contains(t, axis, "$50$200$500$1,000$5,000$10k")
	assert.Contains(t, axis, "logarithmic")
	assert.Equal(t, 4*6, dots)
}
