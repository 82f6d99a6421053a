package model

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
)

// A number's value on a day: its plain value, replaced by the schedule, then by
// dated changes in order of date, then by shocks in order of name; from
// inclusive, until exclusive; numbers other than spend move at the next step.
func TestNumbersMoveInTheStatedOrder(t *testing.T) {
	t.Parallel()
	p := testMarket(3000, 1)
	p.Run.Weeks = 20
	key := "channels.social.response" // 0.1 as written
	day := func(n int) plan.Date { return p.Run.Start + plan.Date(n) }
	p.Schedules = []plan.Schedule{{Key: key, Entries: []plan.ScheduleEntry{{From: day(14), Value: 0.2, Input: -1}, {From: day(28), Until: day(56), Value: 0.3, Input: -1}}}}
	p.Changes = []plan.Change{
		{Name: "a later", From: day(42), Effects: []plan.Effect{{Key: key, Value: 0.8, Input: -1}}},
		{Name: "z first", From: day(35), Until: day(70), Effects: []plan.Effect{{Key: key, Multiply: true, Value: 0.5, Input: -1}}},
		{Name: "midweek", From: day(17), Until: day(23), Effects: []plan.Effect{{Key: key, Multiply: true, Value: 3, Input: -1}}},
	}
	p.Shocks = []plan.Shock{
		{Name: "y", Probability: 1, From: day(84), Weeks: 3, Effects: []plan.Effect{{Key: key, Multiply: true, Value: 0.5, Input: -1}}},
		{Name: "x", Probability: 1, From: day(91), Weeks: 1, Effects: []plan.Effect{{Key: key, Value: 0.6, Input: -1}}},
	}
	want := map[int]float64{0: 0.1, 1: 0.1, 2: 0.2, 3: 0.6, 4: 0.3, 5: 0.15, 6: 0.8, 7: 0.8, 8: 0.8, 10: 0.8, 12: 0.4, 13: 0.3, 14: 0.4, 15: 0.8, 19: 0.8}
	for _, step := range []string{"week", "day"} {
		p.Run.Step = step
		tl := plan.NewTimeline(p)
		tl.Set(1, 0)
		per := tl.StepsPerWeek()
		for week, x := range want {
			require.InDelta(t, x, tl.Plan(week * per).Channels[8].Response, 1e-12, "%s %d", step, week)
		}
		require.Equal(t, 0.1, tl.Plan(-1).Channels[8].Response)
	}
	tl := plan.NewTimeline(p) // by the day
	tl.Set(1, 0)
	require.InDelta(t, 0.6, tl.Plan(17).Channels[8].Response, 1e-12)
	require.InDelta(t, 0.2, tl.Plan(16).Channels[8].Response, 1e-12)
	require.InDelta(t, 0.2, tl.Plan(23).Channels[8].Response, 1e-12)
}

// Spend and price level act by their share of the days of a step; adstock sees
// spend over cost, the cash account spend.
func TestSpendActsByItsShareOfTheDays(t *testing.T) {
	t.Parallel()
	p := still(0)
	p.Run.Weeks = 8
	p.Channels[0].WeeklyBudget = 700
	day := func(n int) plan.Date { return p.Run.Start + plan.Date(n) }
	p.Changes = []plan.Change{
		{Name: "a", From: day(7 + 2), Until: day(14 + 5), Effects: []plan.Effect{{Key: "channels.ads.weekly_budget", Value: 0, Input: -1}}},
		{Name: "b", From: day(28), Until: day(28 + 3), Effects: []plan.Effect{{Key: "channels.ads.cost_multiplier", Value: 2, Input: -1}}},
	}
	pr, s, rec := prepared(t, p)
	s.Replicate(1, 0, rec)
	media := weekly(t, pr, rec, "media")
	require.InDeltaSlice(t, []float64{700, 200, 200, 700, 700, 700, 700, 700}, media, 1e-9)
	_, effective := s.w.tl.ChannelSpend(4, 0)
	require.InDelta(t, (3*350+4*700)/7.0, effective, 1e-9)
	// The steps by the day spend the same.
	p.Run.Step = "day"
	pr, s, rec = prepared(t, p)
	s.Replicate(1, 0, rec)
	require.InDeltaSlice(t, media, weekly(t, pr, rec, "media"), 1e-9)
}

