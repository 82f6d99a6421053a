package model

import "windfall/model/plan"

// Positions of the slice columns that are summed as things happen; the other
// slice columns follow from them.
const (
	colMedia = iota
	colBrand
	colSales
	colOnboardingFees
	colTouches
	colLeads
	colRealLeads
	colSignups
	colOpportunities
	colWon
	colChurned
	colDeaths
	colMonths
	colRetained
	colLTV
	colKept                             // and so on: one for each of keptMonths
	colSums = colKept + len(keptMonths) // the number of the columns above
)

// keptMonths are the months after the win at which the customers that are left
// are counted, beside the twelfth (colRetained).
var keptMonths = [...]float64{1, 3, 6, 18, 24}

// Positions of the month columns.
const (
	monJourneys = iota
	monLeads
	monRealLeads
	monSignups
	monOpportunities
	monWon
	monChurned
	monDeaths
	monRevenue
	monCost
	monMedia
	monBrand
	monSales
	monOnboardingFees
	monColumns
)

// tally counts what happens in the run.
type tally struct {
	schema                          *plan.Schema
	sizes, industries, regions      int
	channels, products, teams       int
	rowSize, rowIndustry, rowRegion int // first slice row of each dimension
	rowProduct, rowTeam, rowChannel int
	rowChannelSize                  int
	rowIndustryRegion               int       // after the slice rows: industry x region
	rows                            []float64 // slice row (and industry x region) x colSums

	// Company totals of the run.
	journeys, reached, touches, leads, real     int
	unfit, unaffordable, signups, opportunities int
	refused, lostWaiting, diedInSales, wins     int
	winsSMB, churned, customerDeaths, retained  int
	engaged, capped, judged                     [3]int // in the burn-in, in the run, in its tail
	expired, died, toRivals                     int    // journeys that raised no hand, by how they ended
	rivalWaiting, rivalInSales                  int    // sign-ups that chose a rival before first contact, and after it
	salesAtStart, journeysAtStart               int
	trials                                      int // begun
	ltv, firstMargin                            float64
	touchesAt, reachedAt                        []int // by step from -burnIn, steps to come included
	expiresAt, diesAt, rivalAt                  []int // journeys that raise no hand, likewise

	// Joint counts that the allocation of cost needs.
	touchCell [3][]uint32 // in the burn-in, in the run, in its tail: channel x cell
	leadCell  []uint32    // channel x cell
	realCell  []uint32    // channel x cell: of these leads, those that are real
	signCell  []uint32    // channel x cell
	brought   []float64   // channel x size: of the real leads of the run, lifetime value less what winning cost at once
	signProd  []uint32    // channel x region x product
	signTeam  []uint32    // channel x region x team
	oppCell   []uint32    // team x channel x cell
	oppProd   []uint32    // team x product
	// team x channel x cell: opportunities whose time went into screening; nil where all leads are real
	screening []float64
	screenFor []float64 // team x product: likewise

	toScreen, screenings, unscreened int // leads that went to be screened, those that were, and those that left
	screensAtStart                   int
	replies                          replies
	cellScratch, noCounts            []uint32 // by cell; noCounts stays zero
	channelScratch                   []float64
	workScratch                      []float64 // by cell; nil where all leads are real

	month          []float64 // month x monColumns
	weekSignups    []int     // by channel
	before         weekTally // totals when the week began
	recessionWeeks int
	inMarketSum    float64
	lowestDormant  float64
	weeks          int
}

// weekTally is what the weekly table counts.
type weekTally struct {
	journeys, reached, touches, leads, real, signups, opportunities, won, churned, deaths int
}

// since is what came after earlier totals.
func (n weekTally) since(was *weekTally) weekTally {
	return weekTally{n.journeys - was.journeys, n.reached - was.reached, n.touches - was.touches, n.leads - was.leads,
		n.real - was.real, n.signups - was.signups, n.opportunities - was.opportunities, n.won - was.won,
		n.churned - was.churned, n.deaths - was.deaths}
}

