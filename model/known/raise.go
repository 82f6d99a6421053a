package known

import "math"

// Raise is the chance that a journey raises its hand: touches come at rate
// touch, each raises the hand with chance response, and the window is
// exponential with rate end. The first raising touch and the window's end are
// two exponential clocks, so (docs/verification.md, V1)
//
//	P = l q / (l q + m).
func Raise(touch, response, end float64) float64 {
	return touch * response / (touch*response + end)
}

// RaiseAfter is Raise where the first needed-1 touches only make the firm
// ready: each of them must come before the window ends (chance l/(l+m)), and
// from touch number needed on every touch may raise the hand:
//
//	P = (l/(l+m))^(n-1) l q / (l q + m).
func RaiseAfter(needed int, touch, response, end float64) float64 {
	return math.Pow(touch/(touch+end), float64(needed-1)) * Raise(touch, response, end)
}

// RaiseGamma is Raise for a window from a gamma law with the given mean and
// coefficient of variation: one less the Laplace transform of the window at
// rate l q,
//
//	P = 1 - (1 + cv^2 w l q)^(-1/cv^2),  cv = 0: 1 - e^(-w l q).
func RaiseGamma(touch, response, mean, cv float64) float64 {
	return 1 - GammaLaplace(touch*response, mean, cv)
}

// GammaLaplace is E e^(-s X) of a gamma law with mean and coefficient of
// variation cv.
func GammaLaplace(s, mean, cv float64) float64 {
	if cv == 0 {
		return math.Exp(-s * mean)
	}
	return math.Pow(1+cv*cv*mean*s, -1/(cv*cv))
}

// TouchesPMF is the chance of n touches in an exponential window (rate end) in
// which touches come at rate touch and never raise a hand: geometric,
// P(n) = (l/(l+m))^n m/(l+m).
func TouchesPMF(n int, touch, end float64) float64 {
	p := touch / (touch + end)
	return math.Pow(p, float64(n)) * (1 - p)
}

// RaisedBy is the chance that the hand has been raised by t after the trigger,
// given that it is raised at all, for Raise: exponential with rate l q + m.
func RaisedBy(t, touch, response, end float64) float64 {
	return -math.Expm1(-(touch*response + end) * t)
}

// Arrivals is the rate at which a firm that searches at a rate arrives: the paid link takes a share of its
// searches, of the others a share organic comes all the same.
func Arrivals(rate, paid, organic float64) float64 { return rate * (paid + (1-paid)*organic) }

// Incremental is the share of leads that are gone without the paid link, where firms arrive at
// Arrivals and raise the hand as in Raise. With a the share of searches that arrive and x = rate q / m,
//
//	1 - organic (1 + a x)/(a (1 + organic x)),
//
// which for rare hands is 1 - organic/a: with the paid link before all others it is 1 - organic.
func Incremental(rate, paid, organic, response, end float64) float64 {
	a, x := Arrivals(1, paid, organic), rate*response/end
	return 1 - organic*(1+a*x)/(a*(1+organic*x))
}
