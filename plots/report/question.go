package report

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
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
	Again   string // that on which the numbers depend
	Version string
	Data    []byte // everything, as JSON
}

// Of makes the page of an answer: the answer with its first picture and its first table, the other
// pictures and tables, how to read them, and how to get them again.
func Of(a *page.Document, made Made) (*Document, error) {
	about := docs.Of(a.Question)
	d := &Document{Title: a.Question + ": " + a.Scenario, Question: a.Currency.Words(about.Question),
		Foot: "Made by windfall " + made.Version + "."}
	for _, s := range a.Sentences {
		d.Answers = append(d.Answers, Answer{Text: s})
	}
	for _, w := range a.Warnings {
		d.Lead = append(d.Lead, Notice{Tone: page.Unsure, Text: words.Capital(words.Ended(w))})
	}
	var tables []Block
	for i, s := range a.Sheets {
		if len(s.Rows) == 0 {
			continue
		}
		s = s.Labelled()
		t := Table(s.First(len(s.Rows)))
		if n := s.Printed(false); i == 0 && n > 0 { // what the terminal shows stands under the answer
			d.Lead = append(d.Lead, Table(s.First(n)))
			if n == len(s.Rows) {
				continue
			}
			t.Caption += ", all rows"
		}
		t.Find = len(t.Rows) > 20
		tables = append(tables, t)
	}
	var charts []Block
	for _, h := range a.Pictures {
		v, err := views(h)
		if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
			continue // the command has said so
		} else if err != nil {
			return nil, err
		}
		title := h.Title
		if title == "" && len(v) == 1 { // what it shows says more than the name of its file
			title = v[0].Finding
		}
		charts = append(charts, Chart{Title: cmp.Or(title, a.Currency.Words(titled(h.Name))), Choice: "Show", Views: v,
			Small: h.Small})
	}
	add := func(title string, blocks ...Block) {
		if len(blocks) > 0 {
			d.Sections = append(d.Sections, Section{Title: title, Blocks: blocks})
		}
	}
	// The picture stands under the answer, what the terminal shows under the picture.
	if len(charts) > 0 {
		first := charts[0].(Chart)
		first.Small = false
		d.Lead, charts = append([]Block{first}, d.Lead...), charts[1:]
	}
	add("More pictures", charts...)
	add("More numbers", tables...)
	for _, s := range about.Sections {
		add(s.Title, prose(s.Text)...)
	}
	facts := Facts{{Name: "Scenario", Value: a.Scenario}, {Name: "Version", Value: made.Version},
		{Name: "Seed", Value: strconv.FormatUint(a.Seed, 10)}, {Name: "Size", Value: a.Size}}
	add("How to reproduce it", Code(made.Typed), facts,
		Paragraph(repeats(a.Searched)),
		File{Name: a.Question + ".json", About: "Every number of the answer with its error.", Data: made.Data})
	return d, nil
}

// repeats says what the same command gives again.
func repeats(searched bool) string {
	if searched {
		return "The same command gives the same numbers on the same kind of processor. On another kind the search may try " +
			"other plans; each plan gives the same numbers everywhere."
	}
	return "The same command gives the same numbers to the last digit on any machine."
}

// namesOfTests are what pages of the documentation cite for those who read the code.
var namesOfTests = regexp.MustCompile(`\s*\((?:Test\w+(?:, )?)+\)|(?:Test\w+(?:, )?)+: `)

// Plain is a text of the documentation without names of code: columns are what people call them.
func Plain(text string) string { return words.Labelled(namesOfTests.ReplaceAllString(text, "")) }

// prose turns paragraphs and lists of a documentation page into blocks.
func prose(text []docs.Paragraph) (out []Block) {
	for _, p := range text {
		if len(p.Points) > 0 {
			var list List
			for _, point := range p.Points { // sentences; a list's "Name: rest" is another thing
				list = append(list, strings.ReplaceAll(Plain(point), ": ", ":\u00a0"))
			}
			out = append(out, list)
			continue
		}
		out = append(out, Paragraph(Plain(p.Text)))
	}
	return out
}

