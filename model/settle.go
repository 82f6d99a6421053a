package model

import (
	"cmp"
	"slices"
)

// settle drops the proposals whose slot lies beyond the dormant firms of their
// cell left at their time: each kept proposal lowers the count at once. With n
// proposals of a cell a slot below dormant - n is safe in any order, so that only
// the few in between must be held against the proposals before them. Ties in time
// follow the order of the list: kinds by name, then layer and number.
func (b *newborn) settle(dormant []int) {
	if cap(b.unsure) < len(b.slot) {
		b.unsure = make([]int32, cap(b.slot))
	}
	unsure := b.unsure[:len(b.slot)]
	n := 0
	for i, slot := range b.slot {
		cell := b.cell[i]
		unsure[n] = int32(i)
		n += int(1 - below(slot, uint64(max(0, dormant[cell]-b.count[cell]))<<32))
	}
	if n == 0 {
		return
	}
	unsure = unsure[:n]
	if n > fewUnsure {
		unsure = b.sweep(unsure[:0], dormant)
	} else {
		unsure = b.judge(unsure, dormant)
	}
	for _, u := range unsure {
		b.count[b.cell[u]]--
	}
	b.drop(unsure)
}

// fewUnsure is up to how many unsure proposals are held against all others one by one: that is cheaper
// than to sort the list.
const fewUnsure = 32

// inTime orders proposals by cell and time.
func (b *newborn) inTime(x, y int32) int {
	return cmp.Or(cmp.Compare(b.cell[x], b.cell[y]), cmp.Compare(b.tick[x], b.tick[y]), cmp.Compare(x, y))
}

// judge gives those of the unsure proposals that find no dormant firm.
func (b *newborn) judge(unsure []int32, dormant []int) []int32 {
	slices.SortFunc(unsure, b.inTime)
	dropped, here, last := 0, 0, -1 // in all, of the current cell; that cell
	for _, u := range unsure {
		cell, tick := b.cell[u], int64(b.tick[u])
		if int(cell) != last {
			here, last = 0, int(cell)
		}
		// Those of the cell before u in time, less the unsure ones that were dropped.
		before := b.countBefore(cell, tick+1, 0, int(u)) + b.countBefore(cell, tick, int(u), len(b.tick))
		if b.slot[u]+uint64(before-here)<<32 >= uint64(dormant[cell])<<32 {
			unsure[dropped] = u
			dropped++
			here++
		}
	}
	return unsure[:dropped]
}

// sweep is judge of all proposals, by going through them in order of time.
func (b *newborn) sweep(dropped []int32, dormant []int) []int32 {
	order := b.order[:0]
	for i := range b.slot {
		order = append(order, int32(i))
	}
	b.order = order
	slices.SortFunc(order, b.inTime)
	kept := 0
	for k, u := range order {
		if k == 0 || b.cell[u] != b.cell[order[k-1]] {
			kept = 0
		}
		if b.slot[u]+uint64(kept)<<32 >= uint64(dormant[b.cell[u]])<<32 {
			dropped = append(dropped, u)
		} else {
			kept++
		}
	}
	return dropped
}

// countBefore counts the proposals of a cell before a tick, among those from one index up to another.
func (b *newborn) countBefore(cell uint16, tick int64, from, to int) (n int) {
	ticks, cells := b.tick[from:to], b.cell[from:to]
	for i, t := range ticks {
		n += int(bothBelow(uint64(t), uint64(tick), uint64(cells[i]^cell), 1))
	}
	return n
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
		copy(b.cell[to:], b.cell[from:next])
		copy(b.kind[to:], b.kind[from:next])
	}
	b.resize(len(b.key) - len(list))
}
