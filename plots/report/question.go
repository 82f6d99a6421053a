package report

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"windfall/docs"
	"windfall/model/currency"
	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/store"
)

// Made says how an answer was had.
type Made struct {
	Typed   string // the command line
	Version string
	Data    []byte // everything, as JSON
}

// Of makes the page of an answer: the answer and its first table, pictures,
// the other tables, how to read them, and how to get them again.
func Of(a *page.Document, made Made) (*Document, error) {
	about := docs.Of(a.Question)
	d := &Document{Title: a.Question + ": " + a.Scenario, Question: a.Currency.Words(about.Question),
		Foot: "Made by windfall " + made.Version + "."}
	for _, s := range a.Sentences {
		d.Answers = append(d.Answers, Answer{Text: s})
	}
	for _, w := range a.Warnings {
		d.Lead = append(d.Lead, Notice{Tone: page.Unsure, Text: words.Ended(w)})
	}
	var tables []Block
	for i, s := range a.Sheets {
		if len(s.Rows) == 0 {
			continue
		}
		t := Table(s.Table)
		if n := s.Printed(false); i == 0 && n > 0 { // what the terminal shows stands under the answer
			t.Rows = t.Rows[:n]
			d.Lead = append(d.Lead, t)
			if n == len(s.Rows) {
				continue
			}
			t = Table(s.Table)
			t.Caption += ", all rows"
		}
		t.Find = len(t.Rows) > 20
		tables = append(tables, t)
	}
	var charts []Block
	for _, h := range a.Pictures {
		v, err := view(h)
		if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
			continue // the command has said so
		} else if err != nil {
			return nil, err
		}
		charts = append(charts, Chart{Title: a.Currency.Words(titled(h.Name)), Views: []View{v}})
	}
	add := func(title string, blocks ...Block) {
		if len(blocks) > 0 {
			d.Sections = append(d.Sections, Section{Title: title, Blocks: blocks})
		}
	}
	add("Pictures", charts...)
	add("More numbers", tables...)
	for _, s := range about.Sections {
		add(s.Title, prose(s.Text)...)
	}
	facts := Facts{{Name: "Scenario", Value: a.Scenario}, {Name: "Version", Value: made.Version},
		{Name: "Seed", Value: strconv.FormatUint(a.Seed, 10)}, {Name: "Size", Value: a.Size}}
	add("How to reproduce it", Code(made.Typed), facts,
		Paragraph("The same command gives the same numbers to the last digit on any machine."),
		File{Name: a.Question + ".json", About: "Every number of the answer with its error.", Data: made.Data})
	return d, nil
}

// prose turns paragraphs and lists of a documentation page into blocks.
func prose(text []docs.Paragraph) (out []Block) {
	for _, p := range text {
		if len(p.Points) > 0 {
			var list List
			for _, point := range p.Points { // sentences; a list's "Name: rest" is another thing
				list = append(list, strings.Replace(point, ": ", ":\u00a0", 1))
			}
			out = append(out, list)
			continue
		}
		out = append(out, Paragraph(p.Text))
	}
	return out
}

// titled makes a title of the name of a picture: "dollars-3-weeks".
func titled(name string) string {
	words := strings.ReplaceAll(name, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// view is a picture that can be touched.
func view(h page.Picture) (View, error) {
	v, err := Drawn("", h.Name, plots.Of(h.Data))
	if err != nil {
		return v, fmt.Errorf("picture %s: %w", h.Name, err)
	}
	switch d := h.Data.(type) {
	case picture.Heat: // no marks: the static picture is all there is
	case picture.Pause:
		v.X, v.Y = Axis{Dates: true}, Axis{Label: "Difference a week, " + d.Measure.Unit, Zero: true}
		for _, s := range d.Spans {
			v.Spans = append(v.Spans, Span{Name: s.Name, From: s.From.Format("2006-01-02"), To: s.To.Format("2006-01-02")})
		}
		v.Marks = []Mark{
			{Kind: Band, Name: "9 of 10 pairs", X: "date", Y: "diff_p5", Y2: "diff_p95", Color: Red, Toggle: true},
			{Kind: Band, Name: "half of the pairs", X: "date", Y: "diff_p25", Y2: "diff_p75", Color: Red, Toggle: true},
			{Kind: Line, Name: "median difference", X: "date", Y: "diff_p50", Color: Red}}
	case picture.Response:
		v.X, v.Y = Axis{Label: "Weekly spend, " + currency.Of(d.Currency).Code, Format: words.MoneyIn(d.Currency)},
			Axis{Label: "Customers won a week, all channels"}
		v.Marks = []Mark{
			{Kind: Band, Name: "95% interval", X: "spend", Y: "won_low95", Y2: "won_high95", Color: Blue, Toggle: true},
			{Kind: Line, Name: "customers won", X: "spend", Y: "won", Color: Blue}}
	case picture.Tradeoff:
		v.X, v.Y = axisOf(d.X), axisOf(d.Y)
		v.Marks = []Mark{{Kind: Dots, X: "x", Y: "y", Label: "plan", Color: Blue}}
	case picture.Bars:
		v.X = Axis{Label: d.ValueName, Format: format(d.ValueName, d.Percent), Zero: true}
		v.Y = Axis{Label: d.Names}
		for i, l := range d.Lines {
			where, color := Where{Column: "bar", Is: []string{store.AsText("bar", l.Name)}}, Palette[i%len(Palette)]
			v.Marks = append(v.Marks,
				Mark{Kind: Rows, Name: l.Name, X: "value", Y: "name", Where: where, Color: color, Lane: i + 1, Lanes: len(d.Lines)},
				Mark{Kind: Reach, Name: "95% interval", X: "low95", X2: "high95", Y: "name", Where: where, Color: Ink, Lane: i +
					1, Lanes: len(d.Lines)})
		}
	case picture.Curve:
		v.X, v.Y = Axis{Label: d.XName}, Axis{Label: d.YName, Format: format(d.YName, d.Percent)}
		band := "95% interval"
		if d.Bands != "" {
			band = d.Bands
		}
		for i, l := range d.Lines {
			where, color := Where{Column: "line", Is: []string{store.AsText("line", l.Name)}}, Palette[i%len(Palette)]
			v.Marks = append(v.Marks,
				Mark{Kind: Band, Name: band, X: "x", Y: "low95", Y2: "high95", Where: where, Color: color, Toggle: true},
				Mark{Kind: Line, Name: l.Name, X: "x", Y: "value", Where: where, Color: color, Toggle: len(d.Lines) > 1})
		}
	}
	return v, nil
}

// format is how the numbers of an axis are written.
func format(name string, percent bool) words.Format {
	money, ok := words.MoneyNamed(name)
	switch {
	case percent:
		return words.Percent
	case ok:
		return money
	}
	return words.Plain
}

func axisOf(m words.Measure) Axis {
	return Axis{Label: m.Name + ", " + m.Unit, Format: m.Format()}
}
