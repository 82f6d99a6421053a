package picture

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Columns of a file are called what they are: ends of 95% intervals, quartiles, or something else.
func TestEndsAreCalledWhatTheyAre(t *testing.T) {
	for said, want := range map[string][2]string{"": {"low95", "high95"}, "95% intervals": {"low95", "high95"},
		"the middle half of all runs": {"p25", "p75"}, "what is left of the ranges": {"low", "high"}} {
		low, high := EndColumns(said)
		assert.Equal(t, want, [2]string{low, high}, said)
	}
}
