package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
	"windfall/model/rng"
)

// The tabulated ages, the closed forms of time within a limit, and survival of the stock follow their law.
func TestAgesFollowTheirLaw(t *testing.T) {
	t.Parallel()
	for _, k := range []float64{0.3, 0.5, 0.66, 0.9, 0.999} {
		z := &plan.Size{FirmDeathPerYear: 0.09, DeathShape: k}
		var l firmLife
		l.set(z)
		require.InEpsilon(t, known.LifeScale(0.09, k), l.scale/plan.WeeksPerYear, 1e-12)
		for _, e := range []float64{0.001, 0.05, 0.3, 1, 2, 5, 9, 15} {
			age := l.older(0, e) / plan.WeeksPerYear
			require.InDelta(t, math.Exp(-e), known.StockOlder(0.09, k, age), 1e-4, "shape %v, e %v", k, e)
			older := l.older(3*plan.WeeksPerYear, e) / plan.WeeksPerYear
			require.InDelta(t, math.Exp(-e), known.StockOlder(0.09, k, older)/known.StockOlder(0.09, k, 3), 1e-4, "shape %v, e %v", k, e)
			require.GreaterOrEqual(t, older, 3.0)
		}
		for _, years := range []float64{0.1, 1, 5, 40} {
			require.InDelta(t, known.StockOlder(0.09, k, years), StockSurvival(z, years), 1e-7)
			stock := known.Simpson(func(x float64) float64 { return 2 * x * StockSurvival(z, x*x) }, 0, math.Sqrt(years), 2000)
			require.InEpsilon(t, stock, yearsWithin(z, false, years), 1e-6)
			births := known.Simpson(func(x float64) float64 { return 4 * x * x * x * known.LifeSurvival(0.09, k, 0, x*x*x*x) }, 0, math.Pow(years, 0.25), 2000)
			require.InEpsilon(t, births, yearsWithin(z, true, years), 1e-6)
		}
	}
	z := &plan.Size{FirmDeathPerYear: 0.09, DeathShape: 0.999999} // next to a constant hazard the old forms come back
	for _, k := range []plan.Trigger{{WindowWeeks: 20, WindowCV: 1}, {WindowWeeks: 6, WindowCV: 0.5}, {WindowWeeks: 6}, {WindowWeeks: 6, WindowCV: 1, Newborn: true}} {
		for _, rival := range []float64{0, 0.07, 0.3} {
			require.InEpsilon(t, awayYears(&k, 0.09, 2, rival), agedAwayYears(&k, z, 2, rival), 2e-5)
		}
	}
	require.InEpsilon(t, math.Exp(-0.09), StockSurvival(z, 1), 1e-6)
}

// The remaining life is that of the Weibull law given the age, under any pace.
func TestLivesInvertsTheLawGivenTheAge(t *testing.T) {
	t.Parallel()
	var l firmLife
	l.set(&plan.Size{FirmDeathPerYear: 0.1, DeathShape: 0.66})
	for _, age := range []float64{0, 3, 200, 3000} {
		for _, pace := range []float64{0.5, 1, 3} {
			u := rng.Key(7).Unit(1)
			weeks := l.lives(age, -math.Log(u), pace)
			require.InEpsilon(t, u, math.Pow(known.LifeSurvival(0.1, 0.66, age/plan.WeeksPerYear, weeks/plan.WeeksPerYear), pace), 1e-9)
		}
	}
	require.Equal(t, inf, l.lives(10, 1, 0))
}

// agedMarket is a market of about n wins in its first weeks, whose firms die by age.
func agedMarket(n float64, shape, death float64) *plan.Plan {
	p := manyWins(n, 2)
	p.Population.Sizes[0].FirmDeathPerYear, p.Population.Sizes[0].DeathShape = death, shape
	p.Channels[0] = testChannel(p, "ads", 2e4, 1) // hands are raised within half a minute: a birth is won at age 0
	p.Triggers[0].WindowWeeks = 0.02
	return p
}

