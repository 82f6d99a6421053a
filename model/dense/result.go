package dense

import (
	"maps"
	"math"
	"slices"
)

// Result is what one replication reports. Names of totals and weekly series
// are those of the dictionary of outcomes in package model; a missing number is
// NaN.
type Result struct {
	Totals map[string]float64   // scalar outcomes
	Weekly map[string][]float64 // by week
	Slices map[string]float64   // dimension/name/column

	Journeys  []Journey  // that channels stopped touching in the run
	Leads     []Lead     // hands raised in the run
	Contacts  []Contact  // first contacts of the run
	Customers []Customer // won in the run

	// OpenJourneys, OpenSignups and FreeUsers are the journeys in market, the
	// sign-ups in progress and the free users on the first day and at the end.
	OpenJourneys, OpenSignups, FreeUsers [2]int
}

// Journey is a journey that channels stopped touching at Ended: first contact,
// refusal, window's end, death, or the end of the run (Cut).
type Journey struct {
	Kind     int
	InRun    bool // opened in the run, not in the burn-in
	Cut      bool
	Opened   float64 // weeks
	Ended    float64
	Touches  int
	Channels int // distinct
}

// Lead is a firm that raised its hand.
type Lead struct {
	Kind            int
	Trigger, Raised float64 // weeks
	Touches         int
	Channels        int   // distinct
	Path            []int // channels of the touches, the raising one last
}

// Contact is a first contact of a team, Wait hours after the sign-up.
type Contact struct {
	Team   int
	Raised float64 // weeks
	Wait   float64 // hours
}

// Customer is a customer won in the run. Lived is the tenure in years at which
// it left, or up to which it was followed (Left false): the larger of the LTV
// horizon and two years. InRun is the tenure at the end of the run or at leaving.
type Customer struct {
	Won        float64 // weeks
	Lived      float64 // years
	InRun      float64 // years
	Left, Died bool
	LTV        float64
	Channel    int
	Seats      float64
	NetPrice   float64
	Prepaid    bool
}

// recordLead keeps the sample of a lead.
func (s *simulation) recordLead(j *journey, at float64) {
	if s.burning || s.closed {
		return
	}
	distinct := map[int]bool{}
	for _, c := range j.touchedAs {
		distinct[c] = true
	}
	s.result.Leads = append(s.result.Leads, Lead{
		Kind: j.kind, Trigger: j.opened, Raised: at,
		Touches: len(j.path), Channels: len(distinct), Path: j.path,
	})
}

// records are running numbers of the run.
type records struct {
	totals         week
	openingMRR     float64 // of the first day, all of it from opening customers
	retainedMRR    float64 // of opening customers, 12 months later
	mrr            float64 // at the last week's end
	inMarket       float64 // sum over week ends
	weeks          float64
	recessionWeeks float64
	lowestDormant  float64
}

// openRecords starts the records on the first day.
func (s *simulation) openRecords() {
	s.setNumbers(0)
	s.records.lowestDormant = math.NaN()
	s.records.openingMRR, _ = s.recurring()
	s.result.OpenJourneys[0], s.result.OpenSignups[0] = s.countOpen()
	s.result.FreeUsers[0] = len(s.freeUsers)
	s.result.Weekly = map[string][]float64{}
}

// countOpen counts the journeys in market and the sign-ups in progress.
func (s *simulation) countOpen() (journeys, signups int) {
	for _, j := range s.journeys {
		if j.phase != over && j.phase != free {
			journeys++
		}
		if j.signedUp() {
			signups++
		}
	}
	return journeys, signups
}

// recordWeek writes the record of a week at its end; lines are the cash lines.
func (s *simulation) recordWeek(number int, lines map[string]float64) {
	s.records.totals.add(s.week)
	s.records.weeks++
	s.recordEvents()
	s.recordFirms()
	s.recordVendor(number)
	s.recordEconomy(number)
	for name, amount := range lines {
		s.put(name, amount)
	}
	s.put("cash", s.purse.cash)
	s.recordBrand()
	for i, t := range s.plan.Teams {
		if t.Kind == "people" {
			s.put("people."+t.Name, float64(len(s.teams[i].people)))
			s.put("load."+t.Name, s.teams[i].load(1))
			s.put("waiting."+t.Name, float64(len(s.teams[i].queue)))
		}
	}
}

// put gives a weekly number its value of the current week.
func (s *simulation) put(name string, x float64) {
	s.result.Weekly[name] = append(s.result.Weekly[name], x)
}

// recordEvents records what happened in the week.
func (s *simulation) recordEvents() {
	w := s.week
	s.put("journeys", w.journeys)
	s.put("reached", w.reached)
	s.put("touches", w.touches)
	s.put("leads", w.leads)
	s.put("real_leads", w.real)
	s.put("signups", w.signups)
	s.put("opportunities", w.opportunities)
	s.put("won", w.won)
	s.put("churned", w.churned)
	s.put("customer_deaths", w.customerDeaths)
	s.put("revenue", w.revenue)
	for i, c := range s.plan.Channels {
		s.put("signups."+c.Name, w.signupsByChannel[i])
	}
}

