package page

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/optimise"
)

// said is the answer; file is where the plan was written.
func (x optimisePage) said(file string) Lines {
	l := Lines{Finding: x.finding(), Do: x.do(file),
		Sure: sure(fmt.Sprintf("%s that had no part in the choice among %s", x.pairs(), x.tried()), x.Inputs)}
	if x.FailsAlways() && x.Offered {
		l.Finding = failsAlways(x.HoldOut, " of the plan and of the best one found") + l.Finding
		l.Do = fmt.Sprintf("Mend that first: look at price, costs and cash, or search for a plan that lasts: %s.",
			x.cure("subject-to", "P(out_of_business)<=5%"))
	} else if x.Offered {
		l.Finding = failsMostly(x.PlanRuin, " of the plan") + l.Finding
	}
	return l
}

// finding is the answer in one sentence.
func (x optimisePage) finding() string {
	switch {
	case !x.Offered:
		return x.refusal()
	case !x.Over.Known():
		return x.without()
	case x.Verdict.Kind == decide.Yes && x.Stops:
		return fmt.Sprintf("The best plan found is to stop selling: it spends %s where the plan spends %s, and has %s.",
			x.money(x.Spend), x.money(x.PlanSpend), x.gain())
	case x.Verdict.Kind == decide.Yes:
		return fmt.Sprintf("A better plan was found: %s, spending %s of a budget of %s.", x.gain(), x.money(x.Spend),
			x.money(x.Budget))
	case x.Unchanged && x.Budget == 0:
		return fmt.Sprintf("Not applicable: a budget of %s leaves nothing to try.", x.money(x.Budget))
	case x.Unchanged:
		return fmt.Sprintf("Keep the plan: no better one was seen among %s that spend %s at most.",
			x.tried(), x.money(x.Budget))
	case x.Verdict.Kind == decide.No:
		return fmt.Sprintf("Keep the plan: the best of %s is worse than %s on runs that had no part in the choice, "+
			"by %s of %s.", x.tried(), x.rival(), words.Say(x.f, x.size()), words.Said(x.Metric))
	}
	return fmt.Sprintf("Too close to call: the best of %s is not told from %s; they differ by %s of "+
		"%s.", x.tried(), x.rival(),
		words.Say(x.f, x.Over), words.Said(x.Metric))
}

// size is what the plan that was found differs by, without its sign.
func (x optimisePage) size() analysis.Estimate {
	if x.Over.Value < 0 {
		return x.Over.Minus()
	}
	return x.Over
}

// gain says how much better the plan is that was found: $5k ± $1k more won than metro in 20 weeks, +12%.
func (x optimisePage) gain() string {
	way := "more"
	if x.Less {
		way = "less"
	}
	relative := ""
	if !math.IsNaN(x.Relative) {
		relative = fmt.Sprintf(" (%s)", words.Signed(x.Relative))
	}
	return fmt.Sprintf("%s %s %s than %s in %s%s", words.Say(x.f, x.size()), way, words.Said(x.Metric), x.rival(),
		words.Counted(x.Weeks, "week"), relative)
}

// do says what to do. Nothing is advised that another number of the answer denies.
func (x optimisePage) do(file string) string {
	switch {
	case !x.Offered:
		return "Relax a constraint, raise the budget, or widen the bounds of the levers."
	case !x.Over.Known() && x.Verdict.Kind != decide.Yes:
		return "Judge by another outcome, which has a number here."
	case x.Unchanged && x.Verdict.Kind != decide.Yes && x.Budget == 0:
		return fmt.Sprintf("Say what may be spent: %s.", x.cure("budget", "AMOUNT"))
	case x.Verdict.Kind != decide.Yes:
		return fmt.Sprintf("Keep %s; %s looks further.", x.rival(), x.cure("evaluations", fmt.Sprint(2*optimise.Evaluations)))
	case x.Stops:
		return fmt.Sprintf("Do not read this as a plan: it says that no budget that was tried pays as things stand. "+
			"Look at price, churn and margin first, or hold what must stay: %s.", x.cure("keep", "teams"))
	}
	text := "Take the plan that was found"
	if file != "" {
		text = "Take " + file
	}
	if moves := x.moves(); moves != "" {
		text += ". " + moves
	}
	if r := x.BestRuin; r.Known() && x.PlanRuin.Known() && r.Value > x.PlanRuin.Value && analysis.Apart(r, x.PlanRuin) {
		return fmt.Sprintf("%s; but only if going out of business in %s of runs, against %s, is acceptable.", text,
			words.Percent.Text(r.Value), words.Percent.Text(x.PlanRuin.Value))
	}
	if x.Metric == "lifetime_margin" && x.Best.High < 0 {
		return text + ". It loses less, and still loses money."
	}
	return text + "."
}

