package study

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
)

// Plan is the name of the setting that is the scenario itself.
const Plan = "plan"

// Study is a question with all that is needed to answer it.
type Study struct {
	Name, Title, Question string
	File                  string
	Kind                  string // compare or vary
	Replications          int
	Seed                  uint64
	Uncertain             bool // inputs are drawn: errors come from blocks

	Answer       string // with {NAME} for numbers shown
	Shows        []Show
	Expectations []Expectation
	Pictures     []Picture
	Outcomes     []string // of the table of settings

	Settings []Setting
	Control  *Control

	Changed  []string // overrides that are not in the file (--set)
	Warnings []string // overrides that do not act in every setting, or take the place of the study's own

	folder, version string // where what is done is kept, and by which program
}

// Setting is one of the plans of a study.
type Setting struct {
	Name, Title string
	Plan        *model.Plan
	same        string // the setting with the same plan that is run for it
	own         owned
}

// Show is a number that the study shows.
type Show struct {
	Name, Title string
	Unit        string // "%": the value is a share; else a unit such as USD, customers, weeks
	Value       Number
	Never       string // what to write for a crossing that is not reached
}

// Number is an expression or a crossing.
type Number interface {
	Leaves() []paired.Leaf
	Estimate(*paired.Panel) analysis.Estimate
}

// Expectation is what the study claims.
type Expectation struct {
	Name, Title string
	Claims      []Claim
}

// Claim is one inequality of an expectation: the only one, or that of one name
// of a list (each).
type Claim struct {
	Each       string
	Inequality *paired.Inequality
	// Where is a condition under which the claim is made; nil: always.
	Where *paired.Inequality
}

// Control is the same study with a mechanism switched off.
type Control struct {
	Title        string
	Sets         []string
	Replications int
	Settings     []Setting
	Expectations []Expectation
}

// Picture is a drawing of numbers of the study.
type Picture struct {
	Name, Title    string
	Kind           string // curve, bars or weeks
	XTitle, YTitle string
	X              []float64 // curve: positions; weeks: the weeks
	Labels         []string  // bars: what stands beside them; curve: names of positions, if not numbers
	Percent        bool
	Log            bool // logarithmic x
	Series         []Series
}

// Series is one line or one set of bars.
type Series struct {
	Name, Title string
	Values      []*paired.Expression // one a position
}

// Open reads a study from a shipped scenario or a file. Sets are overrides that
// act in every setting. The error is scenarios.Problems where the file is at
// fault.
func Open(nameOrPath string, sets []string, options ...scenarios.Option) (*Study, error) {
	open := func(more ...scenarios.Option) (*scenarios.Scenario, error) {
		return scenarios.Open(nameOrPath, append(slices.Clone(options), more...)...)
	}
	base, err := open(scenarios.Set(sets...))
	if err != nil {
		return nil, err
	}
	if base.Study == nil {
		return nil, scenarios.Problems{{File: base.Files[0], Key: "study", Message: "the file has no table [study]: run it with windfall run"}}
	}
	b := &builder{schemas: paired.Schemas{}, open: open, sets: sets, base: base}
	s := b.study(base.Study)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return s, nil
}

// builder makes a study from a file.
type builder struct {
	reader
	open func(...scenarios.Option) (*scenarios.Scenario, error)
	sets []string
	base *scenarios.Scenario
	lets *scenarios.Raw // expressions by name, for use in others
	x    *Study

	schemas paired.Schemas
}

