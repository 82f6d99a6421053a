package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/panel"
	"windfall/sim/store"
	"windfall/sim/table"
)

// decideFlags are the flags that all commands share that set plans beside each
// other.
type decideFlags struct {
	set                       []string
	replications, seed, weeks numberFlag
	metric, format            string
	all, otherOpening         bool
	repeatFlags
	reportFlags
}

func (f *decideFlags) register(cmd *cobra.Command, command, replications string) {
	flags := cmd.Flags()
	f.replications, f.seed, f.weeks = keyFlag("run.replications"), keyFlag("run.seed"), keyFlag("run.weeks")
	flags.Var(&f.replications, "replications", replications)
	flags.Var(&f.seed, "seed", "seed of the random numbers (default: the scenario's run.seed)")
	if command != "pause" { // there --weeks is the length of the pause; --set run.weeks=N
		flags.Var(&f.weeks, "weeks", "length of the run in weeks (default: the scenario's run.weeks)")
	}
	flags.StringArrayVar(&f.set, "set", nil, "override a key of the scenario: `KEY=VALUE`, or KEY*=FACTOR (repeatable)")
	f.metric = "lifetime_margin"
	if command == "stress" { // most of what a shock hurts may be customers who are there already
		f.metric = panel.BusinessValue
	}
	if command != "pause" && command != "optimise" { // which have their own
		flags.StringVar(&f.metric, "metric", f.metric, "the `METRIC` that decides, as in goals: won, p5(cash_end), "+
			"'P(cash_trough < 0)'")
	}
	if slices.Contains([]string{"compare", "respond", "stress", "value"}, command) {
		flags.BoolVar(&f.otherOpening, otherOpeningFlag, false, "compare plans that start from different states, too")
	}
	flags.StringVar(&f.format, "format", "csv", "`FORMAT` of the tables: csv or parquet")
	if command != "why" { // which runs one replication
		f.repeatFlags.register(cmd)
	}
	flags.BoolVar(&f.all, "all", false, "print all rows, not only the first 12")
	f.reportFlags.register(cmd, "the results folder, `DIR` (default: results/"+command+"-SCENARIO-DIGEST)")
	f.pictureFlags(cmd)
	flags.BoolVar(&f.noReport, "no-report", false, "write no report.html")
	_ = cmd.RegisterFlagCompletionFunc("set", completeSet)
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"csv", "parquet"},
		cobra.ShellCompDirectiveNoFileComp))
}

// typed are the flags that say which plan is meant, for a command that follows.
func (f *decideFlags) typed() (words []string) {
	for _, n := range []struct{ flag, text string }{{"--seed", f.seed.text}, {"--weeks", f.weeks.text}} {
		if n.text != "" {
			words = append(words, n.flag, n.text)
		}
	}
	for _, s := range f.set {
		words = append(words, "--set", s)
	}
	if f.otherOpening {
		words = append(words, "--"+otherOpeningFlag)
	}
	return words
}

// sets are the overrides that the flags amount to.
func (f *decideFlags) sets() []string {
	out := slices.Clone(f.set)
	for _, n := range []*numberFlag{&f.seed, &f.weeks} {
		if n.text != "" {
			out = append(out, n.param.Pattern+"="+n.text)
		}
	}
	return out
}

// decision runs a comparison in its folder and tells its answer.
type decision struct {
	p        *program
	flags    *decideFlags
	command  string
	scenario string
	dir      string
	design   string        // equal ones have equal numbers
	folder   *answerFolder // once it is taken
	notes    []string      // warnings of the command itself
	plans    []*plan.Plan  // that are set side by side: what the answer says of a price rests on them
	// lateNotes are about plans that move people, hiring or prices too late.
	lateNotes []string
	tail      int // weeks that lifetime_margin counts after the run
}

// decision names the folder of a design; asked is what else the answer depends on.
func (p *program) decision(flags *decideFlags, command string, base *plan.Plan, d *sim.Design,
	asked ...any) *decision {
	x := &decision{p: p, flags: flags, command: command, scenario: base.Name, dir: flags.out}
	for _, s := range d.Settings {
		x.tail = max(x.tail, plan.TailWeeks(s.Plan))
		x.plans = append(x.plans, s.Plan)
		if asksForMargin(d.Measures) {
			x.late(s.Plan)
		}
	}
	h := sha256.New()
	fmt.Fprintln(h, version, command, d.Seed, d.Replications, d.Lucks, flags.metric)
	for _, s := range d.Settings {
		fmt.Fprintln(h, s.Name, s.Digest)
	}
	if len(asked) > 0 {
		fmt.Fprintln(h, asked...)
	}
	if x.dir == "" {
		x.dir = filepath.Join("results",
			command+"-"+store.Name(base.Name)+"-"+hex.EncodeToString(h.Sum(nil))[:12]+flags.shard.suffix())
	}
	fmt.Fprintln(h, d.Measures) // blocks of other measures are blocks of another design
	x.design = hex.EncodeToString(h.Sum(nil))[:12]
	d.Workers = flags.workers.value()
	return x
}

