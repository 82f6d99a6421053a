package scenarios

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// births is a market whose newborn firms all become customers at once and never churn: whoever leaves has died.
const births = `
[run]
start = 2013-01-01
weeks = 530
[opening]
burn_in_weeks = 0
[population]
firms = 40_000_000
[population.sizes.all]
share = 1
lowest = 1
highest = 1
firm_death_per_year = 0.082
death_shape = 0.66
[population.industries.all]
share = 1
[population.regions.all]
share = 1
[triggers.birth]
kind = "event"
newborn = true
rate_per_year = 0.08
window_weeks = 0.1
[changes.no-more-births]
from = 2013-01-08
set = {triggers.birth.rate_per_year = 0}
[journey]
touches_needed = 0.001
touches_needed_sd = 0
willingness_median = 1_000_000
[channels.doorstep]
weekly_budget = 1_000_000
half_saturation = 1
max_touches_per_week = 1_000
response = 1
[products.service]
price = 10
[teams.web]
kind = "web"
win_rate = 1
cycle_days = 0
[customers]
base_hazard = 0.000_001
[finance]
opening_cash = 1_000_000_000_000
`

// Births survive as the public record says (P35), through the language alone: within 0.6 of a point, which is what
// a Weibull life of shape 0.66 and a mean death rate of 8.2% a year leaves, and chance.
func TestBirthsSurviveAsTheRecord(t *testing.T) {
	record := []float64{79.6, 68.9, 61.4, 55.3, 50.6, 46.7, 42.8, 39.9, 37.6, 34.7}
	p := mustLoad(t, births)
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	rec, state := pr.Schema().NewRecord(), pr.NewState()
	state.Replicate(1, 0, rec)
	at := map[string]int{}
	for i, c := range pr.Schema().Weekly {
		at[c.Name] = i
	}
	week := func(w int, name string) float64 { return rec.Weekly[(w-1)*len(at)+at[name]] }
	n := week(1, "won") + week(2, "won")
	require.Greater(t, n, 5000.0)
	require.Zero(t, week(10, "won"))
	for year, want := range record {
		// Live customers at the two week ends around the anniversary; the mean birth lies in the middle of the first week.
		when := float64(year+1)*plan.WeeksPerYear + 0.5
		w := int(when)
		part := when - float64(w)
		got := 100 * (week(w, "live_customers")*(1-part) + week(w+1, "live_customers")*part) / n
		chance := 100 * math.Sqrt(want/100*(1-want/100)/n)
		require.InDelta(t, want, got, 0.62+3*chance, "alive after %d years", year+1)
	}
}
