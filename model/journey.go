package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/rng"
)

// Times of journeys are ticks since the start of the burn-in, 2^20 a week (0.6
// seconds).
const (
	tickBits     = 20
	ticksPerWeek = 1 << tickBits
	longestWeeks = 4096 // windows are cut there: longer than any run with its burn-in
)

// journey is one firm in market: what is known of it at its trigger.
type journey struct {
	key  rng.Key
	born uint32
	end  uint32 // end of the window, or death
	turn uint32 // its place in the order in which journeys opened
	cell uint16
	kind uint8
	fate fate
}

// fate is how a journey ends at its end, unless a touch raises its hand before.
type fate uint8

const (
	windowEnds fate = iota
	firmDies
	choosesRival
)

// lead is a raised hand on its way to the step in which it happens.
type lead struct {
	journey
	at       uint32
	touches  uint16
	channel  uint8
	channels uint8 // distinct ones among the touches; notReal where nobody intends to buy: the journey goes on
}

// notReal marks a lead without a real intention, beside the number of its channels.
const notReal = 1 << 7

func (l *lead) unreal() bool { return l.channels&notReal != 0 }

// waiter is a journey between raised hand and first contact: its touches are
// made and wasted.
type waiter struct {
	journey
	raised  uint32 // tick of the raised hand
	contact uint32 // tick of first contact, or 0
}

// journeys holds the journeys in progress whose future is not settled yet.
//
// What drives touches is known ahead of time, but for the live customers of
// referrals and for cuts by cash rules. So a journey is followed at its birth
// through all its touches, up to its raised hand or its end; only where a touch
// depends on what is not known yet does it wait in the bucket of that step.
type journeys struct {
	parked      [][]parked // by step from -burnIn
	leads       [][]lead   // by step from -burnIn
	spareParked spares[parked]
	spareLeads  spares[lead]
	batch       batch
	extras      extras   // of the batch
	single      extras   // of one journey, for draw
	waited      [][]lead // by step: leads of journeys that have waited, and unreal ones, in any order
	merged      []lead
	late        []waiter
	active      []uint32 // waiters in use, in order of their raised hands
	free        []uint32

	keep     []uint64  // the world's, or where drivers feed back a copy
	pull     []float64 // likewise
	paid     []uint64  // likewise
	points   []point   // of the journeys at work
	newborn  newborn
	keys     []rng.Key // of the leads at work
	willing  []float64 // what they are willing to pay
	opened   uint32    // journeys so far
	resuming bool      // journeys that waited are followed
	horizon  uint32    // tick at which touches end: the end of the tail, or of the week of ruin
	feedback uint64    // channels whose rates are known only in their own step
}

// parked is a journey that waits for the step of a point.
type parked struct {
	journey
	journeyProgress
	route
	end
}

func (j *journeys) init(w *world) {
	j.parked = make([][]parked, w.span)
	j.leads = make([][]lead, w.span)
	j.waited = make([][]lead, w.span)
	j.newborn.count = make([]int, len(w.cells))
}

func (j *journeys) reset(w *world) {
	for i := range j.leads {
		j.spareParked.take(&j.parked[i])
		j.spareLeads.take(&j.leads[i])
		j.spareLeads.take(&j.waited[i])
	}
	j.opened = 0
	j.late, j.active, j.free = j.late[:0], j.active[:0], j.free[:0]
	j.feedback = w.feedback
	if j.feedback == 0 {
		j.keep, j.pull, j.paid = w.keep, w.pull, w.paid
	} else {
		j.keep, j.pull, j.paid = append(j.keep[:0], w.keep...), append(j.pull[:0], w.pull...), append(j.paid[:0], w.paid...)
	}
}

// threshold turns a chance, cut to 0 and 1, into a threshold on a 32-bit word. WebAssembly has no
// instruction that Go would take for the smaller of two floats; a call would cost more than the rest.
func threshold(p float64) uint64 {
	if !(p > 0) {
		return 0
	}
	if p > 1 {
		return threshold32
	}
	return uint64(int64(p * threshold32))
}

// setTouch enters the rates and lifts of the current step where they were not
// known ahead.
func (j *journeys) setTouch(s *State) {
	if j.feedback != 0 {
		s.w.fillTouchStep(j.keep, j.pull, j.paid, s.drivers, s.step, j.feedback)
	}
}

