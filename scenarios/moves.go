package scenarios

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// schedule reads dated values of a key and gives the plain value under them.
// An entry without a date is that plain value.
func (b *builder) schedule(n *node, key string, p plan.Param) float64 {
	if !p.Vary {
		b.report(n, key, "", "must be one value; this key does not change over time", "")
		return math.NaN()
	}
	base := defaultNumber(p)
	if n.plain != nil && n.plain.drawn != nil {
		b.report(n, key, "", fmt.Sprintf("dated values cannot stand over a column of %s; write a dated change, as in "+
			"[changes.NAME] set", n.plain.drawn.of.file), "")
		return base
	}
	if n.plain != nil && n.plain.isLeaf() {
		base, _ = b.quantity(n.plain, key, p, key)
	}
	s := plan.Schedule{Key: key}
	places := map[plan.Date]*node{}
	for i, e := range n.elems {
		for _, k := range e.order {
			if !slices.Contains([]string{"from", "until", "value"}, k) {
				b.unknown(e.kids[k], key, k, []string{"from", "until", "value", "source"})
			}
		}
		v := e.kid("value")
		if v == nil {
			b.report(e, key, "", "an entry lacks value", "")
			continue
		}
		if e.kid("from") == nil {
			if i > 0 || e.kid("until") != nil {
				b.report(e, key, "", "an entry lacks from; only the first may, and is then the value before all dates", "")
				continue
			}
			base, _ = b.quantity(v, key, p, key)
			continue
		}
		at := e.kid("from")
		entry := plan.ScheduleEntry{From: b.date(at, key+".from", ""), Input: -1}
		if entry.From == 0 {
			continue
		}
		if !n.months {
			b.insideRun(at, key+".from", entry.From, false)
		}
		if u := e.kid("until"); u != nil {
			entry.Until = b.date(u, key+".until", "")
			if entry.Until != 0 && entry.Until <= entry.From {
				b.fail(u, key+".until", "must be after from, %s", entry.From)
			}
		}
		name := key + "@" + entry.From.String()
		entry.Value, entry.Input = b.quantity(v, key, p, name)
		b.origin(name, &node{kind: v.kind, file: e.file, line: e.line, col: e.col,
			source: cmp.Or(e.source, v.source, n.source)})
		places[entry.From] = e
		s.Entries = append(s.Entries, entry)
	}
	slices.SortStableFunc(s.Entries, func(x, y plan.ScheduleEntry) int { return cmp.Compare(x.From, y.From) })
	for i := 1; i < len(s.Entries); i++ {
		a, c := s.Entries[i-1], s.Entries[i]
		if c.From == a.From || a.Until > c.From {
			until := "on"
			if a.Until != 0 {
				until = "until " + a.Until.String()
			}
			b.report(places[c.From], key+".from", c.From.String(), fmt.Sprintf("overlaps the entry from %s %s", a.From, until),
				"")
		}
	}
	if len(s.Entries) == 0 {
		return base
	}
	if math.IsNaN(base) {
		base = b.covered(n, key, s)
	}
	b.plan.Schedules = append(b.plan.Schedules, s)
	return base
}

// covered gives the first day's value of a schedule that has no plain value
// under it, and reports the first day of the run, or of what is replayed before it, that no entry covers.
func (b *builder) covered(n *node, key string, s plan.Schedule) float64 {
	start, end := b.runDates()
	value, at := math.NaN(), b.replayedFrom()
	for i, e := range s.Entries {
		until := e.Until
		if until == 0 { // it holds until the next entry starts
			until = end
			if i+1 < len(s.Entries) {
				until = s.Entries[i+1].From
			}
		}
		if e.From > at {
			break
		}
		if until > at {
			if at <= start && start < until {
				value = e.Value
			}
			at = until
		}
	}
	if at < end {
		b.report(n, key, "", fmt.Sprintf("says nothing about %s, and the key has no value without a date", at), "")
	}
	return value
}

