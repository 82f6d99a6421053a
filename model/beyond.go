package model

import (
	"math"
	"slices"

	"windfall/model/rng"
)

// point is a proposed touch beyond the axis that its plan may keep.
type point struct {
	level   uint64     // in units of the axis
	stream  rng.Stream // its address
	tick    uint32
	journey uint32 // in the batch
	after   uint32 // the journey's next point in time
	channel uint8
}

// extras are the points beyond the axis of the journeys of a batch, listed before the journeys are
// followed: the few that this plan can keep are then taken in between the points of the axis, each at
// its time. So a plan that goes beyond the opening plan is followed like any other.
type extras struct {
	points      []point
	first, last []uint32 // of each journey: its points that are still to come
	next        []uint32 // tick of the first
	pending     []uint32 // journeys that have any at first

	process []rng.Process
	entry   []uint16 // of the axis: see axis.find
	reached []uint32 // journeys that a channel reaches
	list    []uint32
	low     []uint32
	hits    []hit
	before  []rng.Process // of each pending journey: its process before the current point
}

// resize makes room for n journeys.
func (x *extras) resize(n int) {
	if len(x.process) >= n {
		return
	}
	n += n / 2
	x.first, x.last, x.next = make([]uint32, n), make([]uint32, n), make([]uint32, n)
	x.process, x.before = make([]rng.Process, n), make([]rng.Process, n)
	x.reached, x.list, x.low = make([]uint32, n), make([]uint32, n), make([]uint32, n)
	x.hits, x.entry = make([]hit, n), make([]uint16, n)
}

// draw lists the points beyond the axis of some journeys: those whose level lies below the rate of
// their step, as far as it is known ahead, else below the highest that it can be. It takes which
// intervals have a channel that reaches each of them, their routes, and when they stop.
func (x *extras) draw(w *world, js []journey, sets []uint64, routes []route, horizon uint32) {
	x.resize(len(js))
	x.points = x.points[:0]
	if w.above != 0 {
		x.drawAbove(w, js, routes, horizon)
	}
	for i := range w.sources {
		if i == 0 || w.sources[i].channel != w.sources[i-1].channel {
			x.findReached(w, &w.sources[i], js, sets, horizon)
		}
		x.drawSource(w, &w.sources[i], js, routes, horizon)
	}
	x.order(len(js))
}

// drawAbove draws the layer right above the axis: for each span of six intervals a second process, of
// those journeys that a channel touches whose rate comes to lie in it.
func (x *extras) drawAbove(w *world, js []journey, routes []route, horizon uint32) {
	a := &w.axis
	stride := uint64(len(w.plan.Channels) + 1)
	for j := range a.spans {
		wanted := w.above >> (j * perSpan) & (perSets - 1)
		if wanted == 0 {
			continue
		}
		n := 0
		for q := range js {
			js, set := &js[q], routes[q].live>>(j*perSpan)&(perSets-1)
			stop := min(js.end, horizon)
			if set&wanted == 0 || stop <= w.firstDay {
				continue
			}
			entry := j*perSets + int(set)
			x.process[q] = rng.Process{Stream: js.key.Child(uint64(above + j)).Stream(purposePoint),
				Scale: w.ticksPerUnit / float64(a.totals[entry]), Tick: max(js.born, w.firstDay), Stop: stop}
			x.entry[q], x.list[n] = uint16(entry), uint32(q)
			n++
		}
		for n > 0 {
			n = rng.NextPoints(x.process, x.list[:n], x.low)
			hits := x.hits[:n]
			for i, q := range x.list[:n] {
				entry := x.entry[q]
				hits[i] = hit{level: uint64(x.low[i]) * uint64(a.totals[entry]) >> 32, journey: q, entry: entry}
			}
			a.split(hits)
			list, kept := x.room(n)
			for i := range hits {
				h := &hits[i]
				p := &x.process[h.journey]
				row := uint64(w.rowOf(p.Tick)) + uint64(routes[h.journey].rates)
				to := &list[kept]
				to.level, to.stream = uint64(a.widthOf[h.channel])+h.level, p.Stream
				to.tick, to.journey, to.channel = p.Tick, h.journey, h.channel
				kept += int(below(to.level, w.keep[row*stride+uint64(h.channel)]))
			}
			x.points = list[:kept]
		}
	}
}

