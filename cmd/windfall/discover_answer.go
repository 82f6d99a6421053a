package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/analysis"
)

// discovery is what discover writes and prints as JSON.
type discovery struct {
	name         string // as typed
	flags        *discoverFlags
	insteadCases int
	missing      string // why it is not known whether the condition holds
	doubts

	Scenario     string             `json:"scenario"`
	When         string             `json:"when"`
	Replications int                `json:"replications"`
	Seed         uint64             `json:"seed"`
	Weeks        int                `json:"weeks"`
	Answer       string             `json:"answer"`
	Cases        int                `json:"cases"`
	Missing      int                `json:"replications_left_out,omitempty"` // without a value
	Instead      string             `json:"condition_that_would_work,omitempty"`
	Held         int                `json:"replications_measured,omitempty"`
	Base         *analysis.Estimate `json:"base_rate,omitempty"`
	Box          *foundBox          `json:"box,omitempty"`
	File         string             `json:"file,omitempty"`
}

// foundBox is a box of inputs in which the condition holds more often.
type foundBox struct {
	Density    analysis.Estimate `json:"density"`
	Coverage   analysis.Estimate `json:"coverage"`
	Volume     analysis.Estimate `json:"volume"`
	Chance     float64           `json:"p_value"`
	Conditions []foundSide       `json:"conditions"`
}

// foundSide is the condition on one input.
type foundSide struct {
	Input           string            `json:"input"`
	Text            string            `json:"text"`
	Low             *float64          `json:"low"` // null: open
	High            *float64          `json:"high"`
	From            float64           `json:"from_probability"`
	To              float64           `json:"to_probability"`
	DensityWithout  analysis.Estimate `json:"density_without"`
	CoverageWithout analysis.Estimate `json:"coverage_without"`
}

func (a *discovery) explain(u *uncertainPlan, b analysis.Box) {
	a.Held, a.Base = b.Held, &b.Base
	if len(b.Sides) == 0 {
		return
	}
	a.Box = &foundBox{Density: b.Density, Coverage: b.Coverage, Volume: b.Volume, Chance: b.Chance}
	for _, s := range b.Sides {
		in := u.inputs[s.Input]
		side := foundSide{Input: in.Name, Text: in.Name + " " + u.between(s.Input, s.Low, s.High), From: s.Low, To: s.High,
			DensityWithout: s.DensityWithout, CoverageWithout: s.CoverageWithout}
		if s.Low > 0 {
			x := in.Dist.Quantile(s.Low)
			side.Low = &x
		}
		if s.High < 1 {
			x := in.Dist.Quantile(s.High)
			side.High = &x
		}
		a.Box.Conditions = append(a.Box.Conditions, side)
	}
}

// sentence is the answer.
func (a *discovery) sentence() string {
	percent := words.Percent
	horizon := words.Counted(a.Weeks, "week")
	share := percent.Text(float64(a.Cases) / float64(max(1, a.Replications-a.Missing)))
	switch {
	case a.Missing == a.Replications:
		return fmt.Sprintf("Whether '%s' holds within %s is not known in any of %s: %s.", a.When, horizon,
			words.Counted(a.Replications, "run"), a.missing)
	case a.Base == nil:
		problem := fmt.Sprintf("in %s of %s (%s), and 50 are needed to look for a reason", words.Thousands(a.Cases),
			words.Counted(a.Replications, "run"), share)
		if a.Cases >= analysis.LeastCases {
			problem = fmt.Sprintf("in %s of %s, and it may hold in 95%% at most to look for a reason", share,
				words.Counted(a.Replications, "run"))
		}
		way := fmt.Sprintf("'%s' would work: it holds in %s", a.Instead, words.Thousands(a.insteadCases))
		if a.Instead == "" {
			way = "more replications are needed for any condition"
		}
		return fmt.Sprintf("'%s' holds within %s %s; %s.", a.When, horizon, problem, way)
	case a.Box == nil:
		return fmt.Sprintf("'%s' holds in %s of runs of %s, and no box better than chance was found (n = %s kept apart "+
			"to measure).", a.When, words.Ends(percent.Text, *a.Base), horizon, words.Thousands(a.Held))
	}
	var conditions []string
	for _, c := range a.Box.Conditions {
		conditions = append(conditions, c.Text)
	}
	return fmt.Sprintf("'%s' holds in %s of runs of %s; in this box in %s, and it holds %s of all such runs: %s "+
		"(95%% intervals, n = %s kept apart to measure).",
		a.When, words.Ends(percent.Text, *a.Base), horizon, words.Ends(percent.Text, a.Box.Density),
		words.Ends(percent.Text, a.Box.Coverage), words.List(conditions), words.Thousands(a.Held))
}

