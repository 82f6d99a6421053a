package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/decide"
	"windfall/sim/decide/experiment"
)

// Experiment lays out what a planned test would show.
func Experiment(a *experiment.Answer, cure Cure) *Document {
	x := experimentPage{a, words.In(a.Currency).Money(), cure}
	said := Lines{Finding: ruined(x.Ruined, a.Replications, " of the plan") + x.finding(), Do: x.do(), Sure: x.sure()}
	d := &Document{Question: "experiment", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next,
		Seed: a.Seed, Size: words.Counted(a.Replications, "run") + " of the planned test",
		Sentences: append(said.sentences(), x.worth()),
		Sheets:    x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return experimentData{warnings, said, x.worth(), a}
		}}
	for _, w := range a.Warnings {
		if few, ok := w.(decide.FewRuns); ok {
			d.Warnings = append(d.Warnings, cure.few(few))
		}
	}
	return d
}

// experimentData is the answer as programs read it, with what is said of it.
type experimentData struct {
	Warnings []string `json:"warnings,omitempty"`
	Lines
	Said string `json:"worth_running"`
	*experiment.Answer
}

// experimentPage writes an answer.
type experimentPage struct {
	*experiment.Answer
	money words.Format
	cure  Cure
}

// test names a test: 8 weeks, or 8 weeks in east and west.
func (x experimentPage) test(t *experiment.Test) string {
	length := words.Counted(t.Weeks, "week")
	if len(t.Treated) == 0 {
		return length
	}
	return length + " in " + words.List(t.Treated)
}

// tested says what is done: switching branded-search off.
func (x experimentPage) tested() string {
	on := x.subject()
	if x.Firms > 0 {
		return fmt.Sprintf("holding %s of firms out of %s", words.Percent.Text(float64(x.Firms)), on)
	}
	if x.Spend == 0 {
		return "switching " + on + " off"
	}
	return fmt.Sprintf("spending %s times the budget on %s", words.Plain.Text(float64(x.Spend)), on)
}

// subject is what is tested, in a sentence.
func (x experimentPage) subject() string {
	if x.On == "brand" {
		return "the brand"
	}
	return x.On
}

// how says over which time the spend is another.
func (x experimentPage) how(t *experiment.Test) string {
	switch x.Kind {
	case experiment.Pulse:
		if x.Every == 1 {
			return "every other week for " + x.test(t)
		}
		return fmt.Sprintf("for %s and on for %d in turn, %s in all,", words.Counted(x.Every, "week"), x.Every, x.test(t))
	case experiment.Holdout:
		if x.Firms > 0 {
			return fmt.Sprintf("for good, read after %s,", words.Counted(t.Weeks, "week"))
		}
		return fmt.Sprintf("for good in %s, read after %s,", words.List(t.Treated), words.Counted(t.Weeks, "week"))
	}
	return "for " + x.test(t)
}

// counts is what the test looks at, as people call it.
func (x experimentPage) counts() string {
	if named, ok := map[string]string{"signups": "sign-ups", "won": "customers won"}[x.EffectOn]; ok {
		return named
	}
	return x.EffectOn
}

// finding is how often the planned test finds the effect, with the verdict.
func (x experimentPage) finding() string {
	t := &x.Planned
	what := words.Capital(x.tested()) + " " + x.how(t)
	finds := fmt.Sprintf("%s shows its effect on %s in %s of runs", what, x.counts(), chance(t.Power))
	switch {
	case x.Nothing && x.Fails:
		return fmt.Sprintf("Not applicable: %s changes nothing, since the company is out of business before in every run.",
			x.tested())
	case x.Nothing:
		return fmt.Sprintf("Not applicable: %s changes nothing, since nothing is spent on it in those weeks.", x.tested())
	case x.Verdict.Kind == decide.NotApplicable:
		return fmt.Sprintf("Not applicable: %s cannot be read, since %s.", x.tested(), x.Verdict.Why)
	case t.Deceives:
		return fmt.Sprintf("%s, and would show one in %s of runs even if nothing were changed: the test cannot be "+
			"trusted.", finds, chance(t.Size))
	case x.none():
		why := fmt.Sprintf("%s are the same with the test and without it in every run", x.counts())
		if t.Control.Value == 0 {
			why = fmt.Sprintf("there are no %s with the test or without it", x.counts())
		}
		return fmt.Sprintf("%s: there is no effect to find, since %s.", finds, why)
	case x.Verdict.Kind == decide.Yes:
		return finds + ": enough, since a test should reach 80%."
	case x.Verdict.Kind == decide.No && t.Effect.Low <= 0 && t.Effect.High >= 0:
		return finds + ": no, there is no effect in sight to be found."
	case x.Verdict.Kind == decide.No:
		return finds + ": too seldom, since a test should reach 80%."
	}
	if t.Power.High < experiment.Power || t.Power.Low >= experiment.Power { // of more runs it would be known
		return fmt.Sprintf("%s: too few to tell whether that reaches 80%%, since only %s of %d could be read.", finds,
			words.Thousands(t.Power.N), x.Replications)
	}
	return finds + ": whether that reaches 80% is too close to call."
}

