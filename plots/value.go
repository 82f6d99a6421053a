package plots

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Value sets what a customer of each channel is worth against what it costs, a
// bubble a channel, with lines of equal LTV/CAC.
type Value struct {
	picture.Source
	Channels []ChannelValue
	// Ratios are the lines that are drawn; none means 1 and 3.
	Ratios []float64
}

// ChannelValue is a bubble: customers won, and lifetime value and cost of one in
// USD. CAC and LTV are missing where no customer was won.
type ChannelValue struct {
	Name          string
	Won, CAC, LTV float64
}

func (c ChannelValue) drawn() bool { return c.Won > 0 && c.CAC > 0 && !math.IsNaN(c.LTV) }

// largestBubble is the radius of the channel that won most.
const largestBubble vg.Length = 20

// Picture implements Drawing.
func (v Value) Picture() (*Picture, error) {
	var cac, ltv, won []float64
	var drawn []ChannelValue
	t := newTable("channel", "won", "cac", "ltv", "ltv_cac")
	free := 0
	for _, c := range v.Channels {
		if math.IsInf(c.CAC, 0) || math.IsInf(c.LTV, 0) {
			return nil, fmt.Errorf("plots: LTV against CAC: %s is infinite", c.Name)
		}
		t.add(c.Name, c.Won, c.CAC, c.LTV, missingIfInf(c.LTV/c.CAC))
		if !c.drawn() {
			free++
			continue
		}
		drawn = append(drawn, c)
		cac, ltv, won = append(cac, c.CAC), append(ltv, c.LTV), append(won, c.Won)
	}
	if len(drawn) == 0 {
		return nil, errors.New("plots: LTV against CAC: no channel has both")
	}
	ratios := v.Ratios
	if len(ratios) == 0 {
		ratios = []float64{1, 3}
	}
	log := wide(cac) && !math.Signbit(minOf(ltv)) && minOf(ltv) > 0
	x, y := newScale(log, cac), newScale(log, ltv)
	p := newPanel(v.In("CAC, fully loaded (USD per customer)"), v.In("LTV (USD per customer)"))
	if log {
		p.xName = v.In("CAC, fully loaded, logarithmic (USD per customer)")
		p.yName = v.In("LTV, logarithmic (USD per customer)")
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.lo, x.hi, y.lo, y.hi
	if !log {
		p.X.Min -= 0.025 * (x.hi - x.lo) // its 0 stands clear of that of the other axis
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = x.ticks(v.Money(), 0.8*pageWidth()), y.ticks(v.Money(), 0)
	p.right = 74
	_, most := extent(won)
	rays := ratioLines{ratios, log, typeStyle(labelSize, ink).Width(p.yName)}
	bubbles := bubbles{x: x, y: y}
	names := tags{avoid: rays.boxes, shun: rays.along, unnamed: new(unnamed)}
	best, worst := ends(drawn)
	for _, i := range largestFirst(won) { // small ones over large ones
		c := drawn[i]
		radius := max(3, largestBubble*vg.Length(math.Sqrt(c.Won/most)))
		bubbles.list = append(bubbles.list, bubble{c, radius})
		names.list = append(names.list, tag{x: x.place(c.CAC), y: y.place(c.LTV), radius: radius,
			text: elide(tagStyle(true), c.Name, 0.25*pageWidth()), heavy: i == best || i == worst})
	}
	p.Add(horizontalGrid(), verticalGrid(), rays, bubbles)
	p.label(rays, names)
	page := &page{title: v.finding(drawn), subtitle: v.Subtitle(),
		notes: []string{"Area of a bubble: customers won. Last touch; ratios of totals over runs. Bold: the channels of " +
			"the title."}}
	if free > 0 {
		page.notes = append(page.notes, words.Counted(free, "channel")+" without a customer or a cost not drawn.")
	}
	page.show(p)
	page.nameTheRest(names.unnamed)
	return newPicture(page, t), nil
}

func missingIfInf(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

func minOf(values []float64) float64 {
	lo, _ := extent(values)
	return lo
}

// ends are the channels with the highest and the lowest LTV/CAC: the title names both, and
// their names are bold.
func ends(drawn []ChannelValue) (best, worst int) {
	for i, c := range drawn {
		if c.LTV/c.CAC > drawn[best].LTV/drawn[best].CAC {
			best = i
		}
		if c.LTV/c.CAC < drawn[worst].LTV/drawn[worst].CAC {
			worst = i
		}
	}
	return best, worst
}

// finding counts the channels that clear a rule of thumb, and names the best and
// the worst.
func (v Value) finding(drawn []ChannelValue) string {
	const thumb = 3
	clear, first, last := 0, 0, 0
	for _, c := range drawn {
		if c.LTV/c.CAC >= thumb {
			clear++
		}
	}
	first, last = ends(drawn)
	best, worst := drawn[first], drawn[last]
	ratio := func(c ChannelValue) string { return words.Plain.Text(math.Round(100*c.LTV/c.CAC) / 100) }
	if len(drawn) == 1 {
		return fmt.Sprintf("A customer of %s is worth %s times what it costs", best.Name, ratio(best))
	}
	brings := "bring"
	if clear == 1 {
		brings = "brings"
	}
	return fmt.Sprintf("%d of %d channels %s customers worth 3 times their cost; %s %s times, %s %s",
		clear, len(drawn), brings, best.Name, ratio(best), worst.Name, ratio(worst))
}

type bubble struct {
	ChannelValue
	radius vg.Length
}

// bubbles are discs whose edges are seen where they overlap.
type bubbles struct {
	list []bubble
	x, y scale
}

// Plot implements plot.Plotter.
func (b bubbles) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, d := range b.list {
		at := vg.Point{X: trX(b.x.place(d.CAC)), Y: trY(b.y.place(d.LTV))}
		fill := blue
		fill.A = 120
		c.DrawGlyph(draw.GlyphStyle{Color: fill, Radius: d.radius, Shape: draw.CircleGlyph{}}, at)
		c.DrawGlyph(draw.GlyphStyle{Color: blue, Radius: d.radius, Shape: draw.RingGlyph{}}, at)
	}
}

// ratioLines are the lines on which LTV is so many times CAC, named at their
// ends right of the data or above them.
type ratioLines struct {
	ratios []float64
	log    bool
	above  vg.Length // how far the name of the vertical axis reaches over the picture
}

// end is where a line leaves the picture, by the top or by the right.
func (r ratioLines) end(ratio float64, p *plot.Plot) (x, y float64, top bool) {
	if r.log {
		y = p.X.Max + math.Log10(ratio)
		if y > p.Y.Max {
			return p.Y.Max - math.Log10(ratio), p.Y.Max, true
		}
		return p.X.Max, y, false
	}
	if y = p.X.Max * ratio; y > p.Y.Max {
		return p.Y.Max / ratio, p.Y.Max, true
	}
	return p.X.Max, y, false
}

// lines are both ends of each line on the canvas; one that does not cross the
// picture has no length.
func (r ratioLines) lines(c draw.Canvas, p *plot.Plot) (out [][2]vg.Point) {
	trX, trY := p.Transforms(&c)
	for _, ratio := range r.ratios {
		x, y, _ := r.end(ratio, p)
		x0, y0 := 0.0, 0.0
		if r.log {
			if x0, y0 = p.X.Min, p.X.Min+math.Log10(ratio); y0 < p.Y.Min {
				x0, y0 = p.Y.Min-math.Log10(ratio), p.Y.Min
			}
		}
		if x <= x0 || y <= y0 {
			x, y, x0, y0 = p.X.Min, p.Y.Min, p.X.Min, p.Y.Min
		}
		out = append(out, [2]vg.Point{{X: trX(x0), Y: trY(y0)}, {X: trX(x), Y: trY(y)}})
	}
	return out
}

func (r ratioLines) along(c draw.Canvas, p *plot.Plot) (out []vg.Rectangle) {
	for _, l := range r.lines(c, p) {
		out = append(out, alongLine(l[0], l[1])...)
	}
	return out
}

// Plot implements plot.Plotter.
func (r ratioLines) Plot(c draw.Canvas, p *plot.Plot) {
	for i, l := range r.lines(c, p) {
		style := draw.LineStyle{Color: vermillion, Width: 1.3}
		if i > 0 {
			style = draw.LineStyle{Color: green, Width: 1.3, Dashes: []vg.Length{6, 3}}
		}
		c.StrokeLines(style, l[:])
	}
}

// placed gives name and box of each line.
func (r ratioLines) placed(c draw.Canvas, p *plot.Plot) (names []string, boxes []vg.Rectangle) {
	trX, trY := p.Transforms(&c)
	s := bold(typeStyle(smallSize+0.5, ink))
	for i, ratio := range r.ratios {
		name := "LTV/CAC " + words.Plain.Text(ratio)
		x, y, top := r.end(ratio, p)
		at := vg.Point{X: trX(x) + 4, Y: trY(y) - 0.5*s.Font.Size}
		if top {
			at = vg.Point{X: trX(x) - s.Width(name)/2, Y: c.Max.Y + 3}
			at.X = max(c.Min.X, at.X)
			if at.X < c.Min.X+r.above { // the name of the axis stands there
				at = vg.Point{X: trX(x) + 6, Y: c.Max.Y - s.Font.Size - 4}
			}
		}
		if at.Y < c.Min.Y || x <= p.X.Min {
			at, name = vg.Point{X: c.Max.X + 4, Y: c.Min.Y + vg.Length(i)*14}, ""
		}
		box := vg.Rectangle{Min: at, Max: vg.Point{X: at.X + s.Width(name), Y: at.Y + s.Font.Size}}
		if name != "" && touches(box, boxes, nil, 0) {
			name = ""
		}
		names, boxes = append(names, name), append(boxes, box)
	}
	return names, boxes
}

func (r ratioLines) boxes(c draw.Canvas, p *plot.Plot) []vg.Rectangle {
	_, boxes := r.placed(c, p)
	return boxes
}

func (r ratioLines) annotate(_, c draw.Canvas, p *plot.Plot) {
	names, boxes := r.placed(c, p)
	for i, name := range names {
		if name != "" {
			put(c, bold(typeStyle(smallSize+0.5, ink)), boxes[i].Min.X, boxes[i].Min.Y+2, name)
		}
	}
}
