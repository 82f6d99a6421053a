package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"windfall/model/plan"
)

// override lays variants and --set assignments over a tree.
func (l *loader) override(plain *node, f *file) *node {
	merged := plain
	var overs []*node
	for _, name := range l.variants {
		variants := plain.at("study", "variants")
		v := variants.kid(name)
		if v == nil || v.kind != table {
			p := Problem{File: f.display, Key: "study.variants." + plan.JoinKey(name), Message: "the study has no such variant"}
			if variants != nil {
				p.Hint = plan.Nearest(name, variants.order)
			}
			l.problems = append(l.problems, p)
			continue
		}
		v = v.copy()
		v.remove("title")
		r := reader{file: f.display}
		r.sources(v, "")
		r.undot(v, "study.variants."+plan.JoinKey(name))
		l.problems = append(l.problems, r.problems...)
		var factors []*node
		v = multiples(v, nil, func(path []string, factor *node) {
			factors = append(factors, leverOf(path, factor, 1, merged))
			merged = merge(merged, factors[len(factors)-1], "")
		})
		for _, v := range append(factors, v) {
			l.written = append(l.written, v)
			v = expand(v, merged, 0)
			overs = append(overs, v)
			merged = merge(merged, v, "")
		}
	}
	for i, s := range l.sets {
		v, problem := parseSet(s, i+1, merged)
		if problem != nil {
			l.problems = append(l.problems, *problem)
			continue
		}
		l.written = append(l.written, v)
		v = expand(v, merged, 0)
		overs = append(overs, v)
		merged = merge(merged, v, "")
	}
	if at := merged.at("opening", "plan"); len(overs) > 0 && (at == nil || at.value != "self") {
		for _, o := range overs {
			l.refuse(o, nil)
		}
	}
	return merged
}

// shapesOpening lists the keys whose values enter the run through the opening
// state alone.
func shapesOpening(pattern string) bool {
	switch pattern {
	case "population.firms", "population.media_firms", "population.min_dormant_share", "population.sizes.*.share",
		"population.sizes.*.death_shape", "population.industries.*.share",
		"population.regions.*.share", "brand.initial_salience", "brand.initial_equity", "channels.*.initial_adstock",
		"teams.*.ramping":
		return true
	}
	return strings.HasPrefix(pattern, "opening.") && pattern != "opening.plan"
}

// refuse reports overrides of keys that shape the opening state.
func (l *loader) refuse(n *node, path []string) {
	for _, k := range n.order {
		kid, here := n.kids[k], append(slices.Clone(path), k)
		if pattern, ok := patternOf(here); ok && shapesOpening(pattern) {
			l.problems = append(l.problems, Problem{File: kid.file, Line: kid.line, Col: kid.col, Key: plan.JoinKey(here...),
				Value: kid.show(),
				Message: "shapes the opening state, which overrides never enter; write it in a scenario file whose [opening] " +
					"plan is its own name, or add opening.plan = \"self\""})
			continue
		}
		if kid.kind == table {
			l.refuse(kid, here)
		}
	}
}

// patternOf gives the row of the parameter table that a path names.
func patternOf(path []string) (string, bool) {
	for _, p := range plan.Params() {
		segs := strings.Split(p.Pattern, ".")
		if len(segs) != len(path) {
			continue
		}
		if slices.EqualFunc(segs, path, func(a, b string) bool { return a == "*" || a == b }) {
			return p.Pattern, true
		}
	}
	return "", false
}

// expand replaces a segment * of an override by every name of the base, but in
// changes and shocks, whose keys keep it.
func expand(over, base *node, depth int) *node {
	if over.kind != table || over.isDist() {
		return over
	}
	out := *over
	out.kids, out.order = map[string]*node{}, nil
	star := over.kid("*")
	if star != nil && base != nil && base.kind == table {
		for _, name := range base.order {
			out.set(name, expand(star, base.kids[name], depth+1))
		}
	}
	for _, k := range over.order {
		v := over.kids[k]
		if k == "*" && base != nil && base.kind == table {
			continue
		}
		if depth == 0 && (k == "changes" || k == "shocks") {
			out.set(k, v)
			continue
		}
		e := expand(v, base.kid(k), depth+1)
		if old := out.kid(k); old != nil {
			e = merge(old, e, "")
		}
		out.set(k, e)
	}
	return &out
}

