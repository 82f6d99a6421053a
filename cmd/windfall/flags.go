package main

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"windfall/model"
	"windfall/plots/gallery"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/store"
)

// options are what the flags amount to that several commands have.
type options struct {
	set                                []string
	replications, seed, weeks, workers numberFlag
	draws, seeds                       numberFlag
	shard                              shardFlag
	after, out, metric, format         string
	resume, all, otherOpening          bool
	json, quiet, strict                bool
	pictures                           pictureFlag
	noReport, open                     bool
}

// otherOpeningFlag allows plans that start from different states.
const otherOpeningFlag = "allow-different-opening"

// common are those flags: where each is kept, and what its help says unless a command says otherwise.
var common = map[string]struct {
	in    func(*options) any
	usage string
}{
	"set": {func(o *options) any { return &o.set }, "override a key of the scenario: `KEY=VALUE`, or KEY*=FACTOR " +
		"(repeatable)"},
	"replications": {func(o *options) any { return &o.replications }, ""},
	"seed": {func(o *options) any { return &o.seed }, "seed of the random numbers (default: the scenario's " +
		"run.seed)"},
	"weeks": {func(o *options) any { return &o.weeks }, "length of the run in weeks (default: the scenario's " +
		"run.weeks)"},
	"draws":          {func(o *options) any { return &o.draws }, ""},
	"seeds-per-draw": {func(o *options) any { return &o.seeds }, ""},
	"workers": {func(o *options) any { return &o.workers }, "goroutines (default: one a processor); results never " +
		"depend on it"},
	"shard": {func(o *options) any { return &o.shard }, "run one of N parts, `I/N` with I from 0; auto: as the array " +
		"job says; windfall merge gives the answer"},
	"after": {func(o *options) any { return &o.after }, "with --shard: the folder, `DIR`, in which the rounds before " +
		"were merged; one that is not there: none were"},
	"resume": {func(o *options) any { return &o.resume }, "go on with an interrupted one, and refuse to begin anew"},
	"metric": {func(o *options) any { return &o.metric }, "the `METRIC` that decides, as in goals: won, p5(cash_end), " +
		"'P(cash_trough < 0)'"},
	"format": {func(o *options) any { return &o.format }, "`FORMAT` of the tables: csv or parquet"},
	otherOpeningFlag: {func(o *options) any { return &o.otherOpening }, "compare plans that start from different " +
		"states, too"},
	"all":  {func(o *options) any { return &o.all }, "print all rows, not only the first 12"},
	"out":  {func(o *options) any { return &o.out }, ""},
	"json": {func(o *options) any { return &o.json }, "print the results as JSON"},
	"quiet": {func(o *options) any { return &o.quiet }, "no progress and no tables: only the name of the results " +
		"folder"},
	"strict":    {func(o *options) any { return &o.strict }, "exit code 3 for undecided goals too"},
	"pictures":  {func(o *options) any { return &o.pictures }, "draw `WHICH` pictures: all or none (default: all)"},
	"no-report": {func(o *options) any { return &o.noReport }, "write no report.html"},
	"open":      {func(o *options) any { return &o.open }, "open the report in the browser"},
}

// where are the flags of a command that writes a results folder and says what is in it.
func where(dir string) []string { return []string{"out: " + dir, "json", "quiet"} }

// ofRuns are those of a command that reports runs, whose pictures have names known before.
func (o *options) ofRuns(dir string) []string {
	o.pictures.names = gallery.Names()
	return append(where(dir), "strict", "no-pictures",
		"pictures: draw `WHICH` pictures: all, none, or NAME,... (default: all but outcome-*)",
		"no-report: write no report.html (a run of fewer than 50 replications has none)")
}

