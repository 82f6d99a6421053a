package plots

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/words"
)

// A panel is a plot with named axes, and room above and beside the data for
// annotations. The vertical axis is named above it, where it can be read without
// turning the head.
type panel struct {
	*plot.Plot
	xName, yName string
	names        bool // the vertical axis carries names, which have no unit
	top, right   vg.Length
	annotations  []annotation
	behind       []plot.Plotter // under the data, and whatever is added later
}

// An annotation is text that stands where the data are, in place of a legend.
// It is drawn after the data; area is the whole canvas of the panel, data the
// part in which the data are.
type annotation interface {
	annotate(area, data draw.Canvas, p *plot.Plot)
}

// show makes one panel, or two over one another, the body of a page.
func (p *page) show(panels ...*panel) {
	for _, x := range panels {
		if x.xName != "" {
			p.axes = append(p.axes, Axis{Name: x.xName, Unit: words.UnitIn(x.xName)})
		}
		if y := (Axis{Name: x.yName, Names: x.names}); x.yName != "" {
			if !x.names {
				y.Unit = words.UnitIn(x.yName)
			}
			p.axes = append(p.axes, y)
		}
	}
	if len(panels) == 1 {
		p.body = panels[0].draw
	} else {
		p.body = stacked(panels[0], panels[1])
	}
}

// newPanel makes a panel. Both axes must be named, with their units.
func newPanel(xName, yName string) *panel {
	return &panel{Plot: newPlot(), xName: xName, yName: yName}
}

// label adds annotations.
func (p *panel) label(as ...annotation) { p.annotations = append(p.annotations, as...) }

const (
	yNameHeight = 1.65 * labelSize
	xNameHeight = 1.3 * labelSize
)

// inner is what is left of a canvas for the plot and its ticks.
func (p *panel) inner(area draw.Canvas) draw.Canvas {
	top, bottom := p.top, vg.Length(0)
	if p.yName != "" {
		top += yNameHeight
	}
	if p.xName != "" {
		bottom = xNameHeight
	}
	return draw.Crop(area, 0, -p.right, bottom, -top)
}

// draw fills a canvas with the panel.
func (p *panel) draw(area draw.Canvas) { p.drawAt(area, 0, 0) }

// drawAt draws the panel with its data moved in from the left and the right, to
// stand level with another panel.
func (p *panel) drawAt(area draw.Canvas, left, right vg.Length) {
	inner := draw.Crop(p.inner(area), left, -right, 0, 0)
	data := p.DataCanvas(inner)
	style := typeStyle(labelSize, softInk)
	if p.yName != "" {
		put(area, style, area.Min.X, area.Max.Y-0.76*labelSize, elide(style, p.yName, area.Max.X-area.Min.X))
	}
	if p.xName != "" {
		style.XAlign = draw.XRight
		right := data.Max.X
		if style.Width(p.xName) > right-area.Min.X { // it ends where the page does
			right = area.Max.X
		}
		put(area, style, right, area.Min.Y+0.25*labelSize, elide(style, p.xName, right-area.Min.X))
	}
	p.drawPlot(inner, data)
	for _, a := range p.annotations {
		a.annotate(area, data, p.Plot)
	}
}

// drawPlot draws what is behind the data, then axes and data.
func (p *panel) drawPlot(area, data draw.Canvas) {
	for _, b := range p.behind {
		b.Plot(data, p.Plot)
	}
	p.Plot.Draw(area)
}

// stacked draws two panels over one another, on one horizontal axis. The data of
// both are equally high and stand level.
func stacked(upper, lower *panel) func(draw.Canvas) {
	upper.right = max(upper.right, lower.right)
	lower.right = upper.right
	upper.xName = ""
	upper.X.Tick.Marker = unlabelled{upper.X.Tick.Marker}
	const gap = 8
	return func(area draw.Canvas) {
		inLower := lower.DataCanvas(lower.inner(area))
		inUpper := upper.DataCanvas(upper.inner(area))
		below := inLower.Min.Y - area.Min.Y + area.Max.Y - inLower.Max.Y // names and ticks
		above := inUpper.Min.Y - area.Min.Y + area.Max.Y - inUpper.Max.Y
		height := (area.Max.Y - area.Min.Y - gap - above - below) / 2

		top, bottom := area, area
		top.Min.Y = area.Max.Y - above - height
		bottom.Max.Y = top.Min.Y - gap
		a, b := upper.DataCanvas(upper.inner(top)), lower.DataCanvas(lower.inner(bottom))
		left, right := max(a.Min.X, b.Min.X), min(a.Max.X, b.Max.X)
		upper.drawAt(top, left-a.Min.X, a.Max.X-right)
		lower.drawAt(bottom, left-b.Min.X, b.Max.X-right)
	}
}

// unlabelled keeps the ticks of an axis and drops their labels.
type unlabelled struct{ plot.Ticker }

// Ticks implements plot.Ticker.
func (u unlabelled) Ticks(lo, hi float64) []plot.Tick {
	ticks := slices.Clone(u.Ticker.Ticks(lo, hi))
	for i := range ticks {
		ticks[i].Label = ""
	}
	return ticks
}
