package discover

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// ask is about a plan with two uncertain inputs: churn's shape, and the opening cash.
func ask(t *testing.T) Ask {
	t.Helper()
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks=4", "customers.weibull_shape=0.7 to 0.95",
		"finance.opening_cash=1e4 to 1e6"))
	require.NoError(t, err)
	return Ask{Plan: plan, When: "cash_end < 0", Metric: "won"}
}

// truth is a number of a replication with its inputs, which are probabilities by name.
type truth func(column string, at map[string]float64, i int) float64

// answered is what a panel with a known truth says.
func answered(t *testing.T, a Ask, replications int, is truth) *Answer {
	t.Helper()
	d, err := a.Design()
	require.NoError(t, err)
	prepared, err := model.Prepare(a.Plan)
	require.NoError(t, err)
	draws := prepared.Plan().InputDraws(d.Seed, replications)
	got, err := a.Answer(d.Panel(replications, func(l panel.Leaf, i int) float64 {
		at := map[string]float64{}
		for k, in := range prepared.Plan().UncertainInputs() {
			at[in.Name] = draws[i][k]
		}
		return is(l.Measure.Column, at, i)
	}))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

const cash = "finance.opening_cash"

// broke fails where opening cash lies below its 30%, and else in 1 of 50 runs.
func broke(_ string, at map[string]float64, i int) float64 {
	if at[cash] < 0.3 || i%50 == 0 {
		return -1000
	}
	return 1000 + float64(i%7)
}

func TestABoxOfKnownPlace(t *testing.T) {
	a := answered(t, ask(t), 2000, broke)
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, a.Verdict)
	require.NotNil(t, a.Box)
	require.Len(t, a.Box.Conditions, 1, "shape does nothing")
	side := a.Box.Conditions[0]
	assert.Equal(t, cash, side.Name)
	assert.Nil(t, side.Low)
	require.NotNil(t, side.High)
	assert.InDelta(t, 0.3, side.To, 0.02)
	assert.Zero(t, side.From)
	assert.Equal(t, side.Input.Dist.Quantile(side.To), *side.High)
	assert.True(t, side.Input.Money)
	assert.Equal(t, 1000, a.Held)
	assert.InDelta(t, 0.314, a.Base.Value, 0.03, "0.3, and a fiftieth of the rest")
	assert.InDelta(t, 1, a.Box.Density.Value, 0.03)
	assert.InDelta(t, 0.3/0.314, a.Box.Coverage.Value, 0.03)
	assert.Equal(t, *a.Base, side.DensityWithout, "without its one condition the box is everywhere")
	require.NotNil(t, a.Inside)
	for _, in := range a.Inside.Inputs {
		assert.Equal(t, in.Name == cash, in.Dist.Kind == "discrete", "drawn from the box alone: %s", in.Name)
	}
	assert.Empty(t, a.Warnings)
	assert.Equal(t, []decide.Step{{Question: "run", Inside: true, Replications: 1000},
		{Question: "sensitivity", When: "cash_end < 0"}}, a.Next)
}

// A condition that holds by chance alone has no box.
func TestNothingDiffers(t *testing.T) {
	byChance := func(every int) truth {
		return func(_ string, _ map[string]float64, i int) float64 { return float64(i%every) - 0.5 }
	}
	a := answered(t, ask(t), 1000, byChance(4))
	assert.Equal(t, decide.Verdict{Kind: decide.No}, a.Verdict)
	assert.Nil(t, a.Box)
	assert.Nil(t, a.Inside)
	assert.InDelta(t, 0.25, a.Base.Value, 1e-9)
	assert.Equal(t, []decide.Step{{Question: "discover", When: "cash_end < 0", Replications: 4000}}, a.Next)
	// In 100 runs a weak reason would not be seen.
	a = answered(t, ask(t), 400, byChance(4))
	assert.Equal(t, decide.TooCloseToCall, a.Verdict.Kind)
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 100, Enough: FewCases, Of: "run",
		For: "for the edges of a box", Part: "replications"}}, a.Warnings)
}

func TestTooRareAndTooCommon(t *testing.T) {
	q := ask(t)
	q.Replications = 600
	rare := answered(t, q, 600, func(_ string, _ map[string]float64, i int) float64 { return float64(i + 1) })
	assert.Equal(t, decide.NotApplicable, rare.Verdict.Kind)
	assert.NotEmpty(t, rare.Verdict.Why)
	assert.Nil(t, rare.Base)
	assert.Equal(t, "cash_end < 60.9", rare.Instead, "a tenth of 600 runs")
	assert.Equal(t, 60, rare.InsteadCases)
	assert.Equal(t, []decide.Step{{Question: "discover", When: rare.Instead, Replications: 600}}, rare.Next)
	// All runs end in losses, and in ruin.
	q.When = "out_of_business"
	ruin := answered(t, q, 600, func(column string, _ map[string]float64, i int) float64 {
		if column == "out_of_business" {
			return 1
		}
		return -1000 - float64(i)
	})
	assert.Equal(t, 600, ruin.Cases)
	assert.Equal(t, decide.NotApplicable, ruin.Verdict.Kind)
	assert.NotEqual(t, rare.Verdict.Why, ruin.Verdict.Why)
	assert.Contains(t, ruin.Instead, "cash_trough <", "it is no comparison with a number that could be moved")
	assert.Equal(t, 1.0, ruin.Share())
}

