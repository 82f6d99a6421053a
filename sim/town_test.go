package sim_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
)

// 200 runs of town show diminishing returns: each further dollar on one channel
// wins fewer customers than the dollar before. The dealer has cash enough here,
// so that no run ends early and takes customers away.
func TestTownShowsDiminishingReturns(t *testing.T) {
	var settings []sim.Setting
	for _, factor := range []string{"0.5", "1", "2", "4"} {
		plan, err := scenarios.Load("town", scenarios.Set("finance.opening_cash=1_000_000", "channels.paid-search.weekly_budget*="+factor))
		require.NoError(t, err)
		settings = append(settings, sim.Setting{Name: "x" + factor, Plan: plan})
	}
	perDollar := func(from, to string) string {
		return "(won(" + to + ") - won(" + from + ")) / (media_spend(" + to + ") - media_spend(" + from + "))"
	}
	first, second, third := perDollar("x0.5", "x1"), perDollar("x1", "x2"), perDollar("x2", "x4")
	for i, e := range estimateTown(t, settings, first, second, first+" - "+second, second+" - "+third) {
		require.Greater(t, e.Value, 2*e.Error, i)
	}
}

// 200 runs of town show that a quarter without brand media costs sign-ups, and
// that some are still missing when last week's advertising is long back in mind,
// from the fifth week after the pause on: what years have built returns slowly.
func TestTownShowsAPauseOfTheBrand(t *testing.T) {
	plan, err := scenarios.Load("town")
	require.NoError(t, err)
	pause, err := scenarios.OpenBytes("pause.toml", []byte(`extends = "town"
title = "A quarter without brand media"
[changes.pause]
from = 2013-10-01
until = 2013-12-31
set = {"media.*.weekly_budget" = 0}
`))
	require.NoError(t, err)
	missing := func(weeks string) string { return "signups(plan, " + weeks + ") - signups(pause, " + weeks + ")" }
	for i, e := range estimateTown(t, []sim.Setting{{Name: "plan", Plan: plan}, {Name: "pause", Plan: pause.Plan}}, missing("weeks 40..52"), missing("weeks 57..65")) {
		require.Greater(t, e.Value, 2*e.Error, i)
	}
}

// estimateTown works expressions out on 200 runs, as one plays with town.
func estimateTown(t *testing.T, settings []sim.Setting, texts ...string) (out []analysis.Estimate) {
	t.Helper()
	d := sim.Design{Settings: settings, Seed: 1, Replications: 200}
	var expressions []*metric.Expression
	for _, text := range texts {
		e, err := metric.ParseExpression(text)
		require.NoError(t, err)
		expressions = append(expressions, e)
	}
	require.NoError(t, metric.Resolve(named(settings), expressions...))
	for _, e := range expressions {
		d.Measures = append(d.Measures, e.Leaves()...)
	}
	p, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	for i, e := range expressions {
		out = append(out, e.Estimate(p))
		t.Logf("%s: %.4g, standard error %.2g", texts[i], out[i].Value, out[i].Error)
	}
	return out
}
