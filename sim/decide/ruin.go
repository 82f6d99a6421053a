package decide

import (
	"slices"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Ruin is the column that says whether a run ends out of business.
const Ruin = "out_of_business"

// Ruined is what an answer says of a company that goes out of business, whatever is asked of it.
type Ruined struct {
	// Fails says that it does in every run of the plan.
	Fails bool `json:"fails_always,omitempty"`
	// Ruin is the chance of the plan to go out of business.
	Ruin analysis.Estimate `json:"-"`
}

// RuinedOf is that of a setting.
func RuinedOf(p *panel.Panel, setting string) Ruined {
	return Ruined{FailsAlways(p, setting), RuinOf(p, setting)}
}

// AsksOfRuin says whether what is asked is itself about going out of business, so that nothing has to be added.
func AsksOfRuin(outcomes ...string) bool { return slices.Contains(outcomes, Ruin) }

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
