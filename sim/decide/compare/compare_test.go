package compare

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

func planOf(t *testing.T, name string, sets ...string) Plan {
	t.Helper()
	p, err := scenarios.Load("metro", scenarios.Set(append([]string{"run.weeks=6"}, sets...)...))
	require.NoError(t, err)
	return Plan{Setting: decide.Setting{Name: name, Plan: p}, Changes: sets}
}

func ask(t *testing.T, metric string) Ask {
	return Ask{Plans: []Plan{planOf(t, "plan"), planOf(t, "half", "channels.*.weekly_budget*=0.5")}, Metric: metric}
}

// answered is what a panel says in which numbers of the plan are base and those of the
// other plan differ by change.
func answered(t *testing.T, metric string, replications int, base,
	change func(m panel.Measure, i int) float64) *Answer {
	t.Helper()
	a := ask(t, metric)
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(replications, func(l panel.Leaf, i int) float64 {
		if l.Setting == "half" {
			return base(l.Measure, i) + change(l.Measure, i)
		}
		return base(l.Measure, i)
	}))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

func plain(m panel.Measure, i int) float64 {
	if m.Column == "out_of_business" {
		return 0
	}
	return 1000 + float64(i%7)
}

func nothing(panel.Measure, int) float64 { return 0 }

// more is about 50 in all that can grow, and differs by run.
func more(m panel.Measure, i int) float64 {
	if m.Column == "out_of_business" {
		return 0
	}
	return 49 + float64(i%3)
}

func outcome(t *testing.T, a *Answer, name string) Outcome {
	t.Helper()
	for _, o := range a.Against[0].Outcomes {
		if o.Name == name {
			return o
		}
	}
	t.Fatal(name)
	return Outcome{}
}

func TestADifferenceOfKnownSize(t *testing.T) {
	a := answered(t, "lifetime_margin", 210, plain, more)
	x := a.Against[0]
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, x.Verdict)
	assert.InDelta(t, 50, x.Metric.Difference.Value, 1e-9)
	assert.InDelta(t, 50/1003.0, x.Metric.Relative.Value, 1e-9)
	assert.Equal(t, 1.0, x.Metric.PBetter.Value, "in each pair")
	won := outcome(t, a, "won")
	assert.InDelta(t, 50, won.Difference.Value, 1e-9)
	assert.Greater(t, *won.Reduction, 1.0, "what both plans share cancels")
	assert.Empty(t, a.Warnings)
	assert.Equal(t, []decide.Step{{Question: "run", Changes: []string{"channels.*.weekly_budget*=0.5"}},
		{Question: "respond"}}, a.Next)
	require.NotNil(t, a.Tradeoff)
	assert.Equal(t, "cash_trough", a.Tradeoff.Y.Name, "no run is ruined")
	assert.InDelta(t, 1053, a.Tradeoff.Points[1][1].Value, 1e-9)
}

// Of a cost the lower is the better.
func TestLessIsBetterOfACost(t *testing.T) {
	assert.Equal(t, decide.No, answered(t, "acquisition_cost", 30, plain, more).Against[0].Verdict.Kind)
	assert.Equal(t, decide.Yes, answered(t, "p95(acquisition_cost)", 210, plain,
		func(m panel.Measure, i int) float64 { return -more(m, i) }).Against[0].Verdict.Kind)
}

func TestNothingDiffers(t *testing.T) {
	a := answered(t, "won", 30, plain, nothing)
	x := a.Against[0]
	assert.Equal(t, decide.TooCloseToCall, x.Verdict.Kind)
	assert.True(t, x.Metric.Identical)
	assert.False(t, x.Same, "other budgets are another plan")
	for _, o := range x.Outcomes {
		assert.True(t, o.Identical, o.Name)
		assert.Nil(t, o.Reduction, o.Name)
	}
	same := Ask{Plans: []Plan{planOf(t, "plan"), planOf(t, "again")}, Metric: "won"}
	d, err := same.Design()
	require.NoError(t, err)
	got, err := same.Answer(d.Panel(5, func(l panel.Leaf, i int) float64 { return plain(l.Measure, i) }))
	require.NoError(t, err)
	assert.True(t, got.Against[0].Same)
}

func TestEverythingIsMissing(t *testing.T) {
	a := answered(t, "cac", 30, func(panel.Measure, int) float64 { return math.NaN() }, nothing)
	assert.Equal(t, decide.NotApplicable, a.Against[0].Verdict.Kind)
	assert.False(t, a.Against[0].Metric.Difference.Known())
	assert.Zero(t, a.Against[0].Would)
}

// Customers who bring less than they cost to serve never pay back: the plan whose customers do is better,
// though there is no difference.
func TestAPaybackBeyondAllNumbers(t *testing.T) {
	noMargin := func(m panel.Measure, i int) float64 {
		if m.Column == "first_margin" {
			return -5
		}
		return plain(m, i)
	}
	a := answered(t, "payback_months", 30, noMargin, more)
	x := a.Against[0]
	require.True(t, x.Metric.A.Never(), "%+v", x.Metric.A)
	assert.True(t, x.Metric.B.Known())
	assert.False(t, x.Metric.Difference.Known())
	assert.Equal(t, decide.Yes, x.Verdict.Kind)
	assert.NotEmpty(t, outcome(t, a, "payback_months").Difference.Reason)
}

