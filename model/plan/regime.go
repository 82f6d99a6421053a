package plan

import (
	"math"
	"slices"

	"windfall/model/rng"
)

// drawRegime draws the sojourns of the two-state chain, in turn, far enough for
// any lifetime value. The hazard to change is at each time that of its mean then.
func (t *Timeline) drawRegime(root rng.Key) {
	k := root.Child(PurposeRegime)
	state := 0
	t.startsIn = t.plan.Economy.StartRegime == "recession"
	if t.startsIn {
		state = 1
	}
	end := float64(float64(t.Past())*t.StepWeeks()) + farWeeks
	for at, n := 0.0, uint64(0); at < end; n++ {
		at = t.sojourn(state, at, rng.ExponentialInv(k.Unit(n)))
		t.switches = append(t.switches, at)
		state = 1 - state
	}
}

// sojourn is the end of a sojourn in a regime from a time on (weeks since the first
// day) that lasts as long as a unit exponential says.
func (t *Timeline) sojourn(state int, at, exponential float64) float64 {
	past := float64(float64(t.Past()) * t.StepWeeks())
	mean := [2]float64{t.plan.Economy.ExpansionMonths, t.plan.Economy.RecessionMonths}[state]
	if t.months[state] < 0 {
		return at + float64(exponential*mean*WeeksPerMonth)
	}
	s := &t.slots[t.months[state]]
	for _, until := range append(t.breaks(s), math.Inf(1)) {
		if until <= at {
			continue
		}
		// Past the tail the last values hold and shocks have ended.
		day := min(t.plan.Run.Start+Date(math.Floor(float64(at*DaysPerWeek)+1e-9)), t.Date(t.Past())-1)
		mean := float64(t.value(s, day, at < past) * WeeksPerMonth)
		if end := at + float64(exponential*mean); end <= until {
			return end
		}
		exponential -= (until - at) / mean
		at = until
	}
	panic("plan: a sojourn without an end")
}

// breaks are the times at which a slot may change, in order, and the end of the tail.
func (t *Timeline) breaks(s *slot) []float64 {
	out := []float64{float64(float64(t.Past()) * t.StepWeeks())}
	mark := func(d Date) {
		if x := float64(d-t.plan.Run.Start) / DaysPerWeek; d > t.plan.Run.Start && x < out[0] {
			out = append(out, x)
		}
	}
	for _, e := range s.schedule {
		mark(e.From)
		mark(e.Until)
	}
	for i := range s.moves {
		from, until, _ := t.dates(&s.moves[i])
		mark(from)
		mark(until)
	}
	slices.Sort(out)
	return out
}

// setRegimeScript turns the scripted path into switches.
func (t *Timeline) setRegimeScript() {
	e := &t.plan.Economy
	now := e.scripted(t.plan.Run.Start)
	t.startsIn = now
	for _, p := range e.Path {
		if p.From > t.plan.Run.Start && (p.Regime == "recession") != now {
			now = !now
			t.switches = append(t.switches, float64(p.From-t.plan.Run.Start)/DaysPerWeek)
		}
	}
}

// scripted says whether a scripted path is in recession on a day.
func (e *Economy) scripted(day Date) bool {
	now := e.StartRegime == "recession"
	for _, p := range e.Path {
		if p.From <= day {
			now = p.Regime == "recession"
		}
	}
	return now
}

// Recession says whether the economy is in recession at the start of a step;
// the burn-in takes the regime of the first day, or of its own days where it replays a scripted path.
// Steps past the end are allowed.
func (t *Timeline) Recession(step int) bool {
	if step < 0 && t.past != nil && t.plan.Economy.Regime != "random" {
		return t.plan.Economy.scripted(t.Date(step))
	}
	at := t.weeksAt(step)
	in := t.startsIn
	for _, s := range t.switches {
		if s > at || step < 0 {
			break
		}
		in = !in
	}
	return in
}

// weeksAt is the start of a step in weeks, the nearest number to the quotient, as
// for dates.
func (t *Timeline) weeksAt(step int) float64 { return float64(step) / float64(t.perWeek) }

// FirstStepFrom is the first step that starts at a time or after it.
func (t *Timeline) FirstStepFrom(at float64) int {
	step := int(math.Ceil(at * float64(t.perWeek)))
	if t.weeksAt(step-1) >= at {
		return step - 1
	}
	if t.weeksAt(step) < at {
		return step + 1
	}
	return step
}
