package main

import (
	"slices"
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
	plans        []string
	metricTyped  func() bool
}

func (p *program) compareCommand() *cobra.Command {
	var flags compareFlags
	cmd := &cobra.Command{
		Use:   "compare A B [C...]",
		Short: "Is one plan better than another, and how sure is that?",
		Long: `Compare plans under common random numbers: every run of one plan meets the
same firms, the same triggers and the same chances as that of the other, so
that what differs is due to the plans.

With one scenario each --plan makes a plan of its own: a name, a colon, and
overrides joined by semicolons; the name may be left out. --set then applies to
all plans; without --plan each --set is a plan. With two scenarios or more --set
applies to all. Three plans or more are ranked, each held against each.

For every outcome the paired difference with its 95% interval; for the metric
(--metric; default: lifetime_margin, or business_value where the plans differ in
a price) the quantiles of both plans, whether one is better in distribution, and
the chance that B beats A under the same random variation. Where inputs are
uncertain, every draw of them is run with several seeds (--draws,
--seeds-per-draw), which tells what is due to the inputs from what is chance.

The default takes a minute or two on two cores for metro. Twice the pairs make
every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall compare metro my-plan.toml
  windfall compare metro --plan 'half the brand: media.*.weekly_budget*=0.5' --plan 'no brand: media.*.weekly_budget=0'
  windfall compare metro --plan 'more sellers, no brand: teams.field.people=4; media.*.weekly_budget=0'
  windfall compare phone-system pause-the-brand --replications 20 --metric signups`,
		Args:              needs(1, 0, "two scenarios or more, or one and --plan"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.compare(args, &flags) },
	}
	flags.register(cmd, "compare", "pairs of runs (default: 2,000)")
	flags.metricTyped = func() bool { return cmd.Flags().Changed("metric") }
	cmd.Flags().StringArrayVar(&flags.plans, "plan", nil, "a plan beside the scenario, `'NAME: KEY=VALUE; KEY*=FACTOR'` "+
		"(repeatable)")
	flags.draws, flags.seeds = keyFlag("run.replications"), keyFlag("run.replications")
	cmd.Flags().Var(&flags.draws, "draws", "with uncertain inputs: draws of them (default: 250)")
	cmd.Flags().Var(&flags.seeds, "seeds-per-draw", "with uncertain inputs: seeds with which each draw is run "+
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
	if !flags.metricTyped() {
		flags.metric = ask.Default()
		ask.Metric = flags.metric
	}
	d, a, err := answerTo(p, &flags.decideFlags, "compare", plans[0].Plan, ask)
	if err != nil {
		return err
	}
	return d.show(page.Compare(a, asFlag), d.lines(a.Next, args...))
}

// comparedPlans opens what is compared: scenarios, or one and what each --plan, or each --set, makes of it.
func (p *program) comparedPlans(args []string, flags *compareFlags) (out []compare.Plan, err error) {
	add := func(name, scenario string, sets ...string) error {
		plan, err := p.prepared(scenario, append(flags.sets(), sets...)...)
		if err == nil {
			out = append(out, compare.Plan{Setting: decide.Setting{Name: name, Plan: plan}, Changes: sets})
		}
		return err
	}
	if len(args) > 1 {
		if len(flags.plans) > 0 {
			return nil, usagef("--plan makes plans of one scenario; there are %d", len(args))
		}
		for i, name := range namesOf(args) {
			if err := add(name, args[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	variants, flag := flags.plans, "--plan"
	if len(variants) == 0 {
		variants, flag = flags.set, setPlace
		flags.set = nil
	}
	if len(variants) == 0 {
		return nil, usagef("compare needs two scenarios, or one and --plan 'NAME: KEY=VALUE' for each plan beside it")
	}
	if err := add(basePlan, args[0]); err != nil {
		return nil, err
	}
	for _, v := range variants {
		name, changes := named(v)
		if len(changes) == 0 {
			return nil, usagef("%s %q: KEY=VALUE is needed, several joined by a semicolon", flag, v)
		}
		if slices.ContainsFunc(out, func(x compare.Plan) bool { return x.Name == name }) {
			return nil, usagef("%s %q: another plan is called %s", flag, v, name)
		}
		if err := add(name, args[0], changes...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// basePlan is the name of the scenario beside what is made of it.
const basePlan = "plan"

// named takes apart the name of a plan and its overrides: NAME: KEY=VALUE; KEY*=FACTOR. Without a name the overrides
// are the name.
func named(text string) (name string, changes []string) {
	before, after, ok := strings.Cut(text, ":")
	if name = strings.TrimSpace(before); ok && name != "" && !strings.Contains(name, "=") {
		return name, splitSets(after)
	}
	return text, splitSets(text)
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
