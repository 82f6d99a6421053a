package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/decide/why"
	"windfall/sim/result"
)

// whyFlags are the flags of why.
type whyFlags struct {
	replication, journeys        numberFlag
	worst, median, best, against string
	decideFlags
}

func (p *program) whyCommand() *cobra.Command {
	var flags whyFlags
	cmd := &cobra.Command{
		Use:   "why DIR",
		Short: "What happened in one replication, and why",
		Long: `Replay one replication of a run, to the same bytes, and tell its story: the week
in which it parted from the others and what stood beside that, its regime, brand
and cash, and the touches of a few journeys.

Which one: --replication K (from 0), or the worst, median or best by an
outcome; --worst alone, or nothing, is the one with the lowest cash. With
--against DIR2, a run of another plan with the same seed, it names the first
week, numbers and firm in which the two differ.

One replication is run again, in a second or less; the numbers of the others
are read from the folder, so twice the replications there make the middle half
1.4 times more certain.`,
		Example: `  windfall why results/run-metro-1a2b3c --worst cash_trough
  windfall why results/run-metro-1a2b3c --replication 17 --journeys 5
  windfall why first --replication 3 --against second`,
		Args: needs(1, 2, "the folder of a run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf(cmd, "replication", "worst", "median", "best"); err != nil {
				return err
			}
			dir, err := flags.outcomeAfter(cmd, args)
			if err != nil {
				return err
			}
			return p.why(dir, &flags)
		},
	}
	f := cmd.Flags()
	whole := plan.Param{Whole: true, Low: 0, High: 1e9}
	flags.replication, flags.journeys = numberFlag{param: whole}, numberFlag{param: whole}
	f.Var(&flags.replication, "replication", "the replication, from 0")
	f.StringVar(&flags.worst, "worst", "", "the worst by an `OUTCOME` (alone: cash_trough)")
	f.StringVar(&flags.median, "median", "", "the middle one by an `OUTCOME` (alone: cash_trough)")
	f.StringVar(&flags.best, "best", "", "the best by an `OUTCOME` (alone: cash_trough)")
	for _, name := range []string{"worst", "median", "best"} {
		f.Lookup(name).NoOptDefVal = why.LowestCash
	}
	f.StringVar(&flags.against, "against", "", "another run's `DIR`: the first difference")
	f.BoolVar(&flags.otherOpening, otherOpeningFlag, false, "with --against: runs that start from different states, too")
	f.Var(&flags.journeys, "journeys", "journeys whose touches are told (default: 3)")
	f.StringVar(&flags.format, "format", "csv", "`FORMAT` of the tables: csv or parquet")
	f.BoolVar(&flags.all, "all", false, "print all rows, not only the first 12")
	flags.reportFlags.register(cmd, "the results folder, `DIR` (default: results/why-SCENARIO-DIGEST)")
	flags.pictureFlags(cmd)
	f.BoolVar(&flags.noReport, "no-report", false, "write no report.html")
	return cmd
}

// oneOf refuses more than one of some flags.
func oneOf(cmd *cobra.Command, names ...string) error {
	var given []string
	for _, n := range names {
		if cmd.Flags().Changed(n) {
			given = append(given, "--"+n)
		}
	}
	if len(given) > 1 {
		return &usageError{fmt.Sprintf("%s: one of them at a time", words.List(given)), cmd.CommandPath()}
	}
	return nil
}

// outcomeAfter gives the folder. A flag that may stand alone leaves the outcome
// that follows it to the arguments, from where it is taken.
func (f *whyFlags) outcomeAfter(cmd *cobra.Command, args []string) (dir string, err error) {
	if len(args) == 1 {
		return args[0], nil
	}
	for name, into := range map[string]*string{"worst": &f.worst, "median": &f.median, "best": &f.best} {
		if !cmd.Flags().Changed(name) || *into != why.LowestCash {
			continue
		}
		i := 1
		if _, err := os.Stat(args[0]); err != nil {
			i = 0 // why --worst OUTCOME DIR
		}
		*into = args[i]
		return args[1-i], nil
	}
	return "", &usageError{fmt.Sprintf("why takes the folder of a run; %q is too many", args[1]), cmd.CommandPath()}
}

// reopen reads a run and its plan; another version's run is refused.
func (p *program) reopen(dir string) (*why.Run, error) {
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s is no results folder: it has no manifest.json", dir)
	}
	r, err := result.Open(dir)
	if err != nil {
		return nil, refused(err)
	}
	if r.Manifest.Version != version {
		return nil, usagef("%s was made by version %s and this is %s: the same version replays it to the same bytes", dir,
			r.Manifest.Version, version)
	}
	text, err := r.Scenario()
	if err != nil {
		return nil, err
	}
	s, err := scenarios.OpenBytes("scenario.toml", text, p.options()...)
	if err != nil {
		return nil, err
	}
	return &why.Run{Name: dir, Plan: s.Plan, Seed: r.Manifest.Seed, Schema: r.Schema, Kept: r}, nil
}

// ask is the question that the flags amount to.
func (f *whyFlags) ask(run *why.Run) why.Ask {
	a := why.Ask{Run: run, Journeys: f.journeys.value(), OtherOpening: f.otherOpening}
	switch {
	case f.replication.text != "":
		a.Choose, a.Replication = why.Numbered, f.replication.value()
	case f.worst != "":
		a.Choose, a.Outcome = why.Worst, f.worst
	case f.median != "":
		a.Choose, a.Outcome = why.Median, f.median
	case f.best != "":
		a.Choose, a.Outcome = why.Best, f.best
	}
	return a
}

// why replays a replication and tells its story.
func (p *program) why(dir string, flags *whyFlags) error {
	run, err := p.reopen(dir)
	if err != nil {
		return err
	}
	ask := flags.ask(run)
	if flags.against != "" {
		if ask.Against, err = p.reopen(flags.against); err != nil {
			return err
		}
	}
	here, there, err := ask.Replay()
	if err != nil {
		return flagged(err)
	}
	a, err := ask.Answer(here, there)
	if err != nil {
		return flagged(err)
	}
	d := p.decision(&flags.decideFlags, "why", run.Plan, &sim.Design{Seed: a.Seed, Replications: a.Of},
		scenarios.Digest(run.Plan), a.Replication, flags.against)
	if err := d.take(); err != nil {
		return err
	}
	var next []string
	for _, step := range a.Next {
		line := []string{"windfall", step.Question, dir}
		if step.Choose != "" {
			line = append(line, "--"+step.Choose)
		}
		next = append(next, shellLine(line))
	}
	return d.show(page.Why(a, asFlag), next)
}
