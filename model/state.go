package model

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
)

// Prepared is a plan made ready to be replicated. It is shared by workers and
// never changes.
type Prepared struct {
	plan       *plan.Plan
	dictionary *dictionary
	saturated  []SaturatedChannel
	scaled     []ScaledCell
}

// Prepare checks what only the numbers of the market can show (opening customers
// that do not fit, for one) and makes a plan ready. The plan must not change
// afterwards.
func Prepare(p *plan.Plan) (*Prepared, error) {
	if len(p.Channels) > 64 {
		return nil, fmt.Errorf("%d channels: a plan has at most 64", len(p.Channels))
	}
	if len(p.Products) > 64 || len(p.Triggers) > 64 || len(p.Teams) > 255 {
		return nil, fmt.Errorf("a plan has at most 64 products, 64 trigger kinds and 255 teams")
	}
	pr := &Prepared{plan: p, dictionary: newDictionary(p)}
	w := newWorld(p)
	w.tl.SetFixed()
	w.fill()
	if err := w.checkOpening(); err != nil {
		return nil, err
	}
	for i, f := range w.scale {
		if f < 1 && w.firms[i] > 0 {
			pr.scaled = append(pr.scaled, ScaledCell{w.cells[i].Name, f})
		}
	}
	for c := range p.Channels {
		ch := &w.tl.Plan(0).Channels[c]
		if ch.Enabled && ch.Driver == "budget" {
			var most float64
			for s := 0; s < w.steps; s++ {
				for r := range w.byRegion {
					_, x := w.tl.RegionSpend(s, c, r)
					most = max(most, x)
				}
			}
			if half := ch.HalfSaturation * w.epochs[0].targeting[c]; most > 3*half {
				pr.saturated = append(pr.saturated, SaturatedChannel{ch.Name, most / half})
			}
		}
	}
	return pr, nil
}

// Plan is the plan that was prepared.
func (pr *Prepared) Plan() *plan.Plan { return pr.plan }

// Schema is the shape of the records that replications of the plan fill.
func (pr *Prepared) Schema() *plan.Schema { return pr.dictionary.schema }

// Warnings lists what a user should know before the run.
func (pr *Prepared) Warnings() (out []string) {
	for _, c := range pr.saturated {
		out = append(out, fmt.Sprintf("channels.%s: its budget reaches %.1f half-saturations; beyond 3, more money buys "+
			"almost nothing", c.Channel, c.Halves))
	}
	return out
}

// Saturated lists the channels whose budget reaches more than 3 half-saturations on some day.
func (pr *Prepared) Saturated() []SaturatedChannel { return pr.saturated }

// Scaled lists the cells whose trigger rates were scaled down so that the
// reference share of dormant firms keeps its least value, at median inputs.
func (pr *Prepared) Scaled() []ScaledCell { return pr.scaled }

// State is the simulated market and vendor of one replication. One goroutine
// owns a State and reuses it: after the first replication nothing is allocated
// (but for plans with uncertain inputs, whose tables are made anew).
type State struct {
	pr *Prepared
	w  *world
	// fixed: the world does not differ between replications.
	fixed, filled, roomy bool

	root            rng.Key
	blockKeys       []rng.Key // block x kind
	proposals       []uint32  // (step from -burnIn) x block x kind: trigger proposals of the first layer
	drivers         *drivers
	customersAtWeek float64

	pools   pools
	journey journeys
	sales   sales
	free    freeUse
	base    customerBase
	money   money
	tally   tally
	carry   carry
	books   books

	Observer Observer  // is told what happens to single firms and in weeks, if not nil
	asks     Events    // of the observer, in the replication in hand
	watch    *watch    // nil until an observer asks for weeks
	touch    TouchMade // that is told

	step     int    // the current step; negative in the burn-in
	whole    int    // steps before the first day in which nobody who may queue is dropped
	eachStep func() // called at the end of each step of the run, for tests

	followAll bool // drop no journey of the burn-in, for tests

	fork fork // where plans that are run together part
}

// NewState makes a state for one goroutine.
func (pr *Prepared) NewState() *State { return pr.newState(newWorld(pr.plan)) }

func (pr *Prepared) newState(w *world) *State {
	s := &State{pr: pr, w: w, fixed: !w.tl.Random()}
	s.fork.lift()
	s.drivers = newDrivers(w)
	s.blockKeys = make([]rng.Key, len(w.blocks)*len(pr.plan.Triggers))
	s.proposals = make([]uint32, (w.burnIn+w.steps)*len(s.blockKeys))
	s.pools.init(w)
	s.journey.init(w)
	s.sales.init(w)
	s.base.init(w)
	s.money.init(w)
	s.tally.init(w, pr.dictionary.schema)
	s.free.init(w, len(s.tally.rows)/colSums)
	s.books.init(s)
	return s
}

