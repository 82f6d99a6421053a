package study

import (
	"fmt"
	"strconv"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/metric"
)

// Picture is a drawing of numbers of the study.
type Picture struct {
	Name, Title    string
	Kind           string // curve, bars or weeks
	XTitle, YTitle string
	X              []float64 // curve: positions; weeks: the weeks
	Start          plan.Date // weeks: the first day of the run
	Labels         []string  // bars: what stands beside them; curve: names of positions, if not numbers
	Percent        bool
	Log            bool   // logarithmic x
	Note           string // what is left out of the picture, or how its positions are to be read
	// Dates says of a curve that x counts the weeks of the run, each number at its week's end.
	Dates bool
	// First says of bars which stand first by the first series, highest or lowest; empty: in the order of the labels.
	First  string
	Series []Series
}

// The orders of bars.
const (
	Highest = "highest"
	Lowest  = "lowest"
)

// since is the first day of the run, where the picture is by date.
func (p *Picture) since() string {
	if p.Kind == "weeks" || p.Dates {
		return p.Start.String()
	}
	return ""
}

// Series is one line or one set of bars.
type Series struct {
	Name, Title string
	Values      []*metric.Expression // one a position
}

func (b *builder) picture(t *scenarios.Raw, name string) Picture {
	path := "study.pictures." + name
	b.keys(t, path, "title", "kind", "x", "labels", "weeks", "x_title", "y_title", "percent", "log", "dates", "first",
		"note", "series")
	p := Picture{Name: name, Title: b.text(t, path, "title", ""), Kind: b.needText(t, path, "kind"),
		XTitle: b.text(t, path, "x_title", ""), YTitle: b.needText(t, path, "y_title"), X: b.numbers(t, path, "x"),
		Start:  b.base.Plan.Run.Start,
		Labels: b.texts(t, path, "labels"), First: b.text(t, path, "first", ""), Note: b.text(t, path, "note", "")}
	if p.First != "" && (p.Kind != "bars" || p.First != Highest && p.First != Lowest) {
		b.fail(t, path, "first is highest or lowest, of bars")
	}
	if v := t.At("percent"); v != nil {
		p.Percent, _ = v.Value.(bool)
	}
	if v := t.At("log"); v != nil {
		p.Log, _ = v.Value.(bool)
	}
	if v := t.At("dates"); v != nil {
		p.Dates, _ = v.Value.(bool)
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
	for i, l := range p.Labels {
		p.Labels[i] = b.called(l)
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
				values = append(values, metric.FillNumber(metric.FillNumber(fill(text, "label", a), "x", v), "week", v))
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
		one(key+"."+e, fill(title, "each", b.called(e)), func(text string) string { return fill(text, "each", e) })
	}
	return out
}