// runDates gives the first day of the run and the day after its last.
func (b *builder) runDates() (start, end plan.Date) {
	start = b.plan.Run.Start
	if start == 0 {
		start = plan.NewDate(2013, 1, 1)
	}
	weeks := b.plan.Run.Weeks
	if !(weeks >= 1 && weeks <= 2000) {
		weeks = 2000
	}
	return start, start + plan.Date(7*weeks)
}

// insideRun reports a date that lies outside the run: a problem if the file
// that was asked for says so, else a warning. With early, dates before the
// first day count too.
func (b *builder) insideRun(n *node, key string, d plan.Date, early bool) {
	start, end := b.runDates()
	if b.root.kid("resolved") != nil || d == 0 || (d < end && (d >= start || !early)) {
		return
	}
	msg := fmt.Sprintf("lies outside the run, %s to %s", start, end-1)
	moved := b.places["run.weeks"] != nil && b.places["run.weeks"].line == 0 || b.places["run.start"] != nil &&
		b.places["run.start"].line == 0
	if n.file == b.main && !moved {
		b.fail(n, key, "%s", msg)
	} else {
		b.warn(n, key, "%s", msg)
	}
}

// topLevel checks the tables that are no part of the parameter table.
func (b *builder) topLevel() {
	for _, k := range otherTables {
		n := b.root.kid(k)
		if n == nil || k == "extends" || n.kind == table {
			continue
		}
		b.fail(n, k, "must be a table, not %s", n.kind)
	}
}

// each calls f for every named table of a group, in order of name, after
// checking its keys; tables with enabled = false are read but not kept.
func (b *builder) each(groupName string, keys []string, f func(name, key string, n *node) (keep func())) {
	g := b.root.kid(groupName)
	if g == nil || g.kind != table {
		return
	}
	for _, name := range b.checkedNames(g, groupName) {
		n := g.kids[name]
		key := groupName + "." + plan.JoinKey(name)
		if n.kind != table {
			b.fail(n, key, "must be a table, as in [%s], not %s", key, n.kind)
			continue
		}
		for _, k := range n.order {
			if !slices.Contains(keys, k) && k != "enabled" {
				b.unknown(n.kids[k], key, k, append(slices.Clone(keys), "enabled"))
			}
		}
		on := true
		if e := n.kid("enabled"); e != nil {
			on = b.flag(e, key+".enabled", plan.Param{Kind: "flag"})
		}
		inputs := len(b.plan.Inputs)
		keep := f(name, key, n)
		if on {
			keep()
		} else {
			b.plan.Inputs = b.plan.Inputs[:inputs]
		}
	}
}

