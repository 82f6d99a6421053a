package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/metric"
	"windfall/sim/study"
)

// Study lays out what a study found: whether what is expected holds, the settings side by side, and the control.
func Study(a *study.Answer) *Document {
	d := &Document{Question: "study", Scenario: a.Study, Seed: a.Seed, Warnings: a.Warnings,
		Size: words.Counted(a.Replications, "run") + " of each plan",
		Data: func([]string) any { return a }}
	if a.Sentence != "" {
		d.Sentences = []string{a.Sentence}
	}
	d.Lines = []Cell{ToneOfAnswer(a, study.VerdictOf(&a.Finding))}
	if len(a.Changed) > 0 {
		d.Lines = append(d.Lines, Words("Not the shipped numbers: "+strings.Join(a.Changed, ", ")+
			". What is expected was written for the shipped ones."))
	}
	if len(a.Table) > 0 && len(a.Table[0].Outcomes) > 0 {
		d.Sheets = append(d.Sheets, settings(a))
	}
	d.Sheets = append(d.Sheets, Judged("expected", a.Expectations, len(a.Changed) > 0))
	if c := a.Control; c != nil {
		s := Judged("expected of the control", c.Expectations, len(a.Changed) > 0)
		s.Lead = "Control: " + c.Title
		if len(c.Sets) > 0 {
			s.Lead += " (" + strings.Join(c.Sets, ", ") + ")"
		}
		d.Sheets = append(d.Sheets, s)
	}
	return d
}

// settings is the table of outcomes of every setting, as it is printed.
func settings(a *study.Answer) *Sheet {
	s := NewSheet("settings", "Outcomes of the settings", "setting")
	s.Rest = func(rows int) string { return fmt.Sprintf("%d rows more: --all", rows) }
	units := map[string]string{}
	for _, c := range model.NewSchema(&plan.Plan{}).Outcomes {
		units[c.Name] = c.Unit
	}
	for _, o := range a.Table[0].Outcomes {
		s.Columns = append(s.Columns, Column{Name: o.Name, Numeric: true}, Column{Name: "against plan", Numeric: true})
	}
	for _, r := range a.Table {
		row := []Cell{Words(r.Setting)}
		for _, o := range r.Outcomes {
			f := words.FormatOf(o.Name, units[o.Name])
			mean, _ := f.WithError(o.Value.Value, o.Value.HalfWidth())
			row = append(row, withEnds(mean, o.Value), Cell{})
			if d := o.Difference; d != nil {
				value, reach := f.WithError(d.Value, d.HalfWidth())
				row[len(row)-1] = withEnds(value+" ± "+reach, *d)
			}
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// ToneOfAnswer is a text with the tone of a verdict. With numbers of the reader's own (--set) an expectation that does
// not hold is a finding and no fault: it has no cross.
func ToneOfAnswer(a *study.Answer, text string) Cell {
	if len(a.Changed) > 0 && a.Verdict == metric.DoesNotHold {
		return Words("With these numbers: " + text)
	}
	return Toned(text, ToneOf(a.Verdict))
}

// Judged is the table of expectations, under a title; own says that numbers are the reader's own.
func Judged(title string, list []study.Judged, own bool) *Sheet {
	const wide = 44
	s := NewSheet(words.File(title), title, title, "#seen", "95% interval")
	against := study.Against(list)
	if against {
		s.Columns = append(s.Columns, Column{Name: "against", Note: "right side of the claim", Numeric: true})
	}
	s.Columns = append(s.Columns, Column{Name: "claim", Wrap: wide}, Column{Name: "verdict"})
	s.Columns[0].Wrap = wide
	for _, j := range list {
		row := []Cell{Words(expected(j)), Num(j.Seen(j.Value.Value), j.Value.Value),
			Between(j.Seen(j.Value.Low)+" to "+j.Seen(j.Value.High), j.Value.Low, j.Value.High)}
		if against {
			row = append(row, Num(j.Seen(float64(j.Bound)), float64(j.Bound)))
		}
		verdict := Toned(j.Word(), ToneOf(j.Verdict))
		if j.Word() == study.NotContradicted {
			verdict.Tone = Unsure
		}
		if own && j.Verdict == metric.DoesNotHold {
			verdict.Tone = ""
		}
		s.Rows = append(s.Rows, append(row, Words(j.Claim), verdict))
		if note := j.Note(); note != "" {
			s.Notes = append(s.Notes, words.Capital(j.Title)+": "+note+".")
		}
	}
	s.Notes = append(s.Notes, inBraces(list)...)
	s.Shown = len(s.Rows)
	return s
}

// inBraces says what the names in braces are that claims have: formulas of the study, one a note. One that is longer
// than a note should be stands in the study's own file.
func inBraces(list []study.Judged) (notes []string) {
	const longest = 200
	formulas := map[string]string{}
	for _, j := range list {
		maps.Copy(formulas, j.Let)
	}
	for _, name := range slices.Sorted(maps.Keys(formulas)) {
		formula := formulas[name]
		if len(formula) > longest {
			formula = "a formula of the study's own file, in its table study.let"
		}
		notes = append(notes, "In the claims {"+name+"} is "+formula+".")
	}
	return notes
}

// expected names what is expected, and which of several claims came nearest to failing.
func expected(j study.Judged) string {
	if j.Claims < 2 {
		return j.Title
	}
	return j.Title + strings.TrimSuffix(fmt.Sprintf(" (nearest of %d: %s", j.Claims, j.Each), ": ") + ")"
}

// ToneOf is how a verdict is meant.
func ToneOf(v metric.Verdict) Tone {
	switch v {
	case metric.Holds:
		return Good
	case metric.DoesNotHold:
		return Bad
	}
	return Unsure
}

// Settings is the table of outcomes of every setting as it is kept: a row for each of them.
func Settings(a *study.Answer) *Sheet {
	s := NewSheet("settings", "Outcomes of the settings", "setting", "outcome", "#value", "#error", "#low", "#high",
		"#difference", "#difference_low", "#difference_high")
	number := func(x float64) Cell { return Cell{Value: &x} } // one that is never reached, too
	for _, r := range a.Table {
		for _, o := range r.Outcomes {
			row := []Cell{Words(r.Setting), Words(o.Name), number(o.Value.Value), number(float64(o.Value.Error)),
				number(o.Value.Low), number(o.Value.High), {}, {}, {}}
			if d := o.Difference; d != nil {
				row = append(row[:6], number(d.Value), number(d.Low), number(d.High))
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s
}
