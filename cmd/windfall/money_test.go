package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/words"
	"windfall/scenarios"
)

var (
	dollars = regexp.MustCompile(`\$\d|\bUSD\b|[Dd]ollars?\b`)
	folds   = regexp.MustCompile(`(?s)<details class="fold">.*?</details>|<p>.*?</p>|<ul class="list">.*?</ul>`)
	dataURL = regexp.MustCompile(`data:[^"]*`)
)

// euros is a small scenario whose every amount is stated, in euros: a resolved one with another
// currency.
func euros(t *testing.T) string {
	t.Helper()
	p, err := scenarios.Load("testdata/small.toml")
	require.NoError(t, err)
	text := scenarios.Resolved(p)
	require.Contains(t, text, `currency = "USD"`)
	file := filepath.Join(t.TempDir(), "euros.toml")
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(text, `currency = "USD"`, `currency = "EUR"`)), 0o666))
	return file
}

// A scenario in euros shows no dollar anywhere: terminal, JSON, tables, dictionary, pictures, pages.
func TestAScenarioInEurosShowsNoDollar(t *testing.T) {
	t.Parallel()
	file, dir := euros(t), t.TempDir()
	for _, args := range [][]string{
		{"run", file, "--replications", "60", "--out", filepath.Join(dir, "run")},
		{"pause", file, "--what", "brand", "--weeks", "1", "--replications", "10", "--out", filepath.Join(dir, "pause")},
		{"respond", file, "--replications", "4", "--out", filepath.Join(dir, "respond")},
		{"compare", file, "--set", "media.*.weekly_budget*=0.5", "--replications", "6", "--out",
			filepath.Join(dir, "compare")},
		{"stress", file, "--replications", "6", "--out", filepath.Join(dir, "stress")},
		{"optimise", file, "--budget", "€200k", "--evaluations", "6", "--replications", "4", "--hold-out", "20", "--out",
			filepath.Join(dir, "optimise")},
		{"why", filepath.Join(dir, "run"), "--worst", "cash_trough", "--out", filepath.Join(dir, "why")},
		{"scenarios", "check", file},
		{"scenarios", "explain", file},
		{"scenarios", "show", file},
	} {
		code, stdout, stderr := exits(args...)
		require.Contains(t, []int{exitDone, exitGoalMissed}, code, "%v: %s", args, stderr)
		for _, text := range []string{stdout, stderr} {
			require.NotRegexp(t, dollars, text, "%v", args)
		}
	}
	_, stdout, _ := exits("run", file, "--replications", "2", "--weeks", "2", "--no-pictures", "--no-report", "--out",
		filepath.Join(dir, "again"))
	assert.Regexp(t, `Lowest cash +EUR +€`, stdout)
	_, stdout, _ = exits("scenarios", "explain", file, "channels.paid-search.weekly_budget")
	assert.Contains(t, stdout, "EUR/week")
	seen := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".svg", ".html", ".json", ".csv", ".toml", ".md":
		default:
			return err
		}
		data, err := os.ReadFile(path)
		seen++
		text := string(data)
		if filepath.Ext(path) == ".html" {
			assert.NotContains(t, text, "money:2:$", path)
			// Facts and pages of the documentation that are quoted keep their dollars.
			text = folds.ReplaceAllString(dataURL.ReplaceAllString(scripts.ReplaceAllString(text, ""), ""), "")
		}
		// Names of columns and files are the same in every currency.
		text = strings.NewReplacer("next_dollar", "", "last_dollar", "", "per_dollar", "", "common_value_of_a_dollar", "",
			"dollars-", "", "next-dollar", "", "dollars.csv", "", "dollars.parquet", "").Replace(text)
		if at := dollars.FindStringIndex(text); at != nil {
			assert.Fail(t, "a dollar in "+path, text[max(0, at[0]-100):min(len(text), at[1]+100)])
		}
		return err
	}))
	require.Greater(t, seen, 30)
}

// Plans and runs in two currencies are not set side by side.
func TestTwoCurrenciesAreNotCompared(t *testing.T) {
	t.Parallel()
	file := euros(t)
	out := func() string { return filepath.Join(t.TempDir(), "out") }
	code, _, stderr := exits("compare", file, "testdata/small.toml", "--replications", "4", "--out", out())
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "cannot be compared: ")
	require.Contains(t, stderr, "one counts in EUR and the other in USD, and nothing is converted")
	a, b := out(), out()
	for dir, name := range map[string]string{a: file, b: "testdata/small.toml"} {
		code, _, stderr := exits("run", name, "--replications", "20", "--no-pictures", "--no-report", "--out", dir)
		require.Contains(t, []int{exitDone, exitGoalMissed}, code, stderr)
	}
	code, _, stderr = exits("report", a, b)
	require.NotEqual(t, exitDone, code)
	require.Contains(t, stderr, "counts in EUR and "+b+" in USD: nothing is converted, so they do not go on one page")
}

func TestAmountsAreWrittenInTheirCurrency(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"": "$1.24M", "USD": "$1.24M", "EUR": "€1.24M", "CHF": "CHF\u00a01.24M",
		"JPY": "¥1.24M", "CAD": "C$1.24M"} {
		assert.Equal(t, want, words.MoneyIn(code).Text(1_240_000))
		assert.True(t, words.MoneyIn(code).IsMoney())
		assert.Equal(t, words.MoneyIn(code), words.Measure{Name: "cash_end", Unit: moneyUnit(code)}.Format())
	}
	assert.Equal(t, "−€12.50", words.MoneyIn("EUR").Text(-12.5))
	assert.Equal(t, "¥13", words.MoneyIn("JPY").Text(12.6))
	assert.Equal(t, "−£0.50", words.In("GBP").Near(-0.5))
	for _, f := range []words.Format{words.Plain, words.Count, words.Percent} {
		assert.False(t, f.IsMoney())
	}
}

func moneyUnit(code string) string {
	if code == "" {
		return "USD/month"
	}
	return code + "/month"
}
