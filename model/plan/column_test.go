package plan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A ratio over nothing that was spent is not applicable; one of nobody says so; where the parts are not known both may be.
func TestReasonsOfARatio(t *testing.T) {
	c := Column{Over: "ltv_total", Under: "acquisition_cost", NoneAtZero: true, Missing: "nobody was won",
		Free: "nothing was spent"}
	for _, of := range []struct {
		over, under float64
		want        string
	}{{500, 0, "not applicable: nothing was spent"}, {0, 0, "nobody was won"}, {0, 90, "nobody was won"}, {500, 100, ""}} {
		assert.Equal(t, of.want, c.ReasonOf(of.over, of.under), "%g over %g", of.over, of.under)
	}
	assert.Equal(t, "nobody was won, or nothing was spent", c.Reason(math.NaN()))
	c.Free = ""
	assert.Equal(t, "nobody was won", c.ReasonOf(500, 0))
}