func (t *tally) init(w *world, schema *plan.Schema) {
	p := w.plan
	t.schema = schema
	t.sizes, t.industries, t.regions = len(p.Population.Sizes), len(p.Population.Industries), len(p.Population.Regions)
	t.channels, t.products, t.teams = len(p.Channels), len(p.Products), len(p.Teams)
	t.rowChannel = 1
	t.rowSize = t.rowChannel + t.channels + 1
	t.rowIndustry = t.rowSize + t.sizes
	t.rowRegion = t.rowIndustry + t.industries
	t.rowProduct = t.rowRegion + t.regions
	t.rowTeam = t.rowProduct + t.products + 1
	t.rowChannelSize = t.rowTeam + t.teams + 1
	t.rowIndustryRegion = len(schema.SliceRows)
	t.rows = make([]float64, (t.rowIndustryRegion+t.industries*t.regions)*colSums)
	n := len(w.cells)
	for period := range t.touchCell {
		t.touchCell[period] = make([]uint32, t.channels*n)
	}
	t.brought = make([]float64, t.channels*t.sizes)
	t.leadCell, t.realCell, t.signCell = make([]uint32, t.channels*n), make([]uint32, t.channels*n),
		make([]uint32, t.channels*n)
	t.signProd = make([]uint32, t.channels*t.regions*t.products)
	t.signTeam = make([]uint32, t.channels*t.regions*t.teams)
	t.oppCell = make([]uint32, t.teams*t.channels*n)
	t.oppProd = make([]uint32, t.teams*t.products)
	t.cellScratch, t.noCounts, t.channelScratch = make([]uint32, n), make([]uint32, n), make([]float64, t.channels)
	t.month = make([]float64, len(schema.MonthStart)*monColumns)
	t.touchesAt, t.reachedAt = make([]int, w.span), make([]int, w.span)
	t.expiresAt, t.diesAt, t.rivalAt = make([]int, w.span), make([]int, w.span), make([]int, w.span)
	t.weekSignups = make([]int, t.channels)
}

func (t *tally) reset() {
	k := *t
	*t = tally{schema: k.schema, sizes: k.sizes, industries: k.industries, regions: k.regions, channels: k.channels,
		products: k.products, teams: k.teams,
		rowSize: k.rowSize, rowIndustry: k.rowIndustry, rowRegion: k.rowRegion, rowProduct: k.rowProduct, rowTeam: k.rowTeam,
		rowChannel: k.rowChannel, rowChannelSize: k.rowChannelSize, rowIndustryRegion: k.rowIndustryRegion,
		rows: k.rows, touchCell: k.touchCell, leadCell: k.leadCell, realCell: k.realCell, screening: k.screening,
		screenFor: k.screenFor, workScratch: k.workScratch, brought: k.brought, signCell: k.signCell, signProd: k.signProd,
		signTeam: k.signTeam,
		oppCell:  k.oppCell, oppProd: k.oppProd, cellScratch: k.cellScratch, noCounts: k.noCounts,
		channelScratch: k.channelScratch, month: k.month, touchesAt: k.touchesAt, reachedAt: k.reachedAt,
		expiresAt: k.expiresAt, diesAt: k.diesAt, rivalAt: k.rivalAt, weekSignups: k.weekSignups, lowestDormant: 1}
	clear(t.expiresAt)
	clear(t.diesAt)
	clear(t.rivalAt)
	clear(t.touchesAt)
	clear(t.reachedAt)
	for _, counts := range t.touchCell {
		clear(counts)
	}
	t.clear()
}

// clear empties every sum but those of touches, which are counted ahead of time.
func (t *tally) clear() {
	clear(t.rows)
	clear(t.leadCell)
	clear(t.realCell)
	clear(t.screening)
	clear(t.screenFor)
	clear(t.brought)
	clear(t.signCell)
	clear(t.signProd)
	clear(t.signTeam)
	clear(t.oppCell)
	clear(t.oppProd)
	clear(t.month)
	clear(t.weekSignups)
}

