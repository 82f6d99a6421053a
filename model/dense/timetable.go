package dense

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"windfall/model/plan"
)

// timetable says which numbers hold when: the plain numbers of the plan,
// replaced by schedules, then by dated changes in order of date, then set or
// multiplied by shocks in order of name, then by the changes of each layer above 0
// (docs/model.md, section 3.2).
// Dates are whole days; between two dates on which anything changes the plan
// is one and the same, and kept.
type timetable struct {
	calendar
	plan    *plan.Plan // as written
	opening *plan.Plan // on the run's first day, without changes (but those of its past) and shocks
	past    *timetable // of the opening plan before that day, where its burn-in replays it
	still   bool       // spend is that of a step's first day
	shocks  []happening
	breaks  []float64          // days on which something changes, ascending
	cache   map[int]*plan.Plan // by number of breaks passed
	after   *plan.Plan         // past the end of the run
}

// happening is a shock that takes place, in days since the start.
type happening struct {
	from, until float64
	effects     []plan.Effect
}

// newTimetable draws the shocks of a replication and collects the dates.
func newTimetable(p *plan.Plan, r random) *timetable {
	run, open := align(p)
	t := &timetable{plan: run, cache: map[int]*plan.Plan{}}
	t.calendar = newCalendar(run, open)
	t.opening = scheduled(open, open.Run.Start)
	if open.Opening.Replay {
		t.past = pastOf(open, t.calendar)
		t.opening = t.past.on(0)
	}
	t.drawShocks(r)
	t.collectBreaks()
	return t
}

// pastOf is the timetable of an opening plan up to the run's first day, days counted from that: its schedules, and
// its changes that began before.
func pastOf(open *plan.Plan, c calendar) *timetable {
	past := clone(open)
	past.Changes = nil
	for _, x := range open.Changes {
		if x.From < c.start {
			past.Changes = append(past.Changes, x)
		}
	}
	t := &timetable{plan: past, calendar: c, cache: map[int]*plan.Plan{}}
	t.collectBreaks()
	return t
}

// collectBreaks lists the days on which something changes.
func (t *timetable) collectBreaks() {
	run := t.plan
	seen := map[float64]bool{}
	mark := func(day float64) {
		if !seen[day] && !math.IsInf(day, 1) {
			seen[day] = true
			t.breaks = append(t.breaks, day)
		}
	}
	dates := func(from, until plan.Date) {
		mark(float64(from - t.start))
		if until != 0 {
			mark(float64(until - t.start))
		}
	}
	for _, s := range run.Schedules {
		for _, e := range s.Entries {
			dates(e.From, e.Until)
		}
	}
	for _, c := range run.Changes {
		dates(c.From, c.Until)
	}
	for _, h := range t.shocks {
		mark(h.from)
		mark(h.until)
	}
	sort.Float64s(t.breaks)
}

// drawShocks decides which shocks happen and from when: a chance each, a day
// uniform over from..from_latest, both included.
func (t *timetable) drawShocks(r random) {
	shocks := append([]plan.Shock(nil), t.plan.Shocks...)
	sort.Slice(shocks, func(i, j int) bool { return shocks[i].Name < shocks[j].Name })
	for _, s := range shocks {
		if s.Probability < 1 && !r.chance(s.Probability) {
			continue
		}
		from := float64(s.From - t.start)
		if s.FromLatest > s.From {
			from += math.Floor(r.Float64() * float64(s.FromLatest-s.From+1))
		}
		t.shocks = append(t.shocks, happening{from, from + 7*s.Weeks, s.Effects})
	}
}

// at is the plan whose numbers hold in a step: those of its first day. Before
// the run that is the opening plan, as it was then or as it is on the run's first day.
func (t *timetable) at(step int) *plan.Plan {
	switch {
	case step < 0 && t.past != nil:
		return t.past.on(t.firstDay(step))
	case step < 0:
		return t.opening
	case step >= t.steps+t.tail:
		if t.after == nil {
			t.after = t.make(float64(t.firstDay(t.steps+t.tail-1)), false)
		}
		return t.after
	}
	return t.on(t.firstDay(step))
}

// on is the plan on a day of the run.
func (t *timetable) on(day int) *plan.Plan {
	passed := sort.SearchFloat64s(t.breaks, float64(day)+0.5)
	if p, ok := t.cache[passed]; ok {
		return p
	}
	p := t.make(float64(day), true)
	t.cache[passed] = p
	return p
}

// meanOver is the mean of a number over the days of a step of the run.
func (t *timetable) meanOver(step int, number func(*plan.Plan) float64) float64 {
	switch {
	case t.still || step < 0 && t.past == nil:
		return number(t.at(step))
	case step < 0:
		return t.past.meanOf(step, number)
	}
	return t.meanOf(step, number)
}

