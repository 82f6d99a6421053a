package decide

import "windfall/sim/panel"

// Ruin is the column that says whether a run ends out of business.
const Ruin = "out_of_business"

// FailsAlways says whether the company goes out of business in every run of settings.
func FailsAlways(p *panel.Panel, settings ...string) bool {
	for _, s := range settings {
		values := p.Values(panel.Leaf{Setting: s, Measure: panel.Measure{Column: Ruin}})
		if len(values) == 0 {
			return false
		}
		for _, v := range values {
			if v != 1 {
				return false
			}
		}
	}
	return true
}
