package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"windfall/model/rng"
)

// emulator says what summaries are expected at values of the unknowns: g = c + B z, from runs near the answer.
type emulator struct {
	c      []float64
	b      *mat.Dense    // summaries x unknowns
	v      *mat.SymDense // covariance of what it misses, cross-validated
	misses []float64     // variance of what it misses in the runs that made it, by summary
	used   float64       // share of the runs' chance that went into c and B
}

// folds of the cross-validation.
const folds = 10

// emulate fits the emulator to runs.
func emulate(z, g [][]float64) *emulator {
	f := newRegression(z, g, -1)
	e := &emulator{c: f.c, b: f.b}
	n := len(z)
	e.used = float64(len(z[0])+1) / float64(n)
	left := make([][]float64, n)
	for k := range folds {
		part := newRegression(z, g, k)
		for i := k; i < n; i += folds {
			left[i] = part.miss(z[i], g[i])
		}
	}
	m := rows(left)
	var v mat.Dense
	v.Mul(m.T(), m)
	v.Scale(1/float64(n), &v)
	e.v = lessCorrelated(symmetric(&v), n)
	k := len(g[0])
	e.v.ScaleSym(1+float64(k+1)/float64(max(1, n-k-2)), e.v) // its inverse is too large by that, on average
	for s := range g[0] {
		var sum float64
		for i := range z {
			x := f.miss(z[i], g[i])[s]
			sum += float64(x * x)
		}
		e.misses = append(e.misses, sum/(float64(n)*(1-e.used)))
		e.v.SetSym(s, s, max(e.v.At(s, s), leastNoise))
	}
	return e
}

// lessCorrelated shrinks correlations of n residuals by the share that chance has in them (Schaefer and Strimmer 2005).
func lessCorrelated(c *mat.SymDense, n int) *mat.SymDense {
	var chance, all float64
	k := c.SymmetricDim()
	for i := range k {
		for j := range i {
			r := c.At(i, j) / math.Sqrt(max(float64(c.At(i, i)*c.At(j, j)), 1e-300))
			all += float64(r * r)
			chance += float64((1-float64(r*r))*(1-float64(r*r))) / float64(n-1)
		}
	}
	if all == 0 {
		return c
	}
	return shrunk(c, 1-min(1, chance/all))
}

// regression is a linear fit to the runs that are not in a fold.
type regression struct {
	c []float64
	b *mat.Dense
}

// mostNoise is the ratio to its own variance up to which the square of a coefficient is taken for chance: the
// coefficients of all unknowns that do not act on a summary together would teach something of each.
const mostNoise = 2

func newRegression(z, g [][]float64, fold int) *regression {
	var zs, gs [][]float64
	for i := range z {
		if fold < 0 || i%folds != fold {
			zs, gs = append(zs, z[i]), append(gs, g[i])
		}
	}
	zc, zMean := centred(rows(zs))
	gc, gMean := centred(rows(gs))
	n, u := zc.Dims()
	scale := make([]float64, u)
	for j := range u {
		scale[j] = math.Sqrt(max(mat.Dot(zc.ColView(j), zc.ColView(j))/float64(n), 1e-18))
		for i := range n {
			zc.Set(i, j, zc.At(i, j)/scale[j])
		}
	}
	var square, right, b, fitted, inverse mat.Dense
	square.Mul(zc.T(), zc)
	right.Mul(zc.T(), gc)
	chol := factor(symmetric(&square))
	if err := chol.SolveTo(&b, &right); err != nil {
		panic(err) // a factor that was found solves
	}
	ones := mat.NewDiagDense(u, nil)
	for j := range u {
		ones.SetDiag(j, 1)
	}
	if err := chol.SolveTo(&inverse, ones); err != nil {
		panic(err)
	}
	fitted.Mul(zc, &b)
	r := &regression{c: make([]float64, len(g[0])), b: mat.NewDense(len(g[0]), u, nil)}
	for s := range r.c {
		var squares float64
		for i := range n {
			x := gc.At(i, s) - fitted.At(i, s)
			squares += float64(x * x)
		}
		noise := squares / float64(max(1, n-u-1))
		r.c[s] = gMean[s]
		for j := range u {
			x := b.At(j, s)
			x *= max(0, 1-float64(mostNoise*noise*inverse.At(j, j))/max(float64(x*x), 1e-300))
			r.b.Set(s, j, x/scale[j])
			r.c[s] -= float64(x / scale[j] * zMean[j])
		}
	}
	return r
}