// Replicate simulates one replication and fills rec, which must have the shape
// of the plan's schema.
func (s *State) Replicate(seed uint64, replication int, rec *plan.Record) {
	s.ReplicateNested(seed, replication, 0, rec)
}

// ReplicateAt simulates a replication whose uncertain inputs are given, on the
// scale of probabilities (inside 0 to 1) and in the order of Plan.Factors.
// Variation addresses all else: with the inputs of the replication of that number it is that
// replication.
func (s *State) ReplicateAt(seed uint64, variation int, inputs []float64, rec *plan.Record) {
	s.w.tl.Give(inputs)
	rec.Replication = variation
	s.root = rng.Root(seed, variation)
	s.replicate(seed, variation, rec)
	s.w.tl.Give(nil)
}

// ReplicateNested simulates one draw of the uncertain inputs under one of
// several random variations: the inputs are those of replication draw, all else is drawn
// anew for each. Variation 0 is the replication itself.
func (s *State) ReplicateNested(seed uint64, draw, variation int, rec *plan.Record) {
	rec.Replication = draw
	s.root = rootOf(seed, draw, variation)
	s.replicate(seed, draw, rec)
}

// rootOf is where everything is drawn except the inputs, for one of several variations.
func rootOf(seed uint64, draw, variation int) rng.Key {
	root := rng.Root(seed, draw)
	if variation != 0 {
		root = root.Child(purposeVariation).Child(uint64(int64(variation)))
	}
	return root
}

// replicate simulates the replication whose root is set.
func (s *State) replicate(seed uint64, draw int, rec *plan.Record) {
	if !s.fixed || !s.filled {
		s.w.set(seed, draw, s.root)
		s.filled = true
	}
	copy(rec.Inputs, s.w.tl.Drawn())
	s.runTwiceIfRuined(rec, s.run)
}

// runTwiceIfRuined runs a replication by a function, and once more if it ends in ruin: its journeys were followed
// beyond the week of ruin then, and no total may count a later touch. It fills the record.
func (s *State) runTwiceIfRuined(rec *plan.Record, run func(rec *plan.Record, horizon uint32)) {
	run(rec, uint32(s.w.lastTick))
	if m := &s.money; m.ruined && m.ruinWeek*s.w.tl.StepsPerWeek() < s.w.steps {
		run(rec, s.w.firstTick(s.w.burnIn+m.ruinWeek*s.w.tl.StepsPerWeek()))
	}
	s.finish(rec)
	if !s.roomy {
		s.makeRoom()
		s.roomy = true
	}
}

// makeRoom lets the lists that the first replication has filled hold what any other brings.
func (s *State) makeRoom() {
	for i := range s.sales.bookings {
		s.sales.bookings[i], s.sales.arrivals[i] = roomy(s.sales.bookings[i]), roomy(s.sales.arrivals[i])
		s.sales.tried[i] = roomy(s.sales.tried[i])
	}
	for i := range s.free.begins {
		s.free.begins[i], s.free.from[i] = roomy(s.free.begins[i]), roomy(s.free.from[i])
	}
	for i := range s.base.leave {
		s.base.leave[i], s.base.renew[i] = roomy(s.base.leave[i]), roomy(s.base.renew[i])
	}
	for i := range s.sales.teams {
		d := &s.sales.teams[i]
		d.today, d.order = roomy(d.today), roomy(d.order)
		d.queue = slices.Grow(roomy(d.queue), cap(d.today)) // one step's sign-ups may all wait
	}
	j := &s.journey
	for i := range j.leads { // of steps that a ruined company did not come to
		j.spareLeads.take(&j.leads[i])
		j.spareLeads.take(&j.waited[i])
		j.spareParked.take(&j.parked[i])
	}
	j.spareLeads.roomy()
	j.spareParked.roomy()
	j.newborn.grow(cap(roomy(j.newborn.slot)))
	j.newborn.unsure = roomy(j.newborn.unsure)
	s.carry.touch = slices.Grow(s.carry.touch[:0], mostCarryTouches)
	j.late, j.active, j.free, j.keys, j.willing, j.points = roomy(j.late), roomy(j.active), roomy(j.free), roomy(j.keys),
		roomy(j.willing), roomy(j.points)
	j.merged = roomy(j.merged)
	s.fork.makeRoom()
}

