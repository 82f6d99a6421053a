package fit

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// lived is the small company with a history of its own: months of round numbers.
func lived(t *testing.T) (*plan.Plan, *company.History, *layout, []float64, *export.Panel) {
	p, h := small(t)
	nan := math.NaN()
	h.Channels[0].Leads = []float64{10, 20, nan, 20, 10, 20}
	h.Channels[1].Signups = []float64{3, 1, 4, 1, 5, 9}
	h.Channels[2].Won = []float64{1, 0, 1, 0, 1, 0}
	h.Teams = []company.TeamHistory{{Team: "web", Won: []float64{2, 2, 2, 2, 2, 2}}}
	h.Won = []float64{4, 5, 6, 5, 4, 5}
	h.Churned = []float64{3, 3, 3, 2, 2, nan}
	h.Customers = []float64{151, 153, 156, 159, 161, nan}
	h.Revenue = []float64{5000, 5100, 5200, 5300, 5400, 5500}
	q, err := History(p, h, nil)
	require.NoError(t, err)
	at, err := export.Observe(q, 0)
	require.NoError(t, err)
	l, data := newLayout(q, h)
	return q, h, l, data, at
}

// Summaries are what they say they are; what the history does not know is not looked at, in runs either.
func TestSummaries(t *testing.T) {
	p, h, l, data, at := lived(t)
	list := newSummaries(l, p, h, data, 6, at, nil, nil)
	got := map[string]float64{}
	for i, x := range values(list, data) {
		got[list[i].name] = x
	}
	require.InDelta(t, 2*math.Sqrt(80.375), got["leads.paid-search"], 1e-12)
	require.InDelta(t, 2*math.Sqrt(23.375), got["signups.partners"], 1e-12)
	require.InDelta(t, 2*math.Sqrt(3.375), got["won.email"], 1e-12)
	require.InDelta(t, 2*math.Sqrt(12.375), got["won.web"], 1e-12)
	require.InDelta(t, 2*math.Sqrt(29.375), got["won, half-year 1"], 1e-12)
	require.InDelta(t, 2*math.Sqrt(13.375), got["churned, half-year 1"], 1e-12)
	require.InDelta(t, 2*math.Sqrt(161.375), got["customers, half-year 1"], 1e-12)
	require.InDelta(t, 100*math.Log(26000.0/780), got["log bill"], 1e-9)
	require.Contains(t, got, "elasticity of paid-search")
	require.NotContains(t, got, "elasticity of email", "its spend is constant")
	before := values(list, data)
	other := slices.Clone(data)
	other[2] = 1000 // leads of paid search in a month that the history does not know
	require.Equal(t, before, values(list, other))
	cut := newSummaries(l, p, h, data, 4, at, nil, nil)
	first := values(cut, data)
	for s := range l.series {
		other[s*6+4], other[s*6+5] = 77, 99
	}
	require.Equal(t, first, values(cut, other))
}

// The score of an elasticity is that of counts that follow spend, not their level, and has a variance of about 1.
func TestScoresSeeSpend(t *testing.T) {
	p, h, l, data, at := lived(t)
	h.Channels[0].Leads = []float64{30, 30, 30, 30, 30, 30}
	data = slices.Clone(data)
	copy(data, h.Channels[0].Leads)
	list := newSummaries(l, p, h, data, 6, at, nil, nil)
	k := slices.IndexFunc(list, func(s summary) bool { return s.name == "elasticity of paid-search" })
	score := func(n ...float64) float64 {
		x := slices.Clone(data)
		copy(x, n)
		return list[k].of(x)
	}
	require.InDelta(t, 0, score(30, 30, 30, 30, 30, 30), 1e-9)
	follows := score(20, 30, 40, 20, 30, 40) // 0.5, 0.8, 1.1 of the budget
	require.Greater(t, follows, 3.0)
	require.InDelta(t, follows, score(40, 60, 80, 40, 60, 80), 0.05*follows, "the level is apart")
	require.InDelta(t, -follows, score(40, 30, 20, 40, 30, 20), 0.4*follows)
}

// Channels without outcomes of their own are seen in those of all.
func TestOutcomesOfAllAlone(t *testing.T) {
	p, h := small(t)
	h.Revenue = []float64{100, 110, 120, 100, 110, 120}
	q, err := History(p, h, nil)
	require.NoError(t, err)
	at, err := export.Observe(q, 0)
	require.NoError(t, err)
	l, data := newLayout(q, h)
	var names []string
	for _, s := range newSummaries(l, p, h, data, 6, at, nil, nil) {
		names = append(names, s.name)
	}
	require.Equal(t, []string{"elasticity of paid-search", "elasticity of partners", "log revenue, half-year 1"}, names)
	var unknown []string
	for _, u := range Defaults(q, h, nil) {
		unknown = append(unknown, u.Name)
	}
	require.Equal(t, []string{"capture.paid-search", "level.paid-search", "carry-over.paid-search", "level.partners",
		"carry-over.partners", "demand.inbound", "demand.referrals", "total", "saturation"}, unknown, "who comes by itself, too")
}

