package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// The known answer of the model: half-life 0.75 weeks, input from 1 to 0, step
// means 0.653 and 0.259; and seven days give the same as a week.
func TestStockMeansAreExact(t *testing.T) {
	t.Parallel()
	s, mean := newStock(0.75, 1).step(1, 0)
	require.InDelta(t, 0.653, mean, 5e-4)
	_, mean = newStock(0.75, 1).step(s, 0)
	require.InDelta(t, 0.259, mean, 5e-4)
	for _, half := range []float64{0.1, 0.75, 60} {
		week, day := 2.0, 2.0
		for w, input := range []float64{0, 3, 3, 1} {
			var m, sum float64
			week, m = newStock(half, 1).step(week, input)
			for range 7 {
				var x float64
				day, x = newStock(half, 1.0/7).step(day, input)
				sum += x / 7
			}
			require.InEpsilon(t, week, day, 1e-12, "half-life %v, week %d", half, w)
			require.InEpsilon(t, m, sum, 1e-12, "half-life %v, week %d", half, w)
		}
	}
}

// haloMarket is a market in which nearly nobody raises a hand: two channels of
// the same halo, one national brand medium, salience weight w and halo h.
func haloMarket(h, w, halfLife float64) *plan.Plan {
	p := oneCell(1e8, 3e4*plan.WeeksPerYear/1e8, 4)
	p.Opening.BurnInWeeks, p.Run.Weeks = 20, 8
	p.Channels = []plan.Channel{testChannel(p, "a", 0.3, 0.03), testChannel(p, "b", 0.5, 0.02)}
	p.Channels[0].Halo, p.Channels[1].Halo = h, h
	p.Brand.SalienceWeight, p.Brand.SalienceHalfLifeWeeks, p.Brand.EquityHalfLifeWeeks = w, halfLife, 1e9
	p.Media = []plan.Medium{{Name: "radio", Enabled: true, WeeklyBudget: plan.Split{Total: 700}, HalfSaturation: plan.Split{Total: 500}, ReferenceBudget: plan.Split{Total: 700}, Shape: 1.2, CostMultiplier: 1, ToSalience: 3, ToEquity: 2}}
	return p
}

// A pause of all brand media under reading (a) of facts 4.1: losses of raised
// hands in weeks 1 to 4 follow from the means of salience, exactly where few
// raise a hand and by the market's own equation otherwise.
func TestPauseLosesWhatSalienceCarries(t *testing.T) {
	t.Parallel()
	const w, half = 0.8, 0.75
	mean := (known.StockMean(1, 0, half, 1) + known.StockMean(known.StockAfter(1, 0, half, 1), 0, half, 1)) / 2
	share := 0.15 / (1 - mean) // salience's share H of raised hands, such that the first two weeks lose 15%
	require.InDelta(t, 0.28, share, 0.005)
	h := share / (w - share)
	with, without := haloMarket(h, w, half), haloMarket(h, w, half)
	without.Changes = []plan.Change{{Name: "pause", From: without.Run.Start + 7*2, Effects: []plan.Effect{{Key: "media.radio.weekly_budget", Value: 0, Input: -1}}}}
	pa, a, ra := prepared(t, with)
	pb, b, rb := prepared(t, without)
	n := more(2, 10)
	lost, base := make([]float64, 8), make([]float64, 8)
	for r := range n {
		a.Replicate(8, r, ra)
		b.Replicate(8, r, rb)
		x, y := weekly(t, pa, ra, "leads"), weekly(t, pb, rb, "leads")
		for k := range x {
			lost[k] += x[k] - y[k]
			base[k] += x[k]
		}
	}
	require.Less(t, outcome(t, pa, ra, "signup_share"), 0.2)
	// Journeys in market obey dJ/dt = births - (m + rate of hands) J, the rate
	// constant within a week: births are as many with and without a pause.
	const m, l = 0.25, 0.3*0.03 + 0.5*0.02
	journeys := 1 / (m + l*(1+h))
	hands := func(lift, j float64) (mean, end float64) {
		k := m + l*lift
		end = 1/k + (j-1/k)*math.Exp(-k)
		return 1/k + (j-1/k)*(1-math.Exp(-k))/k, end
	}
	salience, paused := 1.0, journeys
	table := []float64{10, 20, 25, 26} // facts 4.1, reading (a), half-life 0.75
	for k := range lost {
		if k < 2 {
			require.Zero(t, lost[k], "before the pause")
			continue
		}
		mean := known.StockMean(salience, 0, half, 1)
		salience = known.StockAfter(salience, 0, half, 1)
		lift := 1 + h*(w*mean+(1-w))
		if k < 6 {
			require.InDelta(t, table[k-2], 100*share*(1-mean), 0.5, "the table of facts 4.1, week %d", k-1)
		}
		full, _ := hands(1+h, journeys)
		less, end := hands(lift, paused)
		paused = end
		want := 1 - less*lift/(full*(1+h))
		require.InDelta(t, share*(1-mean), want, 0.015, "few raise a hand: the loss is near H x (1 - mean salience)")
		near(t, "loss", lost[k]/base[k], want, math.Sqrt(want/base[k]))
	}
}

