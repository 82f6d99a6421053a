package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// shop is a market of many raised hands and the given products, in which who
// can pay 20 USD a seat is half of all.
func shop(products ...plan.Product) *plan.Plan {
	p := oneCell(1e8, 3e4*plan.WeeksPerYear/1e8, 2)
	p.Run.Weeks = 4
	p.Channels = []plan.Channel{testChannel(p, "ads", 3, 1), testChannel(p, "fair", 2, 1)}
	p.Journey.WillingnessMedian[0], p.Journey.WillingnessSigma[0] = 20, 0.6
	p.Products, p.Customers.BaseHazard[0] = nil, 1e-12
	for _, x := range products {
		x.Enabled, x.Adoption = true, 1
		p.Products = append(p.Products, x)
	}
	p.Opening.Products = fill(len(products), math.NaN())
	return p
}

// affords is the chance that a lead is willing to pay a net price.
func affords(price, median, sigma float64) float64 {
	if price == 0 {
		return 1
	}
	return 0.5 * math.Erfc(math.Log(price/median)/sigma/math.Sqrt2)
}

// soldOf runs a plan and gives leads and customers won by product.
func soldOf(t *testing.T, p *plan.Plan) (pr *Prepared, rec *plan.Record, leads int, won []int) {
	t.Helper()
	pr, s, rec := prepared(t, p)
	s.Replicate(6, 0, rec)
	for i := range p.Products {
		won = append(won, int(rec.Slices[(s.tally.rowProduct+i)*len(pr.Schema().Slice)+colWon]))
	}
	return pr, rec, int(outcome(t, pr, rec, "leads")), won
}

// A lead takes the most expensive product, by net price, that fits and that it can
// afford; who can afford none is unqualified by price.
func TestLeadsTakeTheDearestAffordableProduct(t *testing.T) {
	t.Parallel()
	p := shop(plan.Product{Name: "basic", Price: 8}, plan.Product{Name: "gold", Price: 50, Discount: 0.4}, plan.Product{Name: "plus", Price: 18}, plan.Product{Name: "same", Price: 18})
	pr, rec, n, won := soldOf(t, p)
	at := func(x float64) float64 { return affords(x, 20, 0.6) }
	nearCounts(t, "products", []int{won[0], won[1], won[2], int(outcome(t, pr, rec, "unqualified_price"))},
		[]float64{at(8) - at(18), at(30), at(18) - at(30), 1 - at(8)})
	require.Zero(t, won[3], "of equal net prices the first name wins")
	require.Zero(t, outcome(t, pr, rec, "unqualified_fit"))
	require.Equal(t, n, won[0]+won[1]+won[2]+int(outcome(t, pr, rec, "unqualified_price")))

	// The same customer of a channel with twice the discount pays 10: min(0.9,
	// 0.4 x 2) off; with four times the discount 5, the most being 0.9.
	for factor, net := range map[float64]float64{0.5: 40, 2: 10, 4: 5} {
		p = shop(plan.Product{Name: "gold", Price: 50, Discount: 0.4})
		p.Channels[0].Discount, p.Channels[1].Discount = factor, factor
		pr, rec, n, won = soldOf(t, p)
		nearShare(t, fmt.Sprint("net price ", net), won[0], n, at(net))
		require.InEpsilon(t, net*float64(won[0]), outcome(t, pr, rec, "mrr"), 1e-9)
	}
}

// Willingness falls in a recession, at the step of the raised hand.
func TestWillingnessFollowsTheEconomy(t *testing.T) {
	t.Parallel()
	p := shop(plan.Product{Name: "plus", Price: 18})
	p.Economy.Recession.Willingness = 0.6
	p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + 14, Regime: "recession"}}
	pr, s, rec := prepared(t, p)
	s.Replicate(6, 0, rec)
	won, leads := weekly(t, pr, rec, "won"), weekly(t, pr, rec, "leads")
	nearShare(t, "expansion", int(won[0]+won[1]), int(leads[0]+leads[1]), affords(18, 20, 0.6))
	nearShare(t, "recession", int(won[2]+won[3]), int(leads[2]+leads[3]), affords(18, 12, 0.6))
}

