package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// callCentre is a market whose sign-ups reach one team of people as a Poisson
// stream: a fraction of journeys, opened at a constant rate, raise their hands.
// It gives the arrivals a week too.
func callCentre(arrivals, services float64, people int, touches, windowWeeks, cv float64) (*plan.Plan, float64) {
	raise := known.RaiseGamma(touches, 1, windowWeeks, cv)
	const firms = 1e9
	p := oneCell(firms, arrivals/raise*plan.WeeksPerYear/firms, windowWeeks)
	p.Triggers[0].WindowCV = cv
	p.Channels[0] = testChannel(p, "ads", touches, 1)
	p.Teams[0] = testTeam(p, "desk", "people")
	p.Teams[0].People, p.Teams[0].OpportunitiesPerWeek = float64(people), services
	p.Opening.BurnInWeeks = 2
	return p, arrivals
}

// waits runs a plan and gives per week the contacts, those that waited, and the
// sum of waits.
func waits(t *testing.T, p *plan.Plan, seed uint64) (pr *Prepared, rec *plan.Record, contacts []Contact) {
	pr, s, rec := traced(t, p)
	s.Replicate(seed, 0, rec)
	return pr, rec, traceOf(s).Contacts
}

// waited is a wait longer than a fraction of a second: times of raised hands
// are whole ticks, so that a sign-up served at once may show a rounding error.
func waited(w float64) float64 {
	if w > 1e-9 {
		return 1
	}
	return 0
}

// Ten people at 80% load: Erlang C says that 40.9% of sign-ups wait. Windows of
// a fixed 0.3 weeks are endless against waits of a thousandth of a week.
func TestTeamWithoutAbandonmentIsErlangC(t *testing.T) {
	t.Parallel()
	q := known.Queue{Arrivals: 800, Services: 100, Servers: 10}
	want := known.ErlangC(q)
	require.InDelta(t, 0.409, want.Wait, 5e-4)
	for _, step := range []string{"week", "day"} {
		p, _ := callCentre(q.Arrivals, q.Services, q.Servers, 40, 0.3, 0)
		p.Run.Weeks, p.Run.Step = float64(more(100, 20)), step
		pr, rec, contacts := waits(t, p, 3)
		var wait, long, length []float64
		for _, c := range contacts {
			wait = append(wait, waited(c.Wait))
			length = append(length, c.Wait)
			long = append(long, waited(c.Wait-0.01))
		}
		check := func(what string, list []float64, want float64) {
			mean, _ := moments(list)
			near(t, step+": "+what, mean, want, batchError(list, 50))
		}
		check("P(wait)", wait, want.Wait)
		check("mean wait", length, want.Mean)
		check("P(wait > 0.01 weeks)", long, known.ErlangCLonger(q, 0.01))
		check("load", weekly(t, pr, rec, "load.desk"), want.Busy)
		n := outcome(t, pr, rec, "signups")
		near(t, "arrivals", n/p.Run.Weeks, q.Arrivals, math.Sqrt(q.Arrivals/p.Run.Weeks))
		require.Less(t, outcome(t, pr, rec, "lost_waiting"), 1e-4*n)
	}
}

