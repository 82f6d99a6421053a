package model

import (
	"math/bits"

	"windfall/model/rng"
)

// batchSize is the number of journeys that are followed side by side: enough to
// hide the latency of what each waits for, few enough to stay in the first cache.
const batchSize = 512

// ending is how a journey of the batch ends: its window is over, its firm dead or a rival chosen,
// unless a touch raises its hand, or it depends on what is not known yet.
type ending uint8

const (
	handNever ending = iota
	handRaised
	handOpen
)

// end is where the touches of a journey end: the point, its process there, and the process of the axis
// as the journey goes on from there.
type end struct {
	rng.Process
	at   hit
	axis rng.Process
}

// batch holds journeys that are followed together, round by round: in every
// round each of them makes one more proposed touch. The passes of a round are
// short loops without branches that depend on the draw.
type batch struct {
	js       []journey
	word     []uint64      // trigger words
	process  []rng.Process // proposed touches; they stop at the end, or at once when the journey is done
	route    []route
	progress []journeyProgress
	done     []ending
	last     []end // of those done

	sets []uint64 // of intervals that reach each journey

	alive []uint32
	low   []uint32 // lower halves of the words of a round's proposals
	hits  []hit
	some  []uint32 // indexes of some of the hits, or of their journeys
	keys  []rng.Key
	needs []float64
}

// route is where the proposals of a journey may fall.
type route struct {
	live  uint64 // intervals of the axis that may touch it
	total uint32 // their width
	rates uint32 // first of its region's rows of rates, less the first step
}

// journeyProgress is what touches have made of a journey.
type journeyProgress struct {
	progress float64
	need     float64 // need^h, drawn at the first touch
	touched  uint64  // channels that have touched
	last     uint32  // tick of the last touch
	touches  uint16
	engaged  uint8 // 1 once progress has reached the need
}

// seenOrFirst is 1 if the channel has left a trace, or none has; else 0.
func (m *journeyProgress) seenOrFirst(c uint) uint {
	return uint(isZero(m.touched) | bit(m.touched, c))
}

// move notes a touch and the progress after it. Touches are counted up to 2^16 - 1.
func (m *journeyProgress) move(progress float64, tick uint32, trace, reached uint64) {
	touches := uint32(m.touches) + 1
	m.touches = uint16(touches - touches>>16)
	m.progress, m.last = progress, tick
	m.touched |= trace
	m.engaged |= uint8(reached)
}

// hit is a proposed touch of a journey of the batch, at the tick of its process.
type hit struct {
	level   uint64 // in units of the axis
	journey uint32
	entry   uint16 // of the axis: see find; then viaOrganic or not
	channel uint8
}

// grow makes room for n journeys more and gives the first one's index.
func (b *batch) grow(n int) (at int) {
	at = len(b.js)
	n += at
	if cap(b.js) < n {
		m := n + n/2
		b.js = append(make([]journey, 0, m), b.js...)
		b.word = append(make([]uint64, 0, m), b.word...)
		b.process, b.route, b.done = make([]rng.Process, m), make([]route, m), make([]ending, m)
		b.progress = make([]journeyProgress, m)
		b.last = make([]end, m)
		b.sets = make([]uint64, m)
		b.alive, b.low, b.some, b.hits = make([]uint32, m), make([]uint32, m), make([]uint32, m), make([]hit, m)
		b.keys, b.needs = make([]rng.Key, m), make([]float64, m)
	}
	b.js, b.word = b.js[:n], b.word[:n]
	return at
}

// followBatch follows the journeys of the batch from their triggers on, each
// until a touch raises its hand, until one depends on what is not known yet, or
// to its end.
func (s *State) followBatch() {
	b := &s.journey.batch
	clear(b.done[:len(b.js)])
	clear(b.progress[:len(b.js)])
	alive := s.reachAll()
	s.drawExtras()
	s.followRounds(alive)
}

// drawExtras lists the points beyond the axis of the batch's journeys.
func (s *State) drawExtras() {
	j, b := &s.journey, &s.journey.batch
	j.extras.pending = j.extras.pending[:0]
	if s.w.beyond != 0 {
		j.extras.draw(s.w, b.js, b.sets, b.route, j.horizon)
	}
}

