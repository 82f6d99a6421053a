package model

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/rng"
)

// world is everything about one replication that is known before its first
// day: the timeline of the plan's numbers, the market's cells, and the tables
// that the hot loops read. It depends on the draw of the uncertain inputs, the
// shocks and the regime, never on what happens in the market.
type world struct {
	plan *Plan
	tl   *Timeline

	steps, burnIn int
	h             float64 // weeks a step
	perWeek       float64 // steps a week
	before        float64 // weeks of burn-in

	cells    []Cell
	firms    []int     // N by cell on the first day
	byRegion []float64 // firms by region
	regionOf []uint8   // by cell
	dormant  []int     // round(d N)
	share    []float64 // d, the reference dormant share
	scale    []float64 // factor on trigger rates where d would fall too low

	kindLabel []uint64
	growth    float64
	open      *numbers   // of the opening plan
	epochs    []*numbers // of each epoch, and past the end
	spare     []*numbers

	// Trigger proposals: height of the first layer and number of layers by
	// (cell, kind), and season x economy by (step from -burnIn, kind).
	layer  []float64
	layers []uint8
	band   []int // by cell: slots of firms on which proposals are drawn as a rule
	tables []rng.PoissonTable
	pace   []float64

	// Touch proposals.
	axis         axis
	sources      []source
	ticksPerUnit float64    // mean ticks between proposals on one unit of the axis
	keep         []uint64   // region x (step from -burnIn) x (channel, and one for none): rate in units of the axis as far as known ahead, else the most it can be; points below are touches
	pull         []float64  // likewise: response x lift
	aware        []uint64   // (step from -burnIn) x region: thresholds on 32 bits
	feedback     uint64     // channels whose touches hang on the run itself: referrals, cash rules
	needAware    uint64     // channels that need awareness at any time
	rows         []*numbers // by step from -burnIn
	targets      bool       // some channel has targets
	listed       bool       // the points of a journey are listed in order of time: not all lie on the axis
	lastTick     uint64     // the end of the run
	node         []uint64   // by channel: label of its name
	targeting    []float64  // by channel: factor on half_saturation of one with targets
	season       []float64  // by (step from -burnIn, channel)
	gammas       rng.GammaTables

	weights []float64 // region x 2: sum of the media's weights on salience, equity in the opening plan

	pressureS, pressureE []float64 // by (step, region)
	brandSpend           []float64 // by (step, region), USD a week
	openBrand            *brand    // stocks of the first day

	opening []openingCell
	hazards []hazardSegment
	monthOf []int16   // calendar month of the run by day
	deaths  []float64 // by (step from -burnIn, size): firm death a week
	slump   []bool    // by step from -burnIn: recession
}

// numbers holds the numbers of one epoch in the shape that the hot loops want.
type numbers struct {
	plan *Plan

	felt    []float64 // cell x kind: felt rate a week at season and economy 1
	window  []rng.GammaSampler
	visible []uint64 // thresholds on 32 bits
	urgency []float64
	reach   []uint64  // cell x channel: thresholds on 32 bits
	death   []float64 // by size: firm death a week in expansion
	base    []float64 // by size: integrated churn hazard of year 1
	law     []rng.ParetoLaw
	cycle   []rng.GammaSampler // team x size, weeks
	frailty rng.GammaSampler
	growth  []float64 // by size: log growth of seats a week
	needLog []float64 // by size: h ln(median need)
	lock    float64   // weeks
	rho     float64   // log discount rate a week

	// Products as leads see them: sets of those on offer to a size, industry,
	// trigger and channel, those with dates of sale, and net prices by (product,
	// channel).
	bySize, byIndustry, byTrigger, byChannel []uint64
	dated                                    uint64
	net                                      []float64

	// Of touches.
	memory     float64 // 1/half-life of progress, a tick
	steep      int
	stepwise   bool // readiness is a step function
	needSpread float64
	weight     []float64 // by channel: on a journey that others have touched, but not it; else
	weighty    uint64    // channels with a weight: their touches leave a trace
	needsAware uint64    // channels that need awareness
	reachMoved bool      // the reach, the targets or what is visible to a channel on the axis is not as in the opening plan
	reachWider uint64    // channels on the axis that reach more than under the opening plan
	mayTouch   []uint64  // by (kind x visible): channels that may touch such a journey

	teamOf    []int16   // size x channel: the team that lists the channel, or -1
	teamShare []float64 // size x team: shares of the teams without channels
}

