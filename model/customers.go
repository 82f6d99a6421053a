package model

import (
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// customer is a firm that becomes a customer, at a win or on the first day. Of
// most only counts and sums are kept: see leaver and payer.
type customer struct {
	payer
	key     rng.Key
	amount  float64 // monthly payers: what it adds to its group's sum
	founded float64 // where the age of its firm matters
	channel uint8   // len(channels): opening
	team    uint8
	died    bool // leaves because the firm dies
	prepaid bool
	opening bool
}

// payer is what a prepaid customer's bills follow from.
type payer struct {
	since   float64 // the win; for opening customers minus their age
	until   float64 // leaves
	seats   float64 // at the win; of a price per firm, what multiplies it
	factor  float64 // net price for life, or net share of the list price where the price reaches all
	bill    float64 // paid for the current year
	billed  float64 // when that year began
	group   int32
	cell    uint16
	product uint8
}

// leaver is a customer that leaves within the run, as its last step needs it:
// bills lie in the order of their steps, and not where chance puts a customer.
type leaver struct {
	key     rng.Key
	until   float64
	amount  float64 // monthly payers: as customer.amount; prepaid ones: the bill of the current year
	billed  float64 // prepaid ones: when that year began
	founded float64 // as customer.founded
	group   int32
	cell    uint16
	channel uint8
	product uint8
	team    uint8
	died    bool
	opening bool
	prepaid bool
}

// customerBase is all live customers. Monthly payers of one size class, channel
// and product are one sum: with seats growing as exp(growth) their revenue is
// the sum of seats x price at time 0 times that growth.
type customerBase struct {
	live        int
	opened      int
	leave       [][]leaver   // by step
	renew       [][]customer // by step: prepaid customers who live to see their year end, and then go on to a later list
	groups      int
	sum         []float64 // by group: sum of seats x price, at growth 0
	prepaid     []float64 // by group: sum of bills of the current year
	count       []int     // by product
	growth      []float64 // by size: integrated log growth of seats since the first day
	extra       []float64 // by group: revenue of the step from wins and leavings inside it
	extraPre    []float64
	extraTime   []float64 // by product: customer-weeks from the same
	channels    int
	months      float64 // customer-weeks of the run
	retainedMRR float64
	openingMRR  float64
}

func (b *customerBase) init(w *world) {
	b.channels = len(w.plan.Channels) + 1
	b.groups = len(w.plan.Population.Sizes) * b.channels * len(w.plan.Products)
	b.sum, b.prepaid = make([]float64, b.groups), make([]float64, b.groups)
	b.extra, b.extraPre = make([]float64, b.groups), make([]float64, b.groups)
	b.count = make([]int, len(w.plan.Products))
	b.extraTime = make([]float64, len(w.plan.Products))
	b.growth = make([]float64, len(w.plan.Population.Sizes))
	b.leave, b.renew = make([][]leaver, w.steps), make([][]customer, w.steps)
}

func (b *customerBase) reset(w *world) {
	b.live, b.opened, b.months = 0, 0, 0
	for i := range b.leave {
		b.leave[i], b.renew[i] = b.leave[i][:0], b.renew[i][:0]
	}
	clear(b.sum)
	clear(b.prepaid)
	clear(b.extra)
	clear(b.extraPre)
	clear(b.extraTime)
	clear(b.count)
	clear(b.growth)
	b.retainedMRR, b.openingMRR = 0, 0
}

func (b *customerBase) group(size, channel, product, products int) int32 {
	return int32((size*b.channels+channel)*products + product)
}

// priceOf is what an amount of a product's customers is multiplied by: 1 where
// the net price is kept for life, the list price where it reaches all.
func priceOf(p *plan.Product) float64 {
	if p.PriceForAll {
		return p.Price
	}
	return 1
}

// grown is the integrated log growth of seats of a size class from time a to b
// (weeks), past the end of the run too.
func (w *world) grown(size int, a, b float64) float64 {
	if w.steadyGrowth {
		return float64(w.epochs[0].growth[size] * (b - a))
	}
	var sum float64
	e := w.tl.Epochs()
	for i := range e {
		lo, hi := a, b
		if i > 0 {
			lo = max(a, float64(e[i].First)*w.h)
		}
		if i+1 < len(e) {
			hi = min(b, float64(e[i+1].First)*w.h)
		}
		if hi > lo {
			sum += float64(w.epochs[i].growth[size] * (hi - lo))
		}
	}
	return sum
}

// tenureClock is the tenure in years at which a customer's clocks start, to the
// power of a Weibull shape.
type tenureClock struct{ shape, power float64 }

// buyer is what a customer's hazards depend on: since is its win, founded the birth of its firm, price the list
// price that it knows from its win.
type buyer struct {
	size, channel, product         int
	frailty, since, founded, price float64
}

// leavesAs finds when and why a customer leaves: see leaves.
func (w *world) leavesAs(who *buyer, churn, death, from float64, clock tenureClock) (at float64, died bool) {
	if w.priceMoves[who.product] {
		return w.leavesAtPrices(who, churn, death, from)
	}
	return w.leaves(who, churn, death, from, clock)
}

// leaves finds when and why a customer leaves, whose list price has not moved since its win. churn and death are
// its unit exponentials, from the time at which its clocks
// start (the first day for opening customers). The integral of the product
// hazard over tenure a to b (years) is z base multipliers (b^k - a^k); a clock
// rings when its integral passes its exponential; the earlier one decides.
// The integral of death is that of its hazard over time, at the age of a firm that was founded at a time.
func (w *world) leaves(who *buyer, churn, death, from float64, clock tenureClock) (at float64, died bool) {
	at = inf
	since, life := who.since, &w.life[who.size]
	tenure := (from - since) / plan.WeeksPerYear
	for i := range w.hazards {
		seg, end := &w.hazards[i], w.spanEnd(i)
		if end <= from {
			continue
		}
		start := max(from, seg.start)
		rate := seg.churnOf(who)
		a := 0.0
		switch {
		case tenure > 0 && start == from && clock.shape == seg.shape:
			a = clock.power
		case tenure > 0:
			a = rng.FastPow(tenure, seg.shape)
		}
		// Tenure at which the churn clock rings if this span lasts.
		rings := inf
		if rate > 0 {
			rings = since + float64(rng.FastPow(a+churn/rate, seg.perShape)*plan.WeeksPerYear)
		}
		dies := seg.dies(life, who, start, death)
		if min(rings, dies) < end {
			if dies <= rings {
				return dies, true
			}
			return max(rings, start), false
		}
		if math.IsInf(end, 1) {
			return inf, false
		}
		tenure = (end - since) / plan.WeeksPerYear
		churn -= float64(rate * (rng.FastPow(tenure, seg.shape) - a))
		death -= seg.deathUsed(life, who, start, end)
	}
	return at, false
}

// win turns a deal into a customer.
func (s *State) win(d *deal) {
	w := s.w
	cell := int(d.cell)
	s.pools.inMarket[cell]--
	if s.step < 0 {
		return // what ends inside the burn-in is dropped
	}
	s.pools.customers[cell]++
	num := w.at(s.step)
	p := num.plan
	size := w.cells[cell].Size
	ch, pr := &p.Channels[d.channel], &p.Products[d.product]
	at := d.booked
	heads := s.headcount(d.key, int(d.kind), size, s.rowOf(d.born)-w.burnIn)
	c := customer{key: d.key, channel: d.channel, team: d.team,
		payer: payer{since: at, cell: d.cell, product: d.product, seats: num.seats(int(d.product), heads, ch.DealSize),
			factor: d.price}}
	if pr.PriceForAll {
		c.factor = 1 - min(0.9, pr.Discount*ch.Discount)
	}
	if usd, given := s.sales.worthOf(d); given {
		c.seats = usd / d.price
	}
	z := num.frailty.Draw(d.key, purposeFrailty)
	c.founded = s.founded(d.key, d.born, d.cell, d.kind)
	who := buyer{size, int(d.channel), int(d.product), z, at, c.founded, pr.Price}
	churn, death := rng.Exponential(d.key, purposeChurn), rng.Exponential(d.key, purposeFirmDeath)
	c.until, c.died = w.departs(pr, &who, churn, death, at, tenureClock{})
	c.prepaid = d.key.Unit(purposePrepaid) < pr.PrepaidShare
	ltv, first := s.lifetimeValue(&c, size, p)
	bill := c.seats * d.price // first monthly bill before the prepaid discount
	team := &p.Teams[d.team]
	cost := s.money.payWin(team.CommissionPerWin[size]+float64(team.CommissionShare*12*bill), pr.OnboardingCost,
		ch.FeePerCustomer+float64(ch.FeeInMonthlyBills*bill))
	s.tally.won(s, &c, heads, ltv, first, cost)
	if d.raised >= 0 {
		s.tally.brought[int(d.channel)*s.tally.sizes+size] += ltv - (cost.commission + cost.onboarding + cost.fee)
	}
	if !s.inRun() {
		return // the books are those of the run
	}
	if s.asks != 0 {
		s.observeWin(d, &c, ltv)
	}
	s.welcome(&c, size, at)
}

// seats are what the net price is multiplied by at the win: max(1, head-count x adoption x deal size
// rounded half up), and the deal size alone where the price is per firm.
func (n *numbers) seats(product int, heads, dealSize float64) float64 {
	if n.perFirm[product] {
		return dealSize
	}
	return max(1, math.Floor(float64(heads*(n.plan.Products[product].Adoption*dealSize))+0.5))
}

// headcount is the head-count of a journey's firm: the law of its size class,
// or for a threshold trigger floor(X e^(b x unit exponential)), with the numbers
// of the step of the trigger.
func (s *State) headcount(key rng.Key, kind, size, step int) float64 {
	num := s.w.at(step)
	u := key.Unit(purposeHeadcount)
	if t := &num.plan.Triggers[kind]; t.Kind == "threshold" {
		x := math.Floor(float64(t.Employees * rng.Exp(float64(t.GrowthScale*rng.ExponentialInv(1-u)))))
		return min(x, num.plan.Population.Sizes[size].Highest)
	}
	return num.headsAt(size, u)
}

// headsAt is the head-count of a size class at a uniform.
func (n *numbers) headsAt(size int, u float64) float64 {
	if t := n.heads[size]; t != nil {
		return t.At(u)
	}
	return math.Floor(n.law[size].At(u))
}

// welcome puts a customer into the books from a time of this step (or the first
// day) on.
func (s *State) welcome(c *customer, size int, at float64) {
	w, b := s.w, &s.base
	products := len(w.plan.Products)
	c.group = b.group(size, int(c.channel), int(c.product), products)
	start := s.now()
	b.live++
	b.count[c.product]++
	b.extraTime[c.product] -= at - start
	switch {
	case c.prepaid && c.opening: // it paid before the first day: part of its year is left
		b.prepaid[c.group] += c.bill
	case c.prepaid:
		s.payAhead(&c.payer, size, at, start)
	case c.opening: // its amount is known
		b.sum[c.group] += c.amount
	default:
		grown := b.growth[size] + float64(w.at(s.step).growth[size]*(at-start))
		c.amount = float64(c.seats * rng.FastExp(w.grownSince(size, c.since, at)-grown) * c.factor)
		b.sum[c.group] += c.amount
		s.earn(c.group, c.amount, size, start, at, -1)
	}
	leaves := c.until < w.end()
	renews := c.prepaid && c.billed+plan.WeeksPerYear < w.end()
	if !leaves && !renews {
		return
	}
	if renews && c.until > c.billed+plan.WeeksPerYear {
		*next(&b.renew[s.stepOf(c.billed+plan.WeeksPerYear)-w.burnIn]) = *c
		return
	}
	if leaves {
		s.willLeave(c)
	}
}

// willLeave enters a customer into the list of the step in which it leaves.
func (s *State) willLeave(c *customer) {
	x := next(&s.base.leave[s.stepOf(c.until)-s.w.burnIn])
	x.key, x.until, x.amount, x.billed, x.group = c.key, c.until, c.amount, c.billed, c.group
	x.founded = c.founded
	x.cell, x.channel, x.product, x.team = c.cell, c.channel, c.product, c.team
	x.died, x.opening, x.prepaid = c.died, c.opening, c.prepaid
	if c.prepaid {
		x.amount = c.bill
	}
}

// grownSince is the log growth of seats from a win to a later time; before the
// first day the growth of the opening plan holds.
func (w *world) grownSince(size int, since, at float64) float64 {
	if since >= 0 {
		return w.grown(size, since, at)
	}
	return float64(w.open.growth[size]*(min(at, 0)-since)) + w.grown(size, 0, max(at, 0))
}

// earn adds (sign 1) or takes (sign -1) what a monthly payer's amount brings its
// group between two times of the current step, beside what the sums bring in a whole step.
func (s *State) earn(group int32, amount float64, size int, from, to, sign float64) {
	if to <= from {
		return
	}
	b, num := &s.base, s.w.at(s.step)
	g := num.growth[size]
	start := s.now()
	x := rng.FastExp(b.growth[size] + float64(g*(from-start)))
	b.extra[group] += sign * amount * x * growthIntegral(g, to-from) / plan.WeeksPerMonth
}

// growthIntegral is the integral of e^(g t) from 0 to span, within a relative 4e-11.
func growthIntegral(g, span float64) float64 {
	x := float64(g * span)
	if x < 0.01 && x > -0.01 { // the series is right within 2e-13
		return float64(span * (1 + float64(x*(0.5+float64(x*(1.0/6+float64(x*(1.0/24+float64(x*(1.0/120))))))))))
	}
	return (rng.FastExp(x) - 1) / g
}

// payAhead collects a prepaid year at a time and begins to earn it.
func (s *State) payAhead(c *payer, size int, at, stepStart float64) {
	w, b := s.w, &s.base
	pr := &w.at(s.step).plan.Products[c.product]
	seats := c.seats * rng.FastExp(w.grownSince(size, c.since, at))
	c.bill = float64(12 * seats * c.factor * priceOf(pr) * (1 - pr.PrepaidDiscount))
	c.billed = at
	s.money.collect(c.bill)
	s.money.deferred += c.bill
	b.prepaid[c.group] += c.bill
	b.extraPre[c.group] -= c.bill * (at - stepStart) / plan.WeeksPerYear
}

// serveCustomers lets prepaid years end, customers leave, and revenue accrue.
func (s *State) serveCustomers() {
	if s.step < 0 {
		return
	}
	w, b := s.w, &s.base
	start, end := s.now(), s.now()+w.h
	for i := range b.renew[s.step] {
		c := &b.renew[s.step][i]
		at := c.billed + plan.WeeksPerYear
		b.prepaid[c.group] -= c.bill
		b.extraPre[c.group] += c.bill * (at - start) / plan.WeeksPerYear
		s.payAhead(&c.payer, w.cells[c.cell].Size, at, start)
		if again := at + plan.WeeksPerYear; again < w.end() && c.until > again {
			*next(&b.renew[s.stepOf(again)-w.burnIn]) = *c
		} else if c.until < w.end() {
			s.willLeave(c)
		}
	}
	for i := range b.leave[s.step] {
		s.goodbye(&b.leave[s.step][i], start)
	}
	s.accrue(start, end)
}

// goodbye takes a customer out of the books at its time in this step.
func (s *State) goodbye(c *leaver, start float64) {
	w, b := s.w, &s.base
	cell := int(c.cell)
	size := w.cells[cell].Size
	b.live--
	b.count[c.product]--
	b.extraTime[c.product] += c.until - start
	if c.prepaid {
		rest := c.amount * (c.billed + plan.WeeksPerYear - c.until) / plan.WeeksPerYear
		s.money.refund(rest)
		s.money.deferred -= rest
		b.prepaid[c.group] -= c.amount
		b.extraPre[c.group] += c.amount * (c.until - start) / plan.WeeksPerYear
	} else {
		b.sum[c.group] -= c.amount
		s.earn(c.group, c.amount, size, start, c.until, 1)
	}
	p := &s.pools
	p.customers[cell]--
	s.tally.left(s, c)
	if c.died {
		p.dormant[cell]++
		return
	}
	p.locked[cell]++
	if r := s.releaseStep(cell, c.until, c.key.Unit(purposeChurnDeath), c.founded); r >= 0 {
		p.release[r*len(w.cells)+cell]++
	}
}

// accrue earns the step's revenue, cost of revenue and revenue shares.
func (s *State) accrue(start, end float64) {
	w, b, m := s.w, &s.base, &s.money
	num := w.at(s.step)
	p := num.plan
	P := len(p.Products)
	var customerWeeks float64
	for i := range p.Products {
		t := float64(float64(b.count[i])*w.h) + b.extraTime[i]
		b.extraTime[i] = 0
		customerWeeks += t
		m.cost(p.Products[i].CostToServePerMonth * t / plan.WeeksPerMonth)
	}
	b.months += customerWeeks / plan.WeeksPerMonth
	g := 0
	for size := range b.growth {
		x := rng.Exp(b.growth[size]) * growthIntegral(num.growth[size], w.h) / plan.WeeksPerMonth
		for c := 0; c < b.channels; c++ {
			share := 0.0
			if c < len(p.Channels) {
				share = p.Channels[c].RevenueShare
			}
			for i := 0; i < P; i++ {
				pr := &p.Products[i]
				monthly := float64((float64(b.sum[g]*x) + b.extra[g]) * priceOf(pr))
				ahead := float64(b.prepaid[g]*w.h/plan.WeeksPerYear) + b.extraPre[g]
				b.extra[g], b.extraPre[g] = 0, 0
				if monthly != 0 || ahead != 0 {
					m.earn(monthly, ahead)
					m.cost(float64(pr.CostOfRevenueShare * (monthly + ahead)))
					m.share(float64(share * (monthly + ahead)))
				}
				g++
			}
		}
		b.growth[size] += float64(num.growth[size] * w.h)
	}
}

// mrr is the monthly recurring revenue at the end of the current step.
func (s *State) mrr(num *numbers) float64 {
	b := &s.base
	P := len(num.plan.Products)
	var sum float64
	g := 0
	for size := range b.growth {
		x := rng.Exp(b.growth[size])
		for c := 0; c < b.channels; c++ {
			for i := 0; i < P; i++ {
				sum += float64(float64(b.sum[g]*x)*priceOf(&num.plan.Products[i])) + float64(b.prepaid[g]/12)
				g++
			}
		}
	}
	return sum
}

// lifetimeValue integrates a customer's gross margin less revenue shares,
// discounted from the win to the earlier of leaving and the horizon, and gives
// its first monthly margin too.
func (s *State) lifetimeValue(c *customer, size int, p *plan.Plan) (value, first float64) {
	w := s.w
	rho := w.at(s.step).rho
	stop := min(c.until, c.since+float64(p.Finance.LTVHorizonYears*plan.WeeksPerYear))
	if e := w.tl.EpochOf(s.step); int(e) >= w.steadyFrom {
		return s.steadyValue(c, size, w.epochs[e], rho, stop-c.since)
	}
	grown := 0.0 // log growth since the win at the start of the current span
	bill, nextBill := 0.0, c.since
	for at, e := c.since, w.tl.EpochOf(s.step); at < stop; {
		num := w.epochs[e]
		pr := &num.plan.Products[c.product]
		until := stop
		if e+1 < len(w.epochs) {
			until = min(until, float64(w.tl.Epochs()[e+1].First)*w.h)
		}
		if c.prepaid {
			if at >= nextBill {
				bill = c.seats * rng.FastExp(grown) * c.factor * priceOf(pr) * (1 - pr.PrepaidDiscount)
				nextBill += plan.WeeksPerYear
			}
			until = min(until, nextBill)
		}
		keep := 1 - pr.CostOfRevenueShare
		if int(c.channel) < len(num.plan.Channels) {
			keep -= num.plan.Channels[c.channel].RevenueShare
		}
		g, span := num.growth[size], until-at
		disc := rng.FastExp(float64(-rho * (at - c.since)))
		var margin float64 // monthly revenue margin x weeks, discounted to at
		rate := float64(bill * keep)
		if c.prepaid {
			margin = float64(rate * growthIntegral(-rho, span))
		} else {
			rate = float64(c.seats * rng.FastExp(grown) * c.factor * priceOf(pr) * keep)
			margin = float64(rate * growthIntegral(g-rho, span))
		}
		if at == c.since {
			first = rate - pr.CostToServePerMonth
		}
		margin -= float64(pr.CostToServePerMonth * growthIntegral(-rho, span))
		value += disc * margin / plan.WeeksPerMonth
		grown += float64(g * span)
		at = until
		if e+1 < len(w.epochs) && at >= float64(w.tl.Epochs()[e+1].First)*w.h {
			e++
		}
	}
	return value, first
}

// fillSteady finds from which epoch on no number of a customer's value changes, and whether
// seats grow alike in all epochs.
func (w *world) fillSteady() {
	last := len(w.epochs) - 1
	w.steadyFrom, w.steadyGrowth = last, true
	for e := last - 1; e >= 0; e-- {
		a, b := w.epochs[e], w.epochs[e+1]
		w.steadyGrowth = w.steadyGrowth && slices.Equal(a.growth, b.growth)
		if w.steadyFrom == e+1 && w.steadyGrowth && sameValue(a.plan, b.plan) {
			w.steadyFrom = e
		}
	}
}

// sameValue says whether customers of two plans whose seats grow alike are worth the same.
func sameValue(a, b *plan.Plan) bool {
	for i := range a.Products {
		x, y := &a.Products[i], &b.Products[i]
		if priceOf(x) != priceOf(y) || x.CostOfRevenueShare != y.CostOfRevenueShare ||
			x.CostToServePerMonth != y.CostToServePerMonth || x.PrepaidDiscount != y.PrepaidDiscount {
			return false
		}
	}
	for c := range a.Channels {
		if a.Channels[c].RevenueShare != b.Channels[c].RevenueShare {
			return false
		}
	}
	return true
}

// steadyValue is lifetimeValue over a span of weeks in which no number changes: in closed form.
func (s *State) steadyValue(c *customer, size int, num *numbers, rho, span float64) (value, first float64) {
	if !(span > 0) {
		return 0, 0
	}
	pr := &num.plan.Products[c.product]
	keep := 1 - pr.CostOfRevenueShare
	if int(c.channel) < len(num.plan.Channels) {
		keep -= num.plan.Channels[c.channel].RevenueShare
	}
	g := num.growth[size]
	rate := float64(c.seats * c.factor * priceOf(pr) * keep)
	serve := float64(pr.CostToServePerMonth * growthIntegral(-rho, span))
	if !c.prepaid {
		value = float64(rate * growthIntegral(g-rho, span))
	} else {
		rate = float64(rate * (1 - pr.PrepaidDiscount))
		rest, weight := span, rate
		if rest > plan.WeeksPerYear {
			year, step := growthIntegral(-rho, plan.WeeksPerYear), rng.FastExp(float64((g-rho)*plan.WeeksPerYear))
			for ; rest > plan.WeeksPerYear; rest -= plan.WeeksPerYear {
				value += float64(weight * year)
				weight = float64(weight * step)
			}
		}
		value += float64(weight * growthIntegral(-rho, rest))
	}
	return (value - serve) / plan.WeeksPerMonth, rate - pr.CostToServePerMonth
}
