package model

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// deal is a sign-up on its way through sales. Times are weeks since the first day.
type deal struct {
	key       rng.Key
	raised    float64 // raised hand
	ready     float64 // joins its team
	windowEnd float64
	gone      float64 // the firm dies or chooses a rival, whichever comes first, or +Inf
	booked    float64 // the result
	price     float64 // net price per seat and month
	use       float64 // weeks of the trial that ends when it is booked, or USD a week that its free use costs until then
	born      uint32  // tick of the trigger
	slot      uint32  // where its journey waits for first contact, or noSlot
	cell      uint16
	kind      uint8
	channel   uint8
	product   uint8
	team      uint8
	is        dealMark
}

// dealMark says what a deal is besides.
type dealMark uint8

const (
	goesToRival  dealMark = 1 << iota // when it is gone
	usesFree                          // until it is booked
	toBeScreened                      // a lead that is not real; it is no sign-up
	isListed                          // in the file of what is open on the first day
)

// sales holds sign-ups in progress.
type sales struct {
	arrivals   [][]deal // by step from -burnIn: sign-ups that join a team then
	bookings   [][]deal // by step: wins
	refused    []int    // by step: how many say no
	died       []int    // by step: how many die in service, cycle or trial
	rival      []int    // by step: how many choose a rival in service or cycle
	tried      [][]deal // by step: those of the refused and dead whose trial ends then
	trials     []int    // by step: how many trials begin
	teams      []teamQueue
	inProgress int
	toScreen   int                 // leads that wait to be screened
	worth      map[rng.Key]float64 // USD a month: what a file says of opportunities that are open on the first day
}

// noSlot marks a deal whose first contact was made with the raised hand.
const noSlot = 1<<32 - 1

func (s *sales) init(w *world) {
	s.arrivals, s.bookings = make([][]deal, w.span), make([][]deal, w.span)
	s.refused, s.died, s.rival = make([]int, w.span), make([]int, w.span), make([]int, w.span)
	s.tried, s.trials = make([][]deal, w.span), make([]int, w.span)
	s.teams, s.worth = make([]teamQueue, len(w.plan.Teams)), map[rng.Key]float64{}
	for t := range s.teams {
		s.teams[t].label = rng.Label(w.plan.Teams[t].Name)
	}
}

func (s *sales) reset(w *world) {
	for i := range s.arrivals {
		s.arrivals[i] = s.arrivals[i][:0]
		s.bookings[i] = s.bookings[i][:0]
		s.tried[i] = s.tried[i][:0]
	}
	clear(s.refused)
	clear(s.died)
	clear(s.rival)
	clear(s.trials)
	s.inProgress, s.toScreen = 0, 0
	for t := range s.teams {
		d := &s.teams[t]
		d.today, d.queue, d.head = d.today[:0], d.queue[:0], 0
		d.people, d.calls, d.joining = d.people[:0], d.calls[:0], d.joining[:0]
		d.idle = d.idle[:0]
		d.byRule, d.busy, d.staff, d.weeks = 0, 0, 0, 0
		d.load, d.staffed = [4]float64{}, [4]float64{}
	}
}

// clearBurnIn forgets the load of the burn-in; sign-ups in progress stay.
func (s *sales) clearBurnIn(st *State) {
	for t := range s.teams {
		s.teams[t].busy, s.teams[t].staff, s.teams[t].weeks = 0, 0, 0
	}
	st.tally.salesAtStart = s.inProgress + st.free.users
}

