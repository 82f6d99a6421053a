package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// valuePlan sells a plan of 4 seats at 15 USD a seat, less 10% list discount,
// to firms of 5 people, with all that takes away from a customer's value.
func valuePlan(n float64) *plan.Plan {
	p := manyWins(n, 2)
	p.Population.Sizes[0].Lowest, p.Population.Sizes[0].Highest, p.Population.Sizes[0].FirmDeathPerYear = 5, 5, 0.1
	p.Customers.SeatGrowthPerYear[0] = 0.06
	p.Channels[0].RevenueShare, p.Channels[0].DealSize = 0.08, 1.6
	p.Channels[0].FeePerCustomer, p.Channels[0].FeeInMonthlyBills, p.Channels[0].Discount = 70, 2, 0.5
	pr := &p.Products[0]
	pr.Price, pr.Adoption, pr.Discount, pr.OnboardingCost, pr.CostOfRevenueShare, pr.CostToServePerMonth = 15, 0.5, 0.2, 40, 0.3, 2.5
	return p
}

const (
	valueBill = 4 * 15 * 0.9 // seats 5 x 0.5 x 1.6 x list price x (1 - 0.2 x 0.5)
	valueKeep = 1 - 0.3 - 0.08
	discount  = 0.12
)

// lifeValue is the value of a life of some years, integrated in closed form.
func lifeValue(years, monthly, growth, serve float64) float64 {
	years = math.Min(years, 5)
	integral := func(rate float64) float64 { return -math.Expm1(-rate*years) / rate }
	return 12*monthly*integral(math.Log1p(discount)-math.Log1p(growth)) - 12*serve*integral(math.Log1p(discount))
}

func TestLTVIsItsClosedForm(t *testing.T) {
	t.Parallel()
	const hazard = 0.4 + 0.1
	p := valuePlan(float64(more(30000, 10)))
	pr, s, rec := traced(t, p)
	s.Replicate(6, 0, rec)
	var sum float64
	var each []float64
	for _, c := range traceOf(s).Customers {
		x := lifeValue((c.Left-c.Won)/plan.WeeksPerYear, valueBill*valueKeep, 0.06, 2.5)
		sum += x
		each = append(each, x)
	}
	n := float64(len(each))
	require.InEpsilon(t, sum, outcome(t, pr, rec, "ltv_total"), 1e-10, "the value of the lives that were lived")
	_, variance := moments(each)
	want := known.LTV(12*valueBill*valueKeep, hazard, discount, 0.06, 5) - known.LTV(12*2.5, hazard, discount, 0, 5)
	near(t, "LTV", outcome(t, pr, rec, "ltv"), want, math.Sqrt(variance/n))
	// Neither onboarding nor one-off fees are in LTV; they are cost of acquisition.
	require.InEpsilon(t, n*40, outcome(t, pr, rec, "onboarding_spend"), 1e-12)
	require.InEpsilon(t, n*(70+2*valueBill), outcome(t, pr, rec, "fee_spend"), 1e-12)
	require.InEpsilon(t, n*(valueBill*valueKeep-2.5), outcome(t, pr, rec, "first_margin"), 1e-10)
	// Another horizon, another rate.
	p.Finance.LTVHorizonYears, p.Finance.DiscountRate = 2, 0
	pr, s, rec = traced(t, p)
	s.Replicate(6, 0, rec)
	want = known.LTV(12*valueBill*valueKeep, hazard, 0, 0.06, 2) - known.LTV(12*2.5, hazard, 0, 0, 2)
	near(t, "LTV over two years", outcome(t, pr, rec, "ltv"), want, math.Sqrt(variance/n))
}

func TestLTVOfPrepaidCustomers(t *testing.T) {
	t.Parallel()
	const hazard = 0.4 + 0.1
	p := valuePlan(float64(more(30000, 10)))
	p.Products[0].PrepaidShare, p.Products[0].PrepaidDiscount = 1, 0.15
	pr, s, rec := traced(t, p)
	s.Replicate(6, 0, rec)
	var sum float64
	var each []float64
	for _, c := range traceOf(s).Customers {
		left := math.Min((c.Left-c.Won)/plan.WeeksPerYear, 5)
		var x float64
		for year := 0.0; year < left; year++ { // the bill moves at anniversaries only
			grown := math.Pow(1.06/(1+discount), year)
			part := math.Min(left-year, 1)
			x += grown * 12 * valueBill * 0.85 * valueKeep * -math.Expm1(-math.Log1p(discount)*part) / math.Log1p(discount)
		}
		x -= 12 * 2.5 * -math.Expm1(-math.Log1p(discount)*left) / math.Log1p(discount)
		sum += x
		each = append(each, x)
	}
	n := float64(len(each))
	require.InEpsilon(t, sum, outcome(t, pr, rec, "ltv_total"), 1e-10)
	_, variance := moments(each)
	want := known.LTVPrepaid(12*valueBill*0.85*valueKeep, hazard, discount, 0.06, 5) - known.LTV(12*2.5, hazard, discount, 0, 5)
	near(t, "LTV", outcome(t, pr, rec, "ltv"), want, math.Sqrt(variance/n))

	// Half prepaid: the mean is between, by the share.
	p.Products[0].PrepaidShare = 0.3
	pr, s, rec = traced(t, p)
	s.Replicate(6, 0, rec)
	monthly := known.LTV(12*valueBill*valueKeep, hazard, discount, 0.06, 5) - known.LTV(12*2.5, hazard, discount, 0, 5)
	near(t, "LTV of both kinds", outcome(t, pr, rec, "ltv"), 0.3*want+0.7*monthly, math.Sqrt(1.05*variance/n))
}

