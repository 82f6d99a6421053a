package metric

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// tenReplications: customers 1,000 to 10,000, ruin in the first two.
func tenReplications() *analysis.Sample {
	v := map[string][]float64{
		"out_of_business": {1, 1, 0, 0, 0, 0, 0, 0, 0, 0},
		"week_of_ruin":    {10, 60, never, never, never, never, never, never, never, never},
	}
	for i := range 10 {
		v["live_customers"] = append(v["live_customers"], float64(1000*(i+1)))
		v["won"] = append(v["won"], float64(i))
		v["acquisition_cost"] = append(v["acquisition_cost"], 4500)
		v["cac"] = append(v["cac"], 4500/float64(i))
		v["cash_end"] = append(v["cash_end"], float64(i)*1e6)
	}
	v["cac"][0] = nan
	return sampleOf(10, analysis.Ties{}, v)
}

var never = plan.Never

func TestConditions(t *testing.T) {
	s := tenReplications()
	for text, want := range map[string]int{ // replications in which it holds
		"out_of_business":                                             2,
		"not out_of_business":                                         8,
		"live_customers >= 8000":                                      3,
		"8_000 <= live_customers":                                     3,
		"live_customers > 8k":                                         2,
		"live_customers>=8k and not out_of_business":                  3,
		"live_customers < 3000 or live_customers > 9.5k":              3,
		"out_of_business or live_customers >= 9k and cash_end>8M":     3, // and binds first
		"(out_of_business or live_customers >= 9k) and cash_end > 8M": 1,
		"not (out_of_business or live_customers >= 9000)":             6,
		"not not out_of_business":                                     2,
		"cash_end == 0":                                               1,
		"cash_end != 0":                                               9,
		"cash_end > -1e6":                                             10,
		"cash_end ≥ 9_000_000":                                        1,
		"week_of_ruin < 52":                                           1,
		"week_of_ruin >= 52":                                          9, // never is later than any week
		"week_of_ruin != 10":                                          9,
		"not week_of_ruin < 52":                                       9,
		"out_of_business == 1":                                        2,
		"cac > 1000":                                                  4, // missing in one: neither true nor false
		"not cac > 1000":                                              5,
		"cac > 1000 and won > 100":                                    0,
		"cac > 1000 or won >= 0":                                      10,
		"cac > 1000 or won < 0.5":                                     5,
	} {
		c, err := ParseCondition(text, columns)
		require.NoError(t, err, text)
		holds, err := c.Holds(s)
		require.NoError(t, err)
		n, _ := count(holds)
		assert.Equal(t, want, n, text)
		assert.Equal(t, text, c.Text)
	}
}

func TestMetrics(t *testing.T) {
	s := tenReplications()
	for text, want := range map[string]float64{
		"P(out_of_business)":    0.2,
		"mean(live_customers)":  5500,
		"live_customers":        5500,
		"p50(live_customers)":   5500,
		"p10(live_customers)":   1900,
		"p2.5(live_customers)":  1225,
		"mean(cac)":             1000, // the ratio of totals: 45,000 over 45
		"p50(cac)":              900,  // over the replications that have one
		" P ( cash_end < 1M ) ": 0.1,
	} {
		m, err := ParseMetric(text, columns)
		require.NoError(t, err, text)
		e, err := m.Estimate(s)
		require.NoError(t, err)
		assert.InDelta(t, want, e.Value, 1e-9, text)
		assert.Equal(t, strings.TrimSpace(text), m.Text)
	}
	m, err := ParseMetric("mean(cac)", columns)
	require.NoError(t, err)
	assert.Equal(t, []string{"cac", "acquisition_cost", "won"}, m.Outcomes())
	m, err = ParseMetric("P(cash_end < 1 or won > 2 and cash_end > 0)", columns)
	require.NoError(t, err)
	assert.Equal(t, []string{"cash_end", "won"}, m.Outcomes())
}

func TestGoals(t *testing.T) {
	for text, want := range map[string]Goal{
		"P(out_of_business) <= 5%":       {Sign: "<=", Bound: 0.05},
		"P(out_of_business) < .05":       {Sign: "<", Bound: 0.05},
		"p10(live_customers) >= 8000":    {Sign: ">=", Bound: 8000},
		"mean(cac)<=700":                 {Sign: "<=", Bound: 700},
		"cac <= 700":                     {Sign: "<=", Bound: 700},
		"P(cash_end < 1_000_000) <= 10%": {Sign: "<=", Bound: 0.1},
		"mean(cash_end) > -1.5M":         {Sign: ">", Bound: -1.5e6},
		"P(live_customers >= 8000 and not out_of_business) >= 0.8": {Sign: ">=", Bound: 0.8},
	} {
		g, err := ParseGoal(text, columns)
		require.NoError(t, err, text)
		assert.Equal(t, want.Sign, g.Sign)
		assert.Equal(t, want.Bound, g.Bound)
	}
}

