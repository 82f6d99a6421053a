package estimate

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// placebos is how many sets of regions the test of Synthetic looks at, the treated one among them.
const placebos = 100

// Synthetic is the synthetic control (Abadie and Gardeazabal 2003; Abadie, Diamond and Hainmueller 2010): the sum over
// the treated regions is what a mix of the others, with weights of at least 0, would have been. The weights are those
// of non-negative least squares over the weeks before the treatment; they need not add up to 1, for the treated
// regions are a sum.
//
// The test is by placebos: other sets of as many regions, 99 of them, are taken for the treated one with all the rest
// to mix from, and each gap is divided by the error of its fit before the treatment. The interval is that of the
// effects, proportional to the size of a region before, that the test does not refuse. As Differences it has exactly
// its size if the treated regions were chosen at random (Firpo and Possebom 2018), else none is guaranteed.
func Synthetic(p Panel) Estimate {
	if fault := p.comparable(leastBefore); fault != "" {
		return refuse("%s", fault)
	}
	before, window := p.sums()
	cross := crossProducts(p)
	var all []way
	var total float64
	for _, set := range assignments(p.Treated, placebos) {
		weights, miss := mix(cross, set)
		if miss = math.Sqrt(miss / float64(p.From)); miss <= 1e-9*before[0] {
			miss = 1e-9 * before[0] // a perfect fit: its gap is all there is
		}
		var gap, slope float64
		for r := range set {
			w := -weights[r]
			if set[r] {
				w = 1
			}
			gap += float64(w * window[r])
			if p.Treated[r] {
				slope += float64(w * before[r])
			}
		}
		if len(all) == 0 {
			total = gap
		}
		all = append(all, way{gap / miss, slope / miss})
	}
	return randomized(all, total, p.size(before))
}

// crossProducts are those of the regions over the weeks before the treatment.
func crossProducts(p Panel) *mat.SymDense {
	n := len(p.Outcome)
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, dot(p.Outcome[i][:p.From], p.Outcome[j][:p.From]))
		}
	}
	return out
}

// mix are the weights of the regions outside a set whose mix is nearest to the sum of the set, and the sum of squares
// that it misses.
func mix(cross *mat.SymDense, set []bool) (weights []float64, miss float64) {
	var inside, donors []int
	for r, in := range set {
		if in {
			inside = append(inside, r)
		} else {
			donors = append(donors, r)
		}
	}
	gram, moment := mat.NewSymDense(len(donors), nil), make([]float64, len(donors))
	for i, a := range donors {
		for j := i; j < len(donors); j++ {
			gram.SetSym(i, j, cross.At(a, donors[j]))
		}
		for _, r := range inside {
			moment[i] += cross.At(a, r)
		}
	}
	found := NonNegative(gram, moment)
	weights = make([]float64, len(set))
	for i, a := range donors {
		weights[a] = found[i]
	}
	for _, a := range inside {
		for _, b := range inside {
			miss += cross.At(a, b)
		}
	}
	for i := range found {
		miss -= float64(2 * found[i] * moment[i])
		for j := range found {
			miss += float64(found[i] * found[j] * gram.At(i, j))
		}
	}
	return weights, max(miss, 0)
}
