package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/page"
	"windfall/sim/decide/pause"
)

func (p *program) pauseCommand() *cobra.Command {
	var o options
	var what, lengths, from, regions string
	cmd := p.asks(&o, &cobra.Command{
		Use:   "pause SCENARIO",
		Short: "Should we pause the brand, or a channel? What is lost, and for how long",
		Long: `Stop spending on brand media or channels for some weeks and see what that does,
paired with the same plan without the pause: sign-ups lost by week, channel,
size class and region; how deep and how long; what never comes back; and
dollars: what is not spent against the gross margin lost, within the run and
over the lifetime of the customers that were not won.

  depth            the worst week, relative to the plan
  time to recover  weeks from the pause's end until two weeks running lie above
                   a tenth of the depth
  never regained   what is missing at the end of the run, over what was missing
                   at the worst moment

The default takes a minute or two on two cores for metro. Twice the replications
make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall pause metro --what brand --weeks 1,2,3,6 --from 2013-10-01
  windfall pause metro --what paid-search,display --weeks 4 --from 2013-06-04`,
	}, "pairs of replications of each length (default: 1,000)", nil,
		p.ofOne(&o, func(name string, plan *model.Plan) (err error) {
			ask := pause.Ask{Plan: plan, What: strings.Split(what, ","), Replications: o.replications.value()}
			if regions != "" {
				ask.Regions = strings.Split(regions, ",")
			}
			for _, text := range strings.Split(lengths, ",") {
				n, err := strconv.Atoi(strings.TrimSpace(text))
				if err != nil {
					return usagef("--weeks %s: whole numbers from 1 to %v joined by commas are needed", lengths, plan.Run.Weeks)
				}
				ask.Weeks = append(ask.Weeks, n)
			}
			if ask.From, err = dated("from", from, "2013-10-01"); err != nil {
				return err
			}
			return reply(p, &o, "pause", plan, ask, laid(page.Pause, name))
		}))
	f := cmd.Flags()
	f.StringVar(&lengths, "weeks", "1,2,3,6", "lengths of the pause in weeks, joined by commas")
	f.StringVar(&what, "what", "brand", "what is paused: brand, or names of channels and media joined by commas")
	f.StringVar(&from, "from", "", "first day of the pause, `YYYY-MM-DD` (default: the first day of the run's week 40, "+
		"or of its middle)")
	f.StringVar(&regions, "regions", "", "only in these regions, joined by commas (media alone; a budget for all is "+
		"split by firms)")
	return cmd
}
