package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// A Distribution is one outcome over replications.
type Distribution struct {
	picture.Source
	Measure words.Measure
	Sample  Sample // of NewSample
	// Headline takes the place of the mean: for a ratio, the ratio of totals.
	Headline *Mark
}

// A Mark is a named value.
type Mark struct {
	Name  string
	Value float64
}

// Picture implements Drawing. An outcome that is 0 or 1 becomes two bars with
// their Wilson intervals; fewer than 20 replications become single dots.
func (d Distribution) Picture() (*Picture, error) {
	s := &d.Sample
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("plots: distribution of %s: %w", d.Measure.Called(), err)
	}
	page := &page{title: d.finding(s), subtitle: d.Subtitle(), notes: d.missingNote(s)}
	switch {
	case s.n == 0:
		return d.empty(page, s), nil
	case d.isYesNo(s):
		return d.yesNo(page, s), nil
	case s.n < fewRuns:
		return d.dots(page, s), nil
	}
	return d.histogram(page, s), nil
}

// isYesNo says whether the outcome is a chance: 1 or 0 in each replication.
func (d Distribution) isYesNo(s *Sample) bool { return d.Measure.Unit == "chance" && s.yesNo }

// whole says whether the outcome is a whole number in every replication.
func (d Distribution) whole(s *Sample) bool { return d.Measure.Format() == words.Count && s.whole }

func (d Distribution) histogram(page *page, s *Sample) *Picture {
	if s.constant() {
		return d.constant(page, s)
	}
	p := newPanel(d.Measure.OnAxis(), "Runs in each bar")
	b := d.bars(p, s, mostBars)
	p.X.Tick.Marker = d.ticks(s, 7, pageWidth()-2*pageMargin()-40, tickSize)
	p.Y.Tick.Marker = NiceTicks{Format: words.Count, Want: 5, Whole: true}
	marks := d.marks(s)
	p.top = marks.height()
	p.label(marks)
	page.show(p)
	page.notes = append([]string{"Dark bars: the middle 90% of the runs."}, d.LeftOut()...)
	return newPicture(page, d.table(s, b))
}

// constant shows an outcome that is the same in every run: a line, since there is nothing
// that bars could tell.
func (d Distribution) constant(page *page, s *Sample) *Picture {
	p := newPanel(d.Measure.OnAxis(), "The same in every run")
	d.aroundConstant(p, s)
	p.X.Tick.Marker = d.ticks(s, 7, pageWidth()-2*pageMargin()-40, tickSize)
	p.Y.Min, p.Y.Max = 0, 1
	p.HideY()
	marks := d.marks(s)
	p.top = marks.height()
	p.Add(baseLine{})
	p.label(marks)
	page.show(p)
	return newPicture(page, d.table(s, bins{}))
}

// aroundConstant sets the axis of an outcome that is the same in every run: its number
// stands in the middle.
func (d Distribution) aroundConstant(p *panel, s *Sample) {
	around := math.Max(math.Abs(s.low)*0.15, 1e-8)
	if s.low == 0 {
		around = 0.75
	}
	p.X.Min, p.X.Max = s.low-around, s.low+around
}

// ticks are those of the axis of the outcome.
func (d Distribution) ticks(s *Sample, want int, width, size vg.Length) NiceTicks {
	return NiceTicks{Format: d.Measure.Format(), Want: want, Whole: d.whole(s), Width: width, Size: size}
}

// bars adds grid and bars of a histogram to a panel and sets its axes.
func (d Distribution) bars(p *panel, s *Sample, most int) bins {
	b := s.bars[barring{most, d.whole(s)}]
	p.X.Min, p.X.Max = b.bars[0].Min-0.5*b.width, b.bars[len(b.bars)-1].Max+0.5*b.width
	p.Y.Min, p.Y.Max = 0, 1.04*b.tallest()
	var inner, outer []plotter.HistogramBin
	for k, bar := range b.bars {
		if b.middle[k] {
			inner = append(inner, bar)
		} else {
			outer = append(outer, bar)
		}
	}
	edge := draw.LineStyle{Color: paper, Width: 0.6}
	p.Add(horizontalGrid(),
		&plotter.Histogram{Bins: outer, FillColor: bluePale, LineStyle: edge},
		&plotter.Histogram{Bins: inner, FillColor: blueMid, LineStyle: edge},
		baseLine{})
	return b
}