// clearBurnIn forgets what the burn-in counted.
func (t *tally) clearBurnIn(s *State) {
	t.clear()
	t.journeys, t.leads, t.real = 0, 0, 0
	t.unfit, t.unaffordable, t.signups, t.opportunities = 0, 0, 0, 0
	t.refused, t.lostWaiting, t.diedInSales, t.wins, t.trials = 0, 0, 0, 0, 0
	t.rivalWaiting, t.rivalInSales = 0, 0
	t.toScreen, t.screenings, t.unscreened, t.screensAtStart = 0, 0, 0, s.sales.toScreen
	t.before = weekTally{}
	for _, n := range s.pools.inMarket {
		t.journeysAtStart += n
	}
	t.journeysAtStart -= s.sales.inProgress
}

// opened counts journeys by the month of their trigger.
func (t *tally) opened(s *State, ticks []uint32) {
	if s.step < 0 {
		return
	}
	first := s.step * s.w.tl.StepDays()
	m := s.w.monthOf[first]
	if m == s.w.monthOf[first+s.w.tl.StepDays()-1] {
		t.month[int(m)*monColumns+monJourneys] += float64(len(ticks))
		return
	}
	for _, tick := range ticks {
		t.month[s.w.month(s.weeks(tick))*monColumns+monJourneys]++
	}
}

// ended counts the end of a journey that raises no hand.
func (t *tally) ended(how fate, row int) {
	switch how {
	case firmDies:
		t.diesAt[row]++
	case choosesRival:
		t.rivalAt[row]++
	default:
		t.expiresAt[row]++
	}
}

// addMonth adds to a month column at a time of the run.
func (t *tally) addMonth(s *State, at float64, column int, x float64) {
	if m := s.w.month(at); m >= 0 {
		t.month[m*monColumns+column] += x
	}
}

// lead counts a lead, with a real intention or not.
func (t *tally) lead(s *State, channel, cell int, at float64, real bool) {
	one := 0
	if real {
		one = 1
	}
	t.leads++
	t.real += one
	i := channel*len(s.w.cells) + cell
	t.leadCell[i]++
	t.realCell[i] += uint32(one)
	if s.step < 0 {
		return
	}
	if m := s.w.month(at); m >= 0 {
		t.month[m*monColumns+monLeads]++
		t.month[m*monColumns+monRealLeads] += float64(one)
	}
}

// screened counts a lead that a person found not to be real, in the time of a share of an opportunity.
func (t *tally) screened(s *State, d *deal, share float64) {
	t.screenings++
	if s.step < 0 {
		return
	}
	n := len(s.w.cells)
	if t.screening == nil {
		t.screening, t.screenFor, t.workScratch = make([]float64, t.teams*t.channels*n), make([]float64, t.teams*t.products),
			make([]float64, n)
	}
	t.screening[(int(d.team)*t.channels+int(d.channel))*n+int(d.cell)] += share
	t.screenFor[int(d.team)*t.products+int(d.product)] += share
}

// unqualified counts a lead without a product: none fits, or none affordable.
func (t *tally) unqualified(fits bool) {
	if fits {
		t.unaffordable++
	} else {
		t.unfit++
	}
}

func (t *tally) signup(s *State, d *deal) {
	t.signups++
	if s.step < 0 {
		return
	}
	n := len(s.w.cells)
	c, r := int(d.channel), s.w.cells[d.cell].Region
	t.signCell[c*n+int(d.cell)]++
	t.signProd[(c*t.regions+r)*t.products+int(d.product)]++
	t.signTeam[(c*t.regions+r)*t.teams+int(d.team)]++
	t.weekSignups[c]++
	t.addMonth(s, d.raised, monSignups, 1)
}

func (t *tally) opportunity(s *State, d *deal, at float64) {
	t.opportunities++
	if s.step < 0 {
		return
	}
	n := len(s.w.cells)
	t.oppCell[(int(d.team)*t.channels+int(d.channel))*n+int(d.cell)]++
	t.oppProd[int(d.team)*t.products+int(d.product)]++
	t.addMonth(s, at, monOpportunities, 1)
}

