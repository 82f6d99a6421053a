package model

import (
	"math"
	"slices"

	"windfall/model/rng"
)

// source is one layer of a channel's touch proposals. The points of a journey
// from a source are a Poisson process over its window, addressed by (journey,
// channel, layer, number); a point is a touch if its level lies below the
// channel's rate at its time. So a change of one channel only adds or removes
// touches of that channel, and nothing else is drawn again.
type source struct {
	node    uint64  // address of the channel below a journey
	first   uint64  // chance of a point a tick on 32 bits, rounded up
	gap     float64 // mean ticks between points
	top     uint64  // level above which this plan keeps no point
	groups  uint64  // (kind x visible) groups that the channel may touch, as bits
	channel uint8
	layer   uint8
}

// sources lists the layers that this plan can keep a point of.
func (w *world) sources(list []source) []source {
	most := 0
	for _, n := range w.layersOf {
		most = max(most, n)
	}
	for l := 0; l < most; l++ {
		for c := range w.base {
			if l >= w.layersOf[c] {
				continue
			}
			low, width := layerSpan(w.base[c], l)
			list = append(list, source{
				node: w.node[c], channel: uint8(c), layer: uint8(l), groups: w.groupsOf(c),
				first: uint64(int64(math.Ceil(width / ticksPerWeek * threshold32))),
				gap:   ticksPerWeek / width,
				top:   threshold((w.bound[c] - low) / width),
			})
		}
	}
	return list
}

// groupsOf is the set of (kind x visible) groups that a channel may touch: all,
// or with targets the visible journeys of those kinds. Targets are structure:
// no date or draw changes them.
func (w *world) groupsOf(channel int) uint64 {
	targets := w.plan.Channels[channel].Targets
	if len(targets) == 0 {
		return math.MaxUint64
	}
	var set uint64
	for k := range w.plan.Triggers {
		if slices.Contains(targets, w.plan.Triggers[k].Name) {
			set |= 1 << (2*k + 1)
		}
	}
	return set
}

// births holds the journeys that one cell opens in one step while their points
// are drawn, channel by channel over all of them: short loops without branches
// that depend on the draw.
type births struct {
	key   []uint64
	span  []uint64 // ticks of the window
	group []uint8  // kind x visible
	hit   []uint32 // journeys with a point of the source in hand, perhaps
	word  []uint64 // their words
	gap   []uint32 // uniforms of the gaps to their next points
	time  []int64  // ticks from the trigger to their last points
	list  []point  // all points, ticks since the trigger, journey = index
	order []point  // the same by journey, in time order
	at    []uint32 // by journey: end of its points in order
}

func (b *births) reset(n int) {
	if cap(b.key) < n {
		b.key, b.span, b.group = make([]uint64, n+n/2), make([]uint64, n+n/2), make([]uint8, n+n/2)
		b.time, b.gap = make([]int64, n+n/2), make([]uint32, n+n/2)
		b.hit, b.word, b.at = make([]uint32, n+n/2), make([]uint64, n+n/2), make([]uint32, n+n/2)
	}
	b.key, b.span, b.group = b.key[:n], b.span[:n], b.group[:n]
	b.hit, b.word, b.at, b.time = b.hit[:n], b.word[:n], b.at[:n], b.time[:n]
	b.gap = b.gap[:n]
	b.list = b.list[:0]
}

