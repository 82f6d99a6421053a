package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
	"windfall/model/rng"
)

// quiet is a market without a vendor: many firms of one cell, three trigger
// kinds, deaths, no response.
func quiet(death float64) *plan.Plan {
	p := oneCell(400000, 0.06, 5)
	p.Run.Weeks, p.Opening.BurnInWeeks = 104, 52
	p.Channels[0].MaxTouchesPerWeek = 0
	p.Population.Sizes[0].FirmDeathPerYear = death
	nan := math.NaN()
	second := p.Triggers[0]
	second.Name, second.Kind, second.RatePerYear, second.LifeYears, second.WindowWeeks, second.WindowCV = "worn", "ageing", []float64{nan}, []float64{8}, 9, 0.6
	p.Triggers = append(p.Triggers, second)
	return p
}

// Without a vendor the opening state is stationary: the dormant share stays at
// d, journeys open at the stated rate, in market and locked stay as they are.
func TestMarketWithoutVendorIsStationary(t *testing.T) {
	t.Parallel()
	for _, death := range []float64{0, 0.1, 1.5} {
		p := quiet(death)
		pr, s, rec := prepared(t, p)
		n := more(2, 10)
		year := plan.WeeksPerYear
		want := known.StationaryMarket([]known.Kind{{Rate: 0.06, Window: 5 / year, CV: 1}, {Rate: 1.0 / 8, Window: 9 / year, CV: 0.6}}, death, 2)
		require.InDelta(t, atStepStart(want.Dormant, 0.06+1.0/8), s.sharesOf()[0], 1e-7)
		var journeys float64
		const N = 400000
		dormant, inMarket, locked := make([]float64, 105), make([]float64, 105), make([]float64, 105)
		for r := range n {
			s.Replicate(4, r, rec)
			journeys += outcome(t, pr, rec, "journeys")
			for w := range 104 {
				dormant[w] += weekly(t, pr, rec, "dormant")[w] / float64(n) / N
				inMarket[w] += weekly(t, pr, rec, "in_market")[w] / float64(n) / N
				locked[w] += weekly(t, pr, rec, "locked")[w] / float64(n) / N
			}
		}
		stated := N * float64(n) * (0.06 + 1.0/8) * 104 / year
		near(t, "journeys", journeys, stated, math.Sqrt(stated))
		// Firms are independent: counts are binomial, from their opening value on.
		for _, w := range []int{0, 3, 12, 25, 51, 80, 103} {
			for _, x := range []struct {
				name      string
				got, want float64
			}{{"dormant", dormant[w], want.Dormant}, {"in market", inMarket[w], want.InMarket}, {"locked", locked[w], want.Locked}} {
				near(t, x.name, x.got, x.want, math.Sqrt(x.want*(1-x.want)/N/float64(n)))
			}
		}
	}
}

// atStepStart is the share of dormant firms when a weekly step begins, for a share in continuous time and
// a rate of all triggers a year that is small: x t with t = f/12 and f = x/d.
func atStepStart(dormant, rate float64) float64 {
	x := rate / plan.WeeksPerYear
	return dormant + x*x/dormant/12
}

func (s *State) sharesOf() []float64 {
	s.w.set(1, 0, rng.Root(1, 0))
	return s.w.share
}

// A cell whose dormant share would fall below the least has all its rates scaled
// down by one factor so that the share is met, and Prepare lists it.
func TestLeastDormantShareScalesAllRates(t *testing.T) {
	t.Parallel()
	p := quiet(0.1)
	p.Population.MinDormantShare = 0.75
	pr, s, rec := prepared(t, p)
	away := 1 - known.StationaryMarket([]known.Kind{{Rate: 0.06, Window: 5 / plan.WeeksPerYear, CV: 1}, {Rate: 1.0 / 8, Window: 9 / plan.WeeksPerYear, CV: 0.6}}, 0.1, 2).Dormant
	factor := 0.25 / away
	require.Equal(t, "all/all/all", pr.Scaled()[0].Cell)
	require.InDelta(t, factor, pr.Scaled()[0].Factor, 1e-12)
	s.Replicate(4, 0, rec)
	require.Equal(t, 300000.0, float64(int(0.75*400000)))
	stated := 400000 * factor * (0.06 + 1.0/8) * 104 / plan.WeeksPerYear
	near(t, "journeys", outcome(t, pr, rec, "journeys"), stated, math.Sqrt(stated))
	near(t, "dormant", weekly(t, pr, rec, "dormant")[103], 300000, math.Sqrt(300000*0.25))
}

