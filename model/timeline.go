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

// BlockSize is the number of replications that share one Latin hypercube of
// the uncertain inputs.
const BlockSize = 50

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

// spendSlots are the slots of the spend of a channel or medium, -1 where the
// number does not move.
type spendSlots struct {
	budget, cost int
	parts        []int
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

// fillSpend averages the channels' budgets over the days of each step.
func (t *Timeline) fillSpend() {
	for c := range t.plan.Channels {
		slots := &t.channel[c]
		for step := 0; step <= t.steps; step++ {
			ch := &t.epochs[t.epochOf[step]].Plan.Channels[c]
			b, x := ch.WeeklyBudget, ch.CostMultiplier
			sum, eff := b, b/x
			if t.inside[step] && (slots.budget >= 0 || slots.cost >= 0) {
				sum, eff = 0, 0
				for d := 0; d < t.stepDays; d++ {
					b, x = t.spendOn(slots.budget, b, step, d), t.spendOn(slots.cost, x, step, d)
					sum += b
					eff += b / x
				}
				sum /= float64(t.stepDays)
				eff /= float64(t.stepDays)
			}
			t.spend[c*(t.steps+1)+step] = sum
			t.effective[c*(t.steps+1)+step] = eff
		}
	}
}

// spendOn is the value of a slot on day d of a step, or otherwise where there is no slot.
func (t *Timeline) spendOn(slot int, otherwise float64, step, d int) float64 {
	if slot < 0 {
		return otherwise
	}
	return t.value(&t.slots[slot], t.Date(step)+Date(d), true)
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

// ChannelSpend gives the mean weekly budget of channel c in a step of the run,
// in USD a week, and the same divided by the cost multiplier, for the Hill.
func (t *Timeline) ChannelSpend(step, c int) (spend, effective float64) {
	i := c*(t.steps+1) + step
	return t.spend[i], t.effective[i]
}

// Segment is a part of a step during which a medium's spend is constant.
type Segment struct {
	Share float64   // of the step
	Spend []float64 // USD a week by region
	Cost  float64   // cost multiplier
}

// MediaSegments gives the spend of medium q within a step of the run. Spend in
// all is split over the covered regions by firms, given by region.
func (t *Timeline) MediaSegments(step, q int, firms []float64) []Segment {
	now := &t.epochs[t.epochOf[step]].Plan.Media[q]
	if !t.inside[step] {
		return []Segment{{Share: 1, Spend: now.ByRegion(&now.WeeklyBudget, t.plan, firms), Cost: now.CostMultiplier}}
	}
	var out []Segment
	slots := &t.media[q]
	days := make([]int, 0, t.stepDays) // days of each segment
	for d := 0; d < t.stepDays; d++ {
		split := Split{Total: t.spendOn(slots.budget, now.WeeklyBudget.Total, step, d), Parts: slices.Clone(now.WeeklyBudget.Parts)}
		for i, k := range slots.parts {
			split.Parts[i] = t.spendOn(k, split.Parts[i], step, d)
		}
		s := Segment{Spend: now.ByRegion(&split, t.plan, firms), Cost: t.spendOn(slots.cost, now.CostMultiplier, step, d)}
		if n := len(out); n > 0 && out[n-1].Cost == s.Cost && slices.Equal(out[n-1].Spend, s.Spend) {
			days[n-1]++
			continue
		}
		out, days = append(out, s), append(days, 1)
	}
	for i := range out {
		out[i].Share = float64(days[i]) / float64(t.stepDays)
	}
	return out
}

// Covers says whether the medium covers region r.
func (m *Medium) Covers(p *Plan, r int) bool {
	return len(m.Regions) == 0 || slices.Contains(m.Regions, p.Population.Regions[r].Name)
}

// ByRegion splits an amount of the medium over the regions that it covers, by
// their number of firms.
func (m *Medium) ByRegion(s *Split, p *Plan, firms []float64) []float64 {
	out := make([]float64, len(p.Population.Regions))
	var total float64
	for r := range out {
		if m.Covers(p, r) {
			total += firms[r]
		}
	}
	for r := range out {
		switch {
		case !m.Covers(p, r):
		case s.Parts != nil:
			out[r] = s.Parts[r]
		case total > 0:
			out[r] = s.Total * firms[r] / total
		}
	}
	return out
}

// drawRegime draws the sojourns of the two-state chain, in turn, far enough for
// any lifetime value. Their means are those of the first day.
func (t *Timeline) drawRegime(root rng.Key) {
	k := root.Child(purposeRegime)
	mean := [2]float64{t.plan.Economy.ExpansionMonths, t.plan.Economy.RecessionMonths}
	for i, slot := range t.months {
		mean[i] = t.spendOn(slot, mean[i], 0, 0)
	}
	state := 0
	t.startsIn = t.plan.Economy.StartRegime == "recession"
	if t.startsIn {
		state = 1
	}
	end := float64(float64(t.steps)*t.StepWeeks()) + farWeeks
	for at, n := 0.0, uint64(0); at < end; n++ {
		at += float64(rng.ExponentialInv(k.Unit(n)) * mean[state] * WeeksPerMonth)
		t.switches = append(t.switches, at)
		state = 1 - state
	}
}

// farWeeks is how long beyond the run the regime is drawn: the longest horizon
// of lifetime value.
const farWeeks = 60 * WeeksPerYear

// setRegimeScript turns the scripted path into switches.
func (t *Timeline) setRegimeScript() {
	e := &t.plan.Economy
	now := e.StartRegime == "recession"
	for _, p := range e.Path {
		if p.From <= t.plan.Run.Start {
			now = p.Regime == "recession"
		}
	}
	t.startsIn = now
	for _, p := range e.Path {
		if p.From > t.plan.Run.Start && (p.Regime == "recession") != now {
			now = !now
			t.switches = append(t.switches, float64(p.From-t.plan.Run.Start)/DaysPerWeek)
		}
	}
}

// Recession says whether the economy is in recession at the start of a step;
// the burn-in takes the regime of the first day. Steps past the end are allowed.
func (t *Timeline) Recession(step int) bool {
	at := t.weeksAt(step)
	in := t.startsIn
	for _, s := range t.switches {
		if s > at || step < 0 {
			break
		}
		in = !in
	}
	return in
}

// weeksAt is the start of a step in weeks, the nearest number to the quotient, as
// for dates.
func (t *Timeline) weeksAt(step int) float64 { return float64(step) / float64(t.perWeek) }

// firstStepFrom is the first step that starts at a time or after it.
func (t *Timeline) firstStepFrom(at float64) int {
	step := int(math.Ceil(at * float64(t.perWeek)))
	if t.weeksAt(step-1) >= at {
		return step - 1
	}
	if t.weeksAt(step) < at {
		return step + 1
	}
	return step
}

// inputDraws holds the uncertain inputs of a plan and its opening plan, by
// name, and one block's Latin hypercube of them.
type inputDraws struct {
	plan, opening *Plan
	names         []string // union, sorted
	of            map[string]int
	groups        []inputGroup
	block         int
	seed          uint64
	ready         bool
	cube          [][]float64 // input x replication of the block
	u             []float64   // this replication's uniform by name
	values        []float64   // by plan.Inputs
	given         []float64   // by name: what to take instead of a draw, or nil
	open          []openInput
}

type inputGroup struct {
	members []int // into names
	chol    [][]float64
}

func (d *inputDraws) init(p, o *Plan) {
	d.plan, d.opening, d.of = p, o, map[string]int{}
	for _, list := range [][]Input{p.Inputs, o.Inputs} {
		for _, in := range list {
			if _, ok := d.of[in.Name]; !ok {
				d.of[in.Name] = 0
				d.names = append(d.names, in.Name)
			}
		}
	}
	slices.Sort(d.names)
	for i, n := range d.names {
		d.of[n] = i
	}
	d.values = make([]float64, len(p.Inputs))
	d.u = make([]float64, len(d.names))
	for range d.names {
		d.cube = append(d.cube, make([]float64, BlockSize))
	}
	// Correlated inputs form one group; its order is alphabetical.
	type pair struct{ a, b int }
	rho := map[pair]float64{}
	for _, list := range [][]Correlation{o.Correlations, p.Correlations} {
		for _, c := range list {
			a, okA := d.of[c.A]
			b, okB := d.of[c.B]
			if okA && okB {
				rho[pair{min(a, b), max(a, b)}] = c.Rho
			}
		}
	}
	if len(rho) == 0 {
		return
	}
	var members []int
	for i := range d.names {
		for k := range rho {
			if k.a == i || k.b == i {
				members = append(members, i)
				break
			}
		}
	}
	m := make([][]float64, len(members))
	for i := range m {
		m[i] = make([]float64, len(members))
		for j := range m {
			if i == j {
				m[i][j] = 1
			} else {
				m[i][j] = rho[pair{min(members[i], members[j]), max(members[i], members[j])}]
			}
		}
	}
	chol, ok := rng.Cholesky(m)
	if !ok {
		panic("model: the correlation matrix is not positive definite")
	}
	d.groups = append(d.groups, inputGroup{members, chol})
}

func (d *inputDraws) fixed() {
	for i := range d.u {
		d.u[i] = 0.5
	}
	d.evaluate()
}

func (d *inputDraws) draw(seed uint64, replication int) {
	if len(d.names) == 0 {
		return
	}
	if d.given != nil {
		copy(d.u, d.given)
		d.evaluate()
		return
	}
	block := replication / BlockSize
	if !d.ready || block != d.block || seed != d.seed {
		d.ready, d.block, d.seed = true, block, seed
		for i, n := range d.names {
			rng.Hypercube(seed, block, rng.Label(n), BlockSize, d.cube[i])
		}
		for _, g := range d.groups {
			d.correlate(&g)
		}
	}
	for i := range d.u {
		d.u[i] = d.cube[i][replication%BlockSize]
	}
	d.evaluate()
}

// correlate replaces the uniforms of a group by correlated ones, one in each
// stratum, so that the block stays a complete Latin hypercube.
func (d *inputDraws) correlate(g *inputGroup) {
	z := make([][]float64, len(g.members))
	for i, m := range g.members {
		z[i] = make([]float64, BlockSize)
		for r, u := range d.cube[m] {
			z[i][r] = rng.NormalQuantile(u)
		}
	}
	for i, m := range g.members {
		score := make([]float64, BlockSize)
		for r := range score {
			for k := 0; k <= i; k++ {
				score[r] += float64(g.chol[i][k] * z[k][r])
			}
		}
		rng.Stratify(d.seed, d.block, rng.Label(d.names[m]), score, d.cube[m])
	}
}

func (d *inputDraws) evaluate() {
	for i := range d.plan.Inputs {
		in := &d.plan.Inputs[i]
		d.values[i] = in.Dist.Quantile(d.u[d.of[in.Name]])
	}
}

// openInput is one number of the opening plan that a draw or a schedule entry sets.
type openInput struct {
	refs  []*float64
	input int // into the opening plan's Inputs, or -1
	value float64
}

// bind finds the numbers of the opening plan's clone that apply sets: the
// uncertain ones and the schedule entries of the first day.
func (d *inputDraws) bind(clone *Plan) {
	add := func(key string, input int, value float64) {
		refs, _, err := clone.Numbers(key)
		if err != nil {
			panic("model: " + err.Error())
		}
		d.open = append(d.open, openInput{refs, input, value})
	}
	for i, in := range d.opening.Inputs {
		if in.Key != "" {
			add(in.Key, i, 0)
		}
	}
	for _, s := range d.opening.Schedules {
		for _, e := range s.Entries {
			if start := d.opening.Run.Start; e.From <= start && (e.Until == 0 || start < e.Until) {
				add(s.Key, e.Input, e.Value)
			}
		}
	}
}

// apply writes this replication's draws into the opening plan's clone.
func (d *inputDraws) apply() {
	for i := range d.open {
		o := &d.open[i]
		v := o.value
		if o.input >= 0 {
			in := &d.opening.Inputs[o.input]
			v = in.Dist.Quantile(d.u[d.of[in.Name]])
		}
		for _, r := range o.refs {
			*r = v
		}
	}
}
