package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// replays gives a busy market whose burn-in replays its past of some weeks.
func replays(weeks float64) *plan.Plan {
	p := busyMarket()
	p.Run.Weeks, p.Opening.BurnInWeeks, p.Opening.Replay = 12, weeks, true
	return p
}

// A past in which no number moves is the burn-in that holds them, to the bit.
func TestAPastWithoutDatesIsTheOrdinaryBurnIn(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := replays(60)
		p.Run.Step = step
		q := p.Clone()
		q.Opening.Replay = false
		pr, s, got := prepared(t, p)
		_, held, want := prepared(t, q)
		for r := range 2 {
			s.Replicate(5, r, got)
			held.Replicate(5, r, want)
			require.Empty(t, differences(pr.Schema(), want, got))
		}
		dated := p.Clone() // and does not know of later dates
		dated.Changes = []plan.Change{from(p, 5, "channels.display.weekly_budget", 1e6)}
		q.Changes = dated.Changes
		_, s, got = prepared(t, dated)
		_, held, want = prepared(t, q)
		s.Replicate(5, 0, got)
		held.Replicate(5, 0, want)
		require.Empty(t, differences(pr.Schema(), want, got))
	}
}

// Stocks of the first day are those that the dated spend has left: x + (S - x) 2^(-t/T) after t weeks of x.
func TestStocksOfTheFirstDayAreWhatTheDatedSpendLeft(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := replays(30)
		p.Run.Step = step
		p.Channels[2].AdstockHalfLifeWeeks = 3
		p.Channels[4].InitialAdstock, p.Channels[4].AdstockHalfLifeWeeks = 70, 11
		p.Brand.SalienceHalfLifeWeeks = 4
		p.Brand.InitialEquity = []float64{2, math.NaN()}
		display, outbound := p.Channels[2].WeeklyBudget, p.Channels[4].WeeklyBudget
		p.Changes = []plan.Change{
			{Name: "doubled", From: p.Run.Start - 28, Effects: []plan.Effect{{Key: "channels.display.weekly_budget", Multiply: true, Value: 2, Input: -1}}},
			{Name: "off air", From: p.Run.Start - 70, Until: p.Run.Start, Effects: []plan.Effect{{Key: "media.*.weekly_budget", Input: -1}}},
			{Name: "on the first day", From: p.Run.Start, Effects: []plan.Effect{{Key: "channels.display.weekly_budget", Input: -1}}},
		}
		s := opened(t, p, 5, 0)
		w := s.w
		left := func(s, x, weeks, half float64) float64 { return x + (s-x)*math.Exp2(-weeks/half) }
		require.InEpsilon(t, left(display, 2*display, 4, 3), s.drivers.adstock[2*len(w.byRegion)], 1e-12, step)
		require.InEpsilon(t, left(70, outbound, 30, 11), s.drivers.adstock[4*len(w.byRegion)], 1e-12, step)
		// What pressed on the stocks up to ten weeks before was the spend of the plan as written.
		var steady [2][]float64
		held := p.Clone()
		held.Opening.Replay, held.Changes, held.Brand.InitialEquity = false, nil, fill(2, math.NaN())
		before := opened(t, held, 5, 0).drivers.brand
		steady[0], steady[1] = before.salience, before.equity
		for r := range 2 {
			require.InEpsilon(t, left(steady[0][r], 0, 10, 4), s.drivers.brand.salience[r], 1e-12, step)
			first := steady[1][r]
			if r == 0 {
				first = left(2, first, 20, p.Brand.EquityHalfLifeWeeks)
			}
			require.InEpsilon(t, left(first, 0, 10, p.Brand.EquityHalfLifeWeeks), s.drivers.brand.equity[r], 1e-12, step)
		}
		require.Equal(t, 2*display, w.tl.Opening().Channels[2].WeeklyBudget, "what begins on the first day is not of the past")
		require.Zero(t, w.tl.Plan(0).Channels[2].WeeklyBudget)
	}
}

