package expected

import (
	"math"

	"windfall/model/plan"
)

// stocks are what brand media and spend have left behind: salience and equity of each region, adstock of each channel
// in each region.
type stocks struct {
	byRegion         []float64 // firms
	sumS, sumE       []float64 // weights of the media that cover a region: they are divided by their sum there
	steadyS, steadyE []float64 // pressure of the opening plan
	salience, equity []float64
	adstock          [][]float64
}

// brand computes pressure, both stocks and every channel's driver by week.
func (f *funnel) brand() {
	total := f.burn + f.weeks
	f.drive = table2(total, f.nc*f.nr)
	f.salience, f.equity = table2(total, f.nr), table2(total, f.nr)
	x := f.openStocks()
	for w := -f.burn; w < f.weeks; w++ {
		f.moveBrand(x, w)
		f.moveAdstock(x, w)
	}
}

// openStocks are the stocks of the first day of the burn-in.
func (f *funnel) openStocks() *stocks {
	regions := func() []float64 { return make([]float64, f.nr) }
	x := &stocks{regions(), regions(), regions(), regions(), regions(), regions(), regions(), table2(f.nc, f.nr)}
	for r := range f.nr {
		for s := range f.ns {
			x.byRegion[r] += f.firms[s][r]
		}
		f.weigh(x, r)
	}
	open := f.open
	if f.line.Replays() && f.burn > 0 {
		open = f.at(-f.burn)
	}
	for q := range open.Media {
		m := &open.Media[q]
		f.press(x, open, q, m.ByRegion(&m.WeeklyBudget, open, x.byRegion), m.CostMultiplier, 1, x.steadyS, x.steadyE)
	}
	for r := range f.nr {
		x.salience[r] = given(open.Brand.InitialSalience, r, x.steadyS[r])
		x.equity[r] = given(open.Brand.InitialEquity, r, x.steadyE[r])
	}
	for c := range open.Channels {
		ch := &open.Channels[c]
		for r := range f.nr {
			x.adstock[c][r] = ch.WeeklyBudget / ch.CostMultiplier * ch.SpendIn(r)
			if !math.IsNaN(ch.InitialAdstock) {
				x.adstock[c][r] = ch.InitialAdstock
			}
		}
	}
	return x
}

// weigh sums the weights of the media that cover a region: of the opening plan, or of the run's first day where
// nothing presses before.
func (f *funnel) weigh(x *stocks, r int) {
	for _, p := range []*plan.Plan{f.open, f.at(0)} {
		for q := range p.Media {
			if m := &p.Media[q]; m.Enabled && m.Covers(p, r) {
				x.sumS[r] += m.ToSalience
				x.sumE[r] += m.ToEquity
			}
		}
		if x.sumS[r] > 0 || x.sumE[r] > 0 {
			break
		}
	}
}

// press adds the pressure on salience and equity of a medium's spend during a share of a week.
func (f *funnel) press(x *stocks, p *plan.Plan, q int, spend []float64, cost, share float64, onS, onE []float64) {
	m := &p.Media[q]
	if !m.Enabled {
		return
	}
	half, ref := m.ByRegion(&m.HalfSaturation, p, x.byRegion), m.ByRegion(&m.ReferenceBudget, p, x.byRegion)
	for r := range f.nr {
		if !m.Covers(p, r) || ref[r] == 0 {
			continue
		}
		h := f.ofMarket(hill(spend[r]/cost, half[r], m.Shape)) / hill(ref[r], half[r], m.Shape) * share
		if x.sumS[r] > 0 {
			onS[r] += h * m.ToSalience / x.sumS[r]
		}
		if x.sumE[r] > 0 {
			onE[r] += h * m.ToEquity / x.sumE[r]
		}
	}
}

// moveBrand moves salience and equity through a week. Without replay equity starts to move on the run's first day.
func (f *funnel) moveBrand(x *stocks, w int) {
	p, i := f.at(w), w+f.burn
	inS, inE := x.steadyS, x.steadyE
	moves, segments := w >= 0 || f.line.Replays(), f.line.MediaSegments
	if w < 0 {
		segments = f.line.PastSegments
	}
	if moves {
		inS, inE = make([]float64, f.nr), make([]float64, f.nr)
		for q := range p.Media {
			for d := range f.perWeek {
				for _, seg := range segments(w*f.perWeek+d, q, x.byRegion) {
					f.press(x, p, q, seg.Spend, seg.Cost, seg.Share/float64(f.perWeek), inS, inE)
				}
			}
		}
	}
	for r := range f.nr {
		f.salience[i][r], x.salience[r] = stock(x.salience[r], inS[r], p.Brand.SalienceHalfLifeWeeks, 1)
		f.equity[i][r] = x.equity[r]
		if moves {
			f.equity[i][r], x.equity[r] = stock(x.equity[r], inE[r], p.Brand.EquityHalfLifeWeeks, 1)
		}
	}
}

// moveAdstock moves the adstock of the channels that have a budget through a week.
func (f *funnel) moveAdstock(x *stocks, w int) {
	p := f.at(w)
	half := f.effectiveHalf(p)
	for c := range p.Channels {
		ch := &p.Channels[c]
		if !ch.Enabled || ch.Driver != "budget" {
			continue
		}
		spend := f.line.RegionSpend
		if w < 0 {
			spend = f.line.PastRegionSpend
		}
		for r := range f.nr {
			in := ch.WeeklyBudget / ch.CostMultiplier * ch.SpendIn(r)
			if w >= 0 || f.line.Replays() {
				in = 0
				for d := range f.perWeek {
					_, e := spend(w*f.perWeek+d, c, r)
					in += e / float64(f.perWeek)
				}
			}
			var mean float64
			mean, x.adstock[c][r] = stock(x.adstock[c][r], in, ch.AdstockHalfLifeWeeks, 1)
			f.drive[w+f.burn][c*f.nr+r] = f.ofMarket(hill(mean, half[c], ch.Shape))
		}
	}
}
