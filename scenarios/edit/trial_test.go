package edit

import (
	"fmt"
	"slices"
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

// A channel is moved in some regions by its factors there: what it spends in all changes by as much, and in the other
// regions nothing does.
func TestATrialMovesAChannelByRegion(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("channels.direct-mail.region_spend.suburbs=1.2"))
	require.NoError(t, err)
	from := p.Run.Start + 70
	for _, times := range []float64{0, 0.5, 1.5} {
		x, err := NewTrial(p, "direct-mail", []string{"suburbs"}, times)
		require.NoError(t, err)
		q := x.Plan([2]plan.Date{from, from + 14})
		require.Equal(t, fmt.Sprint(p.On(from-1).Channels), fmt.Sprint(q.On(from-1).Channels))
		at := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "direct-mail" })
		c, is := p.On(from).Channels[at], q.On(from).Channels[at]
		assert.InDeltaSlice(t, []float64{1, 1.2 * times}, is.RegionSpend, 1e-12)
		is.RegionSpend = c.RegionSpend
		require.Equal(t, fmt.Sprint(c), fmt.Sprint(is), "all else is as it was")
		spend := func(p *plan.Plan) float64 {
			line := plan.NewTimeline(p)
			line.SetFixed()
			usd, _ := line.ChannelSpend(10, at)
			return usd
		}
		share := p.Population.Regions[1].Share
		assert.InEpsilon(t, (1+share*(1.2*times-1))/(1+share*0.2), spend(q)/spend(p), 1e-12)
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
		{"inbound", nil, 0, "on inbound: the brand drives it, and it has no spend that could be paused"},
		{"referrals", nil, 0, "on referrals: live customers drive it, and it has no spend that could be paused"},
		{"display", nil, 0, "on display: the channel is switched off in this plan"},
		{"radio", []string{"citi"}, 0, "regions citi: there is no such region; there are city, suburbs; did you mean city?"},
		{"outdoor", []string{"suburbs"}, 0, "regions suburbs: nothing of outdoor is spent there"},
		{"facebook", []string{"city"}, 0, "regions city: facebook reaches nobody there"},
	} {
		_, err := NewTrial(p, c.on, c.regions, c.times)
		require.EqualError(t, err, c.want)
	}
	assert.Equal(t, []string{"suburbs"}, Treatable(p, "facebook"))
	assert.Equal(t, []string{"city"}, Treatable(p, "outdoor"))
	assert.Empty(t, Treatable(p, "display"))
}

// Who is held out costs nothing, and the others see what they saw.
func TestAHoldoutSavesWhatItDoesNotSend(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	x, err := NewHoldout(p, "email", 0.1)
	require.NoError(t, err)
	from := p.Run.Start + 70
	q := x.Plan([2]plan.Date{from, 0})
	at := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "email" })
	c, is := p.On(from).Channels[at], q.On(from).Channels[at]
	assert.Equal(t, 0.1, is.Holdout)
	assert.InDelta(t, 0.9*c.WeeklyBudget, is.WeeklyBudget, 1e-9)
	assert.InDelta(t, c.WeeklyBudget/c.CostMultiplier, is.WeeklyBudget/is.CostMultiplier, 1e-9)
	assert.Zero(t, q.On(from - 1).Channels[at].Holdout)
	p.Channels[at].Holdout = 0.2
	for on, want := range map[string]string{
		"radio":       "on radio: brand media address no single firm; a channel with a budget can hold firms out",
		"paid-search": "on paid-search: it captures searches, which firms make by themselves: none can be held out",
		"referrals":   "on referrals: live customers drive it, and it has no spend that could be paused",
		"email":       "on email: the channel holds firms out already (holdout)",
	} {
		_, err := NewHoldout(p, on, 0.1)
		require.EqualError(t, err, want)
	}
}
