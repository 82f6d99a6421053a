package analysis

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/exp/stats"
)

func TestQuantileIsType7(t *testing.T) {
	ten := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for p, want := range map[float64]float64{0: 1, 0.05: 1.45, 0.25: 3.25, 0.5: 5.5, 0.75: 7.75, 0.95: 9.55, 1: 10} { // R: quantile(1:10, p)
		assert.InDelta(t, want, Quantile(ten, p), 1e-12, p)
	}
	assert.Equal(t, 4.0, Quantile([]float64{4}, 0.3))
	assert.True(t, math.IsNaN(Quantile(nil, 0.5)))
}

func TestQuantileAgreesWithAnIndependentOne(t *testing.T) {
	r := source(1)
	for n := 1; n < 60; n++ {
		x := random(n, r.NormFloat64)
		slices.Sort(x)
		for range 20 {
			p := r.Float64()
			assert.InDelta(t, stats.Quantiles(x, p)[0], Quantile(x, p), 1e-12)
		}
	}
}

func TestBandOf(t *testing.T) {
	b := BandOf([]float64{5, nan, 1, 3, 2, 4, nan})
	assert.Equal(t, Band{N: 5, Missing: 2, Mean: 3, P5: 1.2, P25: 2, P50: 3, P75: 4, P95: 4.8}, b)
	none := BandOf([]float64{nan, nan})
	assert.Equal(t, 2, none.Missing)
	assert.True(t, math.IsNaN(none.Mean) && math.IsNaN(none.P50))
}

func TestQuantileIntervalHasNoEndOutsideTheSample(t *testing.T) {
	e := QuantileEstimate([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.05)
	assert.Equal(t, math.Inf(-1), e.Low)
	assert.Greater(t, e.High, 2.0) // with a chance of 1.15% two or more of ten lie below it
	assert.Less(t, e.High, 3.0)
	assert.True(t, math.IsNaN(e.Error))
	assert.Equal(t, 0, QuantileEstimate(nil, 0.5).N)
	// 0.95^72 is the first below 2.5%: from 72 on there is a lower end.
	sorted := make([]float64, 72)
	for i := range sorted {
		sorted[i] = float64(i + 1)
	}
	assert.True(t, math.IsInf(QuantileEstimate(sorted[:71], 0.05).Low, -1))
	assert.Equal(t, 1.0, math.Floor(QuantileEstimate(sorted, 0.05).Low))
}
