package model

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"windfall/model/rng"
)

// Touch times are kept as ticks since the start of the burn-in, 2^20 a week
// (0.6 seconds), so that a point fits 16 bytes.
const ticksPerWeek = 1 << 20

// point is a proposed touch: kept if its level lies below the channel's rate at
// its time.
type point struct {
	tick    uint32
	journey uint32 // slot of the journey
	level   uint32 // within its layer, on 32 bits
	channel uint8
	layer   uint8
	number  uint16 // in its layer; the top bit marks the journey's last point
}

const lastPoint = 1 << 15

// journeyState is what a journey with at least one point keeps. Journeys
// without points never raise a hand; they are only counted.
type journeyState struct {
	key      rng.Key
	progress float64
	need     float64 // need^h, drawn at the first touch
	touched  uint64  // channels that have touched
	born     uint32  // ticks
	end      uint32  // ticks: end of the window or death
	last     uint32  // tick of the last touch
	contact  uint32  // tick of first contact once known
	cell     uint16
	kind     uint8
	phase    uint8
	touches  uint16
	engaged  bool
	death    bool // the journey ends by the firm's death
}

// Phases of a journey.
const (
	open    uint8 = iota
	waiting       // hand raised, touches cost money and do nothing
	closed        // contacted, refused or gone: touches are not made
)

// Path is the last dozen touches before a raised hand, oldest first modulo 12.
type Path struct {
	Channel [12]uint8
	tick    [12]uint32
}

// journeys holds the journeys in progress and their points in buckets by step.
type journeys struct {
	list    []journeyState
	paths   []Path
	free    []uint32
	buckets [][]point // by step from -burnIn

	keep    []uint64  // channel x region x layer: thresholds on levels
	aware   []uint64  // by region: thresholds on 32 bits
	layers  int       // most layers of a channel
	reached [][]uint8 // (kind x visible): channels that may touch such a journey
	node    []uint64  // by channel: address below a journey, as added to its key
	gap     []float64 // by channel: base rate a tick
	late    []lateTouch
	newborn []newborn
	unsure  []int32
	batch   []point
	raised  []raisedHand
}

// newborn is a proposal that may open a journey.
type newborn struct {
	key  rng.Key
	slot uint64 // slot x N on 32 fractional bits
	tick uint32
	kind uint8

	settled, dropped bool // decided against the proposals before it
}

// lateTouch is a touch on a journey that waits for first contact; it is made
// unless contact came before.
type lateTouch struct {
	journey, tick uint32
	cell          uint16
	channel       uint8
}

func (j *journeys) init(w *world) {
	j.buckets = make([][]point, w.burnIn+w.steps)
	j.aware = make([]uint64, len(w.byRegion))
	j.reached = make([][]uint8, 2*len(w.plan.Triggers))
	j.node = make([]uint64, len(w.plan.Channels))
	j.gap = make([]float64, len(w.plan.Channels))
}

func (j *journeys) reset(w *world) {
	j.list, j.paths, j.free = j.list[:0], j.paths[:0], j.free[:0]
	for i := range j.buckets {
		j.buckets[i] = j.buckets[i][:0]
	}
	j.layers = 1
	for c := range w.base {
		j.layers = max(j.layers, w.layersOf[c])
		j.gap[c] = w.base[c] / ticksPerWeek
		j.node[c] = w.node[c]
	}
	if n := len(w.base) * len(w.byRegion) * j.layers; cap(j.keep) < n {
		j.keep = make([]uint64, n)
	} else {
		j.keep = j.keep[:n]
	}
	// Channels by trigger kind and visibility. Targets are structure: no date or
	// draw changes them.
	for k := range w.plan.Triggers {
		for v := 0; v < 2; v++ {
			list := j.reached[k*2+v][:0]
			for c := range w.plan.Channels {
				t := w.plan.Channels[c].Targets
				if w.bound[c] == 0 {
					continue
				}
				if len(t) == 0 || v == 1 && maskOf(t, len(w.plan.Triggers), func(i int) string { return w.plan.Triggers[i].Name })>>k&1 == 1 {
					list = append(list, uint8(c))
				}
			}
			j.reached[k*2+v] = list
		}
	}
}

// layerSpan is the part of the level axis that a layer covers: the first from 0
// to base, then doubling.
func layerSpan(base float64, layer int) (low, width float64) {
	if layer == 0 {
		return 0, base
	}
	low = math.Ldexp(base, layer-1)
	return low, low
}

