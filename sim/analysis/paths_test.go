package analysis

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A replication that falls in week 3 and stays low parts there, and what fell is
// named first.
func TestPartingAndItsCause(t *testing.T) {
	const n, weeks = 40, 6
	cash, won, noise := make([][]float64, weeks), make([][]float64, weeks), make([][]float64, weeks)
	for w := range cash {
		for r := range n {
			spread := float64(r%20) - 9.5
			x := 100 + spread + float64(10*w)
			y := 5 + 0.1*spread
			if r == 7 && w >= 2 {
				x, y = 0, 0
			}
			cash[w], won[w], noise[w] = append(cash[w], x), append(won[w], y), append(noise[w], spread)
		}
	}
	p := PartingOf(PathsByWeek(cash), 7)
	require.Equal(t, Parting{Week: 3, Below: true}, p)
	require.Zero(t, PartingOf(PathsByWeek(cash), 10).Week)
	causes := CausesOf([]string{"noise", "won"}, []Paths{PathsByWeek(noise), PathsByWeek(won)}, 7, 6)
	require.Equal(t, "won", causes[0].Name)
	require.Negative(t, causes[0].Score)
	require.Equal(t, 9.5, causes[0].Sum) // two weeks of 4.75
}
