package main

import (
	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/sim/decide/truth"
)

func (p *program) truthCommand() *cobra.Command {
	var o options
	var ask truth.Ask
	pause, firms := numberFlag{param: whole(1, 5000)}, numberFlag{param: whole(0, 1e9), text: "1"}
	cmd := p.asks(&o, "truth SCENARIO", "weeks after", p.ofOne(&o, func(name string, plan *plan.Plan) (err error) {
		ask.Plan, ask.Replications, ask.Pause = plan, o.replications.value(), pause.value()
		course, err := ask.Course()
		if err != nil {
			return flagged(err)
		}
		x := p.decision(&o, "truth", plan, course.First(), ask.Pairs, ask.Shapley, firms.value())
		if !o.quiet {
			p.warn(page.TruthCost(ask.Shapley, course.Worlds(), course.Size()))
		}
		if err := x.follow(course); err != nil {
			return flagged(err)
		}
		if err := x.folder.KeepFirms(course.Design(), firms.value(), x.tables); err != nil {
			return err
		}
		return x.show(page.Truth(course.Answer(), asFlag), x.lines(course.Answer().Next, name))
	}))
	f := cmd.Flags()
	f.StringSliceVar(&ask.Without, "without", nil, "")
	f.Var(&pause, "pause", "")
	dated(cmd, "from", "2013-10-01", &ask.From)
	f.BoolVar(&ask.Pairs, "pairs", false, "")
	f.BoolVar(&ask.Shapley, "shapley", false, "")
	f.Var(&firms, "firms", "")
	return cmd
}
