package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/known"
	"windfall/model/plan"
)

// With two half-lives a queue without abandonment wins as often as Erlang C says, and its waits are the outcomes.
func TestTwoHalfLivesInAQueue(t *testing.T) {
	t.Parallel()
	const slow, fast, lasting = 0.3, 0.5, 20.0 // hours
	q := known.Queue{Arrivals: 900, Services: 100, Servers: 10}
	for _, step := range []string{"week", "day"} {
		p, _ := callCentre(q.Arrivals, q.Services, q.Servers, 40, 0.3, 0)
		p.Run.Weeks, p.Run.Step = float64(more(150, 10)), step
		x := &p.Teams[0]
		x.Speed, x.WinRate[0], x.SpeedHalfLifeHours[0], x.SpeedSlowShare[0], x.SpeedSlowHalfLifeHours[0] = "two", 0.6, fast, slow, lasting
		pr, rec, contacts := waits(t, p, 9)
		want := known.TwoHalfLives(q, slow, fast/plan.HoursPerWeek, lasting/plan.HoursPerWeek)
		var left, wait, hours []float64
		for _, c := range contacts {
			left = append(left, speedAt(&p.Teams[0], 0, c.Wait*plan.HoursPerWeek))
			wait = append(wait, waited(c.Wait))
			hours = append(hours, c.Wait*plan.HoursPerWeek)
		}
		mean, _ := moments(left)
		near(t, step+": what waiting leaves", mean, want, batchError(left, 50))
		booked := outcome(t, pr, rec, "booked")
		near(t, step+": won", outcome(t, pr, rec, "won")/booked, 0.6*want, math.Sqrt(0.24/booked)+0.6*batchError(left, 50))
		near(t, step+": P(wait)", outcome(t, pr, rec, "p_wait"), known.ErlangC(q).Wait, batchError(wait, 50))
		near(t, step+": mean wait", outcome(t, pr, rec, "reply_hours_mean"), known.ErlangC(q).Mean*plan.HoursPerWeek, batchError(hours, 50))
		require.Less(t, outcome(t, pr, rec, "never_reached_share"), 1e-3)
	}
}

// Every way in which waiting lowers the chance to win is at most 1, falls, and is what docs/model.md says of T18:
// one half-life meets one of its two figures, two half-lives both, and a power one.
func TestSpeedOfReply(t *testing.T) {
	t.Parallel()
	p := oneCell(1000, 1, 4)
	x := testTeam(p, "desk", "people")
	figures := func(speed string, half, slow, slowHalf, scale, power float64) (hourLater, dayLater float64) {
		x.Speed, x.SpeedHalfLifeHours[0], x.SpeedSlowShare[0], x.SpeedSlowHalfLifeHours[0], x.SpeedScaleHours[0], x.SpeedPower[0] = speed, half, slow, slowHalf, scale, power
		require.InDelta(t, 1, speedAt(&x, 0, 0), 1e-15)
		for h := 0.25; h < 1000; h *= 2 {
			require.Less(t, speedAt(&x, 0, h), speedAt(&x, 0, h/2))
		}
		at := speedAt(&x, 0, 0.5) // within an hour: half an hour
		return at / speedAt(&x, 0, 1.5), at / speedAt(&x, 0, 24)
	}
	nan := math.NaN()
	hour, _ := figures("half-life", 0.356, nan, nan, nan, nan)
	require.InEpsilon(t, 7, hour, 0.01)
	hour, day := figures("half-life", 3.98, nan, nan, nan, nan)
	require.InEpsilon(t, 60, day, 0.01)
	require.InEpsilon(t, 1.19, hour, 0.01)
	hour, day = figures("two", 0.32, 0.0115, 24, nan, nan)
	require.InEpsilon(t, 7, hour, 0.02)
	require.InEpsilon(t, 60, day, 0.02)
	hour, day = figures("power", nan, nan, nan, 1, 1.455)
	require.InEpsilon(t, 2.1, hour, 0.01)
	require.InEpsilon(t, 60, day, 0.01)
}

