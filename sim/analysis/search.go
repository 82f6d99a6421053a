package analysis

import (
	"fmt"
	"math"

	"windfall/model"
)

// Searchable says whether a condition holds often enough, and not too often, for
// a search of what makes it hold.
func Searchable(cases, n int) bool {
	return cases >= LeastCases && float64(cases) <= MostShare*float64(n)
}

// MilderCondition names a condition like the given one that holds in about a
// tenth of the sample's replications (more, if a tenth are too few to search),
// and in how many. A comparison keeps its outcome and direction; anything else,
// and an outcome that hardly varies, gives way to the first of the others, taken
// where it is bad. The text is empty if none will do: the sample is too small.
func MilderCondition(c *Condition, s *Sample, others ...string) (text string, cases int) {
	type try struct{ outcome, sign string }
	var tries []try
	if c.root.kind == "compare" && c.root.sign != "==" && c.root.sign != "!=" {
		tries = append(tries, try{c.root.outcome, c.root.sign})
	}
	for _, o := range others {
		if i := columnIndex(s.Columns, o); i >= 0 {
			sign := "<"
			if s.Columns[i].Direction == model.Less {
				sign = ">"
			}
			tries = append(tries, try{o, sign})
		}
	}
	share := max(0.1, 1.2*LeastCases/float64(s.N))
	for _, x := range tries {
		values, err := s.Values(x.outcome)
		if err != nil || share > 0.9 {
			continue
		}
		sorted := sortedPresent(values)
		if len(sorted) == 0 {
			continue
		}
		at := share
		if x.sign[0] == '>' {
			at = 1 - share
		}
		bound := Quantile(sorted, at)
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
			if Searchable(n, s.N) {
				return fmt.Sprintf("%s %s %s", x.outcome, x.sign, model.FormatNumber(b)), n
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
