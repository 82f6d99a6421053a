package paired

import (
	"fmt"
	"math"
	"slices"

	"windfall/model"
	"windfall/sim/analysis"
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
func (m *Metric) Leaves(setting string) (out []Leaf) {
	for _, name := range m.Outcomes(m.columns) {
		out = append(out, Leaf{setting, Measure{Column: name}})
	}
	return out
}

// ByReplication gives the number of each replication of a setting whose mean the
// metric is, or whose percentile; of a ratio of totals run by run.
func (m *Metric) ByReplication(p *Panel, setting string) ([]float64, error) {
	return m.Metric.ByReplication(p.Sample(setting, m.columns))
}

// Sample is the sample of a setting: the outcomes that were kept of it.
func (p *Panel) Sample(setting string, columns []model.Column) *analysis.Sample {
	return &analysis.Sample{Columns: columns, N: p.Replications, Group: p.Group, Outcome: func(i int) ([]float64, error) {
		if v := p.Values(Leaf{setting, Measure{Column: columns[i].Name}}); v != nil {
			return v, nil
		}
		return nil, fmt.Errorf("%s of %s was not kept", columns[i].Name, setting)
	}}
}

// Statistic is a number of one setting that can be had without some
// replications, as the jackknife asks.
type Statistic struct {
	without func(from, to int) float64
	// smooth is false for percentiles: without one replication they move too
	// little or too much (Efron 1982, section 3.4), without many as they should.
	smooth bool
}

// Of is the metric of a setting.
func (m *Metric) Of(p *Panel, setting string) (Statistic, error) {
	if m.P == 0 && m.When == nil && m.Column.Over != "" {
		return p.Ratio(Leaf{setting, Measure{Column: m.Column.Over}}, Leaf{setting, Measure{Column: m.Column.Under}}, analysis.ScaleOf(m.Column)), nil
	}
	values, err := m.ByReplication(p, setting)
	if err != nil {
		return Statistic{}, err
	}
	if m.P == 0 {
		return meanOf(values), nil
	}
	return Statistic{without: func(from, to int) float64 {
		rest := analysis.Present(append(slices.Clone(values[:from]), values[to:]...))
		slices.Sort(rest)
		return analysis.Quantile(rest, m.P)
	}}, nil
}

// Mean is the mean of a measure; missing numbers are left out.
func (p *Panel) Mean(l Leaf) Statistic { return meanOf(p.values[l]) }

// Ratio is a ratio of totals.
func (p *Panel) Ratio(over, under Leaf, scale float64) Statistic {
	a, b := meanOf(p.values[over]), meanOf(p.values[under])
	return Statistic{smooth: true, without: func(from, to int) float64 {
		return float64(scale * a.without(from, to) / b.without(from, to))
	}}
}

func meanOf(values []float64) Statistic {
	add := func(list []float64) (sum, n float64) {
		for _, x := range list {
			if !math.IsNaN(x) {
				sum += x
				n++
			}
		}
		return sum, n
	}
	sum, n := add(values)
	return Statistic{smooth: true, without: func(from, to int) float64 {
		out, k := add(values[from:to])
		return (sum - out) / (n - k)
	}}
}

// percentileGroups is the number of parts of the replications that are left out
// in turn where a percentile is among the statistics: enough for Student's
// interval to be near the normal one, and each far larger than one replication.
const percentileGroups = 40

// Combine is a number made of statistics of settings with its jackknife error:
// the same replications are left out of all, so that what luck they share
// cancels.
func (p *Panel) Combine(of func(v []float64) float64, statistics ...Statistic) analysis.Estimate {
	size := p.Group
	for _, s := range statistics {
		if !s.smooth {
			parts := max(1, p.Replications/percentileGroups/p.Group)
			size = parts * p.Group
		}
	}
	v := make([]float64, len(statistics))
	e := analysis.Jackknife(p.Replications, size, func(from, to int) float64 {
		for i, s := range statistics {
			v[i] = s.without(from, to)
		}
		return of(v)
	})
	if e.Error < rounding*math.Abs(e.Value) { // the same in every replication: exact but for its sums
		scale := math.Pow(10, digits-math.Floor(math.Log10(math.Abs(e.Value))))
		e.Value = math.Round(e.Value*scale) / scale
		e.Error, e.Low, e.High = 0, e.Value, e.Value
	}
	return e
}

// digits are those behind the first of a number that is the same in every
// replication: as many as its sums leave alone.
const digits = 11

// Difference is b - a, two statistics in one unit. What rounding leaves of plans
// whose numbers are the same is 0.
func (p *Panel) Difference(a, b Statistic) analysis.Estimate {
	e := p.Combine(func(v []float64) float64 { return v[1] - v[0] }, a, b)
	if level := math.Abs(a.without(0, 0)); math.Abs(e.Value) < rounding*level && e.Error < rounding*level {
		return analysis.Estimate{N: e.N}
	}
	return e
}

// rounding is the relative size of what sums of numbers leave of an error that
// is 0.
const rounding = 1e-10
