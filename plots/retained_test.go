package plots

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/plots/picture"
	"windfall/sim/analysis"
)

// No title speaks of the share that stays of a handful of customers: 100% of one is none.
func TestNoTitleOfAHandful(t *testing.T) {
	share := func(v float64) analysis.Estimate { return analysis.Estimate{Value: v, Low: v, High: v, N: 10} }
	r := Retained{Source: picture.Source{Replications: 10}, Months: 12, Company: 0.8, Groups: []RetainedGroup{{Name: "Channel",
		Slices: []RetainedSlice{{Name: "one", Won: 0.1, Share: share(1)}, {Name: "other", Won: 2.9, Share: share(0.7)}}}}}
	assert.Equal(t, "Too few customers were won to tell who stays", r.finding())
	r.Groups[0].Slices[1].Won, r.Groups[0].Slices[0].Won = 40, 30
	assert.Equal(t, "After 12 months 100% of customers from one are still there, and 70.0% from other", r.finding())
}
