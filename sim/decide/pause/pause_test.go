package pause

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// A pause of 2 weeks that begins in week 3 of 8.
const (
	weeks  = 8
	length = 2
)

func ask(t *testing.T, sets ...string) Ask {
	t.Helper()
	plan, err := scenarios.Load("metro", scenarios.Set(append([]string{"run.weeks=8"}, sets...)...))
	require.NoError(t, err)
	return Ask{Plan: plan, What: []string{"brand"}, Weeks: []int{length}, From: plan.Run.Start + 14}
}

// truth gives a number without the pause, and what the pause changes.
type truth struct {
	base   func(m panel.Measure, i int) float64
	change func(m panel.Measure, i int) float64
}

// answered is what a panel with a known truth says.
func answered(t *testing.T, replications int, is truth) *Answer {
	t.Helper()
	a := ask(t)
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(replications, func(l panel.Leaf, i int) float64 {
		x := is.base(l.Measure, i)
		if l.Setting != basis && is.change != nil {
			x += is.change(l.Measure, i)
		}
		return x
	}))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

// plain are numbers of a firm that lives: 10 sign-ups a week, which differ by run.
func plain(m panel.Measure, i int) float64 {
	switch {
	case m.Column == "signups" && m.From == 0 && m.Dimension == "":
		return 10*weeks + float64(weeks*(i%3))
	case m.Column == "signups":
		return 10 + float64(i%3)
	case m.Column == "out_of_business":
		return 0
	}
	return 1000 + float64(i%5)
}

// hole is a pause that loses 4 sign-ups in each of its weeks and 1 in the week after,
// saves 200 of media in each of its weeks, and costs 50 of revenue in each week from
// the first after it and a lifetime margin of about 900.
func hole(m panel.Measure, i int) float64 {
	within := m.From >= 3 && m.From <= 4
	switch m.Column {
	case "signups":
		switch {
		case m.From == 0:
			return -9
		case within:
			return -4
		case m.From == 5:
			return -1
		}
	case "media":
		if within {
			return -200
		}
	case "revenue":
		if m.From > 4 {
			return -50 - float64(i%2)
		}
	case "media_and_brand", "acquisition_cost":
		return -400
	case "lifetime_margin":
		return -900 + float64(i%7)
	case "ltv_total":
		return -1300
	}
	return 0
}

func TestAHoleOfKnownDepth(t *testing.T) {
	a := answered(t, 210, truth{plain, hole})
	require.Len(t, a.Pauses, 1)
	e := a.Pauses[0]
	assert.Equal(t, decide.Verdict{Kind: decide.No}, e.Verdict)
	assert.InDelta(t, -897, e.Lifetime.Value, 1e-9)
	assert.Less(t, e.Lifetime.High, -890.0)
	assert.InDelta(t, 1300, e.Lost.Value, 1e-9)
	assert.InDelta(t, 400, e.Saved.Value, 1e-9)
	assert.InDelta(t, 400, e.SavedBy[weeks-1].Value, 1e-9)
	assert.InDelta(t, 4*50.5, e.Margin.Value, 1e-9)
	assert.Equal(t, 0, e.Crossing, "202 lost does not pass 400")
	assert.InDelta(t, -9, e.Signups.Value, 1e-9)
	assert.InDelta(t, -4/11.0, e.InPause.Value, 1e-9)
	assert.InDelta(t, -4/11.0, e.Depth.Value, 1e-9)
	assert.Equal(t, 3, e.DepthWeek)
	assert.Equal(t, 1, e.Recovery, "week 5 is still below a tenth of the depth, 6 and 7 are not")
	assert.InDelta(t, 1, e.NeverBack.Value, 1e-9, "nothing is made up for")
	assert.Equal(t, []float64{0, 0, -4, -4, -1, 0, 0, 0}, e.Bands.P50)
	assert.Equal(t, [3]float64{-9, -9, -9}, e.Bands.Total)
	for _, s := range e.By { // -9 in each, of 11 a run
		assert.InDelta(t, -9, s.Change.Value, 1e-9, s.Name)
		assert.InDelta(t, -9/11.0, s.Relative.Value, 1e-9, s.Name)
	}
	assert.Empty(t, a.Warnings)
	assert.Equal(t, []decide.Step{{Question: "respond"}, {Lesson: "L05"}}, a.Next)
}

