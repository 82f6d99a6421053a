package scenarios

import (
	"cmp"
	"slices"
	"strings"

	"windfall/model/plan"
)

// An Assumption is one value of a plan and what it rests on.
type Assumption struct {
	Key, Value, Unit, Meaning string
	Source                    string // as the scenario cites it; several are joined by "; "
	Place                     string // file:line that set it; empty for a default
	Uncertain                 bool   // the value is a distribution
}

// SetIn says whether a file, named as the plan names it, or --set gave the value.
func (a Assumption) SetIn(file string) bool {
	return a.Place == SetPlace || strings.HasPrefix(a.Place, file+":")
}

// Assumptions lists every value of a plan but its title and question, table by
// table.
func Assumptions(p *plan.Plan) []Assumption {
	uncertain := map[string]bool{}
	for _, in := range p.Inputs {
		uncertain[in.Name], uncertain[in.Key] = true, true
	}
	entries := map[string][]string{} // sources of the entries of a table or list, by its key
	for key, o := range p.Origins {
		if segs, err := plan.SplitKey(key); err == nil && o.Source != "" {
			at := plan.JoinKey(segs[:len(segs)-1]...)
			entries[at] = append(entries[at], o.Source)
		}
	}
	var out []Assumption
	for _, e := range byTables(render(p, asWritten)) {
		if e.full == "title" || e.full == "question" || e.full == "baseline" {
			continue
		}
		a := Assumption{Key: e.full, Value: e.text, Uncertain: uncertain[e.full]}
		if fields, err := p.Fields(e.full); err == nil && len(fields) == 1 {
			a.Unit, a.Meaning = fields[0].Param.Unit, fields[0].Param.Doc
		}
		o := p.Origins[e.full]
		sources := entries[e.full]
		slices.Sort(sources)
		a.Source = cmp.Or(o.Source, strings.Join(slices.Compact(sources), "; "))
		a.Place = strings.TrimPrefix(comment(plan.Origin{File: o.File, Line: o.Line}), "  # ")
		out = append(out, a)
	}
	return out
}
