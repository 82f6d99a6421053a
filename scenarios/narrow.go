package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
)

// Range is a part of an uncertain input's range, on the scale of probabilities.
type Range struct{ Low, High float64 }

// narrowSteps is the number of values that stand for a part of a distribution:
// one for each stratum of a block's Latin hypercube.
const narrowSteps = plan.BlockSize

// Narrow gives a plan whose uncertain inputs, by name, are drawn from a part of
// their ranges only, in the opening plan too: from fifty values of equal chance, and
// columns of a table of draws from its rows that lie in all the parts.
// Correlations act within the parts. It is nil where no row lies there.
func Narrow(p *plan.Plan, ranges map[string]Range) *plan.Plan {
	q := p.Clone()
	q.Inputs, q.Draws = slices.Clone(p.Inputs), slices.Clone(p.Draws)
	within := map[string][2]float64{}
	for key, r := range ranges {
		within[key] = [2]float64{r.Low, r.High}
	}
	for i, d := range q.Draws {
		if q.Draws[i] = d.Within(within); q.Draws[i] == nil {
			return nil
		}
	}
	for i := range q.Inputs {
		in := &q.Inputs[i]
		r, ok := ranges[in.Name]
		switch {
		case in.Draws != "":
			for _, d := range q.Draws {
				if d.Name == in.Draws {
					*in = d.Input(d.Column(in.Key))
				}
			}
			refs, _, _ := q.Numbers(in.Key) // it was there when the table was read
			for _, x := range refs {
				*x = in.Dist.Quantile(0.5)
			}
		case ok:
			in.Dist = valuesWithin(in.Dist, r)
		}
	}
	if p.OpeningPlan != nil {
		if q.OpeningPlan = Narrow(p.OpeningPlan, ranges); q.OpeningPlan == nil {
			return nil
		}
	}
	return q
}

// valuesWithin gives fifty values of equal chance that stand for a part of a distribution.
func valuesWithin(of plan.Dist, r Range) plan.Dist {
	d := plan.Dist{Kind: "discrete", Low: of.Low, High: of.High, Whole: of.Whole}
	var values []string
	for k := range narrowSteps {
		x := of.Quantile(r.Low + float64((r.High-r.Low)*(float64(k)+0.5)/narrowSteps))
		d.Values, d.Weights = append(d.Values, x), append(d.Weights, 1)
		values = append(values, plan.FormatNumber(x))
	}
	d.Text = fmt.Sprintf(`{dist = "discrete", values = [%s]}`, strings.Join(values, ", "))
	return d
}
