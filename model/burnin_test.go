package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// Journeys of the burn-in that are dropped leave no trace in the run: the record is that of a
// burn-in in which every journey is followed (up to the order of a team's people). Where a queue would remember them, none is dropped.
func TestDroppedJourneysLeaveNoTrace(t *testing.T) {
	t.Parallel()
	market := busyMarket()
	market.Run.Weeks, market.Opening.BurnInWeeks = 12, 60
	staffed, web := market.Clone(), market.Clone()
	for i := range web.Teams {
		staffed.Teams[i].People *= 5
		web.Teams[i].Kind = "web"
	}
	mixed := market.Clone() // half of the firms that people sell to buy on the web
	mixed.Teams = append(mixed.Teams, testTeam(mixed, "a-web", "web"))
	for i := range mixed.Teams {
		mixed.Teams[i].Sizes, mixed.Teams[i].Share = nil, fill(4, 0.5)
	}
	type test struct {
		name string
		plan *plan.Plan
		load float64
	}
	tests := []test{{"busy teams", market, 1}, {"busy teams and a web shop", mixed, 1}, {"teams five times as large", staffed, 0.5}, {"no queues", web, 0}}
	for _, load := range []float64{0.5, 0.8, 0.95, 1.05, 1.5} {
		p, _ := callCentre(200*load, 10, 20, 1.5, 5, 0.8)
		p.Run.Weeks, p.Opening.BurnInWeeks = 4, 60
		tests = append(tests, test{fmt.Sprintf("a team at %.0f%% load", 100*load), p, load})
	}
	for _, x := range tests {
		_, s, got := prepared(t, x.plan)
		want := s.pr.Schema().NewRecord()
		for r := range more(2, 30) {
			s.followAll = true
			s.Replicate(5, r, want)
			all := followed(s)
			s.followAll = false
			require.Less(t, s.w.settled, s.w.burnIn, x.name)
			s.Replicate(5, r, got)
			require.True(t, sameButRounding(want, got), x.name)
			// Around full load either may be.
			if x.load > 1.2 {
				require.Equal(t, all, followed(s), "%s: journeys that are followed", x.name)
			}
			if x.load < 0.9 {
				require.Less(t, followed(s), all/2, "%s: journeys that are followed", x.name)
			}
		}
	}
}

// followed counts the journeys that were touched in the burn-in.
func followed(s *State) (n int) {
	for _, k := range s.tally.reachedAt[:s.w.burnIn] {
		n += k
	}
	return n
}