// recordFirms records where the firms are at the week's end.
func (s *simulation) recordFirms() {
	rec := &s.records
	var counts [states]int
	for _, c := range s.cells {
		for st, n := range c.count {
			counts[st] += n
		}
		if n := c.total(); n >= 1000 && !(rec.lowestDormant <= float64(c.count[dormant])/float64(n)) {
			rec.lowestDormant = float64(c.count[dormant]) / float64(n)
		}
	}
	rec.inMarket += float64(counts[inMarket])
	s.put("dormant", float64(counts[dormant]))
	s.put("in_market", float64(counts[inMarket]))
	s.put("locked", float64(counts[locked]))
	s.put("live_customers", float64(counts[customer]))
	s.put("free_users", float64(counts[freeUser]))
	_, signups := s.countOpen()
	s.put("in_sales", float64(signups))
}

// recordVendor records recurring and prepaid revenue at the week's end.
func (s *simulation) recordVendor(number int) {
	mrr, opening := s.recurring()
	s.records.mrr = mrr
	if float64(number) <= yearWeeks {
		s.records.retainedMRR = opening
	}
	s.put("mrr", mrr)
	s.put("deferred_revenue", s.purse.deferred)
}

// recordEconomy records whether the week began in recession.
func (s *simulation) recordEconomy(number int) {
	recession := 0.0
	if s.econ.recession((number - 1) * s.clock.perWeek) {
		recession = 1
	}
	s.records.recessionWeeks += recession
	s.put("recession", recession)
}

// recordBrand records the brand stocks, by region and weighted by firms.
func (s *simulation) recordBrand() {
	var salience, equity, firms float64
	for r, place := range s.plan.Population.Regions {
		x := &s.regions[r]
		salience += s.regionFirms[r] * x.salience.mean
		equity += s.regionFirms[r] * x.equity.mean
		firms += s.regionFirms[r]
		s.put("salience."+place.Name, x.salience.mean)
		s.put("equity."+place.Name, x.equity.mean)
	}
	s.put("salience", salience/firms)
	s.put("equity", equity/firms)
}

// marketCounts are missing after ruin; cash keeps its value; all else is 0.
var marketCounts = map[string]bool{"dormant": true, "in_market": true, "locked": true}

// closeRecords ends the run: what is still going on is cut, ruin closes the
// vendor, and the weeks after it are filled in.
func (s *simulation) closeRecords() {
	s.result.OpenJourneys[1], s.result.OpenSignups[1] = s.countOpen()
	s.result.FreeUsers[1] = len(s.freeUsers)
	if s.purse.ruined {
		s.ruin()
	}
	for _, j := range s.journeys {
		if j.touchable() {
			s.closeTouches(j, s.stepEnd)
			s.result.Journeys[len(s.result.Journeys)-1].Cut = true
		}
	}
	for _, a := range s.gone {
		a.inRun, a.leftInRun = a.tenure, true
	}
	for _, a := range s.accounts {
		a.inRun = a.tenure
	}
	weeks := s.clock.steps / s.clock.perWeek
	for name, series := range s.result.Weekly {
		for len(series) < weeks {
			x := 0.0
			switch {
			case marketCounts[name]:
				x = math.NaN()
			case name == "cash":
				x = s.purse.cash
			}
			series = append(series, x)
		}
		s.result.Weekly[name] = series
	}
}

// report gives the result, once the customers' lifetime values are complete.
func (s *simulation) report() *Result {
	value, retained := s.reportWins()
	s.result.Totals = map[string]float64{}
	for _, part := range []map[string]float64{
		s.funnelTotals(), s.customerTotals(value, retained), s.recurringTotals(), s.moneyTotals(value), s.cashTotals(),
	} {
		maps.Copy(s.result.Totals, part)
	}
	s.result.Slices = s.slices()
	return s.result
}

// reportWins gives the customers won, their lifetime value and how many were retained for a year.
func (s *simulation) reportWins() (ltv, retained float64) {
	for _, a := range s.wins {
		d := s.deeds(a.journey)
		ltv += a.ltv
		d.value += a.ltv
		d.customerMonths += 12 * a.inRun
		if a.retained {
			retained++
			d.retained++
		}
		for k, months := range keptMonths {
			if !a.left || 12*a.tenure >= months {
				d.kept[k]++
			}
		}
		switch {
		case a.leftInRun && a.died:
			d.deaths++
		case a.leftInRun:
			d.churned++
		}
		s.result.Customers = append(s.result.Customers, Customer{
			Won: a.won, Lived: a.tenure, InRun: a.inRun, Left: a.left, Died: a.died,
			LTV: a.ltv, Channel: a.channel, Seats: a.seats, NetPrice: a.netPrice, Prepaid: a.prepaid,
		})
	}
	return ltv, retained
}

