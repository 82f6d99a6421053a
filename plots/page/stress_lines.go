package page

import (
	"fmt"

	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/stress"
)

// said is the answer.
func (x stressPage) said() Lines {
	l := Lines{Sure: sure(x.pairs()+" of each plan and shock", x.Inputs)}
	if x.one() {
		l.Finding, l.Do = x.sentence(), x.doWithOne()
	} else {
		l.Finding, l.Do = x.regret(), x.doWithSeveral()
	}
	if x.Fails {
		l.Finding = failsAlways(x.Replications, " without any shock") + x.besideRuin(l.Finding)
		l.Do = "Mend the plan first, then ask what would break it."
	} else if x.one() && len(x.Base) > 0 {
		l.Finding = failsMostly(x.Base[0].Ruin, " without any shock") + l.Finding
	}
	return l
}

// sentence is the finding of one plan: the worst shock, or that none is seen to hurt.
func (x stressPage) sentence() string {
	shocks, plan, w := words.Counted(len(x.Ranked(x.Plans[0])), "shock"), x.Plans[0], x.Worst
	switch x.Verdict.Kind {
	case decide.NotApplicable:
		if w == nil {
			return fmt.Sprintf("Not applicable: no shock can act in %s.", plan)
		}
		return fmt.Sprintf("Not applicable: shocks cannot be ranked by %s: %s.", words.Said(x.Metric), x.Verdict.Why)
	case decide.No:
		return fmt.Sprintf("Nothing breaks %s: none of %s makes %s worse in %s.", plan, shocks, words.Said(x.Metric),
			x.horizon())
	case decide.TooCloseToCall:
		return fmt.Sprintf("Too close to call: none of %s is seen to make %s of %s worse in %s. The largest change "+
			"for the worse, under %q, is %s.", shocks, words.Said(x.Metric), plan, x.horizon(), w.Title, x.change(w.Change))
	}
	if !w.Change.Known() {
		return fmt.Sprintf("The worst of %s for %s is %q. Under it %s is never reached, since %s, and "+
			"%s.", shocks, plan, w.Title, words.Said(x.Metric),
			w.Under.Reason, ruinMoves(w.Ruin))
	}
	tail := ""
	switch {
	case x.Larger != nil:
		tail = fmt.Sprintf(" The change under %q, %s, is larger and may be "+
			"none.", x.Larger.Title, x.change(x.Larger.Change))
	case x.Rival != nil:
		tail = fmt.Sprintf(" Too close to call against %q.", x.Rival.Title)
	}
	ruin := ", and " + ruinMoves(w.Ruin)
	if x.Fails { // without it as well: there is no chance to move
		ruin = ""
	}
	part := ""
	if w.Relative.Known() {
		part = " (" + words.Signed(w.Relative.Value) + ")"
	}
	return fmt.Sprintf("The worst of %s for %s is %q. It changes %s by %s%s in %s%s.%s", shocks, plan, w.Title,
		words.Said(x.Metric), x.change(w.Change), part, x.horizon(), ruin, tail)
}

// besideRuin is what else is to be said of plans that fail without any shock: that nothing breaks them is not.
func (x stressPage) besideRuin(finding string) string {
	if x.Verdict.Kind == decide.Yes {
		return finding
	}
	return fmt.Sprintf("No shock is seen to make %s worse than that.", words.Said(x.Metric))
}

// ruinMoves says what becomes of the chance to go out of business.
func ruinMoves(e analysis.Estimate) string {
	switch {
	case e.Low > 0:
		return "the chance to go out of business rises by " + words.Points(e) + " points"
	case e.High < 0:
		return "the chance to go out of business falls by " + words.Points(e.Minus()) + " points"
	}
	return "the chance to go out of business is not seen to move: " + words.Points(e) + " points"
}

// doWithOne says what to do about the shocks of one plan.
func (x stressPage) doWithOne() string {
	switch x.Verdict.Kind {
	case decide.NotApplicable:
		if x.Worst == nil {
			return fmt.Sprintf("Write shocks that this plan can have: %s.", x.cure("shocks", "FILE"))
		}
		return "Judge by another outcome, which has a number here."
	case decide.No:
		return fmt.Sprintf("Try harder shocks before you rely on that: %s.", x.cure("shocks", "FILE"))
	case decide.TooCloseToCall:
		return fmt.Sprintf("Do not plan for one of them on this evidence; %s may tell.",
			x.cure("replications", fmt.Sprint(max(stress.Replications, 4*x.Replications))))
	}
	if x.Worst.Ruin.Low > 0 {
		return fmt.Sprintf("Hold cash for %q, or agree now on what is cut when it comes.", x.Worst.Title)
	}
	if x.Worst.Ruin.Value > 0 {
		return fmt.Sprintf("Decide now what you do under %q; whether it ruins the company is too close to call; %s may tell.",
			x.Worst.Title, x.cure("replications", fmt.Sprint(4*x.Replications)))
	}
	return fmt.Sprintf("Decide now what you do under %q; it is not seen to ruin the company.", x.Worst.Title)
}

// regret is the finding of several plans: the one whose largest regret is least.
func (x stressPage) regret() string {
	switch x.Verdict.Kind {
	case decide.NotApplicable:
		return "Not applicable: no regret can be told, since " + x.Verdict.Why + "."
	case decide.No:
		return fmt.Sprintf("No plan has less regret than another: %s.", x.Verdict.Why)
	}
	least := x.Regrets[0]
	if x.alwaysBest(least) {
		return fmt.Sprintf("%s is the best plan under every shock: no other is better in %s under any of them, in %s.",
			aPlan(least.Plan), words.Said(x.Metric), x.horizon())
	}
	head := aPlan(least.Plan) + " has the least regret"
	if x.Verdict.Kind == decide.TooCloseToCall {
		head = fmt.Sprintf("Too close to call: %s seems to have the least regret, and is not told from %s",
			thePlan(least.Plan), thePlan(x.Regrets[1].Plan))
	}
	return fmt.Sprintf("%s: at worst it is %s of %s behind the best plan, under %q, in "+
		"%s.", head, x.change(*least.Regret),
		words.Said(x.Metric), least.Title, x.horizon())
}

// alwaysBest says whether no other plan is better than one under any shock.
func (x stressPage) alwaysBest(r stress.Cell) bool {
	e := r.Regret
	return x.Verdict.Kind == decide.Yes && e != nil && e.Known() && e.Value == 0 && e.Low == 0 && e.High == 0 &&
		e.Needs == 0
}

// doWithSeveral says what to do about several plans.
func (x stressPage) doWithSeveral() string {
	switch x.Verdict.Kind {
	case decide.Yes:
		if x.alwaysBest(x.Regrets[0]) {
			return fmt.Sprintf("Take %s, whichever of these shocks comes.", thePlan(x.Regrets[0].Plan))
		}
		return fmt.Sprintf("Take %s if you cannot tell which shock comes.", thePlan(x.Regrets[0].Plan))
	case decide.TooCloseToCall:
		return fmt.Sprintf("Choose between %s and %s for other reasons.", thePlan(x.Regrets[0].Plan),
			thePlan(x.Regrets[1].Plan))
	}
	return "Choose for other reasons: these shocks do not tell the plans apart."
}
