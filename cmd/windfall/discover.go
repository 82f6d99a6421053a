package main

import (
	"math"
	"path/filepath"

	"github.com/spf13/cobra"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// discoverFlags are the flags of discover.
type discoverFlags struct {
	decideFlags
	when string
}

// discoverReplications are the runs that discover makes by default.
const discoverReplications = 10_000

// fewCases is the number of runs in which the condition holds below which a box is
// rough.
const fewCases = 4 * analysis.LeastCases

func (p *program) discoverCommand() *cobra.Command {
	var flags discoverFlags
	cmd := &cobra.Command{
		Use:   "discover SCENARIO --when CONDITION",
		Short: "When does the plan fail? The uncertain inputs under which a condition holds",
		Long: `Run a scenario with uncertain inputs and look for a box of inputs in which a
condition holds far more often than elsewhere: at most four inputs, each above
or below a value or between two (patient rule induction).

Half of the runs find the box, the other half measures it:

  base rate  the share of runs in which the condition holds
  density    that share in the box
  coverage   how many of all such runs lie in the box

A condition compares outcomes, as goals do: 'out_of_business', 'live_customers
< 8000 and cash_end < 0'. It must hold in 50 runs at least and in 95% of them
at most; else one that would do is named. The folder holds box.toml, the plan
with its inputs drawn from the box alone.

The default takes about 3 minutes on two cores for metro-uncertain. Twice the
replications make every interval 1.4 times narrower, bring each edge about twice
as near to where it belongs, and take twice as long.`,
		Example: `  windfall discover metro-uncertain --when out_of_business
  windfall discover metro-uncertain --when 'live_customers<4000' --replications 2000`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.discover(args[0], &flags) },
	}
	flags.register(cmd, "discover", "runs, half to find the box and half to measure it (default: 10,000)")
	cmd.Flags().StringVar(&flags.when, "when", "", "the `CONDITION` to explain, such as 'out_of_business' or "+
		"'live_customers < 8000'")
	return cmd
}

func (p *program) discover(name string, flags *discoverFlags) error {
	if flags.when == "" {
		return usagef("discover needs --when CONDITION, such as --when out_of_business or --when 'live_customers < 8000'")
	}
	u, err := p.uncertain(name, flags.sets()...)
	if err != nil {
		return err
	}
	if _, err := outcomeNamed(u.plan, flags.metric); err != nil {
		return err
	}
	columns := u.prepared.Schema().Outcomes
	when, err := metric.ParseCondition(flags.when, columns)
	if err != nil {
		return misread("--when", err)
	}
	design := sim.Design{Replications: firstOf(flags.replications.value(), discoverReplications),
		Seed: uint64(u.plan.Run.Seed), Version: version,
		Settings: []sim.Setting{{Name: "plan", Plan: u.plan, Digest: scenarios.Digest(u.plan)}}}
	instead := []string{"cash_trough", flags.metric} // what a condition that cannot be searched gives way to
	for _, c := range append(when.Outcomes(), instead...) {
		design.Measures = append(design.Measures, panel.Leaf{Setting: "plan", Measure: panel.Measure{Column: c}})
	}
	d := p.decision(&flags.decideFlags, "discover", u.plan, &design, when.Text)
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	sample := numbers.Sample("plan", columns)
	holds, err := when.Holds(sample)
	if err != nil {
		return err
	}
	answer := &discovery{name: name, flags: flags, Scenario: u.plan.Name, When: when.Text,
		Replications: design.Replications, Seed: design.Seed, Weeks: int(u.plan.Run.Weeks)}
	var known []bool // replications without a value are left out
	var at [][]float64
	draws := u.prepared.Draws(design.Seed, design.Replications)
	for i, x := range holds {
		if !math.IsNaN(x) {
			known, at = append(known, x == 1), append(at, draws[i])
		}
		if x == 1 {
			answer.Cases++
		}
	}
	answer.Missing = len(holds) - len(known)
	if answer.missing, err = when.Missing(sample); err != nil {
		return err
	}
	if !analysis.Searchable(answer.Cases, len(known)) {
		answer.Instead, answer.insteadCases = when.Milder(sample, instead...)
	} else {
		answer.explain(u, analysis.FindBox(at, known))
	}
	answer.Answer = answer.sentence()
	if answer.Box != nil {
		const name = "box.toml"
		answer.File = filepath.Join(d.dir, name)
		if err := d.folder.Write(name, answer.scenario(u)); err != nil {
			return err
		}
	}
	return d.tell(answer, answer.drawn())
}
