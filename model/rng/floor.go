package rng

import "math"

// FloorTable draws the whole part of a cut Pareto law by inversion: math.Floor(law.At(u)), but where
// u lies within a rounding error of a step, and much faster.
type FloorTable struct {
	lowest float64
	upTo   []float64 // upTo[i]: the chance of at most lowest + i; the last one is above every uniform
	guide  [guides]uint16
}

const (
	guides     = 256
	widestLaw  = 4096 // whole numbers; a wider law is not worth a table
	aboveUnits = 2
)

// NewFloorTable tabulates the whole part of a law; it gives nil where the law does not begin and end
// at whole numbers, or is too wide.
func NewFloorTable(l *ParetoLaw) *FloorTable {
	if math.Floor(l.lo) != l.lo || math.Floor(l.hi) != l.hi || l.hi-l.lo > widestLaw {
		return nil
	}
	t := &FloorTable{lowest: l.lo, upTo: make([]float64, int(l.hi-l.lo))}
	for i := range t.upTo {
		t.upTo[i] = l.chanceBelow(l.lo + float64(i) + 1)
	}
	t.upTo[len(t.upTo)-1] = aboveUnits
	i := 0
	for j := range t.guide {
		for t.upTo[i] <= float64(j)/guides {
			i++
		}
		t.guide[j] = uint16(i)
	}
	return t
}

// chanceBelow is the chance that the law falls below x, for lo < x < hi.
func (l *ParetoLaw) chanceBelow(x float64) float64 {
	if l.perExponent == 0 {
		return Log(x/l.lo) / l.logRange
	}
	return Expm1(Log(x/l.lo)/l.perExponent) / l.cut
}

// At is the whole number at a uniform.
func (t *FloorTable) At(u float64) float64 {
	i := int(t.guide[int64(u*guides)&(guides-1)])
	for u >= t.upTo[i] {
		i++
	}
	return t.lowest + float64(i)
}
