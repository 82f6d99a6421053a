package model

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// apart is a market of one channel and of regions of some shares.
func apart(p *plan.Plan, shares ...float64) *plan.Plan {
	p.Population.Regions = nil
	for i, share := range shares {
		p.Population.Regions = append(p.Population.Regions, plan.Region{Name: string(rune('a' + i)), Share: share})
	}
	R := len(shares)
	p.Brand.InitialSalience, p.Brand.InitialEquity = fill(R, math.NaN()), fill(R, math.NaN())
	for i := range p.Triggers {
		p.Triggers[i].Region = fill(R, 1)
	}
	for i := range p.Channels {
		p.Channels[i].Reach.Region, p.Channels[i].RegionSpend = fill(R, 1), fill(R, 1)
	}
	return p
}

// weeksTold keeps what an observer is told of weeks.
type weeksTold struct {
	Trace
	weeks []Week
}

func (x *weeksTold) Asks() Events { return Weeks }
func (x *weeksTold) Begin()       { x.weeks = x.weeks[:0] }
func (x *weeksTold) Week(k *Week) { next(&x.weeks).copyOf(k) }

// told runs a replication of a plan and gives its weeks.
func told(t testing.TB, p *plan.Plan, seed uint64, replication int) (*Prepared, *plan.Record, []Week) {
	t.Helper()
	pr, s, rec := prepared(t, p)
	o := &weeksTold{}
	s.Observer = o
	s.Replicate(seed, replication, rec)
	return pr, rec, o.weeks
}

// In each region a channel works on the Hill curve of its own adstock, that of its factor times what is spent, and is paid
// the part of the budget that goes there times the factor: before and after a change that takes effect in the middle of a
// week, which counts by its days.
func TestRegionsHaveTheirOwnAdstockAndCurve(t *testing.T) {
	t.Parallel()
	shares, reach, factors := []float64{0.5, 0.3, 0.2}, []float64{1, 0.5, 0.25}, []float64{1, 2, 0}
	const half, shape, life, budget, cost, most = 150.0, 1.6, 3.0, 90.0, 1.25, 2.0
	p := apart(oneCell(20000, 0.1, 4), shares...)
	p.Run.Weeks, p.Opening.BurnInWeeks = 30, 4
	ch := &p.Channels[0]
	ch.WeeklyBudget, ch.HalfSaturation, ch.Shape, ch.AdstockHalfLifeWeeks = budget, half, shape, life
	ch.CostMultiplier, ch.MaxTouchesPerWeek, ch.Response = cost, most, 0
	ch.RegionSpend, ch.Reach.Region = factors, reach
	const changes, to = 10, 0.25 // week, factor of the last region
	c := from(p, changes, "channels.ads.region_spend.c", to)
	c.From += 3
	p.Changes = []plan.Change{c}
	pr, rec, weeks := told(t, p, 3, 0)
	sum, all := 0.0, 0.0
	parts := make([]float64, 3)
	for r := range parts {
		parts[r] = shares[r] * reach[r]
		all += parts[r]
	}
	for r := range parts {
		parts[r] /= all
	}
	stock := make([]float64, 3)
	for r, f := range factors {
		stock[r] = f * budget / cost
	}
	for i, k := range weeks {
		spent := 0.0
		for r, f := range factors {
			switch {
			case r == 2 && i == changes:
				f = (3*f + 4*to) / 7
			case r == 2 && i > changes:
				f = to
			}
			mean := known.StockMean(stock[r], f*budget/cost, life, 1)
			stock[r] = known.StockAfter(stock[r], f*budget/cost, life, 1)
			require.InDelta(t, stock[r], k.Adstock[r], 1e-9, "adstock of region %d in week %d", r, i)
			require.InDelta(t, most*known.Hill(mean, half, shape), k.Rate[r], 1e-9, "touches in region %d, week %d", r, i)
			require.InDelta(t, parts[r]*f*budget, k.MediaIn[r], 1e-9, "spend in region %d, week %d", r, i)
			spent += parts[r] * f * budget
		}
		require.InDelta(t, spent, k.Media[0], 1e-9)
		sum += spent
	}
	require.InDelta(t, sum, outcome(t, pr, rec, "media_spend"), 0.2, "the books are in whole cents")
	for r, name := range []string{"a", "b", "c"} {
		in := 0.0
		for _, k := range weeks {
			in += k.MediaIn[r]
		}
		require.InDelta(t, in, sliceOf(t, pr, rec, "region", name, "media"), 1e-6, "what is spent there, not touches, is the region's cost")
	}
}

// sliceOf is a number of a slice.
func sliceOf(t testing.TB, pr *Prepared, rec *plan.Record, dimension, name, column string) float64 {
	t.Helper()
	columns := pr.Schema().Slice
	at := slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == column })
	for i, row := range pr.Schema().SliceRows {
		if row.Dimension == dimension && row.Name == name {
			return rec.Slices[i*len(columns)+at]
		}
	}
	t.Fatalf("no slice %s %s", dimension, name)
	return 0
}

