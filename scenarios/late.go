package scenarios

import (
	"fmt"
	"math"
	"slices"

	"windfall/model"
)

// lateKeys are the numbers whose moves near the end of a run change what later customers are worth, which
// lifetime_margin does not follow (docs/model.md, section 4).
var lateKeys = []string{"teams.*.people", "teams.*.win_rate", "teams.*.opportunities_per_week",
	"teams.*.hire_when_load_above", "teams.*.hire_step", "teams.*.lead_time_weeks",
	"products.*.price", "products.*.discount"}

// LateMove says that a plan moves people, hiring or prices so late that lifetime_margin does not see all that comes of
// it, and how long a run does; empty: it does not. It is the last such move of the run that counts.
func LateMove(p *model.Plan) string {
	t := model.NewTimeline(p)
	t.SetFixed()
	tail := model.TailWeeks(p)
	for step := t.Steps() - 1; step > 0; step-- {
		at := float64(step) * t.StepWeeks()
		left := p.Run.Weeks - at
		if left >= float64(tail) {
			return ""
		}
		before, after := t.Plan(step-1), t.Plan(step)
		if before == after {
			continue
		}
		moved := movedKeys(before, after)
		if len(moved) == 0 {
			continue
		}
		what := moved[0] + " changes"
		if len(moved) > 1 {
			what = fmt.Sprintf("%s and %d more change", moved[0], len(moved)-1)
		}
		return fmt.Sprintf("%s on %s, and the run ends %s after that: lifetime_margin does not follow what people, hiring "+
			"and prices do to later customers; judge it on a longer run, --weeks %.0f",
			what, t.Date(step), weeksOf(left), math.Ceil(at)+float64(tail))
	}
	return ""
}

func weeksOf(x float64) string {
	if n := math.Ceil(x); n != 1 {
		return fmt.Sprintf("%.0f weeks", n)
	}
	return "1 week"
}

// movedKeys lists those of lateKeys that differ between two plans with the same things in them.
func movedKeys(a, b *model.Plan) (out []string) {
	for _, pattern := range lateKeys {
		fields, err := a.Fields(pattern)
		if err != nil {
			continue // the plan has no such thing
		}
		for _, f := range fields {
			x, _, err1 := a.Numbers(f.Key)
			y, _, err2 := b.Numbers(f.Key)
			same := func(p, q *float64) bool { return *p == *q || math.IsNaN(*p) && math.IsNaN(*q) }
			if err1 == nil && err2 == nil && !slices.EqualFunc(x, y, same) && idle(a, f.Key) == "" {
				out = append(out, f.Key)
			}
		}
	}
	return out
}