func TestNothingDiffers(t *testing.T) {
	e := answered(t, 210, truth{base: plain}).Pauses[0]
	assert.Equal(t, decide.NotApplicable, e.Verdict.Kind)
	for name, x := range map[string]float64{"signups": e.Signups.Value, "won": e.Won.Value, "saved": e.Saved.Value,
		"lifetime": e.Lifetime.Value,
		"half":     e.Lifetime.HalfWidth(), "depth": e.Depth.Value, "ruin": e.Ruin.Value} {
		assert.Zero(t, x, name)
	}
	assert.Zero(t, e.Reduction, "no variance is saved where there is none")
	assert.False(t, e.NeverBack.Known(), "nothing was lost that could come back")
	assert.Equal(t, -1, e.Recovery)
	assert.False(t, e.Idle)
}

func TestEverythingIsMissing(t *testing.T) {
	e := answered(t, 210, truth{base: func(panel.Measure, int) float64 { return math.NaN() }}).Pauses[0]
	assert.Equal(t, decide.NotApplicable, e.Verdict.Kind)
	for _, x := range []float64{e.Signups.Value, e.Lifetime.Value, e.Saved.Value, e.Depth.Value} {
		assert.True(t, math.IsNaN(x))
	}
	assert.False(t, e.Idle, "what is missing is not nothing")
}

// A plan that loses with every customer loses less with fewer of them.
func TestAllRunsLose(t *testing.T) {
	losses := func(m panel.Measure, i int) float64 {
		if slices.Contains([]string{"lifetime_margin", "cash_end", "cash_trough", "revenue"}, m.Column) {
			return -5000 - float64(i)
		}
		return plain(m, i)
	}
	a := answered(t, 210, truth{losses, func(m panel.Measure, i int) float64 {
		if m.Column == "lifetime_margin" {
			return 300 + float64(i%2)
		}
		return hole(m, i)
	}})
	e := a.Pauses[0]
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, e.Verdict)
	assert.InDelta(t, 300.5, e.Lifetime.Value, 1e-9, "of a number below 0 the change keeps its sign")
}

// Where there are no sign-ups there is nothing to lose, and no change in parts of it.
func TestNoSignups(t *testing.T) {
	none := func(m panel.Measure, i int) float64 {
		if m.Column == "signups" {
			return 0
		}
		return plain(m, i)
	}
	e := answered(t, 210, truth{none, func(m panel.Measure, _ int) float64 {
		return map[string]float64{"acquisition_cost": -400, "media_and_brand": -400, "lifetime_margin": 400}[m.Column]
	}}).Pauses[0]
	assert.True(t, e.Idle)
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, e.Verdict, "what is not spent is saved")
	assert.Zero(t, e.Lost.Value)
	for _, x := range []float64{e.InPause.Value, e.Depth.Value, e.NeverBack.Value, float64(e.By[0].Share),
		e.By[0].Relative.Value} {
		assert.True(t, math.IsNaN(x), "a part of nothing")
	}
	e = answered(t, 210, truth{none, func(m panel.Measure, _ int) float64 {
		if m.Column == "signups" {
			return 1
		}
		return 0
	}}).Pauses[0]
	assert.False(t, e.Idle, "there are some with the pause")
	assert.False(t, e.InPause.Known())
}

func TestRuinInAllRuns(t *testing.T) {
	a := answered(t, 210, truth{base: func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return plain(m, i)
	}})
	require.Len(t, a.Warnings, 1)
	ruin := a.Warnings[0].(decide.RuinSeen)
	assert.Equal(t, length, ruin.Weeks)
	assert.Equal(t, 1.0, ruin.With.Value)
	assert.Equal(t, 1.0, ruin.Without.Value)
	assert.Less(t, ruin.With.Low, 1.0, "a chance that 210 runs show has a margin")
	assert.Zero(t, a.Pauses[0].Ruin.Value)
}

func TestOneRunHasNoMarginOfError(t *testing.T) {
	a := answered(t, 1, truth{plain, hole})
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: Replications, Of: "pair",
		For: "for single weeks and channels", Part: "replications"}}, a.Warnings)
	e := a.Pauses[0]
	assert.InDelta(t, -900, e.Lifetime.Value, 1e-9)
	assert.Equal(t, decide.TooCloseToCall, e.Verdict.Kind)
	assert.NotEmpty(t, e.Verdict.Why, "how many runs a margin needs")
}

