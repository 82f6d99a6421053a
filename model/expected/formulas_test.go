package expected

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > relative*math.Abs(want) {
		t.Errorf("%s: %.6g, want %.6g within %.3g%%", what, got, want, 100*relative)
	}
}

// The exact means of docs/model.md, section 3.6: salience with a half-life of 0.75
// weeks whose input falls from 1 to 0.
func TestStockGivesExactMeans(t *testing.T) {
	mean, end := stock(1, 0, 0.75, 1)
	near(t, "first week", mean, 0.653, 1e-3)
	mean, _ = stock(end, 0, 0.75, 1)
	near(t, "second week", mean, 0.259, 2e-3)
}

// Erlang C for 10 sellers at a load of 80 and 85% (facts X11), closed form.
func TestErlangC(t *testing.T) {
	near(t, "80%", erlangC(10, 8), 0.409, 2e-3)
	near(t, "85%", erlangC(10, 8.5), 0.530, 2e-3)
}

// The incomplete gamma function at whole shapes is one less a Poisson sum.
func TestGammaP(t *testing.T) {
	for _, x := range []float64{0.1, 1, 2.5, 7, 20} {
		near(t, "shape 1", gammaP(1, x), 1-math.Exp(-x), 1e-9)
		near(t, "shape 3", gammaP(3, x), 1-math.Exp(-x)*(1+x+x*x/2), 1e-9)
	}
}
