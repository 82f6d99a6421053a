package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
)

// notes adds what a user should know about a plan that has no problems.
func (b *builder) notes() {
	b.noteDealt()
	b.noteMoneyDefaults()
	b.noteOpening()
	b.noteDates()
	b.noteBurnIn()
	b.noteReplay()
	b.noteMediaFirms()
	if p := b.plan; p.Economy.Regime == "random" && len(p.Economy.Path) > 0 {
		b.note("economy.path", "has no effect: economy.regime is \"random\"")
	}
}

// noteMoneyDefaults lists amounts that are at a default of US dollars in a scenario of another currency.
func (b *builder) noteMoneyDefaults() {
	code := b.plan.Run.Currency
	if code == currency.Default || b.root.kid("resolved") != nil {
		return
	}
	var keys []string
	for _, f := range b.plan.AllFields() {
		if x, ok := f.Ptr.(*float64); ok && f.Param.Money && b.places[f.Key] == nil && *x > 0 &&
			*x == defaultNumber(f.Param) {
			keys = append(keys, f.Key)
		}
	}
	switch len(keys) {
	case 0:
	case 1:
		b.note("run.currency", "%s has a default that is meant in %s; state it in %s", keys[0], currency.Default, code)
	default:
		b.note("run.currency", "%s have defaults that are meant in %s; state them in %s", listed(keys), currency.Default,
			code)
	}
}

// noteDealt says how a total of opening customers was dealt over the size classes.
func (b *builder) noteDealt() {
	p := b.plan
	if b.dealt == nil {
		return
	}
	var split []string
	for s, n := range p.Opening.Customers {
		split = append(split, plan.JoinKey(p.Population.Sizes[s].Name)+" = "+plan.FormatNumber(n))
	}
	b.warn(b.dealt, "opening.customers", "is the total of all size classes, dealt over those that enabled products "+
		"serve by their firms: {%s}; "+
		"up to version 0.3 one number meant as many in each class, which now takes a table", strings.Join(split, ", "))
}

// noteOpening lists the keys whose first-day values differ from those of the
// opening plan: they jump on the first day, which is one note with one cure.
func (b *builder) noteOpening() {
	p, o := b.plan, b.plan.OpeningPlan
	if o == nil {
		return
	}
	if p.Run.Start != o.Run.Start {
		b.note("run.start", "the opening plan %s starts on %s", o.Name, o.Run.Start)
	}
	said := map[string]bool{}
	var jumps Problems
	for _, d := range diff(firstDay(p), firstDay(o), "") {
		segs, err := plan.SplitKey(d.Key)
		if err != nil || segs[0] == "run" || d.Key == "opening.plan" || d.Key == "finance.opening_cash" ||
			segs[0] == "correlations" || segs[0] == "draws" {
			continue
		}
		n := b.at(d.Key)
		if n != nil && n.line == 0 { // --set: meant so
			continue
		}
		if thing := namedThing(segs); thing != "" && (lacks(o, d.Key) || lacks(p, d.Key)) {
			// One note for all the keys of a thing that one of the plans lacks.
			switch {
			case said[thing]:
			case lacks(o, d.Key):
				b.note(thing, "is not in the opening plan: it starts cold on the first day")
			default:
				b.warnings = append(b.warnings, b.problem(b.at("opening.plan"), thing, "",
					fmt.Sprintf("is in the opening plan %s only: it ends before the first day", o.Name), ""))
			}
			said[thing] = true
			continue
		}
		here, there := d.A, d.B
		if here == "" {
			here = "nothing"
		}
		if there == "" {
			there = "nothing"
		}
		per := ""
		if _, monthly := b.byMonthKey(d.Key); monthly {
			here, there, per = roundedNumbers(here), roundedNumbers(there), " per week"
			if here == there { // the same money in months of unlike length
				continue
			}
		}
		jumps = append(jumps, b.problem(n, d.Key, "",
			fmt.Sprintf("is %s%s on the first day, and %s in the opening plan %s", clip(here), per, clip(there), o.Name), ""))
	}
	b.noteJumps(jumps.sorted())
}

// noteJumps says of the first key that its value jumps on the first day, which others do, and what to write where the
// plan is meant to have had these values before.
func (b *builder) noteJumps(jumps Problems) {
	if len(jumps) == 0 {
		return
	}
	first := jumps[0]
	var others []string
	for _, j := range jumps[1:] {
		name := j.Key
		if j.Line > 0 {
			name += fmt.Sprintf(" (line %d)", j.Line)
		}
		others = append(others, name)
	}
	switch len(others) {
	case 0:
	case 1:
		first.Message += "; " + others[0] + " changes on that day too"
	default:
		first.Message += "; " + some(others) + " change on that day too"
	}
	first.Message += fmt.Sprintf("; to begin with a market that has always had this plan, write plan = %q in [opening]",
		b.plan.Name)
	b.warnings = append(b.warnings, first)
}

// lacks tells whether a plan has no such key.
func lacks(p *plan.Plan, key string) bool {
	_, err := p.Fields(key)
	return err != nil
}

// namedThing gives the table with a name that a key stands in, or "".
func namedThing(segs []string) string {
	for _, s := range plan.Sections() {
		pattern := strings.Split(s.Pattern, ".")
		if n := len(pattern); s.Named && n < len(segs) &&
			slices.EqualFunc(pattern, segs[:n], func(a, b string) bool { return a == "*" || a == b }) {
			return plan.JoinKey(segs[:n]...)
		}
	}
	return ""
}

