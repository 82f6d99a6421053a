package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/decide"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
)

// valueFlags are the flags of value.
type valueFlags struct {
	decideFlags
	decide       []string
	draws, seeds numberFlag
}

// Defaults of value: draws of the inputs, and lucks of each.
const (
	valueDraws = 500
	valueSeeds = 8
)

func (p *program) valueCommand() *cobra.Command {
	var flags valueFlags
	cmd := &cobra.Command{
		Use:   "value SCENARIO --decide A B",
		Short: "What is worth measuring before a decision between two plans?",
		Long: `Value knowing the uncertain inputs before one of two plans is chosen: in
dollars of lifetime margin (or of --metric), for all inputs and for each. Which
one to measure first, how likely knowing it changes the decision, and the value
of it at which the second plan takes over from the first.

A and B are scenarios, files, or keys set in SCENARIO, joined by semicolons;
'plan' is SCENARIO as it stands, and the first one where only one is named.

Each draw of the inputs is run under several lucks with both plans. Regressions
of the difference on the inputs foretell which plan is better, and are judged on
draws they have not seen; no largest or smallest draw is taken for knowledge.

The default takes 2 to 3 minutes on two cores for metro-uncertain. Twice the
draws make every interval 1.4 times narrower and take twice as long; twice the
seeds help where luck hides the difference.`,
		Example: `  windfall value metro-uncertain --decide plan 'media.*.weekly_budget*=0.5'
  windfall value metro-uncertain --decide 'channels.paid-search.weekly_budget*=2' --draws 100`,
		Args:              needs(1, 2, "one scenario and --decide A B"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.value(args, &flags) },
	}
	flags.register(cmd, "value", "not for this command: see --draws")
	flags.draws, flags.seeds = keyFlag("run.replications"), keyFlag("run.replications")
	cmd.Flags().Var(&flags.draws, "draws", "draws of the uncertain inputs (default: 500)")
	cmd.Flags().Var(&flags.seeds, "seeds-per-draw", "lucks under which each draw is run (default: 8)")
	cmd.Flags().StringArrayVar(&flags.decide, "decide", nil, "the two plans, `A B`: scenarios, files, KEY=VALUE, or plan")
	return cmd
}

// choices gives the two plans with their names as typed.
func (p *program) choices(args []string, flags *valueFlags) (names []string, plans []*uncertainPlan, err error) {
	names = append(slices.Clone(flags.decide), args[1:]...)
	if len(names) == 1 {
		names = []string{"plan", names[0]}
	}
	if len(names) != 2 {
		return nil, nil, usagef("value needs two plans: --decide A B, such as --decide plan 'media.*.weekly_budget*=0.5'")
	}
	if names[0] == names[1] {
		return nil, nil, usagef("--decide %s %s: these are the same plan", names[0], names[1])
	}
	for _, n := range names {
		scenario, sets := n, flags.sets()
		_, isFile := os.Stat(n)
		switch {
		case n == "plan":
			scenario = args[0]
		case strings.Contains(n, "=") && isFile != nil:
			scenario, sets = args[0], append(sets, splitSets(n)...)
		}
		u, err := p.prepared(scenario, sets...)
		if err != nil {
			return nil, nil, err
		}
		plans = append(plans, u)
	}
	return names, plans, sameMarket(plans[0].plan, plans[1].plan, names[0], names[1])
}

