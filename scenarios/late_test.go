package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
)

// A plan that moves people, hiring or prices within the tail of its run is told, with the length of run that sees what
// comes of it; in that run it is not.
func TestLateMovesAreTold(t *testing.T) {
	change := func(from, key, value string) string {
		return "extends = \"metro\"\n[changes.x]\nfrom = " + from + "\n[changes.x.set]\n\"" + key + "\" = " + value + "\n"
	}
	for text, want := range map[string]string{
		change("2014-12-02", "teams.inside.people", "0"): "teams.inside.people changes on 2014-12-02, and the run ends 4 weeks after that: lifetime_margin does not follow " +
			"what people, hiring and prices do to later customers; judge it on a longer run, --weeks 164",
		change("2014-12-02", "products.*.price", "100"):                "products.basic.price and ",
		change("2014-12-02", "teams.inside.win_rate", "0.9"):           "teams.inside.win_rate changes",
		change("2014-12-02", "teams.inside.hire_when_load_above", "1"): "teams.inside.hire_when_load_above changes",
		change("2013-04-02", "teams.inside.people", "0"):               "",
		change("2014-12-02", "channels.*.weekly_budget", "0"):          "",
		"extends = \"metro\"\n":                                        "",
	} {
		p, err := LoadBytes("mine.toml", []byte(text))
		require.NoError(t, err)
		if want == "" {
			require.Empty(t, LateMove(p), text)
			continue
		}
		require.True(t, strings.HasPrefix(LateMove(p), want), LateMove(p))
		_, weeks, _ := strings.Cut(LateMove(p), "--weeks ")
		longer, err := LoadBytes("mine.toml", []byte(text), Set("run.weeks="+weeks))
		require.NoError(t, err)
		require.Empty(t, LateMove(longer))
	}
	p, err := Load("metro", Set("teams.inside.people*=0"))
	require.NoError(t, err)
	require.Empty(t, LateMove(p), "from the first day on")
	require.Equal(t, 64, model.TailWeeks(p))
}
