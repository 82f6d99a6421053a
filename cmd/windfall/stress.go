package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/decide/stress"
	"windfall/sim/panel"
	"windfall/sim/store"
)

func (p *program) stressCommand() *cobra.Command {
	o := options{metric: panel.BusinessValue} // most of what a shock hurts may be customers who are there already
	var file string
	var from plan.Date
	cmd := p.asks(&o, "stress PLAN...", "weeks metric "+otherOpeningFlag, func(args []string) (err error) {
		ask := stress.Ask{Shocks: edit.Shocks(), Metric: o.metric, Replications: o.replications.value(),
			OtherOpening: o.otherOpening, From: from}
		if file != "" {
			if ask.Shocks, err = edit.OpenShocks(file); err != nil {
				return usagef("%v", err)
			}
		}
		for i, name := range scenarios.NamesOf(args) {
			plan, err := p.prepared(args[i], o.sets()...)
			if err != nil {
				return err
			}
			ask.Plans = append(ask.Plans, decide.Setting{Name: name, Plan: plan})
		}
		return reply(p, &o, "stress", ask.Plans[0].Plan, ask,
			func(x *decision, a *stress.Answer) (*page.Document, []string, error) { return x.stressed(a, args) })
	})
	cmd.Flags().StringVar(&file, "shocks", "", "")
	dated(cmd, "from", "2013-07-02", &from)
	cmd.Args = needs(1, 0, "one plan or several")
	return cmd
}

// stressed lays the answer out. If it proposes to look into the worst shock, the plan under it is kept as a scenario.
func (x *decision) stressed(a *stress.Answer, names []string) (*page.Document, []string, error) {
	const name = "worst.toml"
	d := page.Stress(a, asFlag)
	file, dir := filepath.Join(x.place.Dir, name), filepath.Join(x.place.Dir, "worst")
	x.own = func(s decide.Step) string {
		if s.Shock == "" {
			return ""
		}
		return store.ShellLine([]string{"windfall", "run", file, "--replications", "200", "--out", dir}) + " && " +
			store.ShellLine([]string{"windfall", "why", dir, "--worst"})
	}
	if slices.ContainsFunc(d.Next, func(s decide.Step) bool { return s.Shock != "" }) {
		if err := x.folder.WriteBytes(name, fmt.Appendf(nil, "# %s under its worst shock: %s\n#\n%s", a.Worst.Plan,
			a.Worst.Title, scenarios.Resolved(a.Worst.Shocked))); err != nil {
			return nil, nil, err
		}
	}
	return d, x.lines(d.Next, names...), nil
}
