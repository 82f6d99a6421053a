package decide

import (
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

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

// RuinOf is the chance of a setting to go out of business; none where that is not kept.
func RuinOf(p *panel.Panel, setting string) analysis.Estimate {
	values := p.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: Ruin}})
	if len(values) == 0 {
		return analysis.Estimate{}
	}
	return analysis.ChanceAlike(values, p.Ties.SeedsPerDraw)
}
