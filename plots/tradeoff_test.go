package plots

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
