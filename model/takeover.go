package model

// takeOver makes the state that another one has come to the state of this one, which stands for a plan of the same
// shape, field by field into memory that is used again. It takes what is read from the fork of the other one on; the
// journeys and locks that it has cut off there are not taken, see goOn. Touches end at a tick.
func (s *State) takeOver(o *State, horizon uint32) {
	w, row := s.w, o.fork.row
	s.root, s.customersAtWeek, s.whole = o.root, o.customersAtWeek, o.whole
	copy(s.blockKeys, o.blockKeys)
	s.takeProposals(o, row)
	s.drivers.takeOver(o.drivers)
	s.pools.takeOver(&o.pools, row)
	s.journey.reset(w)
	s.journey.horizon = horizon
	s.journey.takeOver(w, &o.journey, row)
	s.sales.takeOver(&o.sales, row)
	s.free.takeOver(&o.free, row)
	s.base.takeOver(&o.base, max(0, row-w.burnIn))
	s.money.takeOver(&o.money)
	s.tally.takeOver(&o.tally)
	if s.beginObserving(); s.asks != 0 && o.Observer != nil {
		if s.asks&Weeks != 0 {
			s.watch.takeOver(o.watch)
		}
		o.Observer.(*shared).tell(s.Observer)
	}
}

// takeProposals takes the numbers of the trigger proposals. Where the plans draw them up to other heights (of kinds
// that the opening plan lacks) they are drawn.
func (s *State) takeProposals(o *State, row int) {
	n := len(s.blockKeys)
	copy(s.proposals[row*n:], o.proposals[row*n:])
	for at := range s.blockKeys {
		if s.w.layers[at] > 0 && (o.w.layers[at] == 0 || o.w.layer[at] != s.w.layer[at]) {
			s.drawProposalsFrom(at, row)
		}
	}
}

// again copies a list into the memory of another.
func again[T any](into *[]T, list []T) { *into = append((*into)[:0], list...) }

// eachAgain copies lists by step, from one on, into those of another; those before are emptied.
func eachAgain[T any](into, lists [][]T, from int) {
	for i := range into {
		into[i] = into[i][:0]
		if i >= from {
			into[i] = append(into[i], lists[i]...)
		}
	}
}

func (d *drivers) takeOver(o *drivers) {
	b, x := d.brand, o.brand
	for _, k := range [...]struct{ to, from []float64 }{
		{b.salience, x.salience}, {b.equity, x.equity}, {b.meanSal, x.meanSal}, {b.meanEq, x.meanEq},
		{b.pressureS, x.pressureS}, {b.pressureE, x.pressureE}, {b.spend, x.spend},
		{d.adstock, o.adstock}, {d.spend, o.spend}, {d.inside, o.inside},
		{d.rate, o.rate}, {d.paid, o.paid}, {d.lift, o.lift}, {d.aware, o.aware},
	} {
		copy(k.to, k.from)
	}
}

func (p *pools) takeOver(o *pools, row int) {
	for _, k := range [...]struct{ to, from []int }{
		{p.firms, o.firms}, {p.dormant, o.dormant}, {p.inMarket, o.inMarket}, {p.locked, o.locked},
		{p.customers, o.customers}, {p.free, o.free}, {p.opening, o.opening},
	} {
		copy(k.to, k.from)
	}
	at := row * len(p.firms)
	copy(p.expire[at:], o.expire[at:])
	copy(p.die[at:], o.die[at:])
	copy(p.release[at:], o.release[at:])
	copy(p.chance, o.chance)
}

// takeOver takes the journeys between raised hand and first contact, and what is known of touches so far: no other
// lead or journey has come to the fork.
func (j *journeys) takeOver(w *world, o *journeys, row int) {
	again(&j.late, o.late)
	again(&j.active, o.active)
	again(&j.free, o.free)
	j.opened = o.opened
	if j.feedback == 0 {
		return
	}
	for r := range w.byRegion {
		from, to := w.rateAt(0, r, 0), w.rateAt(row, r, 0)
		copy(j.keep[from:to], o.keep[from:to])
		copy(j.pull[from:to], o.pull[from:to])
	}
	copy(j.paid[:w.paidAt(row, 0, 0)], o.paid)
}

