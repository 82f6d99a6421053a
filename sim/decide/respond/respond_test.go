package respond

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

const weeks = 8

// with gives the plan with changes.
func with(changes ...string) (*plan.Plan, error) {
	key := strings.Join(changes, "\n")
	if loaded[key] == nil {
		p, err := scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=8"}, changes...)...))
		if err != nil {
			return nil, err
		}
		loaded[key] = p
	}
	return loaded[key].Clone(), nil
}

// loaded are the plans of with: tests ask for the same ones again and again.
var loaded = map[string]*plan.Plan{}

func ask(t *testing.T, metric string, vary ...string) Ask {
	t.Helper()
	plan, err := with()
	require.NoError(t, err)
	a := Ask{Plan: plan, With: with, Outcomes: []string{metric}}
	for _, text := range vary {
		r, err := ParseRange(text)
		require.NoError(t, err)
		a.Vary = append(a.Vary, r)
	}
	return a
}

// answered is what a panel says whose numbers are known.
func answered(t *testing.T, a Ask, replications int, of func(l panel.Leaf, i int) float64) *Answer {
	t.Helper()
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(replications, of))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

// moved is the channel and the multiple of its budget of a setting.
func moved(setting string) (channel string, times float64) {
	channel, text, ok := strings.Cut(setting, " x")
	if !ok {
		return "", 1
	}
	times, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return channel, times
}

// spends is a plan that spends 800 on each channel, where a dollar brings gain of
// lifetime_margin and wins a customer per 100. Runs differ.
func spends(gain func(channel string) float64) func(l panel.Leaf, i int) float64 {
	return func(l panel.Leaf, i int) float64 {
		channel, times := moved(l.Setting)
		more := 800 * (times - 1)
		switch l.Measure.Column {
		case "media":
			return 800
		case "media_spend", "media_and_brand", "lifetime_media", "acquisition_cost":
			return 10_000 + more
		case "won":
			return 200 + float64(i%3) + more/100
		case "ltv_total":
			return 900 * (200 + float64(i%3) + more/100)
		}
		if channel == "" {
			return 5000 + float64(i%5)
		}
		return 5000 + float64(i%5) + gain(channel)*more
	}
}

// namesOf are the places where a dollar may go.
func namesOf(t *testing.T, a Ask) (out []string) {
	t.Helper()
	c, err := a.check()
	require.NoError(t, err)
	for _, x := range c.places {
		out = append(out, x.name)
	}
	return out
}

func TestTheNextDollarGoesWhereItBringsMost(t *testing.T) {
	a := ask(t, "lifetime_margin")
	channels := namesOf(t, a)
	require.Greater(t, len(channels), 3)
	require.Contains(t, channels, "billboards", "brand media are places for a dollar too")
	gain := func(channel string) float64 { return float64(slices.Index(channels, channel)) - 1 }
	got := answered(t, a, 60, spends(gain))
	last := len(channels) - 1
	require.Len(t, got.Ranked, len(channels))
	for i, r := range got.Ranked {
		assert.Equal(t, channels[last-i], r.Channel)
		assert.InDelta(t, gain(r.Channel), r.Next.Value, 1e-9)
		assert.InDelta(t, gain(r.Channel), r.Last.Value, 1e-9)
		assert.InDelta(t, 800, float64(r.Spend), 1e-9)
		assert.InDelta(t, 8, r.Won.Value, 1e-9)
		assert.InDelta(t, 100, r.CAC.Value, 1e-9)
	}
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, got.Verdict)
	assert.InDelta(t, 1, got.Lead.Value, 1e-9)
	assert.Empty(t, got.RivalChannel)
	require.NotNil(t, got.Take)
	assert.Equal(t, channels[0], got.Take.Channel)
	assert.False(t, got.Take.Alike || got.Take.Loses)
	assert.Empty(t, got.Warnings)
	key := "media." + channels[last] + ".weekly_budget"
	assert.True(t, got.Pays)
	assert.Equal(t, channels[last], got.Goes.Channel)
	assert.True(t, got.Take.Cut, "its last dollar is lost")
	assert.Equal(t, []decide.Step{{Question: "compare", Changes: []string{key + "*=1.5"}},
		{Question: "respond", Vary: &decide.Varied{Key: key, Times: true, High: 3, Values: 13}}}, got.Next)
	require.Len(t, got.Responses, len(budgets(a.Plan)))
	r := got.Responses[0]
	assert.Equal(t, 800.0/weeks, r.Now)
	assert.Equal(t, 3*r.Now, r.Spend[len(Levels)-1])
	assert.InDelta(t, (201.0-8)/weeks, r.Won[0].Value, 1e-9, "nothing is spent")
	assert.InDelta(t, 100, r.Marginal[0].Value, 1e-9)
	assert.InDelta(t, 900, got.Worth, 1e-9)
	assert.InDelta(t, gain(channels[0]), got.Curves[0].Points[2].Marginal.Value, 1e-9)
}

