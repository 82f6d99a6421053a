package rng

import "math"

// LogGamma is the logarithm of the gamma function for x >= 0, within a relative 2e-15, also next
// to its zeros at 1 and 2. It is +Inf at 0 and NaN below.
//
// Below 8 the recurrence leads to the Taylor series around 2 (Abramowitz and Stegun 6.1.33),
// above to Stirling's series (6.1.41).
func LogGamma(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(1)
	case x < 0.5:
		return logGammaNearTwo(x) - Log(x) - Log1p(x)
	case x < 1.5:
		return logGammaNearTwo(x-1) - Log1p(x-1)
	case x <= 2.5:
		return logGammaNearTwo(x - 2)
	case x < 8:
		product := 1.0
		for x > 2.5 {
			x--
			product = float64(product * x)
		}
		return logGammaNearTwo(x-2) + Log(product)
	}
	return float64((x-0.5)*(Log(x)-1)) - 0.5 + halfLogTwoPi + stirlingSeries(x)
}

// logGammaNearTwo is ln Gamma(2+t) for |t| <= 1/2.
func logGammaNearTwo(t float64) float64 {
	sum := 0.0
	for i := len(logGammaSeries) - 1; i >= 0; i-- {
		sum = float64(sum*t) + logGammaSeries[i]
	}
	return float64(sum * t)
}

// stirlingSeries is ln Gamma(x) - ((x-1/2) ln x - x + ln(2 pi)/2), for x >= 8 with an error below
// 2e-16. It is also what Stirling's formula for ln(x!) lacks: ln x! - (x ln x - x + ln(2 pi x)/2).
func stirlingSeries(x float64) float64 {
	y := 1 / x
	z := float64(y * y)
	s := 1.0/156 - float64(z*(3617.0/122400))
	s = -691.0/360360 + float64(z*s)
	s = 1.0/1188 + float64(z*s)
	s = -1.0/1680 + float64(z*s)
	s = 1.0/1260 + float64(z*s)
	s = -1.0/360 + float64(z*s)
	s = 1.0/12 + float64(z*s)
	return float64(y * s)
}

// deviance is x ln(x/m) + m - x without loss of digits where x is close to m (Loader 2000,
// "Fast and accurate computation of binomial probabilities").
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		if x == 0 {
			return m
		}
		return float64(x*Log(x/m)) + m - x
	}
	v := (x - m) / (x + m)
	sum := float64((x - m) * v)
	term := 2 * float64(x*v)
	v = float64(v * v)
	for i := 3.0; ; i += 2 {
		term = float64(term * v)
		next := sum + term/i
		if next == sum || next != next {
			return next
		}
		sum = next
	}
}
