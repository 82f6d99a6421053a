// Package briefing writes what there is to say about a run, or about several
// side by side, as a document of package report.
//
// It computes nothing: numbers come from the summary and the blocks of the
// results folder, pictures from package gallery, values and their sources from
// the plan, what the model leaves out from the documentation. The first sentence
// (Answer) is the one that the terminal prints.
package briefing

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"windfall/docs"
	"windfall/model"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/result"
)

// MostRuns is how many runs fit side by side.
const MostRuns = 4

// Run is one run of a report.
type Run struct {
	Result *result.Result
	Plan   *model.Plan // nil if it is not known: then no assumptions are listed
}

// run is a run with what the document says of it.
type run struct {
	Run
	name     string // among the runs of the page
	summary  *analysis.Summary
	pictures map[string]plots.Drawing
}

// detail is how much a page shows. A page that would be too large is made again
// with the next detail.
type detail struct{ channels, weekly, outcomes int }

const all = math.MaxInt

var details = []detail{{24, all, all}, {12, all, all}, {6, all, all}, {6, 5, 12}, {3, 3, 8}, {0, 3, 8}, {0, 3, 3}, {0, 1, 1}}

// Write writes the report of one run, or of several side by side.
func Write(file string, runs ...Run) error {
	b := &briefing{}
	for _, r := range runs {
		one := &run{Run: r, pictures: map[string]plots.Drawing{}}
		var err error
		if one.summary, err = r.Result.Summary(); err != nil {
			return err
		}
		hung, err := gallery.Of(r.Result, r.Plan)
		if err != nil {
			return err
		}
		for _, h := range hung {
			one.pictures[h.Name] = h.Drawing
		}
		b.runs = append(b.runs, one)
	}
	b.name()
	var err error
	for _, b.detail = range details {
		var d *report.Document
		if d, err = b.document(); err != nil {
			return err
		}
		var large *report.TooLargeError
		if err = report.Write(file, d); !errors.As(err, &large) {
			return err
		}
	}
	return err
}

// briefing is a document in the making.
type briefing struct {
	runs   []*run
	detail detail
}

func (b *briefing) single() bool { return len(b.runs) == 1 }

// name gives the runs names that tell them apart: those of their scenarios, of
// their folders, or the folders in full.
func (b *briefing) name() {
	for _, of := range []func(*run) string{
		func(r *run) string { return r.summary.Scenario },
		func(r *run) string { return filepath.Base(r.Result.Dir) },
		func(r *run) string { return filepath.Clean(r.Result.Dir) },
	} {
		names := map[string]bool{}
		for _, r := range b.runs {
			r.name = of(r)
			names[r.name] = true
		}
		if len(names) == len(b.runs) {
			return
		}
	}
}

func (b *briefing) names() (names []string) {
	for _, r := range b.runs {
		names = append(names, r.name)
	}
	return names
}

// document puts the page together.
func (b *briefing) document() (*report.Document, error) {
	d := &report.Document{Banner: b.banner(), Question: b.question(), Foot: "Windfall " + b.versions()}
	var titles []string
	for _, r := range b.runs {
		title := r.name
		if b.single() && r.summary.Title != "" {
			title += ": " + r.summary.Title
		}
		titles = append(titles, title)
		answer := report.Answer{Text: Answer(r.summary)}
		if !b.single() {
			answer.Name = r.name
		}
		d.Answers = append(d.Answers, answer)
	}
	d.Title = strings.Join(titles, ", ")
	d.Lead = append(d.Lead, b.headlines())
	d.Lead = append(d.Lead, b.goals()...)
	d.Lead = append(d.Lead, b.warnings()...)

	pictures, err := b.pictures()
	if err != nil {
		return nil, err
	}
	d.Sections = append(d.Sections, report.Section{Title: "Pictures", Blocks: pictures}, report.Section{Title: "Slices", Blocks: b.slices()})
	if blocks := b.differences(); blocks != nil {
		d.Sections = append(d.Sections, report.Section{Title: "What differs", Blocks: blocks})
	}
	if blocks := b.assumptions(); blocks != nil {
		d.Sections = append(d.Sections, report.Section{Title: "Assumptions", Blocks: blocks})
	}
	d.Sections = append(d.Sections, LeftOut(), report.Section{Title: "How to reproduce it", Blocks: b.reproduce()})
	return d, nil
}

