package main

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// compareFlags are the flags of compare.
type compareFlags struct {
	decideFlags
	draws, seeds numberFlag
}

// Defaults of compare: pairs, or with uncertain inputs draws and seeds per draw.
const (
	comparePairs = 2000
	compareDraws = 250
	compareSeeds = 8
)

func (p *program) compareCommand() *cobra.Command {
	var flags compareFlags
	cmd := &cobra.Command{
		Use:   "compare A B [C...]",
		Short: "Is one plan better than another, and how sure is that?",
		Long: `Compare plans under common random numbers: every replication of one plan meets
the same firms, the same triggers and the same luck as that of the other, so
that what differs is due to the plans.

With one scenario each --set makes a plan of its own, several keys joined by a
semicolon; with two or more, --set applies to all.

For every outcome the paired difference with its 95% interval; for the metric
(lifetime_margin, or --metric) the quantiles of both plans, whether one is
better in distribution, and the chance that B beats A under the same luck.
Where inputs are uncertain, every draw of them is run under several lucks
(--draws, --seeds-per-draw), which tells what is due to the inputs from what is
luck.

The default takes a minute or two on two cores for metro. Twice the pairs make
every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall compare metro my-plan.toml
  windfall compare metro --set 'media.*.weekly_budget*=0.5' --set 'media.*.weekly_budget*=2'
  windfall compare phone-system pause-the-brand --replications 20 --metric signups`,
		Args:              needs(1, 0, "two scenarios or more, or one and --set"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.compare(args, &flags) },
	}
	flags.register(cmd, "compare", "pairs of replications (default: 2,000)")
	flags.draws, flags.seeds = keyFlag("run.replications"), keyFlag("run.replications")
	cmd.Flags().Var(&flags.draws, "draws", "with uncertain inputs: draws of them (default: 250)")
	cmd.Flags().Var(&flags.seeds, "seeds-per-draw", "with uncertain inputs: lucks under which each draw is run (default: 8)")
	return cmd
}

// compare runs the plans and tells how they differ from the first.
func (p *program) compare(args []string, flags *compareFlags) error {
	plans, notes, err := p.comparedPlans(args, flags)
	if err != nil {
		return err
	}
	columns := panel.Columns(model.NewSchema(plans[0].plan))
	metric, err := metricNamed("--metric", flags.metric, columns)
	if err != nil {
		return err
	}
	design := sim.Design{Seed: uint64(plans[0].plan.Run.Seed), Version: version}
	uncertain := false
	for _, x := range plans {
		uncertain = uncertain || len(x.plan.Inputs) > 0
	}
	if uncertain {
		draws, seeds := firstOf(flags.draws.value(), compareDraws), firstOf(flags.seeds.value(), compareSeeds)
		if flags.replications.text != "" {
			return usagef("inputs are uncertain: --draws and --seeds-per-draw say how much is run, not --replications")
		}
		if seeds < 2 {
			return usagef("--seeds-per-draw 1: two at least, to tell luck from inputs")
		}
		design.Replications, design.Lucks = draws*seeds, seeds
	} else {
		if flags.draws.text != "" || flags.seeds.text != "" {
			return usagef("no input is uncertain: --replications says how much is run, not --draws and --seeds-per-draw")
		}
		design.Replications = firstOf(flags.replications.value(), comparePairs)
	}
	for _, x := range plans {
		design.Settings = append(design.Settings, sim.Setting{Name: x.name, Plan: x.plan, Digest: scenarios.Digest(x.plan)})
		for _, c := range columns {
			if c.Over == "" {
				design.Measures = append(design.Measures, panel.Leaf{Setting: x.name, Measure: panel.Measure{Column: c.Name}})
			}
		}
		design.Measures = append(design.Measures, metric.Leaves(x.name)...)
	}
	d := p.decision(&flags.decideFlags, "compare", plans[0].plan, &design)
	d.notes = notes
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	found := &comparison{Metric: metric.Text, Replications: design.Replications, Seed: design.Seed, Lucks: design.Lucks, Weeks: int(plans[0].plan.Run.Weeks), args: args, flags: flags, outcome: metric.Outcome}
	for _, x := range plans {
		found.Plans = append(found.Plans, x.name)
	}
	for i, x := range plans[1:] {
		against := compared{Plan: x.name, same: design.Settings[1+i].Digest == design.Settings[0].Digest}
		for _, c := range columns {
			against.Outcomes = append(against.Outcomes, outcomeOf(analysis.Compare(sidesOf(numbers, c, plans[0].name, x.name))))
		}
		if against.metric, err = metricOf(numbers, metric, plans[0].name, x.name); err != nil {
			return err
		}
		if metric.Column.Name != metric.Outcome { // no outcome of its own in the table
			against.Outcomes = append([]comparedOutcome{outcomeOf(*against.metric)}, against.Outcomes...)
		}
		if design.Lucks > 1 && metric.Column.Over == "" && metric.P == 0 {
			n, err := nestedOf(numbers, metric, plans[0].name, x.name, design.Lucks)
			if err != nil {
				return err
			}
			against.Nested = n
		}
		against.Answer = against.sentence(found, plans[0].name)
		found.Against = append(found.Against, against)
	}
	return d.tell(found, append(tradeoffs(numbers, plans[0].plan.Name, found, columns, metric), differences(plans[0].plan.Name, found)...))
}