// raiseHand turns a raised hand into a lead: qualified at once, or not, by what
// it is willing to pay for a seat and month.
func (s *State) raiseHand(l *lead, willing float64) {
	w, num := s.w, s.w.at(s.step)
	c, cell := int(l.channel), int(l.cell)
	at := s.weeks(l.at)
	s.tally.lead(s, c, cell, at, !l.unreal())
	if l.unreal() {
		s.observeLead(l, false)
		s.screen(l, willing)
		return
	}
	word := l.key.Word(purposeTrigger)
	ch := &num.plan.Channels[c]
	product, price, fits := s.choose(l, willing)
	s.observeLead(l, product >= 0)
	if product < 0 {
		s.tally.unqualified(fits)
		s.money.leadFee(s, c, cell, -1, -1, at, ch.FeePerLead)
		s.lock(cell, at, lockUnit(word), s.founded(l.key, l.born, l.cell, l.kind))
		return
	}
	d := deal{key: l.key, born: l.born, raised: at, windowEnd: s.weeks(l.end), gone: inf, price: price,
		slot: noSlot, cell: l.cell, kind: l.kind, channel: l.channel, product: uint8(product)}
	born, row := s.weeks(l.born), s.rowOf(l.born)
	// The firm's death, drawn at the trigger: the same uniform that may have cut
	// the window.
	d.gone = s.diesAt(&d, word)
	switch l.fate {
	case firmDies:
		d.windowEnd = born + w.rows[row].window[l.kind].Draw(l.key, purposeWindow)
	case choosesRival:
		d.windowEnd = inf // the rival comes first
	}
	if w.rivals {
		if t := born + w.rivalAfter(l.key, l.kind, l.born, inf); t < d.gone {
			d.gone, d.is = t, goesToRival
		}
	}
	d.team = uint8(s.teamOf(&d, w.cells[cell].Size))
	team := &num.plan.Teams[d.team]
	d.ready = at + team.AnswerDelayHours/plan.HoursPerWeek
	if team.Kind == "people" || d.ready > at {
		d.slot = s.journey.wait(l)
	}
	s.sales.inProgress++
	s.tally.signup(s, &d)
	if s.asked(Weeks) {
		s.countByRegion(s.watch.told.Signups, d.channel, d.cell)
	}
	s.money.leadFee(s, c, cell, product, int(d.team), at, ch.FeePerLead)
	s.join(&d)
}

// join lets a lead join its team when it is ready, or go when its window ends: with a delay in a later step.
func (s *State) join(d *deal) {
	if at := s.stepOf(min(d.ready, d.windowEnd, d.gone)); at > s.row() {
		if at < len(s.sales.arrivals) {
			s.sales.arrivals[at] = append(s.sales.arrivals[at], *d)
		}
		return
	}
	s.arrive(d)
}

// arrive lets a sign-up join its team, unless its window or its firm ended first.
func (s *State) arrive(d *deal) {
	if d.ready >= min(d.windowEnd, d.gone) {
		s.loseWaiting(d)
		return
	}
	s.sales.teams[d.team].today = append(s.sales.teams[d.team].today, *d)
}

// choose picks the most expensive product that fits and that the lead can afford; fits
// says whether any product fits at all.
func (s *State) choose(l *lead, willing float64) (product int, price float64, fits bool) {
	w, num := s.w, s.w.at(s.step)
	c := &w.cells[l.cell]
	offers := num.bySize[c.Size] & num.byIndustry[c.Industry] & num.byTrigger[l.kind] & num.byChannel[l.channel]
	if offers&num.dated != 0 {
		day := w.plan.Run.Start + plan.Date(math.Floor(s.weeks(l.at)*plan.DaysPerWeek))
		for i := range num.plan.Products {
			pr := &num.plan.Products[i]
			if pr.FirstSale != 0 && day < pr.FirstSale || pr.LastSale != 0 && day > pr.LastSale {
				offers &^= 1 << i
			}
		}
	}
	P := len(num.plan.Products)
	for _, net := range num.net[int(l.channel)*P : (int(l.channel)+1)*P] {
		if offers>>net.product&1 == 1 && net.price <= willing {
			return int(net.product), net.price, true
		}
	}
	return -1, 0, offers != 0
}

// teamOf assigns a sign-up: to the team that lists its channel and serves its
// size class, else by shares among the teams without channels.
func (s *State) teamOf(d *deal, size int) int {
	num := s.w.at(s.step)
	if t := num.teamOf[size*len(s.w.plan.Channels)+int(d.channel)]; t >= 0 {
		return int(t)
	}
	shares := num.teamShare[size*len(num.plan.Teams) : (size+1)*len(num.plan.Teams)]
	return pick(shares, d.key.Unit(purposeTeam))
}

