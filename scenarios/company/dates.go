package company

import (
	"regexp"
	"strconv"
	"strings"

	"windfall/model/plan"
)

// moment is a date as somebody wrote it.
type moment struct {
	day   plan.Date
	month bool // a month: day is its first
	week  bool // a numbered week: day is its Monday
}

// order is in which order a file has day and month: "dmy", "mdy", or "" for not known.
type order string

const (
	dayFirst   order = "dmy"
	monthFirst order = "mdy"
)

var (
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	isoMonth  = regexp.MustCompile(`^(\d{4})[-/. ](\d{1,2})$`)
	isoWeek   = regexp.MustCompile(`(?i)^(\d{4})[- ]?(?:W|KW|S)[- ]?(\d{1,2})$`)
	compact   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})?$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[-/.](\d{4})$`)
	triple    = regexp.MustCompile(`^(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d{4}|\d{2})$`)
	named     = regexp.MustCompile(`^(\d{1,2})?[-/. ]*(\pL{3,})[-/.,’' ]*` +
		`(\d{1,2}(?:st|nd|rd|th)?,)?[-/.,’' ]*(\d{4}|\d{2})$`)
	yearNamed = regexp.MustCompile(`^(\d{4})[-/. ]*(\pL{3,})\.?$`)
	clock     = regexp.MustCompile(`[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$`)
)

// months are the beginnings of their names in English, German and French.
var months = [][]string{{"jan", "jän"}, {"feb", "fév", "fev"}, {"mar", "mär", "mrz"}, {"apr", "avr"}, {"may", "mai"},
	{"jun", "juin"}, {"jul", "juil"}, {"aug", "aoû", "aou"}, {"sep"}, {"oct", "okt"}, {"nov"}, {"dec", "dez", "déc"}}

// monthOf is the month that a word names, 0 for none.
func monthOf(word string) int {
	word = strings.ToLower(word)
	for i, names := range months {
		for _, n := range names {
			if strings.HasPrefix(word, n) {
				return i + 1
			}
		}
	}
	return 0
}

// readMoment reads a date. ambiguous: day and month can be either way round, and the order is not known.
func readMoment(text string, o order) (m moment, ok, ambiguous bool) {
	text = strings.TrimSpace(clock.ReplaceAllString(strings.TrimSpace(text), ""))
	n := func(s string) int { x, _ := strconv.Atoi(s); return x }
	if x := isoDate.FindStringSubmatch(text); x != nil {
		return dayMoment(n(x[1]), n(x[2]), n(x[3]))
	}
	if x := isoMonth.FindStringSubmatch(text); x != nil {
		return monthMoment(n(x[1]), n(x[2]))
	}
	if x := isoWeek.FindStringSubmatch(text); x != nil {
		return weekMoment(n(x[1]), n(x[2]))
	}
	if x := compact.FindStringSubmatch(text); x != nil && (text[:2] == "19" || text[:2] == "20") {
		if x[3] != "" {
			return dayMoment(n(x[1]), n(x[2]), n(x[3]))
		}
		return monthMoment(n(x[1]), n(x[2]))
	}
	if x := monthYear.FindStringSubmatch(text); x != nil {
		return monthMoment(n(x[2]), n(x[1]))
	}
	if x := triple.FindStringSubmatch(text); x != nil {
		return inOrder(n(x[1]), n(x[3]), fullYear(x[4]), x[2] == ".", o)
	}
	if x := yearNamed.FindStringSubmatch(text); x != nil {
		return monthMoment(n(x[1]), monthOf(x[2]))
	}
	if x := named.FindStringSubmatch(text); x != nil {
		day := x[1] + strings.TrimRight(x[3], "stndrh,")
		if day == "" {
			return monthMoment(fullYear(x[4]), monthOf(x[2]))
		}
		return dayMoment(fullYear(x[4]), monthOf(x[2]), n(day))
	}
	return m, false, false
}

// fullYear reads a year of two or four digits.
func fullYear(text string) int {
	y, _ := strconv.Atoi(text)
	if len(text) == 2 {
		y += 2000
	}
	return y
}

// inOrder reads two numbers and a year. With dots the day stands first everywhere.
func inOrder(a, b, year int, dots bool, o order) (m moment, ok, ambiguous bool) {
	switch {
	case dots || o == dayFirst || o == "" && a > 12:
		return dayMoment(year, b, a)
	case o == monthFirst || b > 12 || a == b:
		return dayMoment(year, a, b)
	}
	_, possible, _ := dayMoment(year, a, b)
	return m, false, possible
}

func dayMoment(year, month, day int) (m moment, ok, ambiguous bool) {
	if year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 {
		return m, false, false
	}
	m.day = plan.NewDate(year, month, day)
	_, mm, dd := m.day.YMD()
	return m, mm == month && dd == day, false
}

func monthMoment(year, month int) (m moment, ok, ambiguous bool) {
	m, ok, _ = dayMoment(year, month, 1)
	m.month = true
	return m, ok, false
}

// weekMoment is the Monday of a week as ISO 8601 numbers them: the first has the year's first Thursday.
func weekMoment(year, week int) (m moment, ok, ambiguous bool) {
	if year < 1900 || year > 2200 || week < 1 || week > 53 {
		return m, false, false
	}
	fourth := plan.NewDate(year, 1, 4)
	m.day, m.week = fourth-plan.Date(fourth.Weekday())+plan.Date((week-1)*plan.DaysPerWeek), true
	return m, true, false
}

// nextMonth is the first day of the month behind that of a day.
func nextMonth(d plan.Date) plan.Date {
	y, m, _ := d.YMD()
	return plan.NewDate(y, m+1, 1)
}

// firstOfMonth is the first day of a day's month.
func firstOfMonth(d plan.Date) plan.Date {
	y, m, _ := d.YMD()
	return plan.NewDate(y, m, 1)
}

// orderOf is what dates tell of the order of day and month in all of them; both says that they contradict each other.
func orderOf(texts []string) (o order, both bool) {
	for _, t := range texts {
		x := triple.FindStringSubmatch(strings.TrimSpace(clock.ReplaceAllString(strings.TrimSpace(t), "")))
		if x == nil || x[2] == "." {
			continue
		}
		a, _ := strconv.Atoi(x[1])
		b, _ := strconv.Atoi(x[3])
		is := order("")
		switch {
		case a > 12 && b <= 12:
			is = dayFirst
		case b > 12 && a <= 12:
			is = monthFirst
		default:
			continue
		}
		if o != "" && o != is {
			return "", true
		}
		o = is
	}
	return o, false
}
