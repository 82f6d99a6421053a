package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/rng"
)

// Times of journeys are ticks since the start of the burn-in, 2^20 a week (0.6
// seconds).
const (
	tickBits     = 20
	ticksPerWeek = 1 << tickBits
	longestWeeks = 4096 // windows are cut there: longer than any run with its burn-in
)

// journey is one firm in market: what is known of it at its trigger.
type journey struct {
	key  rng.Key
	born uint32
	end  uint32 // end of the window, or death
	cell uint16
	kind uint8
	dies bool // the journey ends by the firm's death
}

// lead is a raised hand on its way to the step in which it happens.
type lead struct {
	journey
	at       uint32
	touches  uint16
	channel  uint8
	channels uint8 // distinct ones among the touches
}

// waiter is a journey between raised hand and first contact: its touches are
// made and wasted.
type waiter struct {
	journey
	raised  uint32 // tick of the raised hand
	contact uint32 // tick of first contact, or 0
}

// journeys holds the journeys in progress whose future is not settled yet.
//
// What drives touches is known ahead of time, but for the live customers of
// referrals and for cuts by cash rules. So a journey is followed at its birth
// through all its touches, up to its raised hand or its end; only where a touch
// hangs on what is not known yet does it wait in the bucket of that step.
type journeys struct {
	parked      [][]parked // by step from -burnIn
	leads       [][]lead   // by step from -burnIn
	spareParked spares[parked]
	spareLeads  spares[lead]
	batch       batch
	extras      extras // of the batch
	single      extras // of one journey, for draw
	late        []waiter
	active      []uint32 // waiters in use, in order of their raised hands
	free        []uint32

	keep     []uint64  // the world's, or where drivers feed back a copy
	pull     []float64 // likewise
	points   []point   // of the journeys in hand
	newborn  newborn
	keys     []rng.Key // of the leads in hand
	willing  []float64 // what they are willing to pay
	horizon  uint32    // tick at which touches end: the end of the run, or of the week of ruin
	feedback uint64    // channels whose rates are known only in their own step
}

// parked is a journey that waits for the step of a point.
type parked struct {
	journey
	mind
	route
	end
}

// newborn holds the proposals of a cell and step that may open journeys: by
// kind, layer and number.
type newborn struct {
	slot   []uint64  // slot x N on 32 fractional bits
	key    []rng.Key // the word of the slot
	word   []uint64  // time, death, death in lock: see deathBits
	tick   []uint32
	kind   []uint8
	window []float64 // weeks
	unsure []int32
}

// grow makes room for n proposals.
func (b *newborn) grow(n int) {
	if cap(b.slot) >= n {
		return
	}
	m := n + n/2
	b.slot = append(make([]uint64, 0, m), b.slot...)
	b.key = append(make([]rng.Key, 0, m), b.key...)
	b.word = append(make([]uint64, 0, m), b.word...)
	b.tick = append(make([]uint32, 0, m), b.tick...)
	b.kind = append(make([]uint8, 0, m), b.kind...)
	b.window = make([]float64, 0, m)
}

// resize keeps the first n.
func (b *newborn) resize(n int) {
	b.slot, b.key, b.word, b.tick, b.kind = b.slot[:n], b.key[:n], b.word[:n], b.tick[:n], b.kind[:n]
}

// The trigger word of a journey holds three uniforms: the time of the trigger
// within its step (20 bits), the firm's death (22) and its death in the lock
// that follows (22).
const (
	deathBits  = 22
	deathMask  = 1<<deathBits - 1
	deathScale = 1.0 / (1 << deathBits)
)

func deathUnit(word uint64) float64 {
	return (float64(int64(word>>deathBits&deathMask)) + 0.5) * deathScale
}
func lockUnit(word uint64) float64 { return (float64(int64(word&deathMask)) + 0.5) * deathScale }

func (j *journeys) init(w *world) {
	j.parked = make([][]parked, w.burnIn+w.steps)
	j.leads = make([][]lead, w.burnIn+w.steps)
}

