package page

import (
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

// value writes an input at a probability.
func (w inputs) value(in decide.Input, at float64) string {
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
	c.Text = words.Ends(words.Percent.Text, e)
	return c
}
