package plan

import (
	"math"
	"slices"
	"sort"

	"windfall/model/rng"
)

// Units of time. The engine counts time in weeks since the first day of the
// run; a year is 365.25 days and a month a twelfth of it.
const (
	DaysPerWeek   = 7.0
	WeeksPerYear  = 365.25 / DaysPerWeek
	WeeksPerMonth = WeeksPerYear / 12
	HoursPerWeek  = 24 * DaysPerWeek
)

// BlockSize is the number of replications that are run and kept together: whole
// Latin hypercubes of the uncertain inputs.
const BlockSize = 5 * Hypercube

// Timeline gives the numbers of a plan at every step of one replication: it
// draws the uncertain inputs, the shocks and the regime, and applies schedules,
// dated changes and shocks in the order of docs/model.md, section 3.2.
//
// A number acts from the first step that starts on or after its date. Spend
// (weekly_budget and cost_multiplier) acts by its share of the days of a step.
type Timeline struct {
	plan, opening *Plan
	perWeek       int // steps a week, 1 or 7
	stepDays      int
	steps         int // steps of the run
	tail          int // steps after it in which what it began is followed to its end
	burnIn        int // steps of the burn-in

	slots  []slot
	inputs inputDraws
	shocks []shockDraw // in order of name

	epochs  []Epoch
	pool    []*numbered // clones of the plan, reused between replications
	open    *numbered   // the opening plan under this replication's draw, unless it has a past
	past    *Timeline   // the opening plan before the first day, where its burn-in replays that, or nil
	epochOf []int       // by step

	switches []float64 // weeks since start at which the regime changes
	startsIn bool      // recession on the first day

	spend     []float64   // channel x step: mean weekly budget
	effective []float64   // channel x step: mean of budget over cost multiplier
	inRegion  []*regional // by channel: both by region, or nil where regions do not differ
	parts     []float64   // by region: parts of a budget at work
	inside    []bool      // by step: some number moves inside it
	channel   []spendSlots
	media     []spendSlots
	months    [2]int // slots of economy.expansion_months and recession_months, or -1
}

// Epoch is a run of steps during which no number of the plan changes.
type Epoch struct {
	First int // first step
	Plan  *Plan
}

// slot is one number of the plan that moves.
type slot struct {
	key       string
	index     int // position among the numbers of key
	base      float64
	low, high float64 // allowed range of the key
	whole     bool
	input     int // index into plan.Inputs, or -1
	schedule  []ScheduleEntry
	moves     []move // in the order in which they act
}

// move is one effect of a dated change or shock on a slot.
type move struct {
	from, until    Date // changes: dates; until 0: for good
	shock          int  // index into Timeline.shocks, -1 for a change
	layer          int
	multiply, hold bool
	value          float64
	input          int
}

type shockDraw struct {
	shock       *Shock
	happens     bool
	from, until Date
}

// numbered is a clone of a plan with pointers to its moving numbers.
type numbered struct {
	plan  *Plan
	slots []*float64
}

// NewTimeline prepares the timeline of a plan. Keys that do not exist are a bug
// of the loader and panic.
func NewTimeline(p *Plan) *Timeline {
	t := &Timeline{plan: p, opening: p.OpeningPlan, perWeek: 1}
	if t.opening == nil {
		t.opening = OpeningOf(p)
	}
	if p.Run.Step == "day" {
		t.perWeek = 7
	}
	t.stepDays = 7 / t.perWeek
	t.steps = int(p.Run.Weeks) * t.perWeek
	t.burnIn = int(t.opening.Opening.BurnInWeeks) * t.perWeek
	t.tail = TailWeeks(p) * t.perWeek
	t.epochOf = make([]int, t.Past()+1)
	t.shocks = make([]shockDraw, len(p.Shocks))
	for i := range p.Shocks {
		t.shocks[i].shock = &p.Shocks[i]
	}
	sort.SliceStable(t.shocks, func(i, j int) bool { return t.shocks[i].shock.Name < t.shocks[j].shock.Name })
	t.collect()
	t.inputs.init(p, t.opening)
	if t.opening.Opening.Replay {
		t.past = t.newPast()
	} else {
		t.open = &numbered{plan: t.opening.Clone()}
		t.inputs.bind(t.open.plan)
	}
	t.inside = make([]bool, t.Past()+1)
	t.makeSpend()
	return t
}

