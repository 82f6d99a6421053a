package model

import (
	"math/bits"
	"slices"

	"windfall/model/rng"
)

// point is a proposed touch beyond the axis that its plan may keep.
type point struct {
	level   uint64     // in units of the axis
	stream  rng.Stream // its address
	tick    uint32
	journey uint32 // in the batch
	channel uint8
}

// extras are the points beyond the axis of the journeys of a batch, listed before the journeys are
// followed: the few that this plan can keep are then taken in between the points of the axis, each at
// its time. So a plan that goes beyond the opening plan is followed like any other.
type extras struct {
	points      []point  // by journey, then time
	from, until []uint32 // those of each journey that are still to come
	pending     []uint32 // journeys that have any

	unsorted []point
	process  []rng.Process
	entry    []uint16 // of the axis: see axis.find
	list     []uint32
	low      []uint32
	hits     []hit
	before   []rng.Process // of each pending journey: its process before the point in hand
	taken    []uint32      // journeys whose next point is in hand
}

// resize makes room for n journeys.
func (x *extras) resize(n int) {
	if len(x.process) >= n {
		return
	}
	n += n / 2
	x.from, x.until, x.process, x.before = make([]uint32, n), make([]uint32, n), make([]rng.Process, n), make([]rng.Process, n)
	x.list, x.low, x.hits, x.entry = make([]uint32, n), make([]uint32, n), make([]hit, n), make([]uint16, n)
}

// draw lists the points beyond the axis of some journeys: those whose level lies below the rate of
// their step, as far as it is known ahead, else below the highest that it can be. It takes which
// intervals have a channel that reaches each of them, their routes, and when they stop.
func (x *extras) draw(w *world, js []journey, sets []uint64, routes []route, horizon uint32) {
	x.resize(len(js))
	x.unsorted = x.unsorted[:0]
	if w.above != 0 {
		x.drawAbove(w, js, routes, horizon)
	}
	for i := range w.sources {
		x.drawSource(w, &w.sources[i], js, sets, routes, horizon)
	}
	x.sort(len(js))
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
			x.process[q] = rng.Process{Stream: js.key.Child(uint64(above + j)).Stream(purposePoint), Scale: w.ticksPerUnit / float64(a.totals[entry]), Tick: max(js.born, w.firstDay), Stop: stop}
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
			for i := range hits {
				h := &hits[i]
				p := &x.process[h.journey]
				level := uint64(a.widthOf[h.channel]) + h.level
				if level < w.keep[(uint64(w.rowOf(p.Tick))+uint64(routes[h.journey].rates))*stride+uint64(h.channel)] {
					x.unsorted = append(x.unsorted, point{level, p.Stream, p.Tick, h.journey, h.channel})
				}
			}
		}
	}
}

// drawSource draws the points of a source.
func (x *extras) drawSource(w *world, src *source, js []journey, sets []uint64, routes []route, horizon uint32) {
	c := int(src.channel)
	begin := uint32(0)
	if src.interval >= 0 { // the axis holds the whole of the burn-in
		begin = w.firstDay
	}
	n := 0
	for q := range js {
		js := &js[q]
		stop := min(js.end, horizon)
		if stop <= begin || src.interval >= 0 && src.layer <= above && routes[q].live>>src.interval&1 == 1 {
			continue // nothing to come, or the axis and what lies right above it hold the layer
		}
		num := w.rows[w.rowOf(js.born)]
		if !w.reaches(js, num, sets[q], c, w.groupOf(js, num)) {
			continue
		}
		x.process[q] = rng.Process{Stream: w.sourceKey(js.key, c, int(src.layer)).Stream(purposePoint), Scale: src.gap, Tick: max(js.born, begin), Stop: stop}
		x.list[n] = uint32(q)
		n++
	}
	stride := uint64(len(w.plan.Channels) + 1)
	for n > 0 {
		n = rng.NextPoints(x.process, x.list[:n], x.low)
		for i, q := range x.list[:n] {
			p := &x.process[q]
			up, _ := bits.Mul64(uint64(x.low[i])<<32, src.width) // a layer may be wider than 32 bits
			if level := src.low + up; level < w.keep[(uint64(w.rowOf(p.Tick))+uint64(routes[q].rates))*stride+uint64(c)] {
				x.unsorted = append(x.unsorted, point{level, p.Stream, p.Tick, q, src.channel})
			}
		}
	}
}

// sort puts the points of n journeys in order: by journey, then time; ties keep the order in which
// they were drawn.
func (x *extras) sort(n int) {
	until := x.until[:n]
	clear(until)
	for i := range x.unsorted {
		until[x.unsorted[i].journey]++
	}
	x.pending = x.pending[:0]
	sum := uint32(0)
	for q, k := range until {
		x.from[q], until[q] = sum, sum
		sum += k
		if k > 0 {
			x.pending = append(x.pending, uint32(q))
		}
	}
	x.points = slices.Grow(x.points[:0], int(sum))[:sum]
	for i := range x.unsorted {
		p := &x.unsorted[i]
		at := until[p.journey]
		for ; at > x.from[p.journey] && x.points[at-1].tick > p.tick; at-- {
			x.points[at] = x.points[at-1]
		}
		x.points[at] = *p
		until[p.journey]++
	}
}

// skip drops the points of a journey that come before a parked one, or are that one.
func (x *extras) skip(q uint32, at *end) {
	for x.from[q] < x.until[q] && x.points[x.from[q]].tick < at.Tick {
		x.from[q]++
	}
	for i := x.from[q]; i < x.until[q] && x.points[i].tick == at.Tick; i++ {
		if x.points[i].stream == at.Stream {
			x.from[q] = i + 1
		}
	}
}

// keepBefore notes where the processes of pending journeys stand, before they move on.
func (x *extras) keepBefore(process []rng.Process) {
	for _, q := range x.pending {
		x.before[q] = process[q]
	}
}

// touchExtras makes touches of the points beyond the axis that come before the point of the axis in
// hand, or of all that are left where the axis has no more to come. It says whether any of the
// journeys came to its end.
func (s *State) touchExtras(rest bool) (ended bool) {
	b, x := &s.journey.batch, &s.journey.extras
	for len(x.pending) > 0 {
		hits, pending := x.hits[:0], x.pending[:0]
		x.taken = x.taken[:0]
		for _, q := range x.pending {
			if b.done[q] != handNever || x.from[q] == x.until[q] {
				continue
			}
			pending = append(pending, q)
			next, p := &x.points[x.from[q]], &b.process[q]
			if !rest && next.tick >= p.Tick {
				continue
			}
			x.from[q]++
			x.taken = append(x.taken, q)
			hits = append(hits, hit{level: next.level, journey: q, channel: next.channel})
			// While the touch is made the journey's process stands at this point.
			x.process[q] = *p
			p.Tick, p.Stream = next.tick, next.stream
		}
		x.pending = pending
		if len(hits) == 0 {
			break
		}
		s.touchAll(hits)
		for _, q := range x.taken {
			if b.done[q] == handNever {
				b.process[q] = x.process[q]
			} else {
				b.last[q].axis = x.before[q]
				ended = true
			}
		}
	}
	return ended
}

// goesBeyond says whether this plan can keep a point beyond the axis.
func (w *world) goesBeyond() bool { return w.above != 0 || len(w.sources) > 0 }