// mostMoves is the number of changes that a sentence tells.
const mostMoves = 3

// moves tells the largest changes that are not seen to lose, and what each brings; and names those that are.
func (x optimisePage) moves() string {
	var out, lost []string
	var open []int // of those, what is too close to call by itself
	for _, l := range x.ByMove() {
		if l.Brings == nil {
			continue
		}
		better := *l.Brings
		if x.Less {
			better = better.Minus()
		}
		switch e := l.Brings; {
		case better.High < 0:
			lost = append(lost, lever(l))
			continue
		case len(out) == mostMoves:
			continue
		case better.Low > 0:
			out = append(out, fmt.Sprintf("%s (brings %s)", x.advice(l), words.Say(x.f, *e)))
		default:
			out, open = append(out, x.advice(l)), append(open, len(out))
		}
	}
	text := strings.Join(out, "; ")
	switch {
	case len(open) == 0:
	case len(open) < len(out):
		for _, i := range open {
			out[i] += " (by itself too close to call)"
		}
		text = strings.Join(out, "; ")
	case len(open) == 1:
		text += "; what this brings by itself is too close to call"
	default:
		text += "; what each brings by itself is too close to call"
	}
	if len(lost) > 0 {
		text += fmt.Sprintf("; leave %s as planned, whose change is seen to lose by itself", words.List(lost))
	}
	return words.Capital(strings.TrimPrefix(text, "; "))
}

// advice says what to do with a lever: cut radio (brand) from $312k to $194k.
func (x optimisePage) advice(l optimise.Lever) string {
	change := x.change(l)
	switch verb, rest, _ := strings.Cut(change, " "); verb {
	case "start", "stop", "cut", "raise":
		return strings.TrimSpace(verb + " " + lever(l) + " " + rest)
	}
	return lever(l) + ": " + change
}

// lever is what people call what is moved: the channel, the medium or the team, with its kind where that is no channel.
func lever(l optimise.Lever) string {
	kind := map[string]string{"media": "", "brand": " (brand)", "sales": " (people)"}
	parts, err := plan.SplitKey(l.Lever)
	if said, ok := kind[l.Group]; ok && err == nil && len(parts) == 3 {
		return parts[1] + said
	}
	return l.Lever
}

// change says in words what is changed of a lever.
func (x optimisePage) change(l optimise.Lever) string {
	switch {
	case l.Started:
		return "start with " + x.money(l.Spend)
	case l.Multiple == 1:
		return "as planned"
	case l.Spend == 0 && l.PlanSpend == 0:
		return strconv.FormatFloat(l.Multiple, 'f', 2, 64) + " times the plan"
	case l.Spend < 0.005:
		return "stop"
	case l.Spend < l.PlanSpend:
		return fmt.Sprintf("cut from %s to %s", x.money(l.PlanSpend), x.money(l.Spend))
	case l.Spend > l.PlanSpend:
		return fmt.Sprintf("raise from %s to %s", x.money(l.PlanSpend), x.money(l.Spend))
	}
	return "as planned"
}

// refusal is the finding where a constraint is not met.
func (x optimisePage) refusal() string {
	var seen []string
	for _, h := range x.Constraints {
		f := words.FormatOf(h.Column.Name, h.Column.Unit)
		switch {
		case h.Verdict == analysis.Met:
		case h.Reason != "":
			seen = append(seen, fmt.Sprintf("%s (%s)", h.Constraint, h.Reason))
		default:
			seen = append(seen, fmt.Sprintf("%s (seen %s, 95%% interval %s)", h.Constraint, f.Text(h.Seen.Value),
				words.Between(f, h.Seen)))
		}
	}
	return fmt.Sprintf("No plan is offered: none of %s tried within %s keeps %s; the nearest has %s of %s.", x.tried(),
		x.money(x.Budget), words.List(seen), words.Say(x.f, x.Best), words.Said(x.Metric))
}

// without is the finding where the metric of a plan is no number.
func (x optimisePage) without() string {
	if x.Verdict.Kind == decide.Yes {
		return fmt.Sprintf("A better plan was found: its %s is %s, and %s has none at all: %s.",
			words.Said(x.Metric), words.Say(x.f, x.Best), x.rival(), x.Rival.Reason)
	}
	return fmt.Sprintf("Not applicable: no plan can be told to be better than %s in %s: %s.", x.rival(),
		words.Said(x.Metric),
		cmp.Or(x.Best.Reason, x.Rival.Reason, "it has no value"))
}