// OpeningOf is the opening plan of a scenario that names none: itself as
// written, without shocks, and of dated changes with what it replays alone.
func OpeningOf(p *Plan) *Plan {
	o := *p
	o.Changes, o.Shocks, o.OpeningPlan = p.Replayed(), nil, nil
	return &o
}

// number clones the plan and finds the timeline's slots in the clone.
func (t *Timeline) number() *numbered {
	n := &numbered{plan: t.plan.Clone(), slots: make([]*float64, len(t.slots))}
	for i := range t.slots {
		refs, _, err := n.plan.Numbers(t.slots[i].key)
		if err != nil {
			panic("plan: " + err.Error())
		}
		n.slots[i] = refs[t.slots[i].index]
	}
	return n
}

// collect lists every number that moves.
func (t *Timeline) collect() {
	c := collector{t: t, at: map[*float64]int{}}
	for i, in := range t.plan.Inputs {
		if in.Key != "" {
			for _, k := range c.find(in.Key) {
				t.slots[k].input = i
			}
		}
	}
	for _, s := range t.plan.Schedules {
		for _, k := range c.find(s.Key) {
			t.slots[k].schedule = s.Entries
		}
	}
	c.addMoves()
	c.addSpend()
}

// collector finds the slot of each number that moves.
type collector struct {
	t  *Timeline
	at map[*float64]int // slots of the numbers found so far
}

// find gives the slots of a key's numbers.
func (c *collector) find(key string) []int {
	t := c.t
	refs, param, err := t.plan.Numbers(key)
	if err != nil {
		panic("plan: " + err.Error())
	}
	out := make([]int, len(refs))
	for i, r := range refs {
		k, ok := c.at[r]
		if !ok {
			k = len(t.slots)
			c.at[r] = k
			t.slots = append(t.slots, slot{
				key: key, index: i, base: *r, low: param.Low, high: param.High, whole: param.Whole, input: -1,
			})
		}
		out[i] = k
	}
	return out
}

// addMoves lists what moves each slot, in order: dated changes, shocks, and the changes that come after shocks.
func (c *collector) addMoves() {
	t := c.t
	add := func(effects []Effect, m move) {
		for _, e := range effects {
			m.multiply, m.hold, m.value, m.input = e.Multiply, e.Hold, e.Value, e.Input
			for _, k := range c.find(e.Key) {
				t.slots[k].moves = append(t.slots[k].moves, m)
			}
		}
	}
	changes := t.plan.ChangesInOrder()
	above := slices.IndexFunc(changes, func(x Change) bool { return x.Layer > 0 })
	if above < 0 {
		above = len(changes)
	}
	for _, x := range changes[:above] {
		add(x.Effects, move{from: x.From, until: x.Until, shock: -1})
	}
	for i := range t.shocks {
		add(t.shocks[i].shock.Effects, move{shock: i})
	}
	for _, x := range changes[above:] {
		add(x.Effects, move{from: x.From, until: x.Until, shock: -1, layer: x.Layer})
	}
}

// addSpend notes which slots hold budgets, media prices and the lengths of the regimes.
func (c *collector) addSpend() {
	t := c.t
	slotOf := func(x *float64) int {
		if k, ok := c.at[x]; ok {
			return k
		}
		return -1
	}
	for i := range t.plan.Channels {
		x := &t.plan.Channels[i]
		s := spendSlots{budget: slotOf(&x.WeeklyBudget), cost: slotOf(&x.CostMultiplier)}
		for r := range x.RegionSpend {
			s.parts = append(s.parts, slotOf(&x.RegionSpend[r]))
		}
		t.channel = append(t.channel, s)
	}
	for i := range t.plan.Media {
		m := &t.plan.Media[i]
		s := spendSlots{budget: slotOf(&m.WeeklyBudget.Total), cost: slotOf(&m.CostMultiplier)}
		for r := range m.WeeklyBudget.Parts {
			s.parts = append(s.parts, slotOf(&m.WeeklyBudget.Parts[r]))
		}
		t.media = append(t.media, s)
	}
	t.months = [2]int{slotOf(&t.plan.Economy.ExpansionMonths), slotOf(&t.plan.Economy.RecessionMonths)}
}

