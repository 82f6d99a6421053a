package dense

import "container/heap"

// Ranks order events of the same time (model specification, section 6): death,
// window's end, end of service, touch, first contact; a trigger comes before
// what it opens, a booking after all else.
const (
	rankTrigger = iota
	rankDeath
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

// agenda is the list of events to come.
type agenda struct {
	list  []event
	added int
}

// add puts an event on the agenda.
func (a *agenda) add(at float64, rank int, happen func()) {
	a.added++
	heap.Push(a, event{at, rank, a.added, happen})
}

// runUntil lets all events before a time happen, in order.
func (a *agenda) runUntil(end float64) {
	for len(a.list) > 0 && a.list[0].at < end {
		heap.Pop(a).(event).happen()
	}
}

// Len, Less, Swap, Push and Pop make the agenda a heap.
func (a *agenda) Len() int      { return len(a.list) }
func (a *agenda) Swap(i, j int) { a.list[i], a.list[j] = a.list[j], a.list[i] }
func (a *agenda) Push(e any)    { a.list = append(a.list, e.(event)) }

func (a *agenda) Less(i, j int) bool {
	x, y := &a.list[i], &a.list[j]
	if x.at != y.at {
		return x.at < y.at
	}
	if x.rank != y.rank {
		return x.rank < y.rank
	}
	return x.serial < y.serial
}

func (a *agenda) Pop() any {
	last := a.list[len(a.list)-1]
	a.list = a.list[:len(a.list)-1]
	return last
}