func TestEverythingIsMissing(t *testing.T) {
	q := ask(t)
	q.When = "cac < 100"
	a := answered(t, q, 300, func(string, map[string]float64, int) float64 { return math.NaN() })
	assert.Equal(t, 300, a.Missing)
	assert.Zero(t, a.Cases)
	assert.Zero(t, a.Share())
	assert.Equal(t, decide.NotApplicable, a.Verdict.Kind)
	assert.Contains(t, a.Verdict.Why, "Fully loaded CAC has no number in 100% of runs")
	require.Len(t, a.Warnings, 1)
	assert.Equal(t, decide.LeftOut{What: "cac < 100", Has: 300, Of: 300, Why: a.MissingWhy}, a.Warnings[0])
	assert.Empty(t, a.Instead)
}

// Runs of which it is not known whether the condition holds are left out, and the inputs
// of the others stay with them.
func TestWhatIsMissingIsLeftOut(t *testing.T) {
	a := answered(t, ask(t), 2000, func(column string, at map[string]float64, i int) float64 {
		if i%3 == 0 {
			return math.NaN()
		}
		return broke(column, at, i)
	})
	assert.Equal(t, 667, a.Missing)
	require.NotNil(t, a.Box)
	assert.InDelta(t, 0.3, a.Box.Conditions[0].To, 0.03)
}

func TestOneRun(t *testing.T) {
	a := answered(t, ask(t), 1, broke)
	assert.Equal(t, 1, a.Cases)
	assert.Equal(t, decide.NotApplicable, a.Verdict.Kind)
	assert.Equal(t, []decide.Step{{Question: "discover", When: "cash_end < 0", Replications: 4}}, a.Next)
}

// The ask says which of its parts is wrong, and what would be right.
func TestProblemsOfAnAsk(t *testing.T) {
	a := ask(t)
	a.Metric = "wno"
	_, err := a.Design()
	assert.Equal(t, &decide.Problem{Part: "metric", Value: "wno", Wrong: "there is no such outcome", Near: "won"}, err)
	a = ask(t)
	a.When = "cash_end <"
	_, err = a.Design()
	var problem *decide.Problem
	require.True(t, errors.As(err, &problem))
	assert.Equal(t, "when", problem.Part)
	_, again := a.Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.Equal(t, err, again)
	plan, err := scenarios.Load("town")
	require.NoError(t, err)
	a.Plan = plan
	_, err = a.Design()
	assert.Equal(t, &decide.CertainError{Plan: "town"}, err)
	_, err = ask(t).Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.EqualError(t, err, "cash_end of plan was not kept")
}

func TestDesign(t *testing.T) {
	d, err := ask(t).Design()
	require.NoError(t, err)
	assert.Equal(t, Replications, d.Replications)
	assert.Equal(t, []string{"cash_end < 0"}, d.Asked)
	var kept []string
	for _, l := range d.Measures {
		kept = append(kept, l.Measure.Column)
	}
	assert.Equal(t, []string{"cash_end", "cash_trough", "won", decide.Ruin}, kept)
}

// Runs go on until a box is found that is none of chance; that there is none is said of all of them.
func TestRunsGoOnUntilTheConditionHeldOftenEnough(t *testing.T) {
	rounds := func(is truth) int {
		a := ask(t)
		d, err := a.Design()
		require.NoError(t, err)
		require.NotNil(t, d.Rounds)
		prepared, err := model.Prepare(a.Plan)
		require.NoError(t, err)
		draws := prepared.Plan().InputDraws(d.Seed, Replications)
		s := decide.NewInRounds(d)
		var panels []*panel.Panel
		for {
			round, err := s.Next(panels)
			require.NoError(t, err)
			if len(round) == 0 {
				return s.Panel().Replications
			}
			panels = []*panel.Panel{round[0].Panel(round[0].Replications, func(l panel.Leaf, i int) float64 {
				at := map[string]float64{}
				for k, in := range prepared.Plan().UncertainInputs() {
					at[in.Name] = draws[i][k]
				}
				return is(l.Measure.Column, at, i)
			})}
		}
	}
	assert.Equal(t, Round, rounds(broke))
	assert.Equal(t, 2*Round, rounds(func(_ string, _ map[string]float64, i int) float64 { return float64(i%20) - 0.5 }),
		"it fails in 1 of 20, whatever the inputs are: 200 such runs are enough, box or none")
	assert.Equal(t, Replications, rounds(func(_ string, _ map[string]float64, i int) float64 { return float64(i%100) - 0.5 }),
		"too few even in all")
	assert.Equal(t, 2*Round, rounds(func(_ string, at map[string]float64, i int) float64 {
		if at[cash] < 0.05 {
			return -1
		}
		return 1
	}), "the edges of few cases are rough")
	a := ask(t)
	a.Replications = Replications
	d, err := a.Design()
	require.NoError(t, err)
	assert.Nil(t, d.Rounds)
}

// That the company fails is known of whatever else is asked; of failing itself it is the answer.
func TestRuinIsKnownBesideTheCondition(t *testing.T) {
	fails := func(column string, at map[string]float64, i int) float64 {
		if column == decide.Ruin {
			return map[bool]float64{true: 1, false: 0}[i%4 > 0]
		}
		return broke(column, at, i)
	}
	a := ask(t)
	got := answered(t, a, 400, fails)
	assert.InDelta(t, 0.75, got.Ruin.Value, 1e-9)
	assert.False(t, got.Fails)
	assert.True(t, answered(t, a, 400, func(string, map[string]float64, int) float64 { return 1 }).Fails)
	a.When = decide.Ruin
	assert.Zero(t, answered(t, a, 400, fails).Ruin)
}
