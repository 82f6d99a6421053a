package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/why"
	"windfall/sim/result"
	"windfall/sim/store"
)

func (p *program) whyCommand() *cobra.Command {
	o := options{format: "csv"}
	var ask why.Ask
	var against string
	replication, journeys := numberFlag{param: whole(0, 1e9)}, numberFlag{param: whole(0, 1e9)}
	by := map[string]*string{"worst": new(string), "median": new(string), "best": new(string)} // why.Choice
	var cmd *cobra.Command
	cmd = command("why DIR", 1, 2, "the folder of a run", nil, func(args []string) error {
		if err := oneOf(cmd, "replication", "worst", "median", "best"); err != nil {
			return err
		}
		dir, err := outcomeAfter(cmd, by, args)
		if err != nil {
			return err
		}
		ask.Journeys, ask.OtherOpening = journeys.value(), o.otherOpening
		if replication.text != "" {
			ask.Choose, ask.Replication = why.Numbered, replication.value()
		}
		for choose, outcome := range by {
			if *outcome != "" {
				ask.Choose, ask.Outcome = why.Choice(choose), *outcome
			}
		}
		return p.why(dir, against, &o, ask)
	})
	o.declare(cmd, shownFlags+"format all "+otherOpeningFlag)
	f := cmd.Flags()
	f.Var(&replication, "replication", "")
	for name, outcome := range by {
		f.StringVar(outcome, name, "", "")
		f.Lookup(name).NoOptDefVal = why.LowestCash
	}
	f.StringVar(&against, "against", "", "")
	f.Var(&journeys, "journeys", "")
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
func outcomeAfter(cmd *cobra.Command, by map[string]*string, args []string) (dir string, err error) {
	if len(args) == 1 {
		return args[0], nil
	}
	for name, into := range by {
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
	s, err := scenarios.OpenBytes("scenario.toml", text, p.loading()...)
	if err != nil {
		return nil, err
	}
	return &why.Run{Name: dir, Plan: s.Plan, Seed: r.Manifest.Seed, Schema: r.Schema, Kept: r}, nil
}

// why replays a replication and tells its story.
func (p *program) why(dir, against string, o *options, ask why.Ask) (err error) {
	if ask.Run, err = p.reopen(dir); err != nil {
		return err
	}
	if against != "" {
		if ask.Against, err = p.reopen(against); err != nil {
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
	plan := ask.Run.Plan
	x := p.decision(o, "why", plan, &decide.Design{Seed: a.Seed, Replications: a.Of}, scenarios.Digest(plan),
		a.Replication, against)
	if err := x.take(); err != nil {
		return err
	}
	x.own = func(s decide.Step) string {
		line := []string{"windfall", s.Question, dir}
		if s.Choose != "" {
			line = append(line, "--"+s.Choose)
		}
		return store.ShellLine(line)
	}
	return x.show(page.Why(a, asFlag), x.lines(a.Next, dir))
}
