package model

import (
	"math"
	"math/bits"

	"windfall/model/rng"
)

// batchSize is the number of journeys that are followed side by side: enough to
// hide the latency of what each waits for, few enough to stay in the first cache.
const batchSize = 512

// batch holds journeys that are followed together, round by round: in every
// round each of them makes one more proposed touch. The passes of a round are
// short loops without branches that depend on the draw.
type batch struct {
	js   []journey
	word []uint64 // trigger words
	stop []uint32 // tick at which touches end: 0 once the hand is raised or the journey is parked
	done []bool   // raised or parked

	// Journeys that draw their proposals from the axis.
	live  []uint64  // intervals that may touch it
	total []uint64  // their width
	scale []float64 // mean ticks between proposals
	tick  []uint32  // of the last proposal

	// Journeys whose points are listed.
	from, until []uint32

	alive []uint32
	low   []uint32 // lower halves of the words of a round's proposals
	hits  []point
	fresh []uint32 // hits that are their journey's first
	hands []uint32 // hits that raise the hand
}

// grow makes room for n journeys more and gives the first one's index.
func (b *batch) grow(n int) (at int) {
	at = len(b.js)
	n += at
	if cap(b.js) < n {
		m := n + n/2
		b.js = append(make([]journey, 0, m), b.js...)
		b.word = append(make([]uint64, 0, m), b.word...)
		b.stop = append(make([]uint32, 0, m), b.stop...)
		b.done = make([]bool, m)
		b.live, b.total, b.scale, b.tick = make([]uint64, m), make([]uint64, m), make([]float64, m), make([]uint32, m)
		b.from, b.until = make([]uint32, m), make([]uint32, m)
		b.alive, b.low, b.fresh, b.hands, b.hits = make([]uint32, m), make([]uint32, m), make([]uint32, m), make([]uint32, m), make([]point, m)
	}
	b.js, b.word, b.stop = b.js[:n], b.word[:n], b.stop[:n]
	return at
}

// followBatch follows the journeys of the batch from their triggers on, each
// until a touch raises its hand, until one hangs on what is not known yet, or
// to its end.
func (s *State) followBatch(num *numbers) {
	if len(s.w.sources) > 0 || num.reachMoved {
		s.drawBatch()
		s.followPoints()
		return
	}
	b := &s.journey.batch
	n := len(b.js)
	clear(b.done[:n])
	alive := s.reachAll(num)
	for round := uint64(0); alive > 0; round++ {
		alive = b.propose(round, alive)
		s.touchAll(b.hits[:s.keepProposed(round, alive)])
	}
	s.endAll()
}

// reachAll draws which channels reach each journey of the batch; alive are
// those that any does.
func (s *State) reachAll(num *numbers) (alive int) {
	w, a, b := s.w, &s.w.axis, &s.journey.batch
	spans, tables, rows := a.spans, a.tables, a.rowOf
	for q := range b.js {
		js := &b.js[q]
		set := reachOfJourney(tables[int(rows[js.cell])*len(spans):][:len(spans)], js.key)
		group := int(js.kind) * 2
		if w.targets {
			group += visibleTo(js.key, num.visible[js.kind])
		}
		set &= a.allowed[group]
		total := a.total(set)
		b.live[q], b.total[q], b.tick[q] = set, total, js.born
		b.scale[q] = w.ticksPerUnit / float64(int64(total)) // +Inf without a channel: see below
		b.alive[alive] = uint32(q)
		alive += int(-total >> 63)
	}
	return alive
}

// propose draws the next proposal of each journey alive and keeps alive those
// for which it comes before their end.
func (b *batch) propose(round uint64, n int) (alive int) {
	address := purposePoint + round<<32
	list, low := b.alive[:n], b.low[:n]
	for _, q := range list {
		word := b.js[q].key.Word(address)
		t := int64(b.tick[q]) + int64(rng.Gap(uint32(word>>32))*b.scale[q])
		b.tick[q] = uint32(t)
		list[alive], low[alive] = q, uint32(word)
		alive += int(uint64(t-int64(b.stop[q])) >> 63)
	}
	return alive
}

// keepProposed finds the channel of each proposal and lists those that lie below
// its rate, as far as it is known ahead.
func (s *State) keepProposed(round uint64, n int) (hits int) {
	w, a, b := s.w, &s.w.axis, &s.journey.batch
	C, R := len(w.plan.Channels)+1, len(w.byRegion)
	perWeek := uint64(w.tl.perWeek)
	list, low := b.alive[:n], b.low[:n]
	keep, region := w.keep, w.regionOf
	for k, q := range list {
		interval, level := a.at(b.live[q], uint64(low[k])*b.total[q]>>32)
		tick := b.tick[q]
		row := int(uint64(tick) * perWeek >> tickBits)
		c := a.channel[interval]
		h := &b.hits[hits]
		h.level, h.tick, h.number, h.journey, h.channel, h.layer = level, tick, uint32(round), q, c, 0
		hits += int((level - keep[(row*R+int(region[b.js[q].cell]))*C+int(c)]) >> 63)
	}
	return hits
}

// drawBatch lists the points of each journey of the batch.
func (s *State) drawBatch() {
	j, b := &s.journey, &s.journey.batch
	j.points = j.points[:0]
	for q := range b.js {
		js := &b.js[q]
		b.from[q] = uint32(len(j.points))
		j.points = s.draw(js, s.w.rows[s.rowOf(js.born)], j.points)
		b.until[q] = uint32(len(j.points))
	}
}

