package known

import "math"

// WeibullHazard is the integrated hazard at tenure t (years) whose first year
// is base: H(t) = base t^k (docs/model.md, section 3.8).
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

// LifeScale is the scale c of a Weibull life S(a) = exp(-(a/c)^k) whose mean hazard over a standing stock in
// which births equal deaths is m: one over the mean life, c Gamma(1 + 1/k).
func LifeScale(m, shape float64) float64 { return 1 / (m * math.Gamma(1+1/shape)) }

// LifeSurvival is the share of firms of an age that lives on for t years.
func LifeSurvival(m, shape, age, t float64) float64 {
	c := LifeScale(m, shape)
	return math.Exp(math.Pow(age/c, shape) - math.Pow((age+t)/c, shape))
}

// StockOlder is the share of the standing stock that is older than an age, which is also the share that is alive
// so many years later: the integral of m S from there on, by Simpson's rule in y^(1/4), y = (a/c)^k.
func StockOlder(m, shape, age float64) float64 {
	c := LifeScale(m, shape)
	a := 1 / shape
	density := func(x float64) float64 { // of x = y^(1/4): y is gamma of shape 1/k
		y := math.Pow(x, 4)
		return 4 * math.Pow(x, 4*a-1) * math.Exp(-y) / math.Gamma(a)
	}
	return Simpson(density, math.Pow(age/c, shape/4), math.Pow(200, 0.25), 1<<14)
}

// StockAlive is the share of the firms of the standing stock older than `least` years that lives on for t years.
func StockAlive(m, shape, least, t float64) float64 {
	return StockOlder(m, shape, least+t) / StockOlder(m, shape, least)
}

// GammaSurvival is the chance that a gamma time of a mean and coefficient of variation is longer than t: by Simpson's
// rule in the fourth root of the time, of its density.
func GammaSurvival(t, mean, cv float64) float64 {
	shape := 1 / (cv * cv)
	log, _ := math.Lgamma(shape)
	density := func(v float64) float64 { // of y = v^4, in units of mean/shape
		if v == 0 {
			return 0
		}
		return 4 * math.Exp((4*shape-1)*math.Log(v)-math.Pow(v, 4)-log)
	}
	from := math.Sqrt(math.Sqrt(t * shape / mean))
	return Simpson(density, from, from+math.Pow(shape+60, 0.25)+2, 4096)
}
