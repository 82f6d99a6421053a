package scenarios

import (
	"fmt"
	"regexp"
	"slices"

	"windfall/model/plan"
)

var multipleText = regexp.MustCompile(`^\s*[x×]\s*([0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?\s*%?)\s*$`)

// Multiple gives the factor, as written, of a value such as "x0.5" or "x50%", which multiplies what a key holds.
func Multiple(value string) (factor string, ok bool) {
	m := multipleText.FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// multiple is Multiple of a value of a key that takes no text.
func (n *node) multiple(path []string) (factor string, ok bool) {
	if n.kind != text {
		return "", false
	}
	if pattern, known := patternOf(path); known {
		if p, _ := paramOf(pattern); p.Kind == "text" {
			return "", false
		}
	}
	return Multiple(n.value.(string))
}

// multiples takes the values of an override that multiply, such as "x0.5", out of it and gives each as what KEY*=VALUE
// is. Tables that are empty then go too. What dated changes and shocks hold stays: they have a table multiply.
func multiples(over *node, path []string, take func(path []string, factor *node)) *node {
	out := newTable(over.file)
	out.line, out.col, out.source = over.line, over.col, over.source
	for _, k := range over.order {
		kid, here := over.kids[k], append(slices.Clone(path), k)
		if len(path) == 0 && slices.Contains(otherTables, k) {
			out.set(k, kid)
			continue
		}
		if factor, ok := kid.multiple(here); ok {
			v := setValue(factor)
			v.file, v.line, v.col, v.source = kid.file, kid.line, kid.col, kid.source
			take(here, v)
			continue
		}
		if kid.kind == table && !kid.isDist() && len(kid.order) > 0 {
			if kid = multiples(kid, here, take); len(kid.order) == 0 {
				continue
			}
		}
		out.set(k, kid)
	}
	return out
}

// instead says how to write a multiple where a value stands that is no override.
func instead(key, factor string) string {
	if segs, err := plan.SplitKey(key); err == nil && len(segs) > 3 && (segs[0] == "changes" || segs[0] == "shocks") {
		if segs[2] == "multiply" {
			return "write " + factor
		}
		return fmt.Sprintf("write multiply = {%q = %s} in place of set", plan.JoinKey(segs[3:]...), factor)
	}
	return fmt.Sprintf("a file multiplies what it takes over by a dated change: [changes.NAME] with from = \"start\" and "+
		"multiply = {%q = %s}", key, factor)
}