// meanOf is the mean of a number over the days of a step.
func (t *timetable) meanOf(step int, number func(*plan.Plan) float64) float64 {
	sum := 0.0
	for d := range t.days() {
		sum += number(t.on(t.firstDay(step) + d))
	}
	return sum / float64(t.days())
}

// make works out the plan of a day. Past the tail shocks are over.
func (t *timetable) make(day float64, shocks bool) *plan.Plan {
	return t.first(math.MaxInt32, day, shocks)
}

// first is the plan of a day after the first n of all effects on it, shocks
// between the changes of layer 0 and the others.
func (t *timetable) first(n int, day float64, shocks bool) *plan.Plan {
	p := scheduled(t.plan, t.start+plan.Date(math.Floor(day)))
	changes := append([]plan.Change(nil), t.plan.Changes...)
	sort.SliceStable(changes, func(i, j int) bool {
		a, b := &changes[i], &changes[j]
		return a.Layer < b.Layer || a.Layer == b.Layer && a.From < b.From
	})
	done := 0
	act := func(acts bool, from, until float64, effects []plan.Effect) {
		for _, e := range effects {
			at := done
			if done++; at >= n || !acts || day < from || day >= until {
				continue
			}
			apply(p, e, func() (past []*plan.Plan) { // on each day since it began
				for _, d := range append([]float64{from}, t.breaks...) {
					if from <= d && d <= day {
						past = append(past, t.first(at, d, true))
					}
				}
				return past
			})
		}
	}
	change := func(c *plan.Change) {
		until := math.Inf(1)
		if c.Until != 0 {
			until = float64(c.Until - t.start)
		}
		act(true, float64(c.From-t.start), until, c.Effects)
	}
	for i := range changes {
		if changes[i].Layer == 0 {
			change(&changes[i])
		}
	}
	for _, h := range t.shocks {
		act(shocks, h.from, h.until, h.effects)
	}
	for i := range changes {
		if changes[i].Layer > 0 {
			change(&changes[i])
		}
	}
	return p
}

// scheduled is a copy of a plan with the scheduled values of a date.
func scheduled(p *plan.Plan, date plan.Date) *plan.Plan {
	p = clone(p)
	for _, s := range p.Schedules {
		for i, e := range s.Entries {
			until := e.Until
			if until == 0 && i+1 < len(s.Entries) {
				until = s.Entries[i+1].From
			}
			if e.From <= date && (until == 0 || date < until) {
				setKey(p, s.Key, func(float64) float64 { return e.Value })
			}
		}
	}
	return p
}

func apply(p *plan.Plan, e plan.Effect, past func() []*plan.Plan) {
	if e.Hold {
		for _, q := range past() {
			var was []float64
			setKey(q, e.Key, func(x float64) float64 { was = append(was, x); return x })
			setKey(p, e.Key, func(x float64) float64 { x = min(x, was[0]); was = was[1:]; return x })
		}
		return
	}
	setKey(p, e.Key, func(x float64) float64 {
		if e.Multiply {
			return x * e.Value
		}
		return e.Value
	})
}

// setKey changes every number that a key names, such as channels.radio.halo,
// channels.*.cost_multiplier or journey.touches_needed.small. A key that ends
// at a table names all its entries.
func setKey(p *plan.Plan, key string, change func(float64) float64) {
	k := keySetter{plan: p, change: change}
	k.visit(reflect.ValueOf(p).Elem(), segments(key), "")
	if k.found == 0 {
		panic(fmt.Sprintf("dense: no number is named %q", key))
	}
}

// segments splits a key at its dots; a segment may stand in double quotes.
func segments(key string) []string {
	var list []string
	quoted := false
	start := 0
	for i, c := range key + "." {
		if c == '"' {
			quoted = !quoted
		}
		if c == '.' && !quoted {
			list = append(list, strings.Trim(key[start:i], `"`))
			start = i + 1
		}
	}
	return list
}

type keySetter struct {
	plan   *plan.Plan
	change func(float64) float64
	found  int
}

// visit follows the rest of a key from a value; by is the dimension of a table.
func (k *keySetter) visit(v reflect.Value, rest []string, by string) {
	matches := func(name string) ([]string, bool) {
		if len(rest) == 0 {
			return nil, true
		}
		return rest[1:], rest[0] == "*" || rest[0] == name
	}
	switch v.Kind() {
	case reflect.Float64:
		if len(rest) == 0 {
			v.SetFloat(k.change(v.Float()))
			k.found++
		}
	case reflect.Bool:
		if len(rest) == 0 {
			was := 0.0
			if v.Bool() {
				was = 1
			}
			v.SetBool(k.change(was) != 0)
			k.found++
		}
	case reflect.Slice:
		for i := range v.Len() {
			e := v.Index(i)
			switch {
			case e.Kind() == reflect.Struct && e.FieldByName("Name").IsValid():
				if sub, ok := matches(e.FieldByName("Name").String()); ok {
					k.visit(e, sub, "")
				}
			case e.Kind() == reflect.Float64:
				if sub, ok := matches(k.entry(by, i)); ok {
					k.visit(e, sub, "")
				}
			}
		}
	case reflect.Struct:
		if split, ok := v.Addr().Interface().(*plan.Split); ok {
			if split.Parts == nil {
				k.visit(v.FieldByName("Total"), rest, "")
			} else {
				k.visit(v.FieldByName("Parts"), rest, by)
			}
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			tag := f.Tag.Get("toml")
			if tag == "" || tag == "-" {
				continue
			}
			if sub, ok := matches(tag); ok {
				k.visit(v.Field(i), sub, f.Tag.Get("by"))
			}
		}
	}
}

