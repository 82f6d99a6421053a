package metric

import (
	"math"

	"windfall/model"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Metric is a number in the language of goals, won, p5(cash_end) or
// P(cash_trough < 0), that is taken of settings.
type Metric struct {
	*analysis.Metric
	Column  model.Column
	columns []model.Column
}

// ParseMetric reads a metric over the outcomes of a run.
func ParseMetric(text string, columns []model.Column) (*Metric, error) {
	m, err := analysis.ParseMetric(text, columns)
	if err != nil {
		return nil, err
	}
	return &Metric{Metric: m, Column: m.ColumnAmong(columns), columns: columns}, nil
}

// Leaves lists what is to be kept of a setting.
func (m *Metric) Leaves(setting string) (out []panel.Leaf) {
	for _, name := range m.Outcomes(m.columns) {
		out = append(out, panel.Leaf{Setting: setting, Measure: panel.Measure{Column: name}})
	}
	return out
}

// ByReplication gives the number of each replication of a setting whose mean the
// metric is, or whose percentile; of a ratio of totals run by run.
func (m *Metric) ByReplication(p *panel.Panel, setting string) ([]float64, error) {
	return m.Metric.ByReplication(p.Sample(setting, m.columns))
}

// Of is the metric of a setting.
func (m *Metric) Of(p *panel.Panel, setting string) (panel.Statistic, error) {
	if m.P == 0 && m.When == nil && m.Column.Over != "" {
		return p.Ratio(&m.Column, setting), nil
	}
	values, err := m.ByReplication(p, setting)
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
