package plots

import (
	"errors"
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
	"windfall/sim/store"
)

// Heat draws a picture.Heat.
type Heat picture.Heat

// The steps of the scale: one hue, evenly darker, so that a grey print is as
// good.
var heatSteps = []color.NRGBA{rgb(0xEFF5FA), rgb(0xCFE2F0), rgb(0xA6CAE3), rgb(0x73ABD1), rgb(0x3D86BA),
	rgb(0x10639B), rgb(0x063F6B)}

// darkFrom is the step from which letters are white.
const darkFrom = 4

// Picture implements Drawing.
func (h Heat) Picture() (*Picture, error) {
	if len(h.Rows) == 0 || len(h.Columns) == 0 {
		return nil, errors.New("plots: a heat map without cells")
	}
	if len(h.Values) != len(h.Rows) {
		return nil, fmt.Errorf("plots: heat map: %s for %s", words.Counted(len(h.Values), "line"),
			words.Counted(len(h.Rows), "row"))
	}
	if h.Weights != nil && (len(h.Weights) != len(h.Rows) || len(h.Weights[0]) != len(h.Columns)) {
		return nil, errors.New("plots: heat map: the weights have another shape than the numbers")
	}
	for i, row := range h.Values {
		if len(row) != len(h.Columns) {
			return nil, fmt.Errorf("plots: heat map: %s has %s for %s", h.Rows[i], words.Counted(len(row), "number"),
				words.Counted(len(h.Columns), "column"))
		}
		for k, v := range row {
			if math.IsInf(v, 0) {
				return nil, fmt.Errorf("plots: heat map: %s, %s is infinite", h.Rows[i], h.Columns[k])
			}
		}
	}
	return h.compose(), nil
}

// compose makes the picture of cells that have been checked.
func (h Heat) compose() *Picture {
	p := newRows(words.Capital(h.ColumnsAre), words.Capital(h.RowsAre), h.Rows)
	p.X.Min, p.X.Max = -0.5, float64(len(h.Columns))-0.5
	p.Y.Min, p.Y.Max = -0.5, float64(len(h.Rows))-0.5
	style := typeStyle(tickSize, nil)
	width := (0.96*pageWidth() - rowLabelWidth(h.Rows)) / vg.Length(len(h.Columns))
	var ticks plot.ConstantTicks
	for k, name := range h.Columns {
		lines := wrap(style, name, width-6, 3)
		if slices.Contains(lines, "…") {
			lines = nil // they say nothing
		}
		ticks = append(ticks, plot.Tick{Value: float64(k), Label: strings.Join(lines, "\n")})
	}
	p.X.Tick.Marker = ticks
	p.X.Tick.Length, p.X.LineStyle.Width = 0, 0
	p.Add(h)
	key, cell := heatKey{h}, width
	p.label(key)
	// The name of the rows ends before the key begins.
	width = pageWidth() - 2*pageMargin()
	p.yName = elide(typeStyle(labelSize, nil), p.yName, width-bold(typeStyle(labelSize, ink)).Width(key.text(width))-18)
	p.top = 6
	page := &page{height: max(pageHeight(), rowsTop+20*vg.Length(len(h.Rows))), title: h.finding(), subtitle: h.Subtitle()}
	page.notes = []string{"The darker, the larger; steps hold about equally many cells."}
	if small := typeStyle(noteSize, nil); isNarrow() && slices.ContainsFunc(h.Values, func(row []float64) bool {
		return slices.ContainsFunc(row, func(v float64) bool { return small.Width("("+h.text(v)+")") > cell-2 })
	}) {
		page.notes = append(page.notes, "Cells that are too narrow for their number have a shade alone.")
	}
	if len(h.named()) > 0 {
		page.notes = append(page.notes, "Framed: the cells of the title.")
	}
	if h.LowDark {
		page.notes[0] = "The darker, the lower; steps hold about equally many cells."
	}
	if h.Missing != "" && slices.ContainsFunc(h.Values, func(row []float64) bool {
		return slices.ContainsFunc(row,
			math.IsNaN)
	}) {
		page.notes = append(page.notes, "–: "+h.Missing+".")
	}
	if h.anyFew() {
		page.notes = append(page.notes,
			"In brackets: cells with less than 1% of the customers won, which the title leaves out.")
	}
	page.show(p)
	page.axes[0].Names = true
	page.axes = append(page.axes, Axis{Name: h.Measure.OnAxis(), Unit: h.Measure.UnitWords()})
	t := newTable(store.Column(h.RowsAre), store.Column(h.ColumnsAre), store.Column(h.Measure.Name))
	for i, row := range h.Rows {
		for k, column := range h.Columns {
			t.add(row, column, h.Values[i][k])
		}
	}
	return newPicture(page, t)
}

