package rng

import "math"

// Pareto inverts the Pareto law of an exponent cut to [lo, hi): density proportional to
// x^-(exponent+1). It rises with u. hi may be infinite; an exponent of 0 is log-uniform.
func Pareto(lo, hi, exponent, u float64) float64 {
	l := NewPareto(lo, hi, exponent)
	return l.At(u)
}

// ParetoLaw is one cut Pareto law, with everything that depends on the law alone worked out.
type ParetoLaw struct {
	lo, hi, below float64 // below is the largest number under hi.
	cut           float64 // (lo/hi)^exponent - 1.
	perExponent   float64 // -1/exponent.
	logRange      float64 // ln(hi/lo) if the law is log-uniform.
}

// NewPareto is the Pareto law of an exponent cut to [lo, hi), for 0 < lo < hi.
func NewPareto(lo, hi, exponent float64) ParetoLaw {
	l := ParetoLaw{lo: lo, hi: hi, below: math.Nextafter(hi, lo)}
	span := Log(hi / lo)
	if exponent == 0 {
		l.logRange = span
		return l
	}
	l.cut = Expm1(-float64(exponent * span))
	l.perExponent = -1 / exponent
	return l
}

// At is the value below which the law falls with chance u.
func (l *ParetoLaw) At(u float64) float64 {
	var x float64
	if l.perExponent == 0 {
		x = float64(l.lo * Exp(float64(u*l.logRange)))
	} else {
		x = float64(l.lo * Exp(float64(l.perExponent*Log1p(float64(u*l.cut)))))
	}
	switch {
	case x < l.lo:
		return l.lo
	case x >= l.hi:
		return l.below
	}
	return x
}

// LogNormal is the lognormal value of a standard normal score z: median e^(sigma z). It rises
// with z.
func LogNormal(median, sigma, z float64) float64 {
	return float64(median * Exp(float64(sigma*z)))
}