func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:77]) + "..."
	}
	return s
}

// firstDay is a plan with the values that hold on its first day in place of
// schedules and dated changes.
func firstDay(p *plan.Plan) *plan.Plan {
	q := unmoved(p).Clone()
	start := p.Run.Start
	inputs := map[string]plan.Input{}
	for _, in := range q.Inputs {
		if in.Key != "" {
			inputs[in.Key] = in
		}
	}
	put := func(key string, f func(x float64) float64) {
		refs, _, err := q.Numbers(key)
		if err != nil {
			return
		}
		for _, r := range refs {
			*r = f(*r)
		}
	}
	for _, s := range p.Schedules {
		for _, e := range s.Entries {
			if e.From <= start && (e.Until == 0 || start < e.Until) {
				put(s.Key, func(float64) float64 { return e.Value })
				delete(inputs, s.Key)
				if e.Input >= 0 {
					in := p.Inputs[e.Input]
					in.Name, in.Key = s.Key, s.Key
					inputs[s.Key] = in
				}
			}
		}
	}
	for _, c := range p.ChangesInOrder() {
		if strings.HasPrefix(c.Name, leverPrefix) || c.From > start || (c.Until != 0 && start >= c.Until) {
			continue
		}
		for _, e := range c.Effects {
			put(e.Key, func(x float64) float64 {
				switch {
				case e.Hold:
					return x // what it is on the first day it keeps
				case e.Multiply:
					return x * e.Value
				}
				return e.Value
			})
		}
	}
	q.Schedules, q.Changes, q.Inputs, q.Correlations = nil, nil, nil, nil
	for _, in := range inputs {
		q.Inputs = append(q.Inputs, in)
	}
	return q
}

// spendKey tells keys that act by their share of the days of a step.
func spendKey(key string) bool {
	return strings.Contains(key, "weekly_budget") || strings.Contains(key, ".region_spend") ||
		strings.HasSuffix(key, "cost_multiplier")
}

// noteDates says what a date inside a step does.
func (b *builder) noteDates() {
	p := b.plan
	if p.Run.Step == "day" {
		return
	}
	inside := func(d plan.Date) bool {
		start, end := b.runDates()
		return d > start && d < end && (d-start)%7 != 0
	}
	note := func(at string, d plan.Date, spend, other bool) {
		if !inside(d) {
			return
		}
		what := "numbers follow from the next week on"
		if spend {
			what = "spend changes by its share of the days"
			if other {
				what += ", other numbers follow from the next week on"
			}
		}
		n := b.at(at)
		b.warnings = append(b.warnings, b.problem(n, at, "", fmt.Sprintf("%s lies inside a week of the run: %s", d, what),
			""))
	}
	for _, s := range p.Schedules {
		if n := b.places[s.Key]; n != nil && n.months {
			continue // each month's money falls evenly on its days
		}
		for _, e := range s.Entries {
			for _, d := range []plan.Date{e.From, e.Until} {
				if inside(d) {
					note(s.Key, d, spendKey(s.Key), !spendKey(s.Key))
				}
			}
		}
	}
	kinds := func(effects []plan.Effect) (spend, other bool) {
		for _, e := range effects {
			spend, other = spend || spendKey(e.Key), other || !spendKey(e.Key)
		}
		return spend, other
	}
	for _, c := range p.Changes {
		spend, other := kinds(c.Effects)
		note("changes."+plan.JoinKey(c.Name)+".from", c.From, spend, other)
		note("changes."+plan.JoinKey(c.Name)+".until", c.Until, spend, other)
	}
	for _, s := range p.Shocks {
		if s.FromLatest > s.From {
			continue // drawn: inside a week more often than not
		}
		spend, other := kinds(s.Effects)
		note("shocks."+plan.JoinKey(s.Name)+".from", s.From, spend, other)
	}
}

// noteBurnIn says when the burn-in is too short to fill the market and pipelines.
func (b *builder) noteBurnIn() {
	p := b.plan
	if p.OpeningPlan != nil {
		p = p.OpeningPlan
	}
	var window, cycle float64
	for _, t := range p.Triggers {
		if t.Enabled {
			window = max(window, t.WindowWeeks)
		}
	}
	for _, t := range p.Teams {
		if !t.Enabled {
			continue
		}
		for s, d := range t.CycleDays {
			if holds(t.Sizes, p.Population.Sizes[s].Name) && !math.IsNaN(d) {
				cycle = max(cycle, d/7)
			}
		}
	}
	var trial float64 // of which sign-ups in progress are a part
	for i := range p.Products {
		if x := &p.Products[i]; x.Enabled {
			trial = max(trial, x.TrialDays/7)
		}
	}
	cycle += trial
	if need := math.Ceil(3 * (window + cycle)); p.Opening.BurnInWeeks < need && len(p.Channels) > 0 {
		few := short(p.Opening.BurnInWeeks) + " weeks are few"
		if p.Opening.BurnInWeeks == 1 {
			few = "1 week is too few"
		}
		b.note("opening.burn_in_weeks", "%s: 3 x (longest mean window %s + longest mean cycle %s weeks) = %s "+
			"fill the market and pipelines",
			few, rough(window), rough(cycle), short(need))
	}
}
