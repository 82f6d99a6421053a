package respond

import (
	"math"
	"slices"

	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// along is a row of settings over which a curve runs.
type along struct {
	name            string
	settings, names []string
	values          []float64
	dollars         bool // values are per dollar
}

// curve is the response of one metric over settings.
func (x responses) curve(m *metric.Metric, row along) (Curve, error) {
	out := Curve{Name: row.name, Outcome: m.Text, Column: m.Column}
	statistics := make([][]panel.Statistic, len(row.settings)) // metric, spend, spend that the metric counts
	for i, s := range row.settings {
		var err error
		if statistics[i], err = x.kept(m, s, "media_and_brand", dollarsOf(m)); err != nil {
			return out, err
		}
	}
	for i := range row.settings {
		pt := CurvePoint{X: row.values[i], Name: row.names[i], Value: x.Estimate(statistics[i][0]),
			Spend: x.Estimate(statistics[i][1])}
		slope := func(from int) *analysis.Estimate {
			e := x.Combine(func(v []float64) float64 {
				if row.dollars {
					return (v[0] - v[3]) / (v[2] - v[5])
				}
				return (v[0] - v[3]) / (row.values[i] - row.values[from])
			}, append(slices.Clone(statistics[i]), statistics[from]...)...)
			return &e
		}
		if i > 0 {
			pt.Average, pt.Marginal = slope(0), slope(i-1)
			step := x.Difference(statistics[i-1][0], statistics[i][0])
			if r := decide.Reduction(out.Points[i-1].Value, pt.Value, step); !math.IsNaN(r) && !math.IsInf(r, 0) {
				pt.Saved = &r
			}
		}
		out.Points = append(out.Points, pt)
	}
	return out, nil
}

// answerCurve follows the outcomes along one key.
func (x responses) answerCurve() error {
	axis := x.axes[0]
	row := along{name: axis.Key, values: axis.Values, dollars: axis.Dollars()}
	for i := range axis.Values {
		row.settings, row.names = append(row.settings, at(i)), append(row.names, axis.Name(i))
	}
	for _, m := range x.metrics {
		c, err := x.curve(m, row)
		if err != nil {
			return err
		}
		x.Curves = append(x.Curves, c)
	}
	var points []Point
	for i, pt := range x.Curves[0].Points {
		points = append(points, Point{[]int{i}, pt.Value})
	}
	return x.conclude(points)
}

// answerSurface sets the first outcome over two keys.
func (x responses) answerSurface() error {
	m, a, b := x.first(), x.axes[0], x.axes[1]
	all := make([][][]panel.Statistic, len(a.Values))
	var points []Point
	for i := range a.Values {
		for k := range b.Values {
			s, err := x.kept(m, at(i, k), dollarsOf(m))
			if err != nil {
				return err
			}
			all[i] = append(all[i], s)
			c := Cell{X: a.Values[i], Y: b.Values[k], Value: x.Estimate(s[0])}
			if i > 0 {
				c.Down = x.slope(a, i, all[i-1][k], s)
			}
			if k > 0 {
				c.Across = x.slope(b, k, all[i][k-1], s)
			}
			x.Surface = append(x.Surface, c)
			points = append(points, Point{[]int{i, k}, c.Value})
		}
	}
	return x.conclude(points)
}

// slope is the marginal value along an axis, from the value before the one at i.
func (x responses) slope(axis *Axis, i int, from, to []panel.Statistic) *analysis.Estimate {
	step := axis.Values[i] - axis.Values[i-1]
	e := x.Combine(func(v []float64) float64 {
		if axis.Dollars() {
			return (v[0] - v[2]) / (v[1] - v[3])
		}
		return (v[0] - v[2]) / step
	}, append(slices.Clone(to), from...)...)
	return &e
}

// conclude finds the best of points, and one that may be as good. Nothing is claimed of
// points that are all alike or have no number.
func (x responses) conclude(points []Point) error {
	m := x.first()
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(a, b Point) int { return analysis.Order(a.Value, b.Value, m.Column.Direction) })
	x.Best = &sorted[0]
	if !x.Best.Value.Known() {
		x.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: x.Best.Value.Reason}
		return nil
	}
	first, err := m.Of(x.Panel, at(x.Best.Place...))
	if err != nil {
		return err
	}
	x.Verdict = decide.Verdict{Kind: decide.Yes}
	for i, k := range x.Best.Place {
		x.FarPrice = x.FarPrice || x.axes[i].farPrice(x.Plan, k)
	}
	alike := 1
	for i := range sorted[1:] {
		other := &sorted[1+i]
		if !other.Value.Known() {
			break
		}
		s, err := m.Of(x.Panel, at(other.Place...))
		if err != nil {
			return err
		}
		d := x.Difference(first, s)
		if d.Value == 0 && (d.Error == 0 || d.Needs > 0) {
			alike++
		}
		if d.Low > 0 || d.High < 0 {
			continue
		}
		if x.Tied++; x.Rival == nil {
			x.Rival, x.Verdict = other, decide.Verdict{Kind: decide.TooCloseToCall, Why: d.Short()}
		}
	}
	x.Flat = x.Tied == len(points)-1
	if alike == len(points) {
		x.Verdict, x.Rival = decide.Verdict{Kind: decide.No, Why: "it is the same at every point"}, nil
	}
	return nil
}
