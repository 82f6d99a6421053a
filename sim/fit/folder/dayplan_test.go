package folder

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// The company of docs/company.md is invented: its history is what the engine makes of a plan that a fit does not see,
// with some of its numbers multiplied by factors, under the spend of the history. WINDFALL_RECORD=1 writes it anew.
func TestHistoryOfTheWalkThrough(t *testing.T) {
	const data = "../../../scenarios/company/testdata"
	dir := filepath.Join(data, "dayplan")
	c, problems := company.Read(dir)
	wrong, _ := company.Split(problems)
	require.Empty(t, wrong)
	p, err := scenarios.Load(filepath.Join(data, "dayplan-hidden.toml"))
	require.NoError(t, err)
	kinds := map[string]string{}
	for _, ch := range c.Channels {
		kinds[ch.Name] = ch.Kind
	}
	unknowns := fit.Defaults(p, &c.History, kinds)
	x := hidden(t, filepath.Join(data, "dayplan-hidden.csv"), unknowns)
	h, _, _, err := fit.Simulate(p, &c.History, unknowns, x, 11, "dayplan", 0)
	require.NoError(t, err)
	ahead, next, _, err := fit.Simulate(p, &c.History, unknowns, x, 11, "dayplan", Ahead)
	require.NoError(t, err)
	text := historyText(h)
	assert.Equal(t, text, historyText(ahead), "what comes after it does not change the history")
	if os.Getenv("WINDFALL_RECORD") == "1" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "history.csv"), []byte(text), 0o600))
	}
	assert.Equal(t, text, read(t, dir, "history.csv"))
	assert.Contains(t, read(t, "../../../docs", "company.md"), fmt.Sprintf("wins %.0f customers in the next 52 "+
		"weeks", next))
}

// hidden are the values of unknowns: the logarithms of the factors that a file lists, 0 of others.
func hidden(t *testing.T, file string, unknowns []learned.Unknown) (x []float64) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	require.NoError(t, err)
	factors := map[string]float64{}
	for _, row := range rows[1:] {
		factors[row[0]], err = strconv.ParseFloat(row[1], 64)
		require.NoError(t, err)
	}
	for _, u := range unknowns {
		value := 0.0
		if f, ok := factors[u.Name]; ok {
			value = math.Log(f)
			delete(factors, u.Name)
		}
		x = append(x, value)
	}
	require.Empty(t, factors, "no such unknowns")
	return x
}

// historyText writes a history as the page ships it: a row a month.
func historyText(h *company.History) string {
	var b strings.Builder
	b.WriteString("month")
	for _, ch := range h.Channels {
		if ch.Spend != nil {
			b.WriteString(",spend " + ch.Name)
		}
		b.WriteString(",leads " + ch.Name)
	}
	b.WriteString(",won,churned,customers\n")
	for i, p := range h.Periods {
		b.WriteString(p.From.String()[:7])
		for _, ch := range h.Channels {
			if ch.Spend != nil {
				fmt.Fprintf(&b, ",%g", ch.Spend[i])
			}
			fmt.Fprintf(&b, ",%g", ch.Leads[i])
		}
		fmt.Fprintf(&b, ",%g,%g,%g\n", h.Won[i], h.Churned[i], h.Customers[i])
	}
	return b.String()
}
