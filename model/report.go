package model

import (
	"math"

	"windfall/model/rng"
)

// closeWeek ends a week of the run: cash is booked, the hiring rules look at the
// load, and the week's row is written.
func (s *State) closeWeek(rec *Record) {
	w, t, m := s.w, &s.tally, &s.money
	week := s.step / w.tl.perWeek
	s.spreadWeek(week)
	m.closeWeek(s)
	num := w.at(s.step)
	row := rec.Weekly[week*len(t.schema.Weekly) : (week+1)*len(t.schema.Weekly)]
	i := 0
	put := func(x float64) { row[i] = x; i++ }
	var dormant, inMarket, locked int
	for k := range s.pools.firms {
		dormant += s.pools.dormant[k]
		inMarket += s.pools.inMarket[k]
		locked += s.pools.locked[k]
		if n := s.pools.firms[k]; n >= 1000 {
			t.lowestDormant = min(t.lowestDormant, float64(s.pools.dormant[k])/float64(n))
		}
	}
	t.inMarketSum += float64(inMarket)
	t.weeks++
	for row := s.row() - w.tl.perWeek + 1; row <= s.row(); row++ {
		t.touches += t.touchesAt[row]
		t.reached += t.reachedAt[row]
	}
	now := weekTally{t.journeys, t.reached, t.touches, t.leads, t.real, t.signups, t.opportunities, t.wins, t.churned, t.customerDeaths}
	was := t.before
	t.before = now
	mrr := s.mrr(num)
	put(float64(now.journeys - was.journeys))
	put(float64(dormant))
	put(float64(inMarket))
	put(float64(locked))
	put(float64(now.reached - was.reached))
	put(float64(now.touches - was.touches))
	put(float64(now.leads - was.leads))
	put(float64(now.real - was.real))
	put(float64(now.signups - was.signups))
	put(float64(now.opportunities - was.opportunities))
	put(float64(now.won - was.won))
	put(float64(now.churned - was.churned))
	put(float64(now.deaths - was.deaths))
	put(float64(s.base.live))
	put(float64(s.sales.inProgress))
	put(mrr)
	l := &m.last
	deferredChange := l.deferred - m.lastDeferred
	m.lastDeferred = l.deferred
	put((l.collections - l.refunds - deferredChange).usd())
	put(l.collections.usd())
	put(l.refunds.usd())
	put(l.deferred.usd())
	put(l.costOfRevenue.usd())
	put(l.media.usd())
	put(l.brand.usd())
	put(l.pay.usd())
	put(l.commission.usd())
	put(l.onboarding.usd())
	put(l.fees.usd())
	put(l.fixed.usd())
	put(l.financing.usd())
	put(m.cash.usd())
	var salience, equity, firms float64
	for r, n := range w.byRegion {
		salience += float64(n * s.drivers.brand.meanSal[r])
		equity += float64(n * s.drivers.brand.meanEq[r])
		firms += n
	}
	put(salience / firms)
	put(equity / firms)
	first := (week * w.tl.perWeek) + w.burnIn
	if w.slump[first] {
		t.recessionWeeks++
		put(1)
	} else {
		put(0)
	}
	for c := range t.weekSignups {
		put(float64(t.weekSignups[c]))
		t.weekSignups[c] = 0
	}
	for r := range w.byRegion {
		put(s.drivers.brand.meanSal[r])
		put(s.drivers.brand.meanEq[r])
	}
	for k := range s.sales.teams {
		if w.plan.Teams[k].Kind != "people" {
			continue
		}
		d := &s.sales.teams[k]
		people, load := d.closeWeek(s, &num.plan.Teams[k])
		put(float64(people))
		put(load)
		put(float64(len(d.queue) - d.head))
	}
	if s.free.on {
		put(float64(s.free.users))
	}
	if i != len(row) {
		panic("model: the weekly row and its dictionary differ")
	}
}

// closeWeek ends a team's week: load, and the hiring rule.
func (d *desk) closeWeek(s *State, team *Team) (people int, load float64) {
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
			d.joining = append(d.joining, s.step+1+int(team.LeadTimeWeeks)*s.w.tl.perWeek)
		}
	}
	return people, load
}

