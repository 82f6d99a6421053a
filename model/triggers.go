package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// block is some cells of one size class whose trigger proposals are drawn together: a market of many
// small cells costs no more than one of a few large ones.
type block struct {
	size  int
	label uint64
	cells []int    // in order of name
	upTo  []uint64 // slots of the cells up to and with each, on 32 fractional bits
	guide [guides]uint16
	slots uint64
}

const (
	guides     = 256    // entries of a block's guide to its cells
	blockFirms = 10_000 // firms of a block, about: larger ones mix cells whose counts do not fit into the first cache
	alike      = 2      // how much more often firms of a cell may feel a trigger than those of another in the block
)

// fillBlocks cuts the market into blocks of cells that feel about the same triggers. It goes by the
// opening plan as it is written: what is uncertain must not move a cut.
func (w *world) fillBlocks(open *plan.Plan) {
	w.fillPopulation(open)
	w.fillDormant(open)
	bySize := w.firmsBySize()
	felt := func(cell, kind int) float64 {
		t := &open.Triggers[kind]
		return float64(yearlyRate(open, t, &w.cells[cell], bySize) * w.feel[cell])
	}
	like := func(a, b int) bool {
		for k := range open.Triggers {
			if x, y := felt(a, k), felt(b, k); x > alike*y || y > alike*x {
				return false
			}
		}
		return true
	}
	for size := range w.plan.Population.Sizes {
		var all []int
		for i := range w.cells {
			if w.cells[i].Size == size {
				all = append(all, i)
			}
		}
		slices.SortFunc(all, func(a, b int) int { return cmp.Compare(w.cells[a].Name, w.cells[b].Name) })
		label := rng.Label(w.plan.Population.Sizes[size].Name)
		for len(all) > 0 {
			n, firms := 1, w.firms[all[0]]
			for n < len(all) && firms < blockFirms && like(all[0], all[n]) {
				firms += w.firms[all[n]]
				n++
			}
			w.blocks = append(w.blocks, block{size: size, label: label, cells: all[:n], upTo: make([]uint64, n)})
			all, label = all[n:], label+1
		}
	}
	w.firms = nil // the draw decides
}

// fill lays the slots of the block's cells side by side; each has its dormant band of them.
func (b *block) fill(band []int) {
	b.slots = 0
	for i, cell := range b.cells {
		b.slots += uint64(band[cell])
		b.upTo[i] = b.slots << 32
	}
	at := 0
	for g := range b.guide {
		for at < len(b.cells)-1 && uint64(g)<<24*b.slots >= b.upTo[at] {
			at++
		}
		b.guide[g] = uint16(at)
	}
}

// newborn holds the proposals of a block and step that may open journeys: by kind, layer and number.
type newborn struct {
	slot   []uint64  // slot of the cell's firms, on 32 fractional bits
	key    []rng.Key // the word of the slot
	word   []uint64  // time, death, death in lock: see deathBits
	tick   []uint32
	cell   []uint16
	kind   []uint8
	window []float64 // weeks
	unsure []int32
	order  []int32 // of all proposals, in time

	// Of the block's cells:
	keep  []uint64 // threshold on the level
	limit []uint64 // dormant firms at the step's start, on 32 fractional bits
	start []uint64 // slots of the cells before
	count []int    // by cell of the market: proposals in the list
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
	b.cell = append(make([]uint16, 0, m), b.cell...)
	b.kind = append(make([]uint8, 0, m), b.kind...)
	b.window = make([]float64, 0, m)
}

// resize keeps the first n.
func (b *newborn) resize(n int) {
	b.slot, b.key, b.word, b.tick, b.cell, b.kind = b.slot[:n], b.key[:n], b.word[:n], b.tick[:n], b.cell[:n], b.kind[:n]
}

