package page

import (
	"fmt"
	"slices"
	"strings"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/value"
)

// ValueOf lays out what knowing is worth before a choice (Value is a cell).
func ValueOf(a *value.Answer, cure Cure) *Document {
	x := valuePage{a, inputs{words.In(a.Currency)}, words.FormatOf(a.Column.Name, a.Unit)}
	said := x.said()
	return &Document{Question: "value", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next, Seed: a.Seed,
		Size:      fmt.Sprintf("%s of %s, both plans", words.Counted(a.Draws, "draw"), words.Counted(a.SeedsPerDraw, "seed")),
		Sentences: said.sentences(), Warnings: x.warnings(cure), Sheets: []*Sheet{x.sheet()}, Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return valueData{warnings, said, a}
		}}
}

// valueData is the answer as programs read it, with what is said of it before the numbers.
type valueData struct {
	Warnings []string `json:"warnings,omitempty"`
	Lines
	*value.Answer
}

// valuePage writes an answer in the unit of its metric.
type valuePage struct {
	*value.Answer
	inputs inputs
	f      words.Format
}

// brings writes an amount of the metric with what it is called: $30 ($20 to $40) of cash at the end.
func (x valuePage) brings(e analysis.Estimate) string {
	said := words.Said(x.Metric)
	if x.Unit != "" && strings.Contains(said, x.Unit) { // 30 customers won
		return words.SayEnds(x.f.Text, e) + " " + said
	}
	return x.worth(e) + " of " + said
}

// worth writes an amount of the metric, with its unit.
func (x valuePage) worth(e analysis.Estimate) string {
	text := words.SayEnds(x.f.Text, e)
	if !x.f.IsMoney() && x.f != words.Percent {
		text += " " + words.Measured(e.Value, x.Unit)
	}
	return text
}

func chance(e analysis.Estimate) string { return words.Share(e) }

// said is the answer.
func (x valuePage) said() Lines {
	l := Lines{Finding: x.finding(), Do: x.do(), Sure: sure(fmt.Sprintf("%s of %s over %s",
		words.Sized(x.Draws-x.Missing, value.Few, "draw"), words.Counted(x.SeedsPerDraw, "seed"),
		words.Counted(x.Weeks, "week")),
		x.Uncertain)}
	for _, w := range x.Warnings {
		if w, ok := w.(decide.RuinSeen); ok && !x.Fails {
			l.Finding = plansFailMostly([]string{x.A, x.B}, func(plan string) analysis.Estimate {
				if plan == x.A {
					return w.Without
				}
				return w.With
			}) + l.Finding
		}
	}
	if x.Fails {
		l.Finding, l.Do = failsAlways(x.Draws*x.SeedsPerDraw, " of both plans")+l.Finding,
			"Mend that first: neither plan keeps the company in business."
	}
	if x.Verdict.Kind == decide.NotApplicable {
		l.Sure = fmt.Sprintf("It rests on %s of %s.", words.Counted(x.Draws, "draw"), words.Counted(x.SeedsPerDraw, "seed"))
	}
	return l
}

// finding says what to find out first, and what that is worth.
func (x valuePage) finding() string {
	switch {
	case x.Verdict.Kind == decide.NotApplicable:
		return fmt.Sprintf("Not applicable: nothing can be valued, since %s.", x.Verdict.Why)
	case x.Verdict.Kind == decide.No && x.f.Text(x.All.High) == x.f.Text(0) && x.f.Text(x.All.Low) == x.f.Text(0):
		return fmt.Sprintf("Nothing is worth measuring: to know every uncertain input is not seen to be worth anything; it "+
			"would change the decision in %s of cases.", chance(x.Changes))
	case x.Verdict.Kind == decide.No:
		return fmt.Sprintf("Nothing is worth measuring: to know every uncertain input would be worth %s and change "+
			"the decision in %s of cases.", x.worth(x.All), chance(x.Changes))
	case x.Together:
		return fmt.Sprintf("Measure several inputs together: no single one changes the decision, and to know all is "+
			"worth %s and changes it in %s of cases.", x.worth(x.All), chance(x.Changes))
	}
	top := &x.Inputs[0]
	rival := ""
	if x.Rival != nil {
		rival = fmt.Sprintf(" Too close to call against %s.", x.called(x.Rival))
	}
	all := ""
	if x.All.Value > top.Value.Value {
		all = fmt.Sprintf("; to know all inputs is worth %s", x.worth(x.All))
	}
	return fmt.Sprintf("Measure %s first: to know it is worth %s and changes the decision in %s of "+
		"cases%s.%s", x.called(top),
		x.worth(top.Value), chance(top.Changes), all, rival)
}

// called is what people call an input.
func (x valuePage) called(k *value.Knowledge) string {
	if k.Of.Name == "" {
		return k.Input
	}
	return x.inputs.name(k.Of)
}

