package page

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
)

// said is the answer.
func (x comparePage) said() Lines {
	l := Lines{Sure: sure(x.pairs(), x.Inputs)}
	if len(x.Against) == 1 {
		l.Finding, l.Do = x.sentence(&x.Against[0]), x.doWithTwo(&x.Against[0])
	} else {
		l.Finding, l.Do = x.best(), x.doWithBest()
	}
	if x.FailsAlways() && x.Outcome != decide.Ruin {
		l.Finding = failsAlways(x.Replications, " of every plan") + l.Finding
		l.Do = "Mend that first: none of these plans keeps the company in business."
	} else if x.Outcome != decide.Ruin && len(x.Ranking) > 0 {
		plans := []string{x.base()}
		if top := x.Ranking[0].Plan; top != x.base() && len(x.Against) > 1 { // of two plans the sentence says it
			plans = append(plans, top)
		}
		l.Finding = plansFailMostly(plans, func(plan string) analysis.Estimate { return x.place(plan).Ruin }) + l.Finding
	}
	if x.Replications == 1 {
		l.Sure = "It rests on " + x.pairs() + "."
	}
	return l
}

// f is the format of the metric.
func (x comparePage) f() words.Format {
	c := x.Against[0].Metric.Column
	var values []float64
	for _, a := range x.Against {
		values = append(values, a.Metric.A.Value, a.Metric.B.Value)
	}
	f, _ := words.Fitting(c.Name, c.Unit, values...)
	return f
}

// neither says that no way of the metric is better.
func (x comparePage) neither() bool { return x.Against[0].Metric.Column.Direction == plan.Neither }

// doWithTwo says what to do with one plan beside the first. Nothing is advised that another number denies.
func (x comparePage) doWithTwo(b *compare.Against) string {
	switch b.Verdict.Kind {
	case decide.NotApplicable:
		if x.neither() {
			return fmt.Sprintf("Choose by another outcome: neither way of %s is better.", words.Said(b.Metric.Column.Name))
		}
		return "Choose by another outcome, which has a number here."
	case decide.Yes:
		return x.take(b.Plan, x.base())
	case decide.No:
		return x.take(x.base(), b.Plan)
	}
	switch n := words.Roughly(b.Would); {
	case b.Metric.Identical && (b.Same || b.Metric.Difference.Needs == 0):
		return "Choose for other reasons."
	case x.Replications < decide.FewPairs:
		return fmt.Sprintf("Choose for other reasons, or run more: "+
			"%s.", x.more())
	case n > x.Replications && x.Inputs == 0:
		return fmt.Sprintf("Choose for other reasons; about %s would show a difference of "+
			"1%%.", words.Counted(n, "pair"))
	}
	return "Choose for other reasons: if there is a difference, it is a small one beside this margin of error."
}

// take says to take a plan rather than another, and what speaks against that.
func (x comparePage) take(better, worse string) string {
	verb := "Take"
	if better == x.base() {
		verb = "Keep"
	}
	plan := thePlan(better)
	for _, w := range x.Warnings {
		if o, ok := w.(decide.SaysOtherwise); ok && (o.Plan == better || o.Plan == worse) {
			return fmt.Sprintf("Do not decide by %s alone: %s, which counts the whole business, says "+
				"otherwise.", words.Said(x.Metric), words.Said(o.Metric))
		}
	}
	if x.riskier(better, worse) {
		return fmt.Sprintf("%s %s only if a higher chance to go out of business is acceptable.", verb, plan)
	}
	if x.place(better).FarPrice {
		return fmt.Sprintf("Test %s on a small move first: its price goes further than the record of what "+
			"customers do covers.", plan)
	}
	if p := x.place(better); x.Counts && p.Value.Known() && p.Value.High < 0 {
		return fmt.Sprintf("%s %s, which loses less; it still loses money.", verb, plan)
	}
	return fmt.Sprintf("%s %s.", verb, plan)
}

// place is that of a plan in the ranking.
func (x comparePage) place(plan string) *compare.Place {
	for i := range x.Ranking {
		if x.Ranking[i].Plan == plan {
			return &x.Ranking[i]
		}
	}
	return &compare.Place{}
}

// riskier says whether a plan is seen to fail more often than another.
func (x comparePage) riskier(plan, than string) bool {
	a, b := x.place(plan).Ruin, x.place(than).Ruin
	return x.Outcome != "out_of_business" && a.Known() && b.Known() && a.Value > b.Value && analysis.Apart(a, b)
}

