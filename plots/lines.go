package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// checkLines says what is wrong with lines that have a point at each of n
// positions.
func checkLines(what string, n int, lines []picture.Line) error {
	if len(lines) == 0 {
		return fmt.Errorf("plots: %s: nothing to draw", what)
	}
	for _, l := range lines {
		if len(l.Points) != n {
			return fmt.Errorf("plots: %s: %s has %s, and there are %s", what, l.Name, words.Counted(len(l.Points), "point"),
				words.Counted(n, "position"))
		}
		for i, e := range l.Points {
			if math.IsInf(e.Value, 0) {
				return fmt.Errorf("plots: %s: point %d of %s is infinite", what, i+1, l.Name)
			}
		}
	}
	return nil
}

// rangeOf is the range of lines with their intervals.
func rangeOf(lines []picture.Line) (lo, hi float64) {
	var all [][]float64
	for _, l := range lines {
		low, high := l.Ends()
		all = append(all, low, high)
	}
	return extent(all...)
}

// A lineLook tells a line from its neighbours, by colour, by dashes, and by the
// shape of its dots.
type lineLook struct {
	line  draw.LineStyle
	glyph draw.GlyphDrawer
}

// lookOf is the look of line i. What was computed has no dots.
func lookOf(i int, exact bool) lineLook {
	look := lineLook{line: seriesStyles[i%len(seriesStyles)],
		glyph: seriesGlyphs[(i+2*(i/len(seriesGlyphs)))%len(seriesGlyphs)]}
	if exact {
		look.glyph = nil
	}
	return look
}

// tint is a colour that lets what lies below shine through.
func tint(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = 56
	return n
}

// estimateLine draws a line through estimates with their intervals, as whiskers
// or as a band.
type estimateLine struct {
	x    []float64
	line picture.Line
	look lineLook
	band bool
	// aside moves dots and whiskers, so that those of several lines do not hide
	// one another.
	aside vg.Length
}

// Plot implements plot.Plotter.
func (e estimateLine) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	values := e.line.Values()
	low, high := e.line.Ends()
	for _, r := range runs(values) {
		var middle, ring []vg.Point
		for i := r[0]; i < r[1]; i++ {
			middle = append(middle, vg.Point{X: trX(e.x[i]), Y: trY(values[i])})
			ring = append(ring, vg.Point{X: trX(e.x[i]), Y: trY(high[i])})
		}
		for i := r[1] - 1; i >= r[0]; i-- {
			ring = append(ring, vg.Point{X: trX(e.x[i]), Y: trY(low[i])})
		}
		if e.band && !e.line.Exact() {
			c.FillPolygon(tint(e.look.line.Color), ring)
		}
		c.StrokeLines(e.look.line, middle)
		if e.band {
			if len(middle) == 1 {
				c.DrawGlyph(draw.GlyphStyle{Color: e.look.line.Color, Radius: 2, Shape: draw.CircleGlyph{}}, middle[0])
			}
			continue
		}
		whisker := draw.LineStyle{Color: e.look.line.Color, Width: 1.1}
		for i, at := range middle {
			at.X += e.aside
			bottom, top := trY(low[r[0]+i]), trY(high[r[0]+i])
			if top-bottom > 1 {
				c.StrokeLine2(whisker, at.X, bottom, at.X, top)
				c.StrokeLine2(whisker, at.X-4, bottom, at.X+4, bottom)
				c.StrokeLine2(whisker, at.X-4, top, at.X+4, top)
			}
			if e.look.glyph != nil {
				c.DrawGlyph(draw.GlyphStyle{Color: e.look.line.Color, Radius: 3.6, Shape: e.look.glyph}, at)
			}
		}
	}
}

// manyLines is from where on names at the ends have a line of their own no more
// for their value.
const manyLines = 7

// linesLeast is the least height of the body of a page with lines: the names at
// their ends do not touch.
func linesLeast(p *panel) vg.Length {
	const frame, least = 62, 165
	height := vg.Length(frame)
	for _, a := range p.annotations {
		if e, ok := a.(endLabels); ok {
			for _, l := range e.labels {
				height += (smallSize+1)*lineHeight*vg.Length(len(l.lines)) + 3
			}
		}
	}
	return max(least, height)
}

