package dense

import (
	"math"

	"windfall/model/plan"
)

// stock obeys dS/dt = (ln 2/half-life)(input - S).
type stock struct {
	level float64 // at the step's start
	mean  float64 // over the step
}

// hold keeps a stock where it is for a step.
func (x *stock) hold() { x.mean = x.level }

// advance takes a stock through a step with constant input: the exact mean
// over the step, and the exact level at its end.
func (x *stock) advance(input, halfLife, weeks float64) {
	decay := math.Ln2 * weeks / halfLife
	x.mean = input + (x.level-input)*(-math.Expm1(-decay))/decay
	x.level = input + (x.level-input)*math.Exp(-decay)
}

// covers tells whether a medium covers a region.
func covers(p *plan.Plan, m *plan.Medium, region int) bool {
	return lists(m.Regions, p.Population.Regions[region].Name)
}

// split gives the part of an amount that falls on a region: stated by region,
// or a total split over the covered regions by number of firms.
func (s *simulation) split(p *plan.Plan, m *plan.Medium, amount *plan.Split, region int) float64 {
	if !covers(p, m, region) {
		return 0
	}
	if amount.Parts != nil {
		return amount.Parts[region]
	}
	covered := 0.0
	for r := range p.Population.Regions {
		if covers(p, m, r) {
			covered += s.regionFirms[r]
		}
	}
	return amount.Total * s.regionFirms[region] / covered
}

// mediumSpend is the spend of a medium in a region on a day, USD per week,
// before cash rules.
func (s *simulation) mediumSpend(p *plan.Plan, q, region int) float64 {
	m := &p.Media[q]
	if !m.Enabled {
		return 0
	}
	return s.split(p, m, &m.WeeklyBudget, region)
}

// meanMediumSpend is the mean spend of a medium in a region over a step.
func (s *simulation) meanMediumSpend(step, q, region int) float64 {
	return s.times.meanOver(step, func(day *plan.Plan) float64 { return s.mediumSpend(day, q, region) })
}

// setPressure computes the pressures on salience and equity in each region:
//
//	sum over media of weight x Hill(spend/cost)/Hill(reference),
//
// weights divided by their sum over the media of the opening plan that cover
// the region. Spend and cost act by their share of the days; the other numbers
// are those of the step (docs/model.md, section 3.6).
func (s *simulation) setPressure(step int, kept float64) {
	p, open := s.plan, s.times.opening
	for r := range p.Population.Regions {
		var salience, equity, salienceSum, equitySum float64
		for _, first := range []*plan.Plan{open, s.times.on(0)} { // the run's first day where nothing presses before
			for q := range first.Media {
				if m := &first.Media[q]; m.Enabled && covers(first, m, r) {
					salienceSum += m.ToSalience
					equitySum += m.ToEquity
				}
			}
			if salienceSum > 0 || equitySum > 0 {
				break
			}
		}
		for q := range p.Media {
			m := &p.Media[q]
			if !m.Enabled || !covers(p, m, r) {
				continue
			}
			half := s.split(p, m, &m.HalfSaturation, r)
			reference := hill(s.split(p, m, &m.ReferenceBudget, r), half, m.Shape)
			response := s.times.meanOver(step, func(day *plan.Plan) float64 {
				spend := kept * s.mediumSpend(day, q, r) / day.Media[q].CostMultiplier
				return s.atMostAll(hill(spend, half, m.Shape))
			})
			if salienceSum > 0 {
				salience += m.ToSalience / salienceSum * response / reference
			}
			if equitySum > 0 {
				equity += m.ToEquity / equitySum * response / reference
			}
		}
		s.regions[r].toSalience, s.regions[r].toEquity = salience, equity
	}
}

// region holds the brand stocks of a region.
type region struct {
	toSalience, toEquity float64 // pressures
	salience, equity     stock
}

// openBrand puts the stocks at their stationary values under opening spend, or
// at the inherited ones, on the first day of the burn-in; they are held there during
// one that replays nothing.
func (s *simulation) openBrand() {
	s.times.still = true
	s.setPressure(s.earliest(), 1)
	s.times.still = false
	b := &s.times.opening.Brand
	given := func(table []float64, r int, otherwise float64) float64 {
		if r < len(table) && !math.IsNaN(table[r]) {
			return table[r]
		}
		return otherwise
	}
	for r := range s.regions {
		x := &s.regions[r]
		x.salience.level = given(b.InitialSalience, r, x.toSalience)
		x.equity.level = given(b.InitialEquity, r, x.toEquity)
	}
}

// advanceBrand takes the stocks through a step.
func (s *simulation) advanceBrand(step int) {
	if s.held() {
		for r := range s.regions {
			s.regions[r].salience.hold()
			s.regions[r].equity.hold()
		}
		return
	}
	s.setPressure(step, 1-s.cutBrand)
	weeks := 1 / float64(s.clock.perWeek)
	for r := range s.regions {
		x := &s.regions[r]
		x.salience.advance(x.toSalience, s.plan.Brand.SalienceHalfLifeWeeks, weeks)
		x.equity.advance(x.toEquity, s.plan.Brand.EquityHalfLifeWeeks, weeks)
	}
}

// lift is 1 + halo (w salience + (1-w) equity) of a channel in a region.
func (s *simulation) lift(c *plan.Channel, r int) float64 {
	w := s.plan.Brand.SalienceWeight
	x := &s.regions[r]
	return 1 + c.Halo*(w*x.salience.mean+(1-w)*x.equity.mean)
}

// known is the share of firms of a region that know the brand in this step.
func (s *simulation) known(r int) float64 {
	e := s.regions[r].equity.mean
	return s.plan.Brand.AwarenessMax * e / (e + s.plan.Brand.HalfSaturationEquity)
}
