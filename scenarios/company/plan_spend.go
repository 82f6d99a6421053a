package company

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// spend writes the budget of a channel or medium and gives its mean per week, over the periods with any.
func (b *planner) spend(name string, perMonth Number) float64 {
	h := b.History.Channel(name)
	sum, cells := 0., 0
	if h != nil {
		sum, cells = Sum(h.Spend)
	}
	if sum == 0 {
		week := 1.
		if perMonth.Known() && perMonth.Value > 0 {
			week = perMonth.Value * 12 / plan.WeeksPerYear
			b.w.set("weekly_budget", digits(week), perMonth.Source)
		} else {
			b.w.set("weekly_budget", "1", "assumption (no spend is known; a token keeps the channel running)")
		}
		return week
	}
	mean := sum / float64(cells)
	filled := slices.Clone(h.Spend)
	days, money := 0., 0.
	for i, x := range filled {
		if math.IsNaN(x) {
			filled[i] = mean
		}
		if filled[i] > 0 {
			days += float64(b.History.Periods[i].To - b.History.Periods[i].From)
			money += filled[i]
		}
	}
	switch {
	case b.o.Fitted != nil:
		b.w.set("weekly_budget", b.pastAndMean(filled), ownHistory+" (dated: what was spent; then the mean of its "+
			"last year)")
	case !b.o.Replay:
		b.w.set("weekly_budget", digits(b.lastYear(filled)), ownHistory)
	case b.History.Monthly:
		var parts []string
		for i, x := range filled {
			parts = append(parts, b.History.name(i)+" = "+digits(x))
		}
		b.w.set("monthly_budget", "{"+strings.Join(parts, ", ")+"}", ownHistory)
	default:
		parts := []string{"{value = " + digits(filled[0]) + "}"}
		for i := 1; i < len(filled); i++ {
			if filled[i] != filled[i-1] {
				parts = append(parts, fmt.Sprintf("{from = %s, value = %s}", b.History.Periods[i].From, digits(filled[i])))
			}
		}
		b.w.set("weekly_budget", "["+strings.Join(parts, ", ")+"]", ownHistory)
	}
	return money * plan.DaysPerWeek / days
}

// lastYear is the mean spend per week of the last year.
func (b *planner) lastYear(filled []float64) float64 {
	last := filled[max(0, len(filled)-b.year()):]
	sum, _ := Sum(last)
	from := b.History.Periods[len(filled)-len(last)].From
	return sum * plan.DaysPerWeek / float64(b.History.To()-from)
}

// pastAndMean are the dated budgets of the history, one per period in which another was spent, and behind them
// the mean of its last year.
func (b *planner) pastAndMean(filled []float64) string {
	var parts []string
	last := ""
	add := func(from plan.Date, week float64) {
		switch value := digits(week); {
		case value == last:
			return
		case last == "":
			parts, last = append(parts, "{value = "+value+"}"), value
		default:
			parts, last = append(parts, fmt.Sprintf("{from = %s, value = %s}", from, value)), value
		}
	}
	for i, x := range filled {
		add(b.History.Periods[i].From, x/b.History.Periods[i].Weeks())
	}
	b.moved = b.moved || len(parts) > 1
	if add(b.start, b.lastYear(filled)); len(parts) == 1 {
		return last
	}
	return "[\n  " + strings.Join(parts, ",\n  ") + ",\n]"
}

// year is how many periods are one.
func (b *planner) year() int {
	if b.History.Monthly {
		return 12
	}
	return 52
}
