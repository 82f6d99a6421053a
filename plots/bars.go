package plots

import (
	"cmp"
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
)

// Bars draws a picture.Bars.
type Bars picture.Bars

// Picture implements Drawing.
func (b Bars) Picture() (*Picture, error) {
	what := "bars " + b.Finding
	if len(b.Labels) == 0 {
		return nil, fmt.Errorf("plots: %s: no bars to draw", what)
	}
	if err := checkLines(what, len(b.Labels), b.Lines); err != nil {
		return nil, err
	}
	if len(b.Lines) > mostSeries {
		return b.cells(), nil
	}
	rows, value := len(b.Labels), words.Axis(b.ValueName)
	f := value.Format(b.Percent)
	yName := ""
	if b.Names != "" {
		yName = words.Capital(b.Names)
	}
	p := newRows(value.Text(b.Percent), yName, b.Labels)
	lo, hi := rangeOf(b.Lines)
	lo, hi = min(lo, b.Wanted, 0), max(hi, b.Wanted, 0)
	if lo == hi {
		hi = 1
	}
	// Numbers stand beyond the ends of the bars.
	room := b.room(f) * (hi - lo)
	p.X.Min, p.X.Max = lo, hi
	if lo < 0 {
		p.X.Min = lo - room
	}
	if hi > 0 {
		p.X.Max = hi + room
	}
	p.X.Tick.Marker = NiceTicks{Format: f, Want: 5, Width: min(0.7*pageWidth(), 0.94*pageWidth()-rowLabelWidth(b.Labels)),
		Size: tickSize}
	if b.Percent && hi <= 1 { // there is no 125% of runs
		p.X.Tick.Marker = upToAll{p.X.Tick.Marker}
	}
	each := barRowHeight*vg.Length(len(b.Lines)) + 5
	if isNarrow() {
		each = 1.5 * max(rowHeight, each) // the numbers at the ends are as high as their bars, and read as they are
	}
	_, high := folded(b.Labels)
	body := vg.Length(rows) * max(high, each)
	g := groupedBars{lines: b.Lines, rows: rows, texts: b.valueTexts(f), wanted: b.Wanted}
	p.top = 12
	if len(b.Lines) > 1 {
		key := keyRow{after: typeStyle(labelSize, nil).Width(p.yName)}
		if key.after > maxRowLabel() { // the key has the line below that name to itself
			key.after, key.below = 0, yNameHeight
		}
		for i, l := range b.Lines {
			key.names, key.colors = append(key.names, l.Name), append(key.colors, fillOf(l, i))
		}
		p.top = key.height()
		if yName == "" {
			p.top += yNameHeight // the key stands where the name would
		}
		p.label(key)
	}
	p.Add(g)
	p.label(g)
	page := &page{height: max(pageHeight(), rowsTop+body+p.top-12), title: b.title(), subtitle: b.Subtitle()}
	for _, l := range b.Lines {
		if !l.Exact() {
			page.notes = []string{"Lines at the ends of the bars: " + cmp.Or(b.Ends, "95% intervals of the mean") + "."}
		}
	}
	if b.Wanted != 0 {
		page.notes = append(page.notes, "Dashed line: "+picture.Bars(b).Goal()+".")
	}
	page.show(p)
	page.least = body + barsFrame + p.top
	page.axes[0].Unit = value.Unit(false)
	if b.Percent {
		page.axes[0].Unit = "%"
	}
	return newPicture(page, b.table()), nil
}

// upToAll leaves out ticks above 100%, which shares do not reach though their numbers need the room.
type upToAll struct{ plot.Ticker }

// Ticks implements plot.Ticker.
func (u upToAll) Ticks(lo, hi float64) []plot.Tick {
	return slices.DeleteFunc(slices.Clone(u.Ticker.Ticks(lo, hi)), func(t plot.Tick) bool { return t.Value > 1 })
}

// title is the finding, or what is drawn.
func (b Bars) title() string {
	if title := trimStop(b.Finding); title != "" {
		return title
	}
	name, _ := words.Axis(b.ValueName).Split()
	return strings.TrimSuffix(words.Capital(name)+" by "+words.Inside(b.Names), " by ")
}