// Shocks happen with their probability, at a day uniform between their dates,
// for their weeks; the regime's sojourns are exponential.
func TestShocksAndRegimesAreDrawn(t *testing.T) {
	t.Parallel()
	p := still(0)
	p.Run.Weeks = 100
	p.Shocks = []plan.Shock{{Name: "x", Probability: 0.3, From: p.Run.Start + 70, FromLatest: p.Run.Start + 79, Weeks: 2, Effects: []plan.Effect{{Key: "channels.ads.response", Value: 0.5, Input: -1}}}}
	p.Economy.Regime, p.Economy.ExpansionMonths, p.Economy.RecessionMonths = "random", 20, 5
	tl := plan.NewTimeline(p)
	n := more(4000, 10)
	happened, days, slump := 0, make([]int, 10), 0
	first := make([]float64, 0, n)
	for r := range n {
		for _, x := range tl.Happened(3, r) { // this sets the timeline
			happened++
			days[x.From-p.Run.Start-70]++
			require.Equal(t, x.From+14, x.Until)
		}
		if tl.Recession(99) {
			slump++
		}
		first = append(first, -math.Expm1(-tl.Switches()[0]/(20*plan.WeeksPerMonth)))
	}
	nearShare(t, "shock", happened, n, 0.3)
	nearCounts(t, "day of the shock", days, fill(10, 0.1))
	counts, chances := uniformCounts(first, 10)
	nearCounts(t, "first expansion", counts, chances)
	// P(recession at t), from expansion: a/(a+b) (1 - e^(-(a+b) t)).
	a, b := 1/(20*plan.WeeksPerMonth), 1/(5*plan.WeeksPerMonth)
	nearShare(t, "recession in week 99", slump, n, a/(a+b)*-math.Expm1(-(a+b)*99))
}

// Every tick of a step belongs to that step, by the week and by the day.
func TestTicksBelongToTheirStep(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		for _, burnIn := range []float64{0, 1, 3, 26, 33, 52, 101} {
			p := still(0)
			p.Run.Step, p.Run.Weeks, p.Opening.BurnInWeeks = step, 30, burnIn
			_, s, _ := prepared(t, p)
			s.w.set(1, 0, rng.Root(1, 0))
			for s.step = -s.w.burnIn; s.step < s.w.steps; s.step++ {
				start, span := s.ticks()
				for _, tick := range []uint32{start, start + uint32(span) - 1} {
					require.Equal(t, s.row(), s.stepOf(s.weeks(tick)), "%s, burn-in %v, step %d", step, burnIn, s.step)
					require.Equal(t, s.row(), int(uint64(tick)*uint64(s.w.tl.StepsPerWeek())>>tickBits), "%s, burn-in %v, step %d", step, burnIn, s.step)
				}
			}
		}
	}
}

// By the day a scripted regime begins on its day, in the weeks' numbers and in
// the hazards of customers alike.
func TestAScriptedRegimeBeginsOnItsDay(t *testing.T) {
	t.Parallel()
	p := testMarket(3000, 1)
	p.Run.Step = "day"
	for day := 1; day < 120; day++ {
		p.Economy.Path = []plan.RegimeFrom{{From: p.Run.Start + plan.Date(day), Regime: "recession"}}
		w := newWorld(p)
		w.tl.SetFixed()
		w.fill()
		require.False(t, w.tl.Recession(day-1), "day %d", day)
		require.True(t, w.tl.Recession(day), "day %d", day)
		require.Len(t, w.hazards, 2, "day %d", day)
		require.InDelta(t, float64(day)/7, w.hazards[1].start, 1e-9)
		require.InEpsilon(t, 1.15, w.hazards[1].churn[0]/w.hazards[0].churn[0], 1e-12)
	}
}

