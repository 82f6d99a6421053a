package main

import (
	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/sim/decide/sensitivity"
)

func (p *program) sensitivityCommand() *cobra.Command {
	var o options
	var outcomes []string
	var when string
	cmd := p.asks(&o, "sensitivity SCENARIO", "weeks from metric", p.ofOne(&o, func(name string, plan *plan.Plan) error {
		ask := sensitivity.Ask{Plan: plan, Outcomes: outcomes, When: when, Metric: o.metric, Rows: o.replications.value()}
		return reply(p, &o, "sensitivity", plan, ask, laid(page.Sensitivity, name))
	}))
	cmd.Flags().StringArrayVar(&outcomes, "outcome", nil, "")
	cmd.Flags().StringVar(&when, "when", "", "")
	return cmd
}
