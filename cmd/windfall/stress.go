package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/decide"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/scenarios/shocks"
	"windfall/sim/analysis"
	"windfall/sim/paired"
	"windfall/sim/result"
)

// stressFlags are the flags of stress.
type stressFlags struct {
	decideFlags
	shocks, from string
}

// Defaults of stress: pairs of each plan and shock, and the week of the shocks.
const (
	stressReplications = 500
	stressWeek         = 27
)

func (p *program) stressCommand() *cobra.Command {
	var flags stressFlags
	cmd := &cobra.Command{
		Use:   "stress PLAN...",
		Short: "What would break this plan? Plans against a library of shocks",
		Long: `Put shocks to one plan or several: a recession, dearer search, a channel that
is closed, a price war, and more (a library of 13, or --shocks FILE). Each is
paired with the same plan without the shock. Shocks begin in the 27th week
unless they are dated, and name things by their role in each plan.

With one plan the shocks are ranked from the worst; with two or more the regret
of each plan under each shock is shown, and the plan whose largest regret is
least.

The default takes about 2 minutes on two cores for metro. Twice the replications
make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall stress metro
  windfall stress metro my-plan.toml --metric cash_trough
  windfall stress metro --shocks my-shocks.toml --from 2014-01-07`,
		Args:              needs(1, 0, "one plan or several"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.stress(args, &flags) },
	}
	flags.register(cmd, "stress", "pairs of replications of each plan and shock (default: 500)")
	cmd.Flags().StringVar(&flags.shocks, "shocks", "", "a `FILE` of shocks in place of the library")
	cmd.Flags().StringVar(&flags.from, "from", "", "first day of the shocks, `YYYY-MM-DD` (default: the 27th week)")
	return cmd
}

// stressAnswer is what stress writes and prints as JSON.
type stressAnswer struct {
	args  []string // as typed
	typed []string
	file  string // of the first plan under its worst shock

	Plans        []string     `json:"plans"`
	Metric       string       `json:"metric"`
	Replications int          `json:"replications"`
	Seed         uint64       `json:"seed"`
	Weeks        int          `json:"weeks"`
	From         string       `json:"from"`
	Answer       string       `json:"answer"`
	Base         []stressBase `json:"without_shock"`
	Cells        []stressCell `json:"cells"`
	LeastRegret  string       `json:"least_regret,omitempty"`
	Separable    bool         `json:"separable"`
	Skipped      []string     `json:"not_applicable"`
	direction    model.Direction
	unit         string
}

type stressBase struct {
	Plan  string            `json:"plan"`
	Value analysis.Estimate `json:"value"`
	Ruin  analysis.Estimate `json:"out_of_business"`
}

// stressCell is a plan under a shock.
type stressCell struct {
	Plan     string             `json:"plan"`
	Shock    string             `json:"shock"`
	Title    string             `json:"title"`
	Change   analysis.Estimate  `json:"change"`
	Relative analysis.Estimate  `json:"relative"`
	Ruin     analysis.Estimate  `json:"out_of_business_change"`
	Regret   *analysis.Estimate `json:"regret,omitempty"`
	Saved    *float64           `json:"variance_reduction"` // null: nothing differs
}

