package model

import (
	"math"

	"windfall/model/rng"
)

// drawRegime draws the sojourns of the two-state chain, in turn, far enough for
// any lifetime value. Their means are those of the first day.
func (t *Timeline) drawRegime(root rng.Key) {
	k := root.Child(purposeRegime)
	mean := [2]float64{t.plan.Economy.ExpansionMonths, t.plan.Economy.RecessionMonths}
	for i, slot := range t.months {
		mean[i] = t.spendOn(slot, mean[i], 0, 0)
	}
	state := 0
	t.startsIn = t.plan.Economy.StartRegime == "recession"
	if t.startsIn {
		state = 1
	}
	end := float64(float64(t.past())*t.StepWeeks()) + farWeeks
	for at, n := 0.0, uint64(0); at < end; n++ {
		at += float64(rng.ExponentialInv(k.Unit(n)) * mean[state] * WeeksPerMonth)
		t.switches = append(t.switches, at)
		state = 1 - state
	}
}

// setRegimeScript turns the scripted path into switches.
func (t *Timeline) setRegimeScript() {
	e := &t.plan.Economy
	now := e.StartRegime == "recession"
	for _, p := range e.Path {
		if p.From <= t.plan.Run.Start {
			now = p.Regime == "recession"
		}
	}
	t.startsIn = now
	for _, p := range e.Path {
		if p.From > t.plan.Run.Start && (p.Regime == "recession") != now {
			now = !now
			t.switches = append(t.switches, float64(p.From-t.plan.Run.Start)/DaysPerWeek)
		}
	}
}

// Recession says whether the economy is in recession at the start of a step;
// the burn-in takes the regime of the first day. Steps past the end are allowed.
func (t *Timeline) Recession(step int) bool {
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

// firstStepFrom is the first step that starts at a time or after it.
func (t *Timeline) firstStepFrom(at float64) int {
	step := int(math.Ceil(at * float64(t.perWeek)))
	if t.weeksAt(step-1) >= at {
		return step - 1
	}
	if t.weeksAt(step) < at {
		return step + 1
	}
	return step
}