// Random says whether the numbers of the plan differ between replications:
// uncertain inputs, a random regime, or a shock with a chance or a random date.
func (t *Timeline) Random() bool {
	if len(t.plan.Inputs) > 0 || len(t.opening.Inputs) > 0 || t.plan.Economy.Regime == "random" {
		return true
	}
	for _, s := range t.shocks {
		if s.shock.Probability < 1 || s.shock.FromLatest > s.shock.From {
			return true
		}
	}
	return false
}

// SetFixed puts uncertain inputs at their medians and lets every shock of
// certain date happen; a random regime holds its start.
func (t *Timeline) SetFixed() {
	t.inputs.fixed()
	for i := range t.shocks {
		s := &t.shocks[i]
		s.happens = s.shock.Probability >= 1
		s.from = s.shock.From
	}
	t.place()
	t.switches = t.switches[:0]
	t.setRegimeScript()
	t.fill()
}

// Set draws everything that is random about the plan in one replication.
func (t *Timeline) Set(seed uint64, replication int) {
	t.SetBelow(seed, replication, rng.Root(seed, replication))
}

// SetBelow draws inputs for a replication, and shocks and the regime below a root.
func (t *Timeline) SetBelow(seed uint64, replication int, root rng.Key) {
	t.inputs.draw(seed, replication)
	for i := range t.shocks {
		s := &t.shocks[i]
		k := root.Child(PurposeShock).Child(rng.Label(s.shock.Name))
		s.happens = k.Unit(0) < s.shock.Probability
		s.from = s.shock.From
		if s.shock.FromLatest > s.shock.From {
			s.from += Date(k.Unit(1) * float64(s.shock.FromLatest-s.shock.From+1))
		}
	}
	t.place()
	t.switches = t.switches[:0]
	if t.plan.Economy.Regime == "random" {
		t.drawRegime(root)
	} else {
		t.setRegimeScript()
	}
	t.fill()
}

// Happened is a shock of a replication with its dates.
type Happened struct {
	Name        string
	From, Until Date
}

// Happened lists the shocks that a replication draws, by name.
func (t *Timeline) Happened(seed uint64, replication int) (out []Happened) {
	t.Set(seed, replication)
	for _, s := range t.shocks {
		if s.happens {
			out = append(out, Happened{s.shock.Name, s.from, s.until})
		}
	}
	return out
}

func (t *Timeline) place() {
	for i := range t.shocks {
		s := &t.shocks[i]
		s.until = s.from + Date(math.Round(s.shock.Weeks*DaysPerWeek))
	}
}

// value is the value of a slot on a date. Shocks can be left out: past the tail
// they have ended. Where several effects together leave the key's
// allowed range, the end of the range holds; whole numbers are rounded.
func (t *Timeline) value(s *slot, on Date, shocks bool) float64 {
	v := t.after(s, len(s.moves), on, shocks)
	if len(s.moves) > 0 {
		v = s.allowed(v)
	}
	return v
}

// allowed is the value nearest to one that the key allows.
func (s *slot) allowed(v float64) float64 { return nearest(v, s.low, s.high, s.whole) }

// Hold is the value nearest to one that lies in the closed range of a key.
func (p Param) Hold(v float64) float64 { return nearest(v, p.Low, p.High, p.Whole) }

func nearest(v, low, high float64, whole bool) float64 {
	v = min(max(v, low), high)
	if whole {
		v = math.RoundToEven(v)
	}
	return v
}

// dates gives the first day of a move and the day after its last; 0: for good.
func (t *Timeline) dates(m *move) (from, until Date, happens bool) {
	if m.shock < 0 {
		return m.from, m.until, true
	}
	d := &t.shocks[m.shock]
	return d.from, d.until, d.happens
}

