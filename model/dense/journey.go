package dense

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// phase is how far a journey has come.
type phase int

const (
	deciding  phase = iota // in its window, hand not raised
	answering              // sign-up, before it joins its team
	waiting                // in its team's queue
	serving                // with a person
	booking                // in its cycle
	trying                 // in its trial
	free                   // uses the free plan
	over
)

// journey is a firm in market, from the trigger to the booked result.
type journey struct {
	firm    *firm // nil for a journey of the burn-in that is still nameless
	cell    *cell
	kind    int
	phase   phase
	inRun   bool // opened in the run
	opened  float64
	founded float64 // week of the firm's birth, where firms age
	death   float64 // date of the firm's death, drawn at the trigger
	heads   float64
	visible bool
	opinion float64   // uniform that says whether the firm knows the brand
	window  float64   // when it ends, unless the firm dies before
	willing float64   // normal score of its willingness to pay
	choice  float64   // uniform that picks its team
	effort  float64   // unit exponential: how much work it is to a person
	reached []bool    // by channel
	place   []float64 // likewise: uniform that says whether the channel holds the firm out
	need    float64
	rates   []float64 // touches per week in this step, by channel
	rateSum float64

	progress  float64
	lastTouch float64
	engaged   bool
	touches   int
	touchedBy []bool // by channel
	path      []int  // channels through which the touches up to the lead came
	touchedAs []int  // channels whose touches they were: of a search, the one that captures it

	raised   float64
	channel  int // of the touch that raised the hand
	product  int
	netPrice float64
	team     *team
	wins     bool

	trial, freeTime float64 // weeks, drawn at first contact
	free, converts  bool
	tried           bool    // trial or free use has begun
	tryFrom         float64 // when
	serve, served   float64 // of free use: USD per month; paid up to then
	call            *call   // in its team's queue
	unreal          []*call // leads that are not real

	listed *plan.PipelineGroup // its row in a file of what is open on the first day
}

// touchable tells whether channels still touch the journey.
func (j *journey) touchable() bool {
	return j.phase == deciding || j.phase == answering || j.phase == waiting
}

// signedUp tells whether the journey is a sign-up in progress.
func (j *journey) signedUp() bool {
	return j.phase == answering || j.phase == waiting || j.phase == serving || j.phase == booking || j.phase == trying
}

// openJourney starts the journey of a firm: window, need, reach, visibility,
// head-count and the firm's death are drawn with the numbers of now (model
// specification, sections 2, 4, 7 and 10).
func (s *simulation) openJourney(f *firm, c *cell, kind int, at float64) {
	p := s.plan
	t := &p.Triggers[kind]
	j := &journey{
		firm: f, cell: c, kind: kind, inRun: !s.burning, opened: at, lastTouch: at, channel: -1,
		founded:   at - yearWeeks*s.triggerAge(s.lives[c.size], t),
		heads:     s.journeyHeads(t, c),
		visible:   s.random.chance(t.Visible),
		opinion:   s.random.Float64(),
		reached:   make([]bool, len(p.Channels)),
		place:     make([]float64, len(p.Channels)),
		touchedBy: make([]bool, len(p.Channels)),
		rates:     make([]float64, len(p.Channels)),
		need:      s.random.lognormal(p.Journey.TouchesNeeded[c.size], p.Journey.TouchesNeededSD),
		willing:   s.random.NormFloat64(),
		choice:    s.random.Float64(),
		effort:    s.random.exponential(),
	}
	for i := range p.Channels {
		ch := &p.Channels[i]
		if s.burning && !ch.Enabled && ch.Captures == "" {
			continue // not in the opening plan
		}
		j.reached[i] = s.random.chance(reach(ch, c))
	}
	for i := range j.place {
		j.place[i] = s.random.Float64()
	}
	j.death = at + s.restOfLife(c.size, j.founded, at)
	j.employ(f)
	s.journeys = append(s.journeys, j)
	s.week.journeys++

	j.window = at + s.random.gamma(t.WindowWeeks, t.WindowCV)
	s.events.add(j.death, rankDeath, func() { s.die(j, j.death) })
	s.events.add(j.window, rankWindow, func() { s.closeWindow(j, j.window) })
	s.setTouchRates(j)
	s.nextTouch(j, at)
	s.nextRival(j, at)
}

