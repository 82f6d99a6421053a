package scenarios

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"windfall/model/plan"
)

// builder turns a merged tree into a plan and collects everything that is
// wrong with it.
type builder struct {
	plan     *plan.Plan
	root     *node
	main     string // the file that was asked for
	problems Problems
	warnings Problems
	dists    map[string]*node // where each input is written, by its name
	places   map[string]*node // where each key is set
	moved    []move           // by dated changes and shocks
	dealt    *node            // opening.customers, where it is a total that was dealt over the size classes

	oneRow       bool // the numbers are those of one row of draws
	moneyFits    bool // of which it is known that its money fits into cash
	oneOfSeveral bool // overrides are meant for several plans, and may do nothing in this one
	settledGoal  func(p *plan.Plan, expect string) string
}

// build makes the plan of a tree. The plan is complete only if there are no
// problems.
func build(root *node, name, main string) *builder {
	b := &builder{
		plan: &plan.Plan{Name: name, Origins: map[string]plan.Origin{}, Run: plan.Run{Currency: currencyOf(root)}},
		root: root, main: main,
		dists: map[string]*node{}, places: map[string]*node{},
	}
	if b.counts(); len(b.problems) > 0 {
		return b
	}
	v := reflect.ValueOf(b.plan).Elem()
	b.names(v, root, "")
	b.section(v, root, "", "", true)
	b.topLevel()
	b.moves()
	b.goals()
	b.draws()
	slices.SortStableFunc(b.plan.Schedules, func(x, y plan.Schedule) int { return cmp.Compare(x.Key, y.Key) })
	return b
}

// otherTables are the top-level tables that are no part of the parameter table.
var otherTables = []string{"extends", "changes", "shocks", "correlations", "draws", "goals", "study", "resolved",
	"opening_plan", "baseline_plan"}

func (b *builder) report(n *node, key, value, message, hint string) {
	b.problems = append(b.problems, b.problem(n, key, value, message, hint))
}

// problem says something about a key at its place.
func (b *builder) problem(n *node, key, value, message, hint string) Problem {
	p := Problem{File: b.main, Key: b.asWritten(key), Value: value, Message: message, Hint: hint}
	if n != nil {
		p.File, p.Line, p.Col = n.file, n.line, n.col
	}
	if lever, ok := leverKey(key); ok { // the command line wrote no such key
		p.Key, p.Value = lever+"*", ""
		if value != "" {
			p.Key += "=" + value
		}
	}
	return p
}

// fail reports a bad value.
func (b *builder) fail(n *node, key, format string, args ...any) {
	value := ""
	if n != nil {
		value = n.show()
	}
	b.report(n, key, value, fmt.Sprintf(format, args...), "")
}

func (b *builder) warn(n *node, key, format string, args ...any) {
	value := ""
	if n != nil {
		value = n.show()
	}
	b.warnings = append(b.warnings, b.problem(n, key, value, fmt.Sprintf(format, args...), ""))
}

// tags lists the keys of a struct.
func tags(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("toml"); tag != "" && tag != "-" {
			out = append(out, tag)
		}
	}
	return out
}

// group says how a field is written: "" a value, "table", or "named" for
// tables by name.
func group(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[plan.Split]():
		return ""
	case t.Kind() == reflect.Struct:
		return "table"
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		if f, ok := t.Elem().FieldByName("Name"); ok && f.Tag.Get("toml") == "-" {
			return "named"
		}
	}
	return ""
}

// names makes the named tables of the plan, so that every dimension is known
// before values by size or region are read.
func (b *builder) names(v reflect.Value, n *node, at string) {
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		f, kid, key := v.Field(i), n.kid(tag), joinKeys(at, tag)
		switch group(f.Type()) {
		case "table":
			if kid == nil || kid.kind == table {
				b.names(f, kid, key)
			}
		case "named":
			if kid == nil || kid.kind != table {
				continue
			}
			names := b.checkedNames(kid, key)
			if key == "population.sizes" {
				slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(lowest(kid.kid(x)), lowest(kid.kid(y))) })
			}
			s := reflect.MakeSlice(f.Type(), len(names), len(names))
			for j, name := range names {
				s.Index(j).FieldByName("Name").SetString(name)
			}
			f.Set(s)
		}
	}
}

// lowest orders size classes.
func lowest(n *node) float64 {
	x, _ := n.kid("lowest").number()
	return x
}

func asFloat(n *node) float64 {
	if i, ok := n.value.(int64); ok {
		return float64(i)
	}
	return n.value.(float64)
}

// checkedNames gives the names of named tables in order.
func (b *builder) checkedNames(n *node, key string) []string {
	names := slices.Sorted(maps.Keys(n.kids))
	lower := map[string]string{}
	for _, name := range names {
		here := key + "." + plan.JoinKey(name)
		if !isName(name) {
			b.report(n.kids[name], here, "", "a name has 1 to 64 letters, digits, - _ or +", "")
		}
		if twin, ok := lower[strings.ToLower(name)]; ok {
			at, other := name, twin
			if n.kids[at].file != b.main { // the file that was asked for is at fault
				at, other = twin, name
			}
			o := n.kids[other]
			b.report(n.kids[at], key+"."+plan.JoinKey(at), "",
				fmt.Sprintf("differs from %s (%s:%d) only in case", other, o.file, o.line), "")
		}
		lower[strings.ToLower(name)] = name
		if reserved[name] {
			b.report(n.kids[name], here, "", "is a name that result tables use themselves; choose another", "")
		}
	}
	return names
}

