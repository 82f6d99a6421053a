package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/model/expected"
	"windfall/model/plan"
	"windfall/plots/briefing"
	"windfall/plots/gallery"
	"windfall/plots/kept"
	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/answer"
	"windfall/sim/result"
	"windfall/sim/store"
	"windfall/sim/table"
)

// runFlags are the flags of a run alone.
type runFlags struct {
	options
	shard    string // read after the scenario
	expected bool
}

func (p *program) runCommand() *cobra.Command {
	flags := runFlags{options: options{format: "csv", pictures: gallery.Choice{Known: gallery.Names()}}}
	cmd := command("run SCENARIO|FILE|-", 1, 1, "one scenario: a shipped name, a file, or - for standard input",
		completeScenario, func(args []string) error { return p.run(&flags, args[0]) })
	flags.declare(cmd, runsFlags+aimFlags+"replications seed weeks from workers set resume format")
	f := cmd.Flags()
	f.StringVar(&flags.shard, "shard", "", "")
	f.BoolVar(&flags.expected, "expected", false, "")
	return cmd
}

// run runs a scenario.
func (p *program) run(flags *runFlags, name string) error {
	scenario, err := p.open(name, flags.sets(&flags.replications)...)
	if err != nil {
		return err
	}
	design, err := p.design(flags, scenario)
	if err != nil {
		return err
	}
	base := scenario.Plan
	tell := &runPrinter{printer: p.printer("run", &flags.options), p: p, name: name}
	p.warnAbout(name, scenario.Warnings)
	p.warn(scenarios.PriceNotes(base))
	p.warn(page.LateMoves([]*plan.Plan{base}, asFlag))
	if flags.expected {
		funnel := expected.Funnel(base)
		tell.expected = funnel.Outcomes()
	}
	begin := sync.OnceFunc(func() { tell.begin(design) }) // not for a run that is refused
	r, err := p.simulate(design, flags.quiet, begin, tell.answer)
	if interrupted := new(sim.Interrupted); errors.As(err, &interrupted) {
		return p.interrupted(tell.printer, interrupted, name)
	}
	if r != nil && err != nil {
		_ = tell.end(tell.outline(r.Dir, true, r.Manifest.Shard, r.Replications()), r.Dir,
			fmt.Sprintf("Complete results: all %s are in %s.", words.Counted(r.Replications(), "run"), r.Dir))
	}
	if err != nil {
		return err
	}
	begin()
	if s := design.Shard; s != nil {
		return tell.end(tell.outline(r.Dir, true, s, r.Replications()), r.Dir, fmt.Sprintf("Shard %s of %s is in %s.", s,
			words.Counted(r.Replications(), "run"), r.Dir), "next: "+mergeLine(s))
	}
	return p.report(tell, r, base)
}

// design makes the design of a run from its flags.
func (p *program) design(flags *runFlags, s *scenarios.Scenario) (*sim.Design, error) {
	if err := s.Runnable(); err != nil {
		return nil, err
	}
	d := &sim.Design{
		Settings: []sim.Setting{{Name: s.Plan.Name, Plan: s.Plan, Digest: scenarios.Digest(s.Plan)}},
		Scenario: scenarios.Resolved(s.Plan), Version: version, Command: p.command(),
		Seed: uint64(s.Plan.Run.Seed), Workers: cmp.Or(flags.workers.value(), runtime.GOMAXPROCS(0)), Out: flags.out,
		Resume: flags.resume, After: flags.after,
	}
	var err error
	if d.Format, err = table.ParseFormat(flags.format); err != nil {
		return nil, usagef("--format: %v", err)
	}
	if flags.precision != "" {
		if d.Precision, err = sim.ParsePrecision(flags.precision, model.NewSchema(s.Plan).Outcomes); err != nil {
			return nil, misread("--precision", err)
		}
	}
	answer.HoldAgainst(d, s.Plan)
	d.ToVerdict = len(d.Settings) > 1 && flags.precision+flags.replications.text == ""
	d.Most = flags.atMost.value()
	if err := flags.aimed(d.ToVerdict); err != nil {
		return nil, err
	}
	if flags.shard != "" {
		if d.Shard, err = sim.ParseShard(flags.shard, os.Getenv); err != nil {
			return nil, err
		}
	}
	if d.Out == "" {
		d.Out = d.DefaultOut()
	}
	return d, nil
}

// simulate runs a design with progress on standard error, and gives the answer as
// soon as the blocks are done, while tables are still to be written. Ctrl-C ends it
// after the replications in progress; if they were the last, the whole result comes with a
// *stoppedError, since whoever stops a run does not wait for its pictures.
func (p *program) simulate(d *sim.Design, quiet bool, begin func(),
	answer func(*result.Result, *analysis.Summary)) (*result.Result, error) {
	if p.gauge != nil {
		return nil, p.gauge.Run(d)
	}
	progress := p.progress(quiet)
	ctx, release := progress.Interruptible(exitInterrupted)
	defer release()
	d.Progress = func(s sim.Progress) {
		begin()
		progress.replicated(s)
	}
	d.Summed = func(r *result.Result, s *analysis.Summary) error {
		if ctx.Err() == nil {
			progress.End()
			begin()
			answer(r, s)
			progress = p.progress(quiet)
			r.Tabled = progress.tabled
		}
		return clearShown(r, s)
	}
	r, err := sim.Run(ctx, *d)
	progress.End()
	if r != nil {
		p.hold(r)
	}
	if err == nil && ctx.Err() != nil {
		return r, &stoppedError{"interrupted when the last run was done: all are complete, without pictures " +
			"and report; the same command makes them:\n  " + store.ShellLine(p.command())}
	}
	return r, err
}

