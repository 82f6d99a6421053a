package page

import (
	"fmt"
	"strconv"

	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/pause"
)

// sentence is the finding of one pause: what it saves, costs and comes to.
func (x pausePage) sentence(e *pause.Effect) string {
	money := x.money.Money()
	head := fmt.Sprintf("Pausing for %s", lengthOf(e))
	saves := fmt.Sprintf("saves %s", money.Text(e.Unspent.Value))
	if e.Unspent.Value < 0 {
		saves = fmt.Sprintf("spends %s more", money.Text(-e.Unspent.Value))
	}
	switch {
	case e.Gone:
		return fmt.Sprintf("Not applicable: the company is out of business before a pause of %s begins, in %s.", lengthOf(e),
			x.all())
	case e.Nothing:
		return fmt.Sprintf("Not applicable: nothing is spent on %s in a pause of %s, so there is nothing to pause.",
			x.paused(), lengthOf(e))
	case !e.Lifetime.Known():
		return fmt.Sprintf("Not applicable: what pausing for %s comes to is not known.", lengthOf(e))
	}
	if e.Idle && e.Lost.Value == 0 && !(e.Lost.Error > 0) {
		return fmt.Sprintf("%s %s and loses nothing, since nobody signs up with the pause or without: %s.", head, saves,
			x.net(e))
	}
	costs := fmt.Sprintf("costs %s", x.atLeast(e.Lost.Value))
	if e.Lost.Value < 0 {
		costs = fmt.Sprintf("adds %s", x.atLeast(-e.Lost.Value))
	}
	return fmt.Sprintf("%s %s and %s of customer lifetime margin over %s years: %s.", head, saves, costs,
		strconv.FormatFloat(x.Years, 'g', 3, 64), x.net(e))
}

// atLeast writes an amount of money, of less than one unit of it only that.
func (x pausePage) atLeast(v float64) string {
	if v > 0 && v < 1 {
		return "less than one " + words.Per{In: x.money, Amount: 1}.Name()
	}
	return x.money.Money().Text(v)
}

// all are the runs of the plan.
func (x pausePage) all() string {
	if x.Replications == 1 {
		return "the one run"
	}
	return "all " + words.Counted(x.Replications, "run")
}

// none says why no pause can be asked about: what holds of all of them is said once.
func (x pausePage) none() string {
	gone, nothing := true, true
	for i := range x.Pauses {
		gone, nothing = gone && x.Pauses[i].Gone, nothing && x.Pauses[i].Nothing
	}
	switch {
	case gone:
		return fmt.Sprintf("Not applicable: the company is out of business before the pause begins, in %s.", x.all())
	case nothing:
		return fmt.Sprintf("Not applicable: nothing is spent on %s in the weeks from %s, so there is nothing to "+
			"pause.", x.paused(),
			x.From)
	}
	return ""
}

// net is what a pause comes to.
func (x pausePage) net(e *pause.Effect) string {
	change := e.Lifetime
	if change.Value < 0 {
		change = change.Minus()
	}
	size := words.Say(x.money.Money(), change)
	switch e.Verdict.Kind {
	case decide.Yes:
		return "a net gain of " + size
	case decide.No:
		return "a net loss of " + size
	}
	if e.Lifetime.Value == 0 && e.Lifetime.Error == 0 && e.Lifetime.Needs == 0 {
		return "nothing changes"
	}
	return "net " + words.Say(x.money.Money(), e.Lifetime) + ", too close to call"
}

