package fit_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

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
