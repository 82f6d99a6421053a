package known

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.9g, want %.9g within %g", what, got, want, tolerance)
	}
}

// TestRaiseCountsTouches sums the chance over the number of touches: with
// geometric touches, P(raise) = 1 - E (1-q)^touches.
func TestRaiseCountsTouches(t *testing.T) {
	l, q, m := 0.8, 0.15, 0.3
	sum := 0.0
	for n := range 400 {
		sum += TouchesPMF(n, l, m) * (1 - math.Pow(1-q, float64(n)))
	}
	near(t, "Raise", Raise(l, q, m), sum, 1e-12)

	for needed := 1; needed <= 4; needed++ {
		sum = 0
		for n := needed; n < 400; n++ {
			sum += TouchesPMF(n, l, m) * (1 - math.Pow(1-q, float64(n-needed+1)))
		}
		near(t, "RaiseAfter", RaiseAfter(needed, l, q, m), sum, 1e-12)
	}
	near(t, "RaiseGamma, cv 1", RaiseGamma(l, q, 1/m, 1), Raise(l, q, m), 1e-12)
	near(t, "RaiseGamma, cv to 0", RaiseGamma(l, q, 1/m, 1e-5), RaiseGamma(l, q, 1/m, 0), 1e-6)
}

// TestErlangTables compares with values computed by hand from Erlang's
// formulas: B(2, 1) = (1/2)/(1+1+1/2) = 1/5, C(2, 1) = 1/3 (rho one half),
// B(1, a) = a/(1+a), M/M/1: P(wait) = rho, mean wait rho/(mu - lambda).
func TestErlangTables(t *testing.T) {
	near(t, "B(2,1)", ErlangB(2, 1), 0.2, 1e-15)
	near(t, "B(1,3)", ErlangB(1, 3), 0.75, 1e-15)
	near(t, "C(2,1)", ErlangC(Queue{1, 1, 2, 0}).Wait, 1.0/3, 1e-15)
	w := ErlangC(Queue{Arrivals: 3, Services: 4, Servers: 1})
	near(t, "M/M/1 wait", w.Wait, 0.75, 1e-15)
	near(t, "M/M/1 mean", w.Mean, 0.75, 1e-15)
}

// TestErlangALimits: no patience is Erlang B, endless patience Erlang C; and
// the flow in equals the flow out.
func TestErlangALimits(t *testing.T) {
	q := Queue{Arrivals: 5, Services: 1.2, Servers: 5}
	q.Leaving = 1e9
	near(t, "lost without patience", ErlangA(q).Lost, ErlangB(5, 5/1.2), 1e-6)
	q.Leaving = 1e-9
	c := ErlangC(q)
	a := ErlangA(q)
	near(t, "wait with patience", a.Wait, c.Wait, 1e-6)
	near(t, "mean with patience", a.Mean, c.Mean, 1e-6)

	q.Leaving = 0.7
	q.Arrivals = 9
	a = ErlangA(q)
	near(t, "flow", q.Arrivals*(1-a.Lost), float64(q.Servers)*q.Services*a.Busy, 1e-10)
}

// TestSurvivalFitsContracts: the survival law follows four years of two
// contract cohorts (Fader and Hardie 2007) within one point: the regular cohort
// as gamma frailty on a constant hazard with the published shape 0.76 and scale
// 1.18 years of (1 + t/th)^-r, and both with Weibull hazard and the default
// frailty variance 0.7, base and shape by least largest error.
func TestSurvivalFitsContracts(t *testing.T) {
	regular := [4]float64{0.631, 0.468, 0.382, 0.326}
	highEnd := [4]float64{0.869, 0.743, 0.653, 0.593}
	for _, c := range []struct {
		name                  string
		base, shape, variance float64
		still                 [4]float64
	}{
		{"regular, published", 0.76 / 1.18, 1, 1 / 0.76, regular},
		{"regular, Weibull", 0.556, 0.82, 0.7, regular},
		{"high end, Weibull", 0.157, 1.02, 0.7, highEnd},
	} {
		for year, want := range c.still {
			near(t, c.name, Survival(c.base, c.shape, c.variance, 0, float64(year+1)), want, 0.01)
		}
	}
}

