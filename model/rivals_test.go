package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
	"windfall/model/rng"
)

// against is a market of one cell in which a rival takes firms at a hazard a week.
func against(hazard float64) *plan.Plan {
	p := oneCell(400_000, 0.2, 5)
	p.Opening.BurnInWeeks = 60
	p.Rivals = plan.Rivals{Strength: 1, Price: 1}
	p.Triggers[0].RivalPerWeek = hazard
	return p
}

// ends counts how journeys ended in some replications.
func ends(t *testing.T, p *plan.Plan, replications int) (leads, expired, lost int) {
	t.Helper()
	pr, s, rec := prepared(t, p)
	s.eachStep = func() { require.NoError(t, s.Conserved()) }
	for r := range replications {
		s.Replicate(3, r, rec)
		leads += int(outcome(t, pr, rec, "leads")) // the tally goes on in the tail
		expired, lost = expired+s.tally.expired, lost+s.tally.toRivals
	}
	return leads, expired, lost
}

// A rival is a competing risk beside the window and the touches, whatever the window's law.
func TestARivalIsACompetingRisk(t *testing.T) {
	t.Parallel()
	const r = 0.11
	p := against(r)
	p.Channels[0] = testChannel(p, "ads", 0.3, 0.5)
	leads, expired, lost := ends(t, p, more(1, 20))
	all := leads + expired + lost
	nearShare(t, "raised", leads, all, known.RaiseAgainst(0.3, 0.5, 0.2, r))
	nearShare(t, "lost", lost, all, known.LostAgainst(0.3, 0.5, 0.2, r))
	for _, cv := range []float64{0, 0.6, 1.8} {
		p := against(r)
		p.Channels, p.Triggers[0].WindowCV = nil, cv
		_, expired, lost := ends(t, p, more(1, 20))
		nearShare(t, fmt.Sprint("lost, cv ", cv), lost, lost+expired, known.RivalFirst(r, 5, cv))
	}
}

// The hazard follows the calendar: strength, price and the hazard itself may move, in days and in weeks, and what
// has been used up stays.
func TestRivalsFollowTheCalendar(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := against(0.1)
		p.Run.Step, p.Run.Weeks, p.Opening.BurnInWeeks = step, 30, 4
		p.Rivals.PriceElasticity = 2
		p.Changes = []plan.Change{from(p, 5, "rivals.strength", 3), from(p, 9, "rivals.price", 0.5), from(p, 12, "triggers.need.rival_per_week", 0), from(p, 20, "triggers.need.rival_per_week", 0.05)}
		_, s, rec := prepared(t, p)
		s.Replicate(1, 0, rec)
		w := s.w
		hazard := func(week float64) float64 {
			switch {
			case week < 5:
				return 0.1
			case week < 9:
				return 0.3
			case week < 12:
				return 1.2
			case week < 20:
				return 0
			}
			return 0.6
		}
		for i := range 2000 {
			key := rng.Root(5, i)
			born := uint32(key.Unit(1) * 30 * ticksPerWeek)
			at := float64(born)/ticksPerWeek - 4
			got := w.rivalAfter(key, 0, born, inf)
			used := 0.0
			if math.IsInf(got, 1) {
				got = w.tailEnd() - at
				used = -1 // at most
			}
			const parts = 40_000
			for k := range parts {
				used += hazard(at+(float64(k)+0.5)*got/parts) * got / parts
			}
			e := rng.Exponential(key, purposeRival)
			if math.IsInf(w.rivalAfter(key, 0, born, inf), 1) {
				require.Less(t, used+1, e+1e-3, "%s: born %v", step, at)
				continue
			}
			require.InDelta(t, e, used, 2e-3, "%s: born %v, chooses after %v", step, at, got)
			// A limit changes nothing except what lies beyond it.
			require.Equal(t, got, w.rivalAfter(key, 0, born, got+1e-6))
			require.GreaterOrEqual(t, w.rivalAfter(key, 0, born, got/2), got/2)
		}
	}
}