func (j *journeys) reset(w *world) {
	for i := range j.leads {
		j.spareParked.take(&j.parked[i])
		j.spareLeads.take(&j.leads[i])
	}
	j.late, j.active, j.free = j.late[:0], j.active[:0], j.free[:0]
	j.feedback = w.feedback
	if j.feedback == 0 {
		j.keep, j.pull = w.keep, w.pull
	} else {
		j.keep, j.pull = append(j.keep[:0], w.keep...), append(j.pull[:0], w.pull...)
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

// setTouch enters the rates and lifts of the step in hand where they were not
// known ahead.
func (j *journeys) setTouch(s *State) {
	if j.feedback != 0 {
		s.w.fillTouchStep(j.keep, j.pull, s.drivers, s.step, j.feedback)
	}
}

// knows says whether a journey's firm knows the brand in a step.
func (s *State) knows(key rng.Key, row, region int) bool {
	return key.Word(purposeAware)>>32 < s.w.aware[row*len(s.w.byRegion)+region]
}

// openJourneys draws the trigger proposals of every cell and opens the journeys
// of those that are kept.
func (s *State) openJourneys() {
	w, p, b := s.w, &s.pools, &s.journey.newborn
	K := len(w.kindLabel)
	pace := w.pace[s.row()*K : (s.row()+1)*K]
	num := w.at(s.step)
	for i := range w.cells {
		b.resize(0)
		firms := uint64(p.firms[i])
		limit := uint64(p.dormant[i]) << 32
		band := uint64(w.band[i])
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
				keep := threshold((felt - low) / height)
				node := stepKey.Child(uint64(l))
				var n int
				if l == 0 {
					n = int(s.proposals[s.row()*len(s.cellKeys)+at])
				} else {
					n = s.drawProposals(at, l, node)
				}
				s.propose(node, n, uint8(k), keep, 0, band, limit)
				if rest := firms - band; band<<32 < limit {
					node = node.Child(1)
					n = rng.Poisson(float64(float64(int64(rest))*height*w.h), node.Unit(purposeProposals))
					s.propose(node, n, uint8(k), keep, band, rest, limit)
				}
			}
		}
		if s.step >= 0 { // the burn-in holds dormant counts
			b.settle(limit)
			p.dormant[i] -= len(b.key)
		}
		s.tally.journeys += len(b.key)
		p.inMarket[i] += len(b.key)
		if len(b.key) > 0 {
			s.openCell(i, num)
		}
	}
	s.followBatch()
}

// drawProposals draws the number of trigger proposals of a step, given the node
// of cell, kind, step and layer. The first two layers are equally high.
func (s *State) drawProposals(at, layer int, node rng.Key) int {
	w := s.w
	u := node.Unit(purposeProposals)
	if layer <= 1 {
		return w.tables[at].Draw(u)
	}
	_, height := layerSpan(w.layer[at], layer)
	return rng.Poisson(float64(float64(w.band[at/len(w.kindLabel)])*height*w.h), u)
}

// drawAllProposals draws the numbers of the first layer for all steps, cell by
// cell: a table is long, and by the step all of them would leave the cache.
func (s *State) drawAllProposals() {
	w := s.w
	n := len(s.cellKeys)
	for at, key := range s.cellKeys {
		if w.layers[at] == 0 {
			continue
		}
		for row := 0; row < w.burnIn+w.steps; row++ {
			node := key.Child(uint64(int64(row - w.burnIn))).Child(0)
			s.proposals[row*n+at] = uint32(s.drawProposals(at, 0, node))
		}
	}
}

// propose appends those of n proposals on the slots of some firms, from a first
// one on, whose level lies below the felt rate and whose slot lies below the
// dormant firms of the step's start. The word of its slot and level is a journey's
// address. The loops have no branch that depends on the draw.
func (s *State) propose(node rng.Key, n int, kind uint8, keep, first, firms, limit uint64) {
	b := &s.journey.newborn
	from := len(b.key)
	b.grow(from + n)
	b.resize(from + n)
	slots, keys := b.slot[from:], b.key[from:]
	first <<= 32
	at := 0
	for q := range uint64(n) {
		word := node.Word(purposeSlot + q<<32)
		slot := first + (word>>32)*firms
		slots[at], keys[at] = slot, rng.Key(word)
		at += int(((word&0xffffffff - keep) & (slot - limit)) >> 63)
	}
	b.resize(from + at)
	start, span := s.ticks()
	keys = keys[:at]
	words, ticks, kinds := b.word[from:][:at], b.tick[from:][:at], b.kind[from:][:at]
	for q, key := range keys {
		word := key.Word(purposeTrigger)
		words[q], ticks[q], kinds[q] = word, start+uint32((word>>32)*span>>32), kind
	}
}

