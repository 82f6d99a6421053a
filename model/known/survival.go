package known

import "math"

// WeibullHazard is the integrated hazard at tenure t (years) whose first year
// is base: H(t) = base t^k (model specification, section 7).
func WeibullHazard(base, shape, t float64) float64 {
	return base * math.Pow(t, shape)
}

// FrailtySurvival is the share of a cohort that has not churned when each
// member has hazard z H', z gamma of mean 1 and variance v: the Laplace
// transform of z at H,
//
//	S = (1 + v H)^(-1/v),  v = 0: e^(-H).
func FrailtySurvival(variance, integrated float64) float64 {
	if variance == 0 {
		return math.Exp(-integrated)
	}
	return math.Pow(1+variance*integrated, -1/variance)
}

// Survival is the share of customers still there at tenure t: neither churned
// (Weibull hazard, gamma frailty) nor dead (constant hazard death, outside the
// frailty).
func Survival(base, shape, variance, death, t float64) float64 {
	return FrailtySurvival(variance, WeibullHazard(base, shape, t)) * math.Exp(-death*t)
}

// BaseHazard solves Survival(base, k, v, m, 1) = retained for base. It is not
// positive where firm death alone takes more than 1 - retained.
func BaseHazard(retained, variance, death float64) float64 {
	s := retained * math.Exp(death)
	if variance == 0 {
		return -math.Log(s)
	}
	return (math.Pow(s, -variance) - 1) / variance
}

// SurvivorFrailty is the mean frailty of those that survived an integrated
// hazard H: gamma of shape 1/v and rate 1/v + H has mean 1/(1 + v H).
func SurvivorFrailty(variance, integrated float64) float64 {
	return 1 / (1 + variance*integrated)
}

// ChurnBefore is the chance that a customer churns, with its firm alive, before
// tenure t: the integral of e^(-m s) over -dS(s), by Simpson's rule in
// u = s^k, which takes the singularity of the Weibull hazard away.
func ChurnBefore(base, shape, variance, death, t float64) float64 {
	density := func(u float64) float64 {
		s := math.Pow(u, 1/shape)
		// -dS/du with H = base u: base (1 + v base u)^(-1/v - 1).
		d := base * FrailtySurvival(variance, base*u) / (1 + variance*base*u)
		return d * math.Exp(-death*s)
	}
	return Simpson(density, 0, math.Pow(t, shape), 4096)
}

// Simpson integrates f from a to b by Simpson's rule with n (even) intervals.
func Simpson(f func(float64) float64, a, b float64, n int) float64 {
	h := (b - a) / float64(n)
	sum := f(a) + f(b)
	for i := 1; i < n; i++ {
		w := 2.0
		if i%2 == 1 {
			w = 4
		}
		sum += w * f(a+float64(i)*h)
	}
	return sum * h / 3
}