// none says whether the planned test changes nothing of what it looks at, in any run.
func (x experimentPage) none() bool {
	e := x.Planned.Effect
	return e.Known() && e.Value == 0 && e.Low == 0 && e.High == 0 && e.Needs == 0
}

// do says what to run, at what cost and when.
func (x experimentPage) do() string {
	t, s := &x.Planned, &x.Search
	smallest := ""
	if s.Test != nil {
		smallest = x.test(s.Test) + " is the smallest that reaches 80%. " + x.when(s.Test)
	}
	closer := ""
	if len(s.Closer) > 0 {
		closer = fmt.Sprintf(" Of %s it is too close to call.", x.test(&s.Closer[0]))
	}
	span := fmt.Sprintf("%d to %s", s.From, words.Counted(s.To, "week"))
	switch {
	case x.Fails:
		return "Mend that first: what a company that fails does not spend shows little of what it would bring."
	case x.Nothing:
		return "Ask about something on which the plan spends in those weeks."
	case x.none() && x.EffectOn == "leads":
		return "Do not run it: no test finds an effect that is not there."
	case x.none():
		return "Do not run it: no test finds an effect that is not there. Look at another count, such as leads."
	case s.Kind == decide.NotApplicable:
		return fmt.Sprintf("Take another design: %s and %s need no regions to compare with.", x.cure("design", "dark"),
			x.cure("design", "pulse"))
	case s.Test != nil && s.Test.Weeks == t.Weeks && len(s.Test.Treated) == len(t.Treated):
		return "Run it: it is the smallest test that reaches 80%. " + x.when(t) + closer
	case s.Test != nil && x.Verdict.Kind == decide.Yes:
		return "Run a smaller test: " + smallest + closer
	case s.Test != nil:
		return "Run another test: " + smallest + closer
	case s.Kind == decide.TooCloseToCall:
		return fmt.Sprintf("Do not count on it yet: no test of %s is seen to reach 80%%.%s Ask again with %s.", span,
			closer, x.cure("replications", fmt.Sprint(max(experiment.Replications, 4*x.Replications))))
	case t.Deceives:
		return "Do not run it: in " + span + " no test of this design can be trusted and reaches 80%. Compare regions " +
			"(" + x.cure("design", "geo") + ") or switch on and off in turn (" + x.cure("design", "pulse") + ")."
	}
	return fmt.Sprintf("Do not run it: in %s no test of this design reaches 80%%. %s", span, x.instead())
}

// instead says what else may show an effect: what the test does not do already.
func (x experimentPage) instead() string {
	ways := []string{"take another design"}
	if x.Spend != 0 {
		ways = append([]string{"move more spend"}, ways...)
	}
	if x.EffectOn != "leads" {
		ways = append(ways, "look at a count that is larger, such as leads")
	}
	return words.Capital(words.Joined(ways, "or")) + "."
}

// when says when a test starts, when its answer is there and what it costs.
func (x experimentPage) when(t *experiment.Test) string {
	return fmt.Sprintf("It starts on %s, has its answer on %s and %s.", t.Starts, t.Answered, x.price(t))
}

// price says what a test costs: sales forgone, and money.
func (x experimentPage) price(t *experiment.Test) string {
	won := words.Say(words.Plain, t.Won.Minus()) + " customers fewer"
	if t.Won.Value > 0 {
		won = words.Say(words.Plain, t.Won) + " customers more"
	}
	switch {
	case t.Cost.Low > 0:
		return fmt.Sprintf("costs %s of customer lifetime margin (%s)", words.Say(x.money, t.Cost), won)
	case t.Cost.High < 0:
		return fmt.Sprintf("saves more than it loses: %s of customer lifetime margin", words.Say(x.money, t.Cost.Minus()))
	}
	return fmt.Sprintf("costs %s of customer lifetime margin, which is too close to call", words.Say(x.money, t.Cost))
}