// Exponential windows are exponential patience: what is left of a window when
// the hand goes up has the same law.
func TestTeamWithExponentialWindowsIsErlangA(t *testing.T) {
	t.Parallel()
	for _, q := range []known.Queue{
		{Arrivals: 1100, Services: 100, Servers: 10, Leaving: 50},
		{Arrivals: 300, Services: 100, Servers: 4, Leaving: 200},
		{Arrivals: 150, Services: 100, Servers: 1, Leaving: 30},
	} {
		want := known.ErlangA(q)
		p, _ := callCentre(q.Arrivals, q.Services, q.Servers, q.Leaving, 1/q.Leaving, 1)
		p.Run.Weeks = float64(more(150, 10))
		pr, rec, contacts := waits(t, p, 5)
		signups := weekly(t, pr, rec, "signups")
		served := weekly(t, pr, rec, "opportunities")
		lost := outcome(t, pr, rec, "lost_waiting")
		n := outcome(t, pr, rec, "signups")
		// The share lost, its error from the weekly flows.
		var left []float64
		for w := range signups {
			left = append(left, signups[w]-served[w])
		}
		near(t, "lost share", lost/n, want.Lost, batchError(left, 50)*float64(len(left))/n)
		var at, length []float64
		for _, c := range contacts {
			at = append(at, 1-waited(c.Wait))
			length = append(length, c.Wait)
		}
		mean, _ := moments(at)
		near(t, "served at once, of the served", mean, want.Immediate/(1-want.Lost), batchError(at, 50))
		mean, _ = moments(length)
		near(t, "mean wait of the served", mean, waitOfServed(q), batchError(length, 50))
		load := weekly(t, pr, rec, "load.desk")
		mean, _ = moments(load)
		near(t, "load", mean, want.Busy, batchError(load, 50))
		waiting := weekly(t, pr, rec, "waiting.desk")
		mean, variance := moments(waiting)
		near(t, "waiting at week ends", mean, want.Length, math.Sqrt(variance/float64(len(waiting))))
	}
}

// waitOfServed is the mean wait of those that are served in Erlang's queue with
// patience. Who finds k waiting needs k+1 departures; the j-th from the last
// comes at rate c mu + j theta. With V the time until then, E(e^(-theta V)) is
// the chance to stay that long and E(V e^(-theta V)) its wait.
func waitOfServed(q known.Queue) float64 {
	c, full := float64(q.Servers), float64(q.Servers)*q.Services
	weight, total, stay, wait := 1.0, 0.0, 0.0, 0.0
	for n := 0; n < 400; n++ {
		total += weight
		k := n - q.Servers
		if k < 0 {
			stay += weight
		} else {
			s := full / (full + float64(k+1)*q.Leaving)
			var mean float64
			for j := 0; j <= k; j++ {
				mean += 1 / (full + float64(j+1)*q.Leaving)
			}
			stay += weight * s
			wait += weight * s * mean
		}
		weight *= q.Arrivals / (math.Min(float64(n+1), c)*q.Services + math.Max(float64(n+1)-c, 0)*q.Leaving)
	}
	return wait / stay
}

// The chance to win falls by half every speed_half_life_hours of waiting, and
// result and cycle are drawn at first contact.
func TestWaitingLowersTheChanceToWin(t *testing.T) {
	t.Parallel()
	p, _ := callCentre(950, 100, 10, 40, 0.3, 0)
	p.Run.Weeks = float64(more(100, 5))
	p.Teams[0].WinRate[0], p.Teams[0].SpeedHalfLifeHours[0] = 0.6, 2
	pr, rec, contacts := waits(t, p, 7)
	var won, variance float64
	for _, c := range contacts {
		x := 0.6 * math.Exp2(-c.Wait*plan.HoursPerWeek/2)
		won += x
		variance += x * (1 - x)
	}
	// The last contacts' service ends after the run.
	got := outcome(t, pr, rec, "won")
	open := outcome(t, pr, rec, "opportunities") - outcome(t, pr, rec, "booked")
	require.Less(t, open, 11.0)
	near(t, "won", got, won, math.Sqrt(variance)+open)
	require.Less(t, won, 0.45*float64(len(contacts)), "waits are too short for this test to say much")
}