// knows says whether a journey's firm knows the brand in a step.
func (s *State) knows(key rng.Key, row, region int) bool {
	return key.Word(purposeAware)>>32 < s.w.aware[row*len(s.w.byRegion)+region]
}

// ticks gives the first whole tick of the current step and the ticks of a step.
func (s *State) ticks() (start uint32, span uint64) {
	return s.w.firstTick(s.row()), ticksPerWeek / uint64(s.w.tl.StepsPerWeek())
}

// firstTick is the first whole tick of a step, counted from the first of the burn-in.
func (w *world) firstTick(row int) uint32 {
	per := uint64(w.tl.StepsPerWeek())
	return uint32((uint64(row)*ticksPerWeek + per - 1) / per)
}

// rowOf is the step, counted from the first of the burn-in, that holds a tick.
func (s *State) rowOf(tick uint32) int { return s.w.rowOf(tick) }

func (w *world) rowOf(tick uint32) int {
	return int(uint64(tick) * uint64(w.tl.StepsPerWeek()) >> tickBits)
}

// weeks turns a tick into weeks since the first day.
func (s *State) weeks(tick uint32) float64 {
	return float64(tick)/ticksPerWeek - float64(float64(s.w.burnIn)*s.w.h)
}

// draw appends the proposed touches of a journey in order of time: those of channels that reach it
// whose level lies below the rate of their step, as far as it is known ahead, else below the highest
// that it can be.
func (s *State) draw(js *journey, list []point) []point {
	w, a := s.w, &s.w.axis
	from := len(list)
	region := int(w.regionOf[js.cell])
	var set [1]uint64
	one := [1]journey{*js}
	a.reach(one[:], set[:])
	live := set[0] & a.allowed[w.openGroupOf(js)]
	total := a.total(live)
	routes := [1]route{{live, uint32(total), w.ratesOf(js.cell)}}
	if total > 0 {
		process := [1]rng.Process{{Stream: js.key.Stream(purposePoint), Scale: w.ticksPerUnit / float64(int64(total)),
			Tick: js.born, Stop: min(js.end, s.journey.horizon)}}
		var only, low [1]uint32
		var at [1]hit
		for rng.NextPoints(process[:], only[:], low[:]) > 0 {
			a.find(routes[:], only[:], low[:], at[:])
			tick, c := process[0].Tick, at[0].channel
			if at[0].level < w.keep[w.rateAt(s.rowOf(tick), region, int(c))] {
				list = append(list, point{level: at[0].level, stream: process[0].Stream, tick: tick, channel: c})
			}
		}
	}
	if w.beyond != 0 {
		x := &s.journey.single
		x.draw(w, one[:], set[:], routes[:], s.journey.horizon)
		list = append(list, x.points...)
		slices.SortStableFunc(list[from:], func(a, b point) int { return cmp.Compare(a.tick, b.tick) })
	}
	if num := w.rows[s.rowOf(js.born)]; num.reachLess != 0 {
		group := w.groupOf(js, num)
		kept := list[:from]
		for _, p := range list[from:] {
			if num.reachLess>>p.channel&1 == 0 || w.reaches(js, num, set[0], int(p.channel), group) {
				kept = append(kept, p)
			}
		}
		list = kept
	}
	return list
}

// visibleTo is 1 for a journey that can be seen from outside, else 0.
func visibleTo(key rng.Key, visible uint64) int {
	return int(below(key.Word(purposeVisible)>>32, visible))
}

// inTurn gives the leads of a step in the order in which their journeys opened; those of one journey in order
// of time.
func (j *journeys) inTurn(row int) []lead {
	list, waited := j.leads[row], j.waited[row]
	if len(waited) == 0 {
		return list
	}
	slices.SortFunc(waited, func(a, b lead) int {
		if a.turn != b.turn {
			return cmp.Compare(a.turn, b.turn)
		}
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.touches, b.touches)) // a journey may have several
	})
	j.merged = j.merged[:0]
	for len(waited) > 0 {
		n := 0
		for n < len(list) && list[n].turn < waited[0].turn {
			n++
		}
		j.merged = append(append(j.merged, list[:n]...), waited[0])
		list, waited = list[n:], waited[1:]
	}
	j.merged = append(j.merged, list...)
	return j.merged
}

