package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
)

// valueFlags are the flags of value.
type valueFlags struct {
	decideFlags
	decide       []string
	draws, seeds numberFlag
}

func (p *program) valueCommand() *cobra.Command {
	var flags valueFlags
	cmd := &cobra.Command{
		Use:   "value SCENARIO --decide A B",
		Short: "What is worth measuring before a decision between two plans?",
		Long: `Value knowing the uncertain inputs before one of two plans is chosen: in
lifetime margin (or in --metric), for all inputs and for each. Which
one to measure first, how likely knowing it changes the decision, and the value
of it at which the second plan takes over from the first.

A and B are scenarios, files, or keys set in SCENARIO, joined by semicolons;
'plan' is SCENARIO as it stands, and the first one where only one is named.

Each draw of the inputs is run under several lucks with both plans. Regressions
of the difference on the inputs foretell which plan is better, and are judged on
draws they have not seen; no largest or smallest draw is taken for knowledge.

By default 250 draws are run, and as many again where it is not known by then
whether anything is worth measuring; --draws N runs N. 250 take about a minute
on two cores for metro-uncertain. Twice the draws make every interval 1.4 times
narrower and take twice as long; twice the
seeds help where luck hides the difference.`,
		Example: `  windfall value metro-uncertain --decide plan 'media.*.weekly_budget*=0.5'
  windfall value metro-uncertain --decide 'channels.paid-search.weekly_budget*=2' --draws 100`,
		Args:              needs(1, 2, "one scenario and --decide A B"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.value(args, &flags) },
	}
	flags.register(cmd, "value", "not for this command: see --draws")
	registerAfter(cmd, &flags.after)
	flags.draws, flags.seeds = keyFlag("run.replications"), keyFlag("run.replications")
	cmd.Flags().Var(&flags.draws, "draws", "draws of the uncertain inputs, 100 at least (default: 250, or 500 where "+
		"that leaves it open)")
	cmd.Flags().Var(&flags.seeds, "seeds-per-draw", "lucks under which each draw is run (default: 8)")
	cmd.Flags().StringArrayVar(&flags.decide, "decide", nil, "the two plans, `A B`: scenarios, files, KEY=VALUE, or plan")
	return cmd
}

// valueAsk is the question that arguments and flags amount to.
func (p *program) valueAsk(args []string, flags *valueFlags) (a value.Ask, err error) {
	names := append(slices.Clone(flags.decide), args[1:]...)
	if len(names) == 1 {
		names = []string{"plan", names[0]}
	}
	switch {
	case len(names) != 2:
		return a, usagef("value needs two plans: --decide A B, such as --decide plan 'media.*.weekly_budget*=0.5'")
	case flags.replications.text != "":
		return a, usagef("--draws and --seeds-per-draw say how much is run, not --replications")
	}
	a = value.Ask{Metric: flags.metric, Draws: flags.draws.value(), Seeds: flags.seeds.value(),
		OtherOpening: flags.otherOpening}
	for i, into := range []*value.Plan{&a.A, &a.B} {
		if *into, err = p.choice(names[i], args[0], flags); err != nil {
			return a, err
		}
	}
	return a, nil
}

// choice opens one of the two plans: the scenario itself, what changes make of it, or
// another.
func (p *program) choice(name, scenario string, flags *valueFlags) (out value.Plan, err error) {
	sets := flags.sets()
	_, isFile := os.Stat(name)
	switch {
	case name == "plan":
		out.Base = true
	case strings.Contains(name, "=") && isFile != nil:
		out.Change, sets = name, append(sets, splitSets(name)...)
	default:
		scenario = name
	}
	plan, err := p.prepared(scenario, sets...)
	if err != nil {
		return out, err
	}
	out.Setting = decide.Setting{Name: name, Plan: plan}
	return out, nil
}

// value runs two plans and tells what knowing their inputs is worth.
func (p *program) value(args []string, flags *valueFlags) error {
	ask, err := p.valueAsk(args, flags)
	if err != nil {
		return err
	}
	d, a, err := answerTo(p, &flags.decideFlags, "value", ask.A.Plan, ask)
	if err != nil {
		return err
	}
	var next []string
	for _, step := range a.Next {
		names := args[:1]
		if step.All {
			names = []string{a.A, a.B}
			for i, n := range names {
				if n == "plan" {
					names[i] = args[0]
				}
			}
		}
		next = append(next, d.lines([]decide.Step{step}, names...)...)
	}
	return d.show(page.ValueOf(a, asFlag), next)
}
