package plots

import (
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Pictures of horizontal bars, one row a name: the first row on top.

const (
	rowHeight vg.Length = 17  // at least, with a row of text
	rowsTop   vg.Length = 130 // of the page, for everything but rows
)

func maxRowLabel() vg.Length { return 0.36 * pageWidth() }

// mostRowLines is on how many lines the name of a row stands, at most.
const mostRowLines = 4

// folded are the names of rows as they are written, each on as many lines as it needs, and how high a row is for them.
func folded(names []string) (out []string, height vg.Length) {
	style := typeStyle(tickSize, nil)
	most := 1
	for _, name := range names {
		lines := linesOfName(style, name, maxRowLabel())
		most = max(most, len(lines))
		out = append(out, strings.Join(lines, "\n"))
	}
	return out, max(rowHeight, 1.2*tickSize*vg.Length(most)+3)
}

// rowsPage is the height of a page with rows of such names.
func rowsPage(names []string) vg.Length {
	_, height := folded(names)
	return max(pageHeight(), rowsTop+height*vg.Length(len(names)))
}

// barWidth is the thickness of a row's bar on a page of that height.
func barWidth(height vg.Length, rows int) vg.Length {
	return min(30, 0.64*(height-rowsTop)/vg.Length(rows))
}

// newRows makes a panel whose vertical axis carries names, first on top. Row i
// stands at rowY(i).
func newRows(xName, yName string, names []string) *panel {
	p := newPanel(xName, yName)
	p.names = true
	ticks := make(plot.ConstantTicks, len(names))
	labels, _ := folded(names)
	for i, label := range labels {
		ticks[i] = plot.Tick{Value: rowY(i, len(names)), Label: label}
	}
	p.Y.Tick.Marker = ticks
	p.Y.Tick.Label.Color = ink
	p.Y.Min, p.Y.Max = -0.6, float64(len(names))-0.4
	p.Add(verticalGrid())
	return p
}

// rowLabelWidth is the room that names take.
func rowLabelWidth(names []string) (most vg.Length) {
	style := typeStyle(tickSize, nil)
	labels, _ := folded(names)
	for _, label := range labels {
		for line := range strings.SplitSeq(label, "\n") {
			most = max(most, style.Width(line))
		}
	}
	return most
}

// linesOfName breaks a name that is wider than a line behind spaces, dots, hyphens and such: what tells two keys apart
// is often their last word. What has no room in so many lines is elided.
func linesOfName(s text.Style, name string, width vg.Length) []string {
	if s.Width(name) <= width {
		return []string{name}
	}
	var lines []string
	rest := name
	for rest != "" && len(lines) < mostRowLines-1 {
		end := 0
		for i, r := range rest {
			if strings.ContainsRune(" ._-/=", r) && i+1 < len(rest) && (end == 0 || s.Width(rest[:i+1]) <= width) {
				end = i + 1
			}
		}
		if end == 0 || s.Width(rest) <= width {
			break
		}
		lines, rest = append(lines, strings.TrimRight(rest[:end], " ")), rest[end:]
	}
	lines = append(lines, rest)
	for i := range lines {
		lines[i] = elide(s, lines[i], width)
	}
	return lines
}

func rowY(i, rows int) float64 { return float64(rows - 1 - i) }

// A rowText is a piece of text in a row, at the end of its bar or in a column.
type rowText struct {
	row   int
	x     float64 // where the bar ends, for text at its end
	text  string
	heavy bool
}

// barEnds writes texts just after the ends of bars.
type barEnds struct {
	rows  int
	texts []rowText
}

func (b barEnds) annotate(_, c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for _, t := range b.texts {
		s := typeStyle(smallSize+0.5, softInk)
		if t.heavy {
			s = bold(typeStyle(smallSize+1, ink))
		}
		x, y := trX(t.x)+6, trY(rowY(t.row, b.rows))
		hideBehind(c, s, x, y, t.text)
		putMiddle(c, s, x, y, t.text)
	}
}

// A textColumn is a column of text right of the bars, with a head of a line or two.
type textColumn struct {
	rows  int
	right vg.Length // its right edge, from the right edge of the panel
	head  []string
	texts []rowText
}

func (t textColumn) annotate(area, c draw.Canvas, p *plot.Plot) {
	_, trY := p.Transforms(&c)
	x := area.Max.X - t.right
	head := typeStyle(smallSize, softInk)
	head.XAlign = draw.XRight
	for i, line := range t.head {
		put(c, head, x, c.Max.Y+8+vg.Length(len(t.head)-1-i)*smallSize*1.2, line)
	}
	for _, cell := range t.texts {
		s := typeStyle(labelSize, ink)
		if cell.heavy {
			s = bold(s)
		}
		s.XAlign = draw.XRight
		putMiddle(c, s, x, trY(rowY(cell.row, t.rows)), cell.text)
	}
}
