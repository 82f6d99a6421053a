package lesson

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/briefing"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/store"
	"windfall/sim/study"
)

// Origin says how a page came about.
type Origin struct {
	Version string
	Command string // to be typed again
	Title   string // of the scenario
	File    string // of the scenario, as its plan names it
	Plan    *plan.Plan
	Next    *study.Lesson // the lesson that comes after, if it is one
	// Recorded says that nothing was run, and where the answer is from; Settings is then how many plans there were.
	Recorded string
	Settings int
}

// Page makes the page of a study: the answer first, then the pictures, what is
// expected and the control, the settings, what is assumed and left out, and how to
// reproduce it.
func Page(a *study.Answer, pictures []gallery.Named, from Origin) (*report.Document, error) {
	d := &report.Document{Title: heading(a.Study, from.Title), Question: a.Question,
		Answers: []report.Answer{{Text: answerOr(a)}},
		Foot:    "Made by windfall " + from.Version + "."}
	if len(a.Changed) > 0 {
		d.Banner = "Not the shipped numbers: " + strings.Join(a.Changed, ", ")
	}
	for _, w := range a.Warnings {
		d.Lead = append(d.Lead, report.Notice{Tone: page.Unsure, Text: "Warning: " + w + "."})
	}
	told := page.ToneOfAnswer(a, pattern(a))
	d.Lead = append(d.Lead, report.Notice{Tone: told.Tone, Text: told.Text})
	if from.Recorded != "" {
		d.Lead = append(d.Lead, report.Notice{Text: from.Recorded})
	}
	var charts []report.Block
	colors := colorsOf(namesOf(a.Pictures))
	for i, h := range pictures {
		if h.Name == SlideName {
			continue
		}
		c, err := chart(&a.Pictures[i-1], h, colors)
		if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
			continue // the command has said so
		} else if err != nil {
			return nil, err
		}
		charts = append(charts, c)
	}
	if len(charts) > 0 { // one picture stands under the answer, then the numbers
		d.Lead, charts = append(d.Lead, charts[0]), charts[1:]
	}
	if len(a.Shows) > 0 {
		d.Lead = append(d.Lead, numbers(a))
	}
	if len(charts) > 0 {
		d.Sections = append(d.Sections, report.Section{Title: "More pictures", Blocks: charts})
	}
	d.Sections = append(d.Sections, report.Section{Title: "What is expected", Blocks: []report.Block{
		judged("What the study expects", a.Expectations, len(a.Changed) > 0),
		report.Paragraph("A claim is confirmed if it holds with 99.9% confidence (one-sided). All plans share their random " +
			"numbers, so that the random variation they share cancels: a claim that compares two of them is judged by their " +
			"difference in the same runs, while the interval shown is that of its left side alone.")}})
	if c := a.Control; c != nil {
		text := "The same study with the mechanism switched off: " + c.Title + "."
		if len(c.Sets) > 0 {
			text += " (" + strings.Join(c.Sets, ", ") + ")"
		}
		blocks := []report.Block{report.Paragraph(text),
			judged("What the control must show", c.Expectations, len(a.Changed) > 0)}
		if slices.ContainsFunc(c.Expectations, func(j study.Judged) bool { return j.Word() == study.NotContradicted }) {
			blocks = append(blocks, report.Paragraph("The rule is the same. A claim is not contradicted where no run differs, "+
				"and there are too few of them to say that none would."))
		}
		d.Sections = append(d.Sections, report.Section{Title: "The control", Blocks: blocks})
	}
	if len(a.Table) > 0 && len(a.Table[0].Outcomes) > 0 {
		d.Sections = append(d.Sections, report.Section{Title: "Settings", Blocks: []report.Block{settings(a)}})
	}
	if p := from.Plan; p != nil {
		blocks := briefing.Own(p, "What this study's own file sets", from.File)
		d.Sections = append(d.Sections, report.Section{Title: "Assumptions",
			Blocks: append(blocks, briefing.Assumptions(asRun(p, a), " of the plan")...)})
	}
	d.Sections = append(d.Sections, briefing.LeftOut(), report.Section{Title: "How to reproduce it",
		Blocks: []report.Block{
			report.Code(from.Command),
			report.Facts{{Name: "Version", Value: from.Version}, {Name: "Seed", Value: strconv.FormatUint(a.Seed, 10)},
				{Name: "Runs of each plan", Value: strconv.Itoa(a.Replications)},
				{Name: "Plans", Value: strconv.Itoa(max(len(a.Table), from.Settings))}},
			report.Paragraph("The same command gives the same numbers to the last digit on any machine."),
		}})
	if l := from.Next; l != nil {
		d.Sections = append(d.Sections, report.Section{Title: "The next lesson", Blocks: []report.Block{
			report.Paragraph(stopped(l.Title) + " " + l.Question), report.Code("windfall lesson " + l.ID)}})
	}
	return d, nil
}