// A team that forgets the more the busier it is is a birth and death chain.
func TestSomeLeadsAreNeverAnswered(t *testing.T) {
	t.Parallel()
	q := known.Queue{Arrivals: 1100, Services: 100, Servers: 10}
	for _, c := range []struct{ none, full, chance float64 }{{0.3, math.NaN(), 0.3}, {0.05, 0.5, 0.5}, {0, 0.4, 0.4}} {
		p, _ := callCentre(q.Arrivals, q.Services, q.Servers, 40, 0.3, 0)
		p.Run.Weeks = float64(more(75, 20))
		p.Teams[0].NeverAnswered, p.Teams[0].NeverAnsweredAtFullLoad = c.none, c.full
		pr, s, rec := traced(t, p)
		s.eachStep = func() { require.NoError(t, s.Conserved()) }
		s.Replicate(5, 0, rec)
		lost, wait, busy := known.Forgetful(q, c.none, c.chance)
		n := outcome(t, pr, rec, "leads_of_people")
		se := 3 / math.Sqrt(n) // their dependence included
		near(t, "never reached", outcome(t, pr, rec, "never_reached_share"), lost, se)
		near(t, "P(wait)", outcome(t, pr, rec, "p_wait"), wait, 2*se)
		load := weekly(t, pr, rec, "load.desk")
		mean, _ := moments(load)
		near(t, "load", mean, busy, batchError(load, 25))
		require.Equal(t, outcome(t, pr, rec, "never_reached"), outcome(t, pr, rec, "lost_waiting"), "they are lost with their windows")
		// Touches on them go on, to no effect.
		require.Greater(t, outcome(t, pr, rec, "touches"), 1.5*outcome(t, pr, rec, "leads"))
	}
	p, _ := callCentre(q.Arrivals, q.Services, q.Servers, 40, 0.3, 0)
	p.Run.Weeks, p.Teams[0].NeverAnswered = 4, 1
	pr, rec := replicated(t, p, 5, 0)
	require.Equal(t, 1.0, outcome(t, pr, rec, "never_reached_share"))
	require.True(t, math.IsNaN(outcome(t, pr, rec, "reply_hours_mean")) && math.IsNaN(outcome(t, pr, rec, "reply_hours_median")), "nobody was reached")
}

// People work in their hours: contacts are made in them alone; a lead that comes at night waits for the morning;
// a week of work is that of opportunities_per_week.
func TestPeopleWorkInTheirHours(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p, arrivals := callCentre(300, 100, 200, 10, 2, 0)
		p.Run.Weeks, p.Run.Step = float64(more(100, 10)), step
		x := &p.Teams[0]
		x.OpenHour, x.CloseHour, x.BusinessDays = 9, 17.5, 5
		pr, s, rec := traced(t, p)
		s.eachStep = func() { require.NoError(t, s.Conserved()) }
		s.Replicate(4, 0, rec)
		open := 5 * 8.5 / plan.HoursPerWeek
		// Everybody is idle: who comes when they work is answered at once, else in the morning.
		gaps := float64(4*15.5*15.5) + 63.5*63.5
		n := outcome(t, pr, rec, "leads_answered")
		near(t, step+": P(wait)", outcome(t, pr, rec, "p_wait"), 1-open, 1/math.Sqrt(n))
		near(t, step+": mean wait", outcome(t, pr, rec, "reply_hours_mean"), gaps/2/plan.HoursPerWeek, 25/math.Sqrt(n))
		// Of waits up to 15.5 hours there are 5 an hour, of longer ones 1; the shortest are 42.5 of 168 hours.
		near(t, step+": median wait", outcome(t, pr, rec, "reply_hours_median"), (84-42.5)/5, 0.016*8.3+40/math.Sqrt(n))
		load := weekly(t, pr, rec, "load.desk")
		mean, _ := moments(load)
		near(t, step+": load", mean, arrivals/100/200, batchError(load, 10))
		for _, c := range traceOf(s).Contacts {
			require.LessOrEqual(t, c.Wait*plan.HoursPerWeek, 63.5+1e-6)
		}
	}
	// With an endless queue a person handles opportunities_per_week of them per week.
	p, _ := callCentre(1500, 300, 2, 1, 8, 0)
	p.Run.Weeks, p.Opening.BurnInWeeks = 12, 8
	x := &p.Teams[0]
	x.OpenHour, x.CloseHour, x.BusinessDays = 8, 12, 3
	pr, s, rec := prepared(t, p)
	s.eachStep = func() {
		h := &s.w.at(s.step).hours[0]
		d := &s.sales.teams[0]
		for i := range d.people {
			at := d.people[i].until
			require.InDelta(t, 0, math.Min(h.Next(at)-at, h.Worked(at+1e-7)-h.Worked(at-1e-7)), 1e-5)
			require.True(t, h.IsOpen(at), "services end in working hours")
		}
	}
	s.Replicate(4, 0, rec)
	got := outcome(t, pr, rec, "opportunities")
	near(t, "contacts", got, 2*300*12, math.Sqrt(2*300*12)+2)
}