// moves reads dated changes, shocks and correlations.
func (b *builder) moves() {
	slices.SortStableFunc(b.plan.Inputs, func(x, y plan.Input) int { return cmp.Compare(x.Name, y.Name) })
	index := map[string]int{}
	for i, in := range b.plan.Inputs {
		index[in.Name] = i
	}
	for i := range b.plan.Schedules { // the order of inputs has changed
		s := &b.plan.Schedules[i]
		for j := range s.Entries {
			if e := &s.Entries[j]; e.Input >= 0 {
				e.Input = index[s.Key+"@"+e.From.String()]
			}
		}
	}
	b.each("changes", []string{"from", "until", "layer", "set", "multiply", "no_growth"},
		func(name, key string, n *node) func() {
			c := plan.Change{Name: name, From: b.start(n, key, b.replayedFrom() == b.plan.Run.Start)}
			if u := n.kid("until"); u != nil {
				if c.Until = b.date(u, key+".until", ""); c.Until != 0 && c.From != 0 && c.Until <= c.From {
					b.fail(u, key+".until", "must be after from, %s", c.From)
				}
			}
			if k := n.kid("layer"); k != nil {
				layer, _ := b.quantity(k, key+".layer", plan.Param{Kind: "number", High: mostLayers, Whole: true}, "")
				c.Layer = int(layer)
			}
			c.Effects = b.effectsOf(n, key)
			return func() { b.plan.Changes = append(b.plan.Changes, c) }
		})
	b.each("shocks", []string{"probability", "from", "from_latest", "weeks", "set", "multiply", "no_growth"},
		func(name, key string, n *node) func() {
			s := plan.Shock{Name: name, Probability: 1, From: b.start(n, key, true)}
			if k := n.kid("probability"); k != nil {
				s.Probability, _ = b.quantity(k, key+".probability", plan.Param{Kind: "number", Unit: "chance", High: 1}, "")
			}
			if k := n.kid("from_latest"); k != nil {
				if s.FromLatest = b.date(k, key+".from_latest", ""); s.FromLatest != 0 && s.FromLatest < s.From {
					b.fail(k, key+".from_latest", "must not be before from, %s", s.From)
				}
				b.insideRun(k, key+".from_latest", s.FromLatest, true)
			}
			weeks := plan.Param{Kind: "number", Unit: "weeks", LowOpen: true, High: 2000}
			if k := n.kid("weeks"); k != nil {
				s.Weeks, _ = b.quantity(k, key+".weeks", weeks, "")
			} else {
				b.missing(n, key+".weeks", weeks)
			}
			s.Effects = b.effectsOf(n, key)
			return func() { b.plan.Shocks = append(b.plan.Shocks, s) }
		})
	b.correlations()
}

// start reads from: a date, or "start" for the first day. With early, dates before that count as outside the run.
func (b *builder) start(n *node, key string, early bool) plan.Date {
	k := n.kid("from")
	if k == nil {
		b.report(n, key+".from", "", "is missing: a date such as 2013-10-01", "")
		return 0
	}
	if k.kind == text && k.value == "start" {
		return b.plan.Run.Start
	}
	d := b.date(k, key+".from", "")
	b.insideRun(k, key+".from", d, early)
	return d
}

// mostLayers is the highest layer of a dated change.
const mostLayers = 1000

// effectsOf reads the tables set and multiply and the list no_growth, which act in
// this order; of two keys that name the same number the one with more stars acts first.
func (b *builder) effectsOf(n *node, key string) []plan.Effect {
	var out []plan.Effect
	for _, verb := range []string{"set", "multiply"} {
		m := n.kid(verb)
		if m == nil {
			continue
		}
		if m.kind != table {
			b.fail(m, key+"."+verb, "must be a table of keys and values, not %s", m.kind)
			continue
		}
		var list []plan.Effect
		b.effect(m, nil, key+"."+verb, verb == "multiply", &list)
		inOrder(list)
		out = append(out, list...)
	}
	hold := n.kid("no_growth")
	if hold != nil {
		out = append(out, b.held(hold, key+".no_growth")...)
	}
	if len(out) == 0 && n.kid("set") == nil && n.kid("multiply") == nil && hold == nil {
		b.report(n, key, "", "changes nothing: it has neither set, multiply nor no_growth", "")
	}
	return out
}

func inOrder(list []plan.Effect) {
	slices.SortStableFunc(list, func(x, y plan.Effect) int {
		return cmp.Or(-cmp.Compare(strings.Count(x.Key, "*"), strings.Count(y.Key, "*")), cmp.Compare(x.Key, y.Key))
	})
}

// held reads the list no_growth.
func (b *builder) held(n *node, at string) (out []plan.Effect) {
	if n.kind != array {
		b.fail(n, at, "must be a list of keys, as in [\"teams.inside.people\"]")
		return nil
	}
	for _, e := range n.elems {
		if e.kind != text {
			b.fail(e, at, "must be a list of keys, as in [\"teams.inside.people\"]")
			continue
		}
		key := e.value.(string)
		if segs, err := plan.SplitKey(key); err == nil {
			key = plan.JoinKey(segs...)
		}
		if b.moving(e, at, key) {
			out = append(out, plan.Effect{Key: key, Hold: true, Input: -1})
		}
	}
	inOrder(out)
	return out
}

