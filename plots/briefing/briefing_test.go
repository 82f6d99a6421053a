package briefing

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	pages "windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/result"
	"windfall/sim/store"
)

// few runs a few weeks of the metropolitan market into a folder.
func few(t *testing.T, dir string, n int, sets ...string) Run {
	t.Helper()
	return by(t, "test", dir, n, sets...)
}

// by is a run made by a version of the program.
func by(t *testing.T, version, dir string, n int, sets ...string) Run {
	t.Helper()
	sets = append([]string{"run.weeks=8", fmt.Sprintf("run.replications=%d", n), "opening.plan=\"self\"",
		"opening.burn_in_weeks=2"}, sets...)
	plan, err := scenarios.Load("metro", scenarios.Set(sets...))
	require.NoError(t, err)
	r, err := sim.Run(t.Context(), sim.Design{Settings: []sim.Setting{{Plan: plan, Digest: scenarios.Digest(plan)}},
		Scenario: scenarios.Resolved(plan), Version: version, Seed: 1, Out: dir,
		Command: []string{"windfall", "run", "metro", "--set", "media.*.weekly_budget*=0.5"}})
	require.NoError(t, err)
	return Run{Result: r, Plan: plan}
}

// folder is where the runs of a test binary lie that several tests read.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "briefing"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

var (
	once  sync.Once
	first Run
)

// example is a run with goals and an uncertain input.
func example(t *testing.T) Run {
	t.Helper()
	once.Do(func() {
		first = few(t, filepath.Join(folder, "first"), 60, `goals.solvent.expect="P(out_of_business) <= 10%"`,
			`goals.huge.expect="mean(won) >= 1000000"`,
			`channels.paid-search.response="0.2 to 0.3"`)
	})
	require.NotNil(t, first.Result)
	return first
}

func pageOf(t *testing.T, runs ...Run) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, Write(file, runs...))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

var (
	rowPattern  = regexp.MustCompile(`(?s)<tr>.*?</tr>`)
	cellPattern = regexp.MustCompile(`(?s)<(?:td|th)([^>]*)>(.*?)</(?:td|th)>`)
	tagPattern  = regexp.MustCompile(`<[^>]*>`)
	attribute   = regexp.MustCompile(`data-(value|low|high)="([^"]*)"`)
)

// cell is a cell of a table as a reader and a script see it.
type cell struct {
	text  string
	value map[string]float64
}

// table reads the first table of the page with a caption.
func tableOf(t *testing.T, page, caption string) (rows [][]cell) {
	t.Helper()
	_, text, ok := strings.Cut(page, "<caption><span>"+caption+"</span></caption>")
	require.True(t, ok, caption)
	text, _, _ = strings.Cut(text, "</table>")
	_, text, _ = strings.Cut(text, "<tbody>")
	for _, row := range rowPattern.FindAllString(text, -1) {
		var cells []cell
		for _, m := range cellPattern.FindAllStringSubmatch(row, -1) {
			c := cell{text: html.UnescapeString(tagPattern.ReplaceAllString(m[2], "|")), value: map[string]float64{}}
			for _, a := range attribute.FindAllStringSubmatch(m[1], -1) {
				x, err := strconv.ParseFloat(html.UnescapeString(a[2]), 64)
				require.NoError(t, err)
				c.value[a[1]] = x
			}
			cells = append(cells, c)
		}
		rows = append(rows, cells)
	}
	return rows
}

// written reads a number as the report writes it, with the size of its last
// digit.
func written(t *testing.T, text string) (x, digit float64) {
	t.Helper()
	factor := 1.0
	text = strings.NewReplacer("−", "-", "$", "", ",", "").Replace(text)
	for suffix, f := range map[string]float64{"%": 0.01, "k": 1e3, "M": 1e6, "B": 1e9} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, factor = rest, f
		}
	}
	x, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err, text)
	_, decimals, _ := strings.Cut(text, ".")
	return x * factor, factor * math.Pow10(-len(decimals))
}

