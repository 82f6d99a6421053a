package dense

import "math"

// week is what happens in one week.
type week struct {
	journeys, reached, engaged, touches        float64
	leads, unfit, unaffordable, signups        float64
	opportunities, refused, expired            float64
	lostWaiting, diedInSales                   float64
	won, wonSMB, churned, customerDeaths       float64
	judged, capped                             float64
	revenue, customerMonths, firstMargin       float64
	collections, refunds, deferred             float64 // deferred: change in the week
	costOfRevenue, media, brand                float64
	pay, commission, onboarding, fees, shares  float64
	signupsByChannel                           []float64
	mediaByChannel, brandByRegion, payByTeam   []float64
}

// cents rounds an amount to whole cents, half to even.
func cents(x float64) float64 { return math.RoundToEven(x*100) / 100 }

// spendOnChannel and spendOnBrand book media.
func (s *simulation) spendOnChannel(i int, amount float64) {
	s.week.media += amount
	s.costs.media[i] += amount
}

func (s *simulation) spendOnBrand(step int) {
	weeks := 1 / float64(s.clock.perWeek)
	for q := range s.plan.Media {
		for r := range s.regions {
			amount := (1 - s.cutBrand) * weeks * s.meanMediumSpend(step, q, r)
			s.week.brand += amount
			s.costs.brand[r] += amount
		}
	}
}