// funnelTotals are the outcomes up to the booked deal.
func (s *simulation) funnelTotals() map[string]float64 {
	t, rec := &s.records.totals, &s.records
	return map[string]float64{
		"journeys":             t.journeys,
		"in_market_firms":      rec.inMarket / rec.weeks,
		"reached":              t.reached,
		"engaged":              t.engaged,
		"touches":              t.touches,
		"leads":                t.leads,
		"real_leads":           t.real,
		"unqualified_fit":      t.unfit,
		"unqualified_price":    t.unaffordable,
		"signups":              t.signups,
		"opportunities":        t.opportunities,
		"refused":              t.refused,
		"lost_waiting":         t.lostWaiting,
		"died_in_sales":        t.diedInSales,
		"expired":              t.expired, // windows that ended without a lead
		"screened":             t.screened,
		"leads_waited":         t.waited,
		"leads_of_people":      t.replies + t.unreached,
		"reply_hours":          t.replyHours,
		"leads_answered":       t.replies,
		"reply_hours_median":   median(s.replyTimes),
		"never_reached":        t.unreached,
		"booked":               t.won + t.refused + t.dealsLost,
		"lost_to_rivals":       t.lostToRivals,
		"deals_lost_to_rivals": t.dealsLost,
		"waiting_to_rivals":    t.waitingLost, // sign-ups that chose one before first contact
		"trials":               t.trials,
		"capped":               t.capped,
		"judged_touches":       t.judged,
		"recession_weeks":      rec.recessionWeeks,
		"lowest_dormant_share": rec.lowestDormant,
	}
}

// customerTotals are the outcomes of customers, given the lifetime value of those won.
func (s *simulation) customerTotals(ltv, retained float64) map[string]float64 {
	t := &s.records.totals
	live, free := 0.0, 0.0
	if !s.purse.ruined {
		live, free = float64(len(s.accounts)), float64(s.result.FreeUsers[1])
	}
	return map[string]float64{
		"won":             t.won,
		"won_smb":         t.wonSMB,
		"free_users":      free,
		"churned":         t.churned,
		"customer_deaths": t.customerDeaths,
		"customers_lost":  t.churned + t.customerDeaths,
		"closed_by_ruin":  s.closedByRuin,
		"live_customers":  live,
		"customer_months": t.customerMonths,
		"retained":        retained,
		"ltv_total":       ltv,
		"first_margin":    t.firstMargin,
	}
}

// recurringTotals are the outcomes of recurring revenue.
func (s *simulation) recurringTotals() map[string]float64 {
	rec, mrr, retained := &s.records, 0.0, s.records.retainedMRR
	if !s.purse.ruined {
		mrr = rec.mrr
	} else if float64(s.purse.ruinWeek) <= yearWeeks {
		retained = 0
	}
	growth := math.NaN()
	if rec.openingMRR > 0 {
		years := float64(s.clock.steps) / float64(s.clock.perWeek) / yearWeeks
		growth = math.Pow(mrr/rec.openingMRR, 1/years) - 1
	}
	return map[string]float64{
		"mrr":                 mrr,
		"arr":                 12 * mrr,
		"net_new_arr":         12 * (mrr - rec.openingMRR),
		"retained_mrr":        retained,
		"opening_mrr":         rec.openingMRR,
		"arr_growth_per_year": growth,
	}
}

// moneyTotals are the outcomes of revenue and cost.
func (s *simulation) moneyTotals(ltv float64) map[string]float64 {
	t := &s.records.totals
	sales := t.pay + t.commission
	acquisition := t.media + t.brand + sales + t.onboarding + t.fees
	return map[string]float64{
		"revenue":             t.revenue,
		"gross_margin":        t.revenue - t.costOfRevenue,
		"media_spend":         t.media,
		"brand_spend":         t.brand,
		"brand_of_all":        t.brand + t.rivalBrand,
		"sales_spend":         sales,
		"onboarding_spend":    t.onboarding,
		"fee_spend":           t.fees,
		"revenue_shares":      t.shares,
		"acquisition_cost":    acquisition,
		"sales_and_marketing": acquisition - t.onboarding,
		"media_and_brand":     t.media + t.brand,
		"pipeline_margin":     0, // followTail adds it
		"lifetime_margin":     ltv - acquisition,
		"lifetime_media":      t.media + t.brand,
	}
}

// cashTotals are the outcomes of the cash account.
func (s *simulation) cashTotals() map[string]float64 {
	ruinWeek, ruined := math.Inf(1), 0.0
	if s.purse.ruined {
		ruinWeek, ruined = float64(s.purse.ruinWeek), 1
	}
	return map[string]float64{
		"cash_end":         s.purse.cash,
		"cash_trough":      s.purse.trough,
		"cash_trough_week": float64(s.purse.troughAt),
		"out_of_business":  ruined,
		"week_of_ruin":     ruinWeek,
		"net_burn":         s.purse.burn,
	}
}

// median is the middle of a list, or missing.
func median(list []float64) float64 {
	n := len(list)
	if n == 0 {
		return math.NaN()
	}
	slices.Sort(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}
