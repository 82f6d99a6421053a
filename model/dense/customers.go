package dense

import (
	"math"

	"windfall/model/plan"
)

// account is one customer: what it pays and how long it stays (model
// specification, section 7). Times are tenures in years unless said otherwise.
type account struct {
	firm    *firm
	opening bool
	won     float64 // week of the win; for opening customers before the start
	channel int     // -1 for opening customers
	source  int     // the channel whose multiplier on churn it has, -1 for none
	product int
	journey *journey // nil for opening customers
	heads   float64
	smb     bool

	seats    float64 // at the win
	netPrice float64 // at the win
	prepaid  bool
	bill     float64 // prepaid: the bill of the current tenure year
	billed   float64 // prepaid: tenure at which it was made

	frailty              float64
	churnClock, dieClock float64 // unit exponentials, what is left of them

	listPrice     float64 // as the customer knows it
	priceSum      float64 // log steps of the list price since the win
	priceGap      float64 // the same, each faded
	term, renewal float64 // of its contract: years, 0 for none; chance to renew, NaN for none
	terms         int     // that have ended
	rung          float64 // tenure at which its churn clock rang

	tenure   float64 // lived so far
	left     bool
	died     bool
	ltv      float64
	retained bool // has lived 12 months

	inRun     float64 // tenure at the end of the run
	leftInRun bool
}

// win makes a customer of a journey: seats, frailty, payment and the two clocks
// are drawn with the numbers of now, and the costs of the win are booked.
func (s *simulation) win(j *journey, at float64) {
	if s.burning {
		return // a journey that ends in the burn-in is dropped
	}
	p := s.plan
	q := &p.Products[j.product]
	c := &p.Channels[j.channel]
	a := &account{
		firm: j.firm, journey: j, won: at, channel: j.channel, source: j.channel, product: j.product,
		heads: j.heads, smb: s.smb(j.heads, j.cell),
		seats:     units(q, j.heads, c.DealSize),
		netPrice:  j.netPrice,
		listPrice: q.Price,
		prepaid:   s.random.chance(q.PrepaidShare),
		frailty:   s.random.gamma(1, math.Sqrt(p.Customers.FrailtyVariance)),
	}
	if g := j.listed; g != nil && !math.IsNaN(g.Value) && a.netPrice > 0 { // as many seats as bring what it is worth
		a.seats = g.Value / a.netPrice
	}
	a.agree(q)
	a.churnClock, a.dieClock = s.random.exponential(), s.random.exponential()
	j.firm.become(customer)
	s.accounts = append(s.accounts, a)
	s.wins = append(s.wins, a)
	s.deeds(j).won++
	s.week.won++
	if a.smb {
		s.week.wonSMB++
	}

	bill := a.seats * a.netPrice
	t := &p.Teams[j.team.index]
	s.commission(j, t.CommissionShare*12*bill+t.CommissionPerWin[j.cell.size])
	s.onboarding(j, q.OnboardingCost)
	s.fee(j, c.FeePerCustomer+c.FeeInMonthlyBills*bill)
	earned := a.seats * s.price(a) // the first month's bill: of today's list price where that reaches all
	if a.prepaid {
		earned *= 1 - q.PrepaidDiscount
		s.makeBill(a)
	}
	s.week.firstMargin += earned*(1-q.CostOfRevenueShare-c.RevenueShare) - q.CostToServePerMonth
}

// units is the number of times that a customer pays the price: its seats,
// head-count x adoption x deal size, rounded half up, at least one; or, of a
// product that a firm pays for as a whole, the deal size.
func units(q *plan.Product, heads, dealSize float64) float64 {
	switch q.PricePer {
	case "firm":
		return dealSize
	default:
		return max(1, math.Floor(heads*q.Adoption*dealSize+0.5))
	}
}

// price is what a seat costs per month: kept from the win, unless the product
// says that price changes reach live customers.
func (s *simulation) price(a *account) float64 {
	q := &s.plan.Products[a.product]
	if !q.PriceForAll {
		return a.netPrice
	}
	if a.channel < 0 {
		return netPrice(q, 1)
	}
	return netPrice(q, s.plan.Channels[a.channel].Discount)
}