// First and last day of sale hold for the day of the raised hand, both included.
func TestProductsAreSoldOnTheirDays(t *testing.T) {
	t.Parallel()
	p := shop(plan.Product{Name: "plus", Price: 0})
	p.Products[0].FirstSale, p.Products[0].LastSale = p.Run.Start+3, p.Run.Start+16
	pr, s, rec := traced(t, p)
	s.Replicate(6, 0, rec)
	inside := 0
	for _, l := range traceOf(s).Leads {
		if day := math.Floor(l.Raised * 7); day >= 3 && day <= 16 {
			inside++
		}
	}
	require.Equal(t, float64(inside), outcome(t, pr, rec, "signups"))
	require.Equal(t, outcome(t, pr, rec, "leads")-float64(inside), outcome(t, pr, rec, "unqualified_fit"), "nothing on sale fits")
	require.Zero(t, outcome(t, pr, rec, "unqualified_price"))
}

// A product is offered to the sizes, industries, trigger kinds and channels that
// it lists.
func TestProductsFitWhomTheyList(t *testing.T) {
	t.Parallel()
	p := shop(plan.Product{Name: "fair only", Price: 0, Channels: []string{"fair"}}, plan.Product{Name: "other kinds", Price: 0, Triggers: []string{"merger"}}, plan.Product{Name: "other sizes", Price: 0, Sizes: []string{"huge"}},
		plan.Product{Name: "other trades", Price: 0, Industries: []string{"mining"}})
	pr, rec, n, won := soldOf(t, p)
	nearShare(t, "through the fair", won[0], n, 2.0/5)
	require.Zero(t, won[1]+won[2]+won[3])
	require.Equal(t, float64(n-won[0]), outcome(t, pr, rec, "unqualified_fit"))
}

// A dated change of price reaches live customers where the product says so, and
// else only those who come later.
func TestPriceForAllAndPriceForLife(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{true, false} {
		p := shop(plan.Product{Name: "plus", Price: 10, PriceForAll: all})
		p.Run.Weeks = 8
		p.Journey.WillingnessMedian[0], p.Customers.BaseHazard[0] = 1e9, 1e-9
		p.Opening.Customers[0] = 5000
		p.Changes = []plan.Change{from(p, 4, "products.plus.price", 25), from(p, 2, "triggers.need.rate_per_year", 0), from(p, 6, "triggers.need.rate_per_year", p.Triggers[0].RatePerYear[0])}
		pr, s, rec := prepared(t, p)
		s.Replicate(6, 0, rec)
		mrr, live, won := weekly(t, pr, rec, "mrr"), weekly(t, pr, rec, "live_customers"), weekly(t, pr, rec, "won")
		require.InEpsilon(t, 10*live[3], mrr[3], 1e-9)
		old := live[3]
		want := 10*old + 25*(won[4]+won[5]+won[6]+won[7])
		if all {
			want = 25 * live[7]
		}
		require.InEpsilon(t, want, mrr[7], 1e-9, "for all: %v", all)
		require.InEpsilon(t, 50000.0, outcome(t, pr, rec, "opening_mrr"), 1e-9)
		retained := 50000.0
		if all {
			retained *= 2.5
		}
		require.InEpsilon(t, retained, outcome(t, pr, rec, "retained_mrr"), 1e-6)
	}
}

// A variant may let its prices reach all where the opening plan did not, and the
// other way round: opening customers pay the opening plan's net price until the
// variant's price moves.
func TestPriceForAllSetByAVariant(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{true, false} {
		p := shop(plan.Product{Name: "plus", Price: 10, Discount: 0.2, PriceForAll: !all, PrepaidShare: 0.4})
		p.Run.Weeks = 8
		p.Channels[0].Response, p.Channels[1].Response, p.Customers.BaseHazard[0] = 0, 0, 1e-9
		p.Opening.Customers[0] = 5000
		p.OpeningPlan = p.Clone()
		p.Products[0].PriceForAll = all
		pr, s, rec := prepared(t, p)
		s.Replicate(6, 0, rec)
		require.InEpsilon(t, 40000.0, outcome(t, pr, rec, "opening_mrr"), 1e-9, "for all: %v", all)
		require.InEpsilon(t, 40000.0, weekly(t, pr, rec, "mrr")[0], 1e-9, "for all: %v", all)
	}
}