// The clock goes on while a sign-up waits, in service and in the cycle.
func TestRivalsTakeOpportunities(t *testing.T) {
	t.Parallel()
	const r = 0.09
	p := against(r)
	p.Channels[0] = testChannel(p, "ads", 3, 1)
	p.Teams[0].WinRate[0], p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = 0.4, 28, 0.7
	pr, s, rec := prepared(t, p)
	var won, booked, lost, deals int
	for i := range more(2, 40) {
		s.Replicate(9, i, rec)
		won, booked = won+int(outcome(t, pr, rec, "won")), booked+int(outcome(t, pr, rec, "booked"))
		deals += int(outcome(t, pr, rec, "deals_lost_to_rivals"))
		lost += int(outcome(t, pr, rec, "lost_to_rivals"))
		require.InDelta(t, outcome(t, pr, rec, "won")/outcome(t, pr, rec, "booked"), outcome(t, pr, rec, "win_rate"), 1e-12)
	}
	gone := known.RivalFirst(r, 4, 0.7)
	nearShare(t, "deals lost", deals, booked, gone)
	nearShare(t, "win rate", won, booked, 0.4*(1-gone))
	require.Greater(t, lost, deals)

	// In a queue: who waits, and who is served.
	q := against(0.3)
	q.Channels[0] = testChannel(q, "ads", 3, 1)
	q.Population.Sizes[0].FirmDeathPerYear = 0.3
	q.Teams[0] = testTeam(q, "desk", "people")
	q.Teams[0].People, q.Teams[0].OpportunitiesPerWeek, q.Teams[0].CycleDays[0], q.Teams[0].AnswerDelayHours = 200, 5, 10, 12
	_, s, rec = prepared(t, q)
	s.eachStep = func() { require.NoError(t, s.Conserved()) }
	s.Replicate(2, 0, rec)
	require.Greater(t, s.tally.rivalWaiting, 100)
	require.Greater(t, s.tally.rivalInSales, 100)
	require.Greater(t, s.tally.lostWaiting, 100)
	require.Greater(t, s.tally.diedInSales, 5)
}

// The flow of journeys stays the stated one: the reference share of dormant firms knows that rivals end
// journeys early.
func TestRivalsLeaveTheFlowOfJourneys(t *testing.T) {
	t.Parallel()
	for _, death := range []float64{0, 0.2} {
		const rate, weeks = 0.5, 52
		p := oneCell(300_000, rate, 12)
		p.Rivals, p.Triggers[0].RivalPerWeek, p.Triggers[0].WindowCV = plan.Rivals{Strength: 2, Price: 1}, 0.1, 0.7
		p.Channels, p.Journey.LockInYears, p.Opening.BurnInWeeks = nil, 0.5, 40
		p.Population.Sizes[0].FirmDeathPerYear = death
		pr, s, rec := prepared(t, p)
		var list, market []float64
		for r := range 2 {
			s.Replicate(1, r, rec)
			list = append(list, outcome(t, pr, rec, "journeys"))
			market = append(market, outcome(t, pr, rec, "in_market_firms"))
		}
		mean, _ := moments(list)
		want := p.Population.Firms * rate * weeks / plan.WeeksPerYear
		require.InDelta(t, want, mean, 0.001*want+zLimit*math.Sqrt(want/2))
		inMarket, _ := moments(market)
		stay := marketWeeks(&p.Triggers[0], 0.2+death/plan.WeeksPerYear)
		require.InDelta(t, 1, inMarket/(p.Population.Firms*rate/plan.WeeksPerYear*stay), 0.02)
	}
}

// Stronger rivals only end journeys earlier: every lead that is left is one without them, at its time.
func TestStrongerRivalsTakeLeadsAndMakeNone(t *testing.T) {
	t.Parallel()
	base := testMarket(60_000, 2)
	base.Run.Weeks, base.Opening.BurnInWeeks = 26, 20
	base.Rivals = plan.Rivals{Strength: 1, Price: 1}
	for i := range base.Triggers {
		base.Triggers[i].RivalPerWeek = 0.05
	}
	for i := range base.Channels {
		if base.Channels[i].Driver == "customers" {
			base.Channels[i].Enabled = false // nothing feeds back
		}
	}
	leads := func(change plan.Change) map[string]bool {
		p := base.With(change)
		p.OpeningPlan = base
		_, s, rec := traced(t, p)
		s.Replicate(4, 1, rec)
		out := map[string]bool{}
		for _, l := range traceOf(s).Leads {
			out[fmt.Sprint(l.Cell, l.Kind, l.Trigger, l.Raised, l.Path)] = true
		}
		return out
	}
	weak, strong := leads(from(base, 0, "rivals.strength", 1)), leads(from(base, 3, "rivals.strength", 4))
	for l := range strong {
		require.Contains(t, weak, l)
	}
	require.Less(t, len(strong), len(weak)*9/10)
	require.Greater(t, len(strong), len(weak)/10)
}