// asksForMargin says whether something is asked of what comes after the last day.
func asksForMargin(measures []panel.Leaf) bool {
	return slices.ContainsFunc(measures, func(l panel.Leaf) bool {
		return slices.Contains([]string{"lifetime_margin", "pipeline_margin", "carry_over_margin", panel.BusinessValue},
			l.Measure.Column)
	})
}

// mostLate is the number of plans of which it is said that they move people, hiring or prices late.
const mostLate = 3

// late adds a note about a plan that moves people, hiring or prices too late for its run.
func (x *decision) late(plan *plan.Plan) {
	move := scenarios.LateMoveOf(plan)
	if move == nil || len(x.lateNotes) == mostLate {
		return
	}
	if note := lateNote(move, x.command); !slices.Contains(x.lateNotes, note) {
		x.lateNotes = append(x.lateNotes, note)
	}
}

// lateNote says what a late move keeps an answer from seeing, and what to type instead.
func lateNote(m *scenarios.LateMove, command string) string {
	what, flag := m.Keys[0]+" changes", "--weeks "
	if n := len(m.Keys) - 1; n > 0 {
		what = fmt.Sprintf("%s and %d more change", m.Keys[0], n)
	}
	if command == "pause" { // whose --weeks are those of the pause
		flag = "--set run.weeks="
	}
	return fmt.Sprintf("%s on %s, and the run ends %s after that: lifetime_margin does not follow what people, hiring "+
		"and prices do to later customers; judge it on a longer run, %s%d", what, m.On, words.Counted(m.Left, "week"),
		flag, m.Enough)
}

// run runs the settings with progress; Ctrl-C keeps what is done.
func (x *decision) run(d *sim.Design) (numbers *panel.Panel, err error) {
	if err := d.Check(); err != nil {
		return nil, usagef("%v", err)
	}
	err = x.watched(func(ctx context.Context, progress *progress) error {
		panels, err := x.folder.measure(ctx, progress, design{"", d})
		if err == nil {
			numbers = panels[0]
		}
		return err
	})
	return numbers, err
}

// watched does what takes long, in the decision's folder.
func (x *decision) watched(work func(context.Context, *progress) error) (err error) {
	if err := x.take(); err != nil {
		return err
	}
	return x.folder.settled(x.p.teller(x.command, &x.flags.reportFlags), x.p.watched(x.flags.quiet, work))
}

// watched does what takes long, with progress. The error of an interrupted one says
// how to go on.
func (p *program) watched(quiet bool, work func(context.Context, *progress) error) error {
	progress := p.progress(quiet)
	ctx, release := p.interruptible(progress)
	defer release()
	err := work(ctx, progress)
	progress.end()
	if errors.Is(err, context.Canceled) {
		return &stoppedError{"interrupted; what is done is kept, go on with:\n  " + shellLine(p.command())}
	}
	return err
}

// take takes the folder of the decision.
func (x *decision) take() (err error) {
	if _, err := table.ParseFormat(x.flags.format); err != nil {
		return usagef("--format: %v", err)
	}
	x.folder, err = x.p.answerFolder(x.dir, x.command, x.scenario, x.design, &x.flags.repeatFlags)
	return err
}

func (x *decision) file() string { return x.command + ".json" }

// show prints the answer, one sentence each first, then warnings and tables; then it
// writes it with its tables, pictures and page, and says where they are and which
// command lines come next. What was kept to go on from is removed.
func (x *decision) show(d *page.Document, next []string) error {
	d.Warnings = slices.Concat(x.notes, x.p.told(), x.lateNotes, d.Warnings, scenarios.PriceNotes(x.plans...))
	x.remark(d.Sheets)
	t := x.p.teller(x.command, &x.flags.reportFlags)
	if t.talks() {
		for _, line := range d.Sentences {
			t.print("%s\n", t.strong(line))
		}
		t.print("\n")
		x.p.warn(d.Warnings)
		for _, s := range d.Sheets {
			t.sheet(s, x.flags.all)
		}
	}
	data := d.Data(d.Warnings)
	file, err := x.write(d, data)
	if err != nil {
		return err
	}
	if err := x.folder.finish(); err != nil {
		return err
	}
	switch {
	case x.flags.json:
		x.p.warn(d.Warnings)
		return printJSON(x.p.stdout, data)
	case x.flags.quiet:
		t.print("%s\n", x.dir)
		return nil
	}
	t.print("Results in %s\n", x.dir)
	if file != "" {
		t.print("Report: %s\n", file)
	}
	for _, line := range next {
		t.print("next: %s\n", line)
	}
	return nil
}

