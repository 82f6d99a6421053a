package decide

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// A design goes on by rounds of one size until it says enough, or at its most, and is the same design longer.
func TestRoundsGoOnUntilEnough(t *testing.T) {
	d := &Design{Settings: []Setting{{Name: "plan"}}, Replications: 170, Seed: 3}
	d.Keep("plan", panel.Measure{Column: "won"})
	follow := func(enoughAt int) (seen []int, looked []int, p *panel.Panel) {
		d.Rounds = &Rounds{Size: 50, Left: UntilAll(d, func(p *panel.Panel, looks int) (bool, error) {
			assert.Equal(t, 3, looks, "after 50, 100 and 150; what comes after 170 is nothing")
			looked = append(looked, p.Replications)
			return p.Replications >= enoughAt, nil
		})}
		s := NewInRounds(d)
		var panels []*panel.Panel
		for {
			round, err := s.Next(panels)
			require.NoError(t, err)
			if len(round) == 0 {
				return seen, looked, s.Panel()
			}
			require.Len(t, round, 1)
			part := round[0]
			seen = append(seen, part.Replications)
			_, total := s.Progress()
			assert.Equal(t, part.Replications, total)
			assert.Equal(t, d.Seed, part.Seed)
			assert.Equal(t, d.Measures, part.Measures)
			panels = []*panel.Panel{part.Panel(part.Replications, func(panel.Leaf, int) float64 { return 1 })}
		}
	}
	seen, looked, p := follow(100)
	assert.Equal(t, []int{50, 100}, seen)
	assert.Equal(t, []int{50, 100}, looked)
	assert.Equal(t, 100, p.Replications)
	seen, looked, p = follow(1000)
	assert.Equal(t, []int{50, 100, 150, 170}, seen)
	assert.Equal(t, []int{50, 100, 150}, looked)
	assert.Equal(t, 170, p.Replications)
	assert.Equal(t, 170, d.Replications, "the design is as it was")
}

func TestRoundsTakeTheirOwnPanels(t *testing.T) {
	failed := errors.New("failed")
	d := &Design{Settings: []Setting{{Name: "plan"}}, Replications: 170,
		Rounds: &Rounds{Size: 50, Left: func(*panel.Panel, int) ([]string, error) { return nil, failed }}}
	s := NewInRounds(d)
	_, err := s.Next(nil)
	require.NoError(t, err)
	_, err = s.Next(nil)
	assert.ErrorContains(t, err, "0 panels were given for one design")
	_, err = s.Next([]*panel.Panel{panel.NewPanel(analysis.Ties{}, nil)})
	assert.ErrorIs(t, err, failed)
}

// Settings that have said enough are left out of the rounds that follow, and the others are run from the first
// replication on.
func TestSomeSettingsGoOnAlone(t *testing.T) {
	d := &Design{Settings: []Setting{{Name: "plan"}, {Name: "clear"}, {Name: "close"}}, Replications: 200}
	for _, s := range d.Settings {
		d.Keep(s.Name, panel.Measure{Column: "won"})
	}
	d.Rounds = &Rounds{Size: 50, Left: func(p *panel.Panel, looks int) ([]string, error) {
		switch {
		case p.Further == nil && p.Replications == 50:
			return []string{"plan", "clear", "close"}, nil
		case p.Further == nil || p.Further.Replications == 150:
			return []string{"plan", "close"}, nil
		}
		return nil, nil
	}}
	s := NewInRounds(d)
	var seen []string
	var panels []*panel.Panel
	for {
		round, err := s.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			break
		}
		part := round[0]
		var names []string
		for _, x := range part.Settings {
			names = append(names, x.Name)
		}
		for _, l := range part.Measures {
			assert.Contains(t, names, l.Setting)
		}
		assert.Len(t, part.Measures, len(names))
		seen = append(seen, fmt.Sprint(part.Name, names, part.Replications))
		panels = []*panel.Panel{part.Panel(part.Replications, func(panel.Leaf, int) float64 { return 1 })}
	}
	assert.Equal(t, []string{"[plan clear close] 50", "[plan clear close] 100", "further[plan close] 150",
		"further[plan close] 200"}, seen)
	assert.Equal(t, 100, s.Panel().Replications)
	assert.Equal(t, 200, s.Panel().Further.Replications)
	done, total := s.Progress()
	assert.Equal(t, 300, done)
	assert.Equal(t, 700, total)
}
