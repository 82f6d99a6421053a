package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What hurts customers who are there already is counted: where most customers are those of the first day, twice the
// churn is worse than dearer media. By lifetime_margin alone, which is about the customers whom the run brings, it is not.
func TestStressCountsCustomersOfTheFirstDay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shocks.toml")
	require.NoError(t, os.WriteFile(file, []byte("[media]\ntitle = \"media cost a quarter more\"\nmultiply = {\"channels.*.cost_multiplier\" = 1.25}\n[leave]\ntitle = \"churn doubles\"\nmultiply = {\"customers.churn_multiplier\" = 2}\n"), 0o666))
	worst := func(metric ...string) (shock, answer string) {
		var v struct {
			Metric, Answer string
			Separable      bool
			Cells          []struct {
				Shock  string
				Change struct{ Value float64 }
			}
		}
		// Hardly anybody is won in these weeks, and many are there.
		answered(t, &v, append([]string{"stress", "metro", "--weeks", "26", "--from", "2013-01-01", "--set", "channels.*.response*=0.1", "--shocks", file, "--replications", "20"}, metric...)...)
		shock = v.Cells[0].Shock
		for _, c := range v.Cells {
			if c.Change.Value < v.Cells[0].Change.Value {
				shock = c.Shock
			}
		}
		return shock, v.Answer
	}
	shock, answer := worst()
	require.Equal(t, "leave", shock)
	require.Contains(t, answer, "The worst of 2 shocks for metro is \"churn doubles\". It changes business value by −")
	require.NotContains(t, answer, "Too close to call")
	_, answer = worst("--metric", "cash_end")
	require.Contains(t, answer, "The worst of 2 shocks for metro is \"churn doubles\". It changes cash at the end by −")
}

// compare, whose answer goes by lifetime_margin, says where the business as a whole fares otherwise: less fixed cost is
// no difference to the customers whom the run brings.
func TestCompareSaysWhereTheBusinessFaresOtherwise(t *testing.T) {
	t.Parallel()
	var v struct{ Warnings []string }
	answered(t, &v, "compare", "metro", "--weeks", "26", "--set", "finance.fixed_cost_per_week*=0.5", "--replications", "10")
	require.Regexp(t, `Business value, which counts customers of the first day, fixed cost and ruin too, says otherwise: it differs by \$`, strings.Join(v.Warnings, "\n"))
	v.Warnings = nil
	answered(t, &v, "compare", "metro", "--weeks", "26", "--set", "channels.*.weekly_budget*=0.5", "--replications", "10")
	require.NotContains(t, strings.Join(v.Warnings, "\n"), "says otherwise")
}

// A plan that lays its people off at the end of its run does not look better for that, though their pay is saved and
// whom they would have won comes after the run.
func TestLayingOffAtTheEndDoesNotPay(t *testing.T) {
	t.Parallel()
	seeds := []string{"1", "2", "3", "4", "5"}
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		seeds = seeds[:1]
	}
	for weeks, from := range map[string]string{"59": "2014-01-21", "104": "2014-12-02"} {
		fired := filepath.Join(t.TempDir(), "fired.toml")
		require.NoError(t, os.WriteFile(fired, []byte("extends = \"metro\"\n[run]\nweeks = "+weeks+"\n[changes.fire]\nfrom = "+from+"\nset = {\"teams.*.people\" = 0}\n"), 0o666))
		for _, seed := range seeds {
			var v struct {
				Against []struct {
					Outcomes []struct {
						Name       string
						Difference struct{ High float64 }
					}
				}
			}
			answered(t, &v, "compare", "metro", fired, "--weeks", weeks, "--seed", seed, "--replications", "12")
			for _, o := range v.Against[0].Outcomes {
				if o.Name == "lifetime_margin" {
					require.Negative(t, o.Difference.High, "%s weeks, seed %s", weeks, seed)
				}
			}
		}
	}
}

// Every command whose answer goes by lifetime_margin says that a plan moves people at the end of its run, and how long a
// run sees what comes of it.
func TestLateMovesOfPeopleAreTold(t *testing.T) {
	t.Parallel()
	fired := filepath.Join(t.TempDir(), "fired.toml")
	require.NoError(t, os.WriteFile(fired, []byte("extends = \"town\"\n[run]\nweeks = 30\n[changes.fire]\nfrom = 2013-07-02\nset = {\"teams.sellers.people\" = 0}\n"), 0o666))
	want := regexp.MustCompile(`teams\.sellers\.people changes on 2013-07-02, and the run ends 4 weeks after that: .*judge it on a longer run, --weeks [0-9]+`)
	for _, args := range [][]string{
		{"run", fired, "--replications", "4"},
		{"compare", "town", fired, "--weeks", "30", "--replications", "4"},
		{"stress", fired, "--replications", "2"},
		{"respond", fired, "--vary", "channels.facebook.weekly_budget=x1..x2:2", "--replications", "4"},
		{"optimise", fired, "--levers", "channels.facebook.weekly_budget", "--evaluations", "2", "--replications", "2", "--hold-out", "4"},
		{"value", fired, "--set", "finance.opening_cash=1e4 to 1e6", "--decide", "channels.facebook.weekly_budget*=2", "--draws", "100", "--seeds-per-draw", "1"},
	} {
		code, _, stderr := exits(append(args, "--no-pictures", "--no-report", "--out", filepath.Join(t.TempDir(), "out"))...)
		require.Contains(t, []int{exitDone, exitGoalMissed}, code, stderr)
		require.Regexp(t, want, unwrapped(stderr), args[0])
		require.Equal(t, 1, strings.Count(stderr, "judge it on a longer run"), "%s: %s", args[0], stderr)
	}
	code, _, stderr := exits("pause", fired, "--weeks", "1", "--replications", "2", "--no-pictures", "--no-report", "--out", filepath.Join(t.TempDir(), "out"))
	require.Equal(t, exitDone, code, stderr)
	require.Regexp(t, `judge it on a longer run, --set run\.weeks=[0-9]+`, stderr)
	// Quarters as levers move people too.
	code, _, stderr = exits("optimise", "metro", "--weeks", "26", "--levers", "sales", "--by-quarter", "--bounds", "2013-Q2=0..0.2", "--evaluations", "6", "--replications", "2", "--hold-out", "4", "--no-pictures", "--out", filepath.Join(t.TempDir(), "out"))
	require.Equal(t, exitDone, code, stderr)
	require.Contains(t, stderr, "judge it on a longer run")
}

