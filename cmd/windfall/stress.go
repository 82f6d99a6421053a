package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/scenarios"
	"windfall/scenarios/shocks"
	"windfall/sim/analysis"
	"windfall/sim/paired"
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

Twice the replications make every interval 1.4 times narrower.`,
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
	metric, err := outcomeNamed(first, flags.metric)
	if err != nil {
		return err
	}
	from := first.Run.Start + model.Date(7*min(stressWeek-1, int(first.Run.Weeks)/4))
	if flags.from != "" {
		if from, err = model.ParseDate(flags.from); err != nil {
			return usagef("--from %s: a date such as 2013-07-02 is needed", flags.from)
		}
	}
	a := &stressAnswer{Metric: metric.Name, Replications: firstOf(flags.replications.value(), stressReplications), Seed: uint64(first.Run.Seed), Weeks: int(first.Run.Weeks), From: from.String(), direction: metric.Direction, unit: metric.Unit}
	design := paired.Design{Replications: a.Replications, Seed: a.Seed, Version: version}
	setting := func(plan, shock string) string { return plan + " under " + shock }
	titles := map[string]string{}
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
			design.Settings = append(design.Settings, paired.Setting{Name: setting(name, s.Name), Plan: shocked, Digest: scenarios.Digest(shocked)})
		}
	}
	exists := func(name string) bool {
		return slices.ContainsFunc(design.Settings, func(s paired.Setting) bool { return s.Name == name })
	}
	type expressions struct{ change, relative, ruin, value *paired.Expression }
	found := map[string]expressions{}
	m := metric.Name
	for _, s := range design.Settings {
		base := s.Name
		if i := strings.Index(s.Name, " under "); i >= 0 {
			base = s.Name[:i]
		}
		var e expressions
		for _, x := range []struct {
			into *(*paired.Expression)
			text string
		}{{&e.value, m + "(" + s.Name + ")"}, {&e.change, m + "(" + s.Name + ") - " + m + "(" + base + ")"},
			{&e.relative, "(" + m + "(" + s.Name + ") - " + m + "(" + base + ")) / abs(" + m + "(" + base + "))"},
			{&e.ruin, "out_of_business(" + s.Name + ") - out_of_business(" + base + ")"}} {
			if *x.into, err = measure(&design, x.text); err != nil {
				return err
			}
		}
		found[s.Name] = e
	}
	// Regret: what the best plan under a shock has over this one.
	regret := map[string]*paired.Expression{}
	if len(a.Plans) > 1 {
		for _, s := range library {
			var all []string
			for _, plan := range a.Plans {
				if exists(setting(plan, s.Name)) {
					all = append(all, m+"("+setting(plan, s.Name)+")")
				}
			}
			if len(all) < len(a.Plans) {
				continue
			}
			for i, plan := range a.Plans {
				text := "max(" + strings.Join(all, ", ") + ") - " + all[i]
				if metric.Direction == model.Less {
					text = all[i] + " - min(" + strings.Join(all, ", ") + ")"
				}
				if regret[setting(plan, s.Name)], err = measure(&design, text); err != nil {
					return err
				}
			}
		}
	}
	d := p.decision(&flags.decideFlags, "stress", first.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	for _, plan := range a.Plans {
		ruin := panel.Values(paired.Leaf{Setting: plan, Measure: paired.Measure{Column: "out_of_business"}})
		k := 0
		for _, x := range ruin {
			if x > 0 {
				k++
			}
		}
		a.Base = append(a.Base, stressBase{plan, found[plan].value.Estimate(panel), analysis.Chance(k, len(ruin))})
		for _, s := range library {
			name := setting(plan, s.Name)
			if !exists(name) {
				continue
			}
			e := found[name]
			c := stressCell{Plan: plan, Shock: s.Name, Title: titles[s.Name], Change: e.change.Estimate(panel), Relative: e.relative.Estimate(panel), Ruin: e.ruin.Estimate(panel)}
			if r := regret[name]; r != nil {
				x := r.Estimate(panel)
				c.Regret = &x
			}
			a.Cells = append(a.Cells, c)
		}
	}
	if len(a.Cells) == 0 {
		return usagef("no shock applies to %s: %s", list(a.Plans), strings.Join(a.Skipped, "; "))
	}
	a.conclude()
	return d.tell(a, func(t *teller) { t.stress(a, flags.all) }, a.warnings())
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
		rows := slices.Clone(a.Cells)
		slices.SortStableFunc(rows, a.worse)
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

func (a *stressAnswer) next() []string {
	return []string{shellLine([]string{"windfall", "respond", a.Plans[0]}), shellLine([]string{"windfall", "pause", a.Plans[0]})}
}

func (a *stressAnswer) warnings() []string {
	out := slices.Clone(a.Skipped)
	if a.Replications < 50 {
		out = append(out, fmt.Sprintf("%s are few; --replications %d would do", counted(a.Replications, "pair"), stressReplications))
	}
	return out
}

// stress tells what the shocks do.
func (t *teller) stress(a *stressAnswer, all bool) {
	f := formatOf(a.Metric, a.unit)
	write := func(e analysis.Estimate) string {
		value, reach := f.WithError(e.Value, e.HalfWidth())
		return value + " ± " + reach
	}
	points := func(e analysis.Estimate) string {
		value, reach := plots.Plain.WithError(100*e.Value, 100*e.HalfWidth())
		return value + " ± " + reach
	}
	head := table.Row{"shock from " + a.From}
	numbers := []int{}
	columns := []string{"change of " + a.Metric, "relative", "out of business, points"}
	if len(a.Plans) > 1 {
		columns = []string{"change", "regret", "out of business, points"}
	}
	for _, plan := range a.Plans {
		for _, c := range columns {
			if len(a.Plans) > 1 {
				c = plan + ": " + c
			}
			head = append(head, c)
			numbers = append(numbers, len(head))
		}
	}
	w := t.table(head, numbers...)
	row := table.Row{"no shock"}
	for _, b := range a.Base {
		row = append(row, write(b.Value), "", plots.Plain.Text(100*b.Ruin.Value))
	}
	w.AppendRow(row)
	rows := []stressCell{}
	for _, c := range a.Cells {
		if !slices.ContainsFunc(rows, func(x stressCell) bool { return x.Shock == c.Shock }) {
			rows = append(rows, c)
		}
	}
	slices.SortStableFunc(rows, a.worse)
	for i, c := range rows {
		if !all && i == mostRows {
			break
		}
		row := table.Row{c.Title}
		for _, plan := range a.Plans {
			k := slices.IndexFunc(a.Cells, func(x stressCell) bool { return x.Plan == plan && x.Shock == c.Shock })
			if k < 0 {
				row = append(row, "does not apply", "", "")
				continue
			}
			x := a.Cells[k]
			second := signed(x.Relative.Value)
			if len(a.Plans) > 1 {
				second = ""
				if x.Regret != nil {
					second = write(*x.Regret)
				}
			}
			row = append(row, write(x.Change), second, points(x.Ruin))
		}
		w.AppendRow(row)
	}
	t.print("%s\n", w.Render())
	if !all && len(rows) > mostRows {
		t.print("All %d shocks: --all\n", len(rows))
	}
	t.print("\n")
}
