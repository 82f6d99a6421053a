package expected

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// open is a group of what a file lists as open on the first day, and the numbers of the day on which it began.
type open struct {
	*plan.PipelineGroup
	week       int // of these numbers
	t, s, c, k int // team, size class, channel and product of the run's plan
	team       *plan.Team
	product    *plan.Product
	channel    *plan.Channel
	left       float64
	waited     float64 // weeks on the first day
	lead       bool
}

// replaced says whether a file takes the place of what begins in a week of the burn-in and ends in another of the run.
func (f *funnel) replaced(begins, ends int) bool {
	return begins < 0 && ends >= 0 && f.open.Opening.Lists()
}

// listOpen books the opportunities that a file lists, and gives the leads that wait, by team.
func (f *funnel) listOpen() (waiting [][]open) {
	waiting = make([][]open, f.nt)
	f.listed = make([]float64, f.ns)
	for i := range f.open.Opening.Pipeline {
		g := &f.open.Opening.Pipeline[i]
		o := open{PipelineGroup: g, waited: g.AgeDays / plan.DaysPerWeek, left: g.Count, lead: g.Lead}
		o.week = min(-1, max(-f.burn, -int(math.Ceil(o.waited))))
		p := f.at(o.week)
		at := func(q *plan.Plan) (t, s, c, k int) {
			return slices.Index(q.Dimension("team"), g.Team), slices.Index(q.Dimension("size"), g.Size),
				slices.Index(q.Dimension("channel"), g.Channel), slices.Index(q.Dimension("product"), g.Product)
		}
		t, _, c, k := at(p)
		o.t, o.s, o.c, o.k = at(f.plan)
		if min(o.t, o.s, o.c, o.k, t, c, k) < 0 {
			continue // the engine refuses it
		}
		o.team, o.channel, o.product = &p.Teams[t], &p.Channels[c], &p.Products[k]
		if o.lead {
			waiting[o.t] = append(waiting[o.t], o)
			f.listed[o.s] += g.Count * o.channel.Real
			continue
		}
		f.listed[o.s] += g.Count
		f.bookOpen(&o)
	}
	return waiting
}

// bookOpen spreads what becomes of opportunities over the weeks in which what is left of their cycles ends.
func (f *funnel) bookOpen(o *open) {
	p := f.at(o.week)
	team, x := o.team, o.product
	chance := min(1, team.WinRate[o.s]*times(f.recession(o.week), p.Economy.Recession.WinRate)*o.channel.Win*
		answerTo(x, o.channel))
	hazard := p.Population.Sizes[o.s].FirmDeathPerYear/plan.WeeksPerYear + f.rivalInSales(0, o.s)
	mean, cv := team.CycleDays[o.s]/plan.DaysPerWeek, team.CycleCV
	trial := x.TrialDays / plan.DaysPerWeek
	lasts := func(age, later float64) float64 { // the share that lasts so much longer
		switch {
		case mean <= 0 || cv <= 0:
			return times(age+later >= mean, 0)
		case later <= 0:
			return 1
		}
		variance := math.Pow(mean*cv, 2)
		was, is := 1-gammaP(mean*mean/variance, age*mean/variance), 1-gammaP(mean*mean/variance, (age+later)*mean/variance)
		if was < 1e-9 { // so old that the law is exponential
			return math.Exp(-later * mean / variance)
		}
		return is / was
	}
	for week := range f.weeks {
		ends := func(lasted, after float64) float64 {
			from := float64(week) - after
			return (lasts(lasted, from) - lasts(lasted, from+1)) * math.Exp(-hazard*(float64(week)+0.5))
		}
		lasted := max(0, o.waited-trial)
		sold := o.Count * chance * ends(lasted, lasted-o.waited+trial)
		won := sold * converts(x)
		f.won[week+f.burn][o.s][o.c] += won
		f.out.Teams[o.t].Won += won
		f.ended[week+f.burn][o.s] += sold - won + o.Count*(1-chance)*ends(o.waited, 0)
		if x.TrialDays > 0 {
			f.useCost[week] += sold * x.CostToServePerMonth * min(trial, float64(week)+0.5) / plan.WeeksPerMonth
		}
	}
}

// answerTo is the factor of a product's price on the chance to win.
func answerTo(x *plan.Product, ch *plan.Channel) float64 {
	if x.PriceElasticity == 0 || math.IsNaN(x.ReferencePrice) {
		return 1
	}
	return math.Pow(x.Price*(1-min(0.9, x.Discount*ch.Discount))/x.ReferencePrice, -x.PriceElasticity)
}

// answerWaiting lets a team answer its listed leads in a week of the run, before those that come in it, as far as its
// people get in this week. It gives the work that this is.
func (f *funnel) answerWaiting(w, t int, list []open, people float64) (work float64) {
	p := f.at(w)
	team := &p.Teams[t]
	ends, waiting := make([]float64, f.ns), 0.0
	share := func(o *open) float64 { // of a service, screenings among them
		real := o.channel.Real
		return real + (1-real)*team.ScreeningShare
	}
	for i := range list {
		o := &list[i]
		if r := f.remaining[o.s]; r[0] > 0 && r[1] > 0 {
			ends[o.s] = r[0] / r[1]
		}
		waiting += o.left * share(o)
	}
	part := 1.0
	if team.Kind == "people" {
		part = min(1, people*team.OpportunitiesPerWeek/max(waiting, 1e-300))
	}
	for i := range list {
		o := &list[i]
		wait := max(o.waited+float64(w)+part/2, team.AnswerDelayHours/plan.HoursPerWeek)
		if team.Kind != "people" {
			wait = max(o.waited, team.AnswerDelayHours/plan.HoursPerWeek)
		}
		n := o.left * part
		real := n * o.channel.Real * (1 - team.NeverAnswered)
		work += n * share(o)
		chance := team.WinRate[o.s] * times(f.recession(w), p.Economy.Recession.WinRate) * p.Channels[o.c].Win *
			answerTo(&p.Products[o.k], &p.Channels[o.c]) * meanLeft(team, o.s, moment{1, wait, 0, 1})
		if real > 0 {
			f.bookWins(w, t, o.s, o.c, n*o.channel.Real, real, min(1, chance), team, 0)
		}
		kept := (o.left - n) * math.Exp(-ends[o.s])
		f.ended[w+f.burn][o.s] += (o.left - n - kept) * o.channel.Real
		o.left = kept
	}
	return work
}
