package company

import (
	"fmt"
	"math"
	"strings"

	"windfall/model/plan"
)

// Dated is what a number was from a day on; that of its first day also before.
type Dated struct {
	From  plan.Date
	Value float64
}

// onDay is a number on a day; otherwise, where it is known by no date.
func onDay(dated []Dated, day plan.Date, otherwise float64) float64 {
	if len(dated) == 0 {
		return otherwise
	}
	value := dated[0].Value
	for _, x := range dated {
		if x.From <= day {
			value = x.Value
		}
	}
	return value
}

// byDate writes a number, by date where it changed; as is what the plan has in its place.
func (b *planner) byDate(key string, known Number, dated []Dated, as func(float64) float64) {
	// What was before the days that are simulated is no part of the plan.
	first := b.start
	if b.o.Fitted != nil {
		first = b.History.From()
	}
	value := digits(as(onDay(dated, first, known.Value)))
	parts := []string{"{value = " + value + "}"}
	for _, x := range b.byWeek(dated) {
		n := digits(as(x.Value)) // what follows the run is of no use to it
		if x.From > first && n != value && x.From < b.start+plan.Date(b.weeks*plan.DaysPerWeek) {
			parts, value = append(parts, fmt.Sprintf("{from = %s, value = %s}", x.From, n)), n
			b.moved = b.moved || x.From <= b.start
		}
	}
	if len(parts) == 1 {
		b.w.set(key, value, known.Source)
	} else {
		b.w.set(key, "["+strings.Join(parts, ", ")+"]", known.Source+" (by date)")
	}
}

// After are the people of teams and the prices by date in the weeks that follow those of a plan that replays the
// history: what company.toml says of the time that a fit forecasts.
func (c *Company) After(weeks int) (out []plan.Schedule) {
	h := &c.History
	b := &planner{Company: c, start: h.From()}
	first := h.From() + (h.To()-h.From())/plan.DaysPerWeek*plan.DaysPerWeek // what is before is in that plan
	end := h.From() + plan.Date((h.Weeks()+weeks)*plan.DaysPerWeek)
	add := func(key string, dated []Dated, as func(float64) float64) {
		s := plan.Schedule{Key: key}
		value := math.NaN()
		for _, x := range b.byWeek(dated) {
			n := as(x.Value)
			if x.From >= first && x.From < end && n != value && !math.IsNaN(value) {
				s.Entries = append(s.Entries, plan.ScheduleEntry{From: x.From, Value: n, Input: -1})
			}
			value = n
		}
		if len(s.Entries) > 0 {
			out = append(out, s)
		}
	}
	for i := range c.Teams {
		t := &c.Teams[i]
		add(plan.JoinKey("teams", t.Name, "people"), t.Heads, func(x float64) float64 { return t.whole(x, 1) })
	}
	for i := range c.Products {
		add(plan.JoinKey("products", c.Products[i].Name, "price"), c.Products[i].Prices, same)
	}
	return out
}

func same(x float64) float64 { return x }

// weekFrom is the first day from a date on that begins a week of the plan, from which on a number acts.
func (b *planner) weekFrom(day plan.Date) plan.Date {
	weeks := math.Ceil(float64(day-b.start) / plan.DaysPerWeek)
	return b.start + plan.Date(weeks)*plan.DaysPerWeek
}

// byWeek are numbers by date as a plan has them: each from the first week on that begins with it or after it. Of
// several in one week the last holds.
func (b *planner) byWeek(dated []Dated) (out []Dated) {
	for _, x := range dated {
		if x.From = b.weekFrom(x.From); len(out) > 0 && out[len(out)-1].From == x.From {
			out = out[:len(out)-1]
		}
		out = append(out, x)
	}
	return out
}
