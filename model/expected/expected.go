// Package expected computes the mean-field funnel of a plan: what each stage of
// the funnel is expected to bring week by week if every count is replaced by
// its mean. It shares the resolved plan and its timeline with the engine and
// nothing else: its equations are written from the model description a second
// time, so that a run can show both beside each other as a sanity check, and a
// check of a scenario can say what makes no sense in it.
//
// What is a formula: the reference dormant share, brand stocks, adstock, the
// driver of each channel, the choice of product, queues (Erlang C), the delay
// from sign-up to win, retention with frailty, seats, bills, lifetime value.
// What is sampled: the way of a journey through its touches, since the set of
// channels that reach a firm has no closed form. A fixed number of journeys for
// each week, size class, region and trigger kind is followed with the survival
// weight of a hand not yet raised, from a seed of its own, so two calls give
// the same numbers.
//
// What is left out: growth of the number of firms; chance, and with it ruin, cash rules and hiring rules; random
// regimes and shocks with a chance (a random regime holds its start, uncertain
// numbers stand at their medians); price changes for live customers and what they make of them. Cash is on
// an accrual basis: years paid ahead come in as they are earned.
package expected

import (
	"math"
	"math/rand/v2"

	"windfall/model/plan"
)

// Week is what is expected in one week of the run. Money is in USD.
type Week struct {
	Journeys, InMarket, Touches        float64
	Leads, RealLeads                   float64
	Unqualified, Signups               float64
	Opportunities, Won                 float64
	Churned, CustomerDeaths, Live      float64 // Live at the week's end
	MRR                                float64 // at the week's end
	Revenue, CostOfRevenue             float64
	Media, Brand, Sales                float64 // Sales: pay, commission, partner margins
	Onboarding, Fees, RevenueShares    float64 // Fees: one-off
	Salience, Equity                   float64 // regions weighted by firms
	CustomerMonths, FixedCost, Finance float64
	LTV                                float64 // of the customers won, summed
	Cash                               float64 // at the week's end, on an accrual basis
	Recession                          bool
}

// Part is a part of the totals of the run: a channel, a size class or a team.
type Part struct {
	Name                  string
	Touches               float64
	Leads, RealLeads      float64
	Signups, Won          float64
	Opportunities         float64
	Media                 float64
	Fees, LTV, Load, Wait float64 // Load and Wait (hours) are means over weeks, for teams of people
}

// Expected is the mean-field funnel of a plan.
type Expected struct {
	Weeks    []Week
	Channels []Part // by Plan.Channels
	Sizes    []Part // by Plan.Population.Sizes
	Teams    []Part // by Plan.Teams

	OpeningCustomers, OpeningMRR float64
	// RetainedMRR is the monthly revenue, 12 months in, of the opening customers.
	RetainedMRR float64
}

// Sum adds the flows of weeks from <= w < until; stocks are those of the last.
func (e *Expected) Sum(from, until int) Week {
	var t Week
	for w := from; w < until; w++ {
		k := e.Weeks[w]
		t.Journeys += k.Journeys
		t.Touches += k.Touches
		t.Leads += k.Leads
		t.RealLeads += k.RealLeads
		t.Unqualified += k.Unqualified
		t.Signups += k.Signups
		t.Opportunities += k.Opportunities
		t.Won += k.Won
		t.Churned += k.Churned
		t.CustomerDeaths += k.CustomerDeaths
		t.Revenue += k.Revenue
		t.CostOfRevenue += k.CostOfRevenue
		t.Media += k.Media
		t.Brand += k.Brand
		t.Sales += k.Sales
		t.Onboarding += k.Onboarding
		t.Fees += k.Fees
		t.RevenueShares += k.RevenueShares
		t.CustomerMonths += k.CustomerMonths
		t.FixedCost += k.FixedCost
		t.Finance += k.Finance
		t.LTV += k.LTV
		t.InMarket, t.Live, t.MRR, t.Cash = k.InMarket, k.Live, k.MRR, k.Cash
		t.Salience, t.Equity = k.Salience, k.Equity
	}
	return t
}

