package discover

import "windfall/sim/panel"

// enough says whether the condition holds in runs enough for the edges of a box. How often it holds is all that the
// rule looks at, so a box that stands out by chance does not end the runs, and its numbers stay without bias.
func (a Ask) enough(p *panel.Panel, _ int) (bool, error) {
	out, err := a.Answer(p)
	return err == nil && out.Cases >= FewCases, err
}
