package main

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"windfall/plots/kept"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/export"
)

func (p *program) exportCommand() *cobra.Command {
	o := options{format: "csv"}
	var e export.Options
	var layout string
	first := numberFlag{param: whole(0, 1e9), text: "0"}
	cmd := command("export SCENARIO", 1, 1, "one scenario", completeScenario, func(args []string) (err error) {
		if e.Formats, err = export.ParseFormats(o.format); err != nil {
			return usagef("--format %v", err)
		}
		if e.Layout, err = export.ParseLayout(layout); err != nil {
			return usagef("--layout %v", err)
		}
		if e.Plan, err = p.prepared(args[0], o.sets()...); err != nil {
			return err
		}
		e.First, e.Replications, e.Workers = first.value(), o.replications.value(), o.workers.value()
		e.Version, e.Digest, e.Command = version, scenarios.Digest(e.Plan), p.command()
		return p.export(&o, &e)
	})
	o.declare(cmd, whereFlags+"replications seed weeks from set format workers")
	f := cmd.Flags()
	f.Var(&first, "replication", "")
	f.StringVar(&layout, "layout", "", "")
	f.BoolVar(&e.Journeys, "journeys", false, "")
	f.BoolVar(&e.Customers, "customers", false, "")
	f.BoolVar(&e.Population, "population", false, "")
	return cmd
}

// export writes the folder of an export, all of it or nothing.
func (p *program) export(o *options, e *export.Options) error {
	progress := p.progress(o.quiet)
	ctx, release := progress.Interruptible(exitInterrupted)
	defer release()
	e.Progress = func(done, total int) { progress.replicated(sim.Progress{Done: done, Total: total}) }
	dir := cmp.Or(o.out, export.DirOf(e))
	m, err := export.Write(ctx, dir, *e)
	progress.End()
	if errors.Is(err, context.Canceled) {
		return &stoppedError{"interrupted; nothing was written"}
	}
	if err != nil {
		return err
	}
	p.warn(p.overrideWarnings())
	return p.printer(export.Kind, o).end(m, dir, kept.Exported(m, dir)...)
}
