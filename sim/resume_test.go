package sim_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/panel"
	"windfall/sim/store"
)

func takeFolder(t *testing.T) *store.Folder {
	f, _, err := store.Take(t.TempDir(), "test", false, new(any))
	require.NoError(t, err)
	return f
}

// A study that was interrupted goes on where it was and gives what one that was
// left alone gives. What is kept serves a shorter study and then a longer one, and
// neither another plan nor another seed, design or version takes it.
func TestAnInterruptedStudyGoesOn(t *testing.T) {
	load := func(sets ...string) *plan.Plan {
		p, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=3", "opening.plan=self", "opening.burn_in_weeks=0")...))
		require.NoError(t, err)
		return p
	}
	base, more := load(), load("media.radio.weekly_budget*=3")
	setting := func(name string, plan *plan.Plan) sim.Setting {
		return sim.Setting{Name: name, Plan: plan, Digest: scenarios.Digest(plan)}
	}
	design := func() sim.Design {
		return sim.Design{Settings: []sim.Setting{setting("plan", base), setting("more", more)},
			Measures: []panel.Leaf{leafOf("plan", "leads"), leafOf("more", "leads")}, Seed: 4, Replications: 12, Workers: 2, Version: "1"}
	}
	whole, err := sim.Measure(context.Background(), design())
	require.NoError(t, err)

	folder := takeFolder(t)
	run := func(ctx context.Context, change func(d *sim.Design)) (p *panel.Panel, prepared int, err error) {
		d := design()
		d.Folder = folder
		d.Prepare = func(plan *plan.Plan) (*sim.Engine, error) {
			prepared++
			return sim.Prepare(plan)
		}
		if change != nil {
			change(&d)
		}
		p, err = sim.Measure(ctx, d)
		return p, prepared, err
	}
	ctx, stop := context.WithCancel(context.Background())
	seen := 0
	_, prepared, err := run(ctx, func(d *sim.Design) {
		d.Workers = 1
		d.Progress = func(p sim.Progress) {
			if seen = p.Done; seen == 17 { // in the middle of the block
				stop()
			}
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, prepared)
	require.Less(t, seen, 24)

	resumed, anew := 0, 0
	p, _, err := run(context.Background(), func(d *sim.Design) {
		d.Progress = func(p sim.Progress) { resumed, anew = p.Resumed, anew+1 }
	})
	require.NoError(t, err)
	require.Positive(t, resumed, "what was done of the block is kept")
	require.Equal(t, 24-resumed, anew)
	require.Equal(t, whole, p)

	// A search tries a plan on a few replications first. What is kept of more is
	// neither run again nor given up.
	p, prepared, err = run(context.Background(), func(d *sim.Design) { d.Replications = 5 })
	require.NoError(t, err)
	require.Zero(t, prepared)
	require.Equal(t, whole.Values(leafOf("more", "leads"))[:5], p.Values(leafOf("more", "leads")))
	p, prepared, err = run(context.Background(), nil)
	require.NoError(t, err)
	require.Zero(t, prepared)
	require.Equal(t, whole, p)

	for name, change := range map[string]func(d *sim.Design){
		"another plan":    func(d *sim.Design) { d.Settings[0] = setting("plan", load("media.radio.weekly_budget*=2")) },
		"another seed":    func(d *sim.Design) { d.Seed++ },
		"another version": func(d *sim.Design) { d.Version = "2" },
		"another design":  func(d *sim.Design) { d.SeedsPerDraw = 2 },
		"other points":    func(d *sim.Design) { d.Points = " elsewhere" },
		"other measures":  func(d *sim.Design) { d.Measures[0].Measure.Column = "won" },
	} {
		folder = takeFolder(t)
		_, _, err := run(context.Background(), nil)
		require.NoError(t, err)
		got, prepared, err := run(context.Background(), change)
		require.NoError(t, err)
		require.NotZero(t, prepared, name)
		d := design()
		change(&d)
		alone, err := sim.Measure(context.Background(), d)
		require.NoError(t, err)
		require.Equal(t, alone, got, name)
	}
}
