package scenarios_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/edit"
)

// settingsOf are the plans that the commands set beside a scenario: budgets times a factor (respond), by quarter
// (optimise), pauses of the brand (pause), shocks (stress), overrides (compare), a draw held fixed (value).
func settingsOf(t *testing.T, name string, sets ...string) (names []string, plans []*plan.Plan) {
	base, err := scenarios.Load(name, scenarios.Set(sets...))
	require.NoError(t, err)
	add := func(name string, p *plan.Plan) { names, plans = append(names, name), append(plans, p) }
	add("plan", base)
	set, err := edit.NewLevers(base, []string{edit.Media}, nil, false)
	if err != nil {
		return nil, nil // it spends nothing
	}
	for _, factor := range []float64{0, 0.5, 3} {
		x := set.Plain()
		x[0] = factor
		add(fmt.Sprint(set.Levers[0].Name, " times ", factor), set.Plan(x))
	}
	set, err = edit.NewLevers(base, []string{edit.Media}, nil, true)
	require.NoError(t, err)
	x := set.Plain()
	x[len(x)-1], x[0] = 0.5, 1.2
	add("another last quarter", set.Plan(x))
	from := base.Run.Start + plan.Date(7*(int(base.Run.Weeks)/2)+2)
	pause, err := edit.NewPause(base, []string{"brand"}, nil)
	require.NoError(t, err)
	for _, weeks := range []int{1, 4} {
		add(fmt.Sprint("pause of ", weeks), pause.Plan(from, from+plan.Date(7*weeks)))
	}
	for _, x := range edit.Shocks() {
		p := base.Clone()
		err := x.Apply(p, from)
		if no := (*edit.NotApplicableError)(nil); errors.As(err, &no) {
			continue
		}
		require.NoError(t, err, x.Name)
		add("shock "+x.Name, p)
	}
	for _, more := range [][]string{{"channels.*.weekly_budget*=1.5"}, {"customers.churn_multiplier=1.1"},
		{"customers.churn_multiplier=1.1", `opening.plan="self"`}} {
		p, err := scenarios.Load(name, scenarios.Set(append(more, sets...)...))
		require.NoError(t, err)
		add(fmt.Sprint(more), p)
	}
	return names, plans
}

// Whatever the plans of a command share, each has the record that it has alone.
func TestGroupsOfShippedScenarios(t *testing.T) {
	list, sets := []string{"town", "metro-uncertain"}, []string{"run.weeks=40"} // metro is the latter without its intervals
	if os.Getenv("WINDFALL_VERIFY") == "1" {
		list, sets = nil, nil
		for _, b := range scenarios.List() {
			list = append(list, b.Name)
		}
	}
	for _, name := range list {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names, plans := settingsOf(t, name, sets...)
			if plans == nil {
				t.Skip("a market without a vendor")
			}
			var all []*model.Prepared
			var got []*plan.Record
			for i, p := range plans {
				pr, err := model.Prepare(p)
				require.NoError(t, err, names[i])
				all, got = append(all, pr), append(got, pr.Schema().NewRecord())
			}
			g := model.NewGroup(all)
			classes := g.Classes()
			require.Greater(t, len(classes), 1)
			for _, c := range classes[1:] {
				require.Regexp(t, "^(another opening plan: |rivals, )", c.Why)
			}
			for i := range all {
				if !strings.Contains(names[i], "churn_multiplier") { // a scenario may itself say that its opening plan is "self"
					require.Equal(t, names[i] == "shock rival_enters", g.SharedUntil(i) < 0, names[i])
				}
			}
			requireLikeAlone(t, names, all, got)
			// A pause beside the plan: they part in the middle of the run.
			var pauses []*model.Prepared
			for i := range names {
				if names[i] == "plan" || names[i] == "pause of 4" {
					pauses = append(pauses, all[i])
				}
			}
			g = model.NewGroup(pauses)
			half := int(plans[0].Run.Weeks) / 2
			require.Equal(t, []int{half, half}, []int{g.SharedUntil(0), g.SharedUntil(1)})
			requireLikeAlone(t, []string{"plan", "pause"}, pauses, got[:2])
		})
	}
}

func requireLikeAlone(t *testing.T, names []string, all []*model.Prepared, got []*plan.Record) {
	g := model.NewGroup(all)
	for r := range 2 {
		g.Replicate(7, r, got)
		for i, pr := range all {
			want := pr.Schema().NewRecord()
			pr.NewState().Replicate(7, r, want)
			require.True(t, equal(want, got[i]), "%s, replication %d, shared until %d", names[i], r, g.SharedUntil(i))
		}
	}
}

// equal says whether two records are equal to the bit.
func equal(a, b *plan.Record) bool {
	x := [...][]float64{a.Outcomes, a.Weekly, a.Months, a.Slices, a.Inputs}
	y := [...][]float64{b.Outcomes, b.Weekly, b.Months, b.Slices, b.Inputs}
	for k := range x {
		if len(x[k]) != len(y[k]) {
			return false
		}
		for i := range x[k] {
			if math.Float64bits(x[k][i]) != math.Float64bits(y[k][i]) {
				return false
			}
		}
	}
	return a.Replication == b.Replication
}