// room makes room for n points more: they are written behind the list's own, whose number it gives.
func (x *extras) room(n int) (list []point, length int) {
	length = len(x.points)
	list = slices.Grow(x.points, n)
	return list[:length+n], length
}

// findReached lists the journeys that the channel of a source reaches and that have something to come
// which it may keep. The loop has no branch that depends on the draw.
func (x *extras) findReached(w *world, src *source, js []journey, sets []uint64, horizon uint32) {
	c, C, n := int(src.channel), len(w.plan.Channels), 0
	reached, sets := x.reached[:len(js)], sets[:len(js)]
	i, node := src.interval, w.node[c]
	open := w.open.reach
	var num *numbers
	var reach, mayTouch []uint64
	var everyone bool
	for q := range js {
		js := &js[q]
		if r := w.rows[w.rowOf(js.born)]; r != num {
			num = r
			reach, mayTouch, everyone = r.reach, r.mayTouch, r.everyone>>c&1 == 1
		}
		at := int(js.cell)*C + c
		now := reach[at]
		var yes uint64 // see reachedBit
		switch {
		case i < 0:
			yes = below(js.key.Child(node).Word(purposeReach)>>32, now)
		case now == open[at]:
			yes = sets[q] >> i
		default:
			yes = w.reachedBit(js, sets[q], c, now)
		}
		if !everyone {
			yes &= mayTouch[w.groupOf(js, num)] >> c
		}
		reached[n] = uint32(q)
		n += int(yes & 1 & below(uint64(src.from), uint64(min(js.end, horizon))))
	}
	x.reached = reached[:n]
}

// drawSource draws the points of a source, given the journeys that its channel reaches.
func (x *extras) drawSource(w *world, src *source, js []journey, routes []route, horizon uint32) {
	c := int(src.channel)
	node, layer := w.node[c], uint64(src.layer)
	begin := uint32(0)
	held := uint64(0) // intervals on which the axis and what lies right above it hold the layer
	if src.interval >= 0 {
		begin = src.from // the axis holds the whole of the burn-in, unless more is reached in it than on the first day
		if src.layer <= above {
			held = 1 << src.interval
		}
	}
	n := 0
	for _, q := range x.reached {
		js, p := &js[q], &x.process[q]
		p.Stream = js.key.Child(node).Child(layer).Stream(purposePoint)
		p.Scale, p.Tick, p.Stop = src.gap, max(js.born, begin), min(js.end, horizon)
		x.list[n] = q
		n += int(below(routes[q].live&held, 1))
	}
	stride := uint64(len(w.plan.Channels) + 1)
	for n > 0 {
		n = rng.NextPoints(x.process, x.list[:n], x.low)
		list, kept := x.room(n)
		for i, q := range x.list[:n] {
			p, low := &x.process[q], uint64(x.low[i])
			row := uint64(w.rowOf(p.Tick)) + uint64(routes[q].rates)
			to := &list[kept]
			to.level = src.low + low*(src.width>>32) + low*(src.width&(1<<32-1))>>32 // a layer may be wider than 32 bits
			to.stream, to.tick, to.journey, to.channel = p.Stream, p.Tick, q, src.channel
			kept += int(below(to.level, w.keep[row*stride+uint64(c)]))
		}
		x.points = list[:kept]
	}
}

