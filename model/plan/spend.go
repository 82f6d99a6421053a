package plan

import (
	"slices"
)

// spendSlots are the slots of the spend of a channel or medium, -1 where the
// number does not move. Parts are by region: budgets of a medium, factors of a channel.
type spendSlots struct {
	budget, cost int
	parts        []int
}

// SpendIn is the factor on a channel's spend in a region.
func (c *Channel) SpendIn(region int) float64 {
	if c.RegionSpend == nil { // a plan that was made in code
		return 1
	}
	return c.RegionSpend[region]
}

// SpendParts gives the part of a channel's budget that goes to each region where its factors are 1: that of the
// firms that it reaches there, of all firms if it reaches nobody.
func (c *Channel) SpendParts(p *Plan, parts []float64) {
	fill := func(of func(r int) float64) bool {
		all := 0.0
		for r := range parts {
			parts[r] = of(r)
			all += parts[r]
		}
		for r := range parts {
			parts[r] /= all
		}
		return all > 0
	}
	firms := func(r int) float64 { return p.Population.Regions[r].Share }
	if !fill(func(r int) float64 { return float64(firms(r) * c.Reach.Region[r]) }) {
		fill(firms)
	}
}

// SpendFactor is what a channel spends in all over its budget.
func (c *Channel) SpendFactor(p *Plan) float64 {
	parts := make([]float64, len(p.Population.Regions))
	c.SpendParts(p, parts)
	factor := 1.0
	for r, part := range parts {
		factor += float64(part * (c.SpendIn(r) - 1))
	}
	return factor
}

// spentByRegion says whether the spend of a channel differs between regions at any time.
func (t *Timeline) spentByRegion(c int) bool {
	for r := range t.plan.Population.Regions {
		if t.plan.Channels[c].SpendIn(r) != 1 || t.channel[c].parts != nil && t.channel[c].parts[r] >= 0 {
			return true
		}
	}
	return false
}

// regional is what a channel spends by step and region, as if all of the market were like that one.
type regional struct {
	spend, effective []float64
	uneven           bool // some region spends more or less than its part in some step of the run
}

// makeSpend makes room for the spend of every step.
func (t *Timeline) makeSpend() {
	n := t.Past() + 1
	t.spend, t.effective = make([]float64, len(t.plan.Channels)*n), make([]float64, len(t.plan.Channels)*n)
	t.inRegion = make([]*regional, len(t.plan.Channels))
	R := len(t.plan.Population.Regions)
	for c := range t.inRegion {
		if t.spentByRegion(c) {
			t.inRegion[c] = &regional{spend: make([]float64, n*R), effective: make([]float64, n*R)}
		}
	}
	t.parts = make([]float64, R)
}

// fillSpend averages the channels' budgets over the days of each step.
func (t *Timeline) fillSpend() {
	for c := range t.plan.Channels {
		slots := &t.channel[c]
		for step := 0; step <= t.Past(); step++ {
			ch := &t.epochs[t.epochOf[step]].Plan.Channels[c]
			b, x := ch.WeeklyBudget, ch.CostMultiplier
			sum, eff := b, b/x
			if t.inside[step] && (slots.budget >= 0 || slots.cost >= 0) {
				sum, eff = 0, 0
				for d := 0; d < t.stepDays; d++ {
					b, x = t.spendOn(slots.budget, b, step, d), t.spendOn(slots.cost, x, step, d)
					sum += b
					eff += b / x
				}
				sum /= float64(t.stepDays)
				eff /= float64(t.stepDays)
			}
			t.spend[c*(t.Past()+1)+step] = sum
			t.effective[c*(t.Past()+1)+step] = eff
			if t.inRegion[c] != nil {
				t.inRegion[c].uneven = t.inRegion[c].uneven && step > 0
				t.fillRegions(step, c)
			}
		}
	}
}