// marks are the lines of the quantiles and the mean.
func (d Distribution) marks(s *Sample) topMarks {
	thin := draw.LineStyle{Color: ink, Width: 0.9, Dashes: []vg.Length{4, 2}}
	solid := draw.LineStyle{Color: ink, Width: 1.4}
	centre := draw.LineStyle{Color: vermillion, Width: 1.4, Dashes: []vg.Length{1.5, 1.5}}
	if s.constant() {
		return topMarks{{x: s.low, lines: []string{d.allRuns(s), d.Measure.Format().Text(s.low)}, style: solid}}
	}
	headline := Mark{"mean", s.mean}
	if d.Headline != nil {
		headline = *d.Headline
	}
	names := []string{"5% below", "median", headline.Name, "95% below"}
	values := []float64{s.p5, s.p50, headline.Value, s.p95}
	styles := []draw.LineStyle{thin, solid, centre, thin}
	distance := s.reach()
	if distance == 0 {
		distance = s.high - s.low
	}
	texts := d.Measure.Format().Texts(values, words.Telling(distance))
	var ms topMarks
	for i, v := range values {
		sameAsMedian := (i == 0 || i == 3) && v == s.p50
		if !math.IsNaN(v) && !math.IsInf(v, 0) && !sameAsMedian {
			ms = append(ms, topMark{x: v, lines: []string{names[i], texts[i]}, style: styles[i]})
		}
	}
	return ms
}

func (d Distribution) allRuns(s *Sample) string {
	if s.n == 1 {
		return "the one run"
	}
	return "all " + words.Counted(s.n, "run")
}

// dots shows each of a few replications.
func (d Distribution) dots(page *page, s *Sample) *Picture {
	p := newPanel(d.Measure.OnAxis(), "Each dot is one run")
	xs := d.addDots(p, s, 0.9*(pageWidth()-2*pageMargin()), 4.5)
	p.X.Tick.Marker = d.ticks(s, 7, pageWidth()-2*pageMargin(), tickSize)
	p.HideY()
	solid := draw.LineStyle{Color: ink, Width: 0.9, Dashes: []vg.Length{4, 2}}
	marks := topMarks{{x: s.p50, lines: []string{d.allRuns(s), d.Measure.Format().Text(s.p50)}, style: solid}}
	if !s.constant() {
		texts := d.Measure.Format().Texts([]float64{s.low, s.p50, s.high}, words.Telling(s.high-s.low))
		marks = topMarks{
			{x: s.low, lines: []string{"lowest", texts[0]}, style: solid},
			{x: s.p50, lines: []string{"median", texts[1]}, style: solid},
			{x: s.high, lines: []string{"highest", texts[2]}, style: solid},
		}
	}
	p.top = marks.height()
	p.Add(baseLine{}, xs)
	p.label(marks)
	page.show(p)
	if !s.constant() {
		page.notes = append([]string{fmt.Sprintf("So few runs are shown one by one; quantiles need at least %d.", fewRuns)},
			page.notes...)
	}
	return newPicture(page, d.table(s, bins{}))
}

// addDots sets the axes for a picture of dots, on an axis about so wide, and
// gives their plotter.
func (d Distribution) addDots(p *panel, s *Sample, width, radius vg.Length) plot.Plotter {
	lo, hi := s.low, s.high
	if s.constant() {
		d.aroundConstant(p, s)
		lo, hi = p.X.Min, p.X.Max
	}
	margin := 0.06 * (hi - lo)
	p.X.Min, p.X.Max = lo-margin, hi+margin
	xys, levels := s.dots(1.12 * (hi - lo) * float64(2*radius/width))
	p.Y.Min, p.Y.Max = 0, math.Max(levels, 9)
	return &plotter.Scatter{XYs: xys, GlyphStyle: draw.GlyphStyle{Color: blue, Radius: radius, Shape: draw.CircleGlyph{}}}
}

