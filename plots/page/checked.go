package page

import (
	"cmp"
	"fmt"
	"strings"

	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/study"
)

// Checked says what is wrong with a scenario, and what is worth knowing.
func Checked(r scenarios.Report) string {
	var b strings.Builder
	if len(r.Problems) > 0 {
		fmt.Fprintln(&b, r.Problems)
	}
	for line := range strings.Lines(r.Warnings.Error()) {
		fmt.Fprintf(&b, "warning: %s\n", strings.TrimSuffix(line, "\n"))
	}
	found := "ok"
	if n := len(r.Problems); n > 0 {
		found = words.Counted(n, "problem")
	} else if n := len(r.Warnings); n > 0 {
		found += ", " + words.Counted(n, "warning")
	}
	fmt.Fprintf(&b, "%s: %s\n", r.Name, found)
	return b.String()
}

// Shipped lists the shipped scenarios, the lessons left out.
func Shipped(all []scenarios.Builtin) *Sheet {
	s := NewSheet("scenarios", "Shipped scenarios", "name", "title", "extends")
	s.Shown = len(all)
	for _, b := range all {
		if !study.IsLesson(b.Name) {
			s.Row(b.Name, b.Title, strings.Join(b.Extends, ", "))
		}
	}
	return s
}

// Differences are the keys in which two scenarios differ.
func Differences(a, b string, all []scenarios.Difference) *Sheet {
	s := NewSheet("differences", "What differs", "key")
	s.Columns = append(s.Columns, Column{Name: a}, Column{Name: b})
	for _, d := range all {
		s.Row(d.Key, cmp.Or(d.A, "–"), cmp.Or(d.B, "–"))
	}
	return s
}