// LeftOut is the section on what the model leaves out, as the documentation has it.
func LeftOut() report.Section {
	points, thin := docs.LeftOut()
	for i, p := range points {
		points[i] = strings.Replace(p, ". ", ": ", 1) // a name and the rest
	}
	return report.Section{Title: "What the model leaves out", Blocks: []report.Block{report.List(points), report.Paragraph(thin)}}
}

func (b *briefing) question() string {
	first := b.runs[0]
	text := func(r *run) string {
		if r.Plan == nil {
			return ""
		}
		return r.Plan.Question
	}
	for _, r := range b.runs {
		if text(r) != text(first) || text(r) == "" && !b.single() {
			return "What can happen under " + list(b.names()) + "?"
		}
	}
	return Question(text(first), first.summary.Scenario)
}

// banner says what must be known before anything is read.
func (b *briefing) banner() string {
	var says []string
	for _, r := range b.runs {
		if u := r.Result.Unfinished; u != nil {
			name := "This run"
			if !b.single() {
				name = r.name
			}
			says = append(says, fmt.Sprintf("%s is not finished: the first %s of %s are shown.", name, counted(r.Result.Replications(), "replication"), whole(u.Wanted)))
		}
	}
	if w := b.mixed(); w != "" {
		says = append(says, w)
	}
	return strings.Join(says, " ")
}

// Mixed says that runs of different versions stand side by side; it is empty if
// they do not.
func Mixed(runs ...Run) string {
	b := &briefing{}
	for _, r := range runs {
		b.runs = append(b.runs, &run{Run: r, summary: &analysis.Summary{Run: analysis.Run{Scenario: r.Result.Manifest.Scenario}}})
	}
	b.name()
	return b.mixed()
}

func (b *briefing) mixed() string {
	var parts []string
	for _, r := range b.runs {
		parts = append(parts, r.name+" by "+r.Result.Manifest.Version)
	}
	if strings.Count(b.versions(), ",") == 0 {
		return ""
	}
	return "These runs were made by different versions of Windfall (" + strings.Join(parts, ", ") + "): what differs may come from the program."
}

