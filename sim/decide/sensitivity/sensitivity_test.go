package sensitivity

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

const (
	cash  = "finance.opening_cash"
	shape = "customers.weibull_shape"
	rows  = 300
)

// ask is about a plan with two uncertain inputs, which are not tied.
func ask(t *testing.T, outcomes ...string) Ask {
	t.Helper()
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks=4", shape+"=0.7 to 0.95", cash+"=1e4 to 1e6"))
	require.NoError(t, err)
	return Ask{Plan: plan, Outcomes: outcomes, Metric: "cash_end", Rows: rows}
}

// truth is a number of a run with its inputs, which are probabilities by name, and with
// its chance, a number between 0 and 1.
type truth func(column string, at map[string]float64, chance float64) float64

// answered is what a panel with a known truth says, at the points of the design.
func answered(t *testing.T, a Ask, is truth) *Answer {
	t.Helper()
	d, err := a.Design()
	require.NoError(t, err)
	prepared, err := model.Prepare(a.Plan)
	require.NoError(t, err)
	inputs := prepared.Plan().UncertainInputs()
	got, err := a.Answer(d.Panel(d.Replications, func(l panel.Leaf, i int) float64 {
		at, byName := make([]float64, len(inputs)), map[string]float64{}
		chance := rand.New(rand.NewPCG(uint64(d.At(i, at)), 1)).Float64()
		for k, in := range inputs {
			byName[in.Name] = at[k]
		}
		return is(l.Measure.Column, byName, chance)
	}))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err, "an answer is data, whatever its numbers are")
	return got
}

// Three parts of cash and one of chance: nine tenths of the variance and one.
func TestSharesOfKnownSize(t *testing.T) {
	a := answered(t, ask(t), func(_ string, at map[string]float64, chance float64) float64 {
		return float64(300*at[cash]) + float64(100*chance)
	})
	require.Len(t, a.Outcomes, 1)
	o := &a.Outcomes[0]
	assert.Equal(t, decide.Verdict{Kind: decide.Yes}, o.Verdict)
	assert.Equal(t, "cash_end", o.Text)
	assert.Equal(t, "USD", o.Unit)
	assert.Equal(t, []string{cash}, o.Indices[0].Inputs)
	assert.InDelta(t, 0.9, o.Indices[0].Total.Value, 0.1)
	assert.InDelta(t, 0.9, o.Indices[0].First.Value, 0.1)
	assert.Zero(t, o.Indices[1].Total.Value, "shape does nothing")
	assert.InDelta(t, 0.1, o.Chance.Value, o.Chance.HalfWidth()+0.02)
	assert.Less(t, o.Chance.HalfWidth(), 0.1)
	assert.InDelta(t, 1-o.Inputs.Value, o.ChanceInAll().Value, 1e-12)
	assert.InDelta(t, math.Sqrt(1e5/12), float64(o.Deviation), 8)
	assert.InDelta(t, 200, o.Mean.Value, 10)
	// The tornado moves cash from its 5% to its 95%, under the same random numbers.
	assert.Equal(t, cash, o.Tornado[0].Name)
	assert.InDelta(t, 300*0.9, o.Tornado[0].Swing.Value, 1e-9)
	assert.InDelta(t, -300*0.45, o.Tornado[0].Low.Value, 1e-9)
	assert.InDelta(t, 0, o.Tornado[0].Swing.HalfWidth(), 1e-9)
	assert.Equal(t, o.Tornado[0].Input.Dist.Quantile(0.05), float64(o.Tornado[0].LowAt))
	assert.Zero(t, o.Tornado[1].Swing.Value)
	assert.Empty(t, a.Warnings)
	assert.Equal(t, []decide.Step{
		{Question: "value", Between: []string{"plan", "media.*.weekly_budget*=0.5"}},
		{Question: "respond", Vary: &decide.Varied{Key: cash, Low: float64(o.Tornado[0].LowAt),
			High: float64(o.Tornado[0].HighAt), Values: 5}},
	}, a.Next)
}

// Losses have the same shares as gains.
func TestAllRunsLose(t *testing.T) {
	of := func(sign float64) *Outcome {
		return &answered(t, ask(t), func(_ string, at map[string]float64, chance float64) float64 {
			return sign * (1000 + float64(300*at[cash]) + float64(100*chance))
		}).Outcomes[0]
	}
	gain, loss := of(1), of(-1)
	assert.Equal(t, gain.Verdict, loss.Verdict)
	assert.InDelta(t, gain.Indices[0].Total.Value, loss.Indices[0].Total.Value, 1e-9)
	assert.InDelta(t, -gain.Mean.Value, loss.Mean.Value, 1e-9)
	assert.InDelta(t, -gain.Tornado[0].Swing.Value, loss.Tornado[0].Swing.Value, 1e-9)
}

