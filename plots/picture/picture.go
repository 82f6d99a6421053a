// Package picture holds pictures as data: the numbers, what they are called, and the
// finding. Package plots draws one from its data and kind, a page of package report
// lets one touch it; who only makes the data needs neither.
package picture

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"windfall/model/currency"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// Data is a picture that is not drawn yet.
type Data interface {
	Kind() string // bars, curve
}

// Source says where the data of a picture come from. It stands under the title.
type Source struct {
	Scenario     string
	Replications int
	Seed         uint64
	// Note is added to the line, such as Uncertain.
	Note string
	// Currency is the code of that in which amounts are; empty: US dollars.
	Currency string
}

// Money is how amounts are written.
func (s Source) Money() words.Format { return words.MoneyIn(s.Currency) }

// In names the currency in the name of an axis that is written for US dollars.
func (s Source) In(axis string) string {
	return strings.ReplaceAll(axis, currency.Default, currency.Of(s.Currency).Code)
}

// Uncertain is the note of a picture of runs in which so many inputs are drawn: without it they differ by chance alone.
func Uncertain(inputs int) string {
	if inputs == 0 {
		return ""
	}
	return "inputs uncertain"
}

// Subtitle writes the source as the subtitle of a picture.
func (s Source) Subtitle() string {
	var parts []string
	if s.Scenario != "" {
		parts = append(parts, "Scenario "+s.Scenario)
	}
	if s.Replications > 0 { // else what is drawn comes from no run
		parts = append(parts, words.Counted(s.Replications, "run"), fmt.Sprintf("seed %d", s.Seed))
	}
	if s.Note != "" {
		parts = append(parts, s.Note)
	}
	return strings.Join(parts, "  ·  ")
}

// A Span is a stretch of dates to be shaded, such as a pause of brand media: from
// the first day to the day on which it is over. One that is over as it begins is a
// moment, such as the day of a funding round, and is marked by a line.
type Span struct {
	Name     string
	From, To time.Time
}

// Moment tells a day from a stretch of days.
func (s Span) Moment() bool { return !s.From.Before(s.To) }

// Label names a span with its first and last day: "Pause, 1 to 21 Oct 2013".
func (s Span) Label() string {
	last := s.To.AddDate(0, 0, -1)
	if s.Moment() {
		last = s.From
	}
	dates := last.Format("2 Jan 2006")
	switch {
	case !s.From.Before(last): // one day
	case s.From.Month() == last.Month() && s.From.Year() == last.Year():
		dates = s.From.Format("2") + " to " + dates
	case s.From.Year() == last.Year():
		dates = s.From.Format("2 Jan") + " to " + dates
	default:
		dates = s.From.Format("2 Jan 2006") + " to " + dates
	}
	if s.Name == "" {
		return dates
	}
	return s.Name + ", " + dates
}

// A Line is a named series of estimates, one a position. A point without a
// value (NaN) is missing; one whose interval has no length is exact.
type Line struct {
	Name   string
	Points []analysis.Estimate
	Seen   bool // what was counted, or is of one run: neither computed nor a mean
	// Color is the place of its colour among those of lines, from 1, where several pictures show the same; 0: the place
	// of the line.
	Color int
}

// Place is the place of the line's colour from 0, of a line that is drawn at some place.
func (l Line) Place(at int) int {
	if l.Color > 0 {
		return l.Color - 1
	}
	return at
}

// Exact says whether the line was computed, not simulated.
func (l Line) Exact() bool {
	for _, e := range l.Points {
		if !math.IsNaN(e.Value) && (e.Low != e.Value || e.High != e.Value) {
			return false
		}
	}
	return true
}

// Computed says whether the line was worked out, or is as good as that: no interval of it can be seen.
func (l Line) Computed() bool {
	const least = 1e-3 // of the largest
	largest := 0.0
	for _, e := range l.Points {
		largest = max(largest, math.Abs(e.Value))
	}
	return !slices.ContainsFunc(l.Points, func(e analysis.Estimate) bool { return e.HalfWidth() > float64(least*largest) })
}

// Values are the estimates without their intervals.
func (l Line) Values() []float64 {
	out := make([]float64, len(l.Points))
	for i, e := range l.Points {
		out[i] = e.Value
	}
	return out
}

// Ends are the ends of the intervals, where they are known.
func (l Line) Ends() (low, high []float64) {
	for _, e := range l.Points {
		lo, hi := e.Low, e.High
		if math.IsNaN(lo) || math.IsInf(lo, 0) || math.IsNaN(hi) || math.IsInf(hi, 0) {
			lo, hi = e.Value, e.Value
		}
		low, high = append(low, lo), append(high, hi)
	}
	return low, high
}

// Bars are one or a few numbers for each of several names, from zero.
type Bars struct {
	Source
	Finding string // the title
	// Names is what the names are: channel, setting; may be empty. ValueName is NAME, UNIT or
	// NAME (UNIT).
	Names, ValueName string
	Labels           []string
	Percent          bool // Values are shares
	Lines            []Line
	// Figures says that shares have three figures where their intervals leave them known, as in the sentences beside
	// the picture; otherwise as many as in tables.
	Figures bool
	// Ends is what the lines at the ends of the bars hold; empty: 95% intervals of the mean.
	Ends string
	// Wanted is a value that bars should reach, which a dashed line marks; 0: none. WantedFor says what it is, behind the
	// value: a test should reach.
	Wanted    float64
	WantedFor string
}

// Goal names the line at the value that bars should reach: 80%, which a test should reach.
func (b Bars) Goal() string {
	return words.Axis(b.ValueName).Format(b.Percent).Text(b.Wanted) + ", which " + b.WantedFor
}