// fillRegions averages what a channel spends in each region over the days of a step, and makes what it spends in all
// of that: what its budget is, and what regions spend above or below it.
func (t *Timeline) fillRegions(step, c int) {
	slots, of, R := &t.channel[c], t.inRegion[c], len(t.parts)
	now := t.epochs[t.epochOf[step]].Plan
	ch := &now.Channels[c]
	ch.SpendParts(now, t.parts)
	at := c*(t.Past()+1) + step
	budget, over := t.spend[at], t.effective[at]
	for r, part := range t.parts {
		factor := ch.SpendIn(r)
		sum, eff := float64(budget*factor), float64(over*factor) // as the mean over days has it: 1 changes no bit
		if t.inside[step] && t.movesWithin(slots.part(r), factor, step) {
			sum, eff = 0, 0
			for d := 0; d < t.stepDays; d++ {
				b := float64(t.spendOn(slots.budget, ch.WeeklyBudget, step, d) * t.spendOn(slots.part(r), factor, step, d))
				sum += b
				eff += b / t.spendOn(slots.cost, ch.CostMultiplier, step, d)
			}
			sum /= float64(t.stepDays)
			eff /= float64(t.stepDays)
		}
		of.spend[step*R+r], of.effective[step*R+r] = sum, eff
		of.uneven = of.uneven || step < t.steps && sum != budget
		t.spend[at] += float64(part * (sum - budget))
		t.effective[at] += float64(part * (eff - over))
	}
}

// movesWithin says whether the value of a slot is another on some day of a step than it is elsewhere.
func (t *Timeline) movesWithin(slot int, elsewhere float64, step int) bool {
	for d := 0; d < t.stepDays; d++ {
		if t.spendOn(slot, elsewhere, step, d) != elsewhere {
			return true
		}
	}
	return false
}

// part is the slot of the factor of a region.
func (s *spendSlots) part(r int) int {
	if s.parts == nil {
		return -1
	}
	return s.parts[r]
}

// spendOn is the value of a slot on day d of a step, or otherwise where there is no slot.
func (t *Timeline) spendOn(slot int, otherwise float64, step, d int) float64 {
	if slot < 0 {
		return otherwise
	}
	return t.value(&t.slots[slot], t.Date(step)+Date(d), true)
}

// ChannelSpend gives the mean weekly budget of channel c in a step of the run or its tail,
// in USD a week, and the same divided by the cost multiplier, for the Hill.
func (t *Timeline) ChannelSpend(step, c int) (spend, effective float64) {
	i := c*(t.Past()+1) + step
	return t.spend[i], t.effective[i]
}

// RegionSpend is ChannelSpend as it would be if all of the market were like region r: what a firm sees there. The money
// that goes to the region is its part (SpendParts) of it.
func (t *Timeline) RegionSpend(step, c, r int) (spend, effective float64) {
	if t.inRegion[c] == nil {
		return t.ChannelSpend(step, c)
	}
	i := step*len(t.parts) + r
	return t.inRegion[c].spend[i], t.inRegion[c].effective[i]
}

// SpendsByRegion says whether the spend of a channel may differ between regions, UnevenSpend whether some region
// spends more or less than its part of the budget at some time of the run.
func (t *Timeline) SpendsByRegion(c int) bool { return t.inRegion[c] != nil }

// UnevenSpend is described with SpendsByRegion.
func (t *Timeline) UnevenSpend(c int) bool { return t.inRegion[c] != nil && t.inRegion[c].uneven }

// SpendShares are the parts of a week's spend on channels and on brand media that fall on its days from
// one to before another. Days of one spend have equal parts.
func (t *Timeline) SpendShares(week, from, to int) (media, brand float64) {
	media, brand = float64(to-from)/7, float64(to-from)/7
	var m, b [7]float64
	same := true
	for d := range m {
		m[d], b[d] = t.spendOnDay(7*week + d)
		same = same && m[d] == m[0] && b[d] == b[0]
	}
	if same {
		return media, brand
	}
	part := func(days *[7]float64, otherwise float64) float64 {
		var some, all float64
		for d, x := range days {
			all += x
			if d >= from && d < to {
				some += x
			}
		}
		if all > 0 {
			return some / all
		}
		return otherwise
	}
	return part(&m, media), part(&b, brand)
}

