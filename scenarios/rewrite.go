package scenarios

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
)

// How spreadsheets and people write values that TOML does not know.
const (
	slashDate = `\d{1,4}/\d{1,2}/\d{1,4}`
	amount    = `[+-]?(?:[$€£] ?[+-]?\d[\d,_]*|\d{1,3}(?:,\d{3})+)(?:\.\d+)?`
	percent   = `[+-]?\d[\d_]*(?:\.\d+)? ?%`
	interval  = `[+-]?\d[\d_.]* ?%? +to +[+-]?\d[\d_.]* ?%?`
)

var (
	slashDateText = regexp.MustCompile(`^(\d{1,4})/(\d{1,2})/(\d{1,4})$`)
	amountText    = regexp.MustCompile(`^` + amount + `$`)
	// bareValue finds such values without quotes in a line.
	bareValue = regexp.MustCompile(`(?:^|[=\[,])\s*(` + strings.Join([]string{slashDate, interval, percent, amount}, "|") + `)\s*(?:$|[,\]}#])`)
)

// rewrite says what to write instead of such a value, or "".
func rewrite(s string) string {
	if m := slashDateText.FindStringSubmatch(s); m != nil {
		return isoDate(m[1], m[2], m[3])
	}
	if x, ok := percentage(s); ok {
		return fmt.Sprintf("%s or %q", model.FormatNumber(x), s)
	}
	if intervalText.MatchString(s) {
		return strconv.Quote(s)
	}
	return rewriteAmount(s)
}

// rewriteAmount says how to write an amount of money without its currency and
// the commas of its thousands, or "".
func rewriteAmount(s string) string {
	if !amountText.MatchString(s) {
		return ""
	}
	digits := strings.NewReplacer("$", "", "€", "", "£", "", " ", "").Replace(s)
	plain := strings.ReplaceAll(digits, ",", "")
	if digits != s {
		return plain
	}
	return plain + " or " + strings.ReplaceAll(digits, ",", "_")
}

// isoDate reads a date with slashes: the year first, or the month before the
// day, unless only the other order makes a date.
func isoDate(a, b, c string) string {
	year, month, day := c, a, b
	if len(a) == 4 {
		year, month, day = a, b, c
	}
	if m, _ := strconv.Atoi(month); m > 12 && len(a) != 4 {
		month, day = day, month
	}
	s := fmt.Sprintf("%04s-%02s-%02s", year, month, day)
	if _, err := model.ParseDate(s); err != nil {
		s = "2013-07-02"
	}
	return "dates as " + s + ", with year, month and day in this order"
}

// misread explains a syntax error by the value at its place, if it is one that
// rewrite knows. With a 0 in its place the scanner finds its key.
func misread(data []byte, line, offset int) (Problem, bool) {
	start := 0
	for range line - 1 {
		start += bytes.IndexByte(data[start:], '\n') + 1
	}
	text, _, _ := bytes.Cut(data[start:], []byte("\n"))
	text = bytes.TrimRight(text, "\r")
	for at := 0; at <= len(text); {
		m := bareValue.FindSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		from, to := start+at+m[2], start+at+m[3]
		at += m[3]
		if offset < from || offset > to {
			continue
		}
		value := string(data[from:to])
		p := Problem{Line: line, Value: value, Message: "not valid TOML; write " + rewrite(value)}
		fixed := slices.Clone(data)
		copy(fixed[from:to], "0"+strings.Repeat(" ", to-from-1))
		last := -1
		for path, place := range findPlaces(fixed) {
			// A number stands for an element, whose place is that of its list or of its first key.
			_, err := strconv.Atoi(path[strings.LastIndexByte(path, 0)+1:])
			if place.offset < from && (place.offset > last || place.offset == last && err != nil) {
				p.Key, p.Col, last = keyOf(path), place.col, place.offset
			}
		}
		return p, true
	}
	return Problem{}, false
}
