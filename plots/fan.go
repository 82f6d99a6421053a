package plots

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// A Fan is one weekly number over all replications: the median of each week and
// the bands that hold 50% and 90% of the replications in that week.
type Fan struct {
	picture.Source
	Measure words.Measure
	Start   time.Time // first day of the first week
	// AtWeekEnd says that the numbers are those at each week's end (customers,
	// cash), not those of the week (sign-ups).
	AtWeekEnd bool
	// The quantiles by week; NaN marks a missing week.
	P5, P25, P50, P75, P95 []float64
	// Compare is one more line, drawn dashed: the median of the paired plan.
	Compare *Series
	Spans   []picture.Span // dates to shade
	// RuinWeeks are the weeks (from 1) in which replications went out of
	// business, one number for each that did. They are marked on the zero line.
	RuinWeeks []int
}

// The styles of a fan. Bands are opaque tints, the wider one drawn first.
var (
	band90      = draw.LineStyle{Color: bluePale}
	band50      = draw.LineStyle{Color: blueMid}
	medianLine  = draw.LineStyle{Color: blue, Width: 1.6}
	compareLine = draw.LineStyle{Color: vermillion, Width: plainLine, Dashes: []vg.Length{5, 2.5}}
	ruinLine    = draw.LineStyle{Color: vermillion, Width: 3}
)

// Picture implements Drawing. Where the bands are hardly wider than the line, as
// fixed inputs make them, a second panel shows them on a scale of their own.
func (f Fan) Picture() (*Picture, error) {
	if err := checkWeekly("fan of "+f.Measure.Called(), f.series()...); err != nil {
		return nil, err
	}
	if last(f.P50) < 0 {
		return nil, errors.New("plots: fan of " + f.Measure.Called() + ": every week is missing")
	}
	t := newTimeline(f.Start, len(f.P50), f.AtWeekEnd, f.Spans)
	p := f.panel(t)
	page := &page{title: f.finding(t), subtitle: f.Subtitle(), notes: f.notes(p)}
	if f.hairline(p) {
		page.show(p, f.distances(t))
	} else {
		page.show(p)
	}
	return newPicture(page, f.table(t)), nil
}

// series are all lines of the fan, in the order of the table.
func (f Fan) series() []Series {
	series := []Series{{"p5", f.P5}, {"p25", f.P25}, {"p50", f.P50}, {"p75", f.P75}, {"p95", f.P95}}
	if f.Compare != nil {
		series = append(series, Series{"compare", f.Compare.Values})
	}
	return series
}

// varies says whether replications differ at all.
func (f Fan) varies() bool { return !sameSeries(f.P5, f.P95) }

// hairline says whether the bands would not be seen beside the line.
func (f Fan) hairline(p *panel) bool {
	widest, positive := 0.0, true
	for w := range f.P50 {
		if d := f.P95[w] - f.P5[w]; d > widest { // false for a missing week
			widest = d
		}
		positive = positive && !(f.P50[w] <= 0)
	}
	return widest > 0 && positive && widest < 0.03*(p.Y.Max-p.Y.Min)
}

// panel draws the fan on its own scale.
func (f Fan) panel(t timeline) *panel {
	p := newPanel(t.axisName(), f.axisName())
	var all [][]float64
	for _, s := range f.series() {
		all = append(all, s.Values)
	}
	lo, hi := extent(all...)
	// Zero is ruin for cash, and nothing for what happens in a week: there a
	// reader compares heights.
	p.Y.Min, p.Y.Max = valueRange(lo, hi, f.Measure.Name == "cash" || len(f.RuinWeeks) > 0 || !f.AtWeekEnd)
	p.Y.Tick.Marker = NiceTicks{Format: f.Measure.Format(), Want: 5, Whole: f.Measure.Format() == words.Count}

	labels := f.labels(f.hairline(p))
	p.right = endRoom(labels)
	t.install(p, pageWidth()-2*pageMargin()-p.right-50)
	p.Add(horizontalGrid())
	if f.varies() {
		p.Add(t.band(f.P5, f.P95, band90)...)
		p.Add(t.band(f.P25, f.P75, band50)...)
	}
	p.Add(zeroLine{})
	p.Add(t.line(f.P50, medianLine)...)
	if f.Compare != nil {
		p.Add(t.line(f.Compare.Values, compareLine)...)
	}
	if len(f.RuinWeeks) > 0 {
		p.Add(ruinMarks{t, f.RuinWeeks, ruinLine.Color})
	}
	if len(t.spans) > 0 {
		p.top = spanNameHeight
		p.label(spanNames{t})
	}
	p.label(endLabels{x: t.end(f.P50), labels: labels})
	return p
}

// labels name lines and bands at their ends. The bands of a hairline are named
// on the panel of distances.
func (f Fan) labels(hairline bool) (labels []endLabel) {
	end := last(f.P50)
	ends := f.endTexts(end)
	median := endLabel{y: f.P50[end], lines: []string{f.medianName() + " " + ends[2]}, line: medianLine}
	switch {
	case hairline:
		median.lines = append(median.lines, "90%: "+ends[0]+" to "+ends[4])
	case f.varies():
		labels = append(labels,
			endLabel{y: f.P95[end], lines: []string{"90% of runs", ends[0] + " to " + ends[4]}, key: bandKey, line: band90},
			endLabel{y: f.P75[end], lines: []string{"50% of runs", ends[1] + " to " + ends[3]}, key: bandKey, line: band50})
	}
	labels = append(labels, median)
	if f.Compare != nil {
		if w := last(f.Compare.Values); w >= 0 {
			labels = append(labels, endLabel{y: f.Compare.Values[w], lines: []string{words.Capital(f.Compare.Name),
				f.median() + f.Measure.Format().Text(f.Compare.Values[w])}, line: compareLine})
		}
	}
	if n := len(f.RuinWeeks); n > 0 {
		labels = append(labels, endLabel{y: 0, lines: []string{"Out of business",
			fmt.Sprintf("%s of %s runs", wholeNumber(n), wholeNumber(f.Replications))}, line: ruinLine})
	}
	return labels
}

