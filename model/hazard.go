package model

import (
	"slices"
)

// hazardSegment is a span of time with constant hazards.
type hazardSegment struct {
	start    float64
	churn    []float64 // by size: base x multiplier x economy
	death    []float64 // by size, a week
	shape    float64
	perShape float64
	// multiplier is what stands on every churn hazard: of the plan and of the economy.
	multiplier float64
	channels   []Channel
}

// fillHazards lists the spans of constant churn and death hazards from the
// first day on, past the end of the run too.
func (w *world) fillHazards() {
	w.hazards = w.hazards[:0]
	add := func(at float64, step int) {
		n := w.at(step)
		p := n.plan
		churn, death := 1.0, 1.0
		if w.tl.Recession(step) {
			churn, death = p.Economy.Recession.Churn, p.Economy.Recession.FirmDeath
		}
		seg := hazardSegment{start: at, multiplier: p.Customers.ChurnMultiplier * churn, shape: p.Customers.WeibullShape, perShape: 1 / p.Customers.WeibullShape, channels: p.Channels,
			churn: make([]float64, len(n.base)), death: make([]float64, len(n.death))}
		for s := range n.base {
			seg.churn[s] = n.base[s] * p.Customers.ChurnMultiplier * churn
			seg.death[s] = n.death[s] * death
		}
		if k := len(w.hazards); k > 0 && w.hazards[k-1].same(&seg) {
			return
		}
		w.hazards = append(w.hazards, seg)
	}
	starts := []int{}
	for _, e := range w.tl.epochs {
		starts = append(starts, e.First)
	}
	for _, x := range w.tl.switches {
		starts = append(starts, w.tl.firstStepFrom(x))
	}
	slices.Sort(starts)
	for _, s := range slices.Compact(starts) {
		add(float64(float64(s)*w.h), s)
	}
}

// same says whether two spans have the same hazards.
func (a *hazardSegment) same(b *hazardSegment) bool {
	if a.shape != b.shape || a.multiplier != b.multiplier || !slices.Equal(a.churn, b.churn) || !slices.Equal(a.death, b.death) {
		return false
	}
	for c := range a.channels {
		if a.channels[c].Churn != b.channels[c].Churn {
			return false
		}
	}
	return true
}