// hazardSegment is a span of time with constant hazards.
type hazardSegment struct {
	start    float64
	churn    []float64 // by size: base x multiplier x economy
	death    []float64 // by size, a week
	shape    float64
	channels []Channel
}

const threshold32 = 1 << 32

// newWorld allocates a world of a plan; set fills it for one replication.
func newWorld(p *Plan) *world {
	w := &world{plan: p, tl: NewTimeline(p)}
	w.steps, w.burnIn, w.h = w.tl.Steps(), w.tl.BurnIn(), w.tl.StepWeeks()
	w.perWeek, w.before = float64(w.tl.perWeek), float64(float64(w.burnIn)*w.h)
	w.cells = cellsOf(p)
	for _, c := range w.cells {
		w.regionOf = append(w.regionOf, uint8(c.Region))
	}
	K, C, n := len(p.Triggers), len(p.Channels), len(w.cells)
	w.share, w.scale, w.dormant = make([]float64, n), make([]float64, n), make([]int, n)
	w.byRegion = make([]float64, len(p.Population.Regions))
	for _, k := range p.Triggers {
		w.kindLabel = append(w.kindLabel, rng.Label(k.Name))
	}
	for _, c := range p.Channels {
		w.node = append(w.node, rng.Label(c.Name))
	}
	w.layer, w.layers, w.tables = make([]float64, n*K), make([]uint8, n*K), make([]rng.PoissonTable, n*K)
	w.pace = make([]float64, (w.burnIn+w.steps)*K)
	w.season = make([]float64, (w.burnIn+w.steps)*C)
	w.targeting = make([]float64, C)
	w.keep = make([]uint64, (w.burnIn+w.steps)*len(p.Population.Regions)*(C+1))
	w.pull = make([]float64, len(w.keep))
	w.aware = make([]uint64, (w.burnIn+w.steps)*len(p.Population.Regions))
	w.rows = make([]*numbers, w.burnIn+w.steps+1)
	w.lastTick = uint64(w.burnIn+w.steps) * ticksPerWeek / uint64(w.tl.perWeek)
	w.band = make([]int, n)
	w.weights = make([]float64, len(w.byRegion)*2)
	w.open = newNumbers(p, n)
	w.slump = make([]bool, w.burnIn+w.steps+1)
	w.deaths = make([]float64, len(w.slump)*len(p.Population.Sizes))
	first := p.Run.Start
	y, m, _ := first.YMD()
	for d := 0; d < int(p.Run.Weeks)*7; d++ {
		yd, md, _ := (first + Date(d)).YMD()
		w.monthOf = append(w.monthOf, int16((yd-y)*12+md-m))
	}
	return w
}

func newNumbers(p *Plan, cells int) *numbers {
	K, C, S, T := len(p.Triggers), len(p.Channels), len(p.Population.Sizes), len(p.Teams)
	return &numbers{
		felt: make([]float64, cells*K), window: make([]rng.GammaSampler, K), visible: make([]uint64, K), urgency: make([]float64, K),
		reach: make([]uint64, cells*C), weight: make([]float64, 2*C), death: make([]float64, S), base: make([]float64, S), law: make([]rng.ParetoLaw, S),
		cycle: make([]rng.GammaSampler, T*S), growth: make([]float64, S), needLog: make([]float64, S),
		bySize: make([]uint64, S), byIndustry: make([]uint64, len(p.Population.Industries)), byTrigger: make([]uint64, K), byChannel: make([]uint64, C),
		net:    make([]float64, len(p.Products)*C),
		teamOf: make([]int16, S*C), teamShare: make([]float64, S*T),
	}
}

