package model

import (
	"math/bits"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// teamQueue is a team at work. People are in order of hiring; idle ones are bits.
type teamQueue struct {
	label    uint64
	today    []deal  // arrivals of the step
	order    []int32 // their order in time
	queue    []deal  // waiting, first come first served; head is the first
	head     int
	people   []person
	idle     []uint64
	calls    []int32    // heap of busy people by end of service
	byRule   int        // people hired by the rule
	joining  []int      // steps at which people hired by the rule start
	employed int        // head-count
	longest  int        // queue at the end of a step, since watchQueues
	busy     float64    // person-weeks busy in the week
	staff    float64    // person-weeks of the week
	load     [4]float64 // busy and staff of the last four weeks
	staffed  [4]float64
	weeks    int
}

// person is one member of a team.
type person struct {
	hired   float64 // weeks; the far past for opening people
	start   float64 // of the service in hand
	until   float64 // end of the service in hand
	leaving bool
	gone    bool
}

const farPast = -1e6

// staff brings the head-count to the schedule plus the people hired by the rule.
func (s *State) staff(d *teamQueue, team *plan.Team, t int) {
	want := 0
	if team.Enabled {
		want = int(team.People)
	}
	switch {
	case s.step >= 0:
		want += s.joined(d, team)
	case len(team.Ramping) > 0: // who has not begun yet is not there
		want = max(0, want-team.Since(float64(-s.step)/s.w.perWeek))
	}
	now := s.now()
	have := 0
	for i := range d.people {
		if !d.people[i].leaving {
			have++
		}
	}
	hired := now
	first := s.step == -s.w.burnIn && s.step <= 0 && len(d.people) == 0
	if first {
		hired = farPast // opening people are fully ramped, but for those below
	}
	for ; have < want && (!s.money.cut.freeze || hired == farPast); have++ {
		d.people = append(d.people, person{hired: hired})
		i := len(d.people) - 1
		if i/64 >= len(d.idle) {
			d.idle = append(d.idle, 0)
		}
		d.idle[i/64] |= 1 << (i % 64)
	}
	if first {
		d.begun(s.w.open.plan.Teams[t].Ramping, s.w.before)
	}
	for i := len(d.people) - 1; i >= 0 && have > want; i-- { // last hired leaves first
		if p := &d.people[i]; !p.leaving {
			p.leaving = true
			have--
			if d.idle[i/64]>>(i%64)&1 == 1 {
				d.idle[i/64] &^= 1 << (i % 64)
				p.gone = true
			}
		}
	}
	for len(d.people) > 0 && d.people[len(d.people)-1].gone {
		d.people = d.people[:len(d.people)-1]
	}
	d.employed = have
	d.staff += float64(float64(have) * s.w.h)
	if s.step >= 0 {
		s.money.payTeam(t, float64(float64(have)*team.PayPerYear/plan.WeeksPerYear*s.w.h))
	}
}

// joined gives the people that the hiring rule has brought to a team, those of the step among them.
func (s *State) joined(d *teamQueue, team *plan.Team) int {
	kept := d.joining[:0]
	for _, at := range d.joining {
		if at > s.step || s.money.cut.freeze {
			kept = append(kept, at)
			continue
		}
		d.byRule += int(team.HireStep)
	}
	d.joining = kept
	return d.byRule
}

// begun says since when the last of a team's first people are there, of whom some began lately, but before these weeks.
func (d *teamQueue) begun(lately []plan.Began, before float64) {
	i := len(d.people)
	for _, x := range lately { // the latest first
		for n := int(x.People); n > 0 && i > 0 && x.WeeksAgo >= before; n-- {
			i--
			d.people[i].hired = -x.WeeksAgo
		}
	}
}

// runQueue moves a queue with servers through the step in continuous time.
func (s *State) runQueue(d *teamQueue, team *plan.Team, h *plan.Hours) {
	d.sortToday()
	start, end := s.now(), s.now()+s.w.h
	if h.Always || h.IsOpen(start) {
		s.serveAll(d, team, h, start) // people who joined at the step's start
	}
	next, opens := 0, h.Next(start)
	for {
		at, busy := inf, -1
		if len(d.calls) > 0 {
			busy = int(d.calls[0])
			at = d.people[busy].until
		}
		if next < len(d.order) && d.today[d.order[next]].ready < min(at, opens) {
			s.takeUp(d, team, h, &d.today[d.order[next]])
			next++
			continue
		}
		if min(at, opens) >= end {
			break
		}
		if opens < at {
			s.serveAll(d, team, h, opens)
			opens = h.AfterOpening(opens)
			continue
		}
		s.endService(d, h, busy, start)
		if h.Always || h.IsOpen(at) { // closed only where the hours have changed since
			s.serveNext(d, team, h, at)
		}
	}
	for i := range d.people {
		p := &d.people[i]
		if d.isBusy(i) && !p.leaving {
			d.busy += h.Worked(end) - h.Worked(max(p.start, start))
		}
	}
	s.leaveQueue(d, end)
}

// leaveQueue takes those out of the queue who wait no longer at the step's end; each left at its own time.
func (s *State) leaveQueue(d *teamQueue, end float64) {
	kept := d.queue[:0]
	for i := d.head; i < len(d.queue); i++ {
		x := &d.queue[i]
		if min(x.windowEnd, x.gone) < end {
			s.loseWaiting(x)
			continue
		}
		kept = append(kept, *x)
	}
	d.queue, d.head = kept, 0
	d.longest = max(d.longest, len(kept))
}

// sortToday orders the arrivals of the step by time, ties by key.
func (d *teamQueue) sortToday() {
	d.order = d.order[:0]
	for i := range d.today {
		d.order = append(d.order, int32(i))
	}
	slices.SortFunc(d.order, func(i, k int32) int {
		a, b := &d.today[i], &d.today[k]
		switch {
		case a.ready < b.ready:
			return -1
		case a.ready > b.ready:
			return 1
		case a.key < b.key:
			return -1
		}
		return 1
	})
}

func (d *teamQueue) isBusy(i int) bool {
	return !d.people[i].gone && d.idle[i/64]>>(i%64)&1 == 0
}

// firstIdle is the longest employed idle person, or -1.
func (d *teamQueue) firstIdle() int {
	for k, word := range d.idle {
		if word != 0 {
			return k*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// takeUp lets a lead that joins its team be served at once, if somebody is idle and at work, or wait; some are
// never answered.
func (s *State) takeUp(d *teamQueue, team *plan.Team, h *plan.Hours, x *deal) {
	if team.Forgets() && s.forgotten(d, team, x) {
		x.ready = inf // nobody will ever take it up: it goes when its window ends
		s.join(x)
		return
	}
	if i := d.firstIdle(); i >= 0 && (h.Always || h.IsOpen(x.ready)) {
		s.serve(d, team, h, i, x, x.ready)
		return
	}
	d.queue = append(d.queue, *x)
}

// serveAll gives those in the queue to idle people at a time.
func (s *State) serveAll(d *teamQueue, team *plan.Team, h *plan.Hours, at float64) {
	for len(d.queue) > d.head && d.firstIdle() >= 0 {
		s.serveNext(d, team, h, at)
	}
}

// serveNext gives the first in the queue who is still there to the longest
// employed idle person at a time.
func (s *State) serveNext(d *teamQueue, team *plan.Team, h *plan.Hours, at float64) {
	for d.head < len(d.queue) {
		i := d.firstIdle()
		if i < 0 {
			return
		}
		x := &d.queue[d.head]
		d.head++
		if min(x.windowEnd, x.gone) <= at {
			s.loseWaiting(x)
			continue
		}
		s.serve(d, team, h, i, x, at)
		return
	}
}

// serve starts the service of a sign-up, which is first contact, or the screening of a lead that is not real.
func (s *State) serve(d *teamQueue, team *plan.Team, h *plan.Hours, i int, x *deal, at float64) {
	p := &d.people[i]
	ramp := 1.0
	if employed := at - p.hired; employed < team.RampWeeks {
		ramp = team.RampStart + float64((1-team.RampStart)*employed/team.RampWeeks)
	}
	p.start = at
	service := rng.Exponential(x.key, purposeService) / (team.OpportunitiesPerWeek * ramp)
	if x.is&toBeScreened != 0 {
		service = float64(service * team.ScreeningShare)
	}
	p.until = h.After(at, service)
	d.idle[i/64] &^= 1 << (i % 64)
	d.push(int32(i))
	s.tally.replies.made(s, x, at)
	if x.is&toBeScreened != 0 {
		s.screened(x)
		return
	}
	s.contact(x, at, p.until)
}

// endService frees a person.
func (s *State) endService(d *teamQueue, h *plan.Hours, i int, stepStart float64) {
	d.pop()
	p := &d.people[i]
	if p.leaving {
		p.gone = true
		return
	}
	d.busy += h.Worked(p.until) - h.Worked(max(p.start, stepStart))
	d.idle[i/64] |= 1 << (i % 64)
}

// push and pop keep the heap of busy people by end of service.
func (d *teamQueue) push(i int32) {
	d.calls = append(d.calls, i)
	k := len(d.calls) - 1
	for k > 0 {
		up := (k - 1) / 2
		if !d.before(k, up) {
			break
		}
		d.calls[k], d.calls[up] = d.calls[up], d.calls[k]
		k = up
	}
}

func (d *teamQueue) before(a, b int) bool {
	x, y := &d.people[d.calls[a]], &d.people[d.calls[b]]
	return x.until < y.until || x.until == y.until && d.calls[a] < d.calls[b]
}

func (d *teamQueue) pop() {
	n := len(d.calls) - 1
	d.calls[0] = d.calls[n]
	d.calls = d.calls[:n]
	for k := 0; ; {
		low := 2*k + 1
		if low >= n {
			return
		}
		if low+1 < n && d.before(low+1, low) {
			low++
		}
		if !d.before(low, k) {
			return
		}
		d.calls[k], d.calls[low] = d.calls[low], d.calls[k]
		k = low
	}
}