// Sign-ups of the last weeks that are in progress on the first day: advertising came back 4 weeks before it, a touch
// wins, and the deal is booked after ten weeks. Of the firms in market by then, and of those that came since, as many
// were touched as the exponential laws say.
func TestThePipelineIsThatOfTheLastWeeks(t *testing.T) {
	t.Parallel()
	const touches, window, weeks = 0.4, 5.0, 4.0
	p := oneCell(1e7, 0.05, window)
	p.Run.Weeks, p.Opening.BurnInWeeks, p.Opening.Replay = 1, 60, true
	p.Channels[0] = testChannel(p, "ads", touches, 1)
	p.Channels[0].AdstockHalfLifeWeeks = 1e-6
	p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = 70, 0
	p.Changes = []plan.Change{{Name: "off", From: p.Run.Start - 1000, Until: p.Run.Start - 28,
		Effects: []plan.Effect{{Key: "channels.ads.weekly_budget", Input: -1}}}}
	_, s, _ := prepared(t, p)
	flow := s.w.share[0] * 1e7 * -math.Expm1(-s.w.perStep[0]) // those who are dormant at a step's start, once a step
	const all = touches + 1/window
	want := flow * touches / all * (window*-math.Expm1(-all*weeks) + weeks + math.Expm1(-all*weeks)/all)
	var sum float64
	n := more(4, 20)
	for r := range n {
		sum += float64(opened(t, p, 3, r).sales.inProgress)
	}
	near(t, "sign-ups in progress", sum/float64(n), want, math.Sqrt(want/float64(n)))
}

// People who were hired in the past have been at work since, and are as fast as that makes them.
func TestPeopleHiredInThePastAreRamping(t *testing.T) {
	t.Parallel()
	p := replays(20)
	p.Teams[0].People = 2
	p.Schedules = []plan.Schedule{{Key: "teams." + p.Teams[0].Name + ".people", Entries: []plan.ScheduleEntry{
		{From: p.Run.Start - 35, Value: 5, Input: -1}, {From: p.Run.Start - 14, Value: 4, Input: -1}, {From: p.Run.Start + 14, Value: 9, Input: -1}}}}
	s := opened(t, p, 5, 0)
	var hired []float64
	for _, x := range s.sales.teams[0].people {
		if !x.leaving {
			hired = append(hired, x.hired)
		}
	}
	require.Equal(t, []float64{farPast, farPast, -5, -5}, hired)
}

// A scripted recession before the first day is replayed; a drawn economy has the regime of the first day.
func TestThePastHasItsRegimes(t *testing.T) {
	t.Parallel()
	p := replays(10)
	p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start - 28, Regime: "recession"}, {From: p.Run.Start - 14, Regime: "expansion"}}
	s := opened(t, p, 5, 0)
	require.Equal(t, []bool{false, false, false, false, false, false, true, true, false, false, false}, s.w.slump[:11])
	p.Opening.Replay = false
	require.NotContains(t, opened(t, p, 5, 0).w.slump[:11], true)
}

// Journeys of a replayed past are dropped where they leave no trace, under the numbers of their own days.
func TestDroppedJourneysOfThePastLeaveNoTrace(t *testing.T) {
	t.Parallel()
	for i, factor := range []float64{0.2, 1, 5} {
		p := replays(60)
		p.Run.Weeks = 6
		day := func(weeks int) plan.Date { return p.Run.Start - plan.Date(7*weeks) }
		effect := func(key string, x float64) []plan.Effect {
			return []plan.Effect{{Key: key, Multiply: true, Value: x, Input: -1}}
		}
		p.Changes = []plan.Change{
			{Name: "slow", From: day(50), Until: day(20), Effects: effect("teams.*.cycle_days", 4)},
			{Name: "long", From: day(40), Until: day(9), Effects: effect("triggers.*.window_weeks", 3)},
			{Name: "few", From: day(30), Until: day(12), Effects: effect("teams.*.opportunities_per_week", 0.3*factor)},
			{Name: "loud", From: day(25), Until: day(10), Effects: effect("channels.*.weekly_budget", 6)},
			{Name: "hired", From: day(14), Effects: effect("teams.*.people", 1+factor)},
		}
		_, s, got := prepared(t, p)
		want := s.pr.Schema().NewRecord()
		for r := range more(2, 20) {
			s.followAll = true
			s.Replicate(5, r, want)
			s.followAll = false
			s.Replicate(5, r, got)
			require.True(t, sameButRounding(want, got), "case %d, replication %d", i, r)
		}
	}
}

