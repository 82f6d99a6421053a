package known

import "math"

// LTV is the expected lifetime value of a customer that brings margin per year,
// growing with (1+growth)^tenure, leaves at a constant hazard, is discounted
// at rate a year and counted up to horizon years:
//
//	LTV = margin (1 - e^(-a T))/a,  a = hazard + ln(1+rate) - ln(1+growth).
func LTV(margin, hazard, rate, growth, horizon float64) float64 {
	a := hazard + math.Log1p(rate) - math.Log1p(growth)
	if math.Abs(a) < 1e-12 {
		return margin * horizon
	}
	return margin * -math.Expm1(-a*horizon) / a
}

// LTVUnder is the expected lifetime value for any survival curve: the integral
// of margin (1+growth)^t (1+rate)^(-t) S(t) from 0 to horizon, by Simpson's
// rule in x = sqrt(t), which is smooth for Weibull shapes from one half on.
func LTVUnder(survival func(t float64) float64, margin, rate, growth, horizon float64) float64 {
	f := func(x float64) float64 {
		t := x * x
		return 2 * x * math.Pow((1+growth)/(1+rate), t) * survival(t)
	}
	return margin * Simpson(f, 0, math.Sqrt(horizon), 8192)
}

// LTVPrepaid is LTV for a customer whose yearly bill is fixed at the win and at
// every anniversary, so that within a tenure year the margin is constant and
// growth acts in steps (horizon in whole years).
func LTVPrepaid(margin, hazard, rate, growth float64, horizon int) float64 {
	year := LTV(margin, hazard, rate, 0, 1)
	ratio := math.Exp(-hazard) * (1 + growth) / (1 + rate)
	sum, power := 0.0, 1.0
	for range horizon {
		sum += power
		power *= ratio
	}
	return year * sum
}

// TermSurvival is the share of customers still there at tenure t who may leave only when a term ends: those whose churn
// clock has not rung by the end of the last whole term, and whose firms live.
func TermSurvival(base, shape, variance, death, term, t float64) float64 {
	return FrailtySurvival(variance, WeibullHazard(base, shape, math.Floor(t/term)*term)) * math.Exp(-death*t)
}

// LTVTerm is LTV for a customer who leaves at the end of a term (in years) with a chance of its own for each, or when
// its firm dies, up to a horizon of whole terms:
//
//	sum over n of stays^n x integral of margin e^(-a t) over the n-th term,  a = death + ln(1+rate) - ln(1+growth)
func LTVTerm(margin, stays, death, rate, growth, term float64, terms int) float64 {
	one := LTV(margin, death, rate, growth, term)
	ratio := stays * math.Exp(-death*term) * math.Pow((1+growth)/(1+rate), term)
	sum, power := 0.0, 1.0
	for range terms {
		sum += power
		power *= ratio
	}
	return one * sum
}
