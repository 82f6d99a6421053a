package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// A ratio that is the same up to rounding is the same: no bell of its last digits.
func TestAConstantHasNoBell(t *testing.T) {
	d := Distribution{Source: testSource, Measure: words.Measure{Name: "gross_margin_share", Unit: "share"}}
	values := make([]float64, 200)
	for i := range values {
		values[i] = 0.7 + float64(i%7)*1e-16
	}
	d.Sample = NewSample(values)
	p, err := d.Picture()
	require.NoError(t, err)
	csv, err := p.CSV()
	require.NoError(t, err)
	assert.NotContains(t, string(csv), "runs in bar")
	assert.Contains(t, p.Title, "in every run")
	values[3] = 0.71 // this one differs
	d.Sample = NewSample(values)
	p, err = d.Picture()
	require.NoError(t, err)
	csv, err = p.CSV()
	require.NoError(t, err)
	assert.Contains(t, string(csv), "runs in bar")
}

// Each line of one picture has a colour of its own, each bar too; more lines have panels.
func TestSeriesHaveColoursOfTheirOwn(t *testing.T) {
	assert.Len(t, seriesStyles, mostSeries)
	assert.Len(t, barFills, mostSeries)
	lines, bars := map[color.Color]bool{}, map[color.Color]bool{}
	for i := range mostSeries {
		lines[seriesStyles[i].Color], bars[barFills[i]] = true, true
	}
	assert.Len(t, lines, mostSeries)
	assert.Len(t, bars, mostSeries)
	p, err := budgetCurve(mostSeries + 1).Picture()
	require.NoError(t, err)
	assert.Contains(t, strings.Join(p.page.notes, " "), "In each panel")
}

// A scatter names its points, or says which it has no room to name.
func TestAScatterNamesItsPoints(t *testing.T) {
	v := Value{Source: testSource}
	for i := range 120 {
		v.Channels = append(v.Channels, ChannelValue{Name: fmt.Sprintf("channel-%03d", i), Won: 10, CAC: 1000 + float64(i%3),
			LTV: 2000 + float64(i%5)})
	}
	p, err := v.Picture()
	require.NoError(t, err)
	svg, err := p.SVG()
	require.NoError(t, err)
	note := p.page.notes[len(p.page.notes)-1]
	require.Contains(t, note, "Without room for a name: ")
	named := 0
	for _, c := range v.Channels {
		if strings.Contains(string(svg), ">"+c.Name+"<") {
			named++
		}
	}
	var more int
	_, err = fmt.Sscanf(note[strings.LastIndex(note, " and ")+5:], "%d more.", &more)
	require.NoError(t, err)
	assert.Equal(t, len(v.Channels), named+unnamedMost+more)

	v.Channels = v.Channels[:1]
	p, err = v.Picture()
	require.NoError(t, err)
	assert.NotContains(t, strings.Join(p.page.notes, " "), "Without room")
}

// A round of funding is a line with its name; titles speak of stretches alone.
func TestAMomentIsMarked(t *testing.T) {
	f := Fan{Source: testSource, Measure: words.Measure{Name: "signups", Unit: "sign-ups"}, Start: date(2013, 1, 7)}
	for w := range 40 {
		x := 50.0
		if w >= 20 && w < 23 {
			x = 40
		}
		for _, s := range []*[]float64{&f.P5, &f.P25, &f.P50, &f.P75, &f.P95} {
			*s = append(*s, x)
		}
	}
	day := date(2013, 1, 7).AddDate(0, 0, 7*10)
	f.Spans = []picture.Span{{Name: "Funding $1M", From: day, To: day},
		{Name: "Pause", From: date(2013, 1, 7).AddDate(0, 0, 7*20), To: date(2013, 1, 7).AddDate(0, 0, 7*23)}}
	p, err := f.Picture()
	require.NoError(t, err)
	assert.Contains(t, p.Title, "Pause, ")
	assert.Contains(t, p.Title, "20% below")
	svg, err := p.SVG()
	require.NoError(t, err)
	assert.Contains(t, string(svg), "Funding $1M, 18 Mar")
	assert.Equal(t, "18 Mar 2013", picture.Span{From: day, To: day}.Label())
}