// followRounds follows those journeys of the batch that are alive to their ends.
func (s *State) followRounds(alive int) {
	b, x, forks := &s.journey.batch, &s.journey.extras, s.fork.ahead()
	for alive > 0 {
		s.keepBefore()
		if forks {
			s.fork.note(b, b.alive[:alive])
		}
		alive = rng.NextPoints(b.process, b.alive[:alive], b.low)
		hits := s.keepProposed(alive)
		if len(x.pending) > 0 {
			hits = s.touchEarlier(hits)
		}
		s.touchAll(hits)
	}
	if forks {
		s.fork.stepBack(b)
	}
	if len(x.pending) > 0 {
		s.keepBefore()
		s.touchRest()
	}
	s.endAll()
}

// reachAll draws which channels reach each journey of the batch; alive are
// those that any does.
func (s *State) reachAll() (alive int) {
	w, j, b := s.w, &s.journey, &s.journey.batch
	n := len(b.js)
	process, routes, list, sets := b.process[:n], b.route[:n], b.alive[:n], b.sets[:n]
	w.axis.reach(b.js, sets)
	for q := range b.js {
		js := &b.js[q]
		set := sets[q] & w.axis.allowed[w.openGroupOf(js)]
		total := w.axis.total(set)
		routes[q] = route{set, uint32(total), w.ratesOf(js.cell)}
		// Without a channel the scale is infinite, and the journey not alive.
		process[q] = rng.Process{Stream: js.key.Stream(purposePoint), Scale: w.ticksPerUnit / float64(int64(total)),
			Tick: js.born, Stop: min(js.end, j.horizon)}
		list[alive] = uint32(q)
		alive += int(below(0, total))
	}
	return alive
}

// keepProposed finds the channel of each proposal of the journeys alive and
// lists those that lie below its rate, as far as it is known ahead.
func (s *State) keepProposed(alive int) []hit {
	w, b := s.w, &s.journey.batch
	stride := uint64(len(w.plan.Channels) + 1)
	perWeek := uint64(w.tl.StepsPerWeek())
	hits, keep, process, route := b.hits[:alive], w.keep, b.process, b.route
	w.axis.find(b.route, b.alive[:alive], b.low, hits)
	kept := 0
	for i := range hits {
		h := hits[i]
		row := uint64(process[h.journey].Tick)*perWeek>>tickBits + uint64(route[h.journey].rates)
		hits[kept] = h
		kept += int(below(h.level, keep[row*stride+uint64(h.channel)]))
	}
	return hits[:kept]
}

// touchAll makes the points of a round touches, at most one of each journey:
// it moves progress and raises hands.
func (s *State) touchAll(hits []hit) {
	b := &s.journey.batch
	hits = s.filter(hits)
	s.drawNeeds(s.countTouches(hits))
	if s.asks&(Weeks|Touches) != 0 {
		s.observeTouches(hits)
	}
	for _, i := range s.answerTouches(hits) {
		h := &hits[i]
		if bit(s.w.unreal, uint(h.channel)) == 1 && s.raisesForNothing(h) {
			continue
		}
		b.end(h, handRaised)
	}
}

// countTouches counts touches and gives the journeys for which one is the first.
func (s *State) countTouches(hits []hit) []uint32 {
	w, b, t := s.w, &s.journey.batch, &s.tally
	js, progresses, processes, some := b.js, b.progress, b.process, b.some[:len(hits)]
	cells, perWeek := len(w.cells), uint64(w.tl.StepsPerWeek())
	firstRow, lastRow := uint64(w.burnIn), uint64(w.burnIn+w.steps-1)
	touchesAt, reachedAt := t.touchesAt, t.reachedAt
	touchCell := [4][]uint32{t.touchCell[0], t.touchCell[1], t.touchCell[2]} // by period, see periodOf
	var judged [4]int                                                        // likewise
	fresh := 0
	for i := range hits {
		h := &hits[i]
		q := h.journey
		row := uint64(processes[q].Tick) * perWeek >> tickBits
		first := below(uint64(progresses[q].touches), 1)
		period := periodOf(row, firstRow, lastRow) & 3
		touchesAt[row]++
		reachedAt[row] += int(first)
		judged[period]++
		touchCell[period][int(h.channel)*cells+int(js[q].cell)]++
		some[fresh] = q
		fresh += int(first)
	}
	for k := range t.judged {
		t.judged[k] += judged[k]
	}
	return some[:fresh]
}