// settle drops the proposals whose slot lies beyond the dormant firms left at
// their time: each kept proposal lowers the count at once. With n proposals a
// slot below dormant - n is safe in any order, so that only the few in between
// must be held against the proposals before them. Ties in time follow the order
// of the list: kinds by name, then layer and number.
func (b *newborn) settle(limit uint64) {
	safe := limit - min(limit, uint64(len(b.slot))<<32)
	if cap(b.unsure) < len(b.slot) {
		b.unsure = make([]int32, cap(b.slot))
	}
	unsure := b.unsure[:len(b.slot)]
	n := 0
	for i, slot := range b.slot {
		unsure[n] = int32(i)
		n += int(1 - (slot-safe)>>63)
	}
	if n == 0 {
		return
	}
	unsure = unsure[:n]
	slices.SortFunc(unsure, func(x, y int32) int {
		if c := cmp.Compare(b.tick[x], b.tick[y]); c != 0 {
			return c
		}
		return cmp.Compare(x, y)
	})
	dropped := 0
	for k, u := range unsure {
		// Those before u in time, less the unsure ones that were dropped.
		tick := int64(b.tick[u])
		before := 0
		for _, t := range b.tick[:u] {
			before += int(uint64(int64(t)-tick-1) >> 63)
		}
		for _, t := range b.tick[u:] {
			before += int(uint64(int64(t)-tick) >> 63)
		}
		if b.slot[u]+uint64(before-dropped)<<32 >= limit {
			unsure[dropped] = unsure[k]
			dropped++
		}
	}
	b.drop(unsure[:dropped])
}

// drop takes some out of the list.
func (b *newborn) drop(list []int32) {
	slices.Sort(list)
	for k, at := range list {
		next := len(b.key)
		if k+1 < len(list) {
			next = int(list[k+1])
		}
		from, to := int(at)+1, int(at)-k
		copy(b.key[to:], b.key[from:next])
		copy(b.word[to:], b.word[from:next])
		copy(b.tick[to:], b.tick[from:next])
		copy(b.kind[to:], b.kind[from:next])
	}
	b.resize(len(b.key) - len(list))
}

// ticks gives the first whole tick of the step in hand and the ticks of a step.
func (s *State) ticks() (start uint32, span uint64) {
	per := uint64(s.w.tl.perWeek)
	return uint32((uint64(s.row())*ticksPerWeek + per - 1) / per), ticksPerWeek / per
}

// rowOf is the step, counted from the first of the burn-in, that holds a tick.
func (s *State) rowOf(tick uint32) int { return s.w.rowOf(tick) }

func (w *world) rowOf(tick uint32) int { return int(uint64(tick) * uint64(w.tl.perWeek) >> tickBits) }

// weeks turns a tick into weeks since the first day.
func (s *State) weeks(tick uint32) float64 {
	return float64(tick)/ticksPerWeek - float64(float64(s.w.burnIn)*s.w.h)
}

// openCell opens the journeys of one cell and step.
func (s *State) openCell(cell int, num *numbers) {
	w, x, b := s.w, &s.journey.newborn, &s.journey.batch
	n := len(x.key)
	death := w.deathAt(w.cells[cell].Size, s.row())
	s.tally.opened(s, x.tick)
	window := x.window[:n]
	for from, to := 0, 0; from < n; from = to {
		kind := x.kind[from]
		for to = from; to < n && x.kind[to] == kind; to++ {
		}
		num.window[kind].DrawEach(x.key[from:to], purposeWindow, window[from:to])
	}
	at := b.grow(n)
	copy(b.word[at:], x.word)
	keys, words, ticks, kinds, js := x.key[:n], x.word[:n], x.tick[:n], x.kind[:n], b.js[at:][:n]
	for i, length := range window {
		if length > longestWeeks {
			length = longestWeeks
		}
		dies := false
		if u := deathUnit(words[i]); u < death*length { // 1 - e^-x < x spares the logarithm
			if t := -rng.Log1p(-u) / death; t < length {
				length, dies = t, true
			}
		}
		end := min(uint64(ticks[i])+uint64(int64(length*ticksPerWeek)), w.lastTick)
		// Field by field: a literal of more than four is made in memory and copied from there, and
		// the copy has to wait.
		x := &js[i]
		x.key, x.born, x.end = keys[i], ticks[i], uint32(end)
		x.cell, x.kind, x.dies = uint16(cell), kinds[i], dies
	}
	if s.step < -s.whole {
		s.forget(at, w.cells[cell].Size)
	}
	if len(b.js) >= batchSize {
		s.followBatch()
	}
}

