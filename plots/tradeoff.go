package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// Tradeoff draws a picture.Tradeoff.
type Tradeoff picture.Tradeoff

// Picture implements Drawing.
func (t Tradeoff) Picture() (*Picture, error) {
	var plans []picture.Choice
	var xs, ys []float64
	for _, c := range t.Plans {
		if math.IsInf(c.X.Value, 0) || math.IsInf(c.Y.Value, 0) {
			return nil, fmt.Errorf("plots: trade-off: %s is infinite", c.Name)
		}
		if math.IsNaN(c.X.Value) || math.IsNaN(c.Y.Value) {
			continue
		}
		plans = append(plans, c)
		x0, x1 := picture.Line{Points: []analysis.Estimate{c.X}}.Ends()
		y0, y1 := picture.Line{Points: []analysis.Estimate{c.Y}}.Ends()
		xs, ys = append(append(xs, x0...), x1...), append(append(ys, y0...), y1...)
	}
	if len(plans) < 2 {
		return nil, errors.New("plots: trade-off: two plans are needed at least")
	}
	edge := t.edge(plans)
	p := newPanel(t.X.OnAxis()+better(t.LessX), t.Y.OnAxis()+better(t.LessY))
	lo, hi := extent(xs)
	p.X.Min, p.X.Max = valueRange(lo, hi, false)
	lo, hi = extent(ys)
	p.Y.Min, p.Y.Max = valueRange(lo, hi, false)
	p.X.Tick.Marker = NiceTicks{Format: t.X.Format(), Want: 6, Width: 0.8 * pageWidth(), Size: tickSize}
	p.Y.Tick.Marker = NiceTicks{Format: t.Y.Format(), Want: 5}
	p.right = 90
	p.Add(horizontalGrid(), verticalGrid(), choices{plans, edge})
	names := tags{shun: choices{plans, edge}.along, unnamed: new(unnamed)}
	for _, on := range []bool{true, false} { // the names of the edge have the first choice
		for i, c := range plans {
			if slices.Contains(edge, i) == on {
				names.list = append(names.list, tag{x: c.X.Value, y: c.Y.Value, radius: 4.5,
					text: elide(tagStyle(on), c.Name, 0.25*pageWidth()), heavy: on || c.Plan})
			}
		}
	}
	p.label(names)
	page := &page{title: t.finding(plans, edge), subtitle: t.Subtitle(),
		notes: []string{"Crossed bars: 95% intervals; of plans on the same random numbers the differences are surer."}}
	if len(edge) > 1 { // one alone has no line
		page.notes[0] = "Line: plans that no other beats in both. " + page.notes[0]
	}
	if slices.ContainsFunc(plans, func(c picture.Choice) bool { return c.Plan }) {
		page.notes = append(page.notes, "Square: the plan.")
	}
	if p.X.Min > 0 || p.Y.Min > 0 {
		page.notes = append(page.notes, "Axes that leave zero out: "+leavesOut(p)+".")
	}
	page.show(p)
	page.nameTheRest(names.unnamed)
	page.axes[0].Unit, page.axes[1].Unit = t.X.UnitWords(), t.Y.UnitWords()
	return newPicture(page, tradeoffTable(plans, edge)), nil
}

// tradeoffTable lists the plans of the edge along it, then the others.
func tradeoffTable(plans []picture.Choice, edge []int) table {
	out := newTable("plan", "x", "x_low95", "x_high95", "y", "y_low95", "y_high95", "edge", "mark")
	order := slices.Clone(edge)
	for i := range plans {
		if !slices.Contains(edge, i) {
			order = append(order, i)
		}
	}
	for k, i := range order {
		c, on, mark := plans[i], 0, "beaten"
		if k < len(edge) {
			on, mark = 1, "unbeaten"
		}
		if c.Plan {
			mark = "plan"
		}
		out.add(c.Name, c.X.Value, finite(c.X.Low), finite(c.X.High), c.Y.Value, finite(c.Y.Low), finite(c.Y.High), on, mark)
	}
	return out
}

// better says at the name of an axis which way is better.
func better(less bool) string {
	if less {
		return ", less is better"
	}
	return ", more is better"
}

func leavesOut(p *panel) string {
	switch {
	case p.X.Min > 0 && p.Y.Min > 0:
		return "both"
	case p.X.Min > 0:
		return "the horizontal"
	}
	return "the vertical"
}

