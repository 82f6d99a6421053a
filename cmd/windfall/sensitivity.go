package main

import (
	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/sim/decide/sensitivity"
)

// sensitivityFlags are the flags of sensitivity.
type sensitivityFlags struct {
	decideFlags
	outcomes []string
	when     string
}

func (p *program) sensitivityCommand() *cobra.Command {
	var flags sensitivityFlags
	cmd := &cobra.Command{
		Use:   "sensitivity SCENARIO",
		Short: "Which uncertain inputs matter, and how much is luck?",
		Long: `Split the variance of an outcome over the uncertain inputs of a scenario and
luck (Sobol indices), and move each input by itself (tornado).

  first order  share of the variance that an input brings alone
  total        share that it brings alone or together with others; an input with
               a total of 0 could as well be known
  luck         all else that is random, one more input of the design

Inputs that a correlation ties are one group. The tornado puts each input at its
5% and its 95%, all others at their medians, under the same 8 lucks
(16 where --replications says how many rows there are).

An outcome is a number of each run, in the language of goals: lifetime_margin,
or 'P(cash_trough < 0)'. A ratio such as cac is taken run by run. --when
CONDITION explains when a condition holds: it is short for --outcome
'P(CONDITION)', and leaves no run out. For the inputs under which it holds, see
windfall discover.

Each row of the design is run once for every group, once for luck and twice
more. The default is 512 rows, or fewer where there are many inputs, so that all
comes to 10,000 runs (67 rows for the 118 groups of metro-uncertain, 2 minutes
on two cores). Twice the rows make every interval 1.4 times narrower and take
twice as long.`,
		Example: `  windfall sensitivity metro-uncertain --replications 64
  windfall sensitivity metro-uncertain --outcome cac --outcome won --when out_of_business`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.sensitivity(args[0], &flags) },
	}
	flags.register(cmd, "sensitivity", "rows of the design (default: 512, or what comes to 10,000 runs)")
	cmd.Flags().StringArrayVar(&flags.outcomes, "outcome", nil, "what to explain, a `METRIC` of each run (repeatable; "+
		"default: --metric)")
	cmd.Flags().StringVar(&flags.when, "when", "", "explain when a `CONDITION` holds, such as out_of_business: short "+
		"for --outcome 'P(CONDITION)'")
	return cmd
}

// sensitivity runs a plan at the points of a design and splits the variance of outcomes.
func (p *program) sensitivity(name string, flags *sensitivityFlags) error {
	plan, err := p.prepared(name, flags.sets()...)
	if err != nil {
		return err
	}
	ask := sensitivity.Ask{Plan: plan, Outcomes: flags.outcomes, When: flags.when, Metric: flags.metric,
		Rows: flags.replications.value()}
	d, a, err := answerTo(p, &flags.decideFlags, "sensitivity", plan, ask)
	if err != nil {
		return err
	}
	return d.show(page.Sensitivity(a, asFlag), d.lines(a.Next, name))
}
