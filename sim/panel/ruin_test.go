package panel_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/panel"
)

// The chance to be out of business by a week rises to that of the whole run.
func TestRuinByAWeek(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=12", "finance.opening_cash=100000",
		"finance.fixed_cost_per_week=90000"))
	require.NoError(t, err)
	engine, err := sim.Prepare(p)
	require.NoError(t, err)
	rec := engine.Schema.NewRecord()
	engine.Prepared.NewState().Replicate(1, 0, rec)
	ruin := panel.Measure{Column: "week_of_ruin"}
	read, err := ruin.Reader(p, engine.Schema)
	require.NoError(t, err)
	week := read(&panel.Seen{Record: rec})
	require.False(t, math.IsNaN(week))
	for w := 1; w <= 12; w++ {
		read, err := panel.Measure{Column: "out_of_business", From: w, To: w}.Reader(p, engine.Schema)
		require.NoError(t, err)
		want := 0.0
		if float64(w) >= week {
			want = 1
		}
		require.Equal(t, want, read(&panel.Seen{Record: rec}), "week %d", w)
	}
}
