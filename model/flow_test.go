package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// Without a vendor as many journeys open as the rates say, although who comes back in a step is dormant
// only at its end: within 0.05% where triggers are rare, and within 1% for windows of one step.
func TestTheFlowOfJourneysIsTheStatedOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rate, window, lock, cv, death, bias float64 }{
		{0.3, 5, 2, 0.8, 0.104, 0.0005}, {0.3, 5, 2, 0.8, 0, 0.0005},
		{5, 1, 0.01, 1, 0, 0.01}, {10, 1, 0.01, 1, 0, 0.01}, {15, 1, 0.01, 1, 0.1, 0.01}, {17, 1, 0.01, 0.8, 0, 0.01}, {4, 2, 0.1, 1, 0, 0.01},
	} {
		for _, step := range []string{"week", "day"} {
			const journeys, weeks = 200_000, 52
			p := oneCell(math.Round(journeys/c.rate), c.rate, c.window)
			p.Triggers[0].WindowCV, p.Journey.LockInYears, p.Population.Sizes[0].FirmDeathPerYear = c.cv, c.lock, c.death
			p.Channels = nil
			p.Run.Step, p.Run.Weeks, p.Opening.BurnInWeeks = step, weeks, 30
			pr, s, rec := prepared(t, p)
			var list []float64
			for r := range more(2, 120) {
				s.Replicate(1, r, rec)
				list = append(list, outcome(t, pr, rec, "journeys"))
			}
			mean, v := moments(list)
			want := p.Population.Firms * c.rate * weeks / plan.WeeksPerYear
			// The spread of few replications is a poor guide: at most that of a Poisson count.
			se := math.Sqrt(max(v, want) / float64(len(list)))
			require.InDelta(t, want, mean, c.bias*want+zLimit*se, fmt.Sprintf("%+v, %s", c, step))
		}
	}
}

// Where most dormant firms would open a journey in one step the plan is refused.
func TestMoreTriggersThanDormantFirmsAreRefused(t *testing.T) {
	t.Parallel()
	p := oneCell(10_000, 30, 1)
	p.Journey.LockInYears = 0
	_, err := Prepare(p)
	require.ErrorContains(t, err, `use run.step = "day"`)
	p.Run.Step = "day"
	_, err = Prepare(p)
	require.NoError(t, err)
}