// set fills the world for one replication; luck is where shocks and the regime
// are drawn.
func (w *world) set(seed uint64, replication int, luck rng.Key) {
	w.tl.set(seed, replication, luck)
	w.fill()
}

// opening gives the opening plan's entry of the same name, or nil.
func byName[T any](list []T, name func(*T) string, want string) *T {
	for i := range list {
		if name(&list[i]) == want {
			return &list[i]
		}
	}
	return nil
}

func (w *world) openTrigger(i int) *Trigger {
	return byName(w.tl.Opening().Triggers, func(k *Trigger) string { return k.Name }, w.plan.Triggers[i].Name)
}

func (w *world) openChannel(i int) *Channel {
	return byName(w.tl.Opening().Channels, func(c *Channel) string { return c.Name }, w.plan.Channels[i].Name)
}

func (w *world) openMedium(i int) *Medium {
	return byName(w.tl.Opening().Media, func(m *Medium) string { return m.Name }, w.plan.Media[i].Name)
}

func (w *world) fill() {
	open := w.tl.Opening()
	if w.firms == nil || len(w.plan.Inputs) > 0 || len(open.Inputs) > 0 {
		w.fillPopulation(open)
	}
	w.growth = w.tl.Plan(0).Population.GrowthPerYear
	w.fillDormant(open)
	w.spare = append(w.spare, w.epochs...)
	w.epochs = w.epochs[:0]
	for _, e := range w.tl.epochs {
		var n *numbers
		if k := len(w.spare); k > 0 {
			n, w.spare = w.spare[k-1], w.spare[:k-1]
		} else {
			n = newNumbers(w.plan, len(w.cells))
		}
		w.fillNumbers(n, e.Plan, false)
		w.epochs = append(w.epochs, n)
	}
	w.fillNumbers(w.open, open, true)
	w.fillSeasons()
	w.fillTriggers()
	w.fillTargeting()
	w.fillWeights()
	w.fillOpenBrand()
	w.fillPressure()
	w.fillTouches()
	w.fillHazards()
	w.fillOpening()
}

// at gives the numbers of a step.
func (w *world) at(step int) *numbers {
	if step < 0 {
		return w.open
	}
	return w.epochs[w.tl.epochOf[min(step, w.steps)]]
}

func (w *world) fillPopulation(open *Plan) {
	w.firms = firmsByCell(open, w.cells)
	clear(w.byRegion)
	for i, c := range w.cells {
		w.byRegion[c.Region] += float64(w.firms[i])
	}
}

// firmsBySize sums the firms of the cells by size class.
func (w *world) firmsBySize() []float64 {
	out := make([]float64, len(w.plan.Population.Sizes))
	for i, c := range w.cells {
		out[c.Size] += float64(w.firms[i])
	}
	return out
}

// fillDormant computes the reference dormant share d of each cell from the
// market keys of the opening plan.
func (w *world) fillDormant(open *Plan) {
	bySize := w.firmsBySize()
	least := open.Population.MinDormantShare
	for i := range w.cells {
		c := &w.cells[i]
		m := open.Population.Sizes[c.Size].FirmDeathPerYear
		var away float64
		for k := range open.Triggers {
			if t := &open.Triggers[k]; t.Enabled {
				away += float64(yearlyRate(open, t, c, bySize) * awayYears(t, m, open.Journey.LockInYears))
			}
		}
		w.scale[i] = 1
		if 1-away < least {
			w.scale[i] = (1 - least) / away
			away = 1 - least
		}
		w.share[i] = 1 - away
		w.dormant[i] = int(math.RoundToEven(w.share[i] * float64(w.firms[i])))
		w.band[i] = min(w.firms[i], w.dormant[i]+w.dormant[i]/16+16)
	}
}

