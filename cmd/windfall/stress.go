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
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/scenarios/shocks"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/paired"
	"windfall/sim/panel"
)

// stressFlags are the flags of stress.
type stressFlags struct {
	decideFlags
	shocks, from string
}

// Defaults of stress: pairs of each plan and shock, and the week of the shocks.
const (
	stressReplications = 500
	fewStressed        = 50 // pairs below which changes are doubtful
	stressWeek         = 27
)

func (p *program) stressCommand() *cobra.Command {
	var flags stressFlags
	cmd := &cobra.Command{
		Use:   "stress PLAN...",
		Short: "What would break this plan? Plans against a library of shocks",
		Long: `Put shocks to one plan or several: a recession, dearer search, a channel that
is closed, a price war, and more (a library of 14, or --shocks FILE). Each is
paired with the same plan without the shock. Shocks begin in the 27th week (in
the middle of a run of less than 52 weeks) unless they are dated, and name
things by their role in each plan.

With one plan the shocks are ranked from the worst; with two or more the regret
of each plan under each shock is shown, and the plan whose largest regret is
least. They are ranked by business_value: cash at the end, and what customers,
pipeline and brand of the last day still bring (--metric for another).

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
	cmd.Flags().StringVar(&flags.from, "from", "", "first day of the shocks, `YYYY-MM-DD` (default: the 27th week, or the middle of a run of less than 52)")
	return cmd
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
	metric, err := metricNamed("--metric", flags.metric, panel.Columns(model.NewSchema(first)))
	if err != nil {
		return err
	}
	from := first.Run.Start + model.Date(7*min(stressWeek-1, int(first.Run.Weeks)/2))
	if flags.from != "" {
		if from, err = model.ParseDate(flags.from); err != nil {
			return usagef("--from %s: a date such as 2013-07-02 is needed", flags.from)
		}
		if end := first.Run.Start + model.Date(7*int(first.Run.Weeks)); from < first.Run.Start || from >= end {
			return usagef("--from %s: the run is from %s to %s", flags.from, first.Run.Start, end-1)
		}
	}
	a := &stressAnswer{args: args, typed: flags.typed(), Metric: metric.Text, Replications: firstOf(flags.replications.value(), stressReplications), Seed: uint64(first.Run.Seed), Weeks: int(first.Run.Weeks), From: from.String(), direction: metric.Column.Direction, unit: metric.Column.Unit}
	design := paired.Design{Replications: a.Replications, Seed: a.Seed, Version: version}
	setting := func(plan, shock string) string { return plan + " under " + shock }
	titles := map[string]string{}
	shockedPlans := map[string]*model.Plan{}
	var notes []string
	steady := map[string]string{}  // by plan: the setting of it in a steady economy
	without := map[string]string{} // by setting of a shock: that without it, if not the plan
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
		note, err := beside(decide.Comparable(decide.Setting{Name: args[0], Plan: first}, decide.Setting{Name: name, Plan: plan}), flags.otherOpening)
		if err != nil {
			return err
		}
		if note != "" {
			notes = append(notes, note)
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
			// A shock that scripts the economy takes its chance out of the run. Without
			// the shock there is none of it either, or the change would hold both.
			if s.Regime != "" && plan.Economy.Regime == "random" {
				if steady[name] == "" {
					still := plan.Clone()
					shocks.Still(still)
					steady[name] = name + " in a steady economy"
					design.Settings = append(design.Settings, paired.Setting{Name: steady[name], Plan: still, Digest: scenarios.Digest(still)})
				}
				without[setting(name, s.Name)] = steady[name]
				a.Steady = plan.Economy.StartRegime
			}
			shockedPlans[setting(name, s.Name)] = shocked
			design.Settings = append(design.Settings, paired.Setting{Name: setting(name, s.Name), Plan: shocked, Digest: scenarios.Digest(shocked)})
		}
	}
	exists := func(name string) bool {
		return slices.ContainsFunc(design.Settings, func(s paired.Setting) bool { return s.Name == name })
	}
	for _, s := range design.Settings {
		design.Measures = append(append(design.Measures, metric.Leaves(s.Name)...), panel.Leaf{Setting: s.Name, Measure: panel.Measure{Column: "out_of_business"}})
	}
	d := p.decision(&flags.decideFlags, "stress", first, &design)
	d.notes = notes
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	of := map[string]panel.Statistic{}
	for _, s := range design.Settings {
		if of[s.Name], err = metric.Of(numbers, s.Name); err != nil {
			return err
		}
	}
	ruin := func(setting string) panel.Leaf {
		return panel.Leaf{Setting: setting, Measure: panel.Measure{Column: "out_of_business"}}
	}
	for _, plan := range a.Plans {
		a.Base = append(a.Base, stressBase{plan, numbers.Estimate(of[plan]), numbers.Estimate(numbers.Mean(ruin(plan)))})
		for _, s := range library {
			name := setting(plan, s.Name)
			if !exists(name) {
				continue
			}
			calm := cmp.Or(without[name], plan)
			before, under := numbers.Estimate(of[calm]), numbers.Estimate(of[name])
			c := stressCell{Plan: plan, Shock: s.Name, Title: titles[s.Name], Under: under, rank: analysis.Order(before, under, metric.Column.Direction), Change: numbers.Difference(of[calm], of[name]),
				Relative: numbers.Combine(func(v []float64) float64 { return (v[0] - v[1]) / math.Abs(v[1]) }, of[name], of[calm]),
				Ruin:     numbers.Difference(numbers.Mean(ruin(calm)), numbers.Mean(ruin(name)))}
			if x := (float64(under.Error*under.Error) + float64(before.Error*before.Error)) / float64(c.Change.Error*c.Change.Error); !math.IsNaN(x) && !math.IsInf(x, 0) {
				c.Saved = &x
			}
			// Regret: what the best plan under the shock has over this one.
			all := []panel.Statistic{of[name]}
			var best analysis.Estimate // under the shock
			for i, other := range a.Plans {
				if exists(setting(other, s.Name)) {
					all = append(all, of[setting(other, s.Name)])
					if e := numbers.Estimate(of[setting(other, s.Name)]); i == 0 || analysis.Order(e, best, metric.Column.Direction) < 0 {
						best = e
					}
				}
			}
			if len(a.Plans) > 1 && len(all) == len(a.Plans)+1 {
				regret := numbers.Combine(func(v []float64) float64 {
					if metric.Column.Direction == model.Less {
						return v[0] - slices.Min(v[1:])
					}
					return slices.Max(v[1:]) - v[0]
				}, all...)
				switch {
				case under.Never() && best.Known(), under.Known() && best.Never(): // no number is as large
					regret = analysis.Estimate{Value: model.Never, Error: math.NaN(), Low: math.NaN(), High: model.Never, N: under.N, Reason: cmp.Or(under.Reason, best.Reason)}
				case !regret.Known():
					regret.Reason = cmp.Or(under.Reason, best.Reason)
				}
				c.Regret = &regret
			}
			a.Cells = append(a.Cells, c)
		}
	}
	if len(a.Cells) == 0 {
		return usagef("no shock applies to %s: %s", words.List(a.Plans), strings.Join(a.Skipped, "; "))
	}
	a.conclude()
	if worst, seen := a.worst(a.ranked(a.Plans[0])); seen {
		plan := shockedPlans[setting(a.Plans[0], worst.Shock)]
		const file = "worst.toml"
		a.file = filepath.Join(d.dir, file)
		if err := d.folder.Write(file, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "# %s under its worst shock: %s\n#\n%s", a.Plans[0], worst.Title, scenarios.Resolved(plan))
			return err
		}); err != nil {
			return err
		}
	}
	return d.tell(a, a.drawn())
}
