package metric

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// A condition that holds too seldom or too often is answered with one that can
// be searched.
func TestAMilderCondition(t *testing.T) {
	columns := []plan.Column{
		{Name: "cash", Unit: "USD", Direction: plan.More}, {Name: "ruin", Unit: "chance"},
		{Name: "cac", Direction: plan.Less},
	}
	values := make([][]float64, 3)
	for i := range 1000 {
		values[0] = append(values[0], float64(i*1000))
		values[1] = append(values[1], 0)
		values[2] = append(values[2], float64(i))
	}
	s := &analysis.Sample{Columns: columns, N: 1000, Outcome: func(i int) ([]float64, error) { return values[i], nil }}
	for _, c := range []struct {
		when, want string
		cases      int
	}{
		{"cash < 3000", "cash < 99900", 100},
		{"cash > 3000", "cash > 899000", 100},
		{"ruin", "cash < 99900", 100},
		{"cash < 500 or ruin", "cash < 99900", 100},
		{"cac >= 999", "cac >= 899", 101},
	} {
		when, err := ParseCondition(c.when, columns)
		require.NoError(t, err)
		text, n := when.Milder(s, "cash")
		require.Equal(t, c.want, text, c.when)
		require.Equal(t, c.cases, n)
	}
	s.N = 50
	when, _ := ParseCondition("ruin", columns)
	text, _ := when.Milder(s, "cash")
	require.Empty(t, text, "50 replications are too few for anything")
	require.False(t, analysis.Searchable(49, 1000))
	require.True(t, analysis.Searchable(50, 1000))
	require.False(t, analysis.Searchable(951, 1000))
}