// Of a base at or below 0 there is no relative change, and the verdict stands all the
// same.
func TestAllRunsLose(t *testing.T) {
	for _, level := range []float64{-1000, 0} {
		a := answered(t, "lifetime_margin", 30, func(m panel.Measure, i int) float64 {
			if m.Column == "out_of_business" {
				return 0
			}
			return level
		}, more)
		x := a.Against[0]
		assert.Equal(t, decide.Yes, x.Verdict.Kind, "%v", level)
		assert.InDelta(t, 50, x.Metric.Difference.Value, 1e-9)
		assert.False(t, x.Metric.Relative.Known())
		assert.Zero(t, x.Would)
	}
}

func TestRuinInAllRuns(t *testing.T) {
	a := answered(t, "won", 210, func(m panel.Measure, i int) float64 {
		if m.Column == "out_of_business" {
			return 1
		}
		return plain(m, i)
	}, nothing)
	require.Len(t, a.Warnings, 1)
	ruin := a.Warnings[0].(decide.RuinSeen)
	assert.Equal(t, "half", ruin.Plan)
	assert.Equal(t, "plan", ruin.Base)
	assert.Equal(t, 1.0, ruin.With.Value)
	assert.Equal(t, "out_of_business", a.Tradeoff.Y.Name)
}

func TestOneRunHasNoMarginOfError(t *testing.T) {
	a := answered(t, "won", 1, plain, more)
	assert.Equal(t, decide.TooCloseToCall, a.Against[0].Verdict.Kind)
	assert.NotEmpty(t, a.Against[0].Verdict.Why)
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: decide.FewPairs, Of: "pair",
		For: "for quantiles and dominance", Part: "replications"}}, a.Warnings)
}

// The lifetime margin of customers won and what the business is worth may go apart.
func TestTheBusinessMaySayOtherwise(t *testing.T) {
	a := answered(t, "lifetime_margin", 210, plain, func(m panel.Measure, i int) float64 {
		if m.Column == panel.BusinessValue {
			return -30 - float64(i%2)
		}
		return more(m, i)
	})
	require.Len(t, a.Warnings, 1)
	w := a.Warnings[0].(decide.SaysOtherwise)
	assert.Equal(t, panel.BusinessValue, w.Metric)
	assert.Less(t, w.Difference.High, 0.0)
}

// With uncertain inputs what is run is draws, each under some seeds.
func TestUncertainInputsAreDrawn(t *testing.T) {
	a := Ask{Plans: []Plan{planOf(t, "plan", `customers.weibull_shape="0.7 to 0.95"`),
		planOf(t, "other", `customers.weibull_shape="0.7 to 0.95"`, "channels.*.weekly_budget*=0.5")}, Metric: "won"}
	d, err := a.Design()
	require.NoError(t, err)
	assert.Equal(t, Draws*Seeds, d.Replications)
	assert.Equal(t, Seeds, d.SeedsPerDraw)
	got, err := a.Answer(d.Panel(d.Replications, func(l panel.Leaf, i int) float64 {
		if l.Setting == "plan" {
			return plain(l.Measure, i)
		}
		return plain(l.Measure, i) + 10*float64(i/Seeds%2) - 3 + float64(i%2) // better in half of the draws
	}))
	require.NoError(t, err)
	require.NotNil(t, got.Against[0].Nested)
	assert.InDelta(t, 0.5, got.Against[0].Nested.Positive.Value, 1e-9)
	a.Pairs = 20
	_, err = a.Design()
	assert.Equal(t, &SizeError{Uncertain: true}, err)
	a.Pairs, a.Seeds = 0, 1
	_, err = a.Design()
	assert.EqualError(t, err, "seeds-per-draw 1: two at least, to tell inputs from random variation")
}

func TestProblemsOfAnAsk(t *testing.T) {
	a := ask(t, "wom")
	_, err := a.Design()
	var problem *decide.Problem
	require.True(t, errors.As(err, &problem))
	assert.Equal(t, "metric", problem.Part)
	assert.Contains(t, problem.Error(), "won")
	a = ask(t, "won")
	a.Seeds = 3
	_, err = a.Design()
	assert.Equal(t, &SizeError{}, err)
	a = ask(t, "won")
	a.Plans[1] = planOf(t, "shorter", "run.weeks=5")
	_, err = a.Design()
	assert.Equal(t, &decide.IncomparableError{A: "plan", B: "shorter", Key: "run.weeks", ValueA: "6", ValueB: "5"}, err)
	a.Plans[1] = planOf(t, "other", `economy.start_regime="recession"`)
	_, err = a.Design()
	var opening *decide.OpeningError
	require.True(t, errors.As(err, &opening), "%v", err)
	a.OtherOpening = true
	_, err = a.Design()
	require.NoError(t, err)
	openings, err := a.Openings()
	require.NoError(t, err)
	assert.Equal(t, []*decide.OpeningError{opening}, openings)
	_, err = a.Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.ErrorContains(t, err, "was not kept")
}
