package fit

import (
	"math"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// SaturationFloor is the least that the standard deviation of a common saturation can be, over that of its prior, for
// any method that sees the leads of a history: leads of a channel and month are a Poisson count at least, whose
// logarithm moves by d for one standard deviation of the prior at a given touch rate over the history, so that the
// information in them is the sum of n (d - mean d)^2. The truth is x.
func SaturationFloor(p *plan.Plan, h *company.History, unknowns []learned.Unknown, x []float64) (float64, error) {
	q, err := History(p, h, nil)
	if err != nil {
		return 0, err
	}
	b := &binder{p: q}
	if b.at, err = export.Observe(q, 0); err != nil {
		return 0, err
	}
	l, at, sd := everything(q, h), 0.0, 0.0
	for i, u := range unknowns {
		if u.Kind == learned.Saturation {
			at, sd = x[i], u.Prior.SD
		}
	}
	info := 0.0
	for c := range q.Channels {
		ch := &q.Channels[c]
		if ch.Captures != "" || h.Channel(ch.Name) == nil || h.Channel(ch.Name).Spend == nil {
			continue
		}
		far := b.far(c)
		touches := func(x float64) []float64 {
			weeks := make([]float64, l.weeks)
			for w := range weeks {
				weeks[w] = 1 / (1 + far.far[w]*math.Exp(far.shape*x))
			}
			return l.sums(weeks)
		}
		const step = 0.1 // of the prior
		up, down := touches(at+step*sd), touches(at-step*sd)
		var n, mean, squares float64
		for i, leads := range h.Channel(ch.Name).Leads {
			d := math.Log(up[i]/down[i]) / (2 * step)
			n, mean, squares = n+leads, mean+leads*d, squares+leads*d*d
		}
		info += squares - mean*mean/max(n, 1)
	}
	return 1 / math.Sqrt(1+info), nil
}
