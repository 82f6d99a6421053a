package metric

import (
	"math"

	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Crossing is the position from which on a value stays above 0, or below: the
// month in which one plan overtakes another, the spend from which on a channel
// does not pay. Between positions the value is taken as linear.
type Crossing struct {
	At     []float64     // positions, rising
	Values []*Expression // the value at each
	Below  bool          // the value stays below 0
}

// Leaves lists the measures that the crossing needs.
func (c *Crossing) Leaves() (out []panel.Leaf) {
	for _, v := range c.Values {
		out = append(out, v.Leaves()...)
	}
	return out
}

// Estimate gives the position. It is +Inf if the value does not have the sign
// at the last position, and the first position if it has it throughout. The 95%
// interval goes from the position where the upper end of the value's own
// interval stays above 0 to that where the lower end does (its inversion, as
// Fieller's), so it may be open at the top; the error is that of a normal
// interval of the same length.
func (c *Crossing) Estimate(p *panel.Panel) analysis.Estimate {
	n := len(c.At)
	value, low, high := make([]float64, n), make([]float64, n), make([]float64, n)
	needs := 0
	for i, v := range c.Values {
		e := v.Estimate(p)
		needs = max(needs, e.Needs)
		value[i], low[i], high[i] = e.Value, e.Low, e.High
		if c.Below {
			value[i], low[i], high[i] = -e.Value, -e.High, -e.Low
		}
	}
	e := analysis.Estimate{Value: crossing(c.At, value), Low: crossing(c.At, high), High: crossing(c.At, low)}
	e.Error, e.N = math.NaN(), p.Replications
	if needs > 0 { // the place of an end that is not known is not known
		e.Low, e.High, e.Needs = math.NaN(), math.NaN(), needs
	}
	if !math.IsInf(e.High, 0) {
		e.Error = (e.High - e.Low) / (2 * analysis.Reach95)
	}
	return e
}

// crossing is the position from which on y stays above 0.
func crossing(x, y []float64) float64 {
	i := len(x) - 1
	if !(y[i] > 0) {
		return math.Inf(1)
	}
	for i > 0 && y[i-1] > 0 {
		i--
	}
	if i == 0 || math.IsNaN(y[i-1]) {
		return x[i]
	}
	return x[i] - (x[i]-x[i-1])*y[i]/(y[i]-y[i-1])
}
