package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots"
	"windfall/plots/decide"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
	"windfall/sim/result"
)

// discoverFlags are the flags of discover.
type discoverFlags struct {
	decideFlags
	when string
}

// discoverReplications are the runs that discover makes by default.
const discoverReplications = 10_000

func (p *program) discoverCommand() *cobra.Command {
	var flags discoverFlags
	cmd := &cobra.Command{
		Use:   "discover SCENARIO --when CONDITION",
		Short: "When does the plan fail? The uncertain inputs under which a condition holds",
		Long: `Run a scenario with uncertain inputs and look for a box of inputs in which a
condition holds far more often than elsewhere: at most four inputs, each above
or below a value or between two (patient rule induction).

Half of the runs find the box, the other half measures it:

  base rate  the share of runs in which the condition holds
  density    that share in the box
  coverage   how many of all such runs lie in the box

A condition compares outcomes, as goals do: 'out_of_business', 'live_customers
< 8000 and cash_end < 0'. It must hold in 50 runs at least and in 95% of them
at most; else one that would do is named. The folder holds box.toml, the plan
with its inputs drawn from the box alone.

The default takes about 3 minutes on two cores for metro-uncertain. Twice the
replications make every interval 1.4 times narrower, bring each edge about twice
as near to where it belongs, and take twice as long.`,
		Example: `  windfall discover metro-uncertain --when out_of_business
  windfall discover metro-uncertain --when 'live_customers<4000' --replications 2000`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.discover(args[0], &flags) },
	}
	flags.register(cmd, "discover", "runs, half to find the box and half to measure it (default: 10,000)")
	cmd.Flags().StringVar(&flags.when, "when", "", "the `CONDITION` to explain, such as 'out_of_business' or 'live_customers < 8000'")
	return cmd
}

func (p *program) discover(name string, flags *discoverFlags) error {
	if flags.when == "" {
		return usagef("discover needs --when CONDITION, such as --when out_of_business or --when 'live_customers < 8000'")
	}
	u, err := p.uncertain(name, flags.sets()...)
	if err != nil {
		return err
	}
	if _, err := outcomeNamed(u.plan, flags.metric); err != nil {
		return err
	}
	columns := u.prepared.Schema().Outcomes
	when, err := analysis.ParseCondition(flags.when, columns)
	if err != nil {
		return usagef("--when %v", err)
	}
	design := paired.Design{Replications: firstOf(flags.replications.value(), discoverReplications), Seed: uint64(u.plan.Run.Seed), Version: version,
		Settings: []paired.Setting{{Name: "plan", Plan: u.plan, Digest: scenarios.Digest(u.plan)}}}
	instead := []string{"cash_trough", flags.metric} // what a condition that cannot be searched gives way to
	for _, c := range append(when.Outcomes(), instead...) {
		design.Measures = append(design.Measures, paired.Leaf{Setting: "plan", Measure: paired.Measure{Column: c}})
	}
	d := p.decision(&flags.decideFlags, "discover", u.plan.Name, &design, when.Text)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	sample := panel.Sample("plan", columns)
	holds, err := when.Holds(sample)
	if err != nil {
		return err
	}
	answer := &discovery{name: name, flags: flags, Scenario: u.plan.Name, When: when.Text, Replications: design.Replications, Seed: design.Seed, Weeks: int(u.plan.Run.Weeks)}
	for _, is := range holds {
		if is {
			answer.Cases++
		}
	}
	if !analysis.Searchable(answer.Cases, design.Replications) {
		answer.Instead, answer.insteadCases = analysis.MilderCondition(when, sample, instead...)
	} else {
		answer.explain(u, analysis.FindBox(u.prepared.Draws(design.Seed, design.Replications), holds))
	}
	answer.Answer = answer.sentence()
	if answer.Box != nil {
		answer.File = filepath.Join(d.dir, "box.toml")
		if err := result.WriteFile(answer.File, answer.scenario(u)); err != nil {
			return err
		}
	}
	return d.tell(answer, answer.drawn())
}

