package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// still is a vendor without a market: opening customers who stay for ever, no
// spend, no sign-ups.
func still(customers float64) *plan.Plan {
	p := oneCell(1e6, 0.001, 5)
	p.Journey.LockInYears = 20 // locked firms leave room for the customers
	p.Channels[0].Response, p.Channels[0].WeeklyBudget, p.Channels[0].HalfSaturation = 0, 0, 1
	p.Customers.BaseHazard[0] = 1e-12
	p.Opening.Customers[0] = customers
	p.Finance.OpeningCash = 1e6
	return p
}

// Recurring revenue of the first day and of those customers later: with nobody
// coming and going it is the vendor's whole recurring revenue, in a run of any
// length, for monthly and prepaid payers.
func TestRetainedRevenueOfOpeningCustomers(t *testing.T) {
	t.Parallel()
	for _, weeks := range []float64{20, 52, 104} {
		for _, prepaid := range []float64{0, 1, 0.5} {
			p := still(4000)
			p.Run.Weeks = weeks
			p.Customers.SeatGrowthPerYear[0] = 0.2
			p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0, ToYears: 1, Share: 0.5}, {FromYears: 1, ToYears: 4, Share: 0.5}}
			p.Products[0].PrepaidShare, p.Products[0].PrepaidDiscount = prepaid, 0.1
			pr, s, rec := prepared(t, p)
			s.Replicate(3, 0, rec)
			mrr := weekly(t, pr, rec, "mrr")
			if weeks <= 52 {
				require.InEpsilon(t, mrr[int(weeks)-1], outcome(t, pr, rec, "retained_mrr"), 1e-9, "after %v weeks, %v prepaid", weeks, prepaid)
			} else {
				a, b := mrr[51], mrr[52] // a year lies 0.18 weeks into week 52
				require.InDelta(t, a+(b-a)*0.18, outcome(t, pr, rec, "retained_mrr"), 0.003*a)
			}
			if prepaid == 0 {
				opening := outcome(t, pr, rec, "opening_mrr")
				retention, other := "net_revenue_retention", "retention_over_the_run"
				if weeks < 52 {
					retention, other = other, retention
				}
				require.InEpsilon(t, opening*math.Pow(1.2, weeks/plan.WeeksPerYear), mrr[int(weeks)-1], 1e-9)
				require.InEpsilon(t, math.Pow(1.2, math.Min(1, weeks/plan.WeeksPerYear)), outcome(t, pr, rec, retention), 1e-9)
				require.True(t, math.IsNaN(outcome(t, pr, rec, other)), "%s of %v weeks", other, weeks)
			}
		}
	}
}

// One prepaid opening customer of age 0.4 years: it pays at its anniversary, the
// rest of the year's money is deferred.
func TestPrepaidOpeningCustomerPaysAtItsAnniversary(t *testing.T) {
	t.Parallel()
	p := still(1)
	p.Run.Weeks = 60
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0.4, ToYears: 0.4, Share: 1}}
	p.Customers.SeatGrowthPerYear[0] = 0.1
	p.Products[0].PrepaidShare, p.Products[0].PrepaidDiscount, p.Products[0].Price = 1, 0.25, 100
	p.Products[0].CostOfRevenueShare, p.Products[0].CostToServePerMonth = 0.3, 7
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	year := plan.WeeksPerYear
	pays := int(0.6 * year) // week of the anniversary
	first, second := 12*100*0.75, 12*100*1.1*0.75
	collections, deferred, revenue, cost := weekly(t, pr, rec, "collections"), weekly(t, pr, rec, "deferred_revenue"), weekly(t, pr, rec, "revenue"), weekly(t, pr, rec, "cost_of_revenue")
	for w := range 60 {
		end := float64(w + 1)
		rest, earned := 0.0, first/year
		switch {
		case w < pays:
			require.Zero(t, collections[w])
			rest = first * (0.6 - end/year)
		case w == pays:
			require.InDelta(t, second, collections[w], 0.005)
			rest = second * (1.6 - end/year)
			earned = first*(0.6-float64(w)/year) + second*(end/year-0.6)
		default:
			require.Zero(t, collections[w])
			rest = second * (1.6 - end/year)
			earned = second / year
		}
		require.InDelta(t, rest, deferred[w], 0.006, "week %d", w)
		require.InDelta(t, earned, revenue[w], 0.021, "week %d", w)
		require.InDelta(t, 0.3*earned+7*12/year, cost[w], 0.006, "week %d", w)
	}
	require.InDelta(t, first/12, outcome(t, pr, rec, "opening_mrr"), 1e-9)
	require.InDelta(t, second/12, outcome(t, pr, rec, "retained_mrr"), 1e-6)
}