// nextRival sets the date at which the firm chooses a rival, if it falls in the step: the hazard of a
// step is constant, and whoever has not chosen by its end waits anew.
func (s *simulation) nextRival(j *journey, from float64) {
	hazard := rivalHazard(s.plan, j.kind)
	if hazard == 0 {
		return
	}
	if at := from + s.random.wait(hazard); at < s.stepEnd {
		s.events.add(at, rankRival, func() { s.loseToRival(j, at) })
	}
}

// rivalHazard is the hazard a week with which a firm in market of a kind chooses a rival.
func rivalHazard(p *plan.Plan, kind int) float64 {
	hazard := p.Triggers[kind].RivalPerWeek
	if hazard == 0 {
		return 0
	}
	return hazard * p.Rivals.Strength / math.Pow(p.Rivals.Price, p.Rivals.PriceElasticity)
}

// loseToRival ends a journey, wherever it stands, whose firm chooses another vendor.
func (s *simulation) loseToRival(j *journey, at float64) {
	if j.phase == over || j.phase == free { // a free user is in the market no more
		return
	}
	s.week.lostToRivals++
	switch j.phase {
	case answering, waiting:
		s.week.waitingLost++
		s.missed(j)
	case serving, booking, trying:
		s.week.dealsLost++
	}
	s.closeUse(j, at)
	for _, c := range j.unreal {
		s.endUnreal(c)
	}
	s.leaveLocked(j, at)
}

// employ gives the journey a firm, which is as old as the journey says.
func (j *journey) employ(f *firm) {
	j.firm = f
	if f != nil {
		f.founded = j.founded
	}
}

// journeyHeads draws the head-count: by the law of the class, for a threshold
// kind floor(X e^(b E)), at most the class's largest.
func (s *simulation) journeyHeads(t *plan.Trigger, c *cell) float64 {
	size := &s.plan.Population.Sizes[c.size]
	if t.Kind == "threshold" {
		return min(math.Floor(t.Employees*math.Exp(t.GrowthScale*s.random.exponential())), size.Highest)
	}
	return s.headCount(size)
}

// touchRate is the rate of touches per week of a channel on a journey in this step.
func (s *simulation) touchRate(j *journey, i int) float64 {
	c := &s.plan.Channels[i]
	rate := s.channels[i].rate[j.cell.region]
	switch {
	case !j.reached[i] || rate == 0 || j.place[i] < c.Holdout:
		return 0
	case len(c.Targets) > 0 && !(j.visible && slices.Contains(c.Targets, s.plan.Triggers[j.kind].Name)):
		return 0
	case (c.NeedsAwareness || c.Captures == "brand") && j.opinion >= s.known(j.cell.region):
		return 0
	}
	return rate
}

// setTouchRates sets the touch rates of a journey for this step.
func (s *simulation) setTouchRates(j *journey) {
	j.rateSum = 0
	for i := range j.rates {
		j.rates[i] = s.touchRate(j, i)
		j.rateSum += j.rates[i]
	}
}

// nextTouch sets the date of the journey's next touch, if it falls in the step:
// all channels together are one Poisson process, forgetful from step to step.
func (s *simulation) nextTouch(j *journey, from float64) {
	at := from + s.random.wait(j.rateSum)
	if at >= s.stepEnd {
		return
	}
	s.events.add(at, rankTouch, func() {
		if j.touchable() {
			s.touch(j, s.random.pick(j.rates, j.rateSum), at)
			s.nextTouch(j, at)
		}
	})
}

