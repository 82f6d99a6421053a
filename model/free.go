package model

import (
	"windfall/model/plan"
	"windfall/model/rng"
)

// A product with a free plan is used for nothing before it is bought, or never is: a free user is no longer in
// market and no customer yet (docs/model.md, section 3.7).

// freeUse is the free users of the vendor.
type freeUse struct {
	on      bool
	begins  [][]deal // by step from -burnIn: deals whose free use begins then; booked is its end
	from    [][]float64
	users   int
	perWeek float64   // USD a week that serving them costs
	within  float64   // of the current step: USD to add for those who come and go inside it
	rates   []float64 // by slice row, and industry x region: USD a week of those live
}

func (f *freeUse) init(w *world, rows int) {
	if f.on = w.plan.OffersFree(); !f.on {
		return
	}
	f.begins, f.from = make([][]deal, w.span), make([][]float64, w.span)
	f.rates = make([]float64, rows)
}

func (f *freeUse) reset() {
	f.users, f.perWeek, f.within = 0, 0, 0
	for i := range f.begins {
		f.begins[i], f.from[i] = f.begins[i][:0], f.from[i][:0]
	}
	clear(f.rates)
}

// useFree lets a sign-up that would be won now use the product for nothing. What becomes of it is drawn at once: with
// the chance free_converts it will buy, after an exponential time; else it leaves after another, or stays until its
// firm dies.
func (s *State) useFree(d *deal, p *plan.Product) {
	f := &s.free
	begins := d.booked
	row := s.stepOf(begins)
	if row >= len(f.begins) {
		return
	}
	end, months := turnsDown, p.FreeLifeMonths
	if d.key.Unit(purposeTrial) < p.FreeConverts {
		end, months = buys, p.FreeConvertsMonths
	}
	d.booked = inf
	if months == months {
		d.booked = begins + float64(months*plan.WeeksPerMonth*rng.Exponential(d.key, purposeFree))
	}
	if d.is&goesToRival != 0 { // it is in the market no more
		d.gone, d.is = s.diesAt(d, d.key.Word(purposeTrigger)), d.is&^goesToRival
	}
	if d.gone <= d.booked {
		end, d.booked = isGone, d.gone
	}
	if s.step < 0 { // served by the run's vendor
		p = &s.w.at(0).plan.Products[d.product]
	}
	d.is, d.use = d.is|usesFree, p.CostToServePerMonth/plan.WeeksPerMonth
	s.sales.trials[row]++
	f.begins[row], f.from[row] = append(f.begins[row], *d), append(f.from[row], begins)
	if d.booked < s.w.tailEnd() {
		s.settle(d, end)
	}
}

// beginFree makes a free user of a sign-up, at a time in the current step.
func (s *State) beginFree(d *deal, at float64) {
	f, w := &s.free, s.w
	s.pools.inMarket[d.cell]--
	s.pools.free[d.cell]++
	s.sales.inProgress--
	f.users++
	f.perWeek += d.use
	if s.step >= 0 {
		f.within -= float64(d.use * (at - s.now()))
	}
	from := max(0, at)
	for _, r := range s.tally.rowsOf(s, int(d.channel), int(d.cell), int(d.product), int(d.team)) {
		s.tally.rows[r*colSums+colOnboardingFees] -= float64(d.use * from)
		f.rates[r] += d.use
	}
	if d.raised >= 0 {
		weeks := min(d.booked, w.tailEnd()) - from
		s.tally.brought[int(d.channel)*s.tally.sizes+w.cells[d.cell].Size] -= float64(d.use * weeks)
	}
}

// endFree ends the free use of a deal that is booked in the current step.
func (s *State) endFree(d *deal) {
	if d.is&usesFree == 0 {
		return
	}
	f := &s.free
	s.pools.inMarket[d.cell]++
	s.pools.free[d.cell]--
	s.sales.inProgress++
	f.users--
	f.perWeek -= d.use
	if s.step >= 0 {
		f.within += float64(d.use * (d.booked - s.now()))
	}
	for _, r := range s.tally.rowsOf(s, int(d.channel), int(d.cell), int(d.product), int(d.team)) {
		s.tally.rows[r*colSums+colOnboardingFees] += float64(d.use * max(0, d.booked))
		f.rates[r] -= d.use
	}
}

// serveFree moves those who begin and pays what serving the free users costs in the current step, a part of the
// cost of winning customers.
func (s *State) serveFree() {
	f, row := &s.free, s.row()
	for i := range f.begins[row] {
		s.beginFree(&f.begins[row][i], f.from[row][i])
	}
	for _, list := range [2][]deal{s.sales.tried[row], s.sales.bookings[row]} {
		for i := range list {
			s.endFree(&list[i])
		}
	}
	if s.step < 0 {
		return
	}
	usd := max(0, float64(f.perWeek*s.w.h)+f.within)
	f.within = 0
	s.money.week.onboarding += usd
	s.money.week.free += usd
	s.money.onboardings += usd
}

// closeFree brings the slices up to the end of the run.
func (s *State) closeFree(end float64) {
	for r, rate := range s.free.rates {
		s.tally.rows[r*colSums+colOnboardingFees] += float64(rate * end)
	}
}
