package rng

import "math"

// NormalQuantile is the z below which a standard normal variable falls with chance p: algorithm
// AS 241 (Wichura 1988, PPND16), within a relative 1e-15 or so. It is -Inf at 0, +Inf at 1 and NaN
// outside; NormalQuantile(1-p) = -NormalQuantile(p) to the bit where 1-p is exact.
func NormalQuantile(p float64) float64 {
	q := p - 0.5
	if q >= -0.425 && q <= 0.425 {
		r := 0.180625 - float64(q*q)
		return float64(q * rational(r, &wichuraCentre))
	}
	tail := p
	if q > 0 {
		tail = 1 - p
	}
	if !(tail > 0) {
		switch {
		case tail == 0 && q < 0:
			return math.Inf(-1)
		case tail == 0:
			return math.Inf(1)
		}
		return math.NaN()
	}
	r := math.Sqrt(-Log(tail))
	var z float64
	if r <= 5 {
		z = rational(r-1.6, &wichuraMiddle)
	} else {
		z = rational(r-5, &wichuraTail)
	}
	if q < 0 {
		return -z
	}
	return z
}

// fraction is a ratio of two polynomials of degree 7, lowest power first.
type fraction struct{ above, below [8]float64 }

func rational(x float64, f *fraction) float64 {
	return polynomial(x, &f.above) / polynomial(x, &f.below)
}

func polynomial(x float64, a *[8]float64) float64 {
	s := float64(a[7]*x) + a[6]
	s = float64(s*x) + a[5]
	s = float64(s*x) + a[4]
	s = float64(s*x) + a[3]
	s = float64(s*x) + a[2]
	s = float64(s*x) + a[1]
	return float64(s*x) + a[0]
}

var wichuraCentre = fraction{
	[8]float64{
		3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
		4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
	},
	[8]float64{
		1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
		2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
	},
}

var wichuraMiddle = fraction{
	[8]float64{
		1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
	},
	[8]float64{
		1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
	},
}

var wichuraTail = fraction{
	[8]float64{
		6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
	},
	[8]float64{
		1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
	},
}

// NormalCDF is the chance that a standard normal variable is below z, within a relative 1e-15 or
// so in both tails.
//
// It is the density times Mills' ratio R(z) = (1 - Phi(z))/phi(z), by a Taylor step from the
// nearest quarter of a tabulated R, since R' = zR - 1 gives all derivatives (Marsaglia 2004,
// "Evaluating the normal distribution"); beyond 10 by Laplace's continued fraction, and next to 0
// by its own series.
func NormalCDF(z float64) float64 {
	if z != z {
		return z
	}
	x := math.Abs(z)
	if x < 0.5 {
		// 1/2 + phi(z) (z + z^3/3 + z^5/15 + ...), Abramowitz and Stegun 26.2.11.
		sum, term, square := z, z, float64(z*z)
		for n := 3.0; math.Abs(term) > 0x1p-56*x; n += 2 {
			term = float64(term * (square / n))
			sum += term
		}
		return 0.5 + float64(normalDensity(x)*sum)
	}
	tail := 0.0
	if x < 40 {
		tail = float64(normalDensity(x) * millsRatio(x))
	}
	if z > 0 {
		return 1 - tail
	}
	return tail
}

// normalDensity is e^(-x^2/2)/sqrt(2 pi), the square taken in two parts: its rounding error would
// grow with x.
func normalDensity(x float64) float64 {
	hi := math.Floor(x*32) / 32
	lo := x - hi
	return float64(float64(Exp(-0.5*float64(hi*hi))*Exp(-float64(lo*(hi+0.5*lo)))) * perRootTwoPi)
}

func millsRatio(x float64) float64 {
	if x > 10 {
		f := x
		for i := 40.0; i > 0; i-- {
			f = x + i/f
		}
		return 1 / f
	}
	nearest := math.Floor(4*x + 0.5)
	z := nearest / 4
	h := x - z
	// value and slope are R^(n) h^n/n! for successive n.
	value := millsTable[int(nearest)]
	slope := float64((float64(z*value) - 1) * h)
	sum := value + slope
	for n := 2.0; n < 40; n++ {
		value, slope = slope, float64(float64(h/n)*(float64(z*slope)+float64(h*value)))
		next := sum + slope
		if next == sum {
			break
		}
		sum = next
	}
	return sum
}