func (s *sales) takeOver(o *sales, row int) {
	eachAgain(s.arrivals, o.arrivals, row)
	eachAgain(s.bookings, o.bookings, row)
	eachAgain(s.tried, o.tried, row)
	copy(s.refused, o.refused)
	copy(s.died, o.died)
	copy(s.rival, o.rival)
	copy(s.trials, o.trials)
	s.inProgress, s.toScreen = o.inProgress, o.toScreen
	s.takeWorth(o)
	for t := range s.teams {
		s.teams[t].takeOver(&o.teams[t])
	}
}

func (d *teamQueue) takeOver(o *teamQueue) {
	k := *d
	*d = *o
	d.today, d.order, d.head = k.today[:0], k.order[:0], 0
	d.queue, d.people, d.idle, d.calls, d.joining = k.queue, k.people, k.idle, k.calls, k.joining
	again(&d.queue, o.queue[o.head:])
	again(&d.people, o.people)
	again(&d.idle, o.idle)
	again(&d.calls, o.calls)
	again(&d.joining, o.joining)
}

func (f *freeUse) takeOver(o *freeUse, row int) {
	f.users, f.perWeek, f.within = o.users, o.perWeek, o.within
	eachAgain(f.begins, o.begins, row)
	eachAgain(f.from, o.from, row)
	copy(f.rates, o.rates)
}

func (b *customerBase) takeOver(o *customerBase, step int) {
	b.live, b.opened, b.months = o.live, o.opened, o.months
	b.retainedMRR, b.openingMRR = o.retainedMRR, o.openingMRR
	eachAgain(b.leave, o.leave, step)
	eachAgain(b.renew, o.renew, step)
	copy(b.sum, o.sum)
	copy(b.prepaid, o.prepaid)
	copy(b.extra, o.extra)
	copy(b.extraPre, o.extraPre)
	copy(b.extraTime, o.extraTime)
	copy(b.count, o.count)
	copy(b.growth, o.growth)
}

func (m *money) takeOver(o *money) {
	k := *m
	*m = *o
	m.mediaOf, m.mediaIn, m.brandIn, m.payOf, m.paid = k.mediaOf, k.mediaIn, k.brandIn, k.payOf, k.paid
	copy(m.mediaOf, o.mediaOf)
	copy(m.mediaIn, o.mediaIn)
	copy(m.brandIn, o.brandIn)
	copy(m.payOf, o.payOf)
	copy(m.paid, o.paid)
}

func (t *tally) takeOver(o *tally) {
	t.reset() // keeps its own lists, and of the rest what the shape of the plan says
	k := *t
	*t = *o
	t.schema = k.schema
	t.rows, t.month, t.brought = k.rows, k.month, k.brought
	copy(t.rows, o.rows)
	copy(t.month, o.month)
	copy(t.brought, o.brought)
	t.touchesAt, t.reachedAt, t.weekSignups = k.touchesAt, k.reachedAt, k.weekSignups
	t.expiresAt, t.diesAt, t.rivalAt = k.expiresAt, k.diesAt, k.rivalAt
	copy(t.touchesAt, o.touchesAt)
	copy(t.reachedAt, o.reachedAt)
	copy(t.expiresAt, o.expiresAt)
	copy(t.diesAt, o.diesAt)
	copy(t.rivalAt, o.rivalAt)
	copy(t.weekSignups, o.weekSignups)
	t.touchCell = k.touchCell
	for period, counts := range t.touchCell {
		copy(counts, o.touchCell[period])
	}
	t.leadCell, t.realCell, t.signCell, t.signProd, t.signTeam = k.leadCell, k.realCell, k.signCell, k.signProd, k.signTeam
	t.oppCell, t.oppProd = k.oppCell, k.oppProd
	copy(t.leadCell, o.leadCell)
	copy(t.realCell, o.realCell)
	copy(t.signCell, o.signCell)
	copy(t.signProd, o.signProd)
	copy(t.signTeam, o.signTeam)
	copy(t.oppCell, o.oppCell)
	copy(t.oppProd, o.oppProd)
	t.cellScratch, t.noCounts, t.channelScratch, t.workScratch = k.cellScratch, k.noCounts, k.channelScratch, k.workScratch
	if t.screening, t.screenFor = k.screening, k.screenFor; o.screening != nil {
		again(&t.screening, o.screening)
		again(&t.screenFor, o.screenFor)
		if t.workScratch == nil {
			t.workScratch = make([]float64, len(o.workScratch))
		}
	}
}
