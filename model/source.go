package model

import (
	"slices"

	"windfall/model/rng"
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
}

// sourceKey is the address of a layer of a channel below a journey.
func (w *world) sourceKey(journey rng.Key, channel, layer int) rng.Key {
	return journey.Child(w.node[channel]).Child(uint64(layer))
}

// above is the number of the layer right above the axis, and the label of its first span.
const above = 1

// fillSources lists what lies beyond the axis of which this plan can keep a point. most is the highest
// rate of each channel, in units of the axis.
func (w *world) fillSources(most []uint64) {
	a := &w.axis
	w.sources, w.above = w.sources[:0], 0
	add := func(c, layer int, low, width uint64) {
		w.sources = append(w.sources, source{channel: uint8(c), layer: uint8(layer), interval: a.of[c], low: low, width: width,
			gap: w.ticksPerUnit / float64(int64(width))})
	}
	for c := range w.plan.Channels {
		if most[c] == 0 {
			continue
		}
		var width uint64
		if i := a.of[c]; i >= 0 {
			width = uint64(a.width[i])
			if most[c] > width {
				w.above |= 1 << i
			}
			if w.widerReach(c) {
				add(c, 0, 0, width)
			}
		} else {
			base := w.tl.Plan(0).Channels[c].MaxTouchesPerWeek                           // one layer holds all that it can be
			if o := w.openChannel(c); o != nil && o.Enabled && o.MaxTouchesPerWeek > 0 { // no room on the axis
				base = w.baseRate(o)
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

// fillReach finds where the reach or the targets of a channel on the axis, or
// what can be seen of those targets, are not those of the opening plan.
func (w *world) fillReach() {
	a, C := &w.axis, len(w.plan.Channels)
	open := w.tl.Opening()
	w.targets, w.moved = a.targets, 0
	groups := 2 * len(w.plan.Triggers)
	for _, n := range append([]*numbers{w.open}, w.epochs...) {
		n.mayTouch = slices.Grow(n.mayTouch[:0], groups)[:groups]
		for g := range n.mayTouch {
			n.mayTouch[g] = 0
			for c := range n.plan.Channels {
				t := n.plan.Channels[c].Targets
				w.targets = w.targets || len(t) > 0
				if mayTouch(t, w.plan.Triggers[g/2].Name, g&1 == 1) {
					n.mayTouch[g] |= 1 << c
				}
			}
		}
	}
	for _, n := range w.epochs {
		n.reachMoved, n.reachWider = 0, 0
		for c := range w.plan.Channels {
			i := a.of[c]
			if i < 0 || !n.plan.Channels[c].Enabled {
				continue
			}
			targets := n.plan.Channels[c].Targets
			if !slices.Equal(targets, open.Channels[a.open[i]].Targets) {
				n.reachMoved |= 1 << c
				n.reachWider |= 1 << c
			}
			for k := range w.plan.Triggers {
				now, was := n.visible[k], w.open.visible[k]
				if now == was || !slices.Contains(targets, w.plan.Triggers[k].Name) {
					continue
				}
				n.reachMoved |= 1 << c
				if now > was {
					n.reachWider |= 1 << c
				}
			}
			for k := range w.cells {
				now, was := n.reach[k*C+c], a.rows[a.rowOf[k]].reach[i]
				if now != was {
					n.reachMoved |= 1 << c
				}
				if now > was {
					n.reachWider |= 1 << c
				}
			}
		}
		w.moved |= n.reachMoved
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
	for _, n := range w.epochs {
		if n.reachWider>>c&1 == 1 {
			return true
		}
	}
	return false
}

// reaches says whether a channel reaches a journey, given the set drawn from the
// opening plan's reach. Where the reach is not that of the opening plan a
// uniform of the journey and the channel's name takes firms out of the set, or
// adds some.
func (w *world) reaches(js *journey, num *numbers, set uint64, c, group int) bool {
	if num.mayTouch[group]>>c&1 == 0 {
		return false
	}
	now := num.reach[int(js.cell)*len(w.plan.Channels)+c]
	var drawn bool
	var was uint64
	if i := w.axis.of[c]; i >= 0 {
		drawn, was = set>>i&1 == 1, w.axis.rows[w.axis.rowOf[js.cell]].reach[i]
	}
	if now == was {
		return drawn
	}
	u := js.key.Child(w.node[c]).Word(purposeReach) >> 32
	if drawn {
		return u*was>>32 < now
	}
	return now > was && u*(1<<32-was)>>32 < now-was
}
