package dense

import (
	"math"

	"windfall/model/plan"
)

// aroundTheClock tells whether people always work.
func aroundTheClock(t *plan.Team) bool {
	return t.OpenHour == 0 && t.CloseHour == 24 && t.BusinessDays == 7
}

// shift gives when people work on a day, counted from the first of the run: from and until in weeks, and
// whether they work at all.
func (c calendar) shift(t *plan.Team, day float64) (from, until float64, works bool) {
	monday := plan.NewDate(2024, 1, 1)
	weekday := math.Mod(float64(c.start-monday)+day, 7)
	if weekday < 0 {
		weekday += 7
	}
	open, closing := dayOfWork(t)
	return (day + open/24) / 7, (day + closing/24) / 7, weekday < t.BusinessDays
}

// dayOfWork gives the hours at which work begins and ends; it is a minute long at least.
func dayOfWork(t *plan.Team) (open, closing float64) {
	open = min(t.OpenHour, 24-1.0/60)
	return open, max(t.CloseHour, open+1.0/60)
}

// working tells whether people work at a time.
func (c calendar) working(t *plan.Team, at float64) bool {
	from, until, works := c.shift(t, math.Floor(7*at))
	return aroundTheClock(t) || works && from <= at && at < until
}

// weekOfWork is the open time of a week, in weeks.
func weekOfWork(t *plan.Team) float64 {
	open, closing := dayOfWork(t)
	return t.BusinessDays / 7 * (closing - open) / 24
}

// worked is the weeks of work in a stretch of time: its open time over that of a week.
func (c calendar) worked(t *plan.Team, begin, end float64) float64 {
	if aroundTheClock(t) {
		return end - begin
	}
	sum := 0.0
	for day := math.Floor(7 * begin); day < 7*end; day++ {
		if from, until, works := c.shift(t, day); works {
			sum += max(0, min(until, end)-max(from, begin))
		}
	}
	return sum / weekOfWork(t)
}

// done is when some weeks of work are done that begin at a time.
func (c calendar) done(t *plan.Team, begin, weeks float64) float64 {
	if aroundTheClock(t) {
		return begin + weeks
	}
	left := weeks * weekOfWork(t)
	for day := math.Floor(7 * begin); ; day++ {
		from, until, works := c.shift(t, day)
		if from = max(from, begin); !works || from >= until {
			continue
		}
		if left <= until-from {
			return from + left
		}
		left -= until - from
	}
}

// openDesks notes the openings of a step: who waited for them is called.
func (s *simulation) openDesks(begin, end float64) {
	for _, t := range s.teams {
		spec := &s.plan.Teams[t.index]
		if spec.Kind != "people" || aroundTheClock(spec) {
			continue
		}
		for day := math.Floor(7*begin + 1e-9); day < 7*end-1e-9; day++ {
			if at, _, works := s.clock.shift(spec, day); works {
				s.events.add(max(at, begin), rankContact, func() { s.callIdle(t, at) })
			}
		}
	}
}
