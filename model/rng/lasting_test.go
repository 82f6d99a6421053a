package rng

import (
	"math"
	"testing"
)

// The integrated hazard between an age and the time up to which it lasts is the exponential; at shape 1 that time is
// age + exponential, and from age 0 on it is the quantile.
func TestGammaLasting(t *testing.T) {
	for _, shape := range []float64{0.04, 0.25, 0.9, 1, 2, 11, 400} {
		for _, x := range []float64{0, 1e-6, 0.01, 1, 5, 40, 600} {
			last := x
			for _, e := range []float64{1e-9, 0.01, 0.3, 1, 4, 20} {
				y := GammaLasting(shape, x, e)
				if got := GammaLogAbove(shape, x) - GammaLogAbove(shape, y); math.Abs(got-e) > 1e-9*(1+e)+1e-11*x {
					t.Errorf("shape %v, x %v: y %v has lasted %v, want %v", shape, x, y, got, e)
				}
				if y < last {
					t.Errorf("shape %v, x %v: %v at %v is before %v", shape, x, y, e, last)
				}
				if last = y; shape == 1 && math.Abs(y-x-e) > 1e-9*(x+e) {
					t.Errorf("exponential: %v, want %v", y, x+e)
				}
			}
		}
	}
	if got, want := GammaLasting(2, 0, 1), GammaQuantile(2, 1-math.Exp(-1)); math.Abs(got-want) > 1e-12 {
		t.Errorf("%v is not the quantile %v", got, want)
	}
	// So old that a chance is below the smallest number: the hazard is nearly 1.
	if y := GammaLasting(2, 5000, 1); math.Abs(y-5001.0002) > 1e-3 {
		t.Errorf("in the far tail: %v", y)
	}
}
