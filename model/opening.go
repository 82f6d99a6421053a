package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// openingCell is what the opening customers of one cell have in common.
type openingCell struct {
	count  int
	shares []float64 // of products
	listed []listed  // by customer, where a file lists them
}

// listed is a customer of a file: a group of the opening plan, and its number among those.
type listed struct{ group, number int }

// fillOpening deals the opening customers over the cells.
func (w *world) fillOpening() {
	o := w.open.plan
	if w.opening == nil {
		w.opening = make([]openingCell, len(w.cells))
	}
	for i, n := range dealByFirms(o, o.Opening.Customers, w.cells, w.firms) {
		w.opening[i].count, w.opening[i].shares = n, openingShares(o, w.cells[i].Size)
	}
	if o.Opening.Groups != nil {
		w.fillListed(o)
	}
	if w.listed = o.Opening.Lists(); w.listed {
		w.fillPipeline(o)
	}
}

// fillListed gives the customers of a file to the cells of their size class: in the order of the file's groups to
// places that are as evenly spread over the cells as their numbers allow, so that each group is.
func (w *world) fillListed(o *plan.Plan) {
	if w.groups != nil && !slices.ContainsFunc(w.opening, func(x openingCell) bool { return len(x.listed) != x.count }) {
		return // dealt already
	}
	for size := range o.Population.Sizes {
		places := w.placesOf(size, func(cell int) int { return w.opening[cell].count })
		for i := range w.cells {
			if w.cells[i].Size == size {
				w.opening[i].listed = w.opening[i].listed[:0]
			}
		}
		next := 0
		for g := range o.Opening.Groups {
			if o.Opening.Groups[g].Size != o.Population.Sizes[size].Name {
				continue
			}
			for k := range int(o.Opening.Groups[g].Count) {
				to := &w.opening[places[next]]
				to.listed = append(to.listed, listed{g, k})
				next++
			}
		}
	}
	w.groups = w.groups[:0]
	for g := range o.Opening.Groups {
		x := &o.Opening.Groups[g]
		w.groups = append(w.groups, openingGroup{
			key:     rng.Label(x.Label()),
			product: slices.IndexFunc(o.Products, func(p plan.Product) bool { return p.Name == x.Product }),
			channel: slices.IndexFunc(o.Channels, func(c plan.Channel) bool { return c.Name == x.Channel }),
		})
	}
}

// placesOf lists the cells of a size class, each as often as count says, so that they take turns as evenly as their
// numbers allow: place k of n of a cell stands at (k + 1/2)/n.
func (w *world) placesOf(size int, count func(cell int) int) []int {
	type place struct {
		at   float64 // among the places of its cell, from 0 to 1
		cell int
	}
	var places []place
	for i := range w.cells {
		if w.cells[i].Size != size {
			continue
		}
		n := count(i)
		for k := range n {
			places = append(places, place{(float64(k) + 0.5) / float64(n), i})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(w.cells[a.cell].Name, w.cells[b.cell].Name))
	})
	cells := make([]int, len(places))
	for i, x := range places {
		cells[i] = x.cell
	}
	return cells
}

// openingGroup is a group of a file of customers, with its product and channel in the run's plan.
type openingGroup struct {
	key              uint64
	product, channel int // channel: -1 if not known
}

// openCustomers makes the customers of the first day: dealt over the cells of a
// size class by firms, ages uniform within the stated bands, products by stated
// shares, head-count, seats and payment as at a win, frailty drawn given
// survival to the age.
func (b *customerBase) openCustomers(s *State) {
	w := s.w
	year := min(plan.WeeksPerYear, w.end())
	later := w.at(s.stepOf(year) - w.burnIn).plan // plan in force when retention is read
	for i := range w.cells {
		size, key := w.cells[i].Size, s.root.Child(purposeOpening).Child(w.cells[i].label)
		s.pools.customers[i] = w.opening[i].count
		b.opened += w.opening[i].count
		grownToYear := rng.Exp(w.grown(size, 0, year))
		for q := 0; q < w.opening[i].count; q++ {
			c, age, list := w.openCustomer(s.openKey(key, i, q), i, q)
			var mrr, mrrAtYear float64 // the first one at list price 1 where the price reaches all
			if c.prepaid {
				mrr, mrrAtYear = s.openBill(&c, size, age, list, year)
			} else {
				mrr = float64(c.seats * rng.FastExp(float64(w.open.growth[size]*-c.since)) * c.factor)
				mrrAtYear = float64(mrr * grownToYear * priceOf(&later.Products[c.product]))
				c.amount = mrr
			}
			b.openingMRR += float64(mrr * list)
			if c.until > year {
				b.retainedMRR += mrrAtYear
			}
			s.welcome(&c, size, 0)
			if s.asked(Openings) {
				s.observeOpening(&c, list)
			}
		}
	}
}

