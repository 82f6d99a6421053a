package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// A Panel is a page of small distributions, three in a row, each with axes of
// its own.
type Panel struct {
	picture.Source
	Outcomes []Distribution // their own Source is not shown
}

const (
	panelRowHeight  = 132
	panelHeadHeight = 38
	panelGap        = 26
)

// Picture implements Drawing.
func (p Panel) Picture() (*Picture, error) {
	if len(p.Outcomes) == 0 {
		return nil, errors.New("plots: a panel without outcomes")
	}
	rows := (len(p.Outcomes) + panelColumns() - 1) / panelColumns()
	cells := make([][]*cell, rows)
	for r := range cells {
		cells[r] = make([]*cell, panelColumns())
	}
	t := newTable("outcome", "unit", "item", "low", "high", "value")
	for i, d := range p.Outcomes {
		s := &d.Sample
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("plots: panel: %s: %w", d.Measure.Called(), err)
		}
		c := d.cell(s)
		cells[i/panelColumns()][i%panelColumns()] = c
		rows := d.table(s, c.bins)
		if s.n > 0 && d.isYesNo(s) {
			rows = d.yesNoTable(s)
		}
		for _, row := range rows[1:] {
			t = append(t, append([]string{d.Measure.Name, d.Measure.Unit}, row...))
		}
	}
	page := &page{
		title:    p.finding(),
		subtitle: p.Subtitle(),
		notes: []string{"Bars: how many runs ended where, each panel on axes of its own.",
			"Dark bars, between the dashed lines: the middle 90% of the runs. Solid line: the median."},
		body: func(c draw.Canvas) { drawCells(cells, c) },
	}
	_, high := cellHeads(cells)
	page.height = 104 + vg.Length(rows)*(panelRowHeight+panelGap/2+high-panelHeadHeight)
	for _, d := range p.Outcomes {
		page.axes = append(page.axes, Axis{Name: d.Measure.OnAxis(), Unit: words.UnitIn(d.Measure.OnAxis())})
	}
	return newPicture(page, t), nil
}

// A cell is one small distribution with its heading.
type cell struct {
	*panel
	name, numbers string
	bins          bins
}

// cellWidth is that of the plot of a small distribution, and a little of the gap beside it.
func cellWidth() vg.Length {
	gaps, over := panelGap*vg.Length(panelColumns()-1), vg.Length(panelGap/2)
	if isNarrow() {
		gaps, over = 2.5*panelGap, 4
	}
	return (pageWidth()-2*pageMargin()-gaps)/vg.Length(panelColumns()) + over
}

// A cellHead is what stands above a small distribution: its name with the unit, which is small where it must be so
// that both stand on one line, and the numbers.
type cellHead struct {
	name    []string
	unit    string
	numbers []string
}

const cellHeadLeading = 15

// cellHeads breaks what stands above the cells into lines, and says how much room the highest takes.
func cellHeads(cells [][]*cell) (map[*cell]cellHead, vg.Length) {
	heads, most := map[*cell]cellHead{}, 0
	name, small := bold(typeStyle(labelSize, ink)), typeStyle(smallSize+0.5, softInk)
	for _, c := range slices.Concat(cells...) {
		if c == nil {
			continue
		}
		h := cellHead{name: []string{c.name}, numbers: wrap(small, c.numbers, cellWidth(), 2)}
		if at := strings.LastIndex(c.name, " ("); at > 0 && name.Width(c.name) > cellWidth() {
			h.name, h.unit = []string{c.name[:at]}, c.name[at:]
		}
		if name.Width(h.name[0])+small.Width(h.unit) > cellWidth() {
			h.name, h.unit = wrap(name, c.name, cellWidth(), 2), ""
		}
		heads[c] = h
		most = max(most, len(h.name)+len(h.numbers))
	}
	return heads, panelHeadHeight + cellHeadLeading*vg.Length(most-2)
}

// draw writes the head above a plot, its last line next to it.
func (h cellHead) draw(at draw.Canvas, x, top vg.Length) {
	name, small := bold(typeStyle(labelSize, ink)), typeStyle(smallSize+0.5, softInk)
	y := top + panelHeadHeight - labelSize - cellHeadLeading
	for _, line := range slices.Backward(h.numbers) {
		put(at, small, x, y, line)
		y += cellHeadLeading
	}
	put(at, small, x+name.Width(h.name[len(h.name)-1]), y, h.unit)
	for _, line := range slices.Backward(h.name) {
		put(at, name, x, y, line)
		y += cellHeadLeading
	}
}

// drawCells lays the cells out in a grid with aligned plots.
func drawCells(cells [][]*cell, c draw.Canvas) {
	plots := make([][]*plot.Plot, len(cells))
	for r, row := range cells {
		plots[r] = make([]*plot.Plot, len(row))
		for k, cell := range row {
			if cell != nil {
				plots[r][k] = cell.Plot
			}
		}
	}
	heads, high := cellHeads(cells)
	tiles := draw.Tiles{
		Rows: len(cells), Cols: panelColumns(),
		PadX: panelGap, PadY: panelGap/2 + high, PadTop: high,
	}
	if isNarrow() {
		tiles.PadLeft, tiles.PadRight = panelGap, panelGap/2
	}
	canvases := plot.Align(plots, tiles, c)
	for r, row := range cells {
		for k, cell := range row {
			if cell == nil {
				continue
			}
			at := canvases[r][k]
			data := cell.DataCanvas(at)
			heads[cell].draw(at, data.Min.X, data.Max.Y)
			cell.drawPlot(at, data)
		}
	}
}

