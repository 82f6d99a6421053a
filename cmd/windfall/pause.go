package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/sim/decide/pause"
)

func (p *program) pauseCommand() *cobra.Command {
	var o options
	var what, lengths string
	var ask pause.Ask
	cmd := p.asks(&o, "pause SCENARIO", aimFlags, p.ofOne(&o, func(name string, plan *plan.Plan) (err error) {
		ask.Plan, ask.What, ask.Replications = plan, strings.Split(what, ","), o.replications.value()
		for _, text := range strings.FieldsFunc(lengths, func(r rune) bool { return r == ',' }) {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return usagef("--weeks %s: whole numbers from 1 to %v joined by commas are needed", lengths, plan.Run.Weeks)
			}
			ask.Weeks = append(ask.Weeks, n)
		}
		return reply(p, &o, "pause", plan, ask, laid(page.Pause, name))
	}))
	f := cmd.Flags()
	f.StringVar(&lengths, "weeks", "", "")
	f.StringVar(&what, "what", "brand", "")
	f.StringSliceVar(&ask.Regions, "regions", nil, "")
	dated(cmd, "from", "2013-10-01", &ask.From)
	return cmd
}