// followPoints follows the journeys of the batch through their listed points.
func (s *State) followPoints() {
	j, b := &s.journey, &s.journey.batch
	n := len(b.js)
	clear(b.done[:n])
	for q := range n {
		b.alive[q] = uint32(q)
	}
	for n > 0 {
		alive := 0
		for _, q := range b.alive[:n] {
			if at := b.from[q]; at < b.until[q] && !b.done[q] {
				b.hits[alive] = j.points[at]
				b.hits[alive].journey = q
				b.from[q]++
				b.alive[alive] = q
				alive++
			}
		}
		n = alive
		s.touchAll(b.hits[:n])
	}
	s.endAll()
}

// touchAll makes the points of a round touches, at most one of each journey:
// it moves progress and raises hands.
func (s *State) touchAll(hits []point) {
	w, j, b, t := s.w, &s.journey, &s.journey.batch, &s.tally
	hits = s.sift(hits)
	C, R, cells := len(w.plan.Channels)+1, len(w.byRegion), len(w.cells)
	perWeek := uint64(w.tl.perWeek)
	fresh := 0
	for i := range hits {
		b.fresh[fresh] = hits[i].journey
		fresh += int(uint64(int64(b.js[hits[i].journey].touches)-1) >> 63)
	}
	for _, q := range b.fresh[:fresh] {
		b.js[q].need = s.need(&b.js[q])
	}
	hands := 0
	for i := range hits {
		h := &hits[i]
		js := &b.js[h.journey]
		c := int(h.channel)
		row := int(uint64(h.tick) * perWeek >> tickBits)
		num := w.rows[row]
		before := uint64(int64(row-w.burnIn)) >> 63 // 1 in the burn-in
		first := uint64(int64(js.touches)-1) >> 63
		t.touchesAt[row]++
		t.reachedAt[row] += int(first)
		t.judged[1-before]++
		t.touchCell[1-before][c*cells+int(js.cell)]++
		weight := num.weight[int(1-(first|js.touched>>c&1))*(C-1)+c]
		progress := float64(js.progress*rng.FastExp2Neg(float64(float64(int64(h.tick-js.last))*num.memory))) + weight
		js.progress = progress
		js.touched |= 1 << c
		js.touches++
		js.last = h.tick
		p := power(progress, num.steep)
		reached := 1 - math.Float64bits(p-js.need)>>63
		t.engaged[1-before] += int(reached &^ uint64(js.engaged))
		js.engaged |= uint8(reached)
		ready := p / (p + js.need)
		if num.stepwise {
			ready = float64(int64(reached))
		}
		chance := float64(j.pull[(row*R+int(w.regionOf[js.cell]))*C+c] * num.urgency[js.kind] * ready)
		if chance > 1 {
			t.capped[1-before]++
		}
		b.hands[hands] = uint32(i)
		hands += int(math.Float64bits(s.raiseUnit(js.key, h)-chance) >> 63)
	}
	for _, i := range b.hands[:hands] {
		h := &hits[i]
		js := &b.js[h.journey]
		row := int(uint64(h.tick) * perWeek >> tickBits)
		b.stop[h.journey], b.done[h.journey] = 0, true
		j.leads[row] = append(j.leads[row], lead{key: js.key, born: js.born, end: js.end, at: h.tick, cell: js.cell, channel: h.channel, kind: js.kind,
			touches: js.touches, channels: uint8(bits.OnesCount64(js.touched)), dies: js.dies})
	}
}

// sift takes out points that are no touches because the firm does not know the
// brand, or because the rate of their step lies lower than it might have; and
// parks journeys at points that hang on what is not known yet.
func (s *State) sift(hits []point) []point {
	w, j, b := s.w, &s.journey, &s.journey.batch
	special := j.feedback | w.needAware
	if special == 0 {
		return hits
	}
	C, R := len(w.plan.Channels)+1, len(w.byRegion)
	known := max(s.row(), w.burnIn-1)
	kept := 0
	for i := range hits {
		h := &hits[i]
		c := int(h.channel)
		if special>>c&1 == 1 {
			js := &b.js[h.journey]
			row, region := s.rowOf(h.tick), int(w.regionOf[js.cell])
			if j.feedback>>c&1 == 1 {
				if row > known {
					at := *h
					at.journey = 0
					j.parked[row] = append(j.parked[row], parked{*js, at})
					b.stop[h.journey], b.done[h.journey] = 0, true
					continue
				}
				if h.level >= j.keep[(row*R+region)*C+c] {
					continue
				}
			}
			if w.rows[row].needsAware>>c&1 == 1 && !s.knows(js.key, row, region) {
				continue
			}
		}
		hits[kept] = *h
		kept++
	}
	return hits[:kept]
}

// endAll books the ends of the batch's journeys that raise no hand.
func (s *State) endAll() {
	b := &s.journey.batch
	for q := range b.js {
		if !b.done[q] {
			js := &b.js[q]
			s.endJourney(int(js.cell), js.end, js.dies, b.word[q])
		}
	}
	b.js, b.word, b.stop = b.js[:0], b.word[:0], b.stop[:0]
}