// Plans of one past share it; a plan with another past is run apart, and the reason is named.
func TestPlansShareWhatTheyReplay(t *testing.T) {
	t.Parallel()
	p := replays(20)
	loud := plan.Change{Name: "loud", From: p.Run.Start - 50, Effects: []plan.Effect{{Key: "channels.*.weekly_budget", Multiply: true, Value: 2, Input: -1}}}
	p.Changes = []plan.Change{loud}
	later := p.With(from(p, 4, "channels.display.weekly_budget", 0))
	louder := p.Clone()
	louder.Changes = []plan.Change{loud}
	louder.Changes[0].Effects = []plan.Effect{{Key: "channels.*.weekly_budget", Multiply: true, Value: 3, Input: -1}}
	require.Equal(t, 4, parts(p, later))
	require.Empty(t, sameOpening(p, later))
	require.Contains(t, sameOpening(p, louder), "changes")
	held := p.Clone()
	held.Opening.Replay = false
	require.Contains(t, sameOpening(p, held), "another opening plan")
	require.Contains(t, fmt.Sprint(sameOpening(p, held)), "opening.replay")
}

// A customer of the first day pays what its product cost on the day on which it was won: of what is older than the past, of
// the past's first day. Where a new price is that of all it is that of the first day, or of the day of the last bill of who
// pays years ahead; where nothing is replayed it is that of the first day.
func TestCustomersOfAReplayedPastKeepTheirPrices(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := replays(60)
		p.Run.Step = step
		p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 3, Share: 1}}
		for i := range p.Products {
			p.Products[i].PriceForAll = false
		}
		q := &p.Products[0]
		q.Discount, q.PrepaidShare = 0.25, 0.4
		now := q.Price
		p.Schedules = []plan.Schedule{{Key: "products." + q.Name + ".price", Entries: []plan.ScheduleEntry{
			{From: p.Run.Start - 7*80, Value: now / 4, Input: -1}, {From: p.Run.Start - 7*50, Value: now / 2, Input: -1},
			{From: p.Run.Start - 7*20, Value: now, Input: -1}, {From: p.Run.Start + 7*5, Value: 8 * now, Input: -1}}}}
		held, all := p.Clone(), p.Clone()
		held.Opening.Replay = false
		all.Products[0].PriceForAll = true
		seen, billed := map[float64]int{}, 0
		for _, x := range []*plan.Plan{p, held, all} {
			s := opened(t, x, 5, 0)
			for i := range s.w.cells {
				key := s.root.Child(purposeOpening).Child(s.w.cells[i].label)
				for n := range s.w.opening[i].count {
					c, _, list := s.w.openCustomer(s.openKey(key, i, n), i, n)
					if c.product != 0 {
						continue
					}
					want, agreed := now, c.since
					if x == all { // a year's bill has the price of its day
						if agreed = 0; c.prepaid {
							agreed, billed = c.billed, billed+1
						}
					}
					switch {
					case x == held:
					case agreed < -50:
						want = now / 4
					case agreed < -20:
						want = now / 2
					}
					require.InEpsilon(t, 0.75*want, c.factor*list, 1e-12, "won %g weeks ago", -c.since)
					if x == p {
						seen[want]++
					}
				}
			}
		}
		require.Len(t, seen, 3)
		require.Positive(t, billed)
	}
}
