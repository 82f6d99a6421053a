package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// sensitivityFlags are the flags of sensitivity.
type sensitivityFlags struct {
	decideFlags
	outcomes []string
	when     string
}

// Defaults of sensitivity: rows of the design, and lucks of the tornado.
const (
	sensitivityRows = 512
	sensitivityRuns = 15_000 // what the rows may come to by themselves: some minutes on two cores
	tornadoLucks    = 16
)

// rowsFor is the number of rows that is run unless one is asked for: as many as
// there is time for.
func rowsFor(columns, inputs int) int {
	return max(64, min(sensitivityRows, (sensitivityRuns-(1+2*inputs)*tornadoLucks)/(columns+2)))
}

// tornadoEnds are the probabilities between which the tornado moves an input.
var tornadoEnds = [2]float64{0.05, 0.95}

func (p *program) sensitivityCommand() *cobra.Command {
	var flags sensitivityFlags
	cmd := &cobra.Command{
		Use:   "sensitivity SCENARIO",
		Short: "Which uncertain inputs matter, and how much is luck?",
		Long: `Split the variance of an outcome over the uncertain inputs of a scenario and
luck (Sobol indices), and move each input by itself (tornado).

  first order  share of the variance that an input brings alone
  total        share that it brings alone or together with others; an input with
               a total of 0 could as well be known
  luck         all else that is random, one more input of the design

Inputs that a correlation ties are one group. The tornado puts each input at its
5% and its 95%, all others at their medians, under the same 16 lucks.

An outcome is a number of each run, in the language of goals: lifetime_margin,
or 'P(cash_trough < 0)'. A ratio such as cac is taken run by run. --when
CONDITION explains when a condition holds: it is short for --outcome
'P(CONDITION)', and leaves no run out. For the inputs under which it holds, see
windfall discover.

Each row of the design is run once for every group, once for luck and twice
more. The default is 512 rows, or fewer where there are many inputs, so that all
comes to 15,000 runs (127 rows for the 91 groups of metro-uncertain, 4 minutes
on two cores). Twice the rows make every interval 1.4 times narrower and take
twice as long.`,
		Example: `  windfall sensitivity metro-uncertain --replications 64
  windfall sensitivity metro-uncertain --outcome cac --outcome won --when out_of_business`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.sensitivity(args[0], &flags) },
	}
	flags.register(cmd, "sensitivity", "rows of the design (default: 512, or what comes to 15,000 runs)")
	cmd.Flags().StringArrayVar(&flags.outcomes, "outcome", nil, "what to explain, a `METRIC` of each run (repeatable; "+
		"default: --metric)")
	cmd.Flags().StringVar(&flags.when, "when", "", "explain when a `CONDITION` holds, such as out_of_business: short "+
		"for --outcome 'P(CONDITION)'")
	return cmd
}

// metrics reads what is to be explained.
func (f *sensitivityFlags) metrics(columns []model.Column) (out []*metric.Metric, err error) {
	texts := slices.Clone(f.outcomes)
	if f.when != "" {
		texts = append(texts, "P("+f.when+")")
		if _, err := metric.ParseCondition(f.when, columns); err != nil {
			return nil, misread("--when", err)
		}
	}
	if len(texts) == 0 {
		texts = []string{f.metric}
	}
	for _, text := range texts {
		m, err := metric.ParseMetric(text, columns)
		if err != nil {
			return nil, misread("--outcome", err)
		}
		if m.P > 0 {
			return nil, usagef("--outcome %s: a percentile is of many runs; a number of each run is needed, such as %s or "+
				"P(%s < ...)", text, m.Outcome, m.Outcome)
		}
		out = append(out, m)
	}
	return out, nil
}

func (p *program) sensitivity(name string, flags *sensitivityFlags) error {
	u, err := p.uncertain(name, flags.sets()...)
	if err != nil {
		return err
	}
	columns := u.prepared.Schema().Outcomes
	metrics, err := flags.metrics(columns)
	if err != nil {
		return err
	}
	groups := u.prepared.Tied()
	luck := len(groups) // the last column
	sobol := analysis.SobolDesign{Rows: firstOf(flags.replications.value(), rowsFor(luck+1, len(u.inputs))),
		Columns: luck + 1}
	seed := uint64(u.plan.Run.Seed)
	// The two samples come from blocks of their own.
	second := (sobol.Rows + model.BlockSize - 1) / model.BlockSize * model.BlockSize
	draws := u.prepared.Draws(seed, second+sobol.Rows)
	settings := 1 + 2*len(u.inputs) // of the tornado
	design := sim.Design{Replications: sobol.Points() + settings*tornadoLucks, Seed: seed, Version: version,
		Settings: []sim.Setting{{Name: "plan", Plan: u.plan, Digest: scenarios.Digest(u.plan)}},
		Points:   fmt.Sprintf(" sensitivity %d %d", sobol.Rows, tornadoLucks)}
	design.At = func(i int, at []float64) int {
		if i < sobol.Points() {
			row, take := sobol.Point(i)
			copy(at, draws[row])
			for g, members := range groups {
				if analysis.FromB(take, g) {
					for _, m := range members {
						at[m] = draws[second+row][m]
					}
				}
			}
			if analysis.FromB(take, luck) {
				return second + row
			}
			return row
		}
		i -= sobol.Points()
		for k := range at {
			at[k] = 0.5
		}
		if s := i / tornadoLucks; s > 0 {
			at[(s-1)/2] = tornadoEnds[(s-1)%2]
		}
		return i % tornadoLucks
	}
	for _, m := range metrics {
		names := []string{m.Outcome}
		if m.When != nil {
			names = m.When.Outcomes()
		}
		for _, c := range names {
			design.Measures = append(design.Measures, panel.Leaf{Setting: "plan", Measure: panel.Measure{Column: c}})
		}
	}
	asked := []any{"of"}
	for _, m := range metrics {
		asked = append(asked, m.Text)
	}
	d := p.decision(&flags.decideFlags, "sensitivity", u.plan, &design, asked...)
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	sample := numbers.Sample("plan", columns)
	answer := &sensitivity{name: name, flags: flags, Scenario: u.plan.Name, Rows: sobol.Rows, Runs: design.Replications,
		Lucks: tornadoLucks, Seed: seed, Weeks: int(u.plan.Run.Weeks)}
	for _, m := range metrics {
		values, err := m.ByReplication(sample)
		if err != nil {
			return err
		}
		values = analysis.Finite(values)
		e := explained{Outcome: m.Text, format: words.Percent, Unit: "chance"}
		if m.When == nil {
			c, _ := outcomeNamed(u.plan, m.Outcome)
			e.Unit, e.format = c.Unit, words.FormatOf(c.Name, c.Unit)
		}
		e.fill(u, groups, analysis.SobolOf(values[:sobol.Points()], sobol, luck), values[sobol.Points():])
		e.Answer = e.sentence(answer)
		answer.Outcomes = append(answer.Outcomes, e)
	}
	return d.tell(answer, answer.drawn())
}

// fewRows is the number of rows below which intervals are doubtful.
const fewRows = 100