// after is the value of a slot on a date after its schedule and the first n of its moves.
func (t *Timeline) after(s *slot, n int, on Date, shocks bool) float64 {
	v := s.base
	if s.input >= 0 {
		v = t.inputs.values[s.input]
	}
	for i := range s.schedule {
		e := &s.schedule[i]
		if e.From <= on && (e.Until == 0 || on < e.Until) {
			v = e.Value
			if e.Input >= 0 {
				v = t.inputs.values[e.Input]
			}
		}
	}
	layer := 0
	for i := range s.moves[:n] {
		m := &s.moves[i]
		if m.layer > layer { // what lies below is a plan of its own
			v, layer = s.allowed(v), m.layer
		}
		from, until, happens := t.dates(m)
		if !happens || on < from || until != 0 && on >= until || m.shock >= 0 && !shocks {
			continue
		}
		x := m.value
		if m.input >= 0 {
			x = t.inputs.values[m.input]
		}
		switch {
		case m.hold:
			v = min(v, t.lowest(s, i, from, on))
		case m.multiply:
			v = float64(v * x)
		default:
			v = x
		}
	}
	return v
}

// lowest is the lowest value of a slot after the first n of its moves from one date to
// another, both included.
func (t *Timeline) lowest(s *slot, n int, from, to Date) float64 {
	v := t.after(s, n, from, true)
	look := func(d Date) {
		if d > from && d <= to {
			v = min(v, t.after(s, n, d, true))
		}
	}
	for _, e := range s.schedule {
		look(e.From)
		look(e.Until)
	}
	for i := range s.moves[:n] {
		first, until, _ := t.dates(&s.moves[i])
		look(first)
		look(until)
	}
	return v
}

// On gives the plan with the numbers that hold on a day: uncertain ones at their
// medians, and without shocks that are left to chance.
func (p *Plan) On(day Date) *Plan {
	t := NewTimeline(p)
	t.SetFixed()
	n := t.number()
	for k := range t.slots {
		*n.slots[k] = t.value(&t.slots[k], day, true)
	}
	return n.plan
}

// During gives the plan in each stretch of its run in which no number changes, in order: uncertain numbers at their
// medians, and without shocks that are left to chance.
func (p *Plan) During() (out []*Plan) {
	t := NewTimeline(p)
	t.SetFixed()
	for _, e := range t.epochs {
		if e.First < t.steps {
			out = append(out, e.Plan)
		}
	}
	return out
}

// Date is the first day of a step.
func (t *Timeline) Date(step int) Date { return t.plan.Run.Start + Date(step*t.stepDays) }

