package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

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

// workersFlag is the flag for a number of goroutines.
func workersFlag() numberFlag { return numberFlag{param: plan.Param{Whole: true, Low: 1, High: 4096}} }

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
