package plan

import "math"

// hours is when the people of a team work: from an hour to another on the first days of each week. The work
// clock counts the weeks of work: it stands still while the team is closed, and goes faster than the calendar
// while it is open, so that a calendar week is a week of work (docs/model.md, section 3.7).
type Hours struct {
	Always      bool // round the clock: both clocks are one
	open, close float64
	days        float64 // of a week, from Monday on
	shift       float64 // days from a Monday to the first day of the run
}

// HoursOf gives the hours of a team for a run that starts on a date. Where dated changes or draws leave less a
// day than a minute, it is a minute.
func HoursOf(t *Team, start Date) Hours {
	open := min(t.OpenHour, hoursPerDay-leastHours)
	return Hours{
		Always: t.OpenHour == 0 && t.CloseHour == hoursPerDay && t.BusinessDays == DaysPerWeek,
		open:   open / hoursPerDay, close: max(t.CloseHour, open+leastHours) / hoursPerDay,
		days: t.BusinessDays, shift: float64(start.Weekday()),
	}
}

const (
	hoursPerDay = HoursPerWeek / DaysPerWeek
	leastHours  = 1.0 / 60
)

// split gives the week, the day of the week from Monday on and the part of the day of a time.
func (h *Hours) split(at float64) (week, day, part float64) {
	x := float64(at*DaysPerWeek) + h.shift
	week = math.Floor(x / DaysPerWeek)
	x -= float64(week * DaysPerWeek)
	day = math.Floor(x)
	return week, day, x - day
}

// join is the time of a part of a day.
func (h *Hours) join(week, day, part float64) float64 {
	return week + (day+part-h.shift)/DaysPerWeek
}

// isOpen says whether people work at a time.
func (h *Hours) IsOpen(at float64) bool {
	_, day, part := h.split(at)
	return day < h.days && part >= h.open && part < h.close
}

// next is when the team opens for the first time from a time on at which it is open already or closed; a team
// that never closes never opens.
func (h *Hours) Next(at float64) float64 {
	if h.Always {
		return math.Inf(1)
	}
	week, day, part := h.split(at)
	if part >= h.open {
		day++
	}
	if day >= h.days {
		week, day = week+1, 0
	}
	return max(at, h.join(week, day, h.open))
}

// afterOpening is when the team opens for the next time after it has opened.
func (h *Hours) AfterOpening(opened float64) float64 {
	return h.Next(opened + (h.close-h.open)/(2*DaysPerWeek))
}

// worked is what the work clock shows at a time.
func (h *Hours) Worked(at float64) float64 {
	if h.Always {
		return at
	}
	week, day, part := h.split(at)
	if day >= h.days {
		return week + 1
	}
	long := h.close - h.open
	return week + (day+min(1, max(0, (part-h.open)/long)))/h.days
}

// after is the time at which some weeks of work are done that begin at a time.
func (h *Hours) After(at, weeks float64) float64 {
	if h.Always {
		return at + weeks
	}
	clock := h.Worked(at) + weeks
	week := math.Floor(clock)
	days := float64((clock - week) * h.days)
	day := min(math.Floor(days), h.days-1)
	return max(at, h.join(week, day, h.open+float64((days-day)*(h.close-h.open))))
}

// LongestPause is the longest time, in weeks, for which the team is closed at a stretch.
func (h *Hours) LongestPause() float64 {
	if h.Always {
		return 0
	}
	return (DaysPerWeek - h.days + 1 - (h.close - h.open)) / DaysPerWeek
}
