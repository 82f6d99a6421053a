package dense

import (
	"math"

	"windfall/model/plan"
)

// simulation is the state of one replication.
type simulation struct {
	random random
	times  *timetable
	clock  calendar
	econ   *economy
	events agenda

	// The numbers of this step.
	plan      *plan.Plan
	recession bool
	burning   bool // in the burn-in
	closed    bool // after the run
	stepEnd   float64
	lives     []life // of the firms of each size class
	// baseHazards are the integrated churn hazards of a first year, by size.
	baseHazards []float64

	// The market.
	cells       []*cell
	regionFirms []float64 // firms on the first day, by region
	firms       int       // identities given so far
	firmsNow    float64   // in this week
	journeys    []*journey

	// The vendor.
	regions            []region
	channels           []channel
	teams              []*team
	freeUsers          []*journey
	ghosts             []*call    // leads of a file that are not real
	accounts           []*account // live customers
	wins               []*account // all won in the run
	gone               []*account // those that left or whose value is complete
	liveAtWeekStart    float64
	purse              purse
	cutMedia, cutBrand float64 // what cash rules cut this week
	frozen             bool    // cash rules stop hiring this week
	closedByRuin       float64

	replyTimes []float64 // hours, of leads that people answered in the run

	week    *week
	costs   costs
	records records
	result  *Result
}

// Simulate runs one replication of a plan. The same plan, seed and replication
// give the same result.
func Simulate(p *plan.Plan, seed uint64, replication int) *Result {
	s := newSimulation(p, seed, replication)
	s.openMarket()
	s.burning, s.week = true, &week{}
	for step := -s.clock.burnIn; step < 0; step++ {
		s.step(step)
	}
	s.burning = false
	s.open()
	s.openRecords()
	step := 0
	for ; step < s.clock.steps && !s.purse.ruined; step++ {
		s.step(step)
	}
	s.closeRecords()
	s.afterwards(step)
	r := s.report()
	if !s.purse.ruined {
		s.followTail(step, r)
	}
	return r
}

func newSimulation(p *plan.Plan, seed uint64, replication int) *simulation {
	s := &simulation{random: newRandom(seed, replication), result: &Result{}}
	s.times = newTimetable(p, s.random)
	s.clock = s.times.calendar
	s.events = newAgenda(s.clock)
	s.econ = newEconomy(s.times, s.random)
	for size := range p.Population.Sizes {
		s.lives = append(s.lives, lifeOf(s.times.opening, size))
	}
	s.setNumbers(s.earliest())
	s.purse.cash = s.times.on(0).Finance.OpeningCash
	s.purse.paid = map[string]bool{}
	s.costs = newCosts(s.plan)
	return s
}

// earliest is the first step of the burn-in, or the last where there is none.
func (s *simulation) earliest() int { return -max(1, s.clock.burnIn) }

// stepBefore is the step some weeks before the first day, of what is older than the burn-in its first.
func (s *simulation) stepBefore(weeks float64) int {
	return min(-1, max(s.earliest(), int(math.Floor(-weeks*float64(s.clock.perWeek)))))
}

// held says whether spend and stocks stand still: in a burn-in that replays nothing.
func (s *simulation) held() bool { return s.burning && s.times.past == nil }

// setNumbers takes the plan and the regime of a step.
func (s *simulation) setNumbers(step int) {
	s.recession = s.econ.recession(step)
	if p := s.times.at(step); p != s.plan || s.baseHazards == nil {
		s.plan = p
		s.baseHazards = make([]float64, len(p.Population.Sizes))
		for size := range s.baseHazards {
			s.baseHazards[size] = baseHazard(p, s.times.opening, size)
		}
	}
}

// step simulates one step; the package comment lists its parts.
func (s *simulation) step(step int) {
	begin, end := s.clock.begins(step), s.clock.begins(step+1)
	s.stepEnd = end
	weekBegins := step%s.clock.perWeek == 0
	weekEnds := (step+1)%s.clock.perWeek == 0

	s.setNumbers(step)
	if weekBegins && !s.burning {
		s.week = &week{signupsByChannel: map[int]float64{}}
		s.grow(begin)
		s.cashRules()
		s.liveAtWeekStart = float64(len(s.accounts))
	}
	s.setFeltRates(step)
	s.advanceBrand(step)
	s.setDrivers(step)
	s.events.begin(step)
	s.staff(begin)
	s.openDesks(begin, end)
	s.ringDormant(begin, end)
	s.drawTouches(begin)
	s.events.runUntil(end)

	if !s.burning {
		s.spendOnBrand(step)
		s.serveCustomers(end)
		s.serveFree(end)
		s.returns(end)
	}
	if weekEnds {
		s.closeTeams(end)
		if !s.burning {
			s.closeWeek((step + 1) / s.clock.perWeek)
		}
	}
}

// drawTouches draws the next touch of every journey in progress, at the rates of this step, and whether
// it goes to a rival in the step.
func (s *simulation) drawTouches(begin float64) {
	s.liveJourneys()
	for _, j := range s.journeys {
		if j.touchable() {
			s.setTouchRates(j)
			s.nextTouch(j, begin)
		}
		s.nextRival(j, begin)
	}
	s.loseGhosts(begin)
}
