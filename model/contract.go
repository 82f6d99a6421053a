package model

import (
	"math"

	"windfall/model/plan"
	"windfall/model/rng"
)

// A customer of a product with a term may leave only when a term ends, unless its firm dies; a product with a trial
// is tried before it is bought (docs/model.md, sections 3.7 and 3.8).

// contract is what a customer has agreed to at the win.
type contract struct {
	term    float64 // weeks; 0: it may leave on any day
	refusal float64 // -ln of the chance to renew; NaN: it stays until its churn clock rings
}

func contractOf(p *plan.Product) contract {
	k := contract{refusal: math.NaN()}
	if p.TermMonths > 0 {
		k.term = p.TermMonths / 12 * plan.WeeksPerYear
		if p.Renewal == p.Renewal {
			k.refusal = -rng.Log(p.Renewal)
		}
	}
	return k
}

// aHair is the part of a customer's time by which it leaves before its term ends: no bill of the next term is made, and
// whoever leaves after 12 months is no customer then.
const aHair = 0x1p-40

// ends is when the n-th term of a customer since its win ends.
func (k *contract) ends(since float64, n int) float64 {
	return since + float64(float64(n)*k.term*(1-aHair))
}

// running is the number, from 1, of the term that runs at a time.
func (k *contract) running(since, at float64) int {
	n := max(1, int(math.Ceil((at-since)/k.term)))
	if k.ends(since, n) < at {
		n++
	}
	return n
}

// never is a time, in weeks, beyond everything that is looked at: up to there the number of a term is a whole number.
const never = 1e9

// departs is leaves under a contract: the churn clock, or a renewal that fails, ends a customer at the end of a
// term; the firm's death at once.
func (w *world) departs(
	p *plan.Product, who *buyer, churn, death, from float64, clock tenureClock,
) (at float64, died bool) {
	if p.TermMonths == 0 {
		return w.leavesAs(who, churn, death, from, clock)
	}
	k, stays := contractOf(p), *who
	stays.frailty = 0
	dies, _ := w.leavesAs(&stays, churn, death, from, clock)
	ends := inf
	if k.refusal == k.refusal {
		ends = w.refuses(k, who, churn, from)
	} else if rings, _ := w.leavesAs(who, churn, inf, from, clock); rings < never {
		ends = k.ends(who.since, k.running(who.since, rings))
	}
	return min(dies, ends), dies <= ends && dies < inf
}

// longestLife is how long after the win a customer is of interest at the most: the longest horizon of lifetime value.
const longestLife = 50 * plan.WeeksPerYear

// refuses is the end of the term at which a customer does not renew: where the sum of -ln(chance to renew) times the
// multipliers on churn of the day, its answer to the price among them, has used up its unit exponential. So n terms
// are survived with chance renewal^n where no multiplier acts.
func (w *world) refuses(k contract, who *buyer, churn, from float64) float64 {
	moves := w.priceMoves[who.product]
	felt, seen, n := feeling{price: who.price}, from, k.running(who.since, from)
	for i := range w.hazards {
		seg, end := &w.hazards[i], w.spanEnd(i)
		if end <= from {
			continue
		}
		if moves {
			felt.see(seg.products[who.product].Price)
		}
		for at := k.ends(who.since, n); at < end; at = k.ends(who.since, n) {
			if at > max(w.tailEnd(), who.since+longestLife) {
				return inf
			}
			felt.fade(seg.fading, at-seen)
			seen = at
			if churn -= float64(k.refusal * seg.onChurn(who, &felt)); churn <= 0 {
				return at
			}
			n++
		}
		felt.fade(seg.fading, end-seen)
		seen = end
	}
	return inf
}

// onChurn is what multiplies the churn of a customer: the plan, the economy, its channel and its answer to the price.
func (seg *hazardSegment) onChurn(who *buyer, felt *feeling) float64 {
	x := seg.multiplier
	if who.channel < len(seg.channels) {
		x = float64(x * seg.channels[who.channel].Churn)
	}
	if felt.sum != 0 || felt.gap != 0 {
		push := float64(seg.lasting*felt.sum) + float64(seg.transient*felt.gap)
		x = float64(x * rng.FastExp(min(mostPush, max(-mostPush, push))))
	}
	return x
}

// renewed gives the tenure in years at which the running term of an opening customer of an age began: until then its
// churn clock has not rung.
func (k *contract) renewed(age float64) float64 {
	if k.term == 0 {
		return age
	}
	years := k.term / plan.WeeksPerYear
	return float64(math.Floor(age/years) * years)
}

// verdict is what becomes of a sign-up that is about to be won.
type verdict uint8

const (
	buys verdict = iota
	turnsDown
	isGone // its firm dies, or chooses a rival
)

// tryOut begins the trial of a sign-up that would be won now: what it comes to is known at first contact.
func (s *State) tryOut(d *deal, p *plan.Product) {
	begins := d.booked
	d.use = p.TrialDays / plan.DaysPerWeek
	d.booked = begins + d.use
	end := buys
	switch {
	case d.gone <= d.booked:
		end, d.booked, d.use = isGone, d.gone, d.gone-begins
	case d.key.Unit(purposeTrial) >= p.TrialConverts:
		end = turnsDown
	}
	if s.replaced(d, s.stepOf(d.booked)) {
		return
	}
	if row := s.stepOf(begins); row >= 0 && row < len(s.sales.trials) {
		s.sales.trials[row]++
	}
	s.settle(d, end)
}

// settle enters what a deal comes to, whose trial or free use ends at its time of booking.
func (s *State) settle(d *deal, end verdict) {
	row := s.stepOf(d.booked)
	if row >= len(s.sales.bookings) {
		return
	}
	switch end {
	case buys:
		s.sales.bookings[row] = append(s.sales.bookings[row], *d)
		return
	case isGone:
		s.leaveSales(d)
	case turnsDown:
		s.sales.refused[row]++
		s.lockDeal(d, d.booked)
	}
	s.sales.tried[row] = append(s.sales.tried[row], *d)
}

// payTrial books what a trial cost that is over: the service of its product, part of the cost of winning customers.
func (s *State) payTrial(d *deal) {
	if d.use == 0 || d.is&usesFree != 0 || s.step < 0 {
		return
	}
	p := s.w.at(s.step).plan
	weeks := min(d.use, d.booked) // what lies before the first day was paid then
	usd := float64(p.Products[d.product].CostToServePerMonth * weeks / plan.WeeksPerMonth)
	s.money.week.onboarding += usd
	s.money.onboardings += usd
	s.tally.trialCost(s, d, usd)
}

// trialCost puts what a trial cost to the lead that it came from.
func (t *tally) trialCost(s *State, d *deal, usd float64) {
	for _, r := range t.rowsOf(s, int(d.channel), int(d.cell), int(d.product), int(d.team)) {
		t.rows[r*colSums+colOnboardingFees] += usd
	}
	if d.raised >= 0 {
		t.brought[int(d.channel)*t.sizes+s.w.cells[d.cell].Size] -= usd
	}
	t.addMonth(s, d.booked, monOnboardingFees, usd)
}
