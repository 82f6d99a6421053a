package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/estimate"
	"windfall/sim/export"
)

const fromHere = "../../"

// released is the release of this version.
func released(t *testing.T) *Release {
	t.Helper()
	r, err := open(fromHere + releaseFile)
	require.NoError(t, err)
	return r
}

// call runs the command as a person would, with the release that is here.
func call(t *testing.T, args ...string) (code int, out, problems string) {
	t.Helper()
	var o, p bytes.Buffer
	code = run(context.Background(), append([]string{"-release", fromHere + releaseFile}, args...), &o, &p)
	return code, o.String(), p.String()
}

func TestTheDesignIsComplete(t *testing.T) {
	names, nulls := map[string]bool{}, 0
	for _, g := range groups() {
		require.Len(t, g.worlds, len(scopes)*len(weeks))
		for _, w := range g.worlds {
			require.False(t, names[w.Name], w.Name)
			names[w.Name] = true
			if w.Null() {
				nulls++
			}
		}
	}
	assert.Len(t, names, 3*3*2*4*3+2*4*3)
	assert.Equal(t, 2*4*3, nulls)
}

// Every world is a plan of the market, and what it switches on begins with the week that the panel calls the first of
// the pause.
func TestEveryWorldLoads(t *testing.T) {
	for _, g := range groups() {
		for _, w := range g.worlds[3:5] {
			p, err := load(w.Set)
			require.NoError(t, err, w.Name)
			require.EqualValues(t, horizon, p.Run.Weeks)
			require.EqualValues(t, seed, p.Run.Seed)
			begin := p.Run.Start + plan.Date(7*pauseFrom)
			for _, c := range p.Changes {
				assert.Equal(t, begin, c.From, w.Name)
			}
			assert.Equal(t, pauseDay, begin.String())
			if w.Event == "recession" {
				assert.Equal(t, begin, p.Economy.Path[0].From)
			}
		}
	}
}

// What a release says of a panel is what the panel gives: its bytes, the effect in it, what the methods find.
func TestPanelsAreThoseOfTheRelease(t *testing.T) {
	r := released(t)
	all := groups()
	for _, name := range []string{"halo-strong_decay-slow_recession", "halo-none_rival"} {
		i := slices.IndexFunc(all, func(g group) bool { return g.name == name })
		g := all[i]
		err := g.each(t.Context(), 2, func(i, k int, p *Panel, csv []byte, with, without *export.Panel) error {
			w := &g.worlds[i]
			want := r.byName[w.Name].Panels[k]
			assert.Equal(t, want.Checksum, checksum(csv), "%s, panel %d", w.Name, k)
			var x pairs
			assert.EqualValues(t, want.Realised, x.add(w, with, without))
			estimates, refused := found(w, p)
			assert.Equal(t, r.byName[w.Name].Refused, orNil(refused))
			require.Equal(t, len(want.Found), len(estimates))
			for method, f := range want.Found {
				for j := range f {
					assert.InDelta(t, float64(f[j]), float64(estimates[method][j]), 2e-3*(1+math.Abs(float64(f[j]))), method)
				}
			}
			return nil
		})
		require.NoError(t, err)
	}
}

func orNil(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return m
}

// The panel that a release holds of each world in whole has the checksum of its first panel.
func TestTheWholePanelsAreTheFirst(t *testing.T) {
	r := released(t)
	p, err := load(groups()[0].without)
	require.NoError(t, err)
	for _, w := range r.Results {
		seenBefore := map[string]bool{}
		require.Len(t, w.Panels, panels, w.Name)
		assert.Equal(t, w.Panels[0].Checksum, checksum(w.Example.CSV(p.Run.Start)), w.Name)
		for k := range w.Panels {
			assert.False(t, seenBefore[w.Panels[k].Checksum], "%s has a panel twice", w.Name)
			seenBefore[w.Panels[k].Checksum] = true
		}
	}
}

