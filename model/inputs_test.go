package model

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
)

// inputPlan has uncertain inputs of the given names, each the response of a
// channel or another share.
func inputPlan(keys ...string) *plan.Plan {
	p := testMarket(3000, 1)
	p.Opening.Customers = fill(4, 0)
	for _, k := range keys {
		p.Inputs = append(p.Inputs, plan.Input{Name: k, Key: k, Dist: plan.Dist{Kind: "uniform", B: 1, High: 1}})
	}
	return p
}

// drawsOf gives the draws of a plan's inputs by name over replications.
func drawsOf(p *plan.Plan, seed uint64, replications int) map[string][]float64 {
	tl := plan.NewTimeline(p)
	out := map[string][]float64{}
	for r := range replications {
		tl.Set(seed, r)
		for i, in := range p.Inputs {
			out[in.Name] = append(out[in.Name], tl.Drawn()[i])
		}
	}
	return out
}

const inputA, inputB, inputC, inputD = "channels.display.response", "channels.inbound.response", "channels.social.response", "channels.affiliates.response"

// Each ten replications have one draw in each tenth of every input.
func TestEveryTenReplicationsAreALatinHypercube(t *testing.T) {
	t.Parallel()
	p := inputPlan(inputA, inputB, inputC)
	for name, list := range drawsOf(p, 4, 4*plan.Hypercube) {
		for b := range 4 {
			var strata [plan.Hypercube]bool
			for _, u := range list[b*plan.Hypercube : (b+1)*plan.Hypercube] {
				strata[int(u*plan.Hypercube)] = true
			}
			for i, hit := range strata {
				require.True(t, hit, "%s: hypercube %d has nothing in stratum %d", name, b, i)
			}
		}
		require.NotEqual(t, list[:plan.Hypercube], list[plan.Hypercube:2*plan.Hypercube])
	}
	require.NotEqual(t, drawsOf(p, 4, 50), drawsOf(p, 5, 50))
}

// Draws belong to names: they stay when other inputs come or go, whatever their
// order, and a replication can be drawn without those before it.
func TestInputsKeepTheirDrawsByName(t *testing.T) {
	t.Parallel()
	alone := drawsOf(inputPlan(inputB), 4, 120)
	others := drawsOf(inputPlan(inputD, inputC, inputB, inputA), 4, 120)
	require.Equal(t, alone[inputB], others[inputB])

	p := inputPlan(inputA, inputB, inputC)
	p.Correlations = []plan.Correlation{{A: inputA, B: inputC, Rho: 0.7}}
	q := inputPlan(inputD, inputA, inputB, inputC)
	q.Correlations = []plan.Correlation{{A: inputC, B: inputA, Rho: 0.7}}
	x, y := drawsOf(p, 4, 120), drawsOf(q, 4, 120)
	for _, k := range []string{inputA, inputB, inputC} {
		require.Equal(t, x[k], y[k], k)
	}
	require.Equal(t, alone[inputB], x[inputB], "correlations of others do not matter")

	tl := plan.NewTimeline(p)
	for _, r := range []int{119, 3, 60, 3} {
		tl.Set(4, r)
		require.Equal(t, x[inputA][r], tl.Drawn()[0])
	}
}

// Correlations of the normal scores are realised, in a group of three as well.
func TestCorrelationsAreRealised(t *testing.T) {
	t.Parallel()
	p := inputPlan(inputA, inputB, inputC, inputD)
	want := map[[2]string]float64{{inputA, inputB}: 0.6, {inputB, inputC}: -0.5, {inputA, inputC}: 0, {inputA, inputD}: 0}
	p.Correlations = []plan.Correlation{{A: inputA, B: inputB, Rho: 0.6}, {A: inputB, B: inputC, Rho: -0.5}}
	n := more(200, 10) * plan.BlockSize
	draws := drawsOf(p, 9, n)
	for pair, rho := range want {
		var sum float64
		for r := range n {
			sum += rng.NormalQuantile(draws[pair[0]][r]) * rng.NormalQuantile(draws[pair[1]][r])
		}
		near(t, "correlation of "+pair[0]+" and "+pair[1], sum/float64(n), rho, math.Sqrt((1+rho*rho)/float64(n)))
	}
}

