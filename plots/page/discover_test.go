package page

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/decide/discover"
	"windfall/sim/panel"
)

// unsure is a plan with two uncertain inputs.
func unsure(t *testing.T) *plan.Plan {
	t.Helper()
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks=4", "customers.weibull_shape=0.7 to 0.95",
		"finance.opening_cash=1e4 to 1e6"))
	require.NoError(t, err)
	return plan
}

// discovered lays out what a panel says of a condition: cash of the inputs of a run.
func discovered(t *testing.T, when string, replications int, cash func(at float64, i int) float64) *Document {
	t.Helper()
	a := discover.Ask{Plan: unsure(t), When: when, Metric: "won"}
	design, err := a.Design()
	require.NoError(t, err)
	prepared, err := model.Prepare(a.Plan)
	require.NoError(t, err)
	draws := prepared.Plan().InputDraws(design.Seed, replications)
	answer, err := a.Answer(design.Panel(replications, func(_ panel.Leaf, i int) float64 {
		for k, in := range prepared.Plan().UncertainInputs() {
			if in.Name == "finance.opening_cash" {
				return cash(draws[i][k], i)
			}
		}
		return math.NaN()
	}))
	require.NoError(t, err)
	d := Discover(answer, cure)
	sound(t, d)
	return d
}

func TestDiscoverOfAnyNumbers(t *testing.T) {
	low := func(at float64, _ int) float64 { return 1000 * (at - 0.3) }
	d := discovered(t, "cash_end < 0", 1000, low)
	assert.Regexp(t, `^'cash_end < 0' holds in 30.* of runs of 4 weeks; in this box in .*, and it holds .* of all such `+
		`runs: finance.opening_cash below \$[0-9.]+k \(95% intervals, n = 500 kept apart to measure\).$`, d.Sentences[0])
	assert.Len(t, d.Sheets[0].Rows, 2, "the condition, and all of them")
	require.Len(t, d.Pictures, 1)
	assert.Empty(t, d.Warnings)
	text, err := json.Marshal(d.Data([]string{"a warning"}))
	require.NoError(t, err)
	assert.Regexp(t, `^{"warnings":\["a warning"\],"scenario":"town","when":"cash_end \\u003c 0","replications":1000,`+
		`"seed":1,"weeks":4,"answer":".*","cases":\d+,"replications_measured":500,"base_rate":{.*},"box":{"density":.*`+
		`"conditions":\[{"input":"finance.opening_cash","text":"finance.opening_cash below .*","low":null,"high":`,
		string(text))
	for name, c := range map[string]struct {
		n    int
		cash func(at float64, i int) float64
		want string
	}{
		"by luck": {800, func(_ float64, i int) float64 { return float64(i%4) - 0.5 }, "'cash_end < 0' holds in 25% " +
			"(21% to 29.5%) of runs of 4 weeks, and no box better than chance was found (n = 400 kept apart to measure)."},
		"missing": {60, func(float64, int) float64 { return math.NaN() }, "Whether 'cash_end < 0' holds within 4 weeks " +
			"is not known in any of 60 runs: cash_end is missing in 100% of runs: not known."},
		"rare": {600, func(_ float64, i int) float64 { return float64(i + 1) }, "'cash_end < 0' holds within 4 weeks in " +
			"0 of 600 runs (0%), and 50 are needed to look for a reason; 'cash_end < 60.9' would work: it holds in 60."},
		"all": {600, func(_ float64, i int) float64 { return -float64(i + 1) }, "'cash_end < 0' holds within 4 weeks in " +
			"100% of 600 runs, and it may hold in 95% at most to look for a reason; 'cash_end < -540' would work: it " +
			"holds in 60."},
		"one run": {1, low, "'cash_end < 0' holds within 4 weeks in 0 of 1 run (0%), and 50 are needed to look for a " +
			"reason; more replications are needed for any condition."},
	} {
		assert.Equal(t, []string{c.want}, discovered(t, "cash_end < 0", c.n, c.cash).Sentences, name)
	}
	few := discovered(t, "cash_end < 0", 400, func(at float64, i int) float64 {
		if i < 4 {
			return math.NaN()
		}
		return low(at, i)
	})
	require.Len(t, few.Warnings, 2)
	assert.Contains(t, few.Warnings[0], "whether 'cash_end < 0' holds is not known in 4 runs of 400, which are left out:")
	assert.Contains(t, few.Warnings[1], "a weak reason may be missed, and edges are rough")
}
