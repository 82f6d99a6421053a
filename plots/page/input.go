package page

import (
	"strings"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// inputs writes values of uncertain inputs, those in money in the currency of the plan.
type inputs struct{ money words.In }

// format is that of the values of an input.
func (w inputs) format(in decide.Input) words.Format {
	switch {
	case in.Money:
		return w.money.Money()
	case in.Unit == "share" || in.Unit == "chance":
		return words.Percent
	}
	return words.Plain
}

// value writes an input at a probability. A table of draws has its rows there, in order of their first principal
// component.
func (w inputs) value(in decide.Input, at float64) string {
	if in.Table() {
		return "row at " + words.Percent.Text(at)
	}
	return w.format(in).Text(in.Dist.Quantile(at))
}

// between writes a condition on an input, given by two probabilities.
func (w inputs) between(in decide.Input, low, high float64) string {
	switch {
	case low <= 0:
		return "below " + w.value(in, high)
	case high >= 1:
		return "above " + w.value(in, low)
	}
	return "between " + w.value(in, low) + " and " + w.value(in, high)
}

// share is a share of 1 with its interval.
func share(e analysis.Estimate) Cell {
	c := Value(words.Percent, e)
	c.Text = words.Share(e)
	return c
}

// name is what people call an input: fixed cost, response of paid-search. What has no key keeps its name.
func (w inputs) name(in decide.Input) string {
	name, _ := w.called(in)
	return name
}

// called is that name, and what its values are told in, which the name then leaves out: weeks, or per week, or nothing.
func (w inputs) called(in decide.Input) (name, per string) {
	segs, err := plan.SplitKey(in.Key)
	if in.Key == "" || err != nil {
		return in.Name, ""
	}
	last, member := segs[len(segs)-1], ""
	if n := len(segs); n > 2 && strings.Contains(segs[n-2], "_") { // of a size or a region: journey.touches_needed.20-99
		last, member, segs = segs[n-2], " for "+last, segs[:n-1]
	}
	for _, p := range []string{"week", "month", "year"} {
		if cut, ok := strings.CutSuffix(last, "_per_"+p); ok {
			last, per = cut, " per "+p
		}
	}
	for _, unit := range []string{"_hours", "_days", "_weeks", "_months", "_years"} {
		cut, ok := strings.CutSuffix(last, unit)
		// Not of 12 months, which are not what it is measured in, nor of business days; and memory weeks say more than
		// memory.
		if ok && len(segs) > 2 && cut != "business" && !strings.ContainsAny(cut[len(cut)-1:], "0123456789") {
			last, per = cut, " "+unit[1:]
		}
	}
	name = strings.ReplaceAll(last, "_", " ")
	switch {
	case len(segs) > 2:
		name += " of " + segs[1]
	case segs[0] == "rivals": // strength and price are whose?
		name += " of rivals"
	}
	return name + member, per
}

// side words a condition on an input, given by two probabilities: fixed cost above $14.4k per week.
func (w inputs) side(in decide.Input, low, high float64) string {
	name, per := w.called(in)
	return name + " " + w.between(in, low, high) + per
}
