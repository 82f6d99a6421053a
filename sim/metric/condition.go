package metric

import (
	"math"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// Condition is a statement about one replication: comparisons of outcomes with
// numbers, tied by and, or, not. A comparison with a missing number is neither true
// nor false (Kleene): it decides an and that is false without it, or an or that is
// true, and nothing else.
type Condition struct {
	Text string
	root clause
}

// clause is one part of a condition.
type clause struct {
	kind    string // and, or, not, compare
	parts   []clause
	outcome string // of a comparison
	sign    string
	bound   float64
}

// Outcomes names the outcomes that the condition reads, each once.
func (c *Condition) Outcomes() []string {
	var names []string
	seen := map[string]bool{}
	var walk func(n *clause)
	walk = func(n *clause) {
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
func (c *Condition) Direction(columns []plan.Column) plan.Direction {
	return c.root.direction(columns)
}

func (n *clause) direction(columns []plan.Column) plan.Direction {
	turned := map[plan.Direction]plan.Direction{plan.More: plan.Less, plan.Less: plan.More}
	switch n.kind {
	case "not":
		return turned[n.parts[0].direction(columns)]
	case "compare":
		d := columns[find(columns, n.outcome)].Direction
		switch {
		case n.sign[0] == '<':
			return turned[d]
		case n.sign[0] == '>' || n.sign == "!=" && n.bound == 0: // a yes or no by itself
			return d
		}
		return plan.Neither
	}
	d := n.parts[0].direction(columns)
	for i := range n.parts[1:] {
		if n.parts[i+1].direction(columns) != d {
			return plan.Neither
		}
	}
	return d
}

// Holds tells for each replication whether the condition holds: 1 or 0, missing
// where that depends on a number that is.
func (c *Condition) Holds(s *analysis.Sample) ([]float64, error) { return c.root.holds(s) }

func (n *clause) holds(s *analysis.Sample) ([]float64, error) {
	if n.kind == "compare" {
		values, err := s.Values(n.outcome)
		if err != nil {
			return nil, err
		}
		out := make([]float64, len(values))
		for i, x := range values {
			switch {
			case math.IsNaN(x):
				out[i] = x
			case compare(x, n.sign, n.bound):
				out[i] = 1
			}
		}
		return out, nil
	}
	out, err := n.parts[0].holds(s)
	if err != nil {
		return nil, err
	}
	if n.kind == "not" {
		for i := range out {
			out[i] = 1 - out[i]
		}
	}
	decides := 0.0 // an and that is false, or an or that is true, whatever the rest
	if n.kind == "or" {
		decides = 1
	}
	for p := range n.parts[1:] {
		more, err := n.parts[p+1].holds(s)
		if err != nil {
			return nil, err
		}
		for i, x := range more {
			if out[i] != decides && (x == decides || math.IsNaN(x)) {
				out[i] = x
			}
		}
	}
	return out, nil
}
