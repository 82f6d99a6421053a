package study

import (
	"fmt"
	"strings"

	"windfall/sim/metric"
)

// Word is a verdict as people read it.
func Word(v metric.Verdict) string {
	switch v {
	case metric.Holds:
		return "confirmed"
	case metric.DoesNotHold:
		return "not confirmed"
	}
	return "too close to call"
}

// VerdictOf words a verdict of the whole study with that of its control. Where the study's own expectations are too
// close to call, or do not hold, that is said of them and not of the control.
func VerdictOf(f *Finding) string {
	if f.Control == nil {
		return Word(f.Verdict)
	}
	own := Word(worst(f.Expectations))
	if len(f.Expectations) == 0 {
		own = Word(f.Verdict)
	}
	for _, j := range f.Control.Expectations {
		if f.Control.Verdict == metric.Holds && j.open() {
			return own + "; nothing contradicts that it disappears when the mechanism is switched off (" + j.Note() + ")"
		}
	}
	return own + "; " + Disappears(f.Control.Verdict)
}

// Disappears words the verdict of a control.
func Disappears(control metric.Verdict) string {
	switch control {
	case metric.Holds:
		return "disappears when the mechanism is switched off, as it should"
	case metric.DoesNotHold:
		return "does not disappear when the mechanism is switched off, as it should"
	}
	return "whether it disappears when the mechanism is switched off is too close to call"
}

// NotContradicted is the word for a claim that holds in all runs, and too few of them to say that it holds beyond them.
const NotContradicted = "not contradicted"

// Word is the verdict of a claim as people read it.
func (j *Judged) Word() string {
	if j.open() {
		return NotContradicted
	}
	return Word(j.Verdict)
}

// within says whether the 95% interval that is shown reaches beyond the limit of a claim that holds.
func (j *Judged) within() bool {
	b := float64(j.Bound)
	return j.Verdict == metric.Holds && j.Value.Low < b && b < j.Value.High
}

// open says whether that interval is all that was judged: a claim with a number for its limit holds where both sides
// are alike in every run, and the interval of 0 of 100 against 0 of 100 still reaches beyond the limit.
func (j *Judged) open() bool { return j.within() && !Against([]Judged{*j}) }

// Note says what an interval does not, where it reaches beyond the limit of a claim that holds.
func (j *Judged) Note() string {
	if !j.within() {
		return ""
	}
	if !j.open() {
		return "the interval is that of the left side alone; judged is the difference of both sides in the same runs, " +
			"which varies less"
	}
	reach := Short(j.Value.HalfWidth())
	if strings.HasSuffix(j.Claim, "%") {
		reach = fmt.Sprintf("%.1f points", 100*j.Value.HalfWidth())
	}
	if j.Value.Value == 0 {
		return fmt.Sprintf("no difference in any of %d runs; so few leave a margin of error of %s", j.Value.N, reach)
	}
	return fmt.Sprintf("the margin of error, %s, reaches beyond the limit", reach)
}