// Changes of a layer act on what the plan has on each day, after its shocks, whatever
// the dates of the layers below, whose values are held to what the key allows. A number
// that is kept from growing falls with the plan and does not rise again.
func TestLayersActOnWhatThePlanHas(t *testing.T) {
	t.Parallel()
	p := testMarket(3000, 1)
	p.Run.Weeks = 12
	day := func(n int) plan.Date { return p.Run.Start + plan.Date(7*n) }
	response, people := "channels.social.response", "teams."+p.Teams[0].Name+".people" // 0.1 as written
	p.Teams[0].People = 3
	set := func(key string, x float64) plan.Effect { return plan.Effect{Key: key, Value: x, Input: -1} }
	times := func(key string, x float64) plan.Effect {
		return plan.Effect{Key: key, Multiply: true, Value: x, Input: -1}
	}
	hold := func(key string) plan.Effect { return plan.Effect{Key: key, Hold: true, Input: -1} }
	p.Schedules = []plan.Schedule{{Key: people, Entries: []plan.ScheduleEntry{{From: day(4), Value: 8, Input: -1}, {From: day(6), Value: 2, Input: -1}, {From: day(8), Value: 5, Input: -1}}}}
	p.Changes = []plan.Change{
		{Name: "a", From: day(0), Layer: 1, Effects: []plan.Effect{times(response, 2), times(people, 1.5)}},
		{Name: "b", From: day(3), Until: day(5), Layer: 2, Effects: []plan.Effect{set(response, 0)}},
		{Name: "c", From: day(2), Until: day(10), Layer: 3, Effects: []plan.Effect{hold(people)}},
		{Name: "later", From: day(4), Effects: []plan.Effect{set(response, 0.3)}},
		{Name: "much", From: day(8), Effects: []plan.Effect{times(response, 10)}},
		{Name: "latest", From: day(10), Effects: []plan.Effect{set(response, 0.01)}},
	}
	p.Shocks = []plan.Shock{{Name: "x", Probability: 1, From: day(6), Weeks: 1, Effects: []plan.Effect{set(response, 0.4)}}}
	responses := []float64{0.2, 0.2, 0.2, 0, 0, 0.6, 0.8, 0.6, 1, 1, 0.02, 0.02, 0.02}
	persons := []float64{4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 8, 8, 8} // 3 x 1.5 is 4 to the even one, and 5 x 1.5 is 8
	for _, step := range []string{"week", "day"} {
		p.Run.Step = step
		tl := plan.NewTimeline(p)
		tl.Set(1, 0)
		for week := range responses {
			require.InDelta(t, responses[week], tl.Plan(week * tl.StepsPerWeek()).Channels[8].Response, 1e-12, "%s %d", step, week)
			require.Equal(t, persons[week], tl.Plan(week * tl.StepsPerWeek()).Teams[0].People, "%s %d", step, week)
			if week < 12 {
				require.Equal(t, persons[week], p.On(day(week)).Teams[0].People)
			}
		}
		require.Equal(t, 0.1, tl.Plan(-1).Channels[8].Response)
	}
}

// A change that comes after all has a layer and a name of its own.
func TestTheFinalChange(t *testing.T) {
	p := &plan.Plan{Changes: []plan.Change{{Name: "pause", Layer: 3}, {Name: "pause-2"}, {Name: "z"}}}
	c := p.Final("pause", 5, 7)
	require.Equal(t, plan.Change{Name: "pause-3", From: 5, Until: 7, Layer: 4}, c)
	q := p.With(c)
	require.Len(t, p.Changes, 3)
	require.Equal(t, "pause-3", q.Changes[2].Name, "by name, as files are read")
}