// fill makes the epochs and the spend of every step.
func (t *Timeline) fill() {
	starts := []int{0, t.Past()}
	clear(t.inside)
	mark := func(d Date) {
		if d == 0 {
			return
		}
		days := int(d - t.plan.Run.Start)
		if days > 0 && days < t.Past()*t.stepDays && days%t.stepDays != 0 {
			t.inside[days/t.stepDays] = true
		}
		step := (days + t.stepDays - 1) / t.stepDays // first step on or after
		if step > 0 && step < t.Past() {
			starts = append(starts, step)
		}
	}
	for i := range t.slots {
		s := &t.slots[i]
		for _, e := range s.schedule {
			mark(e.From)
			mark(e.Until)
		}
		for i := range s.moves {
			if from, until, happens := t.dates(&s.moves[i]); happens {
				mark(from)
				mark(until)
			}
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	for len(t.pool) < len(starts) {
		t.pool = append(t.pool, t.number())
	}
	t.epochs = t.epochs[:0]
	for i, first := range starts {
		n := t.pool[i]
		on, shocks := t.Date(first), true
		if first == t.Past() { // the last values hold, shocks have ended
			on, shocks = t.Date(first-1), false
		}
		for k := range t.slots {
			*n.slots[k] = t.value(&t.slots[k], on, shocks)
		}
		t.epochs = append(t.epochs, Epoch{First: first, Plan: n.plan})
		end := t.Past() + 1
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		for s := first; s < end; s++ {
			t.epochOf[s] = i
		}
	}
	if t.past != nil {
		t.past.fillPast(&t.inputs)
	}
	t.inputs.apply()
	t.fillSpend()
}

// Steps is the number of steps of the run, BurnIn that of the burn-in.
func (t *Timeline) Steps() int { return t.steps }

// Tail is the number of steps after the run.
func (t *Timeline) Tail() int { return t.tail }

// Past is the step past the end of the run and its tail.
func (t *Timeline) Past() int { return t.steps + t.tail }

// BurnIn is the number of steps before the first day; they are numbered -BurnIn to -1.
func (t *Timeline) BurnIn() int { return t.burnIn }

// StepsPerWeek is 1, or 7 where a step is a day.
func (t *Timeline) StepsPerWeek() int { return t.perWeek }

// StepDays is the length of a step in days.
func (t *Timeline) StepDays() int { return t.stepDays }

// Epochs are the runs of steps of the run and its tail in which no number changes, and what holds after them.
func (t *Timeline) Epochs() []Epoch { return t.epochs }

// EpochOf is the place in Epochs of that of a step of the run or later.
func (t *Timeline) EpochOf(step int) int { return t.epochOf[min(step, t.Past())] }

// MovesInside says whether some number moves inside a step, between its first day and its last.
func (t *Timeline) MovesInside(step int) bool { return t.inside[step] }

// Switches are the times at which the economy changes between expansion and recession, in weeks since the first day.
func (t *Timeline) Switches() []float64 { return t.switches }

// StartsInRecession says whether the first day lies in a recession.
func (t *Timeline) StartsInRecession() bool { return t.startsIn }

// Drawn are the values of the plan's uncertain inputs in this replication, in their order in the plan.
func (t *Timeline) Drawn() []float64 { return t.inputs.values }

// Give takes uncertain inputs, on the scale of probabilities and in the order of Plan.Factors, in place of
// draws; nil: they are drawn again.
func (t *Timeline) Give(inputs []float64) { t.inputs.give(inputs) }

// OpensLike says whether the draws of the opening plan are those of another timeline with the same opening plan.
func (t *Timeline) OpensLike(o *Timeline) bool {
	if t.past != nil {
		return t.past.sameNumbers(o.past)
	}
	for i := range t.inputs.open {
		for k, x := range t.inputs.open[i].refs {
			if *x != *o.inputs.open[i].refs[k] {
				return false
			}
		}
	}
	return true
}

// SpendsLike says whether as much is spent on every channel as in another timeline of the same shape in the steps of
// the run before one: a mean over the days of a step may differ in its last bit although no day does.
func (t *Timeline) SpendsLike(o *Timeline, step int) bool {
	for c := range t.plan.Channels {
		from := c * (t.Past() + 1)
		to := from + step
		if !slices.Equal(t.spend[from:to], o.spend[from:to]) ||
			!slices.Equal(t.effective[from:to], o.effective[from:to]) {
			return false
		}
		for i := 0; (t.inRegion[c] != nil || o.inRegion[c] != nil) && i < step*len(t.parts); i++ {
			s, r := i/len(t.parts), i%len(t.parts)
			spend, effective := t.RegionSpend(s, c, r)
			other, otherEffective := o.RegionSpend(s, c, r)
			if spend != other || effective != otherEffective {
				return false
			}
		}
	}
	return true
}

// StepWeeks is the length of a step in weeks.
func (t *Timeline) StepWeeks() float64 { return 1 / float64(t.perWeek) }

// Plan gives the plan whose numbers hold in a step; before the first day that
// is the opening plan. The dates of the plan hold through the tail; from then on the numbers
// stay as they are.
func (t *Timeline) Plan(step int) *Plan {
	switch {
	case step >= 0:
		return t.epochs[t.epochOf[min(step, t.Past())]].Plan
	case t.past != nil:
		return t.past.Plan(step + t.burnIn)
	}
	return t.open.plan
}

// Opening gives the opening plan under this replication's draw, with the
// numbers of the run's first day.
func (t *Timeline) Opening() *Plan {
	if t.past != nil {
		return t.past.Plan(t.burnIn)
	}
	return t.open.plan
}

// farWeeks is how long beyond the run the regime is drawn: the longest horizon
// of lifetime value.
const farWeeks = 60 * WeeksPerYear
