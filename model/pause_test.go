package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// effect is a change's effect on sign-ups over some weeks, from paired
// replications.
type effect struct {
	e                       float64 // share of sign-ups lost
	paired, unpaired, floor float64 // variances of the difference
}

// effectOf compares two plans under common random numbers.
func effectOf(t *testing.T, with, without *plan.Plan, first, end, replications int) effect {
	t.Helper()
	pa, a, ra := prepared(t, with)
	pb, b, rb := prepared(t, without)
	var x, y, d []float64
	for r := range replications {
		a.Replicate(1, r, ra)
		b.Replicate(1, r, rb)
		x, y = append(x, sumOf(t, pa, ra, "signups", first, end)), append(y, sumOf(t, pb, rb, "signups", first, end))
		d = append(d, x[r]-y[r])
	}
	mx, vx := moments(x)
	my, vy := moments(y)
	_, vd := moments(d)
	e := 1 - my/mx
	return effect{e, vd, vx + vy, (vx + vy) * e / (2 - e)}
}

// The first two weeks of a three-week pause of all brand media: the variance of
// the paired difference in sign-ups is near that of thinning alone.
func TestPairedVarianceOfAPauseIsNearThinning(t *testing.T) {
	t.Parallel()
	base := func() *plan.Plan {
		p := testMarket(25000, 1)
		p.Run.Weeks, p.Opening.BurnInWeeks = 6, 12
		for i := range p.Channels {
			p.Channels[i].Halo = 0.6
			p.Channels[i].MaxTouchesPerWeek *= 0.5
		}
		return p
	}
	uncertain := func(p *plan.Plan) {
		for _, key := range []string{"channels.paid-search.response", "channels.branded-search.response", "journey.touches_needed_sd", "brand.salience_half_life_weeks", "customers.frailty_variance"} {
			refs, par, err := p.Numbers(key)
			require.NoError(t, err)
			p.Inputs = append(p.Inputs, plan.Input{Name: key, Key: key, Dist: plan.Interval90(*refs[0]*0.85, math.Min(*refs[0]*1.15, 0.95), par.Low, par.High)})
		}
	}
	for name, change := range map[string]func(p *plan.Plan){"inputs fixed": func(p *plan.Plan) {}, "inputs uncertain": uncertain} {
		with, without := base(), base()
		change(with)
		change(without)
		start := without.Run.Start
		without.Changes = []plan.Change{{Name: "pause", From: start + 7*2, Until: start + 7*5, Effects: []plan.Effect{{Key: "media.*.weekly_budget", Value: 0, Input: -1}}}}
		x := effectOf(t, with, without, 2, 4, more(200, 15))
		t.Logf("%s: effect -%.1f%%, variance paired %.1f, unpaired %.1f, floor %.1f: %.2f of the floor", name, 100*x.e, x.paired, x.unpaired, x.floor, x.paired/x.floor)
		require.InDelta(t, 0.15, x.e, 0.06)
		require.LessOrEqual(t, x.paired, 1.5*x.floor, name)
		require.Greater(t, x.paired, 0.5*x.floor, "%s: less than thinning is possible only by chance", name)
	}
}