// yesNo shows an outcome that is 0 or 1.
func (d Distribution) yesNo(page *page, s *Sample) *Picture {
	yes := s.yes()
	names := yesNoNames(d.Measure)
	shares := make([]float64, 2)
	lows, highs := make([]float64, 2), make([]float64, 2)
	counts := []int{s.n - yes, yes} // from the bottom bar up
	for i, k := range counts {
		shares[i] = float64(k) / float64(s.n)
		chance := analysis.Chance(k, s.n)
		lows[i], highs[i] = chance.Low, chance.High
	}
	p := newPanel("Share of runs (%)", "How runs end")
	p.names = true
	p.X.Min, p.X.Max = 0, 1
	p.X.Tick.Marker = NiceTicks{Format: words.Percent, Want: 5}
	p.Y.Min, p.Y.Max = -0.7, 1.7
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: names[0]}, {Value: 1, Label: names[1]}}
	p.Y.Tick.Label = bold(p.Y.Tick.Label)
	bars := &plotter.BarChart{Values: shares, Width: 46, Color: blueMid, Horizontal: true}
	errors := &plotter.XErrorBars{LineStyle: draw.LineStyle{Color: ink, Width: 1.2}, CapWidth: 12}
	for i := range shares {
		at := plotter.XY{X: shares[i], Y: float64(i)}
		errors.XYs = append(errors.XYs, at)
		errors.XErrors = append(errors.XErrors, struct{ Low, High float64 }{shares[i] - lows[i], highs[i] - shares[i]})
	}
	p.Add(verticalGrid(), bars, errors)
	p.label(shareLabels{shares, lows, highs, counts})
	p.right = 8
	page.show(p)
	page.notes = append([]string{"Lines: 95% intervals (Wilson) of the shares."}, page.notes...)

	return newPicture(page, d.yesNoTable(s))
}

// yesNoTable lists the share of a yes with its interval, in the columns of other
// outcomes.
func (d Distribution) yesNoTable(s *Sample) table {
	yes := s.yes()
	chance := analysis.Chance(yes, s.n)
	nothing := math.NaN()
	t := newTable("item", "low", "high", "value")
	t.add("runs in bar", 0, 0, s.n-yes)
	t.add("runs in bar", 1, 1, yes)
	t.add("mean", nothing, nothing, s.mean)
	t.add("wilson_low95", nothing, nothing, chance.Low)
	t.add("wilson_high95", nothing, nothing, chance.High)
	t.add("missing", nothing, nothing, s.missing)
	if s.never > 0 {
		t.add("never", nothing, nothing, s.never)
	}
	return t
}

// yesNoNames are the names of 0 and 1.
func yesNoNames(m words.Measure) [2]string {
	if m.Name == "out_of_business" {
		return [2]string{"In business", "Out of business"}
	}
	return [2]string{"Not " + words.Inside(m.Called()), m.Called()}
}

// shareLabels write share, interval and count beside the bars of a yes or no,
// on whichever side of the end has the room.
type shareLabels struct {
	shares, lows, highs []float64
	counts              []int
}

func (l shareLabels) annotate(_, c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	for i, share := range l.shares {
		a, b := words.Percent.Pair(l.lows[i], l.highs[i])
		lines := []string{words.Percent.Text(share), fmt.Sprintf("%s to %s", a, b), words.Counted(l.counts[i], "run")}
		x, align := trX(l.highs[i])+12, draw.XLeft
		if share > 0.5 {
			x, align = trX(l.lows[i])-12, draw.XRight
		}
		if align == draw.XRight && x-typeStyle(smallSize+0.5, ink).Width(lines[1]) < c.Min.X {
			x, align = c.Min.X+6, draw.XLeft // over the bar, where there is no room beside it
		}
		for k, line := range lines {
			s := typeStyle(smallSize+0.5, ink)
			if k == 0 {
				s = bold(typeStyle(labelSize+1, ink))
			}
			s.XAlign = align
			y := trY(float64(i)) + 14 - vg.Length(k)*14
			if align == draw.XLeft { // beside the bar
				hideBehind(c, s, x, y, line)
			}
			putMiddle(c, s, x, y, line)
		}
	}
}

// empty is the picture of an outcome that no replication has.
func (d Distribution) empty(page *page, s *Sample) *Picture {
	p := newPanel(d.Measure.OnAxis(), "Runs in each bar")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks{}, plot.ConstantTicks{}
	p.Add(baseLine{})
	p.label(message("nothing to draw"))
	page.show(p)
	page.notes = nil
	return newPicture(page, d.table(s, bins{}))
}

// message stands in the middle of an empty picture.
type message string

func (m message) annotate(_, c draw.Canvas, _ *plot.Plot) {
	s := typeStyle(labelSize, paleInk)
	s.XAlign = draw.XCenter
	putMiddle(c, s, c.Center().X, c.Center().Y, string(m))
}

// baseLine draws the line on which bars stand, over their edges.
type baseLine struct{}

// Plot implements plot.Plotter.
func (baseLine) Plot(c draw.Canvas, p *plot.Plot) {
	c.StrokeLine2(draw.LineStyle{Color: softInk, Width: thinLine}, c.Min.X, c.Min.Y, c.Max.X, c.Min.Y)
}

