package model

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// numbers holds the numbers of one epoch in the shape that the hot loops want.
type numbers struct {
	plan *plan.Plan

	felt      []float64 // cell x kind: felt rate a week at season and economy 1
	window    []rng.GammaSampler
	visible   []uint64 // thresholds on 32 bits
	urgency   []float64
	reach     []uint64  // cell x channel: thresholds on 32 bits
	death     []float64 // by size: firm death a week in expansion
	rival     []float64 // by kind: hazard a week of choosing a rival
	targeting []float64 // by channel: factor on half_saturation of one with targets
	base      []float64 // by size: integrated churn hazard of year 1
	law       []rng.ParetoLaw
	heads     []*rng.FloorTable  // by size: the law's whole part, or nil
	cycle     []rng.GammaSampler // team x size, weeks
	frailty   rng.GammaSampler
	growth    []float64 // by size: log growth of seats a week
	needLog   []float64 // by size: h ln(median need)
	lock      float64   // weeks
	rho       float64   // log discount rate a week

	// Products as leads see them: sets of those on offer to a size, industry,
	// trigger and channel, those with dates of sale, and by channel their net
	// prices, highest first.
	bySize, byIndustry, byTrigger, byChannel []uint64
	dated                                    uint64
	net                                      []offerPrice // channel x product
	perFirm                                  []bool       // by product: its price is per firm
	priced                                   bool         // some chance to win responds to the price
	// channel x product: factor on the chance to win at the net price
	priceWin []float64

	// Of touches.
	memory     float64 // 1/half-life of progress, a tick
	steep      int
	stepwise   bool // readiness is a step function
	needSpread float64
	weight     []float64 // by channel: on a journey that others have touched, but not it; else
	weighty    uint64    // channels with a weight: their touches leave a trace
	needsAware uint64    // channels that need awareness
	reachLess  uint64    // channels on the axis that do not reach all whom they reach under the opening plan
	reachMore  uint64    // channels on the axis that reach others
	mayTouch   []uint64  // by (kind x visible): channels that may touch such a journey
	everyone   uint64    // channels that may touch any
	organic    []float64 // by channel: share of the searches lost to the paid link that arrive all the same
	fallsBack  []uint8   // by channel: the one through which they do
	unreal     uint64    // channels whose leads are not all real

	parts     []float64    // channel x region: part of a budget that goes there
	holdout   []uint64     // by channel: share of firms that it may not touch, on 32 bits
	hours     []plan.Hours // by team
	teamOf    []int16      // size x channel: the team that lists the channel, or -1
	teamShare []float64    // size x team: shares of the teams without channels
}

func newNumbers(p *plan.Plan, cells int) *numbers {
	K, C, S, T := len(p.Triggers), len(p.Channels), len(p.Population.Sizes), len(p.Teams)
	return &numbers{
		felt: make([]float64, cells*K), window: make([]rng.GammaSampler, K), visible: make([]uint64, K),
		urgency: make([]float64, K),
		reach:   make([]uint64, cells*C), targeting: make([]float64, C), organic: make([]float64, C),
		fallsBack: make([]uint8, C), weight: make([]float64, 2*C), death: make([]float64, S), base: make([]float64, S),
		law: make([]rng.ParetoLaw, S), heads: make([]*rng.FloorTable, S),
		cycle: make([]rng.GammaSampler, T*S), growth: make([]float64, S), needLog: make([]float64, S),
		bySize: make([]uint64, S), byIndustry: make([]uint64, len(p.Population.Industries)), byTrigger: make([]uint64, K),
		byChannel: make([]uint64, C),
		net:       make([]offerPrice, len(p.Products)*C),
		perFirm:   make([]bool, len(p.Products)), rival: make([]float64, K), priceWin: make([]float64, len(p.Products)*C),
		parts: make([]float64, C*len(p.Population.Regions)), holdout: make([]uint64, C),
		hours:  make([]plan.Hours, T),
		teamOf: make([]int16, S*C), teamShare: make([]float64, S*T),
	}
}

// mostFelt is the highest rate a week at which a dormant firm feels a trigger: where nearly no firm is
// dormant one that becomes so is in market again within minutes.
const mostFelt = 1000

