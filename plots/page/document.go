// Package page lays out answers: what stands first, which sentences and tables say
// it, which pictures show it. The terminal, the page in HTML and the JSON of a command
// render one Document, so they cannot say different things.
//
// Each question has a file here with the layout of its answer. Nothing here knows how
// a number was found, draws, or touches a file.
package page

import (
	"fmt"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// A Document is an answer as it is shown.
type Document struct {
	Question  string // the command that asked: pause
	Scenario  string
	Currency  words.In
	Sentences []string // the answer: what was found, what to do, how sure that is
	Lines     []Cell   // what else is said under it, such as a verdict
	Warnings  []string
	Sheets    []*Sheet // the first stands under the answer
	Pictures  []Picture
	Next      []decide.Step
	Seed      uint64
	Size      string // 2,000 pairs
	// Searched says that a search chose what was run, whose arithmetic is not the same on all processors.
	Searched bool
	// Data is the answer as programs read it, with all warnings.
	Data func(warnings []string) any
}

// Lines are what stands first in an answer: the finding with its verdict, what to do, and how sure that is and what it
// rests on.
type Lines struct {
	Finding string `json:"answer"`
	Do      string `json:"what_to_do,omitempty"`
	Sure    string `json:"how_sure,omitempty"`
}

// sentences are the lines that say something.
func (l Lines) sentences() (out []string) {
	for _, text := range []string{l.Finding, l.Do, l.Sure} {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

// sure says what an answer rests on, and that its intervals show random variation alone where no input is uncertain.
func sure(rests string, inputs int) string {
	if inputs == 0 {
		return fmt.Sprintf("95%% intervals from %s; random variation only, since no input is uncertain.", rests)
	}
	return fmt.Sprintf("95%% intervals from %s, %s.", rests, drawn(inputs))
}

// drawn says that an answer rests on the ranges that the scenario states.
func drawn(inputs int) string {
	if inputs == 1 {
		return "with 1 uncertain input drawn from its stated range"
	}
	return fmt.Sprintf("with %s drawn from their stated ranges", words.Counted(inputs, "uncertain input"))
}

// failsAlways begins a finding about a company that is out of business at the end of every run, whatever is asked.
func failsAlways(n int, of string) string {
	if n == 1 {
		return "The company goes out of business in the one run" + of + ". "
	}
	return fmt.Sprintf("The company goes out of business in all %s%s. ", words.Counted(n, "run"), of)
}

// failsMostly begins a finding about a company that is out of business at the end of most runs; empty: it is not.
func failsMostly(e analysis.Estimate, of string) string {
	if !(e.Value > mostFail && e.Value < 1) {
		return ""
	}
	return fmt.Sprintf("The company goes out of business in %s of runs%s. ", words.Percent.Text(e.Value), of)
}

// plansFailMostly is failsMostly of plans of which one may be recommended, where not all of them fail in every run.
func plansFailMostly(plans []string, ruin func(plan string) analysis.Estimate) string {
	var most []string
	for _, name := range plans {
		if e := ruin(name); e.Value > mostFail {
			most = append(most, words.Percent.Text(e.Value)+" of runs of "+thePlan(name))
		}
	}
	if most == nil {
		return ""
	}
	return fmt.Sprintf("The company goes out of business in %s. ", words.List(most))
}

// mendFirst is what to do about a plan that goes out of business in every run.
const mendFirst = "Mend that first: look at price, costs and cash."

// ruined begins a finding about a company that goes out of business at the end of every run of n, or of most.
func ruined(r decide.Ruined, n int, of string) string {
	if r.Fails {
		return failsAlways(n, of)
	}
	return failsMostly(r.Ruin, of)
}

// someFail warns of plans that go out of business in some runs, of all that is said of them together; empty: none does.
func someFail(warnings []decide.Warning) string {
	var ruin []string
	base := ""
	for _, w := range warnings {
		if w, ok := w.(decide.RuinSeen); ok {
			ruin = append(ruin, words.Percent.Text(w.With.Value)+" of "+thePlan(w.Plan))
			base = words.Percent.Text(w.Without.Value) + " of " + thePlan(w.Base)
		}
	}
	if base == "" {
		return ""
	}
	return fmt.Sprintf("some runs go out of business: %s against %s", words.List(ruin), base)
}

// aPlan is what a plan is called where a sentence begins: one that has a name stays as it is typed.
func aPlan(name string) string {
	if said := thePlan(name); said != name {
		return words.Capital(said)
	}
	return name
}

// thePlan is what a plan is called in a sentence: the scenario beside what is made of it is the plan, and one without a
// name that multiplies a key says so, half the weekly budget of all media for media.*.weekly_budget*=0.5. Tables have
// names and keys as they are typed.
func thePlan(name string) string {
	if name == "plan" {
		return "the plan"
	}
	key, by, ok := strings.Cut(name, "*=")
	times, err := strconv.ParseFloat(by, 64)
	segs, wrong := plan.SplitKey(key)
	if !ok || err != nil || wrong != nil || len(segs) < 2 || times < 0 {
		return name
	}
	for i, s := range segs {
		if strings.Contains(s, "*") && (s != "*" || i != 1 || len(segs) != 3) { // some of them, of which only the key tells
			return name
		}
	}
	called, per := inputs{}.called(decide.Input{Input: plan.Input{Name: key, Key: key}})
	called = strings.Replace(called, " of *", " of all "+segs[0], 1) + per
	switch times {
	case 0:
		return "no " + called
	case 0.5:
		return "half the " + called
	case 2:
		return "twice the " + called
	}
	return words.Plain.Text(times) + " times the " + called
}

// thePlans are what plans are called in a sentence.
func thePlans(first string, others ...string) []string {
	out := []string{thePlan(first)}
	for _, name := range others {
		out = append(out, thePlan(name))
	}
	return out
}

// A Picture is one that is not drawn yet, with the name of its files, and what a page calls it: empty: by that name.
type Picture struct {
	Name, Title string
	Small       bool // one of many alike, which a page shows side by side
	picture.Data
}

// A Cure says in the reader's own terms how a part of an ask is set to a value: on the
// command line --replications 1000.
type Cure func(part, value string) string

// few words the warning that an answer rests on few runs.
func (c Cure) few(w decide.FewRuns) string {
	text := words.Few(w.Has, words.Counted(w.Has, w.Of))
	if w.For != "" {
		text += " " + w.For
	}
	return text + "; " + c(w.Part, fmt.Sprint(w.Enough)) + " would do"
}

// FewFor is a note under a table that rests on few, where no warning says that of the whole answer.
func FewFor(s *Sheet, n, enough int, noun string) {
	if n < enough {
		s.Notes = append(s.Notes, fmt.Sprintf("Not enough runs for this table: %s.", words.Counted(n, noun)))
	}
}

// Drawable says whether an estimate has a value and an interval.
func Drawable(e analysis.Estimate) bool {
	return words.Number(e.Value) && words.Number(e.Low) && words.Number(e.High)
}
