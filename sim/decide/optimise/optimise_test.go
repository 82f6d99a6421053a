package optimise

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Two budgets of metro are levers in what follows.
const (
	search1, search2 = "channels.paid-search.weekly_budget", "channels.facebook.weekly_budget"
)

func ask(t *testing.T, metric string) Ask {
	t.Helper()
	plan, err := scenarios.Load("metro", scenarios.Set("run.weeks=20"))
	require.NoError(t, err)
	return Ask{Plan: plan, Metric: metric, Levers: []string{search1, search2}, Evaluations: 30, Replications: 12,
		HoldOut: 240}
}

// truth gives the number of a plan in a run, whose levers are at x.
type truth func(x []float64, column string, i int) float64

// seen is what was run on the way.
type seen struct {
	parts  []decide.Part
	rounds int
}

func (s *seen) named(prefix string) (n int) {
	for _, p := range s.parts {
		if strings.HasPrefix(p.Name, prefix) {
			n++
		}
	}
	return n
}

// answered follows a course with panels of a known truth. runs, if it is not 0, is how many runs the panels have in
// place of those that were asked for.
func answered(t *testing.T, a Ask, runs int, is truth) (*Answer, *seen) {
	t.Helper()
	answer, s, err := followed(t, a, runs, is)
	require.NoError(t, err)
	_, err = json.Marshal(answer)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return answer, s
}

func followed(t *testing.T, a Ask, runs int, is truth) (*Answer, *seen, error) {
	t.Helper()
	c, err := a.Course()
	require.NoError(t, err)
	defer c.Stop()
	s := &seen{}
	var panels []*panel.Panel
	for {
		round, err := c.Next(panels)
		if err != nil || len(round) == 0 {
			return c.Answer(), s, err
		}
		s.rounds++
		panels = nil
		for _, part := range round {
			s.parts = append(s.parts, part)
			at := map[string][]float64{}
			for _, setting := range part.Settings {
				at[setting.Name] = multiples(t, c, setting)
			}
			n := part.Replications
			if runs > 0 {
				n = runs
			}
			panels = append(panels, part.Panel(n, func(l panel.Leaf, i int) float64 {
				return is(at[l.Setting], l.Measure.Column, i)
			}))
		}
	}
}

// multiples are the levers of a plan, read from its changes.
func multiples(t *testing.T, c *Course, s decide.Setting) []float64 {
	x := c.set.Plain()
	for _, change := range s.Plan.Changes {
		for _, e := range change.Effects {
			for i, l := range c.set.Levers {
				if l.Name == e.Key && strings.HasPrefix(change.Name, "optimised") {
					x[i] = e.Value
				}
			}
		}
	}
	return x
}

// hill is a number whose best is at 2 of the first lever and 0.5 of the second, on chance that all plans share; nobody
// is ruined.
func hill(level, height float64) truth {
	return func(x []float64, column string, i int) float64 {
		if column == ruinColumn {
			return 0
		}
		d, e := x[0]-2, x[1]-0.5
		return level + float64(i%5) - height*(d*d+e*e)
	}
}

func TestABestPlanOfKnownPlaceIsFound(t *testing.T) {
	a := ask(t, "won")
	a.Budget = 1e7 // more than all levers at their bounds
	got, s := answered(t, a, 0, hill(1000, 80))
	assert.True(t, got.Offered)
	assert.True(t, got.Scaled)
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, got.Verdict)
	assert.InDelta(t, 2, got.Multiples[0], 0.1)
	assert.InDelta(t, 0.5, got.Multiples[1], 0.1)
	assert.InDelta(t, 80*1.25, got.Gain.Value, 2, "the plan as it is lies 1 and 0.5 away")
	assert.InDelta(t, 80*(1+2.5*2.5), got.Over.Value, 2, "at the budget all levers are at 3")
	assert.InDelta(t, got.Over.Value/got.Rival.Value, got.Relative, 1e-12)
	assert.Equal(t, []decide.Step{{Question: "compare"}}, got.Next)
	assert.Equal(t, [3]uint64{uint64(a.Plan.Run.Seed), uint64(a.Plan.Run.Seed) + 1, uint64(a.Plan.Run.Seed) + 2}, got.Seeds)
	require.NotNil(t, got.Common)
	assert.LessOrEqual(t, got.Evaluations, 30)

	assert.Equal(t, 1, s.named("choice"))
	assert.Equal(t, 1, s.named("hold-out"))
	assert.Equal(t, 1, s.named("levers"))
	assert.Zero(t, s.named("frontier"), "nobody is ruined")
	assert.Less(t, s.rounds, len(s.parts), "plans of a generation wait for none of each other")
	for _, p := range s.parts {
		assert.Equal(t, strings.HasPrefix(p.Name, "search"), p.Seed == got.Seeds[0], "%s: seeds of the stages", p.Name)
	}
}