// A price that reaches all moves the value of live customers at its date, a
// price for life does not; past the tail of the run plan numbers hold their last
// value and shocks have ended.
func TestLTVFollowsThePriceThatReachesAll(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{true, false} {
		p := valuePlan(3000)
		p.Run.Weeks = 10
		p.Products[0].PriceForAll = all
		p.Changes = append(p.Changes, plan.Change{Name: "up", From: p.Run.Start + 7*4, Effects: []plan.Effect{{Key: "products.service.price", Multiply: true, Value: 1.2, Input: -1}}})
		p.Shocks = []plan.Shock{{Name: "war", Probability: 1, From: p.Run.Start + 7*6, Weeks: 100, Effects: []plan.Effect{{Key: "products.service.price", Multiply: true, Value: 0.5, Input: -1}}}}
		pr, s, rec := traced(t, p)
		s.Replicate(6, 0, rec)
		spans := []struct{ from, factor float64 }{{0, 1}, {4, 1.2}, {6, 0.6}, {10 + float64(plan.TailWeeks(p)), 1.2}, {inf, 0}}
		var want float64
		for _, c := range traceOf(s).Customers {
			require.Less(t, c.Won, 4.0)
			if !all {
				want += lifeValue((c.Left-c.Won)/plan.WeeksPerYear, valueBill*valueKeep, 0.06, 2.5)
				continue
			}
			for i := 0; i+1 < len(spans); i++ {
				a, b := math.Max(spans[i].from, c.Won), math.Min(spans[i+1].from, c.Left)
				if b > a {
					want += spans[i].factor * (lifeValue((b-c.Won)/plan.WeeksPerYear, valueBill*valueKeep, 0.06, 0) - lifeValue((a-c.Won)/plan.WeeksPerYear, valueBill*valueKeep, 0.06, 0))
				}
			}
			want += lifeValue((c.Left-c.Won)/plan.WeeksPerYear, 0, 0.06, 2.5)
		}
		require.InEpsilon(t, want, outcome(t, pr, rec, "ltv_total"), 1e-9, "reaches all: %v", all)
	}
}

// Revenue of the run is the integral of what its customers pay while they live.
func TestRevenueIsWhatLivesBring(t *testing.T) {
	t.Parallel()
	for _, prepaid := range []float64{0, 1} {
		p := valuePlan(2000)
		p.Run.Weeks = 130
		p.Products[0].PrepaidShare, p.Products[0].PrepaidDiscount = prepaid, 0.15
		pr, s, rec := traced(t, p)
		s.Replicate(6, 0, rec)
		var want, months, collected, refunded float64
		for _, c := range traceOf(s).Customers {
			lived := (math.Min(c.Left, 130) - c.Won) / plan.WeeksPerYear
			months += 12 * lived
			if prepaid == 0 {
				want += 12 * valueBill * math.Expm1(math.Log1p(0.06)*lived) / math.Log1p(0.06)
				continue
			}
			for year := 0.0; year < lived; year++ {
				bill := 12 * valueBill * 0.85 * math.Pow(1.06, year)
				collected += bill
				want += bill * math.Min(lived-year, 1)
				if c.Left < 130 && lived < year+1 {
					refunded += bill * (year + 1 - lived)
				}
			}
		}
		require.InEpsilon(t, want, outcome(t, pr, rec, "revenue"), 1e-9)
		require.InEpsilon(t, months, outcome(t, pr, rec, "customer_months"), 1e-9)
		require.InEpsilon(t, want*(1-0.3)-2.5*months, outcome(t, pr, rec, "gross_margin"), 1e-9)
		require.InEpsilon(t, want*0.08, outcome(t, pr, rec, "revenue_shares"), 1e-9)
		if prepaid == 1 {
			cents := 0.01 * 130
			require.InDelta(t, collected, sumOf(t, pr, rec, "collections", 0, 130), cents)
			require.InDelta(t, refunded, sumOf(t, pr, rec, "refunds", 0, 130), cents)
			deferred := weekly(t, pr, rec, "deferred_revenue")[129]
			require.InDelta(t, collected-refunded-want, deferred, cents)
		}
		require.InDelta(t, want, sumOf(t, pr, rec, "revenue", 0, 130), 0.02*130)
	}
}

// Where no number changes any more a value is found in closed form: the same as going from epoch to
// epoch, for monthly and prepaid customers of any length of life.
func TestValueInClosedFormIsThatOfItsEpochs(t *testing.T) {
	t.Parallel()
	p := valuePlan(100)
	p.Run.Weeks = 60
	p.Products[0].PrepaidDiscount = 0.15
	p.Changes = append(p.Changes, from(p, 10, "channels.ads.revenue_share", 0.2), from(p, 30, "channels.ads.response", 0.5))
	_, s, _ := prepared(t, p)
	s.w.set(1, 0, s.root)
	steady := s.w.steadyFrom
	require.Equal(t, 2, steady, "the epoch of week 10, after that of week 2: a response is not part of a value")
	for s.step = range s.w.steps {
		for _, years := range []float64{0.001, 0.3, 1, 1.7, 4.999, 12, inf} {
			for _, prepaid := range []bool{false, true} {
				c := customer{prepaid: prepaid, payer: payer{since: float64(s.step) + 0.4, seats: 7, factor: 11}}
				c.until = c.since + years*plan.WeeksPerYear
				s.w.steadyFrom = steady
				value, first := s.lifetimeValue(&c, 0, s.w.at(s.step).plan)
				s.w.steadyFrom = math.MaxInt
				wantValue, wantFirst := s.lifetimeValue(&c, 0, s.w.at(s.step).plan)
				require.InEpsilon(t, wantValue, value, 1e-10, "step %d, %v years, prepaid %t", s.step, years, prepaid)
				require.InEpsilon(t, wantFirst, first, 1e-12)
			}
		}
	}
}