// An override that a later date sets again is told by every command that takes overrides, once; --vary says how to vary
// every value.
func TestOverridesThatAChangeSetsAgainAreTold(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "later.toml")
	require.NoError(t, os.WriteFile(file, []byte("extends = \"town\"\n[run]\nweeks = 6\n[changes.later]\nfrom = 2013-01-22\nset = {\"channels.facebook.weekly_budget\" = 2000}\n"), 0o666))
	const key = "channels.facebook.weekly_budget"
	again := "holds until 2013-01-22 only, when changes.later sets it again"
	const multiple = "; a multiple (*=1.5, or x0.5..x2 with --vary) acts on every value"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"compare", file, "--set", key + "=500", "--replications", "2"}, again + multiple},
		{[]string{"stress", file, "--set", key + "=500", "--replications", "2"}, again},
		{[]string{"respond", file, "--vary", key + "=500..900:3", "--replications", "2"}, "--vary: " + key + ": " + again + multiple},
		{[]string{"respond", file, "--vary", key + "=x0.5..x2:3", "--replications", "2"}, ""},
		{[]string{"value", file, "--decide", key + "=500", "--set", "finance.opening_cash=1e4 to 1e6", "--draws", "100", "--seeds-per-draw", "1"}, again},
		{[]string{"optimise", file, "--set", key + "=500", "--levers", key, "--evaluations", "2", "--replications", "2", "--hold-out", "2"}, again},
		{[]string{"optimise", file, "--levers", key, "--evaluations", "2", "--replications", "2", "--hold-out", "2"}, ""},
		{[]string{"pause", file, "--set", key + "=500", "--weeks", "1", "--replications", "2"}, again},
	} {
		code, _, stderr := exits(append(c.args, "--no-pictures", "--no-report", "--out", filepath.Join(t.TempDir(), "out"))...)
		require.Equal(t, exitDone, code, stderr)
		if c.want == "" {
			require.NotContains(t, stderr, "sets it again", "%v", c.args)
			continue
		}
		require.Equal(t, 1, strings.Count(unwrapped(stderr), c.want), "%v: %s", c.args, stderr)
	}
}

// A question that turns out to have no answer leaves nothing behind, as one that is refused at once.
func TestWhatHasNoAnswerLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	code, _, stderr := exits("optimise", "town", "--weeks", "2", "--maximise", "week_of_ruin", "--levers", "media", "--evaluations", "3", "--replications", "2", "--hold-out", "2", "--no-pictures", "--out", dir)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "it is known for no plan that was tried")
	entries, err := os.ReadDir(dir)
	require.True(t, err != nil || len(entries) == 0, "%v", entries)
}

// An equal whole-number change in two pairs is no sure one: no interval, the number of pairs that one needs, and no
// claim of how few would show a change.
func TestTwoEqualPairsAreNotExact(t *testing.T) {
	t.Parallel()
	var v struct {
		Against []struct {
			Answer   string
			Outcomes []json.RawMessage
		}
	}
	answered(t, &v, "compare", "metro", "--weeks", "2", "--set", "finance.fixed_cost_per_week*=0.5", "--metric", "won", "--replications", "2")
	require.Contains(t, v.Against[0].Answer, "have the same customers won in each run, and these are too few to say that they always do (an interval needs 6 runs)")
	answered(t, &v, "compare", "metro", "--weeks", "2", "--set", "finance.fixed_cost_per_week*=0.5", "--metric", "won", "--replications", "6")
	require.Contains(t, v.Against[0].Answer, "are identical in customers won in every run")
	answered(t, &v, "compare", "metro", "--weeks", "2", "--set", "channels.*.weekly_budget*=0.9", "--metric", "media_spend", "--replications", "3")
	require.Regexp(t, `an interval needs 6 runs`, v.Against[0].Answer)
	answered(t, &v, "compare", "metro", "--weeks", "4", "--set", "channels.*.weekly_budget*=0.99", "--metric", "won", "--replications", "5")
	require.NotContains(t, v.Against[0].Answer, "would show")
}
