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
func Discover(a *discover.Answer, _ Cure) *Document {
	x := discoverPage{a, inputs{words.In(a.Currency)}}
	said := x.sentence()
	return &Document{Question: "discover", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next,
		Seed: a.Seed, Size: words.Counted(a.Replications, "run"), Sentences: []string{said}, Warnings: x.warnings(),
		Sheets: x.sheets(), Pictures: x.pictures(),
		Data: func(warnings []string) any {
			return discoverData{Warnings: warnings, Scenario: a.Scenario, When: a.When, Replications: a.Replications,
				Seed: a.Seed, Weeks: a.Weeks, Said: said, Cases: a.Cases, Missing: a.Missing, Instead: a.Instead,
				Held: a.Held, Base: a.Base, Box: x.box(), Answer: a}
		}}
}

// discoverData is the answer as programs read it, with what is said of it.
type discoverData struct {
	Warnings     []string           `json:"warnings,omitempty"`
	Scenario     string             `json:"scenario"`
	When         string             `json:"when"`
	Replications int                `json:"replications"`
	Seed         uint64             `json:"seed"`
	Weeks        int                `json:"weeks"`
	Said         string             `json:"answer"`
	Cases        int                `json:"cases"`
	Missing      int                `json:"replications_left_out,omitempty"`
	Instead      string             `json:"condition_that_would_work,omitempty"`
	Held         int                `json:"replications_measured,omitempty"`
	Base         *analysis.Estimate `json:"base_rate,omitempty"`
	Box          *boxData           `json:"box,omitempty"`
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

// sentence is the answer.
func (x discoverPage) sentence() string {
	percent := words.Percent
	horizon := words.Counted(x.Weeks, "week")
	switch {
	case x.Missing == x.Replications:
		return fmt.Sprintf("Whether '%s' holds within %s is not known in any of %s: %s.", x.When, horizon,
			words.Counted(x.Replications, "run"), x.MissingWhy)
	case x.Base == nil:
		return x.unsearchable(horizon)
	case x.Box == nil:
		return fmt.Sprintf("'%s' holds in %s of runs of %s, and no box better than chance was found (n = %s kept apart "+
			"to measure).", x.When, words.Ends(percent.Text, *x.Base), horizon, words.Thousands(x.Held))
	}
	var conditions []string
	for _, s := range x.Box.Conditions {
		conditions = append(conditions, x.side(s))
	}
	return fmt.Sprintf("'%s' holds in %s of runs of %s; in this box in %s, and it holds %s of all such runs: %s "+
		"(95%% intervals, n = %s kept apart to measure).",
		x.When, words.Ends(percent.Text, *x.Base), horizon, words.Ends(percent.Text, x.Box.Density),
		words.Ends(percent.Text, x.Box.Coverage), words.List(conditions), words.Thousands(x.Held))
}

// unsearchable says of a condition that is too rare or too common what would do instead.
func (x discoverPage) unsearchable(horizon string) string {
	share, runs := words.Percent.Text(x.Share()), words.Counted(x.Replications, "run")
	problem := fmt.Sprintf("in %s of %s (%s), and %d are needed to look for a reason", words.Thousands(x.Cases), runs,
		share, analysis.LeastCases)
	if x.Cases >= analysis.LeastCases {
		problem = fmt.Sprintf("in %s of %s, and it may hold in %s at most to look for a reason", share, runs,
			words.Percent.Text(analysis.MostShare))
	}
	way := fmt.Sprintf("'%s' would work: it holds in %s", x.Instead, words.Thousands(x.InsteadCases))
	if x.Instead == "" {
		way = "more replications are needed for any condition"
	}
	return fmt.Sprintf("'%s' holds within %s %s; %s.", x.When, horizon, problem, way)
}

func (x discoverPage) warnings() (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.LeftOut:
			out = append(out, fmt.Sprintf("whether '%s' holds is not known in %s of %s, which are left out: %s", w.What,
				words.Counted(w.Has, "run"), words.Thousands(w.Of), w.Why))
		case decide.FewRuns:
			out = append(out, fmt.Sprintf("the condition holds in %s alone: a weak reason may be missed, and edges are "+
				"rough", words.Counted(w.Has, w.Of)))
		}
	}
	return out
}

// sheets is the table of the conditions of the box.
func (x discoverPage) sheets() []*Sheet {
	s := NewSheet("conditions", "The box, and what it would be without each of its conditions", "condition",
		"±share of draws", "±density without it", "±coverage without it")
	if x.Box == nil {
		return []*Sheet{s}
	}
	for _, c := range x.Box.Conditions {
		s.Row(x.side(c), Num(words.Percent.Text(c.To-c.From), c.To-c.From), share(c.DensityWithout),
			share(c.CoverageWithout))
	}
	s.Row("all of them", share(x.Box.Volume), share(x.Box.Density), share(x.Box.Coverage))
	s.Notes = []string{"The last line: the box with all its conditions (95% intervals)."}
	FewFor(s, x.Cases, discover.FewCases, "case")
	return []*Sheet{s}
}

// pictures is that of how often the condition holds.
func (x discoverPage) pictures() []Picture {
	if x.Box == nil {
		return nil
	}
	bars := picture.Bars{Source: picture.Source{Scenario: x.Scenario, Replications: x.Held, Seed: x.Seed,
		Note: "inputs uncertain"}, Names: "runs", ValueName: "Share in which " + x.When, Percent: true,
		Finding: "How often '" + x.When + "' holds: everywhere, in the box, and in the box without one of its conditions",
		Labels:  []string{"all runs", "in the box"}, Lines: []picture.Line{{Name: "share",
			Points: []analysis.Estimate{*x.Base, x.Box.Density}}}}
	for _, c := range x.Box.Conditions {
		bars.Labels, bars.Lines[0].Points = append(bars.Labels, "without "+c.Name),
			append(bars.Lines[0].Points, c.DensityWithout)
	}
	return []Picture{{"density", bars}}
}
