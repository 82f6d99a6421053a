package respond

import (
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// enough says whether what the answer says first of channels is known: which one gets the next dollar, whether that
// dollar earns more than it costs, and whether it is better there than where one is taken away. Each is looked at with
// the chance that one look at one of them has of being misled.
func (a Ask) enough(p *panel.Panel, looks int) (bool, error) {
	c, err := a.check()
	if err != nil {
		return false, err
	}
	out, err := a.Answer(p)
	if err != nil {
		return false, err
	}
	if out.Verdict.Kind != decide.Yes { // more replications may tell the first from its rival
		return false, nil
	}
	x := responses{Panel: p, checked: c, Answer: out}
	top := out.Ranked[0]
	said := []analysis.Estimate{top.Next}
	for _, r := range out.Ranked[1:] {
		if !r.Next.Known() {
			break
		}
		lead, err := x.lead(top.Channel, r.Channel)
		if err != nil {
			return false, err
		}
		said = append(said, lead)
	}
	if take := out.Take; take != nil {
		move, err := x.move(take.Channel, top.Channel)
		if err != nil {
			return false, err
		}
		said = append(said, move)
	}
	rule := analysis.Looks{Times: looks, Numbers: len(said)}
	for _, e := range said {
		if !rule.Sure(e, p.Ties.Groups(p.Replications)) {
			return false, nil
		}
	}
	return true, nil
}

// move is what a dollar brings more on one channel, above the plan, than on another, below it, in pairs.
func (x responses) move(from, to string) (analysis.Estimate, error) {
	var list []panel.Statistic
	for _, s := range []string{basis, level(to, 1.5), level(from, 0.75)} {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	return x.Combine(func(v []float64) float64 { return (v[2]-v[0])/(v[3]-v[1]) - (v[0]-v[4])/(v[1]-v[5]) }, list...), nil
}
