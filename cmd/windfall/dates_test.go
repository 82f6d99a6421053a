package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// answered runs a command and reads the JSON that it prints.
func answered(t *testing.T, into any, args ...string) {
	t.Helper()
	code, stdout, stderr := exits(append(args, "--json", "--no-pictures", "--no-report", "--out", filepath.Join(t.TempDir(), "out"))...)
	require.Equal(t, exitDone, code, stderr)
	require.NoError(t, json.Unmarshal([]byte(stdout), into))
}

// written writes scenarios that extend small.toml, each in a folder of its own so that
// all have one name.
func written(t *testing.T, texts ...string) (files []string) {
	t.Helper()
	small, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	for _, text := range texts {
		file := filepath.Join(t.TempDir(), "plan.toml")
		require.NoError(t, os.WriteFile(file, []byte("extends = \""+filepath.ToSlash(small)+"\"\n"+text), 0o666))
		files = append(files, file)
	}
	return files
}

// Shocks, pauses and KEY*=x do to a plan that states its own values again later what
// they do to the plan.
func TestLaterChangesUndoNothing(t *testing.T) {
	t.Parallel()
	files := written(t, "[run]\nweeks = 20\n", `[run]
weeks = 20
[changes.later]
from = 2013-03-19
set = {"channels.paid-search.weekly_budget" = 1800, "media.radio.weekly_budget" = 3000}
`)
	for _, command := range [][]string{
		{"stress", "--from", "2013-02-05"},
		{"pause", "--what", "paid-search,radio", "--from", "2013-02-26", "--weeks", "6"},
		{"experiment", "--design", "dark", "--on", "paid-search", "--from", "2013-04-02", "--weeks", "4"},
		{"compare", "--set", "channels.paid-search.weekly_budget*=2"},
		{"respond", "--vary", "channels.paid-search.weekly_budget=x0..x2:3"},
	} {
		var answers [2]map[string]any
		for i, file := range files {
			answered(t, &answers[i], append([]string{command[0], file, "--replications", "6"}, command[1:]...)...)
		}
		require.Equal(t, answers[0], answers[1], command[0])
	}
}

// A multiple acts on a value that is set by a later date, too: 26 weeks of 1,800 more
// and 78 of 3,000.
func TestAMultipleOfARaise(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "raise.toml")
	require.NoError(t, os.WriteFile(file, []byte("extends = \"metro\"\n[changes.more]\nfrom = 2013-07-02\nset = {\"channels.paid-search.weekly_budget\" = 3000}\n"), 0o666))
	var answer struct {
		Against []struct {
			Outcomes []struct {
				Name       string
				Difference struct{ Value float64 }
			}
		}
	}
	answered(t, &answer, "compare", file, "--set", "channels.paid-search.weekly_budget*=2", "--replications", "2")
	for _, o := range answer.Against[0].Outcomes {
		if o.Name == "media_spend" {
			require.InDelta(t, 280_800, o.Difference.Value, 1)
			return
		}
	}
	t.Fatal("no media_spend")
}
