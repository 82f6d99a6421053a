package model

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// world is everything about one replication that is known before its first
// day: the timeline of the plan's numbers, the market's cells, and the tables
// that the hot loops read. It depends on the draw of the uncertain inputs, the
// shocks and the regime, never on what happens in the market.
type world struct {
	plan *plan.Plan
	tl   *plan.Timeline

	steps, burnIn int
	tail          int     // steps after the run in which what it began is followed to its end
	span          int     // steps in all
	h             float64 // weeks a step
	perWeek       float64 // steps a week
	before        float64 // weeks of burn-in

	cells    []Cell
	firms    []int      // N by cell on the first day
	byRegion []float64  // firms by region
	regionOf []uint8    // by cell
	dormant  []int      // round(d N)
	share    []float64  // d, the reference dormant share at a step's start
	scale    []float64  // factor on trigger rates where d would fall too low
	feel     []float64  // felt rate of a trigger over its rate
	life     []firmLife // by size: how long firms live
	perStep  []float64  // felt rate of all triggers, a step

	kindLabel []uint64
	grows     bool       // the number of firms is not constant
	charged   []float64  // by step of the tail: the share of its cost that the pipeline is charged
	open      *numbers   // of the opening plan
	past      []*numbers // of each epoch of a burn-in that replays; else none
	every     []*numbers // all of these
	epochs    []*numbers // of each epoch, and past the end
	spare     []*numbers

	// Trigger proposals: height of the first layer and number of layers by
	// (block, kind), and season x economy by (step from -burnIn, kind).
	blocks []block
	layer  []float64
	layers []uint8
	band   []int // by cell: slots of firms on which proposals are drawn as a rule
	tables []rng.PoissonTable
	pace   []float64

	// Touch proposals.
	axis         axis
	sources      []source // what lies beyond the axis, but for the layer right above it
	ticksPerUnit float64  // mean ticks between proposals on one unit of the axis
	// region x (step from -burnIn) x (channel, and one for none): rate in units of the axis as far as known ahead, else
	// the most it can be; points below are touches
	keep      []uint64
	pull      []float64  // likewise: response x lift
	aware     []uint64   // (step from -burnIn) x region: thresholds on 32 bits
	feedback  uint64     // channels whose touches depend on the run itself: referrals, cash rules
	needAware uint64     // channels that need awareness at any time
	unreal    uint64     // channels whose leads are not all real, at any time
	rows      []*numbers // by step from -burnIn
	targets   bool       // some channel has targets
	// channels on the axis that at some time do not reach all whom they reach under the opening plan
	less     uint64
	above    uint64    // intervals of the axis above which this plan can keep a point
	beyond   uint64    // channels of which this plan can keep a point beyond the axis
	firstDay uint32    // the tick at which the run begins
	endTick  uint64    // the end of the run
	lastTick uint64    // the end of its tail
	regional uint64    // channels whose spend differs between regions at some time
	held     uint64    // channels that hold firms out at some time
	node     []uint64  // by channel: label of its name
	season   []float64 // by (step from -burnIn, channel)
	perFirm  []float64 // by step from -burnIn: firms for which money is stated, over those there are; or 1
	searches uint64    // channels of which a search may arrive that the paid link does not take
	paid     []uint64  // step from -burnIn x region x channel: the paid link takes searches below, known as keep is
	gammas   rng.GammaTables

	weights []float64 // region x 2: sum of the media's weights on salience, equity in the opening plan

	pressureS, pressureE []float64 // by (step, region)
	brandSpend           []float64 // by (step, region), USD a week
	openBrand            *brand    // stocks of the first day of the burn-in
	replay               replay    // of the burn-in
	first                stocks    // of the run's first day

	opening      []openingCell
	groups       []openingGroup // of a file of opening customers
	listed       bool           // a file says what is open on the first day
	pipeline     []openGroup    // of that file
	locks        []uint32       // by step from -burnIn: a lock that begins in it at this tick or later ends after the run
	hazards      []hazardSegment
	outlast      []outlast // by size: how long sales may go on after first contact
	settled      int       // steps before the first day in which its queues are expected to have begun
	steadyFrom   int       // epoch from which on no number of a customer's value changes
	steadyGrowth bool      // seats grow alike in all epochs
	monthOf      []int16   // calendar month of the run by day
	priceMoves   []bool    // by product: its live customers see a change of price and answer it
	pricesMove   bool      // some product's do
	rivals       bool      // some firm in market may choose a rival
	rivalSum     []float64 // kind x (step from -burnIn, and past the last): integrated hazard up to the step
	deaths       []float64 // by (step from -burnIn, size): firm death a week
	slump        []bool    // by step from -burnIn: recession
}