func TestBaseHazardInverts(t *testing.T) {
	for _, v := range []float64{0, 0.3, 1.32} {
		b := BaseHazard(0.7, v, 0.08)
		near(t, "retained", Survival(b, 0.85, v, 0.08, 1), 0.7, 1e-14)
	}
	if BaseHazard(0.95, 0.7, 0.1) > 0 {
		t.Error("death alone takes more than five per cent: no positive base")
	}
}

// TestChurnAndDeathShareTheLeavers: with k = 1 and no frailty the two causes
// are competing exponentials; in general churn + death + survival = 1, and
// churn before t without death is 1 - S.
func TestChurnAndDeathShareTheLeavers(t *testing.T) {
	near(t, "competing", ChurnBefore(0.6, 1, 0, 0.2, 2), 0.6/0.8*(1-math.Exp(-1.6)), 1e-10)
	near(t, "no death", ChurnBefore(0.5, 0.7, 0.9, 0, 3), 1-FrailtySurvival(0.9, WeibullHazard(0.5, 0.7, 3)), 1e-8)
}

func TestLTVForms(t *testing.T) {
	closed := LTV(240, 0.35, 0.12, 0.03, 5)
	under := LTVUnder(func(s float64) float64 { return math.Exp(-0.35 * s) }, 240, 0.12, 0.03, 5)
	near(t, "LTV", under, closed, 1e-6)
	near(t, "prepaid without growth", LTVPrepaid(240, 0.35, 0.12, 0, 5), LTV(240, 0.35, 0.12, 0, 5), 1e-9)
	near(t, "no decay", LTV(100, 0, 0.05, 0.05, 5), 500, 1e-9)
}

// TestStockKnownAnswer is the known answer of docs/model.md, section 3.6: half-life
// 0.75 weeks, input from 1 to 0: step means 0.653 and 0.259.
func TestStockKnownAnswer(t *testing.T) {
	near(t, "first week", StockMean(1, 0, 0.75, 1), 0.653, 5e-4)
	near(t, "second week", StockMean(StockAfter(1, 0, 0.75, 1), 0, 0.75, 1), 0.259, 5e-4)
}

// TestThresholdKnownAnswer: 0.073 a year per firm of the class 500 and more.
func TestThresholdKnownAnswer(t *testing.T) {
	near(t, "flow at 500", ThresholdFlow(1, 1.06, 0.12), 0.073, 5e-4)
}

func TestParetoMeanIsTheSumOverSizes(t *testing.T) {
	sum := 0.0
	for n := 5.0; n <= 9; n++ {
		next := 0.0
		if n < 9 {
			next = ParetoTail(n+1, 5, 9, 1.06)
		}
		sum += n * (ParetoTail(n, 5, 9, 1.06) - next)
	}
	near(t, "mean", ParetoMean(5, 9, 1.06), sum, 1e-12)
}

// TestStationaryMarketBalances: the flow out of dormant equals the flows back,
// deaths in market and locked and locks that end.
func TestStationaryMarketBalances(t *testing.T) {
	kinds := []Kind{{0.2, 0.3, 1}, {0.1, 0.6, 0.5}}
	m, lock := 0.15, 1.7
	s := StationaryMarket(kinds, m, lock)
	back := m * (s.InMarket + s.Locked)
	for _, k := range kinds {
		back += k.Rate * GammaLaplace(m, k.Window, k.CV) * math.Exp(-m*lock)
	}
	near(t, "flow", back, 0.3, 1e-12)
	small := StationaryMarket(kinds, 1e-9, lock)
	zero := StationaryMarket(kinds, 0, lock)
	near(t, "no death", small.Dormant, zero.Dormant, 1e-7)
}

