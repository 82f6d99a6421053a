package scenarios

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"windfall/model/plan"
)

// byMonth turns numbers by calendar month of a table, such as monthly_budget, into the dated values of
// the keys by week that they write. It gives the table with these in their place.
func (b *builder) byMonth(n *node, at, pattern string) *node {
	if n == nil {
		return n
	}
	for _, p := range plan.Params() {
		name, ok := strings.CutPrefix(p.Pattern, pattern)
		if !ok || p.Writes == "" || strings.Contains(name, ".") {
			continue
		}
		m := n.kid(name)
		if m == nil || m.kind == text && m.value == "none" {
			continue
		}
		key := joinKeys(at, name)
		if w := n.kid(p.Writes); w != nil {
			b.report(m, key, "", fmt.Sprintf("stands beside %s (%s:%d); give one of the two", p.Writes, w.file, w.line), "")
			continue
		}
		p = p.In(b.plan.Run.Currency)
		written := b.dated(m, key, p)
		if written == nil { // reported; the key by week is not missing
			written = &node{kind: number, value: int64(0), text: "0", file: m.file, line: m.line, col: m.col}
		}
		n = n.copy()
		n.set(p.Writes, written)
	}
	return n
}

// monthKey is a calendar month as a key: 2013-01.
var monthKey = regexp.MustCompile(`^(\d{4})-(\d{2})$`)

// monthOf reads a month and gives its first day.
func monthOf(s string) (plan.Date, bool) {
	if !monthKey.MatchString(s) {
		return 0, false
	}
	d, err := plan.ParseDate(s + "-01")
	return d, err == nil
}

// nextMonth is the first day of the month after a day's.
func nextMonth(d plan.Date) plan.Date {
	y, m, _ := d.YMD()
	return plan.NewDate(y+m/12, m%12+1, 1)
}

// thisMonth is the first day of a day's month.
func thisMonth(d plan.Date) plan.Date {
	y, m, _ := d.YMD()
	return plan.NewDate(y, m, 1)
}

// dated gives the values by week of a number by month, or of a table of them by region; nil if
// something is wrong, which is reported.
func (b *builder) dated(n *node, key string, p plan.Param) *node {
	months := n.kind == table && slices.ContainsFunc(n.order, func(k string) bool { return monthKey.MatchString(k) })
	if n.kind != table || months || p.By == "" || n.isDist() {
		amounts := b.amounts(n, key, p)
		if amounts == nil {
			return nil
		}
		return b.byWeek(n, amounts, p)
	}
	out := newTable(n.file)
	out.line, out.col, out.source = n.line, n.col, n.source
	names := b.plan.Dimension(p.By)
	b.knownEntries(n, key, p.By, names)
	for _, name := range n.order {
		if !slices.Contains(names, name) {
			return nil
		}
		part := p
		part.By = ""
		w := b.dated(n.kids[name], key+"."+plan.JoinKey(name), part)
		if w == nil {
			return nil
		}
		out.set(name, w)
	}
	return out
}

// monthly is the money of calendar months, by their first days.
type monthly struct {
	every  float64 // of the months that are not named; NaN: all that the run touches are
	amount map[plan.Date]float64
}

// of is the money of a month.
func (m *monthly) of(first plan.Date) float64 {
	if x, ok := m.amount[first]; ok {
		return x
	}
	return m.every
}

// perDay is the money of a day: months spend evenly.
func (m *monthly) perDay(d plan.Date) float64 {
	first := thisMonth(d)
	return m.of(first) / float64(nextMonth(first)-first)
}

// amounts reads a number for every month, or a table by month.
func (b *builder) amounts(n *node, key string, p plan.Param) *monthly {
	out := &monthly{every: math.NaN(), amount: map[plan.Date]float64{}}
	problems := len(b.problems)
	read := func(n *node, key string) float64 {
		if n.kind == array {
			b.report(n, key, "", "must be a number for every month or a table by month, as in {2013-01 = 40_000}, "+
				"not a list", "")
			return 0
		}
		x, _ := b.quantity(n, key, p, "")
		return x
	}
	if n.kind != table || n.isDist() {
		out.every = read(n, key)
		return out.unless(len(b.problems) > problems)
	}
	if n.plain != nil && n.plain.kind != table && n.plain.value != "none" {
		out.every = read(n.plain, key)
	}
	start, end := b.runDates()
	for _, k := range n.order {
		here := key + "." + plan.JoinKey(k)
		d, ok := monthOf(k)
		if !ok {
			b.report(n.kids[k], here, n.kids[k].show(), "must be a calendar month such as 2013-01", "")
			continue
		}
		b.insideRun(n.kids[k], here, d, false)
		out.amount[d] = read(n.kids[k], here)
	}
	var lacks []string
	for d := thisMonth(start); d < end; d = nextMonth(d) {
		if math.IsNaN(out.of(d)) {
			lacks = append(lacks, d.String()[:7])
		}
	}
	if len(lacks) > 0 && len(b.problems) == problems {
		b.report(n, key, "", fmt.Sprintf("says nothing about %s; name every month that the run touches (%s to %s), "+
			"with 0 where nothing is spent", clip(join(lacks)), start, end-1), "")
	}
	return out.unless(len(b.problems) > problems)
}

// unless gives nothing where something was wrong.
func (m *monthly) unless(wrong bool) *monthly {
	if wrong {
		return nil
	}
	return m
}

// byWeek writes money by month as dated values by week. Budgets act by their share of the days, so an
// entry begins with each month. A fixed cost is that of whole weeks, so a week across two months has an
// entry of its own. After the run a number for every month goes on at its mean.
func (b *builder) byWeek(n *node, m *monthly, p plan.Param) *node {
	start, end := b.runDates()
	values := map[plan.Date]float64{}
	if strings.HasSuffix(p.Writes, "_budget") {
		for d := thisMonth(start); d < end; d = nextMonth(d) {
			values[d] = 7 * m.perDay(d)
		}
	} else {
		for w := start; w < end; w += 7 {
			for d := w; d < w+7; d++ {
				values[w] += m.perDay(d)
			}
			if thisMonth(w) == thisMonth(w+6) {
				values[w] = 7 * m.perDay(w)
			}
		}
	}
	if !math.IsNaN(m.every) {
		after := nextMonth(end - 1)
		values[after] = m.every * 12 / plan.WeeksPerYear
	}
	source := n.source
	for _, k := range n.order { // of a table by month the months have it
		source = cmp.Or(source, n.kids[k].source)
	}
	out := &node{kind: array, file: n.file, line: n.line, col: n.col, source: source, months: true}
	last := math.NaN()
	for _, d := range slices.Sorted(maps.Keys(values)) {
		if values[d] == last {
			continue
		}
		last = values[d]
		e := newTable(n.file)
		e.line, e.col, e.source = n.line, n.col, source
		put := func(key string, k kind, value any, text string) {
			e.set(key, &node{kind: k, value: value, text: text, file: n.file, line: n.line, col: n.col, source: source})
		}
		put("from", date, d, d.String())
		put("value", number, last, plan.FormatNumber(last))
		out.elems = append(out.elems, e)
	}
	return out
}
