package model

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// Of a channel's leads the share `real` ends the journey, the others leave it in the market: with touches at rate
// l, windows at rate m and response 1 a journey has l/(l r + m) leads, r of them real.
func TestLeadsThatAreNotRealLeaveTheFirmInTheMarket(t *testing.T) {
	t.Parallel()
	const l, r, m = 0.8, 0.3, 0.4
	for name, change := range map[string]func(p *plan.Plan){
		"as it is":             func(p *plan.Plan) {},
		"daily steps":          func(p *plan.Plan) { p.Run.Step = "day" },
		"opening with all":     func(p *plan.Plan) { p.OpeningPlan = p.Clone(); p.OpeningPlan.Channels[0].Real = 1 },
		"beyond the axis":      func(p *plan.Plan) { p.OpeningPlan = p.Clone(); p.OpeningPlan.Channels[0].MaxTouchesPerWeek /= 20 },
		"waiting for the cash": func(p *plan.Plan) { p.CashRules = []plan.CashRule{{Name: "low", Below: 1, CutMedia: 0.5}} },
	} {
		p := oneChannel(l, 1, m)
		p.Run.Weeks, p.Opening.BurnInWeeks = 60, 0
		p.Channels[0].Real = r
		p.Changes = []plan.Change{from(p, 6, "triggers.need.rate_per_year", 0)}
		change(p)
		pr, s, rec := traced(t, p)
		s.eachStep = func() { require.NoError(t, s.Conserved(), name) }
		s.Replicate(1, 0, rec)
		n := outcome(t, pr, rec, "journeys")
		leads, real := outcome(t, pr, rec, "leads"), outcome(t, pr, rec, "real_leads")
		require.Equal(t, real, outcome(t, pr, rec, "signups"), name)
		nearShare(t, name+": real leads", int(real), int(n), known.Raise(l*r, 1, m))
		nearShare(t, name+": of the leads", int(real), int(leads), r)
		// The leads of a journey but the last are geometric.
		other := l * (1 - r) / (l*r + m)
		near(t, name+": other leads", (leads-real)/n, other, math.Sqrt(other*(1+other)/n))
		requirePaths(t, s)
	}
}

// poorLeads is a busy market of whose channels some have leads that are not real.
func poorLeads() *plan.Plan {
	p := busyMarket()
	for i := range p.Channels {
		if i%2 == 0 {
			p.Channels[i].Real, p.Channels[i].Win = 0.4, 1.5
		}
	}
	for i := range p.Teams {
		x := &p.Teams[i]
		if x.Kind == "people" {
			x.NeverAnswered, x.NeverAnsweredAtFullLoad, x.ScreeningShare = 0.1, 0.6, 0.4
			x.OpenHour, x.CloseHour, x.BusinessDays = 8.5, 17.25, 5
		}
	}
	return p
}

// Leads that are not real do not depend on the way in which journeys are followed: where every point waits for its
// step, since a cash rule that never acts might have cut it, all numbers are the same, to the bit.
func TestUnrealLeadsDoNotHangOnHowJourneysAreFollowed(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := poorLeads()
		p.Run.Step, p.CashRules = step, nil
		q := poorLeads()
		q.Run.Step, q.CashRules = step, []plan.CashRule{{Name: "low", Below: 1, CutMedia: 0.5}}
		pr, a := replicated(t, p, 3, 1)
		_, s, b := prepared(t, q)
		s.eachStep = func() { require.NoError(t, s.Conserved()) }
		s.Replicate(3, 1, b)
		require.Greater(t, outcome(t, pr, a, "leads"), 1.3*outcome(t, pr, a, "real_leads"))
		require.Greater(t, outcome(t, pr, a, "screened"), 20.0)
		require.Equal(t, fmt.Sprint(a.Outcomes, a.Weekly, a.Months, a.Slices), fmt.Sprint(b.Outcomes, b.Weekly, b.Months, b.Slices))
		requireSlicesSum(t, pr, a)
		requireMonthsSum(t, pr, a)
		requireRatios(t, pr, a)
	}
}

