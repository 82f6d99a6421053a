package plots

import (
	"fmt"
	"math"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"windfall/plots/picture"
	"windfall/plots/words"
)

// Brand is the two brand stocks over time: salience, which fades in weeks, over
// equity, which fades in years.
type Brand struct {
	picture.Source
	Start            time.Time // first day of the first week
	Salience, Equity Stock
	Spans            []picture.Span
	Ruined           int // replications that went out of business, of which the stocks are left out from then on
}

// LeftOut says how many runs are left out of the means.
func (b Brand) LeftOut() []string {
	if b.Ruined == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Means of the runs in business; %s left out after going out of business.",
		words.Counted(b.Ruined, "run"))}
}

// A Stock is one number by week: its mean over the market, and by region.
type Stock struct {
	Mean    []float64
	Regions []Series // may be empty
}

// all gives the mean and the regions as series.
func (s Stock) all(name string) []Series {
	return append([]Series{{name, s.Mean}}, s.Regions...)
}

// Picture implements Drawing.
func (b Brand) Picture() (*Picture, error) {
	series := append(b.Salience.all("salience"), b.Equity.all("equity")...)
	if err := checkWeekly("brand", series...); err != nil {
		return nil, err
	}
	t := newTimeline(b.Start, len(b.Salience.Mean), true, b.Spans)
	upper := b.Salience.panel(t, "Salience, the fast stock (no unit)")
	lower := b.Equity.panel(t, "Equity, the slow stock (no unit)")
	if len(t.spans) > 0 {
		upper.top = spanNameHeight
		upper.label(spanNames{t})
	}
	page := &page{title: b.finding(t), subtitle: b.Subtitle()}
	page.show(upper, lower)
	page.notes = append(page.notes, b.LeftOut()...)
	if len(b.Salience.Regions) > maxColored {
		page.notes = append(page.notes, "Grey lines: regions; those with the highest and the lowest end are named.")
	}
	return newPicture(page, b.table(t)), nil
}

// maxColored is how many regions have colours of their own.
const maxColored = 4

// maxStockName leaves room for the number behind the name of a region: two small panels have no room for names on
// several lines.
func maxStockName() vg.Length { return 0.2 * pageWidth() }

// stockText writes a stock to three decimals.
func stockText(v float64) string { return words.Plain.Texts([]float64{v}, 0.001)[0] }

// panel draws one stock.
func (s Stock) panel(t timeline, name string) *panel {
	p := newPanel(t.axisName(), name)
	var values [][]float64
	for _, line := range s.all("mean") {
		values = append(values, line.Values)
	}
	lo, hi := extent(values...)
	p.Y.Min, p.Y.Max = valueRange(lo, hi, true) // the question is how much of the stock goes
	p.Y.Tick.Marker = NiceTicks{Want: 4}

	lines := s.lines()
	var labels []endLabel
	for _, l := range lines {
		if w := last(l.Values); w >= 0 && l.named {
			name := elide(endStyle(true), l.Name, maxStockName())
			labels = append(labels, endLabel{y: l.Values[w], lines: []string{name + " " + stockText(l.Values[w])},
				line: l.style})
		}
	}
	p.right = endRoom(labels)
	t.install(p, pageWidth()-2*pageMargin()-p.right-50)
	p.Add(horizontalGrid())
	for i := len(lines) - 1; i >= 0; i-- { // the mean last, over the others
		p.Add(t.line(lines[i].Values, lines[i].style)...)
	}
	p.label(endLabels{x: t.end(s.Mean), labels: labels})
	return p
}

// A styledLine is a series as it is drawn.
type styledLine struct {
	Series
	style draw.LineStyle
	named bool
}