// A cash rule acts in the step after the week's end at which cash was seen below
// its floor; of several rules the largest cut holds.
func TestCashRulesActOneStepLater(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := still(0)
		p.Run.Weeks, p.Run.Step = 20, step
		p.Channels[0].WeeklyBudget = 100
		p.Media = []plan.Medium{{Name: "radio", Enabled: true, WeeklyBudget: plan.Split{Total: 60}, HalfSaturation: plan.Split{Total: 60}, ReferenceBudget: plan.Split{Total: 60}, Shape: 1, CostMultiplier: 1, ToSalience: 1, ToEquity: 1}}
		p.Finance.OpeningCash, p.Finance.FixedCostPerWeek = 1000, 10
		p.CashRules = []plan.CashRule{{Name: "a", Below: 500, CutMedia: 0.5}, {Name: "b", Below: 450, CutMedia: 0.4, CutBrand: 1}}
		p.Finance.Rounds = []plan.Round{{Name: "late", Date: p.Run.Start + 7*8, Amount: 5000, DelayWeeks: 2}}
		pr, s, rec := prepared(t, p)
		s.Replicate(3, 0, rec)
		cash, media, brand, financing := weekly(t, pr, rec, "cash"), weekly(t, pr, rec, "media"), weekly(t, pr, rec, "brand"), weekly(t, pr, rec, "financing")
		have := 1000.0
		for w := range 20 {
			spend, radio := 100.0, 60.0
			if have < 500 {
				spend = 50
			}
			if have < 450 {
				radio = 0
			}
			require.InDelta(t, spend, media[w], 1e-9, "%s: media of week %d", step, w)
			require.InDelta(t, radio, brand[w], 1e-9, "%s: brand of week %d", step, w)
			have -= 10 + spend + radio
			if w == 10 {
				require.Equal(t, 5000.0, financing[w])
				have += 5000
			} else {
				require.Zero(t, financing[w])
			}
			require.InDelta(t, have, cash[w], 1e-9, "%s: week %d", step, w)
		}
		require.Positive(t, have)
	}
}

// Below zero at a week's end is ruin: that week counts in full, the rest does
// not happen.
func TestRuinEndsTheReplicationAtTheWeeksEnd(t *testing.T) {
	t.Parallel()
	p := still(10)
	p.Run.Weeks = 20
	p.Run.Start = plan.NewDate(2013, 1, 1)
	p.Channels[0].WeeklyBudget = 100
	p.Products[0].Price, p.Products[0].PrepaidShare = 1, 1
	p.Opening.AgeBands = []plan.AgeBand{{FromYears: 0.5, ToYears: 0.5, Share: 1}}
	p.Finance.OpeningCash, p.Finance.FixedCostPerWeek = 1000, 20
	p.Finance.Rounds = []plan.Round{{Name: "too late", Date: p.Run.Start + 7*9, Amount: 1e6}}
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	require.Equal(t, 1.0, outcome(t, pr, rec, "out_of_business"))
	require.Equal(t, 9.0, outcome(t, pr, rec, "week_of_ruin"), "1000 - 9 x 120 < 0")
	require.Equal(t, 9.0, outcome(t, pr, rec, "cash_trough_week"))
	require.InDelta(t, -80, outcome(t, pr, rec, "cash_end"), 1e-9)
	require.Equal(t, 10.0, outcome(t, pr, rec, "closed_by_ruin"))
	require.Zero(t, outcome(t, pr, rec, "live_customers")+outcome(t, pr, rec, "mrr"))
	require.InDelta(t, 900, outcome(t, pr, rec, "media_spend"), 1e-9, "media of the week of ruin is paid in full")
	require.Zero(t, outcome(t, pr, rec, "retained_mrr"))
	for name, want := range map[string]float64{"cash": -80, "media": 0, "live_customers": 0, "salience": 0, "dormant": math.NaN(), "in_market": math.NaN(), "locked": math.NaN(), "journeys": math.NaN()} {
		got := weekly(t, pr, rec, name)
		require.False(t, math.IsNaN(got[8]), name)
		for w := 9; w < 20; w++ {
			if math.IsNaN(want) {
				require.True(t, math.IsNaN(got[w]), name)
			} else {
				require.InDelta(t, want, got[w], 1e-9, name)
			}
		}
	}
	// Zero is not below zero.
	p.Finance.OpeningCash = 1080
	p.Run.Weeks = 9
	p.Finance.Rounds = nil
	pr, s, rec = prepared(t, p)
	s.Replicate(3, 0, rec)
	require.Zero(t, outcome(t, pr, rec, "out_of_business"))
	require.Zero(t, outcome(t, pr, rec, "cash_end"))
}