func (b *builder) study(t *scenarios.Raw) *Study {
	b.keys(t, "study", "kind", "replications", "seed", "answer", "outcomes", "let", "variants", "vary", "show", "expect", "control", "pictures")
	p := b.base.Plan
	s := &Study{Name: p.Name, Title: p.Title, Question: p.Question, File: b.base.Files[0], Uncertain: len(p.Inputs) > 0, Changed: b.sets,
		Kind:         b.needText(t, "study", "kind"),
		Replications: int(b.number(t, "study", "replications", 2, 1e6, 200)),
		Seed:         uint64(b.number(t, "study", "seed", 0, 1<<53, 1)),
		Answer:       b.text(t, "study", "answer", ""),
		Outcomes:     b.texts(t, "study", "outcomes"),
	}
	b.x, b.lets = s, t.At("let")
	for _, o := range s.Outcomes {
		if _, err := paired.ParseExpression(o + "(" + Plan + ")"); err != nil || !isOutcome(p, o) {
			b.fail(t.At("outcomes"), "study.outcomes", "%s is no outcome%s", o, nearestOutcome(p, o))
		}
	}
	if s.Kind != "compare" && s.Kind != "vary" {
		b.fail(t, "study.kind", "compare or vary is needed")
		return s
	}
	if s.Question == "" {
		b.fail(t, "study", "the file has no question")
	}
	s.Settings = b.settings(t, nil)
	for _, name := range keysOf(t.At("show")) {
		s.Shows = append(s.Shows, b.show(t.At("show", name), name)...)
	}
	s.Expectations = b.expectations(t.At("expect"), "study.expect", s.Settings)
	if len(s.Expectations) == 0 {
		b.fail(t, "study", "nothing is expected: a study needs a table [study.expect.NAME] with an inequality")
	}
	for _, name := range keysOf(t.At("pictures")) {
		s.Pictures = append(s.Pictures, b.picture(t.At("pictures", name), name))
	}
	b.control(t.At("control"))
	var control []string
	if s.Control != nil {
		control = s.Control.Sets
	}
	s.Warnings = b.clashes(s.Settings, control)
	b.filled(t.At("answer"), "study.answer", s.Answer)
	for _, x := range s.Expectations {
		b.filled(t.At("expect", x.Name), "study.expect."+x.Name+".title", x.Title)
	}
	for _, p := range s.Pictures {
		at, path := t.At("pictures", p.Name), "study.pictures."+p.Name
		b.filled(at, path+".title", p.Title)
		for _, c := range p.Series {
			b.filled(at, path+".series."+c.Name+".title", c.Title)
		}
	}
	return s
}

// filled checks what stands in braces in a text that is filled with what the
// study finds: numbers that it shows, and choices by an expectation.
func (b *builder) filled(at *scenarios.Raw, path, text string) {
	for _, name := range placeholders(text) {
		if expectation, texts, ok := strings.Cut(name, "?"); ok {
			if !slices.ContainsFunc(b.x.Expectations, func(x Expectation) bool { return x.Name == expectation }) || !strings.Contains(texts, "|") {
				b.fail(at, path, "{%s}: a choice is {EXPECTATION? text if it holds | text if not}", name)
			}
			continue
		}
		if !slices.ContainsFunc(b.x.Shows, func(x Show) bool { return x.Name == strings.TrimSuffix(name, ".value") }) {
			b.fail(at, path, "{%s} is no number that the study shows", name)
		}
	}
}

func keysOf(t *scenarios.Raw) []string {
	if t == nil {
		return nil
	}
	return t.Keys
}

func isOutcome(p *model.Plan, name string) bool {
	return slices.ContainsFunc(model.NewSchema(p).Outcomes, func(c model.Column) bool { return c.Name == name })
}

