package metric

import (
	"fmt"
	"math"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// Milder names a condition like this one that holds in about a
// tenth of the sample's replications (more, if a tenth are too few to search),
// and in how many. A comparison keeps its outcome and direction; anything else,
// and an outcome that hardly varies, gives way to the first of the others, taken
// where it is bad. The text is empty if none will do: the sample is too small.
func (c *Condition) Milder(s *analysis.Sample, others ...string) (text string, cases int) {
	type try struct{ outcome, sign string }
	var tries []try
	if c.root.kind == "compare" && c.root.sign != "==" && c.root.sign != "!=" {
		tries = append(tries, try{c.root.outcome, c.root.sign})
	}
	for _, o := range others {
		if i := find(s.Columns, o); i >= 0 {
			sign := "<"
			if s.Columns[i].Direction == plan.Less {
				sign = ">"
			}
			tries = append(tries, try{o, sign})
		}
	}
	share := max(0.1, 1.2*analysis.LeastCases/float64(s.N))
	for _, x := range tries {
		values, err := s.Values(x.outcome)
		if err != nil || share > 0.9 {
			continue
		}
		present := sorted(values)
		if len(present) == 0 {
			continue
		}
		at := share
		if x.sign[0] == '>' {
			at = 1 - share
		}
		bound := analysis.Quantile(present, at)
		if math.IsInf(bound, 0) {
			continue
		}
		for _, b := range []float64{rounded(bound, 3), bound} {
			n := 0
			for _, v := range values {
				if compare(v, x.sign, b) {
					n++
				}
			}
			if analysis.Searchable(n, s.N) {
				return fmt.Sprintf("%s %s %s", x.outcome, x.sign, plan.FormatNumber(b)), n
			}
		}
	}
	return "", 0
}

// rounded keeps some significant digits of a number.
func rounded(x float64, digits int) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	scale := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
