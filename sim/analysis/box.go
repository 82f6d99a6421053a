package analysis

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Side is one condition of a box: an input lies between two of its
// probabilities, of which one may be open (0 or 1).
type Side struct {
	Input     int
	Low, High float64 // on the scale of probabilities
	// What density and coverage would be without this condition.
	DensityWithout, CoverageWithout Estimate
}

// Box is where in the space of the inputs the cases of a condition lie.
type Box struct {
	N, Cases int      // of all replications
	Held     int      // replications that were kept apart, on which all estimates are made
	Sides    []Side   // by how much they tell, the most first; none: no box better than chance
	Base     Estimate // share of cases in all
	Density  Estimate // share of cases in the box
	Coverage Estimate // share of the cases that lie in the box
	Volume   Estimate // share of replications in the box
	Chance   float64  // one-sided p-value: as many cases in the box by chance
}

// Limits of a search for a box.
const (
	boxSides  = 4    // conditions at most
	boxPeel   = 0.05 // share that a step of peeling removes
	boxLeast  = 20   // replications in a box at least
	boxChance = 0.01 // p-value from which on a box is no better than chance

	// LeastCases and MostShare bound what can be searched.
	LeastCases = 50
	MostShare  = 0.95
)

// FindBox looks for a box of inputs in which a condition holds more often, by
// patient rule induction (Friedman and Fisher 1999). u holds the inputs,
// replication by input, on the scale of probabilities, and cases says where the
// condition holds.
//
// The first half of the replications finds the box: twentieths are peeled off
// at the side that leaves most cases behind; of the boxes on the way the one that
// splits cases from others most likely (binomial, inside against outside) is
// taken; peeling starts anew with the inputs that matter most in it, at most
// four; its edges are moved to where they are most likely, and conditions whose
// likelihood does not pay for choosing among all inputs are dropped. The second
// half measures it, and a box that is no better than chance there
// (hypergeometric, p > 0.01) is no box.
func FindBox(u [][]float64, cases []bool) Box {
	b := Box{N: len(cases)}
	for _, is := range cases {
		if is {
			b.Cases++
		}
	}
	half := (len(cases) + 1) / 2
	s := newBoxSearch(u[:half], cases[:half])
	all := make([]int, s.inputs)
	for i := range all {
		all[i] = i
	}
	best := s.peel(all, s.inputs)
	best = s.peel(s.mostTelling(best, boxSides), boxSides)
	for range 3 {
		best = s.moveEdges(best)
	}
	best = s.drop(best)
	test := newBoxSearch(u[half:], cases[half:])
	b.Held = len(cases) - half
	b.Base = Chance(test.total, b.Held)
	if len(best) == 0 {
		return b
	}
	density := func(box []Side) (d, c, v Estimate, n, k int) {
		n, k = test.count(box)
		return Chance(k, n), Chance(k, test.total), Chance(n, b.Held), n, k
	}
	var n, k int
	b.Density, b.Coverage, b.Volume, n, k = density(best)
	b.Chance = hypergeometricTail(k, b.Held, test.total, n)
	if b.Chance > boxChance {
		return b
	}
	order := s.mostTelling(best, len(best))
	for _, input := range order {
		i := slices.IndexFunc(best, func(x Side) bool { return x.Input == input })
		side := best[i]
		without := slices.Delete(slices.Clone(best), i, i+1)
		side.DensityWithout, side.CoverageWithout, _, _, _ = density(without)
		b.Sides = append(b.Sides, side)
	}
	return b
}

// boxSearch is the half of the replications that finds a box, or the other.
type boxSearch struct {
	u      [][]float64
	cases  []bool
	inputs int
	total  int // cases
}

func newBoxSearch(u [][]float64, cases []bool) *boxSearch {
	s := &boxSearch{u: u, cases: cases}
	if len(u) > 0 {
		s.inputs = len(u[0])
	}
	for _, is := range cases {
		if is {
			s.total++
		}
	}
	return s
}

func (s *Side) holds(u []float64) bool { return u[s.Input] >= s.Low && u[s.Input] <= s.High }

func inside(box []Side, u []float64) bool {
	for i := range box {
		if !box[i].holds(u) {
			return false
		}
	}
	return true
}

// count gives the replications and the cases in a box.
func (s *boxSearch) count(box []Side) (n, k int) {
	for r, u := range s.u {
		if inside(box, u) {
			n++
			if s.cases[r] {
				k++
			}
		}
	}
	return n, k
}

