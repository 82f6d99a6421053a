package rng

import "math"

// The functions of this file trade the last digits for speed. They are made of the same tables as
// [Log] and [Exp], have the same bits on every architecture, and hand arguments beyond their range
// to those.

// FastLog is ln x, within 1.2e-12 (absolute or relative, the larger).
func FastLog(x float64) float64 {
	if !(x >= 0x1p-1022 && x <= math.MaxFloat64) {
		return Log(x)
	}
	bits := math.Float64bits(x)
	offset := bits - logFromBits
	k := float64(int64(offset) >> 52)
	entry := &logTable[offset>>45&127]
	r := float64(math.Float64frombits(bits-offset&(0xfff<<52))*entry.inverse) - 1
	r2 := float64(r * r)
	return float64(k*math.Ln2) + (entry.log + (r - float64(r2*(0.5-float64(r*(1.0/3-float64(r*0.25)))))))
}

// FastExp is e^x, within a relative 2e-13.
func FastExp(x float64) float64 {
	if !(x > -700 && x < 700) {
		return Exp(x)
	}
	shifted := float64(x*perLn2Step) + roundShift
	k := math.Float64bits(shifted)
	r := x - float64((shifted-roundShift)*(math.Ln2/128))
	scale := math.Float64frombits(exp2Table[k&127].bits + (k&^127)<<45)
	return scale + float64(scale*float64(r*(1+float64(r*(0.5+float64(r*(1.0/6+float64(r*(1.0/24)))))))))
}

// FastPow is x^y. Its relative error is within 2e-13 plus 1.2e-12 |y| max(1, |ln x|).
func FastPow(x, y float64) float64 {
	if !(x >= 0x1p-1022 && x <= math.MaxFloat64) {
		return Pow(x, y)
	}
	return FastExp(float64(y * FastLog(x)))
}
