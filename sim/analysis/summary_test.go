package analysis

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func study() *Study {
	return &Study{
		Run: Run{Scenario: "metro", Seed: 7, Replications: 10, Weeks: 104, Start: "2013-01-01"}, Sample: *tenReplications(),
		Goals:    []GoalLine{{Name: "solvent", Expect: "P(out_of_business) <= 1%", Verdict: Missed, Estimate: Chance(2, 10)}},
		Warnings: []string{"from the plan"},
	}
}

func TestSummary(t *testing.T) {
	s, err := Summarize(study())
	require.NoError(t, err)
	assert.Equal(t, []string{"live_customers", "won", "cash_end", "out_of_business", "cac"}, s.Headlines)
	assert.Len(t, s.Table(), 5)
	assert.Equal(t, "replications", s.ErrorsFrom)

	cac := s.Outcome("cac")
	assert.Equal(t, "ratio of totals", cac.Statistic)
	assert.Equal(t, "less", cac.Direction)
	assert.Equal(t, 1000.0, cac.Estimate.Value)
	assert.Equal(t, 0.1, cac.MissingShare)
	assert.Equal(t, 9, cac.Quantiles.P50.N)
	assert.Nil(t, cac.Survivors)

	assert.Equal(t, 104, s.Ruin.HorizonWeeks)
	assert.Equal(t, 2, s.Ruin.Replications)
	assert.Equal(t, Chance(2, 10), s.Ruin.Chance)

	live := s.Outcome("live_customers")
	assert.Equal(t, 5500.0, live.Estimate.Value)
	assert.Equal(t, 6500.0, live.Survivors.Estimate.Value, "those two that went out of business left out")
	assert.Equal(t, 8, live.Survivors.Quantiles.P50.N)

	assert.Equal(t, study().Goals, s.Goals)
	ruin := s.Outcome("week_of_ruin")
	assert.Equal(t, 0.8, ruin.NeverShare)
	assert.True(t, ruin.Quantiles.P50.Never() && math.IsNaN(ruin.Estimate.Value))
	assert.Nil(t, s.Outcome("nothing"))
	assert.Nil(t, s.Variance, "inputs are fixed")
}

func TestSummarySurvivesJSON(t *testing.T) {
	s, err := Summarize(study())
	require.NoError(t, err)
	text, err := s.Encode()
	require.NoError(t, err)
	again, err := DecodeSummary(text)
	require.NoError(t, err)
	twice, err := again.Encode()
	require.NoError(t, err)
	assert.Equal(t, string(text), string(twice))
	_, err = DecodeSummary([]byte(`{"format": 99}`))
	assert.EqualError(t, err, "a summary of format 99; this program reads format 1")
}

func TestWarnings(t *testing.T) {
	s := study()
	s.Sample = *sampleOf(4, Ties{}, map[string][]float64{
		"capped": {1, 2, 3, 4}, "judged_touches": {100, 100, 100, 100}, "capped_touches": {0.01, 0.02, 0.03, 0.04},
		"lowest_dormant_share": {0.5, 0.29, 0.31, 0.2}, "out_of_business": {0, 0, 0, 0},
	})
	s.Goals = nil
	s.TeamLoads = map[string]float64{"field": 0.97, "inside": 0.95, "enterprise": 0.99}
	sum, err := Summarize(s)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"from the plan",
		"the chance that a touch makes a lead was cut at 1 on 2.5% of touches: lower response, halo or urgency",
		"team enterprise is 99% loaded over the run: its queue is what limits sales",
		"team field is 97% loaded over the run: its queue is what limits sales",
		"in 50% of runs a cell had fewer than 30% of its firms dormant (lowest 20%): trigger rates are too high for its size",
	}, sum.Warnings)

	s = study()
	s.Sample = *sampleOf(8, Ties{Cube: 2}, map[string][]float64{"out_of_business": {0, 0, 0, 0, 0, 0, 0, 0},
		"lowest_dormant_share": {1, 1, 1, 1, 1, 1, 1, 1}})
	s.Goals, s.Warnings = nil, nil
	sum, err = Summarize(s)
	require.NoError(t, err)
	assert.Equal(t, []string{"margins of error are wider than they need be: with uncertain inputs, fewer than 40 runs are taken as independent draws; --replications 40 or more"}, sum.Warnings)
}

// y = 2 u + v^2 + chance, with u, v and chance of variances 1/12, 4/45 and 1/4: the
// inputs hold (1/3 + 4/45) of (1/3 + 4/45 + 1/4).
func TestVarianceOfAKnownModel(t *testing.T) {
	r := source(9)
	const n = 2000
	u, v, w := hypercube(r, n, 10), hypercube(r, n, 10), hypercube(r, n, 10)
	y := make([]float64, n)
	for i := range y {
		y[i] = 2*u[i] + v[i]*v[i] + 0.5*r.NormFloat64()
	}
	fixed := make([]float64, n)
	s := &Study{Sample: *sampleOf(n, Ties{Cube: 10}, map[string][]float64{"won": y}), Inputs: []string{"u", "v", "w", "fixed"}}
	s.Input = func(i int) ([]float64, error) { return [][]float64{u, v, w, fixed}[i], nil }
	got, err := splitVariance(s, []string{"won", "cash_end"})
	require.NoError(t, err)
	require.Len(t, got.Shares, 1, "what does not vary has no split")
	e := got.Shares[0].Inputs
	want := (1.0/3 + 4.0/45) / (1.0/3 + 4.0/45 + 0.25)
	t.Logf("share of inputs %.3f +- %.3f, true %.3f", e.Value, e.Error, want)
	assert.InDelta(t, want, e.Value, 3*e.Error)
	assert.Less(t, e.Error, 0.02)

	for i := range y {
		y[i] = r.NormFloat64()
	}
	got, err = splitVariance(s, []string{"won"})
	require.NoError(t, err)
	e = got.Shares[0].Inputs
	assert.Less(t, e.Value, 0.01, "chance alone")
	assert.False(t, math.IsNaN(e.Error))

	s.N = 20
	got, err = splitVariance(s, []string{"won"})
	require.NoError(t, err)
	assert.Nil(t, got, "too few replications for the inputs")
}