// The numbers of the report are those of summary.json, to the last bit in what
// scripts read and to the last digit in what people read.
func TestNumbersEqualThoseOfTheSummary(t *testing.T) {
	r := example(t)
	text := pageOf(t, r)
	raw, err := os.ReadFile(filepath.Join(r.Result.Dir, "summary.json"))
	require.NoError(t, err)
	var s struct {
		Headlines []string
		Outcomes  []struct {
			Name, Unit string
			Estimate   struct{ Value, Low, High *float64 }
			Quantiles  map[string]struct{ Value *float64 }
		}
		Goals []struct {
			Name, Expect, Verdict string
			Estimate              struct{ Value, Low, High *float64 }
		}
		Slices []struct {
			Dimension, Name, Column string
			Estimate                struct{ Value *float64 }
		}
	}
	require.NoError(t, json.Unmarshal(raw, &s))

	same := func(c cell, part string, want *float64, at string) {
		t.Helper()
		got, ok := c.value[part]
		if want == nil {
			assert.False(t, ok, at)
			return
		}
		assert.Equal(t, *want, got, at)
	}
	reads := func(text string, want *float64, at string) {
		t.Helper()
		if want != nil {
			x, digit := written(t, text)
			assert.InDelta(t, *want, x, digit*0.501, at)
		}
	}
	byName := map[string]int{} // by what people call it
	for i, o := range s.Outcomes {
		byName[measure(o.Name, o.Unit).Called()] = i
	}
	rows := tableOf(t, text, "Headline numbers")
	seen := 0
	for _, row := range rows {
		called, _, _ := strings.Cut(row[0].text, "|")
		if strings.HasSuffix(called, ", in business") {
			continue // of survivors
		}
		at, known := byName[strings.TrimSuffix(called, " *")]
		require.True(t, known, called)
		o, name := s.Outcomes[at], called
		same(row[2], "value", o.Estimate.Value, name)
		reads(row[2].text, o.Estimate.Value, name)
		same(row[4], "low", o.Estimate.Low, name)
		same(row[4], "high", o.Estimate.High, name)
		for i, q := range []string{"p5", "p50", "p95"} {
			if o.Name == "out_of_business" { // 0 or 1 in each run
				assert.Empty(t, row[5+i].text)
				continue
			}
			same(row[5+i], "value", o.Quantiles[q].Value, name+q)
			reads(row[5+i].text, o.Quantiles[q].Value, name+q)
		}
		seen++
	}
	assert.Equal(t, len(s.Headlines), seen)

	goals := tableOf(t, text, "Goals")
	require.Len(t, goals, len(s.Goals))
	for i, g := range s.Goals {
		assert.Equal(t, g.Name, goals[i][0].text)
		assert.Equal(t, g.Expect, goals[i][1].text)
		assert.Contains(t, goals[i][2].text, g.Verdict)
		same(goals[i][3], "value", g.Estimate.Value, g.Name)
		same(goals[i][4], "low", g.Estimate.Low, g.Name)
		same(goals[i][4], "high", g.Estimate.High, g.Name)
	}
	columns := []string{"leads", "won", "acquisition_cost", "cac", "ltv", "ltv_cac"}
	seen = 0
	for dimension, caption := range map[string]string{"channel": "By channel", "size": "By size of firm",
		"team": "By team"} {
		for _, row := range tableOf(t, text, caption) {
			for _, l := range s.Slices {
				if l.Dimension != dimension || l.Name != row[0].text {
					continue
				}
				for k, c := range columns {
					if c == l.Column {
						same(row[1+k], "value", l.Estimate.Value, l.Name+" "+c)
						seen++
					}
				}
			}
		}
	}
	assert.Greater(t, seen, 6*15)
}

func TestThePageSaysWhatAReaderAsks(t *testing.T) {
	r := example(t)
	text := pageOf(t, r)
	s, err := r.Result.Summary()
	require.NoError(t, err)
	for _, want := range []string{
		"<h1>" + r.Plan.Question + "</h1>", `<p class="answer">` + html.EscapeString(words.Whole(pages.RunLines(s, pages.Commands{}).Finding)) + "</p>",
		"missed</td>", "met</td>", "Fully loaded CAC", "More pictures</h2>", "Slices</h2>", "Assumptions</h2>",
		"What the model leaves out</h2>", "How to reproduce it</h2>",
		"<strong>Competitors as actors.</strong>", "Uncertain values: drawn anew in each run", "population.firms",
		"Census counts",
		`windfall run metro <span class="flag">--set</span> &#39;media.*.weekly_budget*=0.5&#39;`, r.Result.Manifest.Digest, "Windfall test",
		`download="metro.toml"`,
	} {
		assert.True(t, strings.Contains(text, want), want)
	}
	assert.False(t, strings.Contains(text, `class="banner"`))

	assert.Equal(t, "What can happen under metro?", Question("", "metro"))
	plain := *r.Plan
	plain.Question = ""
	assert.True(t, strings.Contains(pageOf(t, Run{Result: r.Result, Plan: &plain}),
		"<h1>What can happen under metro?</h1>"))
	assert.True(t, strings.Contains(pageOf(t, Run{Result: r.Result}), "How to reproduce it</h2>"),
		"a folder whose scenario cannot be read")
}

