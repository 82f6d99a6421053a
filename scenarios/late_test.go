package scenarios

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// A plan that moves people, hiring or prices within the tail of its run is told, with the length of run that sees what
// comes of it; in that run it is not.
func TestLateMovesAreTold(t *testing.T) {
	change := func(from, key, value string) string {
		return "extends = \"metro\"\n[changes.x]\nfrom = " + from + "\n[changes.x.set]\n\"" + key + "\" = " + value + "\n"
	}
	for text, want := range map[string]*LateMove{
		change("2014-12-02", "teams.inside.people", "0"): {[]string{"teams.inside.people"}, plan.NewDate(2014, 12, 2), 4, 165},
		change("2014-12-02", "products.*.price", "100"): {[]string{"products.basic.price", "products.business.price",
			"products.department.price"}, plan.NewDate(2014, 12, 2), 4, 165},
		change("2014-12-02", "teams.inside.win_rate", "0.9"): {[]string{"teams.inside.win_rate"}, plan.NewDate(2014, 12, 2), 4, 165},
		change("2014-12-02", "teams.inside.hire_when_load_above", "1"): {[]string{"teams.inside.hire_when_load_above"},
			plan.NewDate(2014, 12, 2), 4, 165},
		change("2013-04-02", "teams.inside.people", "0"):      nil,
		change("2014-12-02", "channels.*.weekly_budget", "0"): nil,
		"extends = \"metro\"\n":                               nil,
	} {
		p, err := LoadBytes("mine.toml", []byte(text))
		require.NoError(t, err)
		late := LateMoveOf(p)
		require.Equal(t, want, late, text)
		if want == nil {
			continue
		}
		longer, err := LoadBytes("mine.toml", []byte(text), Set(fmt.Sprintf("run.weeks=%d", late.Enough)))
		require.NoError(t, err)
		require.Nil(t, LateMoveOf(longer))
	}
	p, err := Load("metro", Set("teams.inside.people*=0"))
	require.NoError(t, err)
	require.Nil(t, LateMoveOf(p), "from the first day on")
	require.Equal(t, 65, plan.TailWeeks(p))
}