// fillNumbers turns the numbers of a plan into tables. The opening plan may lack
// triggers, channels, teams and products of the run's plan; tables are indexed
// by the run's plan and hold nothing for what it lacks.
func (w *world) fillNumbers(n *numbers, p *plan.Plan, opening bool) {
	n.plan = p
	if opening {
		n.plan = plan.Align(w.plan, p)
		p = n.plan
	}
	bySize := w.firmsBySize()
	K, C, S := len(w.plan.Triggers), len(w.plan.Channels), len(p.Population.Sizes)
	for i := range w.cells {
		c := &w.cells[i]
		for k := range p.Triggers {
			n.felt[i*K+k] = min(mostFelt, yearlyRate(p, &p.Triggers[k], c, bySize)*w.feel[i]/plan.WeeksPerYear)
		}
		for ch := range p.Channels {
			n.reach[i*C+ch] = 0
			if p.Acts(&p.Channels[ch]) {
				n.reach[i*C+ch] = reachOf(&p.Channels[ch], c)
			}
		}
	}
	for k := range p.Triggers {
		t := &p.Triggers[k]
		n.window[k] = w.gammas.Sampler(t.WindowWeeks, t.WindowCV)
		n.visible[k] = uint64(int64(t.Visible * threshold32))
		n.urgency[k] = t.Urgency
		n.rival[k] = p.Rivals.Hazard(t)
	}
	n.lock = float64(p.Journey.LockInYears * plan.WeeksPerYear)
	n.fillTouching(p)
	v := p.Customers.FrailtyVariance
	n.frailty = w.gammas.Sampler(1, math.Sqrt(v))
	for s := 0; s < S; s++ {
		m := p.Population.Sizes[s].FirmDeathPerYear
		n.death[s] = m / plan.WeeksPerYear
		n.base[s] = BaseHazard(p, w.tl.Opening(), s)
		if law := headcountLaw(p, s); law != n.law[s] || n.heads[s] == nil {
			n.law[s] = law
			n.heads[s] = rng.NewFloorTable(&law)
		}
		n.growth[s] = 0 // a price per firm does not follow seats
		if !p.PerFirm(s) {
			n.growth[s] = rng.Log1p(p.Customers.SeatGrowthPerYear[s]) / plan.WeeksPerYear
		}
		n.needLog[s] = float64(p.Journey.ReadinessSteepness * rng.Log(p.Journey.TouchesNeeded[s]))
		for t := range p.Teams {
			n.cycle[t*S+s] = w.gammas.Sampler(p.Teams[t].CycleDays[s]/plan.DaysPerWeek, p.Teams[t].CycleCV)
		}
	}
	for t := range p.Teams {
		n.hours[t] = plan.HoursOf(&p.Teams[t], w.plan.Run.Start)
	}
	n.fillTeams(w, p)
	n.rho = rng.Log1p(p.Finance.DiscountRate) / plan.WeeksPerYear
	n.fillOffers(p)
}

// fillTouching finds what a touch does, by channel, and how searches arrive.
func (n *numbers) fillTouching(p *plan.Plan) {
	n.memory = 1 / (p.Journey.MemoryWeeks * ticksPerWeek)
	n.steep, n.stepwise = int(p.Journey.ReadinessSteepness), p.Journey.ReadinessStep
	n.needSpread = float64(p.Journey.ReadinessSteepness * p.Journey.TouchesNeededSD)
	n.weighty, n.unreal = 0, 0
	R := len(p.Population.Regions)
	n.needsAware, n.reachLess, n.reachMore = 0, 0, 0
	for c := range p.Channels {
		n.weight[2*c], n.weight[2*c+1] = float64(p.Channels[c].Weight*(1+p.Journey.CrossChannelBonus)), p.Channels[c].Weight
		if p.Channels[c].Weight > 0 {
			n.weighty |= 1 << c
		}
		if p.Channels[c].ForAware() {
			n.needsAware |= 1 << c
		}
		p.Channels[c].SpendParts(p, n.parts[c*R:(c+1)*R])
		n.holdout[c] = threshold(p.Channels[c].Holdout)
		n.organic[c], n.fallsBack[c] = p.OrganicShare(&p.Channels[c])
		if p.Channels[c].Real < 1 || n.organic[c] > 0 && p.Channels[n.fallsBack[c]].Real < 1 {
			n.unreal |= 1 << c
		}
	}
}

// fillOffers finds what is on offer to whom, and at what price.
func (n *numbers) fillOffers(p *plan.Plan) {
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
	}
	P := len(p.Products)
	for i := range p.Products {
		n.perFirm[i] = p.Products[i].PricePer == plan.PerFirm
	}
	n.priced = false
	for c := range p.Channels {
		net := n.net[c*P : (c+1)*P]
		for i := range net {
			pr := &p.Products[i]
			net[i] = offerPrice{pr.Price * (1 - min(0.9, pr.Discount*p.Channels[c].Discount)), uint8(i)}
		}
		n.fillPriceWin(p, c, net)
		slices.SortStableFunc(net, func(a, b offerPrice) int { return cmp.Compare(b.price, a.price) })
	}
}

// offerPrice is the net price of a product on a channel.
type offerPrice struct {
	price   float64
	product uint8
}

// offer enters a product into the sets of those to whom it is sold: the named
// ones, or all where none are.
func offer(sets []uint64, product int, names []string, name func(int) string) {
	to := maskOf(names, len(sets), name)
	for k := range sets {
		sets[k] |= to >> k & 1 << product
	}
}

// BaseHazard is the integrated churn hazard of the first year at frailty 1 of a size class: stated, or
// solved from retained_12_months by (1 + v base)^(-1/v) alive = retained, alive the share of the opening plan's
// standing stock of firms that is alive a year later (e^-m where death does not depend on age): more firms that die
// later lower retention, they do not lower churn.
func BaseHazard(p, open *plan.Plan, size int) float64 {
	if b := p.Customers.BaseHazard[size]; b == b {
		return b
	}
	v, z := p.Customers.FrailtyVariance, &open.Population.Sizes[size]
	survives := p.Customers.Retained12Months[size]
	if z.Aged() {
		survives /= StockSurvival(z, 1)
	} else {
		survives = float64(survives * rng.Exp(z.FirmDeathPerYear))
	}
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