// Share of voice is that of the money, and missing where nobody spends.
func TestShareOfVoice(t *testing.T) {
	t.Parallel()
	p := testMarket(5_000, 1)
	p.Run.Weeks = 10
	p.Rivals.MediaPerWeek = 300
	p.Changes = []plan.Change{from(p, 4, "rivals.media_per_week", 600)}
	pr, rec := replicated(t, p, 1, 0)
	own := outcome(t, pr, rec, "brand_spend")
	require.InDelta(t, own+4*300+6*600, outcome(t, pr, rec, "brand_of_all"), 1e-6)
	require.InDelta(t, own/(own+4800), outcome(t, pr, rec, "share_of_voice"), 1e-12)
	p.Media, p.Rivals.MediaPerWeek, p.Changes = nil, 0, nil
	pr, rec = replicated(t, p, 1, 0)
	require.True(t, math.IsNaN(outcome(t, pr, rec, "share_of_voice")))
}

// The chance to win answers the net price of the day of first contact.
func TestTheChanceToWinAnswersThePrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ price, discount, chance float64 }{{20, 0, 0.3}, {40, 0, 0.3 * math.Pow(2, -1.5)}, {40, 0.5, 0.3}, {5, 0, 1}, {0, 0, 1}} {
		p := oneCell(400_000, 0.2, 5)
		p.Opening.BurnInWeeks = 0
		x := &p.Products[0]
		x.Price, x.Discount, x.ReferencePrice, x.PriceElasticity = c.price, c.discount, 20, 1.5
		p.Teams[0].WinRate[0] = 0.3
		_, s, rec := prepared(t, p)
		s.Replicate(1, 0, rec)
		if c.chance == 1 {
			require.Zero(t, s.tally.refused)
			continue
		}
		nearShare(t, fmt.Sprint("won at ", c.price), s.tally.wins, s.tally.wins+s.tally.refused, c.chance)
	}
}

// After the last day firms choose rivals too: the touches that a firm would still see end there, and the rest stay.
func TestRivalsGoOnAfterTheLastDay(t *testing.T) {
	t.Parallel()
	base := oneCell(400_000, 0.2, 5)
	base.Channels[0] = testChannel(base, "ads", 2, 0.001)
	base.Rivals = plan.Rivals{Strength: 1, Price: 1}
	base.Run.Weeks, base.Opening.BurnInWeeks = 10, 30
	base.OpeningPlan = base.Clone()
	base.Changes = []plan.Change{from(base, 5, "channels.ads.weekly_budget", 150)} // so that something is carried over
	state := func(hazard float64) *State {
		p := base.With(from(base, 8, "triggers.need.rival_per_week", hazard))
		_, s, rec := prepared(t, p)
		s.Replicate(1, 0, rec)
		require.NotEmpty(t, s.carry.half)
		return s
	}
	calm, rivals := state(0), state(0.15)
	var all, left int
	for i := range 20_000 {
		key := rng.Root(7, i)
		calm.proposeTouches(key, 3)
		rivals.proposeTouches(key, 3)
		a, b := calm.carry.touch, rivals.carry.touch
		require.LessOrEqual(t, len(b), len(a))
		require.Equal(t, a[:len(b)], b)
		all, left = all+len(a), left+len(b)
	}
	// Touches come evenly through the time in market: 5 weeks, and 1/(1/5 + 0.15).
	require.InDelta(t, 1/(1+0.15*5), float64(left)/float64(all), 0.02)
	// The pipeline is shorter, and what it brings: firms that came by the last day go to rivals in the tail.
	require.Greater(t, calm.tally.leads, rivals.tally.leads)
	// The share that is charged follows the opening plan.
	strong := base.Clone()
	strong.Triggers[0].RivalPerWeek = 0.3
	require.InDelta(t, math.Exp(-4*(0.2+0.3)), Charged(strong, 10, 1)[4], 1e-12)
	require.InDelta(t, math.Exp(-4*0.2), Charged(base, 10, 1)[4], 1e-12)
}
