package model

import (
	"math"
	"strings"

	"windfall/model/plan"
)

// weeklyColumn is one number per replication and week: all that is to be said of it, in one place.
type weeklyColumn struct {
	plan.Column
	read      func(*weekEnd) float64
	readOf    func(w *weekEnd, i int) float64 // of the i-th channel, region or team
	only      func(*plan.Plan) bool           // plans that have it; nil: all
	afterRuin afterRuin
}

// afterRuin is what a weekly number is once the vendor is out of business.
type afterRuin int8

const (
	nothing afterRuin = iota // counts and spend of the vendor are 0
	missing                  // nobody looks at the market any more
	kept                     // the value of the last week
)

// weekEnd is a replication at the end of a week: what the weekly numbers are read from.
type weekEnd struct {
	in                       weekTally // what happened in the week
	dormant, inMarket        int
	locked                   int
	live, inSales, freeUsers int
	mrr                      float64
	revenue                  cents
	lines                    *ledger
	cash                     cents
	salience, equity         float64
	brand                    *brand
	recession                bool
	signups                  []int // by channel
	teams                    []teamWeek
}

// teamWeek is a team of people at the end of a week.
type teamWeek struct {
	people, waiting int
	load            float64
}

// addWeekly lists the weekly columns of a plan.
func (d *dictionary) addWeekly(p *plan.Plan) {
	add := func(c weeklyColumn, i int) {
		d.weekly, d.of = append(d.weekly, c), append(d.of, i)
		d.schema.Weekly = append(d.schema.Weekly, c.Column)
	}
	each := func(columns []weeklyColumn, name string, i int) {
		for _, c := range columns {
			c.Name, c.Meaning = c.Name+"."+name, strings.ReplaceAll(c.Meaning, "NAME", name)
			add(c, i)
		}
	}
	for _, c := range weeklyColumns {
		add(c, 0)
	}
	for i, c := range p.Channels {
		each(weeklyByChannel, c.Name, i)
	}
	for i, r := range p.Population.Regions {
		each(weeklyByRegion, r.Name, i)
	}
	for i, t := range p.Teams {
		if t.Kind == "people" {
			each(weeklyByTeam, t.Name, i)
		}
	}
	for _, c := range weeklyLast {
		if c.only(p) {
			add(c, 0)
		}
	}
}

// closeWeek ends a week of the run: cash is booked, the hiring rules look at the
// load, and the week's row is written.
func (s *State) closeWeek(rec *plan.Record) {
	week := s.step / s.w.tl.StepsPerWeek()
	s.spreadWeek(week)
	s.money.closeWeek(s)
	e := &s.books.week
	s.countWeek(e)
	s.countMoney(e)
	s.meanBrand(e)
	if e.recession = s.w.slump[week*s.w.tl.StepsPerWeek()+s.w.burnIn]; e.recession {
		s.tally.recessionWeeks++
	}
	s.closeTeams(e)
	d := s.pr.dictionary
	row := rec.Weekly[week*len(d.weekly) : (week+1)*len(d.weekly)]
	for i := range d.weekly {
		if c := &d.weekly[i]; c.read != nil {
			row[i] = c.read(e)
		} else {
			row[i] = c.readOf(e, d.of[i])
		}
	}
	s.observeWeek(week, row, e.recession)
	clear(s.tally.weekSignups)
}

// countWeek counts firms at the week's end and what happened in the week.
func (s *State) countWeek(e *weekEnd) {
	t := &s.tally
	e.dormant, e.inMarket, e.locked = 0, 0, 0
	for k, n := range s.pools.firms {
		e.dormant += s.pools.dormant[k]
		e.inMarket += s.pools.inMarket[k]
		e.locked += s.pools.locked[k]
		if n >= 1000 {
			t.lowestDormant = min(t.lowestDormant, float64(s.pools.dormant[k])/float64(n))
		}
	}
	t.inMarketSum += float64(e.inMarket)
	t.weeks++
	for row := s.row() - s.w.tl.StepsPerWeek() + 1; row <= s.row(); row++ {
		t.touches += t.touchesAt[row]
		t.reached += t.reachedAt[row]
	}
	now := weekTally{t.journeys, t.reached, t.touches, t.leads, t.real, t.signups, t.opportunities,
		t.wins, t.churned, t.customerDeaths}
	e.in = now.since(&t.before)
	t.before = now
	e.live, e.inSales, e.freeUsers = s.base.live, s.sales.inProgress, s.free.users
}

