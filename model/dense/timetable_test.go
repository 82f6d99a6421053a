package dense

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// Engine and reference have the same numbers on every day, whatever schedules, changes,
// shocks, layers and holds there are.
func TestTimetableAgreesWithTheTimeline(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := []string{"journey.lock_in_years", "customers.churn_multiplier"}
	for range 300 {
		p := &plan.Plan{Run: plan.Run{Weeks: 12, Step: "week", Start: 15706}}
		p.Journey.LockInYears, p.Customers.ChurnMultiplier = 4, 4
		date := func() plan.Date { return p.Run.Start + plan.Date(r.IntN(13)*7) }
		effects := func() (out []plan.Effect) {
			for range 1 + r.IntN(2) {
				e := plan.Effect{Key: keys[r.IntN(2)], Value: 1 + r.Float64(), Input: -1}
				switch r.IntN(3) {
				case 0:
					e.Multiply = true
				case 1:
					e.Hold = true
				}
				out = append(out, e)
			}
			return out
		}
		s := plan.Schedule{Key: keys[0]}
		for w := r.IntN(6); w < 12; w += 1 + r.IntN(6) {
			s.Entries = append(s.Entries, plan.ScheduleEntry{From: p.Run.Start + plan.Date(7*w), Value: 1 + 3*r.Float64(), Input: -1})
		}
		p.Schedules = []plan.Schedule{s}
		for i := range r.IntN(5) {
			c := plan.Change{Name: string(rune('a' + i)), From: date(), Layer: r.IntN(3), Effects: effects()}
			if r.IntN(2) == 0 {
				c.Until = c.From + plan.Date(7*(1+r.IntN(6)))
			}
			p.Changes = append(p.Changes, c)
		}
		for i := range r.IntN(3) {
			p.Shocks = append(p.Shocks, plan.Shock{Name: string(rune('p' + i)), Probability: 1, From: date(), Weeks: float64(1 + r.IntN(6)), Effects: effects()})
		}
		line, table := plan.NewTimeline(p), newTimetable(p, random{})
		line.Set(1, 0)
		for step := range 13 {
			want, got := table.at(step), line.Plan(step)
			require.InDelta(t, want.Journey.LockInYears, got.Journey.LockInYears, 1e-9, "step %d of %+v", step, p)
			require.InDelta(t, want.Customers.ChurnMultiplier, got.Customers.ChurnMultiplier, 1e-9, "step %d of %+v", step, p)
		}
	}
}
