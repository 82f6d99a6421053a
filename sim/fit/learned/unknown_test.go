package learned

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every kind has a name for people, of all and of one, that is no name of a key.
func TestUnknownsHaveNamesForPeople(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range []Kind{Level, Demand, Total, Response, Real, Saturation, Capture, CarryOver, Halo, Salience, Equity, Win,
		Cycle, Churn, ChurnShape, Frailty, Seats, Price} {
		all := (&Unknown{Name: string(k) + ".x", Kind: k}).Label()
		assert.NotContains(t, all, ".", k)
		assert.False(t, seen[all], all)
		seen[all] = true
		if labels[k][1] != "" {
			assert.Contains(t, (&Unknown{Kind: k, Of: []string{"x"}}).Label(), " of x", k)
		}
	}
	assert.Len(t, seen, len(labels))
	assert.Equal(t, "saturation of a and b", (&Unknown{Kind: Saturation, Of: []string{"a", "b"}}).Label())
	assert.Equal(t, "saturation of 3 others", (&Unknown{Kind: Saturation, Of: []string{"a", "b", "c"}}).Label())
	assert.Equal(t, "mine", (&Unknown{Name: "mine", Kind: "own"}).Label())
}
