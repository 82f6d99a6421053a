package main

import (
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
)

func (p *program) compareCommand() *cobra.Command {
	var o options
	cmd := p.asks(&o, "compare A B [C...]", "weeks metric draws seeds-per-draw "+otherOpeningFlag,
		func(args []string) error {
			plans, err := p.comparedPlans(args, &o)
			if err != nil {
				return err
			}
			ask := compare.Ask{Plans: plans, Metric: o.metric, Pairs: o.replications.value(), Draws: o.draws.value(),
				Seeds: o.seeds.value(), OtherOpening: o.otherOpening}
			return reply(p, &o, "compare", plans[0].Plan, ask, laid(page.Compare, args...))
		})
	cmd.Args = needs(1, 0, "two scenarios or more, or one and --set")
	return cmd
}

// comparedPlans opens what is compared: scenarios, or one and what each --set makes of it.
func (p *program) comparedPlans(args []string, o *options) (out []compare.Plan, err error) {
	add := func(name, scenario string, sets ...string) error {
		plan, err := p.prepared(scenario, append(o.sets(), sets...)...)
		if err == nil {
			out = append(out, compare.Plan{Setting: decide.Setting{Name: name, Plan: plan}, Changes: sets})
		}
		return err
	}
	if len(args) == 1 {
		if len(o.set) == 0 {
			return nil, usagef("compare needs two scenarios, or one and --set KEY=VALUE for each plan beside it")
		}
		variants := o.set
		o.set = nil
		if err := add("plan", args[0]); err != nil {
			return nil, err
		}
		for _, v := range variants {
			if len(splitSets(v)) == 0 {
				return nil, usagef("--set %q: KEY=VALUE is needed, several joined by a semicolon", v)
			}
			if err := add(v, args[0], splitSets(v)...); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	for i, name := range namesOf(args) {
		if err := add(name, args[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// splitSets takes apart several overrides joined by semicolons.
func splitSets(text string) (out []string) {
	for _, s := range strings.Split(text, ";") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
