package answer

import (
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim"
)

// HoldAgainst puts the baseline of a scenario, if it has one, beside it in the design of its run.
func HoldAgainst(d *sim.Design, p *plan.Plan) {
	b := p.BaselinePlan
	if b == nil {
		return
	}
	d.Settings = append(d.Settings, sim.Setting{Name: "baseline " + b.Name, Plan: b, Digest: scenarios.Digest(b)})
	d.Differ = differ(p, b)
}

// differ are the first and the last week in which a plan differs from its baseline, where it differs by dated changes
// that end; else 0.
func differ(p, baseline *plan.Plan) (weeks [2]int) {
	var from, until plan.Date
	for _, d := range scenarios.Diff(p, baseline) {
		segs, err := plan.SplitKey(d.Key)
		switch {
		case strings.HasPrefix(d.Key, "goals."), d.Key == "run.replications", d.Key == "run.seed":
			continue
		case err != nil || segs[0] != "changes" || len(segs) < 2:
			return weeks
		}
		for _, list := range [][]plan.Change{p.Changes, baseline.Changes} {
			i := slices.IndexFunc(list, func(c plan.Change) bool { return c.Name == segs[1] })
			if i < 0 {
				continue
			}
			c := list[i]
			if c.Until <= c.From || c.From < p.Run.Start {
				return weeks
			}
			if from == 0 || c.From < from {
				from = c.From
			}
			until = max(until, c.Until)
		}
	}
	last := min(int(until-p.Run.Start)+6, 7*int(p.Run.Weeks)) / 7
	if from == 0 || int(from-p.Run.Start)/7+1 > last {
		return weeks
	}
	return [2]int{int(from-p.Run.Start)/7 + 1, last}
}
