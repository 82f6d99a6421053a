package page

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// Commands are how a command line names what a run is of and where its results are.
type Commands struct{ Scenario, Folder string }

// Length is how long a run of a plan goes on: until is what for, empty for a number of runs.
type Length struct {
	Until       string
	Least, Most int
	Shard       string // empty: the whole
}

// Head says what is going to be run of a plan.
func (l Length) Head(p *plan.Plan, seed uint64, workers int) string {
	length, extra := words.Counted(int(p.Run.Replications), "run"), ""
	if l.Until != "" {
		length = "Runs until " + l.Until + ","
		extra = fmt.Sprintf(", at least %s and at most %s", words.Thousands(l.Least), words.Thousands(l.Most))
	}
	if l.Shard != "" {
		extra = ", shard " + l.Shard
	}
	return fmt.Sprintf("%s of %s from %s, seed %d%s, %s", length, words.Counted(int(p.Run.Weeks), "week"), p.Run.Start,
		seed, extra, words.Counted(workers, "worker"))
}

// Say puts the lines of a run into its summary. They are the same wherever it is kept: commands name the folder as
// RESULTS.
func Say(s *analysis.Summary) { s.Said = analysis.Said(RunLines(s, Commands{s.Scenario, "RESULTS"})) }

// RunLines are what stands first in the answer of a run: what was found, what to do next, and how sure that is.
func RunLines(s *analysis.Summary, c Commands) Lines {
	x := runLines{s, c}
	if s.Baseline != nil {
		b := heldLines{x, s.Baseline}
		return Lines{b.finding(), b.do(), b.sure()}
	}
	return Lines{x.finding(), x.do(), x.sure()}
}

// runLines words a run.
type runLines struct {
	*analysis.Summary
	c Commands
}

// finding is the verdict on the goals of the scenario, if it has any, and on its plan.
func (x runLines) finding() string {
	var parts []string
	if goals := x.goals(); goals != "" {
		parts = append(parts, goals)
	}
	return strings.Join(append(parts, words.Capital(x.fate())+"."), " ")
}

// goals is the verdict on the goals; empty: there are none.
func (x runLines) goals() string {
	by, none := map[analysis.Verdict][]string{}, 0
	for _, g := range x.Goals {
		name := g.Name
		if g.Unknown == x.Replications && g.Reason != "" {
			none++
			name += ": " + g.Reason
		}
		by[g.Verdict] = append(by[g.Verdict], name)
	}
	missed, open := by[analysis.Missed], by[analysis.Undecided]
	switch {
	case len(x.Goals) == 0:
		return ""
	case len(missed) == len(x.Goals) && len(missed) > 1:
		return fmt.Sprintf("No: all %d goals are missed (%s).", len(missed), words.List(missed))
	case len(missed) == len(x.Goals):
		return fmt.Sprintf("No: its goal is missed (%s).", missed[0])
	case len(missed) > 0:
		return fmt.Sprintf("No: of %s %s missed (%s).", words.Counted(len(x.Goals), "goal"), areOf(len(missed)),
			words.List(missed))
	case none > 0 && none == len(open):
		return fmt.Sprintf("Of %s %s without a number to judge (%s).", words.Counted(len(x.Goals), "goal"), areOf(none),
			strings.Join(open, "; "))
	case len(open) > 0:
		return fmt.Sprintf("Too close to call: of %s %s not decided (%s).", words.Counted(len(x.Goals), "goal"),
			areOf(len(open)), words.List(open))
	case len(x.Goals) == 1:
		return fmt.Sprintf("Yes: its goal is met (%s).", x.Goals[0].Name)
	}
	return fmt.Sprintf("Yes: all %d goals are met.", len(x.Goals))
}