// TestRivalsAreACompetingRisk: what is raised, what is lost and what ends by itself are all there is, and
// with a gamma window the loss is the integral of the rival's density over the windows that last.
func TestRivalsAreACompetingRisk(t *testing.T) {
	l, q, m, r := 0.8, 0.15, 0.3, 0.07
	near(t, "all ends", RaiseAgainst(l, q, m, r)+LostAgainst(l, q, m, r)+m/(l*q+m+r), 1, 1e-15)
	near(t, "exponential window", RivalFirst(r, 1/m, 1), LostAgainst(0, q, m, r), 1e-15)
	// A window of cv 1/sqrt(2) is the sum of two exponential ones of half the mean each.
	mean := 6.0
	last := func(s float64) float64 { return (1 + 2*s/mean) * math.Exp(-2*s/mean) }
	lost := Simpson(func(s float64) float64 { return r * math.Exp(-r*s) * last(s) }, 0, 200, 20000)
	near(t, "gamma window", RivalFirst(r, mean, 1/math.Sqrt2), lost, 1e-9)
}

// TestFadingHazardIsItsIntegral holds the series against Simpson's rule.
func TestFadingHazardIsItsIntegral(t *testing.T) {
	for _, push := range []float64{-2, 0, 0.3, 3} {
		f := func(s float64) float64 { return math.Exp(0.4 + push*math.Exp2(-s/13)) }
		near(t, "integral", FadingHazard(70, 0.4, push, 13), Simpson(f, 0, 70, 4096), 1e-6)
	}
}

// TestLifeByAge: at shape 1 the hazard is constant, whatever the age; at 0.66 births survive as P35 within 0.6 of a
// point; the mean hazard over the standing stock is the stated one.
func TestLifeByAge(t *testing.T) {
	near(t, "constant", LifeSurvival(0.1, 1, 7, 3), math.Exp(-0.3), 1e-14)
	near(t, "constant stock", StockOlder(0.1, 1, 3), math.Exp(-0.3), 1e-9)
	near(t, "constant stock, old", StockAlive(0.1, 1, 5, 3), math.Exp(-0.3), 1e-8)
	for year, want := range []float64{79.6, 68.9, 61.4, 55.3, 50.6, 46.7, 42.8, 39.9, 37.6, 34.7} {
		near(t, "P35", 100*LifeSurvival(0.082, 0.66, 0, float64(year+1)), want, 0.61)
	}
	for _, k := range []float64{0.4, 0.66, 0.9} {
		near(t, "all", StockOlder(0.08, k, 0), 1, 1e-9)
		// Of the stock the share m dies in a short time, though a birth dies far more often in it.
		near(t, "mean hazard", (1-StockOlder(0.08, k, 1e-6))/1e-6, 0.08, 1e-3)
	}
	near(t, "a birth of P30 in its second year", 1-LifeSurvival(0.082, 0.66, 1, 1), 0.127, 0.01)
}

// TestTermForms: with a term that goes to 0 customers leave on any day; a term of one year loses those whose clock
// has rung at its end alone.
func TestTermForms(t *testing.T) {
	near(t, "short term", TermSurvival(0.4, 0.85, 0.7, 0.1, 1e-6, 2.3), Survival(0.4, 0.85, 0.7, 0.1, 2.3), 1e-6)
	near(t, "in the first term", TermSurvival(0.4, 1, 0, 0.1, 1, 0.99), math.Exp(-0.099), 1e-14)
	near(t, "in the second term", TermSurvival(0.4, 1, 0, 0, 1, 1.5), math.Exp(-0.4), 1e-14)
	near(t, "value, short term", LTVTerm(240, math.Exp(-0.4*1e-4), 0.1, 0.12, 0.03, 1e-4, 50000), LTV(240, 0.5, 0.12, 0.03, 5), 0.02)
	sum := 0.0
	for n := range 5 {
		f := func(s float64) float64 { return math.Pow(0.7, float64(n)) * math.Exp(-(0.1+math.Log(1.12))*s) }
		sum += 240 * Simpson(f, float64(n), float64(n)+1, 100)
	}
	near(t, "value", LTVTerm(240, 0.7, 0.1, 0.12, 0, 1, 5), sum, 1e-6)
}
