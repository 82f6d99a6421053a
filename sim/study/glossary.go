package study

import (
	"fmt"
	"strings"
)

// Term is a word of the trade with its meaning in one line.
type Term struct{ Name, Meaning string }

// termsInALesson are the lines of a lesson's glossary.
const termsInALesson = 10

// termsOf finds the terms of a list.
func termsOf(names string) (out []Term, err error) {
	for _, name := range strings.Split(names, ",") {
		name = strings.TrimSpace(name)
		meaning, ok := glossary[name]
		if !ok {
			return nil, fmt.Errorf("the glossary has no %q", name)
		}
		out = append(out, Term{name, meaning})
	}
	if len(out) != termsInALesson {
		return nil, fmt.Errorf("a lesson has a glossary of %d lines, not %d", termsInALesson, len(out))
	}
	return out, nil
}

// glossary are the terms that lessons use.
var glossary = map[string]string{
	"95% interval": "a range that holds the true mean in 95 of 100 cases; the margin of error is half its width",
	"awareness":    "the share of firms that know the vendor's name",
	"brand equity": "how well known a name is: built by advertising and customers, faded over months " +
		"(1 = the plan's level)",
	"branded search": "a search for the vendor's own name; a paid link may or may not stand above the " +
		"free result",
	"break-even deal": "the first yearly bill at which winning a customer costs as much as the customer " +
		"is worth",
	"CAC":                   "customer acquisition cost: what it costs to win one customer, on average",
	"cash low":              "the lowest amount of money that the vendor has had at the end of a week",
	"channel":               "a way in which a vendor meets firms: search, partners, e-mail, calls and so on",
	"churn":                 "customers that leave, per month, as a share of those who were there",
	"common random numbers": "all plans meet the same firms and needs, so that a difference is due to the plan",
	"control":               "the same study with the mechanism switched off: the pattern should disappear",
	"drawn input":           "a number that nobody knows exactly and that is drawn anew for each run",
	"field sales":           "sellers who visit firms; few opportunities per week, expensive, good at large deals",
	"fully loaded CAC":      "CAC with everything: media, fees, commissions, onboarding and the people who sell",
	"half-life":             "the time in which something falls by half",
	"half-saturation":       "the spend at which a channel makes half of the touches that it could ever make",
	"halo":                  "how much more a touch achieves because the name is known",
	"in the market":         "a firm that has a need now and looks for a vendor",
	"inside sales":          "sellers who work by telephone; many opportunities per week",
	"last touch":            "the rule that credits a customer to the channel that the lead came through",
	"lead":                  "a firm in the market that asks this vendor for an offer",
	"customer lifetime margin": "the gross margin of customers over their whole lives, after the cost of winning " +
		"them, discounted",
	"LTV":               "lifetime value: gross margin of a customer over its life, discounted",
	"LTV/CAC":           "what a dollar spent on winning customers returns over their lives",
	"marginal CAC":      "added spend divided by added customers: what the next customer costs",
	"media spend":       "money for channels and advertising, without people and fees",
	"paired difference": "the difference of two plans within the same run, averaged over the runs",
	"price fit": "whether a firm would pay the price; a lead that would not is lost, however well " +
		"it is served",
	"reach":             "the share of firms that a channel can touch at all",
	"recession":         "a spell in which customers leave, fail and buy less, or later",
	"recurring revenue": "what today's customers pay per year if none leaves",
	"response":          "the chance that a touch makes a firm ask for an offer",
	"retention":         "the share of customers still there after some months",
	"rival":             "another vendor; it may win a firm while that firm is in the market",
	"run":               "one simulated history of the market and the vendor",
	"out of business":   "cash fell below zero with no way to pay: the run of this vendor ends",
	"salience":          "what firms remember of advertising that they saw lately; half of it fades within days or weeks",
	"sales cycle":       "the time from the first talk to the signature",
	"saturation":        "the more is spent on a channel, the less the next dollar adds",
	"seller":            "a person who answers leads and closes deals",
	"sign-up":           "a lead that qualifies: one that sales take up",
	"speed half-life":   "the wait for an answer that halves the chance to win",
	"targeting cost":    "the cost of a touch of a firm with a visible trigger, in touches of any firm on a list",
	"touch":             "one contact of a channel with a firm: an advertisement seen, a call, a link clicked",
	"trigger":           "what makes a firm need something new: a move, a founding, a system that died",
	"truly brought":     "customers that would be missing without the channel, under the same random numbers",
	"window":            "how long the need of a firm lasts after its trigger",
}
