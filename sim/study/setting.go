package study

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/metric"
)

// Setting is one of the plans of a study.
type Setting struct {
	Name, Title string
	Plan        *plan.Plan
	same        string // the setting with the same plan that is run for it
	own         owned
}

// Plans are those of the settings.
func (s *Study) Plans() (out []*plan.Plan) {
	for i := range s.Settings {
		out = append(out, s.Settings[i].Plan)
	}
	return out
}

// settings opens the plans of the study, with further overrides (of a control).
func (b *builder) settings(t *scenarios.Raw, more []string) []Setting {
	o := opener{b: b, t: t, more: more, first: map[content]string{}}
	o.add(Plan, "as planned", owned{}, o.set())
	switch b.x.Kind {
	case "compare":
		o.addVariants()
	case "vary":
		o.addValues()
	}
	return o.settings
}

// opener opens the plans of a study.
type opener struct {
	b        *builder
	t        *scenarios.Raw
	more     []string           // overrides of all
	first    map[content]string // setting by its content
	settings []Setting
}

// content is what a setting runs.
type content struct {
	plan    string
	opening *plan.Plan // one for all plans of the files, if it is not the plan itself
}

func (o *opener) set(sets ...string) scenarios.Option {
	return scenarios.Set(slices.Concat(o.b.sets, sets, o.more)...)
}

// add opens the plan of a setting.
func (o *opener) add(name, title string, own owned, options ...scenarios.Option) {
	b, t := o.b, o.t
	plan, err := b.files.Plan(append(options, scenarios.OneOfSeveral())...)
	if p, ok := err.(scenarios.Problems); ok {
		for i := range p {
			if p[i].File == "--set" { // the study's own
				p[i].File, p[i].Line = t.File, t.Line
			}
			p[i].Message = "setting " + name + ": " + p[i].Message
		}
		b.problems = append(b.problems, p...)
		return
	} else if err != nil {
		b.fail(t, "study", "setting %s: %v", name, err)
		return
	}
	if len(o.settings) > 0 && !b.yes(t, "study", "allow_different_opening") {
		if d, differs := scenarios.OpeningDifference(o.settings[0].Plan, plan); differs {
			b.fail(t, "study", "setting %s starts from another state than the plan: in its opening plan %s is %s, not %s; if "+
				"that is meant, write allow_different_opening = true", name, d.Key, cmp.Or(d.B, "not set"), cmp.Or(d.A, "not set"))
			return
		}
	}
	x := Setting{Name: name, Title: title, Plan: plan, same: name, own: own}
	c := content{scenarios.Content(plan), plan.OpeningPlan}
	if equal, ok := o.first[c]; ok {
		x.same = equal
	} else {
		o.first[c] = name
	}
	o.settings = append(o.settings, x)
}

// addVariants adds the variants of a study that compares.
func (o *opener) addVariants() {
	b, t := o.b, o.t
	if t.At("vary") != nil {
		b.fail(t.At("vary"), "study.vary", "a study of kind compare has variants")
	}
	variants := t.At("variants")
	if len(keysOf(variants)) == 0 {
		b.fail(t, "study", "a study of kind compare needs a table [study.variants.NAME]")
	}
	for _, name := range keysOf(variants) {
		if !goodName(fill(name, "each", "x")) || name == Plan {
			b.fail(variants.At(name), "study.variants."+name, "a name of letters, digits, dots, hyphens and spaces is "+
				"needed, other than plan")
			continue
		}
		title := name
		if x := variants.At(name, "title"); x != nil {
			title, _ = x.Value.(string)
		}
		if v := variants.At(name); v.At("each") != nil {
			b.repeated(v, name, title, func(name, title string, sets []string) {
				o.add(name, title, owned{keys: absolute(sets), keeps: true}, o.set(sets...))
			})
			continue
		}
		o.add(name, title, owned{keys: leafKeys(variants.At(name))}, scenarios.Variant(name), o.set())
	}
}