func areOf(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

// fate says whether the company lives, whether the plan pays, and what it ends with.
func (x runLines) fate() string {
	r, customers := x.Ruin, x.customers()
	switch {
	case r == nil:
		return x.pays() + customers
	case r.Replications == 0 && x.Replications == 1:
		return "the company stays in business in the one run that was made, and " + x.pays() + customers
	case r.Replications == 0:
		return fmt.Sprintf("the company stays in business in all %s, and %s%s", x.runs(), x.pays(), customers)
	case r.Replications == r.Chance.N && r.Chance.N == 1:
		return "the plan fails: the company goes out of business in the one run that was made" + x.when()
	case r.Replications == r.Chance.N:
		return fmt.Sprintf("the plan fails: the company goes out of business in all %s%s", x.runs(), x.when())
	}
	return fmt.Sprintf("the company fails in %s of runs (%s to %s)%s; %s%s", words.Percent.Text(r.Chance.Value),
		words.Percent.Text(r.Chance.Low), words.Percent.Text(r.Chance.High), x.when(), x.pays(), customers)
}

func (x runLines) runs() string { return words.Counted(x.Replications, "run") }

// dated is a week with its last day, where the first day of the run is known.
func (x runLines) dated(week int) string {
	day, err := plan.ParseDate(x.Start)
	if err != nil {
		return fmt.Sprintf("week %d", week)
	}
	return ending(day, week)
}

// ending is a week of a run from a first day, with its last day.
func ending(first plan.Date, week int) string {
	return fmt.Sprintf("week %d (ending %s)", week, first+plan.Date(7*week-1))
}

// when says in which week the company fails: the median, and the range of 9 of 10 of the runs in which it does.
func (x runLines) when() string {
	q := x.Ruin.Weeks
	if q == nil {
		return ""
	}
	week := func(e analysis.Estimate) string { return fmt.Sprintf("%.0f", e.Value) }
	text := ", in " + x.dated(int(q.P50.Value))
	switch {
	case x.Ruin.Replications == 1:
		return text
	case q.P5.Value == q.P95.Value && x.Ruin.Replications == 2:
		return text + " in both of them"
	case q.P5.Value == q.P95.Value && x.Ruin.Replications < fewFail:
		return text + fmt.Sprintf(" in all %d of them", x.Ruin.Replications)
	case q.P5.Value == q.P95.Value:
		return text + " in 9 of 10 of them"
	case x.Ruin.Replications < fewFail:
		return text + fmt.Sprintf(" in the median one of %d", x.Ruin.Replications)
	}
	return text + fmt.Sprintf(" in the median one, weeks %s to %s in 9 of 10", week(q.P5), week(q.P95))
}

// fewFail is the number of runs below which 9 of 10 of those that fail say nothing.
const fewFail = 10

// pays says whether winning customers pays.
func (x runLines) pays() string {
	o, won := x.Outcome("lifetime_margin"), x.Outcome("won")
	switch {
	case won != nil && won.Estimate.Value == 0:
		return "nobody is won"
	case o == nil || !o.Estimate.Known():
		return "what the customers won bring is not known"
	}
	size := func(e analysis.Estimate) string {
		if f := words.FormatOf(o.Name, o.Unit); e.HalfWidth() > 0 {
			return words.Say(f, e)
		} else {
			return f.Text(e.Value)
		}
	}
	gain := "bring " + size(o.Estimate) + " more than winning them costs"
	staying := ""
	if churn := x.Outcome("monthly_logo_churn"); churn != nil {
		staying = words.Staying(churn.Unit, churn.Estimate.Value)
	}
	switch e := o.Estimate; {
	case decide.Gains(e).Kind == decide.Yes && x.Ruin != nil && x.Ruin.Chance.Value > mostFail:
		return "its customers " + gain + ", which does not keep it in business"
	case decide.Gains(e).Kind == decide.Yes && staying != "":
		return "its customers " + gain + ", though " + staying
	case e.N == 1 && e.Value < 0:
		return "its customers bring " + size(e.Minus()) + " less than winning them costs"
	case e.N == 1:
		return "its customers " + gain
	case decide.Gains(e).Kind == decide.Yes:
		return "winning customers pays: they bring " + size(e) + " more than it costs"
	case decide.Gains(e).Kind == decide.No:
		return "winning customers does not pay: they bring " + size(e.Minus()) + " less than it costs"
	default:
		return "whether winning customers pays is too close to call (" + size(e) + ")"
	}
}

// customers says with how many the run ends.
func (x runLines) customers() string {
	o := x.Outcome("live_customers")
	if o == nil || !o.Estimate.Known() {
		return ""
	}
	e, q := o.Estimate, o.Quantiles
	text := fmt.Sprintf("; after %s it has %s", words.Counted(x.Weeks, "week"), customersOf(e.Value))
	if e.N == 1 || q.P5.Value == q.P95.Value {
		return text
	}
	ends := []string{words.Count.Text(q.P5.Value), words.Count.Text(q.P95.Value)}
	if ends[0] == ends[1] {
		ends = words.Count.Alike(q.P5.Value, q.P95.Value)
	}
	return text + fmt.Sprintf(" on average, %s to %s in 9 of 10 runs", ends[0], ends[1])
}

func customersOf(n float64) string {
	text := words.Count.Text(n)
	if text == "1" {
		return "1 customer"
	}
	return text + " customers"
}

// do is the next step: the command that asks the next question.
func (x runLines) do() string {
	won, margin := x.Outcome("won"), x.Outcome("lifetime_margin")
	switch {
	case x.Ruin != nil && x.Ruin.Replications > 0:
		return fmt.Sprintf("Ask why it fails: windfall why %s --worst", x.c.Folder)
	case won != nil && won.Estimate.Value == 0:
		return fmt.Sprintf("Ask what keeps customers away: windfall scenarios check %s", x.c.Scenario)
	case margin != nil && margin.Estimate.High < 0:
		return fmt.Sprintf("Ask what to cut first: windfall respond %s", x.c.Scenario)
	case x.Inputs > 0:
		return fmt.Sprintf("Ask which uncertain input matters most: windfall sensitivity %s", x.c.Scenario)
	}
	if !x.spends() {
		return fmt.Sprintf("Ask what a first budget would bring: windfall respond %s --amount 10000", x.c.Scenario)
	}
	return fmt.Sprintf("Ask where the next dollar goes: windfall respond %s", x.c.Scenario)
}

// spends says whether anything is spent on channels and brand media.
func (x runLines) spends() bool {
	for _, name := range []string{"media_spend", "brand_spend"} {
		if o := x.Outcome(name); o == nil || o.Estimate.Value != 0 {
			return true
		}
	}
	return false
}

// sure says what the answer rests on.
func (x runLines) sure() string {
	text := words.Capital(words.Sized(x.Replications, decide.FewPairs, "run"))
	if x.Replications == 1 {
		text = "One run gives no margin of error; use at least 2 (2,000 recommended)"
	}
	return text + ". " + x.rests()
}

// rests says what the range of the answer shows.
func (x runLines) rests() string {
	if x.Inputs == 0 {
		return "No input of this scenario is uncertain: the range is random variation only."
	}
	return fmt.Sprintf("%s drawn anew: the range is what they and random variation leave open.",
		words.Capital(words.Counted(x.Inputs, "uncertain input")))
}

// heldLines words a run that is held against a baseline.
type heldLines struct {
	runLines
	b *analysis.Baseline
}

// metric is the outcome that gives the verdict; it is always there.
func (x heldLines) metric() *analysis.Held {
	if h := x.b.Outcome(x.b.Metric); h != nil {
		return h
	}
	return &analysis.Held{Name: x.b.Metric}
}

// verdict says whether the plan is better than its baseline.
func (x heldLines) verdict() decide.Kind {
	h := x.metric()
	if h.Direction == plan.Less.String() {
		return decide.Gains(h.Difference.Minus()).Kind
	}
	return decide.Gains(h.Difference).Kind
}

// finding is the difference with its verdict, and what becomes of sign-ups: how many, where, and for how long.
func (x heldLines) finding() string {
	h, against := x.metric(), x.Scenario+" against "+x.b.Scenario
	f := words.FormatOf(h.Name, h.Unit)
	noun := words.Measure{Name: h.Name, Unit: h.Unit}.Inside()
	var text string
	far, more := h.Difference, "more"
	if far.Value < 0 {
		far, more = far.Minus(), "less"
	}
	size := fmt.Sprintf("%s %s %s", words.Say(f, far), more, noun)
	if words.Number(h.Relative.Value) {
		size += fmt.Sprintf(" (%s)", words.Signed(h.Relative.Value))
	}
	switch kind := x.verdict(); {
	case h.Identical:
		return fmt.Sprintf("No difference: %s and %s have the same %s in every run.", x.Scenario, x.b.Scenario, noun)
	case kind == decide.Yes:
		text = fmt.Sprintf("%s is better than %s: %s", x.Scenario, x.b.Scenario, size)
	case kind == decide.No:
		text = fmt.Sprintf("%s is worse than %s: %s", x.Scenario, x.b.Scenario, size)
	case kind == decide.TooCloseToCall:
		return fmt.Sprintf("Too close to call: %s differs by %s of %s.", against, words.SayChange(f, h.Difference), noun) +
			x.fails()
	default:
		return fmt.Sprintf("Not applicable: the difference of %s in %s is not known.", against, noun) + x.fails()
	}
	return text + "." + x.signups() + x.fails()
}

// fails says how often either plan goes out of business, where one does.
func (x heldLines) fails() string {
	h := x.b.Outcome("out_of_business")
	if h == nil || !(h.Plan.Value > 0 || h.Baseline.Value > 0) {
		return ""
	}
	text := fmt.Sprintf(" The company fails in %s of runs, under %s in %s", words.Percent.Text(h.Plan.Value), x.b.Scenario,
		words.Percent.Text(h.Baseline.Value))
	if h.Plan.Value > 0 {
		text += x.when()
	}
	return text + "."
}

// mostNamed is the number of channels that a sentence names.
const mostNamed = 2

// signups says what becomes of sign-ups.
func (x heldLines) signups() string {
	h := x.b.Outcome("signups")
	if h == nil || decide.Gains(h.Difference).Kind == decide.TooCloseToCall || !h.Difference.Known() {
		return ""
	}
	far, verb := h.Difference, "gains"
	if far.Value < 0 {
		far, verb = far.Minus(), "loses"
	}
	text := fmt.Sprintf(" It %s %s sign-ups", verb, words.Say(words.Plain, far))
	if words.Number(h.Relative.Value) {
		text += fmt.Sprintf(" (%s)", words.Signed(h.Relative.Value))
	}
	var named []string
	for _, c := range x.moved(h.Difference.Value) {
		if len(named) < mostNamed {
			named = append(named, fmt.Sprintf("%s (%s)", c.Name, words.SayChange(words.Plain, c.Change)))
		}
	}
	if len(named) > 0 {
		text += ", most on " + words.List(named)
	}
	return text + x.dip() + "."
}

// moved are the channels whose sign-ups surely move the way of all, the most first.
func (x heldLines) moved(way float64) (out []analysis.ChannelChange) {
	for _, c := range x.b.Channels {
		e := c.Change
		if way < 0 {
			e = e.Minus()
		}
		if e.Low > 0 {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b analysis.ChannelChange) int {
		if way < 0 {
			a, b = b, a
		}
		switch d := b.Change.Value - a.Change.Value; {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	return out
}

// dip says how deep sign-ups fall in a week, and how long that lasts.
func (x heldLines) dip() string {
	d := x.b.Signups
	if d == nil || !d.Depth.Known() || !(d.Depth.Value < 0) {
		return ""
	}
	text := fmt.Sprintf("; in the worst week, %s, sign-ups fall by %s", x.dated(d.DepthWeek),
		words.Percent.Text(-d.Depth.Value))
	within := fmt.Sprintf("back within %s of %s", words.Percent.Text(float64(d.Shortfall)), x.b.Scenario)
	switch {
	case d.Recovery < 0:
		return text + "; they are not " + within + " in this run"
	case d.Recovery == 0:
		return text + fmt.Sprintf("; they are %s right after week %d", within, d.Last)
	}
	return text + fmt.Sprintf("; they are %s %s after week %d", within, words.Counted(d.Recovery, "week"), d.Last)
}

func (x heldLines) do() string {
	compare := fmt.Sprintf("windfall compare %s %s", x.b.Scenario, x.c.Scenario)
	if x.metric().Identical {
		return fmt.Sprintf("Ask how the two plans differ: windfall scenarios diff %s %s", x.b.Scenario, x.c.Scenario)
	}
	switch x.verdict() {
	case decide.Yes:
		return fmt.Sprintf("Prefer %s; for all outcomes side by side: %s", x.Scenario, compare)
	case decide.No:
		return fmt.Sprintf("Prefer %s; for all outcomes side by side: %s", x.b.Scenario, compare)
	case decide.TooCloseToCall:
		return fmt.Sprintf("Run more pairs before choosing: windfall run %s --replications %d", x.c.Scenario,
			max(decide.FewPairs, 4*x.b.Pairs))
	}
	return "Ask about another outcome: " + compare + " --metric business_value"
}

// sure says on how many pairs the answer rests, and why on so many.
func (x heldLines) sure() string {
	text := words.Counted(x.b.Pairs, "pair") + " of runs under the same random variation"
	switch {
	case x.b.AtMost > 0 && x.b.Pairs >= x.b.AtMost:
		text += fmt.Sprintf(", the maximum (%s)", words.Thousands(x.b.AtMost))
	case x.b.AtMost > 0:
		text += fmt.Sprintf(", as many as the verdict needs (at least %d, at most %s)", leastPairs,
			words.Thousands(x.b.AtMost))
	}
	return text + ". " + x.rests()
}

// leastPairs is sim.LeastPairs.
const leastPairs = 20

// Held are the tables of a plan beside its baseline, of which lifetime_margin counts so many weeks after the run
// (0: not known); none: it has no baseline.
func Held(s *analysis.Summary, tail int) []*Sheet {
	if s.Baseline == nil {
		return nil
	}
	outcomes := held(s)
	outcomes.Notes = append(outcomes.Notes, tailNote(tail))
	return []*Sheet{outcomes, changed(s)}
}

// held is the table of the plan beside its baseline.
func held(r *analysis.Summary) *Sheet {
	b := r.Baseline
	s := NewSheet("baseline", r.Scenario+" against "+b.Scenario, "outcome", "unit", "±"+b.Scenario, "±"+r.Scenario,
		"±difference", "±relative", "#variance saved")
	for _, h := range b.Outcomes {
		f, unit := words.Fitting(h.Name, h.Unit, h.Baseline.Value, h.Plan.Value)
		one, two := Value(f, h.Baseline), Value(f, h.Plan)
		texts := f.WithErrors([]float64{h.Baseline.Value, h.Plan.Value, h.Difference.Value},
			[]float64{h.Baseline.HalfWidth(), h.Plan.HalfWidth(), h.Difference.HalfWidth()})
		one.Text, two.Text = texts[0], texts[1]
		s.Row(h.Name, unit, one, two, Change(f, h.Difference), Relative(h.Relative),
			Saved(h.Identical, h.Reduction, h.Difference))
	}
	s.Shown, s.Lead = len(s.Rows), s.Caption
	FewFor(s, b.Pairs, leastPairs, "pair")
	return s
}

// changed is the table of sign-ups by channel beside those of the baseline, the largest loss first.
func changed(r *analysis.Summary) *Sheet {
	s := NewSheet("channels", "Sign-ups by channel, "+r.Scenario+" against "+r.Baseline.Scenario, "channel", "±sign-ups",
		"±relative")
	rows := slices.Clone(r.Baseline.Channels)
	slices.SortStableFunc(rows, func(a, b analysis.ChannelChange) int {
		switch {
		case a.Change.Value < b.Change.Value:
			return -1
		case a.Change.Value > b.Change.Value:
			return 1
		}
		return 0
	})
	for _, c := range rows {
		s.Row(c.Name, With(words.Plain, c.Change), Relative(c.Relative))
	}
	s.Shown, s.Lead = len(s.Rows), s.Caption
	return s
}
