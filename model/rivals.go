package model

import (
	"sort"

	"windfall/model/plan"
	"windfall/model/rng"
)

// fillRivals integrates the hazards of choosing a rival over the steps. They depend on the calendar
// alone, so that a journey can be followed ahead at its trigger.
func (w *world) fillRivals() {
	K := len(w.plan.Triggers)
	w.rivals = false
	for _, n := range w.every {
		for _, h := range n.rival {
			w.rivals = w.rivals || h > 0
		}
	}
	if !w.rivals {
		return
	}
	if len(w.rivalSum) == 0 {
		w.rivalSum = make([]float64, K*(w.span+1))
	}
	for k := range K {
		sums := w.rivalSum[k*(w.span+1):][:w.span+1]
		for row := range w.span {
			sums[row+1] = sums[row] + float64(w.rows[row].rival[k]*w.h)
		}
	}
}

// rivalAfter is the time in weeks from its trigger at which a firm of a kind chooses a rival, +Inf if
// that lies beyond the tail. A time that is not below some limit may be given as +Inf.
func (w *world) rivalAfter(key rng.Key, kind uint8, born uint32, limit float64) float64 {
	sums := w.rivalSum[int(kind)*(w.span+1):][:w.span+1]
	at := float64(float64(int64(born)) * (w.perWeek / ticksPerWeek)) // in steps from the start of the burn-in
	row := w.rowOf(born)
	used := sums[row] + float64((sums[row+1]-sums[row])*(at-float64(row)))
	if sums[w.span] == used {
		return inf
	}
	due := used + rng.Exponential(key, purposeRival)
	last := w.span
	if latest := at + float64(limit*w.perWeek); latest < float64(last-1) {
		last = int(latest) + 1
	}
	if due >= sums[last] {
		return inf
	}
	// The step in which the integral passes what is due.
	row += sort.Search(last-row-1, func(i int) bool { return sums[row+i+1] > due })
	return max(0, (float64(row)-at+(due-sums[row])/(sums[row+1]-sums[row]))/w.perWeek)
}

// marketWeeks is the mean time in weeks that a firm spends in market of a kind: its window, or up to the
// choice of a rival at a hazard a week.
func marketWeeks(k *plan.Trigger, rival float64) float64 {
	if rival == 0 {
		return k.WindowWeeks
	}
	return (1 - windowLaplace(k, rival)) / rival
}

// windowLaplace is the mean of e^(-s window) of a kind, s a week.
func windowLaplace(k *plan.Trigger, s float64) float64 {
	if cv2 := k.WindowCV * k.WindowCV; cv2 > 0 {
		return rng.Pow(1+float64(s*cv2*k.WindowWeeks), -1/cv2)
	}
	return rng.Exp(float64(-s * k.WindowWeeks))
}
