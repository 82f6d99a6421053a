package optimise

import (
	"slices"

	"windfall/scenarios/edit"
)

// mostChanges is the number of changes of which it is seen what each brings.
const mostChanges = 6

// changes sees what the largest changes of the plan that was found bring: each is taken back by itself.
func (c *Course) changes(a *Answer) error {
	moved := a.ByMove()
	moved = slices.DeleteFunc(moved, func(l Lever) bool {
		return l.Spend == l.PlanSpend && l.Multiple == 1 || l.Group == edit.Quarters
	})
	moved = moved[:min(mostChanges, len(moved))]
	if len(moved) == 0 {
		return nil
	}
	xs := [][]float64{a.Multiples}
	var at []int
	for _, m := range moved {
		i := slices.IndexFunc(a.Levers, func(l Lever) bool { return l.Lever == m.Lever })
		back := slices.Clone(a.Multiples)
		back[i] = 1
		at, xs = append(at, i), append(xs, back)
	}
	samples, err := c.judged("changes", judging, c.marginal(), xs...)
	if err != nil {
		return err
	}
	for k, i := range at {
		brings, err := c.objective.Difference(samples[1+k], samples[0])
		if err != nil {
			return err
		}
		a.Levers[i].Brings = &brings
	}
	return nil
}

// stops says whether the plan that was found sells no more: all that levers spend is gone, but for a trifle.
func (a *Answer) stops() bool {
	var plan, best float64
	for _, l := range a.Levers {
		if l.Group != edit.Quarters {
			plan, best = plan+l.PlanSpend, best+l.Spend
		}
	}
	return plan > 0 && best <= trifle*plan
}

// trifle is the share of what the plan spends below which it sells no more.
const trifle = 0.05