var reserved = map[string]bool{"source": true, "opening": true, "unassigned": true}

func isName(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '+' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// section reads the keys of one table into a struct. Values without default
// may be missing where the table is switched off.
func (b *builder) section(v reflect.Value, n *node, at, pattern string, on bool) {
	t := v.Type()
	if n != nil && n.kind != table {
		b.fail(n, at, "must be a table of keys, not %s", n.kind)
		return
	}
	if e := n.kid("enabled"); e != nil && e.value == false {
		on = false
	}
	n = b.byMonth(n, at, pattern)
	known := tags(t)
	if n != nil {
		for _, k := range n.order {
			if !slices.Contains(known, k) && (at != "" || !slices.Contains(otherTables, k)) {
				all := known
				if at == "" {
					all = slices.Concat(known, otherTables)
				}
				b.unknown(n.kids[k], at, k, all)
			}
		}
	}
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		f, kid, key := v.Field(i), n.kid(tag), joinKeys(at, tag)
		switch group(f.Type()) {
		case "table":
			b.section(f, kid, key, pattern+tag+".", on)
		case "named":
			b.named(f, kid, key, pattern+tag+".*.", on)
		default:
			param := b.param(pattern + tag)
			b.leaf(f, kid, key, param, on, n)
		}
	}
}

func (b *builder) unknown(n *node, at, key string, known []string) {
	hint := ""
	if at == "" {
		hint = plan.Misplaced(key)
	}
	if meant := synonyms[key]; slices.Contains(known, meant) {
		hint = joinKeys(at, plan.JoinKey(meant))
	} else if near := plan.Nearest(key, known); near != "" && hint == "" {
		hint = joinKeys(at, plan.JoinKey(near))
	}
	value := ""
	if n.kind != table && n.kind != array {
		value = n.show()
	}
	b.report(n, joinKeys(at, plan.JoinKey(key)), value, "unknown key", hint)
}

// synonyms are words that people write for a key that is called otherwise.
var synonyms = map[string]string{
	"fallback": "falls_back_to", "fallback_to": "falls_back_to", "fall_back": "falls_back_to", "capture": "captures",
	"budget": "weekly_budget", "spend": "weekly_budget", "headcount": "people", "capacity": "opportunities_per_week",
	"rivals_per_week": "rival_per_week",
}

func (b *builder) named(f reflect.Value, n *node, key, pattern string, on bool) {
	if n == nil {
		return
	}
	if n.kind != table {
		b.fail(n, key, "must be tables by name, as in [%s.NAME], not %s", key, n.kind)
		return
	}
	for j := range f.Len() {
		name := f.Index(j).FieldByName("Name").String()
		required := on && !b.misspelt(n, name, key, pattern)
		b.section(f.Index(j), n.kid(name), key+"."+plan.JoinKey(name), pattern, required)
	}
}

// misspelt reports a table that no base has, that lacks what such a table
// needs, and that a table of a base may have been meant by: the list of all
// that is missing would lead astray. A command line adds to tables only.
func (b *builder) misspelt(group *node, name, key, pattern string) bool {
	n := group.kid(name)
	if n.added == "" || n.kind != table {
		return false
	}
	var lacks []string
	for _, p := range plan.Params() {
		if k, ok := strings.CutPrefix(p.Pattern, pattern); ok && p.Default == "required" &&
			n.at(strings.Split(k, ".")...) == nil && n.kid(replaces(key+".", k)) == nil {
			lacks = append(lacks, k)
		}
	}
	known := slices.DeleteFunc(slices.Clone(group.order), func(k string) bool { return group.kid(k).added == n.added })
	near := plan.Nearest(name, known)
	at := key + "." + plan.JoinKey(name)
	switch {
	case len(lacks) == 0:
		return false
	case n.file == SetPlace:
		if near != "" {
			near = key + "." + plan.JoinKey(near)
		}
		b.unknownLeaves(n, at, near)
		return true
	case near == "":
		return false
	}
	b.report(n, at, "", "is new and lacks "+join(lacks), key+"."+plan.JoinKey(near))
	return true
}

// unknownLeaves reports every value of a table that does not exist; near is
// the table that may have been meant.
func (b *builder) unknownLeaves(n *node, at, near string) {
	if n.isLeaf() {
		b.report(n, at, n.show(), "unknown key", near)
		return
	}
	for _, k := range n.order {
		hint := near
		if near != "" {
			hint = near + "." + plan.JoinKey(k)
		}
		b.unknownLeaves(n.kids[k], at+"."+plan.JoinKey(k), hint)
	}
}

var paramTable = func() map[string]plan.Param {
	m := map[string]plan.Param{}
	for _, p := range plan.Params() {
		m[p.Pattern] = p
	}
	return m
}()

// param is the row of a key, with units in the plan's currency.
func (b *builder) param(pattern string) plan.Param {
	p, _ := paramOf(pattern)
	return p.In(b.plan.Run.Currency)
}

func paramOf(pattern string) (plan.Param, bool) {
	p, ok := paramTable[pattern]
	return p, ok
}
