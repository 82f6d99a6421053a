package model

import "windfall/model/rng"

// A channel that addresses firms one by one can leave some of them out, drawn by chance: what the others do more is
// what it brings (docs/model.md, section 3.4).

// HeldOut says whether a firm (Firm.ID) is among those that a channel holds out at a share of firms. Whoever is held
// out at a share is so at a larger one.
func HeldOut(id uint64, channel string, share float64) bool {
	return heldAt(rng.Key(id).Child(rng.Label(channel))) < threshold(share)
}

// heldAt is the place, on 32 bits, of a journey among those that a channel holds out, given the node of both.
func heldAt(child rng.Key) uint64 { return child.Word(purposeHoldout) >> 32 }

// holdsOut says whether a channel may not touch a journey in a step, counted from the first of the burn-in.
func (w *world) holdsOut(key rng.Key, row, c int) bool {
	share := w.rows[row].holdout[c]
	return share > 0 && heldAt(key.Child(w.node[c])) < share
}