// Of firms in an exponential window that are touched at the rate of their region l q/(l q + m) become leads.
func TestLeadsFollowTheSpendOfTheirRegion(t *testing.T) {
	t.Parallel()
	const l, q, m = 0.6, 0.4, 0.25
	p := apart(oneChannel(l, q, m), 0.5, 0.3, 0.2)
	p.Run.Weeks, p.Opening.BurnInWeeks = 50, 0
	p.Channels[0].InitialAdstock, p.Channels[0].AdstockHalfLifeWeeks = math.NaN(), 1e-6
	p.Channels[0].RegionSpend = []float64{1, 3, 0}
	p.Changes = append(p.Changes, from(p, 12, "triggers.need.rate_per_year", 0)) // all windows end in the run
	pr, s, rec := prepared(t, p)
	o := &weeksTold{}
	s.Observer = o
	leads, journeys := make([]int, 3), 0.0
	n := more(3, 20)
	for r := range n {
		s.Replicate(11, r, rec)
		journeys += outcome(t, pr, rec, "journeys")
		for _, k := range o.weeks {
			for r, x := range k.Leads {
				leads[r] += int(x)
			}
		}
	}
	ch := &p.Channels[0]
	for r, share := range []float64{0.5, 0.3, 0.2} {
		rate := ch.MaxTouchesPerWeek * known.Hill(ch.RegionSpend[r]*ch.WeeklyBudget, ch.HalfSaturation, ch.Shape)
		want := rate * q / (rate*q + m)
		if r == 2 {
			require.Zero(t, leads[r], "nothing is spent there")
			continue
		}
		// Journeys of a region are a share of all of them, themselves random.
		k := share * journeys
		near(t, "leads of a region", float64(leads[r])/k, want, math.Sqrt(want*(1-want)/k+want*want*(1-share)/k))
	}
}

// Where firms search, the paid link takes the share of a region that the money spent there buys.
func TestSearchesFollowTheSpendOfTheirRegion(t *testing.T) {
	t.Parallel()
	const l, m, organic = 0.8, 0.25, 0.5
	p := apart(searched(l, 0, m, 0.5, organic, "category"), 0.4, 0.6)
	at := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "search" })
	p.Run.Weeks, p.Opening.BurnInWeeks = 40, 8
	p.Channels[at].RegionSpend = []float64{3, 0}
	_, s, rec := prepared(t, p)
	o := &weeksTold{}
	s.Observer = o
	touches := make([]int, 4) // channel and region
	for r := range more(2, 10) {
		s.Replicate(5, r, rec)
		for _, k := range o.weeks {
			for i, x := range k.Touches {
				touches[i] += int(x)
			}
		}
	}
	paid := known.Hill(3, 1, 1) // half of the searches are paid where the factor is 1
	own, free := touches[at*2], touches[(1-at)*2]
	nearShare(t, "paid searches where three times as much is spent", own, own+free, paid/(paid+(1-paid)*organic))
	require.Zero(t, touches[at*2+1], "no link is paid where nothing is spent")
	require.NotZero(t, touches[(1-at)*2+1], "firms search there all the same")
}

// A factor of 1 everywhere, stated or dated, changes no bit; and until a factor is moved nothing does.
func TestAFactorOfOneChangesNothing(t *testing.T) {
	t.Parallel()
	base := busyMarket()
	dated := func(key string) plan.Change { // a new date makes new sums, whatever it changes
		c := from(base, 3, key, 1)
		c.From += 2
		c.Effects[0].Multiply = key != "channels.*.region_spend"
		return c
	}
	p := base.Clone()
	base.Changes = append(slices.Clone(base.Changes), dated("channels.*.weekly_budget"))
	pr, rec := replicated(t, base, 5, 1)
	p.Changes = append(slices.Clone(p.Changes), dated("channels.*.region_spend"))
	_, same := replicated(t, p, 5, 1)
	require.Equal(t, wordsOf(rec), wordsOf(same))
	p.Changes = append(p.Changes, from(p, 6, "channels.paid-search.region_spend.west", 3))
	other, moved := replicated(t, p, 5, 1)
	requireWeeksEqual(t, "region_spend", pr, rec, other, moved, 6)
	require.NotEqual(t, wordsOf(rec), wordsOf(moved))
	for i := range p.Channels {
		p.Channels[i].RegionSpend = nil // a plan that was made in code
	}
	p.Changes = base.Changes
	_, same = replicated(t, p, 5, 1)
	require.Equal(t, wordsOf(rec), wordsOf(same))
}

// What is spent in a region alone is remembered there alone after the last day: of two regions that are alike, half of
// what the same burst in both leaves.
func TestCarryOverIsThatOfTheRegion(t *testing.T) {
	t.Parallel()
	p := apart(oneChannel(0.6, 0.4, 0.25), 0.5, 0.5)
	p.Run.Weeks, p.Opening.BurnInWeeks = 12, 4
	p.Channels[0].AdstockHalfLifeWeeks, p.Channels[0].InitialAdstock = 6, math.NaN()
	p.OpeningPlan = p.Clone()
	left := func(key string) (mean, variance float64) {
		q := p.Clone()
		q.Changes = append(slices.Clone(p.Changes), from(q, 6, key, 4))
		q.Changes[len(q.Changes)-1].Until = p.Run.Start + 12*7
		pr, s, rec := prepared(t, q)
		var values []float64
		for r := range more(20, 200) {
			s.Replicate(2, r, rec)
			values = append(values, outcome(t, pr, rec, "carry_over_margin"))
		}
		mean, v := moments(values)
		return mean, v / float64(len(values))
	}
	one, errorOfOne := left("channels.ads.region_spend.a")
	both, errorOfBoth := left("channels.ads.region_spend")
	require.Greater(t, one, 10*math.Sqrt(errorOfOne))
	near(t, "what a burst in both regions leaves over that in one", both, 2*one, math.Sqrt(4*errorOfOne+errorOfBoth))
}