func TestTheReleaseIsThatOfThisProgram(t *testing.T) {
	r := released(t)
	want := header(len(r.Results))
	assert.Equal(t, string(market), r.Market, "the market has changed: a new version, and -results")
	assert.Equal(t, want.Methods, r.Methods)
	assert.Equal(t, want.Regions, r.Regions)
	assert.Len(t, r.Regions, 24)
	var names, ours []string
	for _, w := range r.Results {
		names = append(names, w.Name)
	}
	for _, g := range groups() {
		for _, w := range g.worlds {
			ours = append(ours, w.Name)
			assert.Equal(t, w, r.byName[w.Name].World)
		}
	}
	assert.Equal(t, ours, names)
	info, err := os.Stat(fromHere + releaseFile)
	require.NoError(t, err)
	assert.Less(t, info.Size(), int64(3<<20))
}

// Without halo nobody notices the pause; with it the truth is a loss, known well enough.
func TestTheTruthIsKnown(t *testing.T) {
	r := released(t)
	for _, w := range r.Results {
		own := w.Truth.Paused["signups"]
		if w.Null() {
			for _, m := range []map[string]Mean{w.Truth.Paused, w.Truth.Pause, w.Truth.Panel, w.Truth.All} {
				for outcome, x := range m {
					assert.Equal(t, Mean{}, x, "%s %s", w.Name, outcome)
				}
			}
			continue
		}
		assert.Less(t, float64(own.Value), -1.96*float64(own.Error), w.Name)
		most := max(-float64(own.Value)/20, float64(w.Truth.Without.Value)/200)
		assert.LessOrEqual(t, float64(own.Error), most*1.001, w.Name)
		var sum float64
		for _, m := range w.Truth.PausedWeekly[:w.Weeks] {
			sum += float64(m.Value)
		}
		assert.InDelta(t, float64(own.Value), sum, 0.01*(1-sum), w.Name)
	}
}

// The truth of pairs that are made up.
func TestTruthOfPairs(t *testing.T) {
	made := func(change float64) *export.Panel {
		p := &export.Panel{Regions: []string{"a", "b", "c"}, Columns: []plan.Column{{Name: "revenue"}},
			National: [][]float64{make([]float64, horizon)}}
		for r := range p.Regions {
			p.Signups = append(p.Signups, make([]float64, horizon))
			p.Won = append(p.Won, make([]float64, horizon))
			for t := range horizon {
				p.Signups[r][t] = 10
				if t >= pauseFrom && r == 2 {
					p.Signups[r][t] += change
				}
				if t >= pauseFrom && r == 0 {
					p.Won[r][t] = change
				}
				p.National[0][t] = 7 * float64(t) * change
			}
		}
		return p
	}
	w := &World{Scope: "regional", Weeks: 3}
	var x pairs
	assert.Equal(t, -3.0, x.add(w, made(-1), made(0)))
	assert.Equal(t, -9.0, x.add(w, made(-3), made(0)))
	truth := x.truth()
	assert.Equal(t, 2, truth.Pairs)
	assert.Equal(t, Mean{-6, 3}, truth.Paused["signups"])
	assert.Equal(t, Mean{0, 0}, truth.Paused["won"], "region a is not paused")
	assert.Equal(t, Mean{-6, 3}, truth.Pause["won"])
	assert.Equal(t, Mean{-2 * (panelWeeks - pauseFrom), panelWeeks - pauseFrom}, truth.Panel["signups"])
	assert.Equal(t, Mean{-2 * (horizon - pauseFrom), horizon - pauseFrom}, truth.All["signups"])
	assert.Equal(t, Mean{30, 0}, truth.Without)
	assert.InDelta(t, -0.2, truth.Relative(), 1e-12)
	assert.Equal(t, Mean{-2, 1}, truth.PausedWeekly[5])
	assert.Equal(t, Mean{0, 0}, truth.OthersWeekly[5])
	assert.Equal(t, -1, truth.HalfBack(3))
	for i := 8; i < len(truth.PausedWeekly); i++ {
		truth.PausedWeekly[i].Value = -1
	}
	assert.Equal(t, 5, truth.HalfBack(3))
	assert.False(t, x.known())
}

