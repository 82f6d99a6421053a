package model

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"windfall/model/plan"
)

// What two plans must have in common to share what happens before they part (see [Group]): said of the plans as they
// are written, and of what a replication draws for them.

// sameShape says what keeps two plans from being run in one memory, or nothing.
func sameShape(a, b *plan.Plan) string {
	switch {
	case a.Run.Start != b.Run.Start || a.Run.Weeks != b.Run.Weeks || a.Run.Step != b.Run.Step:
		return "another calendar"
	case plan.TailWeeks(a) != plan.TailWeeks(b):
		return "windows or sales cycles of another length, which are followed longer after the run"
	case a.OffersFree() != b.OffersFree():
		return "free plans in one of them"
	}
	m, n := &a.Population, &b.Population
	for _, x := range [...]struct {
		what string
		same bool
	}{
		{"size classes", sameNames(m.Sizes, n.Sizes, func(x *plan.Size) string { return x.Name })},
		{"industries", sameNames(m.Industries, n.Industries, func(x *plan.Industry) string { return x.Name })},
		{"regions", sameNames(m.Regions, n.Regions, func(x *plan.Region) string { return x.Name })},
		{"triggers", sameNames(a.Triggers, b.Triggers, func(x *plan.Trigger) string { return x.Name })},
		{"channels", sameNames(a.Channels, b.Channels, func(x *plan.Channel) string { return x.Name })},
		{"products", sameNames(a.Products, b.Products, func(x *plan.Product) string { return x.Name })},
		{"teams", sameNames(a.Teams, b.Teams, func(x *plan.Team) string { return x.Name + "/" + x.Kind })},
		{"funding rounds", sameNames(a.Finance.Rounds, b.Finance.Rounds, func(x *plan.Round) string { return x.Name })},
	} {
		if !x.same {
			return "other " + x.what
		}
	}
	return ""
}

func sameNames[T any](a, b []T, name func(*T) string) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool { return name(&x) == name(&y) })
}

// sameOpening says what keeps two plans from having one opening plan, or nothing.
func sameOpening(a, b *plan.Plan) string {
	x, y := a.OpeningPlan, b.OpeningPlan
	if x == y && x != nil {
		return ""
	}
	if x == nil {
		x = plan.OpeningOf(a)
	}
	if y == nil {
		y = plan.OpeningOf(b)
	}
	if key := differ(beforeTheRun(x), beforeTheRun(y)); key != "" {
		return "another opening plan: " + key
	}
	return ""
}

// beforeTheRun is an opening plan without what is not looked at before the first day: what moves its numbers from
// then on, money, and the path of the economy, whose regime of the first day is that of the run's plan.
func beforeTheRun(o *plan.Plan) *plan.Plan {
	p := *o
	p.Shocks, p.Finance, p.CashRules = nil, plan.Finance{}, nil
	if !o.Opening.Replay {
		p.Changes = nil
	}
	p.Economy = plan.Economy{Recession: o.Economy.Recession}
	p.Run.Weeks, p.Run.Seed, p.Run.Replications = 0, 0, 0 // those of the run's plan hold
	return &p
}

// parts gives the step of the run in which two plans part: 0 unless they differ in dated changes alone.
func parts(a, b *plan.Plan) int {
	steps := int(a.Run.Weeks)
	days := 7
	if a.Run.Step == "day" {
		steps, days = 7*steps, 1
	}
	if sameOpening(a, b) != "" || differ(a, b, "Changes") != "" {
		return 0
	}
	for _, one := range [2][2]*plan.Plan{{a, b}, {b, a}} {
		for i := range one[0].Changes {
			c := &one[0].Changes[i]
			if slices.ContainsFunc(one[1].Changes, func(d plan.Change) bool { return reflect.DeepEqual(*c, d) }) {
				continue
			}
			if !moveNothingBefore(a, c) {
				return 0
			}
			steps = min(steps, max(0, int(c.From-a.Run.Start))/days)
		}
	}
	return steps
}

// moveNothingBefore says whether a change leaves the numbers that it names as they are until it begins. A number
// that some change names is held inside the range of its key: one that lies there anyway is not moved by that.
func moveNothingBefore(p *plan.Plan, c *plan.Change) bool {
	inside := func(x float64, param *plan.Param) bool {
		return x != x || param.Hold(x) == x // a missing number stays missing
	}
	for _, e := range c.Effects {
		refs, param, err := p.Numbers(e.Key)
		if err != nil {
			return false
		}
		for _, x := range refs {
			if !inside(*x, &param) {
				return false
			}
		}
		for _, s := range p.Schedules {
			for _, x := range s.Entries {
				if refs, param, err := p.Numbers(s.Key); err != nil || len(refs) > 0 && x.Input < 0 && !inside(x.Value, &param) {
					return false
				}
			}
		}
	}
	return true
}

// differ names the first key in which two plans differ as they are written, but for some fields and what moves
// no number.
func differ(a, b *plan.Plan, but ...string) string {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	skip := append(but, "Name", "Title", "Question", "Goals", "Origins", "OpeningPlan")
	for i := range x.NumField() {
		f := x.Type().Field(i)
		if slices.Contains(skip, f.Name) {
			continue
		}
		if key, same := differAt(x.Field(i), y.Field(i), keyOf(f)); !same {
			return key
		}
	}
	return ""
}

// keyOf is the name of a field as a scenario writes it.
func keyOf(f reflect.StructField) string {
	if tag := f.Tag.Get("toml"); tag != "" && tag != "-" {
		return tag
	}
	return strings.ToLower(f.Name)
}