// Of a cost the channel that lowers it most comes first.
func TestACostIsLowered(t *testing.T) {
	a := ask(t, "cac")
	require.Equal(t, plan.Less, mustMetric(t, a).Direction)
	got := answered(t, a, 60, func(l panel.Leaf, i int) float64 {
		x := spends(func(string) float64 { return 0 })(l, i)
		if channel, times := moved(l.Setting); l.Measure.Column == "won" && channel == "facebook" {
			return x + 100*(times-1)
		}
		return x
	})
	assert.Equal(t, "facebook", got.Ranked[0].Channel)
	assert.Less(t, got.Ranked[0].Next.Value, got.Ranked[1].Next.Value)
}

func mustMetric(t *testing.T, a Ask) plan.Column {
	t.Helper()
	c, err := a.check()
	require.NoError(t, err)
	return c.metrics[0].Column
}

// Where each dollar is lost the next one goes nowhere, and the worst place is cut first, be it the only one.
func TestTheNextDollarGoesNowhere(t *testing.T) {
	worst := func(channel string) float64 {
		if channel == "partners" {
			return -0.9
		}
		return -0.5
	}
	got := answered(t, ask(t, "lifetime_margin"), 60, spends(worst))
	assert.Equal(t, decide.No, got.Verdict.Kind)
	assert.False(t, got.Pays)
	assert.Equal(t, -0.5, math.Round(10*got.Goes.Next.Value)/10)
	assert.Equal(t, "partners", got.Take.Channel)
	assert.True(t, got.Take.Cut)
	assert.Equal(t, []string{"channels.partners.weekly_budget*=0.5"}, got.Next[0].Changes, "nothing is spent more on")
	// Half of a dollar of revenue is a loss, of customers it is none.
	half := spends(func(string) float64 { return 0.5 })
	assert.Equal(t, decide.No, answered(t, ask(t, "revenue"), 60, half).Verdict.Kind)
	assert.Equal(t, decide.No, answered(t, ask(t, "journeys"), 60, spends(func(string) float64 { return 0 })).Verdict.Kind,
		"nothing changes")
	assert.True(t, answered(t, ask(t, "signups"), 60, half).Pays)
	got = answered(t, ask(t, "lifetime_margin"), 2, spends(worst))
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind, "two runs say nothing surely")
	assert.False(t, got.Take.Cut)
}

