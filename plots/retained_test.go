package plots

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// No title speaks of the share that stays of a handful of customers: 100% of one is none.
func TestNoTitleOfAHandful(t *testing.T) {
	share := func(v float64) analysis.Estimate { return analysis.Estimate{Value: v, Low: v, High: v, N: 10} }
	r := Retained{Source: picture.Source{Replications: 10}, Months: 12, Company: 0.8, Groups: []RetainedGroup{{Name: "Channel",
		Slices: []RetainedSlice{{Name: "one", Won: 0.1, Share: share(1)}, {Name: "other", Won: 2.9, Share: share(0.7)}}}}}
	assert.Equal(t, "Too few customers were won to tell who stays", r.finding())
	r.Groups[0].Slices[1].Won, r.Groups[0].Slices[0].Won = 40, 30
	assert.Equal(t, "After 12 months 100% of customers from one are still there, and 70.0% from other", r.finding())
}

// A slice that stands beyond those of the title and is not in it is named under the picture.
func TestSlicesThatTheTitleLeavesOutAreNamed(t *testing.T) {
	share := func(v float64) analysis.Estimate { return analysis.Estimate{Value: v, Low: v, High: v, N: 10} }
	r := Retained{Source: picture.Source{Replications: 100}, Months: 12, Company: 0.8, Groups: []RetainedGroup{{Name: "Channel",
		Slices: []RetainedSlice{{Name: "search", Won: 600, Share: share(0.8)}, {Name: "partners", Won: 395, Share: share(0.7)},
			{Name: "mail", Won: 5, Share: share(0.6)}}}}}
	assert.Equal(t, "The sentence above leaves out those with less than 1% of the customers won, or fewer than 30 in all runs: mail.",
		r.LeftOut())
	r.Groups[0].Slices[2].Won = 50
	assert.Empty(t, r.LeftOut())
}

// The cells that the title leaves out are told from the others.
func TestSmallCellsStandInBrackets(t *testing.T) {
	h := Heat{Source: picture.Source{Replications: 100}, Measure: words.Measure{Name: "ltv_cac", Unit: "ratio"}, RowsAre: "channel",
		ColumnsAre: "size", Rows: []string{"mail", "partners"}, Columns: []string{"1-4", "20-99"},
		Values: [][]float64{{0.3, 0.5}, {5.1, 16.8}}, Weights: [][]float64{{50, 50}, {99, 1}}}
	p, err := h.Picture()
	assert.NoError(t, err)
	assert.Contains(t, p.Title, "highest for partners, size 1-4 (5.1)")
	svg, err := p.SVG()
	assert.NoError(t, err)
	assert.Contains(t, string(svg), ">(16.8)<")
	assert.Contains(t, string(svg), ">5.1<")
}

// Pictures and tables have one rule: what is never is the highest, what is missing is left out.
func TestNeverIsTheHighest(t *testing.T) {
	values := []float64{math.NaN()}
	for i := range 95 {
		values = append(values, float64(i))
	}
	for range 4 {
		values = append(values, math.Inf(1))
	}
	s := NewSample(values)
	assert.InDelta(t, 93.1, s.p95, 1e-9)
	assert.InDelta(t, 49, s.p50, 1e-9)
	d := Distribution{Measure: words.Measure{Name: "burn_multiple", Unit: "ratio"}, Sample: s}
	assert.Equal(t, "90% 5 to 93, 1 missing, 4 never", d.cellNumbers(&s))
	d.Sample = NewSample(append(slices.Clone(values), slices.Repeat([]float64{math.Inf(1)}, 60)...))
	assert.Equal(t, "90% 8 to never, 1 missing, 64 never", d.cellNumbers(&d.Sample))
	p, err := d.Picture()
	assert.NoError(t, err)
	assert.Equal(t, "Burn multiple: 7.9 to never in 9 of 10 runs that have a value", p.Title)
}

// A bar says its share as the table beside it does.
func TestBarsSaySharesAsTablesDo(t *testing.T) {
	assert.Equal(t, "−81.2%", valueText(words.Percent, -0.812, -0.9, -0.7, false))
	assert.Equal(t, "−0.41%", valueText(words.Percent, -0.0041, -0.01, 0.002, false))
	assert.Equal(t, "0.1%", valueText(words.Percent, 0.000545, 0, 0.095, false), "no more than the interval leaves")
	assert.Equal(t, "35.7%", valueText(words.Percent, 0.357, 0.3, 0.4, false))
	assert.Equal(t, "1.42%", valueText(words.Percent, 0.01417, 0.0141, 0.0143, true), "as the sentence beside it")
	assert.Equal(t, "6.6%", valueText(words.Percent, 0.0659, 0.064, 0.068, true), "as the sentence beside it")
	assert.Equal(t, "4.1%", valueText(words.Percent, 0.0413, 0.02, 0.06, true), "no more than the interval leaves")
}