// room is the share of the axis that the longest number takes, with what keeps it apart from
// the names.
func (b Bars) room(f words.Format) float64 {
	widest := vg.Length(0)
	style := bold(typeStyle(smallSize+1, nil))
	for _, texts := range b.valueTexts(f) {
		for _, text := range texts {
			widest = max(widest, style.Width(text))
		}
	}
	axis := 0.92*pageWidth() - rowLabelWidth(b.Labels)
	share := float64((widest + 18) / axis)
	return max(0.13, share/(1-2*share))
}

// cells are more bars a row than have colours: their numbers, in a table with shades.
func (b Bars) cells() *Picture {
	name, unit := words.Axis(b.ValueName).Split()
	if b.Percent {
		unit = "share"
	}
	h := Heat{Source: b.Source, Measure: words.Measure{Name: name, Unit: unit, Label: words.Capital(name)},
		RowsAre:    b.Names,
		ColumnsAre: "series", Rows: b.Labels, Missing: "not known", Finding: b.title()}
	for i := range b.Labels {
		var row []float64
		for _, l := range b.Lines {
			row = append(row, l.Points[i].Value)
		}
		h.Values = append(h.Values, row)
	}
	for _, l := range b.Lines {
		h.Columns = append(h.Columns, l.Name)
	}
	p := h.compose()
	p.table = b.table()
	return p
}

// table lists the bars.
func (b Bars) table() table {
	low, high := picture.EndColumns(b.Ends)
	t := newTable("name", "bar", "value", low, high)
	for i, name := range b.Labels {
		for _, l := range b.Lines {
			t.addPoint(l, i, name, l.Name)
		}
	}
	return t
}

// barsFrame is the height of names and ticks of the axes.
const barsFrame vg.Length = 62

// barRowHeight is the room of one bar of a row.
const barRowHeight vg.Length = 13

// groupedBars are the bars of a row over one another, with whiskers, and their
// numbers beyond them.
type groupedBars struct {
	lines []picture.Line
	rows  int
	texts [][]string // of the values, by line and row
	// wanted is the value of a dashed line behind the bars; 0: none.
	wanted float64
}

// thick is how thick a bar is.
func (g groupedBars) thick(trY func(float64) vg.Length) vg.Length {
	return min(26, 0.76*(trY(1)-trY(0))/vg.Length(len(g.lines)))
}

// middle is the height of a bar on the canvas.
func (g groupedBars) middle(trY func(float64) vg.Length, row, line int) vg.Length {
	n := vg.Length(len(g.lines))
	return trY(rowY(row, g.rows)) + g.thick(trY)*((n-1)/2-vg.Length(line))
}

// Plot implements plot.Plotter.
func (g groupedBars) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	if g.wanted != 0 {
		dashed := draw.LineStyle{Color: ink, Width: 0.9, Dashes: []vg.Length{4, 2}}
		c.StrokeLine2(dashed, trX(g.wanted), c.Min.Y, trX(g.wanted), c.Max.Y)
	}
	for k, l := range g.lines {
		low, high := l.Ends()
		for i, e := range l.Points {
			if math.IsNaN(e.Value) {
				continue
			}
			y, h := g.middle(trY, i, k), 0.5*g.thick(trY)-0.75
			c.FillPolygon(fillOf(l, k), []vg.Point{
				{X: trX(0), Y: y - h}, {X: trX(e.Value), Y: y - h}, {X: trX(e.Value), Y: y + h}, {X: trX(0), Y: y + h},
			})
			if trX(high[i])-trX(low[i]) > 1 {
				whisker := draw.LineStyle{Color: whiskerOn(fillOf(l, k)), Width: 1.1}
				// On a bar that is as light or as dark as the whisker; of a thin bar it leaves enough to be one bar still.
				halo := draw.LineStyle{Color: paper, Width: 1.1 + min(1.8, 0.2*h)}
				cap := min(4, h)
				for _, s := range []draw.LineStyle{halo, whisker} {
					c.StrokeLine2(s, trX(low[i]), y, trX(high[i]), y)
					for _, x := range []float64{low[i], high[i]} {
						c.StrokeLine2(s, trX(x), y-cap, trX(x), y+cap)
					}
				}
			}
		}
	}
	c.StrokeLine2(draw.LineStyle{Color: softInk, Width: thinLine}, trX(0), c.Min.Y, trX(0), c.Max.Y)
}

