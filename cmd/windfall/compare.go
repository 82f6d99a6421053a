package main

import (
	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
)

func (p *program) compareCommand() *cobra.Command {
	var o options
	var variants []string
	var cmd *cobra.Command
	cmd = p.asks(&o, "compare A B [C...]", aimFlags+"weeks from metric draws seeds-per-draw "+otherOpeningFlag,
		func(args []string) error {
			plans, err := p.comparedPlans(args, &o, variants)
			if err != nil {
				return err
			}
			ask := compare.Ask{Plans: plans, Pairs: o.replications.value(), Draws: o.draws.value(), Seeds: o.seeds.value(),
				OtherOpening: o.otherOpening}
			if !cmd.Flags().Changed("metric") {
				o.metric = ask.Default()
			}
			ask.Metric = o.metric
			return reply(p, &o, "compare", plans[0].Plan, ask, laid(page.Compare, args...))
		})
	cmd.Flags().StringArrayVar(&variants, "plan", nil, "")
	cmd.Args = needs(1, 0, "two scenarios or more, or one and --plan")
	return cmd
}

// comparedPlans opens what is compared: scenarios, or one and what each --plan, or each --set, makes of it.
func (p *program) comparedPlans(args []string, o *options, variants []string) (out []compare.Plan, err error) {
	flag := "--plan"
	add := func(name, scenario string, sets ...string) error {
		plan, err := p.prepared(scenario, append(o.sets(), sets...)...)
		if err == nil {
			out = append(out, compare.Plan{Setting: decide.Setting{Name: name, Plan: plan}, Changes: sets})
		} else if len(sets) > 0 {
			err = scenarios.TypedWith(err, flag)
		}
		return err
	}
	if len(args) > 1 && len(variants) > 0 {
		return nil, usagef("--plan makes plans of one scenario; there are %d", len(args))
	}
	for i, name := range scenarios.NamesOf(args) {
		if len(args) == 1 {
			name = "plan"
			if len(variants) == 0 {
				variants, flag, o.set = o.set, scenarios.SetPlace, nil
			}
		}
		if err := add(name, args[i]); err != nil {
			return nil, err
		}
	}
	if len(out)+len(variants) < 2 {
		return nil, usagef("compare needs two scenarios, or one and --plan 'NAME: KEY=VALUE' for each plan beside it")
	}
	for _, v := range variants {
		name, changes := edit.ParsePlan(v)
		if len(changes) == 0 {
			return nil, usagef("%s %q: KEY=VALUE is needed, several joined by a semicolon", flag, v)
		}
		if err := add(name, args[0], changes...); err != nil {
			return nil, err
		}
	}
	return out, nil
}