// by lists the lengths whose verdict is of a kind.
func (x pausePage) by(kind decide.Kind) (out []*pause.Effect) {
	for i := range x.Pauses {
		if e := &x.Pauses[i]; e.Verdict.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

// lengths names pauses: 1, 2 and 6 weeks.
func lengths(list []*pause.Effect, join string) string {
	var out []string
	for _, e := range list[:len(list)-1] {
		out = append(out, strconv.Itoa(e.Length))
	}
	return words.Joined(append(out, lengthOf(list[len(list)-1])), join)
}

// do says what to do.
func (x pausePage) do() string {
	gain, lose, close := x.by(decide.Yes), x.by(decide.No), x.by(decide.TooCloseToCall)
	switch {
	case x.FailsAlways():
		return fmt.Sprintf("Mend the plan first: the company goes out of business in %s, with a pause or without.", x.all())
	case x.none() != "":
		return "Ask about a pause of something on which the plan spends."
	case len(gain) > 0 && x.Pauses[0].Idle:
		return fmt.Sprintf("Spend nothing on %s until firms sign up: ask first what keeps them away.", x.paused())
	case len(gain) == 0 && len(close) == 0 && len(lose) == 0:
		return "Ask about a plan with sign-ups, or a pause of something that brings some."
	case len(gain) == 0 && len(lose) == 0:
		return fmt.Sprintf("Do not count on a gain from a pause: none is seen; %s may tell.", x.more())
	case len(gain) == 0 && len(close) == 0:
		return fmt.Sprintf("Do not pause %s.", x.paused()) + x.riskier(x.Pauses)
	case len(gain) == 0:
		return fmt.Sprintf("Do not pause %s: %s %s, and no gain is seen from %s.", x.paused(), lengths(lose, "and"),
			loses(lose), lengths(close, "or"))
	}
	best, text := x.longestGain(gain), ""
	if len(lose) > 0 {
		text = fmt.Sprintf(" Do not pause for %s.", lengths(lose, "or"))
	}
	return fmt.Sprintf("Pause %s for %s.", x.paused(), best) + text + x.riskier(x.Pauses)
}

// loses is the verb of lengths that lose money.
func loses(list []*pause.Effect) string {
	if len(list) > 1 {
		return "lose money"
	}
	return "loses money"
}

// longestGain names the length that gains most, and those that it is not told from.
func (x pausePage) longestGain(gain []*pause.Effect) string {
	best := gain[0]
	for _, e := range gain {
		if e.Lifetime.Value > best.Lifetime.Value {
			best = e
		}
	}
	var alike []*pause.Effect
	for _, e := range gain {
		if e == best || !analysis.Apart(e.Lifetime, best.Lifetime) {
			alike = append(alike, e)
		}
	}
	if len(alike) > 1 {
		return lengths(alike, "or") + ": which gains more is too close to call"
	}
	return lengthOf(best)
}

// riskier says that a pause is seen to raise the chance to fail, if one is.
func (x pausePage) riskier(list []pause.Effect) string {
	for i := len(list) - 1; i >= 0; i-- {
		if e := &list[i]; e.Ruin.Low > 0 {
			return fmt.Sprintf(" A pause of %s raises the chance to go out of business by %s points.", lengthOf(e),
				words.Points(e.Ruin))
		}
	}
	return ""
}

// more is how the answer becomes surer.
func (x pausePage) more() string {
	return x.cure("replications", fmt.Sprint(max(pause.Replications, 4*x.Replications)))
}

// sure says how sure the answer is.
func (x pausePage) sure() string {
	return sure(words.Sized(x.Replications, decide.FewPairs, "pair")+" of each length over "+
		""+words.Counted(x.Weeks, "week"),
		x.Inputs)
}

// hole says how deep, how long, and what never comes back, of the longest pause.
func (x pausePage) hole(e *pause.Effect) string {
	if !e.Depth.Known() || !(e.Depth.Value < 0) || e.Idle {
		return ""
	}
	text := fmt.Sprintf("Pausing for %s, sign-ups fall by %s in the worst week, %s", lengthOf(e),
		words.Percentage(-e.Depth.Value), ending(x.Start, e.DepthWeek))
	within := words.Percentage(float64(x.Shortfall))
	if e.Recovery >= 0 {
		after := words.Counted(e.Recovery, "week") + " after the pause"
		if e.Recovery == 0 {
			after = "as soon as the pause ends"
		}
		text += fmt.Sprintf("; they are back within %s of the plan %s", within, after)
	} else {
		text += fmt.Sprintf("; they are not back within %s of the plan in this run", within)
	}
	if e.NeverBack.Known() {
		text += fmt.Sprintf("; of those lost %s never come back", words.Percent.Text(e.NeverBack.Value))
	}
	return text + "."
}

// paused is what is paused, inside a sentence.
func (x pausePage) paused() string {
	if x.What == "brand" {
		return "the brand"
	}
	return x.What
}
