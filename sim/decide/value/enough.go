package value

import (
	"math"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// little is the part of what the better plan is better by below which knowledge is not worth a thought.
const little = 0.05

// enough says whether it is known whether anything is worth measuring. Something is where the value of all inputs is
// above 0 beyond what chance would do at any look, and no input may be worth as much as the first. Nothing is where one
// plan is better beyond that, and what all inputs might be worth is little beside it.
func (a Ask) enough(p *panel.Panel, looks int) (bool, error) {
	out, err := a.Answer(p)
	if err != nil || !out.Difference.Known() || !out.All.Known() {
		return false, err
	}
	rule, draws := analysis.Looks{Times: looks, Numbers: 2}, out.Draws-out.Missing
	if out.Worth {
		return rule.Sure(out.All, draws) && !out.Together && out.Rival == nil, nil
	}
	most := math.Max(out.All.High, rule.High(out.All, draws))
	return rule.Sure(out.Difference, draws) && most < little*math.Abs(out.Difference.Value), nil
}
