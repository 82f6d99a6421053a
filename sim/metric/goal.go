package metric

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// Goal is a metric and what is expected of it.
type Goal struct {
	Metric Metric
	Sign   string // <=, <, >= or >
	Bound  float64
}

// Hold judges the goal on a sample. Replications without a value are left out of
// the estimate; where they could change the verdict, the goal is undecided.
func (g *Goal) Hold(s *analysis.Sample) (line analysis.GoalLine, err error) {
	m := &g.Metric
	if line.Estimate, err = m.Estimate(s); err != nil {
		return line, err
	}
	line.Verdict = g.Judge(line.Estimate)
	missing := make([]float64, s.N)
	for _, name := range m.Outcomes() {
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
	line.MissingShare = analysis.MissingShare(missing)
	if !m.ofTotals(s) || math.IsNaN(line.Estimate.Value) {
		for _, x := range missing {
			if math.IsNaN(x) {
				line.Unknown++
			}
		}
	}
	sure, err := m.whatever(s, line.Estimate)
	if err != nil {
		return line, err
	}
	line.Reason = line.Estimate.Reason
	if decided := g.Judge(sure) == line.Verdict; !decided || math.IsNaN(line.Estimate.Value) {
		line.Verdict = analysis.Undecided
		if reason, err := m.missing(s); err != nil || reason != "" {
			line.Reason = reason
			return line, err
		}
	}
	return line, nil
}

// ofTotals says whether the metric is a ratio of totals, which a run without a number of its own is part of.
func (m *Metric) ofTotals(s *analysis.Sample) bool {
	return m.When == nil && m.P == 0 && analysis.Statistic(s.Columns[find(s.Columns, m.Outcome)]) == "ratio of totals"
}

// whatever is the estimate whose interval holds the metric whatever the numbers of
// the replications without a value are.
func (m *Metric) whatever(s *analysis.Sample, e analysis.Estimate) (analysis.Estimate, error) {
	var values []float64
	var err error
	switch {
	case m.When != nil:
		values, err = m.When.Holds(s)
	case m.ofTotals(s):
		return e, nil
	default:
		values, err = s.Values(m.Outcome)
	}
	if err != nil || analysis.MissingShare(values) == 0 {
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
		e.Low, e.High = analysis.Chance(low, n).Low, analysis.Chance(high, n).High
	case m.P > 0:
		e.Low = analysis.QuantileEstimate(sorted(as(math.Inf(-1))), m.P).Low
		e.High = analysis.QuantileEstimate(sorted(as(math.Inf(1))), m.P).High
	default: // a mean can be anything
		e.Low, e.High = math.Inf(-1), math.Inf(1)
	}
	return e, nil
}

// Judge compares the 95% interval of the goal's metric with the bound.
func (g *Goal) Judge(e analysis.Estimate) analysis.Verdict {
	low, high := compare(e.Low, g.Sign, g.Bound), compare(e.High, g.Sign, g.Bound)
	switch {
	case math.IsNaN(e.Low) || math.IsNaN(e.High) || low != high:
		return analysis.Undecided
	case low:
		return analysis.Met
	}
	return analysis.Missed
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

// JudgeGoals judges the goals of a scenario on the sample of its run.
func JudgeGoals(goals []plan.Goal, s *analysis.Sample) ([]analysis.GoalLine, error) {
	out := []analysis.GoalLine{}
	for _, g := range goals {
		goal, err := ParseGoal(g.Expect, s.Columns)
		if err != nil {
			return nil, fmt.Errorf("goal %s: %w", g.Name, err)
		}
		line, err := goal.Hold(s)
		if err != nil {
			return nil, err
		}
		line.Name, line.Expect = g.Name, g.Expect
		out = append(out, line)
	}
	return out, nil
}
