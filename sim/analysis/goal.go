package analysis

import (
	"math"

	"windfall/model"
)

// Metric is a statistic in the goal language: mean(OUTCOME), pNN(OUTCOME) or
// P(CONDITION); an outcome alone means its mean. The mean of a ratio is the
// ratio of totals over replications, as in the summary.
type Metric struct {
	Text    string
	Outcome string     // of a mean or a quantile
	P       float64    // of a quantile, in (0,1)
	When    *Condition // of a chance
}

// Estimate gives the metric in a sample, with its error.
func (m *Metric) Estimate(s *Sample) (Estimate, error) {
	if m.When != nil {
		holds, err := m.When.Holds(s)
		if err != nil {
			return Estimate{}, err
		}
		k := 0
		for _, yes := range holds {
			if yes {
				k++
			}
		}
		return Chance(k, len(holds)), nil
	}
	if m.P == 0 {
		return s.Headline(m.Outcome)
	}
	values, err := s.Values(m.Outcome)
	if err != nil {
		return Estimate{}, err
	}
	return QuantileEstimate(sortedPresent(values), m.P), nil
}

// Outcomes names the outcomes that the metric reads, ratios with their parts.
func (m *Metric) Outcomes(columns []model.Column) []string {
	if m.When != nil {
		return m.When.Outcomes()
	}
	names := []string{m.Outcome}
	if c := columns[columnIndex(columns, m.Outcome)]; c.Over != "" && m.P == 0 {
		names = append(names, c.Over, c.Under)
	}
	return names
}

// ColumnAmong says what the metric is, given the outcomes of a run: the column of
// its outcome, or of the chance of its condition, under the metric's own text
// where it is no plain mean.
func (m *Metric) ColumnAmong(columns []model.Column) model.Column {
	if m.When != nil {
		return model.Column{Name: m.Text, Unit: "chance", Meaning: "Whether " + m.When.Text + ".", Direction: m.When.Direction(columns)}
	}
	c := columns[columnIndex(columns, m.Outcome)]
	if m.P > 0 {
		c.Name, c.Over, c.Under = m.Text, "", ""
	}
	return c
}

// Goal is a metric and what is expected of it.
type Goal struct {
	Metric Metric
	Sign   string // <=, <, >= or >
	Bound  float64
}

// Verdict says whether a goal is reached, as far as the replications can tell.
type Verdict string

// The three verdicts: a goal is undecided while the 95% interval of its metric
// straddles the bound.
const (
	Met       Verdict = "met"
	Missed    Verdict = "missed"
	Undecided Verdict = "undecided"
)

// Judge compares the 95% interval of the goal's metric with the bound.
func (g *Goal) Judge(e Estimate) Verdict {
	low, high := compare(e.Low, g.Sign, g.Bound), compare(e.High, g.Sign, g.Bound)
	switch {
	case math.IsNaN(e.Low) || math.IsNaN(e.High) || low != high:
		return Undecided
	case low:
		return Met
	}
	return Missed
}

// compare tells whether x stands in the relation to bound. A missing number
// stands in no relation.
func compare(x float64, sign string, bound float64) bool {
	switch sign {
	case "<=":
		return x <= bound
	case "<":
		return x < bound
	case ">=":
		return x >= bound
	case ">":
		return x > bound
	case "==":
		return x == bound
	case "!=":
		return x < bound || x > bound
	}
	panic("analysis: unknown sign " + sign)
}

// Condition is a statement about one replication: comparisons of outcomes with
// numbers, tied by and, or, not. A comparison with a missing number is false.
type Condition struct {
	Text string
	root node
}

// node is one part of a condition.
type node struct {
	kind    string // and, or, not, compare
	parts   []node
	outcome string // of a comparison
	sign    string
	bound   float64
}

// Outcomes names the outcomes that the condition reads, each once.
func (c *Condition) Outcomes() []string {
	var names []string
	seen := map[string]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		if n.kind == "compare" && !seen[n.outcome] {
			seen[n.outcome] = true
			names = append(names, n.outcome)
		}
		for i := range n.parts {
			walk(&n.parts[i])
		}
	}
	walk(&c.root)
	return names
}

// Direction says whether it is better that the condition holds more often, as
// far as its comparisons agree on that.
func (c *Condition) Direction(columns []model.Column) model.Direction {
	return c.root.direction(columns)
}

func (n *node) direction(columns []model.Column) model.Direction {
	turned := map[model.Direction]model.Direction{model.More: model.Less, model.Less: model.More}
	switch n.kind {
	case "not":
		return turned[n.parts[0].direction(columns)]
	case "compare":
		d := columns[columnIndex(columns, n.outcome)].Direction
		switch {
		case n.sign[0] == '<':
			return turned[d]
		case n.sign[0] == '>' || n.sign == "!=" && n.bound == 0: // a yes or no by itself
			return d
		}
		return model.Neither
	}
	d := n.parts[0].direction(columns)
	for i := range n.parts[1:] {
		if n.parts[i+1].direction(columns) != d {
			return model.Neither
		}
	}
	return d
}

// Holds tells for each replication whether the condition holds.
func (c *Condition) Holds(s *Sample) ([]bool, error) { return c.root.holds(s) }

func (n *node) holds(s *Sample) ([]bool, error) {
	if n.kind == "compare" {
		values, err := s.Values(n.outcome)
		if err != nil {
			return nil, err
		}
		out := make([]bool, len(values))
		for i, x := range values {
			out[i] = compare(x, n.sign, n.bound)
		}
		return out, nil
	}
	out, err := n.parts[0].holds(s)
	if err != nil {
		return nil, err
	}
	if n.kind == "not" {
		for i := range out {
			out[i] = !out[i]
		}
	}
	for p := range n.parts[1:] {
		more, err := n.parts[p+1].holds(s)
		if err != nil {
			return nil, err
		}
		for i, yes := range more {
			if n.kind == "and" {
				out[i] = out[i] && yes
			} else {
				out[i] = out[i] || yes
			}
		}
	}
	return out, nil
}

// ByReplication gives the number of each replication whose mean the metric is: the
// outcome, ratios run by run, or 1 where the condition holds and 0 elsewhere.
func (m *Metric) ByReplication(s *Sample) ([]float64, error) {
	if m.When == nil {
		return s.Values(m.Outcome)
	}
	holds, err := m.When.Holds(s)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(holds))
	for i, is := range holds {
		if is {
			out[i] = 1
		}
	}
	return out, nil
}
