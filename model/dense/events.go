package dense

import "math"

// Ranks order events of the same time (docs/model.md, section 1.3): death,
// a rival's win, window's end, end of service, touch, first contact; a trigger comes before
// what it opens, a booking after all else.
const (
	rankTrigger = iota
	rankDeath
	rankRival
	rankWindow
	rankService
	rankTouch
	rankContact
	rankBooking
)

// event is something that happens at a time.
type event struct {
	at     float64
	rank   int
	serial int // order of adding, the last tie-breaker
	happen func()
}

func (e *event) before(o *event) bool {
	if e.at != o.at {
		return e.at < o.at
	}
	if e.rank != o.rank {
		return e.rank < o.rank
	}
	return e.serial < o.serial
}

// agenda is the list of events to come: those of the current step as a heap,
// the others by step.
type agenda struct {
	perWeek float64
	step    int
	now     []*event // heap
	later   map[int][]*event
	added   int
}

func newAgenda(c calendar) agenda {
	return agenda{perWeek: float64(c.perWeek), step: -c.burnIn - 1, later: map[int][]*event{}}
}

// add puts an event on the agenda; infinite times never come.
func (a *agenda) add(at float64, rank int, happen func()) {
	if math.IsInf(at, 1) {
		return
	}
	a.added++
	e := &event{at, rank, a.added, happen}
	if step := int(math.Floor(at * a.perWeek)); step > a.step {
		a.later[step] = append(a.later[step], e)
		return
	}
	a.push(e)
}

// begin takes up the events of a step.
func (a *agenda) begin(step int) {
	a.step = step
	for _, e := range a.later[step] {
		a.push(e)
	}
	delete(a.later, step)
}

// runUntil lets all events before a time happen, in order.
func (a *agenda) runUntil(end float64) {
	for len(a.now) > 0 && a.now[0].at < end {
		a.pop().happen()
	}
}

func (a *agenda) push(e *event) {
	a.now = append(a.now, e)
	for i := len(a.now) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.now[i].before(a.now[up]) {
			return
		}
		a.now[i], a.now[up] = a.now[up], a.now[i]
		i = up
	}
}

func (a *agenda) pop() *event {
	first, last := a.now[0], len(a.now)-1
	a.now[0], a.now[last] = a.now[last], nil
	a.now = a.now[:last]
	for i := 0; ; {
		next := 2*i + 1
		if next >= last {
			return first
		}
		if next+1 < last && a.now[next+1].before(a.now[next]) {
			next++
		}
		if !a.now[next].before(a.now[i]) {
			return first
		}
		a.now[i], a.now[next] = a.now[next], a.now[i]
		i = next
	}
}