// An answer delay runs before first contact, the window with it: a sign-up whose
// window ends first is lost.
func TestAnswerDelayLosesThoseWhoseWindowEnds(t *testing.T) {
	t.Parallel()
	const m, delay = 1.0, 60.0 // windows of a week, 60 hours
	for _, kind := range []string{"web", "people"} {
		p := oneCell(1e8, 2e4*plan.WeeksPerYear/1e8, 1/m)
		p.Run.Weeks = 8
		p.Channels[0] = testChannel(p, "ads", 2, 1)
		p.Teams[0] = testTeam(p, "desk", kind)
		p.Teams[0].People, p.Teams[0].OpportunitiesPerWeek = 1000, 1000
		p.Teams[0].AnswerDelayHours, p.Teams[0].WinRate[0], p.Teams[0].SpeedHalfLifeHours[0] = delay, 0.8, 48
		p.Changes = []plan.Change{from(p, 4, "triggers.need.rate_per_year", 0)}
		pr, s, rec := traced(t, p)
		s.Replicate(2, 0, rec)
		n, lost := outcome(t, pr, rec, "signups"), outcome(t, pr, rec, "lost_waiting")
		stay := math.Exp(-m * delay / plan.HoursPerWeek)
		for _, c := range traceOf(s).Contacts {
			require.InDelta(t, delay/plan.HoursPerWeek, c.Wait, 1e-9)
		}
		in := outcome(t, pr, rec, "opportunities")
		require.Less(t, n-in-lost, 40.0, "windows left at the end of the run")
		near(t, kind+": lost", lost/(lost+in), 1-stay, math.Sqrt(stay*(1-stay)/n))
		chance := 0.8 * math.Exp2(-delay/48)
		booked := outcome(t, pr, rec, "booked")
		nearShare(t, kind+": won", int(outcome(t, pr, rec, "won")), int(booked), chance)
	}
}

// A new person starts at ramp_start of the full speed and gains the rest
// linearly over ramp_weeks: with an endless queue contacts follow the integral.
func TestNewPeopleRampUp(t *testing.T) {
	t.Parallel()
	const full, start, ramp = 300.0, 0.3, 12.0
	p, _ := callCentre(1500, full, 0, 1, 8, 0)
	p.Run.Weeks, p.Opening.BurnInWeeks = 24, 8
	p.Teams[0].RampStart, p.Teams[0].RampWeeks = start, ramp
	p.Changes = []plan.Change{from(p, 2, "teams.desk.people", 3)}
	pr, s, rec := prepared(t, p)
	s.Replicate(4, 0, rec)
	contacts := weekly(t, pr, rec, "opportunities")
	require.Zero(t, contacts[0]+contacts[1])
	done := func(x float64) float64 { // integral of the ramp factor to x weeks after hiring
		y := math.Min(x, ramp)
		return start*y + (1-start)*y*y/(2*ramp) + math.Max(x-ramp, 0)
	}
	for w := 2; w < 24; w += 2 {
		want := 3 * full * (done(float64(w)) - done(float64(w-2)))
		near(t, "contacts", contacts[w]+contacts[w+1], want, math.Sqrt(want)+3)
	}
	// Opening people need no ramp.
	p.Changes = nil
	p.Teams[0].People, p.Opening.BurnInWeeks = 3, 0
	p.Channels[0] = testChannel(p, "ads", 4, 1)
	pr, s, rec = prepared(t, p)
	s.Replicate(4, 0, rec)
	got := sumOf(t, pr, rec, "opportunities", 1, 24)
	near(t, "contacts of opening people", got, 3*full*23, math.Sqrt(3*full*23)+3)
}