// sure says what the answer rests on, and whether the method has the size that it states.
func (x experimentPage) sure() string {
	t := &x.Planned
	text := sure(words.Sized(x.Replications, experiment.Few, "run")+" with the planned test over "+
		words.Counted(x.Weeks, "week"), x.Inputs)
	if !t.Size.Known() || x.Nothing {
		return text
	}
	return text + fmt.Sprintf(" Where nothing is changed the test shows an effect in %s of runs; 5%% is what its "+
		"method (%s) promises, %s.", chance(t.Size), t.Title, t.Promises)
}

// worth says what it is worth to run the planned test.
func (x experimentPage) worth() string {
	w := &x.Worth
	switch {
	case strings.HasPrefix(w.Reason, "no input"):
		return fmt.Sprintf("What running it is worth: not applicable, since %s and there is nothing to learn.", w.Reason)
	case w.Reason != "":
		return fmt.Sprintf("What running it is worth: not applicable, because %s.", w.Reason)
	case !w.Learned.Known():
		return "What running it is worth is not known: " + w.Verdict.Why + "."
	}
	head := fmt.Sprintf("The better decision that its answer allows (to keep the spend, or to go on with that of the "+
		"test) is worth %s, and it changes the decision in %s of cases; less what the test costs",
		words.SayEnds(x.money.Text, w.Learned), chance(w.Changes))
	switch net := words.With(x.money, w.Net); w.Verdict.Kind {
	case decide.Yes:
		return head + " it brings " + net + ": worth running."
	case decide.No:
		return head + " it loses " + words.With(x.money, w.Net.Minus()) + ": not worth running."
	default:
		return head + " it comes to " + net + ", too close to call."
	}
}

// verdict is a test's in a table.
func verdictOf(t *experiment.Test) string {
	switch {
	case t.Verdict.Kind == decide.NotApplicable:
		return string(decide.NotApplicable)
	case t.Deceives:
		return "too many false alarms"
	}
	return string(t.Verdict.Kind)
}

// power is the table of how often tests find what is there.
func (x experimentPage) power() *Sheet {
	s := NewSheet("power", "How often each test finds its effect on "+x.counts(), "test", "±power", "reaches 80%",
		"±where nothing changes", "±wrong sign", "±interval holds the truth", "#power by the normal formula", "#runs")
	for i := range x.Tests {
		t := &x.Tests[i]
		s.Row(x.test(t), share(t.Power), verdictOf(t), share(t.Size), share(t.Wrong), share(t.Coverage),
			bare(words.Percent, float64(t.Formula)), Num(words.Thousands(t.Replications), float64(t.Replications)))
	}
	s.Shown = len(s.Rows)
	same := "the same weeks"
	switch {
	case x.Firms > 0:
		same += " and firms"
	case len(x.Planned.Treated) > 0:
		same += " and regions"
	}
	s.Notes = append(s.Notes, "Power is the share of runs whose 95% interval leaves out 0. Where nothing changes "+
		same+" are read, and the spend is that of the plan.", "Power by the normal formula is that of a normal estimate "+
		"with the mean effect and the spread that estimates have where nothing changes.")
	return s
}

// costs is the table of what tests cost and when.
func (x experimentPage) costs() *Sheet {
	s := NewSheet("costs", "What each test costs, and when its answer is there", "test", "starts", "ends", "answer on",
		"±customers", "±sign-ups", "±lifetime value lost", "±not spent", "±cost")
	for i := range x.Tests {
		t := &x.Tests[i]
		s.Row(x.test(t), t.Starts, t.Ends, t.Answered, With(words.Plain, t.Won), With(words.Plain, t.Signups),
			With(x.money, t.Lost), With(x.money, t.Saved), With(x.money, t.Cost))
	}
	s.Shown = len(s.Rows)
	s.Notes = append(s.Notes, "Each run with the test less the same run without it, to the end of the run and with what "+
		"it leaves behind. Cost is customer lifetime margin: lifetime value lost less what is not spent.")
	if x.Kind == experiment.Holdout { // what is held out stays so, whenever it is read
		s.Columns[2].Name, s.Columns[2].File = "read to", s.Columns[2].Name
		s.Notes = append(s.Notes, "What is held out stays so to the end of the run, however early the test is read: every "+
			"length costs the same.")
	}
	return s
}