// countMoney reads the cash account after the week is booked.
func (s *State) countMoney(e *weekEnd) {
	m := &s.money
	l := &m.last
	e.mrr = s.mrr(s.w.at(s.step))
	e.revenue = l.collections - l.refunds - (l.deferred - m.lastDeferred)
	m.lastDeferred = l.deferred
	e.lines, e.cash = l, m.cash
}

// meanBrand is the mean of the brand stocks over the regions, weighted by firms.
func (s *State) meanBrand(e *weekEnd) {
	e.brand = s.drivers.brand
	e.salience, e.equity = 0, 0
	firms := 0.0
	for r, n := range s.w.byRegion {
		e.salience += float64(n * e.brand.meanSal[r])
		e.equity += float64(n * e.brand.meanEq[r])
		firms += n
	}
	e.salience, e.equity = e.salience/firms, e.equity/firms
}

// closeTeams ends the week of each team of people.
func (s *State) closeTeams(e *weekEnd) {
	plan := s.w.at(s.step).plan
	for k := range s.sales.teams {
		if s.w.plan.Teams[k].Kind != "people" {
			continue
		}
		d := &s.sales.teams[k]
		t := &e.teams[k]
		t.people, t.load = d.closeWeek(s, &plan.Teams[k])
		t.waiting = len(d.queue) - d.head
	}
}

// closeWeek ends a team's week: load, and the hiring rule.
func (d *teamQueue) closeWeek(s *State, team *plan.Team) (people int, load float64) {
	for i := range d.people {
		if p := &d.people[i]; !p.gone && !p.leaving {
			people++
		}
	}
	load = math.NaN()
	if d.staff > 0 {
		load = d.busy / d.staff
	}
	d.load[d.weeks%4] = d.busy
	d.staffed[d.weeks%4] = d.staff
	d.weeks++
	d.busy, d.staff = 0, 0
	if limit := team.HireWhenLoadAbove; limit == limit && d.weeks >= 4 && len(d.joining) == 0 && !s.money.cut.freeze {
		var busy, staff float64
		for i := range d.load {
			busy += d.load[i]
			staff += d.staffed[i]
		}
		if staff > 0 && busy/staff > limit {
			d.joining = append(d.joining, s.step+1+int(team.LeadTimeWeeks)*s.w.tl.StepsPerWeek())
		}
	}
	return people, load
}

// fillRuined writes the weeks after ruin.
func (d *dictionary) fillRuined(weekly []float64, ruinWeek int) {
	n := len(d.weekly)
	for at := ruinWeek * n; at < len(weekly); at++ {
		switch d.weekly[at%n].afterRuin {
		case nothing:
			weekly[at] = 0
		case missing:
			weekly[at] = math.NaN()
		case kept:
			weekly[at] = weekly[at-n]
		}
	}
}

