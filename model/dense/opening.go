package dense

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
)

// openMarket makes the firms of the burn-in: in each cell round(d N) dormant
// firms, whose number is held until the first day.
func (s *simulation) openMarket() {
	open := s.times.opening
	s.cells = newCells(open)
	setReference(open, s.cells)
	s.regionFirms = make([]float64, len(open.Population.Regions))
	s.regions = make([]region, len(open.Population.Regions))
	for _, c := range s.cells {
		c.felt = make([]float64, len(open.Triggers))
		c.held = int(math.Round(c.share * float64(c.opening)))
		for range c.held {
			s.addFirm(c)
		}
		s.regionFirms[c.region] += float64(c.opening)
		s.firmsNow += float64(c.opening)
	}
	for class, n := range open.Opening.Customers {
		s.dealCustomers(class, int(n))
		if open.Opening.Groups != nil {
			s.listCustomers(class)
		}
		s.liveAtWeekStart += n
	}
	s.openBrand()
	s.channels = make([]channel, len(open.Channels))
	s.openChannels()
	s.openTeams(s.clock.begins(-s.clock.burnIn))
}

// dealCustomers deals the opening customers of a size class over its cells by
// number of firms, with largest remainders.
func (s *simulation) dealCustomers(class, total int) {
	var cells []*cell
	var quotas []float64
	var names []string
	firms := 0.0
	for _, c := range s.cells {
		if c.size == class {
			cells = append(cells, c)
			quotas = append(quotas, float64(c.opening))
			names = append(names, c.name)
			firms += float64(c.opening)
		}
	}
	for i := range quotas {
		quotas[i] *= float64(total) / firms
	}
	for i, n := range largestRemainder(quotas, total, names) {
		cells[i].customers = n
	}
}

// open turns the burn-in into the first day: journeys still going on get a firm
// of their cell, opening customers are made, all other firms are locked.
func (s *simulation) open() {
	if s.times.opening.Opening.Lists() {
		s.replacePipeline()
	}
	s.liveJourneys()
	for _, j := range s.journeys {
		j.employ(s.addFirm(j.cell))
		j.firm.become(inMarket)
		if j.phase == free {
			j.firm.become(freeUser)
		}
	}
	for _, c := range s.cells {
		for range c.customers {
			f := s.addFirm(c)
			f.become(customer)
			if len(c.listed) > 0 {
				f.listed, c.listed = c.listed[0], c.listed[1:]
			}
			s.accounts = append(s.accounts, s.openingCustomer(f))
		}
		rest := c.opening - c.total()
		if rest < 0 {
			panic(fmt.Sprintf("dense: cell %s has %d firms too few for its opening state", c.name, -rest))
		}
		for range rest {
			f := s.addFirm(c)
			f.become(locked)
			f.release = s.remainingLock(c)
		}
	}
}

// remainingLock draws the time in weeks that a locked firm of the stationary
// market has left, r = -ln(1 - u (1 - e^(-m L)))/m.
func (s *simulation) remainingLock(c *cell) float64 {
	if l := s.lives[c.size]; l.aged() {
		return s.agedRemainingLock(c, l)
	}
	m := s.times.opening.Population.Sizes[c.size].FirmDeathPerYear
	lock := s.times.opening.Journey.LockInYears
	u := s.random.Float64()
	if m == 0 {
		return u * lock * yearWeeks
	}
	return -math.Log1p(u*math.Expm1(-m*lock)) / m * yearWeeks
}

// openingCustomer draws a customer of the first day: age by the bands, product
// by the shares among those sold to its class, head-count, seats and payment as
// at a win, frailty given survival to its age, fresh clocks.
func (s *simulation) openingCustomer(f *firm) *account {
	p := s.times.opening
	size := &p.Population.Sizes[f.cell.size]
	shares, sum := make([]float64, len(p.Products)), 0.0
	for i := range p.Products {
		q := &p.Products[i]
		if q.Enabled && lists(q.Sizes, size.Name) {
			shares[i] = p.Opening.Products[i]
			sum += shares[i]
		}
	}
	if sum == 0 && f.listed == nil {
		panic("dense: no product for the opening customers of size class " + size.Name)
	}
	a := &account{firm: f, opening: true, channel: -1, source: -1}
	row := f.listed
	if row == nil {
		a.product, a.tenure = s.random.pick(shares, sum), s.openingAge()
	} else {
		s.fromRow(a, row)
	}
	q := &p.Products[a.product]
	a.won = -a.tenure * yearWeeks
	if l := s.lives[f.cell.size]; l.aged() {
		for f.founded = 1; f.founded > a.won; { // a firm at least as old as its tenure
			f.founded = -s.stockAge(l) * yearWeeks
		}
	}
	a.heads = s.headCount(size)
	a.seats = units(q, a.heads, 1)
	a.netPrice, a.listPrice = s.openingPrice(a), q.Price
	a.prepaid = s.random.chance(q.PrepaidShare)
	a.churnClock, a.dieClock = s.random.exponential(), s.random.exponential()
	base := s.baseHazards[f.cell.size]
	if a.source >= 0 {
		base *= p.Channels[a.source].Churn
	}

	a.agree(q)
	seen := a.tenure // the tenure up to which its churn clock has not rung: the beginning of the running term
	if a.term > 0 {
		seen = float64(a.terms) * a.term
	}
	// Of those with gamma frailty (shape and rate 1/v) that survive an
	// integrated hazard H the frailty is gamma of rate 1/v + H.
	a.frailty = 1
	if v := p.Customers.FrailtyVariance; v > 0 {
		h := base * math.Pow(seen, p.Customers.WeibullShape)
		a.frailty = s.random.standardGamma(1/v) / (1/v + h)
	}
	if a.term > 0 && math.IsNaN(a.renewal) {
		k := p.Customers.WeibullShape
		a.churnClock -= a.frailty * base * (math.Pow(a.tenure, k) - math.Pow(seen, k))
		if a.churnClock <= 0 {
			a.rung, a.churnClock = a.tenure, math.Inf(1)
		}
	}
	s.openAccount(a, q, row)
	return a
}

