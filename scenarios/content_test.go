package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Plans have the same content just where they have no difference.
func TestContentIsThatOfDiff(t *testing.T) {
	var plans []string
	for _, sets := range [][]string{nil, {"title=Another"}, {"channels.email.weekly_budget=301"}, {"channels.email.weekly_budget=300"},
		{"opening.plan=self"}, {"opening.plan=self", "channels.email.weekly_budget=301"}} {
		p, err := Load("metro", Set(sets...))
		require.NoError(t, err)
		base, err := Load("metro")
		require.NoError(t, err)
		require.Equal(t, len(Diff(base, p)) == 0, Content(base) == Content(p), sets)
		plans = append(plans, Content(p))
	}
	require.Equal(t, plans[0], plans[1])
	require.Equal(t, plans[0], plans[3])
	require.NotEqual(t, plans[2], plans[5])
}