// fillOf is the fill of the bars of a line; where several pictures show the same, its colour is that of its lines.
func fillOf(l picture.Line, at int) color.Color {
	if l.Color > 0 {
		return seriesStyles[l.Place(at)%len(seriesStyles)].Color
	}
	return barFills[at%len(barFills)]
}

// whiskerOn is a colour that is seen on a fill and on paper.
func whiskerOn(fill color.Color) color.Color {
	if fill == color.Color(ink) {
		return greyLine
	}
	return ink
}

func (g groupedBars) annotate(_, c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	style := bold(typeStyle(min(smallSize+1, g.thick(trY)-1.5), ink))
	for k, l := range g.lines {
		low, high := l.Ends()
		for i, e := range l.Points {
			at, line, s := math.Max(high[i], 0), g.texts[k][i], style
			if math.IsNaN(e.Value) {
				at, s = 0, typeStyle(style.Font.Size, paleInk)
			}
			x := trX(at) + 5
			if e.Value < 0 {
				x = trX(low[i]) - 5 - s.Width(line)
			}
			y := g.middle(trY, i, k)
			hideBehind(c, s, x, y, line)
			putMiddle(c, s, x, y, line)
		}
	}
}

// valueTexts writes the values of all bars. Bars of different length never read alike: where two would, all have a
// digit more.
func (b Bars) valueTexts(f words.Format) [][]string {
	lines := b.Lines
	out, values, longest := make([][]string, len(lines)), map[string]float64{}, 0.0
	for _, l := range lines {
		for _, e := range l.Points {
			if words.Number(e.Value) {
				longest = max(longest, math.Abs(e.Value))
			}
		}
	}
	apart := math.Inf(1) // the least distance of bars that read alike and are not
	for k, l := range lines {
		low, high := l.Ends()
		for i, e := range l.Points {
			text := "not known"
			if !math.IsNaN(e.Value) {
				text = valueText(f, e.Value, low[i], high[i], b.Figures)
				if other, there := values[text]; there && math.Abs(e.Value-other) > seenLength*longest {
					apart = min(apart, math.Abs(e.Value-other))
				}
				values[text] = e.Value
			}
			out[k] = append(out[k], text)
		}
	}
	if math.IsInf(apart, 1) {
		if f == words.Percent && b.whole() {
			for _, texts := range out {
				for i, text := range texts {
					texts[i] = strings.Replace(text, ".0%", "%", 1)
				}
			}
		}
		return out
	}
	for k, l := range lines {
		for i, e := range l.Points {
			if words.Number(e.Value) {
				out[k][i] = f.Texts([]float64{e.Value}, words.Telling(10*apart))[0]
			}
		}
	}
	return out
}

// whole says whether all shares are whole percentages, as those of 100 runs are: their numbers have no decimals.
func (b Bars) whole() bool {
	for _, l := range b.Lines {
		for _, e := range l.Points {
			if p := 100 * e.Value; math.Abs(p-math.Round(p)) > 1e-9 {
				return false
			}
		}
	}
	return true
}

// seenLength is the share of the longest bar by which two others must differ for the eye to see it.
const seenLength = 0.003

// valueText writes a value with as many digits as its interval leaves known,
// but no more than three: the bar is there to be compared with others,
// and a share as the tables beside it do unless it is to have three figures, too.
func valueText(f words.Format, v, lo, hi float64, figures bool) string {
	if f == words.Percent && !figures {
		if lo == 0 { // a share that may be none: as its table has it
			return f.Within(v, lo, hi)
		}
		return strings.TrimPrefix(words.Signed(v), "+")
	}
	if !(lo < hi) {
		return f.Text(v)
	}
	third := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2) // place of the third digit; 0 of 0
	if f == words.Percent {
		// As a sentence has it: to the place of half the interval, and one decimal at least.
		known := min(math.Pow(10, math.Floor(math.Log10((hi-lo)/2))), 0.001)
		return f.Texts([]float64{v}, max(known, third))[0]
	}
	return f.Texts([]float64{v}, max(words.Telling(hi-lo), third))[0]
}
