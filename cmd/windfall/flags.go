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
	"windfall/model/plan"
	"windfall/plots/gallery"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/decide"
	"windfall/sim/store"
)

// options are what the flags amount to that several commands have.
type options struct {
	set                                []string
	replications, seed, weeks, workers numberFlag
	draws, seeds, atMost               numberFlag
	shard                              *store.Shard
	after, out, metric, format, from   string
	precision                          string
	resume, all, otherOpening          bool
	json, quiet, strict                bool
	pictures                           gallery.Choice
	noReport, open                     bool
}

// otherOpeningFlag allows plans that start from different states.
const otherOpeningFlag = "allow-different-opening"

// in is where a flag of that name is kept.
func (o *options) in(name string) any {
	return map[string]any{"set": &o.set, "replications": &o.replications, "seed": &o.seed, "weeks": &o.weeks,
		"draws": &o.draws, "seeds-per-draw": &o.seeds, "workers": &o.workers, "shard": o.setShard, "after": &o.after,
		"resume": &o.resume, "metric": &o.metric, "format": &o.format, otherOpeningFlag: &o.otherOpening, "all": &o.all,
		"out": &o.out, "json": &o.json, "quiet": &o.quiet, "strict": &o.strict, "pictures": &o.pictures,
		"no-report": &o.noReport, "open": &o.open, "from": &o.from,
		"precision": &o.precision, "at-most": &o.atMost}[name]
}

// Flags that go together: where results are, and how a run, or a question, is run and shown.
const (
	whereFlags = "out json quiet "
	shownFlags = whereFlags + "pictures no-pictures no-report "
	runsFlags  = shownFlags + "strict "
	asksFlags  = shownFlags + "replications seed set format workers shard resume all "
	aimFlags   = "precision at-most after " // in place of a number of replications
)

// declare gives a command some flags. What each does is said in its manual; those whose keys have a range in the table
// of parameters keep to it.
func (o *options) declare(cmd *cobra.Command, names string) {
	count := keyFlag("run.replications")
	o.replications, o.draws, o.seeds, o.atMost = count, count, count, count
	o.seed, o.weeks, o.workers = keyFlag("run.seed"), keyFlag("run.weeks"), numberFlag{param: whole(1, 4096)}
	flags := cmd.Flags()
	for name := range strings.FieldsSeq(names) {
		switch in := o.in(name).(type) {
		case *bool:
			flags.BoolVar(in, name, *in, "")
		case *string:
			flags.StringVar(in, name, *in, "")
		case *[]string:
			flags.StringArrayVar(in, name, nil, "")
		case pflag.Value:
			flags.Var(in, name, "")
		case func(string) error:
			flags.Func(name, "", in)
		}
		switch name {
		case "out", "after":
			_ = cmd.MarkFlagDirname(name)
		case "precision":
			_ = cmd.RegisterFlagCompletionFunc(name, completePrecision)
		case "set":
			_ = cmd.RegisterFlagCompletionFunc(name, completeSet)
		case "format":
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions([]string{"csv", "parquet", "xlsx"},
				cobra.ShellCompDirectiveNoFileComp))
		case "no-pictures":
			o.noPictures(cmd)
		case "pictures":
			_ = cmd.RegisterFlagCompletionFunc(name, o.completePictures)
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
	if o.from != "" {
		out = append(out, "run.start="+o.from)
	}
	return out
}

// aimed says what is wrong with a target beside a number of replications, or with a limit of nothing.
func (o *options) aimed(toVerdict bool) error {
	for _, n := range [...]numberFlag{o.replications, o.draws} {
		if o.precision != "" && n.text != "" {
			return usagef("--replications %s: --precision says how often the plan is run; --at-most %[1]s limits it", n.text)
		}
	}
	if o.precision == "" && o.atMost.text != "" && !toVerdict {
		return usagef("--at-most %s: it limits --precision; --replications says how often the plan is run", o.atMost.text)
	}
	return nil
}

// aim makes a design go on until what is asked of its margins of error is reached; nil: nothing is.
func (o *options) aim(d *decide.Design) (*decide.Precise, error) {
	if err := o.aimed(false); err != nil || o.precision == "" {
		return nil, err
	}
	target, err := d.UntilPrecise(o.precision, o.atMost.value())
	return target, flagged(err)
}

// typed are the flags that say which plan is meant, for a command that follows.
func (o *options) typed() (words []string) {
	for _, n := range [...][2]string{{"--seed", o.seed.text}, {"--weeks", o.weeks.text}, {"--from", o.from}} {
		if n[1] != "" {
			words = append(words, n[:]...)
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

// setShard reads which part of a design is run.
func (o *options) setShard(text string) (err error) {
	o.shard, err = sim.ParseShard(text, os.Getenv)
	return err
}

// numberFlag is a whole number that obeys a row of the parameter table.
type numberFlag struct {
	param plan.Param
	text  string // as a scenario writes it; empty: not given
}

// keyFlag is a flag that stands for a key of the scenario.
func keyFlag(key string) numberFlag {
	for _, param := range plan.Params() {
		if param.Pattern == key {
			return numberFlag{param: param}
		}
	}
	panic("no parameter " + key)
}

// whole is the range of a whole number.
func whole(low, high float64) plan.Param { return plan.Param{Whole: true, Low: low, High: high} }

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
	for _, c := range model.NewSchema(&plan.Plan{}).Outcomes {
		out = append(out, c.Name+"=1%\t"+c.Meaning)
	}
	return beginning(out, start), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
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
		out = append(out, f.Key)
	}
	return beginning(out, start)
}
