package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// A narrowed plan, written and read back, draws its inputs from the parts alone,
// before the first day too, and all others as before.
func TestNarrowedPlansDrawFromAPart(t *testing.T) {
	p, err := Load("phone-system-uncertain", Set("brand.salience_half_life_weeks=0.7"))
	require.NoError(t, err)
	require.NotNil(t, p.OpeningPlan)
	require.NotEmpty(t, p.Inputs)
	narrow, other := p.Inputs[0], p.Inputs[1]
	q, err := LoadBytes("box.toml", []byte(Resolved(Narrow(p, map[string]Range{narrow.Name: {0.9, 1}}))))
	require.NoError(t, err)
	require.NotNil(t, q.OpeningPlan)
	for _, list := range [][]plan.Input{q.Inputs, q.OpeningPlan.Inputs} {
		for _, in := range list {
			switch in.Name {
			case narrow.Name:
				for _, u := range []float64{0.001, 0.5, 0.999} {
					require.InEpsilon(t, narrow.Dist.Quantile(0.9+0.1*(float64(int(u*50))+0.5)/50), in.Dist.Quantile(u), 1e-12)
				}
			case other.Name:
				require.Equal(t, other.Dist.Quantile(0.3), in.Dist.Quantile(0.3))
			}
		}
	}
	require.NotEqual(t, Digest(p), Digest(q))
}