// A channel none of whose leads is real, and whose touches leave no trace, takes no sign-up from another.
func TestPoorLeadsUseUpNoFirm(t *testing.T) {
	t.Parallel()
	build := func(response, fee float64) *plan.Plan {
		p := oneCell(1e7, 0.1, 6)
		p.Run.Weeks = 20
		p.Channels = []plan.Channel{testChannel(p, "ads", 0.5, 0.4), testChannel(p, "lists", 2, response)}
		p.Channels[1].Real, p.Channels[1].Weight, p.Channels[1].FeePerLead = 0, 0, fee
		p.Teams[0] = testTeam(p, "desk", "people")
		p.Teams[0].People, p.Teams[0].OpportunitiesPerWeek = 1e4, 1000
		return p
	}
	pr, with := replicated(t, build(0.4, 3), 4, 0)
	_, without := replicated(t, build(0, 3), 4, 0)
	require.Greater(t, outcome(t, pr, with, "screened"), 1e4)
	for _, name := range []string{"real_leads", "signups", "opportunities", "won", "journeys", "touches"} {
		require.Equal(t, outcome(t, pr, without, name), outcome(t, pr, with, name), name)
	}
	unreal := outcome(t, pr, with, "leads") - outcome(t, pr, with, "real_leads")
	require.InDelta(t, 3*unreal, outcome(t, pr, with, "fee_spend"), 0.01*unreal/1000, "each costs its fee")
	require.Zero(t, outcome(t, pr, without, "fee_spend"))
}

// Screening takes a share of the time of an opportunity, and the pay of a team goes by time.
func TestScreeningTakesTime(t *testing.T) {
	t.Parallel()
	const l, r, share = 40, 0.25, 0.4
	p, arrivals := callCentre(300, 100, 12, l, 0.3, 0)
	p.Run.Weeks, p.Teams[0].PayPerYear = float64(more(100, 10)), 5e4
	p.Channels = append(p.Channels, testChannel(p, "lists", l, 1))
	p.Channels[1].Real, p.Teams[0].ScreeningShare = 0, share
	pr, s, rec := prepared(t, p)
	s.Replicate(6, 0, rec)
	// Half of the touches on a firm in the market are of the lists, until an ad finds it.
	load := weekly(t, pr, rec, "load.desk")
	mean, _ := moments(load)
	near(t, "load", mean, arrivals*(1+share)/1200, batchError(load, 25))
	opportunities, screened := outcome(t, pr, rec, "opportunities"), outcome(t, pr, rec, "screened")
	near(t, "screened", screened/opportunities, 1, 2/math.Sqrt(opportunities))
	pay := outcome(t, pr, rec, "sales_spend")
	near(t, "pay of the lists", slice(t, pr, rec, "channel", "lists", "sales"), pay*share*screened/(opportunities+share*screened), 1e-6*pay)
	near(t, "pay of the product", slice(t, pr, rec, "product", "service", "sales"), pay, 1e-6*pay)
}

// `win` multiplies the chance to win, which is at most 1.
func TestWinMultipliesTheChance(t *testing.T) {
	t.Parallel()
	p := oneCell(1e8, 2e4*plan.WeeksPerYear/1e8, 1)
	p.Run.Weeks, p.Teams[0].WinRate[0] = 6, 0.4
	p.Channels = []plan.Channel{testChannel(p, "ads", 2, 1), testChannel(p, "lists", 2, 1), testChannel(p, "referrals", 2, 1)}
	p.Channels[1].Win, p.Channels[2].Win = 0.25, 4
	pr, s, rec := prepared(t, p)
	s.Replicate(2, 0, rec)
	require.Equal(t, slice(t, pr, rec, "channel", "referrals", "opportunities"), slice(t, pr, rec, "channel", "referrals", "won"), "1.6 is 1")
	for i, want := range []float64{0.4, 0.1} {
		name := p.Channels[i].Name
		nearShare(t, name, int(slice(t, pr, rec, "channel", name, "won")), int(slice(t, pr, rec, "channel", name, "opportunities")), want)
	}
}

