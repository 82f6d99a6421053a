package model

import (
	"math"

	"windfall/model/rng"
)

// Plans that are run together share all that happens before the step in which they part (see [Group]). What reaches
// into that step or beyond depends on each plan: the rest of the journeys that are open by then, and the locks that
// begin later. Both are cut off where the plans part, kept, and followed for each plan from there.

// fork is where plans part, and what is cut off there.
type fork struct {
	row  int    // the first step, counted from that of the burn-in, in which they may differ
	tick uint32 // its first tick

	opened []onward    // journeys that go on, in the order in which they opened
	waited []onward    // likewise, those that have waited for live customers or cash rules, in any order
	locks  []lockAhead // locks that begin in the step or later
	before []uint32    // of each journey of the batch: where it stood before the touch that is proposed next
}

// onward is a journey that goes on beyond the fork, and what its touches have come to.
type onward struct {
	journey
	journeyProgress
	route
	rng.Process
}

// lockAhead is a lock that begins at a time of a later step; see State.lock.
type lockAhead struct {
	cell           int
	at, u, founded float64
}

// lift says that no plans part.
func (f *fork) lift() { f.row, f.tick = math.MaxInt, math.MaxUint32 }

// set says that plans part in a step, counted from the first of the burn-in.
func (f *fork) set(w *world, row int) { f.row, f.tick = row, w.firstTick(row) }

// ahead says whether plans part at all.
func (f *fork) ahead() bool { return f.tick != math.MaxUint32 }

func (f *fork) empty() { f.opened, f.waited, f.locks = f.opened[:0], f.waited[:0], f.locks[:0] }

func (f *fork) makeRoom() {
	if f.ahead() {
		f.opened, f.waited, f.locks = roomy(f.opened), roomy(f.waited), roomy(f.locks)
	}
}

// note keeps where some journeys of the batch stand, before they move on.
func (f *fork) note(b *batch, alive []uint32) {
	if len(f.before) < len(b.process) {
		f.before = make([]uint32, len(b.process))
	}
	for _, q := range alive {
		f.before[q] = b.process[q].Tick
	}
}

// stepBack puts the journeys of the batch that have come to no end before the fork back to their last point.
func (f *fork) stepBack(b *batch) {
	for q := range b.js {
		if b.done[q] == handNever && b.route[q].total > 0 {
			b.process[q].Back(f.before[q])
		}
	}
}

// keep cuts off what is left of a journey of the batch.
func (f *fork) keep(b *batch, q int, waited bool) {
	list := &f.opened
	if waited {
		list = &f.waited
	}
	x := next(list)
	x.journey, x.journeyProgress, x.route, x.Process = b.js[q], b.progress[q], b.route[q], b.process[q]
}

// goOn follows what another state has cut off at its fork, from there on under this one's plan.
func (s *State) goOn(f *fork) {
	s.followOn(f.opened, f.tick)
	s.journey.resuming = true
	s.followOn(f.waited, f.tick)
	s.journey.resuming = false
	for i := range f.locks {
		x := &f.locks[i]
		s.lock(x.cell, x.at, x.u, x.founded)
	}
}

// followOn follows journeys from a tick on.
func (s *State) followOn(list []onward, from uint32) {
	w, j, b := s.w, &s.journey, &s.journey.batch
	for len(list) > 0 {
		part := list[:min(len(list), batchSize)]
		list = list[len(part):]
		b.grow(len(part))
		alive := 0
		for i := range part {
			x := &part[i]
			b.js[i], b.word[i], b.done[i] = x.journey, x.key.Word(purposeTrigger), handNever
			b.progress[i], b.process[i], b.route[i] = x.journeyProgress, x.Process, x.route
			b.process[i].Stop = min(x.end, j.horizon)
			if x.total > 0 {
				b.alive[alive] = uint32(i)
				alive++
			}
		}
		if w.less != 0 || w.beyond != 0 {
			w.axis.reach(b.js, b.sets)
		}
		s.drawExtras()
		for _, q := range j.extras.pending {
			for j.extras.next[q] < from {
				j.extras.forward(q)
			}
		}
		s.followRounds(alive)
	}
}
