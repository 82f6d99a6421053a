package page

import (
	"fmt"
	"strings"

	"windfall/plots/words"
	"windfall/scenarios"
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