// At a week's end with a load above the limit over four weeks and no hire under
// way hire_step people are on their way; they start after lead_time_weeks.
func TestHiringRule(t *testing.T) {
	t.Parallel()
	p, _ := callCentre(200, 20, 1, 2, 12, 0)
	p.Run.Weeks, p.Opening.BurnInWeeks = 30, 4
	p.Teams[0].HireWhenLoadAbove, p.Teams[0].HireStep, p.Teams[0].LeadTimeWeeks = 0.9, 2, 3
	p.Teams[0].PayPerYear = 52000
	pr, s, rec := prepared(t, p)
	s.Replicate(4, 0, rec)
	people, pay := weekly(t, pr, rec, "people.desk"), weekly(t, pr, rec, "pay")
	for w, got := range people {
		// Decided at the end of week 3 (from 0), there from week 3 + 1 + 3 on; the
		// next decision at the end of that week.
		want := 1.0
		for start := 7; start <= w; start += 4 {
			want += 2
		}
		require.Equal(t, want, got, "week %d", w)
		require.InDelta(t, want*52000/plan.WeeksPerYear, pay[w], 0.005, "week %d", w)
	}

	// Cash below the rule's floor stops hiring by rule and by schedule; what is
	// under way waits.
	p.Finance.OpeningCash = 1e5
	p.Finance.Rounds = []plan.Round{{Name: "a", Date: p.Run.Start + 7*15 + 3, Amount: 1e9}}
	p.CashRules = []plan.CashRule{{Name: "low", Below: 1e6, FreezeHiring: true}}
	p.Products[0].Price = 0
	p.Teams[0].PayPerYear = 0
	pr, s, rec = prepared(t, p)
	s.Replicate(4, 0, rec)
	people = weekly(t, pr, rec, "people.desk")
	for w, got := range people {
		// The money comes in week 15 and is seen at its end; the rule decides at
		// the end of week 16 (acting one step after cash is seen).
		want := 1.0
		for start := 20; start <= w; start += 4 {
			want += 2
		}
		require.Equal(t, want, got, "week %d", w)
	}
	require.Zero(t, outcome(t, pr, rec, "out_of_business"))
}

// Who leaves is who was hired last; a sign-up in hand is finished; of several
// idle people the longest employed takes the next.
func TestLastHiredLeavesFirst(t *testing.T) {
	t.Parallel()
	p, _ := callCentre(20, 0.3, 3, 2, 12, 0)
	p.Run.Weeks, p.Opening.BurnInWeeks = 16, 4
	p.Schedules = []plan.Schedule{{Key: "teams.desk.people", Entries: []plan.ScheduleEntry{
		{From: p.Run.Start, Value: 3, Input: -1}, {From: p.Run.Start + 7*3, Value: 6, Input: -1}, {From: p.Run.Start + 7*6, Value: 8, Input: -1},
		{From: p.Run.Start + 7*9, Value: 4, Input: -1}, {From: p.Run.Start + 7*12, Value: 5, Input: -1}}}}
	pr, s, rec := prepared(t, p)
	old := float64(farPast)
	staff := map[int][]float64{0: {old, old, old}, 3: {old, old, old, 3, 3, 3}, 6: {old, old, old, 3, 3, 3, 6, 6}, 9: {old, old, old, 3}, 12: {old, old, old, 3, 12}}
	var want []float64
	checked := 0
	s.eachStep = func() {
		if x, ok := staff[s.step]; ok {
			want = x
		}
		d := &s.sales.teams[0]
		var hired []float64
		for i := range d.people {
			p := &d.people[i]
			if !p.gone && !p.leaving {
				hired = append(hired, p.hired)
			}
			if p.leaving && !p.gone { // still in the service that it had in hand
				require.GreaterOrEqual(t, p.until, float64(s.step+1))
				require.LessOrEqual(t, p.start, 9.0, "nobody who leaves takes a new sign-up")
				checked++
			}
		}
		require.Equal(t, want, hired, "week %d", s.step)
	}
	s.Replicate(9, 0, rec)
	require.Positive(t, sumOf(t, pr, rec, "opportunities", 9, 16))
	require.Positive(t, checked, "nobody was in service when the four left")
}

