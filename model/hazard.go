package model

import (
	"math"
	"slices"

	"windfall/model/plan"
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
	channels   []plan.Channel
	products   []plan.Product

	// How churn answers the price, where any does: elasticities, and ln 2/half-life of the second a week.
	lasting, transient, fading float64
}

// churnOf is the churn hazard of a customer per unit of tenure^shape, frailty included, at its own price.
func (seg *hazardSegment) churnOf(who *buyer) float64 {
	rate := who.frailty * seg.churn[who.size]
	if who.channel < len(seg.channels) {
		rate *= seg.channels[who.channel].Churn
	}
	return rate
}

// spanEnd is when a span of constant hazards ends.
func (w *world) spanEnd(i int) float64 {
	if i+1 < len(w.hazards) {
		return w.hazards[i+1].start
	}
	return inf
}

// dies is when the firm of a customer dies if the span lasts, by what is left of its unit exponential at a time in it.
func (seg *hazardSegment) dies(life *firmLife, who *buyer, at, left float64) float64 {
	switch m := seg.death[who.size]; {
	case life.aged:
		return life.dies(who.founded, at, left, m/life.perWeek)
	case m > 0:
		return at + left/m
	}
	return inf
}

// deathUsed is what the hazard of the firm's death uses up of its unit exponential from a time of the span to another.
func (seg *hazardSegment) deathUsed(life *firmLife, who *buyer, from, to float64) float64 {
	m := seg.death[who.size]
	if life.aged {
		return float64(m / life.perWeek * (life.used(to-who.founded) - life.used(from-who.founded)))
	}
	return float64(m * (to - from))
}

// fillHazards lists the spans of constant churn and death hazards from the
// first day on, past the end of the run too.
func (w *world) fillHazards() {
	w.hazards = w.hazards[:0]
	w.fillPriceMoves()
	add := func(at float64, step int) {
		n := w.at(step)
		p := n.plan
		churn, death := 1.0, 1.0
		if w.tl.Recession(step) {
			churn, death = p.Economy.Recession.Churn, p.Economy.Recession.FirmDeath
		}
		seg := hazardSegment{start: at, multiplier: p.Customers.ChurnMultiplier * churn, shape: p.Customers.WeibullShape,
			perShape: 1 / p.Customers.WeibullShape, channels: p.Channels, products: p.Products,
			lasting: p.Customers.PriceChurnLasting, transient: p.Customers.PriceChurnTransient,
			fading: math.Ln2 / p.Customers.PriceChurnHalfLifeWeeks,
			churn:  make([]float64, len(n.base)), death: make([]float64, len(n.death))}
		for s := range n.base {
			seg.churn[s] = n.base[s] * p.Customers.ChurnMultiplier * churn
			seg.death[s] = n.death[s] * death
		}
		k := len(w.hazards)
		if k > 0 && w.hazards[k-1].same(&seg) && (!w.pricesMove || w.hazards[k-1].samePrices(&seg)) {
			return
		}
		w.hazards = append(w.hazards, seg)
	}
	starts := []int{}
	for _, e := range w.tl.Epochs() {
		starts = append(starts, e.First)
	}
	for _, x := range w.tl.Switches() {
		starts = append(starts, w.tl.FirstStepFrom(x))
	}
	slices.Sort(starts)
	for _, s := range slices.Compact(starts) {
		add(float64(float64(s)*w.h), s)
	}
}

// same says whether two spans have the same hazards.
func (a *hazardSegment) same(b *hazardSegment) bool {
	if a.shape != b.shape || a.multiplier != b.multiplier || !slices.Equal(a.churn, b.churn) ||
		!slices.Equal(a.death, b.death) {
		return false
	}
	for c := range a.channels {
		if a.channels[c].Churn != b.channels[c].Churn {
			return false
		}
	}
	return true
}

// samePrices says whether live customers see the same prices in two spans, and answer them alike.
func (a *hazardSegment) samePrices(b *hazardSegment) bool {
	for i := range a.products {
		if a.products[i].Price != b.products[i].Price {
			return false
		}
	}
	return a.lasting == b.lasting && a.transient == b.transient && a.fading == b.fading
}
