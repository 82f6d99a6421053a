// Package lesson hangs the pictures of a study: it takes the numbers of an
// answer and gives them to package plots, under the names that the files have.
package lesson

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/picture"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/metric"
	"windfall/sim/study"
)

// SlideName is the name of the picture for the projector: the answer over the
// first picture.
const SlideName = "lesson"

// Of gives the pictures of a study, the slide first. A study without pictures
// has none. gallery.Write draws them.
func Of(a *study.Answer) ([]gallery.Named, error) {
	source := picture.Source{Scenario: a.Study, Replications: a.Replications, Seed: a.Seed}
	if len(a.Changed) > 0 {
		source.Note = "changed: " + a.Changed[0]
		if n := len(a.Changed); n > 1 {
			source.Note += fmt.Sprintf(" and %d more", n-1)
		}
	}
	var pictures []gallery.Named
	colors := colorsOf(namesOf(a.Pictures))
	for i := range a.Pictures {
		d, err := drawing(source, &a.Pictures[i], colors)
		if err != nil {
			return nil, err
		}
		name := a.Pictures[i].Name
		if name == SlideName {
			return nil, fmt.Errorf("picture %s: the name is that of the picture for the projector", name)
		}
		pictures = append(pictures, gallery.Named{Name: name, Drawing: d})
	}
	if len(pictures) > 0 {
		pictures = append([]gallery.Named{{Name: SlideName, Drawing: slide(source, a, pictures[0].Drawing)}}, pictures...)
	}
	return pictures, nil
}

// drawing takes one picture of a study.
func drawing(source picture.Source, d *study.Drawn, colors map[string]int) (plots.Drawing, error) {
	p := d.Picture
	if p == nil {
		return nil, fmt.Errorf("picture %s: the study does not say what it is", d.Name)
	}
	if p.Note != "" && source.Note != "" {
		source.Note += "; " + p.Note
	} else {
		source.Note += p.Note
	}
	var lines []picture.Line
	for _, c := range d.Series {
		lines = append(lines, picture.Line{Name: c.Title, Points: c.Points, Color: colors[c.Title]})
	}
	switch p.Kind {
	case "curve":
		c := plots.Curve{Source: source, Finding: d.Title, XName: p.XTitle, YName: p.YTitle, X: p.X, Ticks: p.Labels,
			Percent: p.Percent, Log: p.Log, Lines: lines}
		if p.Dates {
			c.Start, c.AtWeekEnd = words.Day(p.Start), true
		}
		return c, nil
	case "bars":
		b := picture.Bars{Source: source, Finding: d.Title, Names: p.XTitle, ValueName: p.YTitle, Labels: p.Labels,
			Percent: p.Percent, Figures: true, Lines: lines}
		switch p.First {
		case study.Highest:
			b.Sort(func(row int) float64 { return b.Lines[0].Points[row].Value })
		case study.Lowest:
			b.Sort(func(row int) float64 { return -b.Lines[0].Points[row].Value })
		}
		return plots.Bars(b), nil
	case "weeks":
		return plots.Weeks{Source: source, Finding: d.Title, YName: p.YTitle, Start: words.Day(p.Start), First: int(p.X[0]),
			Percent: p.Percent, Lines: lines}, nil
	}
	return nil, fmt.Errorf("picture %s: there is no kind %q", d.Name, p.Kind)
}

// namesOf are the names of the series of some pictures.
func namesOf(pictures []study.Drawn) (names [][]string) {
	for _, d := range pictures {
		var of []string
		for _, s := range d.Series {
			of = append(of, s.Title)
		}
		names = append(names, of)
	}
	return names
}

