package main

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"windfall/model/plan"
)

func (r *wyrand) next() uint64 {
	*r += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(uint64(*r), uint64(*r)^0xe7037ed1a0b428db)
	return hi ^ lo
}

func (r *wyrand) unit() float64 { return float64(r.next()>>11) / (1 << 53) }

// Uint64 makes it a source for the library's distributions.
func (r *wyrand) Uint64() uint64 { return r.next() }

// newMarket takes market and channels from a plan, at the rates of its first
// day.
func newMarket(written *plan.Plan) *market {
	timeline := plan.NewTimeline(written)
	timeline.SetFixed()
	p := timeline.Plan(0)
	m := &market{steep: int(p.Journey.ReadinessSteepness), bonus: float32(p.Journey.CrossChannelBonus),
		sigma: p.Journey.TouchesNeededSD,
		fade:  float32(math.Exp2(-1 / p.Journey.MemoryWeeks)), lock: int(p.Journey.LockInYears * weeksAYear)}
	var kinds []int
	for k, t := range p.Triggers {
		if t.Enabled && t.Kind != "threshold" {
			kinds = append(kinds, k)
			m.kinds = append(m.kinds, kind{t.WindowWeeks, bits16(t.Visible), t.Urgency})
		}
	}
	m.more = rand.New(&m.random)
	customers := 0.0
	for _, n := range p.Opening.Customers {
		customers += n
	}
	var channels []int
	for i, c := range p.Channels {
		if c.Enabled {
			_, spend := timeline.ChannelSpend(0, i)
			channels = append(channels, i)
			m.channels = append(m.channels, channel{
				rate:   float32(c.MaxTouchesPerWeek * drive(&c, spend, customers)),
				raise:  math.Min(1, c.Response*(1+c.Halo)), // brand stocks of 1
				weight: c.Weight, targeted: len(c.Targets) > 0,
			})
		}
	}
	first := 0
	for s, size := range p.Population.Sizes {
		for i, industry := range p.Population.Industries {
			for r, region := range p.Population.Regions {
				firms := int(math.Round(p.Population.Firms * size.Share * industry.Share * region.Share))
				c := cell{first: first, end: first + firms, needLog: math.Log(p.Journey.TouchesNeeded[s])}
				first += firms
				c.fill(p, kinds, channels, s, i, r)
				m.cells = append(m.cells, c)
			}
		}
	}
	m.state = make([]uint8, first+1) // one more for the second half of the last word
	return m
}

const weeksAYear = 365.25 / 7

// fill sets the thresholds of a cell.
func (c *cell) fill(p *plan.Plan, kinds, channels []int, s, i, r int) {
	lock, death := p.Journey.LockInYears, p.Population.Sizes[s].FirmDeathPerYear
	var total float64
	var sums []float64
	for _, k := range kinds {
		t := &p.Triggers[k]
		rate := t.RatePerYear[s]
		if t.Kind == "ageing" {
			rate = 1 / t.LifeYears[s]
		}
		rate *= t.Industry[i] * t.Region[r]
		// Years away: the window, cut short by death, and the lock.
		c.away += rate * (t.WindowWeeks/weeksAYear + (1-math.Exp(-death*lock))/death)
		total += rate
		sums = append(sums, total)
	}
	c.away = math.Min(c.away, 1-p.Population.MinDormantShare)
	c.fires = uint32((1 - math.Exp(-total/(1-c.away)/weeksAYear)) * (1 << 32))
	for _, sum := range sums {
		c.kinds = append(c.kinds, uint32(math.Min(sum/total*(1<<32), 1<<32-1)))
	}
	for _, k := range channels {
		ch := &p.Channels[k]
		reach := ch.Reach.Size[s] * ch.Reach.Industry[i] * ch.Reach.Region[r]
		if ch.NeedsAwareness || ch.Captures == "brand" {
			reach *= p.Brand.AwarenessMax / (1 + p.Brand.HalfSaturationEquity)
		}
		c.reach = append(c.reach, bits16(reach))
	}
}

// drive is how far a channel is driven on the first day, with brand stocks of 1.
func drive(c *plan.Channel, spend, customers float64) float64 {
	hill := func(x, half float64) float64 {
		if !(half > 0) {
			return 0
		}
		return math.Pow(x, c.Shape) / (math.Pow(x, c.Shape) + math.Pow(half, c.Shape))
	}
	switch c.Driver {
	case "brand":
		return 1 / (1 + c.HalfSaturationEquity)
	case "customers":
		return customers / (customers + c.HalfSaturationCustomers)
	}
	d := hill(spend, c.HalfSaturation)
	if c.Captures != "" {
		d += (1 - d) * c.Organic // of the searches, those that arrive
	}
	return d
}

// bits16 is a chance as a threshold on 16 bits.
func bits16(p float64) uint32 { return uint32(math.Min(p, 1) * (1 << 16)) }
