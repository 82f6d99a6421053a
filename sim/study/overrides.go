package study

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// owned are the keys that a study itself gives a value in a setting. A value that
// multiplies is not among them, since it acts on what --set gives.
type owned struct {
	keys []string
	// keeps says that the study's value is laid over that of --set (of settings
	// that are varied or repeated, and of the control); else --set is laid over it.
	keeps bool
}

// absolute lists the keys of overrides that do not multiply.
func absolute(sets []string) (keys []string) {
	for _, s := range sets {
		if key, _, _ := strings.Cut(s, "="); !strings.HasSuffix(key, "*") {
			keys = append(keys, key)
		}
	}
	return keys
}

// leafKeys lists the keys of the values in a variant.
func leafKeys(t *scenarios.Raw) (keys []string) {
	for _, k := range t.Keys {
		at := t.Tables[k]
		if s, isText := at.Value.(string); isText {
			if _, multiplies := scenarios.Multiple(s); multiplies {
				continue
			}
		}
		if at.Tables == nil {
			keys = append(keys, k)
			continue
		}
		for _, below := range leafKeys(at) {
			keys = append(keys, k+"."+below)
		}
	}
	return keys
}

// conflicts says of each override of --set in which settings, of the study or of its
// control, it does not act as in the plan: where the study has a value of its own
// for the same key. Control lists the control's overrides.
func (b *builder) conflicts(settings []Setting, control []string) (out []string) {
	for _, set := range b.sets {
		key, _, _ := strings.Cut(set, "=")
		key, multiplies := strings.CutSuffix(key, "*")
		mine := places(b.base.Plan, key)
		var kept, lost []string
		for _, s := range settings {
			if !slices.ContainsFunc(s.own.keys, func(k string) bool { return overlap(mine, places(b.base.Plan, k)) }) {
				continue
			}
			if s.own.keeps {
				kept = append(kept, s.Name)
			} else if !multiplies {
				lost = append(lost, s.Name)
			}
		}
		if len(lost) > 0 {
			out = append(out, fmt.Sprintf("--set %s takes the place of the study's own value in %s: in this key they no "+
				"longer differ from the plan", set, some(lost)))
		}
		if len(kept) > 0 {
			out = append(out, fmt.Sprintf("--set %s does not act in %s: there the study's own value of this key stays", set,
				some(kept)))
		}
		if slices.ContainsFunc(absolute(control), func(k string) bool { return overlap(mine, places(b.base.Plan, k)) }) {
			out = append(out, fmt.Sprintf("--set %s does not act in the control, which gives this key a value of its own", set))
		}
	}
	return out
}

// places are the numbers of a plan that a key names; none if it names nothing.
func places(p *plan.Plan, key string) map[string]bool {
	out := map[string]bool{}
	fields, err := p.Fields(key)
	if err != nil {
		return out
	}
	for _, f := range fields {
		if f.Entry < 0 {
			out[f.Key] = true
			continue
		}
		out[fmt.Sprint(f.Key, " ", f.Entry)] = true
	}
	return out
}

func overlap(a, b map[string]bool) bool {
	for x := range a {
		whole, _, _ := strings.Cut(x, " ")
		if b[x] || b[whole] {
			return true
		}
	}
	for x := range b {
		if whole, _, entry := strings.Cut(x, " "); entry && a[whole] {
			return true
		}
	}
	return false
}

// some names settings, the first few of many.
func some(names []string) string {
	const most = 4
	if len(names) == 1 {
		return "setting " + names[0]
	}
	if len(names) <= most {
		return "settings " + strings.Join(names, ", ")
	}
	return fmt.Sprintf("settings %s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
