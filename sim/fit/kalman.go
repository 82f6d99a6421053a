package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"windfall/model/rng"
)

// All algebra is in standard units of the priors: an unknown is (value - mean)/sd, so that its prior is N(0, 1).

// snap rounds to a grid that is finer than anything that is learned and coarser than what rounding can move in the
// kernels of the linear algebra, which differ between processors: so a fit is the same on all.
func snap(x float64) float64 { return math.Round(float64(x*(1<<30))) / (1 << 30) }

// rows makes a matrix of some rows.
func rows(list [][]float64) *mat.Dense {
	out := mat.NewDense(len(list), len(list[0]), nil)
	for i, row := range list {
		out.SetRow(i, row)
	}
	return out
}

// centred takes the mean of each column out of it.
func centred(m *mat.Dense) (*mat.Dense, []float64) {
	n, k := m.Dims()
	out, means := mat.DenseCopyOf(m), make([]float64, k)
	for j := range k {
		for i := range n {
			means[j] += m.At(i, j) / float64(n)
		}
		for i := range n {
			out.Set(i, j, m.At(i, j)-means[j])
		}
	}
	return out, means
}

// covariance is that of two centred samples.
func covariance(a, b *mat.Dense) *mat.Dense {
	n, _ := a.Dims()
	var out mat.Dense
	out.Mul(a.T(), b)
	out.Scale(1/float64(n-1), &out)
	return &out
}

// symmetric is the symmetric part of a square matrix.
func symmetric(m mat.Matrix) *mat.SymDense {
	n, _ := m.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return out
}

// factor is the Cholesky factor of a covariance. What rounding took from its diagonal is given back.
func factor(c *mat.SymDense) *mat.Cholesky {
	n := c.SymmetricDim()
	for ridge := 0.0; ; ridge = max(10*ridge, 1e-12) {
		m := mat.NewSymDense(n, nil)
		m.CopySym(c)
		for i := range n {
			m.SetSym(i, i, float64(c.At(i, i)*(1+ridge))+ridge)
		}
		var out mat.Cholesky
		if out.Factorize(m) {
			return &out
		}
	}
}

// shrunk multiplies the correlations of a covariance.
func shrunk(c *mat.SymDense, by float64) *mat.SymDense {
	n := c.SymmetricDim()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			x := c.At(i, j)
			if i != j {
				x *= by
			}
			out.SetSym(i, j, x)
		}
	}
	return out
}

// scaled multiplies a covariance by a factor for each of its numbers: that of numbers so many roots as large.
func scaled(c *mat.SymDense, by []float64) *mat.SymDense {
	out := mat.NewSymDense(len(by), nil)
	for i := range by {
		for j := i; j < len(by); j++ {
			out.SetSym(i, j, c.At(i, j)*math.Sqrt(float64(by[i]*by[j])))
		}
	}
	return out
}

// noiseOf is the covariance of chance, from runs at one point, with correlations shrunk by half: runs are few.
func noiseOf(g [][]float64) *mat.SymDense {
	c, _ := centred(rows(g))
	out := shrunk(symmetric(covariance(c, c)), 0.5)
	for i := range out.SymmetricDim() {
		out.SetSym(i, i, max(out.At(i, i), leastNoise))
	}
	return out
}

// leastNoise is the smallest variance of a summary; a count of a few has less.
const leastNoise = 0.1

// update moves an ensemble by one step of an ensemble smoother with multiple data assimilation (Emerick and Reynolds
// 2013): z members x unknowns, g members x summaries, y the summaries of the history. Members carry the chance of one
// run each already, so that extra is what is added to that: (alpha - 1) R for alpha steps. The perturbations of y are
// drawn below key, at the labels of the summaries.
func update(z, g [][]float64, y []float64, extra *mat.SymDense, key rng.Key, labels []uint64) [][]float64 {
	zc, _ := centred(rows(z))
	gc, _ := centred(rows(g))
	total := mat.NewSymDense(len(y), nil)
	total.AddSym(symmetric(covariance(gc, gc)), extra)
	chol := factor(total)
	var lower mat.TriDense
	factor(extra).LTo(&lower)
	gap := mat.NewDense(len(y), len(z), nil)
	e, off := mat.NewVecDense(len(y), nil), mat.NewVecDense(len(y), nil)
	for m := range z {
		for s := range y {
			e.SetVec(s, rng.Normal(key.Child(uint64(m)).Child(labels[s]), 0))
		}
		off.MulVec(&lower, e)
		for s := range y {
			gap.Set(s, m, y[s]+off.AtVec(s)-g[m][s])
		}
	}
	var solved, moves mat.Dense
	if err := chol.SolveTo(&solved, gap); err != nil {
		panic(err) // a factor that was found solves
	}
	moves.Mul(covariance(zc, gc), &solved)
	out := make([][]float64, len(z))
	for m := range z {
		for u, x := range z[m] {
			out[m] = append(out[m], snap(x+moves.At(u, m)))
		}
	}
	return out
}
