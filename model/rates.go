package model

import (
	"math"
	"math/bits"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// fillSeasons computes season x economy of triggers and the season of channels
// for every step: the mean by days of monthly numbers, those of a trigger
// divided by their mean over 365 days, those of a channel by their largest.
func (w *world) fillSeasons() {
	K, C := len(w.plan.Triggers), len(w.plan.Channels)
	var days [7]int
	month := days[:w.tl.StepDays()]
	S := len(w.plan.Population.Sizes)
	for row := range w.slump {
		n := w.at(row - w.burnIn)
		w.slump[row] = w.tl.Recession(row - w.burnIn)
		for z := 0; z < S; z++ {
			w.deaths[row*S+z] = n.death[z]
			if w.slump[row] {
				w.deaths[row*S+z] *= n.plan.Economy.Recession.FirmDeath
			}
		}
	}
	for step := -w.burnIn; step < w.steps+w.tail; step++ {
		p := w.at(step).plan
		w.monthsOf(step, month)
		mean := func(season []float64) float64 { return meanOver(month, season) }
		row := step + w.burnIn
		recession := w.slump[row]
		for k := range p.Triggers {
			t := &p.Triggers[k]
			x := mean(t.Season) / yearMean(t.Season)
			if recession {
				x *= t.Recession
			}
			w.pace[row*K+k] = x
		}
		for c := range p.Channels {
			s := p.Channels[c].Season
			w.season[row*C+c] = 0
			if top := slices.Max(s); top > 0 {
				w.season[row*C+c] = mean(s) / top
			}
		}
	}
}

func flat(season []float64) bool {
	for _, x := range season {
		if x != season[0] {
			return false
		}
	}
	return true
}

// monthsOf gives the calendar month of each day of a step, from 0.
func (w *world) monthsOf(step int, months []int) {
	for d := range months {
		_, m, _ := (w.tl.Date(step) + plan.Date(d)).YMD()
		months[d] = m - 1
	}
}

// meanOver is the mean of monthly numbers over days, whose months are given.
func meanOver(months []int, season []float64) float64 {
	if flat(season) {
		return season[0]
	}
	var sum float64
	for _, m := range months {
		sum += season[m]
	}
	return sum / float64(len(months))
}

// yearMean is the mean of monthly numbers over 365 days.
func yearMean(season []float64) float64 {
	if flat(season) {
		return season[0]
	}
	var sum float64
	for m, d := range monthDays {
		sum += float64(season[m] * d)
	}
	return sum / 365
}

// fillTriggers fixes the layers of the trigger proposals of each block: the first
// from 0 to the highest rate that a cell of it feels under the opening plan in a
// year of expansion, then doubling as far as the largest felt rate of the run asks.
func (w *world) fillTriggers() {
	K := len(w.plan.Triggers)
	top := make([]float64, K) // largest season x economy by kind, per epoch
	most := make([]float64, len(w.blocks)*K)
	feel := func(num *numbers, block, kind int) (felt float64) {
		for _, cell := range w.blocks[block].cells {
			felt = max(felt, num.felt[cell*K+kind])
		}
		return felt
	}
	starts := w.starts()
	for i, first := range starts {
		end := w.steps
		if i+1 < len(starts) {
			end = min(end, starts[i+1])
		}
		clear(top)
		for s := first; s < end; s++ {
			for k := 0; k < K; k++ {
				top[k] = max(top[k], w.pace[(s+w.burnIn)*K+k])
			}
		}
		for at := range most {
			most[at] = max(most[at], feel(w.at(first), at/K, at%K)*top[at%K])
		}
	}
	for i := range w.blocks {
		w.blocks[i].fill(w.band)
	}
	for at := range most {
		block, kind := at/K, at%K
		height := 0.0
		if o := w.openTrigger(kind); o != nil && o.Enabled {
			// A hair more, so that no rounding of a mean over days reaches into the next layer.
			height = float64(feel(w.open, block, kind) * (slices.Max(o.Season) / yearMean(o.Season)) * (1 + 0x1p-40))
		}
		if height == 0 { // a kind of the run alone
			for _, e := range w.epochs {
				height = max(height, feel(e, block, kind))
			}
		}
		w.layer[at], w.layers[at] = 0, 0
		if height == 0 || most[at] == 0 {
			continue
		}
		w.layer[at], w.layers[at] = height, 1
		w.tables[at].Reset(float64(float64(int64(w.blocks[block].slots)) * height * w.h))
		for ; height < most[at]; height *= 2 {
			w.layers[at]++
		}
	}
}

// starts are the first steps of the spans in which no number changes: of the burn-in, and of the run.
func (w *world) starts() (out []int) {
	if !w.tl.Replays() {
		out = append(out, -w.burnIn)
	}
	for _, e := range w.tl.PastEpochs() {
		if e.First < w.burnIn {
			out = append(out, e.First-w.burnIn)
		}
	}
	for _, e := range w.tl.Epochs() {
		out = append(out, e.First)
	}
	return out
}

// fillTargeting computes the factor on the half-saturation of each channel, by the
// channel's reach, targets and price of the moment.
func (w *world) fillTargeting() {
	for _, n := range w.every {
		for c := range n.plan.Channels {
			n.targeting[c] = w.targetingOf(&n.plan.Channels[c])
		}
	}
}

// targetingOf is the factor on the half-saturation of a channel with targets:
// a x targeting_cost, a the visible in-market firms of those kinds that it
// reaches over all firms that it reaches, in the market of the opening plan.
func (w *world) targetingOf(ch *plan.Channel) float64 {
	if len(ch.Targets) == 0 {
		return 1
	}
	open := w.tl.Opening()
	bySize := w.firmsBySize()
	var visible, all float64
	for i := range w.cells {
		cell := &w.cells[i]
		reach := ch.Reach.Size[cell.Size] * ch.Reach.Industry[cell.Industry] * ch.Reach.Region[cell.Region]
		firms := float64(float64(w.firms[i]) * reach)
		all += firms
		for k := range open.Triggers {
			t := &open.Triggers[k]
			if t.Enabled && slices.Contains(ch.Targets, t.Name) {
				rate := yearlyRate(open, t, cell, bySize) * w.scale[i]
				visible += float64(firms * rate * (marketWeeks(t, open.Rivals.Hazard(t)) / plan.WeeksPerYear) * t.Visible)
			}
		}
	}
	if all == 0 {
		return 1
	}
	return visible / all * ch.TargetingCost
}

// fillWeights sums in each region the weights of the media of the opening plan
// that cover it, or if that has none those of the run's first day; the weights of
// all media are divided by these sums.
func (w *world) fillWeights() {
	clear(w.weights)
	for r := range w.byRegion {
		w.sumWeights(w.tl.Opening(), r)
		if w.weights[r*2] == 0 && w.weights[r*2+1] == 0 {
			w.sumWeights(w.tl.Plan(0), r)
		}
	}
}

func (w *world) sumWeights(p *plan.Plan, r int) {
	for q := range p.Media {
		if m := &p.Media[q]; m.Enabled && m.Covers(p, r) {
			w.weights[r*2] += m.ToSalience
			w.weights[r*2+1] += m.ToEquity
		}
	}
}

// hill is x^a/(x^a + half^a), zero at 0.
func hill(x, half, a float64) float64 {
	if x <= 0 {
		return 0
	}
	if a == 1 {
		return x / (x + half)
	}
	y := rng.Pow(x/half, a)
	if math.IsInf(y, 1) {
		return 1
	}
	return y / (1 + y)
}

// fillTouches finds how touches are drawn, kept and judged in every step as far
// as it is known before the replication. Live customers and cuts by cash rules
// are not: the channels that depend on them get the most that they can be.
func (w *world) fillTouches() {
	for row := range w.rows {
		w.rows[row] = w.at(row - w.burnIn)
	}
	w.fillAxis()
	w.fillReach()
	w.ticksPerUnit = ticksPerWeek / w.axis.unit
	w.feedback, w.needAware, w.searches, w.unreal, w.held = 0, 0, 0, 0, 0
	for _, n := range w.every {
		for c, share := range n.holdout {
			if share > 0 {
				w.held |= 1 << c
			}
		}
		w.needAware |= n.needsAware
		w.searches |= n.searches()
		w.unreal |= n.unreal
	}
	for _, e := range w.epochs {
		for c := range e.plan.Channels {
			driver := e.plan.Channels[c].Driver
			varies := driver == "customers"
			for i := range e.plan.CashRules {
				r := &e.plan.CashRules[i]
				varies = varies || r.CutBrand > 0 || r.CutMedia > 0 && driver == "budget"
			}
			if varies {
				w.feedback |= 1 << c
			}
		}
	}
	d := newDrivers(w)
	d.open(w)
	C, R := len(w.plan.Channels), len(w.byRegion)
	most := make([]uint64, C)
	for step := -w.burnIn; step < w.steps+w.tail; step++ {
		customers := math.Inf(1)
		if step < 0 {
			customers = w.openingCustomers()
		}
		if step == 0 {
			w.first.set(d)
		}
		d.step(w, step, cuts{}, customers)
		w.fillTouchStep(w.keep, w.pull, w.paid, d, step, math.MaxUint64)
		for r := 0; r < R; r++ {
			row := w.keep[w.rateAt(step+w.burnIn, r, 0):]
			for c := range most {
				most[c] = max(most[c], row[c])
			}
		}
	}
	w.fillSources(most)
}

// ratesOf is the first row of rates (and pulls) of a cell's region, less the
// first step's.
func (w *world) ratesOf(cell uint16) uint32 {
	return uint32(int(w.regionOf[cell]) * w.span)
}

// rateAt is where a channel's rate and pull in a region and step (from -burnIn)
// stand.
func (w *world) rateAt(row, region, c int) int {
	return (region*w.span+row)*(len(w.plan.Channels)+1) + c
}

// paidAt is where the searches stand that a channel's paid link takes in a region and step (from -burnIn).
func (w *world) paidAt(row, region, c int) int {
	return (row*len(w.byRegion)+region)*len(w.plan.Channels) + c
}

// fillTouchStep enters the rates and lifts of a set of channels in one step, and
// the awareness in it.
func (w *world) fillTouchStep(keep []uint64, pull []float64, paid []uint64, d *drivers, step int, channels uint64) {
	R := len(w.byRegion)
	row := step + w.burnIn
	p := w.rows[row].plan
	for todo := channels & w.searches; todo != 0; todo &= todo - 1 {
		c := bits.TrailingZeros64(todo)
		for r := 0; r < R; r++ {
			paid[w.paidAt(row, r, c)] = uint64(int64(math.RoundToEven(d.paid[c*R+r] / w.axis.unit)))
		}
	}
	for r := 0; r < R; r++ {
		w.aware[row*R+r] = threshold(d.aware[r])
		first := w.rateAt(row, r, 0)
		for c := range p.Channels {
			if channels>>c&1 == 1 {
				keep[first+c] = uint64(int64(math.RoundToEven(d.rate[c*R+r] / w.axis.unit)))
				pull[first+c] = float64(p.Channels[c].Response * d.lift[c*R+r])
			}
		}
	}
}

// openRate is the highest touch rate in the burn-in of a channel of the opening plan that budget or
// brand drives, at season 1; a channel that captures has all that it can be.
func (w *world) openRate(o *plan.Channel) float64 {
	if !o.Enabled {
		return 0
	}
	if w.tl.Replays() {
		return w.highestRate(o.Name)
	}
	var d float64
	switch o.Driver {
	case "budget":
		half := float64(o.HalfSaturation * w.targetingOf(o))
		for r := range w.byRegion {
			d = max(d, min(1, hill(openAdstock(o, r), half, o.Shape)*w.perFirm[0]))
		}
	case "brand":
		e := slices.Max(w.openBrand.equity)
		d = e / (e + o.HalfSaturationEquity)
	}
	return float64(o.MaxTouchesPerWeek * d)
}
