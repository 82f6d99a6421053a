package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"windfall/model/expected"
	"windfall/model/plan"
	"windfall/plots/briefing"
	"windfall/plots/gallery"
	"windfall/plots/words"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
)

// ratioOfTotals is the statistic that the summary gives of a ratio.
const ratioOfTotals = "ratio of totals"

// teller tells what a run is and what it showed, on standard output.
type teller struct {
	command  string
	out      io.Writer
	warn     func([]string)
	flags    *reportFlags
	color    bool
	expected map[string]float64 // outcomes of the mean-field funnel, if it was asked for
	tail     int                // weeks that lifetime_margin counts after the run; 0: not known here
}

func (p *program) teller(command string, flags *reportFlags) *teller {
	return &teller{command: command, out: p.stdout, warn: p.warn, flags: flags, color: p.colors}
}

// talks tells whether tables are wanted.
func (t *teller) talks() bool { return !t.flags.json && !t.flags.quiet }

func (t *teller) print(format string, args ...any) { fmt.Fprintf(t.out, format, args...) }

// begin tells what is going to be run.
func (t *teller) begin(d *sim.Design) {
	if !t.talks() {
		return
	}
	p := d.Settings[0].Plan
	t.title(p.Name, p.Title, p.Question)
	run := p.Run
	length, extra := words.Counted(int(run.Replications), "replication"), ""
	if d.Precision.Metric != "" {
		length, extra = "Replications until "+d.Precision.String()+",",
			fmt.Sprintf(", at least %s and at most %s", words.Thousands(d.Least()), words.Thousands(d.AtMost()))
	}
	if d.Shard != nil {
		extra = fmt.Sprintf(", shard %s", d.Shard)
	}
	t.print("%s of %s from %s, seed %d%s, %s\n", length, words.Counted(int(run.Weeks), "week"), run.Start, d.Seed, extra,
		words.Counted(d.Workers, "worker"))
	t.print("\n")
	t.tail = plan.TailWeeks(p)
}

// title names scenario and question.
func (t *teller) title(name, title, question string) {
	if title != "" {
		name += ": " + title
	}
	t.print("%s\n", t.paint(oneLine(name), text.Bold))
	if question != "" {
		t.print("%s\n", oneLine(question))
	}
	t.print("\n")
}

// outline is what --json prints. New fields may come; those that are here stay.
type outline struct {
	Format       int               `json:"format"`
	Command      string            `json:"command"`
	Folder       string            `json:"folder"`
	Complete     bool              `json:"complete"`
	Shard        *store.Shard      `json:"shard"`
	Replications int               `json:"replications"`
	Pictures     []string          `json:"pictures"`
	Answer       string            `json:"answer,omitempty"` // in one sentence
	Report       string            `json:"report,omitempty"` // the HTML file, if one was written
	Expected     []analysis.Beside `json:"expected,omitempty"`
	Summary      *analysis.Summary `json:"summary"`
}

// outlineFormat is the version of the layout that --json prints.
const outlineFormat = 1

// printJSON writes a value for other programs.
func printJSON(out io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}

// partial tells what there is of an interrupted run.
func (t *teller) partial(i *sim.Interrupted) {
	switch {
	case t.flags.json:
		_ = printJSON(t.out, outline{Format: outlineFormat, Command: t.command, Folder: i.Out, Replications: i.Done,
			Pictures: []string{}})
	case t.flags.quiet:
		t.print("%s\n", i.Out)
	default:
		t.print("Partial results: %s of %s are kept in %s.\n", words.Thousands(i.Done),
			words.Counted(i.Total, "replication"), i.Out)
	}
}

// whole tells where the results of a run are that was interrupted at its end.
func (t *teller) whole(r *result.Result) {
	switch {
	case t.flags.json:
		_ = printJSON(t.out, outline{Format: outlineFormat, Command: t.command, Folder: r.Dir, Complete: true,
			Shard: r.Manifest.Shard, Replications: r.Replications(), Pictures: []string{}})
	case t.flags.quiet:
		t.print("%s\n", r.Dir)
	default:
		t.print("Complete results: all %s are in %s.\n", words.Counted(r.Replications(), "replication"), r.Dir)
	}
}

// shard tells where a part of a run is.
func (t *teller) shard(r *result.Result) error {
	s := r.Manifest.Shard
	switch {
	case t.flags.json:
		return printJSON(t.out, outline{Format: outlineFormat, Command: t.command, Folder: r.Dir, Complete: true, Shard: s,
			Replications: r.Replications(), Pictures: []string{}})
	case t.flags.quiet:
		t.print("%s\n", r.Dir)
	default:
		t.print("Shard %s of %s is in %s.\n", s, words.Counted(r.Replications(), "replication"), r.Dir)
		t.print("next: windfall merge DIR... --out WHOLE, with the folders of all %s\n", words.Counted(s.Count, "shard"))
	}
	return nil
}