// cuts are the numbers at which the scale takes its steps: quantiles, since a
// few cells far from the others would leave these all alike.
func (h Heat) cuts() []float64 {
	var all []float64
	for _, row := range h.Values {
		for _, v := range row {
			if !math.IsNaN(v) {
				all = append(all, v)
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	var cuts []float64
	for i := 1; i < len(heatSteps) && len(all) > 0; i++ {
		cuts = append(cuts, all[min(len(all)-1, i*len(all)/len(heatSteps))])
	}
	return cuts
}

// step is the step of the scale for a number.
func step(cuts []float64, v float64) int {
	n := 0
	for n < len(cuts) && v >= cuts[n] {
		n++
	}
	return n
}

// text writes the number of a cell; ratios with as many decimals as those beside
// them.
func (h Heat) text(v float64) string {
	_, most := extent(h.Values...)
	if h.Measure.Format() != words.Plain || most >= 100 {
		return h.Measure.Format().Text(v)
	}
	place := 0.01
	if most >= 10 {
		place = 0.1
	}
	return words.Plain.Texts([]float64{v}, place)[0]
}

// Plot implements plot.Plotter.
func (h Heat) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	c.FillPolygon(paper, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}}) // over the grid
	cuts, framed := h.cuts(), h.named()
	room := trX(1) - trX(0)
	for i, row := range h.Values {
		y0, y1 := trY(rowY(i, len(h.Rows))-0.5)+0.75, trY(rowY(i, len(h.Rows))+0.5)-0.75
		for k, v := range row {
			x0, x1 := trX(float64(k)-0.5)+0.75, trX(float64(k)+0.5)-0.75
			fill, s, text := paper, typeStyle(labelSize, paleInk), "–"
			if !math.IsNaN(v) {
				n := step(cuts, v)
				if h.LowDark {
					n = len(heatSteps) - 1 - n
				}
				fill, s.Color, text = heatSteps[n], ink, h.text(v)
				if h.few(i, k) {
					text = "(" + text + ")"
				}
				if n >= darkFrom {
					s.Color = paper
				}
			}
			c.FillPolygon(fill, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
			if slices.Contains(framed, [2]int{i, k}) {
				c.StrokeLines(heatFrame, []vg.Point{{X: x0 + 1, Y: y0 + 1}, {X: x1 - 1, Y: y0 + 1}, {X: x1 - 1, Y: y1 - 1},
					{X: x0 + 1, Y: y1 - 1}, {X: x0 + 1, Y: y0 + 1}})
			}
			for s.Font.Size > leastCell() && s.Width(text) > room-5 {
				s.Font.Size -= 0.5
			}
			s.XAlign = draw.XCenter
			if s.Width(text) <= room-2 {
				putMiddle(c, s, (x0+x1)/2, (y0+y1)/2, text)
			}
		}
	}
}

// leastCell is the size of the smallest letters in a cell. Where larger ones have no room the cell has a shade alone.
func leastCell() vg.Length {
	if isNarrow() {
		return noteSize
	}
	return 5
}

// heatKey names what the numbers in the cells are.
type heatKey struct{ Heat }

func (k heatKey) annotate(area, data draw.Canvas, _ *plot.Plot) {
	s := bold(typeStyle(labelSize, ink))
	s.XAlign = draw.XRight
	put(area, s, area.Max.X, area.Max.Y-0.76*labelSize, k.text(area.Max.X-area.Min.X))
}

// text is the key on a page so wide.
func (k heatKey) text(width vg.Length) string {
	return elide(bold(typeStyle(labelSize, ink)), "In the cells: "+k.Measure.OnAxis(), 0.7*width)
}

// heatFrame stands around the cells of which the title speaks.
var heatFrame = draw.LineStyle{Color: vermillion, Width: 2}

// named are the cells of which the title speaks.
func (h Heat) named() [][2]int {
	if h.Finding != "" {
		return h.Named
	}
	if lo, hi := h.ends(); lo[0] >= 0 {
		return [][2]int{lo, hi}
	}
	return nil
}

// few says whether so few customers stand behind a cell that the title leaves it out.
func (h Heat) few(i, k int) bool {
	if h.Weights == nil {
		return false
	}
	all := 0.0
	for _, row := range h.Weights {
		for _, w := range row {
			all += w
		}
	}
	return h.Weights[i][k] < fewCustomers*all
}

// anyFew says whether the title leaves out a cell that has a number.
func (h Heat) anyFew() bool {
	for i, row := range h.Values {
		for k, v := range row {
			if !math.IsNaN(v) && h.few(i, k) {
				return true
			}
		}
	}
	return false
}

// ends are the smallest and the largest cell behind which there is enough; -1: there is none.
func (h Heat) ends() (lo, hi [2]int) {
	lo, hi = [2]int{-1, -1}, [2]int{-1, -1}
	for i, row := range h.Values {
		for k, v := range row {
			if math.IsNaN(v) || h.few(i, k) {
				continue
			}
			if lo[0] < 0 || v < h.Values[lo[0]][lo[1]] {
				lo = [2]int{i, k}
			}
			if hi[0] < 0 || v > h.Values[hi[0]][hi[1]] {
				hi = [2]int{i, k}
			}
		}
	}
	return lo, hi
}

// finding names the largest and the smallest cell, unless there is one.
func (h Heat) finding() string {
	if h.Finding != "" {
		return h.Finding
	}
	lo, hi := h.ends()
	if lo[0] < 0 {
		return h.Measure.Called() + ": no cell has a value"
	}
	rows := ""
	if h.RowsNamed {
		rows = h.RowsAre + " "
	}
	cell := func(at [2]int) string {
		return fmt.Sprintf("%s%s, %s %s (%s)", rows, h.Rows[at[0]], h.ColumnsAre, h.Columns[at[1]],
			h.text(h.Values[at[0]][at[1]]))
	}
	return fmt.Sprintf("%s: highest for %s, lowest for %s", h.Measure.Called(), cell(hi), cell(lo))
}
