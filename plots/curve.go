package plots

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Curve draws a picture.Curve.
type Curve picture.Curve

// Picture implements Drawing.
func (c Curve) Picture() (*Picture, error) {
	what := "curve " + c.Finding
	if len(c.X) < 2 {
		return nil, fmt.Errorf("plots: %s: two positions are needed at least", what)
	}
	if err := checkLines(what, len(c.X), c.Lines); err != nil {
		return nil, err
	}
	for i, x := range c.X {
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0) || i > 0 && x <= c.X[i-1]:
			return nil, fmt.Errorf("plots: %s: positions must ascend", what)
		case c.Log && x <= 0:
			return nil, fmt.Errorf("plots: %s: a logarithmic axis has no place for %v", what, x)
		}
	}
	if len(c.Ticks) > 0 && len(c.Ticks) != len(c.X) {
		return nil, errors.New("plots: " + what + ": each position needs a name, or none")
	}
	if !c.Start.IsZero() {
		return calendarLines{start: c.Start, atWeekEnd: c.AtWeekEnd, spans: c.Spans, percent: c.Percent, yName: c.YName,
			weeks: c.X, lines: c.Lines, bands: c.Bands,
			xName: c.XName}.picture(c.title(), c.Source), nil
	}
	x := make([]float64, len(c.X))
	for i, v := range c.X {
		x[i] = c.place(v)
	}
	y := words.Axis(c.YName)
	xName := words.Axis(c.XName).Text(words.Axis(c.XName).Shares())
	if c.Log {
		xName += ", logarithmic"
	}
	margin := 0.045 * (x[len(x)-1] - x[0])
	place := func(p *panel, width vg.Length) {
		p.X.Min, p.X.Max = x[0]-margin, x[len(x)-1]+margin
		if !c.Log && len(c.Ticks) == 0 && c.X[0] > margin && c.X[0] < 0.3*c.X[len(x)-1] {
			p.X.Min = 0
		}
		p.X.Tick.Marker = c.ticks(width, p.X.Max-p.X.Min)
	}
	page := &page{title: c.title(), subtitle: c.Subtitle()}
	page.showLines(xName, y.Text(c.Percent), c.end(), y.Format(c.Percent), x, c.Lines, len(x) > 16, place)
	if c.Bands != "" {
		page.notes = []string{"Bands: " + c.Bands + "."}
	}
	page.notes = append(page.notes, c.Notes...)
	page.axes[0].Unit = words.Axis(c.XName).Unit(c.Ticks != nil)
	page.axes[0].Names = c.Ticks != nil
	low, high := picture.EndColumns(c.Bands)
	t := newTable("x", "line", "value", low, high)
	for _, l := range c.Lines {
		for i := range l.Points {
			t.addPoint(l, i, c.X[i], l.Name)
		}
	}
	return newPicture(page, t), nil
}

// place is where a position stands on the axis.
func (c Curve) place(x float64) float64 {
	if c.Log {
		return math.Log10(x)
	}
	return x
}

// end names the last position: "at 3 times the plan's".
func (c Curve) end() string {
	at := len(c.X) - 1
	if len(c.Ticks) > 0 {
		return "at " + c.Ticks[at]
	}
	x := words.Axis(c.XName)
	f := x.Format(x.Shares())
	name, unit := x.Split()
	text := words.Short(f, c.X[at])
	switch {
	case x.Shares():
		return "at " + text + strings.TrimPrefix(unit, "share")
	case f.IsMoney():
		return strings.TrimSpace("at " + text + strings.TrimPrefix(unit, f.Currency().Code))
	case strings.Contains(unit, "="):
		return "at " + text + " (" + unit + ")"
	case unit == "number":
		return "at " + text + " " + words.Inside(name)
	case unit != "":
		return "at " + text + " " + strings.TrimPrefix(unit, "number of ")
	}
	return "at " + words.Inside(name) + " " + text
}

// title falls back on a plain sentence.
func (c Curve) title() string {
	if c.Finding != "" {
		return trimStop(c.Finding)
	}
	y, _ := words.Axis(c.YName).Split()
	x, _ := words.Axis(c.XName).Split()
	return words.Capital(y) + " by " + x
}

// ticks stand at the positions if these are few, as far as their labels do not
// touch; at round numbers otherwise.
func (c Curve) ticks(width vg.Length, length float64) plot.Ticker {
	x := words.Axis(c.XName)
	f := x.Format(x.Shares())
	if len(c.X) > 12 && len(c.Ticks) == 0 && !c.Log {
		return NiceTicks{Format: f, Want: 6, Width: width, Size: tickSize}
	}
	style := typeStyle(tickSize, nil)
	var ticks plot.ConstantTicks
	free := vg.Length(math.Inf(-1)) // where the last label ends
	for i, v := range c.X {
		tick := plot.Tick{Value: c.place(v), Label: words.Short(f, v)}
		if len(c.Ticks) > 0 {
			tick.Label = elide(style, c.Ticks[i], width/vg.Length(len(c.X))*1.3)
		}
		at, half := vg.Length(tick.Value/length)*width, style.Width(tick.Label)/2
		if at-half < free+6 {
			tick.Label = ""
		} else {
			free = at + half
		}
		ticks = append(ticks, tick)
	}
	return ticks
}
