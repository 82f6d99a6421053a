package model

import (
	"math"

	"windfall/model/plan"
	"windfall/model/rng"
)

// stock obeys dS/dt = (ln 2 / half-life)(input - S). Its two factors for a step
// of h weeks: keep = 2^(-h/half-life) and, for the exact mean over the step of
// the part that decays, mean = (1 - keep)/(h ln 2/half-life).
type stock struct{ keep, mean float64 }

func newStock(halfLifeWeeks, h float64) stock {
	x := math.Ln2 * h / halfLifeWeeks
	keep := rng.Exp(-x)
	return stock{keep, -rng.Expm1(-x) / x}
}

// step moves a stock from its value at the step's start and gives the value at
// the end and the exact mean over the step.
func (k stock) step(start, input float64) (end, mean float64) {
	gap := start - input
	return input + float64(gap*k.keep), input + float64(gap*k.mean)
}

// cuts is what cash rules take away from this week's plan.
type cuts struct {
	media, brand float64
	freeze       bool
}

// brand holds the two stocks of every region.
type brand struct {
	salience, equity     []float64 // at the step's start
	meanSal, meanEq      []float64 // exact means over the last step
	pressureS, pressureE []float64
	spend                []float64 // by region, USD a week
}

func newBrand(w *world) *brand {
	R := len(w.byRegion)
	return &brand{make([]float64, R), make([]float64, R), make([]float64, R), make([]float64, R), make([]float64, R),
		make([]float64, R), make([]float64, R)}
}

// openPressure is the pressure under the opening plan's spend of the first day.
func (b *brand) openPressure(w *world) {
	clear(b.pressureS)
	clear(b.pressureE)
	o := w.beginning()
	for _, m := range w.openMedia(o) {
		if m == nil || !m.Enabled {
			continue
		}
		b.press(w, m, w.perFirm[0], plan.Segment{Share: 1, Spend: m.ByRegion(&m.WeeklyBudget, o, w.byRegion),
			Cost: m.CostMultiplier}, 0)
	}
}

// press adds the pressure of a medium during a part of the step.
func (b *brand) press(w *world, m *plan.Medium, perFirm float64, during plan.Segment, cut float64) {
	R := len(w.byRegion)
	half := m.ByRegion(&m.HalfSaturation, w.plan, w.byRegion)
	ref := m.ByRegion(&m.ReferenceBudget, w.plan, w.byRegion)
	for r := 0; r < R; r++ {
		if during.Spend[r] <= 0 || half[r] <= 0 {
			continue
		}
		reached := min(1, hill(during.Spend[r]*(1-cut)/during.Cost, half[r], m.Shape)*perFirm)
		x := reached / hill(ref[r], half[r], m.Shape) * during.Share
		if all := w.weights[r*2]; all > 0 {
			b.pressureS[r] += float64(m.ToSalience / all * x)
		}
		if all := w.weights[r*2+1]; all > 0 {
			b.pressureE[r] += float64(m.ToEquity / all * x)
		}
	}
}

// fillOpenBrand finds the stocks of the burn-in's first day: the stationary value of
// opening spend, or the inherited value.
func (w *world) fillOpenBrand() {
	if w.openBrand == nil {
		w.openBrand = newBrand(w)
	}
	b, o := w.openBrand, w.beginning()
	b.openPressure(w)
	for r := range b.salience {
		b.salience[r], b.equity[r] = b.pressureS[r], b.pressureE[r]
		if x := o.Brand.InitialSalience[r]; x == x {
			b.salience[r] = x
		}
		if x := o.Brand.InitialEquity[r]; x == x {
			b.equity[r] = x
		}
	}
}

// open puts the stocks at their values of the burn-in's first day.
func (b *brand) open(w *world) {
	copy(b.salience, w.openBrand.salience)
	copy(b.equity, w.openBrand.equity)
	copy(b.meanSal, b.salience)
	copy(b.meanEq, b.equity)
}

