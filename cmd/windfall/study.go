package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/model/plan"
	"windfall/plots/gallery"
	"windfall/plots/lesson"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/metric"
	"windfall/sim/store"
	"windfall/sim/study"
	"windfall/sim/table"
)

// studyFlags are the flags of a study.
type studyFlags struct {
	set                []string
	replications, seed numberFlag
	all, open          bool
	repeatFlags
	reportFlags
}

func (f *studyFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.replications, f.seed = keyFlag("run.replications"), keyFlag("run.seed")
	flags.Var(&f.replications, "replications", "replications of each setting (default: the study's)")
	flags.Var(&f.seed, "seed", "seed of the random numbers (default: the study's)")
	f.repeatFlags.register(cmd)
	flags.StringArrayVar(&f.set, "set", nil, "override a key in every setting: `KEY=VALUE`, or KEY*=FACTOR (repeatable)")
	flags.BoolVar(&f.all, "all", false, "print all rows of the table of settings, not only the first 12")
	flags.BoolVar(&f.open, "open", false, "open the report in the browser")
	f.pictureFlags(cmd)
	flags.BoolVar(&f.noReport, "no-report", false, "write no report.html")
	f.reportFlags.register(cmd, "the results folder, `DIR` (default: results/study-NAME-DIGEST)")
	f.strictFlag(cmd)
	_ = cmd.RegisterFlagCompletionFunc("set", completeSet)
}

func (p *program) studyCommand() *cobra.Command {
	var flags studyFlags
	cmd := &cobra.Command{
		Use:   "study FILE|NAME",
		Short: "Run the study of a scenario: settings side by side, and what is expected of them",
		Long: `Run the study of a scenario: the table [study] names settings (variants, or
values of keys), numbers to show, and what is expected of them as inequalities.
All settings are run with the same random numbers, so that differences are due
to the settings and not to luck.

An expectation holds if its one-sided 99.9% bound clears; the control is the
same study with its mechanism switched off, where the pattern must be gone. If
an expectation does not hold the exit code is 3; the results are written. An
interrupted study keeps what is done: the same command goes on from there.

Twice the replications make every interval 1.4 times narrower.`,
		Example: `  windfall study my-study.toml
  windfall study my-study.toml --replications 1000 --set 'media.*.weekly_budget*=2'`,
		Args:              needs(1, 1, "one scenario with a table [study]"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := p.openStudy(args[0], &flags)
			if err != nil {
				return err
			}
			_, err = p.study(s, &flags, nil)
			return err
		},
	}
	flags.register(cmd)
	return cmd
}

func (p *program) lessonsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "lessons", Short: "List the lessons with the answers that were recorded",
		Long: `List the lessons: the question of each, and the answer that was recorded when
this version was made. Nothing is run.`,
		Example: "  windfall lessons\n  windfall lesson L05",
		Args:    nothing,
		RunE: func(*cobra.Command, []string) error {
			list := study.Lessons()
			if asJSON {
				records := []*study.Record{}
				for _, l := range list {
					if l.Recorded != nil {
						records = append(records, l.Recorded)
					}
				}
				return printJSON(p.stdout, records)
			}
			t := p.teller("lessons", &reportFlags{})
			for _, l := range list {
				t.print("%s  %s\n", t.paint(l.ID, text.Bold), l.Question)
				if r := l.Recorded; r != nil {
					t.print("     %s\n     %s (version %s, %s a setting)\n", r.Sentence, study.VerdictOf(&r.Finding), r.Version,
						words.Counted(r.Replications, "replication"))
				}
			}
			t.print("\nnext: windfall lesson %s\n", list[0].ID)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the recorded answers as JSON")
	return cmd
}