func TestGoalErrorsSayWhatAndWhere(t *testing.T) {
	statistic := strings.TrimPrefix(noStatistic, "%q ")
	const between, share = " lies between 0 and 1 (0% and 100%), ", "is a share: it lies between 0 and 1 (0% and 100%), "
	for text, want := range map[string]string{
		"": `column 1: a metric is P(...), mean(...), ` +
			`a percentile such as p10(...), or an outcome, not the end`,
		"P(out_of_bussiness) <= 5%": `column 3: there is no outcome "out_of_bussiness"; ` +
			`did you mean "out_of_business"?`,
		"mean(xyzzy) <= 5":    `column 6: there is no outcome "xyzzy"; the column dictionary lists the outcomes`,
		"mean(cac) <= 7oo":    `column 14: "7oo" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"mean(cac) <= 1__000": `column 14: "1__000" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"mean(cac) <= 1e999":  `column 14: "1e999" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"mean(cac) <= 0x1p2":  `column 14: "0x1p2" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"mean(cac) = 700":     `column 11: a goal compares by <=, <, >= or >`,
		"mean(cac) == 700":    `column 11: a goal compares by <=, <, >= or >`,
		"mean(cac)":           `column 10: a goal compares by <=, <, >= or >`,
		"mean(cac) <= won":    `column 14: "won" is not a number; a goal is a metric, a sign and a number`,
		"mean(cac <= 700":     `column 10: the outcome must be followed by ")"`,
		"median(cac) <= 700":  `column 1: "median" ` + statistic,
		"p100(cac) <= 700":    `column 1: "p100" ` + statistic,
		"P(live_customers) >= 0.5": `column 3: live_customers is a number, not a yes or no; ` +
			`compare it, as in live_customers >= 1000`,
		"P(live_customers >= won) >= 0.5": `column 21: an outcome is compared with a number, not with won`,
		"P(live_customers = 5) >= 0.5":    `column 18: write == to ask for equality`,
		"P(5 live_customers) >= 0.5":      `column 5: a sign (<=, <, >=, >, ==, !=) is missing before live_customers`,
		"P(5 < won < 9) >= 0.5":           `column 11: the condition must be followed by ")"`,
		"P(out_of_business and) >= 0.5":   `column 22: a comparison such as live_customers >= 8000 is missing before )`,
		"P(out_of_business) <= 5":         `column 23: a chance` + between + `and 5 is 500%; did you mean 5%?`,
		"capped_touches <= 2":             `column 19: capped_touches ` + share + `and 2 is 200%; did you mean 2%?`,
		"leaving <= 2":                    `column 12: leaving ` + share + `and 2 is 200%; did you mean 2%?`,
		"P(capped_touches > 20) <= 5%":    `column 20: capped_touches ` + share + `and 20 is 2000%; did you mean 20%?`,
		"P(20 < capped_touches) <= 5%":    `column 3: capped_touches ` + share + `and 20 is 2000%; did you mean 20%?`,
		"p5(capped_touches) <= 120%":      `column 23: capped_touches ` + share + `not 120%`,
		"spend_share <= 70": `column 16: spend_share lies between 0 and 10 (1000%), ` +
			`and 70 is 7000%; did you mean 70%?`,
		"P(out_of_business) <= 100%":       `column 23: a chance is never above 1 (100%): the goal is met whatever happens`,
		"P(out_of_business) > 1":           `column 22: a chance is never above 1 (100%): the goal is missed whatever happens`,
		"P(cac > 1000) >= 0%":              `column 18: a chance is never below 0: the goal is met whatever happens`,
		"p5(won) < 0":                      `column 11: won is never below 0: the goal is missed whatever happens`,
		"won >= 0":                         `column 8: won is never below 0: the goal is met whatever happens`,
		"mean(capped_touches) <= 1":        `column 25: capped_touches is never above 1 (100%): the goal is met whatever happens`,
		"mean(cac) <= 1_.5":                `column 14: "1_.5" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"won >= -5":                        `column 8: won is never below 0, and the bound is -5`,
		"P(out_of_business) <= 5% <= 6%":   `column 26: "<=" is one comparison too many; join comparisons with and`,
		"P(out_of_business) <= 5% or else": `column 26: "or" is not expected here`,
		"P(out_of_business)) <= 5%":        `column 19: a goal compares by <=, <, >= or >`,
		"P(!out_of_business) <= 5%":        `column 3: write not`,
		"P(out_of_business) <= $5":         `column 23: "$" has no meaning here`,
		"P(\"x\") <= 5%":                   `column 3: "\"" has no meaning here`,
		"P(((out_of_business)) <= 5%":      `column 23: the condition must be followed by ")"`,
		strings.Repeat("(", 1001):          `column 1000: longer than 1000 characters`,
	} {
		_, err := ParseGoal(text, columns)
		var problem *Error
		require.ErrorAs(t, err, &problem, text)
		_, message, _ := strings.Cut(err.Error(), `", `)
		if i := strings.LastIndex(err.Error(), `", column`); i > 0 {
			message = err.Error()[i+3:]
		}
		assert.Equal(t, want, message)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		goal      string
		low, high float64
		want      analysis.Verdict
	}{
		{"mean(cac) <= 700", 600, 699, analysis.Met},
		{"mean(cac) <= 700", 600, 700, analysis.Met},
		{"mean(cac) < 700", 600, 700, analysis.Undecided},
		{"mean(cac) <= 700", 690, 710, analysis.Undecided},
		{"mean(cac) <= 700", 701, 710, analysis.Missed},
		{"mean(cac) >= 700", 690, 699, analysis.Missed},
		{"mean(cac) >= 700", 700, 710, analysis.Met},
		{"mean(cac) >= 700", nan, nan, analysis.Undecided},
		{"p10(cac) >= 700", math.Inf(-1), 800, analysis.Undecided},
		{"p10(cac) >= 700", math.Inf(-1), 650, analysis.Missed},
		{"p10(cac) <= 700", math.Inf(-1), 650, analysis.Met},
		{"cac <= 700", never, never, analysis.Missed},
		{"cac > 700", never, never, analysis.Met},
	} {
		g, err := ParseGoal(c.goal, columns)
		require.NoError(t, err)
		seen := g.Judge(analysis.Estimate{Low: c.low, High: c.high})
		assert.Equal(t, c.want, seen, "%s with %g to %g", c.goal, c.low, c.high)
	}
}