// threshold turns a chance into a threshold on a 32-bit word.
func threshold(p float64) uint64 {
	return uint64(int64(min(max(p, 0), 1) * threshold32))
}

// setThresholds turns the step's rates and awareness into thresholds.
func (j *journeys) setThresholds(s *State) {
	w, d := s.w, s.drivers
	R := len(w.byRegion)
	for c := range w.base {
		for r := 0; r < R; r++ {
			rate := d.rate[c*R+r]
			if rate > w.bound[c]*(1+1e-12) {
				panic("model: the touch rate of " + w.plan.Channels[c].Name + " rose above its bound")
			}
			for l := 0; l < j.layers; l++ {
				low, width := layerSpan(w.base[c], l)
				t := 0.0
				if width > 0 {
					t = (rate - low) / width
				}
				j.keep[(c*R+r)*j.layers+l] = threshold(t)
			}
		}
	}
	for r := range j.aware {
		j.aware[r] = threshold(d.aware[r])
	}
}

// openJourneys draws the trigger proposals of every cell and opens the journeys
// of those that are kept.
func (s *State) openJourneys() {
	w, p, j := s.w, &s.pools, &s.journey
	K := len(w.kindLabel)
	pace := w.pace[s.row()*K : (s.row()+1)*K]
	num := w.at(s.step)
	for i := range w.cells {
		j.newborn = j.newborn[:0]
		firms := uint64(p.firms[i])
		limit := uint64(p.dormant[i]) << 32
		for k := 0; k < K; k++ {
			at := i*K + k
			felt := num.felt[at] * pace[k]
			if felt == 0 {
				continue
			}
			stepKey := s.cellKeys[at].Child(uint64(int64(s.step)))
			for l := 0; l < int(w.layers[at]); l++ {
				low, height := layerSpan(w.layer[at], l)
				if felt <= low {
					break
				}
				node := stepKey.Child(uint64(l))
				u := node.Unit(purposeProposals)
				var n int
				if w.growth == 0 && l <= 1 {
					n = w.tables[at].Draw(u)
				} else {
					n = rng.Poisson(float64(firms)*height*w.h, u)
				}
				keep := threshold((felt - low) / height)
				for q := 0; q < n; q++ {
					key := node.Child(uint64(q))
					word := key.Word(purposeSlot)
					slot := (word >> 32) * firms
					if uint64(uint32(word)) < keep && slot < limit {
						j.newborn = append(j.newborn, newborn{key: key, slot: slot, tick: s.triggerTick(key), kind: uint8(k)})
					}
				}
			}
		}
		if s.step >= 0 {
			s.settleSlots(i, limit)
		}
		s.tally.journeys += len(j.newborn)
		p.inMarket[i] += len(j.newborn)
		for b := range j.newborn {
			s.openJourney(i, &j.newborn[b], num)
		}
	}
}

// settleSlots drops the proposals whose slot lies beyond the dormant firms left
// at their time: each kept proposal lowers the count at once. With n proposals
// a slot below dormant - n is safe in any order, so that only the few in between
// must be held against the proposals before them. Ties in time follow the order
// of the list: kinds by name, then layer and number.
func (s *State) settleSlots(cell int, limit uint64) {
	j := &s.journey
	n := uint64(len(j.newborn)) << 32
	safe := limit - min(limit, n)
	j.unsure = j.unsure[:0]
	for b := range j.newborn {
		if j.newborn[b].slot >= safe {
			j.unsure = append(j.unsure, int32(b))
		}
	}
	if len(j.unsure) > 0 {
		slices.SortFunc(j.unsure, func(a, b int32) int {
			if c := cmp.Compare(j.newborn[a].tick, j.newborn[b].tick); c != 0 {
				return c
			}
			return cmp.Compare(a, b)
		})
		for _, u := range j.unsure {
			x := &j.newborn[u]
			before := uint64(0)
			for b := range j.newborn {
				y := &j.newborn[b]
				if y.kept(safe) && (y.tick < x.tick || y.tick == x.tick && int32(b) < u) {
					before++
				}
			}
			if x.slot+before<<32 < limit {
				x.settled = true
			} else {
				x.dropped = true
			}
		}
		kept := j.newborn[:0]
		for _, b := range j.newborn {
			if !b.dropped {
				kept = append(kept, b)
			}
		}
		j.newborn = kept
	}
	s.pools.dormant[cell] -= len(j.newborn)
}