func nearestOutcome(p *model.Plan, name string) string {
	var names []string
	for _, c := range model.NewSchema(p).Outcomes {
		names = append(names, c.Name)
	}
	if near := model.Nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// settings opens the plans of the study, with further overrides (of a control).
func (b *builder) settings(t *scenarios.Raw, more []string) []Setting {
	var out []Setting
	first := map[string]string{} // setting by its content
	add := func(name, title string, own owned, options ...scenarios.Option) {
		s, err := b.open(options...)
		if err != nil {
			if p, ok := err.(scenarios.Problems); ok {
				for i := range p {
					if p[i].File == "--set" { // the study's own
						p[i].File, p[i].Line = t.File, t.Line
					}
					p[i].Message = "setting " + name + ": " + p[i].Message
				}
				b.problems = append(b.problems, p...)
			} else {
				b.fail(t, "study", "setting %s: %v", name, err)
			}
			return
		}
		x := Setting{Name: name, Title: title, Plan: s.Plan, same: name, own: own}
		content := scenarios.Content(s.Plan)
		if equal, ok := first[content]; ok {
			x.same = equal
		} else {
			first[content] = name
		}
		out = append(out, x)
	}
	set := func(sets ...string) scenarios.Option {
		return scenarios.Set(slices.Concat(b.sets, sets, more)...)
	}
	add(Plan, "as planned", owned{}, set())
	switch b.x.Kind {
	case "compare":
		if t.At("vary") != nil {
			b.fail(t.At("vary"), "study.vary", "a study of kind compare has variants")
		}
		variants := t.At("variants")
		if len(keysOf(variants)) == 0 {
			b.fail(t, "study", "a study of kind compare needs a table [study.variants.NAME]")
		}
		for _, name := range keysOf(variants) {
			if !goodName(fill(name, "each", "x")) || name == Plan {
				b.fail(variants.At(name), "study.variants."+name, "a name of letters, digits, dots, hyphens and spaces is needed, other than plan")
				continue
			}
			title := name
			if x := variants.At(name, "title"); x != nil {
				title, _ = x.Value.(string)
			}
			if v := variants.At(name); v.At("each") != nil {
				b.repeated(v, name, title, func(name, title string, sets []string) {
					add(name, title, owned{keys: absolute(sets), keeps: true}, set(sets...))
				})
				continue
			}
			add(name, title, owned{keys: leafKeys(variants.At(name))}, scenarios.Variant(name), set())
		}
	case "vary":
		if t.At("variants") != nil {
			b.fail(t.At("variants"), "study.variants", "a study of kind vary has values of keys")
		}
		vary := t.At("vary")
		if vary == nil {
			b.fail(t, "study", "a study of kind vary needs a table [study.vary] with keys and values")
			break
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
				add(strings.TrimSpace(name+" "+value), strings.TrimSpace(name+" "+value), owned{keys: absolute(sets), keeps: true}, set(sets...))
			}
		}
	}
	return out
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
		add(fill(name, "each", e), fill(title, "each", e), filled)
	}
}

// each reads the names that a table is repeated for: a list, or a word for a
// part of the plan.
func (b *builder) each(t *scenarios.Raw, path string) []string {
	list := b.texts(t, path, "each")
	if len(list) != 1 || t.At("each").List != nil {
		return list
	}
	return b.namesOf(t.At("each"), path+".each", list)
}

// namesOf gives the names of a list, or those that a word stands for.
func (b *builder) namesOf(at *scenarios.Raw, path string, list []string) []string {
	p := b.base.Plan
	var out []string
	switch strings.TrimSpace(list[0]) {
	case "channels", "budget channels", "unpaused channels":
		for _, c := range p.Channels {
			if c.Enabled && (list[0] != "budget channels" || c.Driver == "budget") {
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
			b.fail(at, path, "a list of names is needed, or channels, budget channels, media, sizes, regions or teams")
		}
		for _, name := range list {
			out = append(out, strings.TrimSpace(name))
		}
	}
	return out
}

// fill replaces {name} in a text.
func fill(text, name, value string) string { return strings.ReplaceAll(text, "{"+name+"}", value) }

// placeholders lists the names in braces in a text.
func placeholders(text string) (out []string) {
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			return out
		}
		j := strings.IndexByte(text[i:], '}')
		if j < 0 {
			return out
		}
		out = append(out, text[i+1:i+j])
		text = text[i+j:]
	}
}

// expression reads an expression and ties it to the settings.
func (b *builder) expression(at *scenarios.Raw, path, text string, settings []Setting) *paired.Expression {
	e, err := paired.ParseExpression(b.unfold(at, path, text))
	if err == nil {
		e.Text = text
		err = b.schemas.Resolve(canonical(settings), e)
		e.Rename(names(settings))
	}
	if err != nil {
		b.fail(at, path, "%v", err)
		e, _ = paired.ParseExpression("0")
	}
	return e
}

func (b *builder) inequality(at *scenarios.Raw, path, text string, settings []Setting) *paired.Inequality {
	q, err := paired.ParseInequality(b.unfold(at, path, text))
	if err == nil {
		q.Text = text
		err = b.schemas.Resolve(canonical(settings), q.Expressions()...)
		for _, e := range q.Expressions() {
			e.Rename(names(settings))
		}
	}
	if err != nil {
		b.fail(at, path, "%v", err)
		return nil
	}
	return q
}

