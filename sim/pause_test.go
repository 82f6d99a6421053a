package sim_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// At full size, 5.8 million firms, the pairs of a pause of three weeks save what
// is asked of them: unpaired plans would need at least 7 times the replications
// for the sign-ups of the weeks of the pause (pure thinning allows about 10 at an
// effect of 18%: e/(2-e)), and at least 50 times for those of the whole run.
// docs/verification.md has the numbers; WINDFALL_RECORD=1 writes them there.
func TestPairsOfAPauseSaveVarianceAtFullSize(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" && os.Getenv("WINDFALL_RECORD") != "1" {
		t.Skip("some minutes: with WINDFALL_VERIFY=1")
	}
	var table strings.Builder
	table.WriteString("| sign-ups | pairs | effect | variance saved | 95% interval | asked |\n|---|---|---|---|---|---|\n")
	for _, c := range []struct {
		name    string
		measure panel.Measure
		sets    []string // a run that ends with the pause has the same weeks as a longer one
		pairs   int
		least   float64
	}{
		{"of the three weeks of the pause", panel.Measure{Column: "signups", From: 40, To: 42}, []string{"run.weeks=42"}, 240, 7},
		{"of the whole run", panel.Measure{Column: "signups"}, nil, 60, 50},
	} {
		d := sim.Design{Seed: 1, Replications: c.pairs}
		for _, name := range []string{"phone-system", "pause-the-brand"} {
			plan, err := scenarios.Load(name, scenarios.Set(c.sets...))
			require.NoError(t, err)
			d.Settings, d.Measures = append(d.Settings, sim.Setting{Name: name, Plan: plan}), append(d.Measures, panel.Leaf{Setting: name, Measure: c.measure})
		}
		p, err := sim.Measure(context.Background(), d)
		require.NoError(t, err)
		without, with := d.Measures[0], d.Measures[1]
		saved := savedVariance(p.Values(without), p.Values(with))
		effect := p.Combine(func(v []float64) float64 { return v[1]/v[0] - 1 }, p.Mean(without), p.Mean(with))
		assert.GreaterOrEqual(t, saved.Low, c.least, c.name)
		fmt.Fprintf(&table, "| %s | %d | %.2f%% ± %.3f%% | %.1f times | %.1f to %.1f | at least %v |\n", c.name, c.pairs, 100*effect.Value, 100*effect.HalfWidth(), saved.Value, saved.Low, saved.High, c.least)
	}
	recordTable(t, "pause", table.String())
}

// savedVariance is the variance of the difference of unpaired plans over that of
// the paired one. Its interval is a jackknife of its logarithm, on which the
// error of a ratio of variances is near normal.
func savedVariance(a, b []float64) analysis.Estimate {
	variance := func(value func(i int) float64, from, to int) float64 {
		var sum, squares, n float64
		for i := range a {
			if i < from || i >= to {
				sum += value(i)
				n++
			}
		}
		for i := range a {
			if i < from || i >= to {
				squares += (value(i) - sum/n) * (value(i) - sum/n)
			}
		}
		return squares / (n - 1)
	}
	e := analysis.Jackknife(len(a), analysis.Ties{}, func(from, to int) float64 {
		return math.Log((variance(func(i int) float64 { return a[i] }, from, to) + variance(func(i int) float64 { return b[i] }, from, to)) /
			variance(func(i int) float64 { return b[i] - a[i] }, from, to))
	})
	return analysis.Estimate{Value: math.Exp(e.Value), Low: math.Exp(e.Low), High: math.Exp(e.High), N: e.N}
}

// recordTable holds a table against the one between its marks in
// docs/verification.md, or writes it there with WINDFALL_RECORD=1.
func recordTable(t *testing.T, name, table string) {
	t.Helper()
	recordIn(t, "../docs/verification.md", name, table)
}

// recordIn is recordTable of another page.
func recordIn(t *testing.T, file, name, table string) {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(page), begin)
	require.True(t, ok)
	shown, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if os.Getenv("WINDFALL_RECORD") == "1" {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+table+end+after), 0o600))
		return
	}
	assert.Equal(t, table, shown, "the table of "+file)
}
