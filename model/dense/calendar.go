package dense

import (
	"math"

	"windfall/model/plan"
)

// Time is counted in weeks since the first day of the run, tenure in years.
const (
	yearWeeks  = 365.25 / 7
	monthWeeks = yearWeeks / 12
	weekHours  = 7 * 24
)

// calendar lays steps over dates. Steps before the first day are negative.
type calendar struct {
	start   plan.Date
	perWeek int // steps a week, 1 or 7
	steps   int // of the run
	burnIn  int // before it
	tail    int // after it
}

func newCalendar(p, opening *plan.Plan) calendar {
	c := calendar{start: p.Run.Start, perWeek: 1}
	if p.Run.Step == "day" {
		c.perWeek = 7
	}
	c.steps = int(p.Run.Weeks) * c.perWeek
	c.tail = plan.TailWeeks(p) * c.perWeek
	c.burnIn = int(opening.Opening.BurnInWeeks) * c.perWeek
	return c
}

// begins is the time at which a step begins.
func (c calendar) begins(step int) float64 { return float64(step) / float64(c.perWeek) }

// days is the number of days of a step, firstDay its first, counted from the start.
func (c calendar) days() int             { return 7 / c.perWeek }
func (c calendar) firstDay(step int) int { return step * c.days() }

// day is the civil date at a time.
func (c calendar) day(at float64) plan.Date { return c.start + plan.Date(math.Floor(7*at)) }

// seasonMean is the mean of twelve monthly numbers over the days of a step.
func (c calendar) seasonMean(season []float64, step int) float64 {
	sum := 0.0
	for d := range c.days() {
		_, month, _ := (c.start + plan.Date(c.firstDay(step)+d)).YMD()
		sum += season[month-1]
	}
	return sum / float64(c.days())
}

// daysOfMonth are the days of a year of 365 days.
var daysOfMonth = [12]float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// yearMean is the mean of twelve monthly numbers over 365 days, by which the
// season of a trigger is divided.
func yearMean(season []float64) float64 {
	sum := 0.0
	for m, days := range daysOfMonth {
		sum += days * season[m]
	}
	return sum / 365
}

// largest is the largest of the monthly numbers, by which the season of a
// channel is divided.
func largest(season []float64) float64 {
	most := season[0]
	for _, x := range season {
		most = max(most, x)
	}
	return most
}
