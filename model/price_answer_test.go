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

// priced is a plan whose live customers answer changes of the price.
func priced(changes ...plan.Change) *plan.Plan {
	p := oneCell(1000, 0.1, 5)
	p.Run.Weeks = 300
	p.Products[0].PriceForAll = true
	p.Customers.PriceChurnLasting, p.Customers.PriceChurnTransient, p.Customers.PriceChurnHalfLifeWeeks = 0.7, 2.5, 13
	p.Changes = changes
	return p
}

// worldOf is the world of a plan's first replication.
func worldOf(t *testing.T, p *plan.Plan) *world {
	t.Helper()
	_, s, _ := prepared(t, p)
	s.w.set(1, 0, rng.Root(1, 0))
	return s.w
}

// After one rise the integrated hazard is the known one, at any tenure at which the clock rings.
func TestChurnAfterARiseIsTheKnownOne(t *testing.T) {
	t.Parallel()
	for _, factor := range []float64{0.5, 1.1, 2, 10} {
		p := priced()
		p.Changes = []plan.Change{from(p, 20, "products.service.price", 20*factor)}
		w := worldOf(t, p)
		require.True(t, w.priceMoves[0])
		r := math.Log(factor)
		for _, won := range []float64{0, 3.3, 19.5, 20, 31} {
			for _, e := range []float64{0.001, 0.01, 0.1, 0.15, 0.2, 0.5, 2, 10} {
				at, died := w.leavesAtPrices(&buyer{frailty: 1.3, since: won, price: w.at(int(won)).plan.Products[0].Price}, e, 1, won)
				require.False(t, died)
				before := max(0, min(at, 20)-won)
				used := before
				if won < 20 && at > 20 {
					used += known.FadingHazard(at-20, 0.7*r, 2.5*r, 13)
				} else if won >= 20 {
					used = at - won
				}
				require.InEpsilon(t, e, 1.3*0.4*used/plan.WeeksPerYear, 1e-6, "x %v, won %v, clock %v, left %v", factor, won, e, at)
			}
		}
	}
}

// movingPrice is a plan with steps of the price, of the answer to it and of churn, and another price before the
// first day.
func movingPrice() *plan.Plan {
	p := priced()
	p.Customers.WeibullShape = 0.6
	p.Population.Sizes[0].FirmDeathPerYear = 0.02
	p.OpeningPlan = p.Clone()
	p.Products[0].Price = 26 // 20 in the opening plan
	p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + 7*60, Regime: "recession"}}
	p.Economy.Recession.Churn, p.Economy.Recession.FirmDeath = 1.7, 2
	key := "products.service.price"
	p.Changes = []plan.Change{from(p, 10, key, 39), from(p, 15, "customers.price_churn_half_life_weeks", 5), from(p, 25, key, 30),
		from(p, 26, key, 39), from(p, 40, "customers.price_churn_transient", 6), from(p, 50, key, 60),
		from(p, 70, "customers.price_churn_lasting", 0.2), from(p, 90, key, 0), from(p, 91, key, 45)}
	return p
}

// usedBySteps is the integrated churn hazard of a customer of movingPrice up to a time, in small steps.
func usedBySteps(w *world, won, from, at, first float64) (used float64) {
	const h = 1.0 / 512
	sum, gap, now := 0.0, 0.0, first
	years := func(t float64) float64 { return max(0, t-won) / plan.WeeksPerYear }
	for t, next := from, 0.0; t < at; t = next {
		next = math.Floor(t/h+1.5) * h // whole parts of a week
		p := w.at(int(t + h/4)).plan
		if x := p.Products[0].Price; x != now {
			if x > 0 && now > 0 {
				sum, gap = sum+math.Log(x/now), gap+math.Log(x/now)
			}
			now = x
		}
		step := min(next, at) - t
		fade := math.Exp2(-step / p.Customers.PriceChurnHalfLifeWeeks)
		rate := 0.8 * 0.4 * math.Exp(p.Customers.PriceChurnLasting*sum+p.Customers.PriceChurnTransient*gap*math.Sqrt(fade))
		if t >= 60 {
			rate *= 1.7
		}
		used += rate * (math.Pow(years(t+step), 0.6) - math.Pow(years(t), 0.6))
		gap *= fade
	}
	return used
}

