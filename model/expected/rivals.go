package expected

import (
	"math"

	"windfall/model/plan"
)

// rivalAt is the hazard a week with which a firm in market of a kind chooses a rival in a week.
func (f *funnel) rivalAt(w, k int) float64 {
	p := f.at(w)
	h := p.Triggers[k].RivalPerWeek
	if h == 0 {
		return 0
	}
	return h * p.Rivals.Strength * math.Pow(p.Rivals.Price, -p.Rivals.PriceElasticity)
}

// choosesRival is the time at which the integrated hazard since a journey's opening passes an exponential.
func (f *funnel) choosesRival(opens, exponential float64, k int) float64 {
	at := opens
	for w := int(math.Floor(opens)); w < f.weeks; w++ {
		h, end := f.rivalAt(w, k), float64(w+1)
		if exponential < h*(end-at) {
			return at + exponential/h
		}
		exponential -= h * (end - at)
		at = end
	}
	return math.Inf(1)
}

// rivalInSales is the mean hazard over the kinds of sign-ups of a size class.
func (f *funnel) rivalInSales(w, s int) float64 {
	if !f.rivals {
		return 0
	}
	var sum, all float64
	for k := range f.at(w).Triggers {
		for r := range f.nr {
			sum += f.rate[s][r][k] * f.rivalAt(w, k)
			all += f.rate[s][r][k]
		}
	}
	if all == 0 {
		return 0
	}
	return sum / all
}

// gammaLaplace is the mean of e^(-s x) of a gamma law.
func gammaLaplace(s, mean, variance float64) float64 {
	if mean == 0 || variance == 0 {
		return math.Exp(-s * mean)
	}
	return math.Pow(1+s*variance/mean, -mean*mean/variance)
}

// inMarketWeeks is the mean time in market of a kind of the opening plan.
func (f *funnel) inMarketWeeks(k int) float64 {
	t, h := &f.open.Triggers[k], f.rivalAt(-1, k)
	if h == 0 {
		return t.WindowWeeks
	}
	return (1 - gammaLaplace(h, t.WindowWeeks, math.Pow(t.WindowCV*t.WindowWeeks, 2))) / h
}

// awayWithRivals is the mean time in years that a journey keeps a firm away: its time in market, and the
// lock of those that are alive then.
func (f *funnel) awayWithRivals(k int, death, lock float64) float64 {
	t, h := &f.open.Triggers[k], f.rivalAt(-1, k)*plan.WeeksPerYear
	w := t.WindowWeeks / plan.WeeksPerYear
	ends := h + death
	inMarket := (1 - gammaLaplace(ends, w, math.Pow(t.WindowCV*w, 2))) / ends
	if death == 0 {
		return inMarket + lock
	}
	return inMarket + (1-death*inMarket)*(1-math.Exp(-death*lock))/death
}

// priceWin is the factor on the chance to win of a product at a net price.
func priceWin(x *plan.Product, net float64) float64 {
	if x.PriceElasticity == 0 || math.IsNaN(x.ReferencePrice) {
		return 1
	}
	return math.Pow(max(net, 1e-9)/x.ReferencePrice, -x.PriceElasticity)
}