// metricOf compares the metric of two settings.
func metricOf(numbers *panel.Panel, m *metric.Metric, a, b string) (*analysis.Comparison, error) {
	if m.When == nil && m.P == 0 {
		c := analysis.Compare(sidesOf(numbers, m.Column, a, b))
		return &c, nil
	}
	s := analysis.Sides{Column: m.Column, Ties: numbers.Ties}
	var of [2]panel.Statistic
	for i, setting := range []string{a, b} {
		var err error
		if s.Over[i], err = m.Values(numbers, setting); err != nil {
			return nil, err
		}
		if of[i], err = m.Of(numbers, setting); err != nil {
			return nil, err
		}
	}
	c := analysis.Compare(s)
	if m.P > 0 { // of single replications all holds; the number itself is another
		c.A, c.B, c.Difference = numbers.Estimate(of[0]), numbers.Estimate(of[1]), numbers.Difference(of[0], of[1])
		c.Relative = analysis.RelativeTo(c.A, numbers.Combine(func(v []float64) float64 { return (v[1] - v[0]) / math.Abs(v[0]) }, of[0], of[1]))
		c.Reduction = (float64(c.A.Error*c.A.Error) + float64(c.B.Error*c.B.Error)) / float64(c.Difference.Error*c.Difference.Error)
	}
	return &c, nil
}

// nestedOf splits the difference of the metric into inputs and luck; above 0 the
// second setting is the better. Nil: it is known in too few draws.
func nestedOf(numbers *panel.Panel, m *metric.Metric, a, b string, lucks int) (*analysis.Nested, error) {
	one, err := m.Values(numbers, a)
	if err != nil {
		return nil, err
	}
	two, err := m.Values(numbers, b)
	if err != nil {
		return nil, err
	}
	difference := make([]float64, len(one))
	one, two = analysis.Finite(one), analysis.Finite(two)
	for i := range difference {
		difference[i] = two[i] - one[i]
		if m.Column.Direction == model.Less {
			difference[i] = -difference[i]
		}
	}
	n := analysis.NestedOf(difference, lucks)
	if n.Draws < analysis.LeastAlike {
		return nil, nil
	}
	return &n, nil
}

// comparedPlan is a plan with the name under which it is compared.
type comparedPlan struct {
	name string
	plan *model.Plan
}

// comparedPlans opens what is compared.
func (p *program) comparedPlans(args []string, flags *compareFlags) (out []comparedPlan, notes []string, err error) {
	add := func(name, scenario string, sets ...string) error {
		s, err := p.open(scenario, append(flags.sets(), sets...)...)
		if err != nil {
			return err
		}
		if _, err := model.Prepare(s.Plan); err != nil {
			return scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
		}
		if len(out) > 0 {
			note, err := flags.comparable(out[0].plan, s.Plan, out[0].name, name)
			if err != nil {
				return err
			}
			if note != "" {
				notes = append(notes, note)
			}
		}
		out = append(out, comparedPlan{name, s.Plan})
		return nil
	}
	if len(args) == 1 {
		if len(flags.set) == 0 {
			return nil, nil, usagef("compare needs two scenarios, or one and --set KEY=VALUE for each plan beside it")
		}
		variants := flags.set
		flags.set = nil
		if err := add("plan", args[0]); err != nil {
			return nil, nil, err
		}
		for _, v := range variants {
			if len(splitSets(v)) == 0 {
				return nil, nil, usagef("--set %q: KEY=VALUE is needed, several joined by a semicolon", v)
			}
			if err := add(v, args[0], splitSets(v)...); err != nil {
				return nil, nil, err
			}
		}
		return out, notes, nil
	}
	for i, a := range args {
		name := strings.TrimSuffix(filepath.Base(a), ".toml")
		for _, x := range out {
			if x.name == name {
				name = fmt.Sprintf("%s (%d)", name, i+1)
			}
		}
		if err := add(name, a); err != nil {
			return nil, nil, err
		}
	}
	return out, notes, nil
}