const threshold32 = 1 << 32

// newWorld allocates a world of a plan; set fills it for one replication.
func newWorld(p *plan.Plan) *world {
	w := &world{plan: p, tl: plan.NewTimeline(p)}
	w.steps, w.burnIn, w.h = w.tl.Steps(), w.tl.BurnIn(), w.tl.StepWeeks()
	w.tail, w.span = w.tl.Tail(), w.burnIn+w.tl.Past()
	w.perWeek, w.before = float64(w.tl.StepsPerWeek()), float64(float64(w.burnIn)*w.h)
	w.cells = cellsOf(p)
	for _, c := range w.cells {
		w.regionOf = append(w.regionOf, uint8(c.Region))
	}
	K, C, n := len(p.Triggers), len(p.Channels), len(w.cells)
	w.share, w.scale, w.feel, w.perStep, w.dormant = make([]float64, n), make([]float64, n), make([]float64, n),
		make([]float64, n), make([]int, n)
	w.byRegion = make([]float64, len(p.Population.Regions))
	for _, k := range p.Triggers {
		w.kindLabel = append(w.kindLabel, rng.Label(k.Name))
	}
	for _, c := range p.Channels {
		w.node = append(w.node, rng.Label(c.Name))
	}
	w.pace = make([]float64, w.span*K)
	w.season = make([]float64, w.span*C)
	w.perFirm = make([]float64, w.span)
	w.paid = make([]uint64, w.span*len(p.Population.Regions)*C)
	w.keep = make([]uint64, w.span*len(p.Population.Regions)*(C+1))
	w.pull = make([]float64, len(w.keep))
	w.aware = make([]uint64, w.span*len(p.Population.Regions))
	w.rows = make([]*numbers, w.span+1)
	w.lastTick = uint64(w.span) * ticksPerWeek / uint64(w.tl.StepsPerWeek())
	w.endTick = uint64(w.burnIn+w.steps) * ticksPerWeek / uint64(w.tl.StepsPerWeek())
	w.firstDay = uint32(uint64(w.burnIn) * ticksPerWeek / uint64(w.tl.StepsPerWeek()))
	w.band = make([]int, n)
	w.weights = make([]float64, len(w.byRegion)*2)
	open := p.OpeningPlan
	if open == nil {
		open = p
	}
	w.fillBlocks(open)
	w.layer, w.layers, w.tables = make([]float64, len(w.blocks)*K), make([]uint8, len(w.blocks)*K),
		make([]rng.PoissonTable, len(w.blocks)*K)
	w.open = newNumbers(p, n)
	w.slump = make([]bool, w.span+1)
	w.deaths = make([]float64, len(w.slump)*len(p.Population.Sizes))
	first := p.Run.Start
	y, m, _ := first.YMD()
	for d := 0; d < int(p.Run.Weeks)*7; d++ {
		yd, md, _ := (first + plan.Date(d)).YMD()
		w.monthOf = append(w.monthOf, int16((yd-y)*12+md-m))
	}
	return w
}

