package value

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// The input that is not known, and where: half of its values lie below 0.15.
const (
	response  = "channels.paid-search.response"
	uncertain = response + `="0.1 to 0.2"`
)

func planOf(t *testing.T, name string, sets ...string) Plan {
	t.Helper()
	p, err := scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=8", uncertain}, sets...)...))
	require.NoError(t, err)
	return Plan{Setting: decide.Setting{Name: name, Plan: p}}
}

const doubled = "channels.*.weekly_budget*=2"

func ask(t *testing.T, metric string) Ask {
	t.Helper()
	a := Ask{A: planOf(t, "plan"), B: planOf(t, doubled, doubled), Metric: metric, Draws: 300, Seeds: 2}
	a.A.Base, a.B.Change = true, doubled
	return a
}

// answered is what a panel says in which plan B is better than A by of the probability of the
// input in a draw; both have the same chance.
func answered(t *testing.T, a Ask, base func(i int) float64, better func(draw int, u float64) float64) *Answer {
	t.Helper()
	c, err := a.check()
	require.NoError(t, err)
	inputs, at := c.joined()
	require.Len(t, inputs, 1)
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(d.Replications, func(l panel.Leaf, i int) float64 {
		x := base(i)
		if l.Setting == a.B.Name {
			x += better(i/c.Seeds, at[i/c.Seeds][0])
		}
		if l.Measure.Column == decide.Ruin && x != 1 {
			return 0
		}
		return x
	}))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

func plain(i int) float64 { return 1000 + float64(i%7) }

// B is better where the input lies above its median, by 100, and worse below, by 120: knowing
// it is worth half of 100, and changes the decision (A, as things are known) in half of cases.
func turns(_ int, u float64) float64 {
	if u > 0.5 {
		return 100
	}
	return -120
}

func TestAnInputThatTurnsTheDecision(t *testing.T) {
	got := answered(t, ask(t, "lifetime_margin"), plain, turns)
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, got.Verdict)
	require.Len(t, got.Inputs, 1)
	k := got.Inputs[0]
	assert.Equal(t, response, k.Input)
	assert.InDelta(t, 50, k.Value.Value, 8)
	assert.True(t, k.Value.Low < 50 && k.Value.High > 50, "%v", k.Value)
	assert.InDelta(t, 0.5, k.Changes.Value, 0.06)
	require.NotNil(t, k.Turns)
	assert.True(t, k.Turns.Above)
	assert.InDelta(t, 0.5, k.Turns.Chances[0], 0.05)
	assert.InDelta(t, k.Of.Dist.Quantile(k.Turns.Chances[0]), float64(k.Turns.At), 1e-12)
	assert.True(t, k.Turns.Low < k.Turns.At && k.Turns.At < k.Turns.High)
	one, other, by := got.Better()
	assert.Equal(t, []string{"plan", doubled}, []string{one, other})
	assert.InDelta(t, 10, by.Value, 15)
	assert.Nil(t, got.Rival)
	assert.False(t, got.Together)
	assert.Empty(t, got.Warnings)
	assert.Equal(t, []decide.Step{{Question: "compare", Changes: []string{doubled}, Metric: "lifetime_margin"},
		{Question: "sensitivity", Metric: "lifetime_margin"}}, got.Next)
}

// Of a cost less is better: the same numbers are worth the same the other way round.
func TestLessIsBetterOfACost(t *testing.T) {
	a := ask(t, "acquisition_cost")
	got := answered(t, a, plain, turns)
	require.Equal(t, "acquisition_cost", got.Column.Name)
	one, _, _ := got.Better()
	assert.Equal(t, doubled, one)
	require.NotNil(t, got.Inputs[0].Turns)
	assert.False(t, got.Inputs[0].Turns.Above)
}

func TestNothingDiffers(t *testing.T) {
	got := answered(t, ask(t, "won"), plain, func(int, float64) float64 { return 0 })
	assert.Equal(t, decide.Verdict{Kind: decide.No}, got.Verdict)
	assert.Zero(t, got.Difference.Value)
	assert.Zero(t, got.All.Value)
	assert.Zero(t, got.Changes.Value)
	assert.Nil(t, got.Inputs[0].Turns)
}

// Where one plan is better whatever the input is, there is nothing to measure: not of
// losses, nor of 0.
func TestOnePlanIsBetterThroughout(t *testing.T) {
	for name, base := range map[string]func(int) float64{"plain": plain, "zero": func(int) float64 { return 0 },
		"losses": func(i int) float64 { return -5000 - float64(i%3) }} {
		got := answered(t, ask(t, "cash_end"), base, func(_ int, u float64) float64 { return 20 + 5*u })
		assert.Equal(t, decide.No, got.Verdict.Kind, name)
		assert.Zero(t, got.All.Value, name)
		one, _, by := got.Better()
		assert.Equal(t, doubled, one, name)
		assert.InDelta(t, 22.5, by.Value, 0.5, name)
	}
}

