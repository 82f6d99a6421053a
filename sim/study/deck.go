package study

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"windfall/scenarios"
	"windfall/sim/analysis"
)

// SlidesFile stands in the folder of a lesson: the texts of its slides with speaker notes. Numbers are written as
// {NAME} and filled from the record (Record.Fill).
const SlidesFile = "slides.md"

// Deck is what a teacher shows of a lesson.
type Deck struct {
	Lesson   Lesson
	Terms    []Term // the glossary of the lesson
	Setting  string // who sells what to whom, in Markdown
	Notes    string // to the first slide
	Control  string // what the control shows
	Assumed  string // what is assumed
	Slides   []Slide
	Recorded RecordedRun
}

// Slide is one finding with its picture. Texts are Markdown.
type Slide struct {
	Title, Text, Notes string
	Picture            *Drawn
	Note               string // on where the numbers of the picture are from, beyond the lesson's own runs
}

// Parts of a deck that are no findings of the lesson.
const (
	controlTitle = "The control"
	assumedTitle = "What is assumed"
	notesTitle   = "### Notes"
	termsPrefix  = "Glossary: "
)

// Deck reads the slides of a lesson and fills them with what was recorded.
func (l Lesson) Deck() (*Deck, error) {
	text, err := scenarios.Lesson(l.Name, SlidesFile)
	if err != nil {
		return nil, err
	}
	run, err := l.RecordedRun()
	if err != nil {
		return nil, err
	}
	if l.Recorded == nil || run == nil {
		return nil, fmt.Errorf("%s: nothing is recorded", l.ID)
	}
	d, err := readDeck(l, run, text)
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", l.ID, SlidesFile, err)
	}
	return d, nil
}

// readDeck reads the text of a deck.
func readDeck(l Lesson, run *RecordedRun, text string) (*Deck, error) {
	parts := strings.Split("\n"+text, "\n## ")
	d := &Deck{Lesson: l, Recorded: *run}
	head, notes, _ := strings.Cut(parts[0], notesTitle)
	for _, block := range strings.Split(head, "\n\n") {
		block = strings.TrimSpace(block)
		if names, ok := strings.CutPrefix(block, termsPrefix); ok {
			terms, err := termsOf(strings.Join(strings.Fields(names), " "))
			if err != nil {
				return nil, err
			}
			d.Terms = terms
			continue
		}
		if block != "" && !strings.HasPrefix(block, "# ") {
			d.Setting += block + "\n\n"
		}
	}
	d.Notes = strings.TrimSpace(notes)
	for _, part := range parts[1:] {
		s, err := d.slide(part)
		if err != nil {
			return nil, err
		}
		switch s.Title {
		case controlTitle:
			d.Control = s.Text
		case assumedTitle:
			d.Assumed = s.Text
		default:
			d.Slides = append(d.Slides, s)
		}
	}
	var err error
	for _, text := range []*string{&d.Setting, &d.Notes} {
		if *text, err = l.Recorded.Fill(*text); err != nil {
			return nil, err
		}
	}
	return d, nil
}

var pictureBlock = regexp.MustCompile("(?s)```(picture|bars)\n(.*?)\n```\n?")

// slide reads one slide.
func (d *Deck) slide(part string) (s Slide, err error) {
	title, rest, _ := strings.Cut(part, "\n")
	text, notes, _ := strings.Cut(rest, notesTitle)
	if m := pictureBlock.FindStringSubmatch(text); m != nil {
		text = strings.Replace(text, m[0], "", 1)
		var p Drawn
		switch m[1] {
		case "picture":
			p, err = d.recorded(strings.TrimSpace(m[2]))
		case "bars":
			p, s.Note, err = d.bars(m[2])
		}
		if err != nil {
			return s, err
		}
		s.Picture = &p
	}
	for to, from := range map[*string]string{&s.Title: title, &s.Text: text, &s.Notes: notes} {
		if *to, err = d.Lesson.Recorded.Fill(strings.TrimSpace(from)); err != nil {
			return s, fmt.Errorf("%s: %w", title, err)
		}
	}
	return s, nil
}

// recorded gives a recorded picture.
func (d *Deck) recorded(name string) (Drawn, error) {
	i := slices.IndexFunc(d.Recorded.Pictures, func(p RecordedPicture) bool { return p.Name == name })
	if i < 0 {
		return Drawn{}, fmt.Errorf("there is no recorded picture %q", name)
	}
	return d.Recorded.Pictures[i].drawn(d.Lesson.Recorded.Replications)
}