// answer tells what a run showed. For other programs everything is in one document,
// which comes with the files.
func (t *teller) answer(r *result.Result, s *analysis.Summary) {
	t.warn(s.Warnings)
	if !t.talks() {
		return
	}
	t.print("%s\n\n", t.paint(briefing.Answer(s), text.Bold))
	t.outcomes(s)
	t.ruin(s)
	t.besideTable(s)
	t.goals(s, r.Schema.Outcomes)
}

// files tells which files there are: the pictures that were drawn, the number of
// those that were not, and the report, if there is one.
func (t *teller) files(r *result.Result, s *analysis.Summary, pictures []string, others int, page string) error {
	switch {
	case t.flags.json:
		return printJSON(t.out, outline{Format: outlineFormat, Command: t.command, Folder: r.Dir, Complete: true,
			Replications: s.Replications, Expected: s.Beside(t.expected), Summary: s,
			Answer: briefing.Answer(s), Report: page, Pictures: picturesIn(r.Dir, pictures)})
	case t.flags.quiet:
		t.print("%s\n", r.Dir)
		return nil
	}
	t.print("Results in %s: summary.json, tables (%s)", r.Dir, r.Manifest.TableFormat)
	if len(pictures) > 0 {
		t.print(", %s in %s", words.Counted(len(pictures), "picture"), filepath.Join(r.Dir, gallery.Folder))
		if others > 0 {
			t.print(" (%d more: windfall report %s --pictures all)", others, shellLine([]string{r.Dir}))
		}
	}
	t.print("\n")
	if page != "" {
		t.print("Report: %s\n", page)
	}
	return nil
}

// picturesIn are the files of pictures in a results folder.
func picturesIn(dir string, names []string) []string {
	files := []string{}
	for _, name := range names {
		files = append(files, filepath.Join(dir, gallery.Folder, name+".svg"))
	}
	return files
}

// outcomes prints the table of headline outcomes.
func (t *teller) outcomes(s *analysis.Summary) {
	rows := s.Table()
	missing := slices.ContainsFunc(rows, func(o *analysis.Outcome) bool { return o.MissingShare+o.NeverShare > 0 })
	head := table.Row{"outcome", "unit", "mean", "± 95%", "5%", "50%", "95%"}
	if missing {
		head = append(head, "no number")
	}
	w := t.table(head, 3, 4, 5, 6, 7, 8)
	ratios := false
	for _, o := range rows {
		if o.Name == "out_of_business" {
			continue // a line of its own, with the horizon
		}
		f := words.FormatOf(o.Name, o.Unit)
		name := o.Name
		if o.Statistic == ratioOfTotals {
			name, ratios = name+" *", true
		}
		row := append(table.Row{name, o.Unit}, spread(f, o.Estimate, o.Quantiles)...)
		if missing {
			row = append(row, withoutNumber(o))
		}
		w.AppendRow(row)
		if v := o.Survivors; v != nil {
			w.AppendRow(append(table.Row{"  in business", o.Unit}, spread(f, v.Estimate, v.Quantiles)...))
		}
	}
	t.print("%s\n", w.Render())
	for _, o := range rows {
		if r := o.Estimate.Reason; r != "" {
			t.print("%s has no number: %s.\n", o.Name, r)
		}
	}
	if i := slices.IndexFunc(rows, func(o *analysis.Outcome) bool { return o.Estimate.Needs > 0 }); i >= 0 {
		t.print("–: no interval for %s; %s.\n", rows[i].Name, rows[i].Estimate.Short())
	}
	t.print("± is half of the 95%% interval of the mean: what luck in %s leaves open.\n",
		words.Counted(s.Replications, "replication"))
	if ratios {
		t.print("* ratio of totals over all replications, jackknife error; the quantiles are those of single replications.\n")
	}
	t.print("%s\n\n", tailNote(t.tail))
}

// spread writes a headline with its error, and three quantiles.
func spread(f words.Format, e analysis.Estimate, q analysis.Quantiles) table.Row {
	mean, reach := f.WithError(e.Value, e.HalfWidth())
	row := table.Row{mean, reach}
	for _, text := range f.Alike(q.P5.Value, q.P50.Value, q.P95.Value) {
		row = append(row, text)
	}
	return row
}

