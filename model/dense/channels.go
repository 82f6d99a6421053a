package dense

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// channel is what the simulation keeps of a channel.
type channel struct {
	adstock stock
	// rate is the touches per week of this step on a firm in market that the
	// channel reaches, by region; of a channel that captures demand, the searches.
	rate []float64
	// taken is the share of the searches of this step that the paid link takes.
	taken float64
}

// reach is the chance that a channel reaches a firm of a cell.
func reach(c *plan.Channel, x *cell) float64 {
	return c.Reach.Size[x.size] * c.Reach.Industry[x.industry] * c.Reach.Region[x.region]
}

// openChannels puts adstocks at their opening values and works out what
// targeting does to half_saturation.
func (s *simulation) openChannels() {
	open := s.times.at(s.earliest())
	for i := range s.channels {
		c := &open.Channels[i]
		x := &s.channels[i]
		x.rate = make([]float64, len(s.regions))
		if !c.Enabled {
			continue
		}
		x.adstock.level = c.WeeklyBudget / c.CostMultiplier
		if given := c.InitialAdstock; given == given {
			x.adstock.level = given
		}
	}
}

// targetingFactor is a x targeting_cost for a channel with targets, where a is
// the visible firms in market for its kinds that it reaches over all firms
// that it reaches now, from the market keys of the opening plan; else 1.
func (s *simulation) targetingFactor(c *plan.Channel) float64 {
	open := s.times.opening
	if len(c.Targets) == 0 {
		return 1
	}
	var visible, all float64
	for _, x := range s.cells {
		reached := float64(x.opening) * reach(c, x)
		all += reached
		for k := range open.Triggers {
			t := &open.Triggers[k]
			if slices.Contains(c.Targets, t.Name) {
				stay := marketTime(t.WindowWeeks/yearWeeks, t.WindowCV, rivalHazard(open, k)*yearWeeks)
				visible += reached * statedRate(open, s.cells, k, x) * x.scale * stay * t.Visible
			}
		}
	}
	if all == 0 || visible == 0 {
		return c.TargetingCost
	}
	return visible / all * c.TargetingCost
}

// setDrivers sets the touch rates of a step: max_touches x season x driver
// (docs/model.md, section 3.4), and books the media of the step.
func (s *simulation) setDrivers(step int) {
	weeks := 1 / float64(s.clock.perWeek)
	for i := range s.plan.Channels {
		c := &s.plan.Channels[i]
		x := &s.channels[i]
		if s.held() {
			x.adstock.hold()
		} else {
			kept := 1 - s.cutMedia
			x.adstock.advance(kept*s.effectiveSpend(step, i), c.AdstockHalfLifeWeeks, weeks)
			if !s.burning {
				s.spendOnChannel(i, kept*s.spend(step, i)*weeks)
			}
		}
		for r := range x.rate {
			x.rate[r] = 0
			season := s.clock.seasonMean(c.Season, step) / largest(c.Season)
			switch {
			case c.Captures != "":
				x.rate[r] = c.MaxTouchesPerWeek * season
				x.taken = 0
				if c.Enabled {
					x.taken = s.driver(i, r)
				}
			case c.Enabled:
				x.rate[r] = c.MaxTouchesPerWeek * season * s.driver(i, r)
			}
		}
	}
}

// driver is the drive D in [0,1] of a channel in a region.
func (s *simulation) driver(i, r int) float64 {
	c := &s.plan.Channels[i]
	switch c.Driver {
	case "brand":
		e := s.regions[r].equity.mean
		return e / (e + c.HalfSaturationEquity)
	case "customers":
		return s.atMostAll(s.liveAtWeekStart / (s.liveAtWeekStart + c.HalfSaturationCustomers))
	}
	x := &s.channels[i]
	return s.atMostAll(hill(x.adstock.mean, c.HalfSaturation*s.targetingFactor(c), c.Shape))
}

// atMostAll turns a share of the market for which money is stated into one of the market as it is now:
// the same number of firms, at most all of them. Without media_firms a share is a share of any market.
func (s *simulation) atMostAll(share float64) float64 {
	stated := s.times.opening.Population.MediaFirms
	if math.IsNaN(stated) || stated <= 0 {
		return share
	}
	return math.Min(1, share*stated/s.firmsNow)
}

// arrival gives the channel through which a firm that channel i touches comes: i itself, or where firms
// search the paid link, else with chance organic the free channel that it falls back to; -1 for neither.
func (s *simulation) arrival(i int) int {
	c := &s.plan.Channels[i]
	if c.Captures == "" || s.random.chance(s.channels[i].taken) {
		return i
	}
	for k := range s.plan.Channels {
		if free := &s.plan.Channels[k]; free.Name == c.FallsBackTo && free.Enabled && s.random.chance(c.Organic) {
			return k
		}
	}
	return -1
}

// spend is the mean weekly budget of a channel over a step, effectiveSpend the
// same over its price level, both before cash rules.
func (s *simulation) spend(step, i int) float64 {
	return s.times.meanOver(step, func(day *plan.Plan) float64 {
		c := &day.Channels[i]
		if !c.Enabled || c.Driver != "budget" {
			return 0
		}
		return c.WeeklyBudget
	})
}

func (s *simulation) effectiveSpend(step, i int) float64 {
	return s.times.meanOver(step, func(day *plan.Plan) float64 {
		c := &day.Channels[i]
		if !c.Enabled || c.Driver != "budget" {
			return 0
		}
		return c.WeeklyBudget / c.CostMultiplier
	})
}
