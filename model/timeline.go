package model

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
// dated changes and shocks in the order of the model specification, section 10.
//
// A number acts from the first step that starts on or after its date. Spend
// (weekly_budget and cost_multiplier) acts by its share of the days of a step.
type Timeline struct {
	plan, opening *Plan
	perWeek       int // steps a week, 1 or 7
	stepDays      int
	steps         int // steps of the run
	burnIn        int // steps of the burn-in

	slots  []slot
	inputs inputDraws
	shocks []shockDraw // in order of name

	epochs  []Epoch
	pool    []*numbered // clones of the plan, reused between replications
	open    *numbered   // the opening plan under this replication's draw
	epochOf []int       // by step

	switches []float64 // weeks since start at which the regime changes
	startsIn bool      // recession on the first day

	spend     []float64 // channel x step: mean weekly budget
	effective []float64 // channel x step: mean of budget over cost multiplier
	inside    []bool    // by step: some number moves inside it
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
	changes   []move
	shocks    []move
}

// move is one effect of a dated change or shock on a slot.
type move struct {
	from, until Date // changes: dates; until 0: for good
	shock       int  // shocks: index into Timeline.shocks
	multiply    bool
	value       float64
	input       int
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
		t.opening = openingOf(p)
	}
	if p.Run.Step == "day" {
		t.perWeek = 7
	}
	t.stepDays = 7 / t.perWeek
	t.steps = int(p.Run.Weeks) * t.perWeek
	t.burnIn = int(t.opening.Opening.BurnInWeeks) * t.perWeek
	t.epochOf = make([]int, t.steps+1)
	t.shocks = make([]shockDraw, len(p.Shocks))
	for i := range p.Shocks {
		t.shocks[i].shock = &p.Shocks[i]
	}
	sort.SliceStable(t.shocks, func(i, j int) bool { return t.shocks[i].shock.Name < t.shocks[j].shock.Name })
	t.collect()
	t.inputs.init(p, t.opening)
	t.open = &numbered{plan: t.opening.Clone()}
	t.inputs.bind(t.open.plan)
	t.inside = make([]bool, t.steps+1)
	t.spend = make([]float64, len(p.Channels)*(t.steps+1))
	t.effective = make([]float64, len(p.Channels)*(t.steps+1))
	return t
}

// openingOf is the opening plan of a scenario that names none: itself as
// written, without dated changes and shocks.
func openingOf(p *Plan) *Plan {
	o := *p
	o.Changes, o.Shocks, o.OpeningPlan = nil, nil, nil
	return &o
}

// number clones the plan and finds the timeline's slots in the clone.
func (t *Timeline) number() *numbered {
	n := &numbered{plan: t.plan.Clone(), slots: make([]*float64, len(t.slots))}
	for i := range t.slots {
		refs, _, err := n.plan.Numbers(t.slots[i].key)
		if err != nil {
			panic("model: " + err.Error())
		}
		n.slots[i] = refs[t.slots[i].index]
	}
	return n
}