// openCustomer draws a customer of the first day, of a cell, with its age in years and the list price that it pays.
// Whether the price reaches all is for the run's plan to say: the opening net price is split into a list price (1 where
// it does not) and a factor.
func (w *world) openCustomer(k rng.Key, cell, number int) (c customer, age, list float64) {
	o, size := w.open.plan, w.cells[cell].Size
	age, product, channel, group := w.openAs(k, cell, number)
	pr := &o.Products[product]
	heads := w.open.headsAt(size, k.Unit(purposeHeadcount))
	c = customer{key: k, channel: uint8(len(w.plan.Channels)), opening: true,
		payer: payer{since: float64(-age * plan.WeeksPerYear), cell: uint16(cell), product: uint8(product),
			seats: w.open.seats(product, heads, 1)}}
	forAll := w.plan.Products[product].PriceForAll
	if list = 1; forAll {
		list, c.factor = pr.Price, 1-min(0.9, pr.Discount)
	} else {
		then := w.soldAs(product, c.since)
		c.factor = then.Price * (1 - min(0.9, then.Discount))
	}
	clock := tenureClock{o.Customers.WeibullShape, rng.FastPow(age, o.Customers.WeibullShape)}
	times := 1.0 // on the churn hazard
	if channel < len(o.Channels) {
		times = o.Channels[channel].Churn
	}
	z, churn := w.lastsSoFar(o, k, size, age, times, clock, pr)
	if life := &w.life[size]; life.aged {
		c.founded = -life.older(-c.since, rng.Exponential(k, purposeFirmAge))
	}
	who := buyer{size, channel, product, z, c.since, c.founded, pr.Price}
	c.until, c.died = w.departs(pr, &who, churn, rng.Exponential(k, purposeFirmDeath), 0, clock)
	if c.prepaid = k.Unit(purposePrepaid) < pr.PrepaidShare; group != nil && !group.Drawn {
		c.prepaid = group.PrepaidUntil != 0
	}
	if c.prepaid {
		if c.billed = w.lastBilled(&c, group, age); forAll { // a year's bill has the price of its day
			list = w.soldAs(product, c.billed).Price
		}
	}
	if group != nil && group.Bill == group.Bill {
		w.paysAs(&c, group, size, age, list)
	}
	return c, age, list
}

// lastBilled is when who pays years ahead did so last, in weeks: an anniversary, or as its group of a file says.
func (w *world) lastBilled(c *customer, g *plan.CustomerGroup, age float64) float64 {
	if g != nil && g.PrepaidUntil != 0 {
		return float64(g.PrepaidUntil-w.plan.Run.Start)/plan.DaysPerWeek - plan.WeeksPerYear
	}
	return c.since + float64(math.Floor(age)*plan.WeeksPerYear)
}

// soldAs is a product as it was at a time before the first day, in weeks: in a past that is replayed of that day, of
// what is older than it of its own first day.
func (w *world) soldAs(product int, since float64) *plan.Product {
	return &w.lately(w.stepBefore(-since)).plan.Products[product]
}

// openKey is the address of a customer of the first day: by its number in its cell, or in its group of a file.
func (s *State) openKey(cell rng.Key, at, number int) rng.Key {
	if s.w.open.plan.Opening.Groups == nil {
		return cell.Child(uint64(number))
	}
	x := s.w.opening[at].listed[number]
	return s.root.Child(purposeOpening).Child(rng.Label("listed")).Child(s.w.groups[x.group].key).Child(
		uint64(int64(x.number)))
}

// openAs is the age in years of a customer of the first day, its product and channel, and its group in a file, if there
// is one. Who is not listed, or whose channel is not known, has that of nobody.
func (w *world) openAs(k rng.Key, cell, number int) (age float64, product, channel int, g *plan.CustomerGroup) {
	o, u := w.open.plan, k.Unit(purposeAge)
	if o.Opening.Groups == nil {
		return ageOf(o, u), pick(w.opening[cell].shares, k.Unit(purposeProduct)), len(w.plan.Channels), nil
	}
	x := w.opening[cell].listed[number]
	g = &o.Opening.Groups[x.group]
	// Days before the first one, uniform over those of the month.
	latest, days := float64(w.plan.Run.Start-g.Until), float64(g.Until-g.From)
	age = (latest + float64(u*days)) / (plan.DaysPerWeek * plan.WeeksPerYear)
	if product, channel = w.groups[x.group].product, w.groups[x.group].channel; channel < 0 {
		channel = len(w.plan.Channels)
	}
	return age, product, channel, g
}

// paysAs lets a customer pay what its group of a file pays on the first day: by the month, or ahead up to a day.
func (w *world) paysAs(c *customer, g *plan.CustomerGroup, size int, age, list float64) {
	years, discount := age, 0.0 // of growth that are in the bill
	if c.prepaid {
		years = (c.billed - c.since) / plan.WeeksPerYear
		discount = w.open.plan.Products[c.product].PrepaidDiscount
	}
	grown := rng.FastExp(float64(w.open.growth[size] * years * plan.WeeksPerYear))
	c.seats = g.Bill / (c.factor * list * (1 - discount) * grown)
}