// fillTeams finds for each size class and channel the team that lists the
// channel, or that alone has a share (-1: neither), and the shares of the teams
// without channels.
func (n *numbers) fillTeams(w *world, p *plan.Plan) {
	C := len(w.plan.Channels)
	for z := range p.Population.Sizes {
		name := p.Population.Sizes[z].Name
		row := n.teamOf[z*C : (z+1)*C]
		for c := range row {
			row[c] = -1
		}
		sharing, one := 0, 0
		for t := range p.Teams {
			team := &p.Teams[t]
			n.teamShare[z*len(p.Teams)+t] = 0
			if !team.Enabled || len(team.Sizes) > 0 && !slices.Contains(team.Sizes, name) {
				continue
			}
			if len(team.Channels) == 0 {
				n.teamShare[z*len(p.Teams)+t] = team.Share[z]
				if team.Share[z] > 0 {
					sharing, one = sharing+1, t
				}
				continue
			}
			for c := range row {
				if row[c] < 0 && slices.Contains(team.Channels, w.plan.Channels[c].Name) {
					row[c] = int16(t)
				}
			}
		}
		for c := range row {
			if row[c] < 0 && sharing == 1 {
				row[c] = int16(one)
			}
		}
	}
}

// diesAt is when the firm of a sign-up dies, by its trigger word; +Inf where it outlives the tail.
func (s *State) diesAt(d *deal, word uint64) float64 {
	w := s.w
	size, born, u := w.cells[d.cell].Size, s.weeks(d.born), deathUnit(word)
	m := w.deathAt(size, s.rowOf(d.born))
	if life := &w.life[size]; life.aged {
		return life.dies(s.founded(d.key, d.born, d.cell, d.kind), born, -rng.Log1p(-u), m/life.perWeek)
	}
	if u < float64(m*(w.tailEnd()-born)) { // 1 - e^-x < x
		return born - rng.Log1p(-u)/m
	}
	return inf
}

// loseWaiting ends a lead whose window or firm ended, or that chose a rival, before first contact.
func (s *State) loseWaiting(d *deal) {
	if s.w.at(s.step).plan.Teams[d.team].Kind == "people" {
		s.tally.replies.never(s, d)
	}
	if d.is&toBeScreened != 0 {
		s.sales.toScreen--
		s.tally.unscreened++
		return
	}
	s.sales.inProgress--
	s.contacted(d, min(d.windowEnd, d.gone))
	switch {
	case d.gone > d.windowEnd:
		s.tally.lostWaiting++
		s.lockDeal(d, d.windowEnd)
	case d.is&goesToRival != 0:
		s.tally.rivalWaiting++
		s.lockDeal(d, d.gone)
	default:
		s.tally.diedInSales++
		s.die(int(d.cell), max(s.stepOf(d.gone), s.row()))
	}
}

// die replaces a firm in market that dies in a step, counted from the first of
// the burn-in, by a dormant newborn.
func (s *State) die(cell, row int) {
	if row < s.w.burnIn+s.w.steps {
		s.pools.die[row*len(s.w.cells)+cell]++
	}
}

// lock moves a firm from in market to locked at a time of this step or later; u
// decides about its death in the lock, with the time at which it was founded.
func (s *State) lock(cell int, at, u, founded float64) {
	p, n := &s.pools, len(s.w.cells)
	row := max(s.stepOf(at), s.row())
	if row >= s.w.burnIn+s.w.steps {
		return
	}
	if row >= s.fork.row {
		s.fork.locks = append(s.fork.locks, lockAhead{cell, at, u, founded})
		return
	}
	p.expire[row*n+cell]++
	if row < s.w.burnIn {
		return
	}
	if r := s.releaseStep(cell, at, u, founded); r >= 0 {
		p.release[max(r, row)*n+cell]++
	}
}