// lines chooses how to draw the mean and the regions: a few regions have
// colours of their own, many are grey and only the extremes are named.
func (s Stock) lines() []styledLine {
	out := []styledLine{{Series{"All regions", s.Mean}, seriesStyles[0], true}}
	switch {
	case len(s.Regions) == 0:
		out[0].Name = "Mean"
	case s.alike():
		out[0].Name = "Each region"
		return out
	}
	highest, lowest := -1, -1
	for i, r := range s.Regions {
		line := styledLine{Series: r, style: draw.LineStyle{Color: greyLine, Width: thinLine}}
		if len(s.Regions) > 16 {
			line.style.Width /= 2
		}
		if len(s.Regions) <= maxColored {
			line.style, line.named = seriesStyles[1+i], true
		}
		out = append(out, line)
		if w := last(r.Values); w >= 0 {
			if highest < 0 || r.Values[w] > s.Regions[highest].Values[last(s.Regions[highest].Values)] {
				highest = i
			}
			if lowest < 0 || r.Values[w] < s.Regions[lowest].Values[last(s.Regions[lowest].Values)] {
				lowest = i
			}
		}
	}
	if len(s.Regions) > maxColored && highest >= 0 {
		out[1+highest].named, out[1+lowest].named = true, true
	}
	return out
}

// alike says whether no eye could tell the regions' lines from that of the mean.
func (s Stock) alike() bool {
	const visible = 0.01 // of the height of the panel
	_, hi := extent(s.Mean)
	for _, r := range s.Regions {
		for w, v := range r.Values {
			if math.Abs(v-s.Mean[w]) > visible*hi {
				return false
			}
		}
	}
	return true
}

// finding says what a shaded span did to the two stocks, or else how far they
// came.
func (b Brand) finding(t timeline) string {
	if span, weeks := t.stretch(); len(weeks) > 0 && weeks[0] > 0 {
		before, after := weeks[0]-1, weeks[len(weeks)-1]
		s := b.Salience.Mean[after]/b.Salience.Mean[before] - 1
		e := b.Equity.Mean[after]/b.Equity.Mean[before] - 1
		if !math.IsNaN(s+e) && !math.IsInf(s+e, 0) {
			equity := fall(e)
			if verb, by, ok := strings.Cut(equity, " "); ok && strings.HasPrefix(fall(s), verb+" ") {
				equity = by // falls by 83%, equity by 2%
			}
			return fmt.Sprintf("%s: salience %s, equity %s", span.Label(), fall(s), equity)
		}
	}
	salience, equity := course(b.Salience.Mean), course(b.Equity.Mean)
	if verb, rest, _ := strings.Cut(salience, " "); salience == equity && verb == "goes" {
		return "Salience and equity both go " + rest
	}
	return fmt.Sprintf("Salience %s, equity %s", salience, equity)
}

// fall words a relative change of a stock.
func fall(share float64) string {
	text := words.Percent.Rounded(math.Abs(share))
	switch {
	case math.Abs(share) < 0.005:
		return "stays"
	case share < 0:
		return "falls by " + text
	}
	return "rises by " + text
}

// course words where a stock came from and where it ended.
func course(values []float64) string {
	r := runs(values)
	if len(r) == 0 {
		return "is missing"
	}
	from, to := stockText(values[r[0][0]]), stockText(values[r[len(r)-1][1]-1])
	if from == to {
		return "ends where it began, at " + to
	}
	return "goes from " + from + " to " + to
}

func (b Brand) table(t timeline) table {
	columns := []string{"week", "date", "salience", "equity"}
	for _, r := range b.Salience.Regions {
		columns = append(columns, "salience."+r.Name)
	}
	for _, r := range b.Equity.Regions {
		columns = append(columns, "equity."+r.Name)
	}
	out := newTable(columns...)
	for w := range b.Salience.Mean {
		row := []any{w + 1, t.weekDate(w), b.Salience.Mean[w], b.Equity.Mean[w]}
		for _, r := range b.Salience.Regions {
			row = append(row, r.Values[w])
		}
		for _, r := range b.Equity.Regions {
			row = append(row, r.Values[w])
		}
		out.add(row...)
	}
	return out
}