// Outcomes gives what is expected of a run, by the names of its outcomes.
func (e *Expected) Outcomes() map[string]float64 {
	w := e.Sum(0, len(e.Weeks))
	return map[string]float64{"journeys": w.Journeys, "touches": w.Touches, "leads": w.Leads, "signups": w.Signups,
		"opportunities": w.Opportunities, "won": w.Won, "live_customers": w.Live, "mrr": w.MRR, "revenue": w.Revenue,
		"media_spend": w.Media, "brand_spend": w.Brand, "sales_spend": w.Sales, "ltv_total": w.LTV, "cash_end": w.Cash}
}

// AcquisitionCost is media, brand, sales, onboarding and one-off fees.
func (w *Week) AcquisitionCost() float64 {
	return w.Media + w.Brand + w.Sales + w.Onboarding + w.Fees
}

// SalesAndMarketing is AcquisitionCost without onboarding.
func (w *Week) SalesAndMarketing() float64 { return w.Media + w.Brand + w.Sales + w.Fees }

// passes is how often the whole funnel is computed, each time with the live
// customers (they drive referrals) and dormant firms of the pass before. All
// but the last follow a quarter of the journeys.
const passes = 3

// sampled is the number of journeys followed for each week, dealt over size
// classes, regions and kinds by their flow, at least sampledLeast each.
const (
	sampled      = 2400
	sampledLeast = 4
)

// Funnel gives the mean-field funnel of a plan.
func Funnel(p *plan.Plan) Expected {
	f := newFunnel(p)
	passes := passes
	if f.grows { // dormant firms move much: they need more passes to settle
		passes += 3
	}
	for pass := range passes {
		journeys := sampled
		if pass < passes-1 {
			journeys /= 4
		}
		f.market(float64(journeys))
		f.sales()
		f.customers()
		f.dormancy()
	}
	f.money()
	return f.out
}

// funnel holds the working tables. Weeks run from -burn to weeks-1 and are
// stored at week+burn; "flow" tables are by week, size, ...
type funnel struct {
	plan, open  *plan.Plan
	line        *plan.Timeline
	perWeek     int
	least       int // journeys followed of each size class, region and kind in a week
	burn, weeks int
	ns, nr, nk  int                   // sizes, regions, trigger kinds
	nc, np, nt  int                   // channels, products, teams
	windows     map[float64][]float64 // see windowsOf

	firms     [][]float64   // size, region
	rate      [][][]float64 // size, region, kind: opening flow a week
	grows     bool          // the market does, or shrinks
	dormant0  []float64     // by size
	dormant   [][]float64   // week (of the run), size: relative to opening
	live      []float64     // live customers at the start of each week of the run
	heads     [][]float64   // size: quantiles of head-count
	drive     [][]float64   // week+burn, channel x region; without season for customers
	salience  [][]float64   // week+burn, region
	equity    [][]float64
	leads     [][][]float64 // week+burn, size, channel
	signups   [][][]float64
	unreal    [][][]float64 // leads that are not real and go to a team all the same
	remaining [][2]float64  // size: window left at the lead, weight and weight x weeks
	opened    [][]float64   // week+burn, size
	ended     [][]float64   // week+burn, size: journeys expired or refused (they lock)
	died      [][]float64   // week+burn, size: firms that died in market
	won       [][][]float64
	churned   [][]float64 // week, size
	deaths    [][]float64
	mix       map[mixKey]mix
	delay     delay     // of the shares of delays that are known:
	delayed   []float64 // by weeks after that of the start
	rivals    bool      // some firm may choose a rival
	offers    bool      // some product has a term, a trial or a free plan
	useCost   []float64 // week: of trials and free use
	listed    []float64 // size: firms that a file has as open on the first day, less those of the burn-in that it replaces
	freeUsers []float64 // week

	out Expected
}

func table2(a, b int) [][]float64 {
	t := make([][]float64, a)
	for i := range t {
		t[i] = make([]float64, b)
	}
	return t
}

