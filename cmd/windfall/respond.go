package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/sim/decide/respond"
)

func (p *program) respondCommand() *cobra.Command {
	var o options
	var vary, outcomes []string
	cmd := p.asks(&o, &cobra.Command{
		Use:   "respond SCENARIO",
		Short: "Where does the next dollar go? Response to one key, two, or every channel",
		Long: `Run a scenario at several values of one key (a curve) or two (a surface), all
with the same random numbers, and show what each step brings: in all, and at the
margin between neighbouring points.

Without --vary: every budget channel at 0, 0.5, 0.75, 1, 1.5, 2 and 3 times its
plan, ranked by what the next dollar on it brings in lifetime margin. Lifetime
margin is after the dollar itself: above 0 the dollar earns more than it costs.

FROM..TO:POINTS includes both ends. x0..x3:7 multiplies what the plan has, dated
schedules included; media=x0.5..x2:4 moves all budget channels together.

The default without --vary takes about 4 minutes on two cores for metro. Twice
the replications make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall respond metro
  windfall respond metro --vary 'channels.paid-search.weekly_budget=x0..x3:7'
  windfall respond metro --vary media=x0.5..x2:4 --vary 'media.*.weekly_budget=x0.5..x2:3' --outcome won`,
	}, "replications of each point (default: 200)", []string{"weeks", "metric", otherOpeningFlag},
		p.ofOne(&o, func(name string, plan *model.Plan) error {
			typed := len(p.overrides)
			ask := respond.Ask{Plan: plan, With: p.varied(name, o.sets()), Outcomes: outcomes,
				Replications: o.replications.value(), OtherOpening: o.otherOpening}
			if len(ask.Outcomes) == 0 {
				ask.Outcomes = []string{o.metric}
			}
			for _, text := range vary {
				r, err := respond.ParseRange(text)
				if err != nil {
					return flagged(err)
				}
				ask.Vary = append(ask.Vary, r)
			}
			return reply(p, &o, "respond", plan, ask, func(x *decision, a *respond.Answer) (*page.Document, []string, error) {
				for i := typed; i < len(p.overrides); i++ { // what --vary overrides
					p.overrides[i].File, p.overrides[i].Value = varyPlace, ""
				}
				p.overrides = append(p.overrides[:typed], slices.Compact(p.overrides[typed:])...)
				return laid(page.Respond, name)(x, a)
			})
		}))
	cmd.Flags().StringArrayVar(&vary, "vary", nil, "`KEY=FROM..TO:POINTS`, once or twice")
	cmd.Flags().StringArrayVar(&outcomes, "outcome", nil, "the `OUTCOME` to show (repeatable; default: --metric)")
	return cmd
}

// varyPlace is where messages say that what --vary overrides stands.
const varyPlace = "--vary"

// varied gives a plan with changes on top of overrides, each once.
func (p *program) varied(name string, sets []string) func(changes ...string) (*model.Plan, error) {
	opened := map[string]*model.Plan{}
	return func(changes ...string) (*model.Plan, error) {
		key := strings.Join(changes, "\n")
		if plan := opened[key]; plan != nil {
			return plan, nil
		}
		plan, err := p.prepared(name, append(slices.Clone(sets), changes...)...)
		var problems scenarios.Problems
		if errors.As(err, &problems) { // the plan itself is open: it is the point
			for i := range problems {
				problems[i].File = strings.Replace(problems[i].File, setPlace, varyPlace, 1)
			}
		}
		if err != nil {
			return nil, err
		}
		opened[key] = plan
		return plan, nil
	}
}
