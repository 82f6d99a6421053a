package estimate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// NonNegative is non-negative least squares: the x of at least 0 that makes |A x - b| smallest, from A'A and A'b, by
// the active set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23). Columns begin at 0;
// the one along which the error falls fastest is freed, least squares over the free ones follows, and what would fall
// below 0 on the way is held at 0 again. At the end the conditions of Karush, Kuhn and Tucker hold: the slope of the
// error is 0 along every free column, and none of the others falls. A column that is a mix of free ones stays at 0.
func NonNegative(gram *mat.SymDense, moment []float64) []float64 {
	n := len(moment)
	s := &activeSet{gram: gram, moment: moment, x: make([]float64, n), barred: make([]bool, n)}
	small := 0.0
	for _, m := range moment {
		small = max(small, math.Abs(m))
	}
	small *= 1e-10
	for range 10*n + 10 {
		next, steepest := -1, small
		for i := range n {
			if s.barred[i] || slices.Contains(s.free, i) {
				continue
			}
			if fall := s.fall(i); fall > steepest {
				next, steepest = i, fall
			}
		}
		if next < 0 {
			break
		}
		s.enter(next)
	}
	return s.x
}

// activeSet is the state of NonNegative.
type activeSet struct {
	gram   *mat.SymDense
	moment []float64
	x      []float64
	free   []int  // columns above 0
	barred []bool // columns that cannot be freed now
	chol   mat.Cholesky
}

// fall is how fast half the square of the error falls along a column.
func (s *activeSet) fall(i int) float64 {
	out := s.moment[i]
	for _, j := range s.free {
		out -= float64(s.gram.At(i, j) * s.x[j])
	}
	return out
}

// enter frees a column and goes to the least squares of the free ones, or as far as all stay at least 0.
func (s *activeSet) enter(column int) {
	s.free = append(s.free, column)
	for {
		goal := s.solve()
		if goal == nil || s.x[column] == 0 && s.entered(column) && goal[len(goal)-1] <= 0 {
			// A mix of the others, or as good as that.
			s.free = slices.DeleteFunc(s.free, func(c int) bool { return c == column })
			s.x[column], s.barred[column] = 0, true
			return
		}
		step := 1.0
		for i, c := range s.free {
			if goal[i] <= 0 {
				step = min(step, s.x[c]/(s.x[c]-goal[i]))
			}
		}
		var kept []int
		for i, c := range s.free {
			s.x[c] += float64(step * (goal[i] - s.x[c]))
			if step < 1 && goal[i] <= 0 && s.x[c] <= 1e-14*math.Abs(goal[i]) {
				s.x[c] = 0
			} else {
				kept = append(kept, c)
			}
		}
		if s.free = kept; step == 1 {
			clear(s.barred)
			return
		}
	}
}

// entered says whether a column is the one that was freed last.
func (s *activeSet) entered(column int) bool {
	return len(s.free) > 0 && s.free[len(s.free)-1] == column
}

// solve is least squares over the free columns; nil: they are not told apart.
func (s *activeSet) solve() []float64 {
	k := len(s.free)
	if k == 0 {
		return []float64{}
	}
	part, right := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for i, a := range s.free {
		for j := i; j < k; j++ {
			part.SetSym(i, j, s.gram.At(a, s.free[j]))
		}
		right.SetVec(i, s.moment[a])
	}
	if !s.chol.Factorize(part) || s.chol.Cond() > 1e13 {
		return nil
	}
	var x mat.VecDense
	if s.chol.SolveVecTo(&x, right) != nil {
		return nil
	}
	return x.RawVector().Data
}
