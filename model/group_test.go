package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// groupOf makes a group of a plan and what changes make of it.
func groupOf(t testing.TB, base *plan.Plan, changes ...func(p *plan.Plan)) (*Group, []*plan.Record) {
	t.Helper()
	var all []*Prepared
	var records []*plan.Record
	for _, change := range append([]func(p *plan.Plan){func(*plan.Plan) {}}, changes...) {
		p := base.Clone()
		change(p)
		pr, err := Prepare(p)
		require.NoError(t, err)
		all, records = append(all, pr), append(records, pr.Schema().NewRecord())
	}
	return NewGroup(all), records
}

// changeOn is a dated change of a plan.
func changeOn(days plan.Date, key string, factor float64) func(p *plan.Plan) {
	return func(p *plan.Plan) {
		c := p.Final("setting", p.Run.Start+days, 0)
		c.Effects = []plan.Effect{{Key: key, Multiply: true, Value: factor, Input: -1}}
		p.Changes = append(p.Changes, c)
	}
}

// What plans share, and why they do not.
func TestWhatAGroupShares(t *testing.T) {
	t.Parallel()
	base := busyMarket()
	written := func(change func(p *plan.Plan)) func(p *plan.Plan) {
		return func(p *plan.Plan) {
			p.OpeningPlan = base.Clone()
			change(p)
		}
	}
	for _, c := range []struct {
		name   string
		change func(p *plan.Plan)
		until  int
		why    string
	}{
		{"the same plan", func(*plan.Plan) {}, int(base.Run.Weeks), ""},
		{"spend from the first day on", changeOn(0, "channels.*.weekly_budget", 2), 0, ""},
		{"spend from inside the 10th week on", changeOn(7*9+4, "channels.*.weekly_budget", 2), 9, ""},
		{"an override", written(func(p *plan.Plan) { p.Channels[0].WeeklyBudget *= 2 }), 0, ""},
		{"cash and a later recession", written(func(p *plan.Plan) {
			p.Finance.OpeningCash, p.Economy.Path = 5, []plan.RegimeFrom{{From: p.Run.Start + 7, Regime: "recession"}}
		}), 0, ""},
		{"an opening plan of another length and seed", written(func(p *plan.Plan) {
			p.OpeningPlan.Run.Weeks, p.OpeningPlan.Run.Seed, p.OpeningPlan.Run.Replications = 7, 12, 3
		}), int(base.Run.Weeks), ""},
		{"its own opening plan", func(p *plan.Plan) { p.Channels[0].WeeklyBudget *= 2 }, -1,
			"another opening plan: channels.affiliates.weekly_budget"},
		{"a recession on the first day", func(p *plan.Plan) { p.Economy.StartRegime = "recession" }, -1,
			"the economy of the first day, which holds in the burn-in"},
		{"rivals", changeOn(0, "triggers.*.rival_per_week", 2), -1,
			"rivals, whom firms choose that came into the market before the first day"},
		{"longer windows", written(func(p *plan.Plan) { p.Triggers[0].WindowWeeks = 300 }), -1,
			"windows or sales cycles of another length, which are followed longer after the run"},
		{"another calendar", written(func(p *plan.Plan) { p.Run.Weeks-- }), -1, "another calendar"},
		{"a channel more", written(func(p *plan.Plan) { p.Channels = append(p.Channels, testChannel(p, "zines", 3, 1)) }), -1,
			"other channels"},
	} {
		if c.name == "rivals" {
			for i := range base.Triggers {
				base.Triggers[i].RivalPerWeek = 0.01
			}
		}
		g, _ := groupOf(t, base, c.change)
		require.Equal(t, c.until, g.SharedUntil(1), c.name)
		classes := g.Classes()
		require.Equal(t, c.until >= 0, len(classes) == 1, c.name)
		require.Empty(t, classes[0].Why, c.name)
		require.Equal(t, c.why, classes[len(classes)-1].Why, c.name)
	}
}

// A plan without a record is left out, and the others are as before.
func TestAPlanOfAGroupMayBeLeftOut(t *testing.T) {
	t.Parallel()
	base := busyMarket()
	base.Run.Weeks = 8
	g, records := groupOf(t, base, changeOn(0, "channels.*.weekly_budget", 2), changeOn(0, "channels.*.weekly_budget", 3))
	g.Replicate(3, 1, records)
	want := wordsOf(records[2])
	for _, only := range [][]*plan.Record{{nil, nil, records[2]}, {nil, records[1], records[2]}} {
		g.Replicate(3, 0, records)
		g.Replicate(3, 1, only)
		require.Equal(t, want, wordsOf(records[2]))
	}
}

// Once the lists have grown a group allocates nothing.
func TestAGroupAllocatesNothing(t *testing.T) {
	base := testMarket(60000, 3)
	base.Run.Weeks = 12
	for _, days := range []plan.Date{0, 40} {
		g, records := groupOf(t, base, changeOn(days, "channels.*.weekly_budget", 2),
			changeOn(days, "channels.*.response", 0.5))
		run := func() {
			for r := range 3 {
				g.Replicate(5, r, records)
			}
		}
		run()
		run()
		require.Zero(t, testing.AllocsPerRun(2, run), "plans that part on day %d", days)
	}
}

// Length, seed and number of replications of an opening plan are not those of the run: plans that differ in them there
// share all, and have the records that they have alone.
func TestTheOpeningPlanHasNoLengthOfItsOwn(t *testing.T) {
	t.Parallel()
	base := busyMarket()
	base.Run.Weeks = 8
	longer := func(p *plan.Plan) {
		p.OpeningPlan = base.Clone()
		p.OpeningPlan.Run.Weeks, p.OpeningPlan.Run.Seed, p.OpeningPlan.Run.Replications = 70, 9, 5
	}
	g, records := groupOf(t, base, longer)
	require.Len(t, g.Classes(), 1)
	p := base.Clone()
	longer(p)
	pr, err := Prepare(p)
	require.NoError(t, err)
	alone := pr.NewState()
	rec := pr.Schema().NewRecord()
	for r := range 3 {
		g.Replicate(3, r, records)
		alone.Replicate(3, r, rec)
		require.Equal(t, wordsOf(rec), wordsOf(records[1]))
	}
}

// One plan that parts early does not keep the others from sharing what comes before they part, where that saves more
// than a burn-in.
func TestWhereAGroupParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		until        []int
		burnIn, want int
	}{
		{nil, 30, 0},
		{[]int{0, 0}, 30, 0},
		{[]int{40, 50, 60}, 30, 40},    // all of them, without another burn-in
		{[]int{2, 50, 50, 50}, 30, 50}, // 150 steps less a burn-in, in place of 8
		{[]int{2, 5, 5}, 30, 2},        // 6, in place of 10 less a burn-in
		{[]int{0, 20}, 30, 0},          // a burn-in costs more
		{[]int{0, 20, 20}, 30, 20},
	} {
		g := &Group{}
		var plans []int
		for i, until := range c.until {
			g.members, plans = append(g.members, member{until: until}), append(plans, i)
		}
		require.Equal(t, c.want, g.forkOf(plans, c.burnIn), "%v", c.until)
	}
}