// An amount is told of channels, those at 0 too, brand media and teams.
func TestAnAmountOnEachPlace(t *testing.T) {
	a := ask(t, "lifetime_margin")
	a.Amount = 800
	var err error
	a.With = func(changes ...string) (*plan.Plan, error) {
		return with(append([]string{"channels." + a.Plan.Channels[0].Name + ".weekly_budget=0"}, changes...)...)
	}
	a.Plan, err = a.With()
	require.NoError(t, err)
	d, err := a.Design()
	require.NoError(t, err)
	gains := map[string]float64{"facebook": 400, "sellers": 9000, "radio": -500}
	got, err := a.Answer(d.Panel(60, func(l panel.Leaf, i int) float64 {
		at, more := strings.CutSuffix(l.Setting, " more")
		spent := 10_000.0
		if more && at != "sellers" {
			spent += 800
		}
		if strings.Contains(l.Measure.Column, "media") {
			return spent
		}
		if more {
			return gains[at]
		}
		return 0
	}))
	require.NoError(t, err)
	kinds := map[string]string{}
	for _, r := range got.Ranked {
		kinds[r.Channel] = r.Kind
		assert.Nil(t, r.Last)
	}
	assert.Equal(t, "team", kinds["sellers"])
	assert.Equal(t, "brand medium", kinds["radio"])
	assert.Equal(t, "channel", kinds[a.Plan.Channels[0].Name])
	at := slices.IndexFunc(got.Ranked, func(r Ranked) bool { return r.Channel == "sellers" })
	seller := got.Ranked[at]
	assert.InDelta(t, 9000/seller.Costs.Value, seller.Next.Value, 1e-9, "people are hired whole")
	assert.Greater(t, seller.Costs.Value, 800.0)
	at = slices.IndexFunc(got.Ranked, func(r Ranked) bool { return r.Channel == "facebook" })
	assert.InDelta(t, 0.5, got.Ranked[at].Next.Value, 1e-9)
	assert.Nil(t, got.Take)
	assert.Equal(t, got.Ranked[0].Change, got.Next[0].Changes[0])
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		a.Amount = bad
		_, err := a.Design()
		assert.ErrorContains(t, err, "an amount of money above 0 is needed")
	}
	a = ask(t, "won", "media=x1..x2:2")
	a.Amount = 5
	_, err = a.Design()
	assert.ErrorContains(t, err, "it goes with no range")
}

// Where dollars bring nothing, no channel is better than another.
func TestDollarsThatBringNothing(t *testing.T) {
	got := answered(t, ask(t, "lifetime_margin"), 60, spends(func(string) float64 { return 0 }))
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.NotEmpty(t, got.RivalChannel)
	assert.Zero(t, got.Ranked[0].Next.Value)
	assert.True(t, got.Take.Alike)
}

// A plan that spends nothing cannot be asked for multiples of it; where that is so of some
// channels alone, the answer says which.
func TestNothingIsSpent(t *testing.T) {
	a := ask(t, "lifetime_margin")
	d, err := a.Design()
	require.NoError(t, err)
	_, err = a.Answer(d.Panel(60, func(panel.Leaf, int) float64 { return 0 }))
	assert.Equal(t, &NoBudgetError{Plan: "town", Idle: true}, err)
	got := answered(t, a, 60, func(l panel.Leaf, i int) float64 {
		if channel, _ := moved(l.Setting); channel == "facebook" {
			l.Setting = basis
		}
		if l.Measure.Name == "facebook" {
			return 0
		}
		return spends(func(string) float64 { return 1 })(l, i)
	})
	assert.Equal(t, []decide.Warning{decide.NothingSpent{Channels: []string{"facebook"}}}, got.Warnings)
	assert.False(t, slices.ContainsFunc(got.Ranked, func(r Ranked) bool { return r.Channel == "facebook" }))
	assert.False(t, slices.ContainsFunc(got.Responses, func(r Response) bool { return r.Channel == "facebook" }))
}

func TestEverythingIsMissing(t *testing.T) {
	missing := func(panel.Leaf, int) float64 { return math.NaN() }
	got := answered(t, ask(t, "lifetime_margin"), 60, missing)
	assert.Equal(t, decide.NotApplicable, got.Verdict.Kind)
	assert.NotEmpty(t, got.Verdict.Why)
	assert.Empty(t, got.Responses)
	assert.Nil(t, got.Lead)
	got = answered(t, ask(t, "cac", "media=x0..x2:3"), 60, missing)
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "nobody was won"}, got.Verdict)
	assert.False(t, got.Best.Value.Known())
	for _, p := range got.Curves[0].Points {
		assert.Nil(t, p.Saved)
	}
}

