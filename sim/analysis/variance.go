package analysis

import (
	"math"
	"slices"
)

// Variance says how much of the spread of each headline outcome comes from the
// uncertain inputs.
type Variance struct {
	Method string          `json:"method"`
	Shares []VarianceShare `json:"shares"`
}

// VarianceShare is the share of an outcome's variance that the inputs explain,
// with its error; the rest is random variation, and what the regression cannot see.
type VarianceShare struct {
	Outcome string   `json:"outcome"`
	Inputs  Estimate `json:"inputs"`
}

const varianceMethod = "adjusted R2 of a least-squares regression on each uncertain input and its square, over at " +
	"most the first 2,000 replications; " +
	"interactions of inputs count as random variation, so the share of the inputs is a lower limit; errors by jackknife " +
	"over groups of replications"

const varianceMost = 2000 // replications

// splitVariance regresses the headline outcomes on the inputs. A plain run has
// one seed for each draw of the inputs, so it cannot tell an
// interaction of inputs from random variation; a nested design can. Without uncertain
// inputs, or with too few replications for them, there is no split.
func splitVariance(s *Study, outcomes []string) (*Variance, error) {
	n := min(s.N, varianceMost)
	terms := 2 * len(s.Inputs)
	if terms == 0 || n < 3*(terms+1) {
		return nil, nil
	}
	columns := make([][]float64, 0, terms)
	for i := range s.Inputs {
		x, err := s.Input(i)
		if err != nil {
			return nil, err
		}
		columns = append(columns, powers(x[:n])...)
	}
	var ys [][]float64
	v := &Variance{Method: varianceMethod, Shares: []VarianceShare{}}
	for _, name := range outcomes {
		y, err := s.Values(name)
		if err != nil {
			return nil, err
		}
		y = y[:n]
		if MissingShare(Finite(y)) > 0 || constant(y) {
			continue
		}
		ys = append(ys, y)
		v.Shares = append(v.Shares, VarianceShare{Outcome: name})
	}
	whole := explained(columns, ys, 0, 0)
	size := s.Ties.Group(n)
	size *= max(1, countOf(n, size)/LeastGroups)
	var without [][]float64 // by group, then outcome
	var sizes []float64
	for from := 0; from < n; from += size {
		to := min(from+size, n)
		without, sizes = append(without, explained(columns, ys, from, to)), append(sizes, float64(to-from))
	}
	for i := range v.Shares {
		one := make([]float64, len(without))
		for g := range one {
			one[g] = without[g][i]
		}
		v.Shares[i].Inputs = interval(math.Max(whole[i], 0), jackknife(one, sizes), len(one)-1, n)
	}
	return v, nil
}

// powers gives x and x squared, x standardized; a constant gives nothing.
func powers(x []float64) [][]float64 {
	if constant(x) {
		return nil
	}
	n := float64(len(x))
	var mean, squares float64
	for _, v := range x {
		mean += v
	}
	mean /= n
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	sd := math.Sqrt(squares / n)
	one, two := make([]float64, len(x)), make([]float64, len(x))
	for i, v := range x {
		one[i] = (v - mean) / sd
		two[i] = float64(one[i] * one[i])
	}
	return [][]float64{one, two}
}

func constant(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}

// explained gives the adjusted R2 of each y on the columns and a constant,
// leaving out the rows from one to another. The
// columns are made orthogonal one after the other (Gram and Schmidt, modified);
// one that the earlier ones already span is dropped.
func explained(columns, ys [][]float64, from, to int) []float64 {
	keep := func(x []float64) []float64 {
		return centred(slices.Concat(x[:from], x[to:]))
	}
	rest := make([][]float64, len(ys))
	total := make([]float64, len(ys))
	for i, y := range ys {
		rest[i] = keep(y)
		total[i] = dot(rest[i], rest[i])
	}
	var basis [][]float64
	for _, c := range columns {
		c = keep(c)
		before := dot(c, c)
		for _, b := range basis {
			subtract(c, b, dot(c, b))
		}
		length := dot(c, c)
		if length <= float64(1e-9*before) {
			continue
		}
		for i := range c {
			c[i] /= math.Sqrt(length)
		}
		basis = append(basis, c)
		for _, y := range rest {
			subtract(y, c, dot(y, c))
		}
	}
	out := make([]float64, len(ys))
	for i, y := range rest {
		n, k := float64(len(y)), float64(len(basis))
		out[i] = 1 - float64(dot(y, y)/total[i]*(n-1)/(n-1-k))
	}
	return out
}

func centred(x []float64) []float64 {
	var mean float64
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for i := range x {
		x[i] -= mean
	}
	return x
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += float64(x * b[i])
	}
	return sum
}

// subtract takes scale times b from a.
func subtract(a, b []float64, scale float64) {
	for i, x := range b {
		a[i] -= float64(scale * x)
	}
}