// likelihood is the logarithm of how much more likely the cases are with one
// rate inside and another outside than with one for all; 0 where the rate inside
// is not the higher one.
func (s *boxSearch) likelihood(n, k int) float64 {
	all, cases := len(s.cases), s.total
	if n < boxLeast || float64(k)*float64(all) <= float64(cases)*float64(n) {
		return 0
	}
	return bernoulli(n, k) + bernoulli(all-n, cases-k) - bernoulli(all, cases)
}

// bernoulli is the largest log-likelihood of k in n.
func bernoulli(n, k int) float64 {
	if k == 0 || k == n {
		return 0
	}
	p := float64(k) / float64(n)
	return float64(float64(k)*math.Log(p)) + float64(float64(n-k)*math.Log(1-p))
}

// peel takes twentieths away from a box that begins as everything, along some of
// the inputs, and gives the most likely of the boxes on the way. Once most inputs
// are cut, the others stay open.
func (s *boxSearch) peel(along []int, most int) []Side {
	p := s.newPeeling()
	most = min(most, len(along))
	var best []Side
	bestLikelihood := 0.0
	for len(p.rows) >= 2*boxLeast {
		open := along
		if p.cuts(along) >= most {
			open = slices.DeleteFunc(slices.Clone(along), func(i int) bool { return !p.isCut(i) })
		}
		next := p.next(open)
		if next.input < 0 || p.cases() == len(p.rows) {
			break
		}
		p.take(next)
		if l := s.likelihood(len(p.rows), p.cases()); l > bestLikelihood {
			bestLikelihood, best = l, p.box()
		}
	}
	return best
}

// peeling is a box that becomes smaller, and the replications that are still in it.
type peeling struct {
	*boxSearch
	low, high []float64
	rows      []int
	values    []float64 // room for one of each row
}

// peelStep takes the part of a box below (or above) a value of an input away, and leaves cases with a mean rate.
type peelStep struct {
	input int
	upper bool
	at    float64
	mean  float64
}

func (s *boxSearch) newPeeling() *peeling {
	p := &peeling{s, make([]float64, s.inputs), make([]float64, s.inputs), make([]int, len(s.u)),
		make([]float64, len(s.u))}
	for i := range p.high {
		p.high[i] = 1
	}
	for i := range p.rows {
		p.rows[i] = i
	}
	return p
}

func (p *peeling) isCut(i int) bool { return p.low[i] > 0 || p.high[i] < 1 }

// cuts counts the inputs that are cut.
func (p *peeling) cuts(along []int) (n int) {
	for _, i := range along {
		if p.isCut(i) {
			n++
		}
	}
	return n
}

// cases counts the cases in the box.
func (p *peeling) cases() (n int) {
	for _, r := range p.rows {
		if p.boxSearch.cases[r] {
			n++
		}
	}
	return n
}

// next is the step that leaves the highest rate of cases; its input is -1 if there is none.
func (p *peeling) next(along []int) peelStep {
	take := max(1, int(boxPeel*float64(len(p.rows))))
	best := peelStep{input: -1, mean: -1}
	for _, i := range along {
		v := p.values[:len(p.rows)]
		for j, r := range p.rows {
			v[j] = p.u[r][i]
		}
		sort.Float64s(v)
		for _, step := range []peelStep{{input: i, at: v[take]}, {input: i, upper: true, at: v[len(v)-1-take]}} {
			kept, cases := p.left(step)
			if step.mean = float64(cases) / float64(kept); step.mean > best.mean && kept < len(p.rows) {
				best = step
			}
		}
	}
	return best
}

// left counts what a step leaves in the box.
func (p *peeling) left(step peelStep) (kept, cases int) {
	for _, r := range p.rows {
		x := p.u[r][step.input]
		if step.upper && x <= step.at || !step.upper && x >= step.at {
			kept++
			if p.boxSearch.cases[r] {
				cases++
			}
		}
	}
	return kept, cases
}

// take makes a step.
func (p *peeling) take(step peelStep) {
	i := step.input
	if step.upper {
		p.high[i] = step.at
	} else {
		p.low[i] = step.at
	}
	p.rows = slices.DeleteFunc(p.rows, func(r int) bool { return p.u[r][i] < p.low[i] || p.u[r][i] > p.high[i] })
}