func table3(a, b, c int) [][][]float64 {
	t := make([][][]float64, a)
	for i := range t {
		t[i] = table2(b, c)
	}
	return t
}

func newFunnel(p *plan.Plan) *funnel {
	f := &funnel{plan: p, line: plan.NewTimeline(p), perWeek: 1, least: sampledLeast, rivals: p.HasRivals()}
	f.line.SetFixed()
	f.open = plan.Align(p, f.line.Opening())
	if p.Run.Step == "day" {
		f.perWeek = 7
	}
	f.burn, f.weeks = int(f.open.Opening.BurnInWeeks), int(p.Run.Weeks)
	f.ns, f.nr, f.nk = len(p.Population.Sizes), len(p.Population.Regions), len(p.Triggers)
	f.nc, f.np, f.nt = len(p.Channels), len(p.Products), len(p.Teams)
	f.firms = table2(f.ns, f.nr)
	for s := range f.firms {
		for r := range f.firms[s] {
			f.firms[s][r] = p.Population.Firms * p.Population.Sizes[s].Share * p.Population.Regions[r].Share
		}
		f.heads = append(f.heads, headQuantiles(p, s, 400))
	}
	f.openingFlow()
	f.dormant = table2(f.weeks+1, f.ns)
	f.live = make([]float64, f.weeks+1)
	for _, n := range p.Opening.Customers {
		f.out.OpeningCustomers += n
	}
	grown := 0.0
	for w := range f.dormant {
		f.live[w] = f.out.OpeningCustomers
		for s := range f.dormant[w] { // a first guess: they grow as the market does
			f.dormant[w][s] = math.Exp(grown)
		}
		rate := f.at(w).Population.GrowthPerYear
		grown, f.grows = grown+rate/plan.WeeksPerYear, f.grows || rate != 0
	}
	f.brand()
	f.mix = map[mixKey]mix{}
	f.offers = hasOffers(p)
	return f
}

// at gives the plan that holds in a week; negative weeks are the burn-in.
func (f *funnel) at(w int) *plan.Plan { return f.line.Plan(w * f.perWeek) }

func (f *funnel) recession(w int) bool { return f.line.Recession(w * f.perWeek) }

func times(recession bool, m float64) float64 {
	if recession {
		return m
	}
	return 1
}

// openingFlow computes the reference dormant share of each cell and, after the
// scaling by min_dormant_share, the journeys per week that each kind opens.
func (f *funnel) openingFlow() {
	p, o := f.plan, f.open
	f.rate = table3(f.ns, f.nr, f.nk)
	f.dormant0 = make([]float64, f.ns)
	for s := range f.ns {
		m := o.Population.Sizes[s].FirmDeathPerYear
		lock := o.Journey.LockInYears
		for i, industry := range p.Population.Industries {
			for r, region := range p.Population.Regions {
				cell := p.Population.Firms * p.Population.Sizes[s].Share * industry.Share * region.Share
				var away float64 // 1 - d
				rates := make([]float64, f.nk)
				for k := range o.Triggers {
					t := &o.Triggers[k]
					if !t.Enabled {
						continue
					}
					rates[k] = f.yearlyRate(o, t, s) * at(t.Industry, i) * at(t.Region, r)
					w := t.WindowWeeks / plan.WeeksPerYear
					if o.Population.Sizes[s].Aged() {
						away += rates[k] * f.lifetime(s).away(t, f.windowsOf(t.WindowCV), lock, f.rivalAt(-1, k)*plan.WeeksPerYear)
					} else if f.rivalAt(-1, k) > 0 {
						away += rates[k] * f.awayWithRivals(k, m, lock)
					} else if m > 0 {
						phi := math.Exp(-m * w)
						if cv2 := t.WindowCV * t.WindowCV; cv2 > 0 {
							phi = math.Pow(1+m*cv2*w, -1/cv2)
						}
						away += rates[k] * (1 - phi*math.Exp(-m*lock)) / m
					} else {
						away += rates[k] * (w + lock)
					}
				}
				scale := 1.0
				if least := o.Population.MinDormantShare; 1-away < least {
					scale = (1 - least) / away
				}
				for k := range rates {
					f.rate[s][r][k] += cell * rates[k] * scale / plan.WeeksPerYear
				}
				f.dormant0[s] += cell * (1 - away*scale)
			}
		}
	}
}