// Scores of intervals that are made up.
func TestScores(t *testing.T) {
	nan := Number(math.NaN())
	panel := func(own int, f ...Number) PanelResult {
		return PanelResult{Realised: own, Found: map[string][4]Number{"series": [4]Number(f)}}
	}
	truth := &Truth{Paused: map[string]Mean{"signups": {-10, 1}}, Without: Mean{100, 1}}
	w := &Result{World: World{Halo: 0.6}, Truth: truth, Panels: []PanelResult{
		panel(-8, -12, -15, -9, 0),    // a win, of the expected effect, not of the panel's own
		panel(-10, -6, -11, -1, 0.01), // a win that holds both
		panel(-9, -2, nan, 3, 0.5),    // missed
		panel(-14, 6, 2, 10, 0.02),    // the wrong sign
		{Realised: -9, Found: map[string][4]Number{}},
	}}
	s := w.score("series")
	assert.Equal(t, Score{Panels: 4, Effects: 4, Sizeable: 4, Bias: -4 + 4 + 7 + 20, Square: 16 + 16 + 49 + 400,
		Covered: 2, Expected: 3, WrongSign: 1, Missed: 1}, s)
	truth.Without = Mean{200, 1} // 5% are too few to be blamed for missing
	assert.Zero(t, w.score("series").Sizeable)
	w.World.Halo, truth.Paused = 0, map[string]Mean{"signups": {}}
	s = w.score("series")
	assert.Equal(t, [4]int{4, 3, 0, 0}, [4]int{s.Nulls, s.FalseWins, s.WrongSign, s.Missed})
}

func TestWhatIsAskedWrongly(t *testing.T) {
	there := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "ask for one of"},
		{[]string{"-check", "-write", filepath.Join(there, "new")}, "ask for one of"},
		{[]string{"-check", "more"}, "ask for one of"},
		{[]string{"-write", there}, "exists already"},
		{[]string{"-check", "-worlds", "halo-huge_*"}, "-worlds halo-huge_*: there is no such world; names are like"},
		{[]string{"-check", "-worlds", "["}, "syntax error"},
		{[]string{"-check", "-panels", "201"}, "1 to 200"},
		{[]string{"-check", "-workers", "0"}, "at least 1"},
		{[]string{"-results", "-panels", "3"}, "all worlds and panels"},
		{[]string{"-check", "-release", filepath.Join(there, "none")}, "no such file"},
		{[]string{"-check", "-release", "market.toml"}, "no release file"},
		{[]string{"-nonsense"}, "not defined"},
	} {
		code, _, problems := call(t, c.args...)
		assert.Equal(t, 2, code, "%v", c.args)
		assert.Contains(t, problems, c.says)
	}
}

// One world is written, read again, and held against the release; run alone its panels are those that it has among all.
func TestPanelsAreWrittenAndHeld(t *testing.T) {
	dir, name := filepath.Join(t.TempDir(), "panels"), "halo-medium_decay-fast_rival_regional_6w"
	code, out, problems := call(t, "-write", dir, "-worlds", name, "-panels", "2", "-workers", "1")
	require.Zero(t, code, problems)
	assert.Contains(t, out, "2 panels")
	f, err := os.Open(filepath.Join(dir, name, "001.csv.gz"))
	require.NoError(t, err)
	defer f.Close()
	zip, err := gzip.NewReader(f)
	require.NoError(t, err)
	text, err := io.ReadAll(zip)
	require.NoError(t, err)
	assert.Equal(t, released(t).byName[name].Panels[1].Checksum, checksum(text))
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	assert.Len(t, lines, 1+panelWeeks*24)
	assert.Equal(t, strings.TrimSuffix(columns, "\n"), lines[0])

	code, out, problems = call(t, "-check", "-worlds", name+", halo-none_alone_national_1w", "-panels", "1")
	require.Zero(t, code, problems)
	assert.Contains(t, out, "2 panels are those of the release")
}

