package rng

import "math"

// GammaQuantile is the x below which a gamma variable of this shape and scale 1 falls with chance
// p, within a relative 1e-12 (1e-10 for shapes above 1e6). It is 0 at p = 0, +Inf at 1, NaN
// outside or for a shape that is not above 0.
//
// Newton's method for ln x on the logarithm of the smaller tail, which is concave.
func GammaQuantile(shape, p float64) float64 {
	switch {
	case !(shape > 0) || !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	}
	if p > 0.5 {
		return gammaInvert(shape, NormalQuantile(p), Log(p), Log(1-p), true)
	}
	return gammaInvert(shape, NormalQuantile(p), Log(p), Log(p), false)
}

// gammaInvert is the x at the standard normal variable z of which the chance below has the
// logarithm below, and the tail to be met (the upper one or that below) the logarithm target.
func gammaInvert(shape, z, below, target float64, upper bool) float64 {
	// Wilson and Hilferty (1931), or the leading term of the lower tail.
	h := 1 / (9 * shape)
	root := 1 - h + float64(z*math.Sqrt(h))
	x := float64(shape * float64(float64(root*root)*root))
	if shape > 1e10 {
		return x
	}
	if root < 0.3 || shape < 0.3 {
		x = Exp((below + LogGamma(shape+1)) / shape)
		if x == 0 {
			return 0
		}
	}
	width := 2 / math.Sqrt(shape)
	for i := 0; i < 200; i++ {
		tail, slope := gammaTail(shape, x, upper)
		step := (target - tail) / slope
		// On its steep side a concave function throws Newton's method far: hold it back there.
		if upper {
			step = math.Min(-step, width)
		} else {
			step = math.Max(step, -width)
		}
		x = float64(x * Exp(step))
		if !(math.Abs(step) > 1e-12) {
			break
		}
	}
	return x
}

// GammaLasting is the time y, at least x, up to which a gamma variable of this shape and scale 1 lasts that has lasted
// to x: the one at which its integrated hazard since x, -ln of the chance to last, is e. For e unit exponential y has
// the law of the variable given that it is above x.
func GammaLasting(shape, x, e float64) float64 {
	if p := -Expm1(-e); x == 0 && p < 1 {
		if p > 0.5 {
			return gammaInvert(shape, NormalQuantile(p), Log(p), -e, true)
		}
		return GammaQuantile(shape, p)
	}
	target := GammaLogAbove(shape, x) - e
	y := x + e // where the hazard is that of the far tail
	for i := 0; i < 200; i++ {
		log, slope := gammaTail(shape, y, true)
		step := math.Max(-1, math.Min(1, (log-target)/slope))
		y = float64(y * Exp(step))
		if !(math.Abs(step) > 1e-12) {
			break
		}
	}
	return math.Max(x, y)
}

// GammaLogAbove is the logarithm of the chance that a gamma variable of this shape and scale 1 is above x.
func GammaLogAbove(shape, x float64) float64 {
	if x <= 0 {
		return 0
	}
	log, _ := gammaTail(shape, x, true)
	return log
}

// gammaTail gives the logarithm of the chance above or below x of the gamma law of a shape and
// scale 1, and x times the density divided by that chance: by series below the mean, by Legendre's
// continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31).
func gammaTail(shape, x float64, upper bool) (log, slope float64) {
	front := -deviance(shape, x) - stirlingRest(shape) - halfLogTwoPi + float64(0.5*Log(shape))
	if x < shape+1 {
		sum, term := 1.0, 1.0
		for n := 1.0; term > sum*0x1p-56; n++ {
			term = float64(term * (x / (shape + n)))
			sum += term
		}
		return tail(front, sum/shape, upper)
	}
	b := x + 1 - shape
	c, d := math.Inf(1), 1/b
	value := d
	for i := 1.0; i < 1e6; i++ {
		a := -float64(i * (i - shape))
		b += 2
		d = 1 / (b + float64(a*d))
		c = b + a/c
		change := float64(c * d)
		value = float64(value * change)
		if math.Abs(change-1) < 0x1p-50 {
			break
		}
	}
	return tail(front, value, !upper)
}

