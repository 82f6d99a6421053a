package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

// spentBy sums what a plan means to spend on a channel by calendar month of its run.
func spentBy(p *plan.Plan, channel int) map[string]float64 {
	t := plan.NewTimeline(p)
	t.SetFixed()
	out := map[string]float64{}
	for step := range t.Steps() {
		spend, _ := t.ChannelSpend(step, channel)
		out[t.Date(step).String()[:7]] += spend * t.StepWeeks()
	}
	return out
}

const monthsText = `extends = "small"
[run]
start = 2013-01-01
weeks = 52
step = "day"
[channels.search]
monthly_budget = {2013-01 = 40_000, 2013-02 = "38.5k", 2013-03 = 0, 2013-04 = 1234.56, 2013-05 = 1, 2013-06 = 1, 2013-07 = 99_999.99, 2013-08 = 2, 2013-09 = 3, 2013-10 = 4, 2013-11 = 5, 2013-12 = 31}
[channels.targeted-mail]
monthly_budget = 3_000
[media.radio]
monthly_budget = {east = 900, west = {2013-01 = 310, 2013-02 = 280, 2013-03 = 310, 2013-04 = 300, 2013-05 = 310, 2013-06 = 300, 2013-07 = 310, 2013-08 = 310, 2013-09 = 300, 2013-10 = 310, 2013-11 = 300, 2013-12 = 310}}
`

// The money of each month adds up to the cent, spent evenly over its days, whatever the step.
func TestBudgetsByCalendarMonth(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, monthsText)
	spent := spentBy(p, 2)
	for month, want := range map[string]float64{"2013-01": 40_000, "2013-02": 38_500, "2013-03": 0, "2013-04": 1234.56, "2013-07": 99_999.99, "2013-12": 30} { // the run ends on 30 December
		require.InDelta(t, want, spent[month], 1e-6, month)
	}
	for month, got := range spentBy(p, 3) {
		if month != "2013-12" {
			require.InDelta(t, 3_000, got, 1e-6, month)
		}
	}
	tl := plan.NewTimeline(p)
	tl.SetFixed()
	for step := range tl.Steps() { // evenly: each day has the same part
		spend, _ := tl.ChannelSpend(step, 2)
		if tl.Date(step).String()[:7] == "2013-02" {
			require.InDelta(t, 38_500.0/28, spend/7, 1e-9)
		}
	}
	first := tl.Plan(0).Media[0].WeeklyBudget.Parts
	require.InDeltaSlice(t, []float64{900.0 / 31 * 7, 70}, first, 1e-9)

	week := mustLoad(t, strings.Replace(monthsText, `step = "day"`, "", 1))
	var daily, weekly float64
	for _, x := range spent {
		daily += x
	}
	for _, x := range spentBy(week, 2) {
		weekly += x
	}
	require.InDelta(t, daily, weekly, 1e-6)
	require.InDelta(t, 40_000+38_500+1234.56+2+99_999.99+2+3+4+5+30, weekly, 0.005)
	s, err := OpenBytes("mine.toml", []byte(strings.Replace(monthsText, `step = "day"`, "", 1)), withBuiltins(testFiles))
	require.NoError(t, err)
	for _, w := range s.Warnings {
		require.NotContains(t, w.Message, "inside a week")
	}
	roundTrip(t, p)
	roundTrip(t, week)
	require.NotContains(t, Resolved(p), "monthly_budget =")
}

// What the engine books in a month is the month's budget, to the cent.
func TestMonthlyBudgetsAreBooked(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"step = \"day\"", ""} {
		booked(t, mustLoad(t, strings.Replace(monthsText, "step = \"day\"", step, 1)))
	}
}

func booked(t *testing.T, p *plan.Plan) {
	t.Helper()
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	rec := pr.Schema().NewRecord()
	pr.NewState().Replicate(1, 0, rec)
	column := func(list []plan.Column, name string) int {
		for i := range list {
			if list[i].Name == name {
				return i
			}
		}
		panic(name)
	}
	at, brand, n := column(pr.Schema().Months, "media"), column(pr.Schema().Months, "brand"), len(pr.Schema().Months)
	for month, want := range []float64{43_000, 41_500, 3_000, 4234.56, 3_001, 3_001, 102_999.99} {
		require.InDelta(t, want, rec.Months[month*n+at], 0.005, month)
		days := float64(nextMonth(pr.Schema().MonthStart[month]) - pr.Schema().MonthStart[month])
		require.InDelta(t, 900+10*days+days/7*100, rec.Months[month*n+brand], 0.005, month)
	}
}

