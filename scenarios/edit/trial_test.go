package edit

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
)

// By region a medium spends its part of another budget, and the others what they spent.
func TestATrialMovesMediaByRegion(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	x, err := NewTrial(p, AllMedia, []string{"suburbs"}, 2)
	require.NoError(t, err)
	from := p.Run.Start + 70
	was, is := x.Without().On(from), x.Plan([2]plan.Date{from, from + 14}).On(from)
	city, suburbs := 0, 1
	for i, m := range was.Media {
		require.Len(t, m.WeeklyBudget.Parts, 2, "%s is stated by region, covered or not", m.Name)
		assert.Equal(t, m.WeeklyBudget.Parts[city], is.Media[i].WeeklyBudget.Parts[city])
		assert.Equal(t, 2*m.WeeklyBudget.Parts[suburbs], is.Media[i].WeeklyBudget.Parts[suburbs])
	}
	after := x.Plan([2]plan.Date{from, from + 14}).On(from + 14)
	assert.Equal(t, fmt.Sprint(x.Without().On(from+14).Media), fmt.Sprint(after.Media), "NaN is not equal to itself")
	assert.Nil(t, p.On(from).Media[0].WeeklyBudget.Parts, "the plan itself stays as it is")
}

// A channel that is off in some regions reaches nobody there, saves their part of its budget, and is in the others
// what it was: the same spend at the price level of before.
func TestATrialSwitchesAChannelOffByRegion(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	x, err := NewTrial(p, "direct-mail", []string{"suburbs"}, 0)
	require.NoError(t, err)
	from := p.Run.Start + 70
	q := x.Plan([2]plan.Date{from, 0})
	share := p.Population.Regions[0].Share
	for i, c := range p.On(from).Channels {
		is := q.On(from).Channels[i]
		if c.Name != "direct-mail" {
			require.Equal(t, fmt.Sprint(c), fmt.Sprint(is))
			continue
		}
		assert.Equal(t, []float64{c.Reach.Region[0], 0}, is.Reach.Region)
		assert.InDelta(t, share, is.WeeklyBudget/c.WeeklyBudget, 1e-9)
		assert.InDelta(t, c.WeeklyBudget/c.CostMultiplier, is.WeeklyBudget/is.CostMultiplier, 1e-9)
	}
}

// A pulse is several spans, and each is the plan's spend again between them.
func TestATrialOfSeveralSpans(t *testing.T) {
	p, err := scenarios.Load("town")
	require.NoError(t, err)
	x, err := NewTrial(p, "paid-search", nil, 0.5)
	require.NoError(t, err)
	from := p.Run.Start + 70
	q := x.Plan([2]plan.Date{from, from + 7}, [2]plan.Date{from + 14, from + 21})
	spend := func(p *plan.Plan, day plan.Date) float64 {
		for _, c := range p.On(day).Channels {
			if c.Name == "paid-search" {
				return c.WeeklyBudget
			}
		}
		return -1
	}
	for week, want := range []float64{1, 0.5, 1, 0.5, 1} {
		day := from + plan.Date(7*(week-1))
		assert.InDelta(t, want*spend(p, day), spend(q, day), 1e-9, "week %d", week)
	}
}

func TestWhatCannotBeTried(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("channels.facebook.reach.region.city=0", "channels.display.enabled=false"))
	require.NoError(t, err)
	for _, c := range []struct {
		on      string
		regions []string
		times   float64
		want    string
	}{
		{"radyo", nil, 0, "on radyo: there is no such medium or channel with a budget; did you mean radio?"},
		{"inbound", nil, 0, "on inbound: there is no such medium or channel with a budget"},
		{"display", nil, 0, "on display: the channel is switched off in this plan"},
		{"radio", []string{"citi"}, 0, "regions citi: there is no such region; there are city, suburbs; did you mean city?"},
		{"outdoor", []string{"suburbs"}, 0, "regions suburbs: nothing of outdoor is spent there"},
		{"facebook", []string{"city"}, 0, "regions city: facebook reaches nobody there"},
		{"direct-mail", []string{"city"}, 0.5, "spend: the budget of direct-mail is one for all regions: by region it can " +
			"only be switched off (0); brand media can be moved by region"},
		{"paid-search", []string{"city"}, 0, "on paid-search: it captures searches, which firms make in every region whatever " +
			"is spent: it can be tested everywhere at once (dark, pulse), not by region"},
	} {
		_, err := NewTrial(p, c.on, c.regions, c.times)
		require.EqualError(t, err, c.want)
	}
	assert.Equal(t, []string{"suburbs"}, Treatable(p, "facebook"))
	assert.Equal(t, []string{"city"}, Treatable(p, "outdoor"))
	assert.Empty(t, Treatable(p, "display"))
}