// tail gives the logarithm of a chance and the density divided by it, or those of its complement,
// for a chance that is a value times the density of which the logarithm is given.
func tail(density, value float64, complement bool) (log, slope float64) {
	if !complement {
		return density + Log(value), 1 / value
	}
	size := Exp(density)
	chance := float64(size * value)
	return Log1p(-chance), size / (1 - chance)
}

// stirlingRest is stirlingSeries for any x above 0.
func stirlingRest(x float64) float64 {
	if x >= 8 {
		return stirlingSeries(x)
	}
	return LogGamma(x) - float64((x-0.5)*Log(x)) + x - halfLogTwoPi
}

// BetaQuantile is the x below which a beta variable falls with chance p, within a relative 1e-12
// (1e-10 for a+b above 1e6), and 1-x likewise within an absolute 1e-16. It is 0 at p = 0, 1 at 1,
// NaN outside or where a or b is not above 0.
//
// Newton's method for the logarithm of the odds x/(1-x) on that of the smaller tail.
func BetaQuantile(a, b, p float64) float64 {
	switch {
	case !(a > 0 && b > 0) || !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0 || p == 1:
		return p
	case p > 0.5:
		odds := betaOdds(b, a, 1-p)
		return 1 / (1 + odds)
	}
	odds := betaOdds(a, b, p)
	if math.IsInf(odds, 1) {
		return 1
	}
	return odds / (1 + odds)
}

// betaOdds is x/(1-x) at the quantile of p <= 1/2.
func betaOdds(a, b, p float64) float64 {
	target := Log(p)
	width := math.Sqrt(1/a + 1/b)
	odds := float64(a / b * Exp(float64(width*NormalQuantile(p))))
	if min(a, b) < 1 {
		// The leading term of the lower tail, if it stays left of the middle.
		leading := Exp((target + Log(a) + LogGamma(a) + LogGamma(b) - LogGamma(a+b)) / a)
		if leading == 0 {
			return 0
		}
		odds = math.Min(leading, a/b)
	}
	for i := 0; i < 200; i++ {
		lower, slope := betaTail(a, b, odds)
		step := math.Max((target-lower)/slope, -width)
		odds = float64(odds * Exp(step))
		if !(math.Abs(step) > 1e-12 && odds < 1e300) {
			break // Beyond 1e300 x is 1 to all digits, and the odds have no square.
		}
	}
	return odds
}

// betaTail gives the logarithm of the chance below x of the beta law, and x(1-x) times the density
// divided by that chance, for the odds x/(1-x): Abramowitz and Stegun 26.5.8, on the side where it
// converges fast.
func betaTail(a, b, odds float64) (log, slope float64) {
	x, y := odds/(1+odds), 1/(1+odds)
	n := a + b
	density := stirlingRest(n) - stirlingRest(a) - stirlingRest(b) - deviance(a, float64(n*x)) -
		deviance(b, float64(n*y)) - halfLogTwoPi + float64(0.5*Log(float64(a*(b/n))))
	if x < (a+1)/(n+2) {
		return tail(density, betaFraction(a, b, x)/a, false)
	}
	return tail(density, betaFraction(b, a, y)/b, true)
}

func betaFraction(a, b, x float64) float64 {
	c, d := 1.0, 1/(1-float64((a+b)*x)/(a+1))
	value := d
	for m := 1.0; m < 1e6; m++ {
		even := float64(float64(m*(b-m))*x) / float64((a+2*m-1)*(a+2*m))
		d = 1 / (1 + float64(even*d))
		c = 1 + even/c
		value = float64(value * float64(c*d))
		odd := -float64(float64((a+m)*(a+b+m))*x) / float64((a+2*m)*(a+2*m+1))
		d = 1 / (1 + float64(odd*d))
		c = 1 + odd/c
		change := float64(c * d)
		value = float64(value * change)
		if math.Abs(change-1) < 0x1p-50 {
			break
		}
	}
	return value
}