// step moves the stocks through a step of the run, or of what its burn-in replays. Pressure and spend without
// cuts are known before the run; cuts by cash rules make them anew.
func (b *brand) step(w *world, step int, cut float64) {
	R := len(w.byRegion)
	if step < 0 {
		copy(b.pressureS, w.replay.pressureS[(step+w.burnIn)*R:])
		copy(b.pressureE, w.replay.pressureE[(step+w.burnIn)*R:])
	} else if cut == 0 {
		copy(b.pressureS, w.pressureS[step*R:])
		copy(b.pressureE, w.pressureE[step*R:])
		copy(b.spend, w.brandSpend[step*R:])
	} else {
		b.pressStep(w, step, cut)
	}
	p := w.tl.Plan(step)
	sal, eq := newStock(p.Brand.SalienceHalfLifeWeeks, w.h), newStock(p.Brand.EquityHalfLifeWeeks, w.h)
	for r := range b.salience {
		b.salience[r], b.meanSal[r] = sal.step(b.salience[r], b.pressureS[r])
		b.equity[r], b.meanEq[r] = eq.step(b.equity[r], b.pressureE[r])
	}
}

// pressStep computes the pressure and the spend of a step of the run.
func (b *brand) pressStep(w *world, step int, cut float64) {
	clear(b.pressureS)
	clear(b.pressureE)
	clear(b.spend)
	p := w.tl.Plan(step)
	for q := range p.Media {
		if !p.Media[q].Enabled {
			continue
		}
		for _, seg := range w.tl.MediaSegments(step, q, w.byRegion) {
			b.press(w, &p.Media[q], w.perFirm[step+w.burnIn], seg, cut)
			for r, x := range seg.Spend {
				b.spend[r] += float64(x * (1 - cut) * seg.Share)
			}
		}
	}
}

// fillPressure computes the pressure and the brand spend of every step.
func (w *world) fillPressure() {
	b := newBrand(w)
	w.pressureS, w.pressureE, w.brandSpend = w.pressureS[:0], w.pressureE[:0], w.brandSpend[:0]
	for step := 0; step < w.steps+w.tail; step++ {
		if step > 0 && w.tl.EpochOf(step) == w.tl.EpochOf(step-1) && !w.tl.MovesInside(step) && !w.tl.MovesInside(step-1) &&
			w.perFirm[step+w.burnIn] == w.perFirm[step+w.burnIn-1] {
			// Nothing moved: the pressure of the step before holds.
		} else {
			b.pressStep(w, step, 0)
		}
		w.pressureS, w.pressureE, w.brandSpend = append(w.pressureS, b.pressureS...), append(w.pressureE, b.pressureE...),
			append(w.brandSpend, b.spend...)
	}
}

// drivers holds what moves the touch rates of a step: adstock, brand stocks,
// live customers.
type drivers struct {
	brand   *brand
	adstock []float64 // channel x region
	spend   []float64 // by channel, USD a week, after cuts
	inside  []float64 // channel x region: likewise, as if all of the market were like the region
	rate    []float64 // channel x region: touches (or searches) a week on a reached firm
	paid    []float64 // channel x region: searches a week that the paid link takes, of those that arrive without it too
	lift    []float64 // channel x region
	aware   []float64 // by region: share of firms that know the brand
}

func newDrivers(w *world) *drivers {
	C, R := len(w.plan.Channels), len(w.byRegion)
	byRegion := func() []float64 { return make([]float64, C*R) }
	return &drivers{newBrand(w), byRegion(), make([]float64, C), byRegion(), byRegion(), byRegion(), byRegion(),
		make([]float64, R)}
}

// open puts adstock and brand stocks at their opening values.
func (d *drivers) open(w *world) {
	d.brand.open(w)
	clear(d.adstock)
	R := len(w.byRegion)
	for c := range w.plan.Channels {
		o := w.openChannel(c)
		if o == nil || !o.Enabled {
			continue
		}
		o = w.atStart(o)
		for r := range R {
			d.adstock[c*R+r] = openAdstock(o, r)
		}
	}
}

