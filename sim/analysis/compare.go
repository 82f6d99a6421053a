package analysis

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"windfall/model/plan"
)

// Sides holds one outcome of two plans that were run with common random numbers:
// number i of both is of the same replication. For a ratio of totals Over and
// Under hold its parts; else Over holds the numbers and Under is nil.
type Sides struct {
	Column plan.Column
	Over   [2][]float64
	Under  [2][]float64
	Ties   Ties
}

// Comparison is what replications say about one outcome of two plans, A and B.
type Comparison struct {
	Column     plan.Column
	A, B       Estimate
	Difference Estimate   // B less A, paired
	Relative   Estimate   // the difference in parts of A, paired; missing where A is not surely above 0
	Identical  bool       // equal in every replication
	Better     Dominance  // which plan is better where one of them is beyond all numbers, so that there is no difference
	Never      [2]float64 // shares of the replications of each that lie beyond all numbers

	Groups int // of replications that are independent of each other

	// Reduction is the variance of the difference of unpaired plans over that of
	// the paired difference: what the common random numbers save.
	Reduction float64

	// Of single replications; ratios are taken replication by replication.
	Quantiles []QuantilePair
	PBetter   *Estimate // share of pairs in which B is the better, ties one half; nil where neither way is better
	Dominance Dominance
}

// QuantilePair is one quantile of both plans.
type QuantilePair struct {
	P    float64
	A, B Estimate
}

// Dominance says whether one plan is better in distribution.
type Dominance string

// The kinds of dominance.
const (
	NoDominance Dominance = "" // not shown
	BDominates  Dominance = "B"
	ADominates  Dominance = "A"
	Neither     Dominance = "neither" // each is shown to be better somewhere
)

// ComparedQuantiles are the quantiles of the table of two plans.
var ComparedQuantiles = []float64{0.05, 0.25, 0.5, 0.75, 0.95}

// Compare compares one outcome of two plans.
func Compare(s Sides) Comparison {
	c := Comparison{Column: s.Column, Groups: s.Ties.Groups(len(s.Over[0]))}
	n, seeds := len(s.Over[0]), s.Ties.draw()
	a, b := s.single(0), s.single(1)
	c.Never = [2]float64{NeverShare(a), NeverShare(b)}
	switch of := s.Column; {
	case Statistic(of) == "chance":
		c.A, c.B = ChanceAlike(a, seeds), ChanceAlike(b, seeds)
		c.Difference = ChanceChange(a, b, seeds)
	case s.Under[0] != nil:
		c.A, c.B = RatioOf(&of, s.Over[0], s.Under[0], s.Ties), RatioOf(&of, s.Over[1], s.Under[1], s.Ties)
	default:
		c.A, c.B = MeanOf(&of, a, s.Ties), MeanOf(&of, b, s.Ties)
	}
	estimate := func(of func(a, b float64) float64) Estimate {
		return Jackknife(n, s.Ties, func(from, to int) float64 { return of(s.without(0, from, to), s.without(1, from, to)) })
	}
	if c.A.Known() && c.B.Known() {
		c.Relative = s.Ties.settled(RelativeTo(c.A, estimate(func(a, b float64) float64 { return (b - a) / math.Abs(a) })), 1)
		if Statistic(s.Column) != "chance" {
			size := max(math.Abs(c.A.Value), math.Abs(c.B.Value))
			c.A, c.B, c.Difference = s.Ties.settled(c.A, size), s.Ties.settled(c.B, size),
				s.Ties.settled(estimate(func(a, b float64) float64 { return b - a }), size)
		}
	} else {
		c.Difference = NoDifference(c.A, c.B)
		c.Relative = c.Difference
	}
	c.Reduction = (float64(c.A.Error*c.A.Error) +
		float64(c.B.Error*c.B.Error)) / float64(c.Difference.Error*c.Difference.Error)

	c.Identical = slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
	if c.Identical {
		c.Reduction = math.Inf(1)
	}
	sortedA, sortedB := sortedPresent(a), sortedPresent(b)
	for _, p := range ComparedQuantiles {
		q := QuantilePair{p, quantileAlike(a, sortedA, p, seeds), quantileAlike(b, sortedB, p, seeds)}
		q.A.Reason, q.B.Reason = s.Column.Reason(q.A.Value), s.Column.Reason(q.B.Value)
		c.Quantiles = append(c.Quantiles, q)
	}
	if s.Column.Direction != plan.Neither {
		c.PBetter = betterShare(a, b, s.Column.Direction, seeds)
		c.Dominance = dominance(a, b, s.Column.Direction, seeds)
	}
	return c
}

// without is the number of one side without the replications from one to another.
func (s *Sides) without(side, from, to int) float64 {
	sum := func(list []float64) (sum, k float64) {
		for i, x := range list {
			if (i < from || i >= to) && !math.IsNaN(x) {
				sum += x
				k++
			}
		}
		return sum, k
	}
	over, k := sum(s.Over[side])
	if s.Under[side] == nil {
		return over / k
	}
	under, _ := sum(s.Under[side])
	return s.Column.Quotient(over, under)
}