// bars makes a picture of recorded numbers: a line "title: what is shown", a line "axis: NAME, UNIT", for several bars
// side by side "series: ONE | OTHER", "first: highest" where they stand by the first series, then
// "LABEL = NUMBER | NUMBER" for each.
func (d *Deck) bars(text string) (p Drawn, note string, err error) {
	p = Drawn{Picture: &Picture{Kind: "bars"}, Name: "numbers"}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "title: "); ok {
			p.Title = v
			continue
		}
		if v, ok := strings.CutPrefix(line, "axis: "); ok {
			p.Picture.YTitle = v
			p.Picture.Percent = strings.HasSuffix(v, ", %")
			p.Picture.YTitle = strings.TrimSuffix(v, ", %")
			continue
		}
		if v, ok := strings.CutPrefix(line, "first: "); ok {
			p.Picture.First = v
			continue
		}
		if v, ok := strings.CutPrefix(line, "series: "); ok {
			for _, title := range strings.Split(v, "|") {
				p.Series = append(p.Series, DrawnCurve{Title: strings.TrimSpace(title)})
			}
			continue
		}
		label, numbers, ok := strings.Cut(line, " = ")
		if !ok {
			return p, "", fmt.Errorf("bars: %q is no LABEL = NUMBER", line)
		}
		if len(p.Series) == 0 {
			p.Series = make([]DrawnCurve, 1)
		}
		names := strings.Split(numbers, "|")
		if len(names) != len(p.Series) {
			return p, "", fmt.Errorf("bars: %q has %d numbers, not %d", label, len(names), len(p.Series))
		}
		p.Picture.Labels = append(p.Picture.Labels, label)
		for i, name := range names {
			e, of, err := d.Lesson.Recorded.estimate(strings.TrimSpace(name))
			if err != nil {
				return p, "", err
			}
			if of != "" {
				note = of
			}
			p.Series[i].Points = append(p.Series[i].Points, e)
		}
	}
	if p.Title == "" || p.Picture.YTitle == "" || len(p.Picture.Labels) == 0 {
		return p, "", fmt.Errorf("bars need a title, an axis and numbers")
	}
	return p, note, nil
}

// estimate finds a recorded number by name: one that is shown (NAME), the value of an expectation (expect.NAME) or of
// one of the control's (control.NAME); with .bound the right side of that claim; -NAME is the number with its sign
// turned, for a sentence that says how much lower. Of says where else than in the lesson's own runs it was seen.
func (r *Record) estimate(name string) (e analysis.Estimate, of string, err error) {
	if positive, ok := strings.CutPrefix(name, "-"); ok {
		e, of, err = r.estimate(positive)
		e.Value, e.Low, e.High = -e.Value, -e.High, -e.Low
		return e, of, err
	}
	for _, x := range r.Shows {
		if x.Name == name {
			return x.Value, "", nil
		}
	}
	lists := map[string][]Judged{"expect.": r.Expectations}
	if r.Control != nil {
		lists["control."] = r.Control.Expectations
	}
	for prefix, list := range lists {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if prefix == "control." {
			of = fmt.Sprintf("the control in %d runs", r.Control.Replications)
		}
		for _, j := range list {
			switch rest {
			case j.Name:
				return j.Value, of, nil
			case j.Name + ".bound":
				b := float64(j.Bound)
				return analysis.Estimate{Value: b, Low: b, High: b, N: j.Value.N}, of, nil
			}
		}
	}
	return e, "", fmt.Errorf("there is no recorded number %q", name)
}

// Fill puts what was recorded into a text: {NAME} is a number with its 95% interval, {NAME.value} the number alone,
// {-NAME} the number with its sign turned; {NAME:UNIT} gives a number its unit, which those of expectations have not. A
// choice is {EXPECTATION? text if it holds | else}, and {runs} and {settings} say how much was run.
func (r *Record) Fill(text string) (string, error) {
	text = r.fill(text)
	for _, in := range placeholders(text) {
		switch in {
		case "runs":
			text = fill(text, in, fmt.Sprint(r.Replications))
			continue
		case "settings":
			text = fill(text, in, fmt.Sprint(r.Settings))
			continue
		case "control.runs":
			if r.Control != nil {
				text = fill(text, in, fmt.Sprint(r.Control.Replications))
				continue
			}
		}
		name, unit, _ := strings.Cut(in, ":")
		name, alone := strings.CutSuffix(name, ".value")
		e, _, err := r.estimate(name)
		if err != nil {
			return "", err
		}
		x := Shown{Name: name, Unit: unit, Value: e}
		for _, s := range r.Shows {
			if s.Name == strings.TrimPrefix(name, "-") {
				x.Unit, x.Never = s.Unit, s.Never
			}
		}
		text = fill(text, in, x.Text(!alone))
	}
	return text, nil
}
