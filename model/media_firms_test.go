package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// A market of the number of firms for which the file is stated runs as if nothing were said.
func TestMediaStatedForTheMarketChangeNothing(t *testing.T) {
	t.Parallel()
	p := busyMarket()
	_, before := replicated(t, p, 3, 1)
	p.Population.MediaFirms = p.Population.Firms
	_, after := replicated(t, p, 3, 1)
	require.Equal(t, wordsOf(before), wordsOf(after))
}

// addressed is a market of firms whose every touch is counted and does nothing else: ads and a list of seen
// firms with a budget, and customers who recommend.
func addressed(firms, ads, list, customers float64) *plan.Plan {
	p := oneCell(firms, 3e3*plan.WeeksPerYear/1e7, 4)
	p.Run.Weeks, p.Opening.BurnInWeeks = 20, 20
	p.Population.MediaFirms = 1e7
	p.Triggers[0].Visible = 0.5
	p.Channels[0] = testChannel(p, "ads", 0.5, 0)
	calls := testChannel(p, "calls", 0.5, 0)
	calls.Targets = []string{"need"}
	calls.HalfSaturation = 100 / (p.Triggers[0].RatePerYear[0] * 4 / plan.WeeksPerYear * 0.5 * calls.TargetingCost)
	friends := testChannel(p, "friends", 0.5, 0)
	friends.Driver, friends.WeeklyBudget, friends.HalfSaturationCustomers = "customers", 0, 1000
	p.Channels = append(p.Channels, calls, friends)
	for i, d := range []float64{ads, list} {
		p.Channels[i].WeeklyBudget = 100 * d / (1 - d)
	}
	p.Opening.Customers[0] = math.Round(1000 * customers / (1 - customers))
	p.Customers.BaseHazard[0] = 1e-9
	return p
}

// The same money and the same customers reach the same number of firms in a market of any size, at most all
// of them: twice the firms have as many touches, half the firms as many or all that there can be.
func TestTheSameMoneyReachesTheSameNumberOfFirms(t *testing.T) {
	t.Parallel()
	touches := func(p *plan.Plan) (mean, se [3]float64) {
		pr, s, rec := prepared(t, p)
		n := more(4, 10)
		var lists [3][]float64
		for r := range n {
			s.Replicate(9, r, rec)
			k := len(pr.Schema().Slice)
			for i := range lists {
				lists[i] = append(lists[i], rec.Slices[(1+i)*k+colTouches])
			}
		}
		for i, list := range lists {
			var v float64
			mean[i], v = moments(list)
			// Touches of a journey are geometric: their variance is mean + mean^2, at most 2 x 4 touches here.
			se[i] = math.Sqrt(max(v, 9*mean[i]) / float64(n))
		}
		return mean, se
	}
	for _, d := range [][3]float64{{0.05, 0.3, 0.1}, {0.4, 0.45, 0.3}, {0.8, 0.7, 0.9}} {
		one, seOne := touches(addressed(1e7, d[0], d[1], d[2]))
		for _, times := range []float64{2, 0.5, 0.1} {
			got, se := touches(addressed(1e7*times, d[0], d[1], d[2]))
			for i, name := range []string{"ads", "calls", "friends"} {
				want := one[i] * min(1, d[i]/times) / (d[i] / times)
				near(t, fmt.Sprintf("touches of %s at %g of the most in %g times the firms", name, d[i], times), got[i], want, math.Hypot(se[i], seOne[i]*want/one[i]))
			}
		}
	}
}

// In a market that grows the touches stay as many; without the key they grow with it.
func TestTouchesOfAGrowingMarketStayAsMany(t *testing.T) {
	t.Parallel()
	for _, stated := range []float64{1e7, math.NaN()} {
		p := addressed(1e7, 0.3, 0.3, 0.2)
		p.Run.Weeks, p.Population.MediaFirms, p.Population.GrowthPerYear = 52, stated, 1
		pr, s, rec := prepared(t, p)
		s.Replicate(2, 0, rec)
		first, last := sumOf(t, pr, rec, "touches", 0, 4), sumOf(t, pr, rec, "touches", 48, 52)
		grown := math.Exp(48 / plan.WeeksPerYear)
		if stated > 0 {
			grown = 1
		}
		// Journeys open among dormant firms, of whom growth makes more than their share at first.
		require.InEpsilon(t, grown, last/first, 0.06)
	}
}

// The same brand money presses half as hard on twice the firms, and on half the firms twice as hard unless it
// reaches all of them.
func TestTheSameBrandMoneyPressesOnTheSameNumberOfFirms(t *testing.T) {
	t.Parallel()
	equity := func(firms, spend float64) float64 {
		p := addressed(firms, 0.1, 0.1, 0.1)
		p.Media = []plan.Medium{{Name: "radio", Enabled: true, WeeklyBudget: plan.Split{Total: spend}, HalfSaturation: plan.Split{Total: 300}, ReferenceBudget: plan.Split{Total: 100},
			Shape: 1, CostMultiplier: 1, ToSalience: 1, ToEquity: 1}}
		pr, rec := replicated(t, p, 1, 0)
		e := weekly(t, pr, rec, "equity")
		require.InEpsilon(t, e[0], e[len(e)-1], 1e-12)
		return e[0]
	}
	require.InEpsilon(t, 1, equity(1e7, 100), 1e-12)
	require.InEpsilon(t, 0.5, equity(2e7, 100), 1e-12)
	require.InEpsilon(t, 2, equity(5e6, 100), 1e-12)
	require.InEpsilon(t, 4, equity(1e6, 100), 1e-12) // all firms: 1 over the share at the reference
	require.InEpsilon(t, 0.75*4/2, equity(2e7, 900), 1e-12)
}
