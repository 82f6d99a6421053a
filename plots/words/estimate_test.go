package words

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/analysis"
)

// A sentence has three significant digits, and no margin of error that is less than it is.
func TestSay(t *testing.T) {
	around := func(v, half float64) analysis.Estimate {
		return analysis.Estimate{Value: v, Error: half / 2, Low: v - half, High: v + half, N: 100}
	}
	for _, c := range []struct {
		f    Format
		e    analysis.Estimate
		want string
	}{
		{Money, around(2_744_123, 56_000), "$2.74M ± $0.06M"},
		{Money, around(2_803_123, 2_000), "$2.80M ± $0.01M"},
		{Money, around(-188_700, 5_200), "−$189k ± $5k"},
		{Money, around(284_000, 27_000), "$284k ± $27k"},
		{Money, around(22_000, 13_000), "$22k ± $13k"},
		{Money, around(5_401, 5_353), "$5,401 ± $5,353"},
		{Money, around(420, 0), "$420"},
		{Money, around(0, 12), "$0 ± $12"},
		{Money, around(50, 0.31), "$50.00 ± $0.31"},
		{Count, around(3_466, 3), "3,466 ± 3"},
		{Plain, around(857.7, 7.4), "858 ± 7"},
		{Plain, around(0.10471, 0.00861), "0.105 ± 0.009"},
		{Plain, around(-253.2, 3.1), "−253 ± 3"},
		{Money, analysis.Missing(10, "nobody was won"), "–"},
		{Money, analysis.Estimate{Value: math.Inf(1), Low: math.Inf(1), High: math.Inf(1)}, "never"},
	} {
		assert.Equal(t, c.want, Say(c.f, c.e))
	}
}

// A share has no more digits than its interval leaves known.
func TestShareIsNoFinerThanItsInterval(t *testing.T) {
	for want, e := range map[string]analysis.Estimate{
		"0.1% (0% to 9.5%)":        {Value: 0.000545, Low: 0, High: 0.095, N: 8},
		"0.5% (0% to 11.8%)":       {Value: 0.0047, Low: 0, High: 0.118, N: 8},
		"0.5% (0.1% to 2.8%)":      {Value: 0.005, Low: 0.000883, High: 0.028, N: 8},
		"2% (0.55% to 7%)":         {Value: 0.02, Low: 0.0055, High: 0.07, N: 8},
		"0.0545% (0.05% to 0.06%)": {Value: 0.000545, Low: 0.0005, High: 0.0006, N: 8},
		"−0.3% (−1.2% to 0.6%)":    {Value: -0.003, Low: -0.012, High: 0.006, N: 8},
	} {
		assert.Equal(t, want, Share(e))
	}
}

// Inside a sentence a metric has the words of its column; what is more than a name stays as it was asked.
func TestSaid(t *testing.T) {
	for metric, want := range map[string]string{"lifetime_margin": "customer lifetime margin",
		"business_value": "business value", "signups": "sign-ups", "cac": "fully loaded CAC", "ltv_cac": "LTV/CAC",
		"p5(cash_end)": "p5(cash_end)", "P(cash_trough < 0)": "P(cash_trough < 0)", "media_and_brand": "media and brand"} {
		assert.Equal(t, want, Said(metric))
	}
}

// Names of columns in a text get their words; keys and formulas stay.
func TestTold(t *testing.T) {
	for text, want := range map[string]string{
		"lifetime_margin is that of customers; fixed cost is in gross_margin and cash_end.": "Customer lifetime margin is that " +
			"of customers; fixed cost is in gross margin and cash at the end.",
		"±change of business_value": "±change of business value",
		"channels.x.weekly_budget = 1, p5(cash_end) and media.*.weekly_budget": "channels.x.weekly_budget = 1, p5(cash_end) " +
			"and media.*.weekly_budget",
		"won": "won",
	} {
		assert.Equal(t, want, Labelled(text))
	}
}

// A number that did not differ has no interval of no length, which would say that it is exact.
func TestNoIntervalHasNoLength(t *testing.T) {
	same := func(v float64) analysis.Estimate { return analysis.Estimate{Value: v, Low: v, High: v, N: 60} }
	assert.Equal(t, "$3 (the same in every run)", SayEnds(Money.Text, same(3)))
	assert.Equal(t, "$3", Ends(Money.Text, same(3)), "in a table")
	assert.Equal(t, "0", SayEnds(Plain.Text, same(0)))
	assert.Equal(t, "0", Ends(Plain.Text, same(0)))
	assert.Equal(t, "$3 in every run", Interval(Money.Text, same(3)))
	assert.Equal(t, "12 in every run", Between(Plain, same(12)))
	assert.Equal(t, "$420", With(Money, same(420)))
	assert.Equal(t, "0 points", Change(Percent, same(0)))
	near := analysis.Estimate{Value: 1, Error: 1e-6, Low: 0.99999, High: 1, N: 60}
	assert.Equal(t, "100%", Ends(Percent.Text, near), "what reads the same at both ends")
}

// A percentile of whole numbers often has both ends in one of them, though runs differ: only where all are alike it is
// the same in every run.
func TestAPercentileIsNotTheSameInEveryRun(t *testing.T) {
	var won []float64
	for i := range 200 {
		won = append(won, []float64{0, 4, 4, 4, 4, 4, 4, 4, 9, 17}[i/20])
	}
	tied := analysis.QuantileEstimate(won, 0.25)
	assert.Equal(t, []float64{4, 4, 4, 0}, []float64{tied.Value, tied.Low, tied.High, tied.Error})
	kept, err := json.Marshal(tied)
	require.NoError(t, err)
	var read analysis.Estimate
	require.NoError(t, json.Unmarshal(kept, &read))
	q := analysis.NewPercentile(won, 0.25)
	for _, e := range []analysis.Estimate{tied, read, analysis.Bootstrap(len(won), analysis.Ties{}, []float64{0.25}, q.Of),
		analysis.Ties{}.Alike(tied, 4), tied.Times(1), tied.Minus().Minus()} {
		assert.Equal(t, "4 to 4", Between(Plain, e))
		assert.Equal(t, "4 to 4", Interval(Plain.Text, e))
		assert.Equal(t, "4", SayEnds(Plain.Text, e))
	}
	assert.Equal(t, "4 in every run", Between(Plain, analysis.QuantileEstimate(won[20:160], 0.25)))
	none := analysis.Chance(0, 200)
	assert.Equal(t, "0% to 1.9%", Between(Percent, none), "no run of 200 is not none of all")
	assert.Equal(t, "0% (0% to 1.9%)", SayEnds(Percent.Text, none))
}
