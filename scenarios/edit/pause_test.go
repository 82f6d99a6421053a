package edit

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
)

// A pause stops what it names from its first day to its last and leaves the rest of the plan alone.
func TestAPauseStopsWhatItNames(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	x, err := NewPause(p, []string{"radio", " paid-search"}, nil)
	require.NoError(t, err)
	require.Empty(t, scenarios.Diff(p, x.Without()))
	from, until := p.Run.Start+70, p.Run.Start+84
	paused := x.Plan(from, until)
	require.NotEmpty(t, scenarios.Diff(p, paused))
	require.Empty(t, scenarios.Diff(p, x.Without()), "the plan without a pause stays as it is")
	for day := from - 7; day < until+7; day += 7 {
		was, is := p.On(day), paused.On(day)
		for i, m := range was.Media {
			want := m.WeeklyBudget
			if m.Name == "radio" && day >= from && day < until {
				require.Positive(t, want.Total)
				require.Zero(t, is.Media[i].WeeklyBudget.Total, "%s", day)
				continue
			}
			require.Equal(t, want, is.Media[i].WeeklyBudget, "%s %s", m.Name, day)
		}
		for i, c := range was.Channels {
			want := c.WeeklyBudget
			if c.Name == "paid-search" && day >= from && day < until {
				require.Positive(t, want)
				want = 0
			}
			require.Equal(t, want, is.Channels[i].WeeklyBudget, "%s %s", c.Name, day)
		}
	}
}

// What cannot be paused is named, with what was meant.
func TestWhatCannotBePaused(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	for _, c := range []struct {
		what, regions []string
		want          string
	}{
		{[]string{"radoi"}, nil, "what radoi: there is no such medium or channel with a budget; did you mean radio?"},
		{[]string{"radio"}, []string{"citi"}, "regions citi: there is no such region; did you mean city?"},
		{[]string{"inbound"}, nil, "what inbound: the brand drives it, and it has no spend that could be paused"},
		{[]string{"outdoor"}, []string{"suburbs"}, "regions suburbs: nothing of outdoor covers it"},
	} {
		_, err := NewPause(p, c.what, c.regions)
		require.EqualError(t, err, c.want)
		var e *Error
		require.True(t, errors.As(err, &e))
	}
	p.Media = nil
	_, err = NewPause(p, []string{"brand"}, nil)
	require.EqualError(t, err, "what brand: the scenario has no brand media")
}

// By region a channel pauses where it is asked for, and what it spends in all falls by the part of that region.
func TestAChannelPausesByRegion(t *testing.T) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	x, err := NewPause(p, []string{"paid-search", "radio"}, []string{"city"})
	require.NoError(t, err)
	from := p.Run.Start + 70
	q := x.Plan(from, from+28)
	at := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return c.Name == "paid-search" })
	require.Equal(t, []float64{0, 1}, q.On(from).Channels[at].RegionSpend)
	require.Equal(t, []float64{1, 1}, q.On(from + 28).Channels[at].RegionSpend)
	line := plan.NewTimeline(q)
	line.SetFixed()
	spend, _ := line.ChannelSpend(10, at)
	require.InEpsilon(t, p.Channels[at].WeeklyBudget*p.Population.Regions[1].Share, spend, 1e-12)
	spend, _ = line.ChannelSpend(9, at)
	require.Equal(t, p.Channels[at].WeeklyBudget, spend)
}