// touch is one touch of a channel on a firm. Until the firm is a lead it adds to
// progress P, a stock with half-life memory_weeks, and may raise the hand:
//
//	chance = response x R x lift x urgency, R = P^h/(P^h + need^h)
//
// (docs/model.md, section 3.5). After the hand it does nothing. A search acts with the numbers of the
// channel that captures it, and is counted for the one through which it arrives, if it does.
func (s *simulation) touch(j *journey, i int, at float64) {
	c := &s.plan.Channels[i]
	through := s.arrival(i, j.cell.region)
	if through < 0 {
		return
	}
	s.countTouch(j, through)
	if j.touches == 0 {
		s.week.reached++
	}
	j.touches++
	isNew := !j.touchedBy[i] && slices.Contains(j.touchedBy, true)
	if c.Weight > 0 {
		j.touchedBy[i] = true
	}
	if j.phase != deciding {
		return
	}
	m := &s.plan.Journey
	gain := c.Weight
	if isNew {
		gain *= 1 + m.CrossChannelBonus
	}
	j.progress = j.progress*math.Exp2(-(at-j.lastTouch)/m.MemoryWeeks) + gain
	j.lastTouch = at
	j.path, j.touchedAs = append(j.path, through), append(j.touchedAs, i)
	if !j.engaged && j.progress >= j.need {
		j.engaged = true
		s.week.engaged++
	}

	chance := c.Response * s.readiness(j) * s.lift(c, j.cell.region) * s.plan.Triggers[j.kind].Urgency
	s.week.judged++
	if chance > 1 {
		s.week.capped++
	}
	switch {
	case !s.random.chance(chance):
	case s.random.chance(s.plan.Channels[through].Real):
		s.raiseHand(j, through, at)
	default:
		s.raiseIdly(j, through, at)
	}
}

// readiness is R = P^h/(P^h + need^h), or a step at P = need as a test mode.
func (s *simulation) readiness(j *journey) float64 {
	if s.plan.Journey.ReadinessStep {
		if j.progress >= j.need {
			return 1
		}
		return 0
	}
	return hill(j.progress, j.need, s.plan.Journey.ReadinessSteepness)
}

// die ends a journey whose firm dies: a newborn takes the firm's place. The
// person who serves it is kept until the service ends.
func (s *simulation) die(j *journey, at float64) {
	if j.phase == over {
		return
	}
	if j.signedUp() || j.phase == free {
		s.week.diedInSales++
		s.missed(j)
	}
	s.closeUse(j, at)
	if j.firm != nil {
		j.firm.replace()
	}
	s.endJourney(j, at)
}

// closeWindow ends a journey whose window ends before first contact.
func (s *simulation) closeWindow(j *journey, at float64) {
	if !j.touchable() {
		return
	}
	if j.phase == deciding {
		s.week.expired++
	} else {
		s.week.lostWaiting++
		s.missed(j)
	}
	s.leaveLocked(j, at)
}

// leaveLocked ends a journey and locks its firm.
func (s *simulation) leaveLocked(j *journey, at float64) {
	if j.firm != nil {
		s.lock(j.firm, at)
	}
	s.endJourney(j, at)
}

// endJourney ends a journey; its firm has its next state already.
func (s *simulation) endJourney(j *journey, at float64) {
	if j.phase == waiting {
		j.team.forget(j.call)
	}
	if j.touchable() {
		s.closeTouches(j, at)
	}
	j.phase = over
}

// closeTouches records the sample of a journey that channels touch no more.
func (s *simulation) closeTouches(j *journey, at float64) {
	if s.burning || s.closed {
		return
	}
	distinct := 0
	for _, yes := range j.touchedBy {
		if yes {
			distinct++
		}
	}
	s.result.Journeys = append(s.result.Journeys, Journey{
		Kind: j.kind, InRun: j.inRun, Opened: j.opened, Ended: at, Touches: j.touches, Channels: distinct,
	})
}