// asRun is a plan with the seed and the number of runs that the study took, which its own file or the command says.
func asRun(p *plan.Plan, a *study.Answer) *plan.Plan {
	run := *p
	run.Origins = maps.Clone(p.Origins)
	if run.Origins == nil {
		run.Origins = map[string]plan.Origin{}
	}
	run.Run.Seed, run.Run.Replications = float64(a.Seed), float64(a.Replications)
	for _, key := range []string{"run.seed", "run.replications"} {
		run.Origins[key] = plan.Origin{File: "this study"}
	}
	return &run
}

// heading is the name of a study with its title, without saying both of a lesson: "L01: low-hanging fruit" says what
// L01-low-hanging-fruit does.
func heading(name, title string) string {
	if id, _, _ := strings.Cut(name, "-"); strings.HasPrefix(title, id+": ") {
		return title
	}
	return name + ": " + title
}

// stopped ends a title with a stop, unless a question mark ends it.
func stopped(title string) string {
	if strings.HasSuffix(title, "?") || strings.HasSuffix(title, "!") {
		return title
	}
	return title + "."
}

func answerOr(a *study.Answer) string {
	if a.Sentence != "" {
		return a.Sentence
	}
	return pattern(a)
}

// pattern says what became of the pattern, and of the control.
func pattern(a *study.Answer) string { return "The pattern: " + study.VerdictOf(&a.Finding) + "." }

// numbers is the table of the numbers shown.
func numbers(a *study.Answer) report.Block {
	t := report.Table{Caption: "Numbers of the answer", Columns: []page.Column{{Name: "number"},
		{Name: "value", Numeric: true}, {Name: "95% interval", Numeric: true}}}
	seen := map[string]bool{}
	for _, x := range a.Shows {
		if seen[x.Title+x.Text(true)] { // a number that has two names in the file
			continue
		}
		seen[x.Title+x.Text(true)] = true
		text, interval := x.Text(false), cmp.Or(x.Interval(), "exact")
		t.Rows = append(t.Rows, []page.Cell{page.Words(x.Title), page.Num(text, x.Value.Value),
			page.Between(interval, x.Value.Low, x.Value.High)})
	}
	return t
}

// judged is the table of expectations. The verdict stands beside what is expected,
// where a narrow screen shows it; the claim, which is long, last.
func judged(caption string, list []study.Judged, own bool) report.Block {
	t := report.Table(page.Judged("expected", list, own).Table)
	t.Caption = caption
	last := len(t.Columns) - 1
	t.Columns = slices.Insert(t.Columns[:last:last], 1, t.Columns[last])
	t.Columns[3].Numeric = true // the interval is sorted by its lower end
	for i, row := range t.Rows {
		t.Rows[i] = slices.Insert(row[:last:last], 1, row[last])
	}
	return t
}

