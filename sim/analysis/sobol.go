package analysis

import (
	"cmp"
	"math"
	"slices"
)

// SobolDesign is the design of Saltelli (2010) over columns that are independent
// of each other; a column may stand for several inputs that are tied, or for random variation.
// It takes two independent samples A and B of the columns, row by row. For each
// row it evaluates A, B, and for each column A with that column from B.
type SobolDesign struct{ Rows, Columns int }

// LeastRows are those with values that indices need.
const LeastRows = 3

// What a point takes from B; otherwise it is the number of the one column.
const (
	AllFromA = -2
	AllFromB = -1
)

// Points is the number of evaluations.
func (d SobolDesign) Points() int { return d.Rows * (d.Columns + 2) }

// Point gives the row of a point and what it takes from B. The points of a row
// are neighbours.
func (d SobolDesign) Point(i int) (row, take int) { return i / (d.Columns + 2), i%(d.Columns+2) - 2 }

// FromB says whether a point that takes something from B takes a column.
func FromB(take, column int) bool { return take == AllFromB || take == column }

// Sobol says how much of the variance of a number comes from each column.
type Sobol struct {
	Rows     int // without those in which a value is missing
	Missing  int // rows left out
	Mean     Estimate
	Variance float64
	First    []Estimate // by column: share of the variance that it brings alone
	Total    []Estimate // share that it brings alone or together with others
	// Of the column that stands for random variation: what all others bring without it, what
	// it brings alone, and what it brings together with others.
	Others, Alone, Mix Estimate
}

// SobolOf works out the indices from the values at the points of a design. chance
// is the column that the others are set against.
//
// The total index is that of Jansen (1999), half the mean squared difference of A
// and A with the column from B. The first-order index is that of Saltelli et
// al. (2010), E[B (AB - A)], which has no error for a column that does nothing,
// moved towards that of Janon et al. (2014), the correlation of B and AB, which
// has none for a column that does everything, by the weight that has the least
// error (a control variate). Errors are those of ratios of means over rows
// (delta method), intervals Student's, cut at 0 and 1.
func SobolOf(values []float64, d SobolDesign, chance int) Sobol {
	width := d.Columns + 2
	var rows [][]float64
	for r := range d.Rows {
		row := values[r*width : (r+1)*width]
		if !slices.ContainsFunc(row, math.IsNaN) {
			rows = append(rows, row)
		}
	}
	n := len(rows)
	s := Sobol{Rows: n, Missing: d.Rows - n}
	nothing := missing(n)
	s.Mean, s.Others, s.Alone, s.Mix = nothing, nothing, nothing, nothing
	for range d.Columns {
		s.First, s.Total = append(s.First, nothing), append(s.Total, nothing)
	}
	if n < LeastRows {
		return s
	}
	half := make([]float64, n)
	for i, row := range rows {
		half[i] = (row[0] + row[1]) / 2
	}
	s.Mean = Mean(half, Ties{})
	m := s.Mean.Value
	spread := make([]float64, n) // of A and B, around the mean
	for i, row := range rows {
		spread[i] = (float64((row[0]-m)*(row[0]-m)) + float64((row[1]-m)*(row[1]-m))) / 2
		s.Variance += spread[i] / float64(n)
	}
	if s.Variance <= 0 {
		return s
	}
	for c := range d.Columns {
		alone, pair, pairSpread, total := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i, row := range rows {
			a, b, ab := row[0]-m, row[1]-m, row[2+c]-m
			alone[i] = float64(b * (ab - a))
			pair[i] = float64(b * ab)
			pairSpread[i] = (float64(b*b) + float64(ab*ab)) / 2
			total[i] = float64((a-ab)*(a-ab)) / 2
		}
		first := controlled(quotient(alone, spread), quotient(pair, pairSpread))
		all := quotient(total, spread)
		s.First[c], s.Total[c] = first.share(), all.share()
		if c == chance {
			s.Alone, s.Others = s.First[c], all.from(1, -1).share()
			s.Mix = all.less(first).share()
		}
	}
	return s
}

// influenced is a statistic with the influence of each row on it: its error is
// that of the mean of the influences.
type influenced struct {
	value float64
	rows  []float64
}

// quotient is the ratio of the means of two columns.
func quotient(over, under []float64) influenced {
	var a, b float64
	for i := range over {
		a += over[i]
		b += under[i]
	}
	n := float64(len(over))
	q := influenced{a / b, make([]float64, len(over))}
	if b == 0 { // a column whose values are all the mean
		q.value = 0
		return q
	}
	for i := range over {
		q.rows[i] = (over[i] - float64(q.value*under[i])) / (b / n)
	}
	return q
}

// controlled moves x towards y, which estimates the same, as far as that lowers
// its error.
func controlled(x, y influenced) influenced {
	d := y.less(x)
	var cov, variance float64
	for i := range x.rows {
		cov += float64(x.rows[i] * d.rows[i])
		variance += float64(d.rows[i] * d.rows[i])
	}
	if variance == 0 {
		return x
	}
	w := -cov / variance
	out := influenced{x.value + float64(w*d.value), make([]float64, len(x.rows))}
	for i := range out.rows {
		out.rows[i] = x.rows[i] + float64(w*d.rows[i])
	}
	return out
}

func (x influenced) less(y influenced) influenced {
	out := influenced{x.value - y.value, make([]float64, len(x.rows))}
	for i := range out.rows {
		out.rows[i] = x.rows[i] - y.rows[i]
	}
	return out
}

// from is a + scale x.
func (x influenced) from(a, scale float64) influenced {
	out := influenced{a + float64(scale*x.value), make([]float64, len(x.rows))}
	for i := range out.rows {
		out.rows[i] = float64(scale * x.rows[i])
	}
	return out
}

// share is the statistic with its interval, cut at 0 and 1.
func (x influenced) share() Estimate {
	n := len(x.rows)
	var squares float64
	for _, v := range x.rows {
		squares += float64(v * v)
	}
	e := interval(x.value, math.Sqrt(squares/float64(n)/float64(n-1)), n-1, n)
	cut := func(v float64) float64 { return math.Min(math.Max(v, 0), 1) }
	e.Value, e.Low, e.High = cut(e.Value), cut(e.Low), cut(e.High)
	return e
}

// Swing is what one input moves between its 5% and its 95%, all others at their
// medians, under the same seeds.
type Swing struct {
	Low, High Estimate // change against the median
	Swing     Estimate // from the 5% to the 95%
}

// SwingOf works a swing out from the values at the median, the 5% and the 95% by
// seed. Seeds in which one is missing are left out.
func SwingOf(median, low, high []float64) Swing {
	change := func(a, b []float64) Estimate {
		d := make([]float64, len(a))
		for i := range d {
			d[i] = b[i] - a[i]
		}
		return Mean(d, Ties{})
	}
	return Swing{Low: change(median, low), High: change(median, high), Swing: change(low, high)}
}

// ByTotal lists columns by their total index, the largest first.
func (s *Sobol) ByTotal() []int {
	order := make([]int, len(s.Total))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.Total[b].Value, s.Total[a].Value) })
	return order
}
