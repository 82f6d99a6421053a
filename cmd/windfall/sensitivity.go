package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
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
	tornadoLucks    = 16
)

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
or 'P(cash_trough < 0)'; --when CONDITION is short for the chance of a
condition. A ratio such as cac is taken run by run.

The default is 512 rows, each run once for every group, once for luck and twice
more. Twice the rows make every interval 1.4 times narrower.`,
		Example: `  windfall sensitivity metro-uncertain --replications 64
  windfall sensitivity metro-uncertain --outcome cac --outcome won --when out_of_business`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.sensitivity(args[0], &flags) },
	}
	flags.register(cmd, "sensitivity", "rows of the design (default: 512)")
	cmd.Flags().StringArrayVar(&flags.outcomes, "outcome", nil, "what to explain, a `METRIC` of each run (repeatable; default: --metric)")
	cmd.Flags().StringVar(&flags.when, "when", "", "explain whether a `CONDITION` holds, such as out_of_business")
	return cmd
}

// metrics reads what is to be explained.
func (f *sensitivityFlags) metrics(plan *model.Plan, columns []model.Column) (out []*analysis.Metric, err error) {
	texts := slices.Clone(f.outcomes)
	if f.when != "" {
		texts = append(texts, "P("+f.when+")")
		if _, err := analysis.ParseCondition(f.when, columns); err != nil {
			return nil, usagef("--when %v", err)
		}
	}
	if len(texts) == 0 {
		if _, err := outcomeNamed(plan, f.metric); err != nil {
			return nil, err
		}
		texts = []string{f.metric}
	}
	for _, text := range texts {
		m, err := analysis.ParseMetric(text, columns)
		if err != nil {
			return nil, usagef("--outcome %v", err)
		}
		if m.P > 0 {
			return nil, usagef("--outcome %s: a percentile is of many runs; a number of each run is needed, such as %s or P(%s < ...)", text, m.Outcome, m.Outcome)
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
	metrics, err := flags.metrics(u.plan, columns)
	if err != nil {
		return err
	}
	groups := u.prepared.Tied()
	luck := len(groups) // the last column
	sobol := analysis.SobolDesign{Rows: firstOf(flags.replications.value(), sensitivityRows), Columns: luck + 1}
	seed := uint64(u.plan.Run.Seed)
	// The two samples come from blocks of their own.
	second := (sobol.Rows + model.BlockSize - 1) / model.BlockSize * model.BlockSize
	draws := u.prepared.Draws(seed, second+sobol.Rows)
	settings := 1 + 2*len(u.inputs) // of the tornado
	design := paired.Design{Replications: sobol.Points() + settings*tornadoLucks, Seed: seed, Version: version,
		Settings: []paired.Setting{{Name: "plan", Plan: u.plan, Digest: scenarios.Digest(u.plan)}},
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
			design.Measures = append(design.Measures, paired.Leaf{Setting: "plan", Measure: paired.Measure{Column: c}})
		}
	}
	asked := []any{"of"}
	for _, m := range metrics {
		asked = append(asked, m.Text)
	}
	d := p.decision(&flags.decideFlags, "sensitivity", u.plan.Name, &design, asked...)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	sample := sampleOf(panel, "plan", columns)
	answer := &sensitivity{name: name, flags: flags, Scenario: u.plan.Name, Rows: sobol.Rows, Runs: design.Replications, Lucks: tornadoLucks, Seed: seed, Weeks: int(u.plan.Run.Weeks)}
	for _, m := range metrics {
		values, err := m.ByReplication(sample)
		if err != nil {
			return err
		}
		e := explained{Outcome: m.Text, format: plots.Percent, Unit: "chance"}
		if m.When == nil {
			c, _ := outcomeNamed(u.plan, m.Outcome)
			e.Unit, e.format = c.Unit, formatOf(c.Name, c.Unit)
		}
		e.fill(u, groups, analysis.SobolOf(values[:sobol.Points()], sobol, luck), values[sobol.Points():])
		e.Answer = e.sentence(answer)
		answer.Outcomes = append(answer.Outcomes, e)
	}
	return d.tell(answer, func(t *teller) { t.sensitivity(answer, flags.all) }, answer.warnings())
}

// sensitivity is what sensitivity writes and prints as JSON.
type sensitivity struct {
	name  string // as typed
	flags *sensitivityFlags

	Scenario string      `json:"scenario"`
	Rows     int         `json:"rows"`
	Runs     int         `json:"runs"`
	Lucks    int         `json:"tornado_lucks"`
	Seed     uint64      `json:"seed"`
	Weeks    int         `json:"weeks"`
	Outcomes []explained `json:"outcomes"`
}

// explained is one outcome, its variance split.
type explained struct {
	format plots.Format

	Outcome   string            `json:"outcome"`
	Unit      string            `json:"unit"`
	Answer    string            `json:"answer"`
	Rows      int               `json:"rows"`
	Missing   int               `json:"rows_left_out"`
	Mean      analysis.Estimate `json:"mean"`
	Deviation float64           `json:"standard_deviation"`
	Inputs    analysis.Estimate `json:"inputs"` // all of them, without luck
	Luck      analysis.Estimate `json:"luck"`   // alone
	Mix       analysis.Estimate `json:"inputs_and_luck"`
	Indices   []index           `json:"indices"` // by total, the largest first
	Tornado   []bar             `json:"tornado"` // by swing, the largest first
}

// index is the share of variance of a group of inputs.
type index struct {
	Inputs []string          `json:"inputs"`
	First  analysis.Estimate `json:"first_order"`
	Total  analysis.Estimate `json:"total"`
}

func (x *index) name() string {
	if n := len(x.Inputs) - 1; n > 0 {
		return fmt.Sprintf("%s and %d tied to it", x.Inputs[0], n)
	}
	return x.Inputs[0]
}

// bar is one input at its ends.
type bar struct {
	Input    string            `json:"input"`
	LowAt    float64           `json:"at_5"`
	HighAt   float64           `json:"at_95"`
	Low      analysis.Estimate `json:"change_at_5"`
	High     analysis.Estimate `json:"change_at_95"`
	Swing    analysis.Estimate `json:"swing"`
	lowText  string
	highText string
}

// fill takes the numbers over; tornado holds the values by setting and luck.
func (e *explained) fill(u *uncertainPlan, groups [][]int, s analysis.Sobol, tornado []float64) {
	e.Rows, e.Missing, e.Mean, e.Deviation = s.Rows, s.Missing, s.Mean, math.Sqrt(s.Variance)
	e.Inputs, e.Luck, e.Mix = s.Others, s.Alone, s.Mix
	for _, c := range s.ByTotal() {
		if c == len(groups) {
			continue // luck has its own line
		}
		x := index{First: s.First[c], Total: s.Total[c]}
		for _, m := range groups[c] {
			x.Inputs = append(x.Inputs, u.inputs[m].Name)
		}
		e.Indices = append(e.Indices, x)
	}
	at := func(setting int) []float64 { return tornado[setting*tornadoLucks : (setting+1)*tornadoLucks] }
	for i, in := range u.inputs {
		w := analysis.SwingOf(at(0), at(1+2*i), at(2+2*i))
		e.Tornado = append(e.Tornado, bar{Input: in.Name, LowAt: in.Dist.Quantile(tornadoEnds[0]), HighAt: in.Dist.Quantile(tornadoEnds[1]), Low: w.Low, High: w.High, Swing: w.Swing,
			lowText: u.value(i, tornadoEnds[0]), highText: u.value(i, tornadoEnds[1])})
	}
	slices.SortStableFunc(e.Tornado, func(a, b bar) int { return cmp.Compare(math.Abs(b.Swing.Value), math.Abs(a.Swing.Value)) })
}

// sentence is the answer.
func (e *explained) sentence(a *sensitivity) string {
	percent := plots.Percent
	over := fmt.Sprintf("%s within %s", e.Outcome, counted(a.Weeks, "week"))
	if e.Deviation == 0 || math.IsNaN(e.Luck.Value) {
		return fmt.Sprintf("%s does not vary: it is %s in all of n = %s runs.", over, e.format.Text(e.Mean.Value), thousands(a.Runs))
	}
	var top []string
	for i := 0; i < min(3, len(e.Indices)); i++ {
		x := &e.Indices[i]
		top = append(top, fmt.Sprintf("%s (%s to %s)", x.name(), percent.Text(x.Total.Low), percent.Text(x.Total.High)))
	}
	verb := "matter"
	if len(top) == 1 {
		verb = "matters"
	}
	unit := ""
	if e.format != plots.Money && e.format != plots.Percent {
		unit = " " + e.Unit
	}
	return fmt.Sprintf("%s %s most for %s; luck alone is %s of its variance (standard deviation %s%s; shares of variance in all with 95%% intervals, n = %s rows, %s runs).",
		list(top), verb, over, withInterval(percent, e.Luck), e.format.Text(e.Deviation), unit, thousands(e.Rows), thousands(a.Runs))
}

func (a *sensitivity) sentences() (out []string) {
	for _, e := range a.Outcomes {
		out = append(out, e.Answer)
	}
	return out
}

func (a *sensitivity) next() []string {
	words := func(command string, more ...string) string {
		out := append([]string{"windfall", command, a.name}, more...)
		for _, s := range a.flags.sets() {
			out = append(out, "--set", s)
		}
		return shellLine(out)
	}
	if e := &a.Outcomes[0]; len(e.Tornado) > 0 {
		in := e.Tornado[0].Input
		if !strings.Contains(in, "@") && !strings.HasPrefix(in, "changes.") && !strings.HasPrefix(in, "shocks.") {
			return []string{words("respond", "--vary", fmt.Sprintf("%s=%s..%s:5", in, short(e.Tornado[0].LowAt), short(e.Tornado[0].HighAt))),
				words("discover", "--when", "out_of_business")}
		}
	}
	return []string{words("discover", "--when", "out_of_business")}
}

func (a *sensitivity) warnings() (out []string) {
	if a.Rows < 128 {
		out = append(out, fmt.Sprintf("%s are few: intervals are wide and cover less than they say; --replications %d would do", counted(a.Rows, "row"), sensitivityRows))
	}
	for _, e := range a.Outcomes {
		if e.Missing > 0 {
			out = append(out, fmt.Sprintf("%s is missing in %s of %s, which are left out", e.Outcome, counted(e.Missing, "row"), thousands(a.Rows)))
		}
	}
	return out
}

// sensitivity tells how the variance splits.
func (t *teller) sensitivity(a *sensitivity, all bool) {
	percent := plots.Percent
	for i := range a.Outcomes {
		e := &a.Outcomes[i]
		if e.Deviation == 0 {
			continue
		}
		w := t.table(table.Row{e.Outcome + ": share of variance", "first order", "95% interval", "total", "95% interval"}, 2, 3, 4, 5)
		shown := len(e.Indices)
		if !all {
			shown = min(shown, mostRows)
		}
		for _, x := range e.Indices[:shown] {
			w.AppendRow(table.Row{x.name(), percent.Text(x.First.Value), intervalText(percent, x.First), percent.Text(x.Total.Value), intervalText(percent, x.Total)})
		}
		t.print("%s\n", w.Render())
		if shown < len(e.Indices) {
			t.print("All %d inputs and groups: --all\n", len(e.Indices))
		}
		t.print("All inputs without luck bring %s of the variance, luck alone %s, both together %s.\n\n", withInterval(percent, e.Inputs), withInterval(percent, e.Luck), withInterval(percent, e.Mix))
		w = t.table(table.Row{"moved by itself", "5%", "change of " + e.Outcome, "± 95%", "95%", "change", "± 95%"}, 2, 3, 4, 5, 6, 7)
		for i, x := range e.Tornado {
			if !all && i == mostRows {
				break
			}
			low, lowReach := e.format.WithError(x.Low.Value, x.Low.HalfWidth())
			high, highReach := e.format.WithError(x.High.Value, x.High.HalfWidth())
			w.AppendRow(table.Row{x.Input, x.lowText, low, lowReach, x.highText, high, highReach})
		}
		t.print("%s\n", w.Render())
		if !all && len(e.Tornado) > mostRows {
			t.print("All %d inputs: --all\n", len(e.Tornado))
		}
		t.print("Others at their medians, paired over %s.\n\n", counted(a.Lucks, "luck"))
	}
}