// miss is what the regression misses of a run.
func (r *regression) miss(z, g []float64) []float64 {
	out := make([]float64, len(g))
	for s := range g {
		out[s] = g[s] - r.c[s]
		for j, x := range z {
			out[s] -= float64(r.b.At(s, j) * x)
		}
	}
	return out
}

// at is what is expected at values of the unknowns.
func (e *emulator) at(z []float64) []float64 {
	out := make([]float64, len(e.c))
	for s := range out {
		out[s] = e.c[s]
		for i, x := range z {
			out[s] += float64(e.b.At(s, i) * x)
		}
		out[s] = snap(out[s])
	}
	return out
}

// ratio is the mean variance of what the emulator misses against that of chance alone: 1 where it misses nothing else.
func (e *emulator) ratio(noise *mat.SymDense) float64 {
	var sum float64
	for s, x := range e.misses {
		sum += x / noise.At(s, s)
	}
	return sum / float64(len(e.misses))
}

// gaussian is what is known of the unknowns: a normal distribution in units of the priors.
type gaussian struct {
	mean  []float64
	cov   *mat.SymDense
	lower mat.TriDense
}

// posterior is that of the linear model with normal errors: prior N(0, I), y = c + B z + e, e ~ N(0, errors).
func (e *emulator) posterior(y []float64, errors *mat.SymDense) *gaussian {
	chol := factor(errors)
	_, u := e.b.Dims()
	gap := mat.NewVecDense(len(y), nil)
	for s := range y {
		gap.SetVec(s, y[s]-e.c[s])
	}
	var weighted, precision mat.Dense
	var away, right mat.VecDense
	if err := chol.SolveTo(&weighted, e.b); err != nil {
		panic(err) // a factor that was found solves
	}
	if err := chol.SolveVecTo(&away, gap); err != nil {
		panic(err)
	}
	precision.Mul(e.b.T(), &weighted)
	right.MulVec(e.b.T(), &away)
	for i := range u {
		precision.Set(i, i, precision.At(i, i)+1)
	}
	solve := factor(symmetric(&precision))
	var mean mat.VecDense
	if err := solve.SolveVecTo(&mean, &right); err != nil {
		panic(err)
	}
	out := &gaussian{cov: mat.NewSymDense(u, nil)}
	if err := solve.InverseTo(out.cov); err != nil {
		panic(err)
	}
	for i := range u {
		out.mean = append(out.mean, mean.AtVec(i))
	}
	factor(out.cov).LTo(&out.lower)
	return out
}

// sd is the standard deviation of an unknown.
func (g *gaussian) sd(i int) float64 { return math.Sqrt(g.cov.At(i, i)) }

// draw is one draw, below key at the labels of the unknowns; wide multiplies its distance from the mean.
func (g *gaussian) draw(key rng.Key, labels []uint64, wide float64) []float64 {
	u := len(g.mean)
	e, z := mat.NewVecDense(u, nil), mat.NewVecDense(u, nil)
	for i := range u {
		e.SetVec(i, float64(wide*rng.Normal(key.Child(labels[i]), 0)))
	}
	z.MulVec(&g.lower, e)
	out := make([]float64, u)
	for i := range out {
		out[i] = snap(g.mean[i] + z.AtVec(i))
	}
	return out
}
