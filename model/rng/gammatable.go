package rng

// gammaTable holds the cube root of a gamma variable of mean 1 as a function of the standard normal
// variable of the same tail: by Wilson and Hilferty (1931) almost a straight line, so that a cubic
// over each of a few equal spans gives it within 2e-7.
type gammaTable struct {
	cv    float64
	spans [gammaSpans]struct{ c0, c1, c2, c3 float64 }
}

const (
	gammaEdge    = 6.5 // normal variables beyond have a chance of 8e-11 and take the cubic of the last span
	gammaPerUnit = 8   // spans to 1
	gammaSpans   = 2 * gammaEdge * gammaPerUnit
	// steepest is the largest coefficient of variation of a table: beyond, the lower tail is too
	// far from a straight line.
	steepestGamma = 1.5
)

// newGammaTable works out a table: cubic Hermite interpolation between exact quantiles.
func newGammaTable(cv float64) *gammaTable {
	t := &gammaTable{cv: cv}
	shape := 1 / float64(cv*cv)
	logGamma := LogGamma(shape)
	node := func(i int) (root, slope float64) {
		z := float64(i)/gammaPerUnit - gammaEdge
		x := gammaAtNormal(shape, z)
		// dx/dz = normal density / gamma density.
		rate := Exp(-0.5*float64(z*z) - 0.9189385332046727 - float64((shape-1)*Log(x)) + x + logGamma)
		root = Exp(Log(x/shape) / 3)
		return root, float64(root/(3*x)) * rate / gammaPerUnit
	}
	y0, s0 := node(0)
	for i := range t.spans {
		y1, s1 := node(i + 1)
		c := &t.spans[i]
		c.c0, c.c1 = y0, s0
		rise := y1 - y0
		c.c2 = rise + rise + rise - s0 - s0 - s1
		c.c3 = s0 + s1 - rise - rise
		y0, s0 = y1, s1
	}
	return t
}

// gammaAtNormal is the gamma quantile at the chance of a standard normal variable.
func gammaAtNormal(shape, z float64) float64 {
	below := Log(NormalCDF(z))
	if z > 0 {
		return gammaInvert(shape, z, below, Log(NormalCDF(-z)), true)
	}
	return gammaInvert(shape, z, below, below, false)
}

// at is the gamma variable of mean 1 at a standard normal variable.
func (t *gammaTable) at(z float64) float64 {
	x := float64((z + gammaEdge) * gammaPerUnit)
	i := min(max(int(x), 0), gammaSpans-1)
	x -= float64(i)
	c := &t.spans[i]
	root := c.c0 + float64(x*(c.c1+float64(x*(c.c2+float64(x*c.c3)))))
	if root < 0 {
		root = 0
	}
	return float64(float64(root*root) * root)
}

// GammaTables makes samplers of gamma laws quickly by sharing the tables of laws of one coefficient
// of variation. The zero value is ready; it is not safe for concurrent use.
type GammaTables struct {
	tables [16]*gammaTable
	next   int
}

// Sampler is the sampler of the gamma law with this mean and coefficient of variation, of the same
// law as that of [NewGamma] within 1e-6 of its mean, drawing from one normal variable: for one key
// and purpose draws rise with the mean, and no draw is ever rejected.
func (g *GammaTables) Sampler(mean, cv float64) GammaSampler {
	if !(cv >= 0x1p-10) || cv > steepestGamma || cv == 1 {
		return NewGamma(mean, cv)
	}
	for _, t := range g.tables {
		if t != nil && t.cv == cv {
			return GammaSampler{special: gammaTabled, scale: mean, table: t}
		}
	}
	t := newGammaTable(cv)
	g.tables[g.next%len(g.tables)] = t
	g.next++
	return GammaSampler{special: gammaTabled, scale: mean, table: t}
}