// The ask says which of its parts is wrong, and what would be right.
func TestProblemsOfAnAsk(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Ask)
		want   decide.Problem
	}{
		"what": {func(a *Ask) { a.What = []string{"brand", "radoi"} },
			decide.Problem{Part: "what", Value: "radoi", Wrong: "there is no such medium or channel with a budget",
				Near: "radio"}},
		"regions": {func(a *Ask) { a.Regions = []string{"citi"} },
			decide.Problem{Part: "regions", Value: "citi", Wrong: "there is no such region", Near: "city"}},
		"nothing spent": {func(a *Ask) { a.What = []string{"inbound"} }, decide.Problem{Part: "what", Value: "inbound",
			Wrong: "the brand drives it, and it has no spend that could be paused"}},
		"no weeks": {func(a *Ask) { a.Weeks = []int{2, 0} }, decide.Problem{Part: "weeks", Value: "2,0",
			Wrong: "whole numbers from 1 to 8 joined by commas are needed", Low: "1", High: "8"}},
		"from": {func(a *Ask) { a.From = a.Plan.Run.Start - 1 },
			decide.Problem{Part: "from", Value: "2012-12-31", Wrong: "the run is from 2013-01-01 to 2013-02-25",
				Low: "2013-01-01", High: "2013-02-25"}},
		"beyond end": {func(a *Ask) { a.Weeks = []int{1, 7} }, decide.Problem{Part: "weeks", Value: "7",
			Wrong: "the pause would end after the run", High: "6"}},
	} {
		a := ask(t)
		c.change(&a)
		_, err := a.Design()
		var got *decide.Problem
		require.True(t, errors.As(err, &got), "%s: %v", name, err)
		assert.Equal(t, c.want, *got, name)
		_, err = a.Answer(panel.NewPanel(analysis.Ties{}, nil))
		assert.Equal(t, c.want.Error(), err.Error(), name)
	}
	a := ask(t)
	_, err := a.Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.EqualError(t, err, "signups, week 1 of plan was not kept")
}

// A design says what is asked: the plan first, lengths from the shortest, each once; the
// plan that was given is left as it is.
func TestDesign(t *testing.T) {
	a := ask(t)
	a.Weeks, a.Regions = []int{3, 1, 3}, []string{"city"}
	before := scenarios.Digest(a.Plan)
	d, err := a.Design()
	require.NoError(t, err)
	assert.Equal(t, before, scenarios.Digest(a.Plan))
	var names []string
	for _, s := range d.Settings {
		names = append(names, s.Name)
	}
	assert.Equal(t, []string{"plan", "pause of 1 week", "pause of 3 weeks"}, names)
	assert.Equal(t, Replications, d.Replications)
	last := d.Settings[2].Plan.Changes
	assert.Equal(t, a.From+21, last[len(last)-1].Until)
}

// A pause that begins within a week ends within one, which is its last.
func TestLastWeekOfAPause(t *testing.T) {
	p := &plan.Plan{}
	p.Run.Start = plan.NewDate(2013, 1, 1)
	for _, x := range []struct{ day, weeks, last int }{{0, 1, 1}, {1, 1, 2}, {273, 3, 42}, {276, 3, 43}, {279, 3, 43}} {
		c := checked{Ask: Ask{Plan: p, From: p.Run.Start + plan.Date(x.day)}}
		require.Equal(t, x.last, c.last(x.weeks), "%v", x)
	}
}

// Nobody has to name lengths: of the usual ones those are asked that end within the run.
func TestPausesThatNobodyNamed(t *testing.T) {
	for weeks, want := range map[string][]int{"1": {1}, "8": {1, 2, 3}, "52": {1, 2, 3, 6}} {
		a := ask(t, "run.weeks="+weeks)
		a.Weeks, a.From = nil, 0
		c, err := a.check()
		require.NoError(t, err)
		assert.Equal(t, want, c.Weeks)
	}
}

// A company that is gone before the pause begins has nothing to pause, nor has one that spends nothing then.
func TestAPauseOfNothing(t *testing.T) {
	gone := func(m panel.Measure, i int) float64 {
		switch {
		case m.Column == "out_of_business":
			return 1
		case m.From >= 3:
			return 0
		}
		return plain(m, i)
	}
	e := answered(t, 60, truth{base: gone}).Pauses[0]
	assert.True(t, e.Gone)
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "the company is out of business before the pause begins"},
		e.Verdict)
	late := answered(t, 60, truth{base: func(m panel.Measure, i int) float64 {
		if m.Column == "revenue" && m.From == 3 && i == 59 {
			return 10
		}
		return gone(m, i)
	}}).Pauses[0]
	assert.False(t, late.Gone, "one run lasts into the pause")
	e = answered(t, 60, truth{base: plain}).Pauses[0]
	assert.True(t, e.Nothing)
	assert.False(t, e.Gone)
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "nothing is spent on what is paused"}, e.Verdict)
	assert.False(t, answered(t, 60, truth{plain, hole}).Pauses[0].Nothing)
}
