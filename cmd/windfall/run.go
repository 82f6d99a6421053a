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
	"golang.org/x/sync/errgroup"

	"windfall/model"
	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/briefing"
	"windfall/plots/gallery"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/result"
	"windfall/sim/safely"
	"windfall/sim/table"
)

// runFlags are the flags of a run.
type runFlags struct {
	set                       []string
	replications, seed, weeks numberFlag
	workers, atMost           numberFlag
	precision, shard, after   string
	resume, expected          bool
	format                    string
	reportFlags
}

// reportFlags say where results go and how they are told.
type reportFlags struct {
	out                 string
	json, quiet, strict bool
	pictures            pictureFlag
	noReport            bool
}

func (f *runFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.replications, f.seed, f.weeks = keyFlag("run.replications"), keyFlag("run.seed"), keyFlag("run.weeks")
	f.workers = workersFlag()
	flags.Var(&f.replications, "replications", "how often the plan is run (default: the scenario's run.replications)")
	flags.Var(&f.seed, "seed", "seed of the random numbers (default: the scenario's run.seed)")
	flags.Var(&f.weeks, "weeks", "length of the run in weeks (default: the scenario's run.weeks)")
	flags.StringArrayVar(&f.set, "set", nil, "override a key of the scenario: `KEY=VALUE`, or KEY*=FACTOR; * stands "+
		"for every name (repeatable)")
	flags.Var(&f.workers, "workers", "goroutines (default: one a processor); results never depend on it")
	flags.StringVar(&f.precision, "precision", "", "in place of --replications: go on until half of the 95% interval "+
		"of a metric is below a value, `METRIC=1%` or METRIC=250")
	f.atMost = keyFlag("run.replications")
	flags.Var(&f.atMost, "at-most", fmt.Sprintf("where --precision is given up, `N` replications (default: %s)",
		words.Thousands(sim.MostReplications)))
	flags.StringVar(&f.shard, "shard", "", "run one of N parts, `I/N` with I from 0; auto: as the array job says "+
		"(Slurm, Kubernetes, AWS Batch, HyperQueue)")
	registerAfter(cmd, &f.after)
	flags.BoolVar(&f.resume, "resume", false, "go on with an earlier run, and refuse to begin a new one")
	flags.StringVar(&f.format, "format", "csv", "`FORMAT` of the tables: csv or parquet")
	flags.BoolVar(&f.expected, "expected", false, "show the deterministic mean-field funnel beside the simulated one")
	f.reportFlags.register(cmd, "the results folder, `DIR` (default: results/run-SCENARIO-DIGEST)")
	f.pictureFlags(cmd, gallery.Names()...)
	f.strictFlag(cmd)
	f.noReportFlag(cmd)
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"csv", "parquet"},
		cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("precision", completePrecision)
	_ = cmd.RegisterFlagCompletionFunc("set", completeSet)
}

// noReportFlag is for the commands that report a run.
func (f *reportFlags) noReportFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noReport, "no-report", false, "write no report.html (a run of fewer than 50 replications "+
		"has none)")
}

func (f *reportFlags) register(cmd *cobra.Command, out string) {
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", out)
	flags.BoolVar(&f.json, "json", false, "print the results as JSON")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress and no tables: only the name of the results folder")
	_ = cmd.MarkFlagDirname("out")
}

// strictFlag is for the commands that judge goals or expectations.
func (f *reportFlags) strictFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.strict, "strict", false, "exit code 3 for undecided goals too")
}

// sets are the overrides that the flags amount to.
func (f *runFlags) sets() []string {
	out := slices.Clone(f.set)
	for _, n := range []*numberFlag{&f.replications, &f.seed, &f.weeks} {
		if n.text != "" {
			out = append(out, n.param.Pattern+"="+n.text)
		}
	}
	return out
}

func (p *program) runCommand() *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run SCENARIO|FILE|-",
		Short: "Run a scenario and show what can happen",
		Long: `Run a scenario: a shipped one by name (windfall scenarios list), a file, or
standard input (-). Prints the headline outcomes with their Monte Carlo errors,
the goals met and missed, and warnings, and writes a results folder:

  summary.json     every outcome with its error, goals, warnings, slices
  replications     one row a replication: outcomes and the inputs drawn
  weekly, months, quarters, slices
                   the same by time, and by channel, size, industry, region,
                   product and team
  columns.csv      what every column means, and its unit
  scenario.toml    the resolved scenario, with the source of every value
  manifest.json    what was run, where and when
  report.html      all of it to read, in one file (of at least 50 replications)
  plots/           pictures as PNG and SVG, each with the CSV that it draws;
                   those of single outcomes (outcome-*) with --pictures all, or
                   later with windfall report DIR --pictures all
  blocks/          the replications themselves; all else is made from them

The same scenario, seed and number of replications give the same bytes on any
machine, with any number of workers or shards. A folder that holds an earlier
part of the same run is completed; any other content is refused.

Ctrl-C ends the run after the replications in progress and keeps what is done; a
second Ctrl-C stops at once.`,
		Example: `  # The shipped metropolitan market, 200 replications
  windfall run metro --replications 200

  # Radio at half its budget, everywhere, from the first day
  windfall run metro --set 'media.radio.weekly_budget*=0.5' --replications 200

  # Until the error of the acquisition cost is below 1%
  windfall run metro --precision cac=1%

  # In three parts, on as many machines as you like, put together afterwards
  windfall run metro --replications 600 --shard 0/3 --out part-0
  windfall run metro --replications 600 --shard 1/3 --out part-1
  windfall run metro --replications 600 --shard 2/3 --out part-2
  windfall merge part-0 part-1 part-2 --out whole

  # From a pipe, for a program that reads the results
  windfall scenarios show metro | windfall run - --replications 50 --json`,
		Args:              needs(1, 1, "one scenario: a shipped name, a file, or - for standard input"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.run(&flags, args[0]) },
	}
	flags.register(cmd)
	return cmd
}

