package fit

import (
	"cmp"
	"context"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/fit/learned"
)

// check runs draws over the history and ahead of it.
func (f *fitting) check(ctx context.Context) error {
	p, l := f.plan, *f.layout
	if f.ask.Ahead > 0 {
		p = f.ahead(p)
		end := f.ask.History.To()
		l.periods = append(slices.Clone(l.periods), company.Period{From: end,
			To: end + plan.Date(f.ask.Ahead*plan.DaysPerWeek)})
		l.weeks = int(p.Run.Weeks)
	}
	r, err := f.newRunner(&l, p, nil, nil)
	if err != nil {
		return err
	}
	z := make([][]float64, checked)
	f.answer.Beside = checked
	for d := range z {
		z[d] = f.draw(f.posterior, "draws", d, 1)
	}
	series, err := f.run(ctx, r, "check", z)
	if err != nil {
		return err
	}
	f.disturb(&l, series)
	f.whole(&l, series)
	for s := range f.layout.observed {
		f.answer.Bands = append(f.answer.Bands, bandOf(&l, f.layout.of(f.data, s), series, s))
	}
	f.answer.Missed = f.widen(&l, series, f.cut)
	if f.ask.Ahead > 0 {
		f.forecast(&l, series)
	}
	if f.ask.HoldBack > 0 {
		if f.answer.BackTest = f.scores(&l, series, f.cut); f.answer.BackTest != nil {
			f.answer.BackTest.Missed = f.answer.Missed
		}
	}
	return nil
}

// ahead is the plan with the weeks after the history. The spend of a year is repeated, from the end of the history's
// last week on: a week that the history shares with what comes after it is the one that was fitted. People are those of
// the plan's schedules, and stay where nothing is dated.
func (f *fitting) ahead(p *plan.Plan) *plan.Plan {
	q := *p
	q.Run.Weeks += float64(f.ask.Ahead)
	q.Schedules = nil
	said := map[string]bool{}
	for _, s := range f.ask.Future {
		said[s.Key] = true
	}
	const year = 52 * plan.DaysPerWeek
	end := p.Run.Start + plan.Date(p.Run.Weeks)*plan.DaysPerWeek
	for _, s := range p.Schedules {
		s.Entries = slices.Clone(s.Entries)
		if segments, err := plan.SplitKey(s.Key); err == nil && segments[len(segments)-1] == "weekly_budget" && !said[s.Key] {
			if first := on(p, &s, end-year); first == first {
				s.Entries = append(s.Entries, plan.ScheduleEntry{From: end, Value: first, Input: -1})
			}
			for n := 0; n < len(s.Entries); n++ { // repeats of repeats, too
				if e := s.Entries[n]; e.From+year > end && e.From+year < q.Run.Start+plan.Date(q.Run.Weeks)*plan.DaysPerWeek {
					e.From += year
					s.Entries = append(s.Entries, e)
				}
			}
			slices.SortStableFunc(s.Entries, func(a, b plan.ScheduleEntry) int { return cmp.Compare(a.From, b.From) })
		}
		q.Schedules = append(q.Schedules, s)
	}
	q.Schedules = Joined(q.Schedules, f.ask.Future)
	return &q
}

// on is the value of a schedule on a day; NaN before its first.
func on(p *plan.Plan, s *plan.Schedule, day plan.Date) float64 {
	value := math.NaN()
	for _, e := range s.Entries {
		if e.From <= max(day, p.Run.Start) {
			value = e.Value
		}
	}
	return value
}

// Joined adds the entries of schedules to those of their keys, or the schedules, by key and day.
func Joined(all, more []plan.Schedule) []plan.Schedule {
	for _, s := range more {
		all = addedTo(all, s)
	}
	return all
}

// addedTo adds the entries of a schedule to that of its key, or the schedule.
func addedTo(all []plan.Schedule, s plan.Schedule) []plan.Schedule {
	for i := range all {
		if all[i].Key == s.Key {
			all[i].Entries = append(slices.Clone(all[i].Entries), s.Entries...)
			slices.SortStableFunc(all[i].Entries, func(a, b plan.ScheduleEntry) int { return cmp.Compare(a.From, b.From) })
			return all
		}
	}
	all = append(all, s)
	slices.SortStableFunc(all, func(a, b plan.Schedule) int { return cmp.Compare(a.Key, b.Key) })
	return all
}

