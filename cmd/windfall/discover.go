package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
	"windfall/sim/store"
)

func (p *program) discoverCommand() *cobra.Command {
	var o options
	var when string
	ask := p.ofOne(&o, func(name string, plan *model.Plan) error {
		ask := discover.Ask{Plan: plan, When: when, Metric: o.metric, Replications: o.replications.value()}
		return reply(p, &o, "discover", plan, ask,
			func(x *decision, a *discover.Answer) (*page.Document, []string, error) { return x.discovered(a, name) })
	})
	cmd := p.asks(&o, &cobra.Command{
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
	}, "runs, half to find the box and half to measure it (default: 10,000)", []string{"weeks", "metric"},
		func(args []string) error {
			if when == "" {
				return usagef("discover needs --when CONDITION, such as --when out_of_business or --when 'live_customers < 8000'")
			}
			return ask(args)
		})
	cmd.Flags().StringVar(&when, "when", "", "the `CONDITION` to explain, such as 'out_of_business' or "+
		"'live_customers < 8000'")
	return cmd
}

// discovered lays the answer out. If a box was found, the plan with its inputs drawn from there is kept as a scenario.
func (x *decision) discovered(a *discover.Answer, name string) (*page.Document, []string, error) {
	const box = "box.toml"
	if a.Inside != nil {
		a.File = filepath.Join(x.place.Dir, box)
	}
	d := page.Discover(a, asFlag)
	if a.Inside != nil {
		if err := x.folder.WriteBytes(box, fmt.Appendf(nil, "# %s\n#\n# The plan with these inputs drawn from the box "+
			"alone, each from 50 values of equal\n# chance; correlations act within the box.\n#\n%s", d.Sentences[0],
			scenarios.Resolved(a.Inside))); err != nil {
			return nil, nil, err
		}
	}
	x.own = func(s decide.Step) string {
		if !s.Inside {
			return ""
		}
		return store.ShellLine([]string{"windfall", s.Question, a.File, "--replications", fmt.Sprint(s.Replications)})
	}
	return d, x.lines(d.Next, name), nil
}