// fillNumbers turns the numbers of a plan into tables. The opening plan may lack
// triggers, channels, teams and products of the run's plan; tables are indexed
// by the run's plan and hold nothing for what it lacks.
func (w *world) fillNumbers(n *numbers, p *Plan, opening bool) {
	n.plan = p
	if opening {
		n.plan = w.aligned(p)
		p = n.plan
	}
	bySize := w.firmsBySize()
	K, C, S := len(w.plan.Triggers), len(w.plan.Channels), len(p.Population.Sizes)
	for i := range w.cells {
		c := &w.cells[i]
		for k := range p.Triggers {
			n.felt[i*K+k] = yearlyRate(p, &p.Triggers[k], c, bySize) * w.scale[i] / w.share[i] / WeeksPerYear
		}
		for ch := range p.Channels {
			n.reach[i*C+ch] = 0
			if p.Channels[ch].Enabled {
				n.reach[i*C+ch] = reachOf(&p.Channels[ch], c)
			}
		}
	}
	for k := range p.Triggers {
		t := &p.Triggers[k]
		n.window[k] = w.gammas.Sampler(t.WindowWeeks, t.WindowCV)
		n.visible[k] = uint64(int64(t.Visible * threshold32))
		n.urgency[k] = t.Urgency
	}
	n.lock = float64(p.Journey.LockInYears * WeeksPerYear)
	n.memory = 1 / (p.Journey.MemoryWeeks * ticksPerWeek)
	n.steep, n.stepwise = int(p.Journey.ReadinessSteepness), p.Journey.ReadinessStep
	n.needSpread = float64(p.Journey.ReadinessSteepness * p.Journey.TouchesNeededSD)
	n.weighty = 0
	n.needsAware, n.reachMoved, n.reachWider = 0, false, 0
	for c := range p.Channels {
		n.weight[2*c], n.weight[2*c+1] = float64(p.Channels[c].Weight*(1+p.Journey.CrossChannelBonus)), p.Channels[c].Weight
		if p.Channels[c].Weight > 0 {
			n.weighty |= 1 << c
		}
		if p.Channels[c].NeedsAwareness {
			n.needsAware |= 1 << c
		}
	}
	v := p.Customers.FrailtyVariance
	n.frailty = w.gammas.Sampler(1, math.Sqrt(v))
	for s := 0; s < S; s++ {
		m := p.Population.Sizes[s].FirmDeathPerYear
		n.death[s] = m / WeeksPerYear
		n.base[s] = BaseHazard(p, s)
		n.law[s] = headcountLaw(p, s)
		n.growth[s] = rng.Log1p(p.Customers.SeatGrowthPerYear[s]) / WeeksPerYear
		n.needLog[s] = float64(p.Journey.ReadinessSteepness * rng.Log(p.Journey.TouchesNeeded[s]))
		for t := range p.Teams {
			n.cycle[t*S+s] = w.gammas.Sampler(p.Teams[t].CycleDays[s]/DaysPerWeek, p.Teams[t].CycleCV)
		}
	}
	n.fillTeams(w, p)
	n.rho = rng.Log1p(p.Finance.DiscountRate) / WeeksPerYear
	n.fillOffers(p)
}

// fillOffers finds what is on offer to whom, and at what price.
func (n *numbers) fillOffers(p *Plan) {
	clear(n.bySize)
	clear(n.byIndustry)
	clear(n.byTrigger)
	clear(n.byChannel)
	n.dated = 0
	pop := &p.Population
	for i := range p.Products {
		pr := &p.Products[i]
		if !pr.Enabled {
			continue
		}
		offer(n.bySize, i, pr.Sizes, func(k int) string { return pop.Sizes[k].Name })
		offer(n.byIndustry, i, pr.Industries, func(k int) string { return pop.Industries[k].Name })
		offer(n.byTrigger, i, pr.Triggers, func(k int) string { return p.Triggers[k].Name })
		offer(n.byChannel, i, pr.Channels, func(k int) string { return p.Channels[k].Name })
		if pr.FirstSale != 0 || pr.LastSale != 0 {
			n.dated |= 1 << i
		}
		for c := range p.Channels {
			n.net[i*len(p.Channels)+c] = pr.Price * (1 - min(0.9, pr.Discount*p.Channels[c].Discount))
		}
	}
}

