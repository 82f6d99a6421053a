package dense

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/plan"
)

// replacePipeline puts the leads and opportunities of a file in place of the sign-ups that the burn-in has left
// (docs/model.md, section 3.1). People go on with what they have in hand; nothing comes of it.
func (s *simulation) replacePipeline() {
	for _, j := range s.journeys {
		if j.signedUp() {
			j.phase = over
		}
		for _, c := range j.unreal {
			c.ended = true
		}
	}
	for _, t := range s.teams {
		t.queue = nil
	}
	var came []*call
	for class := range s.times.opening.Population.Sizes {
		next := s.takeTurns(class)
		for i := range s.times.opening.Opening.Pipeline {
			g := &s.times.opening.Opening.Pipeline[i]
			if g.Size != s.times.opening.Population.Sizes[class].Name {
				continue
			}
			for range int(g.Count) {
				if c := s.listed(g, next()); c != nil {
					came = append(came, c)
				}
			}
		}
	}
	s.setNumbers(-1)
	slices.SortStableFunc(came, func(a, b *call) int { return cmp.Compare(a.joined, b.joined) })
	for _, c := range came { // who stands in a queue, in the order in which they came
		t := s.teams[c.who.team]
		spec, load := &s.plan.Teams[c.who.team], 1.0
		if n := len(t.people); n > 0 {
			load = min(1, float64(t.inHand+len(t.queue))/float64(n))
		}
		chance := spec.NeverAnswered
		if full := spec.NeverAnsweredAtFullLoad; !math.IsNaN(full) {
			chance += (full - chance) * load
		}
		if s.random.chance(chance) {
			continue
		}
		t.queue = append(t.queue, c)
		if !c.unreal {
			c.j.phase = waiting
		}
	}
}

// takeTurns deals those of a size class over its cells by number of firms: each goes to the cell that is furthest
// behind its part of all.
func (s *simulation) takeTurns(class int) func() *cell {
	o := s.times.opening
	total := o.Opening.OpenOf(o.Population.Sizes[class].Name)
	var cells []*cell
	var quotas []float64
	var names []string
	firms := 0.0
	for _, c := range s.cells {
		if c.size == class {
			cells, names = append(cells, c), append(names, c.name)
			quotas = append(quotas, float64(c.opening))
			firms += float64(c.opening)
		}
	}
	for i := range quotas {
		quotas[i] *= total / firms
	}
	parts := largestRemainder(quotas, int(total), names)
	given := make([]int, len(cells))
	return func() *cell {
		best, first := -1, 0.0
		for i := range cells {
			at := (float64(given[i]) + 0.5) / float64(parts[i])
			if given[i] < parts[i] && (best < 0 || at < first || at == first && names[i] < names[best]) {
				best, first = i, at
			}
		}
		given[best]++
		return cells[best]
	}
}

// listed makes one lead or opportunity of a group, with the numbers of the day on which it began, and gives the lead
// that stands in a queue.
func (s *simulation) listed(g *plan.PipelineGroup, c *cell) *call {
	age := g.AgeDays / 7
	s.setNumbers(s.stepBefore(age))
	p := s.plan
	channel := slices.IndexFunc(p.Channels, func(x plan.Channel) bool { return x.Name == g.Channel })
	product := slices.IndexFunc(p.Products, func(x plan.Product) bool { return x.Name == g.Product })
	team := slices.IndexFunc(p.Teams, func(x plan.Team) bool { return x.Name == g.Team })
	j := &journey{cell: c, opened: -age, raised: -age, lastTouch: -age, touches: 1, listed: g, channel: channel,
		product: product, team: s.teams[team], netPrice: netPrice(&p.Products[product], p.Channels[channel].Discount),
		opinion: s.random.Float64(), effort: s.random.exponential(),
		reached: make([]bool, len(p.Channels)), touchedBy: make([]bool, len(p.Channels)),
		place: make([]float64, len(p.Channels)), rates: make([]float64, len(p.Channels))}
	s.drawPast(j, g.Lead, age)
	t := &p.Triggers[j.kind]
	j.heads, j.visible = s.journeyHeads(t, c), s.random.chance(t.Visible)
	j.founded = -age - yearWeeks*s.triggerAge(s.lives[c.size], t)
	j.death = s.restOfLife(c.size, j.founded, 0)
	for i := range p.Channels {
		j.place[i] = s.random.Float64()
		if ch := &p.Channels[i]; ch.Enabled || ch.Captures != "" {
			j.reached[i] = s.random.chance(reach(ch, c))
		}
		j.place[i] = s.random.Float64()
	}
	if g.Lead {
		return s.listedLead(j, age)
	}
	s.enter(j)
	s.listedOpportunity(j, age)
	return nil
}

