package dense

import (
	"math"

	"windfall/model/plan"
)

// A customer with a term leaves only when a term ends, unless its firm dies; a trial or free plan comes between the
// sale and the customer (docs/model.md, sections 3.7 and 3.8).

// hair is by how many years a customer leaves before its term ends: the next bill is not made.
const hair = 1e-9

// agree notes the contract of a customer of a product; what has passed of it lies in its tenure.
func (a *account) agree(q *plan.Product) {
	a.term, a.renewal, a.rung = q.TermMonths/12, q.Renewal, math.Inf(1)
	if a.term > 0 {
		a.terms = int(math.Floor(a.tenure / a.term))
	}
}

// churnTerm is when a customer with a term leaves by its own will up to a tenure in years, or infinity. Without a
// chance to renew its churn clock is read when a term ends; rings is when it rings up to
// there, if it does.
func (s *simulation) churnTerm(a *account, to, rings, multiplier float64) float64 {
	if rings < math.Inf(1) && math.IsInf(a.rung, 1) {
		a.rung = rings
	}
	for {
		end := float64(a.terms+1)*a.term - hair
		if end > to {
			return math.Inf(1)
		}
		a.terms++
		switch {
		case !math.IsNaN(a.renewal):
			if !s.random.chance(math.Pow(a.renewal, multiplier)) {
				return end
			}
		case a.rung <= end:
			return end
		}
	}
}

// beforeUse begins what comes between a sale that is made and the win, and says whether there is anything.
func (s *simulation) beforeUse(j *journey, at float64) bool {
	if j.tried || j.trial == 0 && !j.free {
		return false
	}
	j.tried, j.tryFrom = true, at
	s.week.trials++
	if !j.free {
		j.phase = trying
		s.events.add(at+j.trial, rankBooking, func() { s.endUse(j, at+j.trial) })
		return true
	}
	j.phase = free
	serving := s.plan
	if s.burning { // served by the run's vendor
		serving = s.times.at(0)
	}
	j.serve = serving.Products[j.product].CostToServePerMonth
	s.freeUsers = append(s.freeUsers, j)
	if j.firm != nil {
		j.firm.become(freeUser)
	}
	s.events.add(at+j.freeTime, rankBooking, func() { s.endUse(j, at+j.freeTime) })
	return true
}

// endUse is the end of a trial or free use: a win, or not.
func (s *simulation) endUse(j *journey, at float64) {
	if j.phase == over {
		return // its firm died meanwhile
	}
	s.closeUse(j, at)
	j.phase = booking
	s.book(j, at)
}

// closeUse ends a trial or free use, and pays for the former.
func (s *simulation) closeUse(j *journey, at float64) {
	switch j.phase {
	case trying:
		weeks := at - max(0, j.tryFrom)
		s.onboarding(j, s.plan.Products[j.product].CostToServePerMonth*weeks*12/yearWeeks)
	case free:
		s.serveFreeUser(j, at)
		for i, x := range s.freeUsers {
			if x == j {
				s.freeUsers = append(s.freeUsers[:i], s.freeUsers[i+1:]...)
				break
			}
		}
		if j.firm != nil {
			j.firm.become(inMarket)
		}
	}
}

// serveFree pays for the free users up to a time.
func (s *simulation) serveFree(at float64) {
	for _, j := range s.freeUsers {
		s.serveFreeUser(j, at)
	}
}

// serveFreeUser pays for one free user from where it stands to a time, at the cost of the day on which it began.
func (s *simulation) serveFreeUser(j *journey, at float64) {
	from := max(0, j.tryFrom, j.served)
	if at > from {
		s.onboarding(j, j.serve*(at-from)*12/yearWeeks)
		j.served = at
	}
}

// drawUse draws, at first contact, the trial or free use of a sign-up and how it ends.
func (s *simulation) drawUse(j *journey) {
	q := &s.plan.Products[j.product]
	switch {
	case q.TrialDays > 0:
		j.trial, j.converts = q.TrialDays/7, s.random.chance(q.TrialConverts)
	case q.FreePlan:
		j.free, j.converts = true, s.random.chance(q.FreeConverts)
		months := q.FreeLifeMonths
		if j.converts {
			months = q.FreeConvertsMonths
		}
		j.freeTime = math.Inf(1)
		if !math.IsNaN(months) {
			j.freeTime = months / 12 * yearWeeks * s.random.exponential()
		}
	}
}