// The budget binds: what is gained is gained by moving money.
func TestABudgetIsKept(t *testing.T) {
	got, _ := answered(t, ask(t, "won"), 0, hill(1000, 80))
	assert.False(t, got.Scaled)
	assert.LessOrEqual(t, got.Spend, got.Budget+0.005)
	assert.Equal(t, got.PlanSpend, got.Budget)
	assert.Equal(t, decide.Yes, got.Verdict.Kind)
	assert.Equal(t, got.Gain, got.Over)
}

func TestNothingMoves(t *testing.T) {
	got, _ := answered(t, ask(t, "won"), 0, hill(1000, 0))
	assert.Equal(t, decide.Verdict{Kind: decide.No, Why: "it is the best of them"}, got.Verdict)
	assert.True(t, got.Unchanged)
	assert.Zero(t, got.Gain.Value)
	require.NotNil(t, got.Common)
	assert.Zero(t, got.Common.Value)
	for _, l := range got.Levers {
		assert.Zero(t, l.Marginal.Dollar.Value)
		assert.Empty(t, l.Marginal.Reason)
	}
}

// Of all losses the least is the best, and there is no share of a loss.
func TestAllRunsLose(t *testing.T) {
	a := ask(t, "cash_end")
	a.Budget = 1e7
	got, _ := answered(t, a, 0, hill(-1e6, 80))
	assert.Equal(t, decide.Yes, got.Verdict.Kind)
	assert.InDelta(t, 80*(1+2.5*2.5), got.Over.Value, 2)
	assert.True(t, math.IsNaN(got.Relative))
	zero, _ := answered(t, a, 0, func(x []float64, column string, _ int) float64 { return 0 })
	assert.True(t, math.IsNaN(zero.Relative), "a share of nothing")
	assert.NotEqual(t, decide.Yes, zero.Verdict.Kind)
}

// Of a cost the lowest is the best.
func TestACostIsMadeLow(t *testing.T) {
	a := ask(t, "acquisition_cost")
	a.Budget = 1e7
	got, _ := answered(t, a, 0, hill(1000, -80))
	assert.True(t, got.Less)
	assert.Equal(t, decide.Yes, got.Verdict.Kind)
	assert.InDelta(t, 2, got.Multiples[0], 0.1)
	assert.Negative(t, got.Over.Value)
	assert.Negative(t, float64(got.Seen))
}

func TestRuinInAllRuns(t *testing.T) {
	a := ask(t, "won")
	a.SubjectTo = []string{"P(out_of_business) <= 5%"}
	ruined := func(x []float64, column string, i int) float64 {
		if column == ruinColumn {
			return 1
		}
		return hill(1000, 80)(x, column, i)
	}
	got, s := answered(t, a, 0, ruined)
	assert.False(t, got.Offered)
	assert.Equal(t, decide.Verdict{Kind: decide.No, Why: "none was found that keeps P(out_of_business) <= 5%"}, got.Verdict)
	assert.Equal(t, []string{"P(out_of_business) <= 5%"}, got.Broken())
	assert.Equal(t, []decide.Step{{Question: "respond"}}, got.Next)
	assert.Equal(t, 240/frontierPart, got.FrontierReplications, "some plan goes out of business")
	assert.Equal(t, 1, s.named("frontier"))
	require.NotEmpty(t, got.Frontier)
	assert.Equal(t, 1.0, got.Frontier[0].Ruin.Value)
	a.SubjectTo = nil
	got, _ = answered(t, a, 0, ruined)
	assert.True(t, got.Offered)
}

