package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Plans that start from different states are refused with the first difference, by every
// command that sets plans side by side; with the flag they are compared, and the answer
// says so. A later value of a key is no difference of the opening state.
func TestDifferentOpeningsAreRefused(t *testing.T) {
	t.Parallel()
	files := written(t, "", "[opening]\nplan = \"self\"\n[media.radio]\nweekly_budget = 1650\n[media.outdoor]\nweekly_budget = 650\n",
		"[channels.paid-search]\nweekly_budget = [{value = 1800}, {from = 2013-01-15, value = 3000}]\n[finance]\nfixed_cost_per_week = 1\nopening_cash = 1e6\n")
	dir := t.TempDir()
	run := func(args ...string) (int, string, string) {
		return exits(append(args, "--no-pictures", "--no-report", "--out", filepath.Join(t.TempDir(), "out"))...)
	}
	for _, f := range []int{0, 1, 2} {
		code, _, stderr := exits("run", files[f], "--replications", "4", "--no-pictures", "--no-report", "--out", filepath.Join(dir, "run"+string(rune('0'+f))))
		require.Equal(t, exitDone, code, stderr)
	}
	for _, command := range [][]string{
		{"compare", files[0], files[1], "--replications", "2"},
		{"stress", files[0], files[1], "--replications", "2"},
		{"value", files[0], "--set", "customers.weibull_shape=\"0.7 to 0.95\"", "--decide", files[0], "--decide", files[1], "--draws", "100", "--seeds-per-draw", "1", "--weeks", "1"},
		{"respond", files[0], "--set", "opening.plan=self", "--vary", "media.outdoor.weekly_budget=650..1200:2", "--replications", "2"},
		{"compare", files[0], "--set", "opening.plan=self;media.outdoor.weekly_budget=650", "--replications", "2"},
		{"compare", files[0], "--set", "economy.start_regime=recession", "--replications", "2"},
		{"why", filepath.Join(dir, "run0"), "--replication", "1", "--against", filepath.Join(dir, "run1")},
	} {
		code, _, stderr := run(command...)
		require.Equal(t, exitUsage, code, "%s: %s", command[0], stderr)
		if strings.Contains(command[len(command)-3], "recession") {
			require.Contains(t, stderr, `in their opening plans economy.start_regime is "expansion" and "recession"`)
		} else {
			require.Regexp(t, `start from different states: in their opening plans media\.outdoor\.weekly_budget is (1200|650) and (1200|650)`, stderr, command[0])
		}
		require.Contains(t, stderr, "--allow-different-opening")
		code, _, stderr = run(append(command, "--allow-different-opening")...)
		require.Equal(t, exitDone, code, "%s: %s", command[0], stderr)
		if command[0] != "why" {
			require.Contains(t, unwrapped(stderr), "so part of the difference is where they start", command[0])
		}
	}
	for _, command := range [][]string{
		{"compare", files[0], files[2], "--replications", "2"},
		{"why", filepath.Join(dir, "run0"), "--replication", "1", "--against", filepath.Join(dir, "run2")},
	} {
		code, _, stderr := run(command...)
		require.Equal(t, exitDone, code, stderr)
	}
	study := filepath.Join(t.TempDir(), "study.toml")
	text := "extends = \"metro\"\ntitle = \"a\"\nquestion = \"b?\"\n[run]\nweeks = 2\n[opening]\nplan = \"self\"\n[study]\nkind = \"vary\"\nreplications = 2\n[study.vary]\nkeys = [\"media.outdoor.weekly_budget\"]\nvalues = [\"650\"]\n[study.expect.x]\nholds = \"won(plan) >= 0\"\n"
	require.NoError(t, os.WriteFile(study, []byte(text), 0o666))
	code, _, stderr := run("study", study)
	require.Equal(t, exitUsage, code, stderr)
	require.Contains(t, stderr, "setting 650 starts from another state than the plan: in its opening plan media.outdoor.weekly_budget is 650, not 1200")
}
