package sim_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/panel"
)

// businessValue is the mean of business_value and of cash_end of a plan.
func businessValue(t *testing.T, sets ...string) (value, cash float64) {
	t.Helper()
	p, err := scenarios.Load("town", scenarios.Set(sets...))
	require.NoError(t, err)
	leaf := func(column string) panel.Leaf {
		return panel.Leaf{Setting: "plan", Measure: panel.Measure{Column: column}}
	}
	numbers, err := sim.Measure(context.Background(), sim.Design{Seed: 5, Replications: 40,
		Settings: []sim.Setting{{Name: "plan", Plan: p}}, Measures: []panel.Leaf{leaf(panel.BusinessValue), leaf("cash_end")}})
	require.NoError(t, err)
	return numbers.Estimate(numbers.Mean(leaf(panel.BusinessValue))).Value, numbers.Estimate(numbers.Mean(leaf("cash_end"))).Value
}

// The value of a business that sells no more is the cash that it has when its customers' horizon is over. What
// customers still bring is told within a fifth: too little of it, since who has stayed long leaves less.
func TestBusinessValueIsTheCashToCome(t *testing.T) {
	closed := []string{"channels.*.response=0", "channels.*.weekly_budget=0", "media.*.weekly_budget=0", "teams.*.pay_per_year=0", "finance.fixed_cost_per_week=0",
		"finance.discount_rate=0", "finance.ltv_horizon_years=2", "customers.seat_growth_per_year=0"}
	value, now := businessValue(t, append(closed, "run.weeks=52")...)
	_, later := businessValue(t, append(closed, "run.weeks=156")...)
	require.Greater(t, later, 1.5*now, "customers bring more than what was there")
	share := (value - now) / (later - now)
	require.True(t, share > 0.8 && share < 1, "%v", share)

	// A vendor that goes out of business is worth its cash.
	value, now = businessValue(t, "run.weeks=20", "finance.opening_cash=0", "finance.fixed_cost_per_week=1e6")
	require.Equal(t, now, value)
	require.Negative(t, value)
}
