package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
)

// currencyOf is the currency that a tree states, the default where it states none or one that is
// unknown, which the reader of the key reports.
func currencyOf(root *node) string {
	if n := root.at("run", "currency"); n != nil && n.kind == text && slices.Contains(currency.Codes(), n.value.(string)) {
		return n.value.(string)
	}
	return currency.Default
}

// checkCurrency reports money that was written in another currency than the scenario's: amounts of a
// file count in the currency that it states or takes over from its bases, and nothing is converted. A
// file that states the scenario's currency over a market in another has to restate them all.
func (l *loader) checkCurrency(merged *node, f *file) {
	code, at := currencyOf(merged), merged.at("run", "currency")
	if at != nil && at.value != code { // no currency, which its reader reports
		return
	}
	if !slices.ContainsFunc(l.order, func(name string) bool { return l.currencyIn(name) != code }) {
		return
	}
	others := map[string][]string{} // keys by the file that wrote them
	l.moneyOf(merged, nil, func(n *node, key string) {
		if n.file != SetPlace && l.currencyIn(n.file) != code && !slices.Contains(others[n.file], key) {
			others[n.file] = append(others[n.file], key)
		}
	})
	value := ""
	switch extends := merged.kid("extends"); {
	case at != nil && (at.file == f.display || at.file == SetPlace):
		value = at.show()
	case extends != nil: // the file that was asked for puts together what others state
		at = extends
	default:
		at = &node{file: f.display}
	}
	for _, name := range l.order {
		keys := others[name]
		if len(keys) == 0 {
			continue
		}
		slices.Sort(keys)
		l.problems = append(l.problems, Problem{File: at.file, Line: at.line, Col: at.col, Key: "run.currency", Value: value,
			Message: fmt.Sprintf("%s counts in %s, and nothing is converted: state %s in %s, or leave run.currency as it is "+
				"there%s",
				name, l.currencyIn(name), listed(keys), code, l.unstated(name))})
	}
}

// unstated says what to do with a file whose currency nobody states.
func (l *loader) unstated(name string) string {
	if l.stated[name] {
		return ""
	}
	return " (it states none; if its amounts are in another, write currency under its [run])"
}

// currencyIn is the currency in which a file counts.
func (l *loader) currencyIn(name string) string {
	if code, ok := l.currencies[name]; ok {
		return code
	}
	return currency.Default
}

// mostListed is the number of keys that a message names.
const mostListed = 8

// listed names keys, of many the first.
func listed(keys []string) string {
	if n := len(keys) - mostListed; n > 1 {
		return strings.Join(keys[:mostListed], ", ") + fmt.Sprintf(" and %d more keys", n)
	}
	return strings.Join(keys, ", ")
}

// moneyOf calls f for every amount of money in a tree: values of keys, by class and dated ones too, and
// what changes and shocks set.
func (l *loader) moneyOf(n *node, path []string, f func(n *node, key string)) {
	for _, k := range n.order {
		kid, here := n.kids[k], append(slices.Clone(path), k)
		if len(path) == 0 && slices.Contains([]string{"study", "resolved", "opening_plan", "baseline_plan", "extends"}, k) {
			continue
		}
		param := paramOfMoney(here)
		switch {
		case param.Money:
			amountsIn(kid, plan.JoinKey(here...), f)
		case kid.kind == table && !kid.isDist():
			l.moneyOf(kid, here, f)
		}
	}
}

// paramOfMoney is the row of the key at a path, also at one that a change or a shock sets.
func paramOfMoney(path []string) plan.Param {
	if len(path) > 3 && (path[0] == "changes" || path[0] == "shocks") {
		if path[2] != "set" {
			return plan.Param{}
		}
		path = path[3:]
	}
	pattern, ok := patternOf(path)
	if !ok {
		return plan.Param{}
	}
	p, _ := paramOf(pattern)
	return p
}

// amountsIn calls f for the values of a key that are not 0: itself, its entries, its dated values and
// the value under them.
func amountsIn(n *node, key string, f func(n *node, key string)) {
	switch x, isNumber := n.number(); {
	case isNumber && x == 0, n.kind == text && n.value == "none":
	case n.isSchedule():
		for _, e := range n.elems {
			if v := e.kid("value"); v != nil {
				amountsIn(v, key, f)
			}
		}
	case n.kind == table && !n.isDist():
		for _, k := range n.order {
			amountsIn(n.kids[k], key+"."+plan.JoinKey(k), f)
		}
	default:
		f(n, key)
	}
	if n.plain != nil && n.kind == table {
		amountsIn(n.plain, key, f)
	}
}