// collect lists every number that moves.
func (t *Timeline) collect() {
	at := map[*float64]int{}
	find := func(key string) []int {
		refs, param, err := t.plan.Numbers(key)
		if err != nil {
			panic("model: " + err.Error())
		}
		out := make([]int, len(refs))
		for i, r := range refs {
			k, ok := at[r]
			if !ok {
				k = len(t.slots)
				at[r] = k
				t.slots = append(t.slots, slot{key: key, index: i, base: *r, low: param.Low, high: param.High, whole: param.Whole, input: -1})
			}
			out[i] = k
		}
		return out
	}
	for i, in := range t.plan.Inputs {
		if in.Key != "" {
			for _, k := range find(in.Key) {
				t.slots[k].input = i
			}
		}
	}
	for _, s := range t.plan.Schedules {
		for _, k := range find(s.Key) {
			t.slots[k].schedule = s.Entries
		}
	}
	changes := slices.Clone(t.plan.Changes)
	sort.SliceStable(changes, func(i, j int) bool {
		if changes[i].From != changes[j].From {
			return changes[i].From < changes[j].From
		}
		return changes[i].Name < changes[j].Name
	})
	for _, c := range changes {
		for _, e := range c.Effects {
			for _, k := range find(e.Key) {
				t.slots[k].changes = append(t.slots[k].changes, move{from: c.From, until: c.Until, multiply: e.Multiply, value: e.Value, input: e.Input})
			}
		}
	}
	for i := range t.shocks {
		for _, e := range t.shocks[i].shock.Effects {
			for _, k := range find(e.Key) {
				t.slots[k].shocks = append(t.slots[k].shocks, move{shock: i, multiply: e.Multiply, value: e.Value, input: e.Input})
			}
		}
	}
	slotOf := func(x *float64) int {
		if k, ok := at[x]; ok {
			return k
		}
		return -1
	}
	for i := range t.plan.Channels {
		c := &t.plan.Channels[i]
		t.channel = append(t.channel, spendSlots{budget: slotOf(&c.WeeklyBudget), cost: slotOf(&c.CostMultiplier)})
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
	t.set(seed, replication, rng.Root(seed, replication))
}

// set draws inputs for a replication, and shocks and the regime below a root.
func (t *Timeline) set(seed uint64, replication int, root rng.Key) {
	t.inputs.draw(seed, replication)
	for i := range t.shocks {
		s := &t.shocks[i]
		k := root.Child(purposeShock).Child(rng.Label(s.shock.Name))
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

// value is the value of a slot on a date. Shocks can be left out: past the end
// of the run they have ended. Where several effects together leave the key's
// allowed range, the end of the range holds; whole numbers are rounded.
func (t *Timeline) value(s *slot, on Date, shocks bool) float64 {
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
	apply := func(m *move) {
		x := m.value
		if m.input >= 0 {
			x = t.inputs.values[m.input]
		}
		if m.multiply {
			v = float64(v * x)
		} else {
			v = x
		}
	}
	for i := range s.changes {
		if m := &s.changes[i]; m.from <= on && (m.until == 0 || on < m.until) {
			apply(m)
		}
	}
	if shocks {
		for i := range s.shocks {
			m := &s.shocks[i]
			if d := &t.shocks[m.shock]; d.happens && d.from <= on && on < d.until {
				apply(m)
			}
		}
	}
	if len(s.changes)+len(s.shocks) > 0 {
		v = min(max(v, s.low), s.high)
		if s.whole {
			v = math.RoundToEven(v)
		}
	}
	return v
}

// Date is the first day of a step.
func (t *Timeline) Date(step int) Date { return t.plan.Run.Start + Date(step*t.stepDays) }

// fill makes the epochs and the spend of every step.
func (t *Timeline) fill() {
	starts := []int{0, t.steps}
	clear(t.inside)
	mark := func(d Date) {
		if d == 0 {
			return
		}
		days := int(d - t.plan.Run.Start)
		if days > 0 && days < t.steps*t.stepDays && days%t.stepDays != 0 {
			t.inside[days/t.stepDays] = true
		}
		step := (days + t.stepDays - 1) / t.stepDays // first step on or after
		if step > 0 && step < t.steps {
			starts = append(starts, step)
		}
	}
	for i := range t.slots {
		s := &t.slots[i]
		for _, e := range s.schedule {
			mark(e.From)
			mark(e.Until)
		}
		for _, m := range s.changes {
			mark(m.from)
			mark(m.until)
		}
		for _, m := range s.shocks {
			if d := &t.shocks[m.shock]; d.happens {
				mark(d.from)
				mark(d.until)
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
		if first == t.steps { // past the end: the last values hold, shocks have ended
			on, shocks = t.Date(t.steps-1), false
		}
		for k := range t.slots {
			*n.slots[k] = t.value(&t.slots[k], on, shocks)
		}
		t.epochs = append(t.epochs, Epoch{First: first, Plan: n.plan})
		end := t.steps + 1
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		for s := first; s < end; s++ {
			t.epochOf[s] = i
		}
	}
	t.inputs.apply()
	t.fillSpend()
}

// Steps is the number of steps of the run, BurnIn that of the burn-in.
func (t *Timeline) Steps() int { return t.steps }

// BurnIn is the number of steps before the first day; they are numbered -BurnIn to -1.
func (t *Timeline) BurnIn() int { return t.burnIn }

// StepWeeks is the length of a step in weeks.
func (t *Timeline) StepWeeks() float64 { return 1 / float64(t.perWeek) }

// Plan gives the plan whose numbers hold in a step; before the first day that
// is the opening plan. Step Steps() holds the numbers past the end of the run.
func (t *Timeline) Plan(step int) *Plan {
	if step < 0 {
		return t.open.plan
	}
	return t.epochs[t.epochOf[min(step, t.steps)]].Plan
}

// Opening gives the opening plan under this replication's draw, with the
// spend of its first day.
func (t *Timeline) Opening() *Plan { return t.open.plan }

// farWeeks is how long beyond the run the regime is drawn: the longest horizon
// of lifetime value.
const farWeeks = 60 * WeeksPerYear
