package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// addedOutcome is the one edit that adds an outcome: an entry in the list of model/outcome.go.
const addedOutcome = `
	{Column: plan.Column{Name: "wins_and_signups", Unit: "customers", Label: "Wins and sign-ups", Direction: plan.More,
		Meaning: "Customers won and sign-ups, for a test."},
		headline: 5, read: func(c *closing) float64 { return float64(c.tally.wins + c.tally.signups) }},
	{Column: plan.Column{Name: "signups_per_sum", Unit: "share", Direction: plan.More, Over: "signups", Under: "wins_and_signups",
		Meaning: "Sign-ups over the sum, for a test.", Missing: "there is neither", Share: true}},
`

// An outcome is added in one place. The command built with that edit alone has it in the table, the dictionary, a goal,
// the summary and on the page, and every other number is as it was, although all of them have moved by a place.
func TestAnOutcomeIsAddedByOneEdit(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("builds the command again: with WINDFALL_VERIFY=1")
	}
	dir := t.TempDir()
	edited := buildWith(t, dir, "../../model/outcome.go", "var outcomeColumns = []outcomeColumn{\n", addedOutcome)
	plan := filepath.Join(dir, "plan.toml")
	base, err := filepath.Abs("testdata/small.toml")
	require.NoError(t, err)
	run := func(command, goal string) string {
		text := "extends = " + strconv.Quote(base) + "\n[goals.added]\nexpect = " + strconv.Quote(goal) + "\n"
		require.NoError(t, os.WriteFile(plan, []byte(text), 0o600))
		out := filepath.Join(dir, strconv.Itoa(len(goal)))
		c := exec.Command(command, "run", plan, "--replications", "50", "--out", out)
		c.Args[0] = "windfall" // this test binary plays windfall under that name (see TestMain)
		said, err := c.CombinedOutput()
		require.NoError(t, err, "%s", said)
		if command == edited {
			assert.Contains(t, string(said), "wins_and_signups")
		}
		return out
	}
	before, after := run(os.Args[0], "mean(won) > 0"), run(edited, "mean(wins_and_signups) > 0")

	was, is := columnsOf(t, before), columnsOf(t, after)
	for name, values := range was {
		require.Equal(t, values, is[name], name)
	}
	require.Len(t, is, len(was)+2)
	for i, text := range is["wins_and_signups"] {
		number := func(name string) int { x, _ := strconv.Atoi(is[name][i]); return x }
		require.Equal(t, strconv.Itoa(number("won")+number("signups")), text)
		require.NotEmpty(t, is["signups_per_sum"][i])
	}

	type column struct{ Table, Name, Label, Over string }
	var dictionary struct{ Columns []column }
	readJSON(t, filepath.Join(after, "columns.json"), &dictionary)
	require.Equal(t, column{"outcomes", "wins_and_signups", "Wins and sign-ups", ""}, dictionary.Columns[0])
	require.Equal(t, column{"outcomes", "signups_per_sum", "Sign-ups per sum", "signups"}, dictionary.Columns[1])

	var summary struct {
		Headlines []string
		Outcomes  []struct{ Name, Statistic string }
		Goals     []struct{ Expect, Verdict string }
	}
	readJSON(t, filepath.Join(after, "summary.json"), &summary)
	require.Equal(t, "wins_and_signups", summary.Headlines[0])
	require.Equal(t, "signups_per_sum", summary.Outcomes[1].Name)
	require.Equal(t, "ratio of totals", summary.Outcomes[1].Statistic)
	require.Len(t, summary.Goals, 1)
	assert.Equal(t, "mean(wins_and_signups) > 0", summary.Goals[0].Expect)
	assert.Equal(t, "met", summary.Goals[0].Verdict)

	page, err := os.ReadFile(filepath.Join(after, "report.html"))
	require.NoError(t, err)
	assert.Contains(t, string(page), "Wins and sign-ups")
}

// buildWith builds the command with a text put into one source file, behind another.
func buildWith(t *testing.T, dir, file, behind, text string) string {
	t.Helper()
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(source), behind))
	edited := filepath.Join(dir, "edited.go")
	require.NoError(t, os.WriteFile(edited, []byte(strings.Replace(string(source), behind, behind+text, 1)), 0o600))
	file, err = filepath.Abs(file)
	require.NoError(t, err)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: edited}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600))
	command := filepath.Join(dir, "windfall")
	said, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", command, ".").CombinedOutput()
	require.NoError(t, err, "%s", said)
	return command
}

// columnsOf are the columns of the table of replications in a folder, by name.
func columnsOf(t *testing.T, folder string) map[string][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, "replications.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	columns := map[string][]string{}
	for i, name := range rows[0] {
		for _, row := range rows[1:] {
			columns[name] = append(columns[name], row[i])
		}
	}
	require.False(t, slices.Contains(rows[0], ""))
	return columns
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}