// draw appends the proposed touches of a journey in order of time: those of channels that reach it
// whose level lies below the rate of their step, as far as it is known ahead, else below the highest
// that it can be.
func (s *State) draw(js *journey, list []point) []point {
	w, a := s.w, &s.w.axis
	from := len(list)
	region := int(w.regionOf[js.cell])
	var set [1]uint64
	one := [1]journey{*js}
	a.reach(one[:], set[:])
	live := set[0] & a.allowed[w.openGroupOf(js)]
	total := a.total(live)
	routes := [1]route{{live, uint32(total), w.ratesOf(js.cell)}}
	if total > 0 {
		process := [1]rng.Process{{Stream: js.key.Stream(purposePoint), Scale: w.ticksPerUnit / float64(int64(total)), Tick: js.born, Stop: min(js.end, s.journey.horizon)}}
		var only, low [1]uint32
		var at [1]hit
		for rng.NextPoints(process[:], only[:], low[:]) > 0 {
			a.find(routes[:], only[:], low[:], at[:])
			tick, c := process[0].Tick, at[0].channel
			if at[0].level < w.keep[w.rateAt(s.rowOf(tick), region, int(c))] {
				list = append(list, point{level: at[0].level, stream: process[0].Stream, tick: tick, channel: c})
			}
		}
	}
	if w.goesBeyond() {
		x := &s.journey.single
		x.draw(w, one[:], set[:], routes[:], s.journey.horizon)
		list = append(list, x.points...)
		slices.SortStableFunc(list[from:], func(a, b point) int { return cmp.Compare(a.tick, b.tick) })
	}
	if num := w.rows[s.rowOf(js.born)]; num.reachMoved != 0 {
		group := w.groupOf(js, num)
		kept := list[:from]
		for _, p := range list[from:] {
			if num.reachMoved>>p.channel&1 == 0 || w.reaches(js, num, set[0], int(p.channel), group) {
				kept = append(kept, p)
			}
		}
		list = kept
	}
	return list
}

// visibleTo is 1 for a journey that can be seen from outside, else 0.
func visibleTo(key rng.Key, visible uint64) int {
	return int((key.Word(purposeVisible)>>32 - visible) >> 63)
}

// raiseHands turns the step's raised hands into leads.
func (s *State) raiseHands() {
	w, j := s.w, &s.journey
	list := j.leads[s.row()]
	p := w.at(s.step).plan
	j.keys, j.willing = slices.Grow(j.keys[:0], len(list))[:len(list)], slices.Grow(j.willing[:0], len(list))[:len(list)]
	for i := range list {
		j.keys[i] = list[i].key
	}
	rng.Normals(j.keys, purposeWilling, j.willing)
	for i := range list {
		j.willing[i] = float64(p.Journey.WillingnessSigma[w.cells[list[i].cell].Size] * j.willing[i])
	}
	rng.ExpEach(j.willing)
	for i := range list {
		l := &list[i]
		willing := float64(p.Journey.WillingnessMedian[w.cells[l.cell].Size] * j.willing[i])
		if w.slump[s.row()] {
			willing *= p.Economy.Recession.Willingness
		}
		s.raiseHand(l, willing)
	}
	j.spareLeads.take(&j.leads[s.row()])
}

// wait keeps a journey whose hand is raised until first contact.
func (j *journeys) wait(l *lead) (slot uint32) {
	if n := len(j.free); n > 0 {
		slot, j.free = j.free[n-1], j.free[:n-1]
	} else {
		slot = uint32(len(j.late))
		j.late = append(j.late, waiter{})
	}
	j.late[slot] = waiter{journey: l.journey, raised: l.at}
	j.active = append(j.active, slot)
	return slot
}

// contacted ends the touches of a sign-up's journey: first contact was made, or
// never will be.
func (j *journeys) contacted(d *deal, at float64) {
	if d.slot != noSlot {
		x := &j.late[d.slot]
		x.contact = max(1, x.raised+uint32(int64(max(0, at-d.raised)*ticksPerWeek)))
		d.slot = noSlot
	}
}

// wasteTouches counts the touches made in the step on journeys between raised
// hand and first contact.
func (s *State) wasteTouches() {
	j, w := &s.journey, s.w
	if len(j.active) == 0 {
		return
	}
	row := s.row()
	inRun := 0
	if row >= w.burnIn {
		inRun = 1
	}
	kept := j.active[:0]
	for _, slot := range j.active {
		x := &j.late[slot]
		if x.contact == 0 || x.contact > x.raised {
			region := int(w.regionOf[x.cell])
			j.points = s.draw(&x.journey, j.points[:0])
			for i := range j.points {
				pt := &j.points[i]
				if pt.tick <= x.raised || s.rowOf(pt.tick) != row || x.contact != 0 && pt.tick >= x.contact {
					continue
				}
				c := int(pt.channel)
				if pt.level >= j.keep[w.rateAt(row, region, c)] || w.rows[row].needsAware>>c&1 == 1 && !s.knows(x.key, row, region) {
					continue
				}
				s.tally.touchesAt[row]++
				s.tally.touchCell[inRun][c*len(w.cells)+int(x.cell)]++
			}
		}
		if x.contact != 0 {
			j.free = append(j.free, slot)
			continue
		}
		kept = append(kept, slot)
	}
	j.active = kept
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

// inf is no event at all.
var inf = math.Inf(1)
