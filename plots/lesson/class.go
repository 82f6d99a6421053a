package lesson

import (
	"bytes"
	_ "embed" // templates, styles and the script of slides and hand-outs
	"encoding/base64"
	"fmt"
	"html/template"

	"windfall/plots"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/study"
)

var (
	//go:embed assets/deck.html
	deckText string
	//go:embed assets/deck.css
	deckStyle string
	//go:embed assets/deck.js
	deckScript string
	//go:embed assets/handout.html
	handoutText string
	//go:embed assets/handout.css
	handoutStyle string
	//go:embed assets/colours.css
	colours string

	deckLayout    = classLayout("deck", deckText)
	handoutLayout = classLayout("handout", handoutText)
)

func classLayout(name, text string) *template.Template {
	return template.Must(template.New(name).Funcs(template.FuncMap{
		"md":    asHTML,
		"whole": words.Whole,
		"plus":  func(a, b int) int { return a + b },
	}).Parse(text))
}

// classPage is what slides and hand-outs are made of.
type classPage struct {
	*study.Deck
	Version, Verdict string
	Slides           []classSlide
	Intro            string // to the exercises
	Exercises        []study.Exercise
	Solutions        bool // for the teacher
	Style            template.CSS
	Script           template.JS
}

// classSlide is a slide with its picture drawn.
type classSlide struct {
	study.Slide
	Source template.URL    // of the picture; empty if there is none
	Print  template.URL    // of the same on a hand-out
	Narrow template.Srcset // on a telephone
	Alt    string
}

// Class is what a teacher takes to class of a lesson.
type Class struct {
	Deck      *study.Deck
	Intro     string
	Exercises []study.Exercise
	Version   string // of the program
}

// Prepare reads a lesson for class.
func Prepare(l study.Lesson, version string) (*Class, error) {
	d, err := l.Deck()
	if err != nil {
		return nil, err
	}
	intro, exercises, err := l.Exercises()
	return &Class{Deck: d, Intro: intro, Exercises: exercises, Version: version}, err
}

// Slides makes the slides with speaker notes, as one HTML page that loads nothing.
func (c *Class) Slides() ([]byte, error) {
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	p.Style, p.Script = template.CSS(colours+deckStyle), template.JS(deckScript)
	return rendered(deckLayout, p)
}

// Handout makes the hand-out, for students or, with solutions, for teachers: two pages of A4.
func (c *Class) Handout(solutions bool) ([]byte, error) {
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	p.Solutions, p.Style = solutions, template.CSS(colours+handoutStyle)
	return rendered(handoutLayout, p)
}

func rendered(layout *template.Template, p *classPage) ([]byte, error) {
	var b bytes.Buffer
	if err := layout.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (c *Class) page() (*classPage, error) {
	r := c.Deck.Lesson.Recorded
	p := &classPage{Deck: c.Deck, Version: c.Version, Verdict: study.VerdictOf(&r.Finding), Intro: c.Intro,
		Exercises: c.Exercises}
	var names [][]string
	for _, p := range c.Deck.Recorded.Pictures { // as its report has them
		var of []string
		for _, s := range p.Series {
			of = append(of, s.Title)
		}
		names = append(names, of)
	}
	for _, s := range c.Deck.Slides {
		if s.Picture != nil {
			names = append(names, namesOf([]study.Drawn{*s.Picture})...)
		}
	}
	colors := colorsOf(names)
	for _, s := range c.Deck.Slides {
		drawn := classSlide{Slide: s}
		if s.Picture != nil {
			source := picture.Source{Scenario: r.Study, Replications: r.Replications, Seed: r.Seed, Note: s.Note}
			d, err := drawing(source, s.Picture, colors)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Title, err)
			}
			made, err := plots.Compose(d)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Title, err)
			}
			var urls []string
			for _, draw := range []func(plots.Drawing) ([]byte, error){plots.BesideText, plots.InPrint, plots.Narrow} {
				svg, err := draw(d)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", s.Title, err)
				}
				urls = append(urls, "data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString(svg))
			}
			drawn.Source, drawn.Print, drawn.Narrow = template.URL(urls[0]), template.URL(urls[1]), template.Srcset(urls[2])
			drawn.Alt = made.Title
		}
		p.Slides = append(p.Slides, drawn)
	}
	return p, nil
}
