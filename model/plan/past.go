package plan

import "slices"

// Replayed lists the dated changes of an opening plan that hold in its burn-in: those that begin before the first day,
// where it replays what came before that.
func (p *Plan) Replayed() (out []Change) {
	if !p.Opening.Replay {
		return nil
	}
	for _, c := range p.Changes {
		if c.From < p.Run.Start {
			out = append(out, c)
		}
	}
	return out
}

// newPast is the timeline of the opening plan from the first day of the burn-in up to that of the run, which is the
// last step. Both are counted back from the run's start, whatever the opening plan's own is.
func (t *Timeline) newPast() *Timeline {
	o := *t.opening
	o.Run = t.plan.Run
	o.Changes = o.Replayed()
	o.Run.Start -= Date(t.burnIn * t.stepDays)
	past := &Timeline{plan: &o, opening: &o, perWeek: t.perWeek, stepDays: t.stepDays, steps: t.burnIn + 1}
	past.epochOf = make([]int, past.Past()+1)
	past.collect()
	past.inputs.values = make([]float64, len(o.Inputs))
	past.inside = make([]bool, past.Past()+1)
	past.makeSpend()
	return past
}

// fillPast makes the epochs of the past from the draws of a replication.
func (t *Timeline) fillPast(d *inputDraws) {
	for i := range t.plan.Inputs {
		t.inputs.values[i] = d.value(&t.plan.Inputs[i])
	}
	t.fill()
}

// PastEpochs are the epochs of the opening plan before the first day, their steps counted from the first of the
// burn-in; the last one holds on the first day of the run. Without replay there are none.
func (t *Timeline) PastEpochs() []Epoch {
	if t.past == nil {
		return nil
	}
	return t.past.epochs[:t.past.epochOf[t.burnIn]+1]
}

// Replays says whether the burn-in is the dated past of the opening plan.
func (t *Timeline) Replays() bool { return t.past != nil }

// PastEpochOf is the place in PastEpochs of that of a step of the burn-in, a negative number.
func (t *Timeline) PastEpochOf(step int) int { return t.past.epochOf[step+t.burnIn] }

// PastSpend is like ChannelSpend for a channel of the opening plan and a step of a burn-in that replays.
func (t *Timeline) PastSpend(step, c int) (spend, effective float64) {
	return t.past.ChannelSpend(step+t.burnIn, c)
}

// PastRegionSpend is like RegionSpend for a channel of the opening plan and a step of a burn-in that replays.
func (t *Timeline) PastRegionSpend(step, c, r int) (spend, effective float64) {
	return t.past.RegionSpend(step+t.burnIn, c, r)
}

// PastSpendsByRegion is like SpendsByRegion for a channel of the opening plan in a burn-in that replays.
func (t *Timeline) PastSpendsByRegion(c int) bool { return t.past != nil && t.past.SpendsByRegion(c) }

// PastSegments is like MediaSegments for a medium of the opening plan and a step of a burn-in that replays.
func (t *Timeline) PastSegments(step, q int, firms []float64) []Segment {
	return t.past.MediaSegments(step+t.burnIn, q, firms)
}

// sameNumbers says whether every number that moves is on each day what it is in another timeline of the same plan.
func (t *Timeline) sameNumbers(o *Timeline) bool {
	if !slices.Equal(t.epochOf, o.epochOf) || !slices.Equal(t.inside, o.inside) {
		return false
	}
	for i := range t.epochs {
		for k, x := range t.pool[i].slots {
			if *x != *o.pool[i].slots[k] {
				return false
			}
		}
	}
	return slices.Equal(t.spend, o.spend) && slices.Equal(t.effective, o.effective)
}