// spreadWeek shares the week's evenly accruing money over calendar months by days, and media and brand
// by what is spent on them.
func (s *State) spreadWeek(week int) {
	t, m := &s.tally, &s.money.week
	for d := 0; d < 7; {
		mon, from := s.w.monthOf[week*7+d], d
		for ; d < 7 && s.w.monthOf[week*7+d] == mon; d++ {
		}
		share := float64(d-from) / 7
		media, brand := share, share
		if from > 0 || d < 7 {
			media, brand = s.w.tl.spendShares(week, from, d)
		}
		row := t.month[int(mon)*monColumns:]
		row[monRevenue] += float64(m.revenue * share)
		row[monCost] += float64(m.costOfRevenue * share)
		row[monMedia] += float64(m.media * media)
		row[monBrand] += float64(m.brand * brand)
		row[monSales] += float64(m.pay * share)
		row[monOnboardingFees] += float64(m.free * share)
	}
}

// report fills the record at the end of a replication.
func (s *State) report(rec *Record) {
	w, t, m, b := s.w, &s.tally, &s.money, &s.base
	W := len(t.schema.Weekly)
	for week := m.ruinWeek; m.ruined && week < t.schema.Weeks; week++ {
		s.fillRuined(rec.Weekly[week*W : (week+1)*W])
	}
	if s.free.on {
		s.closeFree(s.endOfBooks())
	}
	t.rollUp()
	t.allocate(s)
	s.reportSlices(rec)
	copy(rec.Months, t.month)

	out := rec.Outcomes[:0]
	put := func(x float64) { out = append(out, x) }
	ratio := func(a, b float64) { put(t.schema.Outcomes[len(out)].Quotient(a, b)) }
	count := func(n int) { put(float64(n)) }
	closedByRuin, live := 0, b.live
	mrr := 0.0
	if m.ruined {
		closedByRuin, live = b.live+s.sales.inProgress+s.free.users, 0
	} else {
		mrr = s.mrr(w.at(w.steps - 1))
	}
	months := b.months
	lost := t.churned + t.customerDeaths
	media, brandSpend := total(m.mediaOf), total(m.brandIn)
	sales := total(m.payOf) + m.commissions
	acquisition := media + brandSpend + sales + m.onboardings + m.oneOffFees
	marketing := media + brandSpend + sales + m.oneOffFees
	margin := m.revenue - m.costs
	wins := float64(t.wins)

	count(t.journeys)
	put(t.inMarketSum / float64(t.weeks))
	count(t.reached)
	count(t.engaged[1])
	count(t.touches)
	count(t.leads)
	count(t.real)
	count(t.unfit)
	count(t.unaffordable)
	count(t.signups)
	ratio(float64(t.leads), float64(t.journeys))
	count(t.opportunities)
	count(t.refused)
	count(t.lostWaiting)
	count(t.diedInSales)
	count(t.screenings)
	for _, x := range t.replies.outcomes() {
		put(x)
	}
	count(t.wins)
	ratio(wins, float64(t.wins+t.refused+t.rivalInSales))
	count(t.wins + t.refused + t.rivalInSales)
	ratio(float64(t.winsSMB), wins)
	count(t.winsSMB)
	count(t.churned)
	count(t.customerDeaths)
	count(closedByRuin)
	count(live)
	ratio(float64(lost), months)
	count(lost)
	put(months)
	ratio(float64(t.retained), wins)
	count(t.retained)
	put(mrr)
	put(float64(12 * mrr))
	put(m.revenue)
	ratio(m.revenue, months)
	put(margin)
	ratio(margin, m.revenue)
	put(media)
	put(brandSpend)
	put(sales)
	put(m.onboardings)
	put(m.oneOffFees)
	put(m.revShares)
	put(acquisition)
	ratio(marketing, m.revenue)
	put(marketing)
	ratio(media, wins)
	ratio(media+brandSpend, wins)
	put(media + brandSpend)
	ratio(acquisition, wins)
	ratio(t.ltv, wins)
	put(t.ltv)
	ratio(t.ltv, acquisition)
	put(t.firstMargin)
	ratio(acquisition, t.firstMargin)
	put(0) // what comes after the last day is added by finish
	put(0)
	put(t.ltv - acquisition)
	put(media + brandSpend) // likewise
	put(m.cash.usd())
	put(m.trough.usd())
	count(m.troughAt)
	if m.ruined {
		put(1)
		count(m.ruinWeek)
	} else {
		put(0)
		put(Never)
	}
	burn := (m.opening - m.cash + m.total.financing).usd()
	put(burn)
	netNew := 12 * (mrr - b.openingMRR)
	put(netNew)
	ratio(burn, netNew)
	switch {
	case mrr > 0 && b.openingMRR > 0:
		put(rng.Pow(mrr/b.openingMRR, WeeksPerYear/w.end()) - 1)
	case b.openingMRR > 0: // nothing is left
		put(-1)
	default:
		put(math.NaN())
	}
	retained := b.retainedMRR
	if m.ruined && float64(m.ruinWeek) <= WeeksPerYear {
		retained = 0
	}
	for range 2 { // per year and over the run: NewSchema says which of them it is
		if t.schema.Outcomes[len(out)].Over == "" {
			put(math.NaN())
		} else {
			ratio(retained, b.openingMRR)
		}
	}
	put(retained)
	put(b.openingMRR)
	ratio(float64(t.capped[1]), float64(t.judged[1]))
	count(t.capped[1])
	count(t.judged[1])
	count(t.recessionWeeks)
	put(t.lowestDormant)
	count(t.toRivals + t.rivalWaiting + t.rivalInSales)
	count(t.rivalInSales)
	ratio(brandSpend, brandSpend+m.rivalBrand)
	put(brandSpend + m.rivalBrand)
	if trials(w.plan) {
		count(t.trials)
	}
	if s.free.on {
		users := s.free.users
		if m.ruined {
			users = 0
		}
		count(users)
	}
	if len(out) != len(rec.Outcomes) {
		panic("model: the outcomes and their dictionary differ")
	}
}