// at reads a by-table whose missing table means 1.
func at(table []float64, i int) float64 {
	if len(table) == 0 {
		return 1
	}
	return table[i]
}

// yearlyRate is the rate per firm and year of a trigger in a size class.
func (f *funnel) yearlyRate(p *plan.Plan, t *plan.Trigger, s int) float64 {
	switch t.Kind {
	case "ageing":
		return 1 / t.LifeYears[s]
	case "threshold":
		size := p.Population.Sizes[s]
		if t.Employees < size.Lowest || t.Employees > size.Highest {
			return 0
		}
		z, b := p.Population.TailExponent, t.GrowthScale
		above := 0.0 // firms at or above X
		for i, c := range p.Population.Sizes {
			switch {
			case c.Lowest > size.Lowest:
				above += c.Share
			case i == s:
				above += c.Share * (1 - headCDF(p, s, t.Employees))
			}
		}
		return above / size.Share * z * b / (2 * (1 - z*b))
	}
	return t.RatePerYear[s]
}

// headCDF is the share of firms of class s with fewer than x employees.
func headCDF(p *plan.Plan, s int, x float64) float64 {
	c, z := p.Population.Sizes[s], p.Population.TailExponent
	return (1 - math.Pow(c.Lowest/x, z)) / (1 - math.Pow(c.Lowest/(c.Highest+1), z))
}

// headQuantiles gives head-counts at n mid-quantiles of class s.
func headQuantiles(p *plan.Plan, s, n int) []float64 {
	c, z := p.Population.Sizes[s], p.Population.TailExponent
	cut := 1 - math.Pow(c.Lowest/(c.Highest+1), z)
	out := make([]float64, n)
	for i := range out {
		u := (float64(i) + 0.5) / float64(n)
		out[i] = math.Floor(c.Lowest * math.Pow(1-u*cut, -1/z))
	}
	return out
}

// season gives the multiplier of a week: the mean of the monthly numbers over
// its seven days.
func season(monthly []float64, scale float64, first plan.Date) float64 {
	if len(monthly) == 0 {
		return 1
	}
	_, month, _ := first.YMD()
	_, last, day := (first + 6).YMD()
	var sum float64
	for d := range 7 {
		if last != month && d >= 7-day {
			month = last
		}
		sum += monthly[month-1]
	}
	return sum / 7 / scale
}

func largest(xs []float64) float64 {
	var m float64
	for _, x := range xs {
		m = max(m, x)
	}
	return m
}

// yearMean weights the months by their days.
func yearMean(xs []float64) float64 {
	days := [12]float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	var sum float64
	for i, x := range xs {
		sum += x * days[i]
	}
	return sum / 365
}

func hill(x, half, shape float64) float64 {
	if x <= 0 {
		return 0
	}
	a := math.Pow(x, shape)
	return a / (a + math.Pow(half, shape))
}

// stock follows dS/dt = (ln 2/h)(input - S) and gives its exact mean over a
// stretch of t weeks and its value at the end.
func stock(s, input, h, t float64) (mean, end float64) {
	k := math.Ln2 / h
	e := math.Exp(-k * t)
	return input + (s-input)*(1-e)/(k*t), input + (s-input)*e
}

// ofMarket is the share of this market's firms that money reaches which reaches a share of media_firms
// firms: the same number, at most all.
func (f *funnel) ofMarket(share float64) float64 {
	if stated := f.open.Population.MediaFirms; stated > 0 {
		return min(1, share*stated/f.open.Population.Firms)
	}
	return share
}

