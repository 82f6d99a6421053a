package fit_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// The folder that windfall company new writes can be fitted as it stands: its first plan, its history, and the unknowns
// that they have, with the intervals of that plan as priors.
func TestAFolderOfACompany(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("some seconds of CPU time: with WINDFALL_VERIFY=1, as make test does; TestFitOfAFolder in folder fits a smaller one")
	}
	dir := filepath.Join(t.TempDir(), "acme")
	require.NoError(t, company.New(dir, company.Defaults("acme", "ca"), nil, plan.NewDate(2026, 11, 1)))
	c, problems := company.Read(dir)
	wrong, _ := company.Split(problems)
	require.Empty(t, wrong)
	scenario, err := c.Scenario(company.PlanOptions{Replay: true})
	require.NoError(t, err)
	kinds := map[string]string{}
	for _, ch := range c.Channels {
		kinds[ch.Name] = ch.Kind
	}
	unknowns := fit.Defaults(scenario.Plan, &c.History, kinds)
	require.True(t, slices.ContainsFunc(unknowns, func(u learned.Unknown) bool { return u.Kind == learned.Level }))
	for _, u := range unknowns {
		require.NotEmpty(t, u.Prior.Source, u.Name)
	}
	ask := &fit.Ask{Plan: scenario.Plan, History: &c.History, Unknowns: unknowns, NoBackTest: true,
		Share: 6000 / scenario.Plan.Population.Firms}
	a, err := ask.Run(context.Background())
	require.NoError(t, err)
	require.Len(t, a.Unknowns, len(unknowns))
	for _, u := range a.Unknowns {
		t.Logf("%-22s %5.2f sd %4.2f ratio %4.2f %s", u.Name, u.Mean, u.SD, u.Ratio, u.Verdict)
		if u.Kind == learned.Level || u.Kind == learned.Real {
			require.NotEqual(t, learned.Unmoved, u.Verdict, u.Name)
		}
	}
	t.Log("months outside of their bands", a.Outside())
	for _, s := range a.Summaries {
		t.Logf("%-30s seen %7.2f expected %7.2f sd %5.2f", s.Name, s.Seen, s.Expected, s.SD)
	}
}

// The plan of the history that windfall company new writes earns and spends what the history says, before anything is
// fitted: its first month's revenue and cash are those of the engine, and later cash differs only by what the engine's
// customers bring more or less. Of seats a few large customers have many, so that of several runs the middle is taken.
func TestTheCashOfANewFolder(t *testing.T) {
	for name, x := range map[string]struct {
		change       func(*company.Answers)
		months, runs int
		off          float64 // of revenue: months have other lengths than a twelfth of a year
	}{
		"defaults":    {func(*company.Answers) {}, 24, 1, 0.05},
		"earns money": {func(a *company.Answers) { a.Cash, a.FixedCost = "100k", "0" }, 3, 1, 0.05},
		"fees":        {func(a *company.Answers) { a.Channels = "google-ads, affiliates, partners, shopify" }, 24, 1, 0.05},
		"seats": {func(a *company.Answers) {
			a.Per, a.Price, a.Sellers = "seat", "19", "2025-01 = 1, 2026-04 = 4"
		}, 3, 5, 0.1},
	} {
		t.Run(name, func(t *testing.T) {
			dir, a := filepath.Join(t.TempDir(), "acme"), company.Defaults("acme", "ca")
			x.change(&a)
			require.NoError(t, company.New(dir, a, nil, plan.NewDate(2026, 11, 1)))
			c, _ := company.Read(dir)
			c.History = c.History.First(x.months)
			s, err := c.Scenario(company.PlanOptions{Replay: true})
			require.NoError(t, err)
			s.Plan.Finance.OpeningCash = c.CashAtStart()
			u := fit.Defaults(s.Plan, &c.History, nil)
			var revenue, cash []float64
			for seed := range x.runs {
				h, _, _, err := fit.Simulate(s.Plan, &c.History, u, make([]float64, len(u)), uint64(seed), "acme", 0)
				require.NoError(t, err)
				revenue, cash = append(revenue, h.Revenue[0]), append(cash, h.Cash[0])
				more, all, last := 0., 0., x.months-1
				for i, seen := range c.History.Revenue {
					more, all = more+c.Products[0].GrossMargin.Value*(h.Revenue[i]-seen), all+seen
				}
				assert.InDelta(t, c.History.Cash[last]+more, h.Cash[last], 0.01*all)
			}
			slices.Sort(revenue)
			slices.Sort(cash)
			assert.InEpsilon(t, c.History.Revenue[0], revenue[x.runs/2], x.off)
			assert.InDelta(t, c.History.Cash[0], cash[x.runs/2], x.off*c.History.Revenue[0])
		})
	}
}
