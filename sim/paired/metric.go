package paired

import (
	"fmt"
	"math"

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
	return &analysis.Sample{Columns: columns, N: p.Replications, Ties: p.Ties, Outcome: func(i int) ([]float64, error) {
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
	// alone is the number with its error, where that is known better than by the
	// jackknife.
	alone func(*Panel) analysis.Estimate
	// chance holds the values of a chance, 0 or 1 by replication.
	chance []float64
	// counted is the number where replication i counts times[i] times, nil each once.
	counted func(times []int) float64
	// percentile is its p, if it is one; 0: it is none.
	percentile float64
	reason     func(float64) string // why the number is none
}

// Of is the metric of a setting.
func (m *Metric) Of(p *Panel, setting string) (Statistic, error) {
	if m.P == 0 && m.When == nil && m.Column.Over != "" {
		return p.ratio(&m.Column, setting), nil
	}
	values, err := m.ByReplication(p, setting)
	if err != nil {
		return Statistic{}, err
	}
	if m.P == 0 {
		s := meanOf(values)
		s.alone = func(p *Panel) analysis.Estimate { return analysis.MeanOf(&m.Column, values, p.Ties) }
		if analysis.Statistic(m.Column) == "chance" {
			s.chance = values
			s.alone = func(p *Panel) analysis.Estimate {
				e := analysis.ChanceAlike(values, p.Ties.Lucks)
				e.Reason = s.reason(e.Value)
				return e
			}
		}
		s.reason = m.Column.Reason
		if m.When != nil {
			s.reason = func(x float64) string { return m.without(p, setting, x) }
		}
		return s, nil
	}
	q := analysis.NewPercentile(values, m.P)
	return Statistic{reason: m.Column.Reason, percentile: m.P, counted: q.Of}, nil
}

// without says why a chance is none.
func (m *Metric) without(p *Panel, setting string, x float64) string {
	if !math.IsNaN(x) {
		return ""
	}
	e, err := m.Estimate(p.Sample(setting, m.columns))
	if err != nil {
		return err.Error()
	}
	return e.Reason
}

// Mean is the mean of a measure; missing numbers are left out.
func (p *Panel) Mean(l Leaf) Statistic {
	s := meanOf(p.values[l])
	if l.Measure.Column == ruinColumn {
		s.chance = p.values[l]
		s.alone = func(p *Panel) analysis.Estimate { return analysis.ChanceAlike(s.chance, p.Ties.Lucks) }
	}
	return s
}

// ratio is a ratio of totals.
func (p *Panel) ratio(c *model.Column, setting string) Statistic {
	over, under := p.values[Leaf{setting, Measure{Column: c.Over}}], p.values[Leaf{setting, Measure{Column: c.Under}}]
	a, b := meanOf(over), meanOf(under)
	return Statistic{reason: c.Reason,
		counted: func(times []int) float64 { return c.Quotient(a.counted(times), b.counted(times)) },
		without: func(from, to int) float64 { return c.Quotient(a.without(from, to), b.without(from, to)) },
		alone:   func(p *Panel) analysis.Estimate { return analysis.RatioOf(c, over, under, p.Ties) },
	}
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
	return Statistic{reason: func(float64) string { return "" },
		without: func(from, to int) float64 {
			out, k := add(values[from:to])
			return (sum - out) / (n - k)
		},
		counted: func(times []int) float64 {
			if times == nil {
				return sum / n
			}
			var s, k float64
			for i, x := range values {
				if t := float64(times[i]); t > 0 && !math.IsNaN(x) {
					s += float64(t * x)
					k += t
				}
			}
			return s / k
		}}
}

// Estimate is one statistic with its error.
func (p *Panel) Estimate(s Statistic) analysis.Estimate {
	if s.alone != nil {
		return p.exact(s.alone(p), s.chance != nil)
	}
	e := p.Combine(func(v []float64) float64 { return v[0] }, s)
	if e.Low != e.High { // an exact one has lost the noise of its sums
		e.Value = s.counted(nil)
	}
	e.Reason = s.reason(e.Value)
	return e
}

// Combine is a number made of statistics of settings with its jackknife error, or
// that of a bootstrap if there are percentiles among them: the same replications are
// left out of all or drawn again, so that what luck they share cancels.
func (p *Panel) Combine(of func(v []float64) float64, statistics ...Statistic) analysis.Estimate {
	var percentiles []float64
	for _, s := range statistics {
		if s.percentile > 0 {
			percentiles = append(percentiles, s.percentile)
		}
	}
	v := make([]float64, len(statistics))
	var e analysis.Estimate
	if percentiles == nil {
		e = analysis.Jackknife(p.Replications, p.Ties, func(from, to int) float64 {
			for i, s := range statistics {
				v[i] = s.without(from, to)
			}
			return of(v)
		})
	} else {
		e = analysis.Bootstrap(p.Replications, p.Ties, percentiles, func(times []int) float64 {
			for i, s := range statistics {
				v[i] = s.counted(times)
			}
			return of(v)
		})
	}
	if !e.Known() {
		return analysis.Missing(e.N, "")
	}
	return p.exact(e, false)
}

// exact takes the noise of sums out of a number that is the same in every
// replication. A chance that is has its error all the same.
func (p *Panel) exact(e analysis.Estimate, chance bool) analysis.Estimate {
	if e.Error < rounding*math.Abs(e.Value) && e.Known() && !chance {
		scale := math.Pow(10, digits-math.Floor(math.Log10(math.Abs(e.Value))))
		e.Value = math.Round(e.Value*scale) / scale
		reason := e.Reason
		e = p.Ties.Alike(e.Value, e.N)
		e.Reason = reason
	}
	return e
}

// digits are those behind the first of a number that is the same in every
// replication: as many as its sums leave alone.
const digits = 11

// Difference is b - a, two statistics in one unit; of chances it is that of pairs.
// What rounding leaves of plans whose numbers are the same is 0.
func (p *Panel) Difference(a, b Statistic) analysis.Estimate {
	if x, y := p.Estimate(a), p.Estimate(b); !x.Known() || !y.Known() {
		return analysis.NoDifference(x, y)
	}
	if a.chance != nil && b.chance != nil {
		return analysis.ChanceChange(a.chance, b.chance, p.Ties.Lucks)
	}
	e := p.Combine(func(v []float64) float64 { return v[1] - v[0] }, a, b)
	if level := math.Abs(a.counted(nil)); math.Abs(e.Value) < rounding*level && (e.Error < rounding*level || e.Needs > 0) {
		return p.Ties.Alike(0, e.N)
	}
	return e
}

// rounding is the relative size of what sums of numbers leave of an error that
// is 0.
const rounding = 1e-10