// The work clock stands still while a team is closed and shows weeks of work; after and worked are inverse.
func TestWorkClock(t *testing.T) {
	t.Parallel()
	start := plan.NewDate(2013, 1, 1) // a Tuesday
	require.Equal(t, 1, start.Weekday())
	require.Equal(t, []int{0, 6}, []int{plan.NewDate(2024, 1, 1).Weekday(), plan.NewDate(1969, 12, 28).Weekday()})
	h := plan.HoursOf(&plan.Team{OpenHour: 9, CloseHour: 17, BusinessDays: 5}, start)
	hour := 1.0 / plan.HoursPerWeek
	at := func(day, hours float64) float64 { return day/7 + hours*hour } // from Tuesday on
	for _, c := range []struct{ at, worked, next float64 }{
		{at(0, 8), 8.0 / 40, at(0, 9)},
		{at(0, 13), 12.0 / 40, at(1, 9)},
		{at(0, 17), 16.0 / 40, at(1, 9)},
		{at(3, 18), 1, at(6, 9)},
		{at(5, 12), 1, at(6, 9)},
		{at(6, 10), 1 + 1.0/40, at(7, 9)},
		{at(-1, 10), 1.0 / 40, at(0, 9)},
		{at(-2, 10), 0, at(-1, 9)},
	} {
		require.InDelta(t, c.worked, h.Worked(c.at), 1e-12)
		require.InDelta(t, c.next, h.Next(c.at), 1e-12)
	}
	require.InDelta(t, at(6, 11), h.After(at(3, 15), 4.0/40), 1e-12)
	require.InDelta(t, at(1, 10), h.After(at(0, 2), 9.0/40), 1e-12)
	require.InDelta(t, 64, h.LongestPause()*plan.HoursPerWeek, 1e-9)
	for _, days := range []float64{1, 5, 7} {
		for _, open := range []float64{0, 7.5} {
			h := plan.HoursOf(&plan.Team{OpenHour: open, CloseHour: 20, BusinessDays: days}, start)
			for i := range 1000 {
				x := -20 + 0.0637*float64(i)
				done := h.After(x, 0.3)
				require.InDelta(t, h.Worked(x)+0.3, h.Worked(done), 1e-9)
				require.LessOrEqual(t, done-x, 0.3+h.LongestPause()+1e-9)
				require.GreaterOrEqual(t, h.Next(x), x)
				require.True(t, h.IsOpen(h.Next(x)+1e-9))
				require.Greater(t, h.AfterOpening(h.Next(x)), h.Next(x)+1.0/30)
			}
		}
	}
}