// A round is paid once, in the week that holds its date and the delay of that week, however the delay changes.
func TestARoundWhoseDelayChangesIsPaidOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from int // week of the change
		to   float64
		want int // week in which it is paid
	}{{3, 5, 8}, {3, 0, 4}, {6, 5, 5}} { // later; at once, since it is overdue; paid already
		p := shop(plan.Product{Name: "plus", Price: 20})
		p.Run.Weeks = 12
		p.Finance.OpeningCash = 1e6
		p.Finance.Rounds = []plan.Round{{Name: "a", Date: p.Run.Start + 7*2, Amount: 5000, DelayWeeks: 2}}
		p.Changes = []plan.Change{{Name: "x", From: p.Run.Start + plan.Date(7*c.from), Effects: []plan.Effect{{Key: "finance.rounds.a.delay_weeks", Value: c.to, Input: -1}}}}
		pr, s, rec := prepared(t, p)
		s.Replicate(1, 0, rec)
		for w, x := range weekly(t, pr, rec, "financing") {
			want := 0.0
			if w+1 == c.want {
				want = 5000
			}
			require.Equal(t, want, x, "change in week %d to %v: week %d", c.from, c.to, w+1)
		}
	}
}

// Fees of the channel: per lead (unqualified ones too), per customer, in first
// monthly bills; commission on the first year's bill and a fixed amount.
func TestFeesAndCommission(t *testing.T) {
	t.Parallel()
	p := shop(plan.Product{Name: "plus", Price: 20, Discount: 0.1, OnboardingCost: 11})
	p.Channels = p.Channels[:1]
	p.Channels[0].FeePerLead, p.Channels[0].FeePerCustomer, p.Channels[0].FeeInMonthlyBills, p.Channels[0].RevenueShare = 3, 50, 1.5, 0.1
	p.Teams[0].WinRate[0], p.Teams[0].CommissionPerWin[0], p.Teams[0].CommissionShare = 0.5, 9, 0.07
	pr, s, rec := prepared(t, p)
	s.Replicate(6, 0, rec)
	leads, won := outcome(t, pr, rec, "leads"), outcome(t, pr, rec, "won")
	require.Less(t, won, 0.5*leads)
	require.InEpsilon(t, 3*leads+won*(50+1.5*18), outcome(t, pr, rec, "fee_spend"), 1e-9)
	require.InEpsilon(t, won*(9+0.07*12*18), outcome(t, pr, rec, "sales_spend"), 1e-9)
	require.InEpsilon(t, won*11, outcome(t, pr, rec, "onboarding_spend"), 1e-9)
	require.InEpsilon(t, 0.1*outcome(t, pr, rec, "revenue"), outcome(t, pr, rec, "revenue_shares"), 1e-9)
	require.InDelta(t, outcome(t, pr, rec, "fee_spend")+outcome(t, pr, rec, "revenue_shares"), sumOf(t, pr, rec, "fees", 0, 4), 0.03)
}

// Money that accrues evenly goes to months by days, events to the month of their
// date: a week across 31 January.
func TestMonthsTakeMoneyByTimeShare(t *testing.T) {
	t.Parallel()
	p := still(100)
	p.Run.Weeks = 9
	p.Channels[0].WeeklyBudget = 700
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	media := func(m int) float64 { return rec.Months[m*monColumns+monMedia] }
	require.InDelta(t, 3100, media(0), 1e-6)
	require.InDelta(t, 2800, media(1), 1e-6)
	require.InDelta(t, 63*100-5900, media(2), 1e-6)
	require.InEpsilon(t, 31.0/63, rec.Months[monRevenue]/outcome(t, pr, rec, "revenue"), 1e-9)
}
