package plots

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestStagesOfAFunnelOnlyNarrow(t *testing.T) {
	narrowing := func(list []Stage) []Stage { kept, _ := Narrowing(list); return kept }
	of := func(means ...float64) (out []Stage) {
		for _, m := range means {
			out = append(out, Stage{Mean: m})
		}
		return out
	}
	assert.Equal(t, of(100, 80, 40, 40, 10), narrowing(of(100, 80, 40, 40, 10)))
	assert.Equal(t, of(100, 60, 10), narrowing(of(100, 50, 60, 10)), "more leads than journeys reached")
	assert.Equal(t, of(7), narrowing(of(1, 2, 7)), "nothing is left to draw")
	assert.Equal(t, of(0, 0), narrowing(of(0, 0)))
	assert.Empty(t, narrowing(nil))
}
