package respond

import (
	"slices"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// left gives the points that are to be run further until what the answer says first of channels is known: which one
// gets the next dollar, whether that dollar earns more than it costs, and whether it is better there than where one
// is taken away. Each is looked at with the chance that one look at one of them has of being misled. Channels that are
// told from the first go on no further, nor do points that tell of a whole curve.
func (a Ask) left(p *panel.Panel, looks int) ([]string, error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	out, err := a.Answer(p)
	if err != nil {
		return nil, err
	}
	x := responses{Panel: p, checked: c, Answer: out}
	top, take := out.Ranked[0], out.Take
	if !top.Next.Known() { // more replications may have a number
		return a.all(), nil
	}
	rule := analysis.Looks{Times: looks, Numbers: len(out.Ranked) + 1} // its rivals, its sign, and what is taken away
	open := map[string]bool{}
	if !rule.Sure(top.Next, x.groups(level(top.Channel, 1.5))) {
		open[level(top.Channel, 1.5)] = true
	}
	for _, r := range out.Ranked[1:] {
		if !r.Next.Known() || x.settled(r.Channel) {
			continue
		}
		lead, err := x.lead(top.Channel, r.Channel)
		if err != nil {
			return nil, err
		}
		if !rule.Sure(lead, x.groups(level(top.Channel, 1.5), level(r.Channel, 1.5))) {
			open[level(r.Channel, 1.5)] = true
		}
	}
	if take != nil {
		move, err := x.move(take.Channel, top.Channel)
		if err != nil {
			return nil, err
		}
		if !rule.Sure(move, x.groups(level(top.Channel, 1.5), level(take.Channel, 0.75))) {
			open[level(take.Channel, 0.75)] = true
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	open[basis], open[level(top.Channel, 1.5)] = true, true
	return slices.DeleteFunc(a.all(), func(s string) bool { return !open[s] }), nil
}

// all gives all settings.
func (a Ask) all() (out []string) {
	c, err := a.check()
	if err != nil {
		return nil
	}
	for _, s := range c.design().Settings {
		out = append(out, s.Name)
	}
	return out
}

// on is the same on the settings that were run further, if those that are named are among them.
func (x responses) on(settings ...string) responses {
	if x.Further != nil && !slices.ContainsFunc(settings, func(s string) bool { return !x.ranFurther(s) }) {
		x.Panel = x.Further
	}
	return x
}

func (x responses) ranFurther(setting string) bool {
	return x.Further != nil && x.Further.Values(panel.Leaf{Setting: setting,
		Measure: panel.Measure{Column: keptBeside[0]}}) != nil
}

// settled says of a channel that it was told from the first while others were not.
func (x responses) settled(channel string) bool {
	return x.Further != nil && !x.ranFurther(level(channel, 1.5))
}

// groups is the number of independent groups of replications of settings.
func (x responses) groups(settings ...string) int {
	p := x.on(settings...).Panel
	return p.Ties.Groups(p.Replications)
}

// move is what a dollar brings more on one channel, above the plan, than on another, below it, in pairs.
func (x responses) move(from, to string) (analysis.Estimate, error) {
	settings := []string{basis, level(to, 1.5), level(from, 0.75)}
	x = x.on(settings...)
	var list []panel.Statistic
	for _, s := range settings {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	return x.Combine(func(v []float64) float64 { return (v[2]-v[0])/(v[3]-v[1]) - (v[0]-v[4])/(v[1]-v[5]) }, list...), nil
}
