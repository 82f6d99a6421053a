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
const (
	tickBits     = 20
	ticksPerWeek = 1 << tickBits
)

// point is a proposed touch: kept if its level lies below the channel's rate at
// its time. It is packed into two words.
type point struct {
	where uint64 // slot of the journey (32 bits), tick (32)
	what  uint64 // number in its source (15, top bit: the journey's last point), layer (8), channel (8), level within the layer (32)
}

const lastPoint = 1 << 63

func (p *point) tick() uint32    { return uint32(p.where) }
func (p *point) journey() uint32 { return uint32(p.where >> 32) }
func (p *point) level() uint64   { return p.what & 0xffffffff }
func (p *point) channel() int    { return int(p.what >> 32 & 0xff) }
func (p *point) layer() int      { return int(p.what >> 40 & 0xff) }
func (p *point) number() uint64  { return p.what >> 48 & 0x7fff }
func (p *point) last() bool      { return p.what&lastPoint != 0 }

// journeyState is what a journey with at least one point keeps. Journeys
// without points never raise a hand; they are only counted.
type journeyState struct {
	key      rng.Key
	length   float64 // weeks until the window ends or the firm dies
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
	closed        // contacted, refused or gone: touches are not made (2: see sift)
)

// journeys holds the journeys in progress and their points in buckets by step.
type journeys struct {
	list  []journeyState // in chunks
	live  []int32        // by chunk: journeys with points to come
	spare []uint32       // chunks without any
	next  uint32         // next slot of the chunk in hand
	last  uint32         // end of the chunk in hand

	buckets [][]point // by step from -burnIn; nil before the first point and after use
	pool    [][]point

	keep    []uint64 // (step from -burnIn) x channel x region x layer: thresholds on levels
	aware   []uint64 // (step from -burnIn) x region: thresholds on 32 bits
	layers  int      // most layers of a channel
	sources []source // first layers of the channels, then the layers above
	birth   births
	late    []lateTouch
	newborn []newborn
	unsure  []int32
}

// chunk is the number of journeys that are stored and freed together: those
// born together lie together, so that a pass over a bucket, whose points come
// in the order of birth, walks through memory in order.
const chunk = 1024

// newborn is a proposal that may open a journey.
type newborn struct {
	key    rng.Key
	slot   uint64 // slot x N on 32 fractional bits
	tick   uint32
	number uint32 // in its layer
	kind   uint8

	settled, dropped bool    // decided against the proposals before it
	dies             bool    // the window ends by the firm's death
	length           float64 // weeks in market
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
	j.aware = make([]uint64, (w.burnIn+w.steps)*len(w.byRegion))
}

func (j *journeys) reset(w *world) {
	j.spare = j.spare[:0]
	for i := range j.live {
		j.live[i] = 0
		j.spare = append(j.spare, uint32(i))
	}
	j.next, j.last = 0, 0
	for i, b := range j.buckets {
		if b != nil {
			j.pool, j.buckets[i] = append(j.pool, b[:0]), nil
		}
	}
	j.layers = 1
	for c := range w.base {
		j.layers = max(j.layers, w.layersOf[c])
	}
	if n := len(j.buckets) * len(w.base) * len(w.byRegion) * j.layers; cap(j.keep) < n {
		j.keep = make([]uint64, n)
	} else {
		j.keep = j.keep[:n]
	}
	j.sources = w.sources(j.sources[:0])
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
	i := s.row() * len(w.base) * R * j.layers
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
				j.keep[i] = threshold(t)
				i++
			}
		}
	}
	for r := 0; r < R; r++ {
		j.aware[s.row()*R+r] = threshold(d.aware[r])
	}
}

// made says whether a point is a touch: its level lies below the rate of its
// step, and the firm knows the brand where the channel needs it.
func (j *journeys) made(w *world, pt *point, key rng.Key, region, row int, needsAwareness bool) bool {
	R := len(w.byRegion)
	if pt.level() >= j.keep[((row*len(w.base)+pt.channel())*R+region)*j.layers+pt.layer()] {
		return false
	}
	return !needsAwareness || j.knows(key, row, region, R)
}

// knows says whether a journey's firm knows the brand in a step.
func (j *journeys) knows(key rng.Key, row, region, regions int) bool {
	return key.Word(purposeAware)>>32 < j.aware[row*regions+region]
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
			felt := float64(num.felt[at] * pace[k])
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
					n = rng.Poisson(float64(float64(firms)*height*w.h), u)
				}
				j.propose(node, n, uint8(k), threshold((felt-low)/height), firms, limit)
			}
		}
		s.settleSlots(i, limit)
		s.tally.journeys += len(j.newborn)
		p.inMarket[i] += len(j.newborn)
		if len(j.newborn) > 0 {
			s.openCell(i, num)
		}
	}
}