// distances draws the bands as distances from the median, in percent of it.
func (f Fan) distances(t timeline) *panel {
	d := Fan{Source: f.Source, Measure: words.Measure{Unit: "share"}, P50: make([]float64, len(f.P50))}
	for w, median := range f.P50 {
		d.P5, d.P25 = append(d.P5, f.P5[w]/median-1), append(d.P25, f.P25[w]/median-1)
		d.P75, d.P95 = append(d.P75, f.P75[w]/median-1), append(d.P95, f.P95[w]/median-1)
		d.P50[w] = median - median // missing where the median is
	}
	p := newPanel(t.axisName(), "Distance from the median (%)")
	lo, hi := extent(d.P5, d.P95)
	p.Y.Min, p.Y.Max = valueRange(lo, hi, true)
	p.Y.Tick.Marker = NiceTicks{Format: words.Percent, Want: 4}
	labels := d.labels(false)
	labels[len(labels)-1].lines[0] = "Median"
	p.right = endRoom(labels)
	t.install(p, pageWidth()-2*pageMargin()-p.right-50)
	p.Add(horizontalGrid())
	p.Add(t.band(d.P5, d.P95, band90)...)
	p.Add(t.band(d.P25, d.P75, band50)...)
	p.Add(t.line(d.P50, medianLine)...)
	p.label(endLabels{x: t.end(f.P50), labels: labels})
	return p
}

func (f Fan) axisName() string {
	if f.AtWeekEnd {
		return f.Measure.OnAxis()
	}
	return f.Measure.OnAxis() + " per week"
}

// endTexts writes the five quantiles of the last week, all alike.
func (f Fan) endTexts(end int) []string {
	q := []float64{f.P5[end], f.P25[end], f.P50[end], f.P75[end], f.P95[end]}
	distance := q[4] - q[0]
	if distance == 0 || math.IsNaN(distance) {
		text := f.Measure.Format().Text(q[2])
		return []string{text, text, text, text, text}
	}
	return f.Measure.Format().Texts(q, words.Telling(distance))
}

// median is the word before a number that is a median, if there is more than one
// replication.
func (f Fan) median() string {
	if f.Replications == 1 {
		return ""
	}
	return "median "
}

// medianName says what the middle line is.
func (f Fan) medianName() string {
	switch {
	case f.varies():
		return "Median"
	case f.Replications == 1:
		return "The one run"
	}
	return "All runs"
}

func (f Fan) notes(p *panel) (notes []string) {
	if f.varies() {
		notes = append(notes, "Bands hold 90% and 50% of the runs in each week; no single run need follow their edges.")
	}
	if len(f.RuinWeeks) > 0 {
		notes = append(notes, "Bars on the zero line: runs that went out of business, by week.")
	}
	switch {
	case p.Y.Min <= 0 && p.Y.Max >= 0:
	case f.hairline(p):
		notes = append(notes, "The upper axis leaves zero out.")
	default:
		notes = append(notes, "The vertical axis leaves zero out.")
	}
	return notes
}

func (f Fan) table(t timeline) table {
	columns := []string{"week", "date", "p5", "p25", "p50", "p75", "p95"}
	if f.Compare != nil {
		columns = append(columns, "compare")
	}
	if len(f.RuinWeeks) > 0 {
		columns = append(columns, "ruined")
	}
	ruined := make(map[int]int)
	for _, w := range f.RuinWeeks {
		ruined[w]++
	}
	out := newTable(columns...)
	for w := range f.P50 {
		row := []any{w + 1, t.weekDate(w), f.P5[w], f.P25[w], f.P50[w], f.P75[w], f.P95[w]}
		if f.Compare != nil {
			row = append(row, f.Compare.Values[w])
		}
		if len(f.RuinWeeks) > 0 {
			row = append(row, ruined[w+1])
		}
		out.add(row...)
	}
	return out
}

// zeroLine draws the line of zero where it is inside the picture.
type zeroLine struct{}

// Plot implements plot.Plotter.
func (zeroLine) Plot(c draw.Canvas, p *plot.Plot) {
	if p.Y.Min < 0 && p.Y.Max > 0 {
		_, trY := p.Transforms(&c)
		c.StrokeLine2(draw.LineStyle{Color: softInk, Width: thinLine}, c.Min.X, trY(0), c.Max.X, trY(0))
	}
}

// ruinMarks draws a bar on the zero line for each week in which replications
// went out of business, the higher the more of them did.
type ruinMarks struct {
	timeline
	weeks []int
	color color.Color
}

// Plot implements plot.Plotter.
func (r ruinMarks) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	number := make([]int, r.timeline.weeks+1)
	most := 0
	for _, w := range r.weeks {
		if w >= 1 && w <= r.timeline.weeks {
			number[w]++
			most = max(most, number[w])
		}
	}
	for w, n := range number {
		if n == 0 {
			continue
		}
		x := trX(float64(7 * w))
		height := vg.Length(4 + 16*math.Sqrt(float64(n)/float64(most)))
		c.StrokeLine2(draw.LineStyle{Color: r.color, Width: 2}, x, trY(0), x, trY(0)+height)
	}
}

func sameSeries(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

func wholeNumber(n int) string { return words.Count.Texts([]float64{float64(n)}, 1)[0] }
