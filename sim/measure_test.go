package sim_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// named gives the settings as expressions know them.
func named(settings []sim.Setting) (out []metric.Setting) {
	for _, s := range settings {
		out = append(out, metric.Setting{Name: s.Name, Plan: s.Plan})
	}
	return out
}

func leafOf(setting, column string) panel.Leaf {
	return panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}}
}

// Pairs of one draw of the inputs are never taken as independent, not even where few
// hypercubes leave too little to tell an error by.
func TestGroupsOfNestedDesigns(t *testing.T) {
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=1", "opening.plan=self", "opening.burn_in_weeks=0", `channels.display.response="0.1 to 0.8"`))
	require.NoError(t, err)
	run := func(replications, seeds int) int {
		d := sim.Design{Settings: []sim.Setting{{Name: "plan", Plan: plan}}, Measures: []panel.Leaf{leafOf("plan", "leads")}, Seed: 5, Replications: replications, SeedsPerDraw: seeds}
		p, err := sim.Measure(context.Background(), d)
		require.NoError(t, err)
		return p.Ties.Group(replications)
	}
	require.Equal(t, 20, run(400, 2))
	require.Equal(t, 2, run(60, 2))
	require.Equal(t, 10, run(200, 0))
	require.Equal(t, 1, run(60, 0))
}

// Settings are run with the same random numbers on any number of workers, and
// ratios of totals are those of the run.
func TestRunPairsSettings(t *testing.T) {
	load := func(sets ...string) *plan.Plan {
		p, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=6")...))
		require.NoError(t, err)
		return p
	}
	settings := []sim.Setting{{Name: "plan", Plan: load()}, {Name: "more", Plan: load("media.radio.weekly_budget*=3")}}
	e, err := metric.ParseExpression("cac(more) - cac(plan) + signups(more, week 1) - signups(plan, week 1) + leads(more, channel paid-search)*0")
	require.NoError(t, err)
	require.NoError(t, metric.Resolve(named(settings), e))
	var last *panel.Panel
	for _, workers := range []int{1, 3} {
		calls := 0
		p, err := sim.Measure(context.Background(), sim.Design{Settings: settings, Measures: e.Leaves(), Seed: 4, Replications: 5, Workers: workers, Progress: func(p sim.Progress) {
			calls++
			require.Equal(t, calls, p.Done)
			require.Equal(t, 10, p.Total)
		}})
		require.NoError(t, err)
		require.Equal(t, 10, calls)
		if last != nil {
			require.Equal(t, last, p)
		}
		last = p
	}
	prepared, err := model.Prepare(settings[0].Plan)
	require.NoError(t, err)
	rec := prepared.Schema().NewRecord()
	prepared.NewState().Replicate(4, 3, rec)
	for i, c := range prepared.Schema().Outcomes {
		if c.Name == "won" {
			require.Equal(t, rec.Outcomes[i], last.Values(leafOf("plan", "won"))[3])
		}
	}
	x := e.Estimate(last)
	require.False(t, math.IsNaN(x.Value))
	require.Positive(t, x.Error)
}

// Raised hands by the path of their touches are parts of the leads.
func TestRaisedHandsAreCountedByTheirPath(t *testing.T) {
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=6"))
	require.NoError(t, err)
	settings := []sim.Setting{{Name: "plan", Plan: plan}}
	value := func(text string) float64 {
		e, err := metric.ParseExpression(text)
		require.NoError(t, err)
		require.NoError(t, metric.Resolve(named(settings), e))
		p, err := sim.Measure(context.Background(), sim.Design{Settings: settings, Measures: e.Leaves(), Seed: 4, Replications: 2})
		require.NoError(t, err)
		return e.Estimate(p).Value
	}
	require.Zero(t, value("leads(plan) - leads(plan, path touches 1..)"))
	require.Zero(t, value("leads(plan) - leads(plan, path channels 1) - leads(plan, path channels 2..3) - leads(plan, path channels 4..)"))
	require.Zero(t, value("leads(plan, weeks 2..3) - leads(plan, path touches 1.., weeks 2..3)"))
	unpaid, single := value("leads(plan, path unpaid)"), value("leads(plan, path unpaid, touches 1)")
	require.Greater(t, single, 0.0)
	require.Greater(t, unpaid, single)
	require.Less(t, unpaid, value("leads(plan, channel inbound) + leads(plan, channel referrals)"))
	early := value("leads(plan, path within 3 weeks) / leads(plan)")
	require.Greater(t, early, 0.1)
	require.Less(t, early, 0.9)
	require.Equal(t, "leads, path touches 2.., unpaid, within 1.5 weeks, weeks 3..4", func() string {
		e, err := metric.ParseExpression("leads(plan, path unpaid, touches 2.., within 1.5 weeks, weeks 3..4)")
		require.NoError(t, err)
		return e.Leaves()[0].Measure.String()
	}())
	_, err = metric.ParseExpression("crossing(1, 2, 3, 4)")
	require.ErrorContains(t, err, "two pairs")
	_, err = metric.ParseExpression("leads(plan, path touched)")
	require.ErrorContains(t, err, "is no path of touches")
	e, err := metric.ParseExpression("won(plan, path unpaid)")
	require.NoError(t, err)
	require.ErrorContains(t, metric.Resolve(named(settings), e), "counted for leads")
}

// A design that gives the inputs runs at them: with the draws of the replications
// themselves it gives what the replications give.
func TestGivenInputs(t *testing.T) {
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=2", "opening.plan=self", "opening.burn_in_weeks=1", "channels.paid-search.response=\"0.1 to 0.8\"", "channels.display.response=\"0.1 to 0.8\""))
	require.NoError(t, err)
	prepared, err := model.Prepare(plan)
	require.NoError(t, err)
	draws := prepared.Plan().InputDraws(5, 6)
	won := leafOf("plan", "leads")
	d := sim.Design{Settings: []sim.Setting{{Name: "plan", Plan: plan}}, Measures: []panel.Leaf{won}, Seed: 5, Replications: 6}
	drawn, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	d.At = func(i int, u []float64) int {
		copy(u, draws[i])
		return i
	}
	given, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	require.Equal(t, drawn.Values(won), given.Values(won))
	d.At = func(i int, u []float64) int {
		copy(u, draws[0])
		return 2
	}
	same, err := sim.Measure(context.Background(), d)
	require.NoError(t, err)
	require.Equal(t, same.Values(won)[0], same.Values(won)[5])
	require.Zero(t, same.Ties.Cube, "given points are no hypercubes")
}
