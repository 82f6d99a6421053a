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
	text := own + "; " + Disappears(f.Control.Verdict)
	for _, j := range f.Control.Expectations {
		if note := j.Note(); note != "" {
			return text + " (" + note + ")"
		}
	}
	return text
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

// Note says what an interval does not: a claim may hold since both sides are alike in every run, and the 95% interval
// still reach beyond the limit, as that of 0 of 100 against 0 of 100.
func (j *Judged) Note() string {
	b := float64(j.Bound)
	if j.Verdict != metric.Holds || !(j.Value.Low < b && b < j.Value.High) {
		return ""
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
