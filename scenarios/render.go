package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// entryText is one key of a plan with its value as TOML.
type entryText struct {
	table []string // path of the table that holds the key
	key   []string // path of the key within it; dotted in changes and shocks
	text  string
	full  string // canonical key
}

// renderer writes the values of a plan as TOML texts, in the order of the
// parameter table and names in order: the same plan always gives the same text.
type renderer struct {
	plan      *plan.Plan
	dist      func(d *plan.Dist) string
	inputs    map[string]*plan.Input
	schedules map[string]*plan.Schedule
	out       []entryText
}

// render lists every value of a plan. The function writes distributions.
func render(p *plan.Plan, dist func(*plan.Dist) string) []entryText {
	r := &renderer{plan: p, dist: dist, inputs: map[string]*plan.Input{}, schedules: map[string]*plan.Schedule{}}
	for i := range p.Inputs {
		r.inputs[p.Inputs[i].Name] = &p.Inputs[i]
	}
	for i := range p.Schedules {
		r.schedules[p.Schedules[i].Key] = &p.Schedules[i]
	}
	for _, f := range p.AllFields() {
		if text := r.value(f); text != "" {
			segs, _ := plan.SplitKey(f.Key)
			n := len(segs) - 1
			r.out = append(r.out, entryText{table: segs[:n], key: segs[n:], text: text, full: f.Key})
		}
	}
	r.moves()
	return r.out
}

// asWritten writes a distribution so that it reads back as the same.
func asWritten(d *plan.Dist) string { return d.Text }

// inFile is the same for a scenario file, where a column of draws has the number of the medoid.
func inFile(d *plan.Dist) string {
	if d.Kind == "rows" {
		return plan.FormatNumber(d.Quantile(0.5))
	}
	return d.Text
}

// byParameters writes what a distribution is, however it was written.
func byParameters(d *plan.Dist) string {
	if d.Kind == "rows" { // the hash of the table says the rest
		return "rows of " + d.Text
	}
	return fmt.Sprintf("%s(%v %v %v %v %v) in [%v, %v] whole %v", d.Kind, d.A, d.B, d.C, d.Values, d.Weights, d.Low,
		d.High, d.Whole)
}

// value writes a field, or gives "" where the field holds nothing.
func (r *renderer) value(f plan.Field) string {
	switch v := f.Ptr.(type) {
	case *float64:
		return r.number(f.Key, *v)
	case *[]float64:
		return r.numbers(f, *v)
	case *plan.Split:
		if v.Parts == nil {
			return r.number(f.Key, v.Total)
		}
		return r.table(f, v.Parts)
	case *string:
		if *v == "" {
			return ""
		}
		return quote(*v)
	case *bool:
		return fmt.Sprint(*v)
	case *plan.Date:
		if *v == 0 {
			return ""
		}
		return v.String()
	case *[]string:
		if len(*v) == 0 {
			return ""
		}
		return list(*v, quote)
	case *[]plan.RegimeFrom:
		if len(*v) == 0 {
			return ""
		}
		return list(*v, func(x plan.RegimeFrom) string {
			return fmt.Sprintf("{from = %s, regime = %s}", x.From, quote(x.Regime))
		})
	case *[]plan.AgeBand:
		if len(*v) == 0 {
			return ""
		}
		return list(*v, func(x plan.AgeBand) string {
			return fmt.Sprintf("{from_years = %s, to_years = %s, share = %s}",
				plan.FormatNumber(x.FromYears), plan.FormatNumber(x.ToYears), plan.FormatNumber(x.Share))
		})
	case *[]plan.Began:
		if len(*v) == 0 {
			return ""
		}
		return list(*v, func(x plan.Began) string {
			return fmt.Sprintf("{people = %s, weeks_ago = %s}", plan.FormatNumber(x.People), plan.FormatNumber(x.WeeksAgo))
		})
	}
	panic("scenarios: no text for " + f.Key)
}

func list[T any](xs []T, text func(T) string) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = text(x)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// number writes one number with its distribution and its dated values; a
// missing one is "".
func (r *renderer) number(key string, x float64) string {
	base := r.quantity(key, x)
	s := r.schedules[key]
	if s == nil {
		return base
	}
	var rows []string
	if base != "" {
		rows = append(rows, "{value = "+base+"}")
	}
	for _, e := range s.Entries {
		row := "{from = " + e.From.String()
		if e.Until != 0 {
			row += ", until = " + e.Until.String()
		}
		rows = append(rows, row+", value = "+r.quantity(key+"@"+e.From.String(), e.Value)+"}")
	}
	return "[" + strings.Join(rows, ", ") + "]"
}

func (r *renderer) quantity(input string, x float64) string {
	if in := r.inputs[input]; in != nil {
		return r.dist(&in.Dist)
	}
	if math.IsNaN(x) {
		return ""
	}
	return plan.FormatNumber(x + 0) // + 0 turns -0 into 0
}

