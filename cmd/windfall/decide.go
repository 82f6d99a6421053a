package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"windfall/plots/gallery"
	"windfall/sim"
	"windfall/sim/paired"
	"windfall/sim/result"
)

// decideFlags are the flags that all commands share that set plans beside each
// other.
type decideFlags struct {
	set                                []string
	replications, seed, weeks, workers numberFlag
	metric                             string
	resume, all                        bool
	reportFlags
}

func (f *decideFlags) register(cmd *cobra.Command, command, replications string) {
	flags := cmd.Flags()
	f.replications, f.seed, f.weeks, f.workers = keyFlag("run.replications"), keyFlag("run.seed"), keyFlag("run.weeks"), keyFlag("run.replications")
	flags.Var(&f.replications, "replications", replications)
	flags.Var(&f.seed, "seed", "seed of the random numbers (default: the scenario's run.seed)")
	if command != "pause" { // there --weeks is the length of the pause; --set run.weeks=N
		flags.Var(&f.weeks, "weeks", "length of the run in weeks (default: the scenario's run.weeks)")
	}
	flags.Var(&f.workers, "workers", "goroutines (default: one a processor); results never depend on it")
	flags.StringArrayVar(&f.set, "set", nil, "override a key of the scenario: `KEY=VALUE`, or KEY*=FACTOR (repeatable)")
	flags.StringVar(&f.metric, "metric", "lifetime_margin", "the `OUTCOME` that decides")
	flags.BoolVar(&f.resume, "resume", false, "go on with an interrupted one, and refuse to begin anew")
	flags.BoolVar(&f.all, "all", false, "print all rows, not only the first 12")
	f.reportFlags.register(cmd, "the results folder, `DIR` (default: results/"+command+"-SCENARIO-DIGEST)")
	_ = cmd.RegisterFlagCompletionFunc("set", completeSet)
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
	p       *program
	flags   *decideFlags
	command string
	dir     string
}

// keptFolder is where a decision keeps what is done, for an interrupted one.
const keptFolder = "settings"

// decision names the folder of a design; asked is what else the answer depends on.
func (p *program) decision(flags *decideFlags, command, scenario string, d *paired.Design, asked ...any) *decision {
	x := &decision{p: p, flags: flags, command: command, dir: flags.out}
	if x.dir == "" {
		h := sha256.New()
		fmt.Fprintln(h, version, command, d.Seed, d.Replications, d.Lucks, flags.metric)
		for _, s := range d.Settings {
			fmt.Fprintln(h, s.Name, s.Digest)
		}
		if len(asked) > 0 {
			fmt.Fprintln(h, asked...)
		}
		x.dir = filepath.Join("results", command+"-"+scenario+"-"+hex.EncodeToString(h.Sum(nil))[:12])
	}
	d.Workers = flags.workers.value()
	d.Folder = filepath.Join(x.dir, keptFolder)
	return x
}

// run runs the settings with progress; Ctrl-C keeps what is done.
func (x *decision) run(d *paired.Design) (*paired.Panel, error) {
	if err := d.Check(); err != nil {
		return nil, usagef("%v", err)
	}
	entries, err := os.ReadDir(x.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0:
		if x.flags.resume {
			return nil, usagef("--resume: there is nothing to go on with in %s", x.dir)
		}
	case err != nil:
		return nil, err
	default:
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == keptFolder || e.Name() == x.file() }) {
			return nil, usagef("%s holds something else: name another folder with --out", x.dir)
		}
	}
	if err := os.MkdirAll(d.Folder, 0o755); err != nil {
		return nil, err
	}
	progress := x.p.progress(x.flags.quiet)
	ctx, release := x.p.interruptible(progress)
	defer release()
	d.Progress = func(done, total int) { progress.replicated(sim.Progress{Done: done, Total: total}) }
	panel, err := paired.Run(ctx, *d)
	progress.end()
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("interrupted; what is done is kept, go on with:\n  %s\n%w", shellLine(x.p.command()), err)
	}
	return panel, err
}

func (x *decision) file() string { return x.command + ".json" }

// tell writes the answer and prints it: one sentence each first, then warnings
// and tables. What was kept to go on from is removed.
func (x *decision) tell(answer any, tables func(*teller), warnings []string) error {
	err := result.WriteFile(filepath.Join(x.dir, x.file()), jsonTo(answer))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(x.dir, keptFolder)); err != nil {
		return err
	}
	t := x.p.teller(x.command, &x.flags.reportFlags)
	switch {
	case x.flags.json:
		return printJSON(x.p.stdout, answer)
	case x.flags.quiet:
		t.print("%s\n", x.dir)
		return nil
	}
	if s, ok := answer.(interface{ sentences() []string }); ok {
		for _, line := range s.sentences() {
			t.print("%s\n", t.strong(line))
		}
	}
	t.print("\n")
	x.p.warn(warnings)
	tables(t)
	t.print("Results in %s\n", x.dir)
	if n, ok := answer.(interface{ next() []string }); ok {
		for _, words := range n.next() {
			t.print("next: %s\n", words)
		}
	}
	return nil
}

// hang draws pictures into the folder of the decision.
func (x *decision) hang(pictures []gallery.Hung) error {
	if x.flags.noPictures {
		return nil
	}
	progress := x.p.progress(x.flags.quiet)
	defer progress.end()
	return gallery.Write(pictures, x.dir, runtime.GOMAXPROCS(0), func(drawn int) { progress.picture(drawn, len(pictures)) })
}

// jsonTo writes a value as JSON.
func jsonTo(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
}