// What stocks of the last day bring counts real leads at their worth and the others at their fee: with `real`
// halved and everything that a real lead is worth the same, a burst at the end is worth half as much.
func TestCarryOverCountsRealLeads(t *testing.T) {
	t.Parallel()
	carried := func(real, fee float64) (mean, se float64) {
		var list []float64
		for r := range more(40, 4) {
			p := oneCell(2e6, 0.1, 3)
			p.Run.Weeks, p.Opening.BurnInWeeks = 12, 4
			p.Channels = []plan.Channel{testChannel(p, "ads", 0.02, 1)} // few journeys have a second lead
			p.Channels[0].AdstockHalfLifeWeeks, p.Channels[0].Real, p.Channels[0].FeePerLead = 20, real, fee
			p.OpeningPlan = p.Clone()
			p.Changes = []plan.Change{from(p, 0, "channels.ads.weekly_budget", 400)}
			pr, rec := replicated(t, p, 7, r)
			list = append(list, outcome(t, pr, rec, "carry_over_margin"))
		}
		m, v := moments(list)
		return m, math.Sqrt(v / float64(len(list)))
	}
	all, allSE := carried(1, 0)
	half, halfSE := carried(0.5, 0)
	near(t, "half of them real", half, 0.52*all, 0.52*allSE+halfSE+0.01*all)
	costly, costlySE := carried(1, 50)
	poor, poorSE := carried(0.5, 50)
	// Of two leads that are as likely one brings nothing except its fee.
	near(t, "the others cost their fee", poor-half, (costly-all)*1.04, 0.04*math.Abs(costly-all)+costlySE+poorSE+halfSE+allSE)
}

// The median of waits is right within 1.6% of itself.
func TestMedianOfWaits(t *testing.T) {
	t.Parallel()
	for _, scale := range []float64{0.01, 1, 37, 4000} {
		var r replies
		var list []float64
		for i := range 1001 {
			x := scale * -math.Log((float64(i)+0.5)/1001)
			list = append(list, x)
			r.answered++
			r.bins[waitBin(x)]++
		}
		slices.Sort(list)
		require.InEpsilon(t, list[500], r.median(), 0.016)
	}
	for bin := 1; bin < waitBins-1; bin++ {
		require.Equal(t, bin, waitBin(binStart(bin)))
		require.Equal(t, bin-1, waitBin(math.Nextafter(binStart(bin), 0)))
	}
	require.Equal(t, 0, waitBin(-1e-12))
	require.Equal(t, waitBins-1, waitBin(1e9))
}

// slice is a number of a row of the slices.
func slice(t testing.TB, pr *Prepared, rec *plan.Record, dimension, name, column string) float64 {
	t.Helper()
	row := slices.Index(pr.Schema().SliceRows, plan.SliceRow{Dimension: dimension, Name: name})
	at := slices.IndexFunc(pr.Schema().Slice, func(c plan.Column) bool { return c.Name == column })
	require.True(t, row >= 0 && at >= 0, "%s %s %s", dimension, name, column)
	return rec.Slices[row*len(pr.Schema().Slice)+at]
}

// Two plans that differ in `real` stay paired: a higher share makes real leads of some that were not, and leaves
// all others as they are.
func TestAHigherShareOfRealLeadsAddsSome(t *testing.T) {
	t.Parallel()
	real := func(share float64) (leads map[float64]Lead) {
		p := testMarket(20000, 1)
		p.Run.Weeks, p.Journey.TouchesNeeded = 20, fill(4, 1)
		p.Channels[7].Enabled = false // more customers would bring more referrals
		for i := range p.Channels {
			p.Channels[i].Real = 0.7
		}
		p.OpeningPlan = p.Clone()
		p.Channels[6].Real = share
		_, s, rec := traced(t, p)
		s.Replicate(5, 3, rec)
		leads = map[float64]Lead{}
		for _, l := range traceOf(s).Leads {
			if l.Real && l.Trigger >= 0 {
				leads[l.Trigger] = l
			}
		}
		return leads
	}
	few, many := real(0.2), real(0.9)
	same, sooner := 0, 0
	for trigger, a := range few {
		b, ok := many[trigger]
		require.True(t, ok, "who was a real lead is one")
		require.LessOrEqual(t, b.Raised, a.Raised)
		if b.Raised == a.Raised {
			require.Equal(t, a, b)
			same++
		} else {
			require.EqualValues(t, 6, b.Path[len(b.Path)-1].Channel, "another lead only by the channel in question")
			sooner++
		}
	}
	require.Greater(t, same, 100)
	require.Greater(t, sooner, 10)
	require.Greater(t, len(many), len(few)+30)
}
