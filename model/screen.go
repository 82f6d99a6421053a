package model

import (
	"math/bits"

	"windfall/model/plan"
)

// A raised hand is a lead; a channel's `real` says which share of its leads has a real intention. Of the others
// a person finds out by screening them, which takes a part of the time of an opportunity; the firm's journey goes
// on as if nothing had happened, so that a channel of poor leads uses up no firm that another would have won
// (docs/model.md, section 3.7).

// raisesForNothing says whether a touch that raised a hand did so without a real intention; it then leaves a lead
// in its step. The uniform is one of the touch's own point.
func (s *State) raisesForNothing(h *hit) bool {
	j, b := &s.journey, &s.journey.batch
	p := &b.process[h.journey]
	row := s.rowOf(p.Tick)
	num := s.w.rows[row]
	through := num.through(h)
	share := num.plan.Channels[through].Real
	if share >= 1 || p.Stream.Beside(purposeReal-purposePoint) < share {
		return false
	}
	m := &b.progress[h.journey]
	l := j.spareLeads.add(&j.waited[row])
	l.journey = b.js[h.journey]
	l.at, l.channel, l.touches, l.channels = p.Tick, through, m.touches, uint8(bits.OnesCount64(m.touched))|notReal
	return true
}

// screen sends a lead without a real intention to the team that a real one would have gone to: for a person it
// stands in the queue like any other, as long as the journey lasts. One to which no product is sold reaches no
// team, as always, and teams without people lose no time.
func (s *State) screen(l *lead, willing float64) {
	w, num := s.w, s.w.at(s.step)
	at, cell := s.weeks(l.at), int(l.cell)
	s.money.unrealFee(s, int(l.channel), cell, at, num.plan.Channels[l.channel].FeePerLead)
	product, _, _ := s.choose(l, willing)
	if product < 0 {
		return
	}
	d := deal{key: l.key, born: l.born, raised: at, windowEnd: s.weeks(l.end), gone: inf, slot: noSlot,
		cell: l.cell, kind: l.kind, channel: l.channel, product: uint8(product), is: toBeScreened}
	d.team = uint8(s.teamOf(&d, w.cells[cell].Size))
	team := &num.plan.Teams[d.team]
	if team.Kind != "people" {
		return
	}
	d.ready = at + team.AnswerDelayHours/plan.HoursPerWeek
	s.sales.toScreen++
	s.tally.toScreen++
	s.join(&d)
}

// screened counts a lead that a person found not to be real.
func (s *State) screened(d *deal) {
	s.sales.toScreen--
	s.tally.screened(s, d, s.w.at(s.step).plan.Teams[d.team].ScreeningShare)
}
