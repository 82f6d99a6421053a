package edit

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

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
		{[]string{"paid-search"}, []string{"city"}, "regions: channels.paid-search.weekly_budget is spent for all regions " +
			"at once; media can be paused by region"},
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
