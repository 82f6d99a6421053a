// Package briefing writes what there is to say about a run, or about several
// side by side, as a document of package report.
//
// It computes nothing: numbers come from the summary and the blocks of the
// results folder, pictures from package gallery, values and their sources from
// the plan, what the model leaves out from the documentation. The first sentence
// (page.RunLines) is the one that the terminal prints.
package briefing

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"windfall/docs"
	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
)

// MostRuns is how many runs fit side by side.
const MostRuns = 4

// Run is one run of a report.
type Run struct {
	Result   *result.Result
	Plan     *plan.Plan      // nil if it is not known: then no assumptions are listed
	Pictures []gallery.Named // of gallery.Of; nil: they are made
}

// tail is how many weeks lifetime_margin counts after the run; 0: that is not known.
func (r Run) tail() int {
	if r.Plan == nil {
		return 0
	}
	return plan.TailWeeks(r.Plan)
}

// warnings are those of the numbers, and of what the plan does too late for its run.
func (r Run) warnings(s *analysis.Summary) []string {
	if r.Plan == nil {
		return s.Warnings
	}
	key := func(part, value string) string { return "run." + part + " = " + value }
	return slices.Concat(s.Warnings, page.LateMoves([]*plan.Plan{r.Plan}, key))
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

var details = []detail{{24, all, all}, {12, all, all}, {6, all, all}, {6, 5, 12}, {3, 3, 8}, {0, 3, 8}, {0, 3, 3},
	{0, 1, 1}}

// Write writes the report of one run, or of several side by side, which count in one currency.
func Write(file string, runs ...Run) error {
	for _, r := range runs {
		if mine, first := r.Result.Schema.Currency(), runs[0].Result.Schema.Currency(); mine != first {
			return fmt.Errorf("%s counts in %s and %s in %s: nothing is converted, so they do not go on one page",
				runs[0].Result.Dir, first, r.Result.Dir, mine)
		}
	}
	b := &briefing{}
	for _, r := range runs {
		one := &run{Run: r, pictures: map[string]plots.Drawing{}}
		var err error
		if one.summary, err = r.Result.Summary(); err != nil {
			return err
		}
		if r.Pictures == nil {
			if r.Pictures, err = gallery.Of(r.Result, r.Plan); err != nil {
				return err
			}
		}
		for _, h := range r.Pictures {
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

// currency is the code of that in which all runs count.
func (b *briefing) currency() string { return b.runs[0].Result.Schema.Currency() }

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
		said := page.RunLines(r.summary, page.Commands{Scenario: r.summary.Scenario, Folder: store.ShellLine([]string{
			r.Result.Dir})})
		if !b.single() {
			d.Answers = append(d.Answers, report.Answer{Name: r.name, Text: said.Finding})
			continue
		}
		for _, text := range []string{said.Finding, said.Do, said.Sure} {
			d.Answers = append(d.Answers, report.Answer{Text: text})
		}
	}
	d.Title = strings.Join(titles, ", ")
	pictures, err := b.pictures()
	if err != nil {
		return nil, err
	}
	if len(pictures) > 0 { // one picture stands under the answer
		d.Lead, pictures = append(d.Lead, pictures[0]), pictures[1:]
	}
	if b.single() {
		for _, s := range page.Held(b.runs[0].summary, b.runs[0].tail()) {
			s = s.Labelled()
			d.Lead = append(d.Lead, report.Table(s.Table))
		}
	}
	d.Lead = append(d.Lead, b.headlines())
	d.Lead = append(d.Lead, b.goals()...)
	d.Lead = append(d.Lead, b.warnings()...)

	if len(pictures) > 0 {
		d.Sections = append(d.Sections, report.Section{Title: "More pictures", Blocks: pictures})
	}
	d.Sections = append(d.Sections, report.Section{Title: "Slices", Blocks: b.slices()})
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
		points[i] = strings.Replace(report.Plain(p), ". ", ": ", 1) // a name and the rest
	}
	blocks := []report.Block{report.List(points), report.Paragraph(report.Plain(thin)),
		report.Paragraph("These are the words of section 4 of docs/model.md, and the sections that they name are its own. " +
			"Letters with a number, such as B12, are rows of docs/facts.md.")}
	if rows := evidence("The evidence that these words name", append(points, thin)); rows != nil {
		blocks = append(blocks, report.Fold{Title: "The rows of docs/facts.md", Blocks: []report.Block{*rows}})
	}
	return report.Section{Title: "What the model leaves out", Blocks: blocks}
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
			return "What can happen under " + words.List(b.names()) + "?"
		}
	}
	return Question(text(first), first.summary.Scenario)
}