// along a key a number is known by the point: its place from 1.
func byPoint(of func(point float64, column string, i int) float64) func(l panel.Leaf, i int) float64 {
	return func(l panel.Leaf, i int) float64 {
		text, _ := strings.CutPrefix(l.Setting, "point ")
		at, err := strconv.ParseFloat(text, 64)
		if err != nil {
			at = 2 // the plan
		}
		return of(at, l.Measure.Column, i)
	}
}

// A curve with its peak at the second of four points. All runs lose.
func TestAPeakOfLosses(t *testing.T) {
	a := ask(t, "lifetime_margin", "products.*.price=10..40:4")
	got := answered(t, a, 60, byPoint(func(at float64, column string, i int) float64 {
		if column == "lifetime_margin" {
			return -9000 - float64(i%4) - 100*(at-2)*(at-2)
		}
		return 500
	}))
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, got.Verdict)
	assert.Equal(t, []int{1}, got.Best.Place)
	assert.Nil(t, got.Rival)
	points := got.Curves[0].Points
	assert.InDelta(t, 10, points[1].Marginal.Value, 1e-9, "100 over 10 of price")
	assert.InDelta(t, -10, points[2].Marginal.Value, 1e-9)
	assert.InDelta(t, -30, points[3].Marginal.Value, 1e-9)
	assert.InDelta(t, -10, points[3].Average.Value, 1e-9)
	assert.Nil(t, points[0].Marginal)
	assert.Equal(t, []decide.Step{{Question: "respond"}}, got.Next)
}

func TestAPeakThatIsNotSeen(t *testing.T) {
	got := answered(t, ask(t, "won", "products.*.price=10..40:4"), 60, byPoint(func(at float64, column string, i int) float64 {
		if at == 3 {
			return 100.1 - 3*float64(i%2) // of a mean of 98.6, where others have 98.5
		}
		return 98.5
	}))
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.Equal(t, []int{2}, got.Best.Place)
	require.NotNil(t, got.Rival)
	assert.Equal(t, []int{0}, got.Rival.Place)
}

// What is 0 or the same everywhere, or ruin in each run, has no best point.
func TestAllPointsAreAlike(t *testing.T) {
	for metric, value := range map[string]float64{"lifetime_margin": 0, "won": 12, "P(out_of_business)": 1, "cash_end": -7} {
		for _, n := range []int{1, 60} {
			got := answered(t, ask(t, metric, "products.*.price=x0.5..x2:3"), n,
				func(panel.Leaf, int) float64 { return value })
			assert.Equal(t, decide.No, got.Verdict.Kind, "%s of %d", metric, n)
			assert.Nil(t, got.Rival)
			assert.Equal(t, value, got.Best.Value.Value)
		}
	}
}

func TestASurfaceOfKnownSlopes(t *testing.T) {
	a := ask(t, "lifetime_margin", "media=x1..x2:2", "products.*.price=10..30:3")
	got := answered(t, a, 60, func(l panel.Leaf, i int) float64 {
		var down, across float64
		if text, ok := strings.CutPrefix(l.Setting, "point "); ok {
			one, two, _ := strings.Cut(text, "-")
			down, _ = strconv.ParseFloat(one, 64)
			across, _ = strconv.ParseFloat(two, 64)
		}
		if strings.Contains(l.Measure.Column, "media") {
			return 1000 * down
		}
		return 3000*down + 50*across + float64(i%2)
	})
	require.Len(t, got.Surface, 6)
	last := got.Surface[5]
	assert.InDelta(t, 3, last.Down.Value, 1e-9, "3 of a dollar")
	assert.InDelta(t, 5, last.Across.Value, 1e-9, "50 over 10 of price")
	assert.Nil(t, got.Surface[0].Down)
	assert.Equal(t, []int{1, 2}, got.Best.Place)
	assert.Equal(t, decide.Yes, got.Verdict.Kind)
	assert.Nil(t, got.Curves)
}