// enter takes a journey of the file among those of the market.
func (s *simulation) enter(j *journey) {
	s.journeys = append(s.journeys, j)
	s.events.add(j.death, rankDeath, func() { s.die(j, j.death) })
}

// drawPast draws kind and window: those of a journey that has come to this age, which most have not.
func (s *simulation) drawPast(j *journey, lead bool, age float64) {
	p := s.plan
	rates, sum := make([]float64, len(p.Triggers)), 0.0
	for k := range rates {
		rates[k] = statedRate(p, s.cells, k, j.cell)
		sum += rates[k]
	}
	for {
		j.kind = s.random.pick(rates, sum)
		t := &p.Triggers[j.kind]
		window := s.random.gamma(t.WindowWeeks, t.WindowCV)
		if t.WindowCV == 0 {
			window = max(window, age)
		}
		if s.random.wait(rivalHazard(p, j.kind)) >= age && (!lead || window >= age) {
			j.window = window - age
			return
		}
	}
}

// listedLead lets a lead wait. Who is no real one is in no count of firms: its firm decides elsewhere.
func (s *simulation) listedLead(j *journey, age float64) *call {
	spec := &s.plan.Teams[j.team.index]
	ready := -age + spec.AnswerDelayHours/weekHours
	c := &call{j: j, raised: -age, joined: ready, who: who{j.channel, j.cell, j.product, j.team.index}}
	people := spec.Kind == "people"
	if c.unreal = !s.random.chance(s.plan.Channels[j.channel].Real); c.unreal {
		if !people {
			return nil
		}
		s.ghosts = append(s.ghosts, c)
		end := min(j.window, j.death)
		s.events.add(end, rankWindow, func() { s.endUnreal(c) })
		if ready < 0 {
			return c
		}
		s.events.add(ready, rankContact, func() {
			if !c.ended {
				s.enqueue(j.team, c)
			}
		})
		return nil
	}
	s.enter(j)
	s.events.add(j.window, rankWindow, func() { s.closeWindow(j, j.window) })
	j.phase = answering
	if people && ready < 0 {
		j.call = c
		return c
	}
	ready = max(0, ready)
	s.events.add(ready, rankContact, func() { s.join(j, ready) })
	return nil
}

// listedOpportunity draws what an opportunity comes to and how long its cycle is: longer than it has lasted.
func (s *simulation) listedOpportunity(j *journey, age float64) {
	p, size := s.plan, j.cell.size
	t := &p.Teams[j.team.index]
	j.phase = booking
	j.wins = s.random.chance(t.WinRate[size] * multiplier(s.recession, p.Economy.Recession.WinRate) *
		p.Channels[j.channel].Win * s.priceResponse(j))
	s.drawUse(j)
	lasted := age
	if j.wins {
		lasted = max(0, age-j.trial)
	}
	cycle := s.random.gamma(t.CycleDays[size]/7, t.CycleCV)
	for cycle < lasted && cycle > 0 && t.CycleCV > 0 {
		cycle = s.random.gamma(t.CycleDays[size]/7, t.CycleCV)
	}
	at := max(cycle, lasted) - age
	if at < 0 { // its trial runs
		s.book(j, at)
		return
	}
	s.events.add(at, rankBooking, func() { s.book(j, at) })
}

// loseGhosts lets the firms of leads that are not real choose a rival in a step.
func (s *simulation) loseGhosts(begin float64) {
	s.ghosts = slices.DeleteFunc(s.ghosts, func(c *call) bool { return c.ended })
	for _, c := range s.ghosts {
		if at := begin + s.random.wait(rivalHazard(s.plan, c.j.kind)); at < s.stepEnd {
			s.events.add(at, rankRival, func() { s.endUnreal(c) })
		}
	}
}
