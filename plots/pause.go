package plots

import (
	"errors"
	"fmt"
	"math"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Pause draws a picture.Pause.
type Pause picture.Pause

// Picture implements Drawing.
func (p Pause) Picture() (*Picture, error) {
	what := "pause of " + p.Measure.Called()
	series := []Series{{"p5", p.P5}, {"p25", p.P25}, {"p50", p.P50}, {"p75", p.P75}, {"p95", p.P95}, {"with", p.With},
		{"without", p.Without}}
	if err := checkWeekly(what, series...); err != nil {
		return nil, err
	}
	if last(p.P50) < 0 || last(p.With) < 0 || last(p.Without) < 0 {
		return nil, errors.New("plots: " + what + ": every week is missing")
	}
	t := newTimeline(p.Start, len(p.With), p.AtWeekEnd, p.Spans)
	page := &page{title: p.finding(t), subtitle: p.Subtitle(), notes: []string{
		"Upper: medians. Lower: both plans on the same random numbers, subtracted run by run; bands hold 90% and 50% of " +
			"the differences of a week."}}
	upper := p.levels(t)
	if upper.Y.Min > 0 || upper.Y.Max < 0 {
		page.notes = append(page.notes, "The upper axis leaves zero out.")
	}
	page.show(upper, p.differences(t))
	out := newTable("week", "date", "with_pause", "without_pause", "diff_p5", "diff_p25", "diff_p50", "diff_p75",
		"diff_p95")
	for w := range p.With {
		out.add(w+1, t.weekDate(w), p.With[w], p.Without[w], p.P5[w], p.P25[w], p.P50[w], p.P75[w], p.P95[w])
	}
	return newPicture(page, out), nil
}

func (p Pause) base() string {
	if p.Base == "" {
		return "without it"
	}
	return p.Base
}

func (p Pause) axisName() string { return Fan{Measure: p.Measure, AtWeekEnd: p.AtWeekEnd}.axisName() }

// levels draws both plans.
func (p Pause) levels(t timeline) *panel {
	q := newPanel(t.axisName(), p.axisName())
	lo, hi := extent(p.With, p.Without)
	q.Y.Min, q.Y.Max = valueRange(lo, hi, p.Measure.Name == "cash" || !p.AtWeekEnd)
	q.Y.Tick.Marker = NiceTicks{Format: p.Measure.Format(), Want: 4}
	f := p.Measure.Format()
	a, b := last(p.With), last(p.Without)
	labels := []endLabel{
		{y: p.With[a], lines: []string{"With it " + f.Text(p.With[a])}, line: medianLine},
		{y: p.Without[b], lines: []string{words.Capital(p.base()) + " " + f.Text(p.Without[b])}, line: compareLine},
	}
	q.right = endRoom(labels)
	t.install(q, pageWidth()-2*pageMargin()-q.right-50)
	q.Add(horizontalGrid(), zeroLine{})
	q.Add(t.line(p.Without, compareLine)...)
	q.Add(t.line(p.With, medianLine)...)
	if len(t.spans) > 0 {
		q.top = spanNameHeight
		q.label(spanNames{t})
	}
	q.label(endLabels{x: t.end(p.With), labels: labels})
	return q
}

// differences draws the paired band, with zero.
func (p Pause) differences(t timeline) *panel {
	unit := p.Measure.UnitWords()
	if !p.AtWeekEnd {
		unit += " per week"
	}
	q := newPanel(t.axisName(), "Difference, with less without ("+unit+")")
	lo, hi := extent(p.P5, p.P95)
	q.Y.Min, q.Y.Max = valueRange(lo, hi, true)
	q.Y.Tick.Marker = NiceTicks{Format: p.Measure.Format(), Want: 4}
	end := last(p.P50)
	labels := []endLabel{
		{y: p.P95[end], lines: []string{"90% of pairs"}, key: bandKey, line: band90},
		{y: p.P75[end], lines: []string{"50% of pairs"}, key: bandKey, line: band50},
		{y: p.P50[end], lines: []string{"Median difference"}, line: medianLine},
	}
	q.right = endRoom(labels)
	t.install(q, pageWidth()-2*pageMargin()-q.right-50)
	q.Add(horizontalGrid())
	q.Add(t.band(p.P5, p.P95, band90)...)
	q.Add(t.band(p.P25, p.P75, band50)...)
	q.Add(zeroLine{})
	q.Add(t.line(p.P50, medianLine)...)
	q.label(endLabels{x: t.end(p.P50), labels: labels})
	return q
}

// finding says how far the number moved while it lasted, and what that came to.
func (p Pause) finding(t timeline) string {
	label := words.Inside(p.Measure.Called())
	title := words.Capital(label) + " with and without the change"
	if span, weeks := t.stretch(); len(weeks) > 0 {
		base := total(p.Without, weeks)
		moved := total(p.P50, weeks) / base
		if p.Change != nil {
			moved = *p.Change
		}
		if base > 0 && !math.IsNaN(moved) {
			title = fmt.Sprintf("%s: %s %s “%s”", span.Label(), label, change(moved), p.base())
		}
	}
	if p.Total == nil {
		return title
	}
	texts := p.Measure.Format().Alike(math.Abs(p.Total.P5), math.Abs(p.Total.P50), math.Abs(p.Total.P95))
	word := "more"
	switch {
	case p.Total.P5 < 0 && p.Total.P95 > 0:
		all := p.Measure.Format().Alike(p.Total.P5, p.Total.P50, p.Total.P95)
		return fmt.Sprintf("%s; %s over the run (90%%: %s to %s)", title, all[1], all[0], all[2])
	case p.Total.P50 < 0:
		word, texts[0], texts[2] = "fewer", texts[2], texts[0]
		if p.Measure.Format().IsMoney() {
			word = "less"
		}
	}
	return fmt.Sprintf("%s; %s %s over the run (90%%: %s to %s)", title, texts[1], word, texts[0], texts[2])
}
