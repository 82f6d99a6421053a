package search

import (
	"math"
	"slices"
)

// Lever is a number that a search may move, as a multiple of what the plan has.
type Lever struct {
	Name      string
	Low, High float64
	Steps     []float64 // ascending multiples that it can take, of a head-count; nil: any between Low and High
	Spend     float64   // USD at 1; 0 for what costs nothing
	Scales    bool      // it multiplies what other levers spend, as a quarter does
}

// Space is where a search may go: the bounds of the levers and a budget.
type Space struct {
	Levers []Lever
	Spend  func(x []float64) float64 // USD, growing with every lever that spends; nil: nothing is spent
	Budget float64
}

// digits is the grain of multiples: fine enough for budgets to be kept to the
// cent, coarse enough to be read.
const digits = 1e9

// scales gives the length of a lever's unit on the scale of the search. The
// gain of levers of like response is as curved in each if lengths go with the
// root of what they spend; so no direction is much steeper than the others.
func (s *Space) scales() []float64 {
	var sum, n float64
	for _, l := range s.Levers {
		if l.Spend > 0 {
			sum += l.Spend
			n++
		}
	}
	out := make([]float64, len(s.Levers))
	for i, l := range s.Levers {
		out[i] = 1
		if l.Spend > 0 {
			// Not below a tenth: a lever that costs next to nothing has its worth too.
			out[i] = math.Sqrt(max(l.Spend*n/sum, 0.01))
		}
	}
	return out
}

// Nearest is the value of a lever that is nearest to x.
func (l *Lever) Nearest(x float64) float64 {
	x = min(max(x, l.Low), l.High)
	if l.Steps == nil {
		grain := math.Floor(x*digits+1e-3) / digits // down, but a value of the grain stays
		return min(max(grain, l.Low), l.High)       // bounds need not lie on the grain
	}
	i, _ := slices.BinarySearch(l.Steps, x)
	switch {
	case i == 0:
		return l.Steps[0]
	case i == len(l.Steps) || x-l.Steps[i-1] < l.Steps[i]-x:
		return l.Steps[i-1]
	}
	return l.Steps[i]
}

// Least is the point of the space that spends least.
func (s *Space) Least() []float64 {
	out := make([]float64, len(s.Levers))
	for i := range s.Levers {
		out[i] = s.Levers[i].Nearest(s.Levers[i].Low)
	}
	return out
}

// Fits says whether a point keeps the budget, to the cent.
func (s *Space) Fits(x []float64) bool { return s.Spend == nil || s.Spend(x) <= s.Budget+0.005 }

// Project gives the point of the space that is near to x: within the bounds, on
// the steps, and within the budget. Where x spends too much all levers that spend
// and have no steps give way by the same multiple of their plan, which on the
// scale of the search is the shortest way. Head-counts give way only if that is
// not enough.
func (s *Space) Project(x []float64) []float64 {
	y := make([]float64, len(x))
	lower := func(mu float64) []float64 {
		for i := range s.Levers {
			if l := &s.Levers[i]; l.Steps == nil && l.Spend > 0 {
				y[i] = l.Nearest(x[i] - mu)
			}
		}
		return y
	}
	most := 0.0
	for i := range s.Levers {
		y[i] = s.Levers[i].Nearest(x[i])
		most = max(most, x[i]-s.Levers[i].Low)
	}
	if s.Fits(y) {
		return y
	}
	for lower(most); !s.Fits(y); {
		if !s.stepDown(y, x) {
			return y // nothing of the space fits
		}
	}
	low, high := 0.0, most // fits at high
	for range 60 {
		if mid := (low + high) / 2; s.Fits(lower(mid)) {
			high = mid
		} else {
			low = mid
		}
	}
	return lower(high)
}

// stepDown takes the head-count a step down that lies highest above what was
// asked for.
func (s *Space) stepDown(y, asked []float64) bool {
	at := -1
	for i := range s.Levers {
		if l := &s.Levers[i]; l.Steps != nil && y[i] > l.Steps[0] && (at < 0 || y[i]-asked[i] > y[at]-asked[at]) {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	steps := s.Levers[at].Steps
	i, _ := slices.BinarySearch(steps, y[at])
	y[at] = steps[i-1]
	return true
}

// Proportional is the plan with all levers that spend at one multiple, such that
// the budget is spent as far as bounds allow. What whole people leave of it goes to
// the others, at one multiple too.
func (s *Space) Proportional() []float64 {
	x := make([]float64, len(s.Levers))
	for i := range x {
		x[i] = s.Levers[i].Nearest(1)
	}
	if s.Spend == nil || math.Abs(s.Spend(x)-s.Budget) < 0.005 {
		return x
	}
	most := 0.0
	for _, l := range s.Levers {
		most = max(most, l.High)
	}
	for _, people := range []bool{true, false} {
		at := func(m float64) []float64 {
			for i := range s.Levers {
				if l := &s.Levers[i]; l.Spend > 0 && !l.Scales && (people || l.Steps == nil) {
					x[i] = l.Nearest(m)
				}
			}
			return x
		}
		low, high := 0.0, most
		if s.Fits(at(high)) {
			continue
		}
		for range 60 {
			if mid := (low + high) / 2; s.Fits(at(mid)) {
				low = mid
			} else {
				high = mid
			}
		}
		at(low)
	}
	return x
}

// Around moves a lever that spends a tenth of its value down and up from x, or a
// step, within its bounds but not the budget, and tells the dollars between the
// two points; 0 for what does not spend.
func (s *Space) Around(i int, x []float64) (low, high []float64, usd float64) {
	l := &s.Levers[i]
	low, high = slices.Clone(x), slices.Clone(x)
	if l.Spend == 0 {
		return low, high, 0
	}
	if l.Steps != nil {
		k, _ := slices.BinarySearch(l.Steps, x[i])
		low[i], high[i] = l.Steps[max(k-1, 0)], l.Steps[min(k+1, len(l.Steps)-1)]
	} else {
		reach := 0.1 * max(x[i], 0.1) // from 0 by a hundredth of the plan
		low[i], high[i] = l.Nearest(x[i]-reach), l.Nearest(x[i]+reach)
	}
	return low, high, s.Spend(high) - s.Spend(low)
}
