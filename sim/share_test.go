package sim_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/panel"
)

// settingsThatShare are those of a pause and of a response to a budget, one that ends in ruin, and one that cannot
// share for it has rivals otherwise.
func settingsThatShare(t *testing.T) (out []sim.Setting) {
	load := func(sets ...string) *plan.Plan {
		p, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=12", "opening.plan=self", "opening.burn_in_weeks=6",
			`channels.display.response="0.1 to 0.8"`)...))
		require.NoError(t, err)
		return p
	}
	base := load()
	add := func(name string, p *plan.Plan) {
		out = append(out, sim.Setting{Name: name, Plan: p, Digest: scenarios.Digest(p)})
	}
	add("plan", base)
	middle := base.Run.Start + 7*5
	for _, weeks := range []plan.Date{1, 3, 6} {
		pause := base.Final("pause", middle, middle+7*weeks-1)
		pause.Effects = []plan.Effect{{Key: "media.*.weekly_budget", Multiply: true, Input: -1}}
		add(fmt.Sprintf("pause of %d", weeks), base.With(pause))
	}
	for _, factor := range []float64{0.5, 2} {
		respond := base.Final("budget", base.Run.Start, 0)
		respond.Effects = []plan.Effect{{Key: "channels.paid-search.weekly_budget", Multiply: true, Value: factor, Input: -1}}
		add(fmt.Sprintf("budget times %g", factor), base.With(respond))
	}
	add("ruin", load("finance.opening_cash=20000", "finance.fixed_cost_per_week=90000"))
	rivals := base.Final("rivals", base.Run.Start, 0)
	rivals.Effects = []plan.Effect{{Key: "triggers.*.rival_per_week", Value: 0.2, Input: -1}}
	add("rivals", base.With(rivals))
	return out
}

// What settings give side by side each of them gives by itself, to the bit: drawn, nested or at given inputs, with
// histories or without, on any number of goroutines; also one after the other, from first days that are kept.
func TestSettingsThatShareGiveWhatEachGives(t *testing.T) {
	settings := settingsThatShare(t)
	var leaves []panel.Leaf
	for i, s := range settings {
		for _, m := range []panel.Measure{{Column: "leads"}, {Column: "cash_end"}, {Column: "out_of_business"},
			{Column: "live_customers"}, {Column: "signups", From: 5, To: 9}} {
			leaves = append(leaves, panel.Leaf{Setting: s.Name, Measure: m})
		}
		if i%2 == 0 { // of the others no histories are read
			leaves = append(leaves, panel.Leaf{Setting: s.Name,
				Measure: panel.Measure{Column: "leads", Path: panel.Path{Asked: true, Unpaid: true}}})
		}
	}
	for name, kind := range map[string]sim.Design{
		"drawn":  {},
		"nested": {SeedsPerDraw: 2},
		"given": {Points: "test", At: func(i int, at []float64) int {
			for k := range at {
				at[k] = 0.1 + 0.2*float64(i%4)
			}
			return i / 2
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := kind
			d.Settings, d.Measures, d.Seed, d.Replications, d.Workers = settings, leaves, 4, 4, 2
			var apart []string
			d.Apart = func(lines []string) { apart = lines }
			all, err := sim.Measure(context.Background(), d)
			require.NoError(t, err)
			require.Equal(t, []string{
				"rivals: rivals, whom firms choose that came into the market before the first day"}, apart)
			differ, days := 0, sim.NewFirstDays(2)
			for i, s := range settings {
				one := d
				one.Settings, one.Measures, one.Workers = settings[i:i+1], nil, 1
				for _, l := range leaves {
					if l.Setting == s.Name {
						one.Measures = append(one.Measures, l)
					}
				}
				p, err := sim.Measure(context.Background(), one)
				require.NoError(t, err)
				one.FirstDays, one.Workers = days, 2
				onward, err := sim.Measure(context.Background(), one)
				require.NoError(t, err)
				require.Equal(t, p, onward, s.Name)
				for _, l := range one.Measures {
					require.Equal(t, p.Values(l), all.Values(l), "%v", l)
				}
				if i > 0 && all.Values(leafOf(s.Name, "leads"))[0] != all.Values(leafOf("plan", "leads"))[0] {
					differ++
				}
			}
			require.Equal(t, len(settings)-1, differ, "each setting does something")
			require.Equal(t, 1.0, all.Values(leafOf("ruin", "out_of_business"))[0])
		})
	}
}

// A design that is stopped inside a replication of several settings keeps what is whole, and goes on from there.
func TestSettingsThatShareAreStoppedInTheMiddle(t *testing.T) {
	settings := settingsThatShare(t)[:6]
	d := sim.Design{Settings: settings, Seed: 4, Replications: 4, Workers: 1}
	for _, s := range settings {
		d.Measures = append(d.Measures, leafOf(s.Name, "won"))
	}
	whole, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	d.Folder = takeFolder(t)
	ctx, stop := context.WithCancel(context.Background())
	last := 0
	d.Progress = func(p sim.Progress) {
		if last = p.Done; last == 9 {
			stop()
		}
	}
	_, err = sim.Measure(ctx, d)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 9, last, "the other settings of the replication are left out")
	d.Progress = func(p sim.Progress) { last = p.Resumed }
	p, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	require.Equal(t, 6, last)
	require.Equal(t, whole, p)
}