// SetPlace stands for the command line where messages name a file.
const SetPlace = "--set"

// leverPrefix begins the names of the changes that KEY*=VALUE makes.
const leverPrefix = "--set"

// leverKey gives the key that KEY*=VALUE multiplies, from the key of its change.
func leverKey(key string) (string, bool) {
	rest, ok := strings.CutPrefix(key, "changes."+leverPrefix+"-")
	if !ok {
		return "", false
	}
	_, lever, ok := strings.Cut(rest, ".multiply.")
	return lever, ok
}

// lever gives KEY*=VALUE, the assignment of a number, its dated change: its name, which
// no change of the tree has, and its layer, above all others.
func lever(nth int, tree *node) (name string, layer int64) {
	layer = 1
	changes := tree.kid("changes")
	if changes != nil && changes.kind == table {
		for _, k := range changes.order {
			if l := changes.at(k, "layer"); l != nil && !strings.HasPrefix(k, leverPrefix) {
				if n, ok := l.value.(int64); ok {
					layer = max(layer, n+1)
				}
			}
		}
	}
	for {
		name = fmt.Sprintf("%s-%d", leverPrefix, nth)
		if changes.at(name) == nil {
			return name, layer
		}
		nth++
	}
}

// parseSet reads KEY=VALUE or KEY*=VALUE, for which KEY=xVALUE stands too, an assignment with its number, into what is
// laid over a tree.
func parseSet(s string, nth int, tree *node) (*node, *Problem) {
	bad := func(format string, args ...any) (*node, *Problem) {
		return nil, &Problem{File: SetPlace, Key: s, Message: fmt.Sprintf(format, args...)}
	}
	key, value, ok := strings.Cut(s, "=")
	if !ok {
		return bad("must be KEY=VALUE, as in channels.radio.response=0.02")
	}
	key, multiply := strings.CutSuffix(strings.TrimSpace(key), "*")
	if multiply && strings.HasSuffix(key, ".") { // channels.*=...: the star is a name
		key, multiply = key+"*", false
	}
	segs, err := plan.SplitKey(strings.TrimSpace(key))
	if err != nil {
		return bad("%s", err.Error())
	}
	if len(segs) > maxDepth {
		return bad("is nested too deep")
	}
	v := setValue(strings.TrimSpace(value))
	if factor, ok := v.multiple(segs); ok && !multiply { // KEY=x0.5
		v, multiply = setValue(factor), true
	}
	if multiply {
		return leverOf(segs, v, nth, tree), nil
	}
	return chain(SetPlace, segs, v), nil
}

// chain is a tree that holds one value.
func chain(file string, segs []string, v *node) *node {
	root := newTable(file)
	at := root
	for _, k := range segs[:len(segs)-1] {
		t := newTable(file)
		at.set(k, t)
		at = t
	}
	at.set(segs[len(segs)-1], v)
	return root
}

// leverOf is KEY*=VALUE as a tree: a change that acts on every day after all others of a tree.
func leverOf(segs []string, v *node, nth int, tree *node) *node {
	name, layer := lever(nth, tree)
	root := chain(v.file, append([]string{"changes", name, "multiply"}, segs...), v)
	c := root.at("changes", name)
	c.set("from", &node{kind: text, value: "start", file: v.file})
	c.set("layer", &node{kind: number, value: layer, text: strconv.FormatInt(layer, 10), file: v.file})
	return root
}

// setValue reads a value of the command line: TOML, else a text without quotes.
func setValue(s string) *node {
	if deep, _ := skim([]byte(s)); len(s) < 100_000 && deep == 0 && !strings.ContainsAny(s, "\n\r") {
		var m map[string]any
		if _, err := toml.Decode("v = "+s, &m); err == nil && len(m) == 1 {
			r := reader{file: SetPlace}
			n := r.node(m["v"], "v", place{})
			if n.kind == number {
				n.text = s
			}
			return n
		}
	}
	return &node{kind: text, value: s, file: SetPlace}
}
