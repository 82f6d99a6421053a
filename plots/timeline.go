package plots

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
)

// A Series is a named line of weekly numbers. NaN marks a missing week.
type Series struct {
	Name   string
	Values []float64
}

// A timeline is the time axis that weekly pictures share. It counts days from
// the first day of the run.
type timeline struct {
	start time.Time
	weeks int
	// atWeekEnd tells a stock (customers at the week’s end) from a flow
	// (sign-ups in the week), which stands in the middle of its week.
	atWeekEnd bool
	spans     []picture.Span
}

func newTimeline(start time.Time, weeks int, atWeekEnd bool, spans []picture.Span) timeline {
	t := timeline{start: civil(start), weeks: weeks, atWeekEnd: atWeekEnd}
	for _, s := range spans {
		s.From, s.To = civil(s.From), civil(s.To)
		if !s.To.Before(s.From) && t.day(s.From) < t.days() && (t.day(s.To) > 0 || s.Moment() && t.day(s.To) == 0) {
			t.spans = append(t.spans, s)
		}
	}
	return t
}

// civil drops the time of day and the zone of a date.
func civil(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}

func (t timeline) days() float64              { return float64(7 * t.weeks) }
func (t timeline) day(date time.Time) float64 { return daysBetween(t.start, date) }

// x is where the number of a week stands.
func (t timeline) x(week int) float64 {
	if t.atWeekEnd {
		return float64(7 * (week + 1))
	}
	return float64(7*week) + 3.5
}

// weekDate is the first day of a week, for tables.
func (t timeline) weekDate(week int) string {
	return t.start.AddDate(0, 0, 7*week).Format("2006-01-02")
}

// month names the month in which a week ends.
func (t timeline) month(week int) string {
	return t.start.AddDate(0, 0, 7*week+6).Format("January 2006")
}

// within says which weeks lie at least half inside a span.
func (t timeline) within(s picture.Span) (weeks []int) {
	for w := range t.weeks {
		middle := float64(7*w) + 3.5
		if middle >= t.day(s.From) && middle < t.day(s.To) {
			weeks = append(weeks, w)
		}
	}
	return weeks
}

// stretch is the first span that is longer than a day, with its weeks: that of which titles
// speak, as it is shaded.
func (t timeline) stretch() (picture.Span, []int) {
	for _, s := range t.spans {
		if !s.Moment() {
			return s, t.within(s)
		}
	}
	return picture.Span{}, nil
}

// axisName says what stands on the axis, for the reader of a printed page.
func (t timeline) axisName() string {
	if t.atWeekEnd {
		return "Date (values at each week’s end)"
	}
	return "Date (weekly values)"
}

// install gives a panel the time axis, and the shaded spans behind its data.
func (t timeline) install(p *panel, width vg.Length) {
	p.X.Min, p.X.Max = 0, t.days()
	p.X.Tick.Marker = DateTicks{Start: t.start, Width: width}
	if len(t.spans) > 0 {
		p.behind = append(p.behind, spanShades{t})
	}
}

// spanShades fills the spans behind the data.
type spanShades struct{ timeline }

// Plot implements plot.Plotter.
func (s spanShades) Plot(c draw.Canvas, p *plot.Plot) {
	for _, e := range s.edges(c, p) {
		c.FillPolygon(spanColor, []vg.Point{
			{X: e[0], Y: c.Min.Y}, {X: e[1], Y: c.Min.Y}, {X: e[1], Y: c.Max.Y}, {X: e[0], Y: c.Max.Y},
		})
		for _, x := range e {
			c.StrokeLine2(draw.LineStyle{Color: spanEdge, Width: 0.5, Dashes: []vg.Length{2, 2}}, x, c.Min.Y, x, c.Max.Y)
		}
	}
}

// edges gives both ends of each span on the canvas.
func (t timeline) edges(c draw.Canvas, p *plot.Plot) [][2]vg.Length {
	trX, _ := p.Transforms(&c)
	out := make([][2]vg.Length, len(t.spans))
	for i, s := range t.spans {
		out[i] = [2]vg.Length{trX(math.Max(0, t.day(s.From))), trX(math.Min(t.days(), t.day(s.To)))}
	}
	return out
}

// spanNames writes the names of spans above the data.
type spanNames struct{ timeline }