// Plans that no other beats in both: the more of the first lever the more is won and the more often it ends.
func TestTheFrontierIsOfPlansThatNoOtherBeats(t *testing.T) {
	a := ask(t, "won")
	a.Budget, a.Frontier = 1e7, true
	got, _ := answered(t, a, 0, func(x []float64, column string, i int) float64 {
		if column == ruinColumn {
			if float64(i%12) < 4*x[0] {
				return 1
			}
			return 0
		}
		return 100*x[0] + float64(i%5)
	})
	assert.Equal(t, 240, got.FrontierReplications)
	require.Greater(t, len(got.Frontier), 1)
	for i, f := range got.Frontier[1:] {
		assert.Less(t, f.Value.Value, got.Frontier[i].Value.Value)
		assert.LessOrEqual(t, f.Ruin.Value, got.Frontier[i].Ruin.Value)
	}
	assert.InDelta(t, 102, got.Plain.Value.Value, 1e-9)
}

func TestEverythingIsMissing(t *testing.T) {
	_, _, err := followed(t, ask(t, "cac"), 0, func([]float64, string, int) float64 { return math.NaN() })
	assert.Equal(t, decide.Wrong("maximise", "cac", "it is known for no plan that was tried"), err)
}

// The plan as it is has no number, and what was found has: of an outcome that is never reached that is better.
func TestAPlanThatNeverPaysBack(t *testing.T) {
	got, _ := answered(t, ask(t, "payback_months"), 0, func(x []float64, column string, i int) float64 {
		switch {
		case column == ruinColumn:
			return 0
		case column == "first_margin" && x[0] >= 0.99:
			return -5
		}
		return 100 + float64(i%5)
	})
	require.True(t, got.Plan.Never(), "%+v", got.Plan)
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, got.Verdict)
	assert.True(t, math.IsNaN(got.Relative))
}

func TestOneRunHasNoMarginOfError(t *testing.T) {
	a := ask(t, "won")
	a.Budget = 1e7
	got, _ := answered(t, a, 1, hill(1000, 80))
	assert.Equal(t, decide.TooCloseToCall, got.Verdict.Kind)
	a.HoldOut, a.Evaluations = 100, 15
	got, _ = answered(t, a, 0, hill(1000, 80))
	assert.Equal(t, []decide.Warning{
		decide.FewRuns{Has: 100, Enough: HoldOut, Of: "run", For: "to judge a plan by", Part: "hold-out"},
		decide.FewRuns{Has: 15, Enough: Evaluations, Of: "evaluation", Part: "evaluations"}}, got.Warnings)
}

// In the worst replications alone another plan is the best.
func TestRiskCountsTheWorstAlone(t *testing.T) {
	a := ask(t, "won")
	a.Budget, a.Risk = 1e7, "cvar:20%"
	got, _ := answered(t, a, 0, func(x []float64, column string, i int) float64 {
		switch {
		case column == ruinColumn:
			return 0
		case i%10 == 0: // chance that the first lever makes worse
			return 500 - 100*x[0]
		}
		return 1000 + 500*x[0]
	})
	assert.Equal(t, "won in the worst 20% of runs", got.Metric)
	worst := 0.5 * ((500 - 100*got.Multiples[0]) + (1000 + 500*got.Multiples[0]))
	assert.InDelta(t, worst, got.Best.Value, 1e-6)
}

// A course is the same whoever follows it, and rests on the panels that it asked for.
func TestACourseTakesItsOwnPanels(t *testing.T) {
	one, s := answered(t, ask(t, "won"), 0, hill(1000, 80))
	again, s2 := answered(t, ask(t, "won"), 0, hill(1000, 80))
	first, err := json.Marshal(one)
	require.NoError(t, err)
	second, err := json.Marshal(again)
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))
	assert.Equal(t, s.rounds, s2.rounds)

	begin := func() *Course {
		c, err := ask(t, "won").Course()
		require.NoError(t, err)
		_, err = c.Next(nil)
		require.NoError(t, err)
		return c
	}
	_, err = begin().Next(nil)
	assert.ErrorContains(t, err, "0 panels were given for 1 designs")
	_, err = begin().Next([]*panel.Panel{panel.NewPanel(analysis.Ties{}, nil)})
	assert.ErrorContains(t, err, "was not kept")
	stopped := begin()
	stopped.Stop()
	_, err = stopped.Next(nil)
	assert.ErrorIs(t, err, errStopped)
	assert.Nil(t, stopped.Answer())
}

