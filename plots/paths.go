package plots

import (
	"errors"
	"fmt"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Paths is the cash of single replications week by week, and where it ran out.
type Paths struct {
	picture.Source
	Start time.Time // first day of the first week
	Cash  []Path    // those that are drawn
	// Ruined is how many of all replications went out of business.
	Ruined int
	Median []float64 // of all replications, by week; may be empty
	Spans  []picture.Span
}

// A Path is the cash of one replication at each week's end.
type Path struct {
	Replication int // from 0
	USD         []float64
	Ruin        int // the week (from 1) in which it went out of business, 0 if it did not
}

// The styles of paths. Those that end in ruin are dashed, for a grey print.
var (
	lifeLine  = draw.LineStyle{Color: greyLine, Width: 0.5}
	deathLine = draw.LineStyle{Color: vermillion, Width: 1.1, Dashes: []vg.Length{4, 1.5}}
)

// Picture implements Drawing.
func (p Paths) Picture() (*Picture, error) {
	if len(p.Cash) == 0 {
		return nil, errors.New("plots: no paths of cash to draw")
	}
	var series []Series
	var values [][]float64
	for _, path := range p.Cash {
		series = append(series, Series{fmt.Sprintf("run %d", path.Replication), path.USD})
		values = append(values, path.USD)
	}
	if len(p.Median) > 0 {
		series = append(series, Series{"median", p.Median})
	}
	if err := checkWeekly("paths of cash", series...); err != nil {
		return nil, err
	}
	t := newTimeline(p.Start, len(p.Cash[0].USD), true, p.Spans)
	q := newPanel(t.axisName(), p.In("Cash (USD)"))
	lo, hi := extent(values...)
	q.Y.Min, q.Y.Max = valueRange(lo, hi, true) // zero is ruin
	q.Y.Tick.Marker = NiceTicks{Format: p.Money(), Want: 5}
	labels, marks := p.labels(t)
	q.right = endRoom(labels)
	t.install(q, pageWidth()-2*pageMargin()-q.right-50)
	q.Add(horizontalGrid())
	for _, dying := range []bool{false, true} { // the dying over the living
		for _, path := range p.Cash {
			switch {
			case dying && path.Ruin > 0:
				upTo := append([]float64(nil), path.USD...)
				for w := path.Ruin; w < len(upTo); w++ {
					upTo[w] = math.NaN()
				}
				q.Add(t.line(upTo, deathLine)...)
			case !dying && path.Ruin == 0:
				q.Add(t.line(path.USD, lifeLine)...)
			}
		}
	}
	q.Add(ruinLineAt{})
	if len(p.Median) > 0 {
		q.Add(t.line(p.Median, draw.LineStyle{Color: blue, Width: thickLine})...)
	}
	q.Add(marks)
	if len(t.spans) > 0 {
		q.top = spanNameHeight
		q.label(spanNames{t})
	}
	q.label(endLabels{x: t.days(), labels: labels})
	page := &page{title: p.finding(t), subtitle: p.Subtitle(), notes: p.notes()}
	page.show(q)
	out := newTable("replication", "week", "date", "cash", "ruined")
	for _, path := range p.Cash {
		for w, v := range path.USD {
			ruined := 0
			if path.Ruin > 0 && w+1 >= path.Ruin {
				ruined = 1
			}
			out.add(path.Replication, w+1, t.weekDate(w), v, ruined)
		}
	}
	for w, v := range p.Median {
		out.add("median", w+1, t.weekDate(w), v, "")
	}
	return newPicture(page, out), nil
}

// labels name the lines; marks stand where paths ended.
func (p Paths) labels(t timeline) ([]endLabel, crosses) {
	var marks crosses
	highest := math.Inf(-1)
	for _, path := range p.Cash {
		if path.Ruin > 0 && path.Ruin <= len(path.USD) && !math.IsNaN(path.USD[path.Ruin-1]) {
			marks.x, marks.y = append(marks.x, t.x(path.Ruin-1)), append(marks.y, path.USD[path.Ruin-1])
		} else if w := last(path.USD); w >= 0 {
			highest = math.Max(highest, path.USD[w])
		}
	}
	var labels []endLabel
	if w := last(p.Median); w >= 0 {
		labels = append(labels, endLabel{y: p.Median[w], lines: []string{"Median " + p.Money().Text(p.Median[w]),
			"of all runs"}, line: draw.LineStyle{Color: blue, Width: thickLine}})
	}
	if !math.IsInf(highest, 0) {
		labels = append(labels, endLabel{y: highest, lines: []string{"Single runs"},
			line: draw.LineStyle{Color: greyLine, Width: 1}})
	}
	if len(marks.x) > 0 {
		labels = append(labels, endLabel{y: 0, lines: []string{"Out of business",
			fmt.Sprintf("%s of %s drawn", wholeNumber(len(marks.x)), wholeNumber(len(p.Cash)))}, line: deathLine})
	}
	return labels, marks
}

func (p Paths) notes() []string {
	notes := []string{fmt.Sprintf("Drawn: %s of %s.", words.Counted(len(p.Cash), "run"),
		wholeNumber(max(p.Replications, len(p.Cash))))}
	if len(p.Cash) == p.Replications {
		notes[0] = "Every run is drawn."
	}
	if p.Ruined > 0 {
		notes = append(notes, "A cross marks the week in which cash fell below zero and the vendor went out of business.")
	}
	return notes
}

func (p Paths) finding(t timeline) string {
	if p.Ruined == 0 {
		lowest := math.Inf(1)
		for _, path := range p.Cash {
			lo, _ := extent(path.USD)
			lowest = math.Min(lowest, lo)
		}
		return fmt.Sprintf("No run goes out of business; the lowest cash of the runs drawn is %s", p.Money().Text(lowest))
	}
	first := 0
	for _, path := range p.Cash {
		if path.Ruin > 0 && (first == 0 || path.Ruin < first) {
			first = path.Ruin
		}
	}
	title := fmt.Sprintf("Cash runs out in %s of runs", words.Percent.Text(float64(p.Ruined)/float64(max(1,
		p.Replications))))
	if first > 0 {
		of := "the first of those drawn"
		if len(p.Cash) == p.Replications {
			of = "the first"
		}
		title += ", " + of + " in " + t.month(first-1)
	}
	return title
}

// ruinLineAt is the line of zero, thicker than a grid line: below it is ruin.
type ruinLineAt struct{}

// Plot implements plot.Plotter.
func (ruinLineAt) Plot(c draw.Canvas, p *plot.Plot) {
	if p.Y.Min > 0 || p.Y.Max < 0 {
		return
	}
	_, trY := p.Transforms(&c)
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.1}, c.Min.X, trY(0), c.Max.X, trY(0))
}

// crosses mark points.
type crosses struct{ x, y []float64 }

// Plot implements plot.Plotter.
func (m crosses) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	const r = 3.5
	for i := range m.x {
		x, y := trX(m.x[i]), trY(m.y[i])
		for _, s := range []draw.LineStyle{{Color: paper, Width: 3.4}, {Color: ink, Width: 1.6}} {
			c.StrokeLine2(s, x-r, y-r, x+r, y+r)
			c.StrokeLine2(s, x-r, y+r, x+r, y-r)
		}
	}
}