// spanNameHeight is the room that the names need.
const spanNameHeight = 1.5 * smallSize

func (s spanNames) annotate(area, c draw.Canvas, p *plot.Plot) {
	style := bold(typeStyle(smallSize, spanEdge))
	style.XAlign = draw.XCenter
	const gap = 8
	n := vg.Length(len(s.spans))
	room := (c.Max.X-area.Min.X+gap)/n - gap
	edges := s.edges(c, p)
	names := make([]string, len(edges))
	want := make([]vg.Length, len(edges))
	width := make([]vg.Length, len(edges))
	total := vg.Length(-gap)
	for i, e := range edges {
		names[i] = s.spans[i].Label()
		want[i] = (e[0] + e[1]) / 2
		total += style.Width(names[i]) + gap
	}
	for i := range names {
		if total > c.Max.X-area.Min.X { // without dates, then, and no longer than fits
			if s.spans[i].Name != "" {
				names[i] = s.spans[i].Name
			}
			names[i] = elide(style, names[i], room)
		}
		width[i] = style.Width(names[i])
	}
	for i, x := range spread(want, width, gap, area.Min.X, c.Max.X) {
		put(c, style, x, c.Max.Y+0.45*smallSize, names[i])
	}
}

// end is where the line of a series ends.
func (t timeline) end(values []float64) float64 {
	stretches := runs(values)
	if len(stretches) == 0 {
		return t.days()
	}
	points := t.points(values, stretches[len(stretches)-1])
	return points[len(points)-1].X
}

// line draws a series, broken where weeks are missing. A week alone becomes a
// short stroke.
func (t timeline) line(values []float64, style draw.LineStyle) []plot.Plotter {
	var out []plot.Plotter
	for _, r := range runs(values) {
		points := t.points(values, r)
		out = append(out, &plotter.Line{XYs: points, LineStyle: style})
	}
	return out
}

// band fills the room between two series.
func (t timeline) band(low, high []float64, style draw.LineStyle) []plot.Plotter {
	var out []plot.Plotter
	for _, r := range runs(low, high) {
		ring := t.points(high, r)
		lower := t.points(low, r)
		for i := len(lower) - 1; i >= 0; i-- {
			ring = append(ring, lower[i])
		}
		out = append(out, &plotter.Polygon{XYs: []plotter.XYs{ring}, Color: style.Color})
	}
	return out
}

// points are the places of a run of weeks.
func (t timeline) points(values []float64, r [2]int) plotter.XYs {
	if r[1]-r[0] == 1 {
		x, v := t.x(r[0]), values[r[0]]
		return plotter.XYs{{X: math.Max(0, x-2.5), Y: v}, {X: math.Min(t.days(), x+2.5), Y: v}}
	}
	points := make(plotter.XYs, 0, r[1]-r[0])
	for w := r[0]; w < r[1]; w++ {
		points = append(points, plotter.XY{X: t.x(w), Y: values[w]})
	}
	return points
}

// runs finds the stretches of weeks in which all series have a number.
func runs(series ...[]float64) (out [][2]int) {
	from := -1
	n := len(series[0])
	for w := range n + 1 {
		whole := w < n
		for _, s := range series {
			whole = whole && !math.IsNaN(s[w])
		}
		switch {
		case whole && from < 0:
			from = w
		case !whole && from >= 0:
			out = append(out, [2]int{from, w})
			from = -1
		}
	}
	return out
}

// last finds the last week with a number, -1 if there is none.
func last(values []float64) int {
	for w := len(values) - 1; w >= 0; w-- {
		if !math.IsNaN(values[w]) {
			return w
		}
	}
	return -1
}

// checkWeekly says what is wrong with weekly series: none may be empty, all are
// as long as the first, and no number is infinite.
func checkWeekly(what string, series ...Series) error {
	n := len(series[0].Values)
	if n == 0 {
		return fmt.Errorf("plots: %s: no weeks to draw", what)
	}
	for _, s := range series {
		if len(s.Values) != n {
			return fmt.Errorf("plots: %s: %s has %d weeks, %s has %d", what, s.Name, len(s.Values), series[0].Name, n)
		}
		for w, v := range s.Values {
			if math.IsInf(v, 0) {
				return fmt.Errorf("plots: %s: %s of week %d is infinite", what, s.Name, w+1)
			}
		}
	}
	return nil
}