// kept says whether a proposal is known to open a journey.
func (b *newborn) kept(safe uint64) bool { return b.settled || !b.dropped && b.slot < safe }

// triggerTick is the time of a trigger within the step in hand.
func (s *State) triggerTick(key rng.Key) uint32 {
	span := uint64(ticksPerWeek / s.w.tl.perWeek)
	start := uint64(float64(s.row()) * s.w.h * ticksPerWeek)
	return uint32(start + (key.Word(purposeTime)>>32)*span>>32)
}

// weeks turns a tick into weeks since the first day.
func (s *State) weeks(tick uint32) float64 {
	return float64(tick)/ticksPerWeek - float64(s.w.burnIn)*s.w.h
}

// openJourney draws a journey's window and its points, books when it leaves the
// market without a raised hand, and keeps it if it has a point at all.
func (s *State) openJourney(cell int, b *newborn, num *numbers) {
	w, j := s.w, &s.journey
	key, kind := b.key, int(b.kind)
	born := b.tick
	s.tally.opened(s, born)
	size := w.cells[cell].Size
	window := num.window[kind].Draw(key, purposeWindow)
	length := window
	dies := false
	if u, m := key.Unit(purposeDeath), w.deathAt(size, s.row()); u < m*window {
		if t := -rng.Log1p(-u) / m; t < window {
			length, dies = t, true
		}
	}
	span := length * ticksPerWeek
	start := s.weeks(born)
	s.leaveMarket(cell, start+length, dies, key, 1)

	visible := 0
	if key.Word(purposeVisible)>>32 < num.visible[kind] {
		visible = 1
	}
	horizon := float64(uint64(w.burnIn+w.steps)*ticksPerWeek/uint64(w.tl.perWeek)) - float64(born)
	span = min(span, horizon)
	reach := num.reach[cell*len(w.base):]
	var hits [64]uint8
	n := 0
	for _, c := range j.reached[kind*2+visible] {
		word := rng.Mix(uint64(key) + j.node[c])
		first := uint64(int64(min(j.gap[c]*span, 1) * threshold32))
		hits[n] = c
		// The chance of a first point before the window's end, 1 - e^-x, is below x.
		if word>>32 < reach[c] && uint64(uint32(word)) < first || w.layersOf[c] > 1 && word>>32 < reach[c] {
			n++
		}
	}
	if n == 0 {
		return
	}
	j.batch = j.batch[:0]
	for _, c := range hits[:n] {
		node := rng.Key(rng.Mix(uint64(key) + j.node[c]))
		for l := 0; l < w.layersOf[c]; l++ {
			low, width := layerSpan(w.base[c], l)
			u := rng.Unit32(uint32(node))
			layer := node
			if l > 0 {
				layer = node.Child(uint64(l))
				u = rng.Unit32(uint32(layer))
			}
			top := threshold((w.bound[c] - low) / width)
			rate := width / ticksPerWeek
			left := rate * span
			t := 0.0
			for q := uint64(0); u < left-t; q++ {
				t -= rng.Log1p(-u)
				if t >= left {
					break
				}
				word := layer.Word(q + 1)
				if level := uint32(word); uint64(level) < top {
					j.batch = append(j.batch, point{tick: born + uint32(t/rate), level: level, channel: c, layer: uint8(l), number: uint16(q)})
				}
				u = rng.Unit32(uint32(word >> 32))
			}
		}
	}
	if len(j.batch) == 0 {
		return
	}
	sortPoints(j.batch)
	slot := j.take()
	js := &j.list[slot]
	*js = journeyState{key: key, born: born, end: born + uint32(span), cell: uint16(cell), kind: b.kind, death: dies}
	j.batch[len(j.batch)-1].number |= lastPoint
	shift := bits.TrailingZeros32(ticksPerWeek)
	for i := range j.batch {
		pt := &j.batch[i]
		pt.journey = slot
		row := int(uint64(pt.tick) * uint64(w.tl.perWeek) >> shift)
		j.buckets[row] = append(j.buckets[row], *pt)
	}
}

