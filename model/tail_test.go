package model_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// of replicates a plan; what it gives tells the outcomes of each replication.
func of(t *testing.T, p *plan.Plan, n int) func(outcome string) []float64 {
	t.Helper()
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	st, rec := pr.NewState(), pr.Schema().NewRecord()
	all := make([][]float64, n)
	for r := range all {
		st.Replicate(11, r, rec)
		all[r] = slices.Clone(rec.Outcomes)
	}
	return func(outcome string) []float64 {
		at := slices.IndexFunc(pr.Schema().Outcomes, func(c plan.Column) bool { return c.Name == outcome })
		out := make([]float64, n)
		for r := range out {
			out[r] = all[r][at]
		}
		return out
	}
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
func cutAtTheEnd(t *testing.T, weeks string, share float64, forGood bool) (p, cut *plan.Plan) {
	t.Helper()
	p, err := scenarios.Load("town", scenarios.Set("run.weeks="+weeks))
	require.NoError(t, err)
	cut = p.Clone()
	change := plan.Change{Name: "cut", From: p.Run.Start + 13*7, Effects: []plan.Effect{
		{Key: "channels.*.weekly_budget", Multiply: true, Value: share, Input: -1},
		{Key: "media.*.weekly_budget", Multiply: true, Value: share, Input: -1},
	}}
	if !forGood {
		change.Until = p.Run.Start + 26*7
	}
	cut.Changes = append(cut.Changes, change)
	return p, cut
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
		ofCut, ofPlan := of(t, cut, n), of(t, plan, n)
		change[i], se[i] = meanOf(ofCut("lifetime_margin"), ofPlan("lifetime_margin"))
		if i == 0 {
			after, _ := meanOf(ofCut("pipeline_margin"), ofPlan("pipeline_margin"))
			carried, _ := meanOf(ofCut("carry_over_margin"), ofPlan("carry_over_margin"))
			t.Logf("in %s weeks: pipeline %.0f, carry-over %.0f", weeks, after, carried)
			require.Less(t, after+carried, -3*math.Hypot(se[0], se[0]), "what comes after the last day matters here")
		}
		t.Logf("in %s weeks %.0f ± %.0f", weeks, change[i], se[i])
	}
	require.Less(t, math.Abs(change[0]-change[1]), 3.3*math.Hypot(se[0], se[1]))
}

// A plan cannot look better by starving its end. In the run alone it does: what media and brand of the
// last weeks bring comes after it.
func TestStarvingTheEndDoesNotPay(t *testing.T) {
	p, err := scenarios.Load("town", scenarios.Set("run.weeks=20"))
	require.NoError(t, err)
	starved := p.Clone()
	starved.Changes = append(starved.Changes, plan.Change{Name: "starve", From: p.Run.Start + 18*7, Effects: []plan.Effect{
		{Key: "channels.*.weekly_budget", Value: 0, Input: -1}, {Key: "media.*.weekly_budget", Value: 0, Input: -1},
	}})
	ofStarved, ofPlan := of(t, starved, 150), of(t, p, 150)
	inRun := func(of func(outcome string) []float64) []float64 {
		out := of("ltv_total")
		for i, x := range of("acquisition_cost") {
			out[i] -= x
		}
		return out
	}
	gain, se := meanOf(inRun(ofStarved), inRun(ofPlan))
	require.Greater(t, gain, 3*se, "in the run alone starving pays")
	loss, se := meanOf(ofStarved("lifetime_margin"), ofPlan("lifetime_margin"))
	require.Less(t, loss, -3*se)
}

// Carry-over is that of journeys which each set of stocks follows through touches of its own, and far
// less a matter of chance.
func TestCarryOverIsThatOfEachSetsOwnTouches(t *testing.T) {
	for _, c := range []struct {
		step string
		real float64 // share of the leads of every second channel
	}{{"week", 1}, {"day", 1}, {"week, with searches", 1}, {"week", 0.4}, {"week, with searches", 0.4}} {
		_, cut := cutAtTheEnd(t, "26", 0.1, false)
		step := c.step
		cut.Run.Step = step
		if step == "week, with searches" {
			cut.Run.Step = "week"
			for _, name := range []string{"partners", "paid-search"} {
				c := &cut.Channels[slices.IndexFunc(cut.Channels, func(c plan.Channel) bool { return c.Name == name })]
				c.Captures, c.Organic, c.FallsBackTo, c.AdstockHalfLifeWeeks = "category", 0.4, "inbound", 6
				c.MaxTouchesPerWeek /= 3
			}
		}
		for i := 0; i < len(cut.Channels) && c.real < 1; i += 2 {
			cut.Channels[i].Real, cut.Channels[i].FeePerLead = c.real, 20
		}
		pr, err := model.Prepare(cut)
		require.NoError(t, err)
		st, rec := pr.NewState(), pr.Schema().NewRecord()
		st.Replicate(3, 0, rec)
		var engine, own []float64
		for try := range 300 {
			a, b := model.CarryTwice(st, try)
			engine, own = append(engine, a), append(own, b)
		}
		bias, se := meanOf(engine, own)
		mean, seOwn := meanOf(own, make([]float64, len(own)))
		_, seEngine := meanOf(engine, make([]float64, len(engine)))
		t.Logf("by %s: own touches %.0f ± %.0f, engine %+.0f ± %.0f, with an error of %.0f", step, mean, seOwn, bias, se, seEngine)
		require.Less(t, mean, -10*seOwn)
		require.Less(t, math.Abs(bias), 3.5*se)
		require.Less(t, seEngine, 0.6*seOwn)
	}
}

// Where spending never moves, no stock does, and nothing is carried over: exactly.
func TestASteadyPlanCarriesNothingOver(t *testing.T) {
	plan, err := scenarios.Load("town", scenarios.Set("run.weeks=20"))
	require.NoError(t, err)
	ofPlan := of(t, plan, 5)
	for _, x := range ofPlan("carry_over_margin") {
		require.Zero(t, x)
	}
	for _, x := range ofPlan("pipeline_margin") {
		require.NotZero(t, x)
	}
}