// newLines makes a panel of lines over positions, each named at its end with
// its last value if values says so.
func newLines(xName, yName string, f words.Format, x []float64, lines []picture.Line, band, values bool) *panel {
	p := newPanel(xName, yName)
	lo, hi := rangeOf(lines)
	p.Y.Min, p.Y.Max = valueRange(lo, hi, false)
	p.Y.Tick.Marker = NiceTicks{Format: f, Want: 5}
	p.Add(horizontalGrid(), zeroLine{})
	var labels []endLabel
	for i, l := range lines {
		look := lookOf(l.Place(i), l.Exact())
		simulated := func(l picture.Line) bool { return !l.Computed() }
		if l.Computed() && slices.ContainsFunc(lines, simulated) { // dots are where something was run
			look.glyph = nil
			if look.line.Dashes == nil && !l.Seen { // what happened is drawn through
				look.line.Dashes, look.line.Width = []vg.Length{6, 6}, thickLine // what lies under it is seen between
			}
		}
		p.Add(estimateLine{x, l, look, band, asideOf(i, len(lines))})
		end := last(l.Values())
		if end < 0 {
			continue
		}
		label := endLabel{y: l.Points[end].Value, lines: []string{l.Name}, line: look.line}
		switch {
		case len(lines) >= manyLines && values:
			label.lines[0] += " " + f.Text(l.Points[end].Value)
		case values:
			label.lines = append(label.lines, endText(f, l.Points[end]))
		}
		labels = append(labels, label)
	}
	p.right = endRoom(labels)
	p.label(endLabels{x: x[len(x)-1], labels: labels})
	return p
}

// asideOf spreads the dots of lines around their position, a little.
func asideOf(line, lines int) vg.Length {
	apart := min(2, 6/vg.Length(lines))
	return apart * (vg.Length(line) - vg.Length(lines-1)/2)
}

// endDigits are the most that a number at the end of a line has.
const endDigits = 4

// endText writes an estimate with its interval, unless that is narrower than the digits show.
func endText(f words.Format, e analysis.Estimate) string {
	lo, hi := e.Low, e.High
	if !(lo < hi) || math.IsInf(hi-lo, 0) {
		return f.Text(e.Value)
	}
	least := math.Pow10(int(math.Floor(math.Log10(math.Max(math.Abs(lo), math.Abs(hi))))) + 1 - endDigits)
	texts := f.Texts([]float64{e.Value, lo, hi}, math.Max(words.Telling(hi-lo), least))
	if texts[1] == texts[2] || isNarrow() { // the interval has no room there, and is in the table
		return texts[0]
	}
	return texts[0] + " (" + texts[1] + " to " + texts[2] + ")"
}

// lineNotes explain what lines show.
func lineNotes(p *panel, lines []picture.Line, band bool) (notes []string) {
	simulated, exact := false, false
	for _, l := range lines {
		switch {
		case l.Seen:
		case l.Exact():
			exact = true
		default:
			simulated = true
		}
	}
	switch {
	case simulated && band:
		notes = append(notes, "Bands: 95% intervals of the mean.")
	case simulated:
		notes = append(notes, "Bars through the dots: 95% intervals of the mean.")
	}
	if exact && simulated {
		notes = append(notes, "Without intervals: computed, not simulated.")
	}
	if !(p.Y.Min <= 0 && p.Y.Max >= 0) {
		notes = append(notes, "The vertical axis leaves zero out.")
	}
	return notes
}

// addPoint writes a row of a table that ends in a point of a line: what was seen has no interval.
func (t *table) addPoint(l picture.Line, at int, cells ...any) {
	e := l.Points[at]
	if l.Seen {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	t.addEstimate(e, cells...)
}

// addEstimate writes a row of a table that ends in an estimate.
func (t *table) addEstimate(e analysis.Estimate, cells ...any) {
	finite := func(v float64) float64 {
		if math.IsInf(v, 0) {
			return math.NaN()
		}
		return v
	}
	t.add(append(cells, e.Value, finite(e.Low), finite(e.High))...)
}

// drop shortens a text of an author that ends with a full stop: titles have
// none.

// trimStop makes a title of a sentence: titles end without a full stop.
func trimStop(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), ".") }