// declare gives a command some flags, a line each: a name, or NAME: what its help says. Those whose keys have a range
// in the table of parameters keep to it.
func (o *options) declare(cmd *cobra.Command, lines ...string) {
	count := keyFlag("run.replications")
	o.replications, o.draws, o.seeds = count, count, count
	o.seed, o.weeks, o.workers = keyFlag("run.seed"), keyFlag("run.weeks"), numberFlag{param: whole(1, 4096)}
	flags := cmd.Flags()
	for _, line := range lines {
		name, usage, own := strings.Cut(line, ": ")
		if name == "no-pictures" {
			o.noPictures(cmd)
			continue
		}
		if !own {
			usage = common[name].usage
		}
		switch in := common[name].in(o).(type) {
		case *bool:
			flags.BoolVar(in, name, *in, usage)
		case *string:
			flags.StringVar(in, name, *in, usage)
		case *[]string:
			flags.StringArrayVar(in, name, nil, usage)
		case pflag.Value:
			flags.Var(in, name, usage)
		}
		switch name {
		case "out", "after":
			_ = cmd.MarkFlagDirname(name)
		case "set":
			_ = cmd.RegisterFlagCompletionFunc(name, completeSet)
		case "format":
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions([]string{"csv", "parquet"},
				cobra.ShellCompDirectiveNoFileComp))
		case "pictures":
			_ = cmd.RegisterFlagCompletionFunc(name, o.pictures.complete)
		}
	}
}

// sets are the overrides that the flags amount to.
func (o *options) sets(more ...*numberFlag) []string {
	out := slices.Clone(o.set)
	for _, n := range append(more, &o.seed, &o.weeks) {
		if n.text != "" {
			out = append(out, n.param.Pattern+"="+n.text)
		}
	}
	return out
}

// typed are the flags that say which plan is meant, for a command that follows.
func (o *options) typed() (words []string) {
	for _, n := range []struct{ flag, text string }{{"--seed", o.seed.text}, {"--weeks", o.weeks.text}} {
		if n.text != "" {
			words = append(words, n.flag, n.text)
		}
	}
	for _, s := range o.set {
		words = append(words, "--set", s)
	}
	if o.otherOpening {
		words = append(words, "--"+otherOpeningFlag)
	}
	return words
}

// shardFlag is a part of a design.
type shardFlag struct{ *store.Shard }

// String implements pflag.Value.
func (f *shardFlag) String() string {
	if f.Shard == nil {
		return ""
	}
	return f.Shard.String()
}

// Type implements pflag.Value.
func (f *shardFlag) Type() string { return "I/N" }

// Set implements pflag.Value.
func (f *shardFlag) Set(text string) (err error) {
	f.Shard, err = sim.ParseShard(text, os.Getenv)
	return err
}

// numberFlag is a whole number that obeys a row of the parameter table.
type numberFlag struct {
	param model.Param
	text  string // as a scenario writes it; empty: not given
}

// keyFlag is a flag that stands for a key of the scenario.
func keyFlag(key string) numberFlag {
	for _, param := range model.Params() {
		if param.Pattern == key {
			return numberFlag{param: param}
		}
	}
	panic("no parameter " + key)
}

// whole is the range of a whole number.
func whole(low, high float64) model.Param { return model.Param{Whole: true, Low: low, High: high} }

// String implements pflag.Value.
func (f *numberFlag) String() string { return f.text }

// Type implements pflag.Value.
func (f *numberFlag) Type() string { return "N" }

// Set implements pflag.Value.
func (f *numberFlag) Set(text string) error {
	plain := strings.ReplaceAll(text, "_", "")
	n, err := strconv.ParseUint(plain, 10, 63)
	if err != nil || !f.param.Allows(float64(n)) {
		return errors.New(f.param.Range() + " is needed")
	}
	f.text = plain
	return nil
}

// value is the number, 0 if it was not given.
func (f *numberFlag) value() int {
	n, _ := strconv.Atoi(f.text)
	return n
}

// completePrecision completes the outcomes of a metric.
func completePrecision(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, c := range model.NewSchema(&model.Plan{}).Outcomes {
		if strings.HasPrefix(c.Name, start) {
			out = append(out, c.Name+"=1%\t"+c.Meaning)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeSet completes the keys of the scenario that is named before.
func completeSet(_ *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, key := range keysOf(args, start) {
		out = append(out, key+"=")
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeKey completes a scenario, then one of its keys.
func completeKey(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return completeScenario(cmd, args, start)
	}
	return keysOf(args, start), cobra.ShellCompDirectiveNoFileComp
}

// keysOf lists the keys of a scenario that begin in some way.
func keysOf(args []string, start string) []string {
	if len(args) != 1 {
		return nil
	}
	plan, err := scenarios.Load(args[0])
	if err != nil {
		return nil
	}
	var out []string
	for _, f := range plan.AllFields() {
		if strings.HasPrefix(f.Key, start) {
			out = append(out, f.Key)
		}
	}
	return out
}
