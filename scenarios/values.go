package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// origin records where a key was set.
func (b *builder) origin(key string, n *node) {
	b.places[key] = n
	b.plan.Origins[key] = plan.Origin{File: n.file, Line: n.line, Source: n.source}
}

// missing reports a required key; the place is that of its table.
func (b *builder) missing(parent *node, key string, p plan.Param) {
	b.report(parent, key, "", "is missing: "+need(p), "")
}

// need says in words what a key takes.
func need(p plan.Param) string {
	switch p.Kind {
	case "number":
		s := p.Range()
		if p.Unit != "" {
			s += " (" + p.Unit + ")"
		}
		return s
	case "text":
		if len(p.OneOf) > 0 {
			return "one of " + strings.Join(p.OneOf, ", ")
		}
		return "a text"
	case "flag":
		return "true or false"
	case "date":
		return "a date such as 2013-10-01"
	case "list":
		return "a list of names: " + p.Names
	}
	return "a list"
}

// leaf reads one key of the parameter table.
func (b *builder) leaf(f reflect.Value, n *node, key string, p plan.Param, on bool, parent *node) {
	if p.Writes != "" {
		n = nil // read already, by byMonth
	}
	if n != nil {
		b.origin(key, n)
		if n.kind == text && n.value == "none" && p.Default == "none" {
			n = nil
		}
	}
	if n == nil && p.Default == "required" && on {
		b.missing(parent, key, p)
	}
	switch dst := f.Addr().Interface().(type) {
	case *float64:
		*dst = b.number(n, key, p)
	case *[]float64:
		*dst = b.byTable(n, key, p, on, parent)
	case *plan.Split:
		b.split(dst, n, key, p, on)
	case *string:
		*dst = b.text(n, key, p)
	case *bool:
		*dst = b.flag(n, key, p)
	case *plan.Date:
		*dst = b.date(n, key, p.Default)
	case *[]string:
		*dst = b.list(n, key, p)
	case *[]plan.RegimeFrom:
		*dst = b.regimes(n, key)
	case *[]plan.AgeBand:
		*dst = b.ageBands(n, key)
	case *[]plan.Began:
		*dst = b.ramping(n, key)
	default:
		panic(fmt.Sprintf("scenarios: no reader for %s (%T)", key, dst))
	}
}

// defaultNumber is NaN where there is none.
func defaultNumber(p plan.Param) float64 {
	if x, err := strconv.ParseFloat(p.Default, 64); err == nil {
		return x
	}
	return math.NaN()
}

// dated says what a list of a number holds.
const dated = "a list holds dated values, as in [{from = 2013-10-01, value = 1}]"

// number reads one number: plain, uncertain or a schedule.
func (b *builder) number(n *node, key string, p plan.Param) float64 {
	if n == nil {
		return defaultNumber(p)
	}
	if n.isSchedule() {
		return b.schedule(n, key, p)
	}
	if n.kind == array && p.Vary {
		b.fail(n, key, "must be %s; %s", p.Range(), dated)
		return math.NaN()
	}
	x, _ := b.quantity(n, key, p, key)
	return x
}

// byTable reads numbers along a dimension: one for all, a list of twelve
// months, or a table by name.
func (b *builder) byTable(n *node, key string, p plan.Param, on bool, parent *node) []float64 {
	names := b.plan.Dimension(p.By)
	out := make([]float64, len(names))
	fill := func(x float64) []float64 {
		for i := range out {
			out[i] = x
		}
		return out
	}
	switch {
	case n == nil:
		return fill(defaultNumber(p))
	case n.kind == array && p.By == "month" && !n.isSchedule():
		if len(n.elems) != 12 {
			b.fail(n, key, "has %d numbers; a list by month has 12", len(n.elems))
			return fill(1)
		}
		for i, e := range n.elems {
			out[i] = b.entry(e, key, names[i], p)
		}
		return out
	case n.isLeaf() && p.Dealt && n.kind != array:
		total := b.number(n, key, p)
		if p.Allows(total) {
			b.dealt = n
		}
		return model.DealByFirms(b.plan, total)
	case n.isLeaf():
		if n.kind == array && !n.isSchedule() {
			message := fmt.Sprintf("must be a number or a table by %s, not a list", p.By)
			if p.Vary {
				message += "; " + dated
			}
			b.report(n, key, "", message, "")
			return fill(math.NaN())
		}
		return fill(b.number(n, key, p))
	}
	b.knownEntries(n, key, p.By, names)
	under, ok := underTable(n.plain, len(names))
	if p.Dealt && under != nil && slices.ContainsFunc(names, func(name string) bool { return n.kid(name) == nil }) {
		b.report(n, key, "", fmt.Sprintf("names some entries only, and the value under it (%s:%d) is the total of all; "+
			"name every entry", n.plain.file, n.plain.line), "")
	}
	if !ok && slices.ContainsFunc(names, func(name string) bool { return n.kid(name) == nil }) {
		b.report(n, key, "", "names some entries only, and the value under it is uncertain or dated for all at once; name "+
			"every entry", "")
	}
	for i, name := range names {
		switch kid := n.kid(name); {
		case kid != nil:
			out[i] = b.entry(kid, key, name, p)
		case under != nil:
			out[i] = b.entry(under(i), key, name, p)
		default:
			out[i] = defaultNumber(p)
			if p.Default == "required" && on && serves(parent, p, name) {
				b.missing(n, key+"."+plan.JoinKey(name), p)
			}
		}
	}
	return out
}