// stress runs plans under shocks.
func (p *program) stress(args []string, flags *stressFlags) error {
	library := shocks.Library()
	if flags.shocks != "" {
		var err error
		if library, err = shocks.Open(flags.shocks); err != nil {
			return usagef("%v", err)
		}
	}
	open := func(name string) (*model.Plan, error) {
		s, err := p.open(name, flags.sets()...)
		if err != nil {
			return nil, err
		}
		return s.Plan, nil
	}
	first, err := open(args[0])
	if err != nil {
		return err
	}
	metric, err := metricNamed("--metric", flags.metric, model.NewSchema(first).Outcomes)
	if err != nil {
		return err
	}
	from := first.Run.Start + model.Date(7*min(stressWeek-1, int(first.Run.Weeks)/4))
	if flags.from != "" {
		if from, err = model.ParseDate(flags.from); err != nil {
			return usagef("--from %s: a date such as 2013-07-02 is needed", flags.from)
		}
	}
	a := &stressAnswer{args: args, typed: flags.typed(), Metric: metric.Text, Replications: firstOf(flags.replications.value(), stressReplications), Seed: uint64(first.Run.Seed), Weeks: int(first.Run.Weeks), From: from.String(), direction: metric.Column.Direction, unit: metric.Column.Unit}
	design := paired.Design{Replications: a.Replications, Seed: a.Seed, Version: version}
	setting := func(plan, shock string) string { return plan + " under " + shock }
	titles := map[string]string{}
	shockedPlans := map[string]*model.Plan{}
	for i, arg := range args {
		name := strings.TrimSuffix(filepath.Base(arg), ".toml")
		if slices.Contains(a.Plans, name) {
			name = fmt.Sprintf("%s (%d)", name, i+1)
		}
		plan, err := open(arg)
		if err != nil {
			return err
		}
		if _, err := model.Prepare(plan); err != nil {
			return scenarios.Problems{{File: arg, Message: err.Error()}}
		}
		if err := sameMarket(first, plan, args[0], name); err != nil {
			return err
		}
		a.Plans = append(a.Plans, name)
		design.Settings = append(design.Settings, paired.Setting{Name: name, Plan: plan, Digest: scenarios.Digest(plan)})
		for _, s := range library {
			shocked, err := open(arg)
			if err != nil {
				return err
			}
			var no *shocks.NotApplicableError
			err = s.Apply(shocked, from)
			if err == nil {
				_, err = model.Prepare(shocked)
			}
			switch {
			case errors.As(err, &no):
				a.Skipped = append(a.Skipped, fmt.Sprintf("%s does not apply to %s: %s", s.Name, name, no.Reason))
				continue
			case err != nil:
				return usagef("%s on %s: %v", s.Name, name, err)
			}
			titles[s.Name] = s.Title
			shockedPlans[setting(name, s.Name)] = shocked
			design.Settings = append(design.Settings, paired.Setting{Name: setting(name, s.Name), Plan: shocked, Digest: scenarios.Digest(shocked)})
		}
	}
	exists := func(name string) bool {
		return slices.ContainsFunc(design.Settings, func(s paired.Setting) bool { return s.Name == name })
	}
	for _, s := range design.Settings {
		design.Measures = append(append(design.Measures, metric.Leaves(s.Name)...), paired.Leaf{Setting: s.Name, Measure: paired.Measure{Column: "out_of_business"}})
	}
	d := p.decision(&flags.decideFlags, "stress", first.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	of := map[string]paired.Statistic{}
	for _, s := range design.Settings {
		if of[s.Name], err = metric.Of(panel, s.Name); err != nil {
			return err
		}
	}
	ruin := func(setting string) paired.Leaf {
		return paired.Leaf{Setting: setting, Measure: paired.Measure{Column: "out_of_business"}}
	}
	value := func(v []float64) float64 { return v[0] }
	less := func(v []float64) float64 { return v[0] - v[1] }
	for _, plan := range a.Plans {
		base := panel.Combine(value, of[plan])
		k := 0
		for _, x := range panel.Values(ruin(plan)) {
			k += int(x)
		}
		a.Base = append(a.Base, stressBase{plan, base, analysis.Chance(k, panel.Replications)})
		for _, s := range library {
			name := setting(plan, s.Name)
			if !exists(name) {
				continue
			}
			c := stressCell{Plan: plan, Shock: s.Name, Title: titles[s.Name], Change: panel.Combine(less, of[name], of[plan]),
				Relative: panel.Combine(func(v []float64) float64 { return (v[0] - v[1]) / math.Abs(v[1]) }, of[name], of[plan]),
				Ruin:     panel.Combine(less, panel.Mean(ruin(name)), panel.Mean(ruin(plan)))}
			alone := panel.Combine(value, of[name]).Error
			if x := (float64(alone*alone) + float64(base.Error*base.Error)) / float64(c.Change.Error*c.Change.Error); !math.IsNaN(x) && !math.IsInf(x, 0) {
				c.Saved = &x
			}
			// Regret: what the best plan under the shock has over this one.
			under := []paired.Statistic{of[name]}
			for _, other := range a.Plans {
				if exists(setting(other, s.Name)) {
					under = append(under, of[setting(other, s.Name)])
				}
			}
			if len(a.Plans) > 1 && len(under) == len(a.Plans)+1 {
				regret := panel.Combine(func(v []float64) float64 {
					if metric.Column.Direction == model.Less {
						return v[0] - slices.Min(v[1:])
					}
					return slices.Max(v[1:]) - v[0]
				}, under...)
				c.Regret = &regret
			}
			a.Cells = append(a.Cells, c)
		}
	}
	if len(a.Cells) == 0 {
		return usagef("no shock applies to %s: %s", list(a.Plans), strings.Join(a.Skipped, "; "))
	}
	a.conclude()
	if plan := shockedPlans[setting(a.Plans[0], a.ranked(a.Plans[0])[0].Shock)]; plan != nil {
		a.file = filepath.Join(d.dir, "worst.toml")
		named := plan.Clone() // a file does not take the name that puts the shock after all changes
		named.Changes = slices.Clone(plan.Changes)
		for i := range named.Changes {
			named.Changes[i].Name = strings.Replace(named.Changes[i].Name, "~", "zz-", 1)
		}
		if err := result.WriteFile(a.file, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "# %s under its worst shock: %s\n#\n%s", a.Plans[0], a.ranked(a.Plans[0])[0].Title, scenarios.Resolved(named))
			return err
		}); err != nil {
			return err
		}
	}
	return d.tell(a, a.drawn())
}