// NoDifference is the difference of two numbers of which one is none.
func NoDifference(a, b Estimate) Estimate { return Missing(a.N, cmp.Or(a.Reason, b.Reason)) }

// Order compares two numbers, the better one first: below 0 if a is better. What
// lies beyond all numbers is worst of what should be low and best of what should be
// high; what is missing is behind all else, whatever the direction.
func Order(a, b Estimate, way plan.Direction) int {
	x, y := a.Value, b.Value
	switch {
	case math.IsNaN(x) || math.IsNaN(y): // NaN compares below all numbers
		return cmp.Compare(y, x)
	case way == plan.Less:
		return cmp.Compare(x, y)
	}
	return cmp.Compare(y, x)
}

// mostRelative is the largest change that is told as a part of its base: of more, the base is small beside what it is
// compared with.
const mostRelative = 3

// RelativeTo leaves a relative change out where its base is not surely above 0, where a share of it says neither how
// much nor which way, and where it is small beside the change.
func RelativeTo(base, change Estimate) Estimate {
	if !(base.Value > 0) || base.Low <= 0 || math.Abs(change.Value) > mostRelative {
		return missing(change.N)
	}
	return change
}

// rounding is the part of a number below which an error is noise of its sums.
const rounding = 1e-10

// settled takes noise of rounding out of an estimate made of numbers of a size.
func (t Ties) settled(e Estimate, size float64) Estimate {
	noise := float64(rounding * size)
	if e.Needs > 0 && math.Abs(e.Value) <= noise {
		e.Value = 0
	}
	if !(e.Error <= noise) || !e.Known() {
		return e
	}
	if math.Abs(e.Value) <= noise {
		e.Value = 0
	}
	return t.Alike(e, e.Value)
}

// single gives the outcome of one side replication by replication.
func (s *Sides) single(side int) []float64 {
	if s.Under[side] == nil {
		return s.Over[side]
	}
	out := make([]float64, len(s.Over[side]))
	for i := range out {
		out[i] = s.Column.Quotient(s.Over[side][i], s.Under[side][i])
	}
	return out
}

// betterShare is the share of pairs in which b is better, ties counting one half,
// with the interval of Wilson at the count that as many neighbours alike are worth.
func betterShare(a, b []float64, way plan.Direction, alike int) *Estimate {
	wins := make([]float64, len(a))
	k, n := 0.0, 0
	for i := range a {
		switch {
		case math.IsNaN(a[i]) || math.IsNaN(b[i]):
			wins[i] = math.NaN()
			continue
		case a[i] == b[i]:
			wins[i] = 0.5
		case b[i] > a[i] == (way == plan.More):
			wins[i] = 1
		}
		k += wins[i]
		n++
	}
	deff := designEffect(wins, alike)
	e := wilson(k/deff, float64(n)/deff, n)
	return &e
}

// The grid and the resamples of the band of dominance.
const (
	dominanceFrom, dominanceTo = 0.025, 0.975
	dominanceGrid              = 96
	dominanceResamples         = 1000
)

// dominance says whether the difference of the distribution functions keeps one
// sign: whether the simultaneous 95% band of F_B - F_A, by a bootstrap of pairs
// with the largest studentized deviation (Davison and Hinkley 1997, section
// 4.2.4), stays on one side of 0 from the 2.5% to the 97.5% quantile of both
// plans together; or whether it lies on both sides somewhere, so that neither is.
// Neighbours that are alike are drawn together. The resamples are drawn from a fixed
// seed.
func dominance(a, b []float64, way plan.Direction, alike int) Dominance {
	c := newCurves(a, b, alike)
	if len(c.ends) < 20 {
		return NoDominance
	}
	d := make([]float64, len(c.grid))
	c.between(func(i int) int { return i }, d)
	sd, reach := c.band(d)
	below, above := 0, 0 // points of the grid
	for g := range d {
		if d[g]+float64(reach*sd[g]) < 0 {
			below++
		} else if d[g]-float64(reach*sd[g]) > 0 {
			above++
		}
	}
	switch all := len(d); {
	case below == all && way == plan.More, above == all && way == plan.Less:
		return BDominates
	case above == all && way == plan.More, below == all && way == plan.Less:
		return ADominates
	case below > 0 && above > 0:
		return Neither
	}
	return NoDominance
}

// curves are the distributions of two plans on a grid of values.
type curves struct {
	n            int   // pairs without a missing number
	ends         []int // of the neighbours that are drawn together
	grid         []float64
	fromA, fromB []int // by pair: the point of the grid from which on it counts
	steps        []float64
}