// lastSegment is the part of a key behind its last dot.
func lastSegment(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// moving reports a key that names no number that may change over time.
func (b *builder) moving(n *node, name, key string) bool {
	_, p, err := b.plan.Numbers(key)
	switch {
	case err != nil:
		b.badKey(n, name, key, err)
		return false
	case p.Writes != "":
		b.fail(n, name, "%s cannot be set or multiplied by dates; write %s", key,
			strings.TrimSuffix(key, lastSegment(p.Pattern))+p.Writes)
		return false
	case !p.Vary:
		b.fail(n, name, "%s does not change over time", key)
		return false
	}
	b.moved = append(b.moved, move{n, name, key})
	return true
}

// effect walks the tables of set and multiply down to values.
func (b *builder) effect(n *node, path []string, at string, multiply bool, out *[]plan.Effect) {
	if n.kind == table && !n.isDist() {
		for _, k := range n.order {
			b.effect(n.kids[k], append(slices.Clone(path), k), at, multiply, out)
		}
		return
	}
	key := plan.JoinKey(path...)
	name := at + "." + key
	if !b.moving(n, name, key) {
		return
	}
	numbers, p, _ := b.plan.Numbers(key)
	if p.Total && !multiply && len(numbers) > 1 && !strings.Contains(key, "*") && !(n.kind == number && asFloat(n) == 0) {
		b.fail(n, name, "%s is a table by region here; name a region, or set it to 0", key)
		return
	}
	if multiply {
		p = plan.Param{Kind: "number", Unit: "multiplier", High: math.Inf(1), Draw: true}
	}
	p.Default = "required" // "none" is no value to change to
	value, input := b.quantity(n, name, p, name)
	b.origin(name, n)
	if input >= 0 {
		b.plan.Inputs[input].Key = ""
	}
	*out = append(*out, plan.Effect{Key: key, Multiply: multiply, Value: value, Input: input})
	if multiply && input < 0 && p.Allows(value) {
		b.multiplied(n, name, key, value)
	}
}

// multiplied reports a multiplication that leads out of a key's range.
func (b *builder) multiplied(n *node, name, key string, by float64) {
	numbers, p, err := b.plan.Numbers(key)
	if err != nil {
		return
	}
	p.Whole = false
	for _, x := range numbers {
		if wrong := problem(*x*by, p); p.Allows(*x) && wrong != "" {
			b.fail(n, name, "makes it %s: %s", short(*x*by), wrong)
			return
		}
	}
}

// badKey reports a key that names no number of the plan.
func (b *builder) badKey(n *node, name, key string, err error) {
	var unknown *plan.UnknownKeyError
	if e, ok := err.(*plan.UnknownKeyError); ok {
		unknown = e
		b.report(n, name, n.show(), "unknown key", unknown.Nearest)
		return
	}
	b.fail(n, name, "%s", err.Error())
}

// correlations reads the ties between uncertain inputs.
func (b *builder) correlations() {
	names := map[string]bool{}
	for _, in := range b.plan.Inputs {
		names[in.Name] = true
	}
	var last *node
	seen := map[[2]string]bool{}
	b.each("correlations", []string{"between", "rho"}, func(name, key string, n *node) func() {
		c := plan.Correlation{}
		pair := n.kid("between")
		if pair == nil || pair.kind != array || len(pair.elems) != 2 || pair.elems[0].kind != text ||
			pair.elems[1].kind != text {
			b.report(cmp.Or(pair, n), key+".between", "", "must name two uncertain keys, as in [\"channels.radio.response\", "+
				"\"channels.tv.response\"]", "")
			return func() {}
		}
		ends := make([]string, 2)
		certain := false
		for i, e := range pair.elems {
			ends[i] = b.inputName(e, key, names, &certain)
		}
		if certain || ends[0] == "" || ends[1] == "" {
			return func() {}
		}
		c.A, c.B = min(ends[0], ends[1]), max(ends[0], ends[1])
		p := plan.Param{Kind: "number", Low: -1, High: 1, LowOpen: true, HighOpen: true}
		switch r := n.kid("rho"); {
		case r == nil:
			b.missing(n, key+".rho", p)
			return func() {}
		default:
			c.Rho, _ = b.quantity(r, key+".rho", p, "")
		}
		switch {
		case c.A == c.B:
			b.report(pair, key+".between", "", "names one key twice", "")
			return func() {}
		case seen[[2]string{c.A, c.B}]:
			b.report(pair, key+".between", "", "ties two keys that another correlation ties already", "")
			return func() {}
		}
		return func() {
			seen[[2]string{c.A, c.B}] = true
			if last == nil || n.line > last.line {
				last = n
			}
			b.plan.Correlations = append(b.plan.Correlations, c)
		}
	})
	b.positiveDefinite(last)
	slices.SortFunc(b.plan.Correlations, func(x, y plan.Correlation) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
}

// inputName finds the input that a correlation names.
func (b *builder) inputName(e *node, key string, names map[string]bool, certain *bool) string {
	s := e.value.(string)
	base, day, dated := strings.Cut(s, "@")
	if segs, err := plan.SplitKey(base); err == nil {
		base = plan.JoinKey(segs...)
	}
	name := base
	if dated {
		name += "@" + day
	}
	if d := b.dists[name]; d != nil && d.drawn != nil {
		b.report(e, key+".between", e.show(), "is a column of "+d.drawn.of.file+", whose rows say what it goes with; leave "+
			"the correlation out", "")
		return ""
	}
	if names[name] {
		return name
	}
	if _, _, err := b.plan.Numbers(base); err == nil {
		b.warn(e, key+".between", "is a plain number here; the correlation is left out")
		*certain = true
		return ""
	}
	b.report(e, key+".between", e.show(), "names no uncertain key", plan.Nearest(s, slices.Sorted(maps.Keys(names))))
	return ""
}

// positiveDefinite reports correlations that cannot hold together.
func (b *builder) positiveDefinite(at *node) {
	index := map[string]int{}
	for _, c := range b.plan.Correlations {
		for _, n := range []string{c.A, c.B} {
			if _, ok := index[n]; !ok {
				index[n] = len(index)
			}
		}
	}
	m := make([][]float64, len(index))
	for i := range m {
		m[i] = make([]float64, len(index))
		m[i][i] = 1
	}
	for _, c := range b.plan.Correlations {
		i, j := index[c.A], index[c.B]
		m[i][j], m[j][i] = c.Rho, c.Rho
	}
	if len(m) > 0 && !positiveDefinite(m) {
		b.report(at, "correlations", "", fmt.Sprintf("cannot hold together: their matrix, of %s, is not positive definite",
			strings.Join(slices.Sorted(maps.Keys(index)), ", ")), "")
	}
}

// goals reads the conditions on outcomes as text.
func (b *builder) goals() {
	b.each("goals", []string{"expect"}, func(name, key string, n *node) func() {
		e := n.kid("expect")
		switch {
		case e == nil:
			b.report(n, key+".expect", "", "is missing: a condition such as \"P(out_of_business) <= 5%\"", "")
			return func() {}
		case e.kind != text || strings.TrimSpace(e.value.(string)) == "":
			b.fail(e, key+".expect", "must be a condition such as \"P(out_of_business) <= 5%%\"")
			return func() {}
		}
		b.origin(key+".expect", e)
		return func() {
			b.plan.Goals = append(b.plan.Goals, plan.Goal{Name: name, Expect: e.value.(string)})
		}
	})
}