// openAdstock is a channel's adstock in a region on the burn-in's first day: stationary under the opening spend, or
// inherited.
func openAdstock(o *plan.Channel, region int) float64 {
	if o.InitialAdstock == o.InitialAdstock {
		return o.InitialAdstock
	}
	return float64(o.WeeklyBudget / o.CostMultiplier * o.SpendIn(region))
}

// step moves the drivers through a step and leaves the rates, lifts and
// awareness that hold in it. In a burn-in that replays nothing stocks and spend are held.
func (d *drivers) step(w *world, step int, cut cuts, customers float64) {
	n := w.at(step)
	p := n.plan
	R, C := len(w.byRegion), len(w.plan.Channels)
	moves := step >= 0 || w.tl.Replays()
	if moves {
		d.brand.step(w, step, cut.brand)
	}
	for c := range p.Channels {
		ch := &p.Channels[c]
		d.spend[c] = 0
		clear(d.inside[c*R : (c+1)*R])
		if !ch.Enabled && n.organic[c] == 0 {
			clear(d.rate[c*R : (c+1)*R])
			continue
		}
		if moves && ch.Enabled {
			spend, _ := w.spendIn(step, c)
			d.spend[c] = float64(spend * (1 - cut.media))
		}
		most := ch.MaxTouchesPerWeek * w.season[(step+w.burnIn)*C+c]
		var halves stock
		if moves && ch.Enabled {
			halves = newStock(ch.AdstockHalfLifeWeeks, w.h)
		}
		var share float64
		for r := 0; r < R; r++ {
			at := c*R + r
			if r == 0 || w.regional>>c&1 == 1 || ch.Driver == "brand" {
				share = d.share(w, step, c, r, halves, moves && ch.Enabled, cut, customers)
			} else {
				d.adstock[at], d.inside[at] = d.adstock[at-1], d.inside[at-1]
			}
			d.rate[at], d.paid[at] = float64(most*share), 0
			if n.organic[c] > 0 { // every search counts until it is known how it arrives
				if ch.Enabled {
					d.paid[at] = d.rate[at]
				}
				d.rate[at] = float64(most)
			}
			b := float64(p.Brand.SalienceWeight*d.brand.meanSal[r]) + float64((1-p.Brand.SalienceWeight)*d.brand.meanEq[r])
			d.lift[at] = 1 + float64(ch.Halo*b)
		}
	}
	for r := 0; r < R; r++ {
		e := d.brand.meanEq[r]
		d.aware[r] = p.Brand.AwarenessMax * e / (e + p.Brand.HalfSaturationEquity)
	}
}

// share moves the adstock of a channel in a region through a step, unless it is held, and gives the share of its
// highest touch rate at which the channel works there, or that of the searches which its paid link takes.
func (d *drivers) share(w *world, step, c, r int, halves stock, moves bool, cut cuts, customers float64) (x float64) {
	n, at := w.at(step), c*len(w.byRegion)+r
	ch := &n.plan.Channels[c]
	mean := d.adstock[at]
	if moves {
		spend, effective := w.regionSpendIn(step, c, r)
		d.inside[at] = float64(spend * (1 - cut.media))
		d.adstock[at], mean = halves.step(d.adstock[at], float64(effective*(1-cut.media)))
	}
	switch ch.Driver {
	case "budget":
		x = hill(mean, float64(ch.HalfSaturation*n.targeting[c]), ch.Shape)
	case "brand":
		e := d.brand.meanEq[r]
		return e / (e + ch.HalfSaturationEquity)
	case "customers":
		x = 1
		if !math.IsInf(customers, 1) {
			x = customers / (customers + ch.HalfSaturationCustomers)
		}
	}
	return min(1, x*w.perFirm[step+w.burnIn])
}
