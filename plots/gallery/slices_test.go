package gallery

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/sim/analysis"
)

// A share lies between none and all, and so does its interval.
func TestIntervalsOfSharesEndWhereSharesDo(t *testing.T) {
	wide := ofAll(analysis.Estimate{Value: 0.5, Low: -0.9, High: 1.9, N: 2})
	assert.Equal(t, []float64{0, 0.5, 1}, []float64{wide.Low, wide.Value, wide.High})
	assert.Equal(t, analysis.Estimate{Value: 0.7, Low: 0.6, High: 0.8, N: 100},
		ofAll(analysis.Estimate{Value: 0.7, Low: 0.6, High: 0.8, N: 100}))
	assert.False(t, ofAll(analysis.Missing(10, "nobody was won")).Known())
}
