package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/sim/decide/respond"
)

// dearer is a vendor whose prices reach live customers and who loses wins and customers by them.
const dearer = `extends = "town"
[run]
weeks = 52
[finance]
opening_cash = 5_000_000
[products.basic]
price_for_all = true
reference_price = 16
price_elasticity = 1.2
cost_to_serve_per_month = 8
source = {reference_price = "assumption", price_elasticity = "assumption"}
[products.business]
price_for_all = true
reference_price = 31
price_elasticity = 1.2
cost_to_serve_per_month = 20
source = {reference_price = "assumption", price_elasticity = "assumption"}
[customers]
price_churn_lasting = 0.8
price_churn_transient = 2
source = {price_churn_lasting = "assumption", price_churn_transient = "assumption"}
`

// The response to a price shows where margin turns: lifetime margin is highest inside of the range, wins and live
// customers fall from there on, and the answer names the elasticities as assumptions.
func TestRespondShowsWhereAPriceTurns(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("dearer.toml", []byte(dearer), 0o600))
	ask := func(sets ...string) (*respond.Answer, string) {
		t.Helper()
		words := []string{"respond", "dearer.toml", "--vary", "products.*.price=x0.2..x2:7", "--replications", "12", "--json", "--no-pictures", "--no-report"}
		for _, o := range []string{"lifetime_margin", "won", "live_customers"} {
			words = append(words, "--outcome", o)
		}
		var printed, told bytes.Buffer
		require.Equal(t, exitDone, Main(append(words, sets...), nil, &printed, &told), told.String())
		var r respond.Answer
		require.NoError(t, json.Unmarshal(printed.Bytes(), &r))
		return &r, told.String()
	}
	r, told := ask()
	margin, won, live := r.Curves[0].Points, r.Curves[1].Points, r.Curves[2].Points
	best := 0
	for i := range margin {
		if margin[i].Value.Value > margin[best].Value.Value {
			best = i
		}
	}
	last := len(margin) - 1
	require.Greater(t, best, 0)
	require.Less(t, best, last)
	require.Positive(t, margin[1].Marginal.Low, "the price is too low at first")
	require.Negative(t, margin[last].Marginal.High, "and too high in the end")
	require.Less(t, won[last].Value.Value, 0.6*won[2].Value.Value)
	require.Less(t, live[last].Value.Value, live[2].Value.Value)
	told = unwrapped(told)
	require.Contains(t, told, "the answer rests on products.basic.price_elasticity = 1.2, an assumption (dearer.toml:9)")
	require.Contains(t, told, "customers.price_churn_lasting = 0.8, an assumption")

	free, told := ask("--set", "products.*.price_elasticity=0", "--set", "customers.price_churn_lasting=0", "--set", "customers.price_churn_transient=0", "--set", "journey.willingness_median*=100")
	require.Contains(t, unwrapped(told), "the chance to win does not respond to the price of basic, business (price_elasticity is 0), and live customers do not respond to it")
	rising := free.Curves[0].Points
	require.Positive(t, rising[last].Marginal.Low, "without an answer a price is free")
}
