package decide_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

var town = sync.OnceValues(func() (*plan.Plan, error) { return scenarios.Load("town") })

// two is a design of two plans of the town.
func two(t *testing.T) *decide.Design {
	t.Helper()
	p, err := town()
	require.NoError(t, err)
	return &decide.Design{Settings: []decide.Setting{{Name: "plan", Plan: p}, {Name: "other", Plan: p}}, Replications: 2000}
}

// follow goes through the rounds of a design on given numbers.
func follow(t *testing.T, d *decide.Design, of func(l panel.Leaf, i int) float64) *panel.Panel {
	t.Helper()
	s := decide.NewInRounds(d)
	var panels []*panel.Panel
	for {
		round, err := s.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			return s.Panel()
		}
		panels = []*panel.Panel{round[0].Panel(round[0].Replications, of)}
	}
}

// normals gives the first setting 100 and chance that both share, the second delta more and chance of its own.
func normals(seed uint64, delta, sd float64) func(l panel.Leaf, i int) float64 {
	return func(l panel.Leaf, i int) float64 {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		both, own := r.NormFloat64(), r.NormFloat64()
		v := 100 + float64(20*both)
		if l.Setting == "other" {
			v += delta + float64(sd*own)
		}
		return v
	}
}

// A target is reached where half of the interval of the paired difference is below it, in four blocks or more; the
// interval that is then given covers the difference.
func TestUntilPrecise(t *testing.T) {
	covered, runs := 0, 0
	const designs = 400
	for seed := range uint64(designs) {
		d := two(t)
		target, err := d.UntilPrecise("won=0.8", 4000)
		require.NoError(t, err)
		p := follow(t, d, normals(seed, 3, 10))
		assert.Empty(t, target.Short(p))
		won := func(s string) panel.Statistic {
			return p.Mean(panel.Leaf{Setting: s, Measure: panel.Measure{Column: "won"}})
		}
		e := p.Difference(won("plan"), won("other"))
		assert.Less(t, e.HalfWidth(), 0.8)
		assert.Zero(t, p.Replications%200)
		runs += p.Replications
		if math.Abs(e.Value-3) <= e.HalfWidth() {
			covered++
		}
	}
	assert.InDelta(t, 0.95, float64(covered)/designs, 3*math.Sqrt(0.95*0.05/designs)+0.01, "coverage")
	assert.InDelta(t, 700, float64(runs)/designs, 100, "1.96 x 10 / 0.8 squared is 600 replications, in rounds of 200")
}

// What is too far is given up at the limit, and said with what would do.
func TestATargetThatIsGivenUp(t *testing.T) {
	d := two(t)
	target, err := d.UntilPrecise("won=1%", 600)
	require.NoError(t, err)
	p := follow(t, d, normals(1, 3, 100))
	assert.Equal(t, 600, p.Replications)
	require.Len(t, target.Short(p), 1)
	assert.Regexp(t, `^precision won=1% was not reached in 600 runs of each plan: half of the widest 95% interval is `+
		`[78]\.\d+ times what was asked for; some \d+ times as many runs would do \(--at-most\)$`, target.Short(p)[0])
	assert.Empty(t, (*decide.Precise)(nil).Short(p))
}

// What is the same in every pair is known at the first look.
func TestATargetOfNoDifference(t *testing.T) {
	d := two(t)
	target, err := d.UntilPrecise("won=1", 0)
	require.NoError(t, err)
	p := follow(t, d, func(_ panel.Leaf, i int) float64 { return float64(i) })
	assert.Equal(t, 200, p.Replications)
	assert.Empty(t, target.Short(p))
}

func TestRefusedTargets(t *testing.T) {
	for text, says := range map[string]string{"won": "write METRIC=1%", "wom=3": "wom", "won=-1": "above 0"} {
		_, err := two(t).UntilPrecise(text, 0)
		assert.ErrorContains(t, err, says, text)
	}
	d := two(t)
	d.Rounds = &decide.Rounds{Size: 50}
	_, err := d.UntilPrecise("won=1", 0)
	assert.ErrorContains(t, err, "rule of its own")
}