// N grows only by growth_per_year, at each week's start.
func TestMarketGrowsByTheStatedRate(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		for _, g := range []float64{0.08, -0.5} {
			p := testMarket(20000, 2)
			p.Run.Weeks, p.Run.Step, p.Opening.BurnInWeeks = 20, step, 4
			p.Population.GrowthPerYear = g
			pr, s, rec := prepared(t, p)
			s.Replicate(4, 0, rec)
			customers := 0.0
			for w := range 20 {
				var want float64
				for _, n := range s.w.firms {
					want += math.RoundToEven(float64(n) * math.Exp(g*float64(w)/plan.WeeksPerYear)) // of the week's start
				}
				customers = weekly(t, pr, rec, "live_customers")[w]
				got := weekly(t, pr, rec, "dormant")[w] + weekly(t, pr, rec, "in_market")[w] + weekly(t, pr, rec, "locked")[w] + customers
				require.Equal(t, want, got, "week %d of %s", w, step)
			}
		}
	}
	// More firms, more journeys: the flow follows N (dormant firms grow faster, by
	// the newborns).
	p := quiet(0)
	p.Population.GrowthPerYear = 0.3
	pr, s, rec := prepared(t, p)
	s.Replicate(4, 0, rec)
	x := weekly(t, pr, rec, "journeys")
	first, last := x[0]+x[1]+x[2]+x[3], x[100]+x[101]+x[102]+x[103]
	dormant := weekly(t, pr, rec, "dormant")
	want := first * (dormant[100] + dormant[101]) / (dormant[0] + dormant[1])
	near(t, "journeys of the last weeks", last, want, math.Sqrt(want+want*want/first))
}

// A shrinking cell loses dormant firms only and never goes below none.
func TestShrinkingMarketLosesDormantFirmsOnly(t *testing.T) {
	t.Parallel()
	p := testMarket(20000, 1)
	p.Population.GrowthPerYear = -1
	p.Run.Weeks = 150
	pr, s, rec := prepared(t, p)
	s.eachStep = func() { require.NoError(t, s.Conserved()) }
	s.Replicate(4, 0, rec)
	for _, x := range weekly(t, pr, rec, "dormant") {
		require.GreaterOrEqual(t, x, 0.0)
	}
}

// Firms of a cell are the product of the shares, rounded by largest remainder in
// order of name.
func TestFirmsAreDealtByLargestRemainder(t *testing.T) {
	t.Parallel()
	into := make([]int, 5)
	names := []string{"e", "d", "c", "b", "a"}
	name := func(i int) string { return names[i] }
	largestRemainder([]float64{1.5, 0.5, 2.25, 0.5, 0.25}, 5, name, into)
	require.Equal(t, []int{1, 1, 2, 1, 0}, into, "of equal remainders the first names have it: b and d, not e")
	largestRemainder([]float64{0.6, 0.6, 0.6, 0.6, 0.6}, 3, name, into)
	require.Equal(t, []int{0, 0, 1, 1, 1}, into)

	p := testMarket(5799999, 7)
	cells := cellsOf(p)
	sum := 0
	for i, n := range firmsByCell(p, cells) {
		c := cells[i]
		exact := 5799999 * p.Population.Sizes[c.Size].Share / 7 * p.Population.Regions[c.Region].Share
		require.InDelta(t, exact, float64(n), 1)
		sum += n
	}
	require.Equal(t, 5799999, sum)
}

