package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/sim/analysis"
)

// The note names the line where there is one: a plan that beats all has none.
func TestTradeoffNamesItsLineWhereThereIsOne(t *testing.T) {
	several, one := ruinTradeoff(), ruinTradeoff()
	one.Plans = one.Plans[:2]
	one.Plans[0].Y.Value = 0
	for line, drawing := range map[bool]Tradeoff{true: several, false: one} {
		p, err := drawing.Picture()
		require.NoError(t, err)
		assert.Equal(t, line, strings.Contains(strings.Join(p.page.notes, " "), "Line: plans that no other beats"))
	}
}

// A plan beats all others where its intervals lie apart from theirs in both; else it comes first, in part by chance.
func TestTheFirstPlanBeatsWhatItsIntervalsLieApartFrom(t *testing.T) {
	is := func(x, low, high float64) analysis.Estimate {
		return analysis.Estimate{Value: x, Low: low, High: high, N: 100}
	}
	d := ruinTradeoff()
	for ruin, want := range map[analysis.Estimate]string{is(0.03, 0.02, 0.04): " beats all others in both",
		is(0.03, 0.02, 0.06): " comes first in both, not all of it beyond chance", is(0.03, math.NaN(), math.NaN()): " comes first in both"} {
		plans := []picture.Choice{{Name: "best", X: is(9, 8, 10), Y: ruin}, {Name: "other", X: is(5, 4, 6), Y: is(0.08, 0.05, 0.11)}}
		assert.Contains(t, d.finding(plans, []int{0}), want)
	}
}