// splitSets takes apart several overrides joined by semicolons.
func splitSets(text string) (out []string) {
	for _, s := range strings.Split(text, ";") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// comparable refuses plans of another market or another calendar, and plans that start
// from another state unless that is allowed: then it gives a note for the answer.
func (f *decideFlags) comparable(a, b *model.Plan, nameA, nameB string) (note string, err error) {
	for _, d := range scenarios.Diff(a, b) {
		key := d.Key
		if strings.HasPrefix(key, "population.") || key == "run.start" || key == "run.weeks" || key == "run.step" || key == "opening.burn_in_weeks" {
			return "", usagef("%s and %s cannot be compared: %s is %s in one and %s in the other", nameA, nameB, key, orNothing(d.A), orNothing(d.B))
		}
	}
	return otherOpening(a, b, nameA, nameB, f.otherOpening)
}

// otherOpening refuses plans that start from another state, or if that is allowed gives
// a note for the answer.
func otherOpening(a, b *model.Plan, nameA, nameB string, allowed bool) (note string, err error) {
	if x, y := moneyOf(a).Currency, moneyOf(b).Currency; x != y {
		return "", usagef("%s and %s cannot be compared: one counts in %s and the other in %s, and nothing is converted", nameA, nameB, x, y)
	}
	d, differs := scenarios.OpeningDifference(a, b)
	if !differs {
		return "", nil
	}
	told := fmt.Sprintf("%s and %s start from different states: in their opening plans %s is %s and %s", nameA, nameB, d.Key, orNothing(d.A), orNothing(d.B))
	if allowed {
		return told + ", so part of the difference is where they start", nil
	}
	return "", usagef("%s. Give both the same [opening] plan, so that they differ from the first day on; or compare them as they are with --%s", told, otherOpeningFlag)
}

// otherOpeningFlag allows plans that start from different states.
const otherOpeningFlag = "allow-different-opening"

func orNothing(text string) string {
	if text == "" {
		return "not set"
	}
	return text
}

// outcomeNamed finds an outcome.
func outcomeNamed(p *model.Plan, name string) (model.Column, error) {
	var names []string
	for _, c := range model.NewSchema(p).Outcomes {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return model.Column{}, usagef("--metric %s: there is no such outcome%s", name, didYouMean(name, names))
}

// sidesOf takes one outcome of two settings from a panel.
func sidesOf(numbers *panel.Panel, c model.Column, a, b string) analysis.Sides {
	s := analysis.Sides{Column: c, Ties: numbers.Ties}
	values := func(setting, column string) []float64 {
		return numbers.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
	}
	for i, setting := range []string{a, b} {
		if c.Over == "" {
			s.Over[i] = values(setting, c.Name)
			continue
		}
		s.Over[i], s.Under[i] = values(setting, c.Over), values(setting, c.Under)
	}
	return s
}

// metricNamed reads a metric in the language of goals.
func metricNamed(flag, text string, columns []model.Column) (*metric.Metric, error) {
	m, err := metric.ParseMetric(text, columns)
	if err != nil {
		return nil, misread(flag, err)
	}
	return m, nil
}

// gained are the verbs and nouns of outcomes that are counts of something.
var gained = map[string][2]string{"won": {"wins", "customers"}, "signups": {"gets", "sign-ups"}, "leads": {"gets", "leads"}, "live_customers": {"ends with", "customers"}}

// fewPairs is the number of pairs below which quantiles in the tails and
// dominance are doubtful.
const fewPairs = 200

// headlines are the outcomes of the table, in their order.
var headlines = []string{"lifetime_margin", panel.BusinessValue, "leads", "signups", "won", "live_customers", "arr", "revenue", "cac", "ltv", "ltv_cac", "cash_trough", "out_of_business"}