// propose appends those of n proposals whose level lies below the felt rate and
// whose slot lies below the dormant firms of the step's start. The loop has no
// branch that depends on the draw.
func (j *journeys) propose(node rng.Key, n int, kind uint8, keep, firms, limit uint64) {
	at := len(j.newborn)
	for cap(j.newborn) < at+n {
		j.newborn = append(j.newborn[:cap(j.newborn)], newborn{})
	}
	list := j.newborn[:at+n]
	for q := 0; q < n; q++ {
		word := node.Word(purposeSlot + uint64(q)<<32)
		slot := (word >> 32) * firms
		b := &list[at]
		b.key, b.slot, b.kind, b.number = node, slot, kind, uint32(q)
		at += int(((word&0xffffffff - keep) & (slot - limit)) >> 63)
	}
	j.newborn = list[:at]
}

// settleSlots drops the proposals whose slot lies beyond the dormant firms left
// at their time: each kept proposal lowers the count at once. With n proposals
// a slot below dormant - n is safe in any order, so that only the few in between
// must be held against the proposals before them. Ties in time follow the order
// of the list: kinds by name, then layer and number.
func (s *State) settleSlots(cell int, limit uint64) {
	j := &s.journey
	for b := range j.newborn {
		x := &j.newborn[b]
		x.key = x.key.Child(uint64(x.number))
		x.tick = s.triggerTick(x.key)
		x.settled, x.dropped = false, false
	}
	if s.step < 0 { // the burn-in holds dormant counts
		return
	}
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
	return s.tickAt(uint32(key.Word(purposeTime) >> 32))
}

// tickAt is the tick that lies u/2^32 of the way through the step in hand.
func (s *State) tickAt(u uint32) uint32 {
	per := uint64(s.w.tl.perWeek)
	span := ticksPerWeek / per
	start := (uint64(s.row())*ticksPerWeek + per - 1) / per // the first whole tick of the step
	return uint32(start + uint64(u)*span>>32)
}

// weeks turns a tick into weeks since the first day.
func (s *State) weeks(tick uint32) float64 {
	return float64(tick)/ticksPerWeek - float64(float64(s.w.burnIn)*s.w.h)
}

// openCell opens the journeys of one cell and step: it draws their windows,
// books when they leave the market without a raised hand, draws their points,
// and keeps those that have one.
func (s *State) openCell(cell int, num *numbers) {
	w, j := s.w, &s.journey
	size, row := w.cells[cell].Size, s.row()
	death := w.deathAt(size, row)
	horizon := uint64(w.burnIn+w.steps) * ticksPerWeek / uint64(w.tl.perWeek)
	j.birth.reset(len(j.newborn))
	for i := range j.newborn {
		b := &j.newborn[i]
		key, kind := b.key, int(b.kind)
		length := num.window[kind].Draw(key, purposeWindow)
		dies := false
		if u := key.Unit(purposeDeath); u < death*length { // 1 - e^-x < x spares the logarithm
			if t := -rng.Log1p(-u) / death; t < length {
				length, dies = t, true
			}
		}
		b.dies, b.length = dies, length
		s.leaveMarket(cell, s.weeks(b.tick)+length, dies, key, 1)
		j.birth.key[i] = uint64(key)
		j.birth.span[i] = min(uint64(int64(min(length, 4096)*ticksPerWeek)), horizon-uint64(b.tick))
		j.birth.group[i] = uint8(kind*2 + visibleTo(key, num.visible[kind]))
	}
	s.tally.opened(s, j.newborn)
	j.birth.points(j, num.reach[cell*len(w.base):(cell+1)*len(w.base)])
	j.birth.byJourney()
	for i := range j.newborn {
		list := j.birth.of(i)
		if len(list) == 0 {
			continue
		}
		b := &j.newborn[i]
		slot := j.take()
		j.list[slot] = journeyState{key: b.key, length: b.length, born: b.tick, end: b.tick + uint32(j.birth.span[i]), cell: uint16(cell), kind: b.kind, death: b.dies}
		j.live[slot/chunk]++
		list[len(list)-1].what |= lastPoint
		for k := range list {
			tick := list[k].tick() + b.tick
			pt := point{uint64(slot)<<32 | uint64(tick), list[k].what}
			row := int(uint64(tick) * uint64(w.tl.perWeek) >> tickBits)
			bucket := j.buckets[row]
			if bucket == nil && len(j.pool) > 0 {
				n := len(j.pool) - 1
				bucket, j.pool = j.pool[n], j.pool[:n]
			}
			j.buckets[row] = append(bucket, pt)
		}
	}
}

// visibleTo is 1 for a journey that can be seen from outside, else 0.
func visibleTo(key rng.Key, visible uint64) int {
	if key.Word(purposeVisible)>>32 < visible {
		return 1
	}
	return 0
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
	if j.next == j.last {
		if n := len(j.spare); n > 0 {
			j.next, j.spare = j.spare[n-1]*chunk, j.spare[:n-1]
		} else {
			j.next = uint32(len(j.list))
			j.list = append(j.list, make([]journeyState, chunk)...)
			j.live = append(j.live, 0)
		}
		j.last = j.next + chunk
	}
	j.next++
	return j.next - 1
}