// openBill gives the bill that is in force on the first day of a customer who pays years ahead, by month, and that of a
// year on. What is paid and not yet earned is deferred.
func (s *State) openBill(c *customer, size int, age, list, year float64) (mrr, mrrAtYear float64) {
	w, product := s.w, int(c.product)
	pr := &w.open.plan.Products[product]
	grown := w.open.growth[size]
	years := math.Floor(age)
	if w.open.plan.Opening.Groups != nil { // it may end on another day
		years = (c.billed - c.since) / plan.WeeksPerYear
	}
	mrr = float64(c.seats * rng.FastExp(float64(grown*years*plan.WeeksPerYear)) * c.factor * (1 - pr.PrepaidDiscount))
	c.bill = float64(12 * mrr * list)
	s.money.deferred += c.bill * (c.billed + plan.WeeksPerYear) / plan.WeeksPerYear
	mrrAtYear = c.bill / 12
	if last := c.billed + plan.WeeksPerYear; last <= year && last < c.until { // the bill in force a year on
		then := &w.at(s.stepOf(last) - w.burnIn).plan.Products[product]
		grew := rng.FastExp(w.grownSince(size, c.since, last))
		mrrAtYear = float64(c.seats * grew * c.factor * priceOf(then) * (1 - then.PrepaidDiscount))
	}
	return mrr, mrrAtYear
}

// lastsSoFar draws the frailty of an opening customer of an age, and what is left of its churn clock, given that it has
// not left: its clock has not rung before its age, or with a term before the running term began.
func (w *world) lastsSoFar(o *plan.Plan, k rng.Key, size int, age, times float64, clock tenureClock, p *plan.Product) (
	z, churn float64) {
	base := float64(w.open.base[size] * times)
	seen := clock.power // of the hazard
	var terms contract
	if p.TermMonths > 0 {
		terms = contractOf(p)
		seen = rng.FastPow(terms.renewed(age), clock.shape)
	}
	z = 1
	if v := o.Customers.FrailtyVariance; v > 0 {
		// Given survival so far: shape 1/v, rate 1/v + hazard used.
		used := float64(base * seen)
		z = w.open.frailty.Draw(k, purposeFrailty) / (1 + float64(v*used))
	}
	churn = rng.Exponential(k, purposeChurn)
	if terms.term > 0 && terms.refusal != terms.refusal { // the clock may have rung in the running term
		churn = max(0, churn-float64(z*base*(clock.power-seen)))
	}
	return z, churn
}

// dealByFirms deals so many of each size class over its cells by firms.
func dealByFirms(o *plan.Plan, ofSize []float64, cells []Cell, firms []int) []int {
	out := make([]int, len(cells))
	for size := range o.Population.Sizes {
		var at []int
		var exact []float64
		var total float64
		for i := range cells {
			if cells[i].Size == size {
				at = append(at, i)
				total += float64(firms[i])
			}
		}
		n := ofSize[size]
		for _, i := range at {
			x := 0.0
			if total > 0 {
				x = n * float64(firms[i]) / total
			}
			exact = append(exact, x)
		}
		part := make([]int, len(at))
		largestRemainder(exact, int(n), func(k int) string { return cells[at[k]].Name }, part)
		for k, i := range at {
			out[i] = part[k]
		}
	}
	return out
}

// openingShares gives the shares of products among opening customers of a size class.
func openingShares(o *plan.Plan, size int) []float64 {
	out := make([]float64, len(o.Products))
	for i := range o.Products {
		p := &o.Products[i]
		if !p.Enabled || maskOf(p.Sizes, len(o.Population.Sizes), func(k int) string {
			return o.Population.Sizes[k].Name
		})>>size&1 == 0 {
			continue
		}
		out[i] = 1
		if i < len(o.Opening.Products) && o.Opening.Products[i] == o.Opening.Products[i] {
			out[i] = o.Opening.Products[i]
		} else if stated(o.Opening.Products) {
			out[i] = 0
		}
	}
	return out
}

func stated(list []float64) bool {
	for _, x := range list {
		if x == x {
			return true
		}
	}
	return false
}

// pick chooses an index with chances in proportion to shares.
func pick(shares []float64, u float64) int {
	var total float64
	for _, x := range shares {
		total += x
	}
	u = float64(u * total)
	last := 0
	for i, x := range shares {
		if x > 0 {
			last = i
			if u -= x; u < 0 {
				return i
			}
		}
	}
	return last
}

// ageOf is the age in years of an opening customer: a band by its share, then
// uniform within it. Without bands every age is 0.
func ageOf(o *plan.Plan, u float64) float64 {
	bands := o.Opening.AgeBands
	var total float64
	for _, a := range bands {
		total += a.Share
	}
	u = float64(u * total)
	for i, a := range bands {
		if u < a.Share || i == len(bands)-1 {
			return a.FromYears + float64((a.ToYears-a.FromYears)*min(1, u/a.Share))
		}
		u -= a.Share
	}
	return 0
}