// growth is the yearly growth of the seats of a customer, where it pays for seats.
func (s *simulation) growth(a *account) float64 {
	if s.plan.Products[a.product].PricePer == "firm" {
		return 0
	}
	return s.plan.Customers.SeatGrowthPerYear[a.firm.cell.size]
}

// makeBill makes the yearly bill of a prepaid customer: 12 months at the bill
// of this moment, less the discount.
func (s *simulation) makeBill(a *account) {
	q := &s.plan.Products[a.product]
	now := a.seats * math.Pow(1+s.growth(a), a.tenure) * s.price(a)
	a.bill = 12 * now * (1 - q.PrepaidDiscount)
	a.billed = a.tenure
	s.week.collections += a.bill
	s.week.deferred += a.bill
}

// serveCustomers lets every customer live through the step.
func (s *simulation) serveCustomers(end float64) {
	kept := s.accounts[:0]
	for _, a := range s.accounts {
		s.live(a, end)
		if a.left {
			s.leave(a)
			continue
		}
		kept = append(kept, a)
	}
	s.accounts = kept
}

// leave moves the firm of a customer that left to its next state.
func (s *simulation) leave(a *account) {
	s.gone = append(s.gone, a)
	if a.died {
		s.week.customerDeaths++
		a.firm.replace()
		return
	}
	s.week.churned++
	s.lock(a.firm, a.won+a.tenure*yearWeeks)
}

// live takes a customer from where it stands to a time within the step. While it still feels a change of its
// price it lives in small pieces, each with the multiplier of its middle.
func (s *simulation) live(a *account, until float64) {
	c := &s.plan.Customers
	if q := &s.plan.Products[a.product]; q.PriceForAll {
		if q.Price != a.listPrice && q.Price > 0 && a.listPrice > 0 {
			step := math.Log(q.Price / a.listPrice)
			a.priceSum, a.priceGap = a.priceSum+step, a.priceGap+step
		}
		a.listPrice = q.Price
	}
	for now := a.won + a.tenure*yearWeeks; now < until && !a.left; {
		next := until
		if math.Abs(c.PriceChurnTransient*a.priceGap) > 1e-4 {
			next = min(until, now+c.PriceChurnHalfLifeWeeks/40)
		}
		fade := math.Exp2(-(next - now) / c.PriceChurnHalfLifeWeeks)
		if a.priceGap == 0 {
			fade = 1
		}
		s.liveAt(a, next, math.Exp(c.PriceChurnLasting*a.priceSum+c.PriceChurnTransient*a.priceGap*math.Sqrt(fade)))
		a.priceGap *= fade
		now = next
	}
}

// liveAt lives on to a time, with a multiplier on churn: its
// clocks run, bills are made at anniversaries, revenue accrues until it leaves.
//
// The churn clock runs at z base channel economy d(tenure^k), the death clock
// at the hazard of the size class. Each rings when its integral has used up its
// unit exponential; the earlier one takes the customer away.
func (s *simulation) liveAt(a *account, until, feels float64) {
	from, to := a.tenure, (until-a.won)/yearWeeks
	if to <= from {
		return
	}
	p := s.plan
	size := a.firm.cell.size
	k := p.Customers.WeibullShape
	times := feels * p.Customers.ChurnMultiplier * multiplier(s.recession, p.Economy.Recession.Churn)
	if a.source >= 0 {
		times *= p.Channels[a.source].Churn
	}
	churn := a.frailty * s.baseHazards[size] * times
	death := s.firmDeath(size) * yearWeeks

	churnAt, dieAt := math.Inf(1), math.Inf(1)
	if used := churn * (math.Pow(to, k) - math.Pow(from, k)); used < a.churnClock {
		a.churnClock -= used
	} else {
		churnAt = math.Pow(a.churnClock/churn+math.Pow(from, k), 1/k)
	}
	if l := s.lives[size]; l.aged() {
		// The hazard of its firm's age, times what the year and the economy make of it.
		pace, age := death/l.mean, (a.won-a.firm.founded)/yearWeeks
		if used := pace * (l.hazard(age+to) - l.hazard(age+from)); used < a.dieClock {
			a.dieClock -= used
		} else {
			dieAt = from + l.rest(age+from, a.dieClock/pace)
		}
	} else if used := death * (to - from); used < a.dieClock {
		a.dieClock -= used
	} else {
		dieAt = from + a.dieClock/death
	}
	if a.term > 0 {
		churnAt = s.churnTerm(a, to, churnAt, times)
	}
	if last := min(churnAt, dieAt); last < math.Inf(1) {
		to = max(from, min(last, to))
		a.left, a.died = true, dieAt <= churnAt
	}

	for a.prepaid && a.billed+1 <= to {
		s.accrue(a, a.billed+1)
		s.makeBill(a)
	}
	s.accrue(a, to)
	a.retained = a.tenure >= 1
	if a.left && a.prepaid {
		unused := a.bill * (a.billed + 1 - a.tenure)
		s.week.refunds += unused
		s.week.deferred -= unused
	}
}

