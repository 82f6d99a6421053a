package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// A history that no values of the unknowns can make (it has a season that the engine does not know, or revenue of
// another kind) would drive them out of all bounds, to explain what they cannot. What it is off from runs at draws of
// the priors shows that, in standard deviations of what priors, chance and the model's error leave open.
const (
	mostOff    = 4 // of one summary: beyond, its error is taken to be as large as that
	mostUnlike = 3 // mean square of all: beyond, all errors are taken to be so much larger that it is 1
)

// misfit finds which summaries of a history the runs at draws of the priors do not come near to, and by what factor the
// variance of all errors would have to be larger. Nothing changes where the history is one that they could be.
func (f *fitting) misfit(g [][]float64) {
	gc, mean := centred(rows(g))
	spread := symmetric(covariance(gc, gc))
	gap := mat.NewVecDense(len(f.y), nil)
	for s := range f.y {
		gap.SetVec(s, f.y[s]-mean[s])
	}
	f.unlike, f.off = 1, map[string]float64{}
	errors := f.extra(1, 1)
	for s := range f.y {
		if off := gap.AtVec(s) * gap.AtVec(s); off > mostOff*mostOff*(spread.At(s, s)+errors.At(s, s)) {
			f.off[f.list[s].name] = snap(off)
			f.answer.Off = append(f.answer.Off, f.list[s].name)
		}
	}
	unlike := func(times float64) float64 {
		var total mat.SymDense
		total.AddSym(spread, f.extra(1, times))
		var solved mat.VecDense
		if err := factor(&total).SolveVecTo(&solved, gap); err != nil {
			panic(err) // a factor that was found solves
		}
		return mat.Dot(gap, &solved) / float64(len(f.y))
	}
	if unlike(1) > mostUnlike {
		f.unlike = snap(least(func(times float64) bool { return unlike(times) <= 1 }))
	}
	f.answer.Misfit = math.Sqrt(f.unlike)
}

// least is the least number from 1 to 1e12 that is enough, within a millionth.
func least(enough func(x float64) bool) float64 {
	low, high := 1.0, 2.0
	for !enough(high) && high < 1e12 {
		low, high = high, 2*high
	}
	for high/low > 1+1e-6 {
		if middle := math.Sqrt(low * high); enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
