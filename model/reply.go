package model

import (
	"math"

	"windfall/model/plan"
	"windfall/model/rng"
)

// speedAt is what a wait of some hours leaves of the chance to win (docs/model.md, section 3.7).
func speedAt(t *plan.Team, size int, wait float64) float64 {
	switch t.Speed {
	case "two":
		slow := t.SpeedSlowShare[size]
		return float64((1-slow)*rng.Exp2(-wait/t.SpeedHalfLifeHours[size])) +
			float64(slow*rng.Exp2(-wait/t.SpeedSlowHalfLifeHours[size]))
	case "power":
		return rng.Exp(-float64(t.SpeedPower[size] * rng.Log1p(wait/t.SpeedScaleHours[size])))
	}
	return rng.Exp2(-wait / t.SpeedHalfLifeHours[size])
}

// forgotten says whether a lead that joins its team is never answered. The chance rises linearly with the leads
// that the team has in hand or waiting, per person and at most one, from never_answered on.
func (s *State) forgotten(d *teamQueue, team *plan.Team, x *deal) bool {
	chance := team.NeverAnswered
	if full := team.NeverAnsweredAtFullLoad; full == full {
		chance += float64((full - chance) * d.workload(x.ready))
	}
	key := x.key
	if x.is&toBeScreened != 0 { // a journey may have several: each has the tick of its own
		key = key.Child(s.w.node[x.channel]).Child(s.tickOf(x.raised))
	}
	return key.Unit(purposeAnswer) < chance
}

// tickOf is the tick of a time that is one.
func (s *State) tickOf(at float64) uint64 {
	return uint64(int64(math.RoundToEven((at + s.w.before) * ticksPerWeek)))
}

// workload is the leads that a team has in hand or waiting at a time, per person and at most one.
func (d *teamQueue) workload(at float64) float64 {
	if d.employed == 0 {
		return 1
	}
	n := len(d.calls)
	for i := d.head; i < len(d.queue) && n < d.employed; i++ {
		if x := &d.queue[i]; min(x.windowEnd, x.gone) > at {
			n++
		}
	}
	return min(1, float64(n)/float64(d.employed))
}

// Waits are counted in bins that are a 32nd of an octave wide, from 2^-8 hours (14 seconds) to 2^16 hours; a
// shorter one is none. So a median is right within 1.6% of itself.
const (
	waitBits  = 5
	leastWait = -8 // log2 hours
	mostWait  = 16
	waitBins  = 1 + (mostWait-leastWait)<<waitBits
)

// replies counts how the leads of the teams of people were answered in the run.
type replies struct {
	answered, waited, unanswered int
	hours                        float64 // of those answered, from the raised hand to the answer
	bins                         [waitBins]uint32
}

// made counts a first contact or screening.
func (r *replies) made(s *State, d *deal, at float64) {
	if !s.inRun() {
		return
	}
	hours := float64((at - d.raised) * plan.HoursPerWeek)
	r.answered++
	r.hours += hours
	r.bins[waitBin(hours)]++
	if at > d.ready {
		r.waited++
	}
}

// never counts a lead whose window or firm ended before anybody answered.
func (r *replies) never(s *State, d *deal) {
	if !s.inRun() {
		return
	}
	r.unanswered++
	if d.ready < min(d.windowEnd, d.gone) { // it stood in the queue
		r.waited++
	}
}

// waitBin is the bin of a wait.
func waitBin(hours float64) int {
	const first = (1023 + leastWait) << waitBits
	at := int(math.Float64bits(max(hours, 0))>>(52-waitBits)) - first
	return min(max(at+1, 0), waitBins-1)
}

// binStart is where a bin of waits begins.
func binStart(bin int) float64 {
	if bin == 0 {
		return 0
	}
	const first = (1023 + leastWait) << waitBits
	return math.Float64frombits(uint64(bin-1+first) << (52 - waitBits))
}

// median is the median of the waits of those answered, or missing. Inside a bin waits lie evenly.
func (r *replies) median() float64 {
	if r.answered == 0 {
		return math.NaN()
	}
	half, below := float64(r.answered)/2, 0.0
	for bin, n := range r.bins {
		if below+float64(n) < half {
			below += float64(n)
			continue
		}
		if bin == 0 {
			return 0
		}
		low, high := binStart(bin), binStart(bin+1)
		return low + float64((high-low)*(half-below)/float64(n))
	}
	panic("model: a wait is in no bin")
}