func TestOneRunHasNoMarginOfError(t *testing.T) {
	got := answered(t, ask(t, "lifetime_margin"), 1, spends(func(string) float64 { return 1 }))
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: Replications, Of: "run",
		For: "for values at the margin", Part: "replications"}}, got.Warnings)
	assert.InDelta(t, 1, got.Ranked[0].Next.Value, 1e-9)
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.NotEmpty(t, got.Verdict.Why, "how many runs a margin needs")
	got = answered(t, ask(t, "won", "products.*.price=x0.5..x2:3"), 1, byPoint(func(at float64, _ string, _ int) float64 {
		return at
	}))
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.NotEmpty(t, got.Verdict.Why)
	assert.Equal(t, []int{2}, got.Best.Place)
}

// The ask says which of its parts is wrong, and what would be right.
func TestProblemsOfAnAsk(t *testing.T) {
	const needed = "KEY=FROM..TO:POINTS is needed, such as channels.display.weekly_budget=x0..x3:7"
	const points = "2 to 200 points between two ends, the lower one first, are needed"
	for text, want := range map[string]string{
		"media":             needed,
		"media=1..2":        needed,
		"media=x1..2:3":     needed,
		"media=xa..xb:3":    needed,
		"media=x1..x2:2.5":  needed,
		"media=x2..x1:3":    points,
		"media=x1..x2:1":    points,
		"media=x1..x2:201":  points,
		"media=xNaN..x2:20": points,
		"media=1..2:3":      "media is moved by factors, such as media=x0.5..x2:4",
		"run.weeks=1..2:3":  "all points are runs of the same length and random numbers",
	} {
		r, err := ParseRange(text)
		if err == nil {
			a := ask(t, "won")
			a.Vary = []Range{r}
			_, err = a.Design()
		}
		assert.Equal(t, decide.Wrong("vary", text, "%s", want), err)
	}
	for want, change := range map[string]func(*Ask){
		"outcome cac: several outcomes are shown along one key alone": func(a *Ask) { a.Outcomes = []string{"won", "cac"} },
		"outcome: one is needed at least":                             func(a *Ask) { a.Outcomes = nil },
		"vary: one key gives a curve and two a surface; 3 are too many": func(a *Ask) {
			a.Vary = make([]Range, 3)
		},
		"media: x0 to x1 of a budget of 0 are the same plan": func(a *Ask) {
			for i := range a.Plan.Channels {
				a.Plan.Channels[i].WeeklyBudget = 0
			}
			a.Vary = []Range{{Key: "media", Times: true, From: 0, To: 1, Points: 2}}
		},
		"town has no channel with a budget": func(a *Ask) {
			for i := range a.Plan.Channels {
				a.Plan.Channels[i].Enabled = false
			}
			for i := range a.Plan.Media {
				a.Plan.Media[i].Enabled = false
			}
		},
	} {
		a := ask(t, "won")
		change(&a)
		_, err := a.Design()
		assert.EqualError(t, err, want)
		_, err = a.Answer(panel.NewPanel(analysis.Ties{}, nil))
		assert.EqualError(t, err, want)
	}
	a := ask(t, "wonn")
	_, err := a.Design()
	var problem *decide.Problem
	require.True(t, errors.As(err, &problem))
	assert.Equal(t, "outcome", problem.Part)
	assert.Error(t, problem.Err)
	a = ask(t, "won", "nothing=1..2:2")
	_, err = a.Design()
	var problems scenarios.Problems
	assert.True(t, errors.As(err, &problems), "what With says")
	a = ask(t, "won", "media=x1..x2:2")
	_, err = a.Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.EqualError(t, err, "won of plan was not kept")
}

// All channels' budgets together need a channel that has one.
func TestMediaWithoutBudgets(t *testing.T) {
	a := ask(t, "won", "media=x1..x2:2")
	for i := range a.Plan.Channels {
		a.Plan.Channels[i].Enabled = false
	}
	_, err := a.Design()
	assert.Equal(t, &NoBudgetError{Plan: "town"}, err)
}