// points draws the points of every source that this plan may keep, reach given
// by channel.
//
// One word per journey and channel decides the reach with its upper half and,
// with its lower half u, the first point's time -ln(1-u) x gap: only where u is
// below the mean number of points can there be one, since 1 - e^-x < x.
func (b *births) points(j *journeys, reach []uint64) {
	for i := range j.sources {
		src := &j.sources[i]
		limit, node, first := reach[src.channel], src.node, src.first
		if limit == 0 {
			continue
		}
		n := 0
		span, hit, words := b.span[:len(b.key)], b.hit[:len(b.key)], b.word[:len(b.key)]
		if src.layer == 0 {
			for q, key := range b.key {
				word := rng.Mix(key + node)
				hit[n], words[n] = uint32(q), word
				n += int(((word>>32 - limit) & (word&0xffffffff - span[q]*first)) >> 63)
			}
		} else {
			layer := uint64(src.layer)
			for q, key := range b.key {
				word := rng.Mix(key + node)
				own := uint64(rng.Key(word).Child(layer))
				hit[n], words[n] = uint32(q), own
				n += int(((word>>32 - limit) & (own&0xffffffff - span[q]*first)) >> 63)
			}
		}
		b.draw(src, n)
	}
}

// draw appends the points of one source for the first n of its hits: gaps are
// exponential, each point's word holds its level and the gap to the next. Every
// pass draws one point of each journey that may still have one; a pass has no
// branch that depends on the draw.
func (b *births) draw(src *source, n int) {
	if src.groups != math.MaxUint64 {
		n = b.inGroups(src.groups, n)
	}
	gaps := b.gap[:n]
	for k, word := range b.word[:n] {
		gaps[k] = uint32(word)
	}
	clear(b.time[:n])
	scale := uint64(int64(src.gap))
	kind := uint64(src.channel)<<32 | uint64(src.layer)<<40
	for number := uint64(0); n > 0; number++ {
		rng.AddGaps(b.gap[:n], src.gap, b.time[:n])
		at := len(b.list)
		for cap(b.list) < at+n {
			b.list = append(b.list[:cap(b.list)], point{})
		}
		list := b.list[:at+n]
		hit, words, time, gaps, spans := b.hit[:n], b.word[:n], b.time[:n], b.gap[:n], b.span
		next := 0
		for k, q := range hit {
			node, t := words[k], time[k]
			left := int64(spans[q]) - t
			word := rng.Key(node).Word(number + 1)
			in := uint64(-left) >> 63 // 1 if the point lies within the window
			list[at] = point{uint64(q)<<32 | uint64(uint32(t)), word&0xffffffff | kind | number<<48}
			at += int((word&0xffffffff - src.top) >> 63 & in)
			hit[next], words[next], time[next], gaps[next] = q, node, t, uint32(word>>32)
			// Unless the next gap is longer than what is left, since E > u.
			next += int(((word>>32)*scale>>32 - uint64(left)) >> 63 & in)
		}
		b.list, n = list[:at], next
	}
}

// inGroups keeps the first n hits whose journey a channel with targets may touch.
func (b *births) inGroups(groups uint64, n int) int {
	kept := 0
	for k, q := range b.hit[:n] {
		if groups>>b.group[q]&1 == 1 {
			b.hit[kept], b.word[kept] = q, b.word[k]
			kept++
		}
	}
	return kept
}

// byJourney puts the points in order of journey and, within one, of time; ties
// keep the order of channels by name.
func (b *births) byJourney() {
	clear(b.at)
	for i := range b.list {
		b.at[b.list[i].journey()]++
	}
	var sum uint32
	for i, n := range b.at {
		b.at[i] = sum
		sum += n
	}
	if cap(b.order) < len(b.list) {
		b.order = make([]point, 2*len(b.list))
	}
	b.order = b.order[:len(b.list)]
	for i := range b.list {
		pt := &b.list[i]
		at := &b.at[pt.journey()]
		b.order[*at] = *pt
		*at++
	}
	for i := range b.at {
		list := b.of(i)
		for k := 1; k < len(list); k++ {
			x, m := list[k], k
			for m > 0 && uint32(list[m-1].where) > uint32(x.where) {
				list[m] = list[m-1]
				m--
			}
			list[m] = x
		}
	}
}

// of gives the points of a journey after byJourney.
func (b *births) of(journey int) []point {
	from := uint32(0)
	if journey > 0 {
		from = b.at[journey-1]
	}
	return b.order[from:b.at[journey]]
}