// Head-counts within a class follow the cut Pareto law; with exponent 1.06 their
// means are the census means of facts P1 to P5.
func TestHeadcountsReproduceTheCensus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lowest, highest, census float64 }{{1, 4, 1.58}, {5, 9, 6.6}, {10, 19, 13.5}, {20, 99, 39.2}, {100, 499, 198}} {
		require.InEpsilon(t, c.census, known.ParetoMean(c.lowest, c.highest, 1.06), 0.05, "%v-%v", c.lowest, c.highest)
		p := manyWins(float64(more(40000, 10)), 2)
		p.Population.Sizes[0].Lowest, p.Population.Sizes[0].Highest = c.lowest, c.highest
		p.Customers.BaseHazard[0] = 1e-9
		p.Products[0].Price = 1
		pr, s, rec := prepared(t, p)
		s.Replicate(2, 0, rec)
		n := outcome(t, pr, rec, "won")
		// One dollar a seat and head: the bill is the head-count.
		var mean, square float64
		for x := c.lowest; x <= c.highest; x++ {
			chance := known.ParetoTail(x, c.lowest, c.highest, 1.06)
			if x < c.highest {
				chance -= known.ParetoTail(x+1, c.lowest, c.highest, 1.06)
			}
			mean += chance * x
			square += chance * x * x
		}
		near(t, "head-count", outcome(t, pr, rec, "mrr")/n, mean, math.Sqrt((square-mean*mean)/n))
	}
}

// A threshold kind opens journeys at the flow of facts P64 in the class that
// holds the threshold, of firms that have just passed it.
func TestThresholdFlowAndHeadcounts(t *testing.T) {
	t.Parallel()
	p := oneCell(1e6, 0, 3)
	pop := &p.Population
	one := p.Population.Sizes[0]
	pop.Sizes = []plan.Size{one, one, one}
	pop.Sizes[0].Name, pop.Sizes[0].Share, pop.Sizes[0].Highest = "1-99", 0.9, 99
	pop.Sizes[1].Name, pop.Sizes[1].Share, pop.Sizes[1].Lowest, pop.Sizes[1].Highest = "100-499", 0.08, 100, 499
	pop.Sizes[2].Name, pop.Sizes[2].Share, pop.Sizes[2].Lowest, pop.Sizes[2].Highest = "500+", 0.02, 500, 1.9e6
	nan := math.NaN()
	k := &p.Triggers[0]
	k.Kind, k.Employees, k.GrowthScale, k.RatePerYear, k.LifeYears = "threshold", 500, 0.12, fill(3, 0), fill(3, nan)
	p.Run.Weeks = 52
	p.Journey.TouchesNeeded, p.Journey.WillingnessMedian, p.Journey.WillingnessSigma = fill(3, 0.5), fill(3, 1e9), fill(3, 0)
	p.Channels = []plan.Channel{testChannel(p, "ads", 8, 1)}
	p.Teams = []plan.Team{testTeam(p, "web", "web")}
	p.Customers.Retained12Months, p.Customers.BaseHazard, p.Customers.SeatGrowthPerYear, p.Opening.Customers = fill(3, nan), fill(3, 0.3), fill(3, 0), fill(3, 0)
	year := 52 / plan.WeeksPerYear

	flow := known.ThresholdFlow(20000, 1.06, 0.12)
	require.InDelta(t, 0.073, flow/20000, 5e-4)
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	near(t, "journeys past 500", outcome(t, pr, rec, "journeys"), flow*year, math.Sqrt(flow*year))

	// A threshold of 150 lies inside a class: N(>= 150) counts the class's part
	// above it and the class above.
	k.Employees = 150
	flow = known.ThresholdFlow(80000*known.ParetoTail(150, 100, 499, 1.06)+20000, 1.06, 0.12)
	pr, s, rec = traced(t, p)
	s.Replicate(3, 0, rec)
	near(t, "journeys past 150", outcome(t, pr, rec, "journeys"), flow*year, math.Sqrt(flow*year))
	for _, l := range traceOf(s).Leads {
		require.Equal(t, "100-499/all/all", s.w.cells[l.Cell].Name)
	}

	// Head-counts: floor(X e^(b x unit exponential)), at most the class's largest.
	var heads []int
	counts, chances := make([]int, 4), []float64{}
	at := func(x float64) float64 { return math.Pow(x/150, -1/0.12) }
	chances = append(chances, 1-at(155), at(155)-at(165), at(165)-at(190), at(190))
	for i := range 20000 {
		n := s.headcount(rng.Root(1, i), 0, 1, 0)
		heads = append(heads, int(n))
		require.GreaterOrEqual(t, n, 150.0)
		require.LessOrEqual(t, n, 499.0)
		switch {
		case n < 155:
			counts[0]++
		case n < 165:
			counts[1]++
		case n < 190:
			counts[2]++
		default:
			counts[3]++
		}
	}
	nearCounts(t, "head-counts past 150", counts, chances)
	require.Len(t, heads, 20000)
}

