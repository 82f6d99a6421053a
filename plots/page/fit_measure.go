package page

import (
	"fmt"
	"math"

	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// decides says of a budget what is best as things are known.
var decides = map[float64]string{0.5: "halve it", 1: "keep it", 1.5: "raise it by half"}

// setBudgets says which budgets are better halved or raised, as things are known; empty: none is seen to be.
func (x fitPage) setBudgets() string {
	if x.next == nil || x.next.Verdict.Kind == decide.NotApplicable {
		return ""
	}
	moved := map[float64][]string{}
	for i := range x.next.Budgets {
		if b := &x.next.Budgets[i]; b.Times != 1 && b.Gain.Low > 0 {
			moved[b.Times] = append(moved[b.Times], b.Name)
		}
	}
	var moves []string
	for _, m := range []struct {
		times          float64
		before, behind string
	}{{0.5, "halve the budget", ""}, {1.5, "raise the budget", " by half"}} {
		switch names := moved[m.times]; len(names) {
		case 0:
		case 1:
			moves = append(moves, m.before+" of "+names[0]+m.behind)
		default:
			moves = append(moves, m.before+"s of "+words.List(names)+m.behind)
		}
	}
	if len(moves) == 0 {
		return ""
	}
	return "As things are known, " + words.List(moves) + ", each decided by itself."
}

// measureNext says what to measure before budgets are decided on, or that nothing is worth it.
func (x fitPage) measureNext() string {
	n := x.next
	if n == nil || n.Verdict.Kind == decide.NotApplicable {
		return ""
	}
	over := fmt.Sprintf("over the next %s", words.Counted(n.Weeks, "week"))
	if n.Verdict.Kind == decide.No {
		most := n.All.High
		for i := range n.Inputs {
			most = max(most, n.Inputs[i].Value.High)
		}
		if most == 0 {
			return "Nothing is worth measuring before you set budgets: to know every number exactly would change none."
		}
		return fmt.Sprintf("Nothing is worth measuring before you set budgets, as far as can be seen: to know every number "+
			"exactly would be worth %s %s.", x.worth(n.All), over)
	}
	top := &n.Inputs[0]
	if !top.Worth {
		return fmt.Sprintf("No single number is worth measuring before you set budgets; to know all of them exactly "+
			"would be worth %s %s.", x.worth(n.All), over)
	}
	budgets := "budget"
	if len(top.Budgets) > 1 {
		budgets = "budgets"
	}
	text := fmt.Sprintf("Measure the %s next: to know it exactly would be worth %s %s, since it decides the %s of "+
		"%s.", x.called(top.Input).Text, x.worth(top.Value), over, budgets, words.List(top.Budgets))
	if n.All.Value > top.Value.Value {
		text += fmt.Sprintf(" To know everything would be worth %s.", x.worth(n.All))
	}
	return text
}

// worth is an amount of money with its 95% interval.
func (x fitPage) worth(e analysis.Estimate) string { return words.Ends(x.in.Money().Text, e) }

// mostMeasured rows are printed of what to measure.
const mostMeasured = 7

// measure is the table of what knowing each unknown is worth.
func (x fitPage) measure() *Sheet {
	s := NewSheet("measure", "What to measure next: what knowing is worth before each budget is halved, kept or raised "+
		"by half", "knowing", "±is worth", "#changes", "budget")
	n := x.next
	if n == nil || n.Verdict.Kind == decide.NotApplicable {
		return s
	}
	worth := func(e analysis.Estimate) Cell { return withEnds(x.worth(e), e) }
	s.Row(coded("everything", "all"), worth(n.All), share100(n.Changes.Value), "")
	s.Shown = 1
	for i := range n.Inputs {
		k := &n.Inputs[i]
		s.Row(x.called(k.Input), worth(k.Value), share100(k.Changes.Value), words.List(k.Budgets))
		if k.Worth {
			s.Shown = 2 + i
		}
	}
	if s.Shown <= mostMeasured {
		s.Rest = func(rows int) string {
			return fmt.Sprintf("No worth can be told of %s: --all", words.Counted(rows, "other number"))
		}
	}
	s.Shown = min(s.Shown, mostMeasured)
	s.Notes = append(s.Notes, fmt.Sprintf("%s of the fitted plan over %s, 95%% intervals. Changes: in how many of them "+
		"knowing it changes a budget, each known to within %s.", words.Counted(n.Draws, "draw"),
		words.Counted(n.Weeks, "week"), words.Counted(x.changesTo(), "percentage point")),
		"Nobody learns more than the exact number, so a test that costs more than this does not pay. Each budget is "+
			"decided by itself; numbers without an interval count as known.")
	if n.Small > 0 {
		smallest := "smallest budget"
		if n.Small > 1 {
			smallest = fmt.Sprintf("%d smallest budgets", n.Small)
		}
		s.Notes = append(s.Notes, fmt.Sprintf("Left out to save time: the %s.", smallest))
	}
	return s
}

// changesTo is half of the widest 95% interval of a share of draws in which knowing changes a budget, in whole
// percentage points.
func (x fitPage) changesTo() int {
	widest := x.next.Changes.HalfWidth()
	for i := range x.next.Inputs {
		widest = max(widest, x.next.Inputs[i].Changes.HalfWidth())
	}
	return int(math.Ceil(float64(100*widest) - 1e-9)) // 30 of 30.0000001
}

// budgets is the table of what is best for each budget as things are known.
func (x fitPage) budgets() *Sheet {
	s := NewSheet("budgets", "Each budget as things are known: which is best of half, the same and half as much "+
		"again, and by how much over the next best", "budget", "#planned", "best", "±better by", "±knowing is worth")
	if x.next == nil {
		return s
	}
	for i := range x.next.Budgets {
		b := &x.next.Budgets[i]
		best := decides[b.Times]
		if !(b.Gain.Low > 0) {
			best = "too close to call"
		}
		s.Row(coded(b.Name, b.Key), bare(x.in.Money(), float64(b.Spend)), best, withEnds(x.worth(b.Gain), b.Gain),
			withEnds(x.in.Money().Text(b.All.Value), b.All))
	}
	s.Shown = len(s.Rows)
	return s
}
