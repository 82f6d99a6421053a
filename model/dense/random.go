package dense

import (
	"math"
	"math/rand/v2"
)

// random draws the variates of one replication, one after the other.
type random struct{ *rand.Rand }

func newRandom(seed uint64, replication int) random {
	return random{rand.New(rand.NewPCG(seed, uint64(replication)))}
}

// exponential draws from the unit exponential law.
func (r random) exponential() float64 { return r.ExpFloat64() }

// wait draws an exponential time at a rate; a rate of zero never comes.
func (r random) wait(rate float64) float64 {
	if rate <= 0 {
		return math.Inf(1)
	}
	return r.ExpFloat64() / rate
}

// chance is true with probability p.
func (r random) chance(p float64) bool { return r.Float64() < p }

// lognormal draws from the lognormal law with the given median and log-sd.
func (r random) lognormal(median, sd float64) float64 {
	return median * math.Exp(sd*r.NormFloat64())
}

// gamma draws from the gamma law with the given mean and coefficient of
// variation; cv = 0 is the mean itself.
func (r random) gamma(mean, cv float64) float64 {
	if mean == 0 || cv == 0 {
		return mean
	}
	shape := 1 / (cv * cv)
	return mean / shape * r.standardGamma(shape)
}

// standardGamma draws from the gamma law with scale 1, by Marsaglia and Tsang
// (2000); shapes below 1 are lifted by one and multiplied by U^(1/shape).
func (r random) standardGamma(shape float64) float64 {
	if shape < 1 {
		return r.standardGamma(shape+1) * math.Pow(1-r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// pick draws an index in proportion to weights with the given sum.
func (r random) pick(weights []float64, sum float64) int {
	u := r.Float64() * sum
	last := 0
	for i, w := range weights {
		if w <= 0 {
			continue
		}
		if u < w {
			return i
		}
		u -= w
		last = i
	}
	return last
}
