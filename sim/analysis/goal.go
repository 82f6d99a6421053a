package analysis

import (
	"fmt"
	"math"
	"slices"

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

// Estimate gives the metric in a sample, with its error. Replications without a
// value are left out.
func (m *Metric) Estimate(s *Sample) (Estimate, error) {
	if m.When != nil {
		holds, err := m.When.Holds(s)
		if err != nil {
			return Estimate{}, err
		}
		k, n := count(holds)
		e := Chance(k, n)
		if n == 0 {
			e.Reason, err = m.missing(s)
		}
		return e, err
	}
	if m.P == 0 {
		return s.Headline(m.Outcome)
	}
	values, err := s.Values(m.Outcome)
	if err != nil {
		return Estimate{}, err
	}
	return quantileOf(&s.Columns[columnIndex(s.Columns, m.Outcome)], sortedPresent(values), m.P), nil
}

// count counts the values of 1 and those that are not missing.
func count(values []float64) (k, n int) {
	for _, x := range values {
		if !math.IsNaN(x) {
			n++
		}
		if x == 1 {
			k++
		}
	}
	return k, n
}

// missing says which of the outcomes that the metric reads is missing most often,
// in how many replications, and why.
func (m *Metric) missing(s *Sample) (string, error) { return mostMissing(s, m.Outcomes(s.Columns)) }

// Missing says which of the outcomes of the condition is missing most often, in how
// many replications, and why; empty: none is.
func (c *Condition) Missing(s *Sample) (string, error) { return mostMissing(s, c.Outcomes()) }

func mostMissing(s *Sample, names []string) (string, error) {
	most, reason := 0.0, ""
	for _, name := range names {
		values, err := s.Values(name)
		if err != nil {
			return "", err
		}
		if share := MissingShare(values); share > most {
			c := &s.Columns[columnIndex(s.Columns, name)]
			most, reason = share, fmt.Sprintf("%s is missing in %s of runs: %s", name, percent(share), c.Reason(math.NaN()))
		}
	}
	return reason, nil
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
		return model.Column{Name: m.Text, Unit: "chance", Meaning: "Whether " + m.When.Text + ".",
			Direction: m.When.Direction(columns)}
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

// Hold judges the goal on a sample. Replications without a value are left out of
// the estimate; where they could change the verdict, the goal is undecided.
func (g *Goal) Hold(s *Sample) (line GoalLine, err error) {
	m := &g.Metric
	if line.Estimate, err = m.Estimate(s); err != nil {
		return line, err
	}
	line.Verdict = g.Judge(line.Estimate)
	missing := make([]float64, s.N)
	for _, name := range m.Outcomes(s.Columns) {
		values, err := s.Values(name)
		if err != nil {
			return line, err
		}
		for i, x := range values {
			if math.IsNaN(x) {
				missing[i] = x
			}
		}
	}
	line.MissingShare = MissingShare(missing)
	sure, err := m.whatever(s, line.Estimate)
	if err != nil {
		return line, err
	}
	line.Reason = line.Estimate.Reason
	if decided := g.Judge(sure) == line.Verdict; !decided || math.IsNaN(line.Estimate.Value) {
		line.Verdict = Undecided
		if reason, err := m.missing(s); err != nil || reason != "" {
			line.Reason = reason
			return line, err
		}
	}
	return line, nil
}

// whatever is the estimate whose interval holds the metric whatever the numbers of
// the replications without a value are.
func (m *Metric) whatever(s *Sample, e Estimate) (Estimate, error) {
	var values []float64
	var err error
	switch {
	case m.When != nil:
		values, err = m.When.Holds(s)
	case Statistic(s.Columns[columnIndex(s.Columns, m.Outcome)]) == "ratio of totals" && m.P == 0:
		return e, nil
	default:
		values, err = s.Values(m.Outcome)
	}
	if err != nil || MissingShare(values) == 0 {
		return e, err
	}
	as := func(x float64) []float64 {
		out := slices.Clone(values)
		for i := range out {
			if math.IsNaN(out[i]) {
				out[i] = x
			}
		}
		return out
	}
	switch {
	case m.When != nil:
		low, n := count(as(0))
		high, _ := count(as(1))
		e.Low, e.High = Chance(low, n).Low, Chance(high, n).High
	case m.P > 0:
		e.Low = QuantileEstimate(sortedPresent(as(math.Inf(-1))), m.P).Low
		e.High = QuantileEstimate(sortedPresent(as(math.Inf(1))), m.P).High
	default: // a mean can be anything
		e.Low, e.High = math.Inf(-1), math.Inf(1)
	}
	return e, nil
}

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
// stands in no relation; what lies beyond all numbers is above any.
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
// numbers, tied by and, or, not. A comparison with a missing number is neither true
// nor false (Kleene): it decides an and that is false without it, or an or that is
// true, and nothing else.
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

// Holds tells for each replication whether the condition holds: 1 or 0, missing
// where that hangs on a number that is.
func (c *Condition) Holds(s *Sample) ([]float64, error) { return c.root.holds(s) }

func (n *node) holds(s *Sample) ([]float64, error) {
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

// ByReplication gives the number of each replication whose mean the metric is: the
// outcome, ratios run by run, or 1 where the condition holds and 0 elsewhere.
func (m *Metric) ByReplication(s *Sample) ([]float64, error) {
	if m.When == nil {
		return s.Values(m.Outcome)
	}
	return m.When.Holds(s)
}