// searches says how firms of a region that search for what a channel captures arrive in a week: the share that its
// paid link takes, the share that comes through another channel, and that channel. Of any other channel
// all touches are its own.
func (f *funnel) searches(week, c, r int) (paid, organic float64, through int) {
	p := f.at(week)
	ch := &p.Channels[c]
	if ch.Captures == "" {
		return 1, 0, c
	}
	if ch.Enabled {
		paid = f.drive[week+f.burn][c*f.nr+r]
	}
	for i := range p.Channels {
		if x := &p.Channels[i]; x.Name == ch.FallsBackTo && x.Enabled {
			return paid, (1 - paid) * ch.Organic, i
		}
	}
	return paid, 0, c
}

// share is the share of its highest touch rate at which a channel works in a week and region.
func (f *funnel) share(week, c, r int) float64 {
	switch ch := &f.at(week).Channels[c]; {
	case ch.Captures != "":
		paid, organic, _ := f.searches(week, c, r)
		return paid + organic
	case ch.Driver == "brand":
		e := f.equity[week+f.burn][r]
		return e / (e + ch.HalfSaturationEquity)
	}
	return f.drive[week+f.burn][c*f.nr+r]
}

func given(table []float64, i int, otherwise float64) float64 {
	if len(table) == 0 || math.IsNaN(table[i]) {
		return otherwise
	}
	return table[i]
}

// effectiveHalf is half_saturation by channel, times a x targeting_cost where
// the channel has targets: a is the share of visible firms in the opening plan's market
// of those kinds among all firms that it reaches.
func (f *funnel) effectiveHalf(p *plan.Plan) []float64 {
	open := f.open
	out := make([]float64, f.nc)
	for c := range p.Channels {
		ch := &p.Channels[c]
		out[c] = ch.HalfSaturation
		if len(ch.Targets) == 0 {
			continue
		}
		var seen, all float64
		for s := range f.ns {
			for r := range f.nr {
				reach := at(ch.Reach.Size, s) * at(ch.Reach.Region, r)
				all += f.firms[s][r] * reach
				for k := range open.Triggers {
					if targeted(ch, open.Triggers[k].Name) {
						seen += f.rate[s][r][k] * f.inMarketWeeks(k) * open.Triggers[k].Visible * reach
					}
				}
			}
		}
		if all > 0 {
			out[c] *= seen / all * ch.TargetingCost
		}
	}
	return out
}

func targeted(ch *plan.Channel, kind string) bool {
	for _, t := range ch.Targets {
		if t == kind {
			return true
		}
	}
	return len(ch.Targets) == 0
}

// market follows sampled journeys of every week through their touches and
// fills opened, leads, sign-ups and the ends of journeys by week.
func (f *funnel) market(journeys float64) {
	total := f.burn + f.weeks
	f.leads, f.signups, f.unreal = table3(total, f.ns, f.nc), table3(total, f.ns, f.nc), table3(total, f.ns, f.nc)
	f.opened, f.ended, f.died = table2(total, f.ns), table2(total, f.ns), table2(total, f.ns)
	f.remaining = make([][2]float64, f.ns)
	f.out.Weeks = make([]Week, f.weeks)
	f.out.Channels = make([]Part, f.nc)
	f.out.Sizes = make([]Part, f.ns)
	f.setCustomerDrive()
	pcg := rand.NewPCG(0, 0)
	j := journey{f: f, pcg: pcg, random: rand.New(pcg)}
	var all float64
	for s := range f.ns {
		for r := range f.nr {
			all += sum(f.rate[s][r])
		}
	}
	for w := -f.burn; w < f.weeks; w++ {
		o := f.open
		p, recession := f.at(w), f.recession(w)
		day := f.plan.Run.Start + plan.Date(7*w)
		for s := range f.ns {
			for k := range p.Triggers {
				t := &p.Triggers[k]
				if !t.Enabled {
					continue
				}
				felt := season(t.Season, yearMean(t.Season), day) * times(recession, t.Recession)
				if before := f.yearlyRate(o, &o.Triggers[k], s); p != o && before > 0 {
					felt *= f.yearlyRate(p, t, s) / before
				}
				if w >= 0 {
					felt *= f.dormant[w][s]
				}
				for r := range f.nr {
					flow := f.rate[s][r][k] * felt
					f.opened[w+f.burn][s] += flow
					if flow > 0 {
						n := max(f.least, int(math.Ceil(journeys*f.rate[s][r][k]/all)))
						j.follow(w, s, r, k, n, flow)
					}
				}
			}
		}
	}
	for w := range f.weeks {
		for s := range f.ns {
			f.out.Weeks[w].Journeys += f.opened[w+f.burn][s]
		}
	}
}

