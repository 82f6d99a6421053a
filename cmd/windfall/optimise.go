package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/model/currency"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/scenarios/levers"
	"windfall/sim/decide/optimise"
	"windfall/sim/metric"
)

// optimiseFlags are the flags of optimise.
type optimiseFlags struct {
	decideFlags
	budget, risk              string
	levers, bounds, subjectTo []string
	evaluations, holdOut      numberFlag
	byQuarter, frontier       bool
}

func (p *program) optimiseCommand() *cobra.Command {
	var flags optimiseFlags
	cmd := &cobra.Command{
		Use:   "optimise SCENARIO",
		Short: "What is the best plan for a budget?",
		Long: `Look for the plan that has most of a metric for a budget of media, brand and
sales pay. Each lever multiplies what the plan has, dated schedules included, by
0 to 3 (--bounds); head-counts stay whole. The budget is what the plan means to
spend, unless --budget names another; a plan may spend less.

A search tries plans on the same random numbers: CMA-ES, then a climb on fitted
parabolas. It runs a plan 60 times, or 10 or 20 times if it then lies behind.
Leading plans are run again on a second seed, and one is chosen. A third seed
judges it, which had no part in the choice, in rounds of 250 replications until
the gain is known, 2,000 at most (all of them for a constraint, a frontier or a
risk; N with --hold-out N). There the gain over the plan is honest, and a
constraint counts as met only if its 95% interval lies inside (of a chance that
of Wilson). A plan that breaks one is not offered, and the exit code is 3.
best.toml in the folder is the plan that was found.

Moving each lever by 10% from there tells what its next dollar brings. At a best
plan all levers bring the same, but for bounds, whole people and noise.

Twice the replications make what luck adds to the choice 1.4 times smaller, and
let twice the evaluations find more: with 60 replications the search is led by
luck before 300 plans are tried. Four times the hold-out make the interval of the
gain half as wide.`,
		Example: `  windfall optimise metro
  windfall optimise metro --budget 2M --levers media,brand --by-quarter
  windfall optimise metro --maximise live_customers --subject-to 'P(out_of_business)<=5%' --frontier
  windfall optimise metro --levers sales,products.basic.price --bounds products.basic.price=0.8..1.2 --risk cvar:5%`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.optimise(args[0], &flags) },
	}
	flags.register(cmd, "optimise", "replications of each plan that is tried (default: 60)")
	registerAfter(cmd, &flags.after)
	flags.evaluations, flags.holdOut = keyFlag("run.replications"), keyFlag("run.replications")
	f := cmd.Flags()
	f.StringVar(&flags.metric, "maximise", "lifetime_margin", "the `METRIC` to make as good as can be: an outcome, "+
		"p5(OUTCOME) or P(CONDITION); what is better lower is made low")
	f.StringVar(&flags.budget, "budget", "", "most to spend on media, brand and sales pay over the run, `AMOUNT` in "+
		"the currency of the plan (default: what the plan spends)")
	f.StringSliceVar(&flags.levers, "levers", []string{levers.Media, levers.Brand, levers.Sales},
		"`LEVER`s to move: media, brand, sales, or keys of the scenario")
	f.StringArrayVar(&flags.bounds, "bounds", nil, "multiples of the plan that a lever may take: `KEY=LO..HI`, KEY a "+
		"lever or group (repeatable; default: 0..3)")
	f.StringArrayVar(&flags.subjectTo, "subject-to", nil, "`CONDITION` to keep, such as 'P(out_of_business) <= 5%' "+
		"(repeatable)")
	f.StringVar(&flags.risk, "risk", "", "count the worst replications only, `cvar:5%`")
	f.BoolVar(&flags.byQuarter, "by-quarter", false, "one more multiplier for each quarter, on the whole budget "+
		"(bounds: quarters=LO..HI)")
	f.Var(&flags.evaluations, "evaluations", "plans to try (default: 300)")
	f.Var(&flags.holdOut, "hold-out", "replications that judge the plan that was found (default: until "+
		"its gain is known, 2,000 at most)")
	f.BoolVar(&flags.frontier, "frontier", false, "judge the plans that no other beats in both the metric and the "+
		"chance to go out of business on the whole hold-out (default: on a fifth of it, if the plan or the best goes out "+
		"of business)")
	return cmd
}

