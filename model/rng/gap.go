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

// Process is a Poisson process in time whose points have addresses. It stands at one of its points,
// or at its beginning.
type Process struct {
	Stream Stream  // of the words of its points, at the current point
	Scale  float64 // mean ticks between points
	Tick   uint32  // of the current point
	Stop   uint32  // the first tick at which it has ended
}

// Back puts a process that has moved on back to the point before, whose tick is given.
func (p *Process) Back(tick uint32) {
	p.Stream -= streamStep
	p.Tick = tick
}

// NextPoints moves each listed process to its next point. Those that come to one before they stop
// are put to the front of the list, in their order; n is their number. The gap before a point is
// the [Gap] of the upper half of its word times the scale, cut to a whole number; the lower half is
// left to the caller.
//
// The loop has no branch that depends on the draw, and no call: its middle is the body of Gap, with
// 1-v counted in units of 2^-33, of which it is a whole number.
func NextPoints(all []Process, list, low []uint32) (n int) {
	low = low[:len(list)]
	for _, q := range list {
		p := &all[q]
		p.Stream += streamStep
		word := Mix(uint64(p.Stream))
		offset := math.Float64bits(float64(int64(1<<33-1-word>>31&^1))) - (33<<52 + logFromBits)
		k := float64(int64(offset) >> 52)
		entry := &logTable[offset>>45&127]
		r := float64(math.Float64frombits(offset&(1<<52-1)+logFromBits)*entry.inverse) - 1
		r2 := float64(r * r)
		log := float64(k*math.Ln2) + entry.log + (r - float64(r2*(0.5-float64(r*(1.0/3-float64(r*0.25))))))
		t := int64(p.Tick) - int64(log*p.Scale)
		p.Tick = uint32(min(t, int64(p.Stop)))
		list[n], low[n] = q, uint32(word)
		n += int(uint64(t-int64(p.Stop)) >> 63)
	}
	return n
}