// titled makes a title of the name of a picture: "dollars-3-weeks".
func titled(name string) string {
	words := strings.ReplaceAll(name, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// views are a picture that can be touched, one for each of its panels.
func views(h page.Picture) ([]View, error) {
	v, err := Drawn("", h.Name, plots.Of(h.Data))
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", h.Name, err)
	}
	switch d := h.Data.(type) {
	case picture.Heat: // no marks: the static picture is all there is
	case picture.Pause:
		v.X, v.Y = Weekly(d.AtWeekEnd), Axis{Label: "Difference per week, " + d.Measure.Unit, Zero: true}
		v.Spans = Spans(d.Spans)
		v.Marks = []Mark{
			{Kind: Band, Name: "9 of 10 pairs", X: "date", Y: "diff_p5", Y2: "diff_p95", Color: Red, Toggle: true},
			{Kind: Band, Name: "half of the pairs", X: "date", Y: "diff_p25", Y2: "diff_p75", Color: Red, Toggle: true},
			{Kind: Line, Name: "median difference", X: "date", Y: "diff_p50", Color: Red}}
	case picture.Response:
		return response(v, d), nil
	case picture.Tradeoff:
		v.tradeoff(d)
	case picture.Bars:
		if len(d.Lines) > len(Palette) {
			break
		}
		v.X = Axis{Label: d.ValueName, Format: format(d.ValueName, d.Percent), Zero: true}
		v.Y = Axis{Label: words.Capital(d.Names)}
		if d.Wanted != 0 {
			at := strconv.FormatFloat(d.Wanted, 'g', -1, 64)
			v.Spans = []Span{{Name: d.Goal(), From: at, To: at}}
		}
		var reaches []Mark // behind all bars in the key
		for i, l := range d.Lines {
			where, color := Where{Column: "bar", Is: []string{store.AsText("bar", l.Name)}}, Palette[i%len(Palette)]
			v.Marks = append(v.Marks, Mark{Kind: Rows, Name: l.Name, X: "value", Y: "name", Where: where, Color: color,
				Lane: i + 1, Lanes: len(d.Lines)})
			if !l.Exact() { // what has no interval has none in the key
				low, high := picture.EndColumns(d.Ends)
				reaches = append(reaches, Mark{Kind: Reach, Name: oneInterval(d.Ends), X: low, X2: high, Y: "name",
					Where: where, Color: Ink, Lane: i + 1, Lanes: len(d.Lines)})
			}
		}
		v.Marks = append(v.Marks, reaches...)
	case picture.Curve:
		if len(d.Lines) > len(Palette) {
			break
		}
		x := "x"
		v.X, v.Y = Axis{Label: d.XName, Log: d.Log}, Axis{Label: d.YName, Format: format(d.YName, d.Percent)}
		if !d.Start.IsZero() {
			x, v.X, v.Spans = "date", Weekly(d.AtWeekEnd), Spans(d.Spans)
			v.X.Label = d.XName
		}
		band := cmp.Or(d.Bands, "95% interval")
		low, high := picture.EndColumns(d.Bands)
		for i, l := range d.Lines {
			where, color := Where{Column: "line", Is: []string{store.AsText("line", l.Name)}}, Palette[i%len(Palette)]
			if !l.Seen { // what was counted has no interval
				v.Marks = append(v.Marks, Mark{Kind: Band, Name: band, X: x, Y: low, Y2: high, Where: where,
					Color: color, Toggle: true})
			}
			v.Marks = append(v.Marks,
				Mark{Kind: Line, Name: l.Name, X: x, Y: "value", Where: where, Color: color, Toggle: len(d.Lines) > 1})
		}
	}
	return []View{v}, nil
}

// oneInterval is what one of the lines at the ends of bars is called: they are 95% intervals unless it is said.
func oneInterval(ends string) string {
	if ends == "" {
		return "95% interval"
	}
	return strings.TrimSuffix(ends, "s")
}

// Weekly is an axis of the weeks of a run.
func Weekly(atWeekEnd bool) Axis {
	if atWeekEnd {
		return Axis{Dates: true, Days: 7}
	}
	return Axis{Dates: true, Days: 3.5}
}

// Spans are dates to be shaded, as the page has them.
func Spans(spans []picture.Span) (out []Span) {
	for _, s := range spans {
		out = append(out, Span{Name: s.Name, From: s.From.Format("2006-01-02"), To: s.To.Format("2006-01-02")})
	}
	return out
}

// response has a view for each panel of the picture: what the title speaks of, then what is won.
func response(v View, d picture.Response) []View {
	v.X = Axis{Label: "Weekly spend, " + currency.Of(d.Currency).Code, Format: words.MoneyIn(d.Currency)}
	cost, won := v, v
	cost.Name = "Cost of the next customer"
	cost.Y = Axis{Label: "Cost of one more customer, " + currency.Of(d.Currency).Code, Format: words.MoneyIn(d.Currency),
		Zero: true}
	cost.Marks = []Mark{
		{Kind: Link, Name: "next customer", X: "spend", X2: "spend_to", Y: "marginal_cac", Y2: "marginal_cac", Color: Red},
		{Kind: Link, Name: "95% interval", X: "spend_middle", X2: "spend_middle", Y: "marginal_low95", Y2: "marginal_high95",
			Color: Red, Toggle: true}}
	if d.Worth > 0 {
		cost.Marks = append(cost.Marks, Mark{Kind: Line, Name: "what a customer is worth", X: "spend",
			Y: "worth", Color: Green, Dashed: true})
	}
	won.Name, won.Y = "Customers won", Axis{Label: "Customers won per week, all channels", Zero: true}
	won.Marks = []Mark{
		{Kind: Band, Name: "95% interval", X: "spend", Y: "won_low95", Y2: "won_high95", Color: Blue, Toggle: true},
		{Kind: Line, Name: "customers won", X: "spend", Y: "won", Color: Blue}}
	return []View{cost, won}
}

// tradeoff draws the plans with their intervals; those that no other beats in both are on a line.
func (v *View) tradeoff(d picture.Tradeoff) {
	v.X, v.Y = axisOf(d.X), axisOf(d.Y)
	edge := Where{Column: "edge", Is: []string{"1"}}
	v.Marks = []Mark{
		{Kind: Line, Name: "unbeaten in both", X: "x", Y: "y", Where: edge, Color: Blue},
		{Kind: Link, Name: "95% intervals", X: "x_low95", X2: "x_high95", Y: "y", Y2: "y", Color: Grey, Toggle: true},
		{Kind: Link, Name: "95% intervals", X: "x", X2: "x", Y: "y_low95", Y2: "y_high95", Color: Grey, Toggle: true}}
	for _, m := range []struct {
		mark, name string
		color      Color
	}{{"unbeaten", "unbeaten", Blue}, {"beaten", "beaten", Grey}, {"plan", "the plan", Red}} {
		v.Marks = append(v.Marks, Mark{Kind: Dots, Name: m.name, X: "x", Y: "y", Label: "plan", Color: m.color,
			Where: Where{Column: "mark", Is: []string{m.mark}}})
	}
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

func axisOf(m words.Measure) Axis { return Axis{Label: m.OnAxis(), Format: m.Format()} }