// disturb gives the runs the months of the market that the engine does not know.
func (f *fitting) disturb(l *layout, series [][]float64) {
	sd := f.wrong.Market
	if sd == 0 {
		return
	}
	key := f.key("market")
	for d := range series {
		for month, periods := range months(l.periods) {
			by := rng.Exp(float64(sd * rng.Normal(key.Child(uint64(d)), uint64(month))))
			for _, i := range periods {
				if weeks := l.periods[i].Weeks(); weeks > plan.WeeksPerMonth { // a mean of months
					by = rng.Exp(rng.Log(by) / math.Sqrt(weeks/plan.WeeksPerMonth))
				}
				for s := range l.series {
					if l.ofMarket(l.series[s]) {
						l.of(series[d], s)[i] *= by
					}
				}
			}
		}
	}
}

// whole takes from runs of a part of the market the chance that the whole has not: a count of n times as many has n
// times the variance.
func (f *fitting) whole(l *layout, series [][]float64) {
	if f.share >= 1 {
		return
	}
	column := make([]float64, len(series))
	for s := range l.series {
		if !counts(l.series[s]) {
			continue
		}
		for i := range l.periods {
			for d := range series {
				column[d] = l.of(series[d], s)[i]
			}
			mean, sd := meanAndSD(column)
			if sd == 0 {
				continue
			}
			known := max(0, float64(sd*sd)-mean/f.share)
			ofMean := sd * sd / float64(len(series)) // the middle is known no better than that
			by := min(1, math.Sqrt(known+mean+ofMean)/sd)
			for d := range series {
				l.of(series[d], s)[i] = max(0, mean+float64((column[d]-mean)*by))
			}
		}
	}
}

// bandOf holds a series of the history against runs.
func bandOf(l *layout, seen []float64, series [][]float64, s int) learned.Band {
	b := learned.Band{Series: l.series[s], Seen: seen}
	column := make([]float64, len(series))
	for i, x := range seen {
		for d := range series {
			column[d] = l.of(series[d], s)[i]
		}
		sorted := sortedOf(column)
		low, high := quantile(sorted, 0.025), quantile(sorted, 0.975)
		b.Low, b.Median, b.High = append(b.Low, low), append(b.Median, quantile(sorted, 0.5)), append(b.High, high)
		if !math.IsNaN(x) {
			b.Known++
			if x < low || x > high {
				b.Outside++
			}
		}
	}
	return b
}

// forecast reads what comes after the history.
func (f *fitting) forecast(l *layout, series [][]float64) {
	last := len(l.periods) - 1
	column := func(outcome company.Outcome) (out []float64) {
		s := l.find(learned.Series{Outcome: outcome})
		for d := range series {
			out = append(out, l.of(series[d], s)[last])
		}
		return out
	}
	won, money := column(company.Won), column(cost)
	cac := make([]float64, len(won))
	for d := range won {
		cac[d] = money[d] / max(won[d], 1)
	}
	f.answer.Forecast = []learned.Forecast{f.forecastOf(company.Won, won), f.forecastOf(learned.CAC, cac)}
	for i := range f.answer.Forecast { // chance is that of the customers won
		f.answer.Forecast[i].Floor = 2 * learned.Reach90 / math.Sqrt(max(f.answer.Forecast[0].Median, 1))
	}
}

func (f *fitting) forecastOf(outcome company.Outcome, draws []float64) learned.Forecast {
	sorted := sortedOf(draws)
	x := learned.Forecast{Outcome: outcome, Weeks: f.ask.Ahead, Low: quantile(sorted, 0.05), Median: quantile(sorted, 0.5),
		High: quantile(sorted, 0.95), Draws: draws}
	x.Width = (x.High - x.Low) / x.Median
	return x
}
