package page

import (
	"strconv"

	"windfall/sim/decide"
)

// Typed is the command line of what one may ask next of a scenario, or of all that were set side by side; more says
// which plan is meant.
func Typed(s decide.Step, name string, all, more []string) []string {
	if s.Lesson != "" {
		return []string{"windfall", "lesson", s.Lesson}
	}
	line := []string{"windfall", s.Question}
	if s.All {
		line = append(line, all...)
	} else {
		line = append(line, name)
	}
	for _, part := range s.Parts() {
		line = append(append(line, "--"+part[0]), part[1:]...)
	}
	line = append(line, more...)
	if s.Replications > 0 {
		line = append(line, "--replications", strconv.Itoa(s.Replications))
	}
	return line
}