// spendOnDay is what the plan spends on channels and on brand media on a day of the run, USD a week.
func (t *Timeline) spendOnDay(day int) (media, brand float64) {
	step, d := day/t.stepDays, day%t.stepDays
	now := t.epochs[t.epochOf[step]].Plan
	on := func(slot int, x float64) float64 {
		if !t.inside[step] {
			return x
		}
		return t.spendOn(slot, x, step, d)
	}
	for c := range now.Channels {
		ch := &now.Channels[c]
		if !ch.Enabled {
			continue
		}
		budget := on(t.channel[c].budget, ch.WeeklyBudget)
		media += budget
		if t.inRegion[c] == nil {
			continue
		}
		ch.SpendParts(now, t.parts)
		for r, part := range t.parts {
			media += float64(part * budget * (on(t.channel[c].part(r), ch.SpendIn(r)) - 1))
		}
	}
	for q := range now.Media {
		switch md := &now.Media[q]; {
		case !md.Enabled:
		case md.WeeklyBudget.Parts == nil:
			brand += on(t.media[q].budget, md.WeeklyBudget.Total)
		default:
			for r, x := range md.WeeklyBudget.Parts {
				brand += on(t.media[q].parts[r], x)
			}
		}
	}
	return media, brand
}

// Segment is a part of a step during which a medium's spend is constant.
type Segment struct {
	Share float64   // of the step
	Spend []float64 // USD a week by region
	Cost  float64   // cost multiplier
}

// MediaSegments gives the spend of medium q within a step of the run. Spend in
// all is split over the covered regions by firms, given by region.
func (t *Timeline) MediaSegments(step, q int, firms []float64) []Segment {
	now := &t.epochs[t.epochOf[step]].Plan.Media[q]
	if !t.inside[step] {
		return []Segment{{Share: 1, Spend: now.ByRegion(&now.WeeklyBudget, t.plan, firms), Cost: now.CostMultiplier}}
	}
	var out []Segment
	slots := &t.media[q]
	days := make([]int, 0, t.stepDays) // days of each segment
	for d := 0; d < t.stepDays; d++ {
		split := Split{Total: t.spendOn(slots.budget, now.WeeklyBudget.Total, step, d),
			Parts: slices.Clone(now.WeeklyBudget.Parts)}
		for i, k := range slots.parts {
			split.Parts[i] = t.spendOn(k, split.Parts[i], step, d)
		}
		s := Segment{Spend: now.ByRegion(&split, t.plan, firms), Cost: t.spendOn(slots.cost, now.CostMultiplier, step, d)}
		if n := len(out); n > 0 && out[n-1].Cost == s.Cost && slices.Equal(out[n-1].Spend, s.Spend) {
			days[n-1]++
			continue
		}
		out, days = append(out, s), append(days, 1)
	}
	for i := range out {
		out[i].Share = float64(days[i]) / float64(t.stepDays)
	}
	return out
}

// Covers says whether the medium covers region r.
func (m *Medium) Covers(p *Plan, r int) bool {
	return len(m.Regions) == 0 || slices.Contains(m.Regions, p.Population.Regions[r].Name)
}

// ByRegion splits an amount of the medium over the regions that it covers, by
// their number of firms.
func (m *Medium) ByRegion(s *Split, p *Plan, firms []float64) []float64 {
	out := make([]float64, len(p.Population.Regions))
	var total float64
	for r := range out {
		if m.Covers(p, r) {
			total += firms[r]
		}
	}
	for r := range out {
		switch {
		case !m.Covers(p, r):
		case s.Parts != nil:
			out[r] = s.Parts[r]
		case total > 0:
			out[r] = s.Total * firms[r] / total
		}
	}
	return out
}
