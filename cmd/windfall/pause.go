package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/page"
	"windfall/sim/decide/pause"
)

// pauseFlags are the flags of pause.
type pauseFlags struct {
	decideFlags
	what    string
	lengths string
	from    string
	regions string
}

func (p *program) pauseCommand() *cobra.Command {
	var flags pauseFlags
	cmd := &cobra.Command{
		Use:   "pause SCENARIO",
		Short: "Should we pause the brand, or a channel? What is lost, and for how long",
		Long: `Stop spending on brand media or channels for some weeks and see what that does,
paired with the same plan without the pause: sign-ups lost by week, channel,
size class and region; how deep and how long; what never comes back; and
dollars: what is not spent against the gross margin lost, within the run and
over the lifetime of the customers that were not won.

  depth            the worst week, relative to the plan
  time to recover  weeks from the pause's end until two weeks running miss less
                   of the plan than a tenth of the deepest dip of all lengths
  never regained   what is missing at the end of the run, over what was missing
                   at the worst moment

The default takes a minute or two on two cores for metro. Twice the replications
make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall pause metro --what brand --weeks 1,2,3,6 --from 2013-10-01
  windfall pause metro --what paid-search,display --weeks 4 --from 2013-06-04`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.pause(args[0], &flags) },
	}
	flags.register(cmd, "pause", "pairs of runs of each length (default: 1,000)")
	cmd.Flags().StringVar(&flags.lengths, "weeks", "1,2,3,6", "lengths of the pause in weeks, joined by commas")
	cmd.Flags().StringVar(&flags.what, "what", "brand", "what is paused: brand, or names of channels and media joined "+
		"by commas")
	cmd.Flags().StringVar(&flags.from, "from", "", "first day of the pause, `YYYY-MM-DD` (default: the first day of "+
		"the run's week 40, or of its middle)")
	cmd.Flags().StringVar(&flags.regions, "regions", "", "only in these regions, joined by commas (media alone; a "+
		"budget for all is split by firms)")
	return cmd
}

// ask is the question that the flags amount to.
func (f *pauseFlags) ask(plan *model.Plan) (a pause.Ask, err error) {
	a = pause.Ask{Plan: plan, What: strings.Split(f.what, ","), Replications: f.replications.value()}
	if f.regions != "" {
		a.Regions = strings.Split(f.regions, ",")
	}
	for _, text := range strings.Split(f.lengths, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return a, usagef("--weeks %s: whole numbers from 1 to %v joined by commas are "+
				"needed", f.lengths, plan.Run.Weeks)
		}
		a.Weeks = append(a.Weeks, n)
	}
	if f.from != "" {
		if a.From, err = model.ParseDate(f.from); err != nil {
			return a, usagef("--from %s: a date such as 2013-10-01 is needed", f.from)
		}
	}
	return a, nil
}

// pause runs a plan with and without pauses.
func (p *program) pause(name string, flags *pauseFlags) error {
	plan, err := p.prepared(name, flags.sets()...)
	if err != nil {
		return err
	}
	ask, err := flags.ask(plan)
	if err != nil {
		return err
	}
	d, a, err := answerTo(p, &flags.decideFlags, "pause", plan, ask)
	if err != nil {
		return err
	}
	return d.show(page.Pause(a, asFlag), d.lines(a.Next, name))
}