func (b *briefing) versions() string {
	var versions []string
	for _, r := range b.runs {
		if v := r.Result.Manifest.Version; !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	return strings.Join(versions, ", ")
}

// measure is how an outcome or column is spoken of.
func measure(name, unit string) plots.Measure { return plots.Measure{Name: name, Unit: unit} }

// headlines is the table of headline outcomes with their intervals.
func (b *briefing) headlines() report.Block {
	if !b.single() {
		return b.headlinesSideBySide()
	}
	s := b.runs[0].summary
	t := report.Table{Caption: "Headline numbers", Columns: []report.Column{{Name: "Outcome"}, {Name: "Unit"},
		{Name: "Mean", Numeric: true}, {Name: "± 95%", Numeric: true}, {Name: "95% interval", Note: "of the mean", Numeric: true},
		{Name: "5%", Note: "of futures", Numeric: true}, {Name: "50%", Note: "of futures", Numeric: true}, {Name: "95%", Note: "of futures", Numeric: true}}}
	row := func(name report.Cell, unit string, f plots.Format, e analysis.Estimate, q analysis.Quantiles, chance bool) {
		mean, reach := f.WithError(e.Value, e.HalfWidth())
		around := report.Num(reach, e.HalfWidth())
		if chance { // Wilson's interval does not lie evenly around the mean
			around = report.Words("")
		}
		cells := []report.Cell{name, report.Words(unit), report.Num(mean, e.Value), around, between(f, e)}
		values := []float64{q.P5.Value, q.P50.Value, q.P95.Value}
		for i, text := range f.Alike(values...) {
			cells = append(cells, report.Num(text, values[i]))
		}
		t.Rows = append(t.Rows, cells)
	}
	ratios := false
	for _, o := range s.Table() {
		m := measure(o.Name, o.Unit)
		name := report.Words(m.Called())
		name.Sub = o.Name
		if o.Statistic == ratioOfTotals {
			name.Text, ratios = name.Text+" *", true
		}
		if o.MissingShare > 0 {
			name.Sub += ", missing in " + plots.Percent.Text(o.MissingShare)
		}
		row(name, o.Unit, m.NumberFormat(), o.Estimate, o.Quantiles, o.Statistic == chance)
		if v := o.Survivors; v != nil {
			in := report.Words(m.Called() + ", in business")
			in.Sub = o.Name + " of those that stay in business"
			row(in, o.Unit, m.NumberFormat(), v.Estimate, v.Quantiles, false)
		}
	}
	t.Notes = b.headNotes(ratios)
	t.Notes = append(t.Notes, "The columns of futures say how different single replications are.")
	return t
}

// The statistics that the summary gives of a ratio and of a chance.
const (
	ratioOfTotals = "ratio of totals"
	chance        = "chance"
)

func (b *briefing) headNotes(ratios bool) []string {
	lengths := map[int]bool{}
	for _, r := range b.runs {
		lengths[r.summary.Replications] = true
	}
	of := counted(b.runs[0].summary.Replications, "replication")
	if len(lengths) > 1 {
		of = "the replications"
	}
	notes := []string{"The 95% interval of the mean is what luck in " + of + " leaves open; it says nothing about how good the assumptions are."}
	if ratios {
		notes = append(notes, "* Ratio of totals over all replications, jackknife error; the quantiles are those of single replications.")
	}
	return notes
}

func (b *briefing) headlinesSideBySide() report.Block {
	t := report.Table{Caption: "Headline numbers", Columns: []report.Column{{Name: "Outcome"}, {Name: "Unit"}}}
	for _, r := range b.runs {
		t.Columns = append(t.Columns, report.Column{Name: r.name, Note: "mean, 95% interval", Numeric: true})
	}
	ratios := false
	for _, o := range b.runs[0].summary.Table() {
		m := measure(o.Name, o.Unit)
		name := report.Words(m.Called())
		name.Sub = o.Name
		if o.Statistic == ratioOfTotals {
			name.Text, ratios = name.Text+" *", true
		}
		row := []report.Cell{name, report.Words(o.Unit)}
		for _, r := range b.runs {
			e := analysis.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
			if o := r.summary.Outcome(o.Name); o != nil {
				e = o.Estimate
			}
			row = append(row, withInterval(m.NumberFormat(), e))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = append(b.headNotes(ratios), b.pairing())
	return t
}

// pairing says how far the runs can be compared.
func (b *briefing) pairing() string {
	first := b.runs[0].summary
	for _, r := range b.runs {
		s := r.summary
		if s.Seed != first.Seed || s.Replications != first.Replications || s.Start != first.Start {
			return "The runs have unlike seeds, numbers of replications or first days, so part of what differs is luck."
		}
	}
	return "The runs share their seed and their luck, so differences between them are surer than the intervals say; compare them replication by replication."
}

// withInterval is a cell of a mean with its interval under it.
func withInterval(f plots.Format, e analysis.Estimate) report.Cell {
	mean, _ := f.WithError(e.Value, e.HalfWidth())
	c := report.Num(mean, e.Value)
	if in := between(f, e); in.Text != unknown {
		c.Sub, c.Low, c.High = in.Text, in.Low, in.High
	}
	return c
}

// unknown stands where there is no number.
const unknown = "–"

// between is a cell of the interval of an estimate.
func between(f plots.Format, e analysis.Estimate) report.Cell {
	end := func(x float64, text string) string {
		if math.IsNaN(x) {
			return "open"
		}
		return text
	}
	if math.IsNaN(e.Low) && math.IsNaN(e.High) {
		return report.Words(unknown)
	}
	texts := f.Alike(e.Low, e.High)
	return report.Between(end(e.Low, texts[0])+" to "+end(e.High, texts[1]), e.Low, e.High)
}

// goals is the table of goals, met or missed.
func (b *briefing) goals() []report.Block {
	t := report.Table{Caption: "Goals", Columns: []report.Column{{Name: "Goal"}, {Name: "Expected"}, {Name: "Verdict"}, {Name: "Seen", Numeric: true}, {Name: "95% interval", Numeric: true}}}
	if !b.single() {
		t.Columns = slices.Insert(t.Columns, 1, report.Column{Name: "Run"})
	}
	for _, r := range b.runs {
		for _, g := range r.summary.Goals {
			f := GoalFormat(g.Expect, r.Result.Schema.Outcomes)
			verdict := report.Words(string(g.Verdict))
			verdict.Tone = map[analysis.Verdict]report.Tone{analysis.Met: report.Good, analysis.Missed: report.Bad}[g.Verdict]
			if g.Verdict == analysis.Undecided {
				verdict.Tone = report.Unsure
				verdict.Sub = "more replications would decide"
			}
			row := []report.Cell{report.Words(g.Name), report.Words(g.Expect), verdict, report.Num(f.Text(g.Estimate.Value), g.Estimate.Value), between(f, g.Estimate)}
			if !b.single() {
				row = slices.Insert(row, 1, report.Words(r.name))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []report.Block{t}
}

// GoalFormat is how numbers of a goal's metric are written.
func GoalFormat(expect string, columns []model.Column) plots.Format {
	g, err := analysis.ParseGoal(expect, columns)
	if err != nil || g.Metric.When != nil {
		return plots.Percent
	}
	for _, c := range columns {
		if c.Name == g.Metric.Outcome {
			return measure(c.Name, c.Unit).NumberFormat()
		}
	}
	return plots.Plain
}

func (b *briefing) warnings() (out []report.Block) {
	for _, r := range b.runs {
		for _, w := range r.summary.Warnings {
			if !b.single() {
				w = r.name + ": " + w
			}
			out = append(out, report.Notice{Tone: report.Unsure, Text: "Warning: " + w})
		}
	}
	return out
}

// dimensions are the slices in their order, with what a row is.
var dimensions = []struct{ name, title string }{
	{"channel", "By channel"}, {"size", "By size of firm"}, {"industry", "By industry"}, {"region", "By region"}, {"product", "By product"}, {"team", "By team"},
}

// slices are tables of leads, customers and their cost and value by slice.
func (b *briefing) slices() (out []report.Block) {
	for _, d := range dimensions {
		t := report.Table{Caption: d.title, Columns: []report.Column{{Name: strings.ToUpper(d.name[:1]) + d.name[1:]}}}
		if !b.single() {
			t.Columns = append(t.Columns, report.Column{Name: "Run"})
		}
		head := len(t.Columns)
		for _, r := range b.runs {
			last := ""
			for _, l := range r.summary.Slices {
				if l.Dimension != d.name && l.Dimension != "company" {
					continue
				}
				m := measure(l.Column, l.Unit)
				if !slices.ContainsFunc(t.Columns[head:], func(c report.Column) bool { return c.Name == m.Called() }) {
					t.Columns = append(t.Columns, report.Column{Name: m.Called(), Note: l.Unit, Numeric: true})
				}
				if l.Dimension == "company" {
					continue
				}
				if l.Name != last {
					row := []report.Cell{report.Words(l.Name)}
					if !b.single() {
						row = append(row, report.Words(r.name))
					}
					t.Rows = append(t.Rows, row)
					last = l.Name
				}
				at := len(t.Rows) - 1
				t.Rows[at] = append(t.Rows[at], sliceCell(m.NumberFormat(), l.Estimate))
			}
		}
		t.Rows = slices.DeleteFunc(t.Rows, func(row []report.Cell) bool { return len(row) != len(t.Columns) })
		var order []string // rows of one slice stand together
		for _, row := range t.Rows {
			order = append(order, row[0].Text)
		}
		slices.SortStableFunc(t.Rows, func(a, b []report.Cell) int {
			return slices.Index(order, a[0].Text) - slices.Index(order, b[0].Text)
		})
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return []report.Block{report.Paragraph("This run has no slices.")}
	}
	return append([]report.Block{report.Paragraph("Means over replications, and for costs and values ratios of totals; under each half of its 95% interval. A customer belongs to the channel of the last touch.")}, out...)
}

// sliceCell is a number with its error under it; what a slice does not have is
// missing.
func sliceCell(f plots.Format, e analysis.Estimate) report.Cell {
	if math.IsNaN(e.Value) {
		return report.Num(unknown, e.Value)
	}
	text, reach := f.WithError(e.Value, e.HalfWidth())
	c := report.Num(text, e.Value)
	if !math.IsNaN(e.HalfWidth()) {
		c.Sub = "± " + reach
	}
	return c
}

// differences lists the keys in which plans differ.
func (b *briefing) differences() []report.Block {
	if b.single() {
		return nil
	}
	t := report.Table{Caption: "Keys that differ from " + b.runs[0].name, Columns: []report.Column{{Name: "Key"}}, Find: true}
	values := map[string][]string{}
	var keys []string
	for i, r := range b.runs {
		t.Columns = append(t.Columns, report.Column{Name: r.name})
		if r.Plan == nil || b.runs[0].Plan == nil {
			continue
		}
		for _, d := range scenarios.Diff(b.runs[0].Plan, r.Plan) {
			if values[d.Key] == nil {
				keys = append(keys, d.Key)
				values[d.Key] = slices.Repeat([]string{orUnknown(d.A)}, len(b.runs))
			}
			values[d.Key][i] = orUnknown(d.B)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		row := []report.Cell{report.Words(k)}
		for _, v := range values[k] {
			row = append(row, report.Words(v))
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return []report.Block{report.Paragraph("The plans have the same values in every key.")}
	}
	return []report.Block{t}
}

func orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return text
}

// assumptions lists the values of the plan, or of the first that is known.
func (b *briefing) assumptions() []report.Block {
	at := slices.IndexFunc(b.runs, func(r *run) bool { return r.Plan != nil })
	if at < 0 {
		return nil
	}
	r := b.runs[at]
	of := ""
	if !b.single() {
		of = " of " + r.name + ", from which the others differ as listed above"
	}
	return Assumptions(r.Plan, of, b.variance(r)...)
}

// assumptionColumns are the columns of a table of values with their sources.
var assumptionColumns = []report.Column{{Name: "Key"}, {Name: "Value"}, {Name: "Unit"}, {Name: "Source"}, {Name: "Set in"}, {Name: "Meaning"}}

// assumptionRow is a value with its source.
func assumptionRow(a scenarios.Assumption) []report.Cell {
	source := a.Source
	if a.Place == "" {
		source = "default"
	}
	return []report.Cell{report.Words(a.Key), report.Words(a.Value), report.Words(a.Unit), report.Words(source), report.Words(a.Place), report.Words(a.Meaning)}
}

// Own is the table of the values that a plan's own file sets, and --set; those of
// the files that it extends are left out. Nil if there are none. File is as the
// plan names it.
func Own(p *model.Plan, caption, file string) []report.Block {
	t := report.Table{Caption: caption, Columns: assumptionColumns}
	for _, a := range scenarios.Assumptions(p) {
		if a.SetIn(file) {
			t.Rows = append(t.Rows, assumptionRow(a))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Find = len(t.Rows) > 20
	return []report.Block{t}
}

// Assumptions lists the values of a plan with their sources, and the facts that
// these name. Of says whose they are, if that is not plain; spread stands under
// the uncertain values.
func Assumptions(p *model.Plan, of string, spread ...report.Block) []report.Block {
	drawn := report.Table{Caption: "Uncertain values: drawn anew in each replication", Columns: assumptionColumns}
	every := report.Table{Caption: "Every value", Columns: assumptionColumns, Find: true}
	var sources []string
	cited, assumed := 0, 0
	for _, a := range scenarios.Assumptions(p) {
		switch {
		case a.Place == "", a.Source == "":
		case strings.Contains(a.Source, "assumption"):
			assumed++
		default:
			cited++
		}
		sources = append(sources, a.Source)
		row := assumptionRow(a)
		every.Rows = append(every.Rows, row)
		if a.Uncertain {
			drawn.Rows = append(drawn.Rows, row)
		}
	}
	facts := report.Table{Caption: "The evidence that the sources name", Find: true, Columns: []report.Column{{Name: "Row"}, {Name: "Quantity"}, {Name: "Value"}, {Name: "Where it comes from"}}}
	for _, f := range docs.Facts(sources) {
		facts.Rows = append(facts.Rows, []report.Cell{report.Words(f.ID), report.Words(f.Quantity), report.Words(f.Value), report.Words(f.Source)})
	}
	out := []report.Block{report.Paragraph(fmt.Sprintf("%s%s: %s cite evidence or its calibration, %s are called assumptions, the rest are choices of the plan and defaults.",
		counted(len(every.Rows), "value"), of, whole(cited), whole(assumed)))}
	if len(drawn.Rows) > 0 {
		out = append(out, drawn)
		out = append(out, spread...)
	} else {
		out = append(out, report.Paragraph("No value is uncertain: futures differ by luck alone."))
	}
	out = append(out, report.Fold{Title: "Every value with its source", Blocks: []report.Block{every}})
	if len(facts.Rows) > 0 {
		out = append(out, report.Fold{Title: "Sources", Blocks: []report.Block{facts}})
	}
	return out
}

// variance says how much of the spread comes from the uncertain values.
func (b *briefing) variance(r *run) []report.Block {
	v := r.summary.Variance
	if v == nil || len(v.Shares) == 0 {
		return nil
	}
	t := report.Table{Caption: "How much of the spread the uncertain values explain; the rest is luck",
		Columns: []report.Column{{Name: "Outcome"}, {Name: "Share of the variance", Numeric: true}, {Name: "95% interval", Numeric: true}}, Notes: []string{v.Method + "."}}
	for _, s := range v.Shares {
		o := r.summary.Outcome(s.Outcome)
		t.Rows = append(t.Rows, []report.Cell{report.Words(measure(s.Outcome, o.Unit).Called()), report.Num(plots.Percent.Text(s.Inputs.Value), s.Inputs.Value), between(plots.Percent, s.Inputs)})
	}
	return []report.Block{t}
}

// reproduce says how to get the same numbers again.
func (b *briefing) reproduce() (out []report.Block) {
	for _, r := range b.runs {
		m := r.Result.Manifest
		if !b.single() {
			out = append(out, report.Paragraph(r.name+":"))
		}
		out = append(out, report.Code(m.CommandLine()), report.Facts{
			{Name: "Version", Value: "Windfall " + m.Version},
			{Name: "Seed", Value: fmt.Sprint(m.Seed)},
			{Name: "Digest of the plan", Value: m.Digest, Mono: true},
			{Name: "Replications", Value: whole(m.Replications)},
			{Name: "Calendar", Value: fmt.Sprintf("%s from %s", counted(m.Weeks, "week"), m.Start)},
			{Name: "Finished", Value: orUnknown(m.Finished)},
		})
		if u := r.Result.Unfinished; u != nil {
			out = append(out, report.Paragraph("The run goes on with:"), report.Code(u.Again))
		}
		if r.Plan != nil {
			file := r.summary.Scenario + ".toml"
			if !b.single() {
				file = strings.ReplaceAll(filepath.ToSlash(r.name), "/", "-") + ".toml"
			}
			out = append(out, report.File{Name: file, About: "the plan with every value; windfall run " + file + " gives the same numbers.", Data: []byte(scenarios.Resolved(r.Plan))})
		}
	}
	return append(out, report.Paragraph("The same plan, seed, number of replications and version give the same bytes on every machine."))
}

func whole(n int) string { return plots.Count.Texts([]float64{float64(n)}, 1)[0] }

// list joins words with commas and a last and.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
