package plan

import (
	"fmt"
)

// UncertainInputs lists the uncertain inputs of the plan and of its opening plan, by
// name. Where both have an input, the distribution is that of the plan.
func (p *Plan) UncertainInputs() []Input {
	d := inputsOf(p)
	out := make([]Input, len(d.names))
	for _, list := range [][]Input{d.opening.Inputs, d.plan.Inputs} {
		for _, in := range list {
			out[d.of[in.Name]] = in
		}
	}
	return out
}

// TiedInputs lists the inputs, by their place in UncertainInputs, in groups that correlations
// tie; an input that none ties is a group of its own. Groups are independent of
// each other.
func (p *Plan) TiedInputs() [][]int {
	d := inputsOf(p)
	head := make([]int, len(d.names)) // the first member of each input's group
	for i := range head {
		head[i] = i
	}
	for _, list := range [][]Correlation{d.opening.Correlations, d.plan.Correlations} {
		for _, c := range list {
			a, okA := d.of[c.A]
			b, okB := d.of[c.B]
			if !okA || !okB || head[a] == head[b] {
				continue
			}
			from, to := max(head[a], head[b]), min(head[a], head[b])
			for i := range head {
				if head[i] == from {
					head[i] = to
				}
			}
		}
	}
	var out [][]int
	at := map[int]int{}
	for i, h := range head {
		k, ok := at[h]
		if !ok {
			k = len(out)
			at[h] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}

// InputDraws gives the draws of the inputs of replications from 0 on, on the scale of
// probabilities: replication x input, in the order of UncertainInputs.
func (p *Plan) InputDraws(seed uint64, replications int) [][]float64 {
	d := inputsOf(p)
	out := make([][]float64, replications)
	for r := range out {
		d.draw(seed, r)
		out[r] = append([]float64(nil), d.u...)
	}
	return out
}

func inputsOf(p *Plan) *inputDraws {
	o := p.OpeningPlan
	if o == nil {
		o = OpeningOf(p)
	}
	d := &inputDraws{}
	d.init(p, o)
	return d
}

// give takes inputs in place of draws; nil: draws again.
func (d *inputDraws) give(inputs []float64) {
	if inputs != nil && len(inputs) != len(d.names) {
		panic(fmt.Sprintf("model: %d inputs are given and the plan has %d", len(inputs), len(d.names)))
	}
	d.given = inputs
}