func (p *program) lessonCommand() *cobra.Command {
	var flags studyFlags
	var full, page bool
	var save string
	cmd := &cobra.Command{
		Use:   "lesson ID",
		Short: "Run a lesson: a question about selling to small firms, answered by the model",
		Long: `Run one of the shipped lessons (windfall lessons lists them): prints the
question, the answer with its interval, whether the pattern holds, its control
(the same with the mechanism switched off), and the next lesson; writes the
pictures and the report.

With --set the lesson is run with other numbers and says which. --page prints
the page for class. --save writes the lesson as a file to change, which windfall
study runs.`,
		Example: `  windfall lesson L05
  windfall lesson diminishing-returns --page
  windfall lesson L04 --set 'journey.cross_channel_bonus=0'
  windfall lesson l4 --save mine.toml
  windfall study mine.toml`,
		Args:              needs(1, 1, "one lesson, such as L05 or pause-the-brand"),
		ValidArgsFunction: completeLesson,
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := study.FindLesson(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			switch {
			case page:
				text, err := l.Page()
				if err != nil {
					return err
				}
				_, err = fmt.Fprint(p.stdout, text)
				return err
			case save != "":
				return p.saveLesson(l, save)
			}
			s, err := p.openStudy(l.Name, &flags)
			if err != nil {
				return err
			}
			if full && flags.replications.text == "" {
				s.Replications *= fullSize
				if s.Control != nil {
					s.Control.Replications *= fullSize
				}
			}
			t := p.teller("lesson", &flags.reportFlags)
			var next *study.Lesson
			if l, ok := l.Next(); ok {
				next = &l
			}
			answer, err := p.study(s, &flags, next)
			if next != nil && answer != nil && t.talks() {
				t.print("next: windfall lesson %s  (%s)\n", next.ID, next.Question)
			}
			return err
		},
	}
	flags.register(cmd)
	cmd.Flags().BoolVar(&full, "full", false, fmt.Sprintf("%d times the replications, for narrow intervals", fullSize))
	cmd.Flags().BoolVar(&page, "page", false, "print the page for class and run nothing")
	cmd.Flags().StringVar(&save, "save", "", "write the lesson as a scenario `FILE` to change, and run nothing")
	return cmd
}

// fullSize is how many times the replications of a lesson its full size has.
const fullSize = 10

