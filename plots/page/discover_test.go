package page

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
	"windfall/sim/panel"
)

// unsure is a plan with two uncertain inputs.
func unsure(t *testing.T) *plan.Plan {
	t.Helper()
	plan, err := loaded("town", "run.weeks=4", "customers.weibull_shape=0.7 to 0.95",
		"finance.opening_cash=1e4 to 1e6")
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
	assert.Regexp(t, `^'cash_end < 0' holds in 30.* of runs of 4 weeks\. With opening cash below \$[0-9.]+k it holds in .*; .* of `+
		`all such runs look like this\.$`, d.Sentences[0])
	assert.Equal(t, "Find out opening cash before you commit: there it is decided.", d.Sentences[1])
	assert.Regexp(t, `^95% intervals from 500 runs that had no part in the search, with 2 uncertain inputs drawn from their stated ranges: .* of all `+
		`runs, .* of those in this range, .* of all such runs\.$`, d.Sentences[2])
	bars := d.Pictures[0].Data.(picture.Bars)
	assert.Equal(t, "95% intervals", bars.Ends, "a share of runs is no mean")
	assert.Equal(t, "Share in which 'cash_end < 0' holds", bars.ValueName)
	assert.Len(t, d.Sheets[0].Rows, 2, "the condition, and all of them")
	require.Len(t, d.Pictures, 1)
	assert.Empty(t, d.Warnings)
	text, err := json.Marshal(d.Data([]string{"a warning"}))
	require.NoError(t, err)
	assert.Regexp(t, `^{"warnings":\["a warning"\],"scenario":"town","when":"cash_end \\u003c 0","replications":1000,`+
		`"seed":1,"weeks":4,"answer":".*","what_to_do":".*","how_sure":".*","cases":\d+,"replications_measured":500,"base_rate":{.*},"box":{"density":.*`+
		`"conditions":\[{"input":"finance.opening_cash","text":"finance.opening_cash below .*","low":null,"high":`,
		string(text))
	for name, c := range map[string]struct {
		n    int
		cash func(at float64, i int) float64
		want string
		do   string
	}{
		"by chance": {800, func(_ float64, i int) float64 { return float64(i%4) - 0.5 }, "No reason found: 'cash_end < 0' holds in " +
			"25% of runs of 4 weeks (21% to 29.5%), and no uncertain input is seen to decide it.",
			"Look for the reason in the plan or in chance."},
		"missing": {60, func(float64, int) float64 { return math.NaN() }, "Not applicable: whether 'cash_end < 0' holds is not " +
			"known in any of 60 runs: Cash at the end has no number in 100% of runs: not known.",
			"Ask about another outcome, which has a number here."},
		"rare": {600, func(_ float64, i int) float64 { return float64(i + 1) }, "Not applicable: 'cash_end < 0' holds in 0 of 600 " +
			"runs (0%), and 50 are needed to look for a reason.", "Ask about 'cash_end < 60.9' instead, which holds in 60 runs."},
		"all": {600, func(_ float64, i int) float64 { return -float64(i + 1) }, "Not applicable: 'cash_end < 0' holds in 100% of " +
			"600 runs, and a reason can be looked for in 95% at most.",
			"Ask about 'cash_end < -540' instead, which holds in 60 runs."},
		"one run": {1, low, "Not applicable: 'cash_end < 0' holds in 0 of 1 run (0%), and 50 are needed to look for a reason.",
			"Run more: replications = 10."},
	} {
		assert.Equal(t, []string{c.want, c.do}, discovered(t, "cash_end < 0", c.n, c.cash).Sentences[:2], name)
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

// A board reads of a company that fails, and of inputs by their names.
func TestDiscoverOfRuin(t *testing.T) {
	p, err := loaded("town", "run.weeks=4", `finance.fixed_cost_per_week="2000 to 9000"`,
		`channels.paid-search.response="0.1 to 0.2"`)
	require.NoError(t, err)
	a := discover.Ask{Plan: p, When: "out_of_business", Metric: "won"}
	design, err := a.Design()
	require.NoError(t, err)
	prepared, err := model.Prepare(p)
	require.NoError(t, err)
	draws := prepared.Plan().InputDraws(design.Seed, 2000)
	fixed := slices.IndexFunc(prepared.Plan().UncertainInputs(), func(in plan.Input) bool { return in.Key == "finance.fixed_cost_per_week" })
	answer, err := a.Answer(design.Panel(2000, func(_ panel.Leaf, i int) float64 {
		return map[bool]float64{true: 1}[draws[i][fixed] > 0.9 && i%5 > 0]
	}))
	require.NoError(t, err)
	d := Discover(answer, cure)
	sound(t, d)
	assert.Regexp(t, `^The company fails in \d\.\d+% of runs of 4 weeks\. With fixed cost above \$[\d,.]+k? per week it fails in [\d.]+%; `+
		`[\d.]+% of all failures look like this\.$`, d.Sentences[0])
	assert.Equal(t, "Find out fixed cost before you commit, and keep out of this range.", d.Sentences[1])
	bars := d.Pictures[0].Data.(picture.Bars)
	assert.Equal(t, "How often the company fails: everywhere, in the range that was found, and there without one of its conditions",
		bars.Finding)
	assert.Equal(t, "Share in which the company fails", bars.ValueName)
	assert.Equal(t, "response of paid-search", inputs{}.name(decide.Input{Input: plan.Input{Key: "channels.paid-search.response"}}))
	assert.Equal(t, "touches needed for 20-99", inputs{}.name(decide.Input{Input: plan.Input{Key: "journey.touches_needed.20-99"}}))
	assert.Equal(t, "rate of new-firm for 1-4",
		inputs{}.name(decide.Input{Input: plan.Input{Key: "triggers.new-firm.rate_per_year.1-4"}}))
	for key, want := range map[string][2]string{ // the unit is with the value
		"triggers.planned-replacement.window_weeks": {"window of planned-replacement", " weeks"},
		"teams.field.speed_half_life_hours":         {"speed half life of field", " hours"},
		"finance.fixed_cost_per_week":               {"fixed cost", " per week"},
		"customers.retained_12_months.1-4":          {"retained 12 months for 1-4", ""},
		"journey.memory_weeks":                      {"memory weeks", ""},
		"teams.field.business_days":                 {"business days of field", ""},
	} {
		name, per := inputs{}.called(decide.Input{Input: plan.Input{Key: key}})
		assert.Equal(t, want, [2]string{name, per})
	}
	assert.Equal(t, "an entry", inputs{}.name(decide.Input{Input: plan.Input{Name: "an entry"}}))
}
