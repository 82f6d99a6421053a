package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
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

Twice the pairs make every interval 1.4 times narrower.`,
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
	plans, err := p.comparedPlans(args, flags)
	if err != nil {
		return err
	}
	metric, err := outcomeNamed(plans[0].plan, flags.metric)
	if err != nil {
		return err
	}
	design := paired.Design{Replications: comparePairs, Seed: uint64(plans[0].plan.Run.Seed), Version: version}
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
	} else if n := flags.replications.value(); n > 0 {
		design.Replications = n
	}
	columns := model.NewSchema(plans[0].plan).Outcomes
	for _, x := range plans {
		design.Settings = append(design.Settings, paired.Setting{Name: x.name, Plan: x.plan, Digest: scenarios.Digest(x.plan)})
		for _, c := range columns {
			if c.Over == "" {
				design.Measures = append(design.Measures, paired.Leaf{Setting: x.name, Measure: paired.Measure{Column: c.Name}})
			}
		}
	}
	d := p.decision(&flags.decideFlags, "compare", plans[0].plan.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	report := &comparison{Metric: metric.Name, Replications: design.Replications, Seed: design.Seed, Lucks: design.Lucks, Weeks: int(plans[0].plan.Run.Weeks)}
	for _, x := range plans {
		report.Plans = append(report.Plans, x.name)
	}
	for _, x := range plans[1:] {
		against := compared{Plan: x.name}
		for _, c := range columns {
			s := sidesOf(panel, c, plans[0].name, x.name)
			against.Outcomes = append(against.Outcomes, outcomeOf(analysis.Compare(s)))
			if c.Name == metric.Name {
				cmp := analysis.Compare(s)
				against.metric = &cmp
				if design.Lucks > 1 && c.Over == "" {
					diff := make([]float64, len(s.Over[0]))
					for i := range diff {
						diff[i] = s.Over[1][i] - s.Over[0][i]
						if c.Direction == model.Less {
							diff[i] = -diff[i]
						}
					}
					n := analysis.NestedOf(diff, design.Lucks)
					against.Nested = &n
				}
			}
		}
		against.Answer = against.sentence(report, plans[0].name)
		report.Against = append(report.Against, against)
	}
	if err := d.hang(tradeoffs(panel, plans[0].plan.Name, report, columns, metric)); err != nil {
		return err
	}
	return d.tell(report, func(t *teller) { t.comparison(report, flags.all) }, report.warnings())
}

// tradeoffs sets the metric of plans against the chance to go out of business,
// where that differs from 0, else against the lowest cash.
func tradeoffs(panel *paired.Panel, scenario string, report *comparison, columns []model.Column, metric model.Column) []gallery.Hung {
	source := plots.Source{Replications: report.Replications, Seed: report.Seed, Scenario: scenario}
	for _, against := range []string{"out_of_business", "cash_trough"} {
		for _, c := range columns {
			if c.Name != against || c.Name == metric.Name {
				continue
			}
			t, err := gallery.TradeoffOf(panel, source, metric, c, report.Plans)
			if err == nil && slices.ContainsFunc(t.Plans, func(x plots.Choice) bool { return x.Y.Value != 0 }) {
				return []gallery.Hung{{Name: "tradeoff", Drawing: t}}
			}
		}
	}
	return nil
}

// comparedPlan is a plan with the name under which it is compared.
type comparedPlan struct {
	name string
	plan *model.Plan
}

// comparedPlans opens what is compared.
func (p *program) comparedPlans(args []string, flags *compareFlags) ([]comparedPlan, error) {
	var out []comparedPlan
	add := func(name, scenario string, sets ...string) error {
		s, err := p.open(scenario, append(flags.sets(), sets...)...)
		if err != nil {
			return err
		}
		if _, err := model.Prepare(s.Plan); err != nil {
			return scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
		}
		if len(out) > 0 {
			if err := sameMarket(out[0].plan, s.Plan, out[0].name, name); err != nil {
				return err
			}
		}
		out = append(out, comparedPlan{name, s.Plan})
		return nil
	}
	if len(args) == 1 {
		if len(flags.set) == 0 {
			return nil, usagef("compare needs two scenarios, or one and --set KEY=VALUE for each plan beside it")
		}
		variants := flags.set
		flags.set = nil
		if err := add("plan", args[0]); err != nil {
			return nil, err
		}
		for _, v := range variants {
			if err := add(v, args[0], splitSets(v)...); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	for i, a := range args {
		name := strings.TrimSuffix(filepath.Base(a), ".toml")
		for _, x := range out {
			if x.name == name {
				name = fmt.Sprintf("%s (%d)", name, i+1)
			}
		}
		if err := add(name, a); err != nil {
			return nil, err
		}
	}
	return out, nil
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

// sameMarket refuses plans of another market or another calendar.
func sameMarket(a, b *model.Plan, nameA, nameB string) error {
	for _, d := range scenarios.Diff(a, b) {
		key := d.Key
		if strings.HasPrefix(key, "population.") || key == "run.start" || key == "run.weeks" || key == "run.step" || key == "opening.burn_in_weeks" {
			return usagef("%s and %s cannot be compared: %s is %s in one and %s in the other", nameA, nameB, key, orNothing(d.A), orNothing(d.B))
		}
	}
	return nil
}

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
func sidesOf(panel *paired.Panel, c model.Column, a, b string) analysis.Sides {
	s := analysis.Sides{Column: c, Group: panel.Group}
	values := func(setting, column string) []float64 {
		return panel.Values(paired.Leaf{Setting: setting, Measure: paired.Measure{Column: column}})
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

// comparison is what compare writes and prints as JSON.
type comparison struct {
	Plans        []string   `json:"plans"`
	Metric       string     `json:"metric"`
	Replications int        `json:"replications"`
	Lucks        int        `json:"seeds_per_draw,omitempty"`
	Seed         uint64     `json:"seed"`
	Weeks        int        `json:"weeks"`
	Against      []compared `json:"against"`
}

// compared is one plan beside the first.
type compared struct {
	Plan     string            `json:"plan"`
	Answer   string            `json:"answer"`
	Outcomes []comparedOutcome `json:"outcomes"`
	Nested   *analysis.Nested  `json:"nested,omitempty"`
	metric   *analysis.Comparison
}

type comparedOutcome struct {
	Name       string             `json:"name"`
	Unit       string             `json:"unit"`
	A          analysis.Estimate  `json:"a"`
	B          analysis.Estimate  `json:"b"`
	Difference analysis.Estimate  `json:"difference"`
	Relative   analysis.Estimate  `json:"relative"`
	Identical  bool               `json:"identical"`
	Reduction  *float64           `json:"variance_reduction"`
	PBetter    *analysis.Estimate `json:"p_better,omitempty"`
	Dominance  analysis.Dominance `json:"dominance,omitempty"`
}

func outcomeOf(c analysis.Comparison) comparedOutcome {
	o := comparedOutcome{Name: c.Column.Name, Unit: c.Column.Unit, A: c.A, B: c.B, Difference: c.Difference, Relative: c.Relative, Identical: c.Identical, PBetter: c.PBetter, Dominance: c.Dominance}
	if !math.IsInf(c.Reduction, 0) && !math.IsNaN(c.Reduction) {
		o.Reduction = &c.Reduction
	}
	return o
}

func (r *comparison) sentences() (out []string) {
	for _, x := range r.Against {
		out = append(out, x.Answer)
	}
	return out
}

// sentence is the answer: how much better B is, or that no difference is seen.
func (x *compared) sentence(r *comparison, a string) string {
	c := x.metric
	f := formatOf(c.Column.Name, c.Column.Unit)
	pairs := counted(r.Replications, "pair")
	horizon := counted(r.Weeks, "week")
	switch {
	case c.Identical:
		return fmt.Sprintf("%s and %s are identical in %s: every difference is 0 (%s).", x.Plan, a, c.Column.Name, pairs)
	case math.IsNaN(c.Difference.Value) || math.IsNaN(c.Difference.Low):
		return fmt.Sprintf("%s is not known for both plans (%s).", c.Column.Name, pairs)
	case c.Difference.Low <= 0 && c.Difference.High >= 0:
		n := c.PairsFor(0.01 * math.Abs(c.A.Value))
		return fmt.Sprintf("No difference in %s seen between %s and %s in %s at n = %s (95%% interval %s to %s of %s's mean); about %s would show 1%% with 80%% power.",
			c.Column.Name, x.Plan, a, horizon, thousands(r.Replications), signed(c.Relative.Low), signed(c.Relative.High), a, counted(n, "pair"))
	}
	word := "more"
	if c.Difference.Value < 0 {
		word = "less"
	}
	size, _ := f.WithError(math.Abs(c.Difference.Value), c.Difference.HalfWidth())
	return fmt.Sprintf("%s has %s %s %s than %s in %s, %s (%s to %s), %s.", x.Plan, size, word, c.Column.Name, a, horizon,
		signed(c.Relative.Value), signed(c.Relative.Low), signed(c.Relative.High), pairs)
}

// signed writes a share as a percentage with its sign.
func signed(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	digits := 1
	if a := math.Abs(x); a < 0.001 {
		digits = 3
	} else if a < 0.01 {
		digits = 2
	}
	return strconv.FormatFloat(100*x, 'f', digits, 64) + "%"
}

// fewPairs is the number of pairs below which quantiles in the tails and
// dominance are doubtful.
const fewPairs = 200

func (r *comparison) warnings() (out []string) {
	if r.Replications < fewPairs {
		out = append(out, fmt.Sprintf("%s are few for quantiles and dominance; --replications %d would do", counted(r.Replications, "pair"), fewPairs))
	}
	for _, x := range r.Against {
		for _, o := range x.Outcomes {
			if o.Name == "out_of_business" && (o.A.Value > 0 || o.B.Value > 0) {
				out = append(out, fmt.Sprintf("some replications go out of business: %s against %s", plots.Percent.Text(o.A.Value), plots.Percent.Text(o.B.Value)))
			}
		}
	}
	return out
}

// comparison tells how the plans differ.
func (t *teller) comparison(r *comparison, all bool) {
	for i := range r.Against {
		x := &r.Against[i]
		w := t.table(table.Row{"outcome", "unit", r.Plans[0], x.Plan, "difference", "± 95%", "relative", "variance saved"}, 3, 4, 5, 6, 7, 8)
		shown := 0
		for _, o := range x.Outcomes {
			if !all && !headline(o.Name) || math.IsNaN(o.A.Value) {
				continue
			}
			if shown++; !all && shown > mostRows {
				break
			}
			f := formatOf(o.Name, o.Unit)
			a, _ := f.WithError(o.A.Value, o.A.HalfWidth())
			b, _ := f.WithError(o.B.Value, o.B.HalfWidth())
			d, reach := f.WithError(o.Difference.Value, o.Difference.HalfWidth())
			saved := "identical"
			if o.Reduction != nil {
				saved = strconv.FormatFloat(*o.Reduction, 'f', 1, 64) + " x"
			}
			w.AppendRow(table.Row{o.Name, o.Unit, a, b, d, reach, signed(o.Relative.Value), saved})
		}
		t.print("%s\n", w.Render())
		if !all {
			t.print("All outcomes: --all\n")
		}
		t.print("\n")
		t.quantiles(r, x)
	}
}

// headline says whether an outcome is in the first table.
func headline(name string) bool {
	for _, h := range []string{"leads", "signups", "won", "live_customers", "arr", "revenue", "cac", "ltv", "ltv_cac", "lifetime_margin", "cash_trough", "out_of_business"} {
		if h == name {
			return true
		}
	}
	return false
}

// quantiles tells how the distributions of the metric differ.
func (t *teller) quantiles(r *comparison, x *compared) {
	c := x.metric
	if c.Identical || len(c.Quantiles) == 0 {
		return
	}
	f := formatOf(c.Column.Name, c.Column.Unit)
	w := t.table(table.Row{r.Metric, "5%", "25%", "50%", "75%", "95%"}, 2, 3, 4, 5, 6)
	for side, name := range []string{r.Plans[0], x.Plan} {
		row := table.Row{name}
		for _, q := range c.Quantiles {
			e := q.A
			if side == 1 {
				e = q.B
			}
			row = append(row, f.Text(e.Value))
		}
		w.AppendRow(row)
	}
	t.print("%s\n%s\n", w.Render(), strings.NewReplacer("A ", r.Plans[0]+" ", "B ", x.Plan+" ").Replace(c.QuantileSentence()))
	switch c.Dominance {
	case analysis.BDominates:
		t.print("%s is better in distribution: the 95%% band of the difference of the distribution functions keeps one sign from 2.5%% to 97.5%%.\n", x.Plan)
	case analysis.ADominates:
		t.print("%s is better in distribution: the 95%% band of the difference of the distribution functions keeps one sign from 2.5%% to 97.5%%.\n", r.Plans[0])
	default:
		t.print("Neither is better in distribution: the 95%% band of the difference of the distribution functions does not keep one sign.\n")
	}
	if p := c.PBetter; p != nil {
		t.print("Under the same luck %s beats %s in %s of pairs (%s to %s); this depends on how luck is shared.\n", x.Plan, r.Plans[0],
			plots.Percent.Text(p.Value), plots.Percent.Text(p.Low), plots.Percent.Text(p.High))
	}
	if n := x.Nested; n != nil {
		total := n.Between + n.Within
		if n.Positive == nil {
			t.print("Inputs do not change the sign that luck lets us see (%s of %s).\n", counted(n.Draws, "draw"), counted(n.Lucks, "seed"))
		} else {
			t.print("On average over luck %s is better in %s of draws of the inputs (%s to %s); inputs bring %s of the variance of the difference, luck the rest.\n", x.Plan,
				plots.Percent.Text(n.Positive.Value), plots.Percent.Text(n.Positive.Low), plots.Percent.Text(n.Positive.High), plots.Percent.Text(n.Between/total))
		}
	}
	t.print("\n")
}

func firstOf(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
