package dense

import (
	"math"
	"slices"

	"windfall/model"
)

// team is a sales team: for people, a queue whose servers they are.
type team struct {
	index  int
	people []*person // longest employed first
	queue  []*journey
	hired  int // by rule, on top of the head-count of the plan

	hiring    int     // people on their way, by rule
	arrive    float64 // when they start
	busy      int     // people busy now
	since     float64 // up to when busyTime and paidTime are booked
	busyTime  float64 // person-weeks busy in this week
	paidTime  float64 // person-weeks employed in this week
	busyWeeks []float64
	paidWeeks []float64
}

// person is one server of a team.
type person struct {
	start float64 // first day; minus infinity for people of the opening plan
	busy  bool
	left  bool
}

// raiseHand makes a lead of a journey: a product is chosen, and the sign-up
// goes to its team; without a product that fits and can be afforded the lead is
// unqualified and its firm locked (model specification, section 6).
func (s *simulation) raiseHand(j *journey, i int, at float64) {
	j.raised, j.channel = at, i
	s.week.leads++
	s.recordLead(j)

	product, price, fits := s.choose(j, at)
	if product < 0 {
		s.deeds(j).leads++
		s.fee(j, s.plan.Channels[i].FeePerLead)
		if fits {
			s.week.unaffordable++
		} else {
			s.week.unfit++
		}
		s.leaveLocked(j, at)
		return
	}
	j.product, j.netPrice = product, price
	j.team = s.route(j)
	j.phase = answering
	s.deeds(j).leads++
	s.deeds(j).signups++
	s.fee(j, s.plan.Channels[i].FeePerLead)
	s.week.signups++
	if !s.burning {
		s.week.signupsByChannel[i]++
	}
	if delay := s.plan.Teams[j.team.index].AnswerDelayHours / weekHours; delay > 0 {
		s.events.add(at+delay, rankContact, func() { s.join(j, at+delay) })
		return
	}
	s.join(j, at)
}

// netPrice is price x (1 - min(0.9, discount x the channel's multiplier)).
func netPrice(p *model.Product, multiplier float64) float64 {
	return p.Price * (1 - min(0.9, p.Discount*multiplier))
}

// choose gives the product that a lead takes: of those on sale that fit and
// cost no more than its willingness to pay the dearest by net price.
func (s *simulation) choose(j *journey, at float64) (product int, price float64, fits bool) {
	pop := &s.plan.Population
	m := &s.plan.Journey
	willing := s.random.lognormal(m.WillingnessMedian[j.cell.size], m.WillingnessSigma[j.cell.size]) *
		multiplier(s.recession, s.plan.Economy.Recession.Willingness)
	product = -1
	for i := range s.plan.Products {
		q := &s.plan.Products[i]
		if !q.Enabled || !onSale(q, s.clock.day(at)) ||
			!lists(q.Sizes, pop.Sizes[j.cell.size].Name) ||
			!lists(q.Industries, pop.Industries[j.cell.industry].Name) ||
			!lists(q.Triggers, s.plan.Triggers[j.kind].Name) ||
			!lists(q.Channels, s.plan.Channels[j.channel].Name) {
			continue
		}
		fits = true
		net := netPrice(q, s.plan.Channels[j.channel].Discount)
		if net <= willing && (product < 0 || net > price) {
			product, price = i, net
		}
	}
	return product, price, fits
}

// onSale tells whether a product is sold on a day.
func onSale(q *model.Product, day model.Date) bool {
	return (q.FirstSale == 0 || q.FirstSale <= day) && (q.LastSale == 0 || day <= q.LastSale)
}

// route gives the team of a sign-up: the one that lists its channel and serves
// its size class; else one of those without channels, by their shares.
func (s *simulation) route(j *journey) *team {
	size := s.plan.Population.Sizes[j.cell.size].Name
	shares, sum := make([]float64, len(s.teams)), 0.0
	for i := range s.plan.Teams {
		t := &s.plan.Teams[i]
		if !t.Enabled || !lists(t.Sizes, size) {
			continue
		}
		if slices.Contains(t.Channels, s.plan.Channels[j.channel].Name) {
			return s.teams[i]
		}
		if len(t.Channels) == 0 {
			shares[i] = t.Share[j.cell.size]
			sum += shares[i]
		}
	}
	if sum == 0 {
		panic("dense: no team serves size class " + size)
	}
	return s.teams[s.random.pick(shares, sum)]
}

