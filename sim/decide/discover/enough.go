package discover

import (
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// enough says whether a box was found that is none of luck, at any look, with runs enough for its edges. That there is
// none is known from all runs alone.
func (a Ask) enough(p *panel.Panel, looks int) (bool, error) {
	out, err := a.Answer(p)
	if err != nil || out.Box == nil {
		return false, err
	}
	rule := analysis.Looks{Times: looks, Numbers: 1}
	return rule.Unlikely(out.Box.Chance) && out.Cases >= FewCases, nil
}