// Weeks of a run stand on dates: a stock at its week's end, a flow in its middle.
func TestWeeksStandOnDates(t *testing.T) {
	for _, c := range []struct {
		end  bool
		x    float64
		name string
	}{{true, 14, "Date (values at each week’s end)"}, {false, 10.5, "Date (weekly values)"}} {
		line := picture.Line{Name: "cash"}
		for range 8 {
			line.Points = append(line.Points, analysis.Estimate{Value: 1, Low: 0, High: 2})
		}
		p, err := Curve{Source: testSource, Finding: "Cash", YName: "Cash (USD)", X: []float64{1, 2, 3, 4, 5, 6, 7, 8},
			Start: date(2013, 1, 7), AtWeekEnd: c.end, Lines: []picture.Line{line}}.Picture()
		require.NoError(t, err)
		assert.Equal(t, c.name, p.page.axes[0].Name)
		assert.InDelta(t, c.x, newTimeline(date(2013, 1, 7), 8, c.end, nil).x(1), 0)
		csv, err := p.CSV()
		require.NoError(t, err)
		assert.Contains(t, string(csv), "\n2,2013-01-14,cash,1,0,2\n")
	}
}

// Rows are in the order of the size that the title names, and what is not known is last.
func TestBarsAreSorted(t *testing.T) {
	b := picture.Bars{Labels: []string{"a", "b", "c", "d"}, Lines: []picture.Line{
		{Name: "x", Points: estimates(0, 1, -9, 3, math.NaN())}, {Name: "y", Points: estimates(0, 2, 1, -4, math.NaN())}}}
	b.Sort(func(row int) float64 {
		if math.IsNaN(b.Lines[0].Points[row].Value) {
			return math.NaN()
		}
		most, _ := b.Largest(row)
		return math.Abs(most)
	})
	assert.Equal(t, []string{"b", "c", "a", "d"}, b.Labels)
	assert.InDelta(t, -9, b.Lines[0].Points[0].Value, 0)
	assert.InDelta(t, -4, b.Lines[1].Points[1].Value, 0)
}

// The name of the vertical axis of a heat map ends before what is in its cells is named.
func TestHeatNamesDoNotOverprint(t *testing.T) {
	h := Heat{Source: testSource, Measure: words.Measure{Name: "lifetime_margin", Unit: "USD"},
		RowsAre: strings.Repeat("channels.paid-search.weekly_budget ", 3), ColumnsAre: "x", Rows: []string{"a"},
		Columns: []string{"b"}, Values: [][]float64{{1}}}
	p, err := h.Picture()
	require.NoError(t, err)
	name := p.page.axes[1].Name
	style := typeStyle(labelSize, nil)
	key := bold(style).Width(heatKey{h}.text(pageWidth() - 2*pageMargin()))
	assert.LessOrEqual(t, float64(style.Width(name)+key), float64(pageWidth()-2*pageMargin()-vg.Length(17)))
}

// A funnel only narrows: what later stages need not pass is named below it.
func TestAFunnelOnlyNarrows(t *testing.T) {
	kept, others := Narrowing([]Stage{{Name: "Buyers in the market", Mean: 50}, {Name: "Engaged", Mean: 12}, {Name: "Leads", Mean: 18},
		{Name: "Won", Mean: 2}})
	assert.Equal(t, []string{"engaged"}, others)
	require.Len(t, kept, 3)
	for i := range kept[1:] {
		assert.GreaterOrEqual(t, kept[i].Mean, kept[i+1].Mean)
	}
	assert.Contains(t, Funnel{LeftOut: others}.Notes()[1], "engaged")
}
