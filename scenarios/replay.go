package scenarios

import (
	"fmt"

	"windfall/model/plan"
)

// checkReplay reports an opening that replays no time.
func (b *builder) checkReplay() {
	if o := &b.plan.Opening; o.Replay && o.BurnInWeeks == 0 {
		b.wrong("opening.replay", "has no weeks to replay; opening.burn_in_weeks says how far back it goes: 52 to 104, a "+
			"year or two, or up to the first dated number")
	}
}

// replayedFrom is the first day of what an opening replays, or else that of the run. The table is looked up in the
// tree: dates are read before it.
func (b *builder) replayedFrom() plan.Date {
	start, _ := b.runDates()
	if on := b.root.at("opening", "replay"); on == nil || on.value != true {
		return start
	}
	weeks := defaultNumber(b.param("opening.burn_in_weeks"))
	if n := b.root.at("opening", "burn_in_weeks"); n != nil && n.kind == number {
		weeks = asFloat(n)
	}
	return start - plan.Date(7*min(max(0, weeks), 520))
}

// noteReplay says that an opening replays numbers which do not move.
func (b *builder) noteReplay() {
	o := openingOf(b.plan)
	if !o.Opening.Replay {
		return
	}
	first, start := b.plan.Run.Start-plan.Date(7*o.Opening.BurnInWeeks), b.plan.Run.Start
	for _, c := range b.plan.Changes {
		if c.Until != 0 && c.Until <= first {
			b.note("changes."+plan.JoinKey(c.Name)+".until", "does nothing: it ends before %s, from which on opening.replay "+
				"replays; a longer opening.burn_in_weeks goes back further", first)
		}
	}
	if movesBetween(o, first, start) {
		return
	}
	earliest := ""
	if day := lastBefore(o, first); day != 0 {
		earliest = fmt.Sprintf("; the last dated number before that begins on %s, which a longer opening.burn_in_weeks "+
			"would reach", day)
	}
	b.note("opening.replay", "replays %s to %s, in which no schedule and no dated change of the opening plan moves a "+
		"number: the first day is as without replay%s", first, start-1, earliest)
}

// datesOf are the days on which something in a plan begins or ends.
func datesOf(o *plan.Plan) (out []plan.Date) {
	for _, s := range o.Schedules {
		for _, e := range s.Entries {
			out = append(out, e.From, e.Until)
		}
	}
	for _, c := range o.Changes {
		out = append(out, c.From, c.Until)
	}
	return out
}

// movesBetween says whether something moves an opening plan after a day and before another one: a date, a regime, or
// stocks that begin away from where the spend would hold them.
func movesBetween(o *plan.Plan, first, start plan.Date) bool {
	dates := datesOf(o)
	if o.Economy.Regime != "random" {
		for _, x := range o.Economy.Path {
			dates = append(dates, x.From)
		}
	}
	for _, d := range dates {
		if first < d && d < start {
			return true
		}
	}
	stated := func(list ...float64) bool {
		for _, x := range list {
			if x == x {
				return true
			}
		}
		return false
	}
	for i := range o.Channels {
		if stated(o.Channels[i].InitialAdstock) {
			return true
		}
	}
	return stated(o.Brand.InitialSalience...) || stated(o.Brand.InitialEquity...)
}

// lastBefore is the last day not after another on which something in a plan begins or ends, or 0.
func lastBefore(o *plan.Plan, first plan.Date) (last plan.Date) {
	for _, d := range datesOf(o) {
		if d <= first {
			last = max(last, d)
		}
	}
	return last
}
