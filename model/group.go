package model

import (
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// Group runs several plans for the same replications, one after the other on one goroutine, and does once what they
// share: the burn-in and the opening state where they have one opening plan, and the steps of the run up to the first
// dated change in which they differ. Each plan's record is, to the bit, that which [State.Replicate] makes of
// it alone. Plans that share nothing are run apart; [Group.Classes] says why.
//
// A group holds two states for plans that share, however many they are, and for each plan what is known before its
// first day. After the first replication nothing is allocated, but for plans with uncertain inputs.
type Group struct {
	// Observers, if not nil, has an entry for each plan: nil, or what is told what happens to single firms. Plans may
	// have one together: when Finished is called it was told all of that plan, from Begin on.
	Observers []Observer
	// Finished, if not nil, is called when the record of a plan is made, before another plan's is. Where it gives
	// false the rest of the replication is left out.
	Finished func(plan int) (more bool)
	// FirstDays, if not nil, keeps the first day of replications for plans of this group and of others; not while
	// single firms are observed, nor at inputs that are given.
	FirstDays *FirstDays

	members []member
	classes []class
	day     dayOf // the replication in hand
	given   bool  // its inputs are given
	stopped bool  // Finished gave false
}

// Class is plans of a group, by their places, that share at least the burn-in.
type Class struct {
	Plans []int
	Why   string // they do not share with those of the first class; empty for that itself
}

// member is a plan of a group.
type member struct {
	pr            *Prepared
	w             *world
	fixed, filled bool
	served        byte // by the first days that are kept
	fork          int  // step of the run in which it parts from the first of its class
	until         int  // the same in a replication, from the plan in hand
}

// Whether first days that are kept can be those of a member.
const (
	notAsked byte = iota
	served
	notServed
)

// class is plans of a group that may share.
type class struct {
	members []int
	why     string // they do not share with those of the first class
	// The state in which they part, and that in which each of them is run on from there. A plan alone has the latter.
	// They are made when they are needed.
	shared, own *State
	seen        shared // in the former
	// Of a replication: members that are still to be run; of those that share with the first, those that part
	// from it later than on the first day and the others.
	active, late, early []int
}

// NewGroup makes a group of plans for one goroutine.
func NewGroup(plans []*Prepared) *Group {
	g := &Group{members: make([]member, len(plans))}
	for i, pr := range plans {
		m := &g.members[i]
		m.pr, m.w = pr, newWorld(pr.plan)
		m.fixed = !m.w.tl.Random()
		m.w.tl.SetFixed()
		m.w.fill()
		m.filled = m.fixed
		g.place(i)
	}
	return g
}

// place puts a plan into the first class whose plans it can share with.
func (g *Group) place(i int) {
	m, why := &g.members[i], ""
	for k := range g.classes {
		c := &g.classes[k]
		first := &g.members[c.members[0]]
		not := sameShape(first.pr.plan, m.pr.plan)
		if not == "" {
			not = sameOpening(first.pr.plan, m.pr.plan)
		}
		if not == "" { // with uncertain inputs at their medians; each replication looks again
			not = first.w.opensLike(m.w)
		}
		if not == "" {
			c.members, m.fork = append(c.members, i), parts(first.pr.plan, m.pr.plan)
			return
		}
		if k == 0 {
			why = not
		}
	}
	m.fork = m.w.steps
	g.classes = append(g.classes, class{members: []int{i}, why: why})
}

// Classes says which plans share, and of those that do not share with the first plan why. Where the economy or
// rivals are drawn, some replications may share less.
func (g *Group) Classes() (out []Class) {
	for k := range g.classes {
		out = append(out, Class{g.classes[k].members, g.classes[k].why})
	}
	return out
}

// Release lets go of all states; they are made again when they are needed.
func (g *Group) Release() {
	for k := range g.classes {
		g.classes[k].own, g.classes[k].shared = nil, nil
	}
}

// SharedUntil is the step of the run up to which a plan may run together with the first of those that it shares with,
// and the first with any other: 0 where it is the opening state alone, negative where it shares nothing.
func (g *Group) SharedUntil(plan int) int {
	for k := range g.classes {
		members := g.classes[k].members
		switch at := slices.Index(members, plan); {
		case at > 0:
			return g.members[plan].fork
		case at == 0:
			until := -1
			for _, i := range members[1:] {
				until = max(until, g.members[i].fork)
			}
			return until
		}
	}
	return -1
}

// Replicate simulates one replication of each plan and fills its record, which must have the shape of the plan's
// schema; a plan without a record is left out.
func (g *Group) Replicate(seed uint64, replication int, records []*plan.Record) {
	g.ReplicateNested(seed, replication, 0, records)
}

// ReplicateNested is [State.ReplicateNested] of each plan.
func (g *Group) ReplicateNested(seed uint64, draw, variation int, records []*plan.Record) {
	g.replicate(seed, draw, rootOf(seed, draw, variation), records)
}

// ReplicateAt is [State.ReplicateAt] of each plan, at inputs of its own.
func (g *Group) ReplicateAt(seed uint64, variation int, inputs [][]float64, records []*plan.Record) {
	for i := range g.members {
		if records[i] != nil {
			g.members[i].w.tl.Give(inputs[i])
		}
	}
	g.given = true
	g.replicate(seed, variation, rng.Root(seed, variation), records)
	g.given = false
	for i := range g.members {
		g.members[i].w.tl.Give(nil)
	}
}

func (g *Group) replicate(seed uint64, draw int, root rng.Key, records []*plan.Record) {
	g.stopped, g.day = false, dayOf{seed, draw, root}
	for i := range g.members {
		m := &g.members[i]
		if records[i] == nil {
			continue
		}
		if !m.fixed || !m.filled {
			m.w.set(seed, draw, root)
			m.filled = true
		}
		records[i].Replication = draw
		copy(records[i].Inputs, m.w.tl.Drawn())
	}
	for k := range g.classes {
		c := &g.classes[k]
		c.active = c.active[:0]
		for _, i := range c.members {
			if records[i] != nil {
				c.active = append(c.active, i)
			}
		}
		for len(c.active) > 0 && !g.stopped {
			g.runClass(c, root, records)
		}
	}
}

// runClass runs the first of the plans of a class that are still to be run, and all that share with it.
func (g *Group) runClass(c *class, root rng.Key, records []*plan.Record) {
	head := &g.members[c.active[0]]
	c.late, c.early = append(c.late[:0], c.active[0]), c.early[:0]
	rest := c.active[:0]
	for _, i := range c.active[1:] {
		m := &g.members[i]
		if head.w.opensLike(m.w) != "" {
			rest = append(rest, i)
			continue
		}
		if m.until = min(m.fork, head.fork); m.until > 0 && !head.w.runsLike(m.w, m.until) {
			m.until = 0
		}
		c.early = append(c.early, i)
	}
	c.active = rest
	fork := g.forkOf(c.early, head.w.burnIn)
	early := c.early[:0]
	for _, i := range c.early {
		if g.members[i].until >= fork {
			c.late = append(c.late, i)
		} else {
			early = append(early, i)
		}
	}
	c.early = early
	g.runAlike(c, c.late, root, fork, records)
	g.runAlike(c, c.early, root, 0, records)
}

// forkOf gives the step up to which plans are best run together with the one in hand: those that part from it later
// save the steps before, and those that part earlier, if there are any, take a burn-in of their own. 0: all share the
// opening state alone.
func (g *Group) forkOf(plans []int, burnIn int) (fork int) {
	most := 0
	for _, i := range plans {
		at, later := g.members[i].until, 0
		for _, k := range plans {
			if g.members[k].until >= at {
				later++
			}
		}
		saved := later * at
		if later < len(plans) {
			saved -= burnIn
		}
		if saved > most {
			most, fork = saved, at
		}
	}
	return fork
}

// runAlike runs plans that share the run up to a step.
func (g *Group) runAlike(c *class, plans []int, root rng.Key, fork int, records []*plan.Record) {
	if fork == 0 {
		plans = g.runFromFirstDay(c, plans, records)
	}
	if len(plans) > 1 && !g.stopped && g.runShared(c, plans, root, fork, records) {
		return
	}
	for _, i := range plans {
		if g.stopped {
			return
		}
		s := g.use(&c.own, i, root)
		s.runTwiceIfRuined(records[i], s.run)
		g.finished(i)
	}
}

// finished tells that the record of a plan is made.
func (g *Group) finished(plan int) { g.stopped = g.Finished != nil && !g.Finished(plan) }

// runShared runs what the plans share, then each of them from there on. It gives up where the vendor is out of
// business before they part.
func (g *Group) runShared(c *class, plans []int, root rng.Key, fork int, records []*plan.Record) bool {
	head := plans[0]
	s := g.use(&c.shared, head, root)
	s.Observer = nil // each plan's own is told what they share first
	if c.seen.Only = g.asks(plans); c.seen.Only != 0 {
		s.Observer = &c.seen
	}
	s.fork.set(s.w, s.w.burnIn+fork)
	s.runToFirstDay(s.fork.tick)
	if fork == 0 { // those whose opening customers stay longer or pay otherwise make their own
		for _, i := range plans[1:] {
			if !s.w.valuesLike(g.members[i].w) {
				g.runOn(c, s, i, (*State).openRun, records[i])
			}
		}
	}
	s.openRun()
	lap(StageOpenRun)
	s.runSteps(0, fork, records[head])
	if s.money.ruined {
		return false
	}
	for _, i := range plans {
		if fork > 0 {
			weeks := fork / s.w.tl.StepsPerWeek() * len(s.tally.schema.Weekly)
			copy(records[i].Weekly[:weeks], records[head].Weekly[:weeks])
			g.runOn(c, s, i, nil, records[i])
		} else if s.w.valuesLike(g.members[i].w) {
			g.runOn(c, s, i, (*State).openCash, records[i])
		}
	}
	if !s.roomy {
		s.makeRoom()
		s.roomy = true
	}
	return true
}

// runOn runs a plan on from a state that it shares, unless that is enough; open is what is still to do for its first
// day.
func (g *Group) runOn(c *class, from *State, i int, open func(*State), rec *plan.Record) {
	if g.stopped {
		return
	}
	s := g.use(&c.own, i, from.root)
	step := from.fork.row - s.w.burnIn
	s.runTwiceIfRuined(rec, func(rec *plan.Record, horizon uint32) {
		s.takeOver(from, horizon)
		if open != nil {
			open(s)
		}
		s.step = step - 1
		s.goOn(&from.fork)
		s.runSteps(step, s.w.steps, rec)
	})
	g.finished(i)
}

// use makes a state that of a plan; one that is not there is made anew.
func (g *Group) use(state **State, i int, root rng.Key) *State {
	m := &g.members[i]
	if *state == nil {
		*state = m.pr.newState(m.w)
	}
	s := *state
	s.pr, s.w, s.root, s.tally.schema = m.pr, m.w, root, m.pr.dictionary.schema
	s.Observer = nil
	if g.Observers != nil {
		s.Observer = g.Observers[i]
	}
	return s
}

// asks is what the observers of some plans ask for.
func (g *Group) asks(plans []int) (all Events) {
	for _, i := range plans {
		if g.Observers != nil && g.Observers[i] != nil {
			all |= g.Observers[i].Asks()
		}
	}
	return all
}

// openCash puts the opening cash into the account of a run whose customers are there.
func (s *State) openCash() { s.money.openRun(s) }
