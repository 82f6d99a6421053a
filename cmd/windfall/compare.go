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
	return p.asks(&o, &cobra.Command{
		Use:   "compare A B [C...]",
		Short: "Is one plan better than another, and how sure is that?",
		Long: `Compare plans under common random numbers: every replication of one plan meets
the same firms, the same triggers and the same luck as that of the other, so
that what differs is due to the plans.

With one scenario each --set makes a plan of its own, several keys joined by a
semicolon; with two or more, --set applies to all.

For every outcome the paired difference with its 95% interval; for the metric
(lifetime_margin, or --metric) the quantiles of both plans, whether one is
better in distribution, and the chance that B beats A under the same luck.
Where inputs are uncertain, every draw of them is run under several lucks
(--draws, --seeds-per-draw), which tells what is due to the inputs from what is
luck.

The default takes a minute or two on two cores for metro. Twice the pairs make
every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall compare metro my-plan.toml
  windfall compare metro --set 'media.*.weekly_budget*=0.5' --set 'media.*.weekly_budget*=2'
  windfall compare phone-system pause-the-brand --replications 20 --metric signups`,
		Args: needs(1, 0, "two scenarios or more, or one and --set"),
	}, "pairs of replications (default: 2,000)", []string{"weeks", "metric", otherOpeningFlag,
		"draws: with uncertain inputs: draws of them (default: 250)",
		"seeds-per-draw: with uncertain inputs: lucks under which each draw is run (default: 8)"},
		func(args []string) error {
			plans, err := p.comparedPlans(args, &o)
			if err != nil {
				return err
			}
			ask := compare.Ask{Plans: plans, Metric: o.metric, Pairs: o.replications.value(), Draws: o.draws.value(),
				Seeds: o.seeds.value(), OtherOpening: o.otherOpening}
			return reply(p, &o, "compare", plans[0].Plan, ask, laid(page.Compare, args...))
		})
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