// A point that starts from another state is refused, or told once.
func TestPointsOfAnotherOpening(t *testing.T) {
	open := func(changes ...string) (*plan.Plan, error) {
		return scenarios.Load("metro", scenarios.Set(append([]string{"run.weeks=8", `opening.plan="self"`}, changes...)...))
	}
	plan, err := open()
	require.NoError(t, err)
	a := Ask{Plan: plan, With: open, Outcomes: []string{"won"},
		Vary: []Range{{Key: "media.outdoor.weekly_budget", From: 600, To: 700, Points: 3}}}
	_, err = a.Design()
	var opening *decide.OpeningError
	require.True(t, errors.As(err, &opening), "%v", err)
	assert.Equal(t, "media.outdoor.weekly_budget", opening.Key)
	assert.Equal(t, "media.outdoor.weekly_budget=600", opening.B)
	a.OtherOpening = true
	_, err = a.Design()
	require.NoError(t, err)
	told, err := a.Openings()
	require.NoError(t, err)
	assert.Equal(t, []*decide.OpeningError{opening}, told)
	told, err = ask(t, "won", "media=x1..x2:2").Openings()
	require.NoError(t, err)
	assert.Empty(t, told)
}

// A design says what is asked: the plan first, then each point; a range is written as it
// is read.
func TestDesign(t *testing.T) {
	a := ask(t, "won", "channels.paid-search.weekly_budget=x0..x2:3")
	before := scenarios.Digest(a.Plan)
	d, err := a.Design()
	require.NoError(t, err)
	assert.Equal(t, before, scenarios.Digest(a.Plan))
	var names []string
	for _, s := range d.Settings {
		names = append(names, s.Name)
		require.NotNil(t, s.Plan)
	}
	assert.Equal(t, []string{"plan", "point 1", "point 2", "point 3"}, names)
	assert.Equal(t, Replications, d.Replications)
	assert.Equal(t, before, scenarios.Digest(d.Settings[2].Plan), "x1 is the plan")
	assert.NotEqual(t, before, scenarios.Digest(d.Settings[1].Plan))
	assert.Equal(t, "media=x0.5..x2:4", Range{Key: "media", Times: true, From: 0.5, To: 2, Points: 4}.String())
	for _, text := range []string{"media=x0.50..x2:4", "products.basic.price=1e1..20:3"} {
		r, err := ParseRange(text)
		require.NoError(t, err)
		assert.Equal(t, text, r.String())
	}
}

// rounds gives the panel by which the question is answered, by rounds of the design.
func rounds(t *testing.T, a Ask, of func(l panel.Leaf, i int) float64) *panel.Panel {
	t.Helper()
	d, err := a.Design()
	require.NoError(t, err)
	require.NotNil(t, d.Rounds)
	s := decide.NewInRounds(d)
	var panels []*panel.Panel
	for {
		round, err := s.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			return s.Panel()
		}
		panels = []*panel.Panel{round[0].Panel(round[0].Replications, of)}
	}
}

// noisy is a world in which a setting has random variation of its own, of which the mean over all replications is 0.
func noisy(setting string, of func(l panel.Leaf, i int) float64) func(l panel.Leaf, i int) float64 {
	chance := rand.New(rand.NewPCG(1, 2)).NormFloat64
	noise, mean := make([]float64, Replications), 0.0
	for i := range noise {
		noise[i] = chance()
		mean += noise[i] / Replications
	}
	return func(l panel.Leaf, i int) float64 {
		if l.Setting == setting && l.Measure.Column == "lifetime_margin" {
			return of(l, i) + 300*(noise[i]-mean)
		}
		return of(l, i)
	}
}

