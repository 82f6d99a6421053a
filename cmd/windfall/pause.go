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
	cmd := p.asks(&o, "pause SCENARIO", "pairs of replications of each length (default: 1,000)",
		nil,
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
