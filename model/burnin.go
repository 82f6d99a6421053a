package model

import (
	"maps"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// Most journeys of the burn-in are over before the first day and leave nothing behind, except those
// that stood in somebody's way in a queue. So the ones that cannot last are dropped at once, if no
// people would sell to them, or if they open before the queues of the first day have begun. Whether the queues had
// begun by then shows at the end; where they had, the burn-in is run again with every journey (docs/model.md,
// section 3.1).

// outlast bounds how long a sale may go on after first contact with a firm of a size class.
type outlast struct {
	queues  bool               // some channel sends its sign-ups to a team of people
	service float64            // mean of the slowest team, weeks, of its newest people where they ramp in the burn-in
	pause   float64            // the longest for which one is closed at a stretch, weeks
	cycles  []rng.GammaSampler // the longest of each coefficient of variation
	trial   float64            // the longest, weeks
}

// queueMemory is how many of the longest mean windows and services a queue is expected to remember
// at the most.
const queueMemory = 3

// severalTimes is the margin of queuesAreOlder: with it no record differed at any load that was tried.
const severalTimes = 3

// fillOutlast finds how long a sale may go on, and how many steps before the first day its queues are
// expected to have begun.
func (w *world) fillOutlast() {
	if w.outlast == nil {
		w.outlast = make([]outlast, len(w.plan.Population.Sizes))
	}
	memory := 0.0
	for z := range w.outlast {
		o := &w.outlast[z]
		longest := map[float64]float64{} // mean cycle by coefficient of variation
		o.queues, o.service, o.pause, o.cycles, o.trial = false, 0, 0, o.cycles[:0], 0
		window := 0.0
		for _, n := range w.beforeRun() {
			o.take(w, n, z, longest)
			for k := range n.plan.Triggers {
				if t := &n.plan.Triggers[k]; t.Enabled {
					window = max(window, t.WindowWeeks)
				}
			}
		}
		for _, cv := range slices.Sorted(maps.Keys(longest)) {
			o.cycles = append(o.cycles, w.gammas.Sampler(longest[cv], cv))
		}
		if o.service > 0 && window > 0 {
			memory = max(memory, queueMemory*(window+o.service+o.pause))
		}
	}
	w.settled = min(w.burnIn, int(math.Ceil(memory*w.perWeek)))
}

// beforeRun are the numbers of the burn-in.
func (w *world) beforeRun() []*numbers {
	if len(w.past) > 0 {
		return w.past
	}
	return w.every[:1]
}

// take lets a bound hold for a span of the burn-in too, in which no number changes.
func (o *outlast) take(w *world, n *numbers, size int, longest map[float64]float64) {
	p := n.plan
	o.trial = max(o.trial, plan.LongestTrial(p))
	if p.OffersFree() {
		o.trial = longestWeeks // a free user may last
	}
	for _, t := range n.teamOf[size*len(p.Channels) : (size+1)*len(p.Channels)] {
		o.queues = o.queues || t >= 0 && p.Teams[t].Kind == "people"
	}
	for t := range p.Teams {
		team := &p.Teams[t]
		if !team.Enabled || len(team.Sizes) > 0 && !slices.Contains(team.Sizes, p.Population.Sizes[size].Name) {
			continue
		}
		longest[team.CycleCV] = max(longest[team.CycleCV], team.CycleDays[size]/plan.DaysPerWeek)
		if team.Kind == "people" {
			o.service = max(o.service, 1/(team.OpportunitiesPerWeek*w.slowest(team)))
			o.pause = max(o.pause, n.hours[t].LongestPause())
		}
	}
}

// slowest is the least speed of a member of a team in the burn-in, against one who is ramped: all are, but for those
// who join in it.
func (w *world) slowest(team *plan.Team) float64 {
	if team.RampWeeks > 0 && (w.tl.Replays() || len(team.Ramping) > 0) {
		return team.RampStart
	}
	return 1
}

// runBurnIn empties the state for a replication whose touches end at a tick, and runs the steps before
// the first day; journeys that open in the last whole ones are all followed.
func (s *State) runBurnIn(horizon uint32, whole int) {
	s.reset(horizon)
	lap(StageReset)
	s.whole = whole
	for s.step = -s.w.burnIn; s.step < 0; s.step++ {
		if s.step == -whole {
			s.sales.watchQueues()
		}
		s.Step()
	}
}

// watchQueues begins to measure how idle the teams are.
func (s *sales) watchQueues() {
	for t := range s.teams {
		d := &s.teams[t]
		d.busy, d.staff, d.longest = 0, 0, 0
	}
}

// queuesAreOlder says whether a queue of the first day may have begun before the steps that were run
// whole. It has not if the team's idle hands in these could have served all that it can have had
// before it at their beginning: the longest queue seen, and a firm for each person.
func (s *State) queuesAreOlder() bool {
	for t := range s.sales.teams {
		d := &s.sales.teams[t]
		speed, people := inf, float64(len(d.people)) // the least and the most of the burn-in
		for _, n := range s.w.beforeRun() {
			if team := &n.plan.Teams[t]; team.Enabled && team.Kind == "people" {
				speed = min(speed, float64(team.OpportunitiesPerWeek*s.w.slowest(team)))
				if s.w.tl.Replays() {
					people = max(people, team.People)
				}
			}
		}
		if speed < inf && (d.staff-d.busy)*speed < float64(severalTimes*(float64(d.longest)+people)) {
			return true
		}
	}
	return false
}

// mayQueue says whether a sign-up of a journey of the burn-in may wait for people.
func (s *State) mayQueue(js *journey, size int) bool {
	w := s.w
	o := &w.outlast[size]
	if o.queues || o.service == 0 {
		return o.queues
	}
	if w.tl.Replays() {
		return true // whose it is depends on the shares of that day
	}
	T := len(w.plan.Teams)
	return w.open.plan.Teams[pick(w.open.teamShare[size*T:(size+1)*T], js.key.Unit(purposeTeam))].Kind == "people"
}

// forget takes journeys of the burn-in out of the batch, from an index on, of which nothing can be
// left on the first day: neither their window nor, if first contact were made at its very end,
// service and cycle reach it. All of these are the journey's own draws, so the others stay as they
// are.
func (s *State) forget(from, size int) {
	w, b := s.w, &s.journey.batch
	firstDay := uint64(w.firstDay)
	o := &w.outlast[size]
	queuesForget := s.step < -s.whole
	kept := from
	for q := from; q < len(b.js); q++ {
		js := &b.js[q]
		if last := uint64(js.end); last < firstDay && (queuesForget || !s.mayQueue(js, size)) {
			weeks := 0.0
			for i := range o.cycles {
				weeks = max(weeks, o.cycles[i].Draw(js.key, purposeCycle))
			}
			if o.service > 0 {
				weeks += float64(o.service*rng.Exponential(js.key, purposeService)) + o.pause
			}
			weeks += o.trial
			if last+uint64(int64(min(weeks, longestWeeks)*ticksPerWeek))+1 < firstDay {
				s.pools.inMarket[js.cell]--
				continue
			}
		}
		b.js[kept], b.word[kept] = *js, b.word[q]
		kept++
	}
	s.tally.journeys -= len(b.js) - kept
	b.js, b.word = b.js[:kept], b.word[:kept]
}