// leaveMarket books (sign 1) or takes back (sign -1) the end of a journey that
// raises no hand: window over, then locked; or the firm's death.
func (s *State) leaveMarket(cell int, at float64, dies bool, key rng.Key, sign int32) {
	row := s.stepOf(at)
	n := len(s.w.cells)
	if row >= s.w.burnIn+s.w.steps {
		return
	}
	p := &s.pools
	if dies {
		p.die[row*n+cell] += sign
		s.tally.diesAt[row] += int(sign)
		return
	}
	p.expire[row*n+cell] += sign
	s.tally.expiresAt[row] += int(sign)
	if row < s.w.burnIn {
		return // locked firms of the first day are made there
	}
	if r := s.releaseStep(cell, at, key, purposeLockDeath); r >= 0 {
		p.release[r*n+cell] += sign
	}
}

// take gives a free journey slot.
func (j *journeys) take() uint32 {
	if n := len(j.free); n > 0 {
		slot := j.free[n-1]
		j.free = j.free[:n-1]
		return slot
	}
	j.list = append(j.list, journeyState{})
	j.paths = append(j.paths, Path{})
	return uint32(len(j.list) - 1)
}

// sortPoints orders the few points of a journey by time; ties keep the order of
// channels by name.
func sortPoints(list []point) {
	for i := 1; i < len(list); i++ {
		x := list[i]
		k := i
		for k > 0 && list[k-1].tick > x.tick {
			list[k] = list[k-1]
			k--
		}
		list[k] = x
	}
}

// makeTouches goes through the step's points: keeps those below the rate now,
// moves progress, and raises hands.
func (s *State) makeTouches() {
	w, j, num := s.w, &s.journey, s.w.at(s.step)
	R := len(w.byRegion)
	plan := num.plan
	memory := 1 / (plan.Journey.MemoryWeeks * ticksPerWeek)
	steep := int(plan.Journey.ReadinessSteepness)
	bucket := j.buckets[s.row()]
	j.raised, j.late = j.raised[:0], j.late[:0]
	for i := range bucket {
		pt := &bucket[i]
		js := &j.list[pt.journey]
		if pt.number&lastPoint != 0 {
			j.free = append(j.free, pt.journey)
		}
		if js.phase == closed {
			continue
		}
		cell := &w.cells[js.cell]
		c, region := int(pt.channel), cell.Region
		if uint64(pt.level) >= j.keep[(c*R+region)*j.layers+int(pt.layer)] {
			continue
		}
		ch := &plan.Channels[c]
		if ch.NeedsAwareness && js.key.Word(purposeAware)>>32 >= j.aware[region] {
			continue
		}
		if js.phase == waiting {
			j.late = append(j.late, lateTouch{pt.journey, pt.tick, js.cell, pt.channel})
			continue
		}
		s.tally.touch(c, int(js.cell))
		if js.touches == 0 {
			s.tally.reached++
			js.need = rng.Exp(num.needLog[cell.Size] + float64(plan.Journey.ReadinessSteepness*plan.Journey.TouchesNeededSD*rng.Normal(js.key, purposeNeed)))
		} else {
			js.progress *= rng.FastExp2Neg(float64(pt.tick-js.last) * memory)
		}
		weight := ch.Weight
		if js.touches > 0 && js.touched>>c&1 == 0 {
			weight *= 1 + plan.Journey.CrossChannelBonus
		}
		path := &j.paths[pt.journey]
		at := js.touches % 12
		path.Channel[at], path.tick[at] = pt.channel, pt.tick
		js.touched |= 1 << c
		js.touches++
		js.last = pt.tick
		js.progress += weight
		p := power(js.progress, steep)
		if !js.engaged && p >= js.need {
			js.engaged = true
			s.tally.engaged++
		}
		ready := p / (p + js.need)
		if plan.Journey.ReadinessStep {
			ready = 0
			if p >= js.need {
				ready = 1
			}
		}
		chance := ch.Response * ready * s.drivers.lift[c*R+region] * num.urgency[js.kind]
		s.tally.judged++
		if chance > 1 {
			s.tally.capped++
		}
		node := rng.Key(rng.Mix(uint64(js.key) + j.node[c]))
		if pt.layer > 0 {
			node = node.Child(uint64(pt.layer))
		}
		if node.Unit(purposeRaise+uint64(pt.number&^lastPoint)<<32) < chance {
			s.raiseHand(pt, js)
		}
	}
}

// power is x^n for a whole number n.
func power(x float64, n int) float64 {
	if n == 4 {
		x *= x
		return x * x
	}
	p := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= x
		}
		x *= x
	}
	return p
}

// distinct counts the channels of a set.
func distinct(set uint64) int { return bits.OnesCount64(set) }

// inf is no event at all.
var inf = math.Inf(1)
