package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asked are commands that run designs, each of three blocks or more.
func asked(t *testing.T) map[string][]string {
	small, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "mine.toml")
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf(`extends = %q
question = "What does brand bring?"
[study]
kind = "vary"
replications = 120
[study.vary]
keys = ["media.*.weekly_budget"]
values = ["x0", "x2"]
[study.expect.more]
inequality = "signups(x2) > signups(x0)"
[study.control]
title = "brand lifts nothing"
set = {"channels.*.halo" = 0, "channels.inbound.enabled" = false}
[study.control.expect.same]
inequality = "abs(signups(x2) / signups(x0) - 1) < 50%%"
`, small)), 0o600))
	shocks := filepath.Join(t.TempDir(), "shocks.toml")
	require.NoError(t, os.WriteFile(shocks, []byte("[dear]\ntitle = \"all channels cost twice as much\"\nmultiply = {\"channels.*.cost_multiplier\" = 2}\n"+
		"[cold]\ntitle = \"leads answer half as often\"\nmultiply = {\"channels.*.response\" = 0.5}\n"), 0o600))
	uncertain := []string{"--set", "channels.paid-search.response=0.01 to 0.9"}
	return map[string][]string{
		"run":     {"run", small, "--weeks", "3", "--replications", "120", "--no-report"},
		"compare": {"compare", small, "--set", "media.*.weekly_budget*=0", "--weeks", "2", "--replications", "120"},
		"experiment": {"experiment", small, "--set", "run.weeks=20", "--from", "2013-04-02", "--weeks", "4", "--design", "geo", "--on", "brand",
			"--set", "media.radio.to_salience=\"0.5 to 2\"", "--replications", "120"},
		"pause":       {"pause", small, "--weeks", "1,3", "--what", "paid-search", "--from", "2013-01-08", "--replications", "120"},
		"respond":     {"respond", small, "--vary", "channels.paid-search.weekly_budget=x0..x2:3", "--weeks", "2", "--replications", "120"},
		"stress":      {"stress", small, "--weeks", "3", "--replications", "110", "--shocks", shocks},
		"value":       append([]string{"value", small, "channels.paid-search.weekly_budget*=2", "--weeks", "2", "--draws", "100", "--seeds-per-draw", "2"}, uncertain...),
		"sensitivity": append([]string{"sensitivity", small, "--weeks", "2", "--replications", "40"}, uncertain...),
		"discover":    append([]string{"discover", small, "--weeks", "2", "--when", "signups < 30", "--replications", "150"}, uncertain...),
		"study":       {"study", file},
	}
}

// answerIn is the files of an answer but its manifest, which says who made it. Its
// folder has another name each time.
func answerIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		if name == "manifest.json" || strings.HasPrefix(name, ".windfall") {
			return nil
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		out[name] = strings.ReplaceAll(string(text), dir, "DIR")
		return nil
	}))
	return out
}

// requireSameAnswer compares answers file by file.
func requireSameAnswer(t *testing.T, want map[string]string, dir string) {
	t.Helper()
	got := answerIn(t, dir)
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
	for name, text := range want {
		require.True(t, text == got[name], "%s of %s differs", name, dir)
	}
}

// succeeds runs a command; whether what it found holds has no say.
func succeeds(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Main(args, nil, &stdout, &stderr)
	require.Contains(t, []int{exitDone, exitGoalMissed}, code, "%s: %s", strings.Join(args, " "), &stderr)
}

// waysOf are numbers of shards: all of them for one command in every test, for the others in the long version.
func waysOf(all bool) []int {
	if all || os.Getenv("WINDFALL_VERIFY") == "1" {
		return []int{1, 3, 7}
	}
	return []int{3}
}

// Every command that runs designs gives the same bytes in one process, merged from
// shards, or killed and resumed.
func TestEveryCommandIsTheSameInShardsAndResumed(t *testing.T) {
	short := []string{"run", "pause", "sensitivity"} // a run, a design, uncertain inputs
	for name, command := range asked(t) {
		t.Run(name, func(t *testing.T) {
			if !slices.Contains(short, name) && os.Getenv("WINDFALL_VERIFY") != "1" {
				t.Skip("some seconds: with WINDFALL_VERIFY=1, as make test does")
			}
			t.Parallel()
			dir := t.TempDir()
			in := func(out string, more ...string) []string {
				words := append(append([]string{}, command...), "--no-pictures", "--out", filepath.Join(dir, out))
				return append(words, more...)
			}
			succeeds(t, in("whole")...)
			want := answerIn(t, filepath.Join(dir, "whole"))
			require.NotEmpty(t, want)

			for _, shards := range waysOf(name == "pause") {
				merge := []string{"merge"}
				for i := shards - 1; i >= 0; i-- {
					out := fmt.Sprintf("shard-%d-of-%d", i, shards)
					merge = append(merge, filepath.Join(dir, out))
					succeeds(t, in(out, "--shard", fmt.Sprintf("%d/%d", i, shards))...)
				}
				merged := filepath.Join(dir, fmt.Sprintf("merged-%d", shards))
				merge = append(merge, "--out", merged, "--no-pictures")
				if name == "run" { // whose report says when it was made
					merge = append(merge, "--no-report")
				}
				succeeds(t, merge...)
				requireSameAnswer(t, want, merged)
			}

			killed := begin(t, in("killed")...)
			blocks := func() (n int) {
				_ = filepath.WalkDir(filepath.Join(dir, "killed", blocksFolder), func(path string, _ os.DirEntry, _ error) error {
					if strings.HasSuffix(path, ".block") {
						n++
					}
					return nil
				})
				return n
			}
			killed.until(t, func() bool { return blocks() >= 1 })
			require.NoError(t, killed.Process.Kill())
			require.ErrorContains(t, killed.Wait(), "killed")
			succeeds(t, in("killed", "--resume")...)
			requireSameAnswer(t, want, filepath.Join(dir, "killed"))
		})
	}
}

