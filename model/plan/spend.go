package plan

import (
	"slices"
)

// spendSlots are the slots of the spend of a channel or medium, -1 where the
// number does not move.
type spendSlots struct {
	budget, cost int
	parts        []int
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
		}
	}
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
		if ch := &now.Channels[c]; ch.Enabled {
			media += on(t.channel[c].budget, ch.WeeklyBudget)
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
