package plots

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Weeks is one or a few weekly numbers over weeks of the run, each the mean over
// replications with its interval as a band.
type Weeks struct {
	picture.Source
	Finding string    // the title
	YName   string    // NAME, UNIT or NAME (UNIT)
	Start   time.Time // first day of the run
	First   int       // the week of the first point; the run begins with week 1
	Percent bool      // values are shares
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
	title := trimStop(w.Finding)
	if title == "" {
		name, _ := words.Axis(w.YName).Split()
		title = fmt.Sprintf("%s, weeks %d to %d", words.Capital(name), w.First, w.First+n-1)
	}
	return calendarLines{start: w.Start, atWeekEnd: !perWeek(w.YName), percent: w.Percent, yName: w.YName, weeks: x,
		lines: w.Lines}.picture(title, w.Source), nil
}

// perWeek tells what happens in a week from what is there at its end, by the name of an axis.
func perWeek(axis string) bool {
	_, unit := words.Axis(axis).Split()
	return strings.Contains(unit, "per week")
}

// calendarLines are lines over weeks of a run, on an axis of dates.
type calendarLines struct {
	start     time.Time
	atWeekEnd bool
	spans     []picture.Span
	percent   bool
	yName     string
	weeks     []float64 // from 1
	lines     []picture.Line
	bands     string // what the bands hold; empty: 95% intervals of the mean
	xName     string // empty: weekly values, or those at each week's end
}

// picture composes the picture.
func (c calendarLines) picture(title string, source picture.Source) *Picture {
	first, end := int(c.weeks[0]), int(c.weeks[len(c.weeks)-1])
	t := newTimeline(c.start, end, c.atWeekEnd, c.spans)
	x := make([]float64, len(c.weeks))
	for i, w := range c.weeks {
		x[i] = t.x(int(w) - 1)
	}
	y := words.Axis(c.yName)
	page := &page{title: title, subtitle: source.Subtitle()}
	place := func(p *panel, width vg.Length) {
		t.install(p, width)
		if first > 1 {
			p.X.Min = float64(7 * (first - 1))
		}
		if !c.atWeekEnd { // heights of flows are compared
			lo, hi := rangeOf(c.lines)
			p.Y.Min, p.Y.Max = valueRange(lo, hi, true)
		}
		if len(t.spans) > 0 && p.yName != "" {
			p.top = spanNameHeight
			p.label(spanNames{t})
		}
	}
	last := "of the last week drawn"
	if c.xName != "" {
		last = "of the last point drawn"
	}
	page.showLines(cmp.Or(c.xName, t.axisName()), y.Text(c.percent), last, y.Format(c.percent), x, c.lines, true, place)
	if c.bands != "" {
		page.notes = append([]string{"Bands: " + c.bands + "."}, page.notes[1:]...)
	}
	low, high := picture.EndColumns(c.bands)
	table := newTable("week", "date", "line", "value", low, high)
	for _, l := range c.lines {
		for i := range l.Points {
			table.addPoint(l, i, int(c.weeks[i]), t.weekDate(int(c.weeks[i])-1), l.Name)
		}
	}
	return newPicture(page, table)
}