// join brings a sign-up to its team: at once to first contact, or into the
// queue if all people are busy.
func (s *simulation) join(j *journey, at float64) {
	if j.phase != answering {
		return // its window ended or its firm died meanwhile
	}
	if s.plan.Teams[j.team.index].Kind != "people" {
		s.contact(j, nil, at)
		return
	}
	for _, w := range j.team.people {
		if !w.busy {
			s.contact(j, w, at)
			return
		}
	}
	j.phase = waiting
	j.team.queue = append(j.team.queue, j)
}

// forget takes a sign-up out of the queue.
func (t *team) forget(j *journey) {
	if i := slices.Index(t.queue, j); i >= 0 {
		t.queue = slices.Delete(t.queue, i, i+1)
	}
}

// contact is first contact: the window stops, the result is drawn with
//
//	win rate x 2^(-wait/speed half-life) x economy x (net price/reference)^(-elasticity), at most 1,
//
// and booked after a service (people) and a cycle.
func (s *simulation) contact(j *journey, w *person, at float64) {
	t := &s.plan.Teams[j.team.index]
	size := j.cell.size
	s.closeTouches(j, at)
	s.deeds(j).contacts++
	s.week.opportunities++
	wait := (at - j.raised) * weekHours
	if !s.burning && !s.closed {
		s.result.Contacts = append(s.result.Contacts, Contact{Team: j.team.index, Raised: j.raised, Wait: wait})
	}
	win := t.WinRate[size] * math.Exp2(-wait/t.SpeedHalfLifeHours[size]) * multiplier(s.recession, s.plan.Economy.Recession.WinRate)
	win *= s.priceResponse(j)
	j.wins = s.random.chance(win)
	s.drawUse(j)
	cycle := s.random.gamma(t.CycleDays[size]/7, t.CycleCV)
	if w == nil {
		j.phase = booking
		s.events.add(at+cycle, rankBooking, func() { s.book(j, at+cycle) })
		return
	}

	j.phase = serving
	j.team.setBusy(at, w, true)
	done := at + s.random.wait(t.OpportunitiesPerWeek)/ramp(t, w, at)
	s.events.add(done, rankService, func() {
		j.team.setBusy(done, w, false)
		if j.phase == serving {
			j.phase = booking
			s.events.add(done+cycle, rankBooking, func() { s.book(j, done+cycle) })
		}
		// What else ends at this time comes before the next first contact.
		s.events.add(done, rankContact, func() { s.callQueue(j.team, done) })
	})
}

// priceResponse is the factor on the chance to win at the net price that the product has now.
func (s *simulation) priceResponse(j *journey) float64 {
	q := &s.plan.Products[j.product]
	if q.PriceElasticity == 0 || math.IsNaN(q.ReferencePrice) {
		return 1
	}
	return math.Pow(netPrice(q, s.plan.Channels[j.channel].Discount)/q.ReferencePrice, -q.PriceElasticity)
}

// ramp is the speed of a person: from ramp_start on the first day linearly to
// 1 after ramp_weeks.
func ramp(t *model.Team, w *person, at float64) float64 {
	if at-w.start >= t.RampWeeks {
		return 1
	}
	return t.RampStart + (1-t.RampStart)*(at-w.start)/t.RampWeeks
}

// callQueue lets idle people take the next sign-ups, the longest employed first.
func (s *simulation) callQueue(t *team, at float64) {
	for _, w := range t.people {
		if len(t.queue) == 0 {
			return
		}
		if w.busy {
			continue
		}
		next := t.queue[0]
		t.queue = t.queue[1:]
		s.contact(next, w, at)
	}
}

