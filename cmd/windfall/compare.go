package main

import (
	"strings"
	"windfall/sim/decide/compare"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/sim/decide"
)

// compareFlags are the flags of compare.
type compareFlags struct {
	decideFlags
	draws, seeds numberFlag
}

func (p *program) compareCommand() *cobra.Command {
	var flags compareFlags
	cmd := &cobra.Command{
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
		Args:              needs(1, 0, "two scenarios or more, or one and --set"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.compare(args, &flags) },
	}
	flags.register(cmd, "compare", "pairs of replications (default: 2,000)")
	flags.draws, flags.seeds = keyFlag("run.replications"), keyFlag("run.replications")
	cmd.Flags().Var(&flags.draws, "draws", "with uncertain inputs: draws of them (default: 250)")
	cmd.Flags().Var(&flags.seeds, "seeds-per-draw", "with uncertain inputs: lucks under which each draw is run "+
		"(default: 8)")
	return cmd
}

// compare runs the plans and tells how they differ from the first.
func (p *program) compare(args []string, flags *compareFlags) error {
	plans, err := p.comparedPlans(args, flags)
	if err != nil {
		return err
	}
	ask := compare.Ask{Plans: plans, Metric: flags.metric, Pairs: flags.replications.value(),
		Draws: flags.draws.value(), Seeds: flags.seeds.value(),
		OtherOpening: flags.otherOpening}
	d, a, err := answerTo(p, &flags.decideFlags, "compare", plans[0].Plan, ask)
	if err != nil {
		return err
	}
	return d.show(page.Compare(a, asFlag), d.lines(a.Next, args...))
}

// comparedPlans opens what is compared: scenarios, or one and what each --set makes of it.
func (p *program) comparedPlans(args []string, flags *compareFlags) (out []compare.Plan, err error) {
	add := func(name, scenario string, sets ...string) error {
		plan, err := p.prepared(scenario, append(flags.sets(), sets...)...)
		if err == nil {
			out = append(out, compare.Plan{Setting: decide.Setting{Name: name, Plan: plan}, Changes: sets})
		}
		return err
	}
	if len(args) == 1 {
		if len(flags.set) == 0 {
			return nil, usagef("compare needs two scenarios, or one and --set KEY=VALUE for each plan beside it")
		}
		variants := flags.set
		flags.set = nil
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
