package expected

import (
	"math"

	"windfall/model/plan"
)

// offer is what a product asks of a customer before and after it buys.
type offer struct {
	term, renewal float64 // years, 0 for none; chance to renew, NaN for none
	share         float64 // of customers won
}

// hasOffers says whether any product has a term, a trial or a free plan.
func hasOffers(p *plan.Plan) bool {
	for i := range p.Products {
		if x := &p.Products[i]; x.TermMonths > 0 || x.TrialDays > 0 || x.FreePlan {
			return true
		}
	}
	return false
}

// converts is the share of a product's sign-ups, sold at their booking, that become customers.
func converts(x *plan.Product) float64 {
	switch {
	case x.TrialDays > 0:
		return x.TrialConverts
	case x.FreePlan:
		return x.FreeConverts
	}
	return 1
}

// join adds an offer with its weight to a list.
func join(list []offer, x *plan.Product, weight float64) []offer {
	renewal := x.Renewal
	if x.TermMonths == 0 {
		renewal = math.NaN()
	}
	for i := range list {
		o := &list[i]
		if o.term == x.TermMonths/12 && (o.renewal == renewal || math.IsNaN(o.renewal) && math.IsNaN(renewal)) {
			o.share += weight
			return list
		}
	}
	return append(list, offer{x.TermMonths / 12, renewal, weight})
}

// chosen is the share of each product among the sign-ups of a week, size and channel.
func (f *funnel) chosen(w, s, c int) []float64 {
	shares := f.meanMix(w, s, c).chances
	var total float64
	for _, x := range shares {
		total += x
	}
	for n := range shares {
		shares[n] /= max(total, 1e-300)
	}
	return shares
}

// delay is a gamma time by its mean and variance, in weeks.
type delay struct{ mean, variance float64 }

func (d delay) and(mean, variance float64) delay { return delay{d.mean + mean, d.variance + variance} }

// by is the share of delays, begun in a week, that end within k+1 weeks from its start.
func (d delay) by(k float64) float64 { return gammaCDFMean(k, d.mean, d.variance) }

// spread calls book with the share of what began in week w whose delay ends in each later week of the run. What
// has the same delay comes in turn.
func (f *funnel) spread(w int, d delay, book func(week int, share float64)) {
	if f.delay != d {
		f.delay, f.delayed = d, f.delayed[:0]
	}
	before := 0.0
	for later := w; later < f.weeks; later++ {
		if later-w == len(f.delayed) {
			f.delayed = append(f.delayed, d.by(float64(later-w)))
		}
		part := f.delayed[later-w]
		book(later, part-before)
		before = part
		if part > 1-1e-9 {
			break
		}
	}
}

// use books the trials or free use of sold sign-ups of a product that are booked after a delay in week w: those who
// buy, those who do not, and what serving them costs.
func (f *funnel) use(w, t, s, c int, x *plan.Product, sold float64, d delay) {
	month := plan.WeeksPerMonth
	buys, other := d, d
	if x.TrialDays > 0 {
		buys = d.and(x.TrialDays/7, 0)
		other = buys
	} else {
		buys = d.and(x.FreeConvertsMonths*month, math.Pow(x.FreeConvertsMonths*month, 2))
		other = d.and(x.FreeLifeMonths*month, math.Pow(x.FreeLifeMonths*month, 2)) // NaN: they stay
	}
	for _, part := range []struct {
		n   float64
		d   delay
		won bool
	}{{sold * converts(x), buys, true}, {sold * (1 - converts(x)), other, false}} {
		if part.n == 0 {
			continue
		}
		stays := math.IsNaN(part.d.mean)
		alive := 1.0
		if !stays {
			alive = f.alive(s, (part.d.mean-d.mean)/plan.WeeksPerYear)
		}
		if x.FreePlan {
			f.serveFree(w, s, x, part.n, d, part.d, stays)
		}
		if stays {
			continue
		}
		f.died[w+f.burn][s] += part.n * (1 - alive)
		f.spread(w, part.d, func(week int, share float64) {
			n := part.n * alive * share
			if !x.FreePlan && f.replaced(w, week) {
				f.listed[s] -= n
				return
			}
			if week >= 0 && x.TrialDays > 0 {
				f.useCost[week] += n * x.CostToServePerMonth * min(x.TrialDays/7, float64(week)+0.5) / month
			}
			if !part.won {
				f.ended[week+f.burn][s] += n
				return
			}
			f.won[week+f.burn][s][c] += n
			if week >= 0 {
				f.out.Teams[t].Won += n
			}
		})
	}
}

// serveFree counts the free users of each week of the run, among n that begin after one delay and end after another,
// and what serving them costs.
func (f *funnel) serveFree(w, s int, x *plan.Product, n float64, begins, ends delay, stays bool) {
	for week := max(w, 0); week < f.weeks; week++ {
		at := float64(week-w) - 0.5 // the middle of the week
		live := begins.by(at)
		if !stays {
			live -= ends.by(at)
		}
		users := n * live * f.alive(s, max(0, float64(week-w)-begins.mean)/plan.WeeksPerYear)
		f.freeUsers[week] += users
		f.useCost[week] += users * x.CostToServePerMonth / plan.WeeksPerMonth
	}
}

// stay is the share of customers of an offer that have not left by their own will, of those at the age at which the
// cohort begins, from week to week.
type stay struct {
	offer
	variance    float64
	first, seen float64 // integrated hazard at the beginning and at the last term end
	renewed     float64
}

// live moves the tenure from a to b years, at which the integrated hazard is so much, under a multiplier on churn.
func (k *stay) live(a, b, hazard, multiplier float64) float64 {
	if k.term == 0 {
		k.seen = hazard
	} else if ends := math.Floor(b/k.term) - math.Floor(a/k.term); ends > 0 {
		k.seen = hazard
		if !math.IsNaN(k.renewal) {
			k.renewed *= math.Pow(k.renewal, ends*multiplier)
		}
	}
	if !math.IsNaN(k.renewal) {
		return k.renewed
	}
	return survival(k.seen, k.variance) / survival(k.first, k.variance)
}

// staying gives the offers of a mix, as they are at a tenure of which integrated gives the integrated hazard.
func (m *mix) staying(variance float64, integrated func(years float64) float64, age float64) []stay {
	list := make([]stay, 0, len(m.terms))
	for _, o := range m.terms {
		k := stay{offer: o, variance: variance, renewed: 1}
		since := age
		if o.term > 0 {
			since = math.Floor(age/o.term) * o.term
		}
		k.first = integrated(since)
		k.seen = k.first
		list = append(list, k)
	}
	return list
}
