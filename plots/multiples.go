package plots

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// mostSeries is how many lines of one picture can be told apart: each of them has a
// colour of its own. More are drawn as small multiples.
const mostSeries = 8

// showLines makes lines over positions the body of a page, with their notes: one panel, or
// a panel for each if they are too many for one. End is the position at which they end, in
// words. Place puts the positions on an axis of that length.
func (p *page) showLines(xName, yName, end string, f words.Format, x []float64, lines []picture.Line, band bool,
	place func(p *panel, width vg.Length)) {
	if len(lines) <= mostSeries {
		q := newLines(xName, yName, f, x, lines, band, true)
		place(q, pageWidth()-2*pageMargin()-q.right-50)
		p.notes = append(lineNotes(q, lines, band), endNote(end, len(x), lines)...)
		p.show(q)
		if p.least = linesLeast(q); current.grows { // a low page has no room to spare for names that are many
			p.height = max(current.height, p.least+pageFrame)
		}
		return
	}
	p.showMultiples(xName, yName, f, x, lines, band, place)
}

// pageFrame is what a page of lines has above and below its body.
const pageFrame = 100

// endNote says of what the numbers are that stand at the ends of lines: they are those of one position, and a reader
// may be looking for another's.
func endNote(end string, positions int, lines []picture.Line) []string {
	for _, l := range lines {
		if last(l.Values()) != positions-1 {
			return []string{"Numbers at the lines' ends: values at each line's last point."}
		}
	}
	return []string{"Numbers at the lines' ends: values " + end + "."}
}

// showMultiples draws a small panel for each line, all on the same axes, with the other
// lines in grey behind it.
func (p *page) showMultiples(xName, yName string, f words.Format, x []float64, lines []picture.Line, band bool,
	place func(p *panel, width vg.Length)) {
	width := (pageWidth() - 2*pageMargin() - panelGap*vg.Length(panelColumns()-1)) / vg.Length(panelColumns())
	lo, hi := rangeOf(lines)
	var cells [][]*cell
	for i, l := range lines {
		q := newPanel("", "")
		q.X.Tick.Label.Font.Size, q.Y.Tick.Label.Font.Size = smallSize, smallSize
		q.Y.Min, q.Y.Max = valueRange(lo, hi, false)
		q.Y.Tick.Marker = NiceTicks{Format: f, Want: 3}
		q.Add(horizontalGrid(), zeroLine{})
		place(q, 0.7*width)
		q.Add(greyLines{x, slices.Concat(lines[:i:i], lines[i+1:])})
		q.Add(estimateLine{x: x, line: l, look: lookOf(0, l.Exact()), band: band})
		c := &cell{panel: q, name: l.Name}
		if end := last(l.Values()); end >= 0 {
			c.numbers = endText(f, l.Points[end]) + " at the end"
		}
		if i%panelColumns() == 0 {
			cells = append(cells, make([]*cell, panelColumns()))
		}
		cells[len(cells)-1][i%panelColumns()] = c
		if i == 0 {
			p.notes = append([]string{"In each panel: " + words.Inside(yName) + ", over " + words.Inside(xName) +
				". Grey: the others, on the same axes."}, lineNotes(q, lines, band)...)
		}
	}
	p.axes = append(p.axes, Axis{Name: xName, Unit: words.UnitIn(xName)}, Axis{Name: yName, Unit: words.UnitIn(yName)})
	p.height = 104 + vg.Length(len(cells))*(panelRowHeight+panelGap/2)
	p.least = p.height - 104
	p.body = func(c draw.Canvas) { drawCells(cells, c) }
}

// greyLines are lines behind the one that a panel is about.
type greyLines struct {
	x     []float64
	lines []picture.Line
}

// Plot implements plot.Plotter.
func (g greyLines) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	style := draw.LineStyle{Color: greyLine, Width: 0.5}
	for _, l := range g.lines {
		values := l.Values()
		for _, r := range runs(values) {
			var points []vg.Point
			for i := r[0]; i < r[1]; i++ {
				points = append(points, vg.Point{X: trX(g.x[i]), Y: trY(values[i])})
			}
			c.StrokeLines(style, points)
		}
	}
}
