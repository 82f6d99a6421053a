package model

import (
	"math"

	"windfall/model/plan"
)

// cents is an amount of money in whole cents.
type cents int64

// toCents rounds an amount in USD, half to even.
func toCents(usd float64) cents { return cents(int64(math.RoundToEven(usd * 100))) }

// usd is the amount in USD.
func (c cents) usd() float64 { return float64(c) / 100 }

// week is one week's cash lines, in USD until the week is closed.
type week struct {
	collections, refunds, costOfRevenue, media, brand, pay, commission, onboarding, fees float64
	revenue                                                                              float64
	// of onboarding: serving free users
	free float64
}

// ledger is the same lines in whole cents.
type ledger struct {
	collections, refunds, costOfRevenue, media, brand, pay, commission, onboarding, fees, fixed, financing cents
	// at the week's end
	deferred cents
}

// money is the cash account.
type money struct {
	cash         cents
	week         week
	last         ledger // the week closed last
	total        ledger // sums over the run
	deferred     float64
	lastDeferred cents // a week before last
	cut          cuts
	ruined       bool
	ruinWeek     int
	trough       cents
	troughAt     int
	opening      cents
	paid         []bool // by financing round

	// Totals of the run in USD, for CAC.
	mediaOf     []float64 // by channel
	mediaIn     []float64 // channel x region
	brandIn     []float64 // by region
	rivalBrand  float64   // of the rivals, for the share of voice
	payOf       []float64 // by team
	commissions float64
	onboardings float64
	oneOffFees  float64
	revShares   float64
	revenue     float64
	costs       float64
}

func (m *money) init(w *world) {
	m.mediaOf = make([]float64, len(w.plan.Channels))
	m.mediaIn = make([]float64, len(w.plan.Channels)*len(w.byRegion))
	m.brandIn = make([]float64, len(w.byRegion))
	m.payOf = make([]float64, len(w.plan.Teams))
	m.paid = make([]bool, len(w.plan.Finance.Rounds))
}

func (m *money) reset(w *world) {
	mediaOf, mediaIn, brandIn, payOf, paid := m.mediaOf, m.mediaIn, m.brandIn, m.payOf, m.paid
	clear(paid)
	clear(mediaOf)
	clear(mediaIn)
	clear(brandIn)
	clear(payOf)
	*m = money{mediaOf: mediaOf, mediaIn: mediaIn, brandIn: brandIn, payOf: payOf, paid: paid}
}

// openRun puts the opening cash into the account.
func (m *money) openRun(s *State) {
	m.week = week{}
	m.cash = toCents(s.w.tl.Plan(0).Finance.OpeningCash)
	m.opening, m.trough = m.cash, m.cash
	m.last.deferred = toCents(m.deferred)
	m.lastDeferred = m.last.deferred
}

// openWeek applies the cash rules: they act on what the last week closed with.
func (m *money) openWeek(s *State) {
	m.cut = cuts{}
	for i := range s.w.at(s.step).plan.CashRules {
		r := &s.w.at(s.step).plan.CashRules[i]
		if m.cash < toCents(r.Below) {
			m.cut.media = max(m.cut.media, r.CutMedia)
			m.cut.brand = max(m.cut.brand, r.CutBrand)
			m.cut.freeze = m.cut.freeze || r.FreezeHiring
		}
	}
}

func (m *money) collect(usd float64) { m.week.collections += usd }
func (m *money) refund(usd float64)  { m.week.refunds += usd }

// cost books cost of revenue, share a recurring share of revenue.
func (m *money) cost(usd float64)  { m.week.costOfRevenue += usd; m.costs += usd }
func (m *money) share(usd float64) { m.week.fees += usd; m.revShares += usd }

// earn books revenue of monthly payers, collected as it accrues, and of prepaid
// customers, collected before.
func (m *money) earn(monthly, ahead float64) {
	m.week.collections += monthly
	m.week.revenue += monthly + ahead
	m.revenue += monthly + ahead
	m.deferred -= ahead
}

