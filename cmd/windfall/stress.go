package main

import (
	"fmt"
	"io"
	"path/filepath"
	"windfall/sim/decide/stress"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
)

// stressFlags are the flags of stress.
type stressFlags struct {
	decideFlags
	shocks, from string
}

func (p *program) stressCommand() *cobra.Command {
	var flags stressFlags
	cmd := &cobra.Command{
		Use:   "stress PLAN...",
		Short: "What would break this plan? Plans against a library of shocks",
		Long: `Put shocks to one plan or several: a recession, dearer search, a channel that
is closed, a price war, and more (a library of 14, or --shocks FILE). Each is
paired with the same plan without the shock. Shocks begin in the 27th week (in
the middle of a run of less than 52 weeks) unless they are dated, and name
things by their role in each plan.

With one plan the shocks are ranked from the worst; with two or more the regret
of each plan under each shock is shown, and the plan whose largest regret is
least. They are ranked by business_value: cash at the end, and what customers,
pipeline and brand of the last day still bring (--metric for another).

The default takes about 2 minutes on two cores for metro. Twice the replications
make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall stress metro
  windfall stress metro my-plan.toml --metric cash_trough
  windfall stress metro --shocks my-shocks.toml --from 2014-01-07`,
		Args:              needs(1, 0, "one plan or several"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.stress(args, &flags) },
	}
	flags.register(cmd, "stress", "pairs of replications of each plan and shock (default: 500)")
	cmd.Flags().StringVar(&flags.shocks, "shocks", "", "a `FILE` of shocks in place of the library")
	cmd.Flags().StringVar(&flags.from, "from", "", "first day of the shocks, `YYYY-MM-DD` (default: the 27th week, or "+
		"the middle of a run of less than 52)")
	return cmd
}

// ask is the question that arguments and flags amount to.
func (p *program) stressAsk(args []string, flags *stressFlags) (ask stress.Ask, err error) {
	ask = stress.Ask{Shocks: edit.Shocks(), Metric: flags.metric, Replications: flags.replications.value(),
		OtherOpening: flags.otherOpening}
	if flags.shocks != "" {
		if ask.Shocks, err = edit.OpenShocks(flags.shocks); err != nil {
			return ask, usagef("%v", err)
		}
	}
	if flags.from != "" {
		if ask.From, err = plan.ParseDate(flags.from); err != nil {
			return ask, usagef("--from %s: a date such as 2013-07-02 is needed", flags.from)
		}
	}
	for i, name := range namesOf(args) {
		plan, err := p.prepared(args[i], flags.sets()...)
		if err != nil {
			return ask, err
		}
		ask.Plans = append(ask.Plans, decide.Setting{Name: name, Plan: plan})
	}
	return ask, nil
}

// stress runs plans under shocks.
func (p *program) stress(args []string, flags *stressFlags) error {
	ask, err := p.stressAsk(args, flags)
	if err != nil {
		return err
	}
	d, a, err := answerTo(p, &flags.decideFlags, "stress", ask.Plans[0].Plan, ask)
	if err != nil {
		return err
	}
	var next []string
	for _, step := range a.Next {
		lines := d.lines([]decide.Step{step}, args...)
		if step.Shock != "" {
			if lines, err = d.shocked(a.Worst); err != nil {
				return err
			}
		}
		next = append(next, lines...)
	}
	return d.show(page.Stress(a, asFlag), next)
}

// shocked keeps a plan under a shock as a scenario and gives the command lines that show
// what happens in it.
func (x *decision) shocked(c *stress.Cell) ([]string, error) {
	const name = "worst.toml"
	file, dir := filepath.Join(x.dir, name), filepath.Join(x.dir, "worst")
	err := x.folder.Write(name, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "# %s under its worst shock: %s\n#\n%s", c.Plan, c.Title, scenarios.Resolved(c.Shocked))
		return err
	})
	return []string{shellLine([]string{"windfall", "run", file, "--replications", "200", "--out", dir}) + " && " +
		shellLine([]string{"windfall", "why", dir, "--worst"})}, err
}
