package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
)

func (p *program) valueCommand() *cobra.Command {
	var o options
	var plans []string
	cmd := p.asks(&o, "value SCENARIO --decide A B", "weeks from metric after draws seeds-per-draw "+otherOpeningFlag,
		func(args []string) error { return p.value(&o, args[0], append(slices.Clone(plans), args[1:]...)) })
	cmd.Flags().StringArrayVar(&plans, "decide", nil, "")
	cmd.Args = needs(1, 2, "one scenario and --decide A B")
	return cmd
}

// value asks what is worth measuring before one of two plans is chosen.
func (p *program) value(o *options, scenario string, names []string) (err error) {
	if len(names) == 1 {
		names = []string{"plan", names[0]}
	}
	switch {
	case len(names) != 2:
		return usagef("value needs two plans: --decide A B, such as --decide plan 'media.*.weekly_budget*=0.5'")
	case o.replications.text != "":
		return usagef("--draws and --seeds-per-draw say how much is run, not --replications")
	}
	ask := value.Ask{Metric: o.metric, Draws: o.draws.value(), Seeds: o.seeds.value(), OtherOpening: o.otherOpening}
	for i, into := range []*value.Plan{&ask.A, &ask.B} {
		if *into, err = p.choice(names[i], scenario, o); err != nil {
			return err
		}
	}
	return reply(p, o, "value", ask.A.Plan, ask, func(x *decision, a *value.Answer) (*page.Document, []string, error) {
		d := page.ValueOf(a, asFlag)
		both := []string{a.A, a.B}
		for i, n := range both {
			if n == "plan" {
				both[i] = scenario
			}
		}
		return d, x.linesOf(d.Next, scenario, both), nil
	})
}

// choice opens one of the two plans: the scenario itself, what changes make of it, or
// another.
func (p *program) choice(name, scenario string, o *options) (out value.Plan, err error) {
	sets := o.sets()
	_, isFile := os.Stat(name)
	switch {
	case name == "plan":
		out.Base = true
	case strings.Contains(name, "=") && isFile != nil:
		var changes []string
		name, changes = edit.ParsePlan(name)
		out.Change, sets = strings.Join(changes, ";"), append(sets, changes...)
	default:
		scenario = name
	}
	plan, err := p.prepared(scenario, sets...)
	if err != nil && out.Change != "" {
		return out, scenarios.TypedWith(err, "--decide")
	} else if err != nil {
		return out, err
	}
	out.Setting = decide.Setting{Name: name, Plan: plan}
	return out, nil
}
