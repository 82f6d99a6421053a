package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// A Funnel is the way from buyers in the market to customers, stage by stage.
type Funnel struct {
	picture.Source
	Stages []Stage // from the widest on
	// LeftOut are stages that later ones need not pass: they are no part of the way, and
	// would make it wider on the way down.
	LeftOut []string
}

// A Stage is one stage of the funnel: its mean number over replications, and
// the quantiles around it (both NaN: not known).
type Stage struct {
	Name          string // Buyers in the market, Leads, Customers won
	Mean, P5, P95 float64
}

// Picture implements Drawing.
func (f Funnel) Picture() (*Picture, error) {
	if len(f.Stages) < 2 {
		return nil, errors.New("plots: a funnel needs two stages at least")
	}
	rows := len(f.Stages)
	names := make([]string, rows)
	bars := make(plotter.Values, rows)
	ends := barEnds{rows: rows}
	step := textColumn{rows: rows, right: 92, head: []string{"of the", "stage before"}}
	whole := textColumn{rows: rows, right: 0, head: wrap(typeStyle(smallSize, ink),
		"of all "+words.Inside(f.Stages[0].Name), 84, 2)}
	whisker := &plotter.XErrorBars{LineStyle: draw.LineStyle{Color: ink, Width: 1}, CapWidth: 6}
	t := newTable("stage", "mean", "p5", "p95", "of_stage_before", "of_first_stage")
	widest := 0.0
	for i, s := range f.Stages {
		if !(s.Mean >= 0) || math.IsInf(s.Mean, 0) {
			return nil, fmt.Errorf("plots: funnel: stage %s has the mean %v", s.Name, s.Mean)
		}
		names[i] = s.Name
		bars[rows-1-i] = s.Mean
		end := s.Mean
		if s.P95 >= s.Mean && s.P5 <= s.Mean && s.P5 < s.P95 {
			end = s.P95
			whisker.XYs = append(whisker.XYs, plotter.XY{X: s.Mean, Y: rowY(i, rows)})
			whisker.XErrors = append(whisker.XErrors, struct{ Low, High float64 }{s.Mean - s.P5, s.P95 - s.Mean})
		}
		widest = math.Max(widest, end)
		ends.texts = append(ends.texts, rowText{row: i, x: end, text: words.Count.Text(math.Round(s.Mean)), heavy: true})
		ofBefore, ofFirst := math.NaN(), part(s.Mean, f.Stages[0].Mean)
		if i > 0 {
			ofBefore = part(s.Mean, f.Stages[i-1].Mean)
			step.texts = append(step.texts, rowText{row: i, text: share(ofBefore), heavy: i == f.narrowest()})
			whole.texts = append(whole.texts, rowText{row: i, text: share(ofFirst)})
		}
		t.add(s.Name, s.Mean, s.P5, s.P95, ofBefore, ofFirst)
	}
	if widest == 0 {
		widest = 1
	}
	p := newRows("Mean number in the run (count)", "Stage of the funnel", names)
	height := rowsPage(names)
	p.X.Min, p.X.Max = 0, widest*1.01
	ticks := NiceTicks{Format: words.Count, Want: 4, Whole: true, Size: tickSize}
	p.right, p.top = 226, 12
	if isNarrow() {
		step.right, p.right = 0, 136
		p.label(ends, step)
	} else {
		p.label(ends, step, whole)
	}
	ticks.Width = pageWidth() - 2*pageMargin() - rowLabelWidth(names) - p.right - 14
	p.X.Tick.Marker = ticks
	p.Add(&plotter.BarChart{Values: bars, Width: barWidth(height, rows), Color: blueMid, Horizontal: true})
	notes := f.Notes()
	if len(whisker.XYs) > 0 {
		p.Add(whisker)
		notes = append([]string{"Lines on the bars: 90% of the runs."}, notes...)
	}
	page := &page{height: height, title: f.finding(), subtitle: f.Subtitle(), notes: notes}
	page.show(p)
	return newPicture(page, t), nil
}

// Notes say what a reader of the funnel has to know.
func (f Funnel) Notes() []string {
	notes := []string{"Stages count what happened in the run, not one cohort."}
	if len(f.LeftOut) > 0 {
		notes = append(notes, "Left out, since firms come further without it: "+words.List(f.LeftOut)+".")
	}
	return notes
}

// Narrowing parts stages into those that only become fewer and the names of the others: a
// stage that a later one exceeds is not on every way to it.
func Narrowing(stages []Stage) (kept []Stage, others []string) {
	widest := math.Inf(-1) // of the later stages
	for _, s := range slices.Backward(stages) {
		if s.Mean < widest {
			others = append(others, words.Inside(s.Name))
			continue
		}
		kept, widest = append(kept, s), s.Mean
	}
	slices.Reverse(kept)
	slices.Reverse(others)
	return kept, others
}

// part is a share of a whole; of nothing there is none.
func part(x, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return x / whole
}

// share writes a conversion; that of nothing is not known.
func share(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return words.Percent.Text(v)
}

// narrowest is the stage that the smallest share of the stage before reaches, 0
// if there is none.
func (f Funnel) narrowest() int {
	at, least := 0, math.Inf(1)
	for i := 1; i < len(f.Stages); i++ {
		if v := part(f.Stages[i].Mean, f.Stages[i-1].Mean); v < least {
			at, least = i, v
		}
	}
	return at
}

func (f Funnel) finding() string {
	first, end := f.Stages[0], f.Stages[len(f.Stages)-1]
	if first.Mean == 0 {
		return "The funnel is empty"
	}
	title := fmt.Sprintf("%s of %s %s end as %s", share(end.Mean/first.Mean),
		words.Count.Text(math.Round(first.Mean)), words.Inside(first.Name), words.Inside(end.Name))
	if n := f.narrowest(); n > 0 {
		from, to := f.Stages[n-1], f.Stages[n]
		title += fmt.Sprintf("; the narrowest step is from %s to %s (%s)", words.Inside(from.Name), words.Inside(to.Name),
			share(to.Mean/from.Mean))
	}
	return title
}