// set fills the world for one replication; below is where shocks and the regime
// are drawn.
func (w *world) set(seed uint64, replication int, below rng.Key) {
	w.tl.SetBelow(seed, replication, below)
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

func (w *world) openTrigger(i int) *plan.Trigger {
	return byName(w.tl.Opening().Triggers, func(k *plan.Trigger) string { return k.Name }, w.plan.Triggers[i].Name)
}

func (w *world) openChannel(i int) *plan.Channel {
	return byName(w.tl.Opening().Channels, func(c *plan.Channel) string { return c.Name }, w.plan.Channels[i].Name)
}

func (w *world) fill() {
	open := w.tl.Opening()
	if w.firms == nil || len(w.plan.Inputs) > 0 || len(open.Inputs) > 0 {
		w.fillPopulation(open)
	}
	w.fillDormant(open)
	w.charged = Charged(open, w.tail, w.h)
	w.spare = append(append(w.spare, w.epochs...), w.past...)
	w.epochs = w.numbersOf(w.epochs[:0], w.tl.Epochs(), false)
	w.past = w.numbersOf(w.past[:0], w.tl.PastEpochs(), true)
	w.grows = slices.ContainsFunc(w.epochs, func(n *numbers) bool { return n.plan.Population.GrowthPerYear != 0 })
	w.fillNumbers(w.open, open, true)
	w.fillRegional(open)
	w.every = append(append(append(w.every[:0], w.open), w.past...), w.epochs...)
	w.fillSteady()
	w.fillOutlast()
	w.fillSeasons()
	w.fillTriggers()
	w.fillTargeting()
	w.fillPerFirm()
	w.fillWeights()
	w.fillOpenBrand()
	w.fillReplay()
	w.fillPressure()
	w.fillTouches()
	w.fillRivals()
	w.fillLocks()
	w.fillHazards()
	w.fillOpening()
}

// fillRegional finds the channels whose spend differs between regions at some time.
func (w *world) fillRegional(open *plan.Plan) {
	w.regional = 0
	for c := range w.plan.Channels {
		yes := w.tl.SpendsByRegion(c)
		o := slices.IndexFunc(open.Channels, func(o plan.Channel) bool { return o.Name == w.plan.Channels[c].Name })
		if o >= 0 {
			for r := range w.byRegion {
				yes = yes || open.Channels[o].SpendIn(r) != open.Channels[o].SpendIn(0)
			}
			yes = yes || w.tl.PastSpendsByRegion(o)
		}
		if yes {
			w.regional |= 1 << c
		}
	}
}

// fillLocks finds which locks end after the run unless the firm dies in them.
func (w *world) fillLocks() {
	w.locks = slices.Grow(w.locks[:0], len(w.rows))[:len(w.rows)]
	for row := range w.locks {
		w.locks[row] = uint32(max(0, int64(w.endTick)-int64(w.rows[row].lock*ticksPerWeek)+1))
	}
}

// numbersOf appends the numbers of epochs, of the run or of what its burn-in replays, to a list.
func (w *world) numbersOf(list []*numbers, epochs []plan.Epoch, opening bool) []*numbers {
	for _, e := range epochs {
		var n *numbers
		if k := len(w.spare); k > 0 {
			n, w.spare = w.spare[k-1], w.spare[:k-1]
		} else {
			n = newNumbers(w.plan, len(w.cells))
		}
		w.fillNumbers(n, e.Plan, opening)
		list = append(list, n)
	}
	return list
}

// at gives the numbers of a step.
func (w *world) at(step int) *numbers {
	switch {
	case step < 0 && len(w.past) > 0:
		return w.past[w.tl.PastEpochOf(step)]
	case step < 0:
		return w.open
	}
	return w.epochs[w.tl.EpochOf(step)]
}

// stepBefore is the step some weeks before the first day, of what is older than the burn-in its first.
func (w *world) stepBefore(weeks float64) int {
	return min(-1, max(-w.burnIn, -int(math.Ceil(weeks*w.perWeek))))
}

// lately gives the numbers of a step before the first day, of which there need be none.
func (w *world) lately(step int) *numbers {
	if w.burnIn == 0 {
		return w.open
	}
	return w.at(step)
}

func (w *world) fillPopulation(open *plan.Plan) {
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
func (w *world) fillDormant(open *plan.Plan) {
	bySize := w.firmsBySize()
	w.fillLives(open)
	least := open.Population.MinDormantShare
	for i := range w.cells {
		c := &w.cells[i]
		z := &open.Population.Sizes[c.Size]
		var away, rate float64
		for k := range open.Triggers {
			if t := &open.Triggers[k]; t.Enabled {
				r := yearlyRate(open, t, c, bySize)
				rate += r
				if w.life[c.Size].aged {
					away += float64(r * agedAwayYears(t, z, open.Journey.LockInYears, open.Rivals.Hazard(t)))
				} else {
					away += float64(r * awayYears(t, z.FirmDeathPerYear, open.Journey.LockInYears, open.Rivals.Hazard(t)))
				}
			}
		}
		w.scale[i] = 1
		if 1-away < least {
			w.scale[i] = (1 - least) / away
			away = 1 - least
		}
		w.share[i] = 1 - away
		flow := float64(rate * w.scale[i] / plan.WeeksPerYear * w.h) // of a firm, a step
		var more float64
		w.perStep[i], more = withinStep(flow, w.share[i])
		w.share[i] += more
		if w.feel[i] = w.scale[i]; flow > 0 {
			w.feel[i] *= w.perStep[i] / flow
		}
		w.dormant[i] = int(math.RoundToEven(w.share[i] * float64(w.firms[i])))
		w.band[i] = min(w.firms[i], w.dormant[i]+w.dormant[i]/16+16)
	}
}

// mostPerStep is the largest share of the dormant firms of a step's start that may open journeys in it:
// up to there the flow is right within 1%.
const mostPerStep = 0.7

// withinStep is the rate a step at which a dormant firm must feel its triggers, so that a flow of
// journeys a firm and step comes about although nobody who comes back in a step is dormant again before
// its end. dormant is the share of dormant firms in continuous time; more of them are dormant at a
// step's start, since triggers come early in a step where many are felt (docs/model.md, section 3.3):
//
//	1 - e^-f = flow/(dormant + more)     more = flow (1/2 - mean time of a trigger in its step)
func withinStep(flow, dormant float64) (felt, more float64) {
	for range 40 { // a contraction: each round leaves less than half of the error
		share := min(flow/(dormant+more), mostPerStep)
		felt = -rng.Log1p(-share)
		late := felt / 12 // 1/2 - (1/felt - 1/(e^felt - 1))
		if felt > 0.01 {
			late = 0.5 - 1/felt + 1/rng.Expm1(felt)
		}
		more = float64(flow * late)
	}
	return felt, more
}

var monthDays = [12]float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// openingCustomers is the number of customers on the first day.
func (w *world) openingCustomers() (sum float64) {
	for _, n := range w.tl.Opening().Opening.Customers {
		sum += n
	}
	return sum
}

// checkOpening checks that opening customers and dormant firms leave room for
// locked firms in each size class.
func (w *world) checkOpening() error {
	open := w.tl.Opening()
	for i, c := range w.cells {
		if share := -rng.Expm1(-w.perStep[i]); share >= mostPerStep && w.firms[i] > 0 {
			return fmt.Errorf("triggers and run.step: %s has so many triggers that more than %.0f%% of its dormant firms open "+
				"a buying journey in one %s; use run.step = \"day\", lower rates or a higher min_dormant_share",
				c.Name, 100*mostPerStep, w.plan.Run.Step)
		}
	}
	for i, g := range w.groups {
		if g.product < 0 {
			return fmt.Errorf("opening.customers_file: lists customers of %s, and the plan has no such product; give it one "+
				"of that name, with enabled = false if it is sold no more", open.Opening.Groups[i].Product)
		}
	}
	for s := range open.Population.Sizes {
		var firms, dormant float64
		for i, c := range w.cells {
			if c.Size == s {
				firms += float64(w.firms[i])
				dormant += float64(w.dormant[i])
			}
		}
		if n := open.Opening.Customers[s]; n > firms-dormant {
			return fmt.Errorf("opening.customers.%s = %.0f: of %.0f firms of this class only %.0f are away from the dormant "+
				"state on the first day, so at most that many can be customers",
				open.Population.Sizes[s].Name, n, firms, firms-dormant)
		}
		if err := w.checkPipeline(open.Population.Sizes[s].Name, firms-dormant, open.Opening.Customers[s]); err != nil {
			return err
		}
	}
	return nil
}