// box gives the sides that are cut.
func (p *peeling) box() (sides []Side) {
	for i := range p.low {
		if p.isCut(i) {
			sides = append(sides, Side{Input: i, Low: p.low[i], High: p.high[i]})
		}
	}
	return sides
}

// mostTelling lists the inputs of a box by how much less likely the box is
// without them, the most telling first.
func (s *boxSearch) mostTelling(box []Side, most int) []int {
	type told struct {
		input int
		rest  float64
	}
	list := make([]told, len(box))
	for i := range box {
		n, k := s.count(slices.Delete(slices.Clone(box), i, i+1))
		list[i] = told{box[i].Input, s.likelihood(n, k)}
	}
	slices.SortStableFunc(list, func(a, b told) int {
		switch {
		case a.rest < b.rest:
			return -1
		case a.rest > b.rest:
			return 1
		}
		return a.input - b.input
	})
	var out []int
	for _, x := range list[:min(most, len(list))] {
		out = append(out, x.input)
	}
	return out
}

// moveEdges moves each edge of a box in turn to where it is most likely.
func (s *boxSearch) moveEdges(box []Side) []Side {
	box = slices.Clone(box)
	for i := range box {
		if box[i].Low != 0 {
			box[i].Low = s.likeliestEdge(box, i, false)
		}
		if box[i].High != 1 {
			box[i].High = s.likeliestEdge(box, i, true)
		}
	}
	return slices.DeleteFunc(box, func(x Side) bool { return x.Low == 0 && x.High == 1 })
}

// likeliestEdge is where the lower or upper edge of a side is most likely, with all other edges as they are.
func (s *boxSearch) likeliestEdge(box []Side, i int, upper bool) (edge float64) {
	open := slices.Clone(box)
	edge, end := box[i].Low, 0.0
	if upper {
		edge, end, open[i].High = box[i].High, 1, 1
	} else {
		open[i].Low = 0
	}
	type point struct {
		x  float64
		is bool
	}
	var list []point
	for r, u := range s.u {
		if inside(open, u) {
			list = append(list, point{x: u[box[i].Input], is: s.cases[r]})
		}
	}
	slices.SortFunc(list, func(a, b point) int { // from the closed side outwards
		if upper {
			return cmp.Compare(a.x, b.x)
		}
		return cmp.Compare(b.x, a.x)
	})
	n, k, best := 0, 0, 0.0
	for j, p := range list {
		n++
		if p.is {
			k++
		}
		if l := s.likelihood(n, k); l > best && (j+1 == len(list) || list[j+1].x != p.x) {
			best, edge = l, end
			if j+1 < len(list) { // half-way to the next one
				edge = (p.x + list[j+1].x) / 2
			}
		}
	}
	return edge
}

// drop leaves out conditions that do not pay: each side that was chosen among 2
// sides of all inputs must make the box more likely by log(2 inputs) + 2, about
// what the best of as many useless ones brings.
func (s *boxSearch) drop(box []Side) []Side {
	price := math.Log(float64(2*s.inputs)) + 2
	for len(box) > 0 {
		n, k := s.count(box)
		whole := s.likelihood(n, k)
		least, at := math.Inf(1), -1
		var without []Side
		for i, x := range box {
			for _, open := range []Side{{Input: x.Input, Low: 0, High: x.High}, {Input: x.Input, Low: x.Low, High: 1}} {
				if open.Low == x.Low && open.High == x.High {
					continue
				}
				less := slices.Clone(box)
				less[i] = open
				if open.Low == 0 && open.High == 1 {
					less = slices.Delete(less, i, i+1)
				}
				n, k := s.count(less)
				if loss := whole - s.likelihood(n, k); loss < least {
					least, at, without = loss, i, less
				}
			}
		}
		if at < 0 || least >= price {
			return box
		}
		box = s.moveEdges(without)
	}
	return nil
}

// hypergeometricTail is the chance of k cases or more among drawn of all, of
// which cases are ones.
func hypergeometricTail(k, all, cases, drawn int) float64 {
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	var sum float64
	for j := k; j <= min(cases, drawn); j++ {
		if drawn-j > all-cases {
			continue
		}
		sum += math.Exp(choose(cases, j) + choose(all-cases, drawn-j) - choose(all, drawn))
	}
	return math.Min(sum, 1)
}