// ranked are the shocks of a plan, from the worst.
func (a *stressAnswer) ranked(plan string) []stressCell {
	rows := slices.DeleteFunc(slices.Clone(a.Cells), func(c stressCell) bool { return c.Plan != plan })
	slices.SortStableFunc(rows, a.worse)
	return rows
}

// worse orders cells from the worst.
func (a *stressAnswer) worse(x, y stressCell) int {
	if a.direction == model.Less {
		return cmp.Compare(y.Change.Value, x.Change.Value)
	}
	return cmp.Compare(x.Change.Value, y.Change.Value)
}

// conclude finds the answer.
func (a *stressAnswer) conclude() {
	f := formatOf(a.Metric, a.unit)
	write := func(e analysis.Estimate) string {
		value, reach := f.WithError(e.Value, e.HalfWidth())
		return value + " ± " + reach
	}
	if len(a.Plans) == 1 {
		rows := a.ranked(a.Plans[0])
		x := rows[0]
		a.Separable = len(rows) < 2 || rows[1].Change.Low > x.Change.High || rows[1].Change.High < x.Change.Low
		a.Answer = fmt.Sprintf("The worst of %s for %s is %s: %s changes by %s (%s) in %s, and the chance to go out of business by %s points, %s.",
			counted(len(rows), "shock"), a.Plans[0], x.Title, a.Metric, write(x.Change), signed(x.Relative.Value), counted(a.Weeks, "week"), plots.Plain.Text(100*x.Ruin.Value), counted(a.Replications, "pair"))
		return
	}
	// The plan whose largest regret is least.
	type worst struct {
		plan string
		cell stressCell
	}
	var list []worst
	for _, plan := range a.Plans {
		w := worst{plan: plan}
		largest := math.Inf(-1)
		for _, c := range a.Cells {
			if c.Plan == plan && c.Regret != nil && c.Regret.Value > largest {
				largest, w.cell = c.Regret.Value, c
			}
		}
		if w.cell.Regret != nil {
			list = append(list, w)
		}
	}
	if len(list) == 0 {
		a.Answer = "No shock applies to all plans: no regret can be told."
		return
	}
	slices.SortStableFunc(list, func(x, y worst) int { return cmp.Compare(x.cell.Regret.Value, y.cell.Regret.Value) })
	a.LeastRegret = list[0].plan
	a.Separable = len(list) > 1 && list[0].cell.Regret.High < list[1].cell.Regret.Low
	tail := ""
	if !a.Separable && len(list) > 1 {
		tail = "; not separable from " + list[1].plan + ": their intervals overlap"
	}
	a.Answer = fmt.Sprintf("%s has the least regret: at worst %s of %s behind the best plan (under %s) in %s, %s%s.", list[0].plan, write(*list[0].cell.Regret), a.Metric, list[0].cell.Title, counted(a.Weeks, "week"), counted(a.Replications, "pair"), tail)
}

func (a *stressAnswer) sentences() []string { return []string{a.Answer} }

func (a *stressAnswer) size() string {
	return counted(a.Replications, "pair") + " of each plan and shock"
}

func (a *stressAnswer) next() (out []string) {
	if a.file != "" {
		dir := filepath.Join(filepath.Dir(a.file), "worst")
		out = append(out, shellLine([]string{"windfall", "run", a.file, "--replications", "200", "--out", dir})+" && "+shellLine([]string{"windfall", "why", dir, "--worst"}))
	}
	return append(out, shellLine(append([]string{"windfall", "respond", a.args[0]}, a.typed...)))
}

func (a *stressAnswer) warnings() []string {
	out := slices.Clone(a.Skipped)
	if a.Replications < 50 {
		out = append(out, fmt.Sprintf("%s are few; --replications %d would do", counted(a.Replications, "pair"), stressReplications))
	}
	return out
}

