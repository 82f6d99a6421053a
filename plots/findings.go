package plots

import (
	"fmt"
	"math"
	"strings"

	"windfall/plots/words"
)

// The titles of pictures: each a finding in one sentence, composed from the
// data that the picture shows.

// finding of a fan: what a shaded span did to a weekly number, or how many runs
// were ruined, or else where the runs end.
func (f Fan) finding(t timeline) string {
	if n := len(f.RuinWeeks); n > 0 && f.Replications > 0 {
		first := f.RuinWeeks[0]
		for _, w := range f.RuinWeeks {
			first = min(first, w)
		}
		return fmt.Sprintf("%s: %s of runs go out of business, the first in %s",
			f.Measure.Called(), words.Percent.Text(float64(n)/float64(f.Replications)), t.month(first-1))
	}
	if !f.AtWeekEnd {
		if s := f.spanFinding(t); s != "" {
			return s
		}
	}
	end := last(f.P50)
	lies := f.Measure.Lies()
	if !f.AtWeekEnd {
		lies = f.Measure.Called() + " per week end"
	}
	lo, hi := f.P5[end], f.P95[end]
	if lo == hi {
		return fmt.Sprintf("%s: %s%s at the end of %s", f.Measure.Called(), f.Measure.Format().Text(lo),
			f.Measure.Suffix(), everyRun(f.Replications))
	}
	return middleNineTenths(lies, f.Measure, lo, hi)
}

// spanFinding says how far a weekly number lies below or above the paired plan
// during the first shaded span, or without a paired plan the four weeks before.
func (f Fan) spanFinding(t timeline) string {
	span, weeks := t.stretch()
	if len(weeks) == 0 {
		return ""
	}
	during := total(f.P50, weeks) / float64(len(weeks))
	var base float64
	var against string
	if f.Compare != nil {
		base = total(f.Compare.Values, weeks) / float64(len(weeks))
		against = "“" + f.Compare.Name + "”"
	} else {
		var before []int
		for w := max(0, weeks[0]-4); w < weeks[0]; w++ {
			before = append(before, w)
		}
		base = total(f.P50, before) / float64(len(before))
		against = "the weeks before"
		if len(before) == 4 {
			against = "the four weeks before"
		}
	}
	if !(base > 0) || math.IsNaN(during) {
		return ""
	}
	return fmt.Sprintf("%s: %s%s %s %s", span.Label(), f.median(), words.Inside(f.Measure.Called()),
		change(during/base-1), against)
}

// change words a relative change: 14% below, 3% above, level with.
func change(share float64) string {
	switch {
	case math.Abs(share) < 0.005:
		return "level with"
	case share < 0:
		return words.Percent.Rounded(-share) + " below"
	}
	return words.Percent.Rounded(share) + " above"
}

// middleNineTenths is the sentence about the 5% and 95% quantiles.
func middleNineTenths(lies string, m words.Measure, lo, hi float64) string {
	a, b := m.Format().Pair(lo, hi)
	between := "between %s and %s%s"
	if strings.HasSuffix(lies, ":") {
		between = "%s to %s%s"
	}
	return lies + " " + fmt.Sprintf(between, a, b, m.Suffix()) + " in 9 of 10 runs"
}

// everyRun says "every run", or what there is.
func everyRun(replications int) string {
	if replications == 1 {
		return "the one run"
	}
	return "every run"
}

func total(values []float64, weeks []int) float64 {
	sum := 0.0
	for _, w := range weeks {
		sum += values[w]
	}
	return sum
}
