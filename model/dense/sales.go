package dense

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// team is a sales team: for people, a queue whose servers they are.
type team struct {
	index  int
	spec   *plan.Team // as it is in this step
	people []*person  // longest employed first
	queue  []*call
	hired  int // by rule, on top of the head-count of the plan

	hiring    int     // people on their way, by rule
	arrive    float64 // when they start
	inHand    int     // leads with a person now
	busy      int     // people employed and busy now
	since     float64 // up to when busyTime and paidTime are booked
	busyTime  float64 // person-weeks busy in this week
	paidTime  float64 // person-weeks employed in this week
	busyWeeks []float64
	paidWeeks []float64
}

// call is a lead in a queue: a sign-up, or one that is not real and will be screened.
type call struct {
	j      *journey
	unreal bool
	ended  bool // taken up, or its journey is over
	raised float64
	joined float64
	who    who
}

// person is one server of a team.
type person struct {
	start float64 // first day; minus infinity for people of the opening plan
	busy  bool
	left  bool
}

// raiseHand makes a lead of a journey: a product is chosen, and the sign-up
// goes to its team; without a product that fits and can be afforded the lead is
// unqualified and its firm locked (docs/model.md, section 3.7).
func (s *simulation) raiseHand(j *journey, i int, at float64) {
	j.raised, j.channel = at, i
	s.week.leads++
	s.week.real++
	s.recordLead(j, at)

	product, price, fits := s.choose(j, i, at)
	if product < 0 {
		s.deeds(j).leads++
		s.deeds(j).real++
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
	j.team = s.route(j, i)
	j.phase = answering
	s.deeds(j).leads++
	s.deeds(j).real++
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

// raiseIdly makes a lead of a hand without a real intention. The journey goes on; where people would have sold to
// the firm one of them screens it, if its journey lasts until then.
func (s *simulation) raiseIdly(j *journey, i int, at float64) {
	s.week.leads++
	s.recordLead(j, at)
	fee := s.plan.Channels[i].FeePerLead
	s.week.fees += fee
	nobody := s.costs.of(who{i, j.cell, -1, -1})
	if !s.burning {
		nobody.leads++
		nobody.fees += fee
	}
	product, _, _ := s.choose(j, i, at)
	if product < 0 {
		return
	}
	t := s.route(j, i)
	spec := &s.plan.Teams[t.index]
	if spec.Kind != "people" {
		return
	}
	c := &call{j: j, unreal: true, raised: at, joined: at + spec.AnswerDelayHours/weekHours,
		who: who{i, j.cell, product, t.index}}
	j.unreal = append(j.unreal, c)
	s.events.add(c.joined, rankContact, func() {
		if !c.ended {
			s.enqueue(t, c)
		}
	})
	s.events.add(min(j.window, j.death), rankWindow, func() { s.endUnreal(c) })
}

// endUnreal ends a lead that is not real and that nobody has screened by the end of its journey.
func (s *simulation) endUnreal(c *call) {
	if c.ended {
		return
	}
	c.ended = true
	s.week.unreached++
	if s.teams[c.who.team].forget(c) {
		s.week.waited++
	}
}

// netPrice is price x (1 - min(0.9, discount x the channel's multiplier)).
func netPrice(p *plan.Product, multiplier float64) float64 {
	return p.Price * (1 - min(0.9, p.Discount*multiplier))
}

// choose gives the product that a lead takes: of those on sale that fit and
// cost no more than its willingness to pay the most expensive by net price.
func (s *simulation) choose(j *journey, channel int, at float64) (product int, price float64, fits bool) {
	pop := &s.plan.Population
	m := &s.plan.Journey
	willing := m.WillingnessMedian[j.cell.size] * math.Exp(m.WillingnessSigma[j.cell.size]*j.willing) *
		multiplier(s.recession, s.plan.Economy.Recession.Willingness)
	product = -1
	for i := range s.plan.Products {
		q := &s.plan.Products[i]
		if !q.Enabled || !onSale(q, s.clock.day(at)) ||
			!lists(q.Sizes, pop.Sizes[j.cell.size].Name) ||
			!lists(q.Industries, pop.Industries[j.cell.industry].Name) ||
			!lists(q.Triggers, s.plan.Triggers[j.kind].Name) ||
			!lists(q.Channels, s.plan.Channels[channel].Name) {
			continue
		}
		fits = true
		net := netPrice(q, s.plan.Channels[channel].Discount)
		if net <= willing && (product < 0 || net > price) {
			product, price = i, net
		}
	}
	return product, price, fits
}

// onSale tells whether a product is sold on a day.
func onSale(q *plan.Product, day plan.Date) bool {
	return (q.FirstSale == 0 || q.FirstSale <= day) && (q.LastSale == 0 || day <= q.LastSale)
}

// route gives the team of a sign-up: the one that lists its channel and serves
// its size class; else one of those without channels, by their shares.
func (s *simulation) route(j *journey, channel int) *team {
	size := s.plan.Population.Sizes[j.cell.size].Name
	shares, sum := make([]float64, len(s.teams)), 0.0
	for i := range s.plan.Teams {
		t := &s.plan.Teams[i]
		if !t.Enabled || !lists(t.Sizes, size) {
			continue
		}
		if slices.Contains(t.Channels, s.plan.Channels[channel].Name) {
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
	left := j.choice * sum
	for i, share := range shares {
		if left < share {
			return s.teams[i]
		}
		left -= share
	}
	panic("dense: shares of teams do not reach their sum")
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
	j.call = &call{j: j, raised: j.raised, joined: at, who: who{j.channel, j.cell, j.product, j.team.index}}
	if s.enqueue(j.team, j.call) && j.phase == answering {
		j.phase = waiting
	}
}

// enqueue brings a lead to a team of people: it is taken up at once, if somebody is at work and idle, or it waits
// (true). Some are never answered: they hear nothing until their journey ends.
func (s *simulation) enqueue(t *team, c *call) (waits bool) {
	spec := &s.plan.Teams[t.index]
	chance := spec.NeverAnswered
	if full := spec.NeverAnsweredAtFullLoad; !math.IsNaN(full) {
		load := 1.0
		if n := len(t.people); n > 0 {
			load = min(1, float64(t.inHand+len(t.queue))/float64(n))
		}
		chance += (full - chance) * load
	}
	if s.random.chance(chance) {
		return false
	}
	if s.clock.working(spec, c.joined) {
		for _, w := range t.people {
			if !w.busy {
				s.takeUp(c, w, c.joined)
				return false
			}
		}
	}
	t.queue = append(t.queue, c)
	return true
}

// forget takes a lead out of the queue, if it is there.
func (t *team) forget(c *call) bool {
	i := slices.Index(t.queue, c)
	if i < 0 {
		return false
	}
	t.queue = slices.Delete(t.queue, i, i+1)
	return true
}

// missed counts a sign-up in the hands of people that ends before first contact.
func (s *simulation) missed(j *journey) {
	if s.plan.Teams[j.team.index].Kind != "people" || j.phase != answering && j.phase != waiting {
		return
	}
	s.week.unreached++
	if j.phase == waiting {
		s.week.waited++
	}
}

// takeUp lets a person serve or screen a lead.
func (s *simulation) takeUp(c *call, w *person, at float64) {
	c.ended = true
	s.week.replies++
	s.week.replyHours += (at - c.raised) * weekHours
	if !s.burning && !s.closed {
		s.replyTimes = append(s.replyTimes, (at-c.raised)*weekHours)
	}
	if at > c.joined {
		s.week.waited++
	}
	if !c.unreal {
		s.contact(c.j, w, at)
		return
	}
	t, spec := s.teams[c.who.team], &s.plan.Teams[c.who.team]
	s.week.screened++
	if !s.burning {
		s.costs.of(c.who).screening += spec.ScreeningShare
	}
	s.serve(t, w, at, c.j.effort*spec.ScreeningShare, func(float64) {})
}

// serve keeps a person busy with some work, counted in opportunities of a person at full speed.
func (s *simulation) serve(t *team, w *person, at, work float64, after func(done float64)) {
	spec := &s.plan.Teams[t.index]
	t.setBusy(s.clock, at, w, true)
	t.inHand++
	done := s.clock.done(spec, at, work/spec.OpportunitiesPerWeek/ramp(spec, w, at))
	s.events.add(done, rankService, func() {
		t.setBusy(s.clock, done, w, false)
		t.inHand--
		after(done)
		// What else ends at this time comes before the next first contact.
		s.events.add(done, rankContact, func() { s.callQueue(t, done) })
	})
}

// left is what a wait of some hours leaves of the chance to win.
func left(t *plan.Team, size int, wait float64) float64 {
	switch t.Speed {
	case "two":
		slow := t.SpeedSlowShare[size]
		return slow*math.Exp2(-wait/t.SpeedSlowHalfLifeHours[size]) + (1-slow)*math.Exp2(-wait/t.SpeedHalfLifeHours[size])
	case "power":
		return math.Pow(1+wait/t.SpeedScaleHours[size], -t.SpeedPower[size])
	}
	return math.Exp2(-wait / t.SpeedHalfLifeHours[size])
}

// contact is first contact: the window stops, the result is drawn with
//
//	win rate x what the wait leaves of it x economy x channel x (net price/reference)^(-elasticity), at most 1,
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
	win := t.WinRate[size] * left(t, size, wait) * multiplier(s.recession,
		s.plan.Economy.Recession.WinRate) * s.plan.Channels[j.channel].Win
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
	s.serve(j.team, w, at, j.effort, func(done float64) {
		if j.phase == serving {
			j.phase = booking
			s.events.add(done+cycle, rankBooking, func() { s.book(j, done+cycle) })
		}
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
func ramp(t *plan.Team, w *person, at float64) float64 {
	if at-w.start >= t.RampWeeks {
		return 1
	}
	return t.RampStart + (1-t.RampStart)*(at-w.start)/t.RampWeeks
}

// callQueue lets idle people take the next leads, the longest employed first, while they work.
func (s *simulation) callQueue(t *team, at float64) {
	if s.clock.working(&s.plan.Teams[t.index], at) {
		s.callIdle(t, at)
	}
}

// callIdle is callQueue at a time at which people work.
func (s *simulation) callIdle(t *team, at float64) {
	for _, w := range t.people {
		if len(t.queue) == 0 {
			return
		}
		if w.busy {
			continue
		}
		next := t.queue[0]
		t.queue = t.queue[1:]
		s.takeUp(next, w, at)
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
// the last hired and finishes the current sign-up; new people start at the
// start of their ramp. A freeze stops new people of the plan; those already on
// their way by the hiring rule come.
func (s *simulation) staff(at float64) {
	for _, t := range s.teams {
		spec := &s.plan.Teams[t.index]
		if spec.Kind != "people" {
			continue
		}
		t.book(s.clock, at)
		t.spec = spec
		for ; t.hiring > 0 && t.arrive <= at; t.hiring-- {
			t.hired++
			t.people = append(t.people, &person{start: at})
		}
		want := 0
		if spec.Enabled {
			want = int(math.Round(spec.People)) + t.hired
		}
		for _, x := range spec.Ramping {
			if s.burning && x.WeeksAgo < -at { // they have not begun
				want -= int(x.People)
			}
		}
		want = max(0, want)
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
func (t *team) setBusy(c calendar, at float64, w *person, busy bool) {
	t.book(c, at)
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
// the people employed; who is busy at night is so in working hours only.
func (t *team) book(c calendar, at float64) {
	if t.since < at {
		t.busyTime += float64(t.busy) * c.worked(t.spec, t.since, at)
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
		t.book(s.clock, at)
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

// openTeams makes the teams with the people of the opening plan on the first day of the burn-in, fully ramped except
// those who are said to have begun not long before.
func (s *simulation) openTeams(begin float64) {
	teams := s.times.at(s.earliest()).Teams
	for i := range teams {
		t := &team{index: i, since: begin, spec: &teams[i]}
		if spec := &teams[i]; spec.Enabled && spec.Kind == "people" {
			var starts []float64
			for _, x := range spec.Ramping {
				for range int(x.People) {
					starts = append(starts, -x.WeeksAgo)
				}
			}
			for range int(math.Round(spec.People)) - len(starts) {
				starts = append(starts, math.Inf(-1))
			}
			slices.Sort(starts)
			for _, start := range starts {
				if start <= begin {
					t.people = append(t.people, &person{start: start})
				}
			}
		}
		s.teams = append(s.teams, t)
	}
}