// settings is the table of outcomes of every setting.
func settings(a *study.Answer) report.Block {
	t := report.Table{Caption: "Outcomes of the settings", Columns: []page.Column{{Name: "setting"}},
		Find: len(a.Table) > 12}
	for _, o := range a.Table[0].Outcomes {
		t.Columns = append(t.Columns, page.Column{Name: o.Name, Numeric: true},
			page.Column{Name: o.Name, Note: "against plan", Numeric: true})
	}
	for _, r := range a.Table {
		row := []page.Cell{page.Words(r.Setting)}
		for _, o := range r.Outcomes {
			f := words.Measure{Name: o.Name}.Format()
			row = append(row, page.Num(with(f, o.Value), o.Value.Value))
			if o.Difference == nil {
				row = append(row, page.Words(""))
				continue
			}
			row = append(row, page.Num(with(f, *o.Difference), o.Difference.Value))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = []string{"± is half of the 95% interval; differences are paired."}
	return t
}

func with(f words.Format, e analysis.Estimate) string {
	value, reach := f.WithError(e.Value, e.HalfWidth())
	if half := e.HalfWidth(); !(half > 0) || math.IsInf(half, 0) {
		return value
	}
	return value + " ± " + reach
}

// formatOf is how numbers of an axis are written.
func formatOf(name string) words.Format {
	f, _ := words.MoneyNamed(name)
	return f
}

// chart is a picture of the study that can be touched.
func chart(d *study.Drawn, h gallery.Named, colors map[string]int) (report.Block, error) {
	v, err := report.Drawn(d.Name, h.Name, h.Drawing)
	if err != nil {
		return nil, err
	}
	p := d.Picture
	x, y := words.Axis(p.XTitle), words.Axis(p.YTitle)
	xs := report.Axis{Label: x.Text(x.Shares()), Format: formatOf(p.XTitle), Log: p.Log}
	if x.Shares() {
		xs.Format = words.Percent
	}
	values := report.Axis{Label: y.Text(p.Percent), Format: formatOf(p.YTitle)}
	if p.Percent {
		values.Format = words.Percent
	}
	v.X, v.Y = xs, values
	if p.Note != "" {
		v.Notes = append(v.Notes, words.Capital(p.Note)+".")
	}
	for i, s := range d.Series {
		color := report.Palette[max(colors[s.Title]-1, 0)%len(report.Palette)]
		switch p.Kind {
		case "bars":
			where := report.Where{Column: "bar", Is: []string{store.AsText("bar", s.Title)}}
			values.Zero = true
			v.X, v.Y = values, report.Axis{}
			if p.XTitle != "" {
				v.Y.Label = words.Capital(p.XTitle)
			}
			v.Marks = append(v.Marks,
				report.Mark{Kind: report.Rows, Name: s.Title, X: "value", Y: "name", Where: where, Color: color, Lane: i + 1,
					Lanes: len(d.Series)},
				report.Mark{Kind: report.Reach, Name: "95% interval", X: "low95", X2: "high95", Y: "name", Where: where,
					Color: report.Ink, Lane: i + 1, Lanes: len(d.Series)})
		default:
			x := "x"
			if p.Kind == "weeks" || p.Dates { // at each week's end, as the picture has them
				x, v.X = "date", report.Axis{Dates: true, Days: 7}
				if _, points, ok := strings.Cut(p.XTitle, "("); ok && i == 0 { // the axis of a page has no name
					v.Notes = append(v.Notes, "Each point: "+strings.TrimSuffix(points, ")")+".")
				}
			}
			where := report.Where{Column: "line", Is: []string{store.AsText("line", s.Title)}}
			v.Marks = append(v.Marks,
				report.Mark{Kind: report.Band, Name: "95% interval", X: x, Y: "low95", Y2: "high95", Where: where, Color: color,
					Toggle: true},
				report.Mark{Kind: report.Line, Name: s.Title, X: x, Y: "value", Where: where, Color: color,
					Toggle: len(d.Series) > 1, Dashed: picture.Line{Points: s.Points}.Computed()})
		}
	}
	return report.Chart{Title: d.Title, Views: []report.View{v}}, nil
}