// Two stocks that go alike are said once.
func TestStocksThatGoAlikeAreSaidOnce(t *testing.T) {
	b := Brand{Salience: Stock{Mean: []float64{1, 0.42}}, Equity: Stock{Mean: []float64{1, 0.42}}}
	assert.Equal(t, "Salience and equity both go from 1.000 to 0.420", b.finding(timeline{}))
}

// Bars of different length do not read alike.
func TestBarsOfDifferentLengthReadDifferently(t *testing.T) {
	at := func(vs ...float64) []picture.Line {
		l := picture.Line{}
		for _, v := range vs {
			l.Points = append(l.Points, analysis.Estimate{Value: v, Low: v - 0.001, High: v + 0.001})
		}
		return []picture.Line{l}
	}
	assert.Equal(t, [][]string{{"1.49%", "1.54%"}}, Bars{Lines: at(0.0149, 0.0154)}.valueTexts(words.Percent))
	assert.Equal(t, [][]string{{"1.5%", "8.2%"}}, Bars{Lines: at(0.0149, 0.082)}.valueTexts(words.Percent))
	assert.Equal(t, [][]string{{"1.5%", "1.5%"}}, Bars{Lines: at(0.0149, 0.01491)}.valueTexts(words.Percent), "of one length to the eye")
	assert.Equal(t, [][]string{{"21%", "4%"}}, Bars{Lines: at(0.21, 0.04)}.valueTexts(words.Percent), "as in the table")
	assert.Equal(t, [][]string{{"21.0%", "4.5%"}}, Bars{Lines: at(0.21, 0.045)}.valueTexts(words.Percent))
}

// A value that bars should reach is on the axis though none does, and a note says what it is.
func TestBarsShowWhatTheyShouldReach(t *testing.T) {
	b := Bars{ValueName: "Share", Percent: true, Labels: []string{"a"}, Wanted: 0.8, WantedFor: "a test should reach",
		Lines: []picture.Line{{Points: []analysis.Estimate{{Value: 0.1, Low: 0.05, High: 0.15}}}}}
	p, err := Compose(b)
	require.NoError(t, err)
	svg, err := p.SVG()
	require.NoError(t, err)
	assert.Contains(t, string(svg), ">80%</text>")
	assert.Contains(t, p.page.notes, "Dashed line: 80%, which a test should reach.")
	b.Wanted = 0
	p, err = Compose(b)
	require.NoError(t, err)
	svg, err = p.SVG()
	require.NoError(t, err)
	assert.NotContains(t, string(svg), ">80%</text>")
	assert.Len(t, p.page.notes, 1)
}

// A note says at which position the numbers stand that are at the ends of lines.
func TestEndsOfLinesSayWhere(t *testing.T) {
	for axis, want := range map[string]string{
		"time to answer, hours":                         "at 48 hours",
		"budget, times the plan's":                      "at 48 times the plan's",
		"spend, USD per week":                           "at $48 per week",
		"budget moved, number of moves":                 "at 48 moves",
		"channels that share the money, number":         "at 48 channels that share the money",
		"response":                                      "at response 48",
		"media, brand and sales people, 1 = as planned": "at 48 (1 = as planned)",
	} {
		assert.Equal(t, want, Curve{XName: axis, X: []float64{1, 48}}.end())
	}
	assert.Equal(t, "at 30% of all", Curve{XName: "seen, share of all", X: []float64{0.1, 0.3}}.end())
	assert.Equal(t, "at the third", Curve{Ticks: []string{"a", "the third"}, X: []float64{1, 2}}.end())
}

// What was counted is drawn through, has no interval in the table, and a number beside it is that of a point, not of a
// week.
func TestWhatWasSeenIsALine(t *testing.T) {
	e := []analysis.Estimate{{Value: 5, Low: 4, High: 6}, {Value: 6, Low: 5, High: 7}}
	seen := []analysis.Estimate{{Value: 5, Low: 5, High: 5}, {Value: 7, Low: 7, High: 7}}
	lines := []picture.Line{{Name: "your history", Points: seen, Seen: true}, {Name: "the plan", Points: e}}
	for _, a := range newLines("", "", words.Plain, []float64{1, 5}, lines, true, true).annotations {
		if ends, ok := a.(endLabels); ok {
			assert.Empty(t, ends.labels[0].line.Dashes)
			assert.NotEmpty(t, ends.labels[1].line.Dashes)
		}
	}
	c := Curve{Start: date(2024, 1, 1), XName: "Date (middle of each period)", YName: "Leads per period", Bands: "95% of runs",
		X: []float64{1, 5}, Lines: lines}
	p, err := c.Picture()
	require.NoError(t, err)
	csv, err := p.CSV()
	require.NoError(t, err)
	assert.Contains(t, string(csv), "2024-01-01,your history,5,,\n")
	assert.Contains(t, string(csv), "2024-01-01,the plan,5,4,6\n")
	assert.Contains(t, p.page.notes, "Numbers at the lines' ends: values of the last point drawn.")
}
