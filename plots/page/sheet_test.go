package page

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/plots/words"
	"windfall/sim/analysis"
)

// Differences of shares are percentage points; files keep the share.
func TestDifferencesOfSharesArePoints(t *testing.T) {
	change := func(f words.Format, v, reach float64) string {
		return Change(f, analysis.Estimate{Value: v, Low: v - reach, High: v + reach}).Text
	}
	assert.Equal(t, "0.894 ± 0.012 points", change(words.Percent, 0.00894, 0.00012))
	assert.Equal(t, "−0.894 ± 0.012 points", change(words.Percent, -0.00894, 0.00012))
	assert.Equal(t, "0 points", change(words.Percent, 0, 0))
	assert.Equal(t, "<0.0001 ± <0.0001 points", change(words.Percent, 3e-8, 7e-9))
	assert.Equal(t, ">−0.0001 ± <0.0001 points", change(words.Percent, -3e-8, 7e-9))
	assert.Equal(t, "$12.0k ± $1.0k", change(words.Money, 12_000, 1000))
	assert.Equal(t, 0.00894, *Change(words.Percent, analysis.Estimate{Value: 0.00894}).Value)
}
