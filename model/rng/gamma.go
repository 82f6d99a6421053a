package rng

import "math"

// Gamma draws from the gamma law of a shape and scale 1: Marsaglia and Tsang (2000), exact for
// every shape above 0; a shape below 1 draws at shape+1 and multiplies by U^(1/shape). The shape 1
// is the exponential of [Exponential]; the shape 0 is the point 0.
func Gamma(shape float64, k Key, purpose uint64) float64 {
	if !(shape > 0) {
		return 0
	}
	g := newGammaShape(shape)
	g.scale = 1
	return g.Draw(k, purpose)
}

// GammaSampler draws from one gamma law, with everything that depends on the law alone worked
// out in advance. The zero value draws 0.
type GammaSampler struct {
	d, c     float64 // Marsaglia and Tsang's: d = shape - 1/3 (boosted), c = 1/sqrt(9 d).
	perShape float64 // 1/shape where the shape is below 1, else 0.
	scale    float64 // The draw is scale times a gamma variable of scale 1; for a point law its value.
	special  specialGamma
	table    *gammaTable
}

// specialGamma names the shapes that need no rejection.
type specialGamma uint8

const (
	gammaPoint specialGamma = iota
	gammaExponential
	gammaGeneral
	gammaTabled
)

// NewGamma is the sampler of the gamma law with this mean and coefficient of variation (standard
// deviation divided by mean): shape 1/cv^2, scale mean cv^2. A cv of 0 is the mean itself; a cv of
// 1 is the exponential. For one key and purpose draws are proportional to the mean.
func NewGamma(mean, cv float64) GammaSampler {
	square := float64(cv * cv)
	if !(square > 0x1p-1000) {
		return GammaSampler{scale: mean}
	}
	g := newGammaShape(1 / square)
	g.scale = float64(mean * square)
	return g
}

func newGammaShape(shape float64) GammaSampler {
	if shape == 1 {
		return GammaSampler{special: gammaExponential}
	}
	g := GammaSampler{special: gammaGeneral}
	if shape < 1 {
		g.perShape = 1 / shape
		shape++
	}
	g.d = shape - 1.0/3
	g.c = 1 / math.Sqrt(9*g.d)
	return g
}

// Draw is the draw at (k, purpose).
func (g *GammaSampler) Draw(k Key, purpose uint64) float64 {
	switch g.special {
	case gammaExponential:
		return float64(g.scale * Exponential(k, purpose))
	case gammaTabled:
		return float64(g.scale * g.table.at(Normal(k, purpose)))
	case gammaPoint:
		return g.scale
	}
	more := k.further(purpose)
	w := k.Word(purpose)
	for n := uint64(1); ; n += 4 {
		// A standard normal from w, as Normal does.
		layer := &normalLayers[w&255]
		j := w >> 11
		x := withSign(float64(int64(j))*layer.width, w)
		if j >= layer.below {
			x = normalFurther(w, more.further(n))
		}
		if v := 1 + float64(g.c*x); v > 0 {
			v = float64(float64(v*v) * v)
			u := Unit(more.Word(n))
			x2 := float64(x * x)
			if u < 1-float64(0.0331*float64(x2*x2)) ||
				Log(u) < 0.5*x2+float64(g.d*(1-v+Log(v))) {
				v = float64(g.d * v)
				if g.perShape > 0 {
					v = float64(v * Exp(-float64(g.perShape*Exponential(more, n+1))))
				}
				return float64(g.scale * v)
			}
		}
		w = more.Word(n + 2)
	}
}
