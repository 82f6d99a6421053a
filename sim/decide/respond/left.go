package respond

import (
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// left gives the points that are to be run further until what the answer says first of places is known: which one gets
// the next dollar and whether it comes back there, or that it comes back nowhere, and what is said of the place where
// one is taken away. Each is looked at with the chance that one look at one of them has of being misled. Places that
// are told from the first go on no further, nor do points that tell of a whole curve.
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
	if out.Goes == nil { // more replications may have a number
		return x.all(), nil
	}
	// What it brings in each place, its lead over each other, and the place where one is taken away.
	rule := analysis.Looks{Times: looks, Numbers: 2 * len(out.Ranked)}
	open := map[string]bool{}
	top := x.step(x.placed(out.Goes.Channel))
	if !x.signed(rule, out.Goes.Next, top) {
		open[top] = true
	}
	rivals, err := x.rivals(rule)
	if err != nil {
		return nil, err
	}
	for _, name := range rivals {
		open[x.step(x.placed(name))] = true
	}
	if known, err := x.takeKnown(rule); err != nil {
		return nil, err
	} else if !known {
		open[level(out.Take.Channel, 0.75)] = true
	}
	if len(open) == 0 {
		return nil, nil
	}
	open[basis], open[top] = true, true
	return slices.DeleteFunc(x.all(), func(s string) bool { return !open[s] }), nil
}

// rivals are the places of which it is not known that the first is better, or where the first one's dollar is lost,
// that theirs is lost too.
func (x responses) rivals(rule analysis.Looks) (out []string, err error) {
	first := x.Goes
	nowhere := x.signed(rule, first.Next, x.step(x.placed(first.Channel))) && !x.helps(first.Next)
	ahead := true // of where it is seen to come back: a place of which it is not seen, and that may be better
	for _, r := range x.Ranked {
		if r.Channel == first.Channel {
			ahead = false
			continue
		}
		if !r.Next.Known() || x.settled(r.Channel) {
			continue
		}
		step := x.step(x.placed(r.Channel))
		if nowhere {
			if !x.signed(rule, r.Next, step) {
				out = append(out, r.Channel)
			}
			continue
		}
		lead, err := x.lead(first.Channel, r.Channel)
		if err != nil {
			return nil, err
		}
		if ahead || !rule.Sure(lead, x.groups(basis, x.step(x.placed(first.Channel)), step)) {
			out = append(out, r.Channel)
		}
	}
	return out, nil
}

// takeKnown says whether what is said of the place where a dollar is taken away is known: that it is better where the
// next one goes, or where that goes nowhere, that a cut saves it.
func (x responses) takeKnown(rule analysis.Looks) (bool, error) {
	switch {
	case x.Take == nil:
		return true, nil
	case !x.Pays && x.BreakEven == nil: // nothing is said of it
		return true, nil
	case !x.Pays:
		return x.signed(rule, x.Take.Last, level(x.Take.Channel, 0.75)), nil
	}
	move, err := x.move(x.Take.Channel, x.Goes.Channel)
	if err != nil {
		return false, err
	}
	return rule.Sure(move, x.groups(basis, level(x.Goes.Channel, 1.5), level(x.Take.Channel, 0.75))), nil
}

// signed says whether it is known of what a dollar brings between the plan and a setting that it comes back, or that it
// is lost; of what it cannot come back as, whether it changes that for the better.
func (x responses) signed(rule analysis.Looks, e analysis.Estimate, setting string) bool {
	return rule.Sure(x.over(e), x.groups(basis, setting))
}

// helps says whether a dollar comes back, or changes what it cannot come back as for the better.
func (x responses) helps(e analysis.Estimate) bool {
	if x.BreakEven == nil && x.first().Column.Direction == plan.Less {
		return e.Value < 0
	}
	return x.over(e).Value > 0
}

// over is what a dollar brings over what it has to bring to come back.
func (x responses) over(e analysis.Estimate) analysis.Estimate {
	if x.BreakEven != nil {
		e.Value, e.Low, e.High = e.Value-*x.BreakEven, e.Low-*x.BreakEven, e.High-*x.BreakEven
	}
	return e
}

// all gives all settings.
func (x responses) all() (out []string) {
	for _, s := range x.Designed().Settings {
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

// settled says of a place that it was told from the first while others were not.
func (x responses) settled(name string) bool {
	return x.Further != nil && !x.ranFurther(x.step(x.placed(name)))
}

// groups is the number of independent groups of replications of settings.
func (x responses) groups(settings ...string) int {
	p := x.on(settings...).Panel
	return p.Ties.Groups(p.Replications)
}

// move is what a dollar brings more in one place, above the plan, than in another, below it, in pairs.
func (x responses) move(from, to string) (analysis.Estimate, error) {
	settings := []string{basis, level(to, 1.5), level(from, 0.75)}
	x = x.on(settings...)
	list, err := x.brought(settings)
	if err != nil {
		return analysis.Estimate{}, err
	}
	return x.Combine(func(v []float64) float64 { return (v[2]-v[0])/(v[3]-v[1]) - (v[0]-v[4])/(v[1]-v[5]) }, list...), nil
}