// reading is the table of what is estimated and what is true.
func (x experimentPage) reading() *Sheet {
	s := NewSheet("reading", "What each test reads, and the truth: change of "+x.counts(), "test", "±truth",
		"±estimate", "±bias", "#spread", "#half of the interval", "±counted without a test", "read by")
	for i := range x.Tests {
		t := &x.Tests[i]
		s.Row(x.test(t), With(words.Plain, t.Effect), With(words.Plain, t.Found), With(words.Plain, t.Bias),
			bare(words.Plain, float64(t.Spread)), bare(words.Plain, float64(t.Half)), With(words.Plain, t.Control), t.Title)
	}
	s.Shown = len(s.Rows)
	where := "In the weeks that count."
	switch {
	case x.Firms > 0:
		where = "Of the firms held out, in the weeks that count; a firm counts once."
	case len(x.Planned.Treated) > 0:
		where = "In the treated regions and the weeks that count."
	}
	s.Notes = append(s.Notes, where+" Spread is the standard deviation of the estimate's error from run to run.")
	return s
}

// rates is the table of how many firms did it, of those held out and of the others.
func (x experimentPage) rates() *Sheet {
	s := NewSheet("rates", "Share of firms with "+x.counts()+", held out and not", "test", "±held out", "±others",
		"±difference", "#half of the interval", "#firms held out", "#other firms")
	for i := range x.Tests {
		t := &x.Tests[i]
		r := t.Rates
		s.Row(x.test(t), With(words.Percent, r.Held), With(words.Percent, r.Others), With(words.Percent, r.Difference),
			bare(words.Percent, float64(r.Half)), bare(words.Plain, float64(r.HeldFirms)),
			bare(words.Plain, float64(r.OtherFirms)))
	}
	s.Shown = len(s.Rows)
	s.Notes = append(s.Notes, "Means of runs, each with the error of its mean. The interval is that which one run has: "+
		"the normal one of a difference of two proportions, in the median run.")
	return s
}

// sheets are the tables.
func (x experimentPage) sheets() []*Sheet {
	out := []*Sheet{x.power(), x.costs(), x.reading()}
	if x.Firms > 0 {
		out = append(out, x.rates())
	}
	return out
}

// bare is a cell of a number without an error.
func bare(f words.Format, v float64) Cell { return Num(f.Text(v), v) }

// shown is what the picture shows: the smallest test that does, or that none does.
func (x experimentPage) shown() string {
	s := &x.Search
	reaches := func(t experiment.Test) bool { return t.Power.Value >= experiment.Power }
	switch {
	case s.Test != nil:
		return words.Capital(x.test(s.Test)) + " is the smallest test that is seen to show an effect of " + x.subject() +
			" in 80% of runs"
	case s.Kind == decide.No && !slices.ContainsFunc(x.Tests, reaches):
		return fmt.Sprintf("No test of %d to %s shows an effect of %s in 80%% of runs", s.From, words.Counted(s.To, "week"),
			x.subject())
	}
	return "How often tests of " + x.subject() + " show an effect, and how often if nothing were changed"
}

// pictures show power by length.
func (x experimentPage) pictures() []Picture {
	b := picture.Bars{Source: picture.Source{Scenario: x.Scenario, Replications: x.Replications, Seed: x.Seed,
		Currency: x.Currency, Note: picture.Uncertain(x.Inputs)}, Names: "test",
		ValueName: "Share of runs that show an effect",
		Percent:   true, Wanted: experiment.Power, WantedFor: "a test should reach", Ends: "95% intervals",
		Finding: x.shown(),
		Lines:   []picture.Line{{Name: "with the test"}, {Name: "nothing changed"}}}
	for i := range x.Tests {
		if t := &x.Tests[i]; t.Power.Known() && !math.IsNaN(t.Size.Value) {
			pairs(&b, x.test(t), t.Power, t.Size)
		}
	}
	if len(b.Labels) == 0 {
		return nil
	}
	return []Picture{{Name: "power-of-tests", Data: b}}
}
