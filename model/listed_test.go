package model

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// listing is a market of one cell whose opening customers are listed: groups of the product "service".
func listing(groups ...plan.CustomerGroup) *plan.Plan {
	p := oneCell(1e6, 0.05, 5)
	p.Population.MinDormantShare = 0.1
	p.Journey.LockInYears = 10
	p.Channels = append(p.Channels, testChannel(p, "mail", 1, 0.5))
	p.Channels[1].Churn = 2.5
	for i := range groups {
		groups[i].Size, groups[i].Product = "all", "service"
	}
	p.SetCustomers(groups)
	return p
}

// Revenue of the first month is what the file says, to the cent, however often and under whatever draw of the price.
func TestOpeningRevenueIsThatOfTheFile(t *testing.T) {
	t.Parallel()
	day := plan.NewDate
	p := listing(
		plan.CustomerGroup{Count: 700, Channel: "mail", From: day(2012, 3, 1), Until: day(2012, 4, 1), Bill: 31.5},
		plan.CustomerGroup{Count: 40, From: day(2009, 7, 15), Until: day(2009, 7, 16), Bill: 210, PrepaidUntil: day(2013, 4, 30)},
		plan.CustomerGroup{Count: 3, From: day(2012, 12, 1), Until: day(2013, 1, 1), Bill: 0},
		plan.CustomerGroup{Count: 300, Channel: "mail", From: day(2012, 3, 1), Until: day(2012, 4, 1), Bill: 31.5},
	)
	require.Len(t, p.Opening.Groups, 3, "groups that are alike are one")
	require.Equal(t, []float64{1043}, p.Opening.Customers)
	p.Products[0].PrepaidDiscount, p.Products[0].Discount = 0.2, 0.3
	p.Customers.SeatGrowthPerYear = []float64{0.4}
	p.Inputs = []plan.Input{{Name: "products.service.price", Key: "products.service.price", Dist: plan.Dist{Kind: "uniform", A: 10, B: 90, High: 1e6}}}
	for _, forAll := range []bool{false, true} {
		p.Products[0].PriceForAll = forAll
		pr, s, rec := prepared(t, p)
		for r := range 3 {
			s.Replicate(3, r, rec)
			require.InDelta(t, 1000*31.5+40*210, outcome(t, pr, rec, "opening_mrr"), 1e-6, forAll)
			require.Equal(t, 1043.0, weekly(t, pr, rec, "live_customers")[0]-weekly(t, pr, rec, "won")[0]+weekly(t, pr, rec, "churned")[0])
		}
	}
}

// Who has paid up to a day pays nothing before it, and what it paid then is earned and not received: deferred revenue
// falls by it, and refunds give back what is left to who leaves. Then a year's bill is due.
func TestWhoHasPaidAheadPaysWhenItEnds(t *testing.T) {
	t.Parallel()
	until := plan.NewDate(2013, 5, 7) // week 18
	p := listing(plan.CustomerGroup{Count: 500, From: plan.NewDate(2012, 2, 1), Until: plan.NewDate(2012, 3, 1), Bill: 60, PrepaidUntil: until})
	p.Teams[0].WinRate[0] = 0
	p.Customers.BaseHazard[0] = 1e-9
	p.Products[0].PrepaidDiscount = 0.1
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	paid, earned, deferred := weekly(t, pr, rec, "collections"), weekly(t, pr, rec, "revenue"), weekly(t, pr, rec, "deferred_revenue")
	weeks := 126.0 / 7
	a := 500 * 720 / plan.WeeksPerYear // earned a week
	for w := range 52 {
		require.InDelta(t, a, earned[w], 0.02, w)
		switch {
		case w < 18:
			require.Zero(t, paid[w], w)
			require.InDelta(t, a*(weeks-float64(w)-1), deferred[w], 0.05, w)
		case w == 18:
			require.InDelta(t, 500*720, paid[w], 0.01)
		default:
			require.Zero(t, paid[w], w)
		}
	}
}

