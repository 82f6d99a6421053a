package fit

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"windfall/model/rng"
)

// toy is a linear model with normal errors, whose posterior is known.
type toy struct {
	b *mat.Dense
	c []float64
	r *mat.SymDense
	y []float64
}

// newToy has 4 unknowns, of which the last moves nothing, and 7 numbers.
func newToy() *toy {
	t := &toy{b: mat.NewDense(7, 4, []float64{
		3, 0, 0, 0,
		2, 1, 0, 0,
		0, 2, 0.5, 0,
		0, 0, 1, 0,
		1, 1, 1, 0,
		0, 4, 0, 0,
		0, 0, 0, 0}),
		c: []float64{10, 5, 0, -3, 2, 1, 7}, r: mat.NewSymDense(7, nil), y: []float64{13.5, 6, 1.5, -3.2, 2.9, 3, 6}}
	for i := range 7 {
		t.r.SetSym(i, i, 0.5+0.2*float64(i))
	}
	t.r.SetSym(0, 1, 0.3)
	t.r.SetSym(4, 5, -0.4)
	return t
}

// exact is the posterior by its formula in the space of the numbers: mean B'(B B' + R)^-1 (y - c), covariance
// I - B'(B B' + R)^-1 B. The emulator has it in the space of the unknowns.
func (t *toy) exact() (mean []float64, cov *mat.Dense) {
	var total, inverse, gain, moved mat.Dense
	total.Mul(t.b, t.b.T())
	total.Add(&total, t.r)
	if err := inverse.Inverse(&total); err != nil {
		panic(err)
	}
	gain.Mul(t.b.T(), &inverse)
	gap := mat.NewVecDense(7, nil)
	for i := range 7 {
		gap.SetVec(i, t.y[i]-t.c[i])
	}
	var m mat.VecDense
	m.MulVec(&gain, gap)
	for i := range 4 {
		mean = append(mean, m.AtVec(i))
	}
	moved.Mul(&gain, t.b)
	cov = mat.NewDense(4, 4, nil)
	for i := range 4 {
		cov.Set(i, i, 1)
	}
	cov.Sub(cov, &moved)
	return mean, cov
}

// run gives the numbers of members, with chance.
func (t *toy) run(z [][]float64, key rng.Key) (g [][]float64) {
	var lower mat.TriDense
	factor(t.r).LTo(&lower)
	for m := range z {
		e, off, at := mat.NewVecDense(7, nil), mat.NewVecDense(7, nil), mat.NewVecDense(7, nil)
		for i := range 7 {
			e.SetVec(i, rng.Normal(key.Child(uint64(m)), uint64(i)))
		}
		off.MulVec(&lower, e)
		at.MulVec(t.b, mat.NewVecDense(4, z[m]))
		row := make([]float64, 7)
		for i := range row {
			row[i] = t.c[i] + at.AtVec(i) + off.AtVec(i)
		}
		g = append(g, row)
	}
	return g
}

func normals(n int, key rng.Key) (z [][]float64) {
	for m := range n {
		row := make([]float64, 4)
		for i := range row {
			row[i] = rng.Normal(key.Child(uint64(m)), uint64(i))
		}
		z = append(z, row)
	}
	return z
}

// Members carry the chance of one run each; the smoother must not count it twice. With many members its mean and
// spread are those of the posterior.
func TestSmootherOnALinearModel(t *testing.T) {
	x := newToy()
	mean, cov := x.exact()
	const n = 20_000
	z := normals(n, rng.Root(1, 0))
	extra := mat.NewSymDense(7, nil)
	extra.ScaleSym(2, x.r) // (alpha - 1) R
	for k := range 3 {
		key := rng.Root(2, k)
		z = update(z, x.run(z, key.Child(1)), x.y, extra, key.Child(2), []uint64{1, 2, 3, 4, 5, 6, 7})
	}
	zc, got := centred(rows(z))
	spread := covariance(zc, zc)
	for i := range 4 {
		sd := math.Sqrt(cov.At(i, i))
		require.InDelta(t, mean[i], got[i], 5*sd/math.Sqrt(n)*2, "unknown %d", i)
		require.InDelta(t, sd, math.Sqrt(spread.At(i, i)), 0.03*sd, "unknown %d", i)
		for j := range i {
			require.InDelta(t, cov.At(i, j), spread.At(i, j), 0.03*sd*math.Sqrt(cov.At(j, j)), "unknowns %d, %d", i, j)
		}
	}
}