func (a *discovery) sentences() []string { return []string{a.Answer} }

func (a *discovery) size() string { return words.Counted(a.Replications, "run") }

func (a *discovery) next() []string {
	ask := func(command, when string) []string {
		return append([]string{"windfall", command, a.name, "--when", when}, a.flags.typed()...)
	}
	again := func(when string) string {
		words := ask("discover", when)
		if n := a.flags.replications.value(); n > 0 && when != a.When {
			words = append(words, "--replications", strconv.Itoa(n))
		}
		return shellLine(words)
	}
	switch {
	case a.Box != nil:
		return []string{shellLine([]string{"windfall", "run", a.File, "--replications", "1000"}),
			shellLine(ask("sensitivity", a.When))}
	case a.Instead != "":
		return []string{again(a.Instead)}
	}
	return []string{again(a.When) + fmt.Sprintf(" --replications %d", 4*a.Replications)}
}

func (a *discovery) warnings() (out []string) {
	if a.Missing > 0 {
		out = append(out, fmt.Sprintf("whether '%s' holds is not known in %s of %s, which are left out: %s", a.When,
			words.Counted(a.Missing, "run"), words.Thousands(a.Replications), a.missing))
	}
	if a.Base != nil && a.Cases < fewCases {
		out = append(out, fmt.Sprintf("the condition holds in %s alone: a weak reason may be missed, and edges are rough",
			words.Counted(a.Cases, "run")))
	}
	return out
}

// scenario writes the plan with its inputs drawn from the box.
func (a *discovery) scenario(u *uncertainPlan) func(io.Writer) error {
	ranges := map[string]scenarios.Range{}
	for _, c := range a.Box.Conditions {
		ranges[c.Input] = scenarios.Range{Low: c.From, High: c.To}
	}
	return func(w io.Writer) error {
		var text strings.Builder
		fmt.Fprintf(&text, "# %s\n#\n# The plan with these inputs drawn from the box alone, each from 50 values of "+
			"equal\n# chance; correlations act within the box.\n#\n", a.Answer)
		text.WriteString(scenarios.Resolved(scenarios.Narrow(u.plan, ranges)))
		_, err := io.WriteString(w, text.String())
		return err
	}
}

// sheets is the table of the conditions of the box.
func (a *discovery) sheets() []*page.Sheet {
	if a.Box == nil {
		return nil
	}
	cell := func(e analysis.Estimate) page.Cell {
		c := page.Value(words.Percent, e)
		c.Text = words.Ends(words.Percent.Text, e)
		return c
	}
	s := page.NewSheet("conditions", "The box, and what it would be without each of its conditions", "condition",
		"#share of draws", "#density without it", "#coverage without it")
	for _, c := range a.Box.Conditions {
		s.Row(c.Text, page.Num(words.Percent.Text(c.To-c.From), c.To-c.From), cell(c.DensityWithout), cell(c.CoverageWithout))
	}
	s.Row("all of them", cell(a.Box.Volume), cell(a.Box.Density), cell(a.Box.Coverage))
	s.Notes = []string{"The last line: the box with all its conditions (95% intervals)."}
	page.FewFor(s, a.Cases, fewCases, "case")
	return []*page.Sheet{s}
}

// drawn is the picture of how often the condition holds.
func (a *discovery) drawn() []page.Picture {
	if a.Box == nil {
		return nil
	}
	bars := picture.Bars{Source: picture.Source{Scenario: a.Scenario, Replications: a.Held, Seed: a.Seed,
		Note: "inputs uncertain"}, Names: "runs", ValueName: "Share in which " + a.When, Percent: true,
		Finding: "How often '" + a.When + "' holds: everywhere, in the box, and in the box without one of its conditions",
		Labels:  []string{"all runs", "in the box"}, Lines: []picture.Line{{Name: "share",
			Points: []analysis.Estimate{*a.Base, a.Box.Density}}}}
	for _, c := range a.Box.Conditions {
		bars.Labels, bars.Lines[0].Points = append(bars.Labels, "without "+c.Input),
			append(bars.Lines[0].Points, c.DensityWithout)
	}
	return []page.Picture{{Name: "density", Data: bars}}
}
