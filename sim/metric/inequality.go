package metric

import (
	"math"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Inequality is a comparison of an expression with another.
type Inequality struct {
	Text  string
	Left  *Expression
	Sign  string // <, <=, > or >=
	Right *Expression
	diff  *Expression
}

// Judgement is what the replications say about an inequality.
type Judgement struct {
	Value   analysis.Estimate // of the left side, with its 95% interval
	Bound   float64           // the right side
	Reached float64           // the one-sided 99.9% bound of the left side less the right side, on the side in question
	Verdict Verdict
}

// Verdict says whether an inequality holds.
type Verdict string

// The three verdicts.
const (
	Holds       Verdict = "holds"
	DoesNotHold Verdict = "does not hold"
	Undecided   Verdict = "undecided"
)

// Leaves lists the measures that the inequality needs.
func (q *Inequality) Leaves() []panel.Leaf { return q.diff.Leaves() }

// Judge holds an inequality against a panel. It holds if the one-sided 99.9%
// bound of left less right clears 0, and does not if the bound on the other
// side does; a difference without any spread (both sides equal to the last bit
// in every replication) is decided by its sign. The bounds of one chance beside a
// constant are Wilson's.
func (q *Inequality) Judge(p *panel.Panel) Judgement {
	j := Judgement{Value: q.Left.Estimate(p), Bound: q.Right.Estimate(p).Value}
	d := q.settled(p)
	reach := float64(analysis.OneSided999(p.Ties.Groups(p.Replications)) * d.Error)
	low, high := d.Value-reach, d.Value+reach
	if k, n, ok := q.Left.chance(p); ok && len(q.Right.Leaves()) == 0 {
		// Else none of ten would be below any bound for sure.
		c := analysis.Chance999(k, n)
		low, high = c.Low-j.Bound, c.High-j.Bound
	}
	if j.Value.Never() {
		low, high = j.Value.Low-j.Bound, j.Value.High-j.Bound
	}
	less := q.Sign[0] == '<'
	if !less {
		low, high = -high, -low
	}
	// Now the claim is: difference < 0.
	j.Reached = high
	strict := len(q.Sign) == 1
	switch {
	case math.IsNaN(low) || math.IsNaN(high):
		j.Verdict = Undecided
	case high < 0 || high == 0 && !strict:
		j.Verdict = Holds
	case low > 0 || low == 0 && strict:
		j.Verdict = DoesNotHold
	default:
		j.Verdict = Undecided
	}
	return j
}

// settled is left less right without the noise of sums: what rounding leaves of two sides that are equal in every
// replication is nothing.
func (q *Inequality) settled(p *panel.Panel) analysis.Estimate {
	d := q.diff.Estimate(p)
	var size float64
	for _, l := range q.diff.Leaves() {
		if m := math.Abs(p.Mean(l).Value()); m > size {
			size = m
		}
	}
	if noise := panel.Rounding * size; d.Known() && math.Abs(d.Value) <= noise && (d.Error <= noise || d.Needs > 0) {
		return p.Ties.Alike(d, 0)
	}
	return d
}

// True says whether the estimate itself, errors aside, obeys the inequality.
func (q *Inequality) True(j Judgement) bool {
	switch q.Sign {
	case "<":
		return j.Value.Value < j.Bound
	case "<=":
		return j.Value.Value <= j.Bound
	case ">":
		return j.Value.Value > j.Bound
	}
	return j.Value.Value >= j.Bound
}
