package dense

import (
	"math"
	"slices"
)

// week is what happens in one week.
type week struct {
	journeys, reached, engaged, touches       float64
	leads, real, unfit, unaffordable, signups float64
	screened, waited, unreached               float64
	replies, replyHours                       float64
	opportunities, refused, expired           float64
	lostWaiting, diedInSales                  float64
	lostToRivals, waitingLost, dealsLost      float64
	rivalBrand                                float64
	won, wonSMB, churned, customerDeaths      float64
	trials                                    float64 // and free use, begun
	judged, capped                            float64
	revenue, customerMonths, firstMargin      float64
	collections, refunds, deferred            float64 // deferred: its change
	costOfRevenue, media, brand               float64
	pay, commission, onboarding, fees, shares float64
	signupsByChannel                          map[int]float64
}

// numbers are the places of all numbers of a week but those by channel.
func (w *week) numbers() []*float64 {
	return []*float64{
		&w.journeys, &w.reached, &w.engaged, &w.touches,
		&w.leads, &w.real, &w.unfit, &w.unaffordable, &w.signups,
		&w.screened, &w.waited, &w.unreached, &w.replies, &w.replyHours,
		&w.opportunities, &w.refused, &w.expired,
		&w.lostWaiting, &w.diedInSales,
		&w.lostToRivals, &w.waitingLost, &w.dealsLost, &w.rivalBrand,
		&w.won, &w.wonSMB, &w.churned, &w.customerDeaths, &w.trials,
		&w.judged, &w.capped,
		&w.revenue, &w.customerMonths, &w.firstMargin,
		&w.collections, &w.refunds, &w.deferred,
		&w.costOfRevenue, &w.media, &w.brand,
		&w.pay, &w.commission, &w.onboarding, &w.fees, &w.shares,
	}
}

// add adds the numbers of another week.
func (w *week) add(other *week) {
	from := other.numbers()
	for i, to := range w.numbers() {
		*to += *from[i]
	}
}

// purse is the vendor's cash account (docs/model.md, section 3.10).
type purse struct {
	cash     float64
	deferred float64
	trough   float64
	troughAt int
	burn     float64
	paid     map[string]bool // rounds paid in
	ruined   bool
	ruinWeek int
}

// cents rounds an amount to whole cents, half to even.
func cents(x float64) float64 { return math.RoundToEven(x*100) / 100 }

// spendOnChannel books media of a channel in a region.
func (s *simulation) spendOnChannel(i, region int, amount float64) {
	s.week.media += amount
	s.costs.media[i][region] += amount
}

// spendOnBrand books the brand media of a step, and notes those of the rivals.
func (s *simulation) spendOnBrand(step int) {
	weeks := 1 / float64(s.clock.perWeek)
	s.week.rivalBrand += s.plan.Rivals.MediaPerWeek * weeks
	for q := range s.plan.Media {
		for r := range s.regions {
			amount := (1 - s.cutBrand) * weeks * s.meanMediumSpend(step, q, r)
			s.week.brand += amount
			s.costs.brand[r] += amount
		}
	}
}

// payTeam, fee, commission and onboarding book what sales costs.
func (s *simulation) payTeam(t *team, amount float64) {
	if s.burning {
		return
	}
	s.week.pay += amount
	s.costs.pay[t.index] += amount
}

func (s *simulation) fee(j *journey, amount float64) {
	s.week.fees += amount
	s.deeds(j).fees += amount
}

func (s *simulation) commission(j *journey, amount float64) {
	s.week.commission += amount
	s.deeds(j).sales += amount
}

func (s *simulation) onboarding(j *journey, amount float64) {
	s.week.onboarding += amount
	s.deeds(j).fees += amount
}

// cashRules lets the cash rules act on a week, by the cash that was seen at the
// end of the week before: of several rules the largest cut counts.
func (s *simulation) cashRules() {
	s.cutMedia, s.cutBrand, s.frozen = 0, 0, false
	for _, r := range s.plan.CashRules {
		if s.purse.cash < r.Below {
			s.cutMedia = max(s.cutMedia, r.CutMedia)
			s.cutBrand = max(s.cutBrand, r.CutBrand)
			s.frozen = s.frozen || r.FreezeHiring
		}
	}
}

// financing is the money of the rounds whose date, with their delay, lies
// before the week's end and that have not been paid yet.
func (s *simulation) financing(number int) float64 {
	sum := 0.0
	for _, r := range s.plan.Finance.Rounds {
		due := float64(r.Date-s.clock.start)/7 + r.DelayWeeks
		if !s.purse.paid[r.Name] && due >= 0 && due < float64(number) {
			s.purse.paid[r.Name] = true
			sum += r.Amount
		}
	}
	return sum
}

// closeWeek books the cash of a week, each line in whole cents, and writes the
// record of the week. number counts from 1.
func (s *simulation) closeWeek(number int) {
	w := s.week
	lines := map[string]float64{
		"collections":     w.collections,
		"refunds":         w.refunds,
		"cost_of_revenue": w.costOfRevenue,
		"media":           w.media,
		"brand":           w.brand,
		"pay":             w.pay,
		"commission":      w.commission,
		"onboarding":      w.onboarding,
		"fees":            w.fees + w.shares,
		"fixed_cost":      s.plan.Finance.FixedCostPerWeek,
		"financing":       s.financing(number),
	}
	flow := 0.0
	for name, amount := range lines {
		lines[name] = cents(amount)
		switch name {
		case "collections", "financing":
			flow += lines[name]
		default:
			flow -= lines[name]
		}
	}
	m := &s.purse
	m.cash = cents(m.cash + flow)
	m.burn += lines["financing"] - flow
	m.deferred += w.deferred
	if m.cash < m.trough || number == 1 {
		m.trough, m.troughAt = m.cash, number
	}
	if m.cash < 0 {
		m.ruined, m.ruinWeek = true, number
	}
	s.recordWeek(number, lines)
}

// ruin closes the vendor: live customers and sign-ups in progress are lost.
func (s *simulation) ruin() {
	s.closedByRuin = float64(len(s.accounts) + len(s.freeUsers))
	for _, j := range s.journeys {
		if j.signedUp() {
			s.closedByRuin++
		}
	}
}

// recurring is the monthly recurring revenue of the live customers, and the
// part of it that comes from opening customers.
func (s *simulation) recurring() (all, opening float64) {
	for _, a := range s.accounts {
		m := s.monthly(a)
		all += m
		if a.opening {
			opening += m
		}
	}
	return all, opening
}

// liveJourneys drops the journeys that are over from the list.
func (s *simulation) liveJourneys() {
	s.journeys = slices.DeleteFunc(s.journeys, func(j *journey) bool { return j.phase == over })
}