// A history says which unknowns it can say something of.
func TestDefaults(t *testing.T) {
	p, h, _, _, _ := lived(t)
	h.Channels = append(h.Channels, company.ChannelHistory{Name: "inbound", Leads: h.Won},
		company.ChannelHistory{Name: "radio", Medium: true, Spend: []float64{1, 2, 3, 1, 2, 3}})
	of := func(kinds map[string]string) map[string]learned.Prior {
		out := map[string]learned.Prior{}
		for _, u := range Defaults(p, h, kinds) {
			require.Positive(t, u.Prior.SD, u.Name)
			require.NotEmpty(t, u.Prior.Source, u.Name)
			out[u.Name] = u.Prior
		}
		return out
	}
	got := of(nil)
	for _, name := range []string{"level.paid-search", "capture.paid-search", "carry-over.paid-search", "level.partners",
		"level.email", "saturation", "demand.inbound", "halo", "salience", "equity", "win.web", "churn", "churn-shape", "seats"} {
		require.Contains(t, got, name)
	}
	h.Channels[2].Leads, h.Channels[2].Signups = []float64{3, 2, 3, 2, 3, 2}, []float64{1, 1, 1, 1, 1, 1}
	require.Contains(t, of(nil), "real.email")
	require.NoError(t, checkUnknowns(p, Defaults(p, h, nil)), "seats among them")
	require.NotContains(t, got, "real.paid-search", "its sign-ups are not known")
	for _, name := range []string{"carry-over.email", "win.inside", "level.facebook", "capture.partners", "churn-frailty"} {
		require.NotContains(t, got, name)
	}
	require.Greater(t, of(map[string]string{"email": "other"})["level.email"].SD, got["level.email"].SD)
	h.Teams, h.Revenue, h.Channels = nil, nil, h.Channels[:4]
	got = of(nil)
	require.Contains(t, got, "win")
	require.NotContains(t, got, "total", "each channel has its own")
	require.NotContains(t, got, "seats")
	require.NotContains(t, got, "halo")
	require.NoError(t, checkUnknowns(p, Defaults(p, h, nil)))
	last := &h.Periods[len(h.Periods)-1]
	last.To += 3 * 366
	require.Contains(t, of(nil), "churn-frailty", "some years show it")

	// Nothing is known by channel: channels whose spend moves and who comes by itself are seen in all.
	h.Channels = h.Channels[:2:2]
	for i := range h.Channels {
		x := &h.Channels[i]
		x.Leads, x.Signups, x.Won, x.Spend = nil, nil, nil, []float64{10, 20, 10, 30, 10, 20}
	}
	got = of(nil)
	for _, x := range h.Channels {
		require.Contains(t, got, "level."+x.Name)
	}
	require.Contains(t, got, "demand.inbound")
	require.Contains(t, got, "total")
	h.Channels[0].Spend = []float64{10, 10, 10, 10, 10, 10}
	require.NotContains(t, of(nil), "level."+h.Channels[0].Name, "it never moved")
	h.Won = nil
	require.NotContains(t, of(nil), "demand.inbound", "nothing came that is known")
}

// An interval of the plan is the prior.
func TestIntervalsOfThePlanArePriors(t *testing.T) {
	p, h, _, _, _ := lived(t)
	param := func(key string) plan.Param { x, _ := p.Param(key); return x }
	for key, ends := range map[string][2]float64{"channels.email.max_touches_per_week": {0.05, 0.2},
		"teams.web.win_rate": {0.2, 0.8}, "channels.paid-search.half_saturation": {100, 900},
		"customers.base_hazard.1-4": {0.2, 0.3}} {
		x := param(key)
		p.Inputs = append(p.Inputs, plan.Input{Name: key, Key: key, Dist: plan.Interval90(ends[0], ends[1], x.Low, x.High)})
	}
	p.Origins = map[string]plan.Origin{"teams.web.win_rate": {Source: "S12"}}
	got := map[string]learned.Prior{}
	for _, u := range Defaults(p, h, nil) {
		got[u.Name] = u.Prior
	}
	require.InDelta(t, math.Log(4)/(2*learned.Reach90), got["level.email"].SD, 1e-6)
	require.Equal(t, "the plan", got["level.email"].Source)
	require.InDelta(t, math.Log(16)/(2*learned.Reach90), got["win.web"].SD, 1e-6)
	require.Equal(t, "S12", got["win.web"].Source)
	require.InDelta(t, math.Log(9)/(2*learned.Reach90), got["capture.paid-search"].SD, 1e-6)
	require.InDelta(t, math.Log(1.5)/(2*learned.Reach90), got["churn"].SD, 1e-6)
	require.Zero(t, got["level.email"].Mean)
}

