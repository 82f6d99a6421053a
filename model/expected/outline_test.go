package expected_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/expected"
	"windfall/scenarios"
)

// An outline is the funnel with fewer journeys: what comes to teams, and the first week, are those of the funnel.
func TestAnOutlineAgreesWithItsFunnel(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=52", "teams.inside.people=1"))
	require.NoError(t, err)
	o, f := expected.OutlineOf(p), expected.Funnel(p)
	all := f.Sum(0, len(f.Weeks))
	require.InEpsilon(t, all.Journeys, o.Journeys, 0.02)
	require.InEpsilon(t, all.Leads, o.Leads, 0.06)
	require.InEpsilon(t, all.Signups, o.Signups, 0.06)
	require.InEpsilon(t, f.OpeningMRR, o.OpeningMRR, 1e-9)
	first := f.Weeks[0]
	require.InEpsilon(t, first.Media+first.Brand+first.FixedCost, o.FirstWeek.Media+o.FirstWeek.Brand+o.FirstWeek.FixedCost, 1e-9)
	require.InEpsilon(t, first.Cash, o.FirstWeek.Cash, 0.02)
	require.Positive(t, o.Winnable)
	require.LessOrEqual(t, o.Winnable, o.Answered)
	require.LessOrEqual(t, o.Answered, o.Signups*1.000001)
	for i, team := range p.Teams {
		if team.Kind != "people" {
			require.Zero(t, o.Demand[i])
			continue
		}
		// Two of three leads are not real and take a quarter of the time; some are never answered.
		mean := f.Teams[i].Signups / 52 / (team.People * team.OpportunitiesPerWeek) * (1 + 2*team.ScreeningShare) *
			(1 - team.NeverAnswered)
		require.Less(t, o.Demand[i], 1.05*mean, team.Name) // the quietest quarter
		require.Greater(t, o.Demand[i], 0.7*mean, team.Name)
	}
}

// The quietest quarter counts: a team that keeps up in one keeps up at some time, and one that has nobody for a quarter
// has no demand.
func TestDemandIsThatOfTheQuietestQuarter(t *testing.T) {
	demand := func(people string) float64 {
		p, err := scenarios.Load("metro", scenarios.Set("run.weeks=52", "teams.inside.people="+people))
		require.NoError(t, err)
		o := expected.OutlineOf(p)
		for i := range p.Teams {
			if p.Teams[i].Name == "inside" {
				return o.Demand[i]
			}
		}
		return math.NaN()
	}
	one := demand("1")
	require.Greater(t, one, 0.0)
	require.InEpsilon(t, one/4, demand("4"), 0.25) // new people ramp up
	require.Less(t, demand("[{value = 1}, {from = 2013-07-02, value = 10}]"), one/2)
	require.Zero(t, demand("[{value = 1}, {from = 2013-07-02, value = 0}]"))
}