// numbers writes a table by class: one number where all are equal, a list by
// month, else a table by name.
func (r *renderer) numbers(f plan.Field, xs []float64) string {
	moving := false
	for i := range xs {
		if moving || len(r.inputs)+len(r.schedules) == 0 {
			break
		}
		here := r.entryKey(f, i)
		moving = r.inputs[here] != nil || r.schedules[here] != nil
	}
	same := !slices.ContainsFunc(xs, func(x float64) bool { return x != xs[0] && !(math.IsNaN(x) && math.IsNaN(xs[0])) })
	switch {
	case len(xs) == 0:
		return ""
	case r.inputs[f.Key] != nil || r.schedules[f.Key] != nil:
		return r.number(f.Key, xs[0])
	case same && !moving && (!f.Param.Dealt || len(xs) == 1 || xs[0] == 0): // one number would be the total
		return r.quantity(f.Key, xs[0])
	case f.Param.By == "month":
		i := -1
		return list(xs, func(x float64) string { i++; return r.number(r.entryKey(f, i), x) })
	}
	return r.table(f, xs)
}

func (r *renderer) entryKey(f plan.Field, i int) string {
	return f.Key + "." + plan.JoinKey(r.plan.Dimension(f.Param.By)[i])
}

func (r *renderer) table(f plan.Field, xs []float64) string {
	var out []string
	for i, name := range r.plan.Dimension(f.Param.By) {
		if f.Param.Total && !r.covers(f, name) {
			continue
		}
		if text := r.number(r.entryKey(f, i), xs[i]); text != "" {
			out = append(out, plan.JoinKey(name)+" = "+text)
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// covers tells whether a medium covers a region; a region that it does not
// cover has no part of its amounts.
func (r *renderer) covers(f plan.Field, region string) bool {
	segs, _ := plan.SplitKey(f.Key)
	for i := range r.plan.Media {
		if m := &r.plan.Media[i]; m.Name == segs[1] {
			return holds(m.Regions, region)
		}
	}
	return true
}

// moves writes dated changes, shocks, correlations and goals.
func (r *renderer) moves() {
	for _, c := range r.plan.Changes {
		at := []string{"changes", c.Name}
		r.add(at, "from", c.From.String())
		if c.Until != 0 {
			r.add(at, "until", c.Until.String())
		}
		if c.Layer != 0 {
			r.add(at, "layer", fmt.Sprint(c.Layer))
		}
		r.effects(at, c.Effects)
	}
	for _, s := range r.plan.Shocks {
		at := []string{"shocks", s.Name}
		r.add(at, "probability", plan.FormatNumber(s.Probability))
		r.add(at, "from", s.From.String())
		if s.FromLatest != 0 {
			r.add(at, "from_latest", s.FromLatest.String())
		}
		r.add(at, "weeks", plan.FormatNumber(s.Weeks))
		r.effects(at, s.Effects)
	}
	for i, c := range r.plan.Correlations {
		at := []string{"correlations", fmt.Sprintf("c%d", i+1)}
		r.add(at, "between", list([]string{c.A, c.B}, quote))
		r.add(at, "rho", plan.FormatNumber(c.Rho))
	}
	for _, d := range r.plan.Draws {
		at := []string{"draws", d.Name}
		r.add(at, "file", quote(d.File))
		r.add(at, "hash", quote(d.Hash))
		if except := exceptIn(r.plan, d); len(except) > 0 {
			r.add(at, "except", list(except, quote))
		}
	}
	for _, g := range r.plan.Goals {
		r.add([]string{"goals", g.Name}, "expect", quote(g.Expect))
	}
}

// exceptIn lists the columns of a table that a plan does not draw.
func exceptIn(p *plan.Plan, d *plan.Draws) []string {
	return slices.DeleteFunc(slices.Clone(d.Keys), func(key string) bool {
		return slices.ContainsFunc(p.Inputs, func(in plan.Input) bool { return in.Draws == d.Name && in.Key == key })
	})
}

func (r *renderer) add(table []string, key, text string) {
	r.out = append(r.out, entryText{table: table, key: []string{key}, text: text,
		full: plan.JoinKey(append(slices.Clone(table), key)...)})
}

func (r *renderer) effects(at []string, effects []plan.Effect) {
	if len(effects) == 0 {
		r.add(at, "set", "{}")
	}
	for _, verb := range []string{"set", "multiply"} {
		for _, e := range effects {
			if !e.Hold && e.Multiply == (verb == "multiply") {
				name := plan.JoinKey(at...) + "." + verb + "." + e.Key
				r.out = append(r.out, entryText{table: append(slices.Clone(at), verb), key: []string{e.Key},
					text: r.quantity(name, e.Value), full: name})
			}
		}
	}
	var held []string
	for _, e := range effects {
		if e.Hold {
			held = append(held, e.Key)
		}
	}
	if len(held) > 0 {
		r.add(at, "no_growth", list(held, quote))
	}
}

// quote writes a TOML string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0):
			fmt.Fprintf(&b, `\u%04X`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// tomlKey writes a path as a TOML key.
func tomlKey(path []string) string {
	out := make([]string, len(path))
	for i, s := range path {
		out[i] = plan.JoinKey(s)
		if out[i] != s || s == "*" {
			out[i] = quote(s)
		}
	}
	return strings.Join(out, ".")
}
