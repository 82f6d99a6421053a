package rng

import "math"

// Gap is the unit exponential -ln(1-v) at v = (u + 1/2) / 2^32, rising with u, within 2e-12. It is
// the quick inversion for times whose resolution is far coarser: one table entry and a short series
// instead of the full logarithm.
func Gap(u uint32) float64 {
	bits := math.Float64bits(1 - (float64(u)+0.5)*0x1p-32)
	offset := bits - logFromBits
	k := float64(int64(offset) >> 52)
	entry := &logTable[offset>>45&127]
	r := float64(math.Float64frombits(bits-offset&(0xfff<<52))*entry.inverse) - 1
	r2 := float64(r * r)
	return -(float64(k*math.Ln2) + entry.log + (r - float64(r2*(0.5-float64(r*(1.0/3-float64(r*0.25)))))))
}

// AddGaps adds to each time the [Gap] of its uniform times scale, cut to a whole number. The loop
// body is that of Gap, kept free of calls.
func AddGaps(u []uint32, scale float64, times []int64) {
	times = times[:len(u)]
	for i, x := range u {
		bits := math.Float64bits(1 - (float64(x)+0.5)*0x1p-32)
		offset := bits - logFromBits
		k := float64(int64(offset) >> 52)
		entry := &logTable[offset>>45&127]
		r := float64(math.Float64frombits(bits-offset&(0xfff<<52))*entry.inverse) - 1
		r2 := float64(r * r)
		gap := -(float64(k*math.Ln2) + entry.log + (r - float64(r2*(0.5-float64(r*(1.0/3-float64(r*0.25)))))))
		times[i] += int64(gap * scale)
	}
}