func (m *money) payTeam(team int, usd float64) {
	m.week.pay += usd
	m.payOf[team] += usd
}

// spendMedia books the step's media and brand spend, and notes that of the rivals.
func (s *State) spendMedia() {
	m, d := &s.money, s.drivers
	for c, x := range d.spend {
		m.week.media += float64(x * s.w.h)
		m.mediaOf[c] += float64(x * s.w.h)
	}
	for at, part := range s.w.at(s.step).parts {
		m.mediaIn[at] += float64(part * d.inside[at] * s.w.h)
	}
	for r, x := range d.brand.spend {
		m.week.brand += float64(x * s.w.h)
		m.brandIn[r] += float64(x * s.w.h)
	}
	s.observeSpend()
	m.rivalBrand += float64(s.w.at(s.step).plan.Rivals.MediaPerWeek * s.w.h)
}

// leadFee books a fee for a lead; product and team are -1 for an unqualified one.
func (m *money) leadFee(s *State, channel, cell, product, team int, at, usd float64) {
	if usd == 0 || s.step < 0 {
		return
	}
	m.week.fees += usd
	m.oneOffFees += usd
	s.tally.leadFee(s, channel, cell, product, team, at, usd)
}

// unrealFee books the fee of a lead that is not real.
func (m *money) unrealFee(s *State, channel, cell int, at, usd float64) {
	if usd == 0 || s.step < 0 {
		return
	}
	m.week.fees += usd
	m.oneOffFees += usd
	s.tally.fee(s, channel, cell, s.tally.products, s.tally.teams, at, usd)
}

// winCost is what a win costs at once.
type winCost struct{ commission, onboarding, fee float64 }

// payWin books what a win costs at once.
func (m *money) payWin(commission, onboarding, fee float64) winCost {
	m.week.commission += commission
	m.commissions += commission
	m.week.onboarding += onboarding
	m.onboardings += onboarding
	m.week.fees += fee
	m.oneOffFees += fee
	return winCost{commission, onboarding, fee}
}

// closeWeek books the week in whole cents, in the stated order, and finds ruin.
func (m *money) closeWeek(s *State) {
	w := &m.week
	weekNo := s.step / s.w.tl.StepsPerWeek() // from 0
	last := s.w.plan.Run.Start + plan.Date(7*(weekNo+1))
	p := s.w.at(s.step).plan
	l := ledger{
		collections: toCents(w.collections), refunds: toCents(w.refunds), costOfRevenue: toCents(w.costOfRevenue),
		media: toCents(w.media), brand: toCents(w.brand), pay: toCents(w.pay), commission: toCents(w.commission),
		onboarding: toCents(w.onboarding), fees: toCents(w.fees), fixed: toCents(p.Finance.FixedCostPerWeek),
		deferred: toCents(m.deferred),
	}
	for i := range p.Finance.Rounds {
		r := &p.Finance.Rounds[i]
		// The delay may change: what is due by now is paid once.
		if on := r.Date + plan.Date(7*int(r.DelayWeeks)); on >= s.w.plan.Run.Start && on < last && !m.paid[i] {
			m.paid[i] = true
			l.financing += toCents(r.Amount)
		}
	}
	m.cash += l.collections - l.refunds - l.costOfRevenue - l.media - l.brand - l.pay - l.commission - l.onboarding -
		l.fees - l.fixed + l.financing
	t := &m.total
	t.collections += l.collections
	t.refunds += l.refunds
	t.costOfRevenue += l.costOfRevenue
	t.media += l.media
	t.brand += l.brand
	t.pay += l.pay
	t.commission += l.commission
	t.onboarding += l.onboarding
	t.fees += l.fees
	t.fixed += l.fixed
	t.financing += l.financing
	t.deferred = l.deferred
	if m.cash < m.trough || weekNo == 0 {
		m.trough, m.troughAt = m.cash, weekNo+1
	}
	m.last = l
	m.week = week{}
	if m.cash < 0 {
		m.ruined, m.ruinWeek = true, weekNo+1
	}
}