// Customers that are young firms die more often: those of a birth as the births of P35, those of another trigger as
// the standing stock, by the law of their ages; product churn goes on beside.
func TestYoungCustomersDieMoreOften(t *testing.T) {
	t.Parallel()
	const m, k = 0.082, 0.66
	deaths := map[bool]float64{}
	for _, newborn := range []bool{true, false} {
		p := agedMarket(float64(more(12000, 30)), k, m)
		p.Triggers[0].Newborn = newborn
		p.Customers.BaseHazard[0] = 1e-9
		_, s, rec := traced(t, p)
		s.Replicate(3, 0, rec)
		n := len(traceOf(s).Customers)
		for year := 1; year <= 10; year++ {
			alive, want := 0, known.StockAlive(m, k, 0, float64(year))
			if newborn {
				want = known.LifeSurvival(m, k, 0, float64(year))
			}
			for _, c := range traceOf(s).Customers {
				if c.Left-c.Won > float64(year)*plan.WeeksPerYear {
					alive++
				}
			}
			nearShare(t, "alive", alive, n, want)
			if year == 1 {
				deaths[newborn] = 1 - float64(alive)/float64(n)
			}
		}
	}
	require.Greater(t, deaths[true], 2.4*deaths[false]) // 20% against 8% in the first year
}

// retained_12_months is the share kept of customers whose firms are as old as the standing stock; those of births
// are kept by the same churn and their own deaths.
func TestRetentionOfFirmsThatAge(t *testing.T) {
	t.Parallel()
	const m, k, v, stated = 0.12, 0.5, 0.7, 0.7
	for _, newborn := range []bool{true, false} {
		p := agedMarket(float64(more(12000, 30)), k, m)
		p.Triggers[0].Newborn = newborn
		p.Customers.FrailtyVariance, p.Customers.WeibullShape = v, 0.85
		p.Customers.BaseHazard[0], p.Customers.Retained12Months[0] = math.NaN(), stated
		pr, s, rec := traced(t, p)
		s.Replicate(3, 0, rec)
		want := stated
		if newborn {
			want *= known.LifeSurvival(m, k, 0, 1) / known.StockOlder(m, k, 1)
		}
		nearShare(t, "retained", int(outcome(t, pr, rec, "retained")), len(traceOf(s).Customers), want)
		// Lifetime value is the integral of the margin over that survival.
		base := BaseHazard(p, p, 0)
		survival := func(y float64) float64 {
			alive := known.StockOlder(m, k, y)
			if newborn {
				alive = known.LifeSurvival(m, k, 0, y)
			}
			return known.FrailtySurvival(v, known.WeibullHazard(base, 0.85, y)) * alive
		}
		values := make([]float64, 0, len(traceOf(s).Customers))
		for _, c := range traceOf(s).Customers {
			values = append(values, known.LTV(240, 0, 0.12, 0, math.Min(5, (c.Left-c.Won)/plan.WeeksPerYear)))
		}
		mean, variance := moments(values)
		se := math.Sqrt(variance / float64(len(values)))
		table := ltvTable(survival, 240)
		near(t, "LTV of lives", mean, table, se)
		near(t, "LTV", outcome(t, pr, rec, "ltv"), table, se)
	}
}

// ltvTable integrates known.LTVUnder on a survival curve that is costly to compute, from a table of it.
func ltvTable(survival func(float64) float64, margin float64) float64 {
	const n = 400 // in the square root of the years
	var s [n + 1]float64
	for i := range s {
		x := math.Sqrt(5) * float64(i) / n
		s[i] = survival(x * x)
	}
	return known.LTVUnder(func(years float64) float64 {
		x := math.Sqrt(years/5) * n
		i := min(int(x), n-1)
		return s[i] + (s[i+1]-s[i])*(x-float64(i))
	}, margin, 0.12, 0, 5)
}

// A recession and a dated change multiply the hazard at every age; what is used up stays.
func TestPaceOfDeathMovesFirmsOfAllAges(t *testing.T) {
	t.Parallel()
	const m, k = 0.3, 0.6
	p := agedMarket(float64(more(10000, 30)), k, m)
	p.Triggers[0].Newborn = true
	p.Run.Weeks = 40
	p.Customers.BaseHazard[0] = 1e-15
	p.Economy.Recession.FirmDeath = 3
	p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + 7*8, Regime: "recession"}, {From: p.Run.Start + 7*20, Regime: "expansion"}}
	p.Changes = append(p.Changes, from(p, 30, "population.sizes.all.firm_death_per_year", 2*m))
	_, s, rec := traced(t, p)
	s.Replicate(3, 0, rec)
	c := known.LifeScale(m, k) * plan.WeeksPerYear
	law := func(won, years float64) (sum float64) {
		spans := []struct{ from, pace float64 }{{0, 1}, {8, 3}, {20, 1}, {30, 2}, {1e9, 0}}
		for i := 0; i+1 < len(spans); i++ {
			a, b := math.Max(spans[i].from, won), math.Min(spans[i+1].from, won+years*plan.WeeksPerYear)
			if b > a {
				sum += spans[i].pace * (math.Pow((b-won)/c, k) - math.Pow((a-won)/c, k))
			}
		}
		return sum
	}
	var u []float64
	for _, c := range traceOf(s).Customers {
		require.True(t, c.Died)
		u = append(u, math.Exp(-law(c.Won, (c.Left-c.Won)/plan.WeeksPerYear)))
	}
	counts, chances := uniformCounts(u, 25)
	nearCounts(t, "lifetimes", counts, chances)
}