func TestProblemsOfAnAsk(t *testing.T) {
	for _, c := range []struct {
		part, says string
		change     func(*Ask)
	}{
		{"maximise", "did you mean", func(a *Ask) { a.Metric = "wom" }},
		{"subject-to", "", func(a *Ask) { a.SubjectTo = []string{"P(won<"} }},
		{"risk", "cvar:5% is needed", func(a *Ask) { a.Risk = "cvar" }},
		{"levers", "did you mean media?", func(a *Ask) { a.Levers = []string{"medai"} }},
		{"bounds", "the lower one comes first", func(a *Ask) { a.Bounds = []string{search1 + "=3..1"} }},
		{"by-quarter", "no lever spends", func(a *Ask) { a.Levers, a.ByQuarter = []string{"products.*.price"}, true }},
		{"hold-out", "two replications", func(a *Ask) { a.HoldOut = 1 }},
	} {
		a := ask(t, "won")
		c.change(&a)
		_, err := a.Course()
		var problem *decide.Problem
		require.True(t, errors.As(err, &problem), "%s: %v", c.part, err)
		assert.Equal(t, c.part, problem.Part)
		assert.ErrorContains(t, err, c.says)
	}
	a := ask(t, "won")
	a.Budget, a.Bounds = 1000, []string{search1 + "=1..3"}
	_, err := a.Course()
	var budget *BudgetError
	require.True(t, errors.As(err, &budget))
	assert.Equal(t, 1000.0, budget.Budget)
	assert.Greater(t, budget.Least, 1000.0)
	assert.Equal(t, "USD", budget.Currency)
}

// The hold-out goes on until the gain is known, where nobody says how long it is.
func TestTheHoldOutEndsWhereTheGainIsKnown(t *testing.T) {
	a := ask(t, "won")
	a.HoldOut = 0
	clear, s := answered(t, a, 0, hill(1000, 80))
	assert.Equal(t, Round, clear.HoldOut)
	assert.Equal(t, Round, clear.Gain.N)
	assert.Equal(t, FewMarginal, clear.MarginalReplications)
	assert.Equal(t, 1, s.named("hold-out"))
	assert.Equal(t, decide.Yes, clear.Verdict.Kind)
	unchanged, _ := answered(t, a, 0, hill(1000, 0))
	assert.True(t, unchanged.Unchanged)
	assert.Equal(t, Round, unchanged.HoldOut, "there is nothing to tell apart")

	close := func(x []float64, column string, i int) float64 {
		if column == ruinColumn {
			return 0
		}
		return 1000 + math.Sin(float64(97*i))*400*(x[0]-1)
	}
	got, s := answered(t, a, 0, close)
	assert.Equal(t, HoldOut, got.HoldOut)
	assert.Equal(t, HoldOut/Round, s.named("hold-out"))
	assert.Equal(t, HoldOut, got.Gain.N)

	a.SubjectTo = []string{"P(out_of_business) <= 5%"}
	kept, _ := answered(t, a, 0, hill(1000, 80))
	assert.Equal(t, HoldOut, kept.HoldOut, "a constraint is judged on all of it")
	assert.Equal(t, HoldOut/marginalParts, kept.MarginalReplications)
	a.SubjectTo, a.Frontier = nil, true
	kept, _ = answered(t, a, 0, hill(1000, 80))
	assert.Equal(t, HoldOut, kept.HoldOut)
	assert.Equal(t, HoldOut, kept.FrontierReplications)
	a.Frontier, a.HoldOut = false, HoldOut
	kept, _ = answered(t, a, 0, hill(1000, 80))
	assert.Equal(t, HoldOut, kept.HoldOut, "so it was asked")
}
