package briefing

import (
	"fmt"
	"math"
	"slices"

	"windfall/plots/words"
	"windfall/sim/analysis"
)

// Question is what a report of a run answers: the scenario's question, or what
// can happen under it.
func Question(question, scenario string) string {
	if question != "" {
		return question
	}
	return "What can happen under " + scenario + "?"
}

// Answer is the one sentence that terminal and report give of a run: customers
// at the end with their spread and error, and how often the company goes out of
// business.
func Answer(s *analysis.Summary) string {
	text := fmt.Sprintf("After %s", words.Counted(s.Weeks, "week"))
	if o := s.Outcome("live_customers"); o != nil {
		text += " " + customers(o)
	}
	if s.Ruin == nil {
		return text + "."
	}
	c := s.Ruin.Chance
	if c.N == 1 {
		return text + map[bool]string{false: ", and the company is in business",
			true: ", and the company is out of business"}[s.Ruin.Replications == 1] + ", in the one future that was run."
	}
	low, high := words.Percent.Text(c.Low), words.Percent.Text(c.High)
	return text + fmt.Sprintf(", and the company is out of business in %s of %s (95%% interval %s to %s).",
		words.Percent.Text(c.Value), words.Counted(c.N, "future"), low, high)
}

// customers says how many customers are live: the mean, its interval, and the
// spread over futures.
func customers(o *analysis.Outcome) string {
	e := o.Estimate
	if !e.Known() {
		return "nobody can say how many customers are live"
	}
	if e.N == 1 {
		return plural(inFull(e.Value)[0], "customer") + " live"
	}
	text := plural(inFull(e.Value)[0], "customer") + " live on average"
	if !(e.HalfWidth() > 0) || math.IsInf(e.HalfWidth(), 0) {
		return text
	}
	x := inFull(e.Low, e.High, o.Quantiles.P5.Value, o.Quantiles.P95.Value)
	return text + fmt.Sprintf(" (95%% interval %s to %s; %s to %s in 9 of 10 futures)", x[0], x[1], x[2], x[3])
}

// inFull writes numbers of customers: whole ones from a hundred on, 347,100 and
// not 347k.
func inFull(xs ...float64) []string {
	if slices.Max(xs) < 100 {
		return words.Count.Alike(xs...)
	}
	return words.Count.Texts(xs, 1)
}

func plural(number, noun string) string {
	if number == "1" {
		return number + " " + noun + " is"
	}
	return number + " " + noun + "s are"
}