// The emulator is fitted to runs near the answer, and its posterior is the exact one; what moves nothing stays as it
// was, although 300 runs leave its coefficients uncertain.
func TestEmulatorOnALinearModel(t *testing.T) {
	x := newToy()
	mean, cov := x.exact()
	var off, spread, unmoved []float64
	for try := range 20 {
		z := normals(300, rng.Root(3, try))
		for m := range z { // near the answer
			for i := range 3 {
				z[m][i] = mean[i] + 1.5*math.Sqrt(cov.At(i, i))*z[m][i]
			}
		}
		e := emulate(z, x.run(z, rng.Root(4, try)))
		require.InDelta(t, 1, e.ratio(x.r), 0.15)
		p := e.posterior(x.y, e.v)
		for i := range 3 {
			sd := math.Sqrt(cov.At(i, i))
			off = append(off, (p.mean[i]-mean[i])/sd)
			spread = append(spread, p.sd(i)/sd)
		}
		unmoved = append(unmoved, p.sd(3))
	}
	offMean, offSD := meanAndSD(off)
	require.InDelta(t, 0, offMean, 0.1)
	require.Less(t, offSD, 0.3, "the coefficients are those of 300 runs")
	ratio, _ := meanAndSD(spread)
	require.InDelta(t, 1, ratio, 0.06)
	last, _ := meanAndSD(unmoved)
	require.Greater(t, last, 0.98)
}

// A mutation of the emulator's noise is seen: half of it makes intervals too narrow.
func TestTooLittleNoiseIsTooSure(t *testing.T) {
	x := newToy()
	z := normals(300, rng.Root(3, 0))
	e := emulate(z, x.run(z, rng.Root(4, 0)))
	half := mat.NewSymDense(7, nil)
	half.ScaleSym(0.25, e.v)
	require.Less(t, e.posterior(x.y, half).sd(2), 0.75*e.posterior(x.y, e.v).sd(2))
}

func TestDrawsHaveTheCovariance(t *testing.T) {
	x := newToy()
	z := normals(300, rng.Root(3, 0))
	e := emulate(z, x.run(z, rng.Root(4, 0)))
	g := e.posterior(x.y, e.v)
	var all [][]float64
	for d := range 20_000 {
		all = append(all, g.draw(rng.Root(5, d), []uint64{1, 2, 3, 4}, 1))
	}
	c, means := centred(rows(all))
	got := covariance(c, c)
	for i := range 4 {
		require.InDelta(t, g.mean[i], means[i], 0.03)
		for j := range 4 {
			require.InDelta(t, g.cov.At(i, j), got.At(i, j), 0.03*g.sd(i)*g.sd(j)+1e-3, "%d, %d", i, j)
		}
	}
}

// The score of a sample is E|X - y| - E|X - X'|/2; that of a normal distribution is its integral.
func TestScoresAgainstTheirFormulas(t *testing.T) {
	sample := []float64{1, 2.5, 4, 7}
	var away, apart float64
	for _, a := range sample {
		away += math.Abs(a-3) / 4
		for _, b := range sample {
			apart += math.Abs(a-b) / 12 // of 12 pairs of two
		}
	}
	require.InDelta(t, away-apart/2, crps(sample, 3), 1e-12)
	for _, y := range []float64{-1, 4, 12} {
		integral, step := 0.0, 0.001
		for at := -40.0; at < 60; at += step {
			f := rng.NormalCDF((at - 4) / 3)
			if at > y {
				f--
			}
			integral += f * f * step
		}
		require.InDelta(t, integral, crpsNormal(4, 3, y), 0.002, "%g", y)
	}
	require.Equal(t, 2.0, crpsNormal(1, 0, 3))
	var many []float64
	for i := range 4000 {
		many = append(many, 4+3*rng.NormalQuantile((float64(i)+0.5)/4000))
	}
	require.InDelta(t, crpsNormal(4, 3, 7), crps(many, 7), 0.01)
}

func TestQuantiles(t *testing.T) {
	list := []float64{1, 2, 3, 4, 5}
	for q, want := range map[float64]float64{0: 1, 0.25: 2, 0.5: 3, 0.9: 4.6, 1: 5} {
		require.InDelta(t, want, quantile(list, q), 1e-12, fmt.Sprint(q))
	}
	require.Equal(t, 7.0, quantile([]float64{7}, 0.3))
}
