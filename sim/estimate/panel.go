package estimate

import (
	"fmt"
	"math"
)

// Panel is what an analyst has: an outcome by region and week, and who was treated when.
type Panel struct {
	Outcome  [][]float64 // region x week
	Treated  []bool      // by region; all of them: a national treatment
	From, To int         // weeks of the treatment, the second exclusive
	Until    int         // the first week that no longer counts, for effects that outlast the treatment; 0: To
}

// Estimate is what an estimator says of the effect.
type Estimate struct {
	Total      float64 // effect on the treated regions, in all weeks that count together
	Low, High  float64 // 95% interval; an end is infinite if the test refuses no effect on that side
	P          float64 // of the two-sided test that there is no effect
	Applicable bool
	Reason     string // why not
}

// Method is an estimator with its name.
type Method struct {
	Name     string // as in files
	Title    string
	Estimate func(Panel) Estimate
	Promises string // when its test has the size that it states
}

// Methods are the estimators of this package.
var Methods = []Method{
	{"series", "interrupted time series", Series,
		"approximately, if errors are AR(1) around a straight trend and one season, and nothing else happens meanwhile"},
	{"differences", "difference in differences", Differences, "exactly, if the treated regions were chosen at random"},
	{"synthetic", "synthetic control", Synthetic, "exactly, if the treated regions were chosen at random"},
}

// Wins says whether an estimate claims an effect: its interval leaves out 0.
func (e Estimate) Wins() bool { return e.Applicable && (e.Low > 0 || e.High < 0) }

// Covers says whether the interval holds a value.
func (e Estimate) Covers(x float64) bool { return e.Applicable && e.Low <= x && x <= e.High }

// refuse is the estimate of a method that does not apply.
func refuse(format string, args ...any) Estimate {
	nan := math.NaN()
	return Estimate{Total: nan, Low: nan, High: nan, P: nan, Reason: "not applicable: " + fmt.Sprintf(format, args...)}
}

// until is the first week that no longer counts.
func (p Panel) until() int {
	if p.Until == 0 {
		return p.To
	}
	return p.Until
}

// fault says what is wrong with a panel for a method that needs some weeks before the treatment; empty: nothing.
func (p Panel) fault(weeksBefore int) string {
	switch {
	case len(p.Outcome) == 0:
		return "the panel has no region"
	case len(p.Treated) != len(p.Outcome):
		return fmt.Sprintf("%d regions have an outcome, and of %d is known whether they were treated",
			len(p.Outcome), len(p.Treated))
	case p.From < 0 || p.To <= p.From || p.until() < p.To || p.until() > len(p.Outcome[0]):
		return fmt.Sprintf("weeks %d to %d, counted until %d, are no part of the %d weeks of the panel",
			p.From, p.To, p.until(), len(p.Outcome[0]))
	case p.From < weeksBefore:
		return fmt.Sprintf("%d weeks before the treatment, at least %d are needed", p.From, weeksBefore)
	case p.treated() == 0:
		return "no region was treated"
	}
	for r, weeks := range p.Outcome {
		if len(weeks) != len(p.Outcome[0]) {
			return fmt.Sprintf("region %d has %d weeks, the first has %d", r, len(weeks), len(p.Outcome[0]))
		}
		for t, x := range weeks[:p.until()] {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Sprintf("region %d has no number in week %d", r, t)
			}
		}
	}
	return ""
}

func (p Panel) treated() (n int) {
	for _, yes := range p.Treated {
		if yes {
			n++
		}
	}
	return n
}

// sums are the outcome of each region before the treatment and in the weeks that count.
func (p Panel) sums() (before, window []float64) {
	before, window = make([]float64, len(p.Outcome)), make([]float64, len(p.Outcome))
	for r, weeks := range p.Outcome {
		for _, x := range weeks[:p.From] {
			before[r] += x
		}
		for _, x := range weeks[p.From:p.until()] {
			window[r] += x
		}
	}
	return before, window
}

// size is what the treated regions had before, of sums by region.
func (p Panel) size(before []float64) (size float64) {
	for r, yes := range p.Treated {
		if yes {
			size += before[r]
		}
	}
	return size
}
