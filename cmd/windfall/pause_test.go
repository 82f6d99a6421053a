package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
)

// A pause that begins within a week ends within one, which is its last.
func TestLastWeekOfAPause(t *testing.T) {
	start, err := model.ParseDate("2013-01-01")
	require.NoError(t, err)
	for _, c := range []struct{ day, weeks, last int }{{0, 1, 1}, {1, 1, 2}, {273, 3, 42}, {276, 3, 43}, {279, 3, 43}} {
		require.Equal(t, c.last, lastWeek(start, start+model.Date(c.day), c.weeks), "%v", c)
	}
}
