package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"windfall/sim/cluster"
)

func (p *program) clusterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "cluster", Args: cobra.ArbitraryArgs, RunE: group}
	cmd.AddCommand(p.jobCommand("slurm COMMAND..."), p.jobCommand("files COMMAND..."),
		p.folderCommand("status DIR", cluster.Look), p.folderCommand("resubmit DIR", cluster.Resubmit))
	return cmd
}

// jobCommand makes the folder of a job of a command line, with whose flags its own may be mixed.
func (p *program) jobCommand(use string) *cobra.Command {
	o, array, most := cluster.Options{Version: version}, numberFlag{param: whole(1, 1e6)}, numberFlag{param: whole(1, 1e6)}
	var cmd *cobra.Command
	cmd = command(use, 0, 0, "a command", nil, func(words []string) (err error) {
		own, typed := cluster.Split(words, func(name string) (value, ours bool) {
			f := cmd.Flags().Lookup(name)
			return f != nil && f.NoOptDefVal == "", f != nil
		})
		if err := cmd.Flags().Parse(own); err != nil {
			return flagError(cmd, err)
		}
		if help, _ := cmd.Flags().GetBool("help"); help {
			return cmd.Help()
		}
		o.Command, o.Array, o.MaxRunning = typed, array.value(), most.value()
		lines, err := o.Make(cmd.Name(), cluster.OnPath(), func(g *cluster.Gauge) error { return p.gauged(g, typed) })
		p.printer("cluster", &options{}).Lines(lines...)
		return err
	})
	cmd.DisableFlagParsing = true
	f := cmd.Flags()
	f.Var(&array, "array", "")
	f.StringVar(&o.Folder, "folder", "", "")
	if cmd.Name() == "slurm" {
		f.Var(&most, "max-running", "")
		f.StringVar(&o.Partition, "partition", "", "")
		f.StringVar(&o.Account, "account", "", "")
		f.StringVar(&o.Time, "time", "", "")
		f.Float64Var(&o.Seconds, "seconds-per-replication", 0, "")
		f.BoolVar(&o.DryRun, "dry-run", false, "")
	}
	return cmd
}

// gauged follows a command line up to its design, which is taken in place of a run.
func (p *program) gauged(g *cluster.Gauge, words []string) error {
	inner := &program{args: words, stdin: p.stdin, stdout: io.Discard, stderr: p.stderr, gauge: g}
	defer inner.release()
	if err := inner.execute(words); !errors.Is(err, cluster.ErrGauged) {
		return err
	}
	return nil
}

// folderCommand does something with the folder of a job.
func (p *program) folderCommand(use string, do func(string, *cluster.Tools) (any, []string, error)) *cobra.Command {
	var o options
	cmd := command(use, 1, 1, "the folder of a job", completeFolder, func(args []string) error {
		v, lines, err := do(args[0], cluster.OnPath())
		if err != nil {
			return err
		}
		return p.printer("cluster", &o).end(v, args[0], lines...)
	})
	o.declare(cmd, "json")
	return cmd
}