// answerTouches moves the journeys on by their touches and gives the touches that raise a hand.
func (s *State) answerTouches(hits []hit) []uint32 {
	w, j, b, t := s.w, &s.journey, &s.journey.batch, &s.tally
	js, progresses, processes, routes, some := b.js, b.progress, b.process, b.route, b.some[:len(hits)]
	perWeek, firstRow, lastRow := uint64(w.tl.StepsPerWeek()), uint64(w.burnIn), uint64(w.burnIn+w.steps-1)
	C := len(w.plan.Channels) + 1
	rows, pull := w.rows, j.pull
	var engaged [4]int // by period
	hands := 0
	// The numbers of the current step, which hundreds of touches share: read once, not at each.
	var num *numbers
	var memory float64
	var steep int
	var weight, urgency []float64
	var weighty uint64
	for i := range hits {
		h := &hits[i]
		q, c := h.journey, uint(h.channel)
		m, p := &progresses[q], &processes[q]
		row := uint64(p.Tick) * perWeek >> tickBits
		if r := rows[row]; r != num {
			num = r
			memory, steep, weight, urgency, weighty = r.memory, r.steep, r.weight, r.urgency, r.weighty
		}
		fade := rng.FastExp2Neg(float64(float64(int64(p.Tick-m.last)) * memory))
		progress := float64(m.progress*fade) + weight[2*c+m.seenOrFirst(c)]
		power := power(progress, steep)
		reached := 1 - negative(power-m.need)
		engaged[periodOf(row, firstRow, lastRow)&3] += int(reached &^ uint64(m.engaged))
		ready := power / (power + m.need)
		if num.stepwise {
			ready = float64(int64(reached))
		}
		m.move(progress, p.Tick, weighty&(1<<(c&63)), reached)
		chance := float64(pull[(int(row)+int(routes[q].rates))*C+int(c)] * urgency[js[q].kind] * ready)
		if chance > 1 {
			t.capped[periodOf(row, firstRow, lastRow)]++
		}
		some[hands] = uint32(i)
		hands += int(negative(p.Stream.Beside(purposeRaise-purposePoint) - chance))
	}
	for k := range t.engaged {
		t.engaged[k] += engaged[k]
	}
	return some[:hands]
}

// periodOf is 0 for a row of the burn-in, 1 for one of the run and 2 for one of its tail.
func periodOf(row, firstOfRun, lastOfRun uint64) uint64 {
	return 1 - below(row, firstOfRun) + below(lastOfRun, row)
}

// drawNeeds draws need^h of some journeys of the batch, with the numbers of
// their triggers.
func (s *State) drawNeeds(list []uint32) {
	w, b := s.w, &s.journey.batch
	keys, needs := b.keys[:len(list)], b.needs[:len(list)]
	for k, q := range list {
		keys[k] = b.js[q].key
	}
	rng.Normals(keys, purposeNeed, needs)
	for k, q := range list {
		js := &b.js[q]
		num := w.rows[s.rowOf(js.born)]
		needs[k] = num.needLog[w.cells[js.cell].Size] + float64(num.needSpread*needs[k])
	}
	rng.ExpEach(needs)
	for k, q := range list {
		b.progress[q].need = needs[k]
	}
}

// filter takes out points that are no touches because the firm does not know the
// brand, because the channel holds it out or no longer reaches it, because the rate of their
// step lies lower than it might have, or because a search does not arrive; and parks
// journeys at points that depend on what is not known yet.
func (s *State) filter(hits []hit) []hit {
	w, j, b := s.w, &s.journey, &s.journey.batch
	special := j.feedback | w.needAware | w.less | w.searches | w.held
	if special == 0 {
		return hits
	}
	n := 0
	for i := range hits {
		b.some[n] = uint32(i)
		n += int(bit(special, uint(hits[i].channel)))
	}
	none := uint8(len(w.plan.Channels))
	known := max(s.row(), w.burnIn-1)
	for _, i := range b.some[:n] {
		h := &hits[i]
		c := int(h.channel)
		js, p := &b.js[h.journey], &b.process[h.journey]
		row := s.rowOf(p.Tick)
		if w.held>>c&1 == 1 && w.holdsOut(js.key, row, c) ||
			w.searches>>c&1 == 1 && w.isLost(c, row, int(w.regionOf[js.cell]), h.level, p.Stream) {
			h.channel = none
			continue
		}
		if j.feedback>>c&1 == 1 {
			if row > known {
				b.end(h, handOpen)
				h.channel = none
				continue
			}
			if h.level >= j.keep[(row+int(b.route[h.journey].rates))*(int(none)+1)+c] {
				h.channel = none
				continue
			}
		}
		if w.rows[row].needsAware>>c&1 == 1 && !s.knows(js.key, row, int(w.regionOf[js.cell])) {
			h.channel = none
			continue
		}
		if num := w.rows[s.rowOf(js.born)]; num.reachLess>>c&1 == 1 &&
			!w.reaches(js, num, b.sets[h.journey], c, w.groupOf(js, num)) {
			h.channel = none
			continue
		}
		if w.searches>>c&1 == 1 {
			s.search(h, row, none)
		}
	}
	if n == 0 {
		return hits
	}
	kept := 0
	for i := range hits {
		h := hits[i]
		hits[kept] = h
		kept += int(below(uint64(h.channel), uint64(none)))
	}
	return hits[:kept]
}

