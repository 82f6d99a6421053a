package model

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// Who is held out is not touched by the channel, all others are as they were; and they are the share of firms that is
// stated, whoever they are.
func TestFirmsThatAreHeldOutAreNotTouched(t *testing.T) {
	t.Parallel()
	base := busyMarket()
	const share, week = 0.3, 8
	p := base.Clone()
	p.Changes = append(slices.Clone(p.Changes), from(p, week, "channels.direct-mail.holdout", share))
	touches := func(p *plan.Plan) (out []TouchMade, names []string) {
		_, s, rec := prepared(t, p)
		s.Observer = &Trace{Only: Touches}
		s.Replicate(5, 1, rec)
		return traceOf(s).Made, p.Dimension("channel")
	}
	before, names := touches(base)
	after, _ := touches(p)
	mail := slices.Index(names, "direct-mail")
	held, all := 0, 0
	firms := map[uint64]bool{}
	for _, x := range before {
		if x.Channel == mail && x.At >= week && !firms[x.ID] {
			firms[x.ID] = true
			all++
			if HeldOut(x.ID, "direct-mail", share) {
				held++
			}
		}
	}
	require.Greater(t, all, 100)
	nearShare(t, "firms that are held out", held, all, share)
	for _, x := range after {
		require.False(t, x.Channel == mail && x.At >= week && HeldOut(x.ID, "direct-mail", share), "%+v", x)
	}
	pr, rec := replicated(t, base, 5, 1)
	other, changed := replicated(t, p, 5, 1)
	requireWeeksEqual(t, "holdout", pr, rec, other, changed, week)
}

// A held-out firm becomes a lead through the other channels alone, one that is not through all of them: both chances are
// closed forms, and the paths of leads say who is which.
func TestHeldOutFirmsHaveTheRateOfTheOtherChannels(t *testing.T) {
	t.Parallel()
	const mail, ads, q, m, share = 0.9, 0.5, 0.4, 0.25, 0.2
	p := oneChannel(ads, q, m)
	post := testChannel(p, "mail", mail, q)
	post.Holdout = share
	p.Channels = append(p.Channels, post)
	p.Run.Weeks, p.Opening.BurnInWeeks = 50, 0
	for i := range p.Channels {
		p.Channels[i].AdstockHalfLifeWeeks = 1e-6
	}
	p.Changes = append(p.Changes, from(p, 12, "triggers.need.rate_per_year", 0)) // all windows end in the run
	pr, s, rec := traced(t, p)
	var leads [2]int
	journeys := 0.0
	for r := range more(3, 20) {
		s.Replicate(3, r, rec)
		journeys += outcome(t, pr, rec, "journeys")
		for _, l := range traceOf(s).Leads {
			arm := 0
			if HeldOut(l.ID, "mail", share) {
				arm = 1
				for _, x := range l.Path {
					require.Zero(t, x.Channel, "only ads touch it")
				}
			}
			leads[arm]++
		}
	}
	for arm, rate := range []float64{mail + ads, ads} {
		part := []float64{1 - share, share}[arm]
		want, k := known.Raise(rate, q, m), part*journeys
		near(t, "leads of an arm", float64(leads[arm])/k, want, math.Sqrt(want*(1-want)/k+want*want*(1-part)/k))
	}
}
