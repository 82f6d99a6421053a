package study

import (
	"windfall/scenarios"
	"windfall/sim/metric"
)

// Expectation is what the study claims.
type Expectation struct {
	Name, Title string
	Claims      []Claim
}

// Claim is one inequality of an expectation: the only one, or that of one name
// of a list (each).
type Claim struct {
	Each       string
	Inequality *metric.Inequality
	// Where is a condition under which the claim is made; nil: always.
	Where *metric.Inequality
}

// Control is the same study with a mechanism switched off.
type Control struct {
	Title        string
	Sets         []string
	Replications int
	Settings     []Setting
	Expectations []Expectation
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
		Replications: int(b.whole(t, "study.control", "replications", 2, 1e6, float64(b.x.Replications)))}
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
