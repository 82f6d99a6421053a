package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// A budget that is split by region spends as it did, dated values and changes
// included, and one region of it can be stopped.
func TestSplitByRegionSpendsAsBefore(t *testing.T) {
	p := busyMarket()
	p.Run.Weeks = 12
	m := &p.Media[0]
	m.Regions = nil
	m.WeeklyBudget = plan.Split{Total: 700}
	key := "media." + m.Name + ".weekly_budget"
	p.Schedules = append(p.Schedules, plan.Schedule{Key: key, Entries: []plan.ScheduleEntry{{From: p.Run.Start + 21, Value: 900, Input: -1}}})
	p.Changes = append(p.Changes, plan.Change{Name: "half", From: p.Run.Start + 42, Effects: []plan.Effect{{Key: key, Multiply: true, Value: 0.5, Input: -1}}})
	p.OpeningPlan = p.Clone()
	q := p.Clone()
	require.NoError(t, SplitByRegion(q, 0))
	require.Len(t, q.Media[0].WeeklyBudget.Parts, len(p.Population.Regions))
	spent := func(p *plan.Plan) (out []float64) {
		pp, err := Prepare(p)
		require.NoError(t, err)
		rec := pp.Schema().NewRecord()
		pp.NewState().Replicate(1, 0, rec)
		for i, c := range pp.Schema().Weekly {
			if c.Name == "brand" {
				for w := range pp.Schema().Weeks {
					out = append(out, rec.Weekly[w*len(pp.Schema().Weekly)+i])
				}
			}
		}
		return out
	}
	require.InDeltaSlice(t, spent(p), spent(q), 1e-9)

	stop := plan.Change{Name: "stop", From: p.Run.Start + 14, Effects: []plan.Effect{{Key: key + "." + p.Population.Regions[0].Name, Value: 0, Input: -1}}}
	one := q.Clone()
	one.Changes = append(one.Changes, stop)
	a, b := spent(q), spent(one)
	require.Equal(t, a[:2], b[:2])
	require.Less(t, b[5], a[5])
	require.Greater(t, b[5], 0.0)

	p.Changes[len(p.Changes)-1].Effects[0].Multiply = false
	require.ErrorContains(t, SplitByRegion(p, 0), "changes.")
}
