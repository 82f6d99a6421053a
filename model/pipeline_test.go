package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// piped is a market of one cell in which nobody signs up: what happens in sales is what its file lists. Team 0 is of web,
// team 1 of people.
func piped(groups ...plan.PipelineGroup) *plan.Plan {
	p := oneCell(1e6, 0.05, 5)
	p.Population.MinDormantShare = 0.1
	p.Journey.LockInYears = 10
	p.Channels[0].Response, p.Channels[0].Reach.Size[0] = 0, 0
	p.Teams = append(p.Teams, testTeam(p, "sales", "people"))
	for i := range p.Teams {
		p.Teams[i].Share[0] = 0.5
	}
	p.Teams[1].Name = "people"
	p.Opening.BurnInWeeks = 3
	return relisted(p, groups...)
}

// relisted lists other groups in a plan.
func relisted(p *plan.Plan, groups ...plan.PipelineGroup) *plan.Plan {
	for i := range groups {
		g := &groups[i]
		if g.Size, g.Product, g.Channel = "all", "service", "ads"; g.Team == "" {
			g.Team = "web"
		}
		if g.Value == 0 {
			g.Value = math.NaN()
		}
	}
	p.SetPipeline(groups)
	return p
}

// cumulated are the sums of a weekly column up to each week.
func cumulated(list []float64) []float64 {
	out := make([]float64, len(list))
	sum := 0.0
	for i, x := range list {
		sum += x
		out[i] = sum
	}
	return out
}

// Opportunities are won at the win rate, whatever their age, and of those of an age a the share Q(a+t)/Q(a) is still open
// a time t later, Q the gamma law of the cycle: of an exponential one e^(-t/mean), however old they are.
func TestOpenOpportunitiesEndByTheirCycle(t *testing.T) {
	t.Parallel()
	const n, rate, mean = 20000, 0.3, 6.0
	for i, cv := range []float64{1, 0.7, 0.3, 2} {
		for _, days := range []float64{0, 10, 60, 200} {
			p := piped(plan.PipelineGroup{Count: n, AgeDays: days})
			p.Teams[0].WinRate[0], p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = rate, 7*mean, cv
			p.Run.Weeks = 40
			pr, s, rec := prepared(t, p)
			s.Replicate(uint64(i), int(days), rec)
			won, left := cumulated(weekly(t, pr, rec, "won")), weekly(t, pr, rec, "in_sales")
			for _, weeks := range []int{1, 4, 12, 39} {
				open := known.GammaSurvival(days/7+float64(weeks), mean, cv) / known.GammaSurvival(days/7, mean, cv)
				if cv == 1 {
					require.InDelta(t, math.Exp(-float64(weeks)/mean), open, 1e-9)
				}
				what := fmt.Sprintf("cv %v, %v days, week %d", cv, days, weeks)
				if open > 0.002 && open < 0.998 {
					nearShare(t, what+", open", int(left[weeks-1]), n, open)
				}
				if open < 0.998 {
					nearShare(t, what+", won", int(won[weeks-1]), n, rate*(1-open))
				}
			}
		}
	}
}

// A firm that dies or chooses a rival in the rest of the cycle is lost; an exponential cycle of rate c against hazards m
// and r is won with c/(c + m + r) of the win rate.
func TestOpenOpportunitiesMayBeLost(t *testing.T) {
	t.Parallel()
	const n, rate, mean = 30000, 0.6, 8.0
	p := piped(plan.PipelineGroup{Count: n, AgeDays: 33})
	p.Teams[0].WinRate[0], p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = rate, 7*mean, 1
	p.Population.Sizes[0].FirmDeathPerYear = 1.5
	p.Triggers[0].RivalPerWeek, p.Rivals = 0.04, plan.Rivals{Strength: 1, Price: 1}
	p.Run.Weeks = 104
	pr, s, rec := prepared(t, p)
	s.Replicate(5, 0, rec)
	m, c := 1.5/plan.WeeksPerYear, 1/mean
	nearShare(t, "won", int(outcome(t, pr, rec, "won")), n, rate*c/(c+m+0.04))
	nearShare(t, "lost to rivals", int(outcome(t, pr, rec, "deals_lost_to_rivals")), n, 0.04/(c+m+0.04))
}

