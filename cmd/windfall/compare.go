package main

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
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
	plans, err := p.comparedPlans(args, flags)
	if err != nil {
		return err
	}
	columns := model.NewSchema(plans[0].plan).Outcomes
	metric, err := metricNamed("--metric", flags.metric, columns)
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
	for _, x := range plans {
		design.Settings = append(design.Settings, paired.Setting{Name: x.name, Plan: x.plan, Digest: scenarios.Digest(x.plan)})
		for _, c := range columns {
			if c.Over == "" {
				design.Measures = append(design.Measures, paired.Leaf{Setting: x.name, Measure: paired.Measure{Column: c.Name}})
			}
		}
		design.Measures = append(design.Measures, metric.Leaves(x.name)...)
	}
	d := p.decision(&flags.decideFlags, "compare", plans[0].plan.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	found := &comparison{Metric: metric.Text, Replications: design.Replications, Seed: design.Seed, Lucks: design.Lucks, Weeks: int(plans[0].plan.Run.Weeks), args: args, flags: flags}
	for _, x := range plans {
		found.Plans = append(found.Plans, x.name)
	}
	for _, x := range plans[1:] {
		against := compared{Plan: x.name}
		for _, c := range columns {
			against.Outcomes = append(against.Outcomes, outcomeOf(analysis.Compare(sidesOf(panel, c, plans[0].name, x.name))))
		}
		if against.metric, err = metricOf(panel, metric, plans[0].name, x.name); err != nil {
			return err
		}
		if metric.Column.Name != metric.Outcome { // no outcome of its own in the table
			against.Outcomes = append([]comparedOutcome{outcomeOf(*against.metric)}, against.Outcomes...)
		}
		if design.Lucks > 1 && metric.Column.Over == "" && metric.P == 0 {
			n, err := nestedOf(panel, metric, plans[0].name, x.name, design.Lucks)
			if err != nil {
				return err
			}
			against.Nested = n
		}
		against.Answer = against.sentence(found, plans[0].name)
		found.Against = append(found.Against, against)
	}
	return d.tell(found, append(tradeoffs(panel, plans[0].plan.Name, found, columns, metric), differences(plans[0].plan.Name, found)...))
}

// metricOf compares the metric of two settings.
func metricOf(panel *paired.Panel, m *paired.Metric, a, b string) (*analysis.Comparison, error) {
	if m.When == nil && m.P == 0 {
		c := analysis.Compare(sidesOf(panel, m.Column, a, b))
		return &c, nil
	}
	s := analysis.Sides{Column: m.Column, Group: panel.Group}
	var of [2]paired.Statistic
	for i, setting := range []string{a, b} {
		var err error
		if s.Over[i], err = m.ByReplication(panel, setting); err != nil {
			return nil, err
		}
		if of[i], err = m.Of(panel, setting); err != nil {
			return nil, err
		}
	}
	c := analysis.Compare(s)
	if m.P > 0 { // of single replications all holds; the number itself is another
		c.A = panel.Combine(func(v []float64) float64 { return v[0] }, of[0])
		c.B = panel.Combine(func(v []float64) float64 { return v[0] }, of[1])
		c.Difference = panel.Combine(func(v []float64) float64 { return v[1] - v[0] }, of[0], of[1])
		c.Relative = analysis.RelativeTo(c.A, panel.Combine(func(v []float64) float64 { return (v[1] - v[0]) / math.Abs(v[0]) }, of[0], of[1]))
		c.Reduction = (float64(c.A.Error*c.A.Error) + float64(c.B.Error*c.B.Error)) / float64(c.Difference.Error*c.Difference.Error)
	}
	return &c, nil
}

// nestedOf splits the difference of the metric into inputs and luck; above 0 the
// second setting is the better.
func nestedOf(panel *paired.Panel, m *paired.Metric, a, b string, lucks int) (*analysis.Nested, error) {
	one, err := m.ByReplication(panel, a)
	if err != nil {
		return nil, err
	}
	two, err := m.ByReplication(panel, b)
	if err != nil {
		return nil, err
	}
	difference := make([]float64, len(one))
	for i := range difference {
		difference[i] = two[i] - one[i]
		if m.Column.Direction == model.Less {
			difference[i] = -difference[i]
		}
	}
	n := analysis.NestedOf(difference, lucks)
	return &n, nil
}

