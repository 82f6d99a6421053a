package metric

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Metric is a statistic in the goal language: mean(OUTCOME), pNN(OUTCOME) or
// P(CONDITION); an outcome alone means its mean. The mean of a ratio is the
// ratio of totals over replications, as in the summary.
type Metric struct {
	Text    string
	Outcome string      // of a mean or a quantile
	P       float64     // of a quantile, in (0,1)
	When    *Condition  // of a chance
	Column  plan.Column // what the metric is

	columns []plan.Column
}

// Estimate gives the metric in a sample, with its error. Replications without a
// value are left out.
func (m *Metric) Estimate(s *analysis.Sample) (analysis.Estimate, error) {
	if m.When != nil {
		holds, err := m.When.Holds(s)
		if err != nil {
			return analysis.Estimate{}, err
		}
		k, n := count(holds)
		e := analysis.Chance(k, n)
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
		return analysis.Estimate{}, err
	}
	e := analysis.QuantileEstimate(sorted(values), m.P)
	e.Reason = s.Columns[find(s.Columns, m.Outcome)].Reason(e.Value)
	return e, nil
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
func (m *Metric) missing(s *analysis.Sample) (string, error) { return mostMissing(s, m.Outcomes()) }

// Missing says which of the outcomes of the condition is missing most often, in how
// many replications, and why; empty: none is.
func (c *Condition) Missing(s *analysis.Sample) (string, error) { return mostMissing(s, c.Outcomes()) }

func mostMissing(s *analysis.Sample, names []string) (string, error) {
	most, reason := 0.0, ""
	for _, name := range names {
		values, err := s.Values(name)
		if err != nil {
			return "", err
		}
		if share := analysis.MissingShare(values); share > most {
			c := &s.Columns[find(s.Columns, name)]
			most = share
			why, err := whyMissing(s, c, values)
			if err != nil {
				return "", err
			}
			called := cmp.Or(c.Label, name)
			reason = fmt.Sprintf("%s has no number in %.3g%% of runs: %s", called, 100*share, why)
			if share == 1 && strings.HasPrefix(why, "not applicable") {
				reason = called + " is " + why
			}
		}
	}
	return reason, nil
}

// whyMissing says why an outcome has no number where it has none: one reason, if all runs share it.
func whyMissing(s *analysis.Sample, c *plan.Column, values []float64) (string, error) {
	if c.Free == "" {
		return c.Reason(math.NaN()), nil
	}
	over, err := s.Values(c.Over)
	if err != nil {
		return "", err
	}
	under, err := s.Values(c.Under)
	if err != nil {
		return "", err
	}
	why := ""
	for i, x := range values {
		if !math.IsNaN(x) {
			continue
		}
		switch reason := c.ReasonOf(over[i], under[i]); why {
		case "", reason:
			why = reason
		default:
			return c.Reason(math.NaN()), nil
		}
	}
	return why, nil
}

// Outcomes names the outcomes that the metric reads, ratios with their parts.
func (m *Metric) Outcomes() []string {
	if m.When != nil {
		return m.When.Outcomes()
	}
	names := []string{m.Outcome}
	if c := m.columns[find(m.columns, m.Outcome)]; c.Over != "" && m.P == 0 {
		names = append(names, c.Over, c.Under)
	}
	return names
}

// column says what the metric is: the column of its outcome, or of the chance of its
// condition, under the metric's own text where it is no plain mean.
func (m *Metric) column() plan.Column {
	if m.When != nil {
		return plan.Column{Name: m.Text, Unit: "chance", Meaning: "Whether " + m.When.Text + ".",
			Direction: m.When.Direction(m.columns)}
	}
	c := m.columns[find(m.columns, m.Outcome)]
	if m.P > 0 {
		c.Name, c.Over, c.Under = m.Text, "", ""
	}
	return c
}

// ByReplication gives the number of each replication whose mean the metric is: the
// outcome, ratios run by run, or 1 where the condition holds and 0 elsewhere.
func (m *Metric) ByReplication(s *analysis.Sample) ([]float64, error) {
	if m.When == nil {
		return s.Values(m.Outcome)
	}
	return m.When.Holds(s)
}

// Leaves lists what is to be kept of a setting.
func (m *Metric) Leaves(setting string) (out []panel.Leaf) {
	for _, name := range m.Outcomes() {
		out = append(out, panel.Leaf{Setting: setting, Measure: panel.Measure{Column: name}})
	}
	return out
}

// Values gives the number of each replication of a setting whose mean the metric is, or
// whose percentile; of a ratio of totals run by run.
func (m *Metric) Values(p *panel.Panel, setting string) ([]float64, error) {
	return m.ByReplication(p.Sample(setting, m.columns))
}

// Of is the metric of a setting.
func (m *Metric) Of(p *panel.Panel, setting string) (panel.Statistic, error) {
	if m.P == 0 && m.When == nil && m.Column.Over != "" {
		return p.Ratio(&m.Column, setting), nil
	}
	values, err := m.Values(p, setting)
	if err != nil {
		return panel.Statistic{}, err
	}
	if m.P > 0 {
		return panel.PercentileOf(&m.Column, values, m.P), nil
	}
	reason := m.Column.Reason
	if m.When != nil {
		reason = func(x float64) string { return m.without(p, setting, x) }
	}
	return panel.MeanOf(&m.Column, values, reason), nil
}

// without says why a chance is none.
func (m *Metric) without(p *panel.Panel, setting string, x float64) string {
	if !math.IsNaN(x) {
		return ""
	}
	e, err := m.Estimate(p.Sample(setting, m.columns))
	if err != nil {
		return err.Error()
	}
	return e.Reason
}

// sorted copies the numbers that are not missing in ascending order.
func sorted(values []float64) []float64 {
	out := analysis.Present(values)
	slices.Sort(out)
	return out
}
