package fit

import (
	"context"
	"math"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// Simulate makes the history of a company whose numbers are known: the engine lives the spend of a history (periods and
// spend are taken from it, nothing else) with unknowns at some values. Name is that of the company: it addresses its
// chance. A fit of what it gives should find the values. Ahead is what the company won in so many weeks after the
// history, and what a customer cost, with the spend that a forecast has.
func Simulate(p *plan.Plan, spend *company.History, unknowns []learned.Unknown, x []float64, seed uint64, name string,
	ahead int) (h *company.History, won, cac float64, err error) {
	if err := checkUnknowns(p, unknowns); err != nil {
		return nil, 0, 0, err
	}
	f := &fitting{share: 1, ask: &Ask{Plan: p, History: spend, Unknowns: unknowns, Seed: seed, Ahead: ahead, Workers: 1}}
	q, err := History(p, spend, nil)
	if err != nil {
		return nil, 0, 0, err
	}
	if f.at, err = export.Observe(q, 0); err != nil {
		return nil, 0, 0, err
	}
	if f.numbers, err = bind(q, unknowns, f.at); err != nil {
		return nil, 0, 0, err
	}
	l := everything(q, spend)
	if ahead > 0 {
		q = f.ahead(q)
		end := spend.To()
		l.periods = append(l.periods, company.Period{From: end, To: end + plan.Date(ahead*plan.DaysPerWeek)})
	}
	r, err := f.newRunner(l, q, nil, nil)
	if err != nil {
		return nil, 0, 0, err
	}
	all := []member{{x: x}}
	if err := r.run(context.Background(), "company "+name, all); err != nil {
		return nil, 0, 0, err
	}
	h, won, cac = l.history(spend, all[0].series)
	return h, won, cac, nil
}

// everything is the layout of all that a company may know.
func everything(p *plan.Plan, h *company.History) *layout {
	l := &layout{start: h.From(), weeks: h.Weeks()}
	l.periods = append(l.periods, h.Periods...)
	for _, c := range p.Dimension("channel") {
		for _, outcome := range []company.Outcome{company.Leads, company.Signups, company.Won} {
			l.series = append(l.series, learned.Series{Outcome: outcome, Channel: c})
		}
	}
	for _, t := range p.Dimension("team") {
		l.series = append(l.series, learned.Series{Outcome: company.Won, Team: t})
	}
	for _, outcome := range []company.Outcome{company.Won, company.Churned, company.Customers, company.Revenue,
		company.Cash, cost} {
		l.series = append(l.series, learned.Series{Outcome: outcome})
	}
	return l
}

// history makes a history of series: whole firms, whole units of money.
func (l *layout) history(spend *company.History, numbers []float64) (h *company.History, won, cac float64) {
	h = &company.History{Monthly: spend.Monthly, Periods: spend.Periods}
	n := len(spend.Periods)
	for _, x := range spend.Channels {
		h.Channels = append(h.Channels, company.ChannelHistory{Name: x.Name, Medium: x.Medium, Spend: x.Spend})
	}
	for s, x := range l.series {
		column := make([]float64, n)
		for i := range column {
			column[i] = math.Round(l.of(numbers, s)[i])
		}
		switch {
		case x.Channel != "":
			c := h.Channel(x.Channel)
			if c == nil {
				h.Channels = append(h.Channels, company.ChannelHistory{Name: x.Channel})
				c = h.Channel(x.Channel)
			}
			*map[company.Outcome]*[]float64{company.Leads: &c.Leads, company.Signups: &c.Signups,
				company.Won: &c.Won}[x.Outcome] = column
		case x.Team != "":
			h.Teams = append(h.Teams, company.TeamHistory{Team: x.Team, Won: column})
		case x.Outcome != cost:
			*map[company.Outcome]*[]float64{company.Won: &h.Won, company.Churned: &h.Churned, company.Customers: &h.Customers,
				company.Revenue: &h.Revenue, company.Cash: &h.Cash}[x.Outcome] = column
		}
	}
	if len(l.periods) > n {
		won = l.of(numbers, l.find(learned.Series{Outcome: company.Won}))[n]
		cac = l.of(numbers, l.find(learned.Series{Outcome: cost}))[n] / max(won, 1)
	}
	return h, won, cac
}
