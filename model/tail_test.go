package model_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
)

// of replicates a plan and gives an outcome of each replication.
func of(t *testing.T, p *model.Plan, n int, outcome string) []float64 {
	t.Helper()
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	at := slices.IndexFunc(pr.Schema().Outcomes, func(c model.Column) bool { return c.Name == outcome })
	st, rec := pr.NewState(), pr.Schema().NewRecord()
	out := make([]float64, n)
	for r := range out {
		st.Replicate(11, r, rec)
		out[r] = rec.Outcomes[at]
	}
	return out
}

// meanOf gives the mean of paired differences and its standard error.
func meanOf(a, b []float64) (mean, se float64) {
	n := float64(len(a))
	var q float64
	for i := range a {
		mean += (a[i] - b[i]) / n
	}
	for i := range a {
		q += (a[i] - b[i] - mean) * (a[i] - b[i] - mean)
	}
	return mean, math.Sqrt(q / (n - 1) / n)
}

// cutAtTheEnd is town with media and brand at a share of their budgets in the last half of 26 weeks, or
// from then on.
func cutAtTheEnd(t *testing.T, weeks string, share float64, forGood bool) (plan, cut *model.Plan) {
	t.Helper()
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks="+weeks))
	require.NoError(t, err)
	cut = plan.Clone()
	change := model.Change{Name: "cut", From: plan.Run.Start + 13*7, Effects: []model.Effect{
		{Key: "channels.*.weekly_budget", Multiply: true, Value: share, Input: -1},
		{Key: "media.*.weekly_budget", Multiply: true, Value: share, Input: -1},
	}}
	if !forGood {
		change.Until = plan.Run.Start + 26*7
	}
	cut.Changes = append(cut.Changes, change)
	return plan, cut
}

// A decision whose dates lie inside two runs has the same lifetime margin in both: the shorter run
// counts what comes after its last day, without which the decision would look better.
func TestADecisionHasTheSameMarginInALongerRun(t *testing.T) {
	n := 160
	if os.Getenv("WINDFALL_VERIFY") == "1" {
		n = 2400
	}
	var change, se [2]float64
	for i, weeks := range []string{"26", "104"} {
		plan, cut := cutAtTheEnd(t, weeks, 0.1, false)
		change[i], se[i] = meanOf(of(t, cut, n, "lifetime_margin"), of(t, plan, n, "lifetime_margin"))
		if i == 0 {
			after, _ := meanOf(of(t, cut, n, "pipeline_margin"), of(t, plan, n, "pipeline_margin"))
			carried, _ := meanOf(of(t, cut, n, "carry_over_margin"), of(t, plan, n, "carry_over_margin"))
			t.Logf("in %s weeks: pipeline %.0f, carry-over %.0f", weeks, after, carried)
			require.Less(t, after+carried, -3*math.Hypot(se[0], se[0]), "what comes after the last day matters here")
		}
		t.Logf("in %s weeks %.0f ± %.0f", weeks, change[i], se[i])
	}
	require.Less(t, math.Abs(change[0]-change[1]), 3.3*math.Hypot(se[0], se[1]))
}

// A plan cannot look better by starving its end: media and brand that earn their money are missed after
// the last day too.
func TestStarvingTheEndDoesNotPay(t *testing.T) {
	plan, cut := cutAtTheEnd(t, "26", 0, true)
	change, se := meanOf(of(t, cut, 100, "lifetime_margin"), of(t, plan, 100, "lifetime_margin"))
	require.Less(t, change, -4*se)
}

// Where spending never moves, no stock does, and nothing is carried over: exactly.
func TestASteadyPlanCarriesNothingOver(t *testing.T) {
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks=20"))
	require.NoError(t, err)
	for _, x := range of(t, plan, 5, "carry_over_margin") {
		require.Zero(t, x)
	}
	for _, x := range of(t, plan, 5, "pipeline_margin") {
		require.NotZero(t, x)
	}
}
