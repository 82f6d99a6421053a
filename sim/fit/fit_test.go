package fit_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// kept is a Keeper in memory.
type kept struct {
	sync.Mutex
	runs     map[string][]float64
	taken    int
	interupt func(n int)
}

func (k *kept) Kept(run string) ([]float64, bool) {
	k.Lock()
	defer k.Unlock()
	x, ok := k.runs[run]
	if ok {
		k.taken++
	}
	return x, ok
}

func (k *kept) Keep(run string, numbers []float64) error {
	k.Lock()
	defer k.Unlock()
	k.runs[run] = append([]float64(nil), numbers...)
	if k.interupt != nil {
		k.interupt(len(k.runs))
	}
	return nil
}

// little is a company of a fiftieth of metro of which nine months are known, and four unknowns: little to run.
func little(t *testing.T) (*fit.Ask, []float64) {
	p := quick(t, 0.02)
	h := months(spends(p, true), 9)
	u := []learned.Unknown{{Name: "level", Kind: learned.Level, Prior: wide}, {Name: "saturation", Kind: learned.Saturation, Prior: wide},
		{Name: "win", Kind: learned.Win, Prior: narrow}, {Name: "churn", Kind: learned.Churn, Prior: narrow}}
	x := []float64{0.5, -0.3, 0.2, 0.4}
	seen, _, _, err := fit.Simulate(p, h, u, x, 5, "little", 0)
	require.NoError(t, err)
	return &fit.Ask{Plan: p, History: seen, Unknowns: u, Ahead: 26, Seed: 3}, x
}

// fittedLittle is what is learned of little, by one worker: it is run once for all tests.
func fittedLittle(t *testing.T) *learned.Answer {
	if littleAnswer == nil {
		ask, _ := little(t)
		ask.Workers = 1
		a, err := ask.Run(context.Background())
		require.NoError(t, err)
		littleAnswer = a
	}
	return littleAnswer
}

var littleAnswer *learned.Answer

// texts of an answer, with its missing numbers.
func textOf(t *testing.T, answer *learned.Answer) string {
	a := *answer
	a.Bands = slices.Clone(a.Bands)
	for i := range a.Bands {
		a.Bands[i].Seen = slices.Clone(a.Bands[i].Seen)
		for k, x := range a.Bands[i].Seen {
			if math.IsNaN(x) {
				a.Bands[i].Seen[k] = -1
			}
		}
	}
	if a.BackTest != nil {
		tested := *a.BackTest
		tested.Scores = slices.Clone(tested.Scores)
		a.BackTest = &tested
		for i := range a.BackTest.Scores {
			for _, x := range []*float64{&a.BackTest.Scores[i].LastYear, &a.BackTest.Scores[i].Smoothing} {
				if math.IsNaN(*x) {
					*x = -1
				}
			}
		}
	}
	text, err := json.Marshal(a)
	require.NoError(t, err)
	return string(text)
}

// One worker and three, and a fit that was interrupted and went on, give the same bytes; what was kept is not run again.
func TestAFitIsTheSameHoweverItIsRun(t *testing.T) {
	ask, _ := little(t)
	want := textOf(t, fittedLittle(t))

	ctx, cancel := context.WithCancel(context.Background())
	k := &kept{runs: map[string][]float64{}, interupt: func(n int) {
		if n == 130 {
			cancel()
		}
	}}
	ask.Workers, ask.Keeper = 3, k
	_, err := ask.Run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	begun := len(k.runs)
	require.GreaterOrEqual(t, begun, 130)
	require.Less(t, begun, 140)
	k.interupt = nil
	last := 0
	ask.Progress = func(done, atMost int) {
		require.Greater(t, done, last)
		require.LessOrEqual(t, done, atMost)
		last = done
	}
	two, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Equal(t, begun, k.taken)
	require.Equal(t, want, textOf(t, two))

	// A back-test of more periods is another; all else, run or taken from what was kept, is the same.
	ask.LastPeriods, k.taken, ask.Progress = 5, 0, nil
	for run := range k.runs {
		if strings.HasPrefix(run, "back-test") {
			delete(k.runs, run)
		}
	}
	longer, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Equal(t, two.Runs-100, k.taken+1)
	require.Equal(t, two.Draws, longer.Draws)
	require.Equal(t, 5, longer.BackTest.Periods)
	for _, wrong := range []int{-1, 8, 99} {
		ask.LastPeriods = wrong
		_, err = ask.Run(context.Background())
		require.ErrorContains(t, err, "of 9 periods: at least 2 must be left to learn from", wrong)
	}
}

// Revenue of another kind, which no values of the unknowns can make, is taken as error: it teaches nothing and harms
// nothing. What the engine made itself is never taken so.
func TestWhatNoValuesCanMake(t *testing.T) {
	ask, _ := little(t)
	ask.Ahead, ask.NoBackTest = 0, true
	one := fittedLittle(t) // a forecast and a back-test teach nothing
	require.Empty(t, one.Off)
	require.Equal(t, 1.0, one.Misfit)
	h := *ask.History
	h.Revenue = append([]float64(nil), h.Revenue...)
	for i := range h.Revenue {
		h.Revenue[i] *= 5
	}
	ask.History = &h
	two, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Equal(t, []string{"log bill"}, two.Off)
	require.Equal(t, 1.0, two.Misfit)
	for i := range one.Unknowns {
		a, b := &one.Unknowns[i], &two.Unknowns[i]
		require.InDelta(t, a.Mean, b.Mean, 0.5*a.SD, a.Name)
		require.InEpsilon(t, a.SD, b.SD, 0.15, a.Name)
	}
}