// tradeoffs sets the metric of plans against the chance to go out of business,
// where that differs from 0, else against the lowest cash.
func tradeoffs(panel *paired.Panel, scenario string, r *comparison, columns []model.Column, metric *paired.Metric) []gallery.Hung {
	if metric.When != nil || metric.P > 0 {
		return nil
	}
	source := plots.Source{Replications: r.Replications, Seed: r.Seed, Scenario: scenario}
	for _, against := range []string{"out_of_business", "cash_trough"} {
		for _, c := range columns {
			if c.Name != against || c.Name == metric.Outcome {
				continue
			}
			t, err := gallery.TradeoffOf(panel, source, metric.Column, c, r.Plans)
			if err == nil && slices.ContainsFunc(t.Plans, func(x plots.Choice) bool { return x.Y.Value != 0 }) {
				return []gallery.Hung{{Name: "tradeoff", Drawing: t}}
			}
		}
	}
	return nil
}

// differences draws the relative difference of each headline outcome.
func differences(scenario string, r *comparison) []gallery.Hung {
	bars := plots.Bars{Source: plots.Source{Replications: r.Replications, Seed: r.Seed, Scenario: scenario}, Names: "outcome", ValueName: "Difference from " + r.Plans[0], Percent: true,
		Finding: "How far plans lie from " + r.Plans[0] + ", under the same luck"}
	for i, x := range r.Against {
		line := plots.Line{Name: x.Plan}
		for _, o := range x.Outcomes {
			if !slices.Contains(headlines, o.Name) || o.Name == "out_of_business" || !drawable(o.Relative) {
				continue
			}
			if i == 0 {
				bars.Labels = append(bars.Labels, o.Name)
			}
			if k := len(line.Points); k < len(bars.Labels) && bars.Labels[k] == o.Name {
				line.Points = append(line.Points, o.Relative)
			}
		}
		bars.Lines = append(bars.Lines, line)
	}
	for _, l := range bars.Lines {
		if len(l.Points) != len(bars.Labels) || len(l.Points) == 0 {
			return nil
		}
	}
	return []gallery.Hung{{Name: "differences", Drawing: bars}}
}