func completeLesson(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, l := range study.Lessons() {
		if strings.HasPrefix(strings.ToLower(l.ID), strings.ToLower(start)) {
			out = append(out, l.ID+"\t"+l.Question)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// saveLesson writes a lesson as a file of the user's own.
func (p *program) saveLesson(l study.Lesson, file string) error {
	text, _ := scenarios.Source(l.Name) // a lesson is a shipped scenario
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s exists: it is left as it is", file)
	}
	if err != nil {
		return err
	}
	if _, err = f.WriteString(text); err == nil {
		err = f.Close()
	}
	if err == nil {
		fmt.Fprintf(p.stdout, "%s is written. Change it, then: windfall study %s\n", file, shellLine([]string{file}))
	}
	return err
}

func (p *program) openStudy(name string, flags *studyFlags) (*study.Study, error) {
	s, err := study.Open(name, flags.set, p.options()...)
	if err != nil {
		return nil, err
	}
	if n := flags.replications.value(); n > 0 {
		s.Replications = n
		if s.Control != nil {
			s.Control.Replications = n
		}
	}
	if flags.seed.text != "" {
		s.Seed, _ = strconv.ParseUint(flags.seed.text, 10, 64)
	}
	return s, nil
}

// study runs a study, writes its folder and tells what it found. Next is the
// lesson that comes after, if it is one.
func (p *program) study(s *study.Study, flags *studyFlags, next *study.Lesson) (*study.Answer, error) {
	t := p.teller("study", &flags.reportFlags)
	dir := flags.out
	if dir == "" {
		dir = filepath.Join("results", "study-"+store.Name(s.Name)+"-"+digestOf(s)+flags.shard.suffix())
	}
	folder, err := p.answerFolder(dir, "study", s.Name, digestOf(s), &flags.repeatFlags)
	if err != nil {
		return nil, err
	}
	if t.talks() {
		t.title(s.Name, s.Title, s.Question)
		t.print("%s of each of %s, seed %d\n\n", words.Counted(s.Replications, "replication"),
			words.Counted(len(s.Settings), "setting"), s.Seed)
	}
	p.warn(append(scenarios.PriceNotes(s.Plans()...), s.Warnings...))
	var a *study.Answer
	err = folder.settled(t, p.watched(flags.quiet, func(ctx context.Context, progress *progress) (err error) {
		a, err = folder.study(ctx, progress, s, flags.workers.value())
		return err
	}))
	if err != nil {
		return nil, err
	}
	if t.talks() {
		t.study(s, a, flags.all)
	}
	if err := p.writeStudy(folder, s, a, flags, next); err != nil {
		return nil, err
	}
	if err := folder.finish(); err != nil {
		return nil, err
	}
	switch {
	case flags.open && flags.noReport:
		p.warn([]string{"--open: with --no-report there is nothing to open"})
	case flags.open:
		p.openInBrowser(filepath.Join(dir, reportFile))
	}
	switch {
	case flags.json:
		err = printJSON(p.stdout, a)
	case flags.quiet:
		t.print("%s\n", dir)
	default:
		t.print("Results in %s\n", dir)
		if !flags.noReport {
			t.print("Report: %s\n", filepath.Join(dir, reportFile))
		}
	}
	if err != nil {
		return a, err
	}
	return a, verdictError(a, flags.strict)
}

// study runs a study, and its control if it has one.
func (f *answerFolder) study(ctx context.Context, progress *progress, s *study.Study, workers int) (*study.Answer,
	error) {
	main, control := s.Designs()
	round := []design{{"study", main}}
	if control != nil {
		round = append(round, design{"control", control})
	}
	for _, d := range round {
		d.Workers = workers
	}
	panels, err := f.measure(ctx, progress, round...)
	if err != nil {
		return nil, err
	}
	return s.Judge(panels[0], append(panels, nil)[1]), nil
}

// verdictError is the error of expectations that do not hold.
func verdictError(a *study.Answer, strict bool) error {
	e := &expectationError{}
	for _, j := range a.Expectations {
		if j.Verdict == metric.DoesNotHold || strict && j.Verdict == metric.Undecided {
			e.names = append(e.names, j.Name)
		}
	}
	if len(e.names) == 0 {
		return nil
	}
	return e
}

// expectationError ends a study whose results are there and do not hold.
type expectationError struct{ names []string }

// Error implements error.
func (e *expectationError) Error() string {
	return words.Counted(len(e.names), "expectation") + " not met: " + words.List(e.names)
}

// digestOf stands for everything that the answer of a study depends on.
func digestOf(s *study.Study) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d\n", version, s.Seed, s.Replications)
	settings := s.Settings
	if s.Control != nil {
		fmt.Fprintln(h, s.Control.Replications)
		settings = append(settings[:len(settings):len(settings)], s.Control.Settings...)
	}
	for _, x := range settings {
		fmt.Fprintln(h, x.Name, scenarios.Digest(x.Plan))
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// The files of a study's folder.
const (
	answerFile    = "answer.json"
	reportFile    = "report.html"
	settingsTable = "settings"
)

// writeStudy writes the folder of a study: the answer, the table of settings, the
// pictures and the report.
func (p *program) writeStudy(folder *answerFolder, s *study.Study, a *study.Answer, flags *studyFlags,
	next *study.Lesson) error {
	dir := folder.Dir
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	if err := folder.WriteBytes(answerFile, append(text, '\n')); err != nil {
		return err
	}
	t := table.Rows{Columns: append(table.Text.Named("setting", "outcome"), table.Number.Named("value", "error", "low",
		"high", "difference", "difference_low", "difference_high")...)}
	for _, row := range a.Table {
		for _, o := range row.Outcomes {
			cells := []any{row.Setting, o.Name, o.Value.Value, o.Value.Error, o.Value.Low, o.Value.High, nil, nil, nil}
			if d := o.Difference; d != nil {
				cells = append(cells[:6], d.Value, d.Low, d.High)
			}
			t.Rows = append(t.Rows, cells)
		}
	}
	if err := t.Write(folder.Folder, settingsTable, table.CSV); err != nil {
		return err
	}
	hung, err := lesson.Of(a)
	if err != nil {
		return err
	}
	// Pictures of an earlier study in the same folder would show other numbers.
	if err := gallery.Clear(dir, gallery.NamesOf(hung)); err != nil {
		return err
	}
	if !flags.pictures.none() {
		progress := p.progress(flags.quiet)
		err = p.leftOut(gallery.Write(hung, dir, runtime.GOMAXPROCS(0),
			func(drawn int) { progress.picture(drawn, len(hung)) }))
		progress.end()
		if err != nil {
			return err
		}
	}
	if flags.noReport {
		return nil
	}
	page, err := lesson.Page(a, hung, lesson.Origin{Version: version, Command: shellLine(p.fromTheStart()),
		Title: s.Title, File: s.File, Plan: s.Settings[0].Plan, Next: next})
	if err != nil {
		return err
	}
	return report.Write(filepath.Join(dir, reportFile), page)
}

// mostRows is the number of settings that a study's table shows.
const mostRows = 12

// study tells what a study found.
func (t *teller) study(s *study.Study, a *study.Answer, all bool) {
	if a.Sentence != "" {
		t.print("%s\n", t.paint(a.Sentence, text.Bold))
	}
	t.print("%s\n", t.verdict(a.Verdict, study.VerdictOf(&a.Finding)))
	if len(a.Changed) > 0 {
		t.print("Not the shipped numbers: %s\n", strings.Join(a.Changed, ", "))
	}
	t.print("\n")
	if len(a.Table) > 0 && len(s.Outcomes) > 0 {
		rows := a.Table
		if !all && len(rows) > mostRows {
			rows = rows[:mostRows]
		}
		head := pretty.Row{"setting"}
		var numbers []int
		for i, o := range s.Outcomes {
			head = append(head, o, "against plan")
			numbers = append(numbers, 2*i+2, 2*i+3)
		}
		w := t.table(head, numbers...)
		for _, r := range rows {
			row := pretty.Row{r.Setting}
			for _, o := range r.Outcomes {
				f := words.FormatOf(o.Name, unitOf(o.Name))
				mean, _ := f.WithError(o.Value.Value, o.Value.HalfWidth())
				difference := ""
				if d := o.Difference; d != nil {
					value, reach := f.WithError(d.Value, d.HalfWidth())
					difference = value + " ± " + reach
				}
				row = append(row, mean, difference)
			}
			w.AppendRow(row)
		}
		t.print("%s\n", w.Render())
		if len(rows) < len(a.Table) {
			t.print("%d rows more: --all\n", len(a.Table)-len(rows))
		}
		t.print("\n")
	}
	t.judged("expected", a.Expectations)
	if a.Control != nil {
		t.print("Control: %s", a.Control.Title)
		if len(a.Control.Sets) > 0 {
			t.print(" (%s)", strings.Join(a.Control.Sets, ", "))
		}
		t.print("\n")
		t.judged("expected of the control", a.Control.Expectations)
	}
}

func (t *teller) judged(title string, list []study.Judged) {
	head, against := pretty.Row{title, "seen", "95% interval"}, study.Against(list)
	numbers := []int{2}
	if against {
		head = append(head, "against")
		numbers = append(numbers, 4)
	}
	w := t.table(append(head, "claim", "verdict"), numbers...)
	for _, j := range list {
		name := j.Title
		if j.Claims > 1 {
			name += strings.TrimSuffix(fmt.Sprintf(" (nearest of %d: %s", j.Claims, j.Each), ": ") + ")"
		}
		row := pretty.Row{wrap(name, 44), study.Short(j.Value.Value), study.Short(j.Value.Low) + " to " +
			study.Short(j.Value.High)}
		if against {
			row = append(row, study.Short(float64(j.Bound)))
		}
		w.AppendRow(append(row, wrap(j.Claim, 44), t.verdict(j.Verdict, string(j.Verdict))))
	}
	t.print("%s\n\n", w.Render())
}

func wrap(s string, n int) string { return text.WrapSoft(s, n) }

// short writes a number of unknown unit with four digits.
func short(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

func (t *teller) verdict(v metric.Verdict, words string) string {
	switch v {
	case metric.Holds:
		return t.paint("✓ "+words, text.FgGreen)
	case metric.DoesNotHold:
		return t.paint("✗ "+words, text.FgRed)
	}
	return t.paint("? "+words, text.FgYellow)
}

// unitOf is the unit of an outcome.
func unitOf(outcome string) string {
	for _, c := range model.NewSchema(&plan.Plan{}).Outcomes {
		if c.Name == outcome {
			return c.Unit
		}
	}
	return ""
}