// Sort puts the rows into the order of a size, the largest first, and those whose size is
// not known last. The title names that order.
func (b *Bars) Sort(size func(row int) float64) {
	order := make([]int, len(b.Labels))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(orLeast(size(k)), orLeast(size(i))) })
	labels, points := slices.Clone(b.Labels), make([][]analysis.Estimate, len(b.Lines))
	for l := range b.Lines {
		points[l] = slices.Clone(b.Lines[l].Points)
	}
	for to, from := range order {
		labels[to] = b.Labels[from]
		for l := range b.Lines {
			points[l][to] = b.Lines[l].Points[from]
		}
	}
	b.Labels = labels
	for l := range b.Lines {
		b.Lines[l].Points = points[l]
	}
}

// Largest is the bar of a row that goes farthest from zero, and the place of its line.
func (b *Bars) Largest(row int) (value float64, line int) {
	for l := range b.Lines {
		if v := b.Lines[l].Points[row].Value; math.Abs(v) > math.Abs(value) {
			value, line = v, l
		}
	}
	return value, line
}

// orLeast is a number, below all others if there is none.
func orLeast(x float64) float64 {
	if math.IsNaN(x) {
		return math.Inf(-1)
	}
	return x
}

// A Curve is one or a few numbers over the values of another.
type Curve struct {
	Source
	Finding string // the title
	// XName and YName are NAME, UNIT or NAME (UNIT).
	XName, YName string
	X            []float64 // ascending
	// Start is the first day of a run whose weeks, from 1, X counts: the axis is a
	// calendar then, and XName is needed for what is not by week. AtWeekEnd says that the numbers are those at
	// each week's end.
	Start     time.Time
	AtWeekEnd bool
	Spans     []Span // of the calendar, to be shaded
	// Ticks are names of the positions, in place of numbers.
	Ticks   []string
	Percent bool // Values are shares
	Log     bool // logarithmic horizontal axis
	Lines   []Line
	// Bands is what the bands hold; empty: 95% intervals of the mean.
	Bands string
	Notes []string // what else is said under it
}

// Heat is a number by two names, such as LTV/CAC by channel and size: a table
// whose cells are the darker the larger the number.
type Heat struct {
	Source
	Measure words.Measure
	// RowsAre and ColumnsAre are what the names are: channel, size.
	RowsAre, ColumnsAre string
	RowsNamed           bool // the title says what the rows are, as it does of the columns
	Rows, Columns       []string
	Values              [][]float64 // by row and column; NaN is missing
	// Weights say how much stands behind each number (customers won); cells with
	// less than a hundredth of all are not worth a title. Nil: all are.
	Weights [][]float64
	Missing string   // why a number is missing: no customer won
	Finding string   // the title; empty: the largest and the smallest cell
	Named   [][2]int // cells of which Finding speaks, by row and column; they are framed
	LowDark bool     // the lower, the darker: of changes, where low is worse
}

// Pause is a weekly number of a plan with something changed for a while, beside
// that of the same plan without it, and under both their difference, pair by
// pair: both plans were run on the same random numbers.
type Pause struct {
	Source
	Measure   words.Measure
	Start     time.Time // first day of the first week
	AtWeekEnd bool      // the numbers are those at each week's end
	Spans     []Span    // the first is what the finding is about
	// With and Without are medians by week; Base is the name of the plan without.
	With, Without []float64
	Base          string
	// The quantiles over pairs of the difference with less without, by week.
	P5, P25, P50, P75, P95 []float64
	// Total is the difference summed over the run, if the number is a flow.
	Total *Quantiles
	// Change is the relative change of the mean while it lasted, which the title tells; nil: that of the medians.
	Change *float64
}

// Quantiles are three of a number over replications.
type Quantiles struct{ P5, P50, P95 float64 }

// Response is what a channel wins at several levels of spend, over the cost of
// the next customer from each level to the one above.
type Response struct {
	Source
	Channel string
	Spend   []float64           // USD a week, ascending
	Won     []analysis.Estimate // customers a week, of all channels
	// Marginal is the cost of one more customer (USD) between a level and the
	// next, one fewer than levels; missing (NaN) where no more were won.
	Marginal []analysis.Estimate
	Worth    float64 // what a customer is worth, USD; NaN is not known
	Now      float64 // today's spend, USD a week; NaN is not known
}

// Tradeoff sets two outcomes of several plans against each other. A plan that no
// other beats in both stands on the edge, which is drawn as a line.
type Tradeoff struct {
	Source
	X, Y         words.Measure
	LessX, LessY bool // less is better
	Plans        []Choice
}

// A Choice is a plan with both outcomes.
type Choice struct {
	Name string
	X, Y analysis.Estimate
	Plan bool // the plan to which the others are alternatives
}

// Kind implements Data.
func (Bars) Kind() string { return "bars" }

// Kind implements Data.
func (Curve) Kind() string { return "curve" }

// Kind implements Data.
func (Heat) Kind() string { return "heat" }

// Kind implements Data.
func (Pause) Kind() string { return "pause" }

// Kind implements Data.
func (Response) Kind() string { return "response" }

// Kind implements Data.
func (Tradeoff) Kind() string { return "tradeoff" }

// EndColumns are the names of the two columns in which the file of a picture has the ends of bands or bars: those of
// 95% intervals unless it is said that they are something else, such as quartiles.
func EndColumns(said string) (low, high string) {
	if strings.HasPrefix(said, "the middle half") {
		return "p25", "p75"
	}
	if said == "" || strings.HasPrefix(said, "95% interval") {
		return "low95", "high95"
	}
	return "low", "high"
}