func TestRuinInAllRuns(t *testing.T) {
	got := answered(t, ask(t, "P(out_of_business)"), func(int) float64 { return 1 },
		func(int, float64) float64 { return 0 })
	assert.Equal(t, decide.No, got.Verdict.Kind)
	assert.Zero(t, got.Difference.Value)
}

func TestEverythingIsMissing(t *testing.T) {
	got := answered(t, ask(t, "won"), func(int) float64 { return math.NaN() }, turns)
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "won has no value with both plans in the same draw"},
		got.Verdict)
	assert.Equal(t, 300, got.Missing)
	assert.Equal(t, []decide.Warning{decide.LeftOut{What: "won", Has: 300, Of: 300}}, got.Warnings)
	assert.Empty(t, got.Inputs)
}

// Draws without a value are left out, and the inputs of the others stay with their numbers.
func TestSomeDrawsAreMissing(t *testing.T) {
	got := answered(t, ask(t, "won"), plain, func(draw int, u float64) float64 {
		if draw%3 == 0 {
			return math.NaN()
		}
		return turns(draw, u)
	})
	assert.Equal(t, 100, got.Missing)
	assert.InDelta(t, 50, got.Inputs[0].Value.Value, 10)
	assert.InDelta(t, 0.5, got.Inputs[0].Turns.Chances[0], 0.07)
}

// A panel of one run has a difference without an error, and nothing to learn from.
func TestOneRun(t *testing.T) {
	a := ask(t, "won")
	a.Seeds = 1
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(1, func(l panel.Leaf, _ int) float64 {
		switch {
		case l.Measure.Column == decide.Ruin:
			return 0
		case l.Setting == "plan":
			return 10
		}
		return 12
	}))
	require.NoError(t, err)
	assert.Equal(t, 2.0, got.Difference.Value)
	assert.Equal(t, decide.No, got.Verdict.Kind)
	assert.False(t, got.All.Known())
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: Draws, Of: "draw", For: "to learn from",
		Part: "draws"}}, got.Warnings)
	_, err = json.Marshal(got)
	require.NoError(t, err)
}

// Of two inputs of which each plan has one, both are known to the answer, and each draw is
// that of its plan.
func TestInputsOfBothPlans(t *testing.T) {
	load := func(name string, sets ...string) Plan {
		p, err := scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=8"}, sets...)...))
		require.NoError(t, err)
		return Plan{Setting: decide.Setting{Name: name, Plan: p}}
	}
	a := Ask{A: load("one", uncertain), B: load("two", uncertain, `channels.facebook.response="0.1 to 0.2"`), Metric: "won",
		Draws: 100, Seeds: 1}
	c, err := a.check()
	require.NoError(t, err)
	inputs, at := c.joined()
	require.Len(t, inputs, 2)
	assert.Equal(t, []string{response, "channels.facebook.response"}, []string{inputs[0].Name, inputs[1].Name})
	require.Len(t, at, 100)
	for _, row := range at {
		require.Len(t, row, 2)
	}
	got, err := a.Answer(mustPanel(t, a, func(draw int) float64 {
		if at[draw][1] > 0.5 {
			return 50
		}
		return -50
	}))
	require.NoError(t, err)
	assert.Equal(t, "channels.facebook.response", got.Inputs[0].Input)
	assert.Equal(t, []decide.Step{{Question: "compare", All: true, Metric: "won"}, {Question: "sensitivity", Metric: "won"}},
		got.Next)
}

func mustPanel(t *testing.T, a Ask, better func(draw int) float64) *panel.Panel {
	t.Helper()
	d, err := a.Design()
	require.NoError(t, err)
	return d.Panel(d.Replications, func(l panel.Leaf, i int) float64 {
		if l.Setting == a.B.Name {
			return 500 + better(i)
		}
		return 500
	})
}