// Places are run until the first is told from all others, its dollar from one that just comes back, and from the one
// that is taken away; at most as often as they were by one number.
func TestPlacesAreRunUntilTheFirstIsKnown(t *testing.T) {
	a := ask(t, "lifetime_margin")
	channels := namesOf(t, a)
	clear := func(channel string) float64 { return float64(slices.Index(channels, channel)) - 1.5 }
	p := rounds(t, a, spends(clear))
	assert.Equal(t, Round, p.Replications)
	assert.Nil(t, p.Further)
	last, second := channels[len(channels)-1], channels[len(channels)-2]
	noisy := func(gain func(string) float64) func(l panel.Leaf, i int) float64 {
		return noisy(level(last, 1.5), spends(gain))
	}
	require.NotContains(t, budgets(a.Plan), last, "a brand medium goes on as channels do")
	// Two that are alike, one of which has random variation of its own, go on alone.
	alike := noisy(func(channel string) float64 { return min(clear(channel), clear(second)) })
	p = rounds(t, a, alike)
	require.NotNil(t, p.Further)
	assert.Equal(t, Round, p.Replications)
	assert.Equal(t, Replications, p.Further.Replications)
	got, err := a.Answer(p)
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{last, second}, got.RunFurther)
	assert.Equal(t, Replications, got.FurtherReplications)
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.ElementsMatch(t, []string{last, second}, []string{got.Ranked[0].Channel, got.RivalChannel})
	for i, r := range got.Ranked {
		assert.InDelta(t, min(clear(r.Channel), clear(second)), r.Next.Value, 0.3)
		want := Round
		if i < 2 {
			want = Replications
		}
		assert.Equal(t, want, r.Next.N, r.Channel)
	}
	// The first is clear, and nobody knows whether its dollar comes back: it goes on alone.
	p = rounds(t, a, noisy(func(channel string) float64 { return 10 * (clear(channel) - clear(last)) }))
	require.NotNil(t, p.Further)
	assert.Equal(t, Replications, p.Further.Replications)
	got, err = a.Answer(p)
	require.NoError(t, err)
	assert.Equal(t, []string{last}, got.RunFurther)
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	assert.Equal(t, last, got.Goes.Channel)
	assert.Empty(t, got.RivalChannel)
	missing := func(panel.Leaf, int) float64 { return math.NaN() }
	assert.Equal(t, Replications, rounds(t, a, missing).Replications)

	a.Replications = 120 // who says how many has them
	d, err := a.Design()
	require.NoError(t, err)
	assert.Nil(t, d.Rounds)
	assert.Equal(t, 120, d.Replications)
	d, err = ask(t, "lifetime_margin", "products.*.price=10..40:4").Design()
	require.NoError(t, err)
	assert.Nil(t, d.Rounds, "of a key all of the curve is asked for")
}

// Where every dollar is lost the answer is nowhere at the first look, and who is least bad is not asked; a place whose
// dollar may come back goes on, and so does a last dollar of which it is not known that a cut saves it.
func TestPlacesAreRunUntilItIsKnownThatNoDollarComesBack(t *testing.T) {
	a := ask(t, "lifetime_margin")
	lost := func(string) float64 { return -0.9 }
	p := rounds(t, a, spends(lost))
	assert.Equal(t, Round, p.Replications)
	assert.Nil(t, p.Further)
	names := namesOf(t, a)
	open := names[1]
	p = rounds(t, a, noisy(level(open, 1.5), spends(func(string) float64 { return -0.1 })))
	require.NotNil(t, p.Further)
	got, err := a.Answer(p)
	require.NoError(t, err)
	assert.Contains(t, got.RunFurther, open)
	assert.NotEqual(t, decide.Yes, got.Verdict.Kind)
	// What comes back of revenue is told against the dollar.
	earns := ask(t, "revenue")
	p = rounds(t, earns, func(l panel.Leaf, i int) float64 {
		if _, times := moved(l.Setting); l.Measure.Column == "revenue" {
			return 5000 + float64(i%5) + 0.5*800*(times-1)
		}
		return spends(lost)(l, i)
	})
	assert.Equal(t, Round, p.Replications)
	assert.Nil(t, p.Further)
	got, err = earns.Answer(p)
	require.NoError(t, err)
	assert.Equal(t, decide.No, got.Verdict.Kind)
	// A last dollar that may come back.
	least := func(name string) float64 { return map[bool]float64{true: -0.5, false: -0.3}[name == open] }
	p = rounds(t, a, noisy(level(open, 0.75), spends(least)))
	require.NotNil(t, p.Further)
	assert.NotNil(t, p.Further.Values(panel.Leaf{Setting: level(open, 0.75), Measure: panel.Measure{Column: "won"}}))
	assert.Nil(t, p.Further.Values(panel.Leaf{Setting: level(open, 1.5), Measure: panel.Measure{Column: "won"}}))
}

