package decide

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"windfall/docs"
	"windfall/model/currency"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/store"
)

// An Answer is what a command found, as its page shows it.
type Answer struct {
	Command   string // pause
	Scenario  string
	Sentences []string
	Warnings  []string
	Sheets    []*Sheet // the first stands under the answer
	Pictures  []gallery.Hung
	Typed     string // the command line
	Currency  string // code of that in which amounts are; empty: US dollars
	Version   string
	Seed      uint64
	Size      string // 2,000 pairs
	Data      []byte // everything, as JSON
}

// Page makes the page of an answer: the answer and its first table, pictures,
// the other tables, how to read them, and how to get them again.
func Page(a *Answer) (*report.Document, error) {
	about := docs.Of(a.Command)
	question := currency.Of(a.Currency).Words(about.Question)
	d := &report.Document{Title: a.Command + ": " + a.Scenario, Question: question, Foot: "Made by windfall " + a.Version + "."}
	for _, s := range a.Sentences {
		d.Answers = append(d.Answers, report.Answer{Text: s})
	}
	for _, w := range a.Warnings {
		d.Lead = append(d.Lead, report.Notice{Tone: report.Unsure, Text: sentence(w)})
	}
	var tables []report.Block
	for i, s := range a.Sheets {
		t := s.Table
		if n := s.Printed(false); i == 0 && n > 0 { // what the terminal shows stands under the answer
			t.Rows = t.Rows[:n]
			d.Lead = append(d.Lead, t)
			if n == len(s.Rows) {
				continue
			}
			t = s.Table
			t.Caption += ", all rows"
		}
		t.Find = len(t.Rows) > 20
		tables = append(tables, t)
	}
	var charts []report.Block
	for _, h := range a.Pictures {
		v, err := view(h)
		if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
			continue // the command has said so
		} else if err != nil {
			return nil, err
		}
		charts = append(charts, report.Chart{Title: currency.Of(a.Currency).Words(titled(h.Name)), Views: []report.View{v}})
	}
	add := func(title string, blocks ...report.Block) {
		if len(blocks) > 0 {
			d.Sections = append(d.Sections, report.Section{Title: title, Blocks: blocks})
		}
	}
	add("Pictures", charts...)
	add("More numbers", tables...)
	for _, s := range about.Sections {
		add(s.Title, prose(s.Text)...)
	}
	facts := report.Facts{{Name: "Scenario", Value: a.Scenario}, {Name: "Version", Value: a.Version}, {Name: "Seed", Value: strconv.FormatUint(a.Seed, 10)}, {Name: "Size", Value: a.Size}}
	add("How to reproduce it", report.Code(a.Typed), facts,
		report.Paragraph("The same command gives the same numbers to the last digit on any machine."),
		report.File{Name: a.Command + ".json", About: "Every number of the answer with its error.", Data: a.Data})
	return d, nil
}

// prose turns paragraphs and lists of a documentation page into blocks.
func prose(text []docs.Paragraph) (out []report.Block) {
	for _, p := range text {
		if len(p.Points) > 0 {
			var list report.List
			for _, point := range p.Points { // sentences; a list's "Name: rest" is another thing
				list = append(list, strings.Replace(point, ": ", ":\u00a0", 1))
			}
			out = append(out, list)
			continue
		}
		out = append(out, report.Paragraph(p.Text))
	}
	return out
}

// titled makes a title of the name of a picture: "dollars-3-weeks".
func titled(name string) string {
	words := strings.ReplaceAll(name, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func sentence(text string) string {
	if text == "" || text[len(text)-1] == '.' {
		return text
	}
	return text + "."
}

// view is a picture that can be touched.
func view(h gallery.Hung) (report.View, error) {
	v, err := report.Drawn("", h.Name, h.Drawing)
	if err != nil {
		return v, fmt.Errorf("picture %s: %w", h.Name, err)
	}
	switch d := h.Drawing.(type) {
	case plots.Heat: // no marks: the static picture is all there is
	case plots.Pause:
		v.X, v.Y = report.Axis{Dates: true}, report.Axis{Label: "Difference a week, " + d.Measure.Unit, Zero: true}
		for _, s := range d.Spans {
			v.Spans = append(v.Spans, report.Span{Name: s.Name, From: s.From.Format("2006-01-02"), To: s.To.Format("2006-01-02")})
		}
		v.Marks = []report.Mark{
			{Kind: report.Band, Name: "9 of 10 pairs", X: "date", Y: "diff_p5", Y2: "diff_p95", Color: report.Red, Toggle: true},
			{Kind: report.Band, Name: "half of the pairs", X: "date", Y: "diff_p25", Y2: "diff_p75", Color: report.Red, Toggle: true},
			{Kind: report.Line, Name: "median difference", X: "date", Y: "diff_p50", Color: report.Red}}
	case plots.Response:
		v.X, v.Y = report.Axis{Label: "Weekly spend, " + currency.Of(d.Currency).Code, Format: words.MoneyIn(d.Currency)}, report.Axis{Label: "Customers won a week, all channels"}
		v.Marks = []report.Mark{
			{Kind: report.Band, Name: "95% interval", X: "spend", Y: "won_low95", Y2: "won_high95", Color: report.Blue, Toggle: true},
			{Kind: report.Line, Name: "customers won", X: "spend", Y: "won", Color: report.Blue}}
	case plots.Tradeoff:
		v.X, v.Y = axisOf(d.X), axisOf(d.Y)
		v.Marks = []report.Mark{{Kind: report.Dots, X: "x", Y: "y", Label: "plan", Color: report.Blue}}
	case plots.Bars:
		v.X = report.Axis{Label: d.ValueName, Format: format(d.ValueName, d.Percent), Zero: true}
		v.Y = report.Axis{Label: d.Names}
		for i, l := range d.Lines {
			where, color := report.Where{Column: "bar", Is: []string{store.AsText("bar", l.Name)}}, report.Palette[i%len(report.Palette)]
			v.Marks = append(v.Marks,
				report.Mark{Kind: report.Rows, Name: l.Name, X: "value", Y: "name", Where: where, Color: color, Lane: i + 1, Lanes: len(d.Lines)},
				report.Mark{Kind: report.Reach, Name: "95% interval", X: "low95", X2: "high95", Y: "name", Where: where, Color: report.Ink, Lane: i + 1, Lanes: len(d.Lines)})
		}
	case plots.Curve:
		v.X, v.Y = report.Axis{Label: d.XName}, report.Axis{Label: d.YName, Format: format(d.YName, d.Percent)}
		band := "95% interval"
		if d.Bands != "" {
			band = d.Bands
		}
		for i, l := range d.Lines {
			where, color := report.Where{Column: "line", Is: []string{store.AsText("line", l.Name)}}, report.Palette[i%len(report.Palette)]
			v.Marks = append(v.Marks,
				report.Mark{Kind: report.Band, Name: band, X: "x", Y: "low95", Y2: "high95", Where: where, Color: color, Toggle: true},
				report.Mark{Kind: report.Line, Name: l.Name, X: "x", Y: "value", Where: where, Color: color, Toggle: len(d.Lines) > 1})
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

func axisOf(m words.Measure) report.Axis {
	return report.Axis{Label: m.Name + ", " + m.Unit, Format: m.Format()}
}
