package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/sim/decide/respond"
)

func (p *program) respondCommand() *cobra.Command {
	var o options
	var vary, outcomes []string
	var amount string
	more := "weeks from metric after " + otherOpeningFlag
	cmd := p.asks(&o, "respond SCENARIO", more, p.ofOne(&o, func(name string, plan *plan.Plan) error {
		typed := len(p.overrides)
		ask := respond.Ask{Plan: plan, With: p.varied(name, o.sets()), Outcomes: outcomes,
			Replications: o.replications.value(), OtherOpening: o.otherOpening}
		if len(ask.Outcomes) == 0 {
			ask.Outcomes = []string{o.metric}
		}
		var err error
		if ask.Vary, ask.Amount, err = respond.Parse(vary, amount, plan); err != nil {
			return flagged(err)
		}
		return reply(p, &o, "respond", plan, ask, func(x *decision, a *respond.Answer) (*page.Document, []string, error) {
			for i := typed; i < len(p.overrides); i++ { // what --vary overrides
				p.overrides[i].File, p.overrides[i].Value = varyPlace, ""
			}
			p.overrides = append(p.overrides[:typed], slices.Compact(p.overrides[typed:])...)
			return laid(page.Respond, name)(x, a)
		})
	}))
	cmd.Flags().StringArrayVar(&vary, "vary", nil, "")
	cmd.Flags().StringVar(&amount, "amount", "", "")
	cmd.Flags().StringArrayVar(&outcomes, "outcome", nil, "")
	return cmd
}

// varyPlace is where messages say that what --vary overrides stands.
const varyPlace = "--vary"

// varied gives a plan with changes on top of overrides, each once.
func (p *program) varied(name string, sets []string) func(changes ...string) (*plan.Plan, error) {
	opened := map[string]*plan.Plan{}
	return func(changes ...string) (*plan.Plan, error) {
		key := strings.Join(changes, "\n")
		if plan := opened[key]; plan != nil {
			return plan, nil
		}
		plan, err := p.prepared(name, append(slices.Clone(sets), changes...)...)
		if err = scenarios.TypedWith(err, varyPlace); err != nil { // the plan itself is open: it is the point
			return nil, err
		}
		opened[key] = plan
		return plan, nil
	}
}