// write fills the folder and gives the name of the page.
func (x *decision) write(d *page.Document, answer any) (file string, err error) {
	var data bytes.Buffer
	if err := jsonTo(answer)(&data); err != nil {
		return "", err
	}
	if err := x.folder.WriteBytes(x.file(), data.Bytes()); err != nil {
		return "", err
	}
	format, err := table.ParseFormat(x.flags.format)
	if err != nil {
		return "", usagef("--format: %v", err)
	}
	for _, s := range d.Sheets {
		if err := writeSheet(x.folder.Folder, s, format); err != nil {
			return "", err
		}
	}
	if x.flags.pictures.none() {
		return "", nil
	}
	progress := x.p.progress(x.flags.quiet)
	defer progress.end()
	var pictures []gallery.Hung
	for _, h := range d.Pictures {
		pictures = append(pictures, gallery.Hung{Name: h.Name, Drawing: plots.Of(h.Data)})
	}
	if err := x.p.leftOut(gallery.Write(pictures, x.dir, runtime.GOMAXPROCS(0),
		func(drawn int) { progress.picture(drawn, len(pictures)) })); err != nil {
		return "", err
	}
	if x.flags.noReport {
		return "", nil
	}
	document, err := report.Of(d, report.Made{Typed: shellLine(x.p.fromTheStart()), Version: version, Data: data.Bytes()})
	if err != nil {
		return "", err
	}
	file = filepath.Join(x.dir, reportFile)
	return file, report.Write(file, document)
}

// remark adds notes to tables: the first that speaks of lifetime margin says how far it
// looks, the first of business value what it counts.
func (x *decision) remark(sheets []*page.Sheet) {
	for _, s := range sheets {
		if x.tail > 0 && speaksOf(s, "lifetime_margin", "lifetime margin") {
			s.Notes = append(s.Notes, tailNote(x.tail))
			break
		}
	}
	if i := slices.IndexFunc(sheets, func(s *page.Sheet) bool { return speaksOf(s, panel.BusinessValue) }); i >= 0 {
		sheets[i].Notes = append(sheets[i].Notes, valueNote)
	}
}

// tailNote says how far lifetime_margin looks beyond the run, where that is known.
func tailNote(weeks int) string {
	after := "after it"
	if weeks > 0 {
		after = fmt.Sprintf("in the %s after it", words.Counted(weeks, "week"))
	}
	return fmt.Sprintf("lifetime_margin is that of the customers whom the run wins, of those whom its open journeys "+
		"bring %s, and of what it leaves in brand and adstock. Customers of the first day and fixed cost are in "+
		"gross_margin and cash_end.", after)
}

// valueNote says what business_value counts.
const valueNote = "business_value is cash at the end of the run and what its customers then, those of the first " +
	"day among them, its pipeline and its brand still bring; an estimate, at the run's margin and churn."

// speaksOf says whether a table has one of some words in its name, its columns or its first column.
func speaksOf(s *page.Sheet, words ...string) bool {
	all := []string{s.Name, s.Caption}
	for _, c := range s.Columns {
		all = append(all, c.Name)
	}
	for _, row := range s.Rows {
		all = append(all, row[0].Text)
	}
	text := strings.Join(all, " ")
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// sheet prints a table of an answer.
func (t *teller) sheet(s *page.Sheet, all bool) {
	n := s.Printed(all)
	if n == 0 {
		return
	}
	var head pretty.Row
	var numbers []int
	for i, c := range s.Columns {
		head = append(head, c.Name)
		if c.Numeric {
			numbers = append(numbers, i+1)
		}
	}
	w := t.table(head, numbers...)
	for _, cells := range s.Rows[:n] {
		var row pretty.Row
		for _, c := range cells {
			row = append(row, c.Text)
		}
		w.AppendRow(row)
	}
	t.print("%s\n", w.Render())
	if n < len(s.Rows) {
		t.print("All %d rows: --all\n", len(s.Rows))
	}
	for _, note := range s.Notes {
		t.print("%s\n", note)
	}
	t.print("\n")
}

// jsonTo writes a value as JSON.
func jsonTo(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
}
