package folder

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit"
)

// A fit replays the prices of company.toml by date, in the history, in the forecast after it and in the burn-in of the plan
// behind it: who was won at a price keeps it, unless a new one is that of all.
func TestPricesAreReplayed(t *testing.T) {
	for _, forAll := range []bool{false, true} {
		dir := small(t)
		price := "price = {2025-01 = 40, 2025-06 = 80, 2026-03 = 120}"
		if forAll {
			price += "\nprice_for_all = true"
		}
		toml := strings.Replace(read(t, dir, "company.toml"), "price = 59", price, 1)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "company.toml"), []byte(toml), 0o600))
		f, err := Open(dir, Options{Workers: 1})
		require.NoError(t, err)

		// What one customer pays in the last week before the rise, in the first after it, and at the end of the history.
		p, err := fit.History(f.Ask.Plan, f.Ask.History, nil)
		require.NoError(t, err)
		x, err := export.Observe(p, 0)
		require.NoError(t, err)
		at := func(week int) float64 { return x.Of("mrr")[week] / x.Of("live_customers")[week] }
		rise := int(plan.NewDate(2025, 6, 4)-p.Run.Start) / plan.DaysPerWeek
		assert.InEpsilon(t, 40, at(rise-1), 1e-9)
		if forAll {
			assert.InEpsilon(t, 80, at(rise), 1e-9)
			assert.InEpsilon(t, 80, at(x.Weeks-1), 1e-9)
		} else {
			assert.Less(t, at(rise), 43.0)
			assert.Greater(t, at(x.Weeks-1), at(rise)+1)
			assert.Less(t, at(x.Weeks-1), 60.0)
		}

		// The plan that opens today has the customers that the history leaves, at what they pay.
		s, err := f.Company.Scenario(company.PlanOptions{Fitted: &company.Fitted{Middle: f.middle}})
		require.NoError(t, err)
		require.True(t, s.Plan.Opening.Replay)
		x, err = export.Observe(s.Plan, 0)
		require.NoError(t, err)
		later := int(plan.NewDate(2026, 3, 7)-s.Plan.Run.Start) / plan.DaysPerWeek
		if forAll {
			assert.InEpsilon(t, 80, at(0), 1e-9)
			assert.InEpsilon(t, 120, at(later), 1e-9)
		} else {
			assert.Greater(t, at(0), 42.0)
			assert.Less(t, at(0), 70.0)
			assert.Greater(t, at(x.Weeks-1), at(0)+2)
		}
		// The forecast of a fit has the price of 2026, too.
		assert.Equal(t, []plan.ScheduleEntry{{From: plan.NewDate(2025, 6, 4), Value: 80, Input: -1},
			{From: plan.NewDate(2026, 3, 4), Value: 120, Input: -1}}, scheduleOf(f.Ask.Plan, "products.main.price"))
	}
}