// edge lists the plans that no other beats in both, in order of x.
func (t Tradeoff) edge(plans []picture.Choice) (edge []int) {
	good := func(c picture.Choice) (x, y float64) {
		x, y = c.X.Value, c.Y.Value
		if t.LessX {
			x = -x
		}
		if t.LessY {
			y = -y
		}
		return x, y
	}
	for i, c := range plans {
		x, y := good(c)
		if !slices.ContainsFunc(plans, func(o picture.Choice) bool {
			ox, oy := good(o)
			return ox >= x && oy >= y && (ox > x || oy > y)
		}) {
			edge = append(edge, i)
		}
	}
	slices.SortStableFunc(edge, func(a, b int) int {
		switch d := plans[a].X.Value - plans[b].X.Value; {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return edge
}

// finding says how many plans stand on the edge, and what its two ends offer.
func (t Tradeoff) finding(plans []picture.Choice, edge []int) string {
	at := func(i int) string {
		c := plans[i]
		return fmt.Sprintf("%s (%s, %s)", c.Name, t.X.Format().Text(c.X.Value), t.Y.Format().Text(c.Y.Value))
	}
	what := fmt.Sprintf("%s and %s: ", t.X.Called(), words.Inside(t.Y.Called()))
	if len(edge) == 1 {
		what += at(edge[0])
		if slices.ContainsFunc(plans, func(c picture.Choice) bool {
			first := plans[edge[0]]
			return c.Name != first.Name && !(analysis.Apart(c.X, first.X) && analysis.Apart(c.Y, first.Y))
		}) {
			return what + " comes first in both, not all of it beyond chance"
		}
		return what + " beats all others in both"
	}
	return what + fmt.Sprintf("%d of %d plans are unbeaten, from %s to %s", len(edge), len(plans), at(edge[0]),
		at(edge[len(edge)-1]))
}

// choices draws plans with their intervals, those of the edge filled and joined.
type choices struct {
	plans []picture.Choice
	edge  []int
}

// along covers the line and the intervals with boxes.
func (s choices) along(c draw.Canvas, p *plot.Plot) (out []vg.Rectangle) {
	trX, trY := p.Transforms(&c)
	at := func(x, y float64) vg.Point { return vg.Point{X: trX(x), Y: trY(y)} }
	for k, i := range s.edge {
		if k > 0 {
			before := s.plans[s.edge[k-1]]
			out = append(out, alongLine(at(before.X.Value, before.Y.Value), at(s.plans[i].X.Value, s.plans[i].Y.Value))...)
		}
	}
	for _, plan := range s.plans {
		x, y := plan.X, plan.Y
		x0, x1 := picture.Line{Points: []analysis.Estimate{x}}.Ends()
		y0, y1 := picture.Line{Points: []analysis.Estimate{y}}.Ends()
		out = append(out, alongLine(at(x0[0], y.Value), at(x1[0], y.Value))...)
		out = append(out, alongLine(at(x.Value, y0[0]), at(x.Value, y1[0]))...)
	}
	return out
}

// Plot implements plot.Plotter.
func (s choices) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	at := func(i int) vg.Point { return vg.Point{X: trX(s.plans[i].X.Value), Y: trY(s.plans[i].Y.Value)} }
	var line []vg.Point
	for _, i := range s.edge {
		line = append(line, at(i))
	}
	c.StrokeLines(draw.LineStyle{Color: blueMid, Width: thickLine}, line)
	for i, plan := range s.plans {
		x0, x1 := picture.Line{Points: []analysis.Estimate{plan.X}}.Ends()
		y0, y1 := picture.Line{Points: []analysis.Estimate{plan.Y}}.Ends()
		o := at(i)
		look := draw.GlyphStyle{Color: blue, Radius: 4.5, Shape: draw.CircleGlyph{}}
		if !slices.Contains(s.edge, i) {
			look.Color = greyLine
		}
		bar := draw.LineStyle{Color: look.Color, Width: 0.9}
		c.StrokeLine2(bar, trX(x0[0]), o.Y, trX(x1[0]), o.Y)
		c.StrokeLine2(bar, o.X, trY(y0[0]), o.X, trY(y1[0]))
		if plan.Plan {
			look.Shape, look.Color, look.Radius = draw.BoxGlyph{}, vermillion, 5.5
		}
		c.DrawGlyph(look, o)
	}
}
