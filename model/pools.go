package model

import (
	"math"

	"windfall/model/plan"
	"windfall/model/rng"
)

// pools counts the firms of each cell by state. Dormant and locked firms of a
// cell are exchangeable, so counts are exact; firms in market and customers
// exist as individuals elsewhere and are counted here.
type pools struct {
	firms, dormant, inMarket, locked, customers []int // by cell
	free                                        []int // by cell: free users

	// What a later step owes to the counts, by (step from -burnIn, cell).
	expire  []int32 // in market -> locked
	die     []int32 // in market -> dormant
	release []int32 // locked -> dormant

	opening []int     // opening locked firms not yet released, by cell
	chance  []float64 // by (step, size): chance of release of one still locked
}

func (p *pools) init(w *world) {
	n := len(w.cells)
	p.firms, p.dormant, p.inMarket = make([]int, n), make([]int, n), make([]int, n)
	p.locked, p.customers, p.opening, p.free = make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	rows := w.burnIn + w.steps
	p.expire, p.die, p.release = make([]int32, rows*n), make([]int32, rows*n), make([]int32, rows*n)
	p.chance = make([]float64, w.steps*len(w.plan.Population.Sizes))
}

func (p *pools) reset(w *world) {
	copy(p.firms, w.firms)
	copy(p.dormant, w.dormant)
	clear(p.inMarket)
	clear(p.locked)
	clear(p.customers)
	clear(p.free)
	clear(p.expire)
	clear(p.die)
	clear(p.release)
}

// openRun makes the locked firms of the first day: what is left of each cell.
// Where chance puts more firms of a small cell in market than are away from the
// dormant state, dormant firms give way.
func (p *pools) openRun(s *State) {
	w := s.w
	for i := range p.locked {
		p.locked[i] = p.firms[i] - p.dormant[i] - p.inMarket[i] - p.customers[i] - p.free[i]
		if p.locked[i] < 0 {
			p.dormant[i] += p.locked[i]
			p.locked[i] = 0
		}
		if p.dormant[i] < 0 { // a handful of firms, more journeys than firms
			p.firms[i] -= p.dormant[i]
			p.dormant[i] = 0
		}
		p.opening[i] = p.locked[i]
	}
	// Remaining times of the opening locked firms are r = -ln(1 - u (1 - e^(-m L)))/m;
	// the chance below is that of a release in the step for one still locked.
	o := w.tl.Opening()
	lock := o.Journey.LockInYears * plan.WeeksPerYear
	S := len(o.Population.Sizes)
	for c := 0; c < S; c++ {
		if w.life[c].aged {
			p.agedLocks(w, c)
			continue
		}
		m := w.open.death[c]
		survival := func(t float64) float64 {
			if t >= lock {
				return 0
			}
			if m == 0 {
				return 1 - t/lock
			}
			return 1 - rng.Expm1(float64(-m*t))/rng.Expm1(float64(-m*lock))
		}
		for step := 0; step < w.steps; step++ {
			a, b := survival(float64(float64(step)*w.h)), survival(float64(float64(step+1)*w.h))
			p.chance[step*S+c] = 1
			if a > 0 {
				p.chance[step*S+c] = 1 - b/a
			}
		}
	}
}

// returnToDormant ends the step: windows that ended, deaths, and locks that are
// over change the counts.
func (s *State) returnToDormant() {
	w, p := s.w, &s.pools
	n := len(p.firms)
	at := s.row() * n
	expire, die, release := p.expire[at:at+n], p.die[at:at+n], p.release[at:at+n]
	for i := range expire {
		e, d := int(expire[i]), int(die[i])
		p.inMarket[i] -= e + d
		if s.step < 0 { // the burn-in holds dormant counts, locked firms are made on the first day
			continue
		}
		p.locked[i] += e - int(release[i])
		p.dormant[i] += d + int(release[i])
	}
	if s.step < 0 {
		return
	}
	s.tally.expired += s.tally.expiresAt[s.row()]
	s.tally.died += s.tally.diesAt[s.row()]
	s.tally.toRivals += s.tally.rivalAt[s.row()]
	S := len(w.plan.Population.Sizes)
	for i := range p.opening {
		if p.opening[i] == 0 {
			continue
		}
		c := &w.cells[i]
		u := s.root.Child(purposeCell).Child(c.label).Child(uint64(s.step)).Unit(purposeRelease)
		k := rng.Binomial(p.opening[i], p.chance[s.step*S+c.Size], u)
		p.opening[i] -= k
		p.locked[i] -= k
		p.dormant[i] += k
	}
}

// grownFirms is the log growth of the number of firms from the first day to a step.
func (w *world) grownFirms(step int) (sum float64) {
	rate, from := 0.0, 0
	add := func(until int) {
		sum += rate * float64(float64(until-from)*w.h) / plan.WeeksPerYear
	}
	for i, n := range w.epochs {
		if first := w.tl.Epochs()[i].First; first < step && n.plan.Population.GrowthPerYear != rate {
			add(first)
			rate, from = n.plan.Population.GrowthPerYear, first
		}
	}
	add(step)
	return sum
}

// firmsAt is the number of firms of the market in the week that starts with a step.
func (w *world) firmsAt(step int) (sum float64) {
	f := rng.Exp(w.grownFirms(step))
	for _, n := range w.firms {
		sum += math.RoundToEven(float64(n) * f)
	}
	return sum
}

// grow sets the number of firms of each cell for the week that starts with a step:
// newborns are dormant, a shrinking cell loses dormant firms only.
func (p *pools) grow(w *world, step int) {
	f := rng.Exp(w.grownFirms(step))
	for i := range p.firms {
		n := int(math.RoundToEven(float64(w.firms[i]) * f))
		change := max(n-p.firms[i], -p.dormant[i])
		p.firms[i] += change
		p.dormant[i] += change
	}
}

// releaseStep is the step (from -burnIn) in which a firm of a cell that is
// locked from a time on returns to the dormant pool, at the end of the lock or
// at the death of the firm, founded at a time, decided by the uniform u; -1 if that lies beyond the run.
func (s *State) releaseStep(cell int, from, u, founded float64) int {
	w := s.w
	row := s.stepOf(from)
	until := from + w.rows[row].lock
	m := w.deathAt(w.cells[cell].Size, row)
	end := w.end()
	last := until
	if last > end {
		last = end
	}
	if life := &w.life[w.cells[cell].Size]; life.aged {
		until = min(until, life.dies(founded, from, -rng.Log1p(-u), m/life.perWeek))
	} else if m > 0 && u < m*(last-from) { // 1 - e^-x < x spares the logarithm
		until = min(until, from-rng.Log1p(-u)/m)
	}
	if until >= end {
		return -1
	}
	return s.stepOf(until)
}

// deathAt is the hazard a week of a firm's death in a step (from -burnIn),
// economy included.
func (w *world) deathAt(size, row int) float64 {
	S := len(w.plan.Population.Sizes)
	return w.deaths[min(row, w.span)*S+size]
}
