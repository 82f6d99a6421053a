package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
	"windfall/sim/store"
)

func (p *program) discoverCommand() *cobra.Command {
	var o options
	var when string
	ask := p.ofOne(&o, func(name string, plan *plan.Plan) error {
		ask := discover.Ask{Plan: plan, When: when, Metric: o.metric, Replications: o.replications.value()}
		return reply(p, &o, "discover", plan, ask,
			func(x *decision, a *discover.Answer) (*page.Document, []string, error) { return x.discovered(a, name) })
	})
	cmd := p.asks(&o, "discover SCENARIO --when CONDITION", "weeks from metric after", func(args []string) error {
		if when == "" {
			return usagef("discover needs --when CONDITION, such as --when out_of_business or --when 'live_customers < 8000'")
		}
		return ask(args)
	})
	cmd.Flags().StringVar(&when, "when", "", "")
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
			"alone, each from 50 values of equal\n# chance, draws of a file "+
			"from its rows in it; correlations act within the box.\n#\n%s", d.Sentences[0],
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