// do says which plan to take on current knowledge, and what would change that.
func (x valuePage) do() string {
	if x.Verdict.Kind == decide.NotApplicable {
		return "Judge by another outcome, which has a number here."
	}
	one, other, by := x.Better()
	verb := "take"
	if one == x.A {
		verb = "keep"
	}
	text := fmt.Sprintf("On current knowledge, %s %s: it beats %s by %s.", verb, thePlan(one), thePlan(other),
		x.brings(by))
	if !(by.Low > 0) {
		text = fmt.Sprintf("On current knowledge, %s and %s are too close to call: they differ by %s.",
			thePlan(x.A), thePlan(x.B),
			x.brings(x.Difference))
	}
	if x.Verdict.Kind == decide.Yes && !x.Together {
		if top := &x.Inputs[0]; top.Turns != nil {
			_, per := x.inputs.called(top.Of)
			text += fmt.Sprintf(" Take %s if %s turns out %s%s (%s).", thePlan(x.B), x.called(top), x.turns(top), per,
				x.between(top))
		}
	}
	return text
}

// turns says where B takes over: above 0.3.
func (x valuePage) turns(k *value.Knowledge) string {
	side := "below "
	if k.Turns.Above {
		side = "above "
	}
	return side + x.inputs.value(k.Of, k.Turns.Chances[0])
}

func (x valuePage) between(k *value.Knowledge) string {
	return x.inputs.value(k.Of, k.Turns.Chances[1]) + " to " + x.inputs.value(k.Of, k.Turns.Chances[2])
}

func (x valuePage) warnings(cure Cure) (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.FewRuns:
			out = append(out, cure.few(w))
		case decide.LeftOut:
			out = append(out, fmt.Sprintf("%s has no number in %s of %s, which are left out", words.Said(w.What),
				words.Counted(w.Has, "draw"), words.Thousands(w.Of)))
		}
	}
	if some := someFail(x.Warnings); some != "" && !x.Fails { // which the finding says
		out = append(out, some)
	}
	return out
}

// sheet is the table of what knowing each input is worth.
func (x valuePage) sheet() *Sheet {
	s := NewSheet("inputs", "What knowing is worth before choosing between A and B",
		"knowing", "±is worth", "±changes the decision", "#B takes over", "95% interval")
	s.Columns[4].File = "between"
	worth := func(e analysis.Estimate) Cell { return withEnds(words.Ends(x.f.Text, e), e) }
	s.Row("all inputs", worth(x.All), share(x.Changes), "", "")
	s.Shown = 1
	for i := range x.Inputs {
		k := &x.Inputs[i]
		turns, between := Words("nowhere"), ""
		if k.Turns != nil {
			turns, between = Num(x.turns(k), float64(k.Turns.At)), x.between(k)
		}
		s.Row(k.Input, worth(k.Value), share(k.Changes), turns, between)
		if worthSome(k.Value) && s.Shown < mostRows {
			s.Shown++ // they are sorted: the others are worth nothing
		}
	}
	s.Notes = []string{fmt.Sprintf("A is %s, B is %s (95%% intervals).", thePlan(x.A), thePlan(x.B)),
		fmt.Sprintf("The inputs explain %s of the variance of the difference, on draws that the regression has not seen; "+
			"the rest is random variation, or more than the regression can follow.", words.Percent.Text(float64(x.Explained)))}
	return s
}

// worthSome says whether it may be worth something to know an input.
func worthSome(e analysis.Estimate) bool { return !(e.Value == 0 && e.Low == 0 && e.High == 0) }

// pictures show what knowing is worth, of inputs that may be worth something.
func (x valuePage) pictures() []Picture {
	bars := picture.Bars{Source: picture.Source{Scenario: x.Scenario, Replications: x.Draws * x.SeedsPerDraw, Seed: x.Seed,
		Note: picture.Uncertain(len(x.Inputs))}, Ends: "95% intervals", Names: "knowing",
		ValueName: fmt.Sprintf("Worth, %s (%s)", words.Said(x.Metric), x.Unit),
		Finding: "What knowing is worth before choosing between " + thePlan(x.A) + " and " + thePlan(x.B) +
			", the most first",
		Lines: []picture.Line{{Name: "worth"}}}
	add := func(name string, e analysis.Estimate) {
		if Drawable(e) {
			bars.Labels, bars.Lines[0].Points = append(bars.Labels, name), append(bars.Lines[0].Points, e)
		}
	}
	add("all inputs", x.All)
	for _, k := range x.Inputs[:min(mostRows, len(x.Inputs))] {
		if worthSome(k.Value) {
			add(k.Input, k.Value)
		}
	}
	seen := func(e analysis.Estimate) bool { return e.Value > 0 }
	if len(bars.Labels) < 2 || !slices.ContainsFunc(bars.Lines[0].Points, seen) {
		return nil // one bar, or intervals without a bar, show no more than the sentence says
	}
	bars.Sort(func(row int) float64 { return bars.Lines[0].Points[row].Value })
	return []Picture{{Name: "worth", Data: bars}}
}