// Each law gives its quantiles: the share of draws below is the probability.
func TestDistributionsHaveTheirQuantiles(t *testing.T) {
	const z95 = 1.6448536269514722 // the normal quantile of 0.95
	t.Parallel()
	for _, c := range []struct {
		d             plan.Dist
		u, want, same float64
	}{
		{plan.Dist{Kind: "uniform", A: 2, B: 4, High: 9}, 0.25, 2.5, 1e-12},
		{plan.Dist{Kind: "loguniform", A: 1, B: 100, High: 1e9}, 0.5, 10, 1e-9},
		{plan.Dist{Kind: "normal", A: 3, B: 2, Low: -99, High: 99}, 0.95, 3 + 2*z95, 1e-9},
		{plan.Dist{Kind: "lognormal", A: 3, B: 0.4, High: 1e9}, 0.05, 3 * math.Exp(-0.4*z95), 1e-9},
		{plan.Dist{Kind: "logitnormal", A: 0.2, B: 0.4, High: 1}, 0.5, 0.2, 1e-9},
		{plan.Dist{Kind: "triangular", A: 0, B: 1, C: 4, High: 9}, 0.25, 1, 1e-9},
		{plan.Dist{Kind: "pert", A: 0, B: 2, C: 4, High: 9}, 0.5, 2, 1e-6},
		{plan.Dist{Kind: "discrete", Values: []float64{1, 5}, Weights: []float64{1, 3}, High: 9}, 0.3, 5, 0},
		{plan.Dist{Kind: "normal", A: 3, B: 2, Low: 2.5, High: 99}, 0.05, 2.5, 0},
		{plan.Dist{Kind: "uniform", A: 0, B: 10, High: 10, Whole: true}, 0.449, 4, 0},
	} {
		require.InDelta(t, c.want, c.d.Quantile(c.u), c.same, c.d.Kind)
	}
	// "5 to 10" is a 90% interval.
	for _, r := range [][2]float64{{0, math.Inf(1)}, {0, 1}, {math.Inf(-1), math.Inf(1)}} {
		d := plan.Interval90(0.2, 0.5, r[0], r[1])
		require.InDelta(t, 0.2, d.Quantile(0.05), 1e-9)
		require.InDelta(t, 0.5, d.Quantile(0.95), 1e-9)
	}
}

// Opening plan and run take the same draw of an input that both have; the run's
// value and the market's opening share follow it.
func TestOpeningPlanTakesTheSameDraw(t *testing.T) {
	t.Parallel()
	key := "triggers.office.rate_per_year"
	p := testMarket(50000, 1)
	p.Run.Weeks = 10
	p.Inputs = []plan.Input{{Name: key, Key: key, Dist: plan.Dist{Kind: "uniform", A: 0.02, B: 0.1, High: 100}}}
	p.OpeningPlan = p.Clone()
	p.Channels[0].WeeklyBudget = 0
	_, s, rec := prepared(t, p)
	for _, r := range []int{7, 51} {
		s.Replicate(3, r, rec)
		x := rec.Inputs[0]
		require.Equal(t, x, s.w.tl.Opening().Triggers[2].RatePerYear[1])
		require.Equal(t, x, s.w.at(3).plan.Triggers[2].RatePerYear[1])
		i := slices.IndexFunc(s.w.cells, func(c Cell) bool { return c.Size == 1 && c.Region == 0 })
		var away, all float64
		for k := range p.Triggers {
			rate := map[string]float64{"dying": 1.0 / 6, "growing": 0, "office": x}[p.Triggers[k].Name]
			away += rate * awayYears(&p.Triggers[k], 0.04, 2, 0)
			all += rate
		}
		require.InDelta(t, atStepStart(1-away, all), s.w.share[i], 1e-7)
	}
}
