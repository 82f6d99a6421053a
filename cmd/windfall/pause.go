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
	var what, lengths, from, regions string
	cmd := p.asks(&o, "pause SCENARIO", "", p.ofOne(&o, func(name string, plan *plan.Plan) (err error) {
		ask := pause.Ask{Plan: plan, What: strings.Split(what, ","), Replications: o.replications.value()}
		if regions != "" {
			ask.Regions = strings.Split(regions, ",")
		}
		for _, text := range strings.FieldsFunc(lengths, func(r rune) bool { return r == ',' }) {
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
	f.StringVar(&lengths, "weeks", "", "")
	f.StringVar(&what, "what", "brand", "")
	f.StringVar(&from, "from", "", "")
	f.StringVar(&regions, "regions", "", "")
	return cmd
}
