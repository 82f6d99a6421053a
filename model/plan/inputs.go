package plan

import (
	"cmp"
	"fmt"
	"slices"
)

// UncertainInputs lists the uncertain inputs of the plan and of its opening plan, by
// name. Where both have an input, the distribution is that of the plan. A column of a table
// of draws has the distribution of its values, whatever the other columns are.
func (p *Plan) UncertainInputs() []Input {
	var out []Input
	for _, list := range [][]Input{p.Inputs, inputsOf(p).opening.Inputs} {
		for _, in := range list {
			if !slices.ContainsFunc(out, func(x Input) bool { return x.Name == in.Name }) {
				out = append(out, in.Alone())
			}
		}
	}
	slices.SortFunc(out, func(a, b Input) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Alone is an input with the distribution that it has by itself, whatever it is drawn with.
func (in Input) Alone() Input {
	if in.Draws == "" {
		return in
	}
	d := Dist{Kind: "discrete", Values: slices.Sorted(slices.Values(in.Dist.Values)), Low: in.Dist.Low, High: in.Dist.High,
		Text: in.Dist.Text}
	for range d.Values {
		d.Weights = append(d.Weights, 1)
	}
	in.Dist = d
	return in
}

// Factor is the name of what is drawn for the input: its own, or that of the table of draws of which
// it is a column.
func (in *Input) Factor() string {
	if in.Draws != "" {
		return drawsPrefix + in.Draws
	}
	return in.Name
}

// A Factor is what one uniform finds: an uncertain input, or a row of a table of draws.
type Factor struct {
	Input         // with its name; of a table nothing else
	Columns []int // of a table: the inputs that it draws, by their place in UncertainInputs
}

// Factors lists what is drawn for the plan and its opening plan, by name: uncertain inputs, and each table of draws
// as a whole.
func (p *Plan) Factors() []Factor {
	d := inputsOf(p)
	out := make([]Factor, len(d.names))
	for i, in := range p.UncertainInputs() {
		f := &out[d.of[in.Factor()]]
		if in.Draws == "" {
			f.Input = in
			continue
		}
		f.Name, f.Draws, f.Columns = in.Factor(), in.Draws, append(f.Columns, i)
	}
	return out
}

// TiedFactors lists the factors, by their place in Factors, in groups that correlations
// tie; a factor that none ties is a group of its own. Groups are independent of
// each other.
func (p *Plan) TiedFactors() [][]int {
	d := inputsOf(p)
	head := make([]int, len(d.names)) // the first member of each factor's group
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

// FactorDraws gives the draws of the factors of replications from 0 on, on the scale of
// probabilities: replication x factor, in the order of Factors.
func (p *Plan) FactorDraws(seed uint64, replications int) [][]float64 {
	d := inputsOf(p)
	out := make([][]float64, replications)
	for r := range out {
		d.draw(seed, r)
		out[r] = slices.Clone(d.u)
	}
	return out
}

// InputDraws gives the draws of the inputs of replications from 0 on, each on the scale of
// probabilities of its own distribution: replication x input, in the order of UncertainInputs.
func (p *Plan) InputDraws(seed uint64, replications int) [][]float64 {
	d := inputsOf(p)
	inputs := p.UncertainInputs()
	ranks := make([][]float64, len(inputs)) // of the rows of tables, by input
	for i, in := range inputs {
		for _, list := range [][]Input{d.opening.Inputs, p.Inputs} {
			for _, x := range list {
				if x.Name == in.Name && x.Draws == in.Draws && in.Draws != "" {
					ranks[i] = ranksOf(x.Dist.Values)
				}
			}
		}
	}
	out := make([][]float64, replications)
	for r := range out {
		d.draw(seed, r)
		out[r] = make([]float64, len(inputs))
		for i := range inputs {
			u := d.u[d.of[inputs[i].Factor()]]
			if ranks[i] != nil {
				u = ranks[i][rowOf(u, len(ranks[i]))]
			}
			out[r][i] = u
		}
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

// give takes factors in place of draws; nil: draws again.
func (d *inputDraws) give(factors []float64) {
	if factors != nil && len(factors) != len(d.names) {
		panic(fmt.Sprintf("model: %d inputs are given and the plan has %d", len(factors), len(d.names)))
	}
	d.given = factors
}

// AlongDraws gives the draws of numbers that go with the rows of a table (number x row, in the order of drawing) in
// replications from 0 on, each on the scale of probabilities of its own values: replication x number.
func (p *Plan) AlongDraws(table string, numbers [][]float64, seed uint64, replications int) [][]float64 {
	d := inputsOf(p)
	factor := d.of[drawsPrefix+table]
	ranks := make([][]float64, len(numbers))
	for i := range numbers {
		ranks[i] = ranksOf(numbers[i])
	}
	out := make([][]float64, replications)
	for r := range out {
		d.draw(seed, r)
		for i := range ranks {
			out[r] = append(out[r], ranks[i][rowOf(d.u[factor], len(ranks[i]))])
		}
	}
	return out
}