// Where nothing varies no input matters: so it is with ruin in all runs, and with nothing.
func TestNothingDiffers(t *testing.T) {
	for _, x := range []float64{0, 1, -500} {
		q := ask(t)
		q.Outcomes, q.When = []string{"cash_end"}, "out_of_business"
		a := answered(t, q, func(column string, _ map[string]float64, _ float64) float64 {
			if column == decide.Ruin && x != 1 {
				return 0
			}
			return x
		})
		require.Len(t, a.Outcomes, 2)
		for i := range a.Outcomes {
			o := &a.Outcomes[i]
			assert.Equal(t, decide.Verdict{Kind: decide.No}, o.Verdict, o.Text)
			assert.Zero(t, o.Deviation)
			assert.True(t, o.Still())
			assert.Zero(t, o.Tornado[0].Swing.Value)
		}
		assert.Equal(t, x, a.Outcomes[0].Mean.Value)
		assert.Equal(t, map[bool]float64{true: 1, false: 0}[x == 1], a.Outcomes[1].Mean.Value)
		assert.Equal(t, "chance", a.Outcomes[1].Unit)
	}
}

// What chance alone decides comes from no input.
func TestChanceAlone(t *testing.T) {
	o := answered(t, ask(t), func(_ string, _ map[string]float64, chance float64) float64 { return chance }).Outcomes[0]
	assert.Equal(t, decide.TooCloseToCall, o.Verdict.Kind)
	assert.InDelta(t, 1, o.Chance.Value, 1e-9)
	assert.Zero(t, o.Indices[0].Total.Value)
}

func TestEverythingIsMissing(t *testing.T) {
	a := answered(t, ask(t, "cac"), func(string, map[string]float64, float64) float64 { return math.NaN() })
	o := a.Outcomes[0]
	assert.Equal(t, decide.NotApplicable, o.Verdict.Kind)
	assert.Equal(t, "it has no value in some run of 300 of 300 rows", o.Verdict.Why)
	assert.False(t, o.Mean.Known())
	require.Len(t, a.Warnings, 1)
	assert.Equal(t, decide.LeftOut{What: "cac", Has: rows, Of: rows, Why: "nobody was won"}, a.Warnings[0])
}

// A row is left out with all its runs where one has no value.
func TestRowsWithHolesAreLeftOut(t *testing.T) {
	a := answered(t, ask(t, "cac"), func(_ string, at map[string]float64, _ float64) float64 {
		if at[cash] > 0.9 {
			return math.NaN()
		}
		return at[cash]
	})
	o := &a.Outcomes[0]
	assert.InDelta(t, 0.19*rows, float64(o.Missing), 12, "of two draws one lies above 0.9")
	assert.Equal(t, rows, o.Missing+o.Rows)
	require.Equal(t, cash, o.Tornado[1].Name, "an unknown swing stands last")
	assert.True(t, o.Tornado[1].Low.Known())
	assert.False(t, o.Tornado[1].High.Known(), "95% lies above 0.9")
}

func TestOneRow(t *testing.T) {
	q := ask(t)
	q.Rows = 1
	a := answered(t, q, func(_ string, at map[string]float64, _ float64) float64 { return at[cash] })
	assert.Equal(t, decide.Verdict{Kind: decide.NotApplicable, Why: "3 rows at least are needed, and there are 1"},
		a.Outcomes[0].Verdict)
	assert.Equal(t, []decide.Warning{decide.FewRuns{Has: 1, Enough: 200, Of: "row", For: "for intervals",
		Part: "replications"}}, a.Warnings)
}

// The ask says which of its parts is wrong, and what would be right.
func TestProblemsOfAnAsk(t *testing.T) {
	_, err := ask(t, "p5(cash_end)").Design()
	assert.Equal(t, &decide.Problem{Part: "outcome", Value: "p5(cash_end)", Wrong: "a percentile is of many runs; a " +
		"number of each run is needed, such as cash_end or P(cash_end < ...)"}, err)
	var problem *decide.Problem
	q := ask(t)
	q.When = "wno > 3"
	_, err = q.Design()
	require.True(t, errors.As(err, &problem))
	assert.Equal(t, "when", problem.Part)
	q = ask(t)
	q.Metric = "wno"
	_, err = q.Design()
	require.True(t, errors.As(err, &problem))
	assert.Equal(t, "outcome", problem.Part)
	plan, err := scenarios.Load("town")
	require.NoError(t, err)
	_, err = Ask{Plan: plan, Metric: "won"}.Design()
	assert.Equal(t, &decide.CertainError{Plan: "town"}, err)
	_, err = ask(t).Answer(panel.NewPanel(analysis.Ties{}, nil))
	assert.EqualError(t, err, "cash_end of plan was not kept")
	d, err := ask(t).Design()
	require.NoError(t, err)
	_, err = ask(t).Answer(d.Panel(7, func(panel.Leaf, int) float64 { return 1 }))
	assert.EqualError(t, err, "7 runs were kept, and the design has 1580")
}