// colorsOf gives each series of a lesson, by its name, a place among the colours from 1: the same in all pictures, and
// another than those beside it in any. Pictures of more series than there are colours have a panel for each.
func colorsOf(pictures [][]string) map[string]int {
	colors, same := map[string]int{}, sameAs(pictures)
	pictures = slices.Clone(pictures)
	for i, names := range pictures {
		pictures[i] = nil
		for _, name := range names {
			pictures[i] = append(pictures[i], cmp.Or(same[name], name))
		}
	}
	for _, names := range pictures {
		if len(names) > len(report.Palette) {
			continue
		}
		for _, name := range names {
			if colors[name] > 0 {
				continue
			}
			taken := map[int]bool{}
			for _, others := range pictures {
				if slices.Contains(others, name) && len(others) <= len(report.Palette) {
					for _, other := range others {
						taken[colors[other]] = true
					}
				}
			}
			color := 1
			for taken[color] {
				color++
			}
			colors[name] = color
		}
	}
	for name, short := range same {
		colors[name] = colors[short]
	}
	return colors
}

// sameAs gives names that end with another of another picture, which is the same thing said shortly: "the twin that
// sees a tenth" is what "sees a tenth" is where all are twins.
func sameAs(pictures [][]string) map[string]string {
	same := map[string]string{}
	for _, name := range slices.Concat(pictures...) {
		for _, short := range slices.Concat(pictures...) {
			together := func(names []string) bool { return slices.Contains(names, name) && slices.Contains(names, short) }
			if strings.HasSuffix(name, " "+short) && strings.Contains(short, " ") && !slices.ContainsFunc(pictures, together) {
				if known := same[name]; known == "" || len(short) < len(known) {
					same[name] = short
				}
			}
		}
	}
	all := maps.Clone(same)
	maps.DeleteFunc(same, func(_, short string) bool { return all[short] != "" })
	return same
}

// slide puts the answer over a picture.
func slide(source picture.Source, a *study.Answer, d plots.Drawing) plots.Slide {
	s := plots.Slide{Source: source, Answer: wholeSentences(a.Sentence, slideLetters), Shows: d,
		Verdict: study.Word(a.Verdict), Expected: about(a.Expectations)}
	if a.Control != nil {
		s.Control = control(a.Control)
	}
	return s
}

// about says what is expected: the one expectation that does not hold, or the
// only one, or how many hold.
func about(list []study.Judged) string {
	holds := 0
	for _, j := range list {
		if j.Verdict == metric.Holds {
			holds++
		}
	}
	if len(list) == 1 {
		return list[0].Title
	}
	verb := "are confirmed"
	if holds == 1 {
		verb = "is confirmed"
	}
	text := fmt.Sprintf("%d of %d expectations %s", holds, len(list), verb)
	for _, j := range list {
		if j.Verdict != metric.Holds {
			return text + "; " + study.Word(j.Verdict) + ": " + j.Title
		}
	}
	if len(list) > 0 {
		text += ", first: " + list[0].Title
	}
	return text
}

// control says in one line what the control showed.
func control(c *study.Checked) string {
	found := map[metric.Verdict]string{
		metric.Holds: "the pattern disappears", metric.DoesNotHold: "the pattern stays",
		metric.Undecided: "too close to call",
	}[c.Verdict]
	open := func(j study.Judged) bool { return j.Word() == study.NotContradicted }
	if c.Verdict == metric.Holds && slices.ContainsFunc(c.Expectations, open) {
		found = "nothing contradicts that the pattern disappears"
	}
	text := "if " + c.Title + ": " + found
	if len(c.Expectations) > 0 {
		text += " (" + c.Expectations[0].Title + ")"
	}
	return text
}

// slideLetters is about what the three lines of an answer on the slide hold.
const slideLetters = 200

// wholeSentences gives the sentences at the beginning of a text that fit, at
// least the first.
func wholeSentences(text string, letters int) string {
	end := len(text)
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' {
			if end < len(text) && i >= letters {
				break
			}
			end = i + 1
			if end > letters {
				break
			}
		}
	}
	if len(text) <= letters {
		return text
	}
	return text[:end]
}