func (f *funnel) setCustomerDrive() {
	for w := -f.burn; w < f.weeks; w++ {
		p := f.at(w)
		for c := range p.Channels {
			if ch := &p.Channels[c]; ch.Enabled && ch.Driver == "customers" {
				n := f.live[max(w, 0)]
				for r := range f.nr {
					f.drive[w+f.burn][c*f.nr+r] = f.ofMarket(n / (n + ch.HalfSaturationCustomers))
				}
			}
		}
	}
}

// book counts a touch.
func (f *funnel) book(week, s, c int, weight float64) {
	if week >= 0 {
		f.out.Weeks[week].Touches += weight
		f.out.Channels[c].Touches += weight
		f.out.Sizes[s].Touches += weight
	}
}

// raise books leads, and those of the real ones that can buy as sign-ups.
func (f *funnel) raise(week, s, c, k, industry int, hands, real, windowLeft float64) {
	i, weight := week+f.burn, hands*real
	f.leads[i][s][c] += hands
	q := f.product(week, s, c, k, industry).qualified
	f.unreal[i][s][c] += hands * (1 - real) * q
	f.signups[i][s][c] += weight * q
	f.ended[i][s] += weight * (1 - q)
	f.remaining[s][0] += weight * q
	f.remaining[s][1] += weight * q * windowLeft
	if week >= 0 {
		f.out.Channels[c].Leads += hands
		f.out.Channels[c].RealLeads += weight
		f.out.Channels[c].Signups += weight * q
		f.out.Sizes[s].Leads += hands
		f.out.Sizes[s].RealLeads += weight
		f.out.Sizes[s].Signups += weight * q
		f.out.Weeks[week].Leads += hands
		f.out.Weeks[week].RealLeads += weight
		f.out.Weeks[week].Signups += weight * q
		f.out.Weeks[week].Unqualified += weight * (1 - q)
	}
}

// mix is what a lead buys: the chance to qualify and, of a customer won, the
// mean first monthly bill and its parts.
type mix struct {
	qualified       float64
	winning         float64 // of these, weighted by the factor of their price on the chance to win
	buys            float64 // of those, all but who turn down a trial or free use
	bill, shareCost float64 // USD per month; shareCost = cost of revenue that follows the bill
	ahead           float64 // part of the bill that is paid a year ahead
	serve, onboard  float64
	chances         []float64 // product: to choose it, where products have offers
	terms           []offer   // of customers won, likewise
}

// seatGrowth is the yearly growth of the seats of a size class, 0 where products have a price per firm.
func seatGrowth(p *plan.Plan, s int) float64 {
	if len(p.Customers.SeatGrowthPerYear) == 0 || p.PerFirm(s) {
		return 0
	}
	return p.Customers.SeatGrowthPerYear[s]
}

// grown is the factor by which seats have grown at an age in years. The bill
// that is paid ahead grows at anniversaries only.
func (m *mix) grown(growth, age float64) float64 {
	part := m.ahead / max(m.bill, 1e-300)
	return (1-part)*math.Pow(1+growth, age) + part*math.Pow(1+growth, math.Floor(age))
}

type mixKey struct {
	plan              *plan.Plan
	s, c, k, industry int
	recession         bool
}