// openingPrice is the net price of an opening customer: that of the day of its win, or today's where it reaches all.
func (s *simulation) openingPrice(a *account) float64 {
	if s.plan.Products[a.product].PriceForAll {
		return netPrice(&s.times.opening.Products[a.product], 1)
	}
	return netPrice(&s.times.at(s.stepBefore(-a.won)).Products[a.product], 1)
}

// openAccount notes how an opening customer pays, and what of its bill is not yet earned on the first day.
func (s *simulation) openAccount(a *account, q *plan.Product, row *plan.CustomerGroup) {
	p, size := s.times.opening, a.firm.cell.size
	if row != nil && !row.Drawn {
		a.prepaid = row.PrepaidUntil != 0
	}
	grown := func(years float64) float64 {
		if q.PricePer == "firm" {
			return 1
		}
		return math.Pow(1+p.Customers.SeatGrowthPerYear[size], years)
	}
	price := a.netPrice
	if a.prepaid {
		a.billed = math.Floor(a.tenure)
		if row != nil && row.PrepaidUntil != 0 {
			a.billed = a.tenure + float64(row.PrepaidUntil-s.clock.start)/365.25 - 1
		}
		if s.plan.Products[a.product].PriceForAll { // a year's bill has the price of its day
			then := s.times.at(s.stepBefore((a.tenure - a.billed) * yearWeeks))
			price = netPrice(&then.Products[a.product], 1)
		}
		a.bill = 12 * a.seats * grown(a.billed) * price * (1 - q.PrepaidDiscount)
	}
	if row != nil && !math.IsNaN(row.Bill) { // as many seats as bring what is paid now
		a.seats = row.Bill / a.netPrice / grown(a.tenure)
		if a.prepaid {
			a.seats = row.Bill / (price * (1 - q.PrepaidDiscount)) / grown(a.billed)
			a.bill = 12 * row.Bill
		}
	}
	if a.prepaid {
		s.purse.deferred += a.bill * (a.billed + 1 - a.tenure)
	}
}

// fromRow takes product, channel and tenure of a customer from its row of the file: a day of its month, uniformly.
func (s *simulation) fromRow(a *account, row *plan.CustomerGroup) {
	p := s.times.opening
	a.product = slices.IndexFunc(p.Products, func(q plan.Product) bool { return q.Name == row.Product })
	for i := range p.Channels {
		if p.Channels[i].Name == row.Channel {
			a.source = i
		}
	}
	won := float64(row.From-s.clock.start) + s.random.Float64()*float64(row.Until-row.From) // days
	a.tenure = -won / 365.25
}

// listCustomers names the rows of a file of customers, one for each customer of a size class, and deals them over the
// cells: the customer that comes next goes to the cell that is furthest behind its part of the class.
func (s *simulation) listCustomers(class int) {
	open := s.times.opening
	var rows []*plan.CustomerGroup
	for i := range open.Opening.Groups {
		if g := &open.Opening.Groups[i]; g.Size == open.Population.Sizes[class].Name {
			for range int(g.Count) {
				rows = append(rows, g)
			}
		}
	}
	for _, row := range rows {
		var next *cell
		var first float64
		for _, c := range s.cells {
			if c.size != class || len(c.listed) == c.customers {
				continue
			}
			if at := (float64(len(c.listed)) + 0.5) / float64(c.customers); next == nil || at < first ||
				at == first && c.name < next.name {
				next, first = c, at
			}
		}
		next.listed = append(next.listed, row)
	}
}

// openingAge draws the age in years of an opening customer; without bands it is 0.
func (s *simulation) openingAge() float64 {
	bands := s.times.opening.Opening.AgeBands
	if len(bands) == 0 {
		return 0
	}
	shares, sum := make([]float64, len(bands)), 0.0
	for i, b := range bands {
		shares[i] = b.Share
		sum += b.Share
	}
	b := bands[s.random.pick(shares, sum)]
	return b.FromYears + s.random.Float64()*(b.ToYears-b.FromYears)
}
