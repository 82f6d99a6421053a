package page

import (
	"fmt"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
)

// Discover lays out where a condition holds.
func Discover(a *discover.Answer, cure Cure) *Document {
	x := discoverPage{a, inputs{words.In(a.Currency)}, cure}
	said := x.said()
	return &Document{Question: "discover", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next,
		Seed: a.Seed, Size: words.Counted(a.Replications, "run"), Sentences: said.sentences(), Warnings: x.warnings(),
		Sheets: x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return discoverData{Warnings: warnings, Scenario: a.Scenario, When: a.When, Replications: a.Replications,
				Seed: a.Seed, Weeks: a.Weeks, Lines: said, Cases: a.Cases, Missing: a.Missing, Instead: a.Instead,
				Held: a.Held, Base: a.Base, Box: x.box(), Answer: a}
		}}
}

// discoverData is the answer as programs read it, with what is said of it.
type discoverData struct {
	Warnings     []string `json:"warnings,omitempty"`
	Scenario     string   `json:"scenario"`
	When         string   `json:"when"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	Lines
	Cases   int                `json:"cases"`
	Missing int                `json:"replications_left_out,omitempty"`
	Instead string             `json:"condition_that_would_work,omitempty"`
	Held    int                `json:"replications_measured,omitempty"`
	Base    *analysis.Estimate `json:"base_rate,omitempty"`
	Box     *boxData           `json:"box,omitempty"`
	*discover.Answer
}

type boxData struct {
	Density    analysis.Estimate `json:"density"`
	Coverage   analysis.Estimate `json:"coverage"`
	Volume     analysis.Estimate `json:"volume"`
	Chance     float64           `json:"p_value"`
	Conditions []sideData        `json:"conditions"`
}

type sideData struct {
	Input string `json:"input"`
	Text  string `json:"text"`
	discover.Side
}

// discoverPage writes an answer with its inputs in their units.
type discoverPage struct {
	*discover.Answer
	inputs inputs
	cure   Cure
}

// side words the condition on one input.
func (x discoverPage) side(s discover.Side) string {
	return s.Name + " " + x.inputs.between(s.Input, s.From, s.To)
}

// box is the box with its conditions in words.
func (x discoverPage) box() *boxData {
	b := x.Box
	if b == nil {
		return nil
	}
	out := &boxData{Density: b.Density, Coverage: b.Coverage, Volume: b.Volume, Chance: b.Chance}
	for _, s := range b.Conditions {
		out.Conditions = append(out.Conditions, sideData{s.Name, x.side(s), s})
	}
	return out
}

// failing is the condition of going out of business.
const failing = "out_of_business"

// holds says that the condition holds, and what runs in which it does are called.
func (x discoverPage) holds() (subject, again, such string) {
	if x.When == failing {
		return "the company fails", "it fails", "failures"
	}
	return "'" + x.When + "' holds", "it holds", "such runs"
}

// said is the answer.
func (x discoverPage) said() Lines {
	return Lines{Finding: ruined(x.Ruined, x.Replications, " of the plan") + words.Capital(x.finding()), Do: x.do(),
		Sure: x.sure()}
}

// finding says where the condition holds.
func (x discoverPage) finding() string {
	subject, again, such := x.holds()
	percent := words.Percent
	switch {
	case x.Missing == x.Replications:
		return fmt.Sprintf("Not applicable: whether %s is not known in any of %s: %s.", subject,
			words.Counted(x.Replications, "run"), x.MissingWhy)
	case x.Base == nil:
		return x.unsearchable()
	case x.Box == nil:
		return fmt.Sprintf("No reason found: %s in %s of runs of %s (%s), and no uncertain input is seen to decide it.",
			subject, percent.Text(x.Base.Value), words.Counted(x.Weeks, "week"), words.Between(percent, *x.Base))
	}
	return fmt.Sprintf("%s in %s of runs of %s. With %s %s in %s; %s of all %s look like this.", subject,
		percent.Text(x.Base.Value), words.Counted(x.Weeks, "week"), x.conditions(), again, percent.Text(x.Box.Density.Value),
		percent.Text(x.Box.Coverage.Value), such)
}

// conditions are those of the box.
func (x discoverPage) conditions() string {
	var out []string
	for _, s := range x.Box.Conditions {
		out = append(out, x.inputs.side(s.Input, s.From, s.To))
	}
	return words.List(out)
}

// unsearchable says of a condition that it is too rare or too common.
func (x discoverPage) unsearchable() string {
	subject, _, _ := x.holds()
	share, runs := words.Percent.Text(x.Share()), words.Counted(x.Replications, "run")
	if x.Cases >= analysis.LeastCases {
		return fmt.Sprintf("Not applicable: %s in %s of %s, and a reason can be looked for in %s at "+
			"most.", subject, share, runs,
			words.Percent.Text(analysis.MostShare))
	}
	return fmt.Sprintf("Not applicable: %s in %s of %s (%s), and %d are needed to look for a reason.", subject,
		words.Thousands(x.Cases), runs, share, analysis.LeastCases)
}

// do says what to do with that.
func (x discoverPage) do() string {
	switch {
	case x.Missing == x.Replications:
		return "Ask about another outcome, which has a number here."
	case x.Base == nil && x.Instead == "":
		return fmt.Sprintf("Run more: %s.", x.cure("replications", fmt.Sprint(10*x.Replications)))
	case x.Base == nil:
		return fmt.Sprintf("Ask about '%s' instead, which holds in "+
			"%s.", x.Instead, words.Counted(x.InsteadCases, "run"))
	case x.Box == nil:
		if x.Cases < discover.FewCases {
			return fmt.Sprintf("Run more before you rely on that: %s.", x.cure("replications", fmt.Sprint(4*x.Replications)))
		}
		return "Look for the reason in the plan or in chance."
	}
	var names []string
	for _, s := range x.Box.Conditions {
		names = append(names, x.inputs.name(s.Input))
	}
	if x.When == failing {
		return fmt.Sprintf("Find out %s before you commit, and keep out of this range.", words.List(names))
	}
	return fmt.Sprintf("Find out %s before you commit: there it is decided.", words.List(names))
}

// sure says how sure that is.
func (x discoverPage) sure() string {
	percent := words.Percent
	if x.Base == nil {
		return fmt.Sprintf("It rests on %s, %s.", words.Counted(x.Replications, "run"), drawn(x.Inputs))
	}
	if x.Box == nil {
		_, _, such := x.holds()
		return fmt.Sprintf("It rests on %s %s in %s, %s; the 95%% interval is from %s that had no part in the search.",
			words.Thousands(x.Cases), such, words.Counted(x.Replications, "run"), drawn(x.Inputs), words.Counted(x.Held, "run"))
	}
	text := fmt.Sprintf("95%% intervals from %s that had no part in the search, %s: %s of all runs",
		words.Counted(x.Held, "run"), drawn(x.Inputs), words.Between(percent, *x.Base))
	return text + fmt.Sprintf(", %s of those in this range, %s of all such runs.", words.Between(percent, x.Box.Density),
		words.Between(percent, x.Box.Coverage))
}

func (x discoverPage) warnings() (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.LeftOut:
			out = append(out, fmt.Sprintf("whether '%s' holds is not known in %s of %s, which are left out: %s", w.What,
				words.Counted(w.Has, "run"), words.Thousands(w.Of), w.Why))
		case decide.FewRuns:
			rough := ""
			if x.Box != nil {
				rough = ", and edges are rough"
			}
			out = append(out, fmt.Sprintf("the condition holds in %s alone: a weak reason may be missed%s",
				words.Counted(w.Has, w.Of), rough))
		}
	}
	return out
}

// sheets is the table of the conditions of the box.
func (x discoverPage) sheets() []*Sheet {
	s := NewSheet("conditions", "The range of inputs, and what it would be without each of its conditions", "condition",
		"±share of draws", "±density without it", "±coverage without it")
	if x.Box == nil {
		return []*Sheet{s}
	}
	for _, c := range x.Box.Conditions {
		s.Row(x.side(c), Num(words.Percent.Text(c.To-c.From), c.To-c.From), share(c.DensityWithout),
			share(c.CoverageWithout))
	}
	s.Row("all of them", share(x.Box.Volume), share(x.Box.Density), share(x.Box.Coverage))
	s.Notes = []string{"Density: how often it holds there; coverage: how many of all such runs lie there. The last " +
		"line: with all conditions " +
		"(95% intervals)."}
	return []*Sheet{s}
}

// pictures is that of how often the condition holds.
func (x discoverPage) pictures() []Picture {
	if x.Box == nil {
		return nil
	}
	subject, _, _ := x.holds()
	bars := picture.Bars{Source: picture.Source{Scenario: x.Scenario, Replications: x.Held, Seed: x.Seed,
		Note: picture.Uncertain(x.Inputs)}, Names: "runs", ValueName: "Share in which " + subject, Percent: true,
		Ends: "95% intervals",
		Finding: "How often " + subject + ": everywhere, in the range that was found, and there without one " +
			"of its conditions",
		Labels: []string{"all runs", "in the range"}, Lines: []picture.Line{{Name: "share",
			Points: []analysis.Estimate{*x.Base, x.Box.Density}}}}
	for _, c := range x.Box.Conditions {
		bars.Labels, bars.Lines[0].Points = append(bars.Labels, "without "+c.Name),
			append(bars.Lines[0].Points, c.DensityWithout)
	}
	return []Picture{{Name: "density", Data: bars}}
}
