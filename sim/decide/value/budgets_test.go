package value

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/rng"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// withTable is town with a table of 200 joint draws, of which it knows two numbers, one of them a column's.
func withTable(t *testing.T) Budgets {
	t.Helper()
	dir := t.TempDir()
	text := response + "\n"
	for i := range 200 {
		text += fmt.Sprintf("%g\n", 0.1+float64(i)/2000)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "posterior.csv"), []byte(text), 0o600))
	file := filepath.Join(dir, "plan.toml")
	require.NoError(t, os.WriteFile(file, []byte("extends = \"town\"\n[run]\nweeks = 8\n[draws.posterior]\n"+
		"file = \"posterior.csv\"\n"), 0o600))
	p, err := scenarios.Load(file)
	require.NoError(t, err)
	table := p.Draws[0]
	known := []Known{{Name: "response", Rows: table.Values[0]}, {Name: "nothing"}}
	r := rand.New(rand.NewPCG(1, 8))
	for range table.Rows() {
		known[1].Rows = append(known[1].Rows, r.Float64())
	}
	return Budgets{Plan: decide.Setting{Name: "plan", Plan: p}, Draws: 600, Table: "posterior", Known: known}
}

// told is a panel in which more of the first budget is better by x times a margin and less is worse by it, x normal
// with standard deviation 100 and told by the response, and halving any other is always better by 50.
func told(t *testing.T, b Budgets, media float64) *panel.Panel {
	t.Helper()
	d, err := b.Design()
	require.NoError(t, err)
	along := b.Plan.Plan.AlongDraws(b.Table, [][]float64{b.Known[0].Rows}, d.Seed, d.Replications)
	r := rand.New(rand.NewPCG(4, 4))
	return d.Panel(d.Replications, func(l panel.Leaf, i int) float64 {
		up, down := l.Setting == d.Settings[2].Name, l.Setting == d.Settings[1].Name
		if l.Measure == spent {
			return map[bool]float64{true: media}[up]
		}
		x := 100 * rng.NormalQuantile(along[i][0])
		switch {
		case up:
			return 1000 + x + 20*r.NormFloat64()
		case down:
			return 1000 - x + 20*r.NormFloat64()
		case strings.HasSuffix(l.Setting, "*=0.5"):
			return 1050 + r.NormFloat64()
		case l.Setting == "plan":
			return 1000
		}
		return 950 + r.NormFloat64()
	})
}

func TestBudgetsThatTurnOnANumber(t *testing.T) {
	b := withTable(t)
	all, looked := b.Count()
	require.Equal(t, all, looked)
	require.Greater(t, all, 1)
	got, err := b.Answer(told(t, b, 0))
	require.NoError(t, err)
	_, err = json.Marshal(got)
	require.NoError(t, err)
	want := 100 * math.Sqrt(2/math.Pi)
	assert.Equal(t, decide.Yes, got.Verdict.Kind)
	assert.InDelta(t, want, got.All.Value, 8)
	assert.True(t, got.All.Low < want && want < got.All.High)
	assert.Equal(t, "response", got.Inputs[0].Input)
	assert.Equal(t, []string{got.Budgets[0].Name}, got.Inputs[0].Budgets)
	assert.Zero(t, got.Inputs[1].Value.Value)
	assert.Empty(t, got.Inputs[1].Budgets)
	assert.False(t, got.Budgets[0].Gain.Low > 0, "what is best is not known")
	for _, x := range got.Budgets[1:] {
		assert.Equal(t, 0.5, x.Times)
		assert.InDelta(t, 50, x.Gain.Value, 1)
		assert.Zero(t, x.All.Value)
		assert.LessOrEqual(t, float64(x.Spend), float64(got.Budgets[0].Spend), "from the largest")
	}
}

// Of a part of the firms customers count as often as it goes into the whole, and media, which is that of the whole,
// once: a margin x less media of 40 is 10 x less 40 for a tenth.
func TestBudgetsOfAPart(t *testing.T) {
	b := withTable(t)
	b.Share, b.Most = 0.1, 1
	p := told(t, b, 40)
	d, err := b.Design()
	require.NoError(t, err)
	require.Len(t, d.Settings, Plans(1))
	decisions, _ := b.decisions(d, p, make([][]float64, d.Replications))
	for i := range 5 {
		more := p.Values(panel.Leaf{Setting: d.Settings[2].Name, Measure: margin})[i] - 1000
		assert.InDelta(t, 10*(more+40)-40, decisions[0][1][i], 1e-9)
	}
	got, err := b.Answer(p)
	require.NoError(t, err)
	assert.Equal(t, 1, len(got.Budgets))
	assert.Positive(t, got.Small)
}

// Where every draw has one answer nothing is worth measuring; where none has one, nothing can be said.
func TestBudgetsOfWhichNothingIsWorthMeasuring(t *testing.T) {
	b := withTable(t)
	d, err := b.Design()
	require.NoError(t, err)
	got, err := b.Answer(d.Panel(d.Replications, func(l panel.Leaf, i int) float64 {
		if strings.HasSuffix(l.Setting, "*=1.5") {
			return 20 + float64(i%3)
		}
		return 0
	}))
	require.NoError(t, err)
	assert.Equal(t, decide.No, got.Verdict.Kind)
	assert.Zero(t, got.All.Value)
	assert.Equal(t, 1.5, got.Budgets[0].Times)
	none, err := b.Answer(d.Panel(d.Replications, func(panel.Leaf, int) float64 { return math.NaN() }))
	require.NoError(t, err)
	assert.Equal(t, decide.NotApplicable, none.Verdict.Kind)
	assert.Equal(t, d.Replications, none.Missing)
	_, err = json.Marshal(none)
	require.NoError(t, err)
	still, err := scenarios.Load("town", scenarios.Set("channels.*.weekly_budget=0", "media.*.weekly_budget=0"))
	require.NoError(t, err)
	b.Plan.Plan = still
	_, err = b.Design()
	require.ErrorContains(t, err, "no budget to decide on")
}