// A constant number is the same every month and goes on at its mean; a fixed cost by month is one by
// whole weeks.
func TestFixedCostByCalendarMonth(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, "extends = \"small\"\n[finance]\nfixed_cost_per_month = \"12k\"\n")
	tl := plan.NewTimeline(p)
	tl.SetFixed()
	var sum, want float64
	for week := range tl.Steps() {
		x := tl.Plan(week).Finance.FixedCostPerWeek
		sum += x
		for d := tl.Date(week); d < tl.Date(week)+7; d++ {
			want += 12_000 / float64(nextMonth(d)-thisMonth(d))
		}
	}
	require.InDelta(t, want, sum, 1e-6)
	require.InDelta(t, 12_000*7.0/31, tl.Plan(0).Finance.FixedCostPerWeek, 1e-9)
	last := p.Schedules[1].Entries[len(p.Schedules[1].Entries)-1]
	require.Equal(t, "finance.fixed_cost_per_week", p.Schedules[1].Key)
	require.InDelta(t, 144_000/plan.WeeksPerYear, last.Value, 1e-9)
	roundTrip(t, p)
}

// Of a budget by week and one by month the later file means it instead of the other.
func TestMonthsReplaceWeeks(t *testing.T) {
	t.Parallel()
	const search = 2
	p := mustOpen(t, "small", Set("channels.search.monthly_budget=3_100")).Plan
	require.InDelta(t, 700, p.On(plan.NewDate(2013, 1, 5)).Channels[search].WeeklyBudget, 1e-9)
	p = mustOpen(t, "small", Set("channels.search.monthly_budget=3_100", "channels.search.weekly_budget=50")).Plan
	require.Equal(t, 50.0, p.On(plan.NewDate(2013, 1, 5)).Channels[search].WeeklyBudget)
	p = mustOpen(t, "small", Set("channels.search.monthly_budget=3_100", "channels.search.monthly_budget={2013-02 = 5_600}")).Plan
	require.InDelta(t, 1_400, p.On(plan.NewDate(2013, 2, 5)).Channels[search].WeeklyBudget, 1e-9)
	require.InDelta(t, 700, p.On(plan.NewDate(2013, 3, 5)).Channels[search].WeeklyBudget, 1e-9)
	p = mustOpen(t, "small", Set("channels.search.monthly_budget=3_100", "channels.search.weekly_budget*=2")).Plan
	require.InDelta(t, 1_400, p.On(plan.NewDate(2013, 3, 5)).Channels[search].WeeklyBudget, 1e-9)
}

func TestBadMonthsAreRefused(t *testing.T) {
	t.Parallel()
	const run = "extends = \"small\"\n[run]\nstart = 2013-01-01\nweeks = 8\n[channels.search]\n"
	for _, c := range []struct{ text, want string }{
		{run + "monthly_budget = {2013-01 = 3, 2013-13 = 4}", "mine.toml:6: channels.search.monthly_budget.2013-13 = 4: must be a calendar month such as 2013-01"},
		{run + "monthly_budget = {2013-01 = 3, january = 4}", "mine.toml:6: channels.search.monthly_budget.january = 4: must be a calendar month such as 2013-01"},
		{run + "monthly_budget = {2013-01 = 3}", "mine.toml:6: channels.search.monthly_budget: says nothing about 2013-02; name every month that the run touches (2013-01-01 to 2013-02-25), with 0 where nothing is spent"},
		{run + "monthly_budget = {2013-01 = 3, 2013-02 = -4}", "mine.toml:6: channels.search.monthly_budget.2013-02 = -4: must be a number of at least 0 (USD/month)"},
		{run + "monthly_budget = {2013-01 = 3, 2013-02 = 4, 2013-03 = 5}", "mine.toml:6: channels.search.monthly_budget.2013-03 = 5: lies outside the run, 2013-01-01 to 2013-02-25"},
		{run + "monthly_budget = \"3k to 5k\"", "mine.toml:6: channels.search.monthly_budget = \"3k to 5k\": must be one number; this key takes no distribution"},
		{run + "monthly_budget = [{from = 2013-01-01, value = 3}]", "mine.toml:6: channels.search.monthly_budget: must be a number for every month or a table by month, as in {2013-01 = 40_000}, not a list"},
		{run + "monthly_budget = 3\nweekly_budget = 4", "mine.toml:6: channels.search.monthly_budget: stands beside weekly_budget (mine.toml:7); give one of the two"},
		{"extends = \"small\"\n[media.radio]\nmonthly_budget = {north = 3, west = 4}", "mine.toml:3: media.radio.monthly_budget.north = 3: unknown region"},
		{"extends = \"small\"\n[changes.x]\nfrom = \"start\"\nset = {\"channels.search.monthly_budget\" = 4}", "mine.toml:4: changes.x.set.channels.search.monthly_budget = 4: channels.search.monthly_budget cannot be set or multiplied by dates; write channels.search.weekly_budget"},
		{"extends = \"small\"\n[channels.inbound]\nmonthly_budget = 4", "mine.toml:3: channels.inbound.monthly_budget: a channel driven by brand has no budget; use fees, or driver = \"budget\""},
	} {
		_, err := LoadBytes("mine.toml", []byte(c.text+"\n"), withBuiltins(testFiles))
		require.EqualError(t, err, c.want)
	}
}
