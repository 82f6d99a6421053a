package rng

import "math"

// The exponential family works in steps of ln 2 / 128 (Tang 1989): e^x = 2^(k/128) e^r with
// |r| <= ln 2 / 256, a table for the power and a short Taylor series for the rest, whose first
// neglected term is below 6e-19.

// roundShift rounds to whole numbers: adding it pushes the fraction out of a float64, and the low
// bits of the sum hold the whole number, negative ones in two's complement.
const roundShift = 0x1.8p52

// Exp is e^x, within 0.51 units in the last place (1 for results below 2^-1022).
func Exp(x float64) float64 {
	if x > -700 && x < 709 {
		bits, fraction := expParts(x, 0)
		scale := math.Float64frombits(bits)
		return scale + float64(scale*fraction)
	}
	return expEdge(x, 0)
}

// expParts gives e^(x+tail), for a tail far below x, as a power of two to the 1/128 (bits of a
// float64, whose exponent may have run over) times one plus a fraction.
func expParts(x, tail float64) (bits uint64, fraction float64) {
	shifted := float64(x*perLn2Step) + roundShift
	k := math.Float64bits(shifted)
	whole := shifted - roundShift
	r := x - float64(whole*ln2StepHi) - float64(whole*ln2StepLo) + tail
	entry := &exp2Table[k&127]
	r2 := float64(r * r)
	fraction = entry.tail + r + float64(r2*(0.5+float64(r*(1.0/6)))) +
		float64(float64(r2*r2)*(1.0/24+float64(r*(1.0/120))))
	return entry.bits + (k&^127)<<45, fraction
}

// expEdge is Exp for any x, with care for results near the ends of the range of float64.
func expEdge(x, tail float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.79:
		return math.Inf(1)
	case x < -745.2:
		return 0
	}
	bits, fraction := expParts(x, tail)
	return fromEdge(bits, fraction, x > 0)
}

// fromEdge joins the parts with the exponent moved to safety first, so that the result is rounded
// once, on its way into the subnormal numbers or to infinity.
func fromEdge(bits uint64, fraction float64, large bool) float64 {
	if large {
		scale := math.Float64frombits(bits - 64<<52)
		return (scale + float64(scale*fraction)) * 0x1p64
	}
	scale := math.Float64frombits(bits + 128<<52)
	return (scale + float64(scale*fraction)) * 0x1p-128
}

// Exp2 is 2^x, within 0.51 units in the last place (1 for results below 2^-1022).
func Exp2(x float64) float64 {
	if !(x > -1075.5 && x < 1024) {
		switch {
		case x != x:
			return x
		case x > 0:
			return math.Inf(1)
		}
		return 0
	}
	shifted := float64(x*128) + roundShift
	k := math.Float64bits(shifted)
	r := x - float64((shifted-roundShift)*(1.0/128))
	entry := &exp2Table[k&127]
	r2 := float64(r * r)
	fraction := entry.tail + float64(r*ln2Powers[1]) + float64(r2*(ln2Powers[2]+float64(r*ln2Powers[3]))) +
		float64(float64(r2*r2)*(ln2Powers[4]+float64(r*ln2Powers[5])))
	bits := entry.bits + (k&^127)<<45
	if x < -1010 || x > 1022 {
		return fromEdge(bits, fraction, x > 0)
	}
	scale := math.Float64frombits(bits)
	return scale + float64(scale*fraction)
}

// FastExp2Neg is 2^-x for x >= 0, within a relative 3e-12, for the decay of stocks: exact at
// multiples of 1/128 up to the rounding of the table, so 1 at 0, and 0 from 1022 on. It is small
// enough for the compiler to copy into its caller.
func FastExp2Neg(x float64) float64 {
	x = float64(x) // Rounds a product of the caller, which inlining would fuse with the sums below.
	if !(x < 1022) {
		return 0 / x // NaN stays NaN.
	}
	shifted := x + 0x1.8p45 // Rounds x to multiples of 1/128, as roundShift rounds to 1.
	k := math.Float64bits(shifted)
	r := (shifted - 0x1.8p45) - x
	scale := math.Float64frombits(exp2NegTable[k&127] - (k&^127)<<45)
	return scale + float64(scale*float64(r*(exp2First+float64(r*(exp2Second+float64(r*exp2Third))))))
}

// The Taylor coefficients of 2^r.
const (
	ln2        = 0.693147180559945309417232121458176568
	exp2First  = ln2
	exp2Second = ln2 * ln2 / 2
	exp2Third  = ln2 * ln2 * ln2 / 6
)

// Expm1 is e^x - 1 without loss of digits near 0, within 1.2 units in the last place.
func Expm1(x float64) float64 {
	switch {
	case x == 0 || x != x:
		return x
	case x >= 709:
		return Exp(x)
	case x < -40:
		return -1
	}
	if math.Abs(x) < 0.07 {
		s := 1.0/362880 + float64(x*(1.0/3628800))
		s = 1.0/40320 + float64(x*s)
		s = 1.0/5040 + float64(x*s)
		s = 1.0/720 + float64(x*s)
		s = 1.0/120 + float64(x*s)
		s = 1.0/24 + float64(x*s)
		s = 1.0/6 + float64(x*s)
		s = 0.5 + float64(x*s)
		return x + float64(float64(x*x)*s)
	}
	bits, fraction := expParts(x, 0)
	scale := math.Float64frombits(bits)
	return (scale - 1) + float64(scale*fraction)
}

