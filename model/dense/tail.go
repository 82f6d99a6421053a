package dense

import "math"

// followTail goes on with the sign-ups and open journeys of the last day until their windows and cycles
// are over, and adds what they bring to the result: nobody comes into the market, the books of the run
// are closed. Media, brand and teams cost the share of the journeys that are still open.
func (s *simulation) followTail(step int, r *Result) {
	s.closed, s.accounts = true, nil
	won, first := len(s.wins), step
	cost, media, share := 0.0, 0.0, 0.0 // the latter summed over the steps of the week
	for end := step + s.clock.tail; step < end; step++ {
		begin, stop := s.clock.begins(step), s.clock.begins(step+1)
		s.stepEnd, s.week = stop, &week{signupsByChannel: map[int]float64{}}
		open := s.stillOpen(begin - s.clock.begins(first))
		share += open
		s.setNumbers(step)
		s.advanceBrand(step)
		s.setDrivers(step)
		s.spendOnBrand(step)
		media += (s.week.media + s.week.brand) * open
		s.events.begin(step)
		s.staff(begin)
		s.openDesks(begin, stop)
		s.drawTouches(begin)
		s.events.runUntil(stop)
		s.serveCustomers(stop)
		s.serveFree(stop)
		if (step+1)%s.clock.perWeek == 0 {
			s.closeTeams(stop)
			cost += s.week.pay * share / float64(s.clock.perWeek)
			share = 0
		}
		cost += s.week.commission + s.week.onboarding + s.week.fees
	}
	s.afterwards(step)
	margin := -cost - media
	for _, a := range s.wins[won:] {
		margin += a.ltv
	}
	r.Totals["pipeline_margin"] = margin
	r.Totals["lifetime_margin"] += margin
	r.Totals["lifetime_media"] += media
}

// stillOpen is the share of journeys that are open on the last day that are open some weeks later, as if
// all windows were exponential, rivals as on the first day.
func (s *simulation) stillOpen(weeks float64) float64 {
	p := s.times.opening
	open, left := 0.0, 0.0
	for k := range p.Triggers {
		t := &p.Triggers[k]
		if !t.Enabled || t.WindowWeeks == 0 {
			continue
		}
		ends := 1/t.WindowWeeks + rivalHazard(p, k)
		for _, c := range s.cells {
			n := float64(len(c.firms)) * statedRate(p, s.cells, k, c) / ends
			open += n
			left += n * math.Exp(-weeks*ends)
		}
	}
	if open == 0 {
		return 0
	}
	return left / open
}