// What is held back teaches nothing, whatever it is, and is what the forecast is scored by; naive forecasts of several
// years look no further than the first day that is held back.
func TestWhatIsHeldBackTeachesNothing(t *testing.T) {
	ask, _ := little(t)
	ask.HoldBack, ask.Ahead = 3, 0
	one, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Equal(t, 3, one.BackTest.Periods)
	require.Equal(t, 1.0, one.Misfit)
	require.Len(t, one.BackTest.Scores, len(one.Bands))
	for _, b := range one.Bands {
		require.LessOrEqual(t, b.Known, 6)
		require.Len(t, b.Median, 9, "what is held back is predicted")
	}
	h := *ask.History
	changed := func(column []float64) []float64 {
		out := append([]float64(nil), column...)
		for i := 6; i < 9; i++ {
			out[i] = 10*out[i] + 1000
		}
		return out
	}
	h.Won, h.Churned, h.Customers, h.Revenue = changed(h.Won), changed(h.Churned), changed(h.Customers), changed(h.Revenue)
	h.Cash = changed(h.Cash)
	h.Channels = append([]company.ChannelHistory(nil), h.Channels...)
	for i := range h.Channels {
		x := &h.Channels[i]
		x.Leads, x.Signups, x.Won = changed(x.Leads), changed(x.Signups), changed(x.Won)
	}
	h.Teams = append([]company.TeamHistory(nil), h.Teams...)
	for i := range h.Teams {
		h.Teams[i].Won = changed(h.Teams[i].Won)
	}
	ask.History = &h
	two, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Equal(t, one.Unknowns, two.Unknowns)
	require.Equal(t, one.Draws, two.Draws)
	for s := range one.BackTest.Scores {
		a, b := &one.BackTest.Scores[s], &two.BackTest.Scores[s]
		require.Equal(t, one.Bands[s].Median, two.Bands[s].Median)
		require.Greater(t, b.Fit, a.Fit, a.Name())
		require.Greater(t, b.Smoothing, a.Smoothing, a.Name())
	}
	require.Less(t, two.BackTest.Cover, 0.3)
	ask.HoldBack = 8
	_, err = ask.Run(context.Background())
	require.ErrorContains(t, err, "held back: 8 of 9 periods: at least 2 must be left")
	ask.HoldBack = -1
	_, err = ask.Run(context.Background())
	require.ErrorContains(t, err, "held back")
	ask.HoldBack = 3
	last := h.Periods[8]
	ask.Evidence = []company.Evidence{{Name: "late", Channels: []string{h.Channels[0].Name}, From: last.From, Until: last.To,
		Outcome: company.Won, Low: -2, High: -1}}
	_, err = ask.Run(context.Background())
	require.ErrorContains(t, err, "evidence late: it lies in the periods that are held back")
}

// An identity is that of all on which runs depend.
func TestIdentities(t *testing.T) {
	ask, _ := little(t)
	id := ask.Identity()
	require.Equal(t, id, ask.Identity())
	for _, change := range []func(a *fit.Ask){
		func(a *fit.Ask) { a.Seed++ },
		func(a *fit.Ask) { a.HoldBack = 2 },
		func(a *fit.Ask) { a.LastPeriods = 2 },
		func(a *fit.Ask) { a.Share = 0.5 },
		func(a *fit.Ask) { a.Errors = &fit.ModelError{} },
		func(a *fit.Ask) { a.Unknowns = a.Unknowns[1:] },
		func(a *fit.Ask) { h := *a.History; h.Won = append([]float64{99}, h.Won[1:]...); a.History = &h },
		func(a *fit.Ask) { a.Plan = market(t, 0.03) },
		func(a *fit.Ask) { a.Heads = map[string][]float64{"inside": nil} },
	} {
		other := *ask
		change(&other)
		require.NotEqual(t, id, other.Identity())
	}
}