// end stops the touches of a hit's journey.
func (b *batch) end(h *hit, how ending) {
	q := h.journey
	b.done[q] = how
	last := &b.last[q]
	last.Process, last.at = b.process[q], *h
	if how == handOpen {
		last.axis = b.process[q] // unless the point lies beyond the axis, see touchExtras
	}
	b.process[q].Stop = 0
}

// endAll books how the batch's journeys end, in the order of the batch: which
// way they were followed must not show in the order of what comes after.
func (s *State) endAll() {
	w, p, t, j, b := s.w, &s.pools, &s.tally, &s.journey, &s.journey.batch
	done, words, cells := b.done[:len(b.js)], b.word[:len(b.js)], len(w.cells)
	locks, deaths, sizes, fork := w.locks, w.deaths, len(w.plan.Population.Sizes), s.fork.tick
	for q := range b.js {
		js := &b.js[q]
		switch last, m := &b.last[q], &b.progress[q]; done[q] {
		case handRaised:
			row := s.rowOf(last.Tick)
			into := &j.leads[row]
			if j.resuming {
				into = &j.waited[row]
			}
			l := j.spareLeads.add(into)
			l.journey = *js
			l.at, l.touches, l.channels = last.Tick, m.touches, uint8(bits.OnesCount64(m.touched))
			l.channel = w.rows[row].through(&last.at)
			continue
		case handOpen:
			row := s.rowOf(last.Tick)
			x := j.spareParked.add(&j.parked[row])
			x.journey, x.journeyProgress, x.route, x.end = *js, *m, b.route[q], *last
			continue
		}
		if js.end >= fork {
			s.fork.keep(b, q, j.resuming)
			continue
		}
		// The window is over or a rival chosen, then locked; or the firm has died.
		row := s.rowOf(js.end)
		if row >= w.span {
			continue
		}
		t.ended(js.fate, row)
		if row >= w.burnIn+w.steps {
			continue // in the tail no count of firms moves
		}
		at := row*cells + int(js.cell)
		if js.fate == firmDies {
			p.die[at]++
			continue
		}
		p.expire[at]++
		if row < w.burnIn {
			continue // locked firms of the first day are made there
		}
		// Most locks last beyond the end of the run, and few firms die in them before it.
		left := float64(float64(int64(w.endTick)-int64(js.end)) * (1.0 / ticksPerWeek))
		size := w.cells[js.cell].Size
		// 1 - e^-x < x
		if js.end >= locks[row] && !w.life[size].aged && lockUnit(words[q]) >= float64(deaths[row*sizes+size]*left) {
			continue
		}
		founded := s.founded(js.key, js.born, js.cell, js.kind)
		if r := s.releaseStep(int(js.cell), s.weeks(js.end), lockUnit(words[q]), founded); r >= 0 {
			p.release[r*cells+int(js.cell)]++
		}
	}
	b.js, b.word = b.js[:0], b.word[:0]
}

// resume follows the journeys that waited for the current step.
func (s *State) resume() {
	w, j, b := s.w, &s.journey, &s.journey.batch
	list := j.parked[s.row()]
	j.resuming = true
	defer func() { j.resuming = false }()
	for len(list) > 0 {
		part := list[:min(len(list), batchSize)]
		list = list[len(part):]
		b.grow(len(part))
		for i := range part {
			x := &part[i]
			b.js[i], b.word[i], b.done[i] = x.journey, x.key.Word(purposeTrigger), handNever
			b.progress[i], b.process[i], b.route[i] = x.journeyProgress, x.Process, x.route
			b.hits[i] = x.at
			b.hits[i].journey = uint32(i)
		}
		if w.less != 0 || w.beyond != 0 {
			w.axis.reach(b.js, b.sets)
		}
		s.drawExtras()
		for _, q := range j.extras.pending {
			j.extras.skip(q, &part[q].end)
		}
		s.touchAll(b.hits[:len(part)])
		alive := 0
		for i := range part {
			if b.done[i] == handNever && part[i].total > 0 {
				b.process[i] = part[i].axis
				b.alive[alive] = uint32(i)
				alive++
			}
		}
		s.followRounds(alive)
	}
	j.spareParked.take(&j.parked[s.row()])
}