// run simulates the current replication; touches end at a tick.
func (s *State) run(rec *plan.Record, horizon uint32) {
	s.runToFirstDay(horizon)
	s.openRun()
	lap(StageOpenRun)
	s.runSteps(0, s.w.steps, rec)
}

// runToFirstDay runs what comes before the first day; touches end at a tick.
func (s *State) runToFirstDay(horizon uint32) {
	lap(StageBetween)
	s.runBurnIn(horizon, s.w.settled)
	if s.w.settled < s.w.burnIn && s.queuesAreOlder() {
		s.runBurnIn(horizon, s.w.burnIn)
	}
	s.openPipeline()
}

// runSteps runs the steps of the run from one up to another, or to the week of ruin.
func (s *State) runSteps(from, to int, rec *plan.Record) {
	for s.step = from; s.step < to && !s.money.ruined; s.step++ {
		s.Step()
		if (s.step+1)%s.w.tl.StepsPerWeek() == 0 {
			s.closeWeek(rec)
		}
		if s.eachStep != nil {
			s.eachStep()
		}
	}
}

// Step simulates one step, in the order of the package documentation.
func (s *State) Step() {
	s.setDrivers()
	lap(StageDrivers)
	s.openJourneys()
	lap(StageJourneys)
	s.resume()
	lap(StageResume)
	s.raiseHands()
	lap(StageHands)
	s.sell()
	lap(StageSell)
	s.book()
	lap(StageBook)
	s.serveCustomers()
	lap(StageServe)
	s.returnToDormant()
	lap(StageReturn)
}

// reset empties the state for a replication whose touches end at a tick.
func (s *State) reset(horizon uint32) {
	w := s.w
	for i := range w.blocks {
		key := s.root.Child(purposeBlock).Child(w.blocks[i].label)
		for k, label := range w.kindLabel {
			s.blockKeys[i*len(w.kindLabel)+k] = key.Child(label)
		}
	}
	s.drawAllProposals()
	s.drivers.open(w)
	s.pools.reset(w)
	s.journey.reset(w)
	s.journey.horizon = horizon
	s.fork.empty()
	s.sales.reset(w)
	s.free.reset()
	s.base.reset(w)
	s.money.reset(w)
	s.tally.reset()
	s.beginObserving()
	s.customersAtWeek = w.openingCustomers()
}

// now is the time at the start of the current step, in weeks since the first day.
func (s *State) now() float64 { return float64(float64(s.step) * s.w.h) }

// setDrivers moves adstock and brand stocks through the step and fixes the touch
// rates, lifts and awareness that hold in it.
func (s *State) setDrivers() {
	if s.step >= 0 && s.step%s.w.tl.StepsPerWeek() == 0 {
		s.customersAtWeek = float64(s.base.live)
		s.money.openWeek(s)
		if s.w.grows {
			s.pools.grow(s.w, s.step)
		}
	}
	s.drivers.step(s.w, s.step, s.money.cut, s.customersAtWeek)
	s.journey.setTouch(s)
	if s.step >= 0 {
		s.spendMedia()
	}
}

// stepOf is the index of the step that holds a time, counted from the first
// step of the burn-in.
func (s *State) stepOf(at float64) int {
	return int(float64((at + s.w.before) * s.w.perWeek)) // never negative: the whole part
}

// row is the index of the current step, counted from the first of the burn-in.
func (s *State) row() int { return s.step + s.w.burnIn }

// end is the time at the end of the run, in weeks.
func (w *world) end() float64 { return float64(float64(w.steps) * w.h) }

// tailEnd is the time at the end of the tail, in weeks.
func (w *world) tailEnd() float64 { return float64(float64(w.steps+w.tail) * w.h) }

// inRun says whether the current step lies in the run: not in the burn-in, not in the tail.
func (s *State) inRun() bool { return s.step >= 0 && s.step < s.w.steps }

// month is the calendar month of the run that holds a time, or -1 before it.
func (w *world) month(at float64) int {
	d := int(math.Floor(at * plan.DaysPerWeek))
	if d < 0 {
		return -1
	}
	return int(w.monthOf[min(d, len(w.monthOf)-1)])
}

// openRun turns what the burn-in left into the state of the first day.
func (s *State) openRun() {
	s.step = 0
	s.tally.clearBurnIn(s)
	s.sales.clearBurnIn(s)
	s.base.openCustomers(s)
	s.pools.openRun(s)
	s.money.openRun(s)
}
