package plots

import (
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

// Response draws a picture.Response.
type Response picture.Response

// Picture implements Drawing.
func (r Response) Picture() (*Picture, error) {
	n := len(r.Spend)
	what := "response of " + r.Channel
	if n < 2 {
		return nil, fmt.Errorf("plots: %s: two levels of spend are needed at least", what)
	}
	if err := checkLines(what, n, []picture.Line{{Name: "won", Points: r.Won}}); err != nil {
		return nil, err
	}
	if err := checkLines(what, n-1, []picture.Line{{Name: "marginal cost", Points: r.Marginal}}); err != nil {
		return nil, err
	}
	if !slices.IsSorted(r.Spend) || len(slices.Compact(slices.Clone(r.Spend))) < n {
		return nil, fmt.Errorf("plots: %s: levels of spend must ascend", what)
	}
	xName := r.In("Weekly spend (USD per week)")
	upper := newLines(xName, "Customers won, all channels (customers per week)", words.Count, r.Spend,
		[]picture.Line{{Name: "Customers won", Points: r.Won}}, false, true)
	lo, hi := rangeOf([]picture.Line{{Points: r.Won}})
	upper.Y.Min, upper.Y.Max = valueRange(lo, hi, true)
	lower, above := r.marginal(xName)
	for _, p := range []*panel{upper, lower} {
		p.X.Min, p.X.Max = math.Min(0, r.Spend[0])-0.025*r.Spend[n-1], r.Spend[n-1]*1.03
		p.X.Tick.Marker = NiceTicks{Format: r.Money(), Want: 6, Width: 0.7 * pageWidth(), Size: tickSize}
		if !math.IsNaN(r.Now) {
			p.Add(plainMarks{{r.Now, draw.LineStyle{Color: softInk, Width: 0.9, Dashes: []vg.Length{2, 2}}}})
		}
	}
	if !math.IsNaN(r.Now) {
		now := topMarks{{x: r.Now, lines: []string{"now " + r.Money().Text(r.Now)},
			style: draw.LineStyle{Color: softInk, Width: 0.9, Dashes: []vg.Length{2, 2}}}}
		upper.top = now.height()
		upper.label(now)
	}
	page := &page{title: r.finding(), subtitle: r.Subtitle(), notes: []string{"Bars: 95% intervals. Lower: what more " +
		"is spent on winning customers over what more are won, level by level, on the same random numbers."}}
	if above > 0 {
		page.notes = append(page.notes, fmt.Sprintf("%s above the axis: arrows.", words.Counted(above, "step")))
	}
	page.show(upper, lower)
	return newPicture(page, r.table()), nil
}

// table lists the levels, each with what one more customer costs from there to the next.
func (r Response) table() table {
	t := newTable("spend", "spend_middle", "spend_to", "worth", "won", "won_low95", "won_high95", "marginal_cac",
		"marginal_low95", "marginal_high95")
	for i, s := range r.Spend {
		m, middle, to := analysis.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}, math.NaN(), math.NaN()
		if i < len(r.Marginal) {
			m, middle, to = r.Marginal[i], (s+r.Spend[i+1])/2, r.Spend[i+1]
		}
		t.addEstimate(m, s, middle, to, r.Worth, r.Won[i].Value, finite(r.Won[i].Low), finite(r.Won[i].High))
	}
	return t
}