// entry is the name of entry i of a table by a dimension.
func (k *keySetter) entry(by string, i int) string {
	pop := &k.plan.Population
	switch by {
	case "size":
		return pop.Sizes[i].Name
	case "industry":
		return pop.Industries[i].Name
	case "region":
		return pop.Regions[i].Name
	case "product":
		return k.plan.Products[i].Name
	case "month":
		return strconv.Itoa(i + 1)
	}
	return ""
}

// clone copies a plan with all its slices.
func clone(p *plan.Plan) *plan.Plan {
	c := *p
	copySlices(reflect.ValueOf(&c).Elem())
	return &c
}

func copySlices(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			copySlices(v.Field(i))
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		for i := range c.Len() {
			copySlices(c.Index(i))
		}
		v.Set(c)
	}
}

// align gives the plan of the run and its opening plan with the same triggers,
// media, channels, products and teams in the same order: what one of them does
// not have stands there switched off.
func align(p *plan.Plan) (run, open *plan.Plan) {
	run = clone(p)
	open = clone(p)
	if p.OpeningPlan != nil {
		open = clone(p.OpeningPlan)
	}
	share := openingShares(open)

	run.Triggers, open.Triggers = union(run.Triggers, open.Triggers, func(x *plan.Trigger) (*string, *bool) {
		return &x.Name, &x.Enabled
	})
	run.Media, open.Media = union(run.Media, open.Media, func(x *plan.Medium) (*string, *bool) {
		return &x.Name, &x.Enabled
	})
	run.Channels, open.Channels = union(run.Channels, open.Channels, func(x *plan.Channel) (*string, *bool) {
		return &x.Name, &x.Enabled
	})
	// What one of the plans lacks has no searches either.
	for i := range run.Channels {
		has := func(q *plan.Plan) bool {
			return slices.ContainsFunc(q.Channels, func(c plan.Channel) bool { return c.Name == run.Channels[i].Name })
		}
		if !has(p) {
			run.Channels[i].Captures = ""
		}
		if p.OpeningPlan != nil && !has(p.OpeningPlan) {
			open.Channels[i].Captures = ""
		}
	}
	run.Products, open.Products = union(run.Products, open.Products, func(x *plan.Product) (*string, *bool) {
		return &x.Name, &x.Enabled
	})
	run.Teams, open.Teams = union(run.Teams, open.Teams, func(x *plan.Team) (*string, *bool) {
		return &x.Name, &x.Enabled
	})

	open.Opening.Products = make([]float64, len(open.Products))
	for i, q := range open.Products {
		open.Opening.Products[i] = share[q.Name]
	}
	run.Opening.Products = append([]float64(nil), open.Opening.Products...)
	return run, open
}

// openingShares are the shares of opening customers by product name; where the
// plan states none, all products have the same.
func openingShares(p *plan.Plan) map[string]float64 {
	shares := map[string]float64{}
	stated := false
	for i, q := range p.Products {
		if i < len(p.Opening.Products) && !math.IsNaN(p.Opening.Products[i]) {
			shares[q.Name] = p.Opening.Products[i]
			stated = true
		}
	}
	if !stated {
		for _, q := range p.Products {
			shares[q.Name] = 1
		}
	}
	return shares
}

// union lists the entries of both tables in order of name, twice.
func union[T any](a, b []T, of func(*T) (*string, *bool)) (inA, inB []T) {
	byName := func(list []T) map[string]T {
		m := map[string]T{}
		for i := range list {
			name, _ := of(&list[i])
			m[*name] = list[i]
		}
		return m
	}
	ma, mb := byName(a), byName(b)
	var all []string
	for n := range ma {
		all = append(all, n)
	}
	for n := range mb {
		if _, both := ma[n]; !both {
			all = append(all, n)
		}
	}
	sort.Strings(all)
	take := func(own, other map[string]T) (list []T) {
		for _, n := range all {
			x, ok := own[n]
			if !ok {
				x = other[n]
				_, enabled := of(&x)
				*enabled = false
			}
			list = append(list, x)
		}
		return list
	}
	return take(ma, mb), take(mb, ma)
}