func (p *program) value(args []string, flags *valueFlags) error {
	names, plans, err := p.choices(args, flags)
	if err != nil {
		return err
	}
	a, b := plans[0], plans[1]
	if len(a.inputs)+len(b.inputs) == 0 {
		return certain(a.plan.Name)
	}
	metric, err := metricNamed("--metric", flags.metric, a.prepared.Schema().Outcomes)
	switch {
	case err != nil:
		return err
	case metric.Column.Over != "":
		return usagef("--metric %s: a ratio of totals has no value of its own; take an amount, such as lifetime_margin or cash_end", metric.Text)
	case metric.P > 0:
		return usagef("--metric %s: a percentile is of many runs, and knowledge is of one; take %s, or a chance such as P(%s < ...)", metric.Text, metric.Outcome, metric.Outcome)
	}
	if flags.replications.text != "" {
		return usagef("--draws and --seeds-per-draw say how much is run, not --replications")
	}
	draws, seeds := firstOf(flags.draws.value(), valueDraws), firstOf(flags.seeds.value(), valueSeeds)
	if draws < 2*model.BlockSize {
		return usagef("--draws %d: %d at least, to learn from some and judge on others", draws, 2*model.BlockSize)
	}
	design := paired.Design{Replications: draws * seeds, Lucks: seeds, Seed: uint64(a.plan.Run.Seed), Version: version}
	for i, u := range plans {
		design.Settings = append(design.Settings, paired.Setting{Name: names[i], Plan: u.plan, Digest: scenarios.Digest(u.plan)})
		design.Measures = append(design.Measures, metric.Leaves(names[i])...)
	}
	d := p.decision(&flags.decideFlags, "value", a.plan.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	one, err := metric.ByReplication(panel, names[0])
	if err != nil {
		return err
	}
	two, err := metric.ByReplication(panel, names[1])
	if err != nil {
		return err
	}
	u, at := joined(a, b, design.Seed, draws)
	var difference []float64
	var known [][]float64
	for k := range draws {
		if x := differenceOf(one[k*seeds:(k+1)*seeds], two[k*seeds:(k+1)*seeds]); !math.IsNaN(x) {
			if metric.Column.Direction == model.Less {
				x = 0 - x
			}
			difference, known = append(difference, x), append(known, at[k])
		}
	}
	x := analysis.InformationOf(difference, known)
	answer := &information{args: args, flags: flags, Scenario: a.plan.Name, A: names[0], B: names[1], Metric: metric.Text, Unit: metric.Column.Unit, Draws: draws, Lucks: seeds, Missing: draws - len(difference),
		Seed: design.Seed, Weeks: int(a.plan.Run.Weeks), format: formatOf(metric.Column.Name, metric.Column.Unit),
		Difference: x.Difference, All: x.All, Changes: x.Changes, Explained: x.Explained, Worth: x.Worth}
	for _, k := range x.Inputs {
		answer.Inputs = append(answer.Inputs, knowledgeOf(u, k))
	}
	answer.Answer = answer.sentence()
	return d.tell(answer, answer.drawn())
}

// differenceOf is the mean of the second plan less the first over lucks.
func differenceOf(one, two []float64) (sum float64) {
	for i := range one {
		sum += (two[i] - one[i]) / float64(len(one))
	}
	return sum
}

// joined gives the inputs of two plans, those of the first before those that the
// second has alone, and their draws.
func joined(a, b *uncertainPlan, seed uint64, draws int) (*uncertainPlan, [][]float64) {
	u := &uncertainPlan{a.plan, a.prepared, slices.Clone(a.inputs)}
	at := a.prepared.Draws(seed, draws)
	var more []int
	for i, in := range b.inputs {
		if !slices.ContainsFunc(a.inputs, func(x model.Input) bool { return x.Name == in.Name }) {
			u.inputs, more = append(u.inputs, in), append(more, i)
		}
	}
	if len(more) > 0 {
		for k, row := range b.prepared.Draws(seed, draws) {
			for _, i := range more {
				at[k] = append(at[k], row[i])
			}
		}
	}
	return u, at
}

// information is what value writes and prints as JSON.
type information struct {
	args   []string
	flags  *valueFlags
	format plots.Format

	Scenario   string            `json:"scenario"`
	A          string            `json:"a"`
	B          string            `json:"b"`
	Metric     string            `json:"metric"`
	Unit       string            `json:"unit"`
	Draws      int               `json:"draws"`
	Lucks      int               `json:"seeds_per_draw"`
	Missing    int               `json:"draws_left_out"`
	Seed       uint64            `json:"seed"`
	Weeks      int               `json:"weeks"`
	Answer     string            `json:"answer"`
	Difference analysis.Estimate `json:"difference"` // above 0: B is better
	All        analysis.Estimate `json:"value_of_all"`
	Changes    analysis.Estimate `json:"changes_decision"`
	Explained  float64           `json:"explained"`
	Worth      bool              `json:"worth_measuring"`
	Inputs     []knowledge       `json:"inputs"`
}

// knowledge is what knowing one input is worth.
type knowledge struct {
	Input   string            `json:"input"`
	Value   analysis.Estimate `json:"value"`
	Changes analysis.Estimate `json:"changes_decision"`
	Turns   *turn             `json:"turns,omitempty"`
}

// turn is the value of an input at which one plan takes over from the other.
type turn struct {
	At    float64 `json:"at"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Above bool    `json:"b_is_better_above"`

	text, between string
}

func knowledgeOf(u *uncertainPlan, k analysis.Knowing) knowledge {
	in := u.inputs[k.Input]
	out := knowledge{Input: in.Name, Value: k.Value, Changes: k.Changes}
	if t := k.Turns; t != nil {
		// The ends of a distribution may lie at infinity.
		low, high := math.Max(t.Low, 0.001), math.Min(t.High, 0.999)
		out.Turns = &turn{At: in.Dist.Quantile(t.Value), Low: in.Dist.Quantile(low), High: in.Dist.Quantile(high), Above: k.Above, text: u.value(k.Input, t.Value)}
		out.Turns.between = fmt.Sprintf("%s to %s", u.value(k.Input, low), u.value(k.Input, high))
	}
	return out
}

// better names the plan that is better as things are known, the other one, and by
// how much.
func (a *information) better() (one, other string, by analysis.Estimate) {
	if a.Difference.Value > 0 {
		return a.B, a.A, a.Difference
	}
	x := a.Difference
	return a.A, a.B, analysis.Estimate{Value: 0 - x.Value, Error: x.Error, Low: 0 - x.High, High: 0 - x.Low, N: x.N}
}

// sentence is the answer.
func (a *information) sentence() string {
	percent := plots.Percent
	unit := ""
	if a.format != plots.Money && a.format != plots.Percent && a.Unit != a.Metric {
		unit = " " + a.Unit
	}
	one, other, by := a.better()
	known := fmt.Sprintf("as things are known %s is better than %s by %s%s of %s within %s (95%% intervals, n = %s of %s)", one, other, withInterval(a.format, by), unit, a.Metric, counted(a.Weeks, "week"),
		counted(a.Draws-a.Missing, "draw"), counted(a.Lucks, "seed"))
	if !a.Worth {
		return fmt.Sprintf("Nothing worth measuring: knowing all uncertain inputs would be worth %s%s and change the decision in %s of cases; %s.", withInterval(a.format, a.All), unit, withInterval(percent, a.Changes), known)
	}
	top := &a.Inputs[0]
	if top.Value.Value == 0 {
		return fmt.Sprintf("Measure several inputs together: no single one changes the decision, but knowing all is worth %s%s and changes it in %s of cases; %s.", withInterval(a.format, a.All), unit, withInterval(percent, a.Changes), known)
	}
	turns := ""
	if t := top.Turns; t != nil {
		side := "below"
		if t.Above {
			side = "above"
		}
		turns = fmt.Sprintf("; %s takes over from %s %s %s (%s)", a.B, a.A, side, t.text, t.between)
	}
	return fmt.Sprintf("Measure %s first: knowing it is worth %s%s and changes the decision in %s of cases%s; knowing all uncertain inputs is worth %s%s; %s.",
		top.Input, withInterval(a.format, top.Value), unit, withInterval(percent, top.Changes), turns, withInterval(a.format, a.All), unit, known)
}

func (a *information) sentences() []string { return []string{a.Answer} }

func (a *information) size() string {
	return fmt.Sprintf("%s of %s, both plans", counted(a.Draws, "draw"), counted(a.Lucks, "seed"))
}

func (a *information) next() []string {
	words := []string{"windfall", "compare"}
	switch {
	case a.A == "plan" && strings.Contains(a.B, "="):
		words = append(words, a.args[0], "--set", a.B)
	case !strings.Contains(a.A, "=") && !strings.Contains(a.B, "="):
		for _, n := range []string{a.A, a.B} {
			if n == "plan" {
				n = a.args[0]
			}
			words = append(words, n)
		}
	default:
		return []string{shellLine([]string{"windfall", "sensitivity", a.args[0], "--outcome", a.Metric})}
	}
	return []string{shellLine(append(words, "--metric", a.Metric)), shellLine([]string{"windfall", "sensitivity", a.args[0], "--outcome", a.Metric})}
}

func (a *information) warnings() (out []string) {
	if a.Draws < valueDraws/2 {
		out = append(out, fmt.Sprintf("%s are few to learn from; --draws %d would do", counted(a.Draws, "draw"), valueDraws))
	}
	if a.Missing > 0 {
		out = append(out, fmt.Sprintf("%s is missing in %s of %s, which are left out", a.Metric, counted(a.Missing, "draw"), thousands(a.Draws)))
	}
	return out
}

// sheets is the table of what knowing each input is worth.
func (a *information) sheets() []*decide.Sheet {
	s := decide.NewSheet("inputs", fmt.Sprintf("What knowing is worth before choosing between A, %s, and B, %s", a.A, a.B), "knowing", "#is worth", "#changes the decision", "#B takes over", "between")
	cell := func(f plots.Format, e analysis.Estimate) report.Cell {
		c := decide.Value(f, e)
		c.Text = withInterval(f, e)
		return c
	}
	s.Row("all inputs", cell(a.format, a.All), cell(plots.Percent, a.Changes), "", "")
	for _, k := range a.Inputs {
		turns, between := report.Words("nowhere"), ""
		if k.Turns != nil {
			side := "below "
			if k.Turns.Above {
				side = "above "
			}
			turns, between = report.Num(side+k.Turns.text, k.Turns.At), k.Turns.between
		}
		s.Row(k.Input, cell(a.format, k.Value), cell(plots.Percent, k.Changes), turns, between)
	}
	s.Notes = []string{fmt.Sprintf("A is %s, B is %s (95%% intervals).", a.A, a.B),
		fmt.Sprintf("The inputs foretell %s of the variance of the difference between draws, on draws that the regression has not seen; the rest is luck or escapes it.", plots.Percent.Text(a.Explained))}
	return []*decide.Sheet{s}
}

// drawn is the picture of what knowing is worth.
func (a *information) drawn() []gallery.Hung {
	bars := plots.Bars{Source: plots.Source{Scenario: a.Scenario, Replications: a.Draws * a.Lucks, Seed: a.Seed, Note: "inputs uncertain"}, Names: "knowing", ValueName: fmt.Sprintf("Worth, %s (%s)", a.Metric, a.Unit),
		Finding: "What knowing is worth before choosing between " + a.A + " and " + a.B, Lines: []plots.Line{{Name: "worth"}}}
	add := func(name string, e analysis.Estimate) {
		if drawable(e) {
			bars.Labels, bars.Lines[0].Points = append(bars.Labels, name), append(bars.Lines[0].Points, e)
		}
	}
	add("all inputs", a.All)
	for _, k := range a.Inputs[:min(mostRows, len(a.Inputs))] {
		add(k.Input, k.Value)
	}
	if len(bars.Labels) == 0 {
		return nil
	}
	return []gallery.Hung{{Name: "worth", Drawing: bars}}
}
