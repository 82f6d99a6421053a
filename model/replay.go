package model

import (
	"slices"

	"windfall/model/plan"
)

// A burn-in may replay the dated past of the opening plan in place of holding its numbers of the first day
// (docs/model.md, section 3.1). All that moves the market in it is known before the replication, as that of the run is.

// replay is what moves in a burn-in that replays.
type replay struct {
	pressureS, pressureE []float64 // by (step from -burnIn, region)
	openAt               []int     // by channel: its place in the opening plan, or -1
	topEquity            float64   // the largest mean of a step in any region
	brand                *brand    // of the highest rates
}

// fillReplay computes the pressure of every step of the burn-in and the highest equity in it.
func (w *world) fillReplay() {
	x := &w.replay
	if !w.tl.Replays() {
		return
	}
	if x.brand == nil {
		x.brand = newBrand(w)
		open := w.tl.Opening()
		for c := range w.plan.Channels {
			x.openAt = append(x.openAt, slices.IndexFunc(open.Channels, func(o plan.Channel) bool {
				return o.Name == w.plan.Channels[c].Name
			}))
		}
	}
	x.pressureS, x.pressureE, x.topEquity = x.pressureS[:0], x.pressureE[:0], 0
	b := x.brand
	b.open(w)
	for step := -w.burnIn; step < 0; step++ {
		b.pressBefore(w, step)
		x.pressureS, x.pressureE = append(x.pressureS, b.pressureS...), append(x.pressureE, b.pressureE...)
		b.step(w, step, 0)
		x.topEquity = max(x.topEquity, slices.Max(b.meanEq))
	}
}

// pressBefore computes the pressure of a step of the burn-in under the dated spend of the opening plan.
func (b *brand) pressBefore(w *world, step int) {
	clear(b.pressureS)
	clear(b.pressureE)
	p := w.tl.Plan(step)
	for q := range p.Media {
		if !p.Media[q].Enabled {
			continue
		}
		for _, seg := range w.tl.PastSegments(step, q, w.byRegion) {
			b.press(w, &p.Media[q], w.perFirm[0], seg, 0)
		}
	}
}

// beginning is the opening plan as it is on the first day of the burn-in.
func (w *world) beginning() *plan.Plan {
	if w.tl.Replays() && w.burnIn > 0 {
		return w.tl.Plan(-w.burnIn)
	}
	return w.tl.Opening()
}

// openMedia are the media of the opening plan: all of them where they are replayed, else those that the run's plan has.
func (w *world) openMedia(o *plan.Plan) (out []*plan.Medium) {
	if w.tl.Replays() {
		for q := range o.Media {
			out = append(out, &o.Media[q])
		}
		return out
	}
	for q := range w.plan.Media {
		out = append(out, byName(o.Media, func(m *plan.Medium) string { return m.Name }, w.plan.Media[q].Name))
	}
	return out
}

// atStart gives a channel of the opening plan as it is on the first day of the burn-in.
func (w *world) atStart(o *plan.Channel) *plan.Channel {
	return byName(w.beginning().Channels, func(c *plan.Channel) string { return c.Name }, o.Name)
}

// spendIn is what is spent on a channel in a step of the run or of what its burn-in replays, see Timeline.ChannelSpend.
func (w *world) spendIn(step, c int) (spend, effective float64) {
	if step >= 0 {
		return w.tl.ChannelSpend(step, c)
	}
	if o := w.replay.openAt[c]; o >= 0 {
		return w.tl.PastSpend(step, o)
	}
	return 0, 0
}

// regionSpendIn is likewise that of a region, see Timeline.RegionSpend.
func (w *world) regionSpendIn(step, c, r int) (spend, effective float64) {
	if step >= 0 {
		return w.tl.RegionSpend(step, c, r)
	}
	if o := w.replay.openAt[c]; o >= 0 {
		return w.tl.PastRegionSpend(step, o, r)
	}
	return 0, 0
}

// highestRate is openRate of a channel of the opening plan in a burn-in that replays. Whether the run's plan has the
// channel does not matter: plans of one opening state have one axis.
func (w *world) highestRate(name string) (most float64) {
	o := slices.IndexFunc(w.tl.Opening().Channels, func(c plan.Channel) bool { return c.Name == name })
	for r := range w.byRegion {
		most = max(most, w.highestRateIn(o, r))
	}
	return most
}

func (w *world) highestRateIn(o, r int) (most float64) {
	stock := openAdstock(w.atStart(&w.tl.Opening().Channels[o]), r)
	for step := -w.burnIn; step < 0; step++ {
		ch := &w.tl.Plan(step).Channels[o]
		_, effective := w.tl.PastRegionSpend(step, o, r)
		var mean, d float64
		stock, mean = newStock(ch.AdstockHalfLifeWeeks, w.h).step(stock, effective)
		switch ch.Driver {
		case "budget":
			d = min(1, hill(mean, float64(ch.HalfSaturation*w.targetingOf(ch)), ch.Shape)*w.perFirm[0])
		case "brand":
			d = w.replay.topEquity / (w.replay.topEquity + ch.HalfSaturationEquity)
		}
		most = max(most, float64(ch.MaxTouchesPerWeek*d))
	}
	return most
}

// set keeps the stocks of the run's first day.
func (x *stocks) set(d *drivers) {
	x.salience = append(x.salience[:0], d.brand.salience...)
	x.equity = append(x.equity[:0], d.brand.equity...)
	x.adstock = append(x.adstock[:0], d.adstock...)
}

// like says whether stocks are those of another world.
func (x *stocks) like(o *stocks) bool {
	return slices.Equal(x.salience, o.salience) && slices.Equal(x.equity, o.equity) && slices.Equal(x.adstock, o.adstock)
}