// The goals of a scenario are judged in their order, and one that cannot be read is named.
func TestJudgeGoals(t *testing.T) {
	lines, err := JudgeGoals([]plan.Goal{
		{Name: "solvent", Expect: "P(out_of_business) <= 1%"}, {Name: "ruin", Expect: "p50(week_of_ruin) >= 5"},
	}, tenReplications())
	require.NoError(t, err)
	require.Len(t, lines, 2)
	assert.Equal(t, "solvent", lines[0].Name)
	assert.Equal(t, "P(out_of_business) <= 1%", lines[0].Expect)
	assert.Equal(t, analysis.Missed, lines[0].Verdict)
	assert.Equal(t, analysis.Met, lines[1].Verdict)
	assert.Zero(t, lines[1].MissingShare)
	lines, err = JudgeGoals(nil, tenReplications())
	require.NoError(t, err)
	assert.NotNil(t, lines, "a list in JSON, not null")
	_, err = JudgeGoals([]plan.Goal{{Name: "solvent", Expect: "P(ruin) <= 1%"}}, tenReplications())
	assert.ErrorContains(t, err, `goal solvent: "P(ruin) <= 1%", column 3: there is no outcome "ruin"`)
}

// A goal about what nobody has is undecided, with the reason, and so is one that
// replications without a value could turn.
func TestGoalsOnMissingNumbers(t *testing.T) {
	all := func(x float64) []float64 { return []float64{x, x, x, x, x, x, x, x, x, x} }
	nobody := sampleOf(10, analysis.Ties{}, map[string][]float64{
		"cac": all(nan), "won": all(0), "acquisition_cost": all(900), "week_of_ruin": all(never),
	})
	some := tenReplications()
	const none = "cac has no number in 100% of runs: nobody was won"
	for _, c := range []struct {
		sample *analysis.Sample
		goal   string
		want   analysis.Verdict
		reason string
	}{
		{nobody, "P(cac > 1000) <= 5%", analysis.Undecided, none},
		{nobody, "P(not cac > 1000) <= 5%", analysis.Undecided, none},
		{nobody, "cac <= 1000", analysis.Undecided, none},
		{nobody, "p95(cac) <= 1000", analysis.Undecided, none},
		{nobody, "P(cac > 1000 and won > 5) <= 50%", analysis.Met, ""}, // false whatever the cost
		{nobody, "P(week_of_ruin < 26) <= 50%", analysis.Met, ""},
		{nobody, "p5(week_of_ruin) >= 26", analysis.Undecided, "the vendor stays in business"}, // ten are few for p5
		{nobody, "p50(week_of_ruin) >= 26", analysis.Met, "the vendor stays in business"},
		{nobody, "week_of_ruin >= 26", analysis.Undecided, "never in 100% of runs: the vendor stays in business"},
		{some, "P(cac < 100) <= 45%", analysis.Met, ""}, // 0 of 9, up to 30%; 1 of 10, up to 40%
		{some, "P(cac < 100) <= 35%", analysis.Undecided, "cac has no number in 10% of runs: nobody was won"},
	} {
		g, err := ParseGoal(c.goal, columns)
		require.NoError(t, err)
		line, err := g.Hold(c.sample)
		require.NoError(t, err)
		assert.Equal(t, c.want, line.Verdict, c.goal)
		assert.Equal(t, c.reason, line.Reason, c.goal)
	}
}