// weeklyColumns are the weekly numbers of every plan; those by channel, region and team follow.
var weeklyColumns = []weeklyColumn{
	{Column: plan.Column{Name: "journeys", Unit: "buyers",
		Meaning: "Buyers who came into the market in the week."},
		afterRuin: missing, read: func(w *weekEnd) float64 { return float64(w.in.journeys) }},
	{Column: plan.Column{Name: "dormant", Unit: "firms",
		Meaning: "Dormant firms at the week's end."},
		afterRuin: missing, read: func(w *weekEnd) float64 { return float64(w.dormant) }},
	{Column: plan.Column{Name: "in_market", Unit: "firms", Label: "Firms in market", Lies: "Firms in market end",
		Meaning: "Firms in market at the week's end."},
		afterRuin: missing, read: func(w *weekEnd) float64 { return float64(w.inMarket) }},
	{Column: plan.Column{Name: "locked", Unit: "firms",
		Meaning: "Locked firms at the week's end."},
		afterRuin: missing, read: func(w *weekEnd) float64 { return float64(w.locked) }},
	{Column: plan.Column{Name: "reached", Unit: "buyers",
		Meaning: "Buyers with their first touch in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.reached) }},
	{Column: plan.Column{Name: "touches", Unit: "touches",
		Meaning: "Touches made in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.touches) }},
	{Column: plan.Column{Name: "leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.leads) }},
	{Column: plan.Column{Name: "real_leads", Unit: "leads", Direction: plan.More,
		Meaning: "Leads with a real intention."},
		read: func(w *weekEnd) float64 { return float64(w.in.real) }},
	{Column: plan.Column{Name: "signups", Unit: "sign-ups", Direction: plan.More,
		Meaning: "Sign-ups in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.signups) }},
	{Column: plan.Column{Name: "opportunities", Unit: "opportunities", Direction: plan.More,
		Meaning: "First contacts in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.opportunities) }},
	{Column: plan.Column{Name: "won", Unit: "customers", Direction: plan.More,
		Meaning: "Customers won in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.won) }},
	{Column: plan.Column{Name: "churned", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers that churned in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.churned) }},
	{Column: plan.Column{Name: "customer_deaths", Unit: "customers", Direction: plan.Less,
		Meaning: "Customers whose firm died in the week."},
		read: func(w *weekEnd) float64 { return float64(w.in.deaths) }},
	{Column: plan.Column{Name: "live_customers", Unit: "customers", Direction: plan.More,
		Meaning: "Customers at the week's end."},
		read: func(w *weekEnd) float64 { return float64(w.live) }},
	{Column: plan.Column{Name: "in_sales", Unit: "sign-ups",
		Meaning: "Sign-ups in progress (waiting, in service or in the cycle) at the week's end."},
		read: func(w *weekEnd) float64 { return float64(w.inSales) }},
	{Column: plan.Column{Name: "mrr", Unit: "USD/month", Direction: plan.More,
		Meaning: "Monthly recurring revenue at the week's end."},
		read: func(w *weekEnd) float64 { return w.mrr }},
	{Column: plan.Column{Name: "revenue", Unit: "USD", Direction: plan.More,
		Meaning: "Revenue accrued in the week."},
		read: func(w *weekEnd) float64 { return w.revenue.usd() }},
	{Column: plan.Column{Name: "collections", Unit: "USD", Direction: plan.More,
		Meaning: "Money collected from customers."},
		read: func(w *weekEnd) float64 { return w.lines.collections.usd() }},
	{Column: plan.Column{Name: "refunds", Unit: "USD", Direction: plan.Less,
		Meaning: "Unused prepaid money paid back."},
		read: func(w *weekEnd) float64 { return w.lines.refunds.usd() }},
	{Column: plan.Column{Name: "deferred_revenue", Unit: "USD",
		Meaning: "Prepaid and not yet earned at the week's end."},
		read: func(w *weekEnd) float64 { return w.lines.deferred.usd() }},
	{Column: plan.Column{Name: "cost_of_revenue", Unit: "USD", Direction: plan.Less,
		Meaning: "Cost of revenue and cost to serve."},
		read: func(w *weekEnd) float64 { return w.lines.costOfRevenue.usd() }},
	{Column: plan.Column{Name: "media", Unit: "USD", Label: "Media spend", Direction: plan.Less,
		Meaning: "Channel budgets spent."},
		read: func(w *weekEnd) float64 { return w.lines.media.usd() }},
	{Column: plan.Column{Name: "brand", Unit: "USD", Label: "Brand media spend", Direction: plan.Less,
		Meaning: "Brand media budgets spent."},
		read: func(w *weekEnd) float64 { return w.lines.brand.usd() }},
	{Column: plan.Column{Name: "pay", Unit: "USD", Direction: plan.Less,
		Meaning: "Pay of sales teams."},
		read: func(w *weekEnd) float64 { return w.lines.pay.usd() }},
	{Column: plan.Column{Name: "commission", Unit: "USD", Direction: plan.Less,
		Meaning: "Commission and partner margins on wins."},
		read: func(w *weekEnd) float64 { return w.lines.commission.usd() }},
	{Column: plan.Column{Name: "onboarding", Unit: "USD", Direction: plan.Less,
		Meaning: "Onboarding cost."},
		read: func(w *weekEnd) float64 { return w.lines.onboarding.usd() }},
	{Column: plan.Column{Name: "fees", Unit: "USD", Direction: plan.Less,
		Meaning: "One-off fees and revenue shares."},
		read: func(w *weekEnd) float64 { return w.lines.fees.usd() }},
	{Column: plan.Column{Name: "fixed_cost", Unit: "USD", Direction: plan.Less,
		Meaning: "Fixed cost."},
		read: func(w *weekEnd) float64 { return w.lines.fixed.usd() }},
	{Column: plan.Column{Name: "financing", Unit: "USD",
		Meaning: "Financing rounds paid in."},
		read: func(w *weekEnd) float64 { return w.lines.financing.usd() }},
	{Column: plan.Column{Name: "cash", Unit: "USD", Label: "Cash", Lies: "Cash ends", Direction: plan.More,
		Meaning: "Cash at the week's end."},
		afterRuin: kept, read: func(w *weekEnd) float64 { return w.cash.usd() }},
	{Column: plan.Column{Name: "salience", Unit: "salience", Label: "Brand salience", Lies: "Brand salience ends",
		Meaning: "Mean salience over the week's last step, regions weighted by firms."},
		read: func(w *weekEnd) float64 { return w.salience }},
	{Column: plan.Column{Name: "equity", Unit: "equity", Label: "Brand equity", Lies: "Brand equity ends",
		Meaning: "Mean equity over the week's last step, regions weighted by firms."},
		read: func(w *weekEnd) float64 { return w.equity }},
	{Column: plan.Column{Name: "recession", Unit: "flag",
		Meaning: "1 if the week began in recession."},
		afterRuin: missing, read: func(w *weekEnd) float64 { return oneIf(w.recession) }},
}

// weeklyByChannel, weeklyByRegion and weeklyByTeam are the numbers of each channel, region and team of people: NAME.
var (
	weeklyByChannel = []weeklyColumn{
		{Column: plan.Column{Name: "signups", Unit: "sign-ups", Direction: plan.More,
			Meaning: "Sign-ups whose lead followed a touch of NAME."},
			readOf: func(w *weekEnd, c int) float64 { return float64(w.signups[c]) }},
	}
	weeklyByRegion = []weeklyColumn{
		{Column: plan.Column{Name: "salience", Unit: "salience",
			Meaning: "Mean salience over the week's last step in NAME."},
			readOf: func(w *weekEnd, r int) float64 { return w.brand.meanSal[r] }},
		{Column: plan.Column{Name: "equity", Unit: "equity",
			Meaning: "Mean equity over the week's last step in NAME."},
			readOf: func(w *weekEnd, r int) float64 { return w.brand.meanEq[r] }},
	}
	weeklyByTeam = []weeklyColumn{
		{Column: plan.Column{Name: "people", Unit: "people",
			Meaning: "Head-count of NAME at the week's end."},
			readOf: func(w *weekEnd, k int) float64 { return float64(w.teams[k].people) }},
		{Column: plan.Column{Name: "load", Unit: "share",
			Meaning: "Mean busy share of the people of NAME in the week."},
			readOf: func(w *weekEnd, k int) float64 { return w.teams[k].load }},
		{Column: plan.Column{Name: "waiting", Unit: "sign-ups", Direction: plan.Less,
			Meaning: "Sign-ups waiting for NAME at the week's end."},
			readOf: func(w *weekEnd, k int) float64 { return float64(w.teams[k].waiting) }},
	}
)

// weeklyLast are the weekly numbers that only some plans have.
var weeklyLast = []weeklyColumn{
	{Column: plan.Column{Name: "free_users", Unit: "firms", Direction: plan.More,
		Meaning: "Free users at the week's end."},
		only: (*plan.Plan).OffersFree, read: func(w *weekEnd) float64 { return float64(w.freeUsers) }},
}
