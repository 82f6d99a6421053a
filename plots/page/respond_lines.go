package page

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/respond"
)

// places says where a dollar may go: channels, and brand media and teams if there are any.
func (x respondPage) places(join string) string {
	kinds := []string{"channel"}
	for _, kind := range []string{respond.Brand, respond.Team} {
		if slices.ContainsFunc(x.Ranked, func(r respond.Ranked) bool { return r.Kind == kind }) {
			kinds = append(kinds, kind)
		}
	}
	return words.Joined(kinds, join)
}

// comesBack is what comes back of a dollar, given what it brings of a metric that it can come back as.
func (x respondPage) comesBack(e analysis.Estimate) analysis.Estimate {
	shift := 1 - *x.BreakEven
	e.Value, e.Low, e.High = e.Value+shift, e.Low+shift, e.High+shift
	return e
}

// effect says what the next amount does in a place.
func (x respondPage) effect(e analysis.Estimate) string {
	if x.BreakEven != nil {
		back := x.comesBack(e)
		if x.nothing(back) {
			return fmt.Sprintf("none of it comes back (%s)", words.Interval(x.brings, back))
		}
		return words.SayEnds(x.brings, back) + " comes back"
	}
	verb, size := "raises", e
	if e.Value < 0 {
		verb, size = "lowers", e.Minus()
	}
	return fmt.Sprintf("it %s %s by %s", verb, x.named(), words.SayEnds(x.brings, size))
}

// nextDollar is the finding of places: where the next dollar goes, or that it goes nowhere.
func (x respondPage) nextDollar() string {
	one := x.per().Name()
	switch {
	case x.Verdict.Kind == decide.NotApplicable:
		return fmt.Sprintf("Not applicable: what the next %s brings of %s is not known on any %s: %s.", one, x.named(),
			x.places("or"), x.Verdict.Why)
	case x.Pays:
		tail := ""
		if x.RivalChannel != "" {
			tail = fmt.Sprintf(" Too close to call against %s.", x.RivalChannel)
		}
		return fmt.Sprintf("The next %s goes to %s: %s%s.%s", one, x.Goes.Channel, x.effect(x.Goes.Next), x.of(), tail)
	case x.Verdict.Kind == decide.No && x.BreakEven != nil && x.alike():
		return fmt.Sprintf("Nowhere: the next %s loses as much on every %s: %s%s.", one, x.places("and"),
			x.effect(x.Goes.Next), x.of())
	case x.Verdict.Kind == decide.No && x.BreakEven != nil &&
		x.brings(x.comesBack(x.Goes.Next).Value) == x.brings(0): // others may be as good
		return fmt.Sprintf("Nowhere: none of the next %s comes back%s on any %s (%s).", one, x.of(), x.places("or"),
			words.Interval(x.brings, x.comesBack(x.Goes.Next)))
	case x.Verdict.Kind == decide.No && x.BreakEven != nil:
		return fmt.Sprintf("Nowhere: the next %s loses money on every %s. Least bad is %s, where %s%s.", one,
			x.places("and"), x.Goes.Channel, x.effect(x.Goes.Next), x.of())
	case x.Verdict.Kind == decide.No:
		return fmt.Sprintf("Nowhere: the next %s is not seen to change %s on any %s.", one, x.named(), x.places("or"))
	case x.BreakEven != nil:
		return fmt.Sprintf("Too close to call: the next %s is not seen to come back on any %s, nor to be lost on all of "+
			"them. The best guess is %s, where %s%s.", one, x.places("or"), x.Goes.Channel, x.effect(x.Goes.Next), x.of())
	}
	return fmt.Sprintf("Too close to call: the next %s is not seen to improve %s on any %s. The best guess is %s, "+
		"where %s.",
		one, x.named(), x.places("or"), x.Goes.Channel, x.effect(x.Goes.Next))
}

// alike says whether the next dollar brings the same in every place.
func (x respondPage) alike() bool {
	return !slices.ContainsFunc(x.Ranked, func(r respond.Ranked) bool { return r.Next.Value != x.Goes.Next.Value })
}

// of says as what a dollar comes back.
func (x respondPage) of() string {
	if x.BreakEven == nil {
		return ""
	}
	return " as " + x.named()
}