// Steps of the price, of the answer to it and of churn, tenures with a Weibull shape, opening customers, a
// price of 0: the clock is that of small steps, and death the earlier of two clocks.
func TestTheChurnClockIsContinuous(t *testing.T) {
	t.Parallel()
	w := worldOf(t, movingPrice())
	for _, won := range []float64{-200, -0.7, 0.2, 12.4, 49.9, 88} {
		first, from := 20.0, max(0, won)
		if won >= 0 {
			first = w.at(int(won)).plan.Products[0].Price
		}
		for _, e := range []float64{0.01, 0.1, 0.4, 0.8, 1.5, 4} {
			who := &buyer{frailty: 0.8, since: won, price: first}
			at, died := w.leavesAtPrices(who, e, 1e9, from)
			require.False(t, died)
			if at > 250 {
				continue
			}
			require.InEpsilon(t, e, usedBySteps(w, won, from, at, first), 1e-4, "won %v, clock %v, left %v", won, e, at)
			death := 0.0
			for i := range w.hazards {
				end := at
				if i+1 < len(w.hazards) {
					end = min(end, w.hazards[i+1].start)
				}
				death += max(0, end-max(from, w.hazards[i].start)) * w.hazards[i].death[0]
			}
			sooner, died := w.leavesAtPrices(who, e, death*0.99, from)
			require.True(t, died)
			require.Less(t, sooner, at)
			_, died = w.leavesAtPrices(who, e, death*1.01, from)
			require.False(t, died)
		}
	}
}

// A price that does not move since the win leaves a customer's day as it was, to the bit.
func TestAPriceThatStandsStillMovesNobody(t *testing.T) {
	t.Parallel()
	p := priced()
	p.Customers.WeibullShape = 0.85
	p.Changes = []plan.Change{from(p, 20, "products.service.price", 30)}
	w := worldOf(t, p)
	for i := range 200 {
		k := rng.Root(3, i)
		won, e := 25+float64(k.Unit(0)*100), rng.Exponential(k, 1)
		who := &buyer{frailty: 1, since: won, price: 30}
		a, _ := w.leaves(who, e, 1, won, tenureClock{})
		b, _ := w.leavesAtPrices(who, e, 1, won)
		require.Equal(t, a, b)
	}
}

// Twice the price for everyone costs live customers and wins, and without the answer to it neither.
func TestTwiceThePriceCostsCustomers(t *testing.T) {
	t.Parallel()
	lived := func(factor, lasting, transient, elasticity float64) (live, opening, won, ltv float64) {
		p := oneCell(120_000, 0.2, 5)
		p.Run.Weeks, p.Opening.BurnInWeeks, p.Opening.Customers = 104, 0, []float64{6000}
		p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 2, Share: 1}}
		p.Teams[0].WinRate[0] = 0.3
		x := &p.Products[0]
		x.PriceForAll, x.ReferencePrice, x.PriceElasticity = true, 20, elasticity
		p.Customers.FrailtyVariance = 0.7
		p.Customers.PriceChurnLasting, p.Customers.PriceChurnTransient, p.Customers.PriceChurnHalfLifeWeeks = lasting, transient, 13
		p.OpeningPlan = p.Clone()
		p = p.With(plan.Change{Name: "dearer", From: p.Run.Start, Effects: []plan.Effect{{Key: "products.*.price", Multiply: true, Value: factor, Input: -1}}})
		pr, rec := replicated(t, p, 8, 0)
		return outcome(t, pr, rec, "live_customers"), outcome(t, pr, rec, "retained_mrr") / factor, outcome(t, pr, rec, "won"), outcome(t, pr, rec, "ltv_total")
	}
	live, opening, won, ltv := lived(1, 1, 2, 1.4)
	dearLive, dearOpening, dearWon, dearLTV := lived(2, 1, 2, 1.4)
	require.Less(t, dearLive, 0.7*live)
	require.Less(t, dearOpening, 0.8*opening)
	require.InDelta(t, math.Pow(2, -1.4), dearWon/won, 0.03)
	require.Less(t, dearLTV, ltv)
	freeLive, freeOpening, freeWon, freeLTV := lived(2, 0, 0, 0)
	plainLive, plainOpening, plainWon, plainLTV := lived(1, 0, 0, 0)
	require.Equal(t, []float64{plainLive, plainOpening, plainWon}, []float64{freeLive, freeOpening, freeWon})
	require.InEpsilon(t, 2*plainLTV, freeLTV, 1e-9)
	// A transient answer fades: it costs less than one that lasts.
	_, transient, _, _ := lived(2, 0, 1, 0)
	_, lasting, _, _ := lived(2, 1, 0, 0)
	require.Less(t, lasting, transient, fmt.Sprint(plainOpening))
	require.Less(t, transient, plainOpening)
}
