package model

import (
	"math"
	"slices"
)

// source is a part of the touch proposals that the axis does not hold: a layer above a channel's
// interval, a channel that the opening plan lacks, or journeys that only this plan's wider reach takes
// in (docs/model.md, section 3.4). Its points on a journey are a Poisson process addressed by
// (journey, channel, layer, number), so that whatever a plan adds to the opening plan draws nothing
// else again.
//
// The layer right above the axis is not a source: it is a second process per journey and span of six
// neighbouring intervals, see [extras].
type source struct {
	channel  uint8
	layer    uint8
	interval int8    // on the axis, or -1
	low      uint64  // level, in units of the axis, from which the layer goes up
	width    uint64  // units
	gap      float64 // mean ticks between points
	from     uint32  // the tick before which this plan keeps none of its points
}

// above is the number of the layer right above the axis, and the label of its first span.
const above = 1

// fillSources lists what lies beyond the axis of which this plan can keep a point. most is the highest
// rate of each channel, in units of the axis.
func (w *world) fillSources(most []uint64) {
	a := &w.axis
	w.sources, w.above, w.beyond = w.sources[:0], 0, 0
	var from uint32
	add := func(c, layer int, low, width uint64) {
		w.beyond |= 1 << c
		w.sources = append(w.sources, source{channel: uint8(c), layer: uint8(layer), interval: a.of[c], low: low,
			width: width,
			gap:   w.ticksPerUnit / float64(int64(width)), from: from})
	}
	for c := range w.plan.Channels {
		if most[c] == 0 {
			continue
		}
		var width uint64
		from = w.firstDay // up to there the axis holds all, or there is nothing to hold
		if w.widerBefore(c) {
			from = 0
		}
		if i := a.of[c]; i >= 0 {
			width = uint64(a.width[i])
			if most[c] > width {
				w.above |= 1 << i
				w.beyond |= 1 << c
			}
			if w.widerReach(c) {
				add(c, 0, 0, width)
			}
		} else {
			base := w.tl.Plan(0).Channels[c].MaxTouchesPerWeek // one layer holds all that it can be
			if o := w.openChannel(c); o != nil && w.tl.Opening().Acts(o) && o.MaxTouchesPerWeek > 0 {
				base, from = w.baseRate(o), 0 // no room on the axis
			}
			width = uint64(int64(base / a.unit))
			if width == 0 {
				width = most[c]
			}
			add(c, 0, 0, width)
		}
		low := width
		for layer := 1; low < most[c]; layer++ {
			if layer > 1 || a.of[c] < 0 || w.widerReach(c) {
				add(c, layer, low, low)
			}
			low *= 2
		}
	}
}

// fillReach finds which channels on the axis no longer reach all that they reach
// under the opening plan, and which reach more: by their reach, their targets, or
// what can be seen of those.
func (w *world) fillReach() {
	a, C := &w.axis, len(w.plan.Channels)
	w.targets, w.less = a.targets, 0
	groups := 2 * len(w.plan.Triggers)
	for _, n := range w.every {
		n.mayTouch, n.everyone = slices.Grow(n.mayTouch[:0], groups)[:groups], math.MaxUint64
		for g := range n.mayTouch {
			n.mayTouch[g] = 0
			for c := range n.plan.Channels {
				t := n.plan.Channels[c].Targets
				w.targets = w.targets || len(t) > 0
				if mayTouch(t, w.plan.Triggers[g/2].Name, g&1 == 1) {
					n.mayTouch[g] |= 1 << c
				}
			}
			n.everyone &= n.mayTouch[g]
		}
	}
	for _, n := range w.every[1:] {
		n.reachLess, n.reachMore = 0, 0
		for c := range w.plan.Channels {
			i := a.of[c]
			if i < 0 || !n.plan.Acts(&n.plan.Channels[c]) {
				continue
			}
			less, more := false, false
			for k := range w.plan.Triggers {
				now, was := n.visible[k], w.open.visible[k]
				for seen := range 2 { // by the opening plan
					for sees := range 2 { // by this one
						if seen > sees && now >= was || seen < sees && now <= was {
							continue
						}
						allowed, may := a.allowed[2*k+seen]>>i&1, n.mayTouch[2*k+sees]>>c&1
						less, more = less || may < allowed, more || may > allowed
					}
				}
			}
			for k := range w.cells {
				now, was := n.reach[k*C+c], a.rows[a.rowOf[k]].reach[i]
				less, more = less || now < was, more || now > was
			}
			if less {
				n.reachLess |= 1 << c
			}
			if more {
				n.reachMore |= 1 << c
			}
		}
		w.less |= n.reachLess
	}
}

// groupOf is the group (kind x visible) of a journey, by which channels have
// targets, given the numbers of its trigger.
func (w *world) groupOf(js *journey, num *numbers) int {
	group := int(js.kind) * 2
	if w.targets {
		group += visibleTo(js.key, num.visible[js.kind])
	}
	return group
}

// openGroupOf is the group of a journey under the opening plan, which decides
// what of the axis is drawn: what another plan sees of it redraws nothing.
func (w *world) openGroupOf(js *journey) int {
	group := int(js.kind) * 2
	if w.axis.targets {
		group += visibleTo(js.key, w.open.visible[js.kind])
	}
	return group
}

// widerReach says whether a channel on the axis comes to reach journeys that it
// does not reach under the opening plan.
func (w *world) widerReach(c int) bool {
	for _, n := range w.every[1:] {
		if n.reachMore>>c&1 == 1 {
			return true
		}
	}
	return false
}

// widerBefore says whether it does so in what the burn-in replays.
func (w *world) widerBefore(c int) bool {
	for _, n := range w.past {
		if n.reachMore>>c&1 == 1 {
			return true
		}
	}
	return false
}

// reaches says whether a channel reaches a journey, given the set drawn from the
// opening plan's reach.
func (w *world) reaches(js *journey, num *numbers, set uint64, c, group int) bool {
	return num.mayTouch[group]>>c&w.reachedBit(js, set, c, num.reach[int(js.cell)*len(w.plan.Channels)+c]) == 1
}

// reachedBit is 1 if a channel whose chance is now reaches a journey, else 0. Where
// the chance is not that of the opening plan a uniform of the journey and the
// channel's name takes firms out of the set that was drawn from it, or adds some.
func (w *world) reachedBit(js *journey, set uint64, c int, now uint64) uint64 {
	var drawn, was uint64
	if i := w.axis.of[c]; i >= 0 {
		drawn, was = set>>i&1, w.axis.rows[w.axis.rowOf[js.cell]].reach[i]
	}
	if now == was {
		return drawn
	}
	u := js.key.Child(w.node[c]).Word(purposeReach) >> 32
	if drawn == 1 {
		return below(u*was>>32, now)
	}
	if now < was {
		return 0
	}
	return below(u*(1<<32-was)>>32, now-was)
}
