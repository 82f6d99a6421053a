package sim_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/sim"
	"windfall/sim/panel"
)

// Settings that are held against each other are matched whether or not they share a replication, on any number of
// goroutines, and those that are run again show the same firms.
func TestPairedSettingsAreMatchedWhetherTheyShareOrNot(t *testing.T) {
	settings := settingsThatShare(t)
	base, other := settings[0], settings[1]
	apart := settings[len(settings)-1]
	require.Equal(t, "rivals", apart.Name, "which shares nothing with the plan")
	d := sim.Design{Settings: []sim.Setting{base, other, apart}, Seed: 4, Replications: 5}
	keep := func(setting string, m panel.Measure) {
		d.Measures = append(d.Measures, panel.Leaf{Setting: setting, Measure: m})
	}
	for _, s := range d.Settings {
		keep(s.Name, panel.Measure{Column: "won"})
		if s.Name != base.Name {
			for _, l := range panel.Labels {
				keep(s.Name, panel.Measure{Column: "won", Against: base.Name, Label: l})
			}
		}
	}
	d.Workers = 1
	one, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	d.Workers = 2
	two, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	for _, l := range d.Measures {
		require.Equal(t, one.Values(l), two.Values(l), "%v", l)
	}
	for _, s := range []sim.Setting{other, apart} {
		differ := 0.0
		for r := range d.Replications {
			count := func(l panel.Label) float64 {
				return one.Values(panel.Leaf{Setting: s.Name,
					Measure: panel.Measure{Column: "won", Against: base.Name, Label: l}})[r]
			}
			with, without := one.Values(leafOf(base.Name, "won"))[r], one.Values(leafOf(s.Name, "won"))[r]
			require.Equal(t, with-without, count(panel.OnlyWith)-count(panel.OnlyWithout), s.Name)
			differ += count(panel.OnlyWith) + count(panel.OnlyWithout) + count(panel.Later)
		}
		require.Positive(t, differ, s.Name)
	}
	seen := 0
	require.NoError(t, sim.Observe(context.Background(), d, model.Wins, func(r int, traces []*model.Trace) error {
		require.Equal(t, seen, r, "in order")
		seen++
		for i, s := range d.Settings {
			require.EqualValues(t, one.Values(leafOf(s.Name, "won"))[r], len(traces[i].Customers))
		}
		return nil
	}))
	require.Equal(t, d.Replications, seen)
	stop := errors.New("enough")
	require.ErrorIs(t, sim.Observe(context.Background(), d, model.Wins, func(int, []*model.Trace) error { return stop }), stop)
}

// A setting cannot be held against one of which nothing is measured.
func TestWhatIsHeldAgainstNothingIsRefused(t *testing.T) {
	settings := settingsThatShare(t)[:2]
	against := panel.Measure{Column: "won", Against: settings[0].Name, Label: panel.Later}
	d := sim.Design{Settings: settings, Seed: 4, Replications: 1,
		Measures: []panel.Leaf{{Setting: settings[1].Name, Measure: against}}}
	require.ErrorContains(t, d.Check(), "of which nothing is measured")
	against.Column = "leads"
	d.Measures[0].Measure = against
	require.ErrorContains(t, d.Check(), "not to leads")
}