// baseHazard is the integrated churn hazard of the first year of a size class:
// stated, or solved from
//
//	(1 + v base)^(-1/v) alive = retained_12_months
//
// alive being the share of the opening plan's firms that is alive a year later.
func baseHazard(p, opening *plan.Plan, size int) float64 {
	c := &p.Customers
	if base := c.BaseHazard[size]; !math.IsNaN(base) {
		return base
	}
	survived := c.Retained12Months[size] / lifeOf(opening, size).aliveAfterAYear()
	if v := c.FrailtyVariance; v > 0 {
		return (math.Pow(survived, -v) - 1) / v
	}
	return -math.Log(survived)
}

// accrue books the revenue of a customer and its costs from where it stands to
// a tenure within the same tenure year of a prepaid customer.
func (s *simulation) accrue(a *account, to float64) {
	from := a.tenure
	a.tenure = to
	p := s.plan
	q := &p.Products[a.product]
	rate, g := 12*a.seats*s.price(a), math.Log1p(s.growth(a))
	if a.prepaid {
		rate, g = a.bill, 0
	}
	share := 0.0
	if a.channel >= 0 {
		share = p.Channels[a.channel].RevenueShare
	}

	revenue := rate * exponentialIntegral(g, from, to)
	months := 12 * (to - from)
	w := s.week
	w.revenue += revenue
	w.customerMonths += months
	w.costOfRevenue += q.CostOfRevenueShare*revenue + q.CostToServePerMonth*months
	w.shares += share * revenue
	if a.prepaid {
		w.deferred -= revenue
	} else {
		w.collections += revenue
	}

	if horizon := min(to, p.Finance.LTVHorizonYears); horizon > from && !a.opening {
		d := math.Log1p(p.Finance.DiscountRate)
		a.ltv += rate*(1-q.CostOfRevenueShare-share)*exponentialIntegral(g-d, from, horizon) -
			12*q.CostToServePerMonth*exponentialIntegral(-d, from, horizon)
	}
}

// exponentialIntegral is the integral of e^(g t) from a to b.
func exponentialIntegral(g, a, b float64) float64 {
	if g == 0 {
		return b - a
	}
	return math.Exp(g*a) * math.Expm1(g*(b-a)) / g
}

// monthly is the recurring revenue a month of a customer now.
func (s *simulation) monthly(a *account) float64 {
	if a.prepaid {
		return a.bill / 12
	}
	return a.seats * math.Pow(1+s.growth(a), a.tenure) * s.price(a)
}

// mostFollowed is the tenure in years up to which it is recorded who is left.
const mostFollowed = 2

// afterwards lets the customers won in the run live on, without cash, until
// their lifetime value is complete and they are two years old: the regime goes on, plan numbers hold their
// last value once the tail is over, shocks have ended. Where nothing changes any
// more, many steps are one.
func (s *simulation) afterwards(step int) {
	for left := s.accounts; len(left) > 0; {
		s.setNumbers(step)
		s.week = &week{}
		next := step + 1
		if step >= s.clock.steps+s.clock.tail {
			next = s.econ.nextChange(step)
		}
		var still []*account
		for _, a := range left {
			if a.opening {
				continue
			}
			follow := max(mostFollowed, s.plan.Finance.LTVHorizonYears)
			s.live(a, min(s.clock.begins(next), a.won+follow*yearWeeks))
			if a.left || next == never || s.clock.begins(next) >= a.won+follow*yearWeeks {
				s.gone = append(s.gone, a)
			} else {
				still = append(still, a)
			}
		}
		left, step = still, next
	}
}