// An amount goes on in the places of which it is not known which gets it.
func TestAnAmountIsRunUntilItsPlaceIsKnown(t *testing.T) {
	a := ask(t, "lifetime_margin")
	a.Amount = 10_000
	names := namesOf(t, a)
	of := func(l panel.Leaf, i int) float64 {
		name, moved := strings.CutSuffix(l.Setting, " more")
		at := slices.Index(names, name)
		switch {
		case l.Measure.Column == "lifetime_media" && moved:
			return 20_000
		case l.Measure.Column == "lifetime_margin" && moved:
			return 5000 + float64(i%5) + 1000*float64(at+1)
		case l.Measure.Column == "lifetime_margin":
			return 5000 + float64(i%5)
		}
		return 10_000
	}
	p := rounds(t, a, of)
	assert.Equal(t, Round, p.Replications)
	assert.Nil(t, p.Further)
	got, err := a.Answer(p)
	require.NoError(t, err)
	first, second := got.Ranked[0].Channel, got.Ranked[1].Channel
	p = rounds(t, a, func(l panel.Leaf, i int) float64 {
		if l.Setting == first+" more" && l.Measure.Column == "lifetime_margin" {
			return of(l, i) + 20_000*float64(i%2) - 10_000
		}
		return of(l, i)
	})
	require.NotNil(t, p.Further)
	got, err = a.Answer(p)
	require.NoError(t, err)
	assert.Contains(t, got.RunFurther, first)
	assert.Contains(t, got.RunFurther, second)
	assert.Less(t, len(got.RunFurther), len(names))
	for _, r := range got.Ranked {
		want := Round
		if slices.Contains(got.RunFurther, r.Channel) {
			want = p.Further.Replications
		}
		assert.Equal(t, want, r.Next.N, r.Channel)
		assert.Equal(t, want, r.Costs.N, r.Channel)
	}
}

// Who is hired is paid as long as the company lives: what that comes to is counted, not what the plan meant to pay.
func TestAHireOfACompanyThatFails(t *testing.T) {
	a := ask(t, "lifetime_margin")
	a.Amount = 10_000
	half := float64(a.Plan.Run.Weeks) / 2
	costs := 0.0
	for _, fails := range []bool{false, true} {
		got := answered(t, a, 60, func(l panel.Leaf, _ int) float64 {
			more := strings.HasSuffix(l.Setting, " more")
			switch {
			case l.Measure.Column == weekOfRuin && fails && l.Setting == "sellers more":
				return half
			case l.Measure.Column == weekOfRuin:
				return math.NaN()
			case l.Measure.Column == decide.Ruin && fails && l.Setting == "sellers more":
				return 1
			case l.Measure.Column == "lifetime_media" && more && l.Setting != "sellers more":
				return 10_000
			case l.Measure.Column == "lifetime_margin" && more && l.Setting != "sellers more":
				return -20_000
			case l.Measure.Column == "lifetime_margin" && more:
				return -1000
			}
			return 0
		})
		i := slices.IndexFunc(got.Ranked, func(r Ranked) bool { return r.Channel == "sellers" })
		r := got.Ranked[i]
		if !fails {
			costs = r.Costs.Value
			require.Positive(t, costs)
			assert.Zero(t, got.RuinThere.Value)
		} else {
			assert.InDelta(t, costs/2, r.Costs.Value, 1e-9)
			assert.Equal(t, 1.0, got.RuinThere.Value, "the amount there ruins it")
		}
		assert.InDelta(t, -1000/r.Costs.Value, r.Next.Value, 1e-9)
		assert.Equal(t, "sellers", got.Goes.Channel)
	}
}
