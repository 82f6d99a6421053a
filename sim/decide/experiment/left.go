package experiment

import (
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// left gives the tests that are to be run further: the planned one until it is known on which side of 80% its power
// lies, and those that may be the smallest test that reaches it. Each is looked at with the chance that one look at one
// of them has of being misled.
func (a Ask) left(p *panel.Panel, looks int) (out []string, err error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	rule := analysis.Looks{Times: looks, Numbers: len(c.tests)}
	reached := false // by a smaller test
	for i := range c.tests {
		t := &c.tests[i]
		if reached && i != c.planned {
			continue
		}
		x := c.on(panelOf(p, t.name()))
		canGoOn := p.Further == nil || x.Panel == p.Further
		power := analysis.ChanceAlike(x.read(t).found, p.Ties.SeedsPerDraw)
		if !power.Known() {
			continue // more runs have no more of an estimate
		}
		over := power
		over.Value -= Power
		switch sure := rule.Sure(over, x.Replications/max(1, p.Ties.SeedsPerDraw)); {
		case !sure && canGoOn:
			out = append(out, t.name())
		case sure && over.Value > 0:
			reached = true
		}
	}
	if out != nil {
		out = append([]string{basis}, out...)
	}
	return out, nil
}

// panelOf is the panel in which a setting was run most often.
func panelOf(p *panel.Panel, setting string) *panel.Panel {
	if p.Further != nil && p.Further.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: "won"}}) != nil {
		return p.Further
	}
	return p
}
