package plots

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/sim/analysis"
)

// Two keys that begin alike are told apart by their last words, on a telephone too.
func TestNamesOfBarsAreToldApart(t *testing.T) {
	e := analysis.Estimate{Value: 0.9, Low: 0.8, High: 1}
	b := Bars(picture.Bars{Finding: "Shares", Names: "input", ValueName: "Share", Percent: true,
		Labels: []string{"triggers.planned-replacement.window_weeks", "triggers.planned-replacement.life_years", "random variation"},
		Lines:  []picture.Line{{Name: "total", Points: []analysis.Estimate{e, e, e}}}})
	svg, err := Narrow(b)
	require.NoError(t, err)
	assert.Contains(t, string(svg), "window_")
	assert.Contains(t, string(svg), "life_")
	assert.Contains(t, string(svg), ">weeks<")
	assert.NotContains(t, string(svg), "…")
	assert.NotContains(t, string(svg), "125%", "no share is above all")
	style := typeStyle(tickSize, nil)
	assert.Equal(t, []string{"short"}, linesOfName(style, "short", 100))
	assert.Equal(t, []string{"customers won,", "first two weeks"}, linesOfName(style, "customers won, first two weeks", 90))
	for _, line := range linesOfName(style, "onelongwordthathasnoplacewhereitcouldbreakatallandgoeson and on and on and on and on", 90) {
		assert.LessOrEqual(t, float64(style.Width(line)), 90.0)
	}
}
