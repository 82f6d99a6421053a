package paired

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim"
)

// A study that was interrupted goes on where it was and gives what one that was
// left alone gives. What is kept serves a shorter study and then a longer one, and
// neither another plan nor another seed, design or version takes it.
func TestAnInterruptedStudyGoesOn(t *testing.T) {
	load := func(sets ...string) *model.Plan {
		p, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=3", "opening.plan=self", "opening.burn_in_weeks=0")...))
		require.NoError(t, err)
		return p
	}
	plan, more := load(), load("media.radio.weekly_budget*=3")
	setting := func(name string, plan *model.Plan) Setting { return Setting{name, plan, scenarios.Digest(plan)} }
	design := func() Design {
		return Design{Settings: []Setting{setting("plan", plan), setting("more", more)},
			Measures: []Leaf{leafOf("plan", "leads"), leafOf("more", "leads")}, Seed: 4, Replications: 12, Workers: 2, Version: "1"}
	}
	whole, err := Run(context.Background(), design())
	require.NoError(t, err)

	folder := t.TempDir()
	run := func(ctx context.Context, change func(d *Design)) (p *Panel, prepared int, err error) {
		d := design()
		d.Folder = folder
		d.Prepare = func(plan *model.Plan) (*sim.Engine, error) {
			prepared++
			return sim.Prepare(plan)
		}
		if change != nil {
			change(&d)
		}
		p, err = Run(ctx, d)
		return p, prepared, err
	}
	ctx, stop := context.WithCancel(context.Background())
	seen := 0
	_, prepared, err := run(ctx, func(d *Design) {
		d.Progress = func(done, _ int) {
			if seen = done; done == 17 { // in the second setting
				stop()
			}
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, prepared)
	require.Less(t, seen, 24)

	kept := seen
	anew := 0
	p, prepared, err := run(context.Background(), func(d *Design) {
		d.Workers = 1
		d.Progress = func(done, _ int) {
			if done > kept {
				anew++
			}
		}
	})
	require.NoError(t, err)
	require.Equal(t, 1, prepared, "the first setting was whole")
	require.Equal(t, 24-kept, anew)
	require.Equal(t, whole, p)

	// A search tries a plan on a few replications first. What is kept of more is
	// neither run again nor given up.
	p, prepared, err = run(context.Background(), func(d *Design) { d.Replications = 5 })
	require.NoError(t, err)
	require.Zero(t, prepared)
	require.Equal(t, whole.Values(leafOf("more", "leads"))[:5], p.Values(leafOf("more", "leads")))
	p, prepared, err = run(context.Background(), nil)
	require.NoError(t, err)
	require.Zero(t, prepared)
	require.Equal(t, whole, p)

	for name, change := range map[string]func(d *Design){
		"another plan":    func(d *Design) { d.Settings[0] = setting("plan", load("media.radio.weekly_budget*=2")) },
		"another seed":    func(d *Design) { d.Seed++ },
		"another version": func(d *Design) { d.Version = "2" },
		"another design":  func(d *Design) { d.Lucks = 2 },
		"other points":    func(d *Design) { d.Points = " elsewhere" },
		"other measures":  func(d *Design) { d.Measures[0].Measure.Column = "won" },
	} {
		folder = t.TempDir()
		_, _, err := run(context.Background(), nil)
		require.NoError(t, err)
		got, prepared, err := run(context.Background(), change)
		require.NoError(t, err)
		require.NotZero(t, prepared, name)
		d := design()
		change(&d)
		alone, err := Run(context.Background(), d)
		require.NoError(t, err)
		require.Equal(t, alone, got, name)
	}
}