// withoutNumber tells in how many replications an outcome is missing or never.
func withoutNumber(o *analysis.Outcome) string {
	var parts []string
	if o.MissingShare > 0 {
		parts = append(parts, words.Percent.Text(o.MissingShare)+" missing")
	}
	if o.NeverShare > 0 {
		parts = append(parts, words.Percent.Text(o.NeverShare)+" never")
	}
	return strings.Join(parts, ", ")
}

// ruin prints the chance to go out of business.
func (t *teller) ruin(s *analysis.Summary) {
	if s.Ruin == nil {
		return
	}
	c := s.Ruin.Chance
	t.print("Out of business within %s: %s (95%% interval %s to %s; %s of %s)\n\n",
		words.Counted(s.Ruin.HorizonWeeks, "week"),
		words.Percent.Text(c.Value), words.Percent.Text(c.Low), words.Percent.Text(c.High),
		words.Thousands(s.Ruin.Replications),
		words.Counted(c.N, "replication"))
}

// goals prints what became of the goals.
func (t *teller) goals(s *analysis.Summary, columns []plan.Column) {
	if len(s.Goals) == 0 {
		return
	}
	w := t.table(table.Row{"goal", "expected", "seen", "95% interval", "verdict"}, 3)
	for _, g := range s.Goals {
		f := briefing.GoalFormat(g.Expect, columns)
		sign, color := "?", text.FgYellow
		switch g.Verdict {
		case analysis.Met:
			sign, color = "✓", text.FgGreen
		case analysis.Missed:
			sign, color = "✗", text.FgRed
		}
		w.AppendRow(table.Row{g.Name, g.Expect, f.Text(g.Estimate.Value), words.Between(f, g.Estimate),
			t.paint(sign+" "+string(g.Verdict), color)})
	}
	t.print("%s\n\n", w.Render())
	for _, g := range s.Goals {
		switch {
		case g.Reason != "":
			t.warn([]string{fmt.Sprintf("goal %s is %s: %s", g.Name, g.Verdict, g.Reason)})
		case g.Verdict == analysis.Undecided && g.Estimate.Needs > 0:
			t.warn([]string{fmt.Sprintf("goal %s is undecided: %s", g.Name, g.Estimate.Short())})
		case g.Verdict == analysis.Undecided:
			t.warn([]string{fmt.Sprintf("goal %s is undecided: its interval straddles the line; more replications would decide",
				g.Name)})
		}
	}
}

// expect computes the mean-field funnel of a plan.
func (t *teller) expect(plan *plan.Plan) {
	e := expected.Funnel(plan)
	w := e.Sum(0, len(e.Weeks))
	t.expected = map[string]float64{
		"journeys": w.Journeys, "touches": w.Touches, "leads": w.Leads, "signups": w.Signups,
		"opportunities": w.Opportunities,
		"won":           w.Won, "live_customers": w.Live, "mrr": w.MRR, "revenue": w.Revenue, "media_spend": w.Media,
		"brand_spend": w.Brand,
		"sales_spend": w.Sales, "ltv_total": w.LTV, "cash_end": w.Cash,
	}
}

func (t *teller) besideTable(s *analysis.Summary) {
	lines := s.Beside(t.expected)
	if len(lines) == 0 {
		return
	}
	w := t.table(table.Row{"outcome", "unit", "expected", "simulated", "± 95%", "of expected"}, 3, 4, 5, 6)
	for _, l := range lines {
		f := words.FormatOf(l.Outcome, l.Unit)
		ratio := ""
		if l.Ratio != nil {
			ratio = words.Percent.Text(*l.Ratio)
		}
		mean, reach := f.WithError(l.Simulated.Value, l.Simulated.HalfWidth())
		w.AppendRow(table.Row{l.Outcome, l.Unit, f.Text(l.Expected), mean, reach, ratio})
	}
	t.print("%s\nExpected is the deterministic mean-field funnel: no luck, no ruin, uncertain numbers at their "+
		"medians.\n\n", w.Render())
}

// table makes a table whose columns, from 1, are numbers where named.
func (t *teller) table(head table.Row, numbers ...int) table.Writer {
	w := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	w.AppendHeader(head)
	var columns []table.ColumnConfig
	for _, n := range numbers {
		columns = append(columns, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	w.SetColumnConfigs(columns)
	w.SuppressTrailingSpaces()
	return w
}

// strong makes text bold on a terminal.
func (t *teller) strong(s string) string { return t.paint(s, text.Bold) }

// paint colours text on a terminal.
func (t *teller) paint(s string, c text.Color) string {
	if !t.color {
		return s
	}
	return text.Colors{c}.Sprint(s)
}