// addValues adds the values of a study that varies keys.
func (o *opener) addValues() {
	b, t := o.b, o.t
	if t.At("variants") != nil {
		b.fail(t.At("variants"), "study.variants", "a study of kind vary has values of keys")
	}
	vary := t.At("vary")
	if vary == nil {
		b.fail(t, "study", "a study of kind vary needs a table [study.vary] with keys and values")
		return
	}
	b.keys(vary, "study.vary", "keys", "values", "each")
	keys, values := b.texts(vary, "study.vary", "keys"), b.texts(vary, "study.vary", "values")
	if len(keys) == 0 || len(values) == 0 {
		b.fail(vary, "study.vary", "keys and values are needed")
	}
	each := b.each(vary, "study.vary")
	if each == nil {
		each = []string{""}
	}
	for _, name := range each {
		for _, value := range values {
			var sets []string
			for _, key := range keys {
				if value == "x1" {
					continue // the plan itself
				}
				sets = append(sets, assignment(fill(key, "each", name), value))
			}
			called := strings.TrimSpace(name + " " + value)
			o.add(called, called, owned{keys: absolute(sets), keeps: true}, o.set(sets...))
		}
	}
}

func goodName(name string) bool {
	return name != "" && !strings.ContainsAny(name, "(),{}<>\"\n")
}

// repeated makes a variant for each of some names, {each} in its own name, its
// title, its keys and its values.
func (b *builder) repeated(v *scenarios.Raw, name, title string, add func(name, title string, sets []string)) {
	path := "study.variants." + name
	if !strings.Contains(name, "{each}") {
		b.fail(v, path, "a variant with each has {each} in its name")
		return
	}
	plain := *v
	plain.Keys = slices.DeleteFunc(slices.Clone(v.Keys), func(k string) bool { return k == "each" || k == "title" })
	sets := b.assignments(&plain, path)
	for _, e := range b.each(v, path) {
		var filled []string
		for _, s := range sets {
			filled = append(filled, fill(s, "each", e))
		}
		add(fill(name, "each", e), fill(title, "each", b.called(e)), filled)
	}
}

// A call is what people call a channel, a setting or another name of the plan.
type call struct {
	name string
	used bool
}

// readNames reads the table of what names are called in titles and beside bars.
func (b *builder) readNames(t *scenarios.Raw) {
	b.calls = map[string]*call{}
	for _, id := range keysOf(t) {
		b.calls[id] = &call{name: b.needText(t, "study.names", id)}
	}
}

// called is what people call a name.
func (b *builder) called(id string) string {
	if c := b.calls[id]; c != nil {
		c.used = true
		return c.name
	}
	return id
}

// useNames refuses calls of what no title and no label names.
func (b *builder) useNames(t *scenarios.Raw) {
	for _, id := range keysOf(t) {
		if !b.calls[id].used {
			b.fail(t.At(id), "study.names."+id, "no title with {each} and no label of a picture names it")
		}
	}
}

// each reads the names that a table is repeated for: a list, or a word for a
// part of the plan.
func (b *builder) each(t *scenarios.Raw, path string) []string {
	list := b.texts(t, path, "each")
	if len(list) != 1 || t.At("each").List != nil {
		return list
	}
	names, err := b.namesIn(list)
	if err != nil {
		b.fail(t.At("each"), path+".each", "%v", err)
	}
	return names
}

// namesIn gives the names of a list, or those that a word stands for.
func (b *builder) namesIn(list []string) (out []string, err error) {
	p := b.base.Plan
	what := strings.TrimSpace(list[0])
	switch what {
	case "channels", "budget channels", "unpaused channels":
		for _, c := range p.Channels {
			if c.Enabled && (what != "budget channels" || c.Driver == "budget") {
				out = append(out, c.Name)
			}
		}
	case "sizes":
		out = p.Dimension("size")
	case "regions":
		out = p.Dimension("region")
	case "teams":
		out = p.Dimension("team")
	case "media":
		for _, m := range p.Media {
			if m.Enabled {
				out = append(out, m.Name)
			}
		}
	default:
		if len(list) == 1 {
			err = errors.New("a list of names is needed, or channels, budget channels, media, sizes, regions or teams")
		}
		for _, name := range list {
			out = append(out, strings.TrimSpace(name))
		}
	}
	return out, err
}

// canonical lists all settings as package metric wants them.
func canonical(settings []Setting) []metric.Setting {
	var out []metric.Setting
	for _, s := range settings {
		out = append(out, metric.Setting{Name: s.Name, Plan: s.Plan})
	}
	return out
}

// names maps settings to those that are run for them.
func names(settings []Setting) map[string]string {
	out := map[string]string{}
	for _, s := range settings {
		out[s.Name] = s.same
	}
	return out
}
