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
	switch f.Control.Verdict {
	case metric.Holds:
		return own + "; " + disappears(f.Control)
	case metric.DoesNotHold:
		return own + "; but it stays when the mechanism is switched off, so it is not due to the mechanism alone"
	}
	return own + "; whether it disappears when the mechanism is switched off is too close to call"
}

// disappears words a control that is as it should be.
func disappears(c *Checked) string {
	text := "disappears when the mechanism is switched off, as it should"
	for _, j := range c.Expectations {
		if note := j.Note(); note != "" {
			return text + " (" + note + ")"
		}
	}
	return text
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
