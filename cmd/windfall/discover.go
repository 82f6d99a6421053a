package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
)

// discoverFlags are the flags of discover.
type discoverFlags struct {
	decideFlags
	when string
}

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

By default it goes in rounds of 2,500 runs until a box is found that is none of
luck, with 200 runs or more in which the condition holds; after 10,000 it ends
in any case, 3 minutes on two cores for metro-uncertain. --replications N runs
N. Twice the replications make every interval 1.4 times narrower, bring each edge about twice
as near to where it belongs, and take twice as long.`,
		Example: `  windfall discover metro-uncertain --when out_of_business
  windfall discover metro-uncertain --when 'live_customers<4000' --replications 2000`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.discover(args[0], &flags) },
	}
	flags.register(cmd, "discover", "runs, half to find the box and half to measure it (default: "+
		"until a box is found, 10,000 at most)")
	registerAfter(cmd, &flags.after)
	cmd.Flags().StringVar(&flags.when, "when", "", "the `CONDITION` to explain, such as 'out_of_business' or "+
		"'live_customers < 8000'")
	return cmd
}

// discover runs a plan and looks for a box of its inputs.
func (p *program) discover(name string, flags *discoverFlags) error {
	if flags.when == "" {
		return usagef("discover needs --when CONDITION, such as --when out_of_business or --when 'live_customers < 8000'")
	}
	plan, err := p.prepared(name, flags.sets()...)
	if err != nil {
		return err
	}
	ask := discover.Ask{Plan: plan, When: flags.when, Metric: flags.metric, Replications: flags.replications.value()}
	d, a, err := answerTo(p, &flags.decideFlags, "discover", plan, ask)
	if err != nil {
		return err
	}
	const box = "box.toml"
	if a.Inside != nil {
		a.File = filepath.Join(d.dir, box)
	}
	document := page.Discover(a, asFlag)
	if a.Inside != nil {
		if err := d.folder.Write(box, inBox(a, document.Sentences[0])); err != nil {
			return err
		}
	}
	var next []string
	for _, step := range a.Next {
		if step.Inside {
			next = append(next, shellLine([]string{"windfall", step.Question, a.File, "--replications",
				strconv.Itoa(step.Replications)}))
			continue
		}
		next = append(next, d.lines([]decide.Step{step}, name)...)
	}
	return d.show(document, next)
}

// inBox writes the plan with its inputs drawn from the box.
func inBox(a *discover.Answer, said string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "# %s\n#\n# The plan with these inputs drawn from the box alone, each from 50 values of "+
			"equal\n# chance; correlations act within the box.\n#\n%s", said, scenarios.Resolved(a.Inside))
		return err
	}
}