// product gives the choice of product of leads of size s through channel c:
// the most expensive net price that willingness to pay covers. c = -1 is the opening
// stock, dealt by the stated shares.
func (f *funnel) product(week, s, c, k, industry int) mix {
	p, recession := f.at(week), f.recession(week)
	key := mixKey{plan: p, s: s, c: c, k: k, industry: industry, recession: recession}
	if m, ok := f.mix[key]; ok {
		return m
	}
	ch := &p.Channels[c]
	day := p.Run.Start + plan.Date(7*week)
	w := p.Journey.WillingnessMedian[s] * times(recession, p.Economy.Recession.Willingness)
	sigma := p.Journey.WillingnessSigma[s]
	var m mix
	above := math.Inf(1) // chance to afford the next more expensive product, as a price
	used := make([]bool, f.np)
	for {
		best, price := -1, -1.0
		for i := range p.Products {
			x := &p.Products[i]
			onSale := (x.FirstSale == 0 || x.FirstSale <= day) && (x.LastSale == 0 || day <= x.LastSale)
			if used[i] || !x.Enabled || !onSale || !names(x.Sizes, p.Population.Sizes[s].Name) || !names(x.Channels, ch.Name) ||
				!names(x.Triggers, p.Triggers[k].Name) || !names(x.Industries, p.Population.Industries[industry].Name) {
				continue
			}
			net := x.Price * (1 - min(0.9, x.Discount*ch.Discount))
			if net > price {
				best, price = i, net
			}
		}
		if best < 0 {
			break
		}
		used[best] = true
		chance := Affords(price, w, sigma) - Affords(above, w, sigma)
		above = price
		x := &p.Products[best]
		wins := chance * priceWin(x, price)
		m.add(x, chance, wins, wins*converts(x), price, f.seats(s, x, ch.DealSize))
		if f.offers {
			if m.chances == nil {
				m.chances = make([]float64, f.np)
			}
			m.chances[best] = wins
		}
	}
	m.scale()
	f.mix[key] = m
	return m
}

// Affords is the chance that willingness to pay is at least price.
func Affords(price, median, sigma float64) float64 {
	switch {
	case price <= 0:
		return 1
	case math.IsInf(price, 1):
		return 0
	case sigma == 0 && median >= price:
		return 1
	case sigma == 0:
		return 0
	}
	return 0.5 * math.Erfc(math.Log(price/median)/sigma/math.Sqrt2)
}

func names(list []string, name string) bool {
	for _, n := range list {
		if n == name {
			return true
		}
	}
	return len(list) == 0
}

// add takes in a product that a share of leads chooses, wins after its price and buys after any trial; what customers
// pay weighs by those who buy.
func (m *mix) add(x *plan.Product, chosen, winning, buys, net, seats float64) {
	bill := net * seats * (1 - x.PrepaidShare*x.PrepaidDiscount)
	m.qualified += chosen
	m.winning += winning
	m.buys += buys
	m.terms = join(m.terms, x, buys)
	chance := buys
	m.bill += chance * bill
	m.ahead += chance * net * seats * x.PrepaidShare * (1 - x.PrepaidDiscount)
	m.shareCost += chance * bill * x.CostOfRevenueShare
	m.serve += chance * x.CostToServePerMonth
	m.onboard += chance * x.OnboardingCost
}

func (m *mix) scale() {
	if m.buys > 0 {
		m.bill /= m.buys
		m.ahead /= m.buys
		m.shareCost /= m.buys
		m.serve /= m.buys
		m.onboard /= m.buys
		for i := range m.terms {
			m.terms[i].share /= m.buys
		}
	}
}

// seats is the mean number of seats at the win; where the firm as a whole pays, the deal size.
func (f *funnel) seats(s int, x *plan.Product, dealSize float64) float64 {
	if x.PricePer == "firm" {
		return dealSize
	}
	perHead := x.Adoption * dealSize
	var sum float64
	for _, h := range f.heads[s] {
		sum += max(1, math.Floor(h*perHead+0.5))
	}
	return sum / float64(len(f.heads[s]))
}

func gammaDraw(random *rand.Rand, mean, cv float64) float64 {
	if cv == 0 || mean == 0 {
		return mean
	}
	shape := 1 / (cv * cv)
	boost := 1.0
	if shape < 1 {
		boost = math.Pow(random.Float64(), 1/shape)
		shape++
	}
	// Marsaglia and Tsang 2000.
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(random.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v * boost * mean * cv * cv
		}
	}
}