// run runs a scenario.
func (p *program) run(flags *runFlags, name string) error {
	scenario, err := p.open(name, flags.sets()...)
	if err != nil {
		return err
	}
	design, err := p.design(flags, scenario)
	if err != nil {
		return err
	}
	tell := p.teller("run", &flags.reportFlags)
	p.warnAbout(name, scenario.Warnings)
	p.warn(scenarios.PriceNotes(scenario.Plan))
	if late := scenarios.LateMoveOf(scenario.Plan); late != nil {
		p.warn([]string{lateNote(late, "run")})
	}
	if flags.expected {
		tell.expect(scenario.Plan)
	}
	begin := sync.OnceFunc(func() { tell.begin(design) }) // not for a run that is refused
	r, err := p.simulate(design, flags.quiet, begin, tell.answer)
	var interrupted *sim.Interrupted
	if errors.As(err, &interrupted) {
		return p.interrupted(tell, interrupted, name)
	}
	if r != nil && err != nil {
		tell.whole(r)
	}
	if err != nil {
		return err
	}
	begin()
	if design.Shard != nil {
		return tell.shard(r)
	}
	return p.report(tell, r, scenario.Plan)
}

// open makes a scenario and checks its goals. Its files are read once by a command,
// however many plans it makes of them.
func (p *program) open(name string, sets ...string) (*scenarios.Scenario, error) {
	base := p.bases[name]
	if base == nil {
		var err error
		base, err = scenarios.Read(name, p.options()...)
		var problems scenarios.Problems
		if err != nil && !errors.As(err, &problems) {
			return nil, fmt.Errorf("scenario %s: %w", name, err)
		}
		if err != nil {
			return nil, err
		}
		if p.bases == nil {
			p.bases = map[string]*scenarios.Base{}
		}
		p.bases[name] = base
	}
	s, err := base.Open(scenarios.Set(sets...))
	if err == nil {
		for _, w := range s.Warnings {
			if w.File == setPlace && !slices.Contains(p.overrides, w) {
				p.overrides = append(p.overrides, w)
			}
		}
	}
	return s, err
}

// setPlace is where messages say that an override stands.
const setPlace = "--set"

// told are the warnings about overrides, or the first few.
func (p *program) told() (out []string) {
	for i, w := range p.overrides {
		if i == mostWarnings && len(p.overrides) > mostWarnings+1 {
			return append(out, fmt.Sprintf("and %d more about overrides", len(p.overrides)-i))
		}
		out = append(out, w.Error())
	}
	return out
}

// mostWarnings is the number of warnings about a scenario that a run shows.
const mostWarnings = 5

// warnAbout writes the warnings about a scenario, or the first few.
func (p *program) warnAbout(name string, warnings scenarios.Problems) {
	for i, w := range warnings {
		if i == mostWarnings && len(warnings) > mostWarnings+1 {
			p.warn([]string{fmt.Sprintf("and %d more: %s", len(warnings)-i,
				shellLine([]string{"windfall", "scenarios", "check", name}))})
			return
		}
		p.warn([]string{w.Error()})
	}
}

// options are how this program loads scenarios.
func (p *program) options() []scenarios.Option {
	outcomes := model.NewSchema(&plan.Plan{}).Outcomes
	goal := func(expect string) error {
		_, err := metric.ParseGoal(expect, outcomes)
		return err
	}
	return []scenarios.Option{scenarios.Stdin(p.stdin), scenarios.CheckGoal(goal)}
}

