package plots

import "math"

// extent is the range of numbers, missing ones left out.
func extent(series ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, v := range s {
			if !math.IsNaN(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	if lo > hi {
		return 0, 1
	}
	return lo, hi
}

// valueRange is the range of a value axis that holds lo to hi, with a little
// room. Zero is on it if it must be, or if the data come near to it: an axis
// that leaves zero out shows changes larger than they are, which serves only
// where the numbers hardly change.
func valueRange(lo, hi float64, zero bool) (float64, float64) {
	const near, room = 0.65, 0.06
	if zero || lo >= 0 && lo < near*hi || hi <= 0 && hi > near*lo {
		lo, hi = math.Min(lo, 0), math.Max(hi, 0)
	}
	margin := room * (hi - lo)
	if margin <= 1e-9*math.Max(math.Abs(lo), math.Abs(hi)) { // nothing varies
		switch {
		case hi == 0:
			return 0, 1
		case lo > 0:
			return 0, hi * 1.25
		}
		return lo * 1.25, 0
	}
	if lo != 0 {
		lo -= margin
	}
	if hi != 0 {
		hi += margin
	}
	return lo, hi
}

// An Axis is a named axis of a picture.
type Axis struct {
	Name  string // as it stands at the axis
	Unit  string // empty: the axis has none
	Names bool   // the axis carries names (channels, stages), which need no unit
}

// Axes lists the axes of the picture.
func (p *Picture) Axes() []Axis { return p.page.axes }