// interrupted names what is kept of an interrupted run.
func (p *program) interrupted(tell *printer, i *sim.Interrupted, name string) error {
	again := p.command()
	if !slices.Contains(again, "--resume") {
		again = append(again, "--resume")
	}
	_ = tell.end(tell.outline(i.Out, false, nil, i.Done), i.Out, fmt.Sprintf("Partial results: %s of %s are kept in %s.",
		words.Thousands(i.Done), words.Counted(i.Total, "run"), i.Out))
	stdin := ""
	if name == "-" {
		stdin = " (with the same standard input)"
	}
	return fmt.Errorf("%w%s:\n  %s", i, stdin, store.ShellLine(again))
}

// clearShown says in the summary what it shows, and removes pictures and report of an earlier part of the run: they
// show other numbers.
func clearShown(r *result.Result, s *analysis.Summary) error {
	page.Say(s)
	if r.Unchanged {
		return nil
	}
	for _, page := range []string{kept.Report, kept.Brief} {
		if err := os.Remove(filepath.Join(r.Dir, page)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return gallery.Clear(r.Dir, gallery.Names())
}

// runPrinter prints what a run is and what it showed.
type runPrinter struct {
	*printer
	p        *program
	name     string             // of the scenario, as typed; empty: not known
	expected map[string]float64 // outcomes of the mean-field funnel, if it was asked for
	tail     int                // weeks that lifetime_margin counts after the run; 0: not known here
}

// begin tells what is going to be run.
func (t *runPrinter) begin(d *sim.Design) {
	p := d.Settings[0].Plan
	l := page.Length{Until: d.Until(), Least: d.Least(), Most: d.AtMost()}
	if d.Shard != nil {
		l.Shard = d.Shard.String()
	}
	t.head(p.Name, p.Title, p.Question, l.Head(p, d.Seed, d.Workers))
	t.tail = plan.TailWeeks(p)
}

// answer tells what a run showed. For other programs everything is in one document,
// which comes with the files.
func (t *runPrinter) answer(r *result.Result, s *analysis.Summary) {
	t.p.warn(s.Warnings)
	if !t.printsTables() {
		return
	}
	d := page.Run{Summary: s, Said: t.said(r, s), Columns: r.Schema.Outcomes, Tail: t.tail,
		Expected: s.Beside(t.expected)}.Document()
	t.Document(d, true, func() {})
	t.p.warn(d.Warnings)
}

// said is what stands first in the answer, with commands as they are typed.
func (t *runPrinter) said(r *result.Result, s *analysis.Summary) page.Lines {
	return page.RunLines(s, page.Commands{Scenario: store.ShellLine(append([]string{cmp.Or(t.name, s.Scenario)},
		t.typed()...)), Folder: store.ShellLine([]string{r.Dir})})
}

// files tells which files there are: the pictures that were drawn, the number of
// those that were not, and the report, if there is one.
func (t *runPrinter) files(r *result.Result, s *analysis.Summary, drawn []string, others int, file string) error {
	o := t.outline(r.Dir, true, nil, s.Replications)
	o.Expected, o.Summary, o.Answer, o.Report = s.Beside(t.expected), s, t.said(r, s).Finding, file
	o.Pictures = gallery.Files(r.Dir, drawn)
	line := fmt.Sprintf("Results in %s: summary.json, tables (%s)", r.Dir, r.Manifest.TableFormat)
	if len(drawn) > 0 {
		line += fmt.Sprintf(", %s in %s", words.Counted(len(drawn), "picture"), filepath.Join(r.Dir, gallery.Folder))
		if others > 0 {
			line += fmt.Sprintf(" (%d more: windfall report %s --pictures all)", others, store.ShellLine([]string{r.Dir}))
		}
	}
	lines := []string{line}
	if file != "" {
		lines = append(lines, "Report: "+file)
	}
	return t.end(o, r.Dir, lines...)
}

// report makes the pictures and the report of a finished run whose answer is told, says which files there are and
// judges the goals.
func (p *program) report(tell *runPrinter, r *result.Result, plan *plan.Plan) error {
	run, file := briefing.Run{Result: r, Plan: plan}, ""
	if !tell.noReport && r.Replications() >= sim.BlockSize { // less is a trial
		file = filepath.Join(r.Dir, kept.Report)
	}
	drawn, err := p.draw(tell.options, &run, file)
	if err == nil && !tell.noReport {
		err = run.WriteBrief(filepath.Join(r.Dir, kept.Brief))
	}
	if err != nil {
		return fmt.Errorf("%w; the numbers are complete in %s", err, r.Dir)
	}
	summary, err := r.Summary()
	if err != nil {
		return err
	}
	if err := tell.files(r, summary, drawn, len(run.Pictures)-len(drawn), file); err != nil {
		return err
	}
	if unmet := page.UnmetGoals(summary, tell.strict); unmet != "" {
		return &unmetError{unmet}
	}
	return nil
}
