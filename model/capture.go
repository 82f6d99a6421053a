package model

import (
	"windfall/model/rng"
)

// A channel that captures demand does not make its touches: firms search by themselves, whether or not
// money is spent. A proposed touch of it below its full rate is a search. The paid link takes those below
// the share that spend buys; of the others some arrive through a free channel, the rest does not
// (docs/model.md, section 3.4). However a search arrives, it is the same event with the same draws, so that
// two plans with other budgets differ in who is credited and in what is lost, and in nothing else.

// viaOrganic marks a hit that arrives through the channel that the one searched falls back to. It lies
// above all entries of the axis.
const viaOrganic = 1 << 15

// searches are the channels of which a search may arrive that the paid link does not take.
func (n *numbers) searches() (set uint64) {
	for c, share := range n.organic {
		if share > 0 {
			set |= 1 << c
		}
	}
	return set
}

// organic says whether a search that the paid link does not take arrives all the same, given its address.
func (n *numbers) arrivesOrganic(c int, at rng.Stream) bool {
	return at.Beside(purposeOrganic-purposePoint) < n.organic[c]
}

// isLost says whether a search of a step does not arrive whatever the run does to budgets: that need
// not be waited for.
func (w *world) isLost(c, row, region int, level uint64, at rng.Stream) bool {
	n := w.rows[row]
	return n.organic[c] > 0 && level >= w.paid[w.paidAt(row, region, c)] && !n.arrivesOrganic(c, at)
}

// arrives says through which channel a touch comes that lies below the rate of its channel in a step, or
// that it is a search which does not arrive.
func (s *State) arrives(c, row, region int, level uint64, at rng.Stream) (through int, yes bool) {
	w := s.w
	n := w.rows[row]
	if n.organic[c] == 0 || level < s.journey.paid[w.paidAt(row, region, c)] {
		return c, true
	}
	return int(n.fallsBack[c]), n.arrivesOrganic(c, at)
}

// through is the channel through which a hit arrives.
func (n *numbers) through(h *hit) uint8 {
	if h.entry&viaOrganic != 0 {
		return n.fallsBack[h.channel]
	}
	return h.channel
}

// search finds how a search of a journey in the batch arrives, or makes it a hit of no channel.
func (s *State) search(h *hit, row int, none uint8) {
	w, b := s.w, &s.journey.batch
	c := int(h.channel)
	through, yes := s.arrives(c, row, int(w.regionOf[b.js[h.journey].cell]), h.level, b.process[h.journey].Stream)
	switch {
	case !yes:
		h.channel = none
	case through != c:
		h.entry |= viaOrganic
		// It will be counted as a touch of the channel that is searched (uint32 may pass 0 on the way).
		counts := s.tally.touchCell[periodOf(uint64(row), uint64(w.burnIn), uint64(w.burnIn+w.steps-1))]
		cell := int(b.js[h.journey].cell)
		counts[c*len(w.cells)+cell]--
		counts[through*len(w.cells)+cell]++
	}
}

// fillPerFirm finds how much of the market money reaches in each step, against a market of the number of
// firms for which the opening plan states it: a number of firms is a smaller share of more. Within a week
// the number of firms stands still, and after the run it stays.
func (w *world) fillPerFirm() {
	stated := w.tl.Opening().Population.MediaFirms
	firms := 0.0
	for _, n := range w.firms {
		firms += float64(n)
	}
	for row := range w.perFirm {
		w.perFirm[row] = 1
		if !(stated > 0) {
			continue
		}
		if step := row - w.burnIn; w.grows && step >= 0 && step < w.steps && step%w.tl.StepsPerWeek() == 0 {
			firms = w.firmsAt(step)
		}
		w.perFirm[row] = stated / max(1, firms)
	}
}