// best is the finding of several plans: the best of them, and which are too close to call.
func (x comparePage) best() string {
	top, f := x.Ranking[0], x.f()
	switch {
	case x.Replications == 1:
		return x.sentence(&x.Against[0])
	case !top.Value.Known() && !top.Value.Never():
		return fmt.Sprintf("Not applicable: %s of no plan has a value: %s.", words.Said(x.Metric), top.Value.Reason)
	case x.neither():
		return fmt.Sprintf("Not applicable: neither way of %s is better; it is highest in %s (%s).", words.Said(x.Metric),
			thePlan(top.Plan),
			words.Say(f, top.Value))
	case len(top.Close) == len(x.Ranking)-1 && x.closeOnes() == "":
		return fmt.Sprintf("No difference: %s have the same %s in every run.", words.Counted(len(x.Ranking), "plan"),
			words.Said(x.Metric))
	case len(top.Close) == len(x.Ranking)-1:
		return fmt.Sprintf("Too close to call: none of %s is seen to be better in %s than another (%s).",
			words.Counted(len(x.Ranking), "plan"), words.Said(x.Metric), x.closeOnes())
	}
	if x.tiedWithSame(top) {
		return fmt.Sprintf("The best of %s are %s, which are the same in every run: %s of %s in %s.",
			words.Counted(len(x.Ranking), "plan"), words.List(thePlans(top.Plan, top.Close...)), words.Say(f, top.Value),
			words.Said(x.Metric), words.Counted(x.Weeks, "week"))
	}
	if len(top.Close) > 0 {
		return fmt.Sprintf("Too close to call between the best of %s: %s, at about %s of %s in %s.",
			words.Counted(len(x.Ranking), "plan"), words.List(thePlans(top.Plan, top.Close...)),
			words.Say(f, top.Value), words.Said(x.Metric), words.Counted(x.Weeks, "week"))
	}
	text := fmt.Sprintf("The best of %s is %s: %s of %s in %s", words.Counted(len(x.Ranking), "plan"), thePlan(top.Plan),
		words.Say(f, top.Value), words.Said(x.Metric), words.Counted(x.Weeks, "week"))
	if x.MovesPrice && top.Ruin.Known() && x.Outcome != "out_of_business" {
		text += fmt.Sprintf(", out of business in %s of runs", words.Percent.Text(top.Ruin.Value))
	}
	if close := x.closeOnes(); close != "" {
		text += ". Too close to call: " + close
	}
	if same := x.sameOnes(); same != "" {
		text += ". No difference: " + same
	}
	return text + "."
}

// tiedWithSame says whether the best plan is level with others only because they give the same in every run, which
// more runs do not change.
func (x comparePage) tiedWithSame(top compare.Place) bool {
	for _, other := range top.Close {
		if !slices.ContainsFunc(x.Pairs, func(p compare.Pair) bool {
			return same(p) && (p.A == top.Plan && p.B == other || p.A == other && p.B == top.Plan)
		}) {
			return false
		}
	}
	return len(top.Close) > 0
}

// closeOnes lists the pairs that are too close to call.
func (x comparePage) closeOnes() string {
	var pairs []string
	for _, p := range x.Pairs {
		if p.Close && !same(p) {
			pairs = append(pairs, thePlan(p.A)+" and "+thePlan(p.B))
		}
	}
	return strings.Join(pairs, "; ")
}

// sameOnes lists the pairs that give the same in every run.
func (x comparePage) sameOnes() string {
	var pairs []string
	for _, p := range x.Pairs {
		if same(p) {
			pairs = append(pairs, thePlan(p.A)+" and "+thePlan(p.B))
		}
	}
	return strings.Join(pairs, "; ")
}

// same says whether two plans give the same in every run.
func same(p compare.Pair) bool {
	d := p.Difference
	return p.Close && d.Value == 0 && d.Low == 0 && d.High == 0 && d.Needs == 0
}

// more is how an answer becomes surer: with uncertain inputs more draws are run.
func (x comparePage) more() string {
	if x.Inputs > 0 {
		return x.cure("draws", fmt.Sprint(compare.Draws))
	}
	return x.cure("replications", fmt.Sprint(compare.Pairs))
}

// doWithBest says what to do with the best of several plans.
func (x comparePage) doWithBest() string {
	top := x.Ranking[0]
	switch {
	case !top.Value.Known() && !top.Value.Never() || x.neither():
		return "Choose by another outcome, of which one way is better."
	case x.Replications == 1:
		return fmt.Sprintf("Run more: %s.", x.more())
	case len(top.Close) == len(x.Ranking)-1 && x.closeOnes() == "":
		return "Choose for other reasons."
	case x.tiedWithSame(top):
		return fmt.Sprintf("Choose between %s for other reasons.", words.List(thePlans(top.Plan, top.Close...)))
	case len(top.Close) > 0:
		return fmt.Sprintf("Choose between %s for other reasons, or run more.",
			words.List(thePlans(top.Plan, top.Close...)))
	case top.Plan == x.base():
		return x.take(top.Plan, x.Ranking[1].Plan)
	}
	return x.take(top.Plan, x.base())
}

// ranking is the table of all plans, the best first.
func (x comparePage) ranking() *Sheet {
	f := x.f()
	s := NewSheet("ranking", "Plans, the best first", "#rank", "plan", "±"+x.Metric, "±out of business",
		"too close to call against")
	for i, p := range x.Ranking {
		s.Row(Num(fmt.Sprint(i+1), float64(i+1)), p.Plan, With(f, p.Value), Value(words.Percent, p.Ruin),
			strings.Join(p.Close, ", "))
	}
	s.Shown = len(s.Rows)
	return s
}

// eachAgainstEach is the table of differences between all plans.
func (x comparePage) eachAgainstEach() *Sheet {
	head := []string{x.Metric + " of the one over that of"}
	for _, p := range x.Ranking[1:] {
		head = append(head, "±"+p.Plan)
	}
	s := NewSheet("each-against-each", "What each plan has over each that ranks below it", head...)
	f := x.f()
	cells := map[[2]string]analysis.Estimate{}
	for _, p := range x.Pairs {
		cells[[2]string{p.A, p.B}] = p.Difference
	}
	for i, a := range x.Ranking[:len(x.Ranking)-1] {
		row := []any{a.Plan}
		for k, b := range x.Ranking[1:] {
			if k < i {
				row = append(row, "")
				continue
			}
			row = append(row, Change(f, cells[[2]string{a.Plan, b.Plan}]))
		}
		s.Row(row...)
	}
	s.Notes = []string{"Paired differences with 95% margins of error; one whose margin holds 0 is too close to call."}
	s.Shown = len(s.Rows)
	return s
}
