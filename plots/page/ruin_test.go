package page

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/sim/analysis"
)

// A company that fails in most runs is said to, before whatever else is found of it.
func TestMostRunsFail(t *testing.T) {
	of := func(share float64) string { return failsMostly(analysis.Estimate{Value: share}, " of the plan") }
	assert.Equal(t, "The company goes out of business in 95% of runs of the plan. ", of(0.95))
	assert.Empty(t, of(0.5))
	assert.Empty(t, of(1), "failsAlways says so")
}