// logFromBits are the bits of 0.7057..., where the table of logarithms begins: 1 lies inside one
// of its intervals and close to no edge.
const logFromBits = 0x3fe6955500000000

// logParts gives ln z as a sum of two float64 with an error near 2^-70, for the bits of a
// positive z whose exponent may have run below the subnormal numbers.
//
// z = 2^k c (1+r), with 1/c from a table: ln z = k ln 2 + ln c + ln(1+r). The high half of r, of
// its square and of the first two terms is exact.
func logParts(bits uint64) (hi, lo float64) {
	offset := bits - logFromBits
	k := float64(int64(offset) >> 52)
	bits -= offset & (0xfff << 52)
	entry := &logTable[offset>>45&127]
	z := math.Float64frombits(bits)
	zHi := math.Float64frombits((bits + 1<<31) & (0xffffffff << 32))
	rHi := float64(zHi*entry.inverse) - 1
	rLo := float64((z - zHi) * entry.inverse)
	if entry.log == 0 && k == 0 {
		// Next to 1 nothing except r counts, and it is exact: cut it where its own bits end.
		rLo = z - 1
		rHi = math.Float64frombits(math.Float64bits(rLo) & (0x1fffffffff << 27))
		rLo -= rHi
	}
	r := rHi + rLo

	sum := float64(k*ln2Hi) + entry.log + rHi
	half := float64(-0.5 * rHi)
	square := float64(rHi * half)
	hi = sum + square
	lo = sum - hi + square
	r2 := float64(r * r)
	series := float64(float64(r2*r)*(1.0/3-float64(r*0.25))) +
		float64(float64(float64(r2*r2)*r)*((1.0/5-float64(r*(1.0/6)))+float64(r2*(1.0/7-float64(r*0.125)))))
	lo += float64(rLo*(half-float64(0.5*r))) + series + (float64(k*ln2Lo) + entry.tail) + rLo
	return hi, lo
}

// normalBits are the bits of a positive x, with a subnormal x scaled up and its exponent lowered.
func normalBits(x float64) uint64 {
	if x < 0x1p-1022 {
		return math.Float64bits(x*0x1p52) - 52<<52
	}
	return math.Float64bits(x)
}

// Log is the natural logarithm, within 0.51 units in the last place: -Inf at 0, NaN below.
func Log(x float64) float64 {
	if !(x >= 0x1p-1022 && x <= math.MaxFloat64) {
		switch {
		case x != x || x > 0x1p-1022:
			return x
		case x == 0:
			return math.Inf(-1)
		case x < 0:
			return math.NaN()
		}
	}
	hi, lo := logParts(normalBits(x))
	return hi + lo
}

// Log1p is ln(1+x) without loss of digits near 0, within 1 unit in the last place.
func Log1p(x float64) float64 {
	switch {
	case x == 0 || x != x || x > math.MaxFloat64:
		return x
	case x == -1:
		return math.Inf(-1)
	case x < -1:
		return math.NaN()
	}
	y := 1 + x
	rest := x - (y - 1)
	if x > 1 {
		rest = 1 - (y - x)
	}
	hi, lo := logParts(math.Float64bits(y))
	return hi + (lo + rest/y)
}

// Pow is x^y, within 0.6 units in the last place (1 for results below 2^-1022). Special values
// follow package math: x^0 = 1^y = 1, a negative x needs a whole y, and so on.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y:
		return math.NaN()
	case x > 0 && x <= math.MaxFloat64 && y >= -math.MaxFloat64 && y <= math.MaxFloat64:
		return powPositive(x, y)
	}
	return powEdge(x, y)
}

func powPositive(x, y float64) float64 {
	hi, lo := logParts(normalBits(x))
	l := hi + lo
	rest := hi - l + lo
	product := float64(y * l)
	if product > 710 {
		return math.Inf(1)
	}
	if product < -746 {
		return 0
	}
	// The exponent again as a sum of two numbers, the first exact in 52 bits.
	yHi := math.Float64frombits(math.Float64bits(y) & (0x1fffffffff << 27))
	lHi := math.Float64frombits(math.Float64bits(l) & (0x1fffffffff << 27))
	eHi := float64(yHi * lHi)
	eLo := float64((y-yHi)*lHi) + float64(y*(l-lHi+rest))
	if eHi > -700 && eHi < 709 {
		bits, fraction := expParts(eHi, eLo)
		scale := math.Float64frombits(bits)
		return scale + float64(scale*fraction)
	}
	return expEdge(eHi, eLo)
}

// powEdge is Pow for an infinite y or an x that is zero, negative or infinite; neither is NaN.
func powEdge(x, y float64) float64 {
	whole := math.Floor(y) == y
	odd := whole && math.Abs(y) < 0x1p53 && int64(y)&1 == 1
	size := math.Abs(x)
	var result float64
	switch {
	case math.IsInf(y, 0):
		switch {
		case size == 1:
			return 1
		case (size > 1) == (y > 0):
			return math.Inf(1)
		}
		return 0
	case x < 0 && !whole && !math.IsInf(x, 0):
		return math.NaN()
	case (size == 0) == (y > 0) && (size == 0 || math.IsInf(size, 0)):
		result = 0
	case size == 0 || math.IsInf(size, 0):
		result = math.Inf(1)
	default:
		result = powPositive(size, y)
	}
	if odd && math.Signbit(x) {
		return -result
	}
	return result
}