// rowsOf lists the rows in which a customer or deal is counted: four disjoint slicings. The others
// follow from them, see rollUp.
func (t *tally) rowsOf(s *State, channel, cell, product, team int) [4]int {
	c := &s.w.cells[cell]
	return [4]int{t.rowChannelSize + channel*t.sizes + c.Size, t.rowIndustryRegion + c.Industry*t.regions + c.Region,
		t.rowProduct + product, t.rowTeam + team}
}

// rollUp sums what was counted by channel and size, and by industry and region, into the slices of
// each and of the company.
func (t *tally) rollUp() {
	add := func(from int, into ...int) {
		for _, r := range into {
			row := t.row(r)
			for k, x := range t.row(from) {
				row[k] += x
			}
		}
	}
	for c := range t.channels {
		for z := range t.sizes {
			add(t.rowChannelSize+c*t.sizes+z, 0, t.rowChannel+c, t.rowSize+z)
		}
	}
	for i := range t.industries {
		for r := range t.regions {
			add(t.rowIndustryRegion+i*t.regions+r, t.rowIndustry+i, t.rowRegion+r)
		}
	}
}

func (t *tally) won(s *State, c *customer, heads, ltv, first float64, cost winCost) {
	p := s.w.at(s.step).plan
	t.wins++
	t.ltv += ltv
	t.firstMargin += first
	cell := &s.w.cells[c.cell]
	if heads < p.Population.SMBEmployees ||
		heads*p.Population.Industries[cell.Industry].RevenuePerEmployee < p.Population.SMBSales {
		t.winsSMB++
	}
	kept := 0.0
	if c.until > c.since+plan.WeeksPerYear {
		kept = 1
		t.retained++
	}
	months := 0 // of keptMonths, those that it lives to see
	for months < len(keptMonths) && c.until > c.since+float64(keptMonths[months]*plan.WeeksPerMonth) {
		months++
	}
	since := c.since / plan.WeeksPerMonth
	for _, r := range t.rowsOf(s, int(c.channel), int(c.cell), int(c.product), int(c.team)) {
		row := (*[colSums]float64)(t.rows[r*colSums:])
		row[colWon]++
		row[colLTV] += ltv
		row[colRetained] += kept
		if months > 0 {
			row[colKept+months-1]++ // cumulated at the end
		}
		row[colMonths] -= since // completed by left, or at the end
		row[colSales] += cost.commission
		row[colOnboardingFees] += cost.onboarding
		row[colOnboardingFees] += cost.fee
	}
	if m := s.w.month(c.since); m >= 0 {
		month := (*[monColumns]float64)(t.month[m*monColumns:])
		month[monWon]++
		month[monSales] += cost.commission
		month[monOnboardingFees] += cost.onboarding
		month[monOnboardingFees] += cost.fee
	}
}

func (t *tally) left(s *State, c *leaver) {
	col, mon := colChurned, monChurned
	if c.died {
		t.customerDeaths++
		col, mon = colDeaths, monDeaths
	} else {
		t.churned++
	}
	t.addMonth(s, c.until, mon, 1)
	if c.opening {
		return
	}
	until := c.until / plan.WeeksPerMonth
	for _, r := range t.rowsOf(s, int(c.channel), int(c.cell), int(c.product), int(c.team)) {
		t.rows[r*colSums+col]++
		t.rows[r*colSums+colMonths] += until
	}
}

// leadFee books a fee that one real lead caused; an unqualified one has neither
// product nor team.
func (t *tally) leadFee(s *State, channel, cell, product, team int, at, usd float64) {
	if product < 0 {
		product, team = t.products, t.teams
	}
	t.fee(s, channel, cell, product, team, at, usd)
	t.brought[channel*t.sizes+s.w.cells[cell].Size] -= usd
}

// fee books a fee for a lead.
func (t *tally) fee(s *State, channel, cell, product, team int, at, usd float64) {
	for _, r := range t.rowsOf(s, channel, cell, product, team) {
		t.rows[r*colSums+colOnboardingFees] += usd
	}
	t.addMonth(s, at, monOnboardingFees, usd)
}
