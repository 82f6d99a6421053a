package model

import (
	"windfall/model/plan"
	"windfall/model/rng"
)

// A plan goes on to work after the last day of its run: firms that came into the market in it are still
// buying, and what was spent on brand and media is still remembered. Both belong to lifetime_margin and
// to nothing else (docs/model.md, section 3.12): the run's books are closed when the tail begins.

// bargain is what the customers won so far are worth, and what winning them cost at once.
func (s *State) bargain() float64 {
	m := &s.money
	return s.tally.ltv - (m.commissions + m.onboardings + m.oneOffFees)
}

// Charged gives, by step after the run, the share of media, brand and pay that its pipeline is charged:
// that of the journeys open on the last day which are open then, as if all windows were exponential, and
// rivals were as on the first day. It
// depends on the opening plan and not on what happens, so that a plan pays no less because it has less to
// sell.
func Charged(open *plan.Plan, steps int, stepWeeks float64) []float64 {
	cells := cellsOf(open)
	firms := firmsByCell(open, cells)
	bySize := make([]float64, len(open.Population.Sizes))
	for i := range cells {
		bySize[cells[i].Size] += float64(firms[i])
	}
	all := 0.0
	atOnce := make([]float64, len(open.Triggers)) // open journeys by kind
	mean := make([]float64, len(open.Triggers))   // weeks that they are open
	for k := range open.Triggers {
		if t := &open.Triggers[k]; t.Enabled && t.WindowWeeks > 0 {
			mean[k] = t.WindowWeeks / (1 + float64(open.Rivals.Hazard(t)*t.WindowWeeks))
			for i := range cells {
				atOnce[k] += float64(float64(firms[i]) * yearlyRate(open, t, &cells[i], bySize) * mean[k])
			}
			all += atOnce[k]
		}
	}
	shares := make([]float64, steps)
	for step := range shares {
		weeks := float64(float64(step) * stepWeeks)
		for k, n := range atOnce {
			if n > 0 {
				shares[step] += float64(n / all * rng.Exp(-weeks/mean[k]))
			}
		}
	}
	return shares
}

// followTail follows what the run began to its end and gives its margin: the lifetime value of the
// customers that are still won of the journeys that opened by the last day, less what these wins cost.
// Nobody comes into the market any more. Media, brand and teams go on as planned and are charged by
// the share of the journeys that are still open.
func (s *State) followTail() (margin, media float64) {
	w, t, m := s.w, &s.tally, &s.money
	atEnd, paid := s.bargain(), total(m.payOf)
	open := -s.sales.inProgress
	for _, n := range s.pools.inMarket {
		open += n
	}
	pay := 0.0
	for end := w.steps + w.tail; s.step < end; s.step++ {
		s.drivers.step(w, s.step, m.cut, s.customersAtWeek)
		share := w.charged[s.step-w.steps]
		media += float64((total(s.drivers.spend) + total(s.drivers.brand.spend)) * w.h * share)
		leads := t.real
		if open > 0 || s.sales.inProgress > 0 {
			s.journey.setTouch(s)
			s.resume()
			s.raiseHands()
		}
		s.sell()
		s.book()
		pay += float64((total(m.payOf) - paid) * share)
		paid = total(m.payOf)
		open -= t.real - leads + t.expiresAt[s.row()] + t.diesAt[s.row()] + t.rivalAt[s.row()]
	}
	return s.bargain() - atEnd - media - pay, media
}
