package study

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
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
	lets     map[string]string // formulas by name

	Changed  []string // overrides that are not in the file (--set)
	Warnings []string // overrides that do not act in every setting, or take the place of the study's own
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
	Leaves() []panel.Leaf
	Estimate(*panel.Panel) analysis.Estimate
}

// Open reads a study from a shipped scenario or a file. Sets are overrides that
// act in every setting. The error is scenarios.Problems where the file is at
// fault.
func Open(nameOrPath string, sets []string, options ...scenarios.Option) (*Study, error) {
	files, err := scenarios.Read(nameOrPath, options...)
	if err != nil {
		return nil, err
	}
	return of(files, sets)
}

// Check says what is wrong with the study of files that have one, for scenarios.CheckStudy.
func Check(files *scenarios.Base) error {
	_, err := of(files, nil)
	return err
}

func of(files *scenarios.Base, sets []string) (*Study, error) {
	base, err := files.Open(scenarios.Set(sets...), scenarios.OneOfSeveral())
	if err != nil {
		return nil, err
	}
	if base.Study == nil {
		return nil,
			scenarios.Problems{{File: base.Files[0], Key: "study", Message: "the file has no table [study]: run it with " +
				"windfall run"}}
	}
	b := &builder{schemas: metric.Schemas{}, files: files, sets: sets, base: base}
	s := b.study(base.Study)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return s, nil
}

// builder makes a study from a file.
type builder struct {
	reader
	files *scenarios.Base // that the plans of the settings are made of
	sets  []string
	base  *scenarios.Scenario
	lets  *scenarios.Raw // expressions by name, for use in others
	calls map[string]*call
	x     *Study

	schemas metric.Schemas
	names   *metric.Names // made on first use
}

func (b *builder) study(t *scenarios.Raw) *Study {
	b.keys(t, "study", "kind", "replications", "seed", "allow_different_opening", "answer", "outcomes", "let", "variants",
		"vary", "show", "expect", "control", "pictures", "names")
	p := b.base.Plan
	s := &Study{Name: p.Name, Title: p.Title, Question: p.Question, File: b.base.Files[0], Uncertain: len(p.Inputs) > 0,
		Changed:      b.sets,
		Kind:         b.needText(t, "study", "kind"),
		Replications: int(b.whole(t, "study", "replications", 2, 1e6, 200)),
		Seed:         uint64(b.whole(t, "study", "seed", 0, 1<<53, 1)),
		Answer:       b.text(t, "study", "answer", ""),
		Outcomes:     b.texts(t, "study", "outcomes"),
	}
	b.x, b.lets = s, t.At("let")
	b.readNames(t.At("names"))
	for _, o := range s.Outcomes {
		if !isOutcome(p, o) {
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
	s.lets = b.formulas().Let
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
	b.useNames(t.At("names"))
	b.idleSets()
	s.Warnings = b.conflicts(s.Settings, control)
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

// idleSets refuses overrides of --set that can do nothing in any setting: what is off in the plan itself may be on in
// another one, or in the control.
func (b *builder) idleSets() {
	plans := b.x.Plans()
	if b.x.Control != nil {
		for i := range b.x.Control.Settings {
			plans = append(plans, b.x.Control.Settings[i].Plan)
		}
	}
	for _, set := range slices.Concat(b.files.Sets(), b.sets) {
		if why := scenarios.IdleIn(set, plans...); why != "" {
			b.problems = append(b.problems, scenarios.Problem{File: "--set", Key: set, Message: "does nothing in any setting " +
				"of the study: " + why})
		}
	}
}

// filled checks what stands in braces in a text that is filled with what the
// study finds: numbers that it shows, and choices by an expectation.
func (b *builder) filled(at *scenarios.Raw, path, text string) {
	for _, name := range placeholders(text) {
		if expectation, texts, ok := strings.Cut(name, "?"); ok {
			if !slices.ContainsFunc(b.x.Expectations, func(x Expectation) bool { return x.Name == expectation }) ||
				!strings.Contains(texts, "|") {
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

func isOutcome(p *plan.Plan, name string) bool {
	return slices.ContainsFunc(model.NewSchema(p).Outcomes, func(c plan.Column) bool { return c.Name == name })
}

func nearestOutcome(p *plan.Plan, name string) string {
	var names []string
	for _, c := range model.NewSchema(p).Outcomes {
		names = append(names, c.Name)
	}
	return plan.DidYouMean(plan.Nearest(name, names))
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
func (b *builder) expression(at *scenarios.Raw, path, text string, settings []Setting) *metric.Expression {
	e, err := b.formulas().ParseExpression(text)
	if err == nil {
		err = b.schemas.Resolve(canonical(settings), e)
		e.Rename(names(settings))
	}
	if err != nil {
		b.misread(at, path, err)
		e, _ = metric.ParseExpression("0")
	}
	return e
}

func (b *builder) inequality(at *scenarios.Raw, path, text string, settings []Setting) *metric.Inequality {
	q, err := b.formulas().ParseInequality(text)
	if err == nil {
		err = b.schemas.Resolve(canonical(settings), q.Expressions()...)
		for _, e := range q.Expressions() {
			e.Rename(names(settings))
		}
	}
	if err != nil {
		b.misread(at, path, err)
		return nil
	}
	return q
}

func (b *builder) show(t *scenarios.Raw, name string) []Show {
	path := "study.show." + name
	b.keys(t, path, "title", "value", "unit", "each", "stays", "x", "weeks", "scale", "never")
	value := b.needText(t, path, "value")
	title, unit := b.text(t, path, "title", name), b.text(t, path, "unit", "")
	if code, ok := currency.In(unit); ok && code != currency.Of(b.base.Plan.Run.Currency).Code {
		b.fail(t.At("unit"), path+".unit", "is in %s, and the scenario counts in %s (run.currency)", code,
			b.base.Plan.Run.Currency)
	}
	each := b.each(t, path)
	if each == nil {
		return []Show{{Name: name, Title: title, Unit: unit, Value: b.value(t, path, value),
			Never: b.text(t, path, "never", "never")}}
	}
	var out []Show
	for _, e := range each {
		out = append(out, Show{Name: name + "." + e, Title: fill(title, "each", b.called(e)), Unit: unit,
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
	c := &metric.Crossing{Below: stays == "below"}
	scale := b.number(t, path, "scale", -1e9, 1e9, 1)
	for _, at := range x {
		c.At = append(c.At, at*scale)
		c.Values = append(c.Values, b.expression(t.At("value"), path+".value",
			fill(fill(text, "x", fmt.Sprint(at)), "week", fmt.Sprint(at)), b.x.Settings))
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
