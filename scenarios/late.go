package scenarios

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// lateKeys are the numbers whose moves near the end of a run change what later customers are worth, which
// lifetime_margin does not follow (docs/model.md, section 4).
var lateKeys = []string{"teams.*.people", "teams.*.win_rate", "teams.*.opportunities_per_week",
	"teams.*.hire_when_load_above", "teams.*.hire_step", "teams.*.lead_time_weeks",
	"products.*.price", "products.*.discount"}

// A LateMove is that of people, hiring or prices so near the end of a run that lifetime_margin does not see all that
// comes of it.
type LateMove struct {
	Keys   []string // that move
	On     plan.Date
	Left   int // weeks of the run after that
	Enough int // weeks of a run that sees what comes of it
}

// LateMoveOf gives the last late move of a plan, or nil.
func LateMoveOf(p *plan.Plan) *LateMove {
	t := plan.NewTimeline(p)
	t.SetFixed()
	tail := plan.TailWeeks(p)
	for step := t.Steps() - 1; step > 0; step-- {
		at := float64(float64(step) * t.StepWeeks())
		left := p.Run.Weeks - at
		if left >= float64(tail) {
			return nil
		}
		before, after := t.Plan(step-1), t.Plan(step)
		if before == after {
			continue
		}
		if moved := movedKeys(before, after); len(moved) > 0 {
			return &LateMove{moved, t.Date(step), int(math.Ceil(left)), int(math.Ceil(at)) + tail}
		}
	}
	return nil
}

// movedKeys lists those of lateKeys that differ between two plans with the same things in them.
func movedKeys(a, b *plan.Plan) (out []string) {
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