// canonical lists all settings as package paired wants them.
func canonical(settings []Setting) []paired.Setting {
	var out []paired.Setting
	for _, s := range settings {
		out = append(out, paired.Setting{Name: s.Name, Plan: s.Plan})
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

func (b *builder) show(t *scenarios.Raw, name string) []Show {
	path := "study.show." + name
	b.keys(t, path, "title", "value", "unit", "each", "stays", "x", "weeks", "scale", "never")
	value := b.needText(t, path, "value")
	title, unit := b.text(t, path, "title", name), b.text(t, path, "unit", "")
	each := b.each(t, path)
	if each == nil {
		return []Show{{Name: name, Title: title, Unit: unit, Value: b.value(t, path, value), Never: b.text(t, path, "never", "never")}}
	}
	var out []Show
	for _, e := range each {
		out = append(out, Show{Name: name + "." + e, Title: fill(title, "each", e), Unit: unit,
			Value: b.value(t, path, fill(value, "each", e)), Never: b.text(t, path, "never", "never")})
	}
	return out
}

// value reads what a number shown is: an expression, or with stays = "above" (or
// "below") the position, in a list x or in weeks, from which on an expression
// with {x} stays above (below) 0.
func (b *builder) value(t *scenarios.Raw, path, text string) Number {
	stays := b.text(t, path, "stays", "")
	if stays == "" {
		for _, key := range []string{"x", "weeks", "scale", "never"} {
			if t.At(key) != nil {
				b.fail(t.At(key), path+"."+key, "belongs to a number with stays = \"above\" or \"below\"")
			}
		}
		return b.expression(t.At("value"), path+".value", text, b.x.Settings)
	}
	if stays != "above" && stays != "below" {
		b.fail(t.At("stays"), path+".stays", "above or below is needed")
	}
	x := b.numbers(t, path, "x")
	if t.At("weeks") != nil {
		x = b.weeks(t, path)
	}
	if len(x) < 2 || !slices.IsSorted(x) {
		b.fail(t, path, "stays needs two positions or more, rising: x = [...] or weeks = [FIRST, LAST]")
		x = []float64{0, 1}
	}
	c := &paired.Crossing{Below: stays == "below"}
	scale := b.number(t, path, "scale", -1e9, 1e9, 1)
	for _, at := range x {
		c.At = append(c.At, at*scale)
		c.Values = append(c.Values, b.expression(t.At("value"), path+".value", fill(fill(text, "x", fmt.Sprint(at)), "week", fmt.Sprint(at)), b.x.Settings))
	}
	return c
}

// weeks reads weeks = [FIRST, LAST] and lists them.
func (b *builder) weeks(t *scenarios.Raw, path string) (out []float64) {
	w := b.numbers(t, path, "weeks")
	if len(w) != 2 || w[0] < 1 || w[1] <= w[0] {
		b.fail(t, path, "weeks = [FIRST, LAST] is needed")
		return nil
	}
	for i := w[0]; i <= w[1]; i++ {
		out = append(out, i)
	}
	return out
}

func (b *builder) expectations(t *scenarios.Raw, path string, settings []Setting) []Expectation {
	var out []Expectation
	for _, name := range keysOf(t) {
		at, path := t.At(name), path+"."+name
		b.keys(at, path, "title", "inequality", "each", "where")
		x := Expectation{Name: name, Title: b.text(at, path, "title", name)}
		texts, where := b.texts(at, path, "inequality"), b.text(at, path, "where", "")
		if len(texts) == 0 {
			b.fail(at, path, "inequality is missing")
		}
		each := b.each(at, path)
		if each == nil {
			each = []string{""}
		}
		for _, e := range each {
			for _, text := range texts {
				if e != "" { // else {each} is that of a sum
					text = fill(text, "each", e)
				}
				c := Claim{Each: e, Inequality: b.inequality(at.At("inequality"), path+".inequality", text, settings)}
				if where != "" {
					c.Where = b.inequality(at.At("where"), path+".where", fill(where, "each", e), settings)
				}
				x.Claims = append(x.Claims, c)
			}
		}
		out = append(out, x)
	}
	return out
}

func (b *builder) control(t *scenarios.Raw) {
	if t == nil {
		return
	}
	b.keys(t, "study.control", "title", "set", "expect", "replications")
	c := &Control{Title: b.needText(t, "study.control", "title"), Sets: b.assignments(t.At("set"), "study.control.set"),
		Replications: int(b.number(t, "study.control", "replications", 2, 1e6, float64(b.x.Replications)))}
	c.Settings = b.settings(b.base.Study, c.Sets)
	if len(b.problems) > 0 {
		return
	}
	c.Expectations = b.expectations(t.At("expect"), "study.control.expect", c.Settings)
	if len(c.Expectations) == 0 {
		b.fail(t, "study.control", "nothing is expected of the control")
	}
	b.x.Control = c
}

func (b *builder) picture(t *scenarios.Raw, name string) Picture {
	path := "study.pictures." + name
	b.keys(t, path, "title", "kind", "x", "labels", "names", "weeks", "x_title", "y_title", "percent", "log", "series")
	p := Picture{Name: name, Title: b.text(t, path, "title", ""), Kind: b.needText(t, path, "kind"),
		XTitle: b.text(t, path, "x_title", ""), YTitle: b.needText(t, path, "y_title"), X: b.numbers(t, path, "x"), Labels: b.texts(t, path, "labels")}
	if v := t.At("percent"); v != nil {
		p.Percent, _ = v.Value.(bool)
	}
	if v := t.At("log"); v != nil {
		p.Log, _ = v.Value.(bool)
	}
	var at []string // what {x} or {week} stands for
	switch p.Kind {
	case "curve":
		for i := range p.X {
			at = append(at, fmt.Sprint(p.X[i]))
		}
		if len(p.X) < 2 {
			b.fail(t, path, "x needs two numbers or more")
		}
	case "bars":
		at = p.Labels
		if len(at) == 0 {
			b.fail(t, path, "labels are missing")
		}
	case "weeks":
		p.X = b.weeks(t, path)
		for _, x := range p.X {
			at = append(at, fmt.Sprint(x))
		}
		p.XTitle = "week"
	default:
		b.fail(t, path, "kind is curve, bars or weeks")
	}
	for _, key := range keysOf(t.At("series")) {
		p.Series = append(p.Series, b.series(t.At("series", key), path+".series."+key, key, at)...)
	}
	if names := b.texts(t, path, "names"); names != nil {
		if len(names) != len(p.Labels) {
			b.fail(t.At("names"), path+".names", "%d names are needed, one a label", len(p.Labels))
		}
		p.Labels = names
	}
	return p
}

// series reads a series of a picture, or one for each of some names. At are its
// positions: what {x}, {label} or {week} stands for.
func (b *builder) series(t *scenarios.Raw, path, key string, at []string) (out []Series) {
	b.keys(t, path, "title", "value", "values", "each")
	title, values := b.text(t, path, "title", key), b.texts(t, path, "values")
	if values == nil {
		text := b.needText(t, path, "value")
		for _, a := range at {
			if v, err := strconv.ParseFloat(a, 64); err == nil {
				values = append(values, fillNumber(fillNumber(fill(text, "label", a), "x", v), "week", v))
				continue
			}
			values = append(values, fill(text, "label", a))
		}
	}
	if len(values) != len(at) {
		b.fail(t, path, "%d values are needed, one a position", len(at))
	}
	one := func(name, title string, fill func(string) string) {
		s := Series{Name: name, Title: title}
		for _, v := range values {
			s.Values = append(s.Values, b.expression(t, path, fill(v), b.x.Settings))
		}
		out = append(out, s)
	}
	each := b.each(t, path)
	if each == nil {
		one(key, title, func(text string) string { return text })
	}
	for _, e := range each {
		one(key+"."+e, fill(title, "each", e), func(text string) string { return fill(text, "each", e) })
	}
	return out
}
