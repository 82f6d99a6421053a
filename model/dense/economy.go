package dense

import (
	"math"
	"sort"

	"windfall/model/plan"
)

// economy is the regime of a replication: a scripted path or a two-state
// Markov chain in continuous time (docs/model.md, section 3.9).
type economy struct {
	plan     *plan.Plan
	times    *timetable
	calendar calendar
	random   random
	first    bool      // the first day is in recession
	switches []float64 // times at which a drawn regime changes
}

func newEconomy(t *timetable, r random) *economy {
	e := &economy{plan: t.on(0), times: t, calendar: t.calendar, random: r}
	e.first = scriptedRecession(&e.plan.Economy, t.start)
	if e.plan.Economy.Regime == "random" {
		e.first = e.plan.Economy.StartRegime == "recession"
	}
	return e
}

// scriptedRecession tells whether a scripted path is in recession on a date.
func scriptedRecession(e *plan.Economy, date plan.Date) bool {
	regime := e.StartRegime
	for _, p := range e.Path {
		if p.From <= date {
			regime = p.Regime
		}
	}
	return regime == "recession"
}

// recession tells whether a step is in recession: it takes the regime of its
// start, the burn-in that of the first day, unless it replays a scripted path.
func (e *economy) recession(step int) bool {
	at := e.calendar.begins(step)
	if step < 0 && e.times.past != nil && e.plan.Economy.Regime != "random" {
		return scriptedRecession(&e.plan.Economy, e.calendar.day(at))
	}
	if step <= 0 {
		return e.first
	}
	if e.plan.Economy.Regime != "random" {
		return scriptedRecession(&e.plan.Economy, e.calendar.day(at))
	}
	for len(e.switches) == 0 || e.switches[len(e.switches)-1] <= at {
		e.drawSojourn()
	}
	state := e.first
	for _, t := range e.switches {
		if t <= at {
			state = !state
		}
	}
	return state
}

// never is a step that does not come.
const never = math.MaxInt32

// nextChange is the first step after a given one whose regime may be another.
func (e *economy) nextChange(step int) int {
	if e.plan.Economy.Regime != "random" {
		next := never
		for _, p := range e.plan.Economy.Path {
			day := int(p.From - e.calendar.start)
			first := (day + e.calendar.days() - 1) / e.calendar.days()
			if first > step {
				next = min(next, first)
			}
		}
		return next
	}
	e.recession(step) // draws the switch after the step, if it is not there yet
	at := e.switches[sort.SearchFloat64s(e.switches, e.calendar.begins(step))]
	return max(step+1, int(math.Ceil(at*float64(e.calendar.perWeek))))
}

// drawSojourn draws how long the regime after the last known switch stays.
func (e *economy) drawSojourn() {
	last, n := 0.0, len(e.switches)
	if n > 0 {
		last = e.switches[n-1]
	}
	// The hazard of each day is that of its mean; past the tail that of its end.
	left := e.random.exponential()
	for {
		day := math.Floor(last*7 + 1e-9)
		past := e.times.steps + e.times.tail
		p := e.times.at(past)
		if int(day) < past*e.times.days() {
			p = e.times.on(int(day))
		}
		mean := p.Economy.ExpansionMonths
		if e.first != (n%2 == 1) {
			mean = p.Economy.RecessionMonths
		}
		mean *= monthWeeks
		next := (day + 1) / 7
		if last+left*mean <= next {
			e.switches = append(e.switches, last+left*mean)
			return
		}
		left -= (next - last) / mean
		last = next
	}
}

// multiplier is m in a recession and 1 in an expansion.
func multiplier(recession bool, m float64) float64 {
	if recession {
		return m
	}
	return 1
}

// hill is x^a/(x^a + half^a), zero at zero.
func hill(x, half, shape float64) float64 {
	if x <= 0 {
		return 0
	}
	a := math.Pow(x, shape)
	return a / (a + math.Pow(half, shape))
}
