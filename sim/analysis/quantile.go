package analysis

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// QuantileType is the definition of the quantile of a sample in this program,
// by the numbers of Hyndman and Fan (1996). It is the default of R and NumPy.
const QuantileType = 7

// Quantile gives the quantile of ascending numbers at p in [0,1], by linear
// interpolation between the order statistics at (n-1)p (type 7). Of nothing it
// is missing (NaN).
func Quantile(sorted []float64, p float64) float64 {
	last := len(sorted) - 1
	if last < 0 {
		return math.NaN()
	}
	at := float64(p * float64(last))
	i := int(at)
	if i >= last {
		return sorted[last]
	}
	return between(sorted[i], sorted[i+1], at-float64(i))
}

// between is the number at a part of the way from one to another. Half of the way
// to what lies beyond all numbers lies beyond them, too.
func between(a, b, part float64) float64 {
	if part == 0 || a == b {
		return a + 0 // never -0
	}
	return a + float64((b-a)*part)
}

// QuantileEstimate is the quantile at p with its 95% interval. The number of
// replications below the quantile is binomial, so with its normal approximation
// the ends are the order statistics at np + 1/2 -+ 1.96 sqrt(np(1-p)), by linear
// interpolation between neighbours (Nyblom 1992); where np(1-p) is below
// leastNormal, they are those of the binomial law itself. An end beyond the sample
// is infinite; then Needs is the number of replications that have both. The error is the interval over twice 1.96, as
// for a normal law.
func QuantileEstimate(sorted []float64, p float64) Estimate {
	return quantileWorth(sorted, p, 1)
}

// quantileWorth is QuantileEstimate where so many replications are worth one
// independent one: the count below the quantile has that many times the variance.
func quantileWorth(sorted []float64, p, deff float64) Estimate {
	n := len(sorted)
	np := float64(p * float64(n))
	reach := float64(Reach95 * math.Sqrt(float64(np*(1-p))*deff))
	e := Estimate{Value: Quantile(sorted, p), Error: math.NaN(), N: n}
	low, high := np+0.5-reach, np+0.5+reach
	if deff == 1 && float64(np*(1-p)) < leastNormal {
		low, high = lowestRank(n, p), float64(n+1)-lowestRank(n, 1-p)
	}
	e.Low, e.High = orderStatistic(sorted, low), orderStatistic(sorted, high)
	if n > 0 && (low < 1 || high > float64(n)) {
		e.Needs = max(n+1, int(math.Ceil(float64(deff*float64(LeastForQuantile(p))))))
	}
	if width := e.High - e.Low; !math.IsInf(width, 0) {
		e.Error, e.Tied = width/(2*Reach95), width == 0 && sorted[0] != sorted[n-1]
	}
	return e
}

// leastNormal is the variance of a binomial number from which on its tails are those
// of a normal one, as far as intervals are concerned.
const leastNormal = 12

// LeastForQuantile is the number of independent replications from which on a 95%
// interval of the quantile at p has two ends: with fewer, all of them lie on one
// side of it with a chance above 2.5%.
func LeastForQuantile(p float64) int {
	return int(math.Ceil(math.Log(0.025) / math.Log1p(-min(p, 1-p))))
}

// Percentile is the quantile at P of a number, of which replications may count more
// than once.
type Percentile struct {
	P      float64
	sorted []float64
	order  []int // the replications behind sorted
}

// NewPercentile takes a number by replication; missing ones are left out.
func NewPercentile(values []float64, p float64) *Percentile {
	q := &Percentile{P: p}
	for i, x := range values {
		if !math.IsNaN(x) {
			q.order = append(q.order, i)
		}
	}
	slices.SortStableFunc(q.order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	for _, i := range q.order {
		q.sorted = append(q.sorted, values[i])
	}
	return q
}

// Of is the quantile where replication i counts times[i] times; nil: each once.
func (q *Percentile) Of(times []int) float64 {
	if times == nil {
		return Quantile(q.sorted, q.P)
	}
	n := 0
	for _, i := range q.order {
		n += times[i]
	}
	if n == 0 {
		return math.NaN()
	}
	at := float64(q.P * float64(n-1))
	rank, seen := int(at), 0
	for k, i := range q.order {
		if seen += times[i]; seen <= rank {
			continue
		}
		next := k // of the value at the next rank
		for j := k + 1; seen == rank+1 && j < len(q.order); j++ {
			if times[q.order[j]] > 0 {
				next = j
				break
			}
		}
		return between(q.sorted[k], q.sorted[next], at-float64(rank))
	}
	return math.NaN()
}

// bootstrapResamples is the number of resamples of an interval of percentiles.
const bootstrapResamples = 1000

// Bootstrap is a function of percentiles (and of means) with the error of a bootstrap
// (Efron and Tibshirani 1993, section 6), since a jackknife fails for percentiles: the
// interval reaches to both sides as far as half of what lies between the 2.5% and the
// 97.5% of resamples. of says what it is where replications
// count so many times, nil each once; p are the percentiles in it. Replications of
// one draw are drawn together. Where there are too few draws for an interval of one
// of the percentiles, there is none of the function.
func Bootstrap(n int, t Ties, p []float64, of func(times []int) float64) Estimate {
	if n == 0 {
		return missing(0)
	}
	e := Estimate{Value: of(nil), Error: math.NaN(), Low: math.Inf(-1), High: math.Inf(1), N: n}
	draw := t.draw()
	draws := countOf(n, draw)
	for _, p := range p {
		if least := LeastForQuantile(p); draws < least {
			e.Needs = max(e.Needs, least*draw)
		}
	}
	if e.Needs > 0 || math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
		return e
	}
	r := rand.New(rand.NewPCG(0x9e3779b97f4a7c15, uint64(n)))
	times, values := make([]int, n), make([]float64, 0, bootstrapResamples)
	for range bootstrapResamples {
		clear(times)
		for range draws {
			from := r.IntN(draws) * draw
			for i := from; i < min(from+draw, n); i++ {
				times[i]++
			}
		}
		if x := of(times); !math.IsNaN(x) {
			values = append(values, x)
		}
	}
	slices.Sort(values)
	reach := (Quantile(values, 0.975) - Quantile(values, 0.025)) / 2
	e.Error, e.Low, e.High, e.Tied = reach/Reach95, e.Value-reach, e.Value+reach, reach == 0
	return e
}

