package expected

import (
	"math"
	"testing"

	"windfall/model"
	"windfall/scenarios"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > relative*math.Abs(want) {
		t.Errorf("%s: %.6g, want %.6g within %.3g%%", what, got, want, 100*relative)
	}
}

// The exact means of the model specification: salience with a half-life of 0.75
// weeks whose input falls from 1 to 0.
func TestStockGivesExactMeans(t *testing.T) {
	mean, end := stock(1, 0, 0.75, 1)
	near(t, "first week", mean, 0.653, 1e-3)
	mean, _ = stock(end, 0, 0.75, 1)
	near(t, "second week", mean, 0.259, 2e-3)
}

// Erlang C for 10 sellers at a load of 80 and 85% (facts X11), closed form.
func TestErlangC(t *testing.T) {
	near(t, "80%", erlangC(10, 8), 0.409, 2e-3)
	near(t, "85%", erlangC(10, 8.5), 0.530, 2e-3)
}

// The incomplete gamma function at whole shapes is one less a Poisson sum.
func TestGammaP(t *testing.T) {
	for _, x := range []float64{0.1, 1, 2.5, 7, 20} {
		near(t, "shape 1", gammaP(1, x), 1-math.Exp(-x), 1e-9)
		near(t, "shape 3", gammaP(3, x), 1-math.Exp(-x)*(1+x+x*x/2), 1e-9)
	}
}

// One cell, one channel, exponential window of rate m, touches at rate l with
// response q each: a journey raises its hand with chance l q/(l q + m).
func TestOneChannelHasItsClosedForm(t *testing.T) {
	p, err := scenarios.LoadBytes("one.toml", []byte(oneChannel))
	if err != nil {
		t.Fatal(err)
	}
	e := Funnel(p)
	// Leads of the run over journeys of the run: journeys that come in equal
	// those that go, since the burn-in fills the market.
	all := e.Sum(0, len(e.Weeks))
	const l, q, m = 0.8 * 0.5, 0.3, 1.0 / 4
	near(t, "chance to raise a hand", all.Leads/all.Journeys, l*q/(l*q+m), 0.01)
	near(t, "in market", all.InMarket, all.Journeys/float64(len(e.Weeks))/(l*q+m), 0.05)
}

const oneChannel = `
title = "one cell, one channel"
[run]
weeks = 26
[population]
firms = 1_000_000
[population.sizes.all]
share = 1
lowest = 1
highest = 9
firm_death_per_year = 0
[population.industries.all]
share = 1
[population.regions.all]
share = 1
[triggers.event]
kind = "event"
rate_per_year = 0.1
window_weeks = 4
[journey]
touches_needed = 1
readiness_step = true
touches_needed_sd = 0
willingness_median = 100
[channels.only]
weekly_budget = 1000
half_saturation = 1000
max_touches_per_week = 0.8
response = 0.3
[products.it]
price = 1
[teams.web]
kind = "web"
win_rate = 0.5
cycle_days = 0
[customers]
retained_12_months = 0.8
[finance]
opening_cash = 0
[opening]
burn_in_weeks = 52
`

// The funnel and the engine, which share no equation, agree on the shipped
// metropolitan market in a year.
func TestFunnelAgreesWithTheEngine(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=52"))
	if err != nil {
		t.Fatal(err)
	}
	pr, err := model.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	const replications = 20
	st, rec := pr.NewState(), pr.Schema().NewRecord()
	sums, squares := map[string]float64{}, map[string]float64{}
	for r := range replications {
		st.Replicate(7, r, rec)
		for i, c := range pr.Schema().Outcomes {
			sums[c.Name] += rec.Outcomes[i] / replications
			squares[c.Name] += rec.Outcomes[i] * rec.Outcomes[i] / replications
		}
	}
	e := Funnel(p)
	all := e.Sum(0, len(e.Weeks))
	for _, c := range []struct {
		name string
		got  float64
	}{
		{"journeys", all.Journeys}, {"touches", all.Touches}, {"leads", all.Leads}, {"signups", all.Signups},
		{"opportunities", all.Opportunities}, {"won", all.Won}, {"live_customers", all.Live}, {"customer_months", all.CustomerMonths},
		{"revenue", all.Revenue}, {"mrr", all.MRR}, {"opening_mrr", e.OpeningMRR}, {"retained_mrr", e.RetainedMRR},
		{"media_spend", all.Media}, {"brand_spend", all.Brand}, {"sales_spend", all.Sales}, {"acquisition_cost", all.AcquisitionCost()},
		{"ltv_total", all.LTV}, {"in_market_firms", meanInMarket(&e)},
	} {
		t.Logf("%-18s engine %.6g, funnel %.6g (%+.1f%%)", c.name, sums[c.name], c.got, 100*(c.got/sums[c.name]-1))
		// A mean field leaves out what is nonlinear in luck, allowed 2.5%; the
		// engine's mean has its own error, allowed three times.
		mean := sums[c.name]
		spread := math.Sqrt(max(0, squares[c.name]-mean*mean) / (replications - 1))
		near(t, c.name, c.got, mean, 0.025+3*spread/math.Abs(mean))
	}
}

func meanInMarket(e *Expected) float64 {
	var s float64
	for _, w := range e.Weeks {
		s += w.InMarket / float64(len(e.Weeks))
	}
	return s
}