// A lead that has waited is answered with what its wait has left of its chance; one in its delay is answered when that is
// over.
func TestWaitingLeadsAreAnsweredLate(t *testing.T) {
	t.Parallel()
	const n = 20000
	for _, hours := range []float64{0, 24, 60} {
		p := piped(plan.PipelineGroup{Count: n, Lead: true, AgeDays: 2})
		p.Triggers[0].WindowWeeks = 4000
		p.Teams[0].WinRate[0], p.Teams[0].SpeedHalfLifeHours[0], p.Teams[0].AnswerDelayHours = 0.8, 48, hours
		p.Run.Weeks = 2
		pr, s, rec := prepared(t, p)
		s.Replicate(7, 0, rec)
		require.Equal(t, float64(n), outcome(t, pr, rec, "opportunities")+outcome(t, pr, rec, "lost_waiting"))
		nearShare(t, fmt.Sprint(hours), int(outcome(t, pr, rec, "won")), n, 0.8*math.Exp2(-max(hours, 48)/48)*math.Exp(-1.0/4000))
	}
}

// Nobody serves them: leads go when their windows end, of those of age a a share Q(a+t)/Q(a) is there a time t later.
func TestWaitingLeadsGoWithTheirWindows(t *testing.T) {
	t.Parallel()
	const n = 20000
	for _, cv := range []float64{1, 0.4} {
		p := piped(plan.PipelineGroup{Count: n, Lead: true, AgeDays: 21, Team: "people"})
		p.Triggers[0].WindowWeeks, p.Triggers[0].WindowCV = 8, cv
		p.Run.Weeks = 12
		pr, s, rec := prepared(t, p)
		s.Replicate(7, 0, rec)
		waiting := weekly(t, pr, rec, "in_sales")
		for _, week := range []int{1, 3, 6, 12} {
			nearShare(t, fmt.Sprint(cv, week), int(waiting[week-1]), n, known.GammaSurvival(3+float64(week), 8, cv)/known.GammaSurvival(3, 8, cv))
		}
		require.Zero(t, outcome(t, pr, rec, "won"))
	}
}

// A part of the leads is not real and only costs the time of a person: with exponential work, of which a screening takes
// a quarter, a team that has enough to do answers people x rate/(real + screening x (1 - real)) a week.
func TestWaitingLeadsMayNotBeReal(t *testing.T) {
	t.Parallel()
	const n = 9000
	p := piped(plan.PipelineGroup{Count: n, Lead: true, AgeDays: 1, Team: "people"})
	p.Triggers[0].WindowWeeks = 4000
	p.Channels[0].Real = 0.4
	p.Teams[1].People, p.Teams[1].OpportunitiesPerWeek = 10, 7
	p.Run.Weeks = 40
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	real, other := outcome(t, pr, rec, "opportunities"), outcome(t, pr, rec, "screened")
	nearShare(t, "real", int(real), int(real+other), 0.4)
	expected := 10 * 7 * 40 / (0.4 + 0.25*0.6)
	near(t, "answered", real+other, expected, 2*math.Sqrt(expected))
}

// People who began lately work as people hired then: a team with more to do than it can handles the sum of their speeds.
func TestPeopleInRampAreSlower(t *testing.T) {
	t.Parallel()
	base := func() *plan.Plan {
		p := piped(plan.PipelineGroup{Count: 100000, Lead: true, AgeDays: 1, Team: "people"})
		p.Triggers[0].WindowWeeks = 4000
		x := &p.Teams[1]
		x.People, x.OpportunitiesPerWeek, x.RampStart, x.RampWeeks = 6, 300, 0.2, 16
		p.Run.Weeks = 20
		return p
	}
	for what, ramping := range map[string][]plan.Began{"nobody": nil, "two of six": {{People: 2, WeeksAgo: 4}},
		"before the burn-in": {{People: 1, WeeksAgo: 0}, {People: 3, WeeksAgo: 9}}} {
		p := base()
		p.Teams[1].Ramping = ramping
		pr, s, rec := prepared(t, p)
		s.Replicate(3, 0, rec)
		handled := weekly(t, pr, rec, "opportunities")
		for _, week := range []int{0, 5, 11, 19} {
			speed := 6.0
			for _, x := range ramping {
				employed := x.WeeksAgo + float64(week) + 0.5
				speed -= x.People * (1 - min(1, 0.2+0.8*employed/16))
			}
			near(t, fmt.Sprint(what, week), handled[week], 300*speed, math.Sqrt(300*speed))
		}
	}
}

