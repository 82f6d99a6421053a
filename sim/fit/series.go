package fit

import (
	"math"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// stock says whether a series is a level at the end of a period, not what happened in it.
func stock(s learned.Series) bool { return s.Outcome == company.Customers || s.Outcome == company.Cash }

// counts says whether a series counts firms, so that chance alone makes its square root move by one half.
func counts(s learned.Series) bool {
	return s.Outcome != company.Revenue && s.Outcome != company.Cash && s.Outcome != cost
}

// cost is what a customer's winning costs in a period: media, brand, pay, commissions, onboarding, fees.
const cost company.Outcome = "acquisition_cost"

// layout says which series are looked at, and how weeks become periods.
type layout struct {
	series   []learned.Series
	observed int // the first of them are those of the history; the others are simulated alone
	periods  []company.Period
	start    plan.Date
	weeks    int
	// revenueAlone: leads, sign-ups and customers won are not among those of the history, and revenue is.
	revenueAlone bool
}

// outcomeOf is the column of a channel in which its level is seen best: leads, else sign-ups, else customers won.
func outcomeOf(x *company.ChannelHistory) []float64 {
	for _, column := range [][]float64{x.Leads, x.Signups, x.Won} {
		if _, n := company.Sum(column); n > 0 {
			return column
		}
	}
	return nil
}

// newLayout is the layout of a history, and its numbers: those of series s in period i are at s*periods + i.
func newLayout(p *plan.Plan, h *company.History) (*layout, []float64) {
	l := &layout{periods: h.Periods, start: h.From(), weeks: h.Weeks()}
	var data []float64
	add := func(s learned.Series, column []float64) {
		if _, n := company.Sum(column); n > 0 {
			l.series, data = append(l.series, s), append(data, column...)
		}
	}
	for i := range h.Channels {
		x := &h.Channels[i]
		add(learned.Series{Outcome: company.Leads, Channel: x.Name}, x.Leads)
		add(learned.Series{Outcome: company.Signups, Channel: x.Name}, x.Signups)
		add(learned.Series{Outcome: company.Won, Channel: x.Name}, x.Won)
	}
	for i := range h.Teams {
		add(learned.Series{Outcome: company.Won, Team: h.Teams[i].Team}, h.Teams[i].Won)
	}
	add(learned.Series{Outcome: company.Won}, h.Won)
	add(learned.Series{Outcome: company.Churned}, h.Churned)
	add(learned.Series{Outcome: company.Customers}, h.Customers)
	add(learned.Series{Outcome: company.Revenue}, h.Revenue)
	add(learned.Series{Outcome: company.Cash}, h.Cash)
	l.observed = len(l.series)
	for _, s := range l.series {
		l.revenueAlone = l.revenueAlone || s.Outcome == company.Revenue
	}
	for _, s := range l.series {
		l.revenueAlone = l.revenueAlone && s.Outcome != company.Leads && s.Outcome != company.Signups &&
			s.Outcome != company.Won
	}
	for _, outcome := range []company.Outcome{company.Won, company.Customers, cost} {
		if l.find(learned.Series{Outcome: outcome}) < 0 {
			l.series = append(l.series, learned.Series{Outcome: outcome})
			for range l.periods {
				data = append(data, math.NaN())
			}
		}
	}
	return l, data
}

// find is the place of a series; -1 if it is not there.
func (l *layout) find(s learned.Series) int {
	for i := range l.series {
		if l.series[i] == s {
			return i
		}
	}
	return -1
}

// of is the part of some numbers that belongs to a series.
func (l *layout) of(numbers []float64, series int) []float64 {
	n := len(l.periods)
	return numbers[series*n : (series+1)*n : (series+1)*n]
}

// watcher is the panel of a replication, with customers won by team and week.
type watcher struct {
	*export.Observer
	won [][]float64
}

func newWatcher(p *plan.Plan) *watcher {
	w := &watcher{Observer: export.NewObserver(p)}
	for range p.Teams {
		w.won = append(w.won, make([]float64, int(p.Run.Weeks)))
	}
	return w
}

// Asks implements model.Observer.
func (w *watcher) Asks() model.Events { return model.Weeks | model.Wins }

// Begin implements model.Observer.
func (w *watcher) Begin() {
	w.Observer.Begin()
	for _, won := range w.won {
		clear(won)
	}
}

// Win implements model.Observer.
func (w *watcher) Win(x *model.Win) {
	w.won[x.Team][min(int(x.Won), len(w.won[x.Team])-1)]++
}

// read gives the series of the replication in hand by period. Counts and money of a market that is a part of the
// company's are those of the whole: each is divided by the share.
func (l *layout) read(w *watcher, p *plan.Plan, share float64) []float64 {
	out := make([]float64, 0, len(l.series)*len(l.periods))
	for _, s := range l.series {
		weeks := l.weekly(w, p, s, share)
		if stock(s) {
			out = append(out, l.ends(weeks, l.first(p, s, share))...)
		} else {
			out = append(out, l.sums(weeks)...)
		}
	}
	return out
}

// first is a level on the first day.
func (l *layout) first(p *plan.Plan, s learned.Series, share float64) float64 {
	if s.Outcome == company.Cash {
		return p.Finance.OpeningCash - reserve
	}
	var sum float64
	for _, n := range p.Opening.Customers {
		sum += n
	}
	return sum / share
}

// weekly is a series by week.
func (l *layout) weekly(w *watcher, p *plan.Plan, s learned.Series, share float64) []float64 {
	x := w.Panel()
	out := make([]float64, x.Weeks)
	add := func(column []float64, factor float64) {
		for week, number := range column {
			out[week] += float64(number * factor)
		}
	}
	regions := func(by [][][]float64) {
		for c, name := range x.Channels {
			if name == s.Channel {
				for _, column := range by[c] {
					add(column, 1/share)
				}
			}
		}
	}
	switch {
	case s.Team != "":
		for t := range p.Teams {
			if p.Teams[t].Name == s.Team {
				add(w.won[t], 1/share)
			}
		}
	case s.Channel != "":
		regions(map[company.Outcome][][][]float64{company.Leads: x.LeadsBy, company.Signups: x.SignupsBy,
			company.Won: x.WonBy}[s.Outcome])
	case s.Outcome == company.Churned:
		add(x.Of("churned"), 1/share)
		add(x.Of("customer_deaths"), 1/share)
	case s.Outcome == company.Customers:
		add(x.Of("live_customers"), 1/share)
	case s.Outcome == company.Cash:
		add(x.Of("cash"), 1)
		for week := range out {
			out[week] -= reserve
		}
	case s.Outcome == cost:
		add(x.Of("media"), 1)
		add(x.Of("brand"), 1)
		for _, line := range []string{"pay", "commission", "onboarding", "fees"} {
			add(x.Of(line), 1/share)
		}
	default:
		add(x.Of(string(s.Outcome)), 1/share)
	}
	return out
}

// sums gives what happened in each period. A week that two periods share is divided by days.
func (l *layout) sums(weeks []float64) []float64 {
	out := make([]float64, len(l.periods))
	for i, p := range l.periods {
		for day := p.From; day < p.To; {
			week := int(day-l.start) / plan.DaysPerWeek
			end := min(p.To, l.start+plan.Date((week+1)*plan.DaysPerWeek))
			out[i] += float64(weeks[week] * (float64(end-day) / plan.DaysPerWeek))
			day = end
		}
	}
	return out
}

// ends gives a level at each period's end, between the ends of weeks on a straight line.
func (l *layout) ends(weeks []float64, first float64) []float64 {
	out := make([]float64, len(l.periods))
	for i, p := range l.periods {
		at := float64(p.To-l.start) / plan.DaysPerWeek
		week := int(at)
		before := first
		if week > 0 {
			before = weeks[week-1]
		}
		out[i] = before
		if rest := at - float64(week); rest > 0 {
			out[i] += float64((weeks[week] - before) * rest)
		}
	}
	return out
}