func total(list []float64) (x float64) {
	for _, v := range list {
		x += v
	}
	return x
}

// fillRuined writes a week after ruin: vendor quantities 0, cash as it was,
// market counts missing.
func (s *State) fillRuined(row []float64) {
	for i, c := range s.tally.schema.Weekly {
		switch c.Name {
		case "journeys", "dormant", "in_market", "locked", "recession":
			row[i] = math.NaN()
		case "cash":
			row[i] = s.money.cash.usd()
		default:
			row[i] = 0
		}
	}
}

// endOfBooks is the time at which the run ends, by its last day or by ruin.
func (s *State) endOfBooks() float64 {
	if s.money.ruined {
		return float64(s.money.ruinWeek)
	}
	return s.w.end()
}

// reportSlices fills the slices from the sums.
func (s *State) reportSlices(rec *Record) {
	t := &s.tally
	n := len(t.schema.Slice)
	last := s.endOfBooks()
	for r := range t.schema.SliceRows {
		t.row(r)[colMonths] += float64((t.row(r)[colWon] - t.row(r)[colChurned] - t.row(r)[colDeaths]) * (last / WeeksPerMonth))
		in, out := t.row(r), rec.Slices[r*n:(r+1)*n]
		for k := len(keptMonths) - 2; k >= 0; k-- {
			in[colKept+k] += in[colKept+k+1]
		}
		copy(out, in)
		if d := t.schema.SliceRows[r].Dimension; d == "product" || d == "team" {
			out[colTouches], out[colLeads], out[colRealLeads] = math.NaN(), math.NaN(), math.NaN()
		}
		at := colSums
		put := func(x float64) { out[at] = x; at++ }
		ratio := func(a, b float64) { put(t.schema.Slice[at].Quotient(a, b)) }
		cost := in[colMedia] + in[colBrand] + in[colSales] + in[colOnboardingFees]
		lost := in[colChurned] + in[colDeaths]
		put(cost)
		put(in[colMedia] + in[colBrand])
		ratio(in[colMedia], in[colWon])
		ratio(in[colMedia]+in[colBrand], in[colWon])
		ratio(cost, in[colWon])
		ratio(in[colLTV], in[colWon])
		ratio(in[colLTV], cost)
		ratio(lost, in[colMonths])
		put(lost)
		ratio(in[colRetained], in[colWon])
		for k := range keptMonths {
			ratio(in[colKept+k], in[colWon])
		}
	}
}