// doWithDollar says what to do.
func (x respondPage) doWithDollar() string {
	if x.Verdict.Kind == decide.NotApplicable {
		return "Judge by another outcome, which has a number here."
	}
	if x.Amount > 0 {
		return x.doWithAmount()
	}
	take := x.Take
	if x.Pays {
		where := x.Goes.Channel
		switch {
		case take == nil:
			return fmt.Sprintf("Add to %s.", where)
		case take.Alike:
			return fmt.Sprintf("Add to %s. Whether it pays to take the money from %s is too close to "+
				"call.", where, take.Channel)
		case take.Loses:
			return fmt.Sprintf("Add to %s with new money: moving it from %s would lose by it.", where, take.Channel)
		}
		return fmt.Sprintf("Add to %s, and take it from %s, where %s.", where, take.Channel, x.last(take.Last))
	}
	cut := fmt.Sprintf(" What a cut would save is too close to call; %s may tell.", x.more())
	switch {
	case take != nil && take.Cut && take.Channel == x.Goes.Channel && x.Verdict.Kind == decide.TooCloseToCall:
		cut = fmt.Sprintf(" Cut %s sooner than add to it: %s.", take.Channel, x.last(take.Last))
	case take != nil && take.Cut && x.allLost():
		cut = fmt.Sprintf(" Cut any of them: nothing of the last %s came back on any.", x.per().Name())
	case take != nil && take.Cut:
		cut = fmt.Sprintf(" Cut %s first, where %s.%s", take.Channel, x.last(take.Last), tooClose(take.Rivals))
	case x.BreakEven == nil:
		cut = ""
	}
	if x.Verdict.Kind == decide.No && x.BreakEven == nil {
		return fmt.Sprintf("Judge budgets by another outcome: they are not seen to move %s here.", x.named())
	}
	if x.Verdict.Kind == decide.No {
		return "Add to none of them." + cut
	}
	if cut == "" {
		cut = fmt.Sprintf(" %s may tell.", words.Capital(x.more()))
	}
	return "Add to none of them on this evidence." + cut
}

// last says what the last amount did in a place.
func (x respondPage) last(e analysis.Estimate) string {
	one := x.per().Name()
	if x.BreakEven == nil {
		return fmt.Sprintf("the last %s brought %s of %s", one, words.SayEnds(x.brings, e), x.named())
	}
	back := x.comesBack(e)
	if x.nothing(back) {
		return fmt.Sprintf("nothing of the last %s came back (%s)", one, words.Interval(x.brings, back))
	}
	return fmt.Sprintf("the last %s brought back %s", one, words.SayEnds(x.brings, back))
}

// nothing says whether what comes back reads as nothing.
func (x respondPage) nothing(back analysis.Estimate) bool {
	return back.Value <= 0 || x.brings(back.Value) == x.brings(0)
}

// allLost says whether nothing of the last dollar came back in any place, so that none is to be cut before another.
func (x respondPage) allLost() bool {
	return !slices.ContainsFunc(x.Ranked, func(r respond.Ranked) bool {
		if r.Last == nil || !r.Last.Known() {
			return true
		}
		back := x.comesBack(*r.Last)
		most := back
		most.Value = back.High
		return !x.nothing(back) || !x.nothing(most)
	})
}

// tooClose says which others may be first as well; empty: none.
func tooClose(others []string) string {
	switch n := len(others); {
	case n == 0:
		return ""
	case n <= 2:
		return fmt.Sprintf(" Too close to call against %s.", words.List(others))
	default:
		return fmt.Sprintf(" Too close to call against %d others, such as %s.", n, others[0])
	}
}

// more is how an answer becomes surer.
func (x respondPage) more() string {
	return x.cure("replications", fmt.Sprint(max(respond.Replications, 4*x.Replications)))
}

// doWithAmount says what to do with an amount.
func (x respondPage) doWithAmount() string {
	amount := x.per().Name()
	switch {
	case x.Pays:
		return fmt.Sprintf("Spend %s on %s: %s.", amount, x.Goes.Channel, x.Goes.Change)
	case x.Verdict.Kind == decide.No:
		return fmt.Sprintf("Keep the %s.", amount)
	}
	return fmt.Sprintf("Keep the %s on this evidence; %s may tell.", amount, x.more())
}