// At low load the longest employed do all the work.
func TestLongestEmployedAnswersFirst(t *testing.T) {
	t.Parallel()
	p, _ := callCentre(50, 100, 4, 40, 0.3, 0)
	p.Run.Weeks = 60
	_, s, rec := prepared(t, p)
	busy := make([]float64, 4)
	s.eachStep = func() {
		d := &s.sales.teams[0]
		for i := range d.people {
			if d.isBusy(i) {
				busy[i]++
			}
		}
	}
	s.Replicate(9, 0, rec)
	// Ordered hunting: person 1 is Erlang B of one server, 1/3 busy at load 1/2;
	// the first two together carry a (1 - B(2, a)), and so on.
	carried := 0.0
	for i := range busy {
		upTo := 0.5 * (1 - known.ErlangB(i+1, 0.5))
		share := upTo - carried
		carried = upTo
		if share*60 > 5 {
			nearShare(t, "busy", int(busy[i]), 60, share)
		}
	}
}

// A sign-up goes to the team that lists its channel and serves its size, else
// by shares in order of name.
func TestTeamsShareSignups(t *testing.T) {
	t.Parallel()
	p := oneCell(1e8, 2e4*plan.WeeksPerYear/1e8, 1)
	p.Run.Weeks = 6
	p.Channels = []plan.Channel{testChannel(p, "ads", 2, 1), testChannel(p, "dealers", 1, 1)}
	p.Teams = []plan.Team{testTeam(p, "a", "web"), testTeam(p, "b", "web"), testTeam(p, "own", "partners"), testTeam(p, "z", "web")}
	p.Teams[0].Share[0], p.Teams[1].Share[0], p.Teams[3].Share[0] = 0.5, 0.2, 0.3
	p.Teams[2].Channels = []string{"dealers"}
	p.Changes = []plan.Change{from(p, 3, "teams.a.share", 0.0), from(p, 3, "teams.b.share", 0.7)}
	pr, s, rec := traced(t, p)
	s.Replicate(2, 0, rec)
	counts, later := make([]int, 4), make([]int, 4)
	first := int(sumOf(t, pr, rec, "opportunities", 0, 3))
	for i, c := range traceOf(s).Contacts {
		if i < first {
			counts[c.Team]++
		} else {
			later[c.Team]++
		}
	}
	nearCounts(t, "teams", counts, []float64{2.0 / 3 * 0.5, 2.0 / 3 * 0.2, 1.0 / 3, 2.0 / 3 * 0.3})
	require.Zero(t, later[0])
	nearCounts(t, "teams", later[1:], []float64{2.0 / 3 * 0.7, 1.0 / 3, 2.0 / 3 * 0.3})
}

// The booked result comes a cycle after first contact: gamma with the team's
// mean and cv, by size; people's after the end of service.
func TestCycleDelaysTheResult(t *testing.T) {
	t.Parallel()
	p := oneCell(1e8, 2e4*plan.WeeksPerYear/1e8, 1)
	p.Run.Weeks = 60
	p.Channels[0] = testChannel(p, "ads", 20, 1)
	p.Teams[0].CycleDays[0], p.Teams[0].CycleCV = 30, 0.7
	p.Changes = []plan.Change{from(p, 1, "triggers.need.rate_per_year", 0)}
	pr, s, rec := traced(t, p)
	s.Replicate(2, 0, rec)
	won := weekly(t, pr, rec, "won")
	var mean, square, n float64
	for w, k := range won {
		n += k
		mean += k * (float64(w) + 0.5)
		square += k * (float64(w) + 0.5) * (float64(w) + 0.5)
	}
	mean /= n
	// Trigger uniform over a week, hand after 1/20 (less the windows that end
	// first), cycle 30 days; the middle of a week stands for its days (1/12).
	cycle := 30.0 / 7
	wait := 1 / 21.0
	near(t, "mean time to the result", mean, 0.5+wait+cycle, math.Sqrt((cycle*cycle*0.49+wait*wait+2.0/12)/n)+1e-3)
	variance := square/n - mean*mean
	want := cycle*cycle*0.49 + wait*wait + 2.0/12
	near(t, "variance of it", variance, want, want*math.Sqrt(5/n)+1e-3)
	require.Equal(t, len(traceOf(s).Customers), int(n))
}