// sheets is the table of plans and shocks.
func (a *stressAnswer) sheets() []*decide.Sheet {
	f := formatOf(a.Metric, a.unit)
	points := func(e analysis.Estimate) report.Cell {
		return decide.With(plots.Plain, analysis.Estimate{Value: 100 * e.Value, Error: 100 * e.Error, Low: 100 * e.Low, High: 100 * e.High, N: e.N})
	}
	head := []string{"shock from " + a.From}
	for _, plan := range a.Plans {
		if len(a.Plans) == 1 {
			head = append(head, "#change of "+a.Metric, "#relative", "#out of business, points", "#variance saved")
			continue
		}
		head = append(head, "#"+plan+": change of "+a.Metric, "#"+plan+": regret", "#"+plan+": out of business, points")
	}
	s := decide.NewSheet("shocks", "What shocks change, against the same plan without them", head...)
	none := report.Words("")
	row := []any{"no shock: " + a.Metric + " and chance to go out of business"}
	for _, b := range a.Base {
		row = append(row, decide.With(f, b.Value), none, points(b.Ruin))
		if len(a.Plans) == 1 {
			row = append(row, none)
		}
	}
	s.Row(row...)
	for _, c := range a.shocks() {
		row := []any{c.Title}
		for _, plan := range a.Plans {
			x := a.cell(plan, c.Shock)
			switch {
			case x == nil && len(a.Plans) == 1:
				row = append(row, "does not apply", none, none, none)
			case x == nil:
				row = append(row, "does not apply", none, none)
			case len(a.Plans) == 1:
				saved := report.Words("exact")
				if x.Saved != nil {
					saved = report.Num(times(*x.Saved), *x.Saved)
				}
				row = append(row, decide.With(f, x.Change), relative(x.Relative), points(x.Ruin), saved)
			default:
				regret := none
				if x.Regret != nil {
					regret = decide.With(f, *x.Regret)
				}
				row = append(row, decide.With(f, x.Change), regret, points(x.Ruin))
			}
		}
		s.Row(row...)
	}
	s.Shown = 13 // with the line of no shock
	return []*decide.Sheet{s}
}

// shocks lists each shock once, from the worst of any plan.
func (a *stressAnswer) shocks() (out []stressCell) {
	rows := slices.Clone(a.Cells)
	slices.SortStableFunc(rows, a.worse)
	for _, c := range rows {
		if !slices.ContainsFunc(out, func(x stressCell) bool { return x.Shock == c.Shock }) {
			out = append(out, c)
		}
	}
	return out
}

// cell is a plan under a shock; nil if the shock does not apply.
func (a *stressAnswer) cell(plan, shock string) *stressCell {
	if k := slices.IndexFunc(a.Cells, func(x stressCell) bool { return x.Plan == plan && x.Shock == shock }); k >= 0 {
		return &a.Cells[k]
	}
	return nil
}

// drawn are the pictures: a heat map of plans and shocks, and the changes with
// their intervals.
func (a *stressAnswer) drawn() []gallery.Hung {
	source := plots.Source{Scenario: strings.Join(a.Plans, ", "), Replications: a.Replications, Seed: a.Seed}
	heat := plots.Heat{Source: source, Measure: plots.Measure{Name: a.Metric, Unit: "share", Label: "Relative change of " + a.Metric}, RowsAre: "shock", ColumnsAre: "plan", Columns: a.Plans, Missing: "the shock does not apply"}
	bars := plots.Bars{Source: source, Names: "shock", ValueName: "Change of " + a.Metric, Percent: true, Finding: a.Metric + " under each shock, against the same plan without it"}
	for _, plan := range a.Plans {
		bars.Lines = append(bars.Lines, plots.Line{Name: plan})
	}
	for _, c := range a.shocks() {
		var values []float64
		whole := true
		for _, plan := range a.Plans {
			x := a.cell(plan, c.Shock)
			if x == nil || !drawable(x.Relative) {
				values, whole = append(values, math.NaN()), false
				continue
			}
			values = append(values, x.Relative.Value)
		}
		heat.Rows, heat.Values = append(heat.Rows, c.Title), append(heat.Values, values)
		if !whole {
			continue
		}
		bars.Labels = append(bars.Labels, c.Title)
		for i, plan := range a.Plans {
			bars.Lines[i].Points = append(bars.Lines[i].Points, a.cell(plan, c.Shock).Relative)
		}
	}
	var out []gallery.Hung
	if len(bars.Labels) > 0 {
		out = append(out, gallery.Hung{Name: "changes", Drawing: bars})
	}
	return append(out, gallery.Hung{Name: "heat", Drawing: heat})
}