// design makes the design of a run from its flags.
func (p *program) design(flags *runFlags, s *scenarios.Scenario) (*sim.Design, error) {
	// What only the numbers of the market can show is bad input too.
	if _, err := model.Prepare(s.Plan); err != nil {
		return nil, scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
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
		if flags.replications.text != "" {
			return nil, usagef("--replications %s: --precision says how often the plan is run; --at-most %s limits it",
				flags.replications.text, flags.replications.text)
		}
		if d.Precision, err = sim.ParsePrecision(flags.precision, model.NewSchema(s.Plan).Outcomes); err != nil {
			return nil, misread("--precision", err)
		}
	}
	if d.Most = flags.atMost.value(); d.Most > 0 && flags.precision == "" {
		return nil, usagef("--at-most %s: it limits --precision; --replications says how often the plan is run",
			flags.atMost.text)
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
	progress := p.progress(quiet)
	ctx, release := p.interruptible(progress)
	defer release()
	d.Progress = func(s sim.Progress) {
		begin()
		progress.replicated(s)
	}
	d.Summed = func(r *result.Result, s *analysis.Summary) error {
		if ctx.Err() == nil {
			progress.end()
			begin()
			answer(r, s)
		}
		return clearShown(r)
	}
	r, err := sim.Run(ctx, *d)
	progress.end()
	if r != nil {
		p.hold(r)
	}
	if err == nil && ctx.Err() != nil {
		return r, &stoppedError{"interrupted when the last replication was done: the run is complete, without pictures " +
			"and report; the same command makes them:\n  " + shellLine(p.command())}
	}
	return r, err
}

// interrupted names what is kept of an interrupted run.
func (p *program) interrupted(tell *teller, i *sim.Interrupted, name string) error {
	again := p.command()
	if !slices.Contains(again, "--resume") {
		again = append(again, "--resume")
	}
	tell.partial(i)
	stdin := ""
	if name == "-" {
		stdin = " (with the same standard input)"
	}
	return fmt.Errorf("%w%s:\n  %s", i, stdin, shellLine(again))
}

// clearShown removes pictures and report of an earlier part of the run: they show
// other numbers.
func clearShown(r *result.Result) error {
	if r.Unchanged {
		return nil
	}
	if err := os.Remove(filepath.Join(r.Dir, reportFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return gallery.Clear(r.Dir, gallery.Names())
}

// report makes the pictures and the report of a finished run whose answer is told,
// both at the same time, says which files there are and judges the goals.
func (p *program) report(tell *teller, r *result.Result, plan *plan.Plan) error {
	page := ""
	if !tell.flags.noReport && r.Replications() >= sim.BlockSize { // less is a trial
		page = filepath.Join(r.Dir, reportFile)
	}
	pictures, drawn, err := p.show(tell.flags, r, plan, page)
	if err != nil {
		return fmt.Errorf("%w; the numbers are complete in %s", err, r.Dir)
	}
	summary, err := r.Summary()
	if err != nil {
		return err
	}
	if err := tell.files(r, summary, drawn, len(pictures)-len(drawn), page); err != nil {
		return err
	}
	return judge(summary, tell.flags.strict)
}

// show draws the pictures that are asked for and writes the page, if it has a name.
// It gives the pictures that the run has, and the names of those drawn.
func (p *program) show(flags *reportFlags, r *result.Result, plan *plan.Plan, page string) (pictures []gallery.Hung,
	drawn []string, err error) {
	if pictures, err = gallery.Of(r, plan); err != nil {
		return nil, nil, err
	}
	var group errgroup.Group
	safely.Go(&group, func() (err error) {
		drawn, err = p.draw(flags, r, pictures)
		return err
	})
	if page != "" {
		safely.Go(&group, func() error {
			err := briefing.Write(page, briefing.Run{Result: r, Plan: plan, Pictures: pictures})
			if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
				p.warn([]string{"there is no report: " + err.Error()})
				return nil
			}
			return err
		})
	}
	err = group.Wait() // drawn is set by then
	return pictures, drawn, err
}

// draw writes those pictures of a run that are asked for, with progress on standard
// error, and names them.
func (p *program) draw(flags *reportFlags, r *result.Result, pictures []gallery.Hung) ([]string, error) {
	p.warn(flags.pictures.lacking(pictures))
	wanted := flags.pictures.of(pictures)
	if len(wanted) == 0 {
		return nil, nil
	}
	progress := p.progress(flags.quiet)
	defer progress.end()
	err := gallery.Write(wanted, r.Dir, r.Manifest.Host.Workers, func(n int) { progress.picture(n, len(wanted)) })
	names := gallery.NamesOf(wanted)
	if left := new(gallery.LeftOutError); errors.As(err, &left) {
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(left.Names, name) })
	}
	return names, p.leftOut(err)
}

// judge is the error of goals that are not met.
func judge(s *analysis.Summary, strict bool) error {
	e := &goalsError{strict: strict}
	for _, g := range s.Goals {
		switch g.Verdict {
		case analysis.Missed:
			e.missed = append(e.missed, g.Name)
		case analysis.Undecided:
			e.undecided = append(e.undecided, g.Name)
		}
	}
	if e.Error() == "" {
		return nil
	}
	return e
}