// Event and ageing kinds open journeys at rate x industry x region x season x
// economy, per firm over all firms.
func TestTriggerRates(t *testing.T) {
	t.Parallel()
	p := testMarket(100000, 2)
	p.Run.Weeks, p.Opening.BurnInWeeks = 52, 10
	for i := range p.Channels {
		p.Channels[i].Response = 0
	}
	p.Opening.Customers, p.Finance.OpeningCash = fill(4, 0), 1e12
	p.Triggers[1].Enabled = false
	p.Triggers[0].Industry, p.Triggers[2].Region = []float64{0.5, 1.5}, []float64{0.7, 1.6}
	p.Journey.LockInYears = 0.05 // d stays near 1, so that the felt flow follows the stated one
	p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + 7*26, Regime: "recession"}}
	pr, s, rec := traced(t, p)
	s.Replicate(5, 0, rec)
	x := weekly(t, pr, rec, "journeys")
	spring := p.Triggers[2].Season
	flow := func(week int) float64 {
		var season float64
		for d := range 7 {
			_, m, _ := (p.Run.Start + plan.Date(7*week+d)).YMD()
			season += spring[m-1] / yearMean(spring) / 7
		}
		slump := []float64{1, 1}
		if week >= 26 {
			slump = []float64{0.9, 0.75}
		}
		// Industries and regions average out to 1 and 0.6 x 0.7 + 0.4 x 1.6 = 1.06.
		dying := 100000.0 / 6 * slump[0]
		office := 100000 * (0.62*0.05 + 0.27*0.06 + 0.09*0.08 + 0.02*0.2) * 1.06 * season * slump[1]
		return (dying + office) / plan.WeeksPerYear
	}
	for _, span := range [][2]int{{0, 13}, {13, 26}, {26, 39}, {39, 52}} {
		var got, want float64
		for w := span[0]; w < span[1]; w++ {
			got += x[w]
			want += flow(w)
		}
		near(t, "journeys", got, want, math.Sqrt(want)+0.004*want) // d moves with the season by up to 0.4%
	}
}

// A customer passes the SMB test with few employees or with low sales.
func TestSMBTestTakesEmployeesOrSales(t *testing.T) {
	t.Parallel()
	for limit, sales := range map[float64]float64{100: 8e7, 120: 1.2e8} {
		p := manyWins(20000, 2)
		pop := &p.Population
		pop.Sizes[0].Lowest, pop.Sizes[0].Highest, pop.Industries[0].RevenuePerEmployee, pop.SMBSales = 50, 150, 1e6, sales
		pr, s, rec := prepared(t, p)
		s.Replicate(2, 0, rec)
		nearShare(t, "SMB", int(outcome(t, pr, rec, "won_smb")), int(outcome(t, pr, rec, "won")), 1-known.ParetoTail(limit, 50, 150, 1.06))
	}
}