// The ask says which of its parts is wrong, and what would be right.
func TestProblemsOfAnAsk(t *testing.T) {
	for want, change := range map[string]func(*Ask){
		"decide plan plan: these are the same plan":                                                                  func(a *Ask) { a.B.Name = "plan" },
		"draws 99: 100 at least, to learn from some and judge on others":                                             func(a *Ask) { a.Draws = 99 },
		"metric cac: a ratio of totals has no value of its own; take an amount, such as lifetime_margin or cash_end": func(a *Ask) { a.Metric = "cac" },
		"metric p5(cash_end): a percentile is of many runs, and knowledge is of one; take cash_end, or a chance such as " +
			"P(cash_end < ...)": func(a *Ask) { a.Metric = "p5(cash_end)" },
	} {
		a := ask(t, "won")
		change(&a)
		_, err := a.Design()
		var problem *decide.Problem
		require.True(t, errors.As(err, &problem), "%v", err)
		assert.EqualError(t, err, want)
		_, err = a.Answer(panel.NewPanel(analysis.Ties{}, nil))
		assert.EqualError(t, err, want)
	}
	a := ask(t, "wonn")
	_, err := a.Design()
	var problem *decide.Problem
	require.True(t, errors.As(err, &problem))
	assert.Error(t, problem.Err)
	a = ask(t, "won")
	_, err = a.Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.EqualError(t, err, "won of plan was not kept")
	for _, p := range []*Plan{&a.A, &a.B} {
		if p.Plan, err = scenarios.Load("town", scenarios.Set("run.weeks=8")); err != nil {
			t.Fatal(err)
		}
	}
	_, err = a.Design()
	assert.Equal(t, &decide.CertainError{Plan: "town"}, err)
	a = ask(t, "won")
	a.B = planOf(t, "longer", "run.weeks=9")
	_, err = a.Design()
	var market *decide.IncomparableError
	assert.True(t, errors.As(err, &market), "%v", err)
}

func TestPlansOfOtherOpenings(t *testing.T) {
	a := ask(t, "won")
	a.A, a.B = planOf(t, "plan", `opening.plan="self"`), planOf(t, "wide", `opening.plan="self"`, response+`="0.1 to 0.9"`)
	_, err := a.Design()
	var opening *decide.OpeningError
	require.True(t, errors.As(err, &opening), "%v", err)
	a.OtherOpening = true
	_, err = a.Design()
	require.NoError(t, err)
	told, err := a.Openings()
	require.NoError(t, err)
	assert.Len(t, told, 1)
}

// A design says what is asked: both plans, each draw under some seeds.
func TestDesign(t *testing.T) {
	a := ask(t, "won")
	a.Draws, a.Seeds = 0, 0
	d, err := a.Design()
	require.NoError(t, err)
	assert.Equal(t, Draws*Seeds, d.Replications)
	assert.Equal(t, Seeds, d.SeedsPerDraw)
	assert.Equal(t, []decide.Setting{a.A.Setting, a.B.Setting}, d.Settings)
}

// Draws are run until it is known whether anything is worth measuring, if nobody says how many.
func TestDrawsAreRunUntilItIsKnown(t *testing.T) {
	rounds := func(better func(draw int, u float64) float64) int {
		a := ask(t, "lifetime_margin")
		a.Draws = 0
		c, err := a.check()
		require.NoError(t, err)
		_, at := c.joined()
		d, err := a.Design()
		require.NoError(t, err)
		require.NotNil(t, d.Rounds)
		s := decide.NewInRounds(d)
		var panels []*panel.Panel
		for {
			round, err := s.Next(panels)
			require.NoError(t, err)
			if len(round) == 0 {
				return s.Panel().Replications / a.Seeds
			}
			panels = []*panel.Panel{round[0].Panel(round[0].Replications, func(l panel.Leaf, i int) float64 {
				if l.Setting == a.B.Name {
					return plain(i) + better(i/a.Seeds, at[i/a.Seeds][0])
				}
				return plain(i)
			})}
		}
	}
	assert.Equal(t, Round, rounds(turns), "it turns the decision")
	assert.Equal(t, Round, rounds(func(_ int, u float64) float64 { return 20 + 5*u }), "one is better throughout")
	assert.Equal(t, Draws, rounds(func(draw int, u float64) float64 { return 100 * math.Sin(float64(37*draw)) }),
		"none is seen to be better")
	d, err := ask(t, "lifetime_margin").Design()
	require.NoError(t, err)
	assert.Nil(t, d.Rounds)
	assert.Equal(t, 600, d.Replications)
}

// That the company fails is known of whatever decides, of both plans.
func TestRuinIsKnownBesideTheMetric(t *testing.T) {
	same := func(int, float64) float64 { return 0 }
	got := answered(t, ask(t, "cash_end"), func(i int) float64 { return float64(i % 2) }, same)
	assert.False(t, got.Fails)
	require.Len(t, got.Warnings, 1)
	seen := got.Warnings[0].(decide.RuinSeen)
	assert.Equal(t, []string{doubled, "plan"}, []string{seen.Plan, seen.Base})
	assert.Equal(t, []float64{0.5, 0.5}, []float64{seen.With.Value, seen.Without.Value})
	assert.True(t, answered(t, ask(t, "cash_end"), func(int) float64 { return 1 }, same).Fails)
	assert.Empty(t, answered(t, ask(t, "P(out_of_business)"), func(i int) float64 { return float64(i % 2) }, same).Warnings)
}
