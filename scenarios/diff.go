package scenarios

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"windfall/model/plan"
)

// Difference is a key in which two plans differ. An empty value means that the
// plan does not have the key or sets nothing there.
type Difference struct {
	Key string `json:"key"`
	A   string `json:"a"` // values as in a scenario file
	B   string `json:"b"`
	// Where the values come from; empty for defaults.
	FromA plan.Origin `json:"-"`
	FromB plan.Origin `json:"-"`
}

// Diff lists the keys in which two plans differ, in the order of the parameter
// table; keys of the opening plans follow as opening_plan.KEY. Neither names,
// titles nor sources are compared.
func Diff(a, b *plan.Plan) []Difference {
	out := diff(a, b, "")
	if a.OpeningPlan != nil || b.OpeningPlan != nil {
		out = append(out, diff(openingOf(a), openingOf(b), "opening_plan.")...)
	}
	return out
}

func openingOf(p *plan.Plan) *plan.Plan {
	if p.OpeningPlan != nil {
		return p.OpeningPlan
	}
	return unmoved(p)
}

// Content is the same for plans with the same opening plan between which Diff sees no
// difference, and another for any other; to find equals among many plans of a Base.
func Content(p *plan.Plan) string {
	h := sha256.New()
	m, keys := values(p)
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(h, "%q = %q\n", k, m[k])
	}
	return string(h.Sum(nil))
}

// values lists the keys of a plan that Diff compares, with their values.
func values(p *plan.Plan) (map[string]string, []string) {
	m := map[string]string{}
	var keys []string
	for _, e := range render(p, asWritten) {
		if e.full == "title" || e.full == "question" || e.full == "baseline" {
			continue
		}
		m[e.full] = e.text
		keys = append(keys, e.full)
	}
	return m, keys
}

func diff(a, b *plan.Plan, prefix string) []Difference {
	ma, ka := values(a)
	mb, kb := values(b)
	var out []Difference
	for _, k := range merged(ka, kb) {
		if ma[k] != mb[k] {
			out = append(out, Difference{Key: prefix + k, A: ma[k], B: mb[k], FromA: a.Origins[k], FromB: b.Origins[k]})
		}
	}
	return out
}

// merged interleaves two lists of keys so that the order of both is kept where
// that is possible.
func merged(a, b []string) []string {
	inA := make(map[string]bool, len(a))
	for _, k := range a {
		inA[k] = true
	}
	follows := map[string][]string{} // keys only in b, by the key before them
	last := ""
	for _, k := range b {
		if inA[k] {
			last = k
		} else {
			follows[last] = append(follows[last], k)
		}
	}
	out := slices.Clone(follows[""])
	for _, k := range a {
		out = append(out, k)
		out = append(out, follows[k]...)
	}
	return out
}

// unmoved is a plan without what acts from the first day on: dated changes (but for those that it
// replays), shocks and their inputs. An opening plan is of this kind.
func unmoved(p *plan.Plan) *plan.Plan {
	q := *p
	q.Shocks, q.Goals, q.OpeningPlan = nil, nil, nil
	q.Changes = p.Replayed()
	q.Baseline, q.BaselinePlan = "", nil
	drop := map[string]bool{}
	for _, list := range [][]plan.Effect{effectsOfChanges(p), effectsOfShocks(p)} {
		for _, e := range list {
			if e.Input >= 0 {
				drop[p.Inputs[e.Input].Name] = true
			}
		}
	}
	for _, e := range effectsOfChanges(&q) {
		if e.Input >= 0 {
			delete(drop, p.Inputs[e.Input].Name)
		}
	}
	if len(drop) > 0 {
		q.Inputs = slices.DeleteFunc(slices.Clone(p.Inputs), func(in plan.Input) bool { return drop[in.Name] })
		q.Correlations = slices.DeleteFunc(slices.Clone(p.Correlations), func(c plan.Correlation) bool {
			return drop[c.A] || drop[c.B]
		})
		placeInputs(&q, p.Inputs)
	}
	return &q
}

// placeInputs lets schedules and changes of a plan find their inputs, which stood in another list before.
func placeInputs(p *plan.Plan, before []plan.Input) {
	at := map[string]int{}
	for i, in := range p.Inputs {
		at[in.Name] = i
	}
	p.Schedules, p.Changes = slices.Clone(p.Schedules), slices.Clone(p.Changes)
	for i := range p.Schedules {
		entries := slices.Clone(p.Schedules[i].Entries)
		for k := range entries {
			if e := &entries[k]; e.Input >= 0 {
				e.Input = at[before[e.Input].Name]
			}
		}
		p.Schedules[i].Entries = entries
	}
	for i := range p.Changes {
		effects := slices.Clone(p.Changes[i].Effects)
		for k := range effects {
			if e := &effects[k]; e.Input >= 0 {
				e.Input = at[before[e.Input].Name]
			}
		}
		p.Changes[i].Effects = effects
	}
}

func effectsOfChanges(p *plan.Plan) (out []plan.Effect) {
	for _, c := range p.Changes {
		out = append(out, c.Effects...)
	}
	return out
}

func effectsOfShocks(p *plan.Plan) (out []plan.Effect) {
	for _, s := range p.Shocks {
		out = append(out, s.Effects...)
	}
	return out
}