func newCurves(a, b []float64, alike int) *curves {
	c := &curves{}
	var x, y []float64
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
		whole, last := (i+1)%alike == 0 || i+1 == len(a), len(c.ends)-1
		if whole && len(x) > 0 && (last < 0 || len(x) > c.ends[last]) {
			c.ends = append(c.ends, len(x))
		}
	}
	if c.n = len(x); c.n == 0 {
		return c
	}
	pool := slices.Concat(x, y)
	slices.Sort(pool)
	for i := 0; i < dominanceGrid; i++ {
		g := Quantile(pool, dominanceFrom+float64((dominanceTo-dominanceFrom)*float64(i)/(dominanceGrid-1)))
		if len(c.grid) == 0 || g > c.grid[len(c.grid)-1] {
			c.grid = append(c.grid, g)
		}
	}
	from := func(v float64) int { i, _ := slices.BinarySearch(c.grid, v); return i }
	for i := range x {
		c.fromA, c.fromB = append(c.fromA, from(x[i])), append(c.fromB, from(y[i]))
	}
	c.steps = make([]float64, len(c.grid)+1)
	return c
}

// between is by how much the distribution of b lies above that of a at each point of the grid, over groups of pairs.
func (c *curves) between(pick func(i int) int, into []float64) {
	clear(c.steps)
	size := 0
	for i := range c.ends {
		k := pick(i)
		from := 0
		if k > 0 {
			from = c.ends[k-1]
		}
		size += c.ends[k] - from
		for j := from; j < c.ends[k]; j++ {
			c.steps[c.fromB[j]]++
			c.steps[c.fromA[j]]--
		}
	}
	sum := 0.0
	for g := range into {
		sum += c.steps[g]
		into[g] = sum / float64(size)
	}
}

// band is the standard deviation at each point of the grid, by resampling, and how many of them a band reaches that
// holds the whole curve with 95%.
func (c *curves) band(d []float64) (sd []float64, reach float64) {
	r := rand.New(rand.NewPCG(0x9e3779b97f4a7c15, uint64(len(c.ends))))
	boot := make([][]float64, dominanceResamples)
	sd = make([]float64, len(c.grid))
	for k := range boot {
		boot[k] = make([]float64, len(c.grid))
		c.between(func(int) int { return r.IntN(len(c.ends)) }, boot[k])
		for g := range sd {
			e := boot[k][g] - d[g]
			sd[g] += float64(e * e)
		}
	}
	least := 0.5 / float64(c.n)
	for g := range sd {
		sd[g] = max(math.Sqrt(sd[g]/dominanceResamples), least)
	}
	largest := make([]float64, dominanceResamples)
	for k := range boot {
		for g := range sd {
			largest[k] = max(largest[k], math.Abs(boot[k][g]-d[g])/sd[g])
		}
	}
	slices.Sort(largest)
	return sd, Quantile(largest, 0.95)
}

// QuantileSentence says in which of the quantiles shown B is better.
func (c *Comparison) QuantileSentence() string {
	if c.Identical {
		return "A and B are identical."
	}
	if c.Column.Direction == plan.Neither {
		return ""
	}
	var better, worse []float64 // quantiles, from the worst outcome
	known := false
	for _, q := range c.Quantiles {
		d := q.B.Value - q.A.Value
		if q.A.Value == q.B.Value { // both may lie beyond all numbers
			d = 0
		}
		known = known || !math.IsNaN(d)
		p := q.P
		if c.Column.Direction == plan.Less {
			d, p = -d, 1-p
		}
		if d > 0 {
			better = append(better, p)
		} else if d < 0 {
			worse = append(worse, p)
		}
	}
	switch {
	case !known:
		return ""
	case len(worse) == 0 && len(better) == 0:
		return "A and B are equal in every quantile shown."
	case len(worse) == 0:
		return "B is better in every quantile shown."
	case len(better) == 0:
		return "A is better in every quantile shown."
	}
	top := func(list []float64) bool { return slices.Max(list) < slices.Min(better) }
	switch {
	case len(worse) <= len(better) && top(worse):
		return fmt.Sprintf("B is better except in the worst %.0f%%.", 100*slices.Max(worse))
	case slices.Max(better) < slices.Min(worse):
		return fmt.Sprintf("A is better except in the worst %.0f%%.", 100*slices.Max(better))
	}
	return fmt.Sprintf("B is better in %d of %d quantiles shown.", len(better), len(c.Quantiles))
}

// PairsFor is the number of pairs that would show a difference of some size (in
// the outcome's unit) with 80% power at the 5% level; 0: so few pairs do not say how much pairs differ.
func (c *Comparison) PairsFor(size float64) int {
	if (c.Difference.carried(c.Groups, true)).Needs > 0 {
		return 0
	}
	sd := c.Difference.Error * math.Sqrt(float64(c.Difference.N))
	const z = Reach95 + 0.8416212335729143
	x := z * sd / size
	return int(math.Ceil(min(float64(x*x), 1e15)))
}
