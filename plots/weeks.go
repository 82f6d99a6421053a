package plots

import (
	"fmt"
	"math"
	"strings"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Weeks is one or a few weekly numbers over weeks of the run, each the mean over
// replications with its interval as a band.
type Weeks struct {
	picture.Source
	Finding string // the title
	YName   string // NAME, UNIT or NAME (UNIT)
	First   int    // the week of the first point; the run begins with week 1
	Percent bool   // values are shares
	Lines   []picture.Line
}

// Picture implements Drawing.
func (w Weeks) Picture() (*Picture, error) {
	what := "weeks " + w.Finding
	if len(w.Lines) == 0 || len(w.Lines[0].Points) == 0 {
		return nil, fmt.Errorf("plots: %s: no weeks to draw", what)
	}
	n := len(w.Lines[0].Points)
	if err := checkLines(what, n, w.Lines); err != nil {
		return nil, err
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(w.First + i)
	}
	y := words.Axis(w.YName)
	p := newLines("Week of the run", y.Text(w.Percent), y.Format(w.Percent), x, w.Lines, true, false)
	if _, unit := y.Split(); strings.Contains(unit, "a week") { // heights of flows are compared
		lo, hi := rangeOf(w.Lines)
		p.Y.Min, p.Y.Max = valueRange(lo, hi, true)
	}
	p.X.Min, p.X.Max = x[0]-0.5, math.Max(x[n-1], x[0]+1)+0.5
	p.X.Tick.Marker = NiceTicks{Format: words.Count, Want: 8, Whole: true,
		Width: pageWidth - 2*pageMargin - p.right - 50, Size: tickSize}
	title := trimStop(w.Finding)
	if title == "" {
		name, _ := y.Split()
		title = fmt.Sprintf("%s, weeks %d to %d", words.Capital(name), w.First, w.First+n-1)
	}
	page := &page{title: title, subtitle: w.Subtitle(), notes: lineNotes(p, w.Lines, true)}
	page.show(p)
	page.least = linesLeast(p)
	t := newTable("week", "line", "value", "low95", "high95")
	for _, l := range w.Lines {
		for i, e := range l.Points {
			t.addEstimate(e, w.First+i, l.Name)
		}
	}
	return newPicture(page, t), nil
}