// bestPoint is the finding along a key, or over two.
func (x respondPage) bestPoint() string {
	best := x.Best.Value
	switch {
	case x.Verdict.Kind == decide.NotApplicable:
		what := "no value"
		if best.Never() {
			what = "no number"
		}
		return fmt.Sprintf("Not applicable: %s has %s at any point: %s.", x.named(), what, x.Verdict.Why)
	case x.Verdict.Kind == decide.No:
		return fmt.Sprintf("Flat: %s is the same at every point: %s in %s.", x.named(), words.Say(x.format(), best),
			x.horizon())
	case x.Flat && best.Needs == 0:
		verdict := "Flat"
		if x.Replications < respond.Few {
			verdict = "Too close to call"
		}
		return fmt.Sprintf("%s: no point of %s is seen to be better than another for %s. %s in these runs is %s: %s.",
			verdict, x.keys(), x.named(), words.Capital(x.way()), x.at(x.Best), words.Say(x.format(), best))
	}
	tail := ""
	if x.loses() {
		tail = ", a loss even there"
	}
	if x.Rival != nil {
		tail += fmt.Sprintf(". Too close to call against %s, such as %s", words.Counted(x.Tied, "other point"),
			x.at(x.Rival))
	}
	return fmt.Sprintf("%s is %s at %s: %s in %s%s.", words.Capital(x.named()), x.way(), x.at(x.Best),
		words.Say(x.format(), best),
		x.horizon(), tail)
}

// loses says whether the best point is a loss of money.
func (x respondPage) loses() bool {
	return x.BreakEven != nil && *x.BreakEven == 0 && x.Best.Value.Known() && x.Best.Value.High < 0
}

// keys names the keys that move.
func (x respondPage) keys() string {
	if len(x.Axes) > 1 {
		return x.Axes[0].Key + " and " + x.Axes[1].Key
	}
	return x.Axes[0].Key
}

// way says what the best is of the first outcome.
func (x respondPage) way() string {
	switch {
	case len(x.Axes) > 1:
		return "best"
	case x.Metrics[0].Column.Direction == plan.Less:
		return "lowest"
	}
	return "highest"
}

// at names a point: KEY = 500 and OTHER = x2.
func (x respondPage) at(p *respond.Point) (out string) {
	for i, k := range p.Place {
		if i > 0 {
			out += " and "
		}
		out += x.Axes[i].Key + " = " + x.Axes[i].Name(k)
	}
	return out
}

// asPlanned says whether the best point is the plan: one time what it has.
func (x respondPage) asPlanned() bool {
	for i, k := range x.Best.Place {
		if a := x.Axes[i]; !a.Times || a.Values[k] != 1 {
			return false
		}
	}
	return true
}

// doWithKey says what to do with the keys.
func (x respondPage) doWithKey() string {
	switch {
	case x.Verdict.Kind == decide.NotApplicable:
		return "Judge by another outcome, which has a number here."
	case x.Verdict.Kind == decide.No:
		return fmt.Sprintf("Leave %s as it is: it does not move %s here.", x.keys(), x.named())
	case x.Flat && x.Best.Value.Needs == 0:
		return fmt.Sprintf("Leave %s as it is: no change of it is seen to help.", x.keys())
	case x.Rival != nil:
		return fmt.Sprintf("Choose among these points for other reasons; %s may tell them apart.", x.more())
	case x.loses() && !x.FarPrice:
		return fmt.Sprintf("%s loses least, and does not make the plan pay: look at other levers too.", x.at(x.Best))
	}
	if x.FarPrice {
		return fmt.Sprintf("Test a small move of the price first: %s goes further than the record of what customers "+
			"do covers.",
			x.at(x.Best))
	}
	do := "Set " + x.at(x.Best)
	if x.asPlanned() {
		do = "Keep " + x.keys() + " as the plan has it"
	}
	for i, k := range x.Best.Place {
		low, high := k == 0 && x.Axes[i].Values[0] > 0, k == len(x.Axes[i].Values)-1 // there is nothing below 0
		if low || high {
			return do + ", and look further: the best point is the end of the range."
		}
	}
	return do + "."
}

// perDollar is a cell of what the amount brings, with its interval.
func (x respondPage) perDollar(e analysis.Estimate) Cell {
	c := Value(words.Plain, e)
	if e.Known() && !math.IsInf(e.HalfWidth(), 0) {
		c.Text = words.Ends(x.brings, e)
	}
	return c
}