// raiseHands turns the step's raised hands into leads, in the order in which their journeys opened:
// which of them had to wait for live customers or cuts must not show in anything that follows.
func (s *State) raiseHands() {
	w, j := s.w, &s.journey
	list := j.inTurn(s.row())
	p := w.at(s.step).plan
	j.keys, j.willing = slices.Grow(j.keys[:0], len(list))[:len(list)], slices.Grow(j.willing[:0], len(list))[:len(list)]
	for i := range list {
		j.keys[i] = list[i].key
	}
	rng.Normals(j.keys, purposeWilling, j.willing)
	for i := range list {
		j.willing[i] = float64(p.Journey.WillingnessSigma[w.cells[list[i].cell].Size] * j.willing[i])
	}
	rng.ExpEach(j.willing)
	for i := range list {
		l := &list[i]
		willing := float64(p.Journey.WillingnessMedian[w.cells[l.cell].Size] * j.willing[i])
		if w.slump[s.row()] {
			willing *= p.Economy.Recession.Willingness
		}
		s.raiseHand(l, willing)
	}
	j.spareLeads.take(&j.leads[s.row()])
	j.spareLeads.take(&j.waited[s.row()])
}

// wait keeps a journey whose hand is raised until first contact.
func (j *journeys) wait(l *lead) (slot uint32) {
	if n := len(j.free); n > 0 {
		slot, j.free = j.free[n-1], j.free[:n-1]
	} else {
		slot = uint32(len(j.late))
		j.late = append(j.late, waiter{})
	}
	j.late[slot] = waiter{journey: l.journey, raised: l.at}
	j.active = append(j.active, slot)
	return slot
}

// contacted ends the touches of a sign-up's journey: first contact was made, or
// never will be.
func (s *State) contacted(d *deal, at float64) {
	if d.slot != noSlot {
		x := &s.journey.late[d.slot]
		raised := max(d.raised, -s.w.before) // as its tick
		x.contact = max(1, x.raised+uint32(int64(max(0, at-raised)*ticksPerWeek)))
		d.slot = noSlot
	}
}

// wasteTouches counts the touches made in the step on journeys between raised
// hand and first contact.
func (s *State) wasteTouches() {
	j, w := &s.journey, s.w
	if len(j.active) == 0 {
		return
	}
	row := s.row()
	period := periodOf(uint64(row), uint64(w.burnIn), uint64(w.burnIn+w.steps-1))
	kept := j.active[:0]
	for _, slot := range j.active {
		x := &j.late[slot]
		if x.contact == 0 || x.contact > x.raised {
			region := int(w.regionOf[x.cell])
			j.points = s.draw(&x.journey, j.points[:0])
			for i := range j.points {
				pt := &j.points[i]
				if pt.tick <= x.raised || s.rowOf(pt.tick) != row || x.contact != 0 && pt.tick >= x.contact {
					continue
				}
				c := int(pt.channel)
				if pt.level >= j.keep[w.rateAt(row, region, c)] || w.holdsOut(x.key, row, c) ||
					w.rows[row].needsAware>>c&1 == 1 && !s.knows(x.key, row, region) {
					continue
				}
				through, arrives := s.arrives(c, row, region, pt.level, pt.stream)
				if !arrives {
					continue
				}
				s.tally.touchesAt[row]++
				s.tally.touchCell[period][through*len(w.cells)+int(x.cell)]++
				if s.asks&(Weeks|Touches) != 0 {
					s.observeTouch(&x.journey, pt.tick, through, true)
				}
			}
		}
		if x.contact != 0 {
			j.free = append(j.free, slot)
			continue
		}
		kept = append(kept, slot)
	}
	j.active = kept
}

// power is x^n for a whole number n.
func power(x float64, n int) float64 {
	if n == 4 {
		x = float64(x * x)
		return float64(x * x)
	}
	p := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p = float64(p * x)
		}
		x = float64(x * x)
	}
	return p
}

// inf is no event at all.
var inf = math.Inf(1)
