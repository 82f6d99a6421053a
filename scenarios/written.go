package scenarios

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
)

// asWritten gives the key as the user wrote it, where a number by calendar month was turned into dated ones by week:
// messages speak of monthly_budget then.
func (b *builder) asWritten(key string) string {
	out, _ := b.byMonthKey(key)
	return out
}

// byMonthKey gives the key by month that a key by week was made of, and whether it was; else the key.
func (b *builder) byMonthKey(key string) (string, bool) {
	segs, err := plan.SplitKey(key)
	if err != nil {
		return key, false
	}
	for _, p := range plan.Params() {
		at := strings.Split(p.Pattern, ".")
		n := len(at)
		if p.Writes == "" || len(segs) < n || segs[n-1] != p.Writes ||
			!slices.EqualFunc(at[:n-1], segs[:n-1], func(a, b string) bool { return a == "*" || a == b }) {
			continue
		}
		written := append(slices.Clone(segs[:n-1]), at[n-1])
		if m := b.root.at(written...); m != nil && !(m.kind == text && m.value == "none") {
			return plan.JoinKey(append(written, segs[n:]...)...), true
		}
	}
	return key, false
}

var longNumber = regexp.MustCompile(`\d+\.\d+`)

// roundedNumbers shortens the numbers of a text to four digits.
func roundedNumbers(s string) string {
	return longNumber.ReplaceAllStringFunc(s, func(s string) string {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s
		}
		return plan.FormatNumber(significant(x, 4))
	})
}
