package dense

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// channel is what the simulation keeps of a channel.
type channel struct {
	adstock []stock // by region
	// rate is the touches per week of this step on a firm in market that the
	// channel reaches, by region; of a channel that captures demand, the searches.
	rate []float64
	// taken is the share of the searches of this step that the paid link takes, by region.
	taken []float64
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
		x.rate, x.taken = make([]float64, len(s.regions)), make([]float64, len(s.regions))
		x.adstock = make([]stock, len(s.regions))
		if !c.Enabled {
			continue
		}
		for r := range x.adstock {
			x.adstock[r].level = spentIn(c, r) / c.CostMultiplier
			if given := c.InitialAdstock; given == given {
				x.adstock[r].level = given
			}
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
		kept := 1 - s.cutMedia
		for r := range x.rate {
			if s.held() {
				x.adstock[r].hold()
			} else {
				x.adstock[r].advance(kept*s.effectiveSpend(step, i, r), c.AdstockHalfLifeWeeks, weeks)
				if !s.burning {
					s.spendOnChannel(i, r, kept*s.spend(step, i, r)*s.budgetPart(c, r)*weeks)
				}
			}
			x.rate[r] = 0
			season := s.clock.seasonMean(c.Season, step) / largest(c.Season)
			switch {
			case c.Captures != "":
				x.rate[r] = c.MaxTouchesPerWeek * season
				x.taken[r] = 0
				if c.Enabled {
					x.taken[r] = s.driver(i, r)
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
	return s.atMostAll(hill(x.adstock[r].mean, c.HalfSaturation*s.targetingFactor(c), c.Shape))
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

// arrival gives the channel through which a firm of a region that channel i touches comes: i itself, or where firms
// search the paid link, else with chance organic the free channel that it falls back to; -1 for neither.
func (s *simulation) arrival(i, region int) int {
	c := &s.plan.Channels[i]
	if c.Captures == "" || s.random.chance(s.channels[i].taken[region]) {
		return i
	}
	for k := range s.plan.Channels {
		if free := &s.plan.Channels[k]; free.Name == c.FallsBackTo && free.Enabled && s.random.chance(c.Organic) {
			return k
		}
	}
	return -1
}

// spentIn is what a channel would spend a week if all of the market were like a region.
func spentIn(c *plan.Channel, region int) float64 {
	if !c.Enabled || c.Driver != "budget" {
		return 0
	}
	return c.WeeklyBudget * c.RegionSpend[region]
}

// budgetPart is the part of a channel's budget that goes to a region: by the firms that it reaches, or by all firms if
// it reaches none.
func (s *simulation) budgetPart(c *plan.Channel, region int) float64 {
	var here, all, firmsHere, firms float64
	for r, x := range s.plan.Population.Regions {
		all += x.Share * c.Reach.Region[r]
		firms += x.Share
		if r == region {
			here, firmsHere = x.Share*c.Reach.Region[r], x.Share
		}
	}
	if all == 0 {
		return firmsHere / firms
	}
	return here / all
}

// uneven tells whether a channel's spend differs from an even one in some region on some day of the run.
func (s *simulation) uneven(i int) bool {
	for step := range s.clock.steps {
		for d := range s.times.days() {
			for _, factor := range s.times.on(s.times.firstDay(step) + d).Channels[i].RegionSpend {
				if factor != 1 {
					return true
				}
			}
		}
	}
	return false
}

// spend is the mean weekly budget of a channel over a step, as if all of the market were like a region; effectiveSpend
// the same over its price level, both before cash rules.
func (s *simulation) spend(step, i, region int) float64 {
	return s.times.meanOver(step, func(day *plan.Plan) float64 { return spentIn(&day.Channels[i], region) })
}

func (s *simulation) effectiveSpend(step, i, region int) float64 {
	return s.times.meanOver(step, func(day *plan.Plan) float64 {
		return spentIn(&day.Channels[i], region) / day.Channels[i].CostMultiplier
	})
}
