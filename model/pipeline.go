package model

import (
	"fmt"
	"maps"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// A file may list the leads that wait and the opportunities that are open on the first day, in place of those that the
// burn-in leaves (docs/model.md, section 3.1). What happened to them before that day is a matter of the opening plan
// alone, so that all plans that open under it share them.

// openGroup is a group of the file, as the run's plan has it: -1 for what that plan lacks.
type openGroup struct {
	*plan.PipelineGroup
	label                  uint64
	team, product, channel int
	weeks                  float64 // its age
	cells                  []int   // of its members
}

// fillPipeline finds the cells of the firms that the file lists: as those of opening customers, spread over the cells
// of their size class by firms.
func (w *world) fillPipeline(o *plan.Plan) {
	ofSize := make([]float64, len(o.Population.Sizes))
	for z := range ofSize {
		ofSize[z] = o.Opening.OpenOf(o.Population.Sizes[z].Name)
	}
	dealt := dealByFirms(o, ofSize, w.cells, w.firms)
	w.pipeline = w.pipeline[:0]
	for size := range o.Population.Sizes {
		places := w.placesOf(size, func(cell int) int { return dealt[cell] })
		for i := range o.Opening.Pipeline {
			g := &o.Opening.Pipeline[i]
			if g.Size != o.Population.Sizes[size].Name {
				continue
			}
			n := min(int(g.Count), len(places)) // fewer where a draw leaves the class no firm
			w.pipeline = append(w.pipeline, openGroup{PipelineGroup: g, label: rng.Label(g.Label()), cells: places[:n],
				weeks:   g.AgeDays / plan.DaysPerWeek,
				team:    slices.IndexFunc(o.Teams, func(t plan.Team) bool { return t.Name == g.Team }),
				product: slices.IndexFunc(o.Products, func(p plan.Product) bool { return p.Name == g.Product }),
				channel: slices.IndexFunc(o.Channels, func(c plan.Channel) bool { return c.Name == g.Channel })})
			places = places[n:]
		}
	}
}

// checkPipeline refuses a file that names what the run's plan does not have, or more than there is room for: so many
// firms of a class are away from the dormant state.
func (w *world) checkPipeline(size string, away, customers float64) error {
	const key = "opening.pipeline_file"
	o := &w.open.plan.Opening
	if n := o.OpenOf(size); n+customers > away {
		return fmt.Errorf("%s: lists %.0f of size class %s, which has %.0f opening customers: only %.0f of its firms are "+
			"away from the dormant state on the first day; correct the sizes, or raise population.firms", key, n, size,
			customers, away)
	}
	for i := range w.pipeline {
		g := &w.pipeline[i]
		for _, x := range []struct {
			what, name string
			at         int
		}{{"team", g.Team, g.team}, {"product", g.Product, g.product}, {"channel", g.Channel, g.channel}} {
			if x.at < 0 {
				return fmt.Errorf("%s: lists what belongs to %s %s, and the plan has none; give it one of that name, with "+
					"enabled = false if there is none any more", key, x.what, x.name)
			}
		}
		if len(w.plan.Triggers) == 0 {
			return fmt.Errorf("%s: lists what is open, and the plan has no trigger that brings firms into the market", key)
		}
	}
	return nil
}

// replaced takes a sign-up of the burn-in away that is over in the run alone, in a row of steps: a file lists what is
// open on the first day. So no later step ever hears of it. Free users stay.
func (s *State) replaced(d *deal, row int) bool {
	if !s.w.listed || row < s.w.burnIn || d.is&(isListed|usesFree) != 0 || s.step >= 0 {
		return false
	}
	s.pools.inMarket[d.cell]--
	s.sales.inProgress--
	return true
}

// openPipeline puts what a file lists in place of what waits at the end of the burn-in. People stay as busy as they
// are.
func (s *State) openPipeline() {
	w, j := s.w, &s.journey
	if !w.listed {
		return
	}
	s.step = -1
	forget := func(list []deal) {
		for i := range list {
			if list[i].is&toBeScreened == 0 {
				s.pools.inMarket[list[i].cell]--
				s.sales.inProgress--
			} else {
				s.sales.toScreen--
			}
		}
	}
	for row := w.burnIn; row < len(s.sales.arrivals); row++ {
		forget(s.sales.arrivals[row])
		s.sales.arrivals[row] = s.sales.arrivals[row][:0]
	}
	for t := range s.sales.teams {
		d := &s.sales.teams[t]
		forget(d.queue[d.head:])
		d.queue, d.head = d.queue[:0], 0
		if team := &w.open.plan.Teams[t]; w.burnIn == 0 {
			d.employed = 0
			if team.Enabled {
				d.employed = int(team.People)
			}
		}
	}
	j.late, j.active, j.free = j.late[:0], j.active[:0], j.free[:0]
	clear(s.sales.worth)
	for i := range w.pipeline {
		g := &w.pipeline[i]
		key := s.root.Child(purposeOpening).Child(rng.Label("pipeline")).Child(g.label)
		for k, cell := range g.cells {
			s.openDeal(g, key.Child(uint64(int64(k))), cell)
		}
	}
	s.takeUpWaiting()
	s.step = 0
}

// openDeal puts one lead or opportunity into its place.
func (s *State) openDeal(g *openGroup, key rng.Key, cell int) {
	w := s.w
	step := w.stepBefore(g.weeks)
	n, slump := w.lately(step), w.slump[max(0, step+w.burnIn)]
	size, ch := w.cells[cell].Size, &n.plan.Channels[g.channel]
	pr := &n.plan.Products[g.product]
	d := deal{key: key, raised: -g.weeks, windowEnd: inf, gone: inf, slot: noSlot, cell: uint16(cell),
		price: pr.Price * (1 - min(0.9, pr.Discount*ch.Discount)), channel: uint8(g.channel), product: uint8(g.product),
		team: uint8(g.team), is: isListed, born: uint32(int64(max(0, w.before-g.weeks) * ticksPerWeek))}
	d.born = min(d.born, max(w.firstDay, 1)-1)
	d.kind = uint8(w.openKind(g, n, cell, key))
	s.openEnds(&d, n, slump)
	if g.Value == g.Value {
		s.sales.worth[key] = g.Value
	}
	if g.Lead {
		k := &n.plan.Triggers[d.kind]
		d.windowEnd = w.lasting(k.WindowWeeks, k.WindowCV, g.weeks, rng.Exponential(key, purposeWindow)) - g.weeks
		s.openLead(&d, n, size)
		return
	}
	s.pools.inMarket[cell]++
	s.sales.inProgress++
	s.openOpportunity(&d, g, n, slump)
}

// openKind draws the kind of trigger that brought a firm of a cell: by the flow of the kinds, and the chance that
// neither its window (of a lead) nor the choice of a rival has ended its journey since.
func (w *world) openKind(g *openGroup, n *numbers, cell int, key rng.Key) int {
	K := len(w.plan.Triggers)
	var weight [64]float64
	for k := range K {
		t := &n.plan.Triggers[k]
		log := -float64(n.rival[k] * g.weeks)
		if g.Lead && t.WindowCV > 0 && t.WindowWeeks > 0 {
			shape := 1 / float64(t.WindowCV*t.WindowCV)
			log += rng.GammaLogAbove(shape, g.weeks*shape/t.WindowWeeks)
		}
		weight[k] = float64(n.felt[cell*K+k] * rng.Exp(log))
	}
	return pick(weight[:K], key.Unit(purposeKind))
}

// LastsLonger is the chance that something with a gamma law of a mean and coefficient of variation lasts longer than it
// has, in one unit of time.
func LastsLonger(mean, cv, age float64) float64 {
	if cv == 0 || mean == 0 {
		if age < mean || age == 0 {
			return 1
		}
		return 0
	}
	shape := 1 / float64(cv*cv)
	return rng.Exp(rng.GammaLogAbove(shape, age*shape/mean))
}

// lasting is how long something lasts that has a gamma law and has lasted for an age, by a unit exponential. What has
// no spread and is older is over.
func (w *world) lasting(mean, cv, age, exponential float64) float64 {
	if cv == 0 || mean == 0 {
		return max(mean, age)
	}
	shape := 1 / float64(cv*cv)
	scale := mean / shape
	return min(longestWeeks+age, max(age, float64(scale*rng.GammaLasting(shape, age/scale, exponential))))
}

// openEnds finds when the firm of a deal dies or chooses a rival, neither of which it has done before the first day.
func (s *State) openEnds(d *deal, n *numbers, slump bool) {
	w, size := s.w, s.w.cells[d.cell].Size
	e := -rng.Log1p(-deathUnit(d.key.Word(purposeTrigger)))
	m := n.death[size]
	if slump {
		m *= n.plan.Economy.Recession.FirmDeath
	}
	if life := &w.life[size]; life.aged {
		d.gone = life.dies(s.founded(d.key, d.born, d.cell, d.kind), 0, e, m/life.perWeek)
	} else if m > 0 {
		d.gone = e / m
	}
	if w.rivals {
		if t := w.rivalAfter(d.key, d.kind, w.firstDay, inf); t < d.gone {
			d.gone, d.is = t, d.is|goesToRival
		}
	}
}

// openLead lets a lead wait for its team: in its queue, or still in its delay. One that is not real will be screened,
// and its firm is in the market anyway.
func (s *State) openLead(d *deal, n *numbers, size int) {
	team := &n.plan.Teams[d.team]
	d.ready = d.raised + team.AnswerDelayHours/plan.HoursPerWeek
	if real := n.plan.Channels[d.channel].Real; real < 1 && d.key.Unit(purposeReal) >= real {
		if team.Kind != "people" {
			return
		}
		d.windowEnd, d.gone, d.is = min(d.windowEnd, d.gone), inf, d.is&^goesToRival|toBeScreened
		s.sales.toScreen++
	} else {
		s.pools.inMarket[d.cell]++
		s.sales.inProgress++
		end := s.w.before + min(d.windowEnd, d.gone)
		l := lead{journey: journey{key: d.key, born: d.born, cell: d.cell, kind: d.kind,
			end: uint32(int64(min(float64(end*ticksPerWeek), float64(int64(s.w.lastTick)))))}, at: d.born}
		d.slot = s.journey.wait(&l)
	}
	if team.Kind != "people" {
		d.ready = max(0, d.ready)
	}
	if d.ready >= 0 {
		s.join(d)
		return
	}
	t := &s.sales.teams[d.team]
	t.today = append(t.today, *d)
}

// takeUpWaiting puts those who wait into the queues, in the order in which they came.
func (s *State) takeUpWaiting() {
	plan := s.w.lately(-1).plan
	for t := range s.sales.teams {
		d := &s.sales.teams[t]
		d.sortToday()
		for _, i := range d.order {
			x := &d.today[i]
			if team := &plan.Teams[t]; team.Forgets() && s.forgotten(d, team, x) {
				x.ready = inf
				s.join(x)
				continue
			}
			d.queue = append(d.queue, *x)
		}
		d.today, d.order = d.today[:0], d.order[:0]
	}
}

// openOpportunity draws what an opportunity comes to, as if its first contact was made when it is old, and what is left
// of its cycle: it has lasted for its age, of which a trial may be the last part.
func (s *State) openOpportunity(d *deal, g *openGroup, n *numbers, slump bool) {
	size := s.w.cells[d.cell].Size
	team, pr := &n.plan.Teams[d.team], &n.plan.Products[d.product]
	chance := team.WinRate[size] * n.plan.Channels[d.channel].Win
	if slump {
		chance *= n.plan.Economy.Recession.WinRate
	}
	if n.priced {
		chance *= n.priceWin[int(d.channel)*len(n.plan.Products)+int(d.product)]
	}
	age := g.weeks
	if d.key.Unit(purposeWin) < chance {
		age = max(0, age-pr.TrialDays/plan.DaysPerWeek)
	}
	e := rng.Exponential(d.key, purposeCycle)
	cycle := s.w.lasting(team.CycleDays[size]/plan.DaysPerWeek, team.CycleCV, age, e)
	d.booked = cycle - g.weeks // negative where its trial runs already
	s.conclude(d, chance, n)
}

// worthOf is what a customer is to pay for a month that a file gives for its opportunity; NaN: nothing is given.
func (s *sales) worthOf(d *deal) (usd float64, given bool) {
	if d.is&isListed == 0 {
		return 0, false
	}
	usd, given = s.worth[d.key]
	return usd, given && d.price > 0
}

// takeWorth takes over what opportunities are worth.
func (s *sales) takeWorth(o *sales) {
	if len(s.worth)+len(o.worth) > 0 {
		clear(s.worth)
		maps.Copy(s.worth, o.worth)
	}
}
