package main

import (
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
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
lifetime margin (or in --metric), for all inputs and for each. Which
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
	cmd.Flags().Var(&flags.draws, "draws", "draws of the uncertain inputs, 100 at least (default: 500)")
	cmd.Flags().Var(&flags.seeds, "seeds-per-draw", "lucks under which each draw is run (default: 8)")
	cmd.Flags().StringArrayVar(&flags.decide, "decide", nil, "the two plans, `A B`: scenarios, files, KEY=VALUE, or plan")
	return cmd
}

// choices gives the two plans with their names as typed.
func (p *program) choices(args []string, flags *valueFlags) (names []string, plans []*uncertainPlan, note string,
	err error) {
	names = append(slices.Clone(flags.decide), args[1:]...)
	if len(names) == 1 {
		names = []string{"plan", names[0]}
	}
	if len(names) != 2 {
		return nil, nil, "", usagef("value needs two plans: --decide A B, such as --decide plan 'media.*.weekly_budget*=0.5'")
	}
	if names[0] == names[1] {
		return nil, nil, "", usagef("--decide %s %s: these are the same plan", names[0], names[1])
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
			return nil, nil, "", err
		}
		plans = append(plans, u)
	}
	note, err = beside(decide.Comparable(decide.Setting{Name: names[0], Plan: plans[0].plan},
		decide.Setting{Name: names[1], Plan: plans[1].plan}), flags.otherOpening)
	return names, plans, note, err
}

func (p *program) value(args []string, flags *valueFlags) error {
	names, plans, note, err := p.choices(args, flags)
	if err != nil {
		return err
	}
	a, b := plans[0], plans[1]
	if len(a.inputs)+len(b.inputs) == 0 {
		return certain(a.plan.Name)
	}
	metric, err := metricNamed("--metric", flags.metric, panel.Columns(a.prepared.Schema()))
	switch {
	case err != nil:
		return err
	case metric.Column.Over != "":
		return usagef("--metric %s: a ratio of totals has no value of its own; take an amount, such as lifetime_margin "+
			"or cash_end", metric.Text)
	case metric.P > 0:
		return usagef("--metric %s: a percentile is of many runs, and knowledge is of one; take %s, or a chance such as "+
			"P(%s < ...)", metric.Text, metric.Outcome, metric.Outcome)
	}
	if flags.replications.text != "" {
		return usagef("--draws and --seeds-per-draw say how much is run, not --replications")
	}
	draws, seeds := firstOf(flags.draws.value(), valueDraws), firstOf(flags.seeds.value(), valueSeeds)
	if draws < 2*model.BlockSize {
		return usagef("--draws %d: %d at least, to learn from some and judge on others", draws, 2*model.BlockSize)
	}
	design := sim.Design{Replications: draws * seeds, Lucks: seeds, Seed: uint64(a.plan.Run.Seed), Version: version}
	for i, u := range plans {
		design.Settings = append(design.Settings, sim.Setting{Name: names[i], Plan: u.plan, Digest: scenarios.Digest(u.plan)})
		design.Measures = append(design.Measures, metric.Leaves(names[i])...)
	}
	d := p.decision(&flags.decideFlags, "value", a.plan, &design)
	if note != "" {
		d.notes = []string{note}
	}
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	one, err := metric.Values(numbers, names[0])
	if err != nil {
		return err
	}
	two, err := metric.Values(numbers, names[1])
	if err != nil {
		return err
	}
	one, two = analysis.Finite(one), analysis.Finite(two)
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
	answer := &information{args: args, flags: flags, Scenario: a.plan.Name, A: names[0], B: names[1],
		Metric: metric.Text, Unit: metric.Column.Unit, Draws: draws, Lucks: seeds, Missing: draws - len(difference),
		Seed: design.Seed, Weeks: int(a.plan.Run.Weeks), format: words.FormatOf(metric.Column.Name, metric.Column.Unit),
		Difference: x.Difference, All: x.All, Changes: x.Changes, Explained: analysis.Number(x.Explained), Worth: x.Worth}
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