// A release in which a checksum was changed does not hold, and one that was cut off is refused.
func TestAChangedChecksumIsSeen(t *testing.T) {
	r, name := released(t), "halo-none_alone_national_1w"
	r.byName[name].Panels[0].Checksum = "0123456789abcdef"
	file := filepath.Join(t.TempDir(), "changed")
	require.NoError(t, r.write(file))
	code, _, problems := call(t, "-check", "-worlds", name, "-panels", "1", "-release", file)
	assert.Equal(t, 2, code)
	assert.Contains(t, problems, "1 of 1 panels are not those of "+file+", panel 0 of "+name)

	r.Results = r.Results[:4]
	require.NoError(t, r.write(file))
	code, _, problems = call(t, "-check", "-release", file)
	assert.Equal(t, 2, code)
	assert.Contains(t, problems, "25 lines of 1441: it was cut off")
}

// -results goes on with what is done: a group that is kept is not computed again, one of another market is.
func TestResultsGoOn(t *testing.T) {
	dir := t.TempDir()
	head := header(0)
	list := []*Result{{World: World{Name: "kept"}, Truth: &Truth{}, Example: &Panel{}}}
	require.NoError(t, writePiece(filepath.Join(dir, "a.jsonl.gz"), head, list))
	back, err := readPiece(filepath.Join(dir, "a.jsonl.gz"), head)
	require.NoError(t, err)
	require.Len(t, back, 1)
	assert.Equal(t, "kept", back[0].Name)
	file := filepath.Join(dir, "release")
	computed := func(string, ...any) { t.Error("computed") }
	require.NoError(t, collect(t.Context(), dir, file, 1, []group{{name: "a"}}, computed))
	r, err := open(file)
	require.NoError(t, err)
	assert.Len(t, r.Results, 1)

	other := *head
	other.Market += "\n"
	back, err = readPiece(filepath.Join(dir, "a.jsonl.gz"), &other)
	assert.NoError(t, err)
	assert.Nil(t, back)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "b"), []byte("no"), 0o600))
	_, err = readPiece(filepath.Join(dir, "b"), head)
	assert.ErrorContains(t, err, "delete it")
}

func TestNumbersOfARelease(t *testing.T) {
	for x, want := range map[float64]string{0: "0", -12.3456: "-12.35", 0.00012345: "0.0001234", 123456: "123500",
		math.Inf(1): "null", math.NaN(): "null"} {
		text, err := json.Marshal(Number(x))
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
	}
	e := estimateOf([4]Number{1, Number(math.NaN()), 3, 0.5})
	assert.True(t, e.Covers(-1e9) && !e.Covers(4) && !e.Wins())
	assert.Equal(t, estimate.Estimate{Total: 1, Low: math.Inf(-1), High: 3, P: 0.5, Applicable: true}, e)
}

// docs/benchmark.md is that of the release; WINDFALL_RECORD=1 writes it.
func TestThePageIsThatOfTheRelease(t *testing.T) {
	page := released(t).page()
	assert.NotRegexp(t, `\{[a-z-]+\}`, page, "a part of the page that does not exist")
	if os.Getenv("WINDFALL_RECORD") == "1" {
		require.NoError(t, os.WriteFile(fromHere+pageFile, []byte(page), 0o666))
	}
	have, err := os.ReadFile(fromHere + pageFile)
	require.NoError(t, err)
	assert.Equal(t, page, string(have), "WINDFALL_RECORD=1 writes it")
}

// All panels of all worlds.
func TestEveryPanelIsThatOfTheRelease(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("minutes: WINDFALL_VERIFY=1")
	}
	code, out, problems := call(t, "-check")
	assert.Zero(t, code, problems)
	assert.Contains(t, out, "48000 panels are those of the release")
}