// banner says what must be known before anything is read.
func (b *briefing) banner() string {
	var says []string
	for _, r := range b.runs {
		if u := r.Result.Unfinished; u != nil {
			name := "This report"
			if !b.single() {
				name = r.name
			}
			says = append(says, fmt.Sprintf("%s is not finished: the first %s of %s are shown.", name,
				words.Counted(r.Result.Replications(), "run"), words.Thousands(u.Wanted)))
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
		b.runs = append(b.runs, &run{Run: r,
			summary: &analysis.Summary{Run: analysis.Run{Scenario: r.Result.Manifest.Scenario}}})
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
	return "These runs were made by different versions of Windfall (" + strings.Join(parts, ", ") +
		"): what differs may come from the program."
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
func measure(name, unit string) words.Measure {
	return words.Measure{Name: name, Unit: unit}
}

// The statistics that the summary gives of a ratio and of a chance.
const (
	ratioOfTotals = page.RatioOfTotals
	chance        = "chance"
)

// unknown stands where there is no number.
const unknown = "–"

func (b *briefing) warnings() (out []report.Block) {
	for _, r := range b.runs {
		for _, w := range r.warnings(r.summary) {
			if !b.single() {
				w = r.name + ": " + w
			}
			out = append(out, report.Notice{Tone: page.Unsure, Text: "Warning: " + w})
		}
	}
	return out
}

// dimensions are the slices in their order, with what a row is.
var dimensions = []struct{ name, title string }{
	{"channel", "By channel"}, {"size", "By size of firm"}, {"industry", "By industry"}, {"region", "By region"},
	{"product", "By product"}, {"team", "By team"},
}

func orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return text
}

// assumptionColumns are the columns of a table of values with their sources.
var assumptionColumns = []page.Column{{Name: "Key"}, {Name: "Value"}, {Name: "Unit"}, {Name: "Source"},
	{Name: "Set in"}, {Name: "Meaning"}}

// mostPlans is the size of all plans that a page carries: tables of draws may be larger than a page.
const mostPlans = report.MostBytes / 3

// reproduce says how to get the same numbers again.
func (b *briefing) reproduce() (out []report.Block) {
	carried := 0
	for _, r := range b.runs {
		m := r.Result.Manifest
		if !b.single() {
			out = append(out, report.Paragraph(r.name+":"))
		}
		out = append(out, report.Code(m.CommandLine()), report.Facts{
			{Name: "Version", Value: "Windfall " + m.Version},
			{Name: "Seed", Value: fmt.Sprint(m.Seed)},
			{Name: "Digest of the plan", Value: m.Digest, Mono: true},
			{Name: "Replications", Value: words.Thousands(m.Replications)},
			{Name: "Calendar", Value: fmt.Sprintf("%s from %s", words.Counted(m.Weeks, "week"), m.Start)},
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
			text := scenarios.Resolved(r.Plan)
			if carried += len(text); carried > mostPlans {
				out = append(out, report.Paragraph("The plan with every value is too large for this page: it is scenario.toml in "+
					"the folder of the run, with its tables of draws."))
				continue
			}
			out = append(out, report.File{Name: file, About: "the plan with every value; windfall run " + file +
				" gives the same numbers.", Data: []byte(text)})
		}
	}
	return append(out, report.Paragraph("The same plan, seed, number of runs and version give the same bytes "+
		"on every machine."))
}