// ask is the question that the flags amount to.
func (f *optimiseFlags) ask(plan *model.Plan) (a optimise.Ask, err error) {
	a = optimise.Ask{Plan: plan, Metric: f.metric, Risk: f.risk, Levers: f.levers, Bounds: f.bounds,
		SubjectTo: f.subjectTo, ByQuarter: f.byQuarter, Frontier: f.frontier, Evaluations: f.evaluations.value(),
		Replications: f.replications.value(), HoldOut: f.holdOut.value()}
	if f.budget != "" {
		in := currency.Of(plan.Run.Currency)
		amount, percent, err := metric.ParseNumber(strings.TrimPrefix(f.budget, strings.TrimRight(in.Symbol, "\u00a0")))
		if err != nil || percent || !(amount > 0) {
			return a, usagef("--budget %s: an amount in %s above 0 is needed, such as 2_500_000 or 2.5M", f.budget, in.Code)
		}
		a.Budget = amount
	}
	return a, nil
}

// optimise looks for the best plan, judges it on other seeds and writes it.
func (p *program) optimise(name string, flags *optimiseFlags) error {
	base, err := p.open(name, flags.sets()...)
	if err != nil {
		return err
	}
	if _, err := model.Prepare(base.Plan); err != nil {
		return scenarios.Problems{{File: base.Files[0], Message: err.Error()}}
	}
	ask, err := flags.ask(base.Plan)
	if err != nil {
		return err
	}
	course, err := ask.Course()
	if err != nil {
		return flagged(err)
	}
	defer course.Stop()
	first := simulated(course.First())
	if err := first.Check(); err != nil {
		return usagef("%v", err)
	}
	d := p.decision(&flags.decideFlags, "optimise", base.Plan, first, course.Evaluations, course.HoldOut,
		flags.holdOut.text, flags.budget,
		flags.levers, flags.bounds, flags.subjectTo, flags.risk, flags.byQuarter, flags.frontier)
	d.plans = append(d.plans, course.Highest()) // a lever may be a price
	if err := d.follow(course); err != nil {
		return flagged(err)
	}
	if asksForMargin(first.Measures) {
		d.late(course.Answer().Found)
	}
	return flags.tell(d, base, name, course.Answer())
}

// tell says which plan was found, and writes it if it is offered.
func (f *optimiseFlags) tell(d *decision, base *scenarios.Scenario, name string, a *optimise.Answer) error {
	file := ""
	if a.Offered {
		file = filepath.Join(d.dir, bestFile)
	}
	shown := page.Optimise(a, file, asFlag)
	extends := false
	if a.Offered {
		head := fmt.Sprintf("# %s\n# Found with: %s\n# Judged on seed %d: windfall run %s --seed %d --replications %d\n\n",
			shown.Sentences[0], shellLine(d.p.fromTheStart()), a.Seeds[2], file, a.Seeds[2], a.HoldOut)
		var err error
		if extends, err = d.keepBest(head, f, base, name, a); err != nil {
			return err
		}
	}
	var next []string
	for _, step := range a.Next {
		line := []string{"windfall", step.Question, name}
		switch {
		case !a.Offered:
			line = append(line, "--vary", "media=x0.5..x2:4", "--outcome", "out_of_business")
		case extends: // on a seed that has had no part in anything yet
			again := f.decideFlags
			again.seed.text = strconv.FormatUint(a.Unused, 10)
			line = append(append(line, file), again.typed()...)
		default:
			line = []string{"windfall", "run", file, "--replications", "1000"}
		}
		next = append(next, shellLine(line))
	}
	if err := d.show(shown, next); err != nil || a.Offered {
		return err
	}
	return &expectationError{a.Broken()}
}

// bestFile is the plan that was found.
const bestFile = "best.toml"

// keepBest writes the plan that was found. It extends the scenario where that gives
// the very plan that was judged, and else holds the whole plan: where overrides of
// the command line multiply, for one.
func (x *decision) keepBest(head string, flags *optimiseFlags, base *scenarios.Scenario, name string,
	a *optimise.Answer) (extends bool, err error) {
	put := func(text string) error { return x.folder.WriteBytes(bestFile, []byte(head+text)) }
	if err := put(a.Text(x.extends(base, name), flags.sets())); err != nil {
		return false, err
	}
	s, err := scenarios.Open(filepath.Join(x.dir, bestFile), x.p.options()...)
	if err == nil && scenarios.Digest(s.Plan) == scenarios.Digest(a.Found) {
		return true, nil
	}
	return false, put(scenarios.Resolved(a.Found))
}

// extends is how a scenario in the folder of results names the one that was
// optimised.
func (x *decision) extends(base *scenarios.Scenario, name string) string {
	if slices.ContainsFunc(scenarios.List(), func(b scenarios.Builtin) bool { return b.Name == name }) {
		return name
	}
	from, err1 := filepath.Abs(x.dir)
	to, err2 := filepath.Abs(base.Files[0])
	if rel, err := filepath.Rel(from, to); err1 == nil && err2 == nil && err == nil {
		return filepath.ToSlash(rel)
	}
	return base.Files[0]
}
