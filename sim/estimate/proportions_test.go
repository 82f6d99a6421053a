package estimate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// By hand: 30 of 1,000 held out and 400 of 9,000 others.
func TestProportions(t *testing.T) {
	e := Proportions(30, 400, 1000, 9000)
	q := 400. / 9000
	se := 1000 * math.Sqrt(q*(1-q)*(1./1000+1./9000))
	assert.InDelta(t, 30-1000*q, e.Total, 1e-9)
	assert.InDelta(t, e.Total-1.96*se, e.Low, 1e-3)
	assert.InDelta(t, e.Total+1.96*se, e.High, 1e-3)
	assert.InDelta(t, 2*(1-0.5*math.Erfc(-math.Abs(e.Total/se)/math.Sqrt2)), e.P, 1e-9)
	for _, c := range [][4]float64{{0, 0, 10, 90}, {3, 0, 10, 90}, {0, 5, 0, 90}, {5, 5, 10, 0}} {
		none := Proportions(c[0], c[1], c[2], c[3])
		assert.False(t, none.Applicable, "%v", c)
		assert.Contains(t, none.Reason, "not applicable")
	}
}

// Where held-out firms do what the others do 5% of intervals leave out 0, and 95% hold what happened to them.
func TestTheSizeOfProportions(t *testing.T) {
	const times = 4000
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, p float64) (k float64) {
		for range n {
			if r.Float64() < p {
				k++
			}
		}
		return k
	}
	var wins, holds float64
	for range times {
		if e := Proportions(draw(400, 0.1), draw(1600, 0.1), 400, 1600); e.Wins() {
			wins++
		}
		would, did := draw(400, 0.1), 0.0
		for range int(would) { // a third of what they would have done is lost
			if r.Float64() > 1./3 {
				did++
			}
		}
		if e := Proportions(did, draw(1600, 0.1), 400, 1600); e.Covers(did - would) {
			holds++
		}
	}
	sd := math.Sqrt(0.05 * 0.95 / times)
	require.InDelta(t, 0.05, wins/times, 4*sd)
	require.InDelta(t, 0.95, holds/times, 4*sd)
}