// discovery is what discover writes and prints as JSON.
type discovery struct {
	name         string // as typed
	flags        *discoverFlags
	insteadCases int

	Scenario     string             `json:"scenario"`
	When         string             `json:"when"`
	Replications int                `json:"replications"`
	Seed         uint64             `json:"seed"`
	Weeks        int                `json:"weeks"`
	Answer       string             `json:"answer"`
	Cases        int                `json:"cases"`
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
		side := foundSide{Input: in.Name, Text: in.Name + " " + u.between(s.Input, s.Low, s.High), From: s.Low, To: s.High, DensityWithout: s.DensityWithout, CoverageWithout: s.CoverageWithout}
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
	percent := plots.Percent
	horizon := counted(a.Weeks, "week")
	share := percent.Text(float64(a.Cases) / float64(a.Replications))
	switch {
	case a.Base == nil:
		problem := fmt.Sprintf("in %s of %s (%s), and 50 are needed to look for a reason", thousands(a.Cases), counted(a.Replications, "run"), share)
		if a.Cases >= analysis.LeastCases {
			problem = fmt.Sprintf("in %s of %s, and it may hold in 95%% at most to look for a reason", share, counted(a.Replications, "run"))
		}
		way := fmt.Sprintf("'%s' would work: it holds in %s", a.Instead, thousands(a.insteadCases))
		if a.Instead == "" {
			way = "more replications are needed for any condition"
		}
		return fmt.Sprintf("'%s' holds within %s %s; %s.", a.When, horizon, problem, way)
	case a.Box == nil:
		return fmt.Sprintf("'%s' holds in %s of runs of %s, and no box better than chance was found (n = %s kept apart to measure).", a.When, withInterval(percent, *a.Base), horizon, thousands(a.Held))
	}
	var conditions []string
	for _, c := range a.Box.Conditions {
		conditions = append(conditions, c.Text)
	}
	return fmt.Sprintf("'%s' holds in %s of runs of %s; in this box in %s, and it holds %s of all such runs: %s (95%% intervals, n = %s kept apart to measure).",
		a.When, withInterval(percent, *a.Base), horizon, withInterval(percent, a.Box.Density), withInterval(percent, a.Box.Coverage), list(conditions), thousands(a.Held))
}

func (a *discovery) sentences() []string { return []string{a.Answer} }

func (a *discovery) size() string { return counted(a.Replications, "run") }

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
		return []string{shellLine([]string{"windfall", "run", a.File, "--replications", "1000"}), shellLine(ask("sensitivity", a.When))}
	case a.Instead != "":
		return []string{again(a.Instead)}
	}
	return []string{again(a.When) + fmt.Sprintf(" --replications %d", 4*a.Replications)}
}

func (a *discovery) warnings() (out []string) {
	if a.Base != nil && a.Cases < 4*analysis.LeastCases {
		out = append(out, fmt.Sprintf("the condition holds in %s alone: a weak reason may be missed, and edges are rough", counted(a.Cases, "run")))
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
		fmt.Fprintf(&text, "# %s\n#\n# The plan with these inputs drawn from the box alone, each from 50 values of equal\n# chance; correlations act within the box.\n#\n", a.Answer)
		text.WriteString(scenarios.Resolved(scenarios.Narrow(u.plan, ranges)))
		_, err := io.WriteString(w, text.String())
		return err
	}
}

// sheets is the table of the conditions of the box.
func (a *discovery) sheets() []*decide.Sheet {
	if a.Box == nil {
		return nil
	}
	cell := func(e analysis.Estimate) report.Cell {
		c := decide.Value(plots.Percent, e)
		c.Text = withInterval(plots.Percent, e)
		return c
	}
	s := decide.NewSheet("conditions", "The box, and what it would be without each of its conditions", "condition", "#share of draws", "#density without it", "#coverage without it")
	for _, c := range a.Box.Conditions {
		s.Row(c.Text, report.Num(plots.Percent.Text(c.To-c.From), c.To-c.From), cell(c.DensityWithout), cell(c.CoverageWithout))
	}
	s.Row("all of them", cell(a.Box.Volume), cell(a.Box.Density), cell(a.Box.Coverage))
	s.Notes = []string{"The last line: the box with all its conditions (95% intervals)."}
	return []*decide.Sheet{s}
}

// drawn is the picture of how often the condition holds.
func (a *discovery) drawn() []gallery.Hung {
	if a.Box == nil {
		return nil
	}
	bars := plots.Bars{Source: plots.Source{Scenario: a.Scenario, Replications: a.Held, Seed: a.Seed, Note: "inputs uncertain"}, Names: "runs", ValueName: "Share in which " + a.When, Percent: true,
		Finding: "How often '" + a.When + "' holds: everywhere, in the box, and in the box without one of its conditions", Labels: []string{"all runs", "in the box"}, Lines: []plots.Line{{Name: "share", Points: []analysis.Estimate{*a.Base, a.Box.Density}}}}
	for _, c := range a.Box.Conditions {
		bars.Labels, bars.Lines[0].Points = append(bars.Labels, "without "+c.Text), append(bars.Lines[0].Points, c.DensityWithout)
	}
	return []gallery.Hung{{Name: "density", Drawing: bars}}
}