// offer enters a product into the sets of those to whom it is sold: the named
// ones, or all where none are.
func offer(sets []uint64, product int, names []string, name func(int) string) {
	to := maskOf(names, len(sets), name)
	for k := range sets {
		sets[k] |= to >> k & 1 << product
	}
}

// BaseHazard is the integrated churn hazard of the first year at frailty 1 of a
// size class: stated, or solved from retained_12_months by
// (1 + v base)^(-1/v) e^(-m) = retained.
func BaseHazard(p *Plan, size int) float64 {
	if b := p.Customers.BaseHazard[size]; b == b {
		return b
	}
	v, m := p.Customers.FrailtyVariance, p.Population.Sizes[size].FirmDeathPerYear
	survives := float64(p.Customers.Retained12Months[size] * rng.Exp(m))
	if v == 0 {
		return -rng.Log(survives)
	}
	return (rng.Pow(survives, -v) - 1) / v
}

// maskOf is the set of named entries as bits; an empty list means all.
func maskOf(names []string, n int, name func(int) string) uint64 {
	if len(names) == 0 {
		return math.MaxUint64
	}
	var m uint64
	for i := 0; i < n; i++ {
		if slices.Contains(names, name(i)) {
			m |= 1 << i
		}
	}
	return m
}

// aligned gives the opening plan with triggers, channels, products and teams in
// the positions of the run's plan; what the opening plan lacks is switched off.
func (w *world) aligned(o *Plan) *Plan {
	p := *o
	p.Triggers = align(w.plan.Triggers, o.Triggers, func(k *Trigger) string { return k.Name }, func(k *Trigger) { k.Enabled = false })
	p.Channels = align(w.plan.Channels, o.Channels, func(c *Channel) string { return c.Name }, func(c *Channel) { c.Enabled = false; c.WeeklyBudget = 0; c.MaxTouchesPerWeek = 0 })
	p.Products = align(w.plan.Products, o.Products, func(c *Product) string { return c.Name }, func(c *Product) { c.Enabled = false })
	p.Teams = align(w.plan.Teams, o.Teams, func(c *Team) string { return c.Name }, func(c *Team) { c.Enabled = false; c.People = 0 })
	p.Media = align(w.plan.Media, o.Media, func(c *Medium) string { return c.Name }, func(c *Medium) { c.Enabled = false })
	return &p
}

func align[T any](run, open []T, name func(*T) string, off func(*T)) []T {
	same := len(run) == len(open)
	for i := 0; same && i < len(run); i++ {
		same = name(&run[i]) == name(&open[i])
	}
	if same {
		return open
	}
	out := make([]T, len(run))
	for i := range run {
		if o := byName(open, name, name(&run[i])); o != nil {
			out[i] = *o
			continue
		}
		out[i] = run[i]
		off(&out[i])
	}
	return out
}