// book books the result at the end of the cycle.
func (s *simulation) book(j *journey, at float64) {
	if j.phase != booking {
		return // its firm died meanwhile
	}
	if j.wins && s.beforeUse(j, at) {
		return
	}
	if !j.wins || j.tried && !j.converts {
		s.week.refused++
		s.leaveLocked(j, at)
		return
	}
	s.win(j, at)
	s.endJourney(j, at)
}

// staff brings the head-counts to their plan at a step's start: who leaves is
// the last hired and finishes the sign-up in hand; new people start at the
// start of their ramp. A freeze stops new people of the plan; those already on
// their way by the hiring rule come.
func (s *simulation) staff(at float64) {
	for _, t := range s.teams {
		spec := &s.plan.Teams[t.index]
		if spec.Kind != "people" {
			continue
		}
		t.book(at)
		for ; t.hiring > 0 && t.arrive <= at; t.hiring-- {
			t.hired++
			t.people = append(t.people, &person{start: at})
		}
		want := 0
		if spec.Enabled {
			want = int(math.Round(spec.People)) + t.hired
		}
		for len(t.people) > want {
			last := t.people[len(t.people)-1]
			t.people = t.people[:len(t.people)-1]
			last.left = true
			if last.busy {
				t.busy--
			}
		}
		for len(t.people) < want && !s.frozen {
			t.people = append(t.people, &person{start: at})
		}
		s.callQueue(t, at)
	}
}

// setBusy notes that a person takes up or ends work.
func (t *team) setBusy(at float64, w *person, busy bool) {
	t.book(at)
	w.busy = busy
	switch {
	case w.left:
	case busy:
		t.busy++
	default:
		t.busy--
	}
}

// book adds the time since the last change to the week's busy and paid time of
// the people employed.
func (t *team) book(at float64) {
	if t.since < at {
		t.busyTime += float64(t.busy) * (at - t.since)
		t.paidTime += float64(len(t.people)) * (at - t.since)
		t.since = at
	}
}

// closeTeams ends the week of the teams: pay, load, and the hiring rule: if the
// mean busy share of the last four weeks of the run is above the bound and
// nobody is on the way, people are hired who start after the lead time.
func (s *simulation) closeTeams(at float64) {
	for _, t := range s.teams {
		spec := &s.plan.Teams[t.index]
		if spec.Kind != "people" {
			continue
		}
		t.book(at)
		s.payTeam(t, spec.PayPerYear*t.paidTime/yearWeeks)
		t.busyWeeks = append(t.busyWeeks, t.busyTime)
		t.paidWeeks = append(t.paidWeeks, t.paidTime)
		t.busyTime, t.paidTime = 0, 0
		bound := spec.HireWhenLoadAbove
		if s.burning {
			t.busyWeeks, t.paidWeeks = nil, nil
			continue
		}
		if s.closed || len(t.busyWeeks) < 4 || s.frozen || math.IsNaN(bound) || !spec.Enabled || t.hiring > 0 {
			continue
		}
		if t.load(4) > bound {
			t.hiring = int(math.Round(spec.HireStep))
			t.arrive = at + spec.LeadTimeWeeks
		}
	}
}

// load is the busy share of the team's people over the last weeks.
func (t *team) load(weeks int) float64 {
	var busy, paid float64
	for i := max(0, len(t.busyWeeks)-weeks); i < len(t.busyWeeks); i++ {
		busy += t.busyWeeks[i]
		paid += t.paidWeeks[i]
	}
	if paid == 0 {
		return 0
	}
	return busy / paid
}

// openTeams makes the teams with the people of the opening plan, fully ramped.
func (s *simulation) openTeams(begin float64) {
	for i := range s.times.opening.Teams {
		t := &team{index: i, since: begin}
		if spec := &s.times.opening.Teams[i]; spec.Enabled && spec.Kind == "people" {
			for range int(math.Round(spec.People)) {
				t.people = append(t.people, &person{start: math.Inf(-1)})
			}
		}
		s.teams = append(s.teams, t)
	}
}
