package words

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"windfall/model/plan"
)

// Thousands writes a whole number in full: 12,000.
func Thousands(n int) string { return Count.Texts([]float64{float64(n)}, 1)[0] }

// Counted writes a number of things: 1 replication, 1,000 replications.
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Few says of what is counted, as Counted writes it, that it is too little to rely on: 30 pairs are few.
func Few(n int, counted string) string {
	if n == 1 {
		return counted + " is too few"
	}
	return counted + " are few"
}

// Measured is a unit behind a number: 1 week, 0.687 weeks.
func Measured(v float64, unit string) string {
	if unit == "week" && v != 1 {
		return "weeks"
	}
	return unit
}

// Sized writes how many of something a number rests on, and that they are few.
func Sized(n, enough int, noun string) string {
	if n < enough {
		return "only " + Counted(n, noun)
	}
	return Counted(n, noun)
}

// List joins words with commas and a last and.
func List(words []string) string { return Joined(words, "and") }

// Joined joins words with commas and a last and, or what else joins the last.
func Joined(words []string, with string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + with + " " + words[last]
}

// Ended is a sentence with its full stop.
func Ended(text string) string {
	if text == "" || text[len(text)-1] == '.' {
		return text
	}
	return text + "."
}

// Whole keeps the minus of an amount of money on the line of its amount, and a margin of error on that of its number,
// where a page breaks lines.
func Whole(text string) string {
	return strings.ReplaceAll(minusOfMoney.ReplaceAllString(text, "−\u2060$1"), " ± ", "\u00a0±\u00a0")
}

var minusOfMoney = regexp.MustCompile(`−([^\d\s])`)

// File makes the name of a file of words: pause of 3 weeks is pause-of-3-weeks.
func File(words ...string) string {
	return strings.ReplaceAll(strings.Join(words, "-"), " ", "-")
}

// Slug makes a name of a file of a metric: p5(cash_end) is p5-cash-end.
func Slug(metric string) string {
	other := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(metric, other), "-")
}

// Signed writes a relative change as a percentage with its sign.
func Signed(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x > 0:
		return "+" + Percentage(x)
	case x < 0:
		return "−" + Percentage(-x)
	}
	return "0%"
}

// Percentage writes a share with digits for the small, and none for what is all and more: 102%.
func Percentage(x float64) string {
	digits := 1
	switch a := math.Abs(x); {
	case a >= 0.9995:
		return Percent.Rounded(x)
	case a < 0.001 && a > 0:
		digits = 3
	case a < 0.01:
		digits = 2
	}
	return strconv.FormatFloat(100*x, 'f', digits, 64) + "%"
}

// Times writes a factor, of which more than some thousands says nothing.
func Times(x float64) string {
	if x > 10_000 {
		return ">10,000 x"
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + " x"
}

// Roughly keeps two digits of a number that is a rough one, rounded up: 16,818 is
// 17,000.
func Roughly(n int) int {
	step := 1
	for n/step >= 100 {
		step *= 10
	}
	return (n + step - 1) / step * step
}

// Day is a date as pictures have it.
func Day(d plan.Date) time.Time {
	year, month, day := d.YMD()
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