// drawable says whether an estimate has a value and an interval.
func drawable(e analysis.Estimate) bool {
	for _, x := range []float64{e.Value, e.Low, e.High} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
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

// metricNamed reads a metric in the language of goals.
func metricNamed(flag, text string, columns []model.Column) (*paired.Metric, error) {
	m, err := paired.ParseMetric(text, columns)
	if err != nil {
		return nil, usagef("%s %v", flag, err)
	}
	return m, nil
}

// comparison is what compare writes and prints as JSON.
type comparison struct {
	args  []string
	flags *compareFlags

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

// gained are the verbs and nouns of outcomes that are counts of something.
var gained = map[string][2]string{"won": {"wins", "customers"}, "signups": {"gets", "sign-ups"}, "leads": {"gets", "leads"}, "live_customers": {"ends with", "customers"}}

// sentence is the answer: how much better B is, or that no difference is seen.
func (x *compared) sentence(r *comparison, a string) string {
	c := x.metric
	f := formatOf(c.Column.Name, c.Column.Unit)
	pairs := counted(r.Replications, "pair")
	horizon := counted(r.Weeks, "week")
	switch {
	case c.Identical:
		return fmt.Sprintf("%s and %s are identical in %s: every difference is exactly 0 (%s).", x.Plan, a, c.Column.Name, pairs)
	case math.IsNaN(c.Difference.Value) || math.IsNaN(c.Difference.Low):
		return fmt.Sprintf("%s is not known for both plans (%s).", c.Column.Name, pairs)
	case c.Difference.Low <= 0 && c.Difference.High >= 0:
		if math.IsNaN(c.Relative.Value) {
			return fmt.Sprintf("No difference in %s between %s and %s seen in %s at n = %s (difference %s).",
				c.Column.Name, x.Plan, a, horizon, thousands(r.Replications), decide.Change(f, c.Difference).Text)
		}
		n := roundedUp(c.PairsFor(0.01 * math.Abs(c.A.Value)))
		return fmt.Sprintf("No difference in %s between %s and %s seen in %s at n = %s (95%% interval %s to %s of %s's mean); about %s would show 1%% with 80%% power.",
			c.Column.Name, x.Plan, a, horizon, thousands(r.Replications), signed(c.Relative.Low), signed(c.Relative.High), a, counted(n, "pair"))
	}
	far := c.Difference
	if far.Value < 0 {
		far.Value, far.Low, far.High = -far.Value, -far.High, -far.Low
	}
	size, reach, _ := strings.Cut(decide.Change(f, far).Text, " ± ")
	if f == plots.Percent {
		size += " points"
	}
	verb, noun, less := "has", c.Column.Name, "less"
	if words, ok := gained[c.Column.Name]; ok {
		verb, noun, less = words[0], words[1], "fewer"
	}
	more := "more"
	if c.Difference.Value < 0 {
		more = less
	}
	if math.IsNaN(c.Relative.Value) {
		return fmt.Sprintf("%s %s %s %s %s than %s in %s (± %s), %s.", x.Plan, verb, size, more, noun, a, horizon, reach, pairs)
	}
	return fmt.Sprintf("%s %s %s %s %s than %s in %s, %s (%s to %s), %s.", x.Plan, verb, size, more, noun, a, horizon,
		signed(c.Relative.Value), signed(c.Relative.Low), signed(c.Relative.High), pairs)
}

// roundedUp keeps two digits of a number that is a rough one: 16,818 is 17,000.
func roundedUp(n int) int {
	step := 1
	for n/step >= 100 {
		step *= 10
	}
	return (n + step - 1) / step * step
}

// signed writes a relative change as a percentage with its sign.
func signed(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x > 0:
		return "+" + percentage(x)
	case x < 0:
		return "−" + percentage(-x)
	}
	return "0%"
}

// percentage writes a share with digits for the small.
func percentage(x float64) string {
	digits := 1
	if a := math.Abs(x); a < 0.001 && a > 0 {
		digits = 3
	} else if a < 0.01 {
		digits = 2
	}
	return strconv.FormatFloat(100*x, 'f', digits, 64) + "%"
}

// relative is a cell of a relative change, with its interval for files.
func relative(e analysis.Estimate) report.Cell {
	c := decide.Value(plots.Percent, e)
	c.Text = signed(e.Value)
	return c
}

// fewPairs is the number of pairs below which quantiles in the tails and
// dominance are doubtful.
const fewPairs = 200

func (r *comparison) size() string {
	if r.Lucks > 1 {
		return fmt.Sprintf("%s of %s", counted(r.Replications/r.Lucks, "draw"), counted(r.Lucks, "seed"))
	}
	return counted(r.Replications, "pair")
}

// next are the commands that follow.
func (r *comparison) next() []string {
	if len(r.args) > 1 {
		return []string{shellLine(append([]string{"windfall", "stress"}, r.args...))}
	}
	words := []string{"windfall", "run", r.args[0]}
	for _, s := range splitSets(r.Plans[1]) {
		words = append(words, "--set", s)
	}
	return []string{shellLine(words), shellLine([]string{"windfall", "respond", r.args[0]})}
}

func (r *comparison) warnings() (out []string) {
	switch draws := r.Replications / max(1, r.Lucks); {
	case r.Lucks > 1 && draws < compareDraws/2:
		out = append(out, fmt.Sprintf("%s are few to tell inputs from luck; --draws %d would do", counted(draws, "draw"), compareDraws))
	case r.Replications < fewPairs:
		out = append(out, fmt.Sprintf("%s are few for quantiles and dominance; --replications %d would do", counted(r.Replications, "pair"), fewPairs))
	}
	for _, x := range r.Against {
		for _, o := range x.Outcomes {
			if o.Name == "out_of_business" && (o.A.Value > 0 || o.B.Value > 0) {
				out = append(out, fmt.Sprintf("some replications go out of business: %s of %s against %s of %s", plots.Percent.Text(o.B.Value), x.Plan, plots.Percent.Text(o.A.Value), r.Plans[0]))
			}
		}
	}
	return out
}

// headlines are the outcomes of the table, in their order.
var headlines = []string{"lifetime_margin", "leads", "signups", "won", "live_customers", "arr", "revenue", "cac", "ltv", "ltv_cac", "cash_trough", "out_of_business"}

// sheets are the tables of each plan beside the first.
func (r *comparison) sheets() (out []*decide.Sheet) {
	for i := range r.Against {
		x := &r.Against[i]
		file := func(name string) string {
			if len(r.Against) == 1 {
				return name
			}
			return fmt.Sprintf("%s-%d", name, i+1)
		}
		s := decide.NewSheet(file("outcomes"), x.Plan+" against "+r.Plans[0], "outcome", "unit", "#"+r.Plans[0], "#"+x.Plan, "#difference", "#relative", "#variance saved")
		rank := func(name string) int {
			if name == r.Metric {
				return -1
			}
			if k := slices.Index(headlines, name); k >= 0 {
				return k
			}
			return len(headlines)
		}
		list := slices.DeleteFunc(slices.Clone(x.Outcomes), func(o comparedOutcome) bool { return math.IsNaN(o.A.Value) })
		slices.SortStableFunc(list, func(a, b comparedOutcome) int { return cmp.Compare(rank(a.Name), rank(b.Name)) })
		for _, o := range list {
			f := formatOf(o.Name, o.Unit)
			a, _ := f.WithError(o.A.Value, o.A.HalfWidth())
			b, _ := f.WithError(o.B.Value, o.B.HalfWidth())
			one, two := decide.Value(f, o.A), decide.Value(f, o.B)
			one.Text, two.Text = a, b
			saved := report.Words("")
			switch {
			case o.Identical:
				saved = report.Words("identical")
			case o.Reduction != nil:
				saved = report.Num(times(*o.Reduction), *o.Reduction)
			case o.Difference.Error == 0: // the same difference in every pair
				saved = report.Words("exact")
			}
			s.Row(o.Name, o.Unit, one, two, decide.Change(f, o.Difference), relative(o.Relative), saved)
		}
		out = append(out, s)
		if q := r.quantiles(file("quantiles"), x); q != nil {
			out = append(out, q)
		}
	}
	return out
}

// times writes a factor, of which more than some thousands says nothing.
func times(x float64) string {
	if x > 10_000 {
		return ">10,000 x"
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + " x"
}

// quantiles tells how the distributions of the metric differ.
func (r *comparison) quantiles(file string, x *compared) *decide.Sheet {
	c := x.metric
	if c.Identical || len(c.Quantiles) == 0 || c.Column.Unit == "chance" {
		return nil
	}
	f := formatOf(c.Column.Name, c.Column.Unit)
	outcome := r.Metric
	if _, inside, ok := strings.Cut(outcome, "("); ok { // p5(cash_end)
		outcome = strings.TrimSuffix(inside, ")")
	}
	s := decide.NewSheet(file, outcome+" of single replications", outcome, "#5%", "#25%", "#50%", "#75%", "#95%")
	for side, name := range []string{r.Plans[0], x.Plan} {
		row := []any{name}
		for _, q := range c.Quantiles {
			e := q.A
			if side == 1 {
				e = q.B
			}
			row = append(row, decide.Value(f, e))
		}
		s.Row(row...)
	}
	note := func(format string, args ...any) { s.Notes = append(s.Notes, fmt.Sprintf(format, args...)) }
	if c.Column.Direction != model.Neither {
		note("%s", strings.NewReplacer("A ", r.Plans[0]+" ", "B ", x.Plan+" ").Replace(c.QuantileSentence()))
		const band = "the 95%% band of the difference of the distribution functions"
		switch c.Dominance {
		case analysis.BDominates:
			note("%s is better in distribution: "+band+" keeps one sign from 2.5%% to 97.5%%.", x.Plan)
		case analysis.ADominates:
			note("%s is better in distribution: "+band+" keeps one sign from 2.5%% to 97.5%%.", r.Plans[0])
		case analysis.Neither:
			note("Neither is better in distribution: " + band + " lies above 0 in one part and below 0 in another.")
		default:
			note("That one is better in distribution is not shown with %s: "+band+" holds 0 somewhere.", r.size())
		}
	}
	if p := c.PBetter; p != nil {
		note("Under the same luck %s beats %s in %s of pairs (%s to %s); this depends on how luck is shared.", x.Plan, r.Plans[0],
			plots.Percent.Text(p.Value), plots.Percent.Text(p.Low), plots.Percent.Text(p.High))
	}
	if n := x.Nested; n != nil {
		if n.Positive == nil {
			note("Inputs do not change the sign that luck lets us see (%s of %s).", counted(n.Draws, "draw"), counted(n.Lucks, "seed"))
		} else {
			note("On average over luck %s is better in %s of draws of the inputs (%s to %s); inputs bring %s of the variance of the difference, luck the rest.", x.Plan,
				plots.Percent.Text(n.Positive.Value), plots.Percent.Text(n.Positive.Low), plots.Percent.Text(n.Positive.High), plots.Percent.Text(n.Between/(n.Between+n.Within)))
		}
	}
	return s
}

func firstOf(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
