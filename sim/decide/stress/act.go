package stress

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/panel"
)

// witnesses are outcomes of which one at least moves where a shock acts at all: who is touched, won and kept, and what
// is paid for it.
var witnesses = []string{"touches", "won", "live_customers", "cash_end"}

// leastSeen is the number of runs from which on it is believed that a shock under which nothing moves cannot act.
const leastSeen = 6

// idle says why a shock cannot act in a plan: nothing differs in any run. Empty: it acts, or there are too few runs.
func (x stressed) idle(plan string, s edit.Shock) string {
	name := under(plan, s.Name)
	calm := x.calm[name]
	if x.panel.Replications < leastSeen {
		return ""
	}
	known := false
	for _, column := range append(slices.Clone(witnesses), "out_of_business") {
		m := panel.Measure{Column: column}
		a, b := x.panel.Values(panel.Leaf{Setting: calm, Measure: m}), x.panel.Values(panel.Leaf{Setting: name, Measure: m})
		for i := range a {
			if a[i] != b[i] && (a[i] == a[i] || b[i] == b[i]) {
				return ""
			}
			known = known || a[i] == a[i]
		}
	}
	if e := x.panel.Difference(x.of[calm], x.of[name]); !known || !e.Known() || e.Value != 0 {
		return ""
	}
	return x.reason(s)
}

// reason says why a shock that moves nothing cannot.
func (x stressed) reason(s edit.Shock) string {
	switch {
	case s.Regime != "" && len(s.Set)+len(s.Multiply) == 0:
		if s.Regime == "expansion" {
			return "an expansion changes nothing in this market"
		}
		return "a recession changes nothing in this market"
	case s.Freeze:
		return "no team hires in this run"
	}
	var keys []string
	for key := range s.Set {
		keys = append(keys, key)
	}
	for key := range s.Multiply {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if len(keys) == 0 {
		return "nothing in this plan depends on it"
	}
	return fmt.Sprintf("nothing in this plan depends on %s", strings.Join(keys, ", "))
}

// titleOf is the title of a shock with the names of what it takes by its role: the largest channel is closed (display).
func titleOf(s edit.Shock, shocked *plan.Plan) string {
	var names []string
	for _, keys := range []map[string]float64{s.Set, s.Multiply} {
		for key := range keys {
			before, after, ok := strings.Cut(key, "{")
			_, after, closed := strings.Cut(after, "}")
			if !ok || !closed {
				continue
			}
			for _, e := range shocked.Changes[len(shocked.Changes)-1].Effects {
				name, ok := strings.CutPrefix(e.Key, before)
				if name, ends := strings.CutSuffix(name, after); ok && ends && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	if len(names) == 0 {
		return s.Title
	}
	slices.Sort(names)
	return fmt.Sprintf("%s (%s)", s.Title, strings.Join(names, ", "))
}
