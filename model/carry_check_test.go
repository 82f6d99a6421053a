package model

import (
	"cmp"
	"math"
	"slices"

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
			at := -half * math.Log1p(-(float64(i)+key.Unit(purposeCarryTime))/float64(perHalf)*(1-0x1p-8)) / math.Ln2
			var density float64
			for _, other := range x.half {
				if at < carryMeans*other {
					density += math.Ln2 / other * math.Exp2(-at/other) / (1 - 0x1p-8) / float64(len(x.half))
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
	K, C, R := len(p.Triggers), len(p.Channels), len(w.byRegion)
	place, _ := slices.BinarySearch(x.flow, key.Unit(purposeSlot)*x.flow[len(x.flow)-1])
	cell, kind := place/K, place%K
	size, region := w.cells[cell].Size, w.cells[cell].Region
	pace := 1.0
	if row := w.burnIn + w.steps + int(opens*w.perWeek); row < w.span {
		pace = w.pace[row*K+kind]
	}
	length := x.at.window[kind].Draw(key, purposeWindow)
	if m, u := x.at.death[size], deathUnit(key.Word(purposeTrigger)); m > 0 {
		length = min(length, -math.Log1p(-u)/m)
	}
	group := 2 * kind
	if w.targets {
		group += visibleTo(key, x.at.visible[kind])
	}
	var touches []carryTouch
	for c := range C {
		child := key.Child(w.node[c])
		rate := x.bound[c*R+region]
		if rate == 0 || x.at.mayTouch[group]>>c&1 == 0 || child.Word(purposeReach)>>32 >= x.at.reach[cell*C+c] {
			continue
		}
		points := child.Child(uint64(purposeCarryOver))
		for n, at := uint64(0), 0.0; ; n++ {
			if at += rng.ExponentialInv(points.Unit(2*n)) / rate; at >= length {
				break
			}
			touches = append(touches, carryTouch{opens + at, points.Unit(2*n + 1), c})
		}
	}
	slices.SortStableFunc(touches, func(a, b carryTouch) int { return cmp.Compare(a.at, b.at) })
	need := math.Exp(x.at.needLog[size] + x.at.needSpread*rng.Normal(key, purposeNeed))
	var brings [2]float64
	for k := range brings {
		progress, last, left := 0.0, 0.0, 1.0
		touched := map[int]bool{}
		for i := range touches {
			t := &touches[i]
			ch := &p.Channels[t.channel]
			keep, knows, lift := x.chances(w, &x.stocks[k], t, region)
			if t.level >= keep || ch.NeedsAwareness && key.Unit(purposeAware) >= knows {
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
			left -= hand
			brings[k] += hand * x.worth[t.channel*len(x.weight)+size]
		}
	}
	return (brings[0] - brings[1]) * pace / x.weight[size]
}
