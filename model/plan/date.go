package plan

import (
	"fmt"
	"time"
)

// Date is a civil date, counted in days since 1 January 1970.
type Date int32

// NewDate returns the date of a year, month (1 to 12) and day of the month.
func NewDate(year, month, day int) Date {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return Date(t.Unix() / 86400)
}

// ParseDate reads a date written as 2013-10-01.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form 2013-10-01", s)
	}
	return Date(t.Unix() / 86400), nil
}

// YMD gives year, month (1 to 12) and day of the month.
func (d Date) YMD() (year, month, day int) {
	t := d.time()
	return t.Year(), int(t.Month()), t.Day()
}

// Weekday is the day of the week, from Monday (0) to Sunday (6).
func (d Date) Weekday() int { return (int(d.time().Weekday()) + 6) % DaysPerWeek }

// String writes the date as 2013-10-01.
func (d Date) String() string { return d.time().Format("2006-01-02") }

func (d Date) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }
