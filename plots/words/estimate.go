package words

import (
	"fmt"
	"math"

	"windfall/sim/analysis"
)

// With is an estimate with half of its interval, as a table has it: 412 ± 15. What is no number says
// so: never, or a dash.
func With(f Format, e analysis.Estimate) string {
	if !e.Known() {
		return f.Text(e.Value)
	}
	if e.Needs > 0 || math.IsInf(e.HalfWidth(), 0) { // no interval, or an open one
		return Ends(f.Text, e)
	}
	value, reach := f.WithError(e.Value, e.HalfWidth())
	if e.HalfWidth() == 0 {
		return value
	}
	return value + " ± " + reach
}

const inEveryRun = " in every run"

// still says whether a number was the same in every run: that is said in place of an interval of no length, since
// another run may differ.
func still(e analysis.Estimate) bool {
	return e.Known() && e.N > 0 && e.Needs == 0 && !e.Tied && e.Error == 0 && e.HalfWidth() == 0
}

// Say is an estimate as a sentence has it, to three significant digits: $2.74M ± $0.06M. A smaller margin of error is
// one of the third digit; one of 0 is not said. Counts below 10,000 are in full, money below
// 100 has its cents.
func Say(f Format, e analysis.Estimate) string {
	half := e.HalfWidth()
	switch {
	case !e.Known(), e.Needs > 0, math.IsInf(half, 0), math.IsNaN(half):
		return With(f, e)
	case !(half > 0), half < 1e-10*math.Abs(e.Value): // noise of rounding
		return f.Text(e.Value)
	case e.Value == 0, f.IsMoney() && math.Abs(e.Value) >= 1 && math.Abs(e.Value) < 100: // cents
		return With(f, e)
	}
	value, reach := f.rounded(e.Value, half, sentenceDigits)
	return value + " ± " + reach
}

// SayChange is a difference as a sentence has it, of shares in percentage points.
func SayChange(f Format, e analysis.Estimate) string {
	if f != Percent || !e.Known() || e.Needs > 0 {
		return Say(f, e)
	}
	return Change(f, e)
}

// Change is a difference with half of its interval, of shares in percentage points:
// 0.89 ± 0.12 points, or where the interval is not even −6.7 (−15.9 to −0.25) points.
func Change(f Format, e analysis.Estimate) string {
	if f != Percent || !e.Known() || e.Needs > 0 {
		return With(f, e)
	}
	const least = 1e-4 // points below which only that is said
	points := e.Times(100)
	text, reach := Plain.WithError(points.Value, points.HalfWidth())
	switch a := math.Abs(points.Value); {
	case a > 0 && a < least && points.HalfWidth() < least && points.Value > 0:
		text, reach = "<0.0001", "<0.0001"
	case a > 0 && a < least && points.HalfWidth() < least:
		text, reach = ">−0.0001", "<0.0001"
	}
	if uneven(points) {
		return fmt.Sprintf("%s (%s to %s) points", text, Plain.Text(points.Low), Plain.Text(points.High))
	}
	if points.HalfWidth() == 0 {
		return text + " points"
	}
	return text + " ± " + reach + " points"
}

// uneven says whether an interval reaches farther on one side than on the other, so that half of it would mislead.
func uneven(e analysis.Estimate) bool {
	up, down := e.High-e.Value, e.Value-e.Low
	return math.Abs(up-down) > 0.1*(up+down)
}

// Points is the change of a chance in percentage points: 4.0 ± 2.1, or where the interval is not even 4.0 (−3.4 to
// 13.5).
func Points(e analysis.Estimate) string {
	points := e.Times(100)
	if text := With(Plain, points); !e.Known() || e.Needs > 0 || math.IsInf(points.HalfWidth(), 0) || !uneven(points) {
		return text
	}
	texts := Plain.Alike(points.Value, points.Low, points.High)
	return fmt.Sprintf("%s (%s to %s)", texts[0], texts[1], texts[2])
}

// Ends is a number with its 95% interval: 412 (397 to 427). What is no number has none, nor has what reads the same at
// both ends.
func Ends(write func(float64) string, e analysis.Estimate) string {
	value := write(e.Value)
	switch {
	case !e.Known():
		return Plain.Text(e.Value)
	case e.Needs == 0 && write(e.Low) == value && write(e.High) == value:
		return value
	}
	return value + " (" + Interval(write, e) + ")"
}

// SayEnds is a number with its 95% interval as a sentence has it, which says of one that did not differ just that.
func SayEnds(write func(float64) string, e analysis.Estimate) string {
	if still(e) && e.Value != 0 {
		return write(e.Value) + " (the same" + inEveryRun + ")"
	}
	return Ends(write, e)
}

// Share is a share with its 95% interval: 12.4% (8% to 17%).
func Share(e analysis.Estimate) string {
	if !e.Known() {
		return Percent.Text(e.Value)
	}
	end := func(v float64) string {
		if math.Abs(v) < 0.001 { // of the ends, only what is near nothing is no finer than that
			return Percent.Within(v, e.Low, e.High)
		}
		return Percent.Text(v)
	}
	return Percent.Within(e.Value, e.Low, e.High) + " (" + Interval(end, e) + ")"
}

// Within writes a number of which an interval is known. A small percentage whose interval is a point wide or wider has
// one decimal: 0.1% of 0% to 9.5%, not 0.0545%.
func (f Format) Within(v, low, high float64) string {
	if f == Percent && math.Abs(v) < 0.01 && high-low >= 0.01 {
		return trimZeros(f.write(v, 1, "", 1), f)
	}
	return f.Text(v)
}

// Interval is a 95% interval, 397 to 427, or how many runs it needs.
func Interval(write func(float64) string, e analysis.Estimate) string {
	if e.Needs > 0 {
		return e.Short()
	}
	if still(e) {
		return write(e.Value) + inEveryRun
	}
	return write(e.Low) + " to " + write(e.High)
}

// Between writes an interval, whose ends may lie outside of what was seen.
func Between(f Format, e analysis.Estimate) string {
	end := func(x float64, open string) string {
		if math.IsInf(x, 0) {
			return open
		}
		return f.Text(x)
	}
	switch {
	case math.IsNaN(e.Value) || e.Low == e.High && e.Never():
		return ""
	case e.Needs > 0:
		return e.Short()
	case still(e):
		return f.Text(e.Value) + inEveryRun
	}
	return end(e.Low, "open") + " to " + end(e.High, "open")
}