// order links the points of each of n journeys in order of time; ties keep the order in which they
// were drawn.
func (x *extras) order(n int) {
	first, last, next := x.first[:n], x.last[:n], x.next[:n]
	for q := range next {
		next[q] = none
	}
	x.pending = x.pending[:0]
	for i := range x.points {
		p, at := &x.points[i], uint32(i)
		q := p.journey
		switch p.after = none; {
		case next[q] == none:
			first[q], last[q], next[q] = at, at, p.tick
			x.pending = append(x.pending, q)
		case x.points[last[q]].tick <= p.tick:
			x.points[last[q]].after, last[q] = at, at
		default:
			before := &first[q]
			for x.points[*before].tick <= p.tick {
				before = &x.points[*before].after
			}
			p.after, *before = *before, at
			next[q] = x.points[first[q]].tick
		}
	}
}

// skip drops the points of a journey that come before a parked one, or are that one.
func (x *extras) skip(q uint32, at *end) {
	for x.next[q] < at.Tick {
		x.forward(q)
	}
	for i := x.first[q]; x.next[q] == at.Tick && i != none && x.points[i].tick == at.Tick; i = x.points[i].after {
		if x.points[i].stream == at.Stream {
			x.first[q] = i
			x.forward(q)
		}
	}
}

// none is no point, and the tick of one that never comes.
const none = math.MaxUint32

// touchEarlier makes touches of the points beyond the axis that come before a round's touches on the
// axis, and gives those of the latter whose journeys go on.
func (s *State) touchEarlier(hits []hit) []hit {
	b, x := &s.journey.batch, &s.journey.extras
	n, list := 0, x.list[:len(hits)]
	for i := range hits {
		q := hits[i].journey
		list[n] = q
		n += int(below(uint64(x.next[q]), uint64(b.process[q].Tick)))
	}
	if n == 0 {
		return hits
	}
	s.touchExtras(list[:n], false)
	kept := 0
	for i := range hits {
		h := hits[i]
		hits[kept] = h
		kept += int(below(uint64(b.done[h.journey]), 1))
	}
	return hits[:kept]
}

// touchRest makes touches of all points beyond the axis that are left where the axis has no more to come.
func (s *State) touchRest() {
	b, x := &s.journey.batch, &s.journey.extras
	n := 0
	for _, q := range x.pending {
		x.list[n] = q
		if b.done[q] == handNever && x.next[q] != none {
			n++
		}
	}
	s.touchExtras(x.list[:n], true)
}

// touchExtras makes touches of the next points beyond the axis of some journeys, and of those after
// them that come before the point of the axis in hand, or of all that are left.
func (s *State) touchExtras(list []uint32, rest bool) {
	b, x := &s.journey.batch, &s.journey.extras
	for len(list) > 0 {
		hits := x.hits[:len(list)]
		for i, q := range list {
			next, p := &x.points[x.first[q]], &b.process[q]
			hits[i] = hit{level: next.level, journey: q, channel: next.channel}
			x.forward(q)
			// While the touch is made the journey's process stands at this point.
			x.process[q] = *p
			p.Tick, p.Stream = next.tick, next.stream
		}
		s.touchAll(hits)
		n := 0
		for _, q := range list {
			if b.done[q] != handNever {
				b.last[q].axis = x.before[q]
				continue
			}
			b.process[q] = x.process[q]
			list[n] = q
			if at := x.next[q]; at < b.process[q].Tick || rest && at != none {
				n++
			}
		}
		list = list[:n]
	}
}

// forward goes on to a journey's next point.
func (x *extras) forward(q uint32) {
	at := x.points[x.first[q]].after
	x.first[q], x.next[q] = at, none
	if at != none {
		x.next[q] = x.points[at].tick
	}
}

// keepBefore notes where the processes of pending journeys stand, before they move on: one whose touch
// beyond the axis depends on what is not known yet goes on from there.
func (s *State) keepBefore() {
	if s.w.beyond&s.journey.feedback == 0 {
		return
	}
	x, process := &s.journey.extras, s.journey.batch.process
	for _, q := range x.pending {
		x.before[q] = process[q]
	}
}
