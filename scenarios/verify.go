package scenarios

import (
	"errors"
	"fmt"

	"windfall/model"
	"windfall/model/plan"
)

// Report is what a check found about one scenario.
type Report struct {
	Name     string   `json:"scenario"`
	Problems Problems `json:"problems"` // none: the scenario can run
	Warnings Problems `json:"warnings"`
}

// Check loads scenarios and prepares their plans without running them, and
// tells everything that is wrong or worth knowing.
func Check(names []string, opts ...Option) []Report {
	out := make([]Report, len(names))
	for i, name := range names {
		out[i] = checkOne(name, opts)
	}
	return out
}

func checkOne(name string, opts []Option) Report {
	r := Report{Name: name}
	refuse := func(err error) Report {
		if !errors.As(err, &r.Problems) {
			r.Problems = Problems{{File: name, Message: err.Error()}}
		}
		return r
	}
	files, err := Read(name, opts...)
	if err != nil {
		return refuse(err)
	}
	var several []Option
	if files.plain.kid("study") != nil { // an override may be meant for another of its settings
		several = append(several, OneOfSeveral())
	}
	s, b, err := files.open(several)
	if err != nil {
		return refuse(err)
	}
	r.Warnings = s.Warnings
	prepared, err := model.Prepare(s.Plan)
	if err != nil {
		r.Problems = Problems{{File: s.Files[0], Message: err.Error()}}
		return r
	}
	r.Warnings = append(r.Warnings, b.sense(prepared)...).sorted()
	if check := files.l.checkStudy; check != nil && s.Study != nil {
		if err := check(files); err != nil {
			return refuse(err)
		}
	}
	return r
}

func placeOf(o plan.Origin) string {
	if o.File == "" {
		return ""
	}
	return fmt.Sprintf(" (%s:%d)", o.File, o.Line)
}