// To say that 2 of 6 began 4 weeks ago is to replay a past in which 4 became 6 then: equal to the bit. Without anybody in
// ramp, and for those who are ramped by the first day of the burn-in, nothing changes.
func TestRampingIsAPastOfHires(t *testing.T) {
	t.Parallel()
	market := func(change func(x *plan.Team)) *plan.Plan {
		p := testMarket(20000, 1)
		p.Run.Weeks, p.Opening.BurnInWeeks = 12, 20
		for i := range p.Teams {
			if x := &p.Teams[i]; x.Kind == "people" {
				x.People, x.OpportunitiesPerWeek, x.RampStart, x.RampWeeks = 6, 4, 0.25, 12
				change(x)
			}
		}
		return p
	}
	record := func(p *plan.Plan) []uint64 {
		_, s, rec := prepared(t, p)
		s.Replicate(3, 1, rec)
		return wordsOf(rec)
	}
	name := ""
	said := record(market(func(x *plan.Team) { x.Ramping, name = []plan.Began{{People: 2, WeeksAgo: 4}}, x.Name }))
	past := market(func(x *plan.Team) {})
	require.NotEmpty(t, name)
	past.Opening.Replay = true
	for i := range past.Teams {
		if x := &past.Teams[i]; x.Kind == "people" {
			x.People = 4
			past.Schedules = append(past.Schedules, plan.Schedule{Key: "teams." + x.Name + ".people", Entries: []plan.ScheduleEntry{
				{From: past.Run.Start - 28, Value: 6, Input: -1}}})
		}
	}
	require.Equal(t, record(past), said)
	plain := record(market(func(x *plan.Team) {}))
	require.NotEqual(t, plain, said)
	require.Equal(t, plain, record(market(func(x *plan.Team) { x.Ramping = []plan.Began{{People: 3, WeeksAgo: 400}} })))
}

// What a file says that an opportunity is worth is what its customer pays; it does not depend on the draw of the price.
func TestOpportunitiesPayWhatTheFileSays(t *testing.T) {
	t.Parallel()
	p := piped(plan.PipelineGroup{Count: 300, AgeDays: 9, Value: 145.5}, plan.PipelineGroup{Count: 70, AgeDays: 9, Value: 12})
	p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = 14, 0.5
	p.Customers.BaseHazard[0] = 1e-12
	p.Inputs = []plan.Input{{Name: "products.service.price", Key: "products.service.price", Dist: plan.Dist{Kind: "uniform", A: 10, B: 90, High: 1e6}}}
	pr, s, rec := prepared(t, p)
	for r := range 3 {
		s.Replicate(3, r, rec)
		require.Equal(t, 370.0, outcome(t, pr, rec, "won"))
		require.InDelta(t, 300*145.5+70*12, outcome(t, pr, rec, "mrr"), 1e-6)
	}
}