// What an experiment shows of the curve is learned, of which a history of constant spend says nothing.
func TestEvidenceTeaches(t *testing.T) {
	p := quick(t, 0.08)
	h := months(spends(p, false), 12)
	u := []learned.Unknown{{Name: "level", Kind: learned.Level, Of: []string{"partners"}, Prior: wide},
		{Name: "saturation", Kind: learned.Saturation, Of: []string{"partners"}, Prior: wide}}
	seen, _, _, err := fit.Simulate(p, h, u, []float64{0, 0}, 5, "evidence", 0)
	require.NoError(t, err)
	ask := &fit.Ask{Plan: p, History: seen, Unknowns: u, Seed: 3, NoBackTest: true, Errors: &fit.ModelError{}}
	without, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Greater(t, without.Unknowns[1].Ratio, 0.93)
	require.Equal(t, learned.Unlearned{Unknown: "saturation", Why: learned.ConstantSpend, Of: "partners"}, without.Cannot[0])

	// Three times the spend doubled the leads of half a year in the suburbs.
	leads, _ := company.Sum(seen.Channel("partners").Leads)
	leads *= 0.4 / 2
	ask.Evidence = []company.Evidence{{Name: "geo", Channels: []string{"partners"}, Factor: 3, Regions: []string{"suburbs"},
		From: plan.NewDate(2013, 7, 1), Until: plan.NewDate(2013, 12, 31), Outcome: company.Leads,
		Low: 0.9 * leads, High: 1.1 * leads}}
	with, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Less(t, with.Unknowns[1].Ratio, 0.8)
	require.Greater(t, with.Unknowns[1].Mean, 0.3, "three times the spend brought twice the leads: saturation is far off")
}

// A fit on half of the market knows what the whole shows: its intervals are not those of half the counts.
func TestAPartOfTheMarket(t *testing.T) {
	p := quick(t, 0.08)
	h := months(spends(p, false), 12)
	u := []learned.Unknown{{Name: "level", Kind: learned.Level, Prior: wide}, {Name: "churn", Kind: learned.Churn, Prior: narrow}}
	seen, _, _, err := fit.Simulate(p, h, u, []float64{0.3, -0.2}, 5, "part", 0)
	require.NoError(t, err)
	ask := &fit.Ask{Plan: p, History: seen, Unknowns: u, Seed: 3, Ahead: 52, NoBackTest: true, Errors: &fit.ModelError{}}
	whole, err := ask.Run(context.Background())
	require.NoError(t, err)
	ask.Share = 0.25
	part, err := ask.Run(context.Background())
	require.NoError(t, err)
	for i := range u {
		a, b := whole.Unknowns[i], part.Unknowns[i]
		require.InEpsilon(t, a.SD, b.SD, 0.5, u[i].Name)
		require.InDelta(t, a.Mean, b.Mean, 3*math.Hypot(a.SD, b.SD), u[i].Name)
	}
	require.InEpsilon(t, whole.Forecast[0].Median, part.Forecast[0].Median, 0.2)
	require.InEpsilon(t, whole.Forecast[0].Width, part.Forecast[0].Width, 0.6)
	require.InEpsilon(t, whole.Forecast[1].Median, part.Forecast[1].Median, 0.2)
}

// People whose number is dated behind the history move in the forecast, of a part of the firms too; what is learned stays.
func TestDatedPeopleAreInTheForecast(t *testing.T) {
	ask, _ := little(t)
	ask.NoBackTest, ask.Share = true, 0.9
	stay, err := ask.Run(context.Background())
	require.NoError(t, err)
	gone := *ask.Plan
	for i := range gone.Teams {
		if gone.Teams[i].Kind == "people" {
			gone.Schedules = fit.Joined(gone.Schedules, []plan.Schedule{{Key: plan.JoinKey("teams", gone.Teams[i].Name, "people"),
				Entries: []plan.ScheduleEntry{{From: ask.History.To(), Input: -1}}}})
		}
	}
	ask.Plan = &gone
	without, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Equal(t, stay.Draws, without.Draws)
	require.Equal(t, stay.Bands[len(stay.Bands)-5].Median[:8], without.Bands[len(without.Bands)-5].Median[:8])
	require.Less(t, without.Forecast[0].Median, 0.95*stay.Forecast[0].Median, "most are won without people")
}

// The answer of a small fit: what was fitted lies near what is seen, bands hold the history, naive forecasts stand
// beside the fit's own.
func TestAnAnswer(t *testing.T) {
	ask, x := little(t)
	a := fittedLittle(t)
	for _, s := range a.Summaries {
		require.Less(t, math.Abs(s.Seen-s.Expected), 4*s.SD, s.Name)
	}
	for i, u := range a.Unknowns {
		require.Less(t, math.Abs(u.Mean-x[i]), 3.5*u.SD, u.Name)
		require.InDelta(t, u.SD, u.Ratio*u.Prior.SD, 1e-12)
	}
	require.Len(t, a.Draws, 1000)
	require.Len(t, a.Values[0], len(a.Keys))
	for d, values := range a.Values {
		for k, v := range values {
			require.Positive(t, v, "draw %d, %s", d, a.Keys[k])
		}
	}
	require.Less(t, a.Outside(), 0.12)
	require.Len(t, a.Bands, 3*14+4+5, "leads, sign-ups and won by channel, won by team, and what is of all")
	require.Equal(t, 3, a.BackTest.Periods)
	require.Greater(t, a.BackTest.Cover, 0.7)
	for _, s := range a.BackTest.Scores {
		require.False(t, math.IsNaN(s.Fit), s.Name())
		require.True(t, math.IsNaN(s.LastYear), "nine months have no year before")
	}
	require.Equal(t, 26, a.Forecast[0].Weeks)
	require.Greater(t, a.Forecast[0].Width, 0.7*a.Forecast[0].Floor)
	require.LessOrEqual(t, a.Runs, ask.MostRuns())
}
