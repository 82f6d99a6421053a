package plots

import (
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"windfall/plots/words"
)

// NiceTicks puts ticks at round numbers: multiples of 1, 2, 2.5 or 5 times a
// power of ten, written in one format.
type NiceTicks struct {
	Format words.Format
	Want   int  // about how many; 0 means 5
	Whole  bool // the axis counts things: no step below 1
	// Width is the length of a horizontal axis: there may be fewer ticks, so
	// that their labels in a font of Size do not touch. 0 is a vertical axis.
	Width, Size vg.Length
}

// Ticks implements plot.Ticker.
func (t NiceTicks) Ticks(lo, hi float64) []plot.Tick {
	want := t.Want
	if want == 0 {
		want = 5
	}
	for {
		values, step := t.values(lo, hi, want)
		texts := t.Format.Texts(values, step)
		if !t.fit(texts, step/(hi-lo)) && want > 1 {
			want--
			continue
		}
		ticks := make([]plot.Tick, len(values))
		for i, v := range values {
			ticks[i] = plot.Tick{Value: v, Label: texts[i]}
		}
		return ticks
	}
}

// fit says whether labels that stand a share of the axis apart do not touch.
func (t NiceTicks) fit(labels []string, apart float64) bool {
	if t.Width == 0 || len(labels) < 2 {
		return true
	}
	widest := vg.Length(0)
	for _, label := range labels {
		widest = max(widest, typeStyle(t.Size, nil).Width(label))
	}
	return widest+t.Size <= vg.Length(apart)*t.Width
}

// values are the multiples of the chosen step that lie in the range. A range
// too small to divide has one tick.
func (t NiceTicks) values(lo, hi float64, want int) (values []float64, step float64) {
	width := hi - lo
	if !(width > 1e-9*math.Max(math.Abs(lo), math.Abs(hi))) || math.IsInf(width, 0) {
		return []float64{lo}, math.Max(math.Abs(lo), 1) / 1000
	}
	step = tickStep(width, want, t.Whole)
	first, last := math.Ceil(lo/step-1e-9), math.Floor(hi/step+1e-9)
	for k := first; k <= last; k++ {
		values = append(values, k*step)
	}
	return values, step
}

// tickStep is the round number that divides a width into about so many steps.
func tickStep(width float64, want int, whole bool) float64 {
	step := niceStep(width/float64(want), whole)
	finer := niceStep(step*0.45, whole) // 10 to 5, 5 to 2.5, 2 to 1
	if width/finer-float64(want) < float64(want)-width/step {
		return finer
	}
	return step
}

// niceStep is the smallest round number that is not below a width.
func niceStep(width float64, whole bool) float64 {
	if whole && width <= 1 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(width)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if whole && m*power != math.Trunc(m*power) {
			continue
		}
		if m*power >= width*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// DateTicks puts ticks on a time axis that counts days from Start: Mondays,
// months, quarters or years, whichever is the finest that fits the width. The
// first tick and each January carry the year.
type DateTicks struct {
	Start time.Time
	Width vg.Length // of the axis; 0 means 400 points
}

// calendar are the steps of a time axis: months between ticks (0 is a week),
// the room that a label needs, the finer step that gets small ticks, the label.
var calendar = []struct {
	months, minor int
	room          vg.Length
	layout        string
}{
	{0, -1, 46, "2 Jan"},
	{1, -1, 32, "Jan"},
	{3, 1, 32, "Jan"},
	{6, 3, 32, "Jan"},
	{12, 3, 34, ""},
	{24, 12, 34, ""},
	{60, 12, 34, ""},
	{120, 60, 34, ""},
}

// Ticks implements plot.Ticker.
func (t DateTicks) Ticks(lo, hi float64) []plot.Tick {
	width := t.Width
	if width == 0 {
		width = 400
	}
	for i, c := range calendar {
		days := t.dates(lo, hi, c.months)
		if vg.Length(len(days))*c.room > width && i < len(calendar)-1 {
			continue
		}
		if len(days) < 2 && i > 0 { // a short run may hold one quarter only
			c = calendar[i-1]
			days = t.dates(lo, hi, c.months)
		}
		ticks := make([]plot.Tick, 0, 2*len(days))
		for k, day := range days {
			date := t.date(day)
			label := date.Format(c.layout)
			switch {
			case c.layout == "":
				label = date.Format("2006")
			case k == 0 || date.Month() == time.January && date.Day() <= 7:
				label += "\n" + date.Format("2006")
			default:
				label += "\n " // as high as its neighbours, so that all stand level
			}
			ticks = append(ticks, plot.Tick{Value: day, Label: label})
		}
		if c.minor >= 0 {
			for _, day := range t.dates(lo, hi, c.minor) {
				ticks = append(ticks, plot.Tick{Value: day})
			}
		}
		return ticks
	}
	return nil
}

// dates gives the days of a range, counted from Start, on which a step of so
// many months begins; a step of 0 months is a week of the run.
func (t DateTicks) dates(lo, hi float64, months int) (days []float64) {
	if months == 0 {
		for day := 7 * math.Ceil(lo/7); day <= hi; day += 7 {
			days = append(days, day)
		}
		return days
	}
	first := t.date(lo)
	// Months are counted from January of year 0, so that quarters begin in
	// January, April, July and October.
	for m := (first.Year()*12 + int(first.Month()) - 1) / months * months; ; m += months {
		day := t.day(time.Date(m/12, time.Month(m%12+1), 1, 0, 0, 0, 0, time.UTC))
		if day > hi {
			return days
		}
		if day >= lo {
			days = append(days, day)
		}
	}
}

func (t DateTicks) date(day float64) time.Time {
	return t.Start.AddDate(0, 0, int(math.Floor(day)))
}

func (t DateTicks) day(date time.Time) float64 { return daysBetween(t.Start, date) }

// daysBetween counts days from one date to another.
func daysBetween(from, to time.Time) float64 { return to.Sub(from).Hours() / 24 }
