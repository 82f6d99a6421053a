package scenarios

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// Explain tells the value of a key in a plan, the file and line that set it,
// its unit, range, default, meaning and source, and what moves it. The key may
// name a table, whose keys are then listed; an empty key lists all. An unknown
// key is an error that names the nearest known one.
func Explain(p *plan.Plan, key string) (string, error) {
	if key == "" {
		return listKeys(p, func(string) bool { return true }), nil
	}
	segs, err := plan.SplitKey(key)
	if err != nil {
		return "", err
	}
	prefix := plan.JoinKey(segs...) + "."
	if text := listKeys(p, func(k string) bool { return strings.HasPrefix(k, prefix) }); text != "" && !isField(p, key) {
		return text, nil
	}
	fields, err := p.Fields(key)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, f := range fields {
		parts = append(parts, explainField(p, f))
	}
	return strings.Join(parts, "\n"), nil
}

func isField(p *plan.Plan, key string) bool {
	_, err := p.Fields(key)
	return err == nil
}

// listKeys writes one line a key: value and origin.
func listKeys(p *plan.Plan, want func(key string) bool) string {
	var b strings.Builder
	for _, e := range byTables(render(p, asWritten)) {
		if !want(e.full) {
			continue
		}
		fmt.Fprintf(&b, "%s = %s%s\n", e.full, e.text, comment(p.Origins[e.full]))
	}
	return b.String()
}

func explainField(p *plan.Plan, f plan.Field) string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-9s %s\n", label, fmt.Sprintf(format, args...))
	}
	r := &renderer{plan: p, dist: asWritten, inputs: map[string]*plan.Input{}, schedules: map[string]*plan.Schedule{}}
	for i := range p.Inputs {
		r.inputs[p.Inputs[i].Name] = &p.Inputs[i]
	}
	for i := range p.Schedules {
		r.schedules[p.Schedules[i].Key] = &p.Schedules[i]
	}
	key, text := f.Key, r.value(f)
	if f.Entry >= 0 {
		key = r.entryKey(f, f.Entry)
		switch v := f.Ptr.(type) {
		case *[]float64:
			text = r.entryText(f, key, (*v)[f.Entry])
		case *plan.Split:
			if v.Parts != nil {
				text = r.entryText(f, key, v.Parts[f.Entry])
			}
		}
	}
	if text == "" {
		text = "none"
	}
	fmt.Fprintf(&b, "%s = %s\n", key, text)
	if d := f.Param.Doc; d != "" {
		line("meaning", "%s", d)
	}
	if f.Param.Unit != "" {
		line("unit", "%s", f.Param.Unit)
	}
	line("allowed", "%s", allowed(f.Param))
	if f.Param.Default != "" {
		line("default", "%s", f.Param.Default)
	}
	explainOrigin(p, r, f, key, line)
	explainMoves(p, f, key, line)
	return b.String()
}

// entryText writes one entry of a table, from the whole table's distribution
// or schedule if it has one.
func (r *renderer) entryText(f plan.Field, key string, x float64) string {
	if r.inputs[f.Key] != nil || r.schedules[f.Key] != nil {
		return r.number(f.Key, x)
	}
	return r.number(key, x)
}

// allowed says what a key takes.
func allowed(p plan.Param) string {
	s := need(p)
	if p.Kind == "number" {
		s = p.Range()
	}
	if p.By != "" {
		s += "; one for all, or a table by " + p.By
		if p.By == "month" {
			s = p.Range() + "; one for all, or a list of 12"
		} else if p.Total {
			s = p.Range() + "; in all, or a table by " + p.By
		}
	}
	switch {
	case p.Kind != "number":
	case !p.Draw:
		s += "; one value, neither uncertain nor changing over time"
	case !p.Vary:
		s += "; may be uncertain, does not change over time"
	}
	return s
}

