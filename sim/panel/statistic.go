package panel

import (
	"math"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

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

// Mean is the mean of a measure; missing numbers are left out.
func (p *Panel) Mean(l Leaf) Statistic {
	s := meanOf(p.values[l])
	if l.Measure.Chance() {
		s.chance = p.values[l]
		s.alone = func(p *Panel) analysis.Estimate { return analysis.ChanceAlike(s.chance, p.Ties.SeedsPerDraw) }
	}
	return s
}

// Ratio is a ratio of totals.
func (p *Panel) Ratio(c *plan.Column, setting string) Statistic {
	over, under := p.values[Leaf{setting, Measure{Column: c.Over}}], p.values[Leaf{setting, Measure{Column: c.Under}}]
	a, b := meanOf(over), meanOf(under)
	return Statistic{reason: c.Reason,
		counted: func(times []int) float64 { return c.Quotient(a.counted(times), b.counted(times)) },
		without: func(from, to int) float64 { return c.Quotient(a.without(from, to), b.without(from, to)) },
		alone:   func(p *Panel) analysis.Estimate { return analysis.RatioOf(c, over, under, p.Ties) },
	}
}

// MeanOf is the mean of numbers by replication, a chance where the column is one.
// reason says why a value is none.
func MeanOf(c *plan.Column, values []float64, reason func(float64) string) Statistic {
	s := meanOf(values)
	s.reason = reason
	if analysis.Statistic(*c) != "chance" {
		s.alone = func(p *Panel) analysis.Estimate { return analysis.MeanOf(c, values, p.Ties) }
		return s
	}
	s.chance = values
	s.alone = func(p *Panel) analysis.Estimate {
		e := analysis.ChanceAlike(values, p.Ties.SeedsPerDraw)
		e.Reason = reason(e.Value)
		return e
	}
	return s
}

// PercentileOf is a percentile, share in (0,1), of numbers by replication.
func PercentileOf(c *plan.Column, values []float64, share float64) Statistic {
	q := analysis.NewPercentile(values, share)
	return Statistic{reason: c.Reason, percentile: share, counted: q.Of}
}

// Value is the number itself.
func (s Statistic) Value() float64 { return s.counted(nil) }

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
// left out of all or drawn again, so that what chance they share cancels.
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
	if e.Error < Rounding*math.Abs(e.Value) && e.Known() && !chance {
		scale := math.Pow(10, digits-math.Floor(math.Log10(math.Abs(e.Value))))
		e = p.Ties.Alike(e, math.Round(e.Value*scale)/scale)
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
		return analysis.ChanceChange(a.chance, b.chance, p.Ties.SeedsPerDraw)
	}
	e := p.Combine(func(v []float64) float64 { return v[1] - v[0] }, a, b)
	noise := Rounding * math.Abs(a.counted(nil))
	if math.Abs(e.Value) < noise && (e.Error < noise || e.Needs > 0) {
		return p.Ties.Alike(e, 0)
	}
	return e
}

// Rounding is the relative size of what sums of numbers leave of an error that
// is 0.
const Rounding = 1e-10