// differAt finds where two values differ; missing numbers are equal.
func differAt(x, y reflect.Value, key string) (where string, same bool) {
	switch x.Kind() {
	case reflect.Float64:
		a, b := x.Float(), y.Float()
		return key, a == b || a != a && b != b
	case reflect.Struct:
		for i := range x.NumField() {
			f := x.Type().Field(i)
			if x.Type() == reflect.TypeFor[plan.Run]() && (f.Name == "Replications" || f.Name == "Seed") {
				continue // of the whole run, not of a replication
			}
			if where, same := differAt(x.Field(i), y.Field(i), key+"."+keyOf(f)); !same {
				return where, false
			}
		}
		return "", true
	case reflect.Slice:
		if x.Len() != y.Len() {
			return key, false
		}
		for i := range x.Len() {
			if where, same := differAt(x.Index(i), y.Index(i), key+"."+entryName(x.Index(i), i)); !same {
				return where, false
			}
		}
		return "", true
	}
	return key, x.Equal(y)
}

// entryName is the name of an entry of a list, or its number.
func entryName(x reflect.Value, i int) string {
	if x.Kind() == reflect.Struct {
		if name := x.FieldByName("Name"); name.IsValid() && name.Kind() == reflect.String {
			return plan.JoinKey(name.String())
		}
	}
	return fmt.Sprint(i)
}

// opensLike says what keeps the plan of another world, with the same opening plan, from sharing the burn-in and the
// opening state of this replication, or nothing.
func (w *world) opensLike(o *world) string {
	if w.tl.StartsInRecession() != o.tl.StartsInRecession() {
		return "the economy of the first day, which holds in the burn-in"
	}
	if w.rivals != o.rivals || w.rivals && !slices.Equal(w.rivalSum, o.rivalSum) {
		return "rivals, whom firms choose that came into the market before the first day"
	}
	if !w.tl.OpensLike(o.tl) {
		return "the draw of an input of the opening plan"
	}
	if w.plan.OffersFree() {
		for i := range w.plan.Products {
			if w.at(0).plan.Products[i].CostToServePerMonth != o.at(0).plan.Products[i].CostToServePerMonth {
				return "what it costs to serve the free users of the first day"
			}
		}
	}
	if !slices.Equal(w.openBrand.salience, o.openBrand.salience) ||
		!slices.Equal(w.openBrand.equity, o.openBrand.equity) || w.tl.Replays() && !w.first.like(&o.first) {
		return "the brand of the first day"
	}
	if !slices.Equal(w.slump[:w.burnIn], o.slump[:o.burnIn]) {
		return "the economy before the first day, which is replayed"
	}
	if !w.touchesLike(o, w.burnIn) {
		return "touches before the first day"
	}
	return ""
}

// touchesLike says whether touches are kept and judged as in another world in the steps before one, counted from
// the first of the burn-in.
func (w *world) touchesLike(o *world, row int) bool {
	R, C := len(w.byRegion), len(w.plan.Channels)
	for r := range R {
		from, to := w.rateAt(0, r, 0), w.rateAt(row, r, 0)
		if !slices.Equal(w.keep[from:to], o.keep[from:to]) || !slices.Equal(w.pull[from:to], o.pull[from:to]) {
			return false
		}
	}
	return slices.Equal(w.aware[:row*R], o.aware[:row*R]) && slices.Equal(w.paid[:row*R*C], o.paid[:row*R*C])
}

// valuesLike says whether customers stay as long as in another world and are worth the same, whenever they are won:
// all that is known of a customer at its win.
func (w *world) valuesLike(o *world) bool {
	if w.pricesMove != o.pricesMove || !slices.Equal(w.priceMoves, o.priceMoves) || len(w.hazards) != len(o.hazards) {
		return false
	}
	for i := range w.hazards {
		a, b := &w.hazards[i], &o.hazards[i]
		if a.start != b.start || !a.same(b) || w.pricesMove && !a.samePrices(b) {
			return false
		}
	}
	for i := range w.plan.Products {
		if w.plan.Products[i].PriceForAll != o.plan.Products[i].PriceForAll {
			return false
		}
	}
	if w.steadyFrom == 0 && o.steadyFrom == 0 && w.steadyGrowth && o.steadyGrowth {
		return slices.Equal(w.epochs[0].growth, o.epochs[0].growth) && sameValue(w.epochs[0].plan, o.epochs[0].plan)
	}
	// Sums go from epoch to epoch.
	if w.steadyFrom != o.steadyFrom || w.steadyGrowth != o.steadyGrowth || len(w.epochs) != len(o.epochs) {
		return false
	}
	for i, n := range w.epochs {
		other := o.epochs[i]
		if w.tl.Epochs()[i].First != o.tl.Epochs()[i].First || !slices.Equal(n.growth, other.growth) ||
			!sameValue(n.plan, other.plan) {
			return false
		}
	}
	return true
}

// runsLike says whether the plan of another world that opens like this one's has the same run up to a step, given
// that no number differs before it: nothing of what is settled in these steps may depend on later ones.
func (w *world) runsLike(o *world, step int) bool {
	row := w.burnIn + step
	return w.valuesLike(o) && w.grows == o.grows && slices.Equal(w.slump[:row], o.slump[:row]) &&
		slices.Equal(w.layer, o.layer) && w.touchesLike(o, row) && w.spendsLike(o, step)
}

// spendsLike says whether as much is spent as in another world, and presses as much, in the steps of the run before
// one.
func (w *world) spendsLike(o *world, step int) bool {
	n := step * len(w.byRegion)
	return w.tl.SpendsLike(o.tl, step) && slices.Equal(w.pressureS[:n], o.pressureS[:n]) &&
		slices.Equal(w.pressureE[:n], o.pressureE[:n]) && slices.Equal(w.brandSpend[:n], o.brandSpend[:n])
}