// Pressure: weights divided by their sum over the opening plan's media that
// cover a region, Hill of spend over Hill of reference, totals split by firms.
func TestPressureOfMediaByRegion(t *testing.T) {
	t.Parallel()
	p := testMarket(100000, 1) // east 60%, west 40%; radio everywhere, tv in the west
	p.Run.Weeks = 8
	p.Media[0].WeeklyBudget, p.Media[0].ReferenceBudget, p.Media[0].HalfSaturation = plan.Split{Total: 3000}, plan.Split{Total: 2000}, plan.Split{Total: 1500}
	p.Media[1].WeeklyBudget, p.Media[1].ReferenceBudget, p.Media[1].HalfSaturation = plan.Split{Parts: []float64{0, 500}}, plan.Split{Parts: []float64{1, 400}}, plan.Split{Parts: []float64{1, 700}}
	p.Media[0].ToSalience, p.Media[0].ToEquity, p.Media[1].ToSalience, p.Media[1].ToEquity = 3, 1, 1, 0.5
	p.OpeningPlan = p.Clone()
	relative := func(x, ref, half float64) float64 { return known.Hill(x, half, 1.2) / known.Hill(ref, half, 1.2) }
	radio, tv := relative(3000, 2000, 1500), relative(500, 400, 700)
	check := func(p *plan.Plan, week int, east, west, equityEast, equityWest float64) {
		t.Helper()
		_, s, rec := prepared(t, p)
		var got []float64
		s.eachStep = func() {
			if s.step == week {
				b := s.drivers.brand
				got = []float64{b.pressureS[0], b.pressureS[1], b.pressureE[0], b.pressureE[1]}
			}
		}
		s.Replicate(1, 0, rec)
		require.InDeltaSlice(t, []float64{east, west, equityEast, equityWest}, got, 1e-12)
	}
	check(p, 0, radio, (3*radio+tv)/4, radio, (radio+0.5*tv)/1.5)
	// Dear media: the Hill sees spend over cost.
	q := p.Clone()
	q.Media[0].CostMultiplier = 2
	cheap := relative(1500, 2000, 1500)
	check(q, 0, cheap, (3*cheap+tv)/4, cheap, (cheap+0.5*tv)/1.5)
	// A pause leaves the sum of weights alone; so does a medium that is added, and
	// a weight that changes.
	q = p.Clone()
	q.Changes = []plan.Change{from(q, 3, "media.radio.weekly_budget", 0)}
	check(q, 4, 0, tv/4, 0, 0.5*tv/1.5)
	q = p.Clone()
	q.Media = append([]plan.Medium{q.Media[1]}, q.Media...)
	q.Media[0].Name = "billboards"
	check(q, 0, radio, (3*radio+2*tv)/4, radio, (radio+2*0.5*tv)/1.5)
	q = p.Clone()
	q.Changes = []plan.Change{from(q, 3, "media.tv.to_salience", 5)}
	check(q, 2, radio, (3*radio+tv)/4, radio, (radio+0.5*tv)/1.5)
	check(q, 4, radio, (3*radio+5*tv)/4, radio, (radio+0.5*tv)/1.5)
	// A date inside a week acts by its share of the days.
	q = p.Clone()
	q.Changes = []plan.Change{from(q, 3, "media.radio.weekly_budget", 0)}
	q.Changes[0].From += 2
	check(q, 3, radio*2/7, (3*radio*2/7+tv)/4, radio*2/7, (radio*2/7+0.5*tv)/1.5)
	// Cash rules cut spend before the Hill.
	q = p.Clone()
	q.Finance.OpeningCash = 1e5
	q.CashRules = []plan.CashRule{{Name: "low", Below: 1e9, CutBrand: 0.5}}
	half, small := relative(1500, 2000, 1500), relative(250, 400, 700)
	check(q, 0, half, (3*half+small)/4, half, (half+0.5*small)/1.5)
}

// Awareness: the share of firms that a channel with needs_awareness can touch is
// awareness_max x E/(E + half saturation), E the step's mean equity; and an
// inherited brand is where it is said to be.
func TestAwarenessFollowsEquity(t *testing.T) {
	t.Parallel()
	p := haloMarket(0, 0.5, 1)
	p.Opening.BurnInWeeks, p.Run.Weeks = 0, 30
	p.Channels = p.Channels[:1]
	p.Channels[0].Response, p.Channels[0].NeedsAwareness = 0, true
	p.Brand.AwarenessMax, p.Brand.HalfSaturationEquity, p.Brand.InitialEquity[0], p.Brand.InitialSalience[0] = 0.7, 2, 3, 0.5
	pr, s, rec := prepared(t, p)
	s.Replicate(1, 0, rec)
	require.InDelta(t, 3, weekly(t, pr, rec, "equity.all")[0], 1e-6)
	_, salience := newStock(1, 1).step(0.5, 1)
	require.InDelta(t, salience, weekly(t, pr, rec, "salience.all")[0], 1e-12)
	want := 0.7 * 3 / (3 + 2.0)
	// Touches a week in market, over weeks by which journeys in market are many.
	inMarket, before := 0.0, 0.0
	for _, x := range weekly(t, pr, rec, "in_market") {
		inMarket += (x + before) / 2
		before = x
	}
	touches := outcome(t, pr, rec, "touches")
	near(t, "touches of firms that know the brand", touches/inMarket/0.3, want, want*math.Sqrt((1+0.3*8/want)/touches)+1e-3)
}
