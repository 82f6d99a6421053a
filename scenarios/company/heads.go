package company

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// What a plan takes a new person of a team to be, where the team's people are known by date (docs/facts.md, S5).
const (
	rampStart = 0.4
	rampWeeks = 20
)

// people writes how many people a team has, by date where they changed, and gives how much slower one of them is than
// in the whole market: in a part of it there are whole people, too.
func (b *planner) people(t Team) (slower float64) {
	wanted, whole := 0., 0.
	take := func(people float64) float64 {
		n := t.whole(people, b.o.Scale)
		if n > 0 {
			wanted, whole = wanted+float64(max(1, people)*b.o.Scale), whole+n
		}
		return n
	}
	b.byDate("people", t.People, t.Heads, take)
	if len(t.Heads) > 1 {
		b.w.set("ramp_start", plan.FormatNumber(rampStart), "assumption")
		b.w.set("ramp_weeks", plan.FormatNumber(rampWeeks), "S5")
		if ramping := b.ramping(t); ramping != "" {
			b.w.set("ramping", ramping, own+" (who began in the last weeks)")
		}
	}
	return wanted / max(whole, 1)
}

// whole are the people of a team in a part of the market: whole ones, and none where company.toml says so by date.
func (t *Team) whole(people, part float64) float64 {
	if people == 0 && len(t.Heads) > 0 {
		return 0
	}
	return max(1, math.Round(people*part))
}

// ramping lists those of a first plan's people who began shortly before its first day; a fitted plan replays the dates.
func (b *planner) ramping(t Team) string {
	if b.o.Fitted != nil || b.o.Replay {
		return ""
	}
	var parts []string
	had := t.HeadsOn(b.start - rampWeeks*plan.DaysPerWeek)
	for _, h := range t.Heads {
		ago := b.start - h.From
		if ago < 0 || ago >= rampWeeks*plan.DaysPerWeek {
			continue
		}
		if more := math.Round(h.Value*b.o.Scale) - math.Round(had*b.o.Scale); more > 0 && t.HeadsOn(b.start) >= h.Value {
			parts = append(parts, fmt.Sprintf("{people = %s, weeks_ago = %d}", digits(more), int(ago)/plan.DaysPerWeek))
		}
		had = max(had, h.Value)
	}
	if len(parts) == 0 {
		return ""
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// meanHeads is how many people a team had in the history on average.
func (b *planner) meanHeads(t Team) float64 {
	if len(t.Heads) == 0 {
		return t.People.Value
	}
	sum := 0.
	for _, p := range b.History.Periods {
		sum += float64(t.HeadsOn(p.From) * float64(p.To-p.From))
	}
	return sum / max(1, float64(b.History.To()-b.History.From()))
}

// What a team can do at least, over what came to it in the history: in the mean, and in its busiest quarter of a year.
const (
	roomInAll    = 1.25
	roomAtBusy   = 1.1
	screened     = 0.25 // of the time of a sign-up that a lead without a real intention takes, as in a plan
	quarterWeeks = 13
)

// cameToEach is how many sign-ups a person of a team must be able to handle per week, so that a first plan keeps up
// with the leads of its own history: those that the plan makes of them, screenings among them.
func (b *planner) cameToEach(t Team) float64 {
	mean := 0.
	for _, ch := range b.Channels {
		if b.takes(t, ch.Name) {
			k := kindOf(ch)
			leads, _ := b.leadsPerWeek(ch, k)
			mean += float64(leads * (k.Real + float64(screened*(1-k.Real))))
		}
	}
	if len(t.Channels) == 0 {
		mean /= float64(b.rivalsOf(t))
	}
	return mean * max(roomInAll/max(1, b.meanHeads(t)), roomAtBusy*b.busiest(t))
}

// takes says whether the sign-ups of a channel go to a team: it names the channel, or no team does.
func (b *planner) takes(t Team, channel string) bool {
	if len(t.Channels) > 0 {
		return slices.Contains(t.Channels, channel)
	}
	return !slices.ContainsFunc(b.Teams, func(x Team) bool { return slices.Contains(x.Channels, channel) })
}

// busiest is, in the quarter of the history in which there is most of it, the work of a person over the mean work of
// the team: of the leads, or else of the sign-ups or customers won of the channels that come to it.
func (b *planner) busiest(t Team) (most float64) {
	n := len(b.History.Periods)
	work := make([]float64, n)
	all, days := 0., 0.
	for _, ch := range b.Channels {
		h := b.History.Channel(ch.Name)
		if h == nil || !b.takes(t, ch.Name) {
			continue
		}
		column := h.Leads
		for _, other := range [][]float64{h.Signups, h.Won} {
			if sum, _ := Sum(column); sum == 0 {
				column = other
			}
		}
		for i, x := range column {
			work[i] += zeroIfNaN(x)
			all += zeroIfNaN(x)
		}
	}
	for _, p := range b.History.Periods {
		days += float64(p.To - p.From)
	}
	if all == 0 {
		return 0
	}
	for first := range n {
		some, peopleDays, until := 0., 0., b.History.Periods[first].From
		for i := first; i < n && until < b.History.Periods[first].From+quarterWeeks*plan.DaysPerWeek-7; i++ {
			p := b.History.Periods[i]
			some, until = some+work[i], p.To
			peopleDays += float64(max(1, t.HeadsOn(p.From)) * float64(p.To-p.From))
		}
		if float64(until-b.History.Periods[first].From) >= quarterWeeks*plan.DaysPerWeek-7 {
			most = max(most, some/peopleDays/(all/days))
		}
	}
	return most
}
