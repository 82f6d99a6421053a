package model

import (
	"maps"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
)

// opened runs a plan's burn-in and gives the state of the first day.
func opened(t testing.TB, p *plan.Plan, seed uint64, replication int) *State {
	t.Helper()
	_, s, _ := prepared(t, p)
	s.w.set(seed, replication, rng.Root(seed, replication))
	s.root = rng.Root(seed, replication)
	s.runBurnIn(uint32(s.w.lastTick), s.w.burnIn)
	s.openRun()
	return s
}

// dealsOf collects sign-ups by address, with a time.
func dealsOf(lists [][]deal, time func(d *deal) float64) map[rng.Key]float64 {
	out := map[rng.Key]float64{}
	for _, l := range lists {
		for i := range l {
			out[l[i].key] = time(&l[i])
		}
	}
	return out
}

// Plans that differ from the first day on share their opening state to the bit:
// firms by state, brand and adstock, queues and pipelines, customers, and what
// journeys in progress have gone through.
func TestPlansShareTheirOpeningState(t *testing.T) {
	t.Parallel()
	base := busyMarket()
	base.Run.Weeks, base.Opening.BurnInWeeks = 10, 12
	base.Teams[0].People, base.Teams[0].OpportunitiesPerWeek = 2, 2
	a := opened(t, base, 5, 2)
	require.Positive(t, a.sales.inProgress)
	require.Positive(t, len(a.sales.teams[0].queue))
	all := func(s string, multiply bool, x float64) plan.Effect {
		return plan.Effect{Key: s, Multiply: multiply, Value: x, Input: -1}
	}
	now := func(p *plan.Plan, e ...plan.Effect) {
		p.Changes = append(p.Changes, plan.Change{Name: "now", From: p.Run.Start, Effects: e})
	}
	for name, change := range map[string]func(p *plan.Plan){
		"spend":      func(p *plan.Plan) { now(p, all("channels.*.weekly_budget", true, 4)) },
		"written in": func(p *plan.Plan) { p.Channels[0].WeeklyBudget, p.Channels[6].MaxTouchesPerWeek = 0, 9 },
		"everything": func(p *plan.Plan) {
			now(p, all("channels.*.max_touches_per_week", true, 7), all("channels.*.response", true, 0.1), all("triggers.*.urgency", true, 0), all("teams.*.people", false, 9), all("products.*.price", true, 3),
				all("customers.churn_multiplier", true, 5), all("journey.lock_in_years", true, 0.1), all("journey.touches_needed", true, 3), all("brand.awareness_max", true, 0.1), all("triggers.office.rate_per_year", true, 3))
		},
		"a shock": func(p *plan.Plan) {
			p.Shocks = []plan.Shock{{Name: "x", Probability: 1, From: p.Run.Start, Weeks: 5, Effects: []plan.Effect{all("channels.*.reach.size", true, 0), all("media.*.weekly_budget", true, 0)}}}
		},
		"a channel more": func(p *plan.Plan) { p.Channels = append(p.Channels, testChannel(p, "zines", 3, 1)) },
		"no brand media": func(p *plan.Plan) { p.Media[0].Enabled, p.Media[1].Enabled = false, false },
		"later recession": func(p *plan.Plan) {
			p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + 7, Regime: "recession"}}
		},
		"cash": func(p *plan.Plan) { p.Finance.OpeningCash = 5 },
	} {
		p := base.Clone()
		p.OpeningPlan = base.Clone()
		p.OpeningPlan.Changes = nil
		change(p)
		b := opened(t, p, 5, 2)
		require.Equal(t, a.pools.firms, b.pools.firms, name)
		require.Equal(t, a.pools.dormant, b.pools.dormant, name)
		require.Equal(t, a.pools.inMarket, b.pools.inMarket, name)
		require.Equal(t, a.pools.locked, b.pools.locked, name)
		require.Equal(t, a.pools.customers, b.pools.customers, name)
		require.Equal(t, a.drivers.brand.salience, b.drivers.brand.salience, name)
		require.Equal(t, a.drivers.brand.equity, b.drivers.brand.equity, name)
		require.Equal(t, a.drivers.adstock, b.drivers.adstock[:len(a.drivers.adstock)], name)
		require.Equal(t, a.sales.inProgress, b.sales.inProgress, name)
		booked, ready := func(d *deal) float64 { return d.booked }, func(d *deal) float64 { return d.ready }
		require.True(t, maps.Equal(dealsOf(a.sales.bookings[a.w.burnIn:], booked), dealsOf(b.sales.bookings[a.w.burnIn:], booked)), "%s: results under way", name)
		require.True(t, maps.Equal(dealsOf(a.sales.arrivals[a.w.burnIn:], ready), dealsOf(b.sales.arrivals[a.w.burnIn:], ready)), "%s: sign-ups on their way to a team", name)
		for k := range a.sales.teams {
			x, y := &a.sales.teams[k], &b.sales.teams[k]
			require.Equal(t, len(x.queue), len(y.queue), name)
			for i := range x.queue {
				require.Equal(t, x.queue[i].key, y.queue[i].key, name)
				require.Equal(t, x.queue[i].raised, y.queue[i].raised, name)
			}
			require.Equal(t, x.people, y.people, name)
		}
		require.Equal(t, a.base.live, b.base.live, name)
		require.Equal(t, a.base.count, b.base.count, name)
		require.InEpsilon(t, total(a.base.sum), total(b.base.sum), 1e-12, name)
		require.InEpsilon(t, total(a.base.prepaid), total(b.base.prepaid), 1e-12, name)
		require.Equal(t, toCents(a.money.deferred), toCents(b.money.deferred), name)
		// What journeys in progress have gone through.
		require.Equal(t, a.tally.touchesAt[:a.w.burnIn], b.tally.touchesAt[:a.w.burnIn], name)
		require.Equal(t, a.tally.reachedAt[:a.w.burnIn], b.tally.reachedAt[:a.w.burnIn], name)
		require.Equal(t, a.tally.engaged[0], b.tally.engaged[0], name)
		require.Equal(t, a.tally.touchCell[0], b.tally.touchCell[0][:len(a.tally.touchCell[0])], name)
	}
}

// The opening state is the stated one: round(d N) dormant, opening customers
// dealt by firms, the rest locked.
func TestOpeningStateIsTheStatedOne(t *testing.T) {
	t.Parallel()
	p := testMarket(50000, 3)
	s := opened(t, p, 5, 2)
	bySize := make([]float64, 4)
	for i, c := range s.w.cells {
		require.Equal(t, int(math.RoundToEven(s.w.share[i]*float64(s.w.firms[i]))), s.pools.dormant[i])
		require.Equal(t, s.pools.firms[i]-s.pools.dormant[i]-s.pools.inMarket[i]-s.pools.customers[i], s.pools.locked[i])
		bySize[c.Size] += float64(s.pools.customers[i])
		exact := p.Opening.Customers[c.Size] * float64(s.w.firms[i]) / s.w.firmsBySize()[c.Size]
		require.InDelta(t, exact, float64(s.pools.customers[i]), 1)
	}
	require.Equal(t, p.Opening.Customers, bySize)
}

// More opening customers than firms away from the dormant state is an error that
// says so.
func TestTooManyOpeningCustomersAreRefused(t *testing.T) {
	t.Parallel()
	p := testMarket(50000, 1)
	p.Opening.Customers[3] = 900
	_, err := Prepare(p)
	require.ErrorContains(t, err, "opening.customers.100-499 = 900")
}
