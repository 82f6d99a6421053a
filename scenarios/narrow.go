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
// their ranges only, in the opening plan too: from fifty values of equal chance.
// Correlations act within the parts.
func Narrow(p *plan.Plan, ranges map[string]Range) *plan.Plan {
	q := p.Clone()
	q.Inputs = slices.Clone(p.Inputs)
	for i := range q.Inputs {
		in := &q.Inputs[i]
		r, ok := ranges[in.Name]
		if !ok {
			continue
		}
		d := plan.Dist{Kind: "discrete", Low: in.Dist.Low, High: in.Dist.High, Whole: in.Dist.Whole}
		var values []string
		for k := range narrowSteps {
			x := in.Dist.Quantile(r.Low + float64((r.High-r.Low)*(float64(k)+0.5)/narrowSteps))
			d.Values, d.Weights = append(d.Values, x), append(d.Weights, 1)
			values = append(values, plan.FormatNumber(x))
		}
		d.Text = fmt.Sprintf(`{dist = "discrete", values = [%s]}`, strings.Join(values, ", "))
		in.Dist = d
	}
	if p.OpeningPlan != nil {
		q.OpeningPlan = Narrow(p.OpeningPlan, ranges)
	}
	return q
}