// lockDeal locks the firm of a sign-up at a time.
func (s *State) lockDeal(d *deal, at float64) {
	s.lock(int(d.cell), at, lockUnit(d.key.Word(purposeTrigger)), s.founded(d.key, d.born, d.cell, d.kind))
}

// sell lets every team make first contacts through the step.
func (s *State) sell() {
	row := s.row()
	for i := range s.sales.arrivals[row] {
		s.arrive(&s.sales.arrivals[row][i])
	}
	s.sales.arrivals[row] = s.sales.arrivals[row][:0]
	num := s.w.at(s.step)
	for t := range s.sales.teams {
		d := &s.sales.teams[t]
		team := &num.plan.Teams[t]
		if team.Kind != "people" {
			for i := range d.today {
				s.contact(&d.today[i], d.today[i].ready, d.today[i].ready)
			}
			d.today = d.today[:0]
			continue
		}
		s.staff(d, team, t)
		s.runQueue(d, team, &num.hours[t])
		d.today = d.today[:0]
	}
	s.wasteTouches()
}

// contact is first contact: the window stops, the result is drawn and booked
// after service and cycle.
func (s *State) contact(d *deal, at, free float64) {
	w, num := s.w, s.w.at(s.step)
	s.contacted(d, at)
	team := &num.plan.Teams[d.team]
	size := w.cells[d.cell].Size
	s.tally.opportunity(s, d, at)
	if s.asks != 0 {
		s.observeContact(d, at)
	}
	chance := team.WinRate[size]
	if at > d.raised {
		chance *= speedAt(team, size, (at-d.raised)*plan.HoursPerWeek)
	}
	chance *= num.plan.Channels[d.channel].Win
	if w.slump[s.row()] {
		chance *= num.plan.Economy.Recession.WinRate
	}
	if num.priced {
		chance *= num.priceWin[int(d.channel)*len(num.plan.Products)+int(d.product)]
	}
	d.booked = free + num.cycle[int(d.team)*len(num.law)+size].Draw(d.key, purposeCycle)
	s.conclude(d, chance, num)
}

// conclude enters what a sign-up comes to that is won with a chance and booked at its time.
func (s *State) conclude(d *deal, chance float64, num *numbers) {
	if d.gone <= d.booked {
		s.leaveSales(d)
		return
	}
	row := s.stepOf(d.booked)
	if s.replaced(d, row) || row >= len(s.sales.bookings) {
		return
	}
	if d.key.Unit(purposeWin) >= chance {
		s.sales.refused[row]++
		s.lockDeal(d, d.booked)
		return
	}
	if p := &num.plan.Products[d.product]; p.TrialDays > 0 {
		s.tryOut(d, p)
		return
	} else if p.FreePlan {
		s.useFree(d, p)
		return
	}
	s.sales.bookings[row] = append(s.sales.bookings[row], *d)
}

// leaveSales ends a sign-up whose firm dies or chooses a rival before the result is booked.
func (s *State) leaveSales(d *deal) {
	row := max(s.stepOf(d.gone), s.row())
	switch {
	case s.replaced(d, row), row >= len(s.sales.died):
	case d.is&goesToRival != 0:
		s.sales.rival[row]++
		s.lockDeal(d, d.gone)
	default:
		s.sales.died[row]++
		s.die(int(d.cell), row)
	}
}

// book enters the results that are due in the step. Who refuses, who chooses a rival and who has
// died is known at first contact: only counts are left to enter.
func (s *State) book() {
	row := s.row()
	s.tally.refused += s.sales.refused[row]
	s.tally.diedInSales += s.sales.died[row]
	s.tally.rivalInSales += s.sales.rival[row]
	if s.free.on {
		s.serveFree()
	}
	wins := s.sales.bookings[row]
	s.sales.inProgress -= s.sales.refused[row] + s.sales.died[row] + s.sales.rival[row] + len(wins)
	s.tally.trials += s.sales.trials[row]
	for i := range s.sales.tried[row] {
		s.payTrial(&s.sales.tried[row][i])
	}
	for i := range wins {
		s.payTrial(&wins[i])
		s.win(&wins[i])
	}
}