// lowestRank is the rank, counted from 1, of the order statistic of n numbers that
// lies above the quantile at p with a chance of 2.5%, between whole ranks by the
// chances of both. Below 1 there is none.
func lowestRank(n int, p float64) float64 {
	const tail = 0.025
	// The chance that k of the n numbers lie below the quantile.
	chance := math.Pow(1-p, float64(n))
	var below float64
	for k := 0; k < n; k++ {
		if below+chance > tail {
			return float64(k) + (tail-below)/chance
		}
		below += chance
		chance *= float64(n-k) / float64(k+1) * (p / (1 - p))
	}
	return float64(n)
}

// quantileAlike is QuantileEstimate of values of which so many neighbours are alike;
// the same values stand in ascending order beside them (Woodruff 1952).
func quantileAlike(values, sorted []float64, p float64, alike int) Estimate {
	q := Quantile(sorted, p)
	below := make([]float64, len(values))
	for i, x := range values {
		switch {
		case math.IsNaN(x):
			below[i] = math.NaN()
		case x <= q:
			below[i] = 1
		}
	}
	return quantileWorth(sorted, p, designEffect(below, alike))
}

// designEffect is the variance of a mean over the one that it would have if all
// values were independent, where so many neighbours are alike (Kish 1965); 1 at
// least. Missing values are left out. Values that do not differ do not tell; then as
// many as are alike count as one.
func designEffect(values []float64, alike int) float64 {
	if alike <= 1 {
		return 1
	}
	groups, total := groupsOf(values, nil, alike)
	p, g := total.over/total.under, float64(len(groups))
	var squares, all float64
	for _, x := range values {
		if d := x - p; !math.IsNaN(d) {
			all += float64(d * d)
		}
	}
	if all == 0 || math.IsNaN(p) {
		return float64(alike)
	}
	for _, x := range groups {
		d := x.over - float64(p*x.under)
		squares += float64(d * d)
	}
	if deff := squares * g / (g - 1) / all; deff > 1 {
		return deff
	}
	return 1
}

// orderStatistic interpolates between order statistics, counted from 1.
func orderStatistic(sorted []float64, rank float64) float64 {
	switch n := len(sorted); {
	case n == 0:
		return math.NaN()
	case rank < 1:
		return math.Inf(-1)
	case rank > float64(n):
		return math.Inf(1)
	case rank == float64(n):
		return sorted[n-1]
	}
	i := int(rank)
	return between(sorted[i-1], sorted[i], rank-float64(i))
}

// Finite copies values, those beyond all numbers as missing: for statistics that
// need numbers.
func Finite(values []float64) []float64 {
	out := slices.Clone(values)
	for i, x := range out {
		if math.IsInf(x, 0) {
			out[i] = math.NaN()
		}
	}
	return out
}

// Present copies the numbers that are not missing, in their order.
func Present(values []float64) []float64 {
	out := make([]float64, 0, len(values))
	for _, x := range values {
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	return out
}

// sortedPresent copies the numbers that are not missing in ascending order.
func sortedPresent(values []float64) []float64 {
	out := Present(values)
	slices.Sort(out)
	return out
}

// Band is the distribution of one number over replications, for a fan.
type Band struct {
	N, Missing             int
	Mean                   float64
	P5, P25, P50, P75, P95 float64
}

// BandOf gives the band of values, which it sorts in place.
func BandOf(values []float64) Band {
	var b Band
	var sum float64
	for _, x := range values { // in order of replication, before sorting
		if math.IsNaN(x) {
			b.Missing++
			continue
		}
		sum += x
	}
	b.N = len(values) - b.Missing
	slices.Sort(values) // NaN first
	present := values[b.Missing:]
	b.Mean = sum / float64(b.N)
	b.P5, b.P25, b.P50 = Quantile(present, 0.05), Quantile(present, 0.25), Quantile(present, 0.50)
	b.P75, b.P95 = Quantile(present, 0.75), Quantile(present, 0.95)
	return b
}
