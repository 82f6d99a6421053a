package sim_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
)

// A plan against itself with other seeds, unpaired: each outcome of the engine, as
// compare reads it, is called different in 3 to 7% of small studies. Their
// replications are drawn without replacement from those of one seed, so that both
// sides of a study are of one law.
func TestAPlanIsSeldomUnlikeItself(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("ten seconds: with WINDFALL_VERIFY=1")
	}
	s, err := scenarios.OpenBytes("itself.toml", []byte("extends = \"metro\"\ntitle = \"A few weeks\"\n[run]\nweeks = 6\n[opening]\nplan = \"\"\nburn_in_weeks = 2\n"))
	require.NoError(t, err)
	const pool, side, studies = 1500, 40, 2000
	columns := model.NewSchema(s.Plan).Outcomes
	d := sim.Design{Settings: []sim.Setting{{Name: "plan", Plan: s.Plan}}, Seed: 11, Replications: pool}
	for _, c := range columns {
		if c.Over == "" {
			d.Measures = append(d.Measures, leafOf("plan", c.Name))
		}
	}
	p, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(3, 3))
	order := r.Perm(pool)
	different := map[string]int{}
	for range studies {
		r.Shuffle(pool, func(i, j int) { order[i], order[j] = order[j], order[i] })
		pick := func(name string, k int) []float64 {
			out := make([]float64, side)
			for i := range out {
				out[i] = p.Values(leafOf("plan", name))[order[k*side+i]]
			}
			return out
		}
		for _, c := range columns {
			x := analysis.Sides{Column: c}
			x.Column.Direction = plan.Neither // the band of dominance is slow
			for k := range 2 {
				if c.Over == "" {
					x.Over[k] = pick(c.Name, k)
				} else {
					x.Over[k], x.Under[k] = pick(c.Over, k), pick(c.Under, k)
				}
			}
			if e := analysis.Compare(x).Difference; e.Low > 0 || e.High < 0 {
				different[c.Name]++
			}
		}
	}
	vary := func(name string) bool {
		present := analysis.Present(p.Values(leafOf("plan", name)))
		return len(present) > 0 && slices.Min(present) < slices.Max(present)
	}
	judged := 0
	for _, c := range columns {
		share := float64(different[c.Name]) / studies
		switch {
		case c.Over == "" && !vary(c.Name) || c.Over != "" && !vary(c.Over) && !vary(c.Under):
			assert.Zero(t, share, "%s is the same in every replication", c.Name)
			continue
		case c.Name == "smb_share" || c.Name == "burn_multiple":
			// Nearly always 1, and over a denominator near 0: too wide an interval, which is
			// the safe way.
			assert.LessOrEqual(t, share, 0.07, c.Name)
			continue
		}
		assert.GreaterOrEqual(t, share, 0.03, c.Name)
		assert.LessOrEqual(t, share, 0.07, c.Name)
		judged++
	}
	assert.Greater(t, judged, 50)
}