// marginal draws the cost of the next customer as steps, and says how many do
// not fit.
func (r Response) marginal(xName string) (*panel, int) {
	p := newPanel(xName, r.In("Marginal CAC (USD per customer)"))
	var values []float64
	for _, e := range r.Marginal {
		if e.Value > 0 {
			values = append(values, e.Value)
		}
	}
	slices.Sort(values)
	top := 1.0
	if len(values) > 0 {
		top = math.Min(values[len(values)-1]*1.1, 3*analysis.Quantile(values, 0.5))
		if r.Worth > 0 {
			top = math.Max(top, 1.2*r.Worth)
		}
	}
	p.Y.Min, p.Y.Max = 0, top
	p.Y.Tick.Marker = NiceTicks{Format: r.Money(), Want: 4}
	p.Add(horizontalGrid())
	steps := costSteps{r.Spend, r.Marginal}
	p.Add(steps)
	above := 0
	for _, e := range r.Marginal {
		if e.Value > top {
			above++
		}
	}
	var labels []endLabel
	if r.Worth > 0 {
		style := draw.LineStyle{Color: green, Width: 1.4, Dashes: []vg.Length{6, 3}}
		p.Add(levelLine{r.Worth, style})
		labels = append(labels, endLabel{y: r.Worth, lines: []string{"Worth (LTV) " + r.Money().Text(r.Worth)}, line: style})
	}
	if n := len(r.Marginal); r.Marginal[n-1].Value > 0 {
		labels = append(labels, endLabel{y: math.Min(top, r.Marginal[n-1].Value),
			lines: []string{"Next customer", r.Money().Text(r.Marginal[n-1].Value)}, line: stepLine})
	}
	p.right = endRoom(labels)
	p.label(endLabels{x: r.Spend[len(r.Spend)-1], labels: labels})
	return p, above
}

var stepLine = draw.LineStyle{Color: vermillion, Width: thickLine}

// finding says where one more customer begins to cost more than it is worth.
func (r Response) finding() string {
	cost := func(i int) string { return r.Money().Text(r.Marginal[i].Value) }
	first, end := -1, -1
	above := -1
	for i, e := range r.Marginal {
		if !(e.Value > 0) {
			continue
		}
		if first < 0 {
			first = i
		}
		end = i
		if above < 0 && r.Worth > 0 && e.Value > r.Worth {
			above = i
		}
	}
	name := words.Capital(r.Channel)
	if first < 0 {
		return name + ": more spend wins no more customers"
	}
	title := fmt.Sprintf("%s: the next customer costs %s at first", name, cost(first))
	if end > first {
		title += fmt.Sprintf(" and %s at the end", cost(end))
	}
	switch {
	case above >= 0:
		title += fmt.Sprintf("; above %s per week more than it is worth (%s)", words.Short(r.Money(), r.Spend[above]),
			r.Money().Text(r.Worth))
	case r.Worth > 0:
		title += fmt.Sprintf(", less than it is worth (%s)", r.Money().Text(r.Worth))
	}
	return title
}

// finite makes an open end missing.
func finite(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// costSteps are the costs between levels, as a step each.
type costSteps struct {
	spend []float64
	cost  []analysis.Estimate
}

// Plot implements plot.Plotter.
func (s costSteps) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for i, e := range s.cost {
		if !(e.Value > 0) {
			continue
		}
		x0, x1 := trX(s.spend[i]), trX(s.spend[i+1])
		middle := (x0 + x1) / 2
		if e.Value > p.Y.Max { // an arrow says that it goes on
			y := c.Max.Y
			c.StrokeLine2(stepLine, middle, y-14, middle, y-2)
			c.StrokeLines(stepLine, []vg.Point{{X: middle - 4, Y: y - 7}, {X: middle, Y: y - 1}, {X: middle + 4, Y: y - 7}})
			continue
		}
		c.StrokeLine2(stepLine, x0, trY(e.Value), x1, trY(e.Value))
		low, high := picture.Line{Points: []analysis.Estimate{e}}.Ends()
		c.StrokeLine2(draw.LineStyle{Color: vermillion, Width: 1.1}, middle, trY(math.Max(low[0], 0)), middle,
			trY(math.Min(high[0], p.Y.Max)))
	}
}

// levelLine is a horizontal line.
type levelLine struct {
	y     float64
	style draw.LineStyle
}

// Plot implements plot.Plotter.
func (l levelLine) Plot(c draw.Canvas, p *plot.Plot) {
	if l.y < p.Y.Min || l.y > p.Y.Max {
		return
	}
	_, trY := p.Transforms(&c)
	c.StrokeLine2(l.style, c.Min.X, trY(l.y), c.Max.X, trY(l.y))
}