// fillSeasons computes season x economy of triggers and the season of channels
// for every step: the mean by days of monthly numbers, those of a trigger
// divided by their mean over 365 days, those of a channel by their largest.
func (w *world) fillSeasons() {
	K, C := len(w.plan.Triggers), len(w.plan.Channels)
	days := float64(w.tl.stepDays)
	var month [7]int
	S := len(w.plan.Population.Sizes)
	for row := range w.slump {
		n := w.at(row - w.burnIn)
		w.slump[row] = w.tl.Recession(row - w.burnIn)
		for z := 0; z < S; z++ {
			w.deaths[row*S+z] = n.death[z]
			if w.slump[row] {
				w.deaths[row*S+z] *= n.plan.Economy.Recession.FirmDeath
			}
		}
	}
	for step := -w.burnIn; step < w.steps; step++ {
		p := w.at(step).plan
		for d := 0; d < w.tl.stepDays; d++ {
			_, m, _ := (w.tl.Date(step) + Date(d)).YMD()
			month[d] = m - 1
		}
		mean := func(season []float64) float64 {
			if flat(season) {
				return season[0]
			}
			var sum float64
			for d := 0; d < w.tl.stepDays; d++ {
				sum += season[month[d]]
			}
			return sum / days
		}
		row := step + w.burnIn
		recession := w.slump[row]
		for k := range p.Triggers {
			t := &p.Triggers[k]
			x := mean(t.Season) / yearMean(t.Season)
			if recession {
				x *= t.Recession
			}
			w.pace[row*K+k] = x
		}
		for c := range p.Channels {
			s := p.Channels[c].Season
			w.season[row*C+c] = 0
			if top := slices.Max(s); top > 0 {
				w.season[row*C+c] = mean(s) / top
			}
		}
	}
}

func flat(season []float64) bool {
	for _, x := range season {
		if x != season[0] {
			return false
		}
	}
	return true
}

var monthDays = [12]float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// yearMean is the mean of monthly numbers over 365 days.
func yearMean(season []float64) float64 {
	if flat(season) {
		return season[0]
	}
	var sum float64
	for m, d := range monthDays {
		sum += float64(season[m] * d)
	}
	return sum / 365
}

// fillTriggers fixes the layers of the trigger proposals: the first from 0 to
// the felt rate of the opening plan, rounded up to a power of two, then
// doubling as far as the largest felt rate of the run asks.
func (w *world) fillTriggers() {
	K := len(w.plan.Triggers)
	top := make([]float64, K) // largest season x economy by kind, per epoch
	n := len(w.cells) * K
	most := make([]float64, n)
	lift := func(num *numbers) {
		for i := range most {
			most[i] = max(most[i], num.felt[i]*top[i%K])
		}
	}
	for i, e := range append([]Epoch{{First: -w.burnIn}}, w.tl.epochs...) {
		end := w.steps
		if i < len(w.tl.epochs) {
			end = w.tl.epochs[i].First
		}
		clear(top)
		for s := e.First; s < end; s++ {
			for k := 0; k < K; k++ {
				top[k] = max(top[k], w.pace[(s+w.burnIn)*K+k])
			}
		}
		lift(w.at(e.First))
	}
	for i := range most {
		first := w.open.felt[i]
		if o := w.openTrigger(i % K); o == nil || !o.Enabled || first == 0 {
			first = w.at(0).felt[i]
			for _, e := range w.epochs {
				first = max(first, e.felt[i])
			}
		}
		w.layer[i], w.layers[i] = 0, 0
		if first == 0 || most[i] == 0 {
			continue
		}
		height := powerOfTwo(first)
		w.layer[i], w.layers[i] = height, 1
		for ; height < most[i]; height *= 2 {
			w.layers[i]++
		}
		w.tables[i].Reset(float64(float64(w.band[i/K]) * w.layer[i] * w.h))
	}
}

// powerOfTwo rounds up to a power of two.
func powerOfTwo(x float64) float64 {
	f, e := math.Frexp(x)
	if f == 0.5 {
		return x
	}
	return math.Ldexp(1, e)
}

// fillTargeting computes the factor on the half-saturation of each channel.
func (w *world) fillTargeting() {
	for c := range w.plan.Channels {
		now := &w.tl.Plan(0).Channels[c]
		if o := w.openChannel(c); o != nil && o.Enabled {
			now = o
		}
		w.targeting[c] = w.targetingOf(now)
	}
}