// explainOrigin tells where a key was set and on what evidence: as a whole, or
// entry by entry where these differ, and its distribution.
func explainOrigin(p *plan.Plan, r *renderer, f plan.Field, key string,
	line func(label, format string, args ...any)) {
	var places []plan.Origin
	of := map[plan.Origin][]string{}
	say := func(name string, o plan.Origin) {
		if of[o] == nil {
			places = append(places, o)
		}
		of[o] = append(of[o], name)
	}
	o, ok := p.Origins[key]
	if !ok {
		o, ok = p.Origins[f.Key]
	}
	if f.Entry < 0 && f.Param.By != "" {
		for _, name := range p.Dimension(f.Param.By) {
			if e, has := p.Origins[f.Key+"."+plan.JoinKey(name)]; has {
				say(name, e)
			}
		}
	}
	for _, at := range []string{key, f.Key} {
		if s := r.schedules[at]; s != nil {
			for _, e := range s.Entries {
				if x, has := p.Origins[at+"@"+e.From.String()]; has {
					say("from "+e.From.String(), x)
				}
			}
			break
		}
	}
	if len(places) == 0 && ok {
		say("", o)
	}
	if len(places) == 0 {
		line("set in", "nowhere: this is the default")
	}
	for _, o := range places {
		names := ""
		if len(places) > 1 {
			names = " (" + join(of[o]) + ")"
		}
		line("set in", "%s%s", strings.TrimPrefix(comment(plan.Origin{File: o.File, Line: o.Line}), "  # "), names)
		if o.Source != "" {
			line("source", "%s%s", o.Source, names)
		}
	}
	for _, at := range []string{key, f.Key} {
		if in := r.inputs[at]; in != nil {
			d := in.Alone().Dist
			line("drawn", "median %s, 90%% between %s and %s", short(d.Quantile(0.5)), short(d.Quantile(0.05)),
				short(d.Quantile(0.95)))
			break
		}
	}
}

// explainMoves lists the dated changes and shocks that reach the key, and the
// opening plan's value where it is another.
func explainMoves(p *plan.Plan, f plan.Field, key string, line func(label, format string, args ...any)) {
	mine, _, err := p.Numbers(key)
	if err != nil {
		return
	}
	touches := func(e plan.Effect) bool {
		theirs, _, err := p.Numbers(e.Key)
		return err == nil && slices.ContainsFunc(theirs, func(x *float64) bool { return slices.Contains(mine, x) })
	}
	text := func(e plan.Effect) string {
		s := "set to "
		switch {
		case e.Hold:
			return "kept from rising"
		case e.Multiply:
			s = "multiplied by "
		}
		if e.Input >= 0 {
			return s + p.Inputs[e.Input].Dist.Text
		}
		return s + short(e.Value)
	}
	for _, c := range p.ChangesInOrder() {
		for _, e := range c.Effects {
			if touches(e) {
				until := ""
				if c.Until != 0 {
					until = " until " + c.Until.String()
				}
				by := "changes." + c.Name
				if strings.HasPrefix(c.Name, leverPrefix+"-") {
					by = SetPlace
				}
				line("changes", "%s by %s from %s%s", text(e), by, c.From, until)
			}
		}
	}
	for _, s := range p.Shocks {
		for _, e := range s.Effects {
			if touches(e) {
				line("shocks", "%s by shocks.%s, chance %s, for %s weeks", text(e), s.Name, short(s.Probability), short(s.Weeks))
			}
		}
	}
	if p.OpeningPlan == nil {
		return
	}
	theirs, _, err := p.OpeningPlan.Numbers(key)
	same := err == nil && slices.EqualFunc(mine, theirs, func(a, b *float64) bool {
		return *a == *b || math.IsNaN(*a) && math.IsNaN(*b)
	})
	if !same {
		var values []string
		for _, x := range theirs {
			values = append(values, short(*x))
		}
		line("opening", "%s in the opening plan %s", cmp.Or(strings.Join(values, ", "), "missing"), p.OpeningPlan.Name)
	}
}