func TestRunsSideBySide(t *testing.T) {
	a := example(t)
	b := few(t, filepath.Join(folder, "second"), 60, "media.radio.weekly_budget*=0.5")
	text := pageOf(t, a, b)
	rows := tableOf(t, text, "Headline numbers")
	for i, r := range []Run{a, b} {
		s, err := r.Result.Summary()
		require.NoError(t, err)
		assert.Equal(t, s.Table()[0].Estimate.Value, rows[0][2+i].value["value"])
		assert.True(t, strings.Contains(text, html.EscapeString(words.Whole(pages.RunLines(s, pages.Commands{}).Finding))))
	}
	assert.True(t, strings.Contains(text, "media.radio.weekly_budget</th>"), "keys that differ")
	assert.False(t, strings.Contains(text, `class="banner"`))

	b = by(t, "older", filepath.Join(folder, "old"), 10)
	text = pageOf(t, a, b)
	const says = "These runs were made by different versions of Windfall (first by test, old by older): what differs " +
		"may come from the program."
	assert.True(t, strings.Contains(text, `<p class="banner" role="status">`+says), "on the first line")
	assert.Equal(t, says, Mixed(a, b))
	assert.Empty(t, Mixed(a, a))

	four := pageOf(t, a, few(t, filepath.Join(folder, "c"), 60), few(t, filepath.Join(folder, "d"), 10),
		few(t, filepath.Join(folder, "e"), 1))
	assert.True(t, strings.Contains(four, "unlike seeds, numbers of runs"))
}

func TestAnUnfinishedRunSaysSoOnTheFirstLine(t *testing.T) {
	r := few(t, filepath.Join(folder, "cut"), 120)
	require.NoError(t, os.Remove(filepath.Join(r.Result.Dir, "blocks", "000001.block")))
	manifest := filepath.Join(r.Result.Dir, "manifest.json")
	text, err := os.ReadFile(manifest)
	require.NoError(t, err)
	m := map[string]any{}
	require.NoError(t, json.Unmarshal(text, &m))
	delete(m, "checksum")
	m["complete"] = false
	text, err = store.Seal(m)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(manifest, text, 0o600))
	cut, err := result.OpenPartial(r.Result.Dir)
	require.NoError(t, err)
	page := pageOf(t, Run{Result: cut, Plan: r.Plan})
	_, body, _ := strings.Cut(page, "<body>\n")
	assert.True(t, strings.HasPrefix(body,
		`<p class="banner" role="status">This report is not finished: the first 50 runs of 120 are shown.</p>`),
		body[:200])
	assert.True(t, strings.Contains(page, "The run goes on with:"))
}

func TestAVendorThatWinsNobodyHasAReport(t *testing.T) {
	for _, n := range []int{1, 2, 60} {
		r := few(t, "", n, "channels.*.response=0", "finance.opening_cash=0")
		text := pageOf(t, r)
		s, err := r.Result.Summary()
		require.NoError(t, err)
		plain := strings.NewReplacer(`<span class="flag">`, "", "</span>", "").Replace(text)
		assert.True(t, strings.Contains(plain, html.EscapeString(words.Whole(pages.RunLines(s, pages.Commands{}).Finding))))
		body, _, _ := strings.Cut(text, "<script>")
		assert.False(t, strings.Contains(body, "NaN"), "n = %d", n)
	}
}

// What the command warned of stands on the pages too: a plan that hires so late that its run does not see what comes.
func TestAPageWarnsOfALateMove(t *testing.T) {
	r := few(t, "", 50, `changes.late.from="2013-02-01"`, `changes.late.set.teams.inside.people=40`)
	brief := filepath.Join(t.TempDir(), "summary.html")
	require.NoError(t, r.WriteBrief(brief))
	text, err := os.ReadFile(brief)
	require.NoError(t, err)
	for _, text := range []string{pageOf(t, r), string(text)} {
		assert.Contains(t, html.UnescapeString(text), "customer lifetime margin does not follow what people, hiring and prices do")
		assert.Contains(t, html.UnescapeString(text), "run.weeks = ")
	}
}

func TestALargePageLeavesPicturesOut(t *testing.T) {
	r := few(t, "", 2, "run.weeks=1200", "population.firms=5000", "opening.customers=5")
	text := pageOf(t, r)
	assert.Less(t, len(text), 3_000_000)
	assert.True(t, strings.Contains(text, "Some pictures are left out"))
}