// targetingOf is the factor on the half-saturation of a channel with targets:
// a x targeting_cost, a the visible in-market firms of those kinds that it
// reaches over all firms that it reaches, in the market of the opening plan.
func (w *world) targetingOf(ch *Channel) float64 {
	if len(ch.Targets) == 0 {
		return 1
	}
	open := w.tl.Opening()
	bySize := w.firmsBySize()
	var visible, all float64
	for i := range w.cells {
		cell := &w.cells[i]
		reach := ch.Reach.Size[cell.Size] * ch.Reach.Industry[cell.Industry] * ch.Reach.Region[cell.Region]
		firms := float64(float64(w.firms[i]) * reach)
		all += firms
		for k := range open.Triggers {
			t := &open.Triggers[k]
			if t.Enabled && slices.Contains(ch.Targets, t.Name) {
				rate := yearlyRate(open, t, cell, bySize) * w.scale[i]
				visible += float64(firms * rate * (t.WindowWeeks / WeeksPerYear) * t.Visible)
			}
		}
	}
	if all == 0 {
		return 1
	}
	return visible / all * ch.TargetingCost
}

// fillWeights sums in each region the weights of the media of the opening plan
// that cover it; the weights of all media are divided by these sums.
func (w *world) fillWeights() {
	open := w.tl.Opening()
	clear(w.weights)
	for r := range w.byRegion {
		for q := range open.Media {
			if m := &open.Media[q]; m.Enabled && m.Covers(open, r) {
				w.weights[r*2] += m.ToSalience
				w.weights[r*2+1] += m.ToEquity
			}
		}
	}
}

// hill is x^a/(x^a + half^a), zero at 0.
func hill(x, half, a float64) float64 {
	if x <= 0 {
		return 0
	}
	if a == 1 {
		return x / (x + half)
	}
	y := rng.Pow(x/half, a)
	if math.IsInf(y, 1) {
		return 1
	}
	return y / (1 + y)
}

// fillTouches finds how touches are drawn, kept and judged in every step as far
// as it is known before the replication. Live customers and cuts by cash rules
// are not: the channels that hang on them get the most that they can be.
func (w *world) fillTouches() {
	for row := range w.rows {
		w.rows[row] = w.at(row - w.burnIn)
	}
	w.fillAxis()
	w.fillReach()
	w.ticksPerUnit = ticksPerWeek / w.axis.unit
	w.feedback, w.needAware = 0, w.open.needsAware
	for _, e := range w.epochs {
		w.needAware |= e.needsAware
		for c := range e.plan.Channels {
			driver := e.plan.Channels[c].Driver
			hangs := driver == "customers"
			for i := range e.plan.CashRules {
				r := &e.plan.CashRules[i]
				hangs = hangs || r.CutBrand > 0 || r.CutMedia > 0 && driver == "budget"
			}
			if hangs {
				w.feedback |= 1 << c
			}
		}
	}
	d := newDrivers(w)
	d.open(w)
	C, R := len(w.plan.Channels), len(w.byRegion)
	most := make([]uint64, C)
	for step := -w.burnIn; step < w.steps; step++ {
		customers := math.Inf(1)
		if step < 0 {
			customers = w.openingCustomers()
		}
		d.step(w, step, cuts{}, customers)
		w.fillTouchStep(w.keep, w.pull, d, step, math.MaxUint64)
		for r := 0; r < R; r++ {
			row := w.keep[w.rateAt(step+w.burnIn, r, 0):]
			for c := range most {
				most[c] = max(most[c], row[c])
			}
		}
	}
	w.fillSources(most)
	w.listed = w.listed || len(w.sources) > 0
}

// ratesOf is the first row of rates (and pulls) of a cell's region, less the
// first step's.
func (w *world) ratesOf(cell uint16) uint32 {
	return uint32(int(w.regionOf[cell]) * (w.burnIn + w.steps))
}

// rateAt is where a channel's rate and pull in a region and step (from -burnIn)
// stand.
func (w *world) rateAt(row, region, c int) int {
	return (region*(w.burnIn+w.steps)+row)*(len(w.plan.Channels)+1) + c
}

// openingCustomers is the number of customers on the first day.
func (w *world) openingCustomers() (sum float64) {
	for _, n := range w.tl.Opening().Opening.Customers {
		sum += n
	}
	return sum
}

