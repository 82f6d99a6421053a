package decide

import (
	"errors"
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
		d.Rounds = &Rounds{Size: 50, Enough: func(p *panel.Panel, looks int) (bool, error) {
			assert.Equal(t, 3, looks, "after 50, 100 and 150; what comes after 170 is nothing")
			looked = append(looked, p.Replications)
			return p.Replications >= enoughAt, nil
		}}
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
		Rounds: &Rounds{Size: 50, Enough: func(*panel.Panel, int) (bool, error) { return false, failed }}}
	s := NewInRounds(d)
	_, err := s.Next(nil)
	require.NoError(t, err)
	_, err = s.Next(nil)
	assert.ErrorContains(t, err, "0 panels were given for one design")
	_, err = s.Next([]*panel.Panel{panel.NewPanel(analysis.Ties{}, nil)})
	assert.ErrorIs(t, err, failed)
}