// LeftOut says which runs no bar shows: without a number, in which it is never, or far out.
func (d Distribution) LeftOut() []string {
	s := &d.Sample
	return append(d.missingNote(s), d.tailNotes(s, s.bars[barring{mostBars, d.whole(s)}])...)
}

func (d Distribution) missingNote(s *Sample) (notes []string) {
	if s.n == 0 {
		return nil
	}
	of := words.Counted(s.runs(), "run")
	if s.missing > 0 {
		notes = append(notes, fmt.Sprintf("%s of %s have no value.", wholeNumber(s.missing), of))
	}
	if s.never > 0 {
		notes = append(notes, fmt.Sprintf("In %s of %s the answer is never: the bars leave them out, the quantiles count "+
			"them as the highest.", wholeNumber(s.never), of))
	}
	return notes
}

// tailNotes tell of the replications that lie outside of the bars.
func (d Distribution) tailNotes(s *Sample, b bins) (notes []string) {
	f := d.Measure.Format()
	if b.above > 0 {
		notes = append(notes, fmt.Sprintf("Not drawn: %s above %s, the highest at %s.",
			words.Counted(b.above, "run"), f.Text(b.bars[len(b.bars)-1].Max), f.Text(s.high)))
	}
	if b.below > 0 {
		notes = append(notes, fmt.Sprintf("Not drawn: %s below %s, the lowest at %s.",
			words.Counted(b.below, "run"), f.Text(b.bars[0].Min), f.Text(s.low)))
	}
	return notes
}

// table lists bars, marks and what is not drawn; a few replications one by one.
func (d Distribution) table(s *Sample, b bins) table {
	t := newTable("item", "low", "high", "value")
	nothing := math.NaN()
	for _, bar := range b.bars {
		t.add("runs in bar", bar.Min, bar.Max, bar.Weight)
	}
	if s.n < fewRuns {
		for _, v := range s.each {
			t.add("run", nothing, nothing, v)
		}
	}
	if s.n >= fewRuns {
		t.add("runs below", nothing, nothing, b.below)
		t.add("runs above", nothing, nothing, b.above)
		t.add("p5", nothing, nothing, s.p5)
		t.add("p50", nothing, nothing, s.p50)
		t.add("p95", nothing, nothing, s.p95)
	}
	t.add("mean", nothing, nothing, s.mean)
	if d.Headline != nil {
		t.add(d.Headline.Name, nothing, nothing, d.Headline.Value)
	}
	t.add("missing", nothing, nothing, s.missing)
	if s.never > 0 {
		t.add("never", nothing, nothing, s.never)
	}
	return t
}

// finding says where the middle nine tenths of the replications lie, or in how
// many of them a yes or no was a yes.
func (d Distribution) finding(s *Sample) string {
	m := d.Measure
	lies := m.Lies()
	switch {
	case s.n == 0 && s.never == s.runs():
		return m.Called() + ": never in " + everyRun(s.never)
	case s.n == 0:
		return m.Called() + ": no run has a value"
	case d.isYesNo(s):
		yes := s.yes()
		chance := analysis.Chance(yes, s.n)
		a, b := words.Percent.Pair(chance.Low, chance.High)
		what := "end with “" + words.Inside(m.Called()) + "”"
		if m.Name == "out_of_business" {
			what = "go out of business"
		}
		share := words.Percent.Text(s.mean) + " of runs"
		switch yes {
		case 0:
			share = "No run"
			if what == "go out of business" {
				what = "goes out of business"
			} else {
				what = strings.Replace(what, "end ", "ends ", 1)
			}
		case s.n:
			share = "All runs"
		}
		return fmt.Sprintf("%s %s (95%% interval %s to %s)", share, what, a, b)
	case s.constant():
		return m.Called() + ": " + m.Format().Text(s.low) + m.Suffix() + " in " + everyRun(s.n)
	case s.n < fewRuns:
		return strings.TrimSuffix(middleNineTenths(lies, m, s.low, s.high), "9 of 10 runs") + "all " +
			words.Counted(s.n, "run")
	}
	title := middleNineTenths(lies, m, s.p5, s.p95)
	if math.IsInf(s.p95, 1) {
		title = m.Called() + ": " + m.Format().Text(s.p5) + m.Suffix() + " to never in 9 of 10 runs"
	}
	if s.p5 == s.p95 {
		title = m.Called() + ": " + m.Format().Text(s.p5) + m.Suffix() + " in at least 9 of 10 runs"
	}
	if s.missing > 0 { // never counts as the highest
		title += " that have a value"
	}
	return title
}