// fillTouchStep enters the rates and lifts of a set of channels in one step, and
// the awareness in it.
func (w *world) fillTouchStep(keep []uint64, pull []float64, d *drivers, step int, channels uint64) {
	R := len(w.byRegion)
	row := step + w.burnIn
	p := w.rows[row].plan
	for r := 0; r < R; r++ {
		w.aware[row*R+r] = threshold(d.aware[r])
		first := w.rateAt(row, r, 0)
		for c := range p.Channels {
			if channels>>c&1 == 1 {
				keep[first+c] = uint64(int64(math.RoundToEven(d.rate[c*R+r] / w.axis.unit)))
				pull[first+c] = float64(p.Channels[c].Response * d.lift[c*R+r])
			}
		}
	}
}

// openRate is the touch rate on the first day of a channel of the opening plan
// that budget or brand drives, at season 1.
func (w *world) openRate(o *Channel) float64 {
	if !o.Enabled {
		return 0
	}
	var d float64
	switch o.Driver {
	case "budget":
		d = hill(o.WeeklyBudget/o.CostMultiplier, float64(o.HalfSaturation*w.targetingOf(o)), o.Shape)
	case "brand":
		var e, firms float64
		for r, n := range w.byRegion {
			e += float64(w.openBrand.equity[r] * n)
			firms += n
		}
		e /= firms
		d = e / (e + o.HalfSaturationEquity)
	}
	return float64(o.MaxTouchesPerWeek * d)
}

// fillHazards lists the spans of constant churn and death hazards from the
// first day on, past the end of the run too.
func (w *world) fillHazards() {
	w.hazards = w.hazards[:0]
	add := func(at float64, step int) {
		n := w.at(step)
		p := n.plan
		churn, death := 1.0, 1.0
		if w.tl.Recession(step) {
			churn, death = p.Economy.Recession.Churn, p.Economy.Recession.FirmDeath
		}
		seg := hazardSegment{start: at, shape: p.Customers.WeibullShape, channels: p.Channels,
			churn: make([]float64, len(n.base)), death: make([]float64, len(n.death))}
		for s := range n.base {
			seg.churn[s] = n.base[s] * p.Customers.ChurnMultiplier * churn
			seg.death[s] = n.death[s] * death
		}
		if k := len(w.hazards); k > 0 && w.hazards[k-1].same(&seg) {
			return
		}
		w.hazards = append(w.hazards, seg)
	}
	starts := []int{}
	for _, e := range w.tl.epochs {
		starts = append(starts, e.First)
	}
	for _, x := range w.tl.switches {
		starts = append(starts, w.tl.firstStepFrom(x))
	}
	slices.Sort(starts)
	for _, s := range slices.Compact(starts) {
		add(float64(float64(s)*w.h), s)
	}
}

// same says whether two spans have the same hazards.
func (a *hazardSegment) same(b *hazardSegment) bool {
	if a.shape != b.shape || !slices.Equal(a.churn, b.churn) || !slices.Equal(a.death, b.death) {
		return false
	}
	for c := range a.channels {
		if a.channels[c].Churn != b.channels[c].Churn {
			return false
		}
	}
	return true
}

// checkOpening checks that opening customers and dormant firms leave room for
// locked firms in each size class.
func (w *world) checkOpening() error {
	open := w.tl.Opening()
	for s := range open.Population.Sizes {
		var firms, dormant float64
		for i, c := range w.cells {
			if c.Size == s {
				firms += float64(w.firms[i])
				dormant += float64(w.dormant[i])
			}
		}
		if n := open.Opening.Customers[s]; n > firms-dormant {
			return fmt.Errorf("opening.customers.%s = %.0f: of %.0f firms of this class only %.0f are away from the dormant state on the first day, so at most that many can be customers",
				open.Population.Sizes[s].Name, n, firms, firms-dormant)
		}
	}
	return nil
}
