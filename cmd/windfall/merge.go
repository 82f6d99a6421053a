package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"windfall/model/plan"
	"windfall/plots/gallery"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/answer"
	"windfall/sim/result"
	"windfall/sim/store"
)

func (p *program) mergeCommand() *cobra.Command {
	o := options{pictures: gallery.Choice{Known: gallery.Names()}}
	var cmd *cobra.Command
	cmd = command("merge DIR... --out DIR", 1, 0, "the folders of the shards", completeFolder, func(args []string) error {
		if o.out == "" {
			return &usageError{"merge needs --out DIR, the folder for the whole run", cmd.CommandPath()}
		}
		kind, err := store.Kind(args[0])
		if err != nil || kind == result.Kind { // the reader of runs says what is wrong
			return p.merge(&o, args)
		}
		var changed []string // flags of its own, for the command of the answer
		cmd.Flags().Visit(func(f *pflag.Flag) {
			word := "--" + f.Name
			if v := f.Value.String(); v != "" {
				word += "=" + v
			}
			if f.Name != "out" {
				changed = append(changed, word)
			}
		})
		return p.mergeAnswers(kind, o.out, args, changed)
	})
	o.declare(cmd, runsFlags)
	return cmd
}

// merge puts the shards of a run together.
func (p *program) merge(o *options, dirs []string) error {
	tell := &runPrinter{printer: p.printer("merge", o), p: p}
	var plan *plan.Plan
	var tables progress
	r, err := sim.Merge(dirs, o.out, func(r *result.Result, s *analysis.Summary) error {
		question, m := "", r.Manifest
		if plan = p.planOf(r); plan != nil {
			question = plan.Question
		}
		tell.head(m.Scenario, m.Title, question, fmt.Sprintf("%s of %s from %s, seed %d, merged from %s",
			words.Counted(r.Replications(), "run"), words.Counted(m.Weeks, "week"), m.Start, m.Seed,
			words.Counted(len(dirs), "folder")))
		tell.answer(r, s)
		tables = p.progress(o.quiet)
		r.Tabled = tables.tabled
		return clearShown(r, s)
	})
	tables.End()
	if begun := answer.BegunBy(err, result.Kind, o.out, nil); begun != nil {
		_ = tell.begun(begun)
		return err
	}
	if err != nil {
		return refused(err)
	}
	p.hold(r)
	return p.report(tell, r, plan)
}

// mergeAnswers puts the shards of an answer together: the command that was typed is
// followed again, with the blocks of the shards in place of runs.
func (p *program) mergeAnswers(kind, out string, dirs []string, changed []string) error {
	parts, whole, err := answer.Parts(kind, dirs, out)
	if err != nil {
		return refused(err)
	}
	p.joined, p.args = parts, whole[1:]
	return p.execute(append(slices.Clone(p.args), changed...))
}

// planOf reads the plan that is kept with results; nil if that cannot be read.
func (p *program) planOf(r *result.Result) *plan.Plan {
	text, err := r.Scenario()
	var s *scenarios.Scenario
	if err == nil {
		s, err = scenarios.OpenBytes(filepath.Join(r.Dir, "scenario.toml"), text)
	}
	if err != nil {
		p.warn([]string{"the scenario kept with the results cannot be read, so no dates are shaded in pictures: " +
			err.Error()})
		return nil
	}
	return s.Plan
}

// refused makes bad input of an error that the system has no part in.
func refused(err error) error {
	if errors.As(err, new(*fs.PathError)) || errors.As(err, new(syscall.Errno)) {
		return err
	}
	return &usageError{problem: err.Error()}
}