// serves tells whether a number by size class must be there: a team needs it
// for the classes that it serves.
func serves(parent *node, p plan.Param, size string) bool {
	sizes := parent.kid("sizes")
	if !strings.HasPrefix(p.Pattern, "teams.") || sizes == nil || sizes.kind != array {
		return true
	}
	return slices.ContainsFunc(sizes.elems, func(e *node) bool { return e.value == size })
}

// underTable gives the values that hold for the entries that a table over them
// does not name: a single number or a list. A distribution or a schedule for
// all entries at once cannot be taken apart.
func underTable(plain *node, n int) (func(i int) *node, bool) {
	switch {
	case plain == nil:
		return nil, true
	case plain.kind == number || plain.isPercentage() || plain.isAmount():
		return func(int) *node { return plain }, true
	case plain.kind == array && !plain.isSchedule() && len(plain.elems) == n:
		return func(i int) *node { return plain.elems[i] }, true
	case plain.kind == text && plain.value == "none":
		return nil, true
	}
	return nil, false
}

// entry reads one number of a table by name.
func (b *builder) entry(n *node, key, name string, p plan.Param) float64 {
	here := key + "." + plan.JoinKey(name)
	b.origin(here, n)
	if n.kind == text && n.value == "none" && p.Default == "none" {
		return math.NaN()
	}
	return b.number(n, here, p)
}

func (b *builder) knownEntries(n *node, key, by string, names []string) {
	for _, k := range n.order {
		if !slices.Contains(names, k) {
			hint := plan.Nearest(k, names)
			if hint != "" {
				hint = key + "." + plan.JoinKey(hint)
			}
			b.report(n.kids[k], key+"."+plan.JoinKey(k), n.kids[k].show(), "unknown "+by, hint)
		}
	}
}

// split reads an amount in all, or a table by region. Regions that a medium
// does not cover have no part; theirs is 0.
func (b *builder) split(dst *plan.Split, n *node, key string, p plan.Param, on bool) {
	switch {
	case n == nil:
		dst.Total = math.NaN()
	case n.isLeaf():
		dst.Total = b.number(n, key, p)
	default:
		names := b.plan.Dimension(p.By)
		b.knownEntries(n, key, p.By, names)
		dst.Parts = make([]float64, len(names))
		for i, name := range names {
			if kid := n.kid(name); kid != nil {
				dst.Parts[i] = b.entry(kid, key, name, p)
			}
		}
	}
}

func (b *builder) text(n *node, key string, p plan.Param) string {
	switch {
	case n == nil:
		if p.Default == "required" || p.Default == "none" {
			return ""
		}
		return p.Default
	case n.kind != text:
		b.fail(n, key, "must be %s, not %s", need(p), n.kind)
		return ""
	}
	s := n.value.(string)
	if len(p.OneOf) > 0 && !slices.Contains(p.OneOf, s) {
		b.report(n, key, n.show(), "must be "+need(p), plan.Nearest(s, p.OneOf))
	}
	if len(s) > 2000 {
		b.fail(n, key, "has %d bytes; a text has at most 2000", len(s))
	}
	return s
}

func (b *builder) flag(n *node, key string, p plan.Param) bool {
	switch {
	case n == nil:
		return p.Default == "true"
	case n.kind != flag:
		b.fail(n, key, "must be true or false, not %s%s", n.kind, n.advice(p))
		return false
	}
	return n.value.(bool)
}

var (
	firstDate = plan.NewDate(1971, 1, 1)
	lastDate  = plan.NewDate(2199, 12, 31)
)

// date reads a date; 0 stands for none.
func (b *builder) date(n *node, key, otherwise string) plan.Date {
	if n == nil {
		d, _ := plan.ParseDate(otherwise)
		return d
	}
	if n.kind == text { // in quotes, as schema-driven editors and command lines write it
		if d, err := plan.ParseDate(n.value.(string)); err == nil {
			n = &node{kind: date, value: d, text: n.value.(string), file: n.file, line: n.line, col: n.col}
		}
	}
	if n.kind != date {
		b.fail(n, key, "must be a date such as 2013-10-01, not %s%s", n.kind, n.advice(plan.Param{Kind: "date"}))
		return 0
	}
	d := n.value.(plan.Date)
	if d < firstDate || d > lastDate {
		b.fail(n, key, "a date lies between %s and %s", firstDate, lastDate)
		return 0
	}
	return d
}

// groups are the tables whose names make a dimension.
var groups = map[string][]string{
	"size": {"population", "sizes"}, "industry": {"population", "industries"}, "region": {"population", "regions"},
	"trigger": {"triggers"}, "channel": {"channels"}, "product": {"products"},
}

// list reads a list of names. Unknown names are reported here; "all" and an
// absent list of default all are empty.
func (b *builder) list(n *node, key string, p plan.Param) []string {
	if n == nil || (n.kind == text && n.value == "all" && p.Default == "all") {
		return nil
	}
	if n.kind != array {
		b.fail(n, key, "must be %s, as in [\"a\", \"b\"], not %s", need(p), n.kind)
		return nil
	}
	if len(n.elems) == 0 && p.Default == "all" {
		b.fail(n, key, "names no %s; leave the key out to mean all", p.Names)
	}
	names := b.plan.Dimension(p.Names)
	if g := b.root.at(groups[p.Names]...); g != nil && g.kind != table {
		return nil // reported already; every name would be unknown
	}
	var out []string
	for _, e := range n.elems {
		if e.kind != text {
			b.fail(e, key, "must be %s, as in [\"a\", \"b\"], not %s", need(p), e.kind)
			continue
		}
		s := e.value.(string)
		switch {
		case !slices.Contains(names, s):
			b.report(e, key, e.show(), "unknown "+p.Names, plan.Nearest(s, names))
		case slices.Contains(out, s):
			b.fail(e, key, "is named twice")
		default:
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}