// The mean sojourns of a random regime may move: the hazard to change is at each time
// that of the mean then, also after the run, when shocks have ended.
func TestTheRegimeFollowsItsMeans(t *testing.T) {
	t.Parallel()
	p := still(0)
	p.Run.Weeks = 100
	p.Economy.Regime, p.Economy.ExpansionMonths, p.Economy.RecessionMonths = "random", 20, 5
	day := func(n int) plan.Date { return p.Run.Start + plan.Date(n) }
	p.Changes = []plan.Change{{Name: "x", From: day(66), Effects: []plan.Effect{{Key: "economy.expansion_months", Value: 4, Input: -1}}}}
	p.Shocks = []plan.Shock{{Name: "y", Probability: 1, From: day(140), Weeks: 200, Effects: []plan.Effect{{Key: "economy.expansion_months", Multiply: true, Value: 3, Input: -1}}}}
	tl := plan.NewTimeline(p)
	n := more(4000, 10)
	first := make([]float64, 0, n)
	for r := range n {
		tl.Set(3, r)
		at, used := tl.Switches()[0], 0.0
		for _, s := range []struct{ until, mean float64 }{{66.0 / 7, 20}, {20, 4}, {100, 12}, {math.Inf(1), 4}} {
			from := 0.0
			switch s.until {
			case 20:
				from = 66.0 / 7
			case 100:
				from = 20
			case math.Inf(1):
				from = 100
			}
			used += max(0, min(at, s.until)-from) / (s.mean * plan.WeeksPerMonth)
		}
		first = append(first, -math.Expm1(-used))
	}
	counts, chances := uniformCounts(first, 10)
	nearCounts(t, "first expansion", counts, chances)
}

// The market grows at the rate of each date.
func TestGrowthFollowsItsRate(t *testing.T) {
	t.Parallel()
	p := testMarket(100_000, 1)
	p.Run.Weeks = 30
	p.Changes = []plan.Change{{Name: "x", From: p.Run.Start + 70, Until: p.Run.Start + 140, Effects: []plan.Effect{{Key: "population.growth_per_year", Value: 0.5, Input: -1}}}}
	for _, step := range []string{"week", "day"} {
		p.Run.Step = step
		pr, s, rec := prepared(t, p)
		s.Replicate(1, 0, rec)
		for week, grown := range map[int]float64{0: 0, 10: 0, 11: 1, 20: 10, 29: 10} {
			require.InDelta(t, grown*0.5/plan.WeeksPerYear, s.w.grownFirms(week*s.w.tl.StepsPerWeek()), 1e-12)
		}
		in, dormant, locked := weekly(t, pr, rec, "in_market"), weekly(t, pr, rec, "dormant"), weekly(t, pr, rec, "locked")
		firms := func(week int) float64 {
			return in[week] + dormant[week] + locked[week] + weekly(t, pr, rec, "live_customers")[week]
		}
		require.InEpsilon(t, 100_000, firms(10), 1e-4)
		require.InEpsilon(t, 100_000*math.Exp(10*0.5/plan.WeeksPerYear), firms(25), 1e-3)
	}
}

// The price of an address, and whom a channel with targets reaches, act with the values
// of the moment.
func TestTargetingFollowsItsPrice(t *testing.T) {
	t.Parallel()
	p := busyMarket()
	c := slices.IndexFunc(p.Channels, func(c plan.Channel) bool { return len(c.Targets) > 0 })
	key := "channels." + p.Channels[c].Name
	own := *p
	p.OpeningPlan = plan.OpeningOf(&own)
	p = p.Clone()
	p.Channels[c].TargetingCost *= 3
	p.Changes = []plan.Change{{Name: "x", From: p.Run.Start + 70, Effects: []plan.Effect{{Key: key + ".targeting_cost", Multiply: true, Value: 2, Input: -1}}}}
	w := newWorld(p)
	w.set(1, 0, rng.Root(1, 0))
	opens := w.at(-1).targeting[c]
	require.Positive(t, opens)
	require.InEpsilon(t, 3*opens, w.at(0).targeting[c], 1e-12)
	require.InEpsilon(t, 6*opens, w.at(10).targeting[c], 1e-12)
}

// Media press on a region that the opening plan leaves to no medium.
func TestMediaThatTheOpeningPlanLacksPress(t *testing.T) {
	t.Parallel()
	p := busyMarket()
	p.OpeningPlan = plan.OpeningOf(p).Clone()
	for q := range p.OpeningPlan.Media {
		p.OpeningPlan.Media[q].Enabled = false
	}
	w := newWorld(p)
	w.set(1, 0, rng.Root(1, 0))
	require.Positive(t, w.pressureS[0])
	require.Positive(t, w.pressureE[0])
	require.Zero(t, w.openBrand.salience[0])
}
