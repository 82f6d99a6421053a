package model

import (
	"math"

	"windfall/model/rng"
)

// CarryTwice gives the carry-over of the replication that was last run, once as the engine finds it and
// once from journeys that each set of stocks follows through touches of its own, with other keys by try.
func CarryTwice(s *State, try int) (engine, own float64) {
	w, x := s.w, &s.carry
	root := s.root.Child(purposeCarryOver).Child(uint64(try))
	perHalf := x.journeys(w) / len(x.half)
	for h, half := range x.half {
		for i := range perHalf {
			key := root.Child(uint64(h*perHalf + i))
			at := -half * math.Log1p(-(float64(i)+key.Unit(purposeCarryTime))/float64(perHalf)*(1-carryLeft)) / math.Ln2
			var density float64
			for _, other := range x.half {
				if at < carryMeans*other {
					density += math.Ln2 / other * math.Exp2(-at/other) / (1 - carryLeft) / float64(len(x.half))
				}
			}
			stands := x.flow[len(x.flow)-1] / float64(perHalf*len(x.half)) / density
			engine += stands * s.carryJourney(key, at)
			own += stands * s.ownTouches(key, at)
		}
	}
	return engine, own
}

// ownTouches is carryJourney the plain way: each set of stocks keeps the proposals that lie below its own
// rates, of firms that know the brand under it, and the difference is taken at the end.
func (s *State) ownTouches(key rng.Key, opens float64) float64 {
	w, x := s.w, &s.carry
	p := x.at.plan
	firm := s.proposeTouches(key, opens)
	size, region, kind := firm.size, firm.region, firm.kind
	need := math.Exp(x.at.needLog[size] + x.at.needSpread*rng.Normal(key, purposeNeed))
	var brings [2]float64
	for k := range brings {
		progress, last, left := 0.0, 0.0, 1.0
		touched := map[int]bool{}
		for i := range x.touch {
			t := &x.touch[i]
			ch := &p.Channels[t.channel]
			at := t.channel*len(w.byRegion) + region
			keep, knows, lift, organic := x.chances(&x.stocks[k], t, region, at, x.fadingOf(t, region, at), x.seasonOf(w, t))
			if t.level >= keep || ch.ForAware() && key.Unit(purposeAware) >= knows {
				continue
			}
			weight := ch.Weight
			if len(touched) > 0 && !touched[t.channel] {
				weight *= 1 + p.Journey.CrossChannelBonus
			}
			progress = progress*math.Exp2(-(t.at-last)/p.Journey.MemoryWeeks) + weight
			last = t.at
			if ch.Weight > 0 {
				touched[t.channel] = true
			}
			ready := math.Pow(progress, p.Journey.ReadinessSteepness)
			hand := left * min(1, ch.Response*lift*p.Triggers[kind].Urgency*ready/(ready+need))
			real := 0.0
			through := func(channel int, share float64) {
				by := &p.Channels[channel]
				real += share * by.Real
				brings[k] += hand * share * (by.Real*x.worth[channel*len(x.weight)+size] - (1-by.Real)*by.FeePerLead)
			}
			through(t.channel, 1-organic)
			through(int(x.at.fallsBack[t.channel]), organic)
			left -= hand * real
		}
	}
	return (brings[0] - brings[1]) * firm.pace / firm.weight
}