// begin empties the list for a block of the current step.
func (b *newborn) begin(bl *block, p *pools) {
	b.resize(0)
	n := len(bl.cells)
	b.keep, b.limit, b.start = slices.Grow(b.keep[:0], n)[:n], slices.Grow(b.limit[:0], n)[:n],
		slices.Grow(b.start[:0], n)[:n]
	before := uint64(0)
	for i, cell := range bl.cells {
		b.limit[i], b.start[i] = uint64(p.dormant[cell])<<32, before
		b.count[cell] = 0
		before = bl.upTo[i]
	}
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

// layerSpan is the part of the level axis that a layer covers: the first from 0
// to base, then doubling.
func layerSpan(base float64, layer int) (low, width float64) {
	if layer == 0 {
		return 0, base
	}
	low = math.Ldexp(base, layer-1)
	return low, low
}

// openJourneys draws the trigger proposals of every block and opens the journeys
// of those that are kept.
func (s *State) openJourneys() {
	w, p, b := s.w, &s.pools, &s.journey.newborn
	K := len(w.kindLabel)
	pace := w.pace[s.row()*K : (s.row()+1)*K]
	num := w.at(s.step)
	for i := range w.blocks {
		bl := &w.blocks[i]
		b.begin(bl, p)
		for k := range K {
			at := i*K + k
			for l := range int(w.layers[at]) {
				low, height := layerSpan(w.layer[at], l)
				any := false
				for c, cell := range bl.cells {
					felt := float64(num.felt[cell*K+k] * pace[k])
					b.keep[c] = threshold((felt - low) / height)
					any = any || felt > low
				}
				if !any {
					break
				}
				node := s.blockKeys[at].Child(uint64(int64(s.step))).Child(uint64(l))
				n := 0
				if l == 0 {
					n = int(s.proposals[s.row()*len(s.blockKeys)+at])
				} else {
					n = s.drawProposals(at, l, node)
				}
				s.propose(bl, node, n, uint8(k))
				for c, cell := range bl.cells { // whose dormant firms have outgrown the band
					if band := uint64(w.band[cell]); band<<32 < b.limit[c] && b.keep[c] > 0 {
						s.proposeBeyond(bl, c, k, l, height)
					}
				}
			}
		}
		if len(b.key) == 0 {
			continue
		}
		b.countCells(bl)
		if s.step >= 0 { // the burn-in holds dormant counts
			b.settle(p.dormant)
			for _, cell := range bl.cells {
				p.dormant[cell] -= b.count[cell]
			}
		}
		for _, cell := range bl.cells {
			p.inMarket[cell] += b.count[cell]
		}
		s.tally.journeys += len(b.key)
		s.openBlock(bl, num)
	}
	s.followBatch()
}

// countCells counts the proposals of each cell.
func (b *newborn) countCells(bl *block) {
	if len(bl.cells) == 1 {
		b.count[bl.cells[0]] = len(b.cell)
		return
	}
	for _, cell := range b.cell {
		b.count[cell]++
	}
}

// drawProposals draws the number of trigger proposals of a block, kind, step and
// layer, given their node. The first two layers are equally high.
func (s *State) drawProposals(at, layer int, node rng.Key) int {
	w := s.w
	u := node.Unit(purposeProposals)
	if layer <= 1 {
		return w.tables[at].Draw(u)
	}
	_, height := layerSpan(w.layer[at], layer)
	return rng.Poisson(float64(float64(int64(w.blocks[at/len(w.kindLabel)].slots))*height*w.h), u)
}

// drawAllProposals draws the numbers of the first layer for all steps, block by
// block: a table is long, and by the step all of them would leave the cache.
func (s *State) drawAllProposals() {
	for at := range s.blockKeys {
		s.drawProposalsFrom(at, 0)
	}
}

// drawProposalsFrom draws those of a block and kind from a step on, counted from the first of the burn-in.
func (s *State) drawProposalsFrom(at, row int) {
	w, key := s.w, s.blockKeys[at]
	n := len(s.blockKeys)
	if w.layers[at] == 0 {
		return
	}
	for ; row < w.burnIn+w.steps; row++ {
		node := key.Child(uint64(int64(row - w.burnIn))).Child(0)
		s.proposals[row*n+at] = uint32(s.drawProposals(at, 0, node))
	}
}

// propose appends those of n proposals on the slots of a block whose level lies
// below the felt rate of their cell and whose slot lies below its dormant firms
// of the step's start. The word of its slot and level is a journey's address.
// The loops have no branch that depends on the draw, but for the search of the
// cell.
func (s *State) propose(bl *block, node rng.Key, n int, kind uint8) {
	b := &s.journey.newborn
	from := len(b.key)
	b.grow(from + n)
	b.resize(from + n)
	slots, keys, cells := b.slot[from:][:n], b.key[from:][:n], b.cell[from:][:n]
	at := 0
	if len(bl.cells) == 1 {
		keep, limit, cell := b.keep[0], b.limit[0], uint16(bl.cells[0])
		for q := range uint64(n) {
			word := node.Word(purposeSlot + q<<32)
			slot := (word >> 32) * bl.slots
			slots[at], keys[at], cells[at] = slot, rng.Key(word), cell
			at += int(bothBelow(word&0xffffffff, keep, slot, limit))
		}
	} else {
		upTo, start, keep, limit := bl.upTo, b.start, b.keep, b.limit
		for q := range uint64(n) {
			word := node.Word(purposeSlot + q<<32)
			slot, c := (word>>32)*bl.slots, bl.guide[word>>56]
			for slot >= upTo[c] {
				c++
			}
			slot -= start[c]
			slots[at], keys[at], cells[at] = slot, rng.Key(word), uint16(bl.cells[c])
			at += int(bothBelow(word&0xffffffff, keep[c], slot, limit[c]))
		}
	}
	b.date(s, from, at, kind)
}

// proposeBeyond draws the proposals of a cell on the slots beyond its band, from
// an address of their own.
func (s *State) proposeBeyond(bl *block, c, kind, layer int, height float64) {
	w, b := s.w, &s.journey.newborn
	cell := bl.cells[c]
	node := s.root.Child(purposeCell).Child(w.cells[cell].label).Child(w.kindLabel[kind])
	node = node.Child(uint64(int64(s.step))).Child(uint64(layer)).Child(1)
	rest := uint64(s.pools.firms[cell] - w.band[cell])
	n := rng.Poisson(float64(float64(int64(rest))*height*w.h), node.Unit(purposeProposals))
	first := uint64(w.band[cell]) << 32
	from := len(b.key)
	b.grow(from + n)
	b.resize(from + n)
	at := from
	for q := range uint64(n) {
		word := node.Word(purposeSlot + q<<32)
		slot := first + (word>>32)*rest
		b.slot[at], b.key[at], b.cell[at] = slot, rng.Key(word), uint16(cell)
		at += int(bothBelow(word&0xffffffff, b.keep[c], slot, b.limit[c]))
	}
	b.date(s, from, at-from, uint8(kind))
}

// date keeps the first n proposals from an index on and gives them their times.
func (b *newborn) date(s *State, from, n int, kind uint8) {
	b.resize(from + n)
	start, span := s.ticks()
	words, ticks, kinds := b.word[from:][:n], b.tick[from:][:n], b.kind[from:][:n]
	for q, key := range b.key[from:] {
		word := key.Word(purposeTrigger)
		words[q], ticks[q], kinds[q] = word, start+uint32((word>>32)*span>>32), kind
	}
}

// openBlock opens the journeys of one block and step.
func (s *State) openBlock(bl *block, num *numbers) {
	w, x, b := s.w, &s.journey.newborn, &s.journey.batch
	n := len(x.key)
	death, aged := w.deathAt(bl.size, s.row()), w.life[bl.size].aged
	constant := death // of all ages
	if aged {
		constant = 0
	}
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
	keys, words, ticks, cells, kinds, js := x.key[:n], x.word[:n], x.tick[:n], x.cell[:n], x.kind[:n], b.js[at:][:n]
	for i, length := range window {
		if length > longestWeeks {
			length = longestWeeks
		}
		dies := false
		if u := deathUnit(words[i]); u < constant*length { // 1 - e^-x < x spares the logarithm
			if t := -rng.Log1p(-u) / constant; t < length {
				length, dies = t, true
			}
		}
		fate := windowEnds
		if dies {
			fate = firmDies
		}
		if w.rivals {
			if t := w.rivalAfter(keys[i], kinds[i], ticks[i], length); t < length {
				length, fate = t, choosesRival
			}
		}
		end := min(uint64(ticks[i])+uint64(int64(length*ticksPerWeek)), w.lastTick)
		// Field by field: a literal of more than four is made in memory and copied from there, and
		// the copy has to wait.
		x := &js[i]
		x.key, x.born, x.end = keys[i], ticks[i], uint32(end)
		x.cell, x.kind, x.fate = cells[i], kinds[i], fate
		x.turn = s.journey.opened
		s.journey.opened++
	}
	if aged {
		s.cutByAge(at, bl.size, death, window)
	}
	if s.step < 0 && !s.followAll {
		s.forget(at, bl.size)
	}
	if len(b.js) >= batchSize {
		s.followBatch()
	}
}
