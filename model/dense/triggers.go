package dense

import (
	"math"

	"windfall/model/plan"
)

// statedRate is the rate of a trigger kind per firm of a cell, over all firms,
// and year, season and economy left out (docs/model.md, section 3.3).
func statedRate(p *plan.Plan, cells []*cell, k int, c *cell) float64 {
	t := &p.Triggers[k]
	if !t.Enabled {
		return 0
	}
	rate := 0.0
	switch t.Kind {
	case "event":
		rate = t.RatePerYear[c.size]
	case "ageing":
		if life := t.LifeYears[c.size]; !math.IsNaN(life) {
			rate = 1 / life
		}
	case "threshold":
		size := &p.Population.Sizes[c.size]
		if size.Lowest <= t.Employees && t.Employees <= size.Highest {
			rate = thresholdRate(p, cells, t, c.size)
		}
	}
	return rate * t.Industry[c.industry] * t.Region[c.region]
}

// thresholdRate is the flow of firms that grow past a head-count X,
//
//	F = N(>= X) z b/(2 (1 - z b)),
//
// a firm of the size class that contains X: the law inside the class says what
// part of it is at least X, all larger classes are.
func thresholdRate(p *plan.Plan, cells []*cell, t *plan.Trigger, class int) float64 {
	inClass, above := 0.0, 0.0
	size := &p.Population.Sizes[class]
	for _, c := range cells {
		if c.size == class {
			inClass += float64(c.opening)
		} else if p.Population.Sizes[c.size].Lowest > size.Highest {
			above += float64(c.opening)
		}
	}
	z := p.Population.TailExponent
	end := math.Pow(size.Highest+1, -z)
	share := (math.Pow(t.Employees, -z) - end) / (math.Pow(size.Lowest, -z) - end)
	zb := z * t.GrowthScale
	return (above + inClass*share) * zb / (2 * (1 - zb)) / inClass
}

// setReference computes the reference share d of dormant firms of each cell
// and the factor that keeps it at min_dormant_share,
//
//	d = 1 - sum rate_k (1 - phi_k e^(-m L))/m,  phi_k = (1 + m cv^2 w)^(-1/cv^2),
//
// and the rate at which a dormant firm must feel its triggers in a step so that the stated flow comes
// about although nobody returns within a step.
func setReference(p *plan.Plan, cells []*cell) {
	lock := p.Journey.LockInYears
	step := 1.0 // weeks
	if p.Run.Step == "day" {
		step = 1.0 / 7
	}
	for _, c := range cells {
		m := p.Population.Sizes[c.size].FirmDeathPerYear
		away, rate := 0.0, 0.0
		for k := range p.Triggers {
			t := &p.Triggers[k]
			hazard := rivalHazard(p, k) * yearWeeks
			if l := lifeOf(p, c.size); l.aged() {
				away += statedRate(p, cells, k, c) * l.away(t, lock, hazard)
			} else {
				away += statedRate(p, cells, k, c) * timeAway(t.WindowWeeks/yearWeeks, t.WindowCV, m, lock, hazard)
			}
			rate += statedRate(p, cells, k, c)
		}
		c.scale, c.share = 1, 1-away
		if floor := p.Population.MinDormantShare; c.share < floor {
			c.scale, c.share = (1-floor)/away, floor
		}
		flow := rate * c.scale / yearWeeks * step
		c.feels = c.scale / c.share
		if flow == 0 {
			continue
		}
		// Solve (1 - e^-f)(d + flow (1/2 - E)) = flow for f by bisection, E the mean time of a trigger in
		// its step: 1/f - 1/(e^f - 1).
		early := func(f float64) float64 { return 0.5 - 1/f + 1/math.Expm1(f) }
		low, high := 1e-12, 50.0
		for range 200 {
			f := (low + high) / 2
			e := 0.0
			if f > 1e-5 {
				e = early(f)
			}
			if -math.Expm1(-f)*(c.share+flow*e) < flow {
				low = f
			} else {
				high = f
			}
		}
		c.feels = c.scale * low / flow
		if low > 1e-5 {
			c.share += flow * early(low)
		}
	}
}

// timeAway is the mean time in years that a journey with window and lock keeps
// a firm away, cut short by death at rate m; a rival's win at a hazard a year ends the window.
func timeAway(window, cv, m, lock, rival float64) float64 {
	inMarket := marketTime(window, cv, rival+m)
	if m == 0 {
		return inMarket + lock
	}
	// Who is alive when the time in market is over, and then in the lock.
	alive := 1 - m*inMarket
	return inMarket + alive*(1-math.Exp(-m*lock))/m
}

// marketTime is the mean of a window that may end earlier, at a rate: the share of windows that outlast an
// exponential time is the mean of e^(-rate window).
func marketTime(window, cv, ends float64) float64 {
	outlasted := math.Exp(-ends * window)
	if cv > 0 {
		outlasted = math.Pow(1+ends*cv*cv*window, -1/(cv*cv))
	}
	if ends == 0 {
		return window
	}
	return (1 - outlasted) / ends
}

// setFeltRates sets the rate that each dormant firm feels in this step: the
// stated rate over d, times season and economy.
func (s *simulation) setFeltRates(step int) {
	p := s.plan
	for k := range p.Triggers {
		t := &p.Triggers[k]
		now := s.clock.seasonMean(t.Season, step) / yearMean(t.Season) * multiplier(s.recession, t.Recession)
		for _, c := range s.cells {
			c.felt[k] = statedRate(p, s.cells, k, c) * c.feels * now / yearWeeks
		}
	}
	for _, c := range s.cells {
		c.feltSum = 0
		for _, rate := range c.felt {
			c.feltSum += rate
		}
	}
}

// ringDormant runs the clocks of the dormant firms through the step from begin
// to end. A firm whose clock rings opens a journey.
func (s *simulation) ringDormant(begin, end float64) {
	for _, c := range s.cells {
		for _, f := range c.firms {
			if f.state == dormant {
				s.runClock(f, begin, end)
			}
		}
	}
}

// runClock runs the clock of one dormant firm over a time with constant rate.
func (s *simulation) runClock(f *firm, from, to float64) {
	used := f.cell.feltSum * (to - from)
	if f.clock > used {
		f.clock -= used
		return
	}
	at := min(from+f.clock/f.cell.feltSum, math.Nextafter(to, from))
	s.events.add(at, rankTrigger, func() {
		kind := s.random.pick(f.cell.felt, f.cell.feltSum)
		if s.burning {
			// Dormant counts are held in the burn-in: a nameless firm opens
			// the journey, this one stays and waits for its next trigger.
			s.openJourney(nil, f.cell, kind, at)
			f.clock = s.random.exponential()
			s.runClock(f, at, to)
			return
		}
		f.become(inMarket)
		s.openJourney(f, f.cell, kind, at)
	})
}
