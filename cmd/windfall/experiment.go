package main

import (
	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/sim/decide/experiment"
)

func (p *program) experimentCommand() *cobra.Command {
	var o options
	var ask experiment.Ask
	weeks, every := numberFlag{param: whole(1, 2000)}, numberFlag{param: whole(1, 1000)}
	cmd := p.asks(&o, "experiment SCENARIO", "after", p.ofOne(&o, func(name string, plan *plan.Plan) error {
		ask.Plan, ask.Replications, ask.Weeks, ask.Every = plan, o.replications.value(), weeks.value(), every.value()
		return reply(p, &o, "experiment", plan, ask, laid(page.Experiment, name))
	}))
	f := cmd.Flags()
	f.StringVar((*string)(&ask.Kind), "design", "", "")
	f.StringVar(&ask.On, "on", "", "")
	f.StringVar(&ask.EffectOn, "effect-on", "signups", "")
	f.Var(&weeks, "weeks", "")
	f.Var(&every, "every", "")
	f.IntVar(&ask.Wait, "wait", 0, "")
	f.Float64Var(&ask.Spend, "spend", 0, "")
	f.StringVar(&ask.Treated, "treated", "", "")
	f.StringSliceVar(&ask.Regions, "regions", nil, "")
	f.StringVar(&ask.Firms, "firms", "", "")
	dated(cmd, "from", "2013-10-01", &ask.From)
	return cmd
}