// Opening customers' firms are at least as old as their tenure, and die by that.
func TestFirmsOfOpeningCustomersAreAtLeastAsOldAsTheirTenure(t *testing.T) {
	t.Parallel()
	const m, k, n, tenure = 0.1, 0.5, 40000, 3.0
	p := oneCell(1e6, 0.006, 5)
	p.Journey.LockInYears = 20
	p.Run.Weeks = 156
	p.Channels[0].Response = 0
	p.Population.Sizes[0].FirmDeathPerYear, p.Population.Sizes[0].DeathShape = m, k
	p.Customers.BaseHazard[0] = 1e-9
	p.Opening.Customers[0], p.Opening.AgeBands = n, []plan.AgeBand{{FromYears: tenure, ToYears: tenure, Share: 1}}
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	for _, week := range []int{13, 52, 104, 156} {
		nearShare(t, "alive", int(weekly(t, pr, rec, "live_customers")[week-1]), n, known.StockAlive(m, k, tenure, float64(week)/plan.WeeksPerYear))
	}
}

// Without a vendor the flow of journeys is the stated one, and dormant, in market and locked firms stay as they
// are, with births among the triggers too.
func TestAMarketOfFirmsThatAgeIsStationary(t *testing.T) {
	t.Parallel()
	for _, births := range []float64{0, 0.05} {
		p := oneCell(4e6, 0.1, 6)
		z := &p.Population.Sizes[0]
		z.FirmDeathPerYear, z.DeathShape = 0.15, 0.5
		p.Run.Weeks, p.Opening.BurnInWeeks = 156, 60
		p.Channels[0].MaxTouchesPerWeek = 0
		if births > 0 {
			birth := p.Triggers[0]
			birth.Name, birth.Newborn, birth.RatePerYear = "birth", true, []float64{births}
			p.Triggers = []plan.Trigger{birth, p.Triggers[0]}
		}
		pr, s, rec := prepared(t, p)
		s.Replicate(3, 0, rec)
		want := (0.1 + births) * 4e6 / plan.WeeksPerYear
		for _, part := range [][2]int{{0, 52}, {52, 104}, {104, 156}} {
			got := sumOf(t, pr, rec, "journeys", part[0], part[1]) / 52
			near(t, "journeys a week", got, want, math.Sqrt(want/52)+5e-4*want/zLimit)
		}
		dormant := weekly(t, pr, rec, "dormant")
		locked := weekly(t, pr, rec, "locked")
		for _, week := range []int{0, 4, 25, 51, 103, 155} {
			require.InEpsilon(t, dormant[0], dormant[week], 1e-3)
			require.InEpsilon(t, locked[0], locked[week], 5e-3)
		}
	}
}

// Shape 1 draws no age and is the constant hazard to the bit; another shape leaves triggers, windows and touches
// where they are.
func TestAgeLeavesEverythingElseWhereItIs(t *testing.T) {
	t.Parallel()
	build := func(shape float64) *plan.Plan {
		p := busyMarket()
		for i := range p.Population.Sizes {
			p.Population.Sizes[i].FirmDeathPerYear, p.Population.Sizes[i].DeathShape = 1e-9, shape
		}
		return p
	}
	a, ra := replicated(t, build(1), 5, 0)
	b, rb := replicated(t, build(0.5), 5, 0) // nobody dies: nothing may differ
	requireWeeksEqual(t, "a shape without deaths", a, ra, b, rb, 18)
	require.InEpsilon(t, outcome(t, a, ra, "ltv_total"), outcome(t, b, rb, "ltv_total"), 1e-9)

	p := busyMarket()
	for i := range p.Population.Sizes {
		p.Population.Sizes[i].DeathShape = 0.6
	}
	pr, s, rec := prepared(t, p)
	s.eachStep = func() { require.NoError(t, s.Conserved()) }
	s.Replicate(5, 0, rec)
	require.Positive(t, outcome(t, pr, rec, "won"))
}
