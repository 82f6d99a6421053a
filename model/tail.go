package model

import (
	"math"

	"windfall/model/rng"
)

// A plan goes on to work after the last day of its run: firms that came into the market in it are still
// buying, and what was spent on brand and media is still remembered. Both belong to lifetime_margin and
// to nothing else (docs/model.md, section 3.12): the run's books are closed when the tail begins.

// tailMeans is how many of the longest mean windows and sales cycles the tail holds: of an exponential
// one 2% lasts longer.
const tailMeans = 4

// longestTail is the most weeks of a tail.
const longestTail = 520

// TailWeeks is the number of weeks after the run through which the journeys that opened in it are
// followed: several of the longest mean windows and of the longest mean sales cycles.
func TailWeeks(p *Plan) int {
	window, sale := 0.0, 0.0
	for i := range p.Triggers {
		if t := &p.Triggers[i]; t.Enabled {
			window = max(window, t.WindowWeeks)
		}
	}
	for i := range p.Teams {
		t := &p.Teams[i]
		if !t.Enabled {
			continue
		}
		service := t.AnswerDelayHours / HoursPerWeek
		if t.Kind == "people" && t.OpportunitiesPerWeek > 0 {
			service += 1 / t.OpportunitiesPerWeek
		}
		for _, days := range t.CycleDays {
			if x := service + days/DaysPerWeek; x > sale { // NaN where the team sells to nobody
				sale = x
			}
		}
	}
	return int(min(math.Ceil(tailMeans*(window+sale)), longestTail))
}

// finish fills the record at the end of the run and adds what comes after it.
func (s *State) finish(rec *Record) {
	if s.money.ruined {
		s.report(rec)
		return
	}
	s.report(rec)
	moved := s.carry.setStocks(s)
	pipeline := s.followTail()
	carried := 0.0
	if moved {
		carried = s.carryOver()
	}
	at := s.w.marginAt
	rec.Outcomes[at-2], rec.Outcomes[at-1] = pipeline, carried
	rec.Outcomes[at] += pipeline + carried
}

// bargain is what the customers won so far are worth, and what winning them cost at once.
func (s *State) bargain() float64 {
	m := &s.money
	return s.tally.ltv - (m.commissions + m.onboardings + m.oneOffFees)
}

// fillLeaving finds how fast those who are in the market on the last day leave it: journeys by kind, and
// the mean window of each.
func (w *world) fillLeaving(open *Plan) {
	w.leaving = w.leaving[:0]
	bySize := w.firmsBySize()
	for k := range open.Triggers {
		t := &open.Triggers[k]
		if !t.Enabled || t.WindowWeeks == 0 {
			continue
		}
		var flow float64
		for i := range w.cells {
			flow += float64(float64(w.firms[i]) * yearlyRate(open, t, &w.cells[i], bySize) * w.scale[i])
		}
		w.leaving = append(w.leaving, leaving{float64(flow * t.WindowWeeks), t.WindowWeeks})
	}
}

// leaving is the journeys of a kind that are open at a time, up to a factor that all kinds share, and
// their mean window.
type leaving struct{ open, window float64 }

// stillOpen is the share of the journeys that are open on the last day that are open some weeks later:
// exact where windows are exponential. What the tail is charged hangs on it and not on what happens
// there, so that a plan pays no less because it has less to sell.
func (w *world) stillOpen(weeks float64) float64 {
	var open, left float64
	for _, l := range w.leaving {
		open += l.open
		left += float64(l.open * rng.Exp(-weeks/l.window))
	}
	if open == 0 {
		return 0
	}
	return left / open
}

// followTail follows what the run began to its end and gives its margin: the lifetime value of the
// customers that are still won of the journeys that opened by the last day, less what these wins cost.
// Nobody comes into the market any more. Media, brand and teams go on as planned and are charged by
// the share of the journeys that are still open.
func (s *State) followTail() float64 {
	w, t, m := s.w, &s.tally, &s.money
	atEnd, paid := s.bargain(), total(m.payOf)
	open := -s.sales.inProgress
	for _, n := range s.pools.inMarket {
		open += n
	}
	var cost float64
	for end := w.steps + w.tail; s.step < end; s.step++ {
		s.drivers.step(w, s.step, m.cut, s.customersAtWeek)
		share := w.stillOpen(float64(float64(s.step-w.steps) * w.h))
		cost += float64((total(s.drivers.spend) + total(s.drivers.brand.spend)) * w.h * share)
		leads := t.leads
		if open > 0 || s.sales.inProgress > 0 {
			s.journey.setTouch(s)
			s.resume()
			s.raiseHands()
		}
		s.sell()
		s.book()
		cost += float64((total(m.payOf) - paid) * share)
		paid = total(m.payOf)
		open -= t.leads - leads + t.expiresAt[s.row()] + t.diesAt[s.row()]
	}
	return s.bargain() - atEnd - cost
}
