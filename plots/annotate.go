package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Annotations of lines and bands: names at their ends and above the data.

// An endLabel names a line or a band at its right end.
type endLabel struct {
	y     float64 // where it ends
	lines []string
	heads int // how many of the lines are its name, 0 for one
	key   keyKind
	line  draw.LineStyle // of a line's sample; its colour is also a band's
}

type keyKind int

const (
	lineKey keyKind = iota
	bandKey
)

// endLabels stand to the right of the data, spread so that they do not touch,
// with a thin leader from the data to each that had to move.
type endLabels struct {
	x      float64 // where the lines end
	labels []endLabel
}

const (
	leaderRoom = 16
	keyWidth   = 14
	keyGap     = 5
	lineHeight = 1.18 // of a label's size
)

// endRoom folds the names of labels that are too wide, and gives the width that all need beside the data.
func endRoom(labels []endLabel) vg.Length {
	const beside = leaderRoom + keyWidth + keyGap + 1
	widest := vg.Length(0)
	for k := range labels {
		l := &labels[k]
		l.heads = max(l.heads, 1)
		if l.heads == 1 {
			lines := wrap(endStyle(true), l.lines[0], maxEndRoom()-beside, 3)
			l.heads = len(lines)
			for _, line := range l.lines[1:] {
				lines = append(lines, wrap(endStyle(false), line, maxEndRoom()-beside, 2)...)
			}
			l.lines = lines
		}
		for i, line := range l.lines {
			widest = max(widest, endStyle(i < l.heads).Width(line))
		}
	}
	return min(beside+widest, maxEndRoom())
}

// maxEndRoom keeps long names from eating the picture.
func maxEndRoom() vg.Length { return 0.32 * pageWidth() }

// endStyle is that of a name at an end, or of what stands below it.
func endStyle(name bool) text.Style {
	if name {
		return bold(typeStyle(smallSize+1, ink))
	}
	return typeStyle(smallSize, softInk)
}

func (e endLabels) annotate(area, c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	const size = smallSize + 1
	want := make([]vg.Length, len(e.labels))
	height := make([]vg.Length, len(e.labels))
	for i, l := range e.labels {
		want[i] = trY(l.y)
		height[i] = size * lineHeight * vg.Length(len(l.lines))
	}
	at := spread(want, height, 3, c.Min.Y-size/2, c.Max.Y+size/2)
	from := trX(e.x) + 3
	left := c.Max.X + leaderRoom
	for i, l := range e.labels {
		first := at[i] + height[i]/2 - size*lineHeight/2 // middle of the first line
		target := first
		c.StrokeLines(draw.LineStyle{Color: greyLine, Width: 0.6}, []vg.Point{
			{X: from, Y: want[i]}, {X: left - 8, Y: target}, {X: left - 2, Y: target},
		})
		if l.key == bandKey {
			c.FillPolygon(l.line.Color, []vg.Point{
				{X: left, Y: target - 4}, {X: left + keyWidth, Y: target - 4},
				{X: left + keyWidth, Y: target + 4}, {X: left, Y: target + 4},
			})
		} else {
			c.StrokeLine2(l.line, left, target, left+keyWidth, target)
		}
		x := left + keyWidth + keyGap
		for k, line := range l.lines {
			s := endStyle(k < max(1, l.heads))
			putMiddle(c, s, x, first-vg.Length(k)*size*lineHeight, elide(s, line, area.Max.X-x))
		}
	}
}

// A topMark is a vertical line through the data with its name above.
type topMark struct {
	x     float64
	lines []string
	style draw.LineStyle
}

// topMarks are named in a strip above the data, each name as near to its line
// as the others allow.
type topMarks []topMark

const topMarkSize = smallSize + 0.5

// topMarkHeight is the room that the strip needs.
func (ms topMarks) height() vg.Length {
	lines := 0
	for _, m := range ms {
		lines = max(lines, len(m.lines))
	}
	if lines == 0 {
		return 0
	}
	return topMarkSize*lineHeight*vg.Length(lines) + 14
}

func topMarkStyle(line int) text.Style {
	s := typeStyle(topMarkSize, softInk)
	if line > 0 {
		s = bold(typeStyle(topMarkSize, ink))
	}
	s.XAlign = draw.XCenter
	return s
}

func (ms topMarks) annotate(area, c draw.Canvas, p *plot.Plot) {
	trX, _ := p.Transforms(&c)
	want := make([]vg.Length, len(ms))
	width := make([]vg.Length, len(ms))
	for i, m := range ms {
		want[i] = trX(m.x)
		for k, line := range m.lines {
			width[i] = max(width[i], topMarkStyle(k).Width(line))
		}
	}
	at := spread(want, width, 12, area.Min.X, area.Max.X)
	for i, m := range ms {
		c.StrokeLine2(m.style, want[i], c.Min.Y, want[i], c.Max.Y+2)
		c.StrokeLines(draw.LineStyle{Color: greyLine, Width: 0.6}, []vg.Point{
			{X: want[i], Y: c.Max.Y + 2}, {X: at[i], Y: c.Max.Y + 9}, {X: at[i], Y: c.Max.Y + 11},
		})
		for k, line := range m.lines {
			n := vg.Length(len(m.lines) - 1 - k)
			put(c, topMarkStyle(k), at[i], c.Max.Y+14+n*topMarkSize*lineHeight, line)
		}
	}
}

// A keyRow is a row of swatches with names above the data, for parts of stacked
// bars, which have no room for names of their own.
type keyRow struct {
	names  []string
	colors []color.Color
	after  vg.Length // the length of the name of the axis
	beside vg.Length // what a column takes on the right
	below  vg.Length // how far it stands under the name of the axis, beside which there is no room
}

const keyRowHeight = 15

// places gives the places of the swatches: as many in a line as it holds. The
// first line stands level with the name of the axis.
func (k keyRow) places(left, right vg.Length) (at []vg.Point, lines int) {
	s := typeStyle(smallSize+0.5, softInk)
	x, y := left, vg.Length(0)
	for i, name := range k.names {
		width := 15 + s.Width(name)
		if i > 0 && x+width > right {
			x, y = left, y-keyRowHeight
		}
		at = append(at, vg.Point{X: x, Y: y})
		x += width + 14
	}
	return at, 1 - int(y/keyRowHeight)
}

// height is the room above the data that the key needs, at most.
func (k keyRow) height() vg.Length {
	_, lines := k.places(0.26*pageWidth(), pageWidth()-2*pageMargin()-k.beside)
	return 12 + k.below + keyRowHeight*vg.Length(lines-1)
}

func (k keyRow) annotate(area, data draw.Canvas, _ *plot.Plot) {
	s := typeStyle(smallSize+0.5, softInk)
	// Right of the name of the axis, and over the bars if they start there.
	left := max(data.Min.X, area.Min.X+max(46, k.after)+18)
	places, _ := k.places(left, area.Max.X-k.beside)
	for i, at := range places {
		x, y := at.X, at.Y+area.Max.Y-0.4*labelSize-k.below
		area.FillPolygon(k.colors[i], []vg.Point{
			{X: x, Y: y - 4}, {X: x + 11, Y: y - 4}, {X: x + 11, Y: y + 4}, {X: x, Y: y + 4},
		})
		putMiddle(area, s, x+15, y, elide(s, k.names[i], area.Max.X-k.beside-x-15))
	}
}