// A row takes its inputs from two samples that share none, one column at a time.
func TestPointsOfTheDesign(t *testing.T) {
	d, err := ask(t).Design()
	require.NoError(t, err)
	assert.Equal(t, rows*5+5*seeds, d.Replications, "A, B, two inputs and chance; all at the middle, and each at its ends")
	assert.Equal(t, []string{"of", "cash_end"}, d.Asked)
	point := func(i int) (at []float64, chance int) {
		at = make([]float64, 2)
		chance = d.At(i, at)
		return at, chance
	}
	a, chanceA := point(0)
	b, chanceB := point(1)
	assert.NotEqual(t, a[0], b[0])
	assert.NotEqual(t, a[1], b[1])
	assert.NotEqual(t, chanceA, chanceB)
	for column := range 3 {
		at, chance := point(2 + column)
		want, wantChance := []float64{a[0], a[1]}, chanceA
		if column < 2 {
			want[column] = b[column]
		} else {
			wantChance = chanceB
		}
		assert.Equal(t, want, at)
		assert.Equal(t, wantChance, chance)
	}
	at, chance := point(rows*5 + 2*seeds + 3)
	assert.Equal(t, []float64{0.95, 0.5}, at)
	assert.Equal(t, 3, chance)
}

// As many rows as there is time for.
func TestRowsByDefault(t *testing.T) {
	assert.Equal(t, Rows, rowsFor(3, 2))
	assert.Equal(t, 64, rowsFor(300, 300))
	assert.Equal(t, (Runs-183*fewSeeds)/94, rowsFor(92, 91))
}

// A table of draws is one input, under its name: its columns go together, and in the tornado too.
func TestATableOfDrawsIsOneInput(t *testing.T) {
	dir := t.TempDir()
	text := cash + "," + shape + "\n"
	for i := range 20 {
		text += fmt.Sprintf("%d,%g\n", 10_000+1000*i, 0.95-0.01*float64(i))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "posterior.csv"), []byte(text), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.toml"), []byte("extends = \"town\"\n[run]\nweeks = 4\n"+
		"[finance]\nfixed_cost_per_week = \"1000 to 2000\"\n[draws.posterior]\nfile = \"posterior.csv\"\n"), 0o644))
	plan, err := scenarios.Load(filepath.Join(dir, "mine.toml"))
	require.NoError(t, err)
	prepared, err := model.Prepare(plan)
	require.NoError(t, err)
	factors := prepared.Plan().Factors()
	require.Len(t, factors, 2)
	a := Ask{Plan: plan, Metric: "cash_end", Rows: rows}
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(d.Replications, func(_ panel.Leaf, i int) float64 {
		at := make([]float64, 2)
		chance := rand.New(rand.NewPCG(uint64(d.At(i, at)), 1)).Float64()
		return float64(300*at[0]) + float64(100*chance)
	}))
	require.NoError(t, err)
	o := &got.Outcomes[0]
	assert.Equal(t, []string{"draws.posterior"}, o.Indices[0].Inputs)
	assert.InDelta(t, 0.9, o.Indices[0].Total.Value, 0.1)
	assert.Equal(t, []string{"finance.fixed_cost_per_week"}, o.Indices[1].Inputs)
	assert.Zero(t, o.Indices[1].Total.Value)
	require.Len(t, o.Tornado, 2)
	assert.Equal(t, "draws.posterior", o.Tornado[0].Name)
	assert.True(t, o.Tornado[0].Input.Table())
	assert.InDelta(t, 300*0.9, o.Tornado[0].Swing.Value, 1e-9)
	assert.True(t, math.IsNaN(float64(o.Tornado[0].LowAt)), "a row has no value of its own")
	require.Len(t, got.Next, 1, "a table is no lever")
}

// That the company fails is known of whatever else is asked, from all runs of the design.
func TestRuinIsKnownBesideTheOutcomes(t *testing.T) {
	fails := func(column string, at map[string]float64, chance float64) float64 {
		if column == decide.Ruin {
			return map[bool]float64{true: 1, false: 0}[at[cash] < 0.7]
		}
		return chance
	}
	got := answered(t, ask(t), fails)
	assert.InDelta(t, 0.7, got.Ruin.Value, 0.05)
	assert.True(t, got.Ruin.Low < 0.7 && got.Ruin.High > 0.7)
	assert.False(t, got.Fails)
	assert.True(t, answered(t, ask(t), func(string, map[string]float64, float64) float64 { return 1 }).Fails)
	assert.Zero(t, answered(t, ask(t, "P(out_of_business)"), fails).Ruin, "it is what was asked")
}