// What goes on until something is known, or found, goes through the same rounds in
// shards: each runs its part of a round, merging looks at it and names the next.
func TestRoundsInShardsAreOneProcess(t *testing.T) {
	small, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	large := filepath.Join(t.TempDir(), "large.toml") // a test of it has some power, and not enough
	require.NoError(t, os.WriteFile(large, fmt.Appendf(nil, `extends = %q
title = "A larger market"
[run]
weeks = 22
[population]
firms = 115_000
media_firms = 115_000
`, small), 0o600))
	var few []string // channels: each has six points
	for _, name := range []string{"affiliates", "branded-search", "direct-mail", "email", "linkedin", "partners", "review-sites", "seo-content", "webinars"} {
		few = append(few, "--set", "channels."+name+".enabled=false")
	}
	long := []string{"respond", "optimise", "experiment", "truth", "difference"} // make test has the last two
	for name, c := range map[string]struct {
		command []string
		answer  string // file that is there when it is finished
		rounds  int    // at least
	}{
		"precision": {[]string{"run", small, "--weeks", "2", "--precision", "signups=3%", "--no-report"}, "summary.json", 2},
		"difference": {[]string{"compare", small, "--plan", "more: channels.*.weekly_budget*=1.5", "--weeks", "2", "--precision",
			"signups=0.05"}, "compare.json", 2},
		"optimise": {[]string{"optimise", small, "--weeks", "2", "--levers", "media", "--evaluations", "14", "--replications", "60", "--hold-out", "110"}, "optimise.json", 7},
		"truth":    {[]string{"truth", small, "--weeks", "3", "--replications", "60"}, "truth.json", 2},
		"experiment": {[]string{"experiment", large, "--design", "geo", "--on", "brand", "--regions", "suburbs", "--weeks", "8",
			"--effect-on", "leads", "--from", "2013-04-02"}, "experiment.json", 2},
		"hold-out": {[]string{"optimise", small, "--weeks", "2", "--levers", "media", "--bounds", "media=0.95..1.05", "--maximise", "won", "--evaluations", "3", "--replications", "6"}, "optimise.json", 4},
		"respond":  {append([]string{"respond", small, "--weeks", "2", "--metric", "signups"}, few...), "respond.json", 3},
		"value":    {[]string{"value", small, "channels.paid-search.weekly_budget*=1.01", "--weeks", "2", "--metric", "won", "--seeds-per-draw", "1", "--set", "channels.paid-search.response=0.01 to 0.9"}, "value.json", 2},
	} {
		t.Run(name, func(t *testing.T) {
			if slices.Contains(long, name) && os.Getenv("WINDFALL_VERIFY") != "1" {
				t.Skip("half a minute: with WINDFALL_VERIFY=1")
			}
			t.Parallel()
			dir := t.TempDir()
			in := func(out string, more ...string) []string {
				return append(append(append([]string{}, c.command...), "--no-pictures", "--out", filepath.Join(dir, out)), more...)
			}
			succeeds(t, in("whole")...)
			want := answerIn(t, filepath.Join(dir, "whole"))
			for _, shards := range waysOf(false) {
				merged := filepath.Join(dir, fmt.Sprintf("merged-%d", shards))
				finished := func() bool { _, err := os.Stat(filepath.Join(merged, c.answer)); return err == nil }
				rounds := 0
				worked := map[int]bool{} // shards that tried a plan of the search
				tried := func(dir string) (blocks []string) {
					files, err := filepath.Glob(filepath.Join(dir, blocksFolder, "search-*", "*.block"))
					require.NoError(t, err)
					for _, f := range files {
						blocks = append(blocks, strings.TrimPrefix(f, dir))
					}
					return blocks
				}
				for ; !finished(); rounds++ {
					require.Less(t, rounds, 50)
					merge := []string{"merge"}
					for i := range shards {
						out := fmt.Sprintf("shard-%d-of-%d", i, shards)
						merge = append(merge, filepath.Join(dir, out))
						succeeds(t, in(out, "--shard", fmt.Sprintf("%d/%d", i, shards), "--after", merged)...)
						for _, block := range tried(filepath.Join(dir, out)) {
							if !slices.Contains(tried(merged), block) {
								worked[i] = true
							}
						}
					}
					merge = append(merge, "--out", merged, "--no-pictures")
					if name == "precision" {
						merge = append(merge, "--no-report")
					}
					succeeds(t, merge...)
				}
				require.GreaterOrEqual(t, rounds, c.rounds)
				if name == "optimise" { // the plans of a generation are work for all shards
					require.Len(t, worked, shards)
				}
				requireSameAnswer(t, want, merged)
			}
		})
	}
}

// A merge that lacks shards says which, and leaves no folder behind.
func TestAMergeWithoutAllShardsLeavesNothing(t *testing.T) {
	shard, out := filepath.Join(t.TempDir(), "shard"), filepath.Join(t.TempDir(), "whole")
	code, _, problem := exits("compare", "testdata/small.toml", "--set", "channels.email.weekly_budget*=2", "--weeks", "1", "--replications", "150",
		"--shard", "1/3", "--out", shard, "--quiet")
	require.Equal(t, exitDone, code, problem)
	code, _, problem = exits("merge", shard, "--out", out)
	require.Equal(t, exitUsage, code)
	require.Contains(t, problem, "2 of 3 blocks are missing")
	require.NoDirExists(t, out)
}
