package known

import "math"

// RaiseAgainst is Raise where a firm may choose a rival first, an exponential clock at rate rival beside the
// window's: P = l q / (l q + m + r).
func RaiseAgainst(touch, response, end, rival float64) float64 {
	return Raise(touch, response, end+rival)
}

// LostAgainst is the chance that the rival's clock is the first of the three.
func LostAgainst(touch, response, end, rival float64) float64 {
	return rival / (touch*response + end + rival)
}

// RivalFirst is the chance that an exponential clock at a rate rings before a time that is gamma with mean
// and coefficient of variation, a window or a sales cycle, is over: 1 less its Laplace transform.
func RivalFirst(rate, mean, cv float64) float64 {
	return 1 - GammaLaplace(rate, mean, cv)
}

// FadingHazard is the integral over a time t of exp(lasting + push 2^(-s/half)), the multiplier on a constant
// churn hazard since a step of the price: with a = push and b = ln 2/half
//
//	e^lasting (t + sum over n >= 1 of a^n (1 - e^(-n b t)) / (n! n b)).
func FadingHazard(t, lasting, push, half float64) float64 {
	b := math.Ln2 / half
	sum, term := t, 1.0
	for n := 1.0; n < 200; n++ {
		term *= push / n
		sum += term * -math.Expm1(-n*b*t) / (n * b)
		if math.Abs(term) < 1e-18 {
			break
		}
	}
	return math.Exp(lasting) * sum
}
