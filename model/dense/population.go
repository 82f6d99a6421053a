package dense

import (
	"math"
	"slices"
	"sort"

	"windfall/model/plan"
)

// state is where a firm stands (docs/model.md, section 1.2).
type state int

const (
	dormant state = iota
	inMarket
	locked
	customer
	gone // left the market with a shrinking population
	freeUser
	states
)

// firm is one firm of the market.
type firm struct {
	id    int
	cell  *cell
	state state

	// clock is what is left of the unit exponential that a dormant firm waits
	// for, in units of its integrated felt rate.
	clock   float64
	founded float64 // week of its birth, where firms age and it is not dormant
	// release is when a locked firm returns to dormant.
	release float64
	// back marks a firm that died in this step: a newborn takes its place at
	// the step's end.
	back bool

	listed *plan.CustomerGroup // its row in a file of opening customers
}

// cell is the firms of one size class, industry and region.
type cell struct {
	size, industry, region int
	name                   string
	firms                  []*firm
	opening                int // number of firms on the first day
	count                  [states]int

	share     float64               // reference share d of dormant firms
	scale     float64               // factor on all rates that keeps d at min_dormant_share
	feels     float64               // felt rate of a trigger over its rate
	held      int                   // dormant firms on the first day, held in the burn-in
	customers int                   // opening customers
	listed    []*plan.CustomerGroup // their rows of a file, if there is one

	felt    []float64 // felt rate of each trigger kind in this step, per dormant firm and week
	feltSum float64
}

// total is the number of firms of a cell now.
func (c *cell) total() int {
	return c.count[dormant] + c.count[inMarket] + c.count[locked] + c.count[customer] + c.count[freeUser]
}

// become moves a firm to another state.
func (f *firm) become(to state) {
	f.cell.count[f.state]--
	f.state = to
	f.cell.count[to]++
}

// largestRemainder rounds quotas to whole numbers with the given sum: floors
// first, then one more to the largest remainders, ties in order of name.
func largestRemainder(quotas []float64, total int, names []string) []int {
	const speck = 1e-9 // a product of shares may miss its whole number
	whole := make([]int, len(quotas))
	order := make([]int, len(quotas))
	rest := make([]float64, len(quotas))
	left := total
	for i, q := range quotas {
		whole[i] = int(math.Floor(q + speck))
		rest[i] = q - float64(whole[i])
		order[i] = i
		left -= whole[i]
	}
	sort.SliceStable(order, func(a, b int) bool {
		i, j := order[a], order[b]
		if math.Abs(rest[i]-rest[j]) > speck {
			return rest[i] > rest[j]
		}
		return names[i] < names[j]
	})
	for i := 0; i < left; i++ {
		whole[order[i%len(order)]]++
	}
	return whole
}

// newCells splits the firms of the opening plan over cells by shares.
func newCells(p *plan.Plan) []*cell {
	pop := &p.Population
	var cells []*cell
	var quotas []float64
	var names []string
	for s, size := range pop.Sizes {
		for i, industry := range pop.Industries {
			for r, region := range pop.Regions {
				name := size.Name + "/" + industry.Name + "/" + region.Name
				cells = append(cells, &cell{size: s, industry: i, region: r, name: name})
				quotas = append(quotas, pop.Firms*size.Share*industry.Share*region.Share)
				names = append(names, name)
			}
		}
	}
	for i, n := range largestRemainder(quotas, int(pop.Firms), names) {
		cells[i].opening = n
	}
	return cells
}

// addFirm adds a dormant newborn with a fresh clock to a cell.
func (s *simulation) addFirm(c *cell) *firm {
	s.firms++
	f := &firm{id: s.firms, cell: c, clock: s.random.exponential()}
	c.firms = append(c.firms, f)
	c.count[dormant]++
	return f
}

// grow moves the size of each cell towards round(N e^(g t)) at a week's start:
// newborns are dormant, a shrinking cell loses dormant firms only.
func (s *simulation) grow(at float64) {
	grown, moves := 0.0, false
	for step := range int(math.Round(at * float64(s.clock.perWeek))) {
		rate := s.times.at(step).Population.GrowthPerYear
		grown += rate / float64(s.clock.perWeek) / yearWeeks
		moves = moves || rate != 0
	}
	if !moves {
		return
	}
	for _, c := range s.cells {
		want := int(math.Round(float64(c.opening) * math.Exp(grown)))
		for c.total() < want {
			s.addFirm(c)
		}
		for i := 0; c.total() > want && i < len(c.firms); i++ {
			if c.firms[i].state == dormant {
				c.firms[i].become(gone)
			}
		}
	}
	s.firmsNow = 0
	for _, c := range s.cells {
		s.firmsNow += float64(c.total())
	}
}

// headCount draws the head-count of a firm of a size class: floor of a Pareto
// law with exponent z, cut to [lowest, highest+1), by inversion.
func (s *simulation) headCount(size *plan.Size) float64 {
	z := s.plan.Population.TailExponent
	top := math.Pow(size.Lowest, -z)
	bottom := math.Pow(size.Highest+1, -z)
	x := math.Floor(math.Pow(top-s.random.Float64()*(top-bottom), -1/z))
	return min(max(x, size.Lowest), size.Highest)
}

// smb tells whether a firm passes the test of a small or medium business:
// fewer employees or lower sales than the bounds.
func (s *simulation) smb(heads float64, c *cell) bool {
	pop := &s.plan.Population
	return heads < pop.SMBEmployees || heads*pop.Industries[c.industry].RevenuePerEmployee < pop.SMBSales
}

// firmDeath is the hazard of firm death of a size class now, per week.
func (s *simulation) firmDeath(size int) float64 {
	m := s.plan.Population.Sizes[size].FirmDeathPerYear
	return m * multiplier(s.recession, s.plan.Economy.Recession.FirmDeath) / yearWeeks
}

// lock puts a firm out of the market: its release is the earlier of the lock's
// end and its death, drawn now.
func (s *simulation) lock(f *firm, at float64) {
	f.release = at + min(s.plan.Journey.LockInYears*yearWeeks, s.restOfLife(f.cell.size, f.founded, at))
	f.become(locked)
}

// replace lets a newborn of the same cell take the place of a firm that died:
// it is dormant from the step's end.
func (f *firm) replace() { f.back = true }

// returns makes dormant, at the step's end, the firms whose lock is over and
// the newborns of the step.
func (s *simulation) returns(end float64) {
	for _, c := range s.cells {
		for _, f := range c.firms {
			if f.back || f.state == locked && f.release <= end {
				f.back = false
				f.become(dormant)
				f.clock = s.random.exponential()
			}
		}
	}
}

// lists tells whether a list of names holds a name; an empty list means all.
func lists(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}
