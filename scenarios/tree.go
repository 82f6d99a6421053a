package scenarios

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"windfall/model/plan"
)

// node is one value of a scenario file with its place: a table, an array or a
// scalar. Files are merged as trees of nodes before a plan is built, so that
// every value knows the file and line that set it.
type node struct {
	kind   kind
	kids   map[string]*node // table
	order  []string         // table: keys as first written
	elems  []*node          // array
	value  any              // scalar: int64, float64, string, bool or plan.Date
	text   string           // scalar as written
	file   string
	line   int
	col    int
	source string  // evidence, from the nearest source that names it
	plain  *node   // the value that holds where a schedule or a by-table says nothing
	months bool    // a schedule that was made of numbers by calendar month
	drawn  *column // of a table of draws; of [draws.NAME] itself: the table
	added  string  // the file that laid it over bases without it; empty in the first base
}

type kind int

const (
	table kind = iota
	array
	number
	text
	flag
	date
	other // times of day and the like, which no key takes
)

// a word for error messages
func (k kind) String() string {
	return [...]string{"a table", "a list", "a number", "a text", "true or false", "a date", "a time"}[k]
}

func newTable(file string) *node { return &node{kind: table, kids: map[string]*node{}, file: file} }

// kid gives the value of a key of a table, or nil.
func (n *node) kid(key string) *node {
	if n == nil || n.kind != table {
		return nil
	}
	return n.kids[key]
}

// at follows keys down the tables.
func (n *node) at(keys ...string) *node {
	for _, k := range keys {
		n = n.kid(k)
	}
	return n
}

// count is the number of values in a tree.
func (n *node) count() int {
	sum := 1
	for _, k := range n.kids {
		sum += k.count()
	}
	for _, e := range n.elems {
		sum += e.count()
	}
	return sum
}

func (n *node) set(key string, v *node) {
	if _, ok := n.kids[key]; !ok {
		n.order = append(n.order, key)
	}
	n.kids[key] = v
}

func (n *node) remove(key string) {
	if _, ok := n.kids[key]; ok {
		delete(n.kids, key)
		n.order = slices.DeleteFunc(n.order, func(k string) bool { return k == key })
	}
}

// isDist tells a distribution written as a table.
func (n *node) isDist() bool { return n.kid("dist") != nil }

// isLeaf tells values from tables of values.
func (n *node) isLeaf() bool { return n.kind != table || n.isDist() }

// isSchedule tells a list of dated values.
func (n *node) isSchedule() bool {
	if n == nil || n.kind != array || len(n.elems) == 0 {
		return false
	}
	for _, e := range n.elems {
		if e.kind != table || e.isDist() || (e.kid("value") == nil && e.kid("from") == nil) {
			return false
		}
	}
	return true
}

// show writes a value for an error message, shortened.
func (n *node) show() string {
	switch n.kind {
	case table, array:
		return ""
	case text:
		s := n.value.(string)
		if r := []rune(s); len(r) > 60 {
			s = string(r[:57]) + "..."
		}
		return strconv.Quote(s)
	}
	return n.text
}

// copy gives a copy of the tables of a tree; scalars are shared.
func (n *node) copy() *node {
	if n.kind != table {
		return n
	}
	c := *n
	c.order = slices.Clone(n.order)
	c.kids = make(map[string]*node, len(n.kids))
	for k, v := range n.kids {
		c.kids[k] = v.copy()
	}
	return &c
}

// replaces gives the key beside a key that a later file means it instead of, or "".
func replaces(at, key string) string {
	switch group, _, _ := strings.Cut(at, "."); {
	case at == "customers" && key == "base_hazard":
		return "retained_12_months"
	case at == "customers" && key == "retained_12_months":
		return "base_hazard"
	case at == "finance" && key == "fixed_cost_per_week":
		return "fixed_cost_per_month"
	case at == "finance" && key == "fixed_cost_per_month":
		return "fixed_cost_per_week"
	case group != "channels" && group != "media" || group == at:
		return ""
	case key == "weekly_budget":
		return "monthly_budget"
	case key == "monthly_budget":
		return "weekly_budget"
	}
	return ""
}

// merge lays top over base, table by table and key by key. A schedule keeps
// the plain value under it, and a table by class keeps the single number under
// it for the classes that it does not name.
func merge(base, top *node, at string) *node {
	switch {
	case base == nil:
		return top
	case top.isSchedule():
		under := base
		if base.isSchedule() {
			under = base.plain
		}
		if under != nil && top.plain == nil {
			c := *top
			c.plain = under
			return &c
		}
		return top
	case top.kind != table || top.isDist():
		return top
	case base.isLeaf():
		if top.plain == nil {
			c := *top.copy()
			c.plain = base
			return &c
		}
		return top
	}
	out := base.copy()
	out.file, out.line, out.col = top.file, top.line, top.col
	for _, k := range top.order {
		here := k
		if at != "" {
			here = at + "." + k
		}
		if gone := replaces(at, k); gone != "" && top.kid(gone) == nil {
			out.remove(gone)
		}
		kid := merge(out.kid(k), top.kids[k], here)
		if out.kid(k) == nil {
			c := *kid
			c.added = c.file
			kid = &c
		}
		out.set(k, kid)
	}
	return out
}

// newScalar makes a node of a decoded value.
func newScalar(v any) *node {
	n := &node{value: v}
	switch x := v.(type) {
	case int64:
		n.kind, n.text = number, strconv.FormatInt(x, 10)
	case float64:
		n.kind, n.text = number, strconv.FormatFloat(x, 'g', -1, 64)
	case string:
		n.kind = text
	case bool:
		n.kind, n.text = flag, strconv.FormatBool(x)
	case time.Time:
		n.kind, n.text = other, x.Format(time.RFC3339)
		if x.Location().String() == "date-local" {
			n.kind, n.text = date, x.Format(time.DateOnly)
			n.value = plan.NewDate(x.Year(), int(x.Month()), x.Day())
		}
	default:
		n.kind, n.text = other, "?"
	}
	return n
}