// What the burn-in leaves in sales is gone, what it leaves in the market is not; an empty file leaves nothing in sales.
func TestTheFileReplacesWhatTheBurnInLeaves(t *testing.T) {
	t.Parallel()
	p := testMarket(40000, 2)
	p.Opening.BurnInWeeks = 20
	first := func(p *plan.Plan) (open, inMarket int) {
		_, s, _ := prepared(t, p)
		s.w.set(3, 0, rootOf(3, 0, 0))
		s.root = rootOf(3, 0, 0)
		s.runToFirstDay(uint32(s.w.lastTick))
		s.openRun()
		require.NoError(t, s.Conserved())
		for _, n := range s.pools.inMarket {
			inMarket += n
		}
		return s.sales.inProgress, inMarket - s.sales.inProgress
	}
	open, deciding := first(p)
	require.Greater(t, open, 10)
	p.SetPipeline(nil)
	none, same := first(p)
	require.Zero(t, none)
	require.Equal(t, deciding, same)
	p.SetPipeline([]plan.PipelineGroup{{Count: 17, Lead: true, Team: p.Teams[0].Name, Size: "1-4", Product: p.Products[0].Name,
		Channel: p.Channels[0].Name, AgeDays: 3, Value: math.NaN()}, {Count: 25, Team: p.Teams[0].Name, Size: "5-19",
		Product: p.Products[0].Name, Channel: p.Channels[0].Name, AgeDays: 3, Value: math.NaN()}})
	listed, same := first(p)
	require.Equal(t, 42, listed)
	require.Equal(t, deciding, same)
}

// Members of a group are the same whatever other groups there are: they keep their draws, so that plans stay paired.
func TestListedOpportunitiesHaveTheirOwnDraws(t *testing.T) {
	t.Parallel()
	a := plan.PipelineGroup{Count: 50, AgeDays: 12}
	b := plan.PipelineGroup{Count: 70, AgeDays: 40, Value: 80}
	c := plan.PipelineGroup{Count: 9, AgeDays: 1, Lead: true}
	wins := func(change func(p *plan.Plan), groups ...plan.PipelineGroup) map[uint64]Win {
		p := piped(groups...)
		p.Teams[0].WinRate[0], p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = 0.5, 30, 0.7
		change(p)
		_, s, rec := prepared(t, p)
		x := &Trace{Only: Wins | PathsOfWins}
		s.Observer = x
		s.Replicate(3, 1, rec)
		out := map[uint64]Win{}
		for _, w := range x.Customers {
			require.Equal(t, []Touch{{0, w.Raised}}, w.Path)
			require.Negative(t, w.Raised)
			out[w.ID] = w
		}
		return out
	}
	same := func(*plan.Plan) {}
	alone, together := wins(same, a), wins(same, b, a, c)
	require.NotEmpty(t, alone)
	require.Greater(t, len(together), len(alone))
	spends := wins(func(p *plan.Plan) {
		p.Changes = []plan.Change{from(p, 0, "channels.ads.weekly_budget", 9000)}
	}, a)
	for id, w := range alone {
		w.Cell = 0
		require.Equal(t, w, together[id])
		require.Equal(t, w, spends[id])
	}
}

// A trial is the last part of the way to a win: who is as old as cycle and trial together is about to end it.
func TestOpenTrialsEndInTime(t *testing.T) {
	t.Parallel()
	p := piped(plan.PipelineGroup{Count: 10000, AgeDays: 40})
	p.Teams[0].WinRate[0], p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = 0.8, 28, 0
	p.Products[0].TrialDays, p.Products[0].TrialConverts = 28, 0.25
	p.Run.Weeks = 6
	pr, s, rec := prepared(t, p)
	s.Replicate(9, 0, rec)
	won := weekly(t, pr, rec, "won")
	require.Zero(t, won[0]+won[1]+won[3]) // 16 days are left
	nearShare(t, "won", int(won[2]), 10000, 0.8*0.25)
}

// A listed pipeline is made anew in each replication without new memory.
func TestAListedPipelineAllocatesNothing(t *testing.T) {
	p := testMarket(20000, 2)
	p.Run.Weeks = 6
	p.SetPipeline([]plan.PipelineGroup{{Count: 30, Lead: true, Team: p.Teams[0].Name, Size: "1-4", Product: p.Products[0].Name,
		Channel: p.Channels[0].Name, AgeDays: 3, Value: 40}, {Count: 50, Team: p.Teams[0].Name, Size: "5-19",
		Product: p.Products[0].Name, Channel: p.Channels[0].Name, AgeDays: 30, Value: 90}})
	_, s, rec := prepared(t, p)
	for r := range 4 {
		s.Replicate(3, r, rec)
	}
	require.LessOrEqual(t, testing.AllocsPerRun(4, func() { s.Replicate(3, 1, rec) }), 1.0)
}
