package model

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
)

// SplitByRegion states the budget of a medium by region where it is one total:
// each region that it covers has its part, by number of firms, and so has every
// entry of its schedule. The medium spends as it did; its regions can then be
// moved one by one. A total that is uncertain, or set anew by a change or a
// shock, has no parts to move.
func SplitByRegion(p *plan.Plan, medium int) error {
	m := &p.Media[medium]
	if m.WeeklyBudget.Parts != nil {
		return nil
	}
	key := "media." + m.Name + ".weekly_budget"
	cells := cellsOf(p)
	firms := make([]float64, len(p.Population.Regions))
	for i, n := range firmsByCell(p, cells) {
		firms[cells[i].Region] += float64(n)
	}
	for _, in := range p.Inputs {
		if strings.HasPrefix(in.Name, key) {
			return fmt.Errorf("%s is uncertain, and one total for all regions: state it by region", key)
		}
	}
	sets := func(effects []plan.Effect, where string) error {
		for _, e := range effects {
			if e.Sets() && (e.Key == key || e.Key == "media.*.weekly_budget") {
				return fmt.Errorf("%s is one total for all regions, which %s sets anew: state it by region there", key, where)
			}
		}
		return nil
	}
	for _, c := range p.Changes {
		if err := sets(c.Effects, "changes."+c.Name); err != nil {
			return err
		}
	}
	for _, s := range p.Shocks {
		if err := sets(s.Effects, "shocks."+s.Name); err != nil {
			return err
		}
	}
	part := func(total float64) []float64 { return m.ByRegion(&plan.Split{Total: total}, p, firms) }
	var schedules []plan.Schedule
	for _, s := range p.Schedules {
		if s.Key != key {
			schedules = append(schedules, s)
			continue
		}
		for r, region := range p.Population.Regions {
			one := plan.Schedule{Key: key + "." + region.Name, Entries: slices.Clone(s.Entries)}
			for i := range one.Entries {
				if one.Entries[i].Input >= 0 {
					return fmt.Errorf("%s is uncertain, and one total for all regions: state it by region", key)
				}
				one.Entries[i].Value = part(s.Entries[i].Value)[r]
			}
			schedules = append(schedules, one)
		}
	}
	m.WeeklyBudget = plan.Split{Parts: part(m.WeeklyBudget.Total)}
	p.Schedules = schedules
	return nil
}