// Runs in which a goal's metric has no number are counted, and are neither met nor missed. A ratio of totals has them in
// it, unless it has no number itself; over nothing that was spent it is not applicable.
func TestGoalsSayWhereThereIsNoNumber(t *testing.T) {
	columns := []plan.Column{{Name: "ltv_total", Unit: "USD"}, {Name: "acquisition_cost", Unit: "USD"},
		{Name: "ltv_cac", Unit: "ratio", Label: "LTV/CAC", Over: "ltv_total", Under: "acquisition_cost", NoneAtZero: true,
			Missing: "nobody was won", Free: "nothing was spent"}}
	hold := func(goal string, ltv, cost []float64) analysis.GoalLine {
		ratio := make([]float64, len(ltv))
		for i := range ratio {
			ratio[i] = columns[2].Quotient(ltv[i], cost[i])
		}
		s := &analysis.Sample{N: len(ltv), Columns: columns, Outcome: func(i int) ([]float64, error) {
			return [][]float64{ltv, cost, ratio}[i], nil
		}}
		g, err := ParseGoal(goal, columns)
		require.NoError(t, err)
		line, err := g.Hold(s)
		require.NoError(t, err)
		return line
	}
	free := hold("ltv_cac >= 3", []float64{5, 6, 7}, []float64{0, 0, 0})
	assert.Equal(t, analysis.Undecided, free.Verdict)
	assert.Equal(t, 3, free.Unknown)
	assert.Equal(t, "LTV/CAC is not applicable: nothing was spent", free.Reason)
	assert.Equal(t, "not applicable: nothing was spent", free.Estimate.Reason)
	nobody := hold("ltv_cac >= 3", []float64{0, 0, 0}, []float64{9, 9, 9})
	assert.Equal(t, "LTV/CAC has no number in 100% of runs: nobody was won", nobody.Reason)
	part := []float64{90, 0, 90, 90}
	assert.Zero(t, hold("ltv_cac >= 3", part, []float64{10, 10, 10, 10}).Unknown, "the totals have that run in them")
	assert.Equal(t, 1, hold("P(ltv_cac >= 3) >= 10%", part, []float64{10, 10, 10, 10}).Unknown)
	mixed := hold("P(ltv_cac >= 3) >= 30%", []float64{90, 0, 90, 90}, []float64{0, 10, 10, 10})
	assert.Equal(t, "LTV/CAC has no number in 50% of runs: nobody was won, or nothing was spent", mixed.Reason)
}

// columns are a few outcomes of the kinds that there are.
var columns = []plan.Column{
	{Name: "live_customers", Unit: "customers", Direction: plan.More},
	{Name: "won", Unit: "customers", Direction: plan.More},
	{Name: "acquisition_cost", Unit: "USD", Direction: plan.Less},
	{Name: "cac", Unit: "USD", Direction: plan.Less, Over: "acquisition_cost", Under: "won",
		Missing: "nobody was won"},
	{Name: "cash_end", Unit: "USD", Direction: plan.More, Signed: true},
	{Name: "out_of_business", Unit: "chance", Direction: plan.Less, Share: true},
	{Name: "week_of_ruin", Unit: "week", Direction: plan.More, Never: "the vendor stays in business"},
	{Name: "capped_touches", Unit: "share", Over: "capped", Under: "judged_touches", Missing: "nobody was touched",
		Share: true},
	{Name: "spend_share", Unit: "share of revenue"},
	{Name: "leaving", Unit: "share per month", Rate: true},
	{Name: "capped", Unit: "touches"},
	{Name: "judged_touches", Unit: "touches"},
	{Name: "lowest_dormant_share", Unit: "share"},
}

// sampleOf makes a sample of named outcomes; those not named are 0.
func sampleOf(n int, t analysis.Ties, values map[string][]float64) *analysis.Sample {
	return &analysis.Sample{Columns: columns, N: n, Ties: t, Outcome: func(i int) ([]float64, error) {
		if x := values[columns[i].Name]; x != nil {
			return x, nil
		}
		return make([]float64, n), nil
	}}
}

var nan = math.NaN()