// cell composes the small picture of a distribution.
func (d Distribution) cell(s *Sample) *cell {
	p := newPanel("", "") // the heading and the notes name the axes
	p.X.Tick.Label.Font.Size = smallSize
	p.HideY()
	c := &cell{panel: p, name: d.Measure.OnAxis(), numbers: d.cellNumbers(s)}
	width := (pageWidth() - 2*pageMargin() - panelGap*vg.Length(panelColumns()-1)) / vg.Length(panelColumns())
	p.X.Tick.Marker = d.ticks(s, 4, 0.95*width, smallSize)
	switch {
	case s.n == 0:
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
		p.X.Tick.Marker = plot.ConstantTicks{}
		p.Add(baseLine{})
	case d.isYesNo(s):
		d.cellYesNo(p, s)
	case s.n < fewRuns:
		p.Add(d.addDots(p, s, 0.9*width, 2.5), baseLine{})
	case s.constant():
		d.aroundConstant(p, s)
		p.Y.Min, p.Y.Max = 0, 1
		p.Add(baseLine{}, plainMarks{{s.low, draw.LineStyle{Color: ink, Width: 1.2}}})
	default:
		c.bins = d.bars(p, s, mostInCell)
		dashed := draw.LineStyle{Color: ink, Width: 0.7, Dashes: []vg.Length{3, 2}}
		p.Add(plainMarks{{s.p5, dashed}, {s.p95, dashed}, {s.p50, draw.LineStyle{Color: ink, Width: 1.2}}})
	}
	return c
}

// cellYesNo draws the share of a yes as a bar with its interval.
func (d Distribution) cellYesNo(p *panel, s *Sample) {
	yes := s.yes()
	chance := analysis.Chance(yes, s.n)
	lo, hi := chance.Low, chance.High
	p.X.Min, p.X.Max = 0, math.Min(1, math.Max(0.05, 1.3*hi))
	p.X.Tick.Marker = NiceTicks{Format: words.Percent, Want: 3}
	p.Y.Min, p.Y.Max = -1, 1
	p.Add(verticalGrid(),
		&plotter.BarChart{Values: plotter.Values{s.mean}, Width: 26, Color: blueMid, Horizontal: true},
		&plotter.XErrorBars{
			XYs:       plotter.XYs{{X: s.mean, Y: 0}},
			XErrors:   plotter.XErrors{{Low: s.mean - lo, High: hi - s.mean}},
			LineStyle: draw.LineStyle{Color: ink, Width: 1.1}, CapWidth: 8,
		}, baseLine{})
}

// cellNumbers is the line under the name of a small distribution.
func (d Distribution) cellNumbers(s *Sample) string {
	f := d.Measure.Format()
	switch {
	case s.n == 0:
		if s.never > 0 && s.missing == 0 {
			return "never in " + everyRun(s.never)
		}
		return "no run has a value"
	case d.isYesNo(s):
		yes := s.yes()
		chance := analysis.Chance(yes, s.n)
		a, b := words.Percent.Pair(chance.Low, chance.High)
		return fmt.Sprintf("%s of runs, interval %s to %s", words.Percent.Text(s.mean), a, b)
	case s.constant():
		return f.Text(s.low) + d.Measure.Suffix() + " in " + everyRun(s.n)
	case s.n < fewRuns:
		a, b := f.Pair(s.low, s.high)
		return fmt.Sprintf("%s: %s to %s", words.Counted(s.n, "run"), a, b)
	}
	numbers := fmt.Sprintf("%s in at least 9 of 10 runs", f.Text(s.p5))
	if s.p5 != s.p95 {
		texts := f.Texts([]float64{s.p5, s.p50, s.p95}, words.Telling(s.reach()))
		numbers = fmt.Sprintf("median %s, 90%% %s to %s", texts[1], texts[0], texts[2])
		if s.partial() {
			numbers = fmt.Sprintf("90%% %s to %s", texts[0], texts[2])
		}
	}
	if s.missing > 0 {
		numbers += fmt.Sprintf(", %s missing", wholeNumber(s.missing))
	}
	if s.never > 0 {
		numbers += fmt.Sprintf(", %s never", wholeNumber(s.never))
	}
	return numbers
}

// plainMarks are vertical lines through the data, without names.
type plainMarks []struct {
	x     float64
	style draw.LineStyle
}

// Plot implements plot.Plotter.
func (ms plainMarks) Plot(c draw.Canvas, p *plot.Plot) {
	trX, _ := p.Transforms(&c)
	for _, m := range ms {
		if !math.IsInf(m.x, 0) { // never is on no axis
			c.StrokeLine2(m.style, trX(m.x), c.Min.Y, trX(m.x), c.Max.Y)
		}
	}
}

// told are the outcomes that the title tells first, if the page has them.
var told = []string{"live_customers", "revenue", "cash_end"}

// finding tells a few outcomes in one sentence.
func (p Panel) finding() string {
	var order []int
	for _, name := range told {
		if i := slices.IndexFunc(p.Outcomes, func(d Distribution) bool { return d.Measure.Name == name }); i >= 0 {
			order = append(order, i)
		}
	}
	for i := range p.Outcomes {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	var parts []string
	for _, i := range order {
		d, s := p.Outcomes[i], &p.Outcomes[i].Sample
		if s.n < fewRuns || s.p5 == s.p95 || d.Measure.Unit == "chance" || len(parts) == 3 {
			continue
		}
		a, b := d.Measure.Format().Pair(s.p5, s.p95)
		parts = append(parts, fmt.Sprintf("%s %s to %s%s", words.Inside(d.Measure.Called()), a, b, d.Measure.Suffix()))
	}
	if len(parts) == 0 {
		return fmt.Sprintf("%s over %s", words.Counted(len(p.Outcomes), "outcome"), words.Counted(p.Replications, "run"))
	}
	return "In 9 of 10 runs: " + strings.Join(parts, "; ")
}