// Frailty given survival is gamma(1/v, 1/v + H c), c the multiplier of the channel, so of customers of an age T the share
// that is there t years later is S(T+t)/S(T) with S(t) = (1 + v base c t^k)^(-1/v).
func TestSurvivalOfListedCustomersIsConditioned(t *testing.T) {
	t.Parallel()
	const v, k, base = 1.5, 0.8, 0.7
	for i, x := range []struct {
		channel string
		times   float64
		age     plan.Date
	}{{"", 1, 1200}, {"mail", 2.5, 1200}, {"ads", 1, 40}, {"mail", 2.5, 40}} {
		p := listing()
		start := p.Run.Start - x.age
		p = listing(plan.CustomerGroup{Count: 20000, Channel: x.channel, From: start, Until: start + 1, Bill: math.NaN()})
		p.Teams[0].WinRate[0] = 0
		p.Customers.FrailtyVariance, p.Customers.WeibullShape, p.Customers.BaseHazard[0] = v, k, base
		pr, s, rec := prepared(t, p)
		s.Replicate(uint64(10+i), 0, rec)
		stays := func(years float64) float64 { return math.Pow(1+v*base*x.times*math.Pow(years, k), -1/v) }
		years := (float64(x.age) - 0.5) / 365.25 // the middle of its day
		known := stays(years+52/plan.WeeksPerYear) / stays(years)
		left := int(weekly(t, pr, rec, "live_customers")[51])
		nearShare(t, fmt.Sprint(x), left, 20000, known)
	}
}

// A customer of a group is the same customer whatever other groups there are, but for its cell.
func TestListedCustomersHaveTheirOwnDraws(t *testing.T) {
	t.Parallel()
	day := plan.NewDate
	a := plan.CustomerGroup{Count: 50, Channel: "mail", From: day(2012, 3, 1), Until: day(2012, 4, 1), Bill: 31.5}
	b := plan.CustomerGroup{Count: 70, From: day(2010, 3, 1), Until: day(2010, 4, 1), Bill: math.NaN()}
	lives := func(groups ...plan.CustomerGroup) map[uint64]Win {
		_, s, rec := prepared(t, listing(groups...))
		x := &openings{}
		s.Observer = x
		s.Replicate(3, 1, rec)
		out := map[uint64]Win{}
		for _, w := range x.wins {
			out[w.ID] = Win{Won: w.Won, Left: w.Left, Died: w.Died, Seats: w.Seats}
		}
		return out
	}
	alone, together, more := lives(a), lives(b, a), lives(plan.CustomerGroup{Count: 80, Channel: "mail", From: a.From, Until: a.Until, Bill: 31.5})
	require.Len(t, alone, 50)
	require.Len(t, together, 120)
	for id, w := range alone {
		require.Equal(t, w, together[id])
		require.Equal(t, w, more[id])
	}
}

// openings keeps the customers of the first day.
type openings struct {
	Trace
	wins []Win
}

func (x *openings) Asks() Events { return Openings }

func (x *openings) Win(w *Win) { x.wins = append(x.wins, *w) }

// Each group is spread over the cells of its class as evenly as whole customers allow.
func TestListedCustomersAreSpreadOverCells(t *testing.T) {
	t.Parallel()
	p := testMarket(60000, 3)
	month := func(m int) plan.Date { return plan.NewDate(2012, m, 1) }
	p.SetCustomers([]plan.CustomerGroup{
		{Count: 600, Size: "1-4", Product: "small", From: month(2), Until: month(3), Bill: 9},
		{Count: 300, Size: "1-4", Product: "office", From: month(5), Until: month(6), Bill: 40},
		{Count: 30, Size: "5-19", Product: "office", From: month(5), Until: month(6), Bill: 90}})
	s := opened(t, p, 3, 0)
	seen := map[[2]int]float64{} // group, cell
	class := map[int]float64{}
	for i := range s.w.opening {
		class[s.w.cells[i].Size] += float64(s.w.firms[i])
		for _, x := range s.w.opening[i].listed {
			seen[[2]int{x.group, i}]++
		}
	}
	for g, x := range p.Opening.Groups {
		for i := range s.w.opening {
			if s.w.cells[i].Size == slices.IndexFunc(p.Population.Sizes, func(z plan.Size) bool { return z.Name == x.Size }) {
				require.InDelta(t, x.Count*float64(s.w.firms[i])/class[s.w.cells[i].Size], seen[[2]int{g, i}], 2, "group %d, cell %d", g, i)
			}
		}
	}
}
