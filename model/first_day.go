package model

import (
	"sync"

	"windfall/model/plan"
	"windfall/model/rng"
)

// FirstDays keeps the first day of some replications: the state behind the burn-in and the opening customers, which
// plans with one opening plan share. Groups that have it (see [Group]) run such plans on from there, so that a plan
// that is known only when others have been run needs no burn-in of its own. Records are the same to the bit. Several
// goroutines may use it at a time.
type FirstDays struct {
	room func() bool

	mu   sync.Mutex
	head *Prepared // whose states are kept
	kept map[dayOf]*firstDay
}

// dayOf is the replication that a first day is of.
type dayOf struct {
	seed uint64
	draw int
	root rng.Key
}

// firstDay is made by whoever asks for it first, and is only read from then on.
type firstDay struct {
	once  sync.Once
	state *State // nil: the vendor was out of business by then
}

// NewFirstDays makes one that keeps another state, of some megabytes in the market of a city and a hundred in that of
// a nation, while there is room.
func NewFirstDays(room func() bool) *FirstDays {
	return &FirstDays{room: room, kept: map[dayOf]*firstDay{}}
}

// of gives the state of a replication, made for the first plan that asked for any; nil if there is none.
func (f *FirstDays) of(day dayOf) *State {
	f.mu.Lock()
	first := f.kept[day]
	if first == nil && f.room() {
		first = &firstDay{}
		f.kept[day] = first
	}
	f.mu.Unlock()
	if first == nil {
		return nil
	}
	first.once.Do(func() {
		s := f.head.newState(newWorld(f.head.plan))
		s.w.set(day.seed, day.draw, day.root)
		s.root = day.root
		s.fork.set(s.w, s.w.burnIn)
		s.runToFirstDay(s.fork.tick)
		if s.openRun(); !s.money.ruined {
			first.state = s
		}
	})
	return first.state
}

// serves says whether a plan can be like the one whose states are kept; the first that asks is that plan.
func (f *FirstDays) serves(pr *Prepared) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.head == nil {
		f.head = pr
	}
	return f.head == pr || sameShape(f.head.plan, pr.plan) == "" && sameOpening(f.head.plan, pr.plan) == ""
}

// runFromFirstDay runs the plans whose first day in the replication in hand is kept, or is now, and gives the others.
func (g *Group) runFromFirstDay(c *class, plans []int, records []*plan.Record) (others []int) {
	if g.FirstDays == nil || g.Observers != nil || g.given {
		return plans
	}
	others = plans[:0]
	for _, i := range plans {
		m := &g.members[i]
		if m.served == notAsked {
			m.served = notServed
			if g.FirstDays.serves(m.pr) {
				m.served = served
			}
		}
		var from *State
		if m.served == served {
			from = g.FirstDays.of(g.day)
		}
		if from == nil || from.w.opensLike(m.w) != "" || !from.w.valuesLike(m.w) {
			others = append(others, i)
			continue
		}
		g.runOn(c, from, i, (*State).openCash, records[i])
	}
	return others
}