// A forecast spends what was spent in the same weeks a year before, or what is said.
func TestSpendAhead(t *testing.T) {
	start := plan.NewDate(2013, 1, 1)
	at := func(week int) plan.Date { return start + plan.Date(7*week) }
	p := &plan.Plan{Run: plan.Run{Start: start, Weeks: 60}, Schedules: []plan.Schedule{
		{Key: "channels.a.weekly_budget", Entries: []plan.ScheduleEntry{{From: at(0), Value: 1, Input: -1},
			{From: at(10), Value: 2, Input: -1}, {From: at(30), Value: 3, Input: -1}, {From: at(50), Value: 4, Input: -1}}},
		{Key: "teams.b.people", Entries: []plan.ScheduleEntry{{From: at(0), Value: 5, Input: -1},
			{From: at(20), Value: 6, Input: -1}}}}}
	h := &company.History{Periods: []company.Period{{From: start, To: at(30)}, {From: at(30), To: at(60)}}}
	f := &fitting{ask: &Ask{History: h, Ahead: 80}}
	q := f.ahead(p)
	require.Equal(t, 140.0, q.Run.Weeks)
	value := func(k, week int) float64 { return on(q, &q.Schedules[k], at(week)) }
	for week := 60; week < 140; week++ {
		require.Equal(t, value(0, week-52), value(0, week), "week %d", week)
		require.Equal(t, 6.0, value(1, week))
	}
	require.Equal(t, 1.0, value(0, 61))
	require.Equal(t, 2.0, value(0, 62))
	f.ask.Future = []plan.Schedule{{Key: "channels.a.weekly_budget", Entries: []plan.ScheduleEntry{{From: at(70), Value: 9,
		Input: -1}}}}
	q = f.ahead(p)
	require.Equal(t, 4.0, value(0, 69), "as at the end, until something else is said")
	require.Equal(t, 9.0, value(0, 139))
	require.Len(t, p.Schedules[0].Entries, 4, "the plan is left as it was")
}

// Naive forecasts on series that they know, and do not know.
func TestNaiveForecasts(t *testing.T) {
	var periods []company.Period
	var seasonal, level, steps []float64
	for m := range 24 {
		periods = append(periods, company.Period{From: plan.NewDate(2013, 1+m, 1), To: plan.NewDate(2013, 2+m, 1)})
		seasonal = append(seasonal, 100+50*math.Sin(float64(m)*math.Pi/6)+0.1*float64(m%3))
		level = append(level, 40)
		steps = append(steps, 10*float64(m/3))
	}
	require.Less(t, lastYear(periods, seasonal, 21), 0.2)
	require.Greater(t, smoothing(seasonal, 21), 5.0)
	require.InDelta(t, 0, smoothing(level, 21), 1e-9)
	require.Greater(t, lastYear(periods, steps, 21), smoothing(steps, 21))
	// Of three years two are held back, the first of them out of all bounds: the last is predicted by the one that is known.
	var long []company.Period
	var seen []float64
	for m := range 36 {
		long = append(long, company.Period{From: plan.NewDate(2013, 1+m, 1), To: plan.NewDate(2013, 2+m, 1)})
		seen = append(seen, seasonal[m%12]+[]float64{0, 1000, 0}[m/12])
	}
	require.InDelta(t, 500, lastYear(long, seen, 12), 10)
	require.True(t, math.IsNaN(lastYear(periods[12:], steps[12:], 9)), "there is no year before")
	s := learned.Score{Fit: 2, LastYear: 1, Smoothing: math.NaN()}
	require.Equal(t, "last year", s.Naive())
	s.Fit = 0.5
	require.Empty(t, s.Naive())
}

// A band counts what lies outside of it; a part of the market has the chance of the whole.
func TestBands(t *testing.T) {
	l := &layout{series: []learned.Series{{Outcome: company.Won}}, periods: make([]company.Period, 3)}
	var series [][]float64
	for d := range 100 {
		series = append(series, []float64{float64(d), float64(d), float64(d)})
	}
	b := bandOf(l, []float64{50, 98.9, math.NaN()}, series, 0)
	require.Equal(t, 2, b.Known)
	require.Equal(t, 1, b.Outside)
	require.InDelta(t, 0.025*99, b.Low[0], 1e-9)
	a := &learned.Answer{Bands: []learned.Band{b}}
	require.Equal(t, 0.5, a.Outside())
	f := &fitting{share: 0.1}
	mean, _ := meanAndSD([]float64{50 - 30, 50 + 30})
	require.Equal(t, 50.0, mean)
	f.whole(l, series) // mean 49.5, variance 841.7, of which 495 is the chance of a tenth
	var column []float64
	for d := range series {
		column = append(column, series[d][0])
	}
	_, sd := meanAndSD(column)
	require.InDelta(t, math.Sqrt(841.7-495+49.5+8.4), sd, 0.3)
}