// done frees a journey after its last point; a chunk without journeys is used again.
func (j *journeys) done(slot uint32) {
	c := slot / chunk
	j.live[c]--
	if j.live[c] == 0 && (j.last == 0 || c != (j.last-1)/chunk) {
		j.spare = append(j.spare, c)
	}
}

// makeTouches goes through the step's points: keeps those below the rate now,
// moves progress, and raises hands.
func (s *State) makeTouches() {
	w, j, num := s.w, &s.journey, s.w.at(s.step)
	plan := num.plan
	memory := 1 / (plan.Journey.MemoryWeeks * ticksPerWeek)
	steep := int(plan.Journey.ReadinessSteepness)
	row := s.row()
	bucket := j.buckets[row]
	j.late = j.late[:0]
	var kept [touchBlock]uint32
	for from := 0; from < len(bucket); from += touchBlock {
		block := bucket[from:min(from+touchBlock, len(bucket))]
		for _, i := range kept[:j.sift(w, block, row, &kept)] {
			s.touch(&block[i], num, plan, memory, steep, row)
		}
	}
}

// touchBlock is the number of points that are sifted before the first of them
// is made a touch: their journeys are fetched from memory side by side.
const touchBlock = 64

// sift lists the points of a block whose journey is not closed and whose level
// lies below the rate of the step.
func (j *journeys) sift(w *world, block []point, row int, kept *[touchBlock]uint32) int {
	R, n := len(w.byRegion), 0
	for i := range block {
		pt := &block[i]
		js := &j.list[pt.journey()]
		region := int(w.regionOf[js.cell])
		kept[n&(touchBlock-1)] = uint32(i)
		limit := j.keep[((row*len(w.base)+pt.channel())*R+region)*j.layers+pt.layer()]
		n += int((pt.level()-limit)>>63) &^ int(js.phase>>1)
	}
	return n
}

// touch makes a sifted point a touch: it moves progress and may raise the hand.
func (s *State) touch(pt *point, num *numbers, plan *Plan, memory float64, steep, row int) {
	w, j := s.w, &s.journey
	js := &j.list[pt.journey()]
	cell := &w.cells[js.cell]
	c, region := pt.channel(), cell.Region
	ch := &plan.Channels[c]
	if js.phase == closed || ch.NeedsAwareness && !j.knows(js.key, row, region, len(w.byRegion)) {
		return
	}
	if js.phase == waiting {
		j.late = append(j.late, lateTouch{pt.journey(), pt.tick(), js.cell, uint8(c)})
		return
	}
	s.tally.touch(c, int(js.cell))
	if js.touches == 0 {
		s.tally.reached++
		then := w.at(s.stepOf(s.weeks(js.born)) - w.burnIn) // need is that of the trigger
		js.need = rng.Exp(then.needLog[cell.Size] + float64(then.plan.Journey.ReadinessSteepness*then.plan.Journey.TouchesNeededSD*rng.Normal(js.key, purposeNeed)))
	} else {
		js.progress = float64(js.progress * rng.FastExp2Neg(float64(float64(pt.tick()-js.last)*memory)))
	}
	weight := ch.Weight
	if js.touches > 0 && js.touched>>c&1 == 0 {
		weight = float64(weight * (1 + plan.Journey.CrossChannelBonus))
	}
	js.touched |= 1 << c
	js.touches++
	js.last = pt.tick()
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
	chance := ch.Response * ready * s.drivers.lift[c*len(w.byRegion)+region] * num.urgency[js.kind]
	s.tally.judged++
	if chance > 1 {
		s.tally.capped++
	}
	node := rng.Key(rng.Mix(uint64(js.key) + w.node[c]))
	if pt.layer() > 0 {
		node = node.Child(uint64(pt.layer()))
	}
	if node.Unit(purposeRaise+(pt.number()+1)<<32) < chance { // beyond the words of the points
		s.raiseHand(pt, js)
	}
}

// clearBucket frees the step's points and the journeys that have no more.
func (j *journeys) clearBucket(row int) {
	bucket := j.buckets[row]
	for i := range bucket {
		if bucket[i].last() {
			j.done(bucket[i].journey())
		}
	}
	if bucket != nil {
		j.pool, j.buckets[row] = append(j.pool, bucket[:0]), nil
	}
}

// power is x^n for a whole number n.
func power(x float64, n int) float64 {
	if n == 4 {
		x = float64(x * x)
		return float64(x * x)
	}
	p := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p = float64(p * x)
		}
		x = float64(x * x)
	}
	return p
}

// distinct counts the channels of a set.
func distinct(set uint64) int { return bits.OnesCount64(set) }

// inf is no event at all.
var inf = math.Inf(1)
