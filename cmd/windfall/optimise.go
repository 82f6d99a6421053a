package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/decide/optimise"
	"windfall/sim/store"
)

func (p *program) optimiseCommand() *cobra.Command {
	var o options
	var ask optimise.Ask
	var budget string
	evaluations, holdOut := keyFlag("run.replications"), keyFlag("run.replications")
	cmd := p.asks(&o, "optimise SCENARIO", "weeks from after", func(args []string) error {
		ask.Metric, ask.Replications = o.metric, o.replications.value()
		ask.Evaluations, ask.HoldOut = evaluations.value(), holdOut.value()
		return p.optimise(args[0], &o, ask, budget)
	})
	f := cmd.Flags()
	f.StringVar(&o.metric, "maximise", "lifetime_margin", "")
	f.StringVar(&budget, "budget", "", "")
	f.StringSliceVar(&ask.Levers, "levers", []string{edit.Media, edit.Brand, edit.Sales}, "")
	f.StringArrayVar(&ask.Bounds, "bounds", nil, "")
	f.StringSliceVar(&ask.Keep, "keep", nil, "")
	f.StringArrayVar(&ask.SubjectTo, "subject-to", nil, "")
	f.StringVar(&ask.Risk, "risk", "", "")
	f.BoolVar(&ask.ByQuarter, "by-quarter", false, "")
	f.Var(&evaluations, "evaluations", "")
	f.Var(&holdOut, "hold-out", "")
	f.BoolVar(&ask.Frontier, "frontier", false, "")
	return cmd
}

// optimise looks for the best plan, judges it on other seeds and writes it.
func (p *program) optimise(name string, o *options, ask optimise.Ask, budget string) error {
	base, err := p.open(name, o.sets()...)
	if err != nil {
		return err
	}
	if err := base.Runnable(); err != nil {
		return err
	}
	ask.Plan = base.Plan
	if ask.Budget, err = optimise.ParseBudget(budget, base.Plan); err != nil {
		return flagged(err)
	}
	course, err := ask.Course()
	if err != nil {
		return flagged(err)
	}
	defer course.Stop()
	first := course.First()
	if err := answer.Simulated(first).Check(); err != nil {
		return err
	}
	x := p.decision(o, "optimise", base.Plan, first, course.Evaluations, course.HoldOut, ask.HoldOut, budget,
		append(slices.Clone(ask.Levers), ask.Keep...), ask.Bounds,
		ask.SubjectTo, ask.Risk, ask.ByQuarter, ask.Frontier)
	if err := x.follow(course); err != nil {
		return flagged(err)
	}
	a := course.Answer()
	x.late = x.lateMoves(first, append(slices.Clone(x.plans), a.Found)...)
	x.plans = append(x.plans, course.Highest()) // a lever may be a price
	return x.optimised(a, base, name)
}

// optimised says which plan was found, and writes it if it is offered.
func (x *decision) optimised(a *optimise.Answer, base *scenarios.Scenario, name string) (err error) {
	file, extends := "", false
	if a.Offered {
		file = filepath.Join(x.place.Dir, bestFile)
	}
	d := page.Optimise(a, file, asFlag)
	if a.Offered {
		head := fmt.Sprintf("# %s\n# Found with: %s\n# Judged on seed %d: windfall run %s --seed %d --replications %d\n\n",
			d.Sentences[0], store.ShellLine(x.p.fromTheStart()), a.Seeds[2], file, a.Seeds[2], a.HoldOut)
		if extends, err = x.keepBest(head, base, name, a); err != nil {
			return err
		}
	}
	x.own = func(s decide.Step) string {
		line := []string{"windfall", s.Question, name}
		switch {
		case !a.Offered:
			line = append(line, "--vary", "media=x0.5..x2:4", "--outcome", "out_of_business")
		case extends: // on a seed that has had no part in anything yet
			again := *x.options
			again.seed.text = strconv.FormatUint(a.Unused, 10)
			line = append(append(line, file), again.typed()...)
		default:
			line = []string{"windfall", "run", file, "--replications", "1000"}
		}
		return store.ShellLine(line)
	}
	if err := x.show(d, x.lines(a.Next, name)); err != nil || a.Offered {
		return err
	}
	return &unmetError{page.Unmet(a.Broken())}
}

// bestFile is the plan that was found.
const bestFile = "best.toml"

// keepBest writes the plan that was found. It extends the scenario where that gives
// the very plan that was judged, and else holds the whole plan: where overrides of
// the command line multiply, for one.
func (x *decision) keepBest(head string, base *scenarios.Scenario, name string, a *optimise.Answer) (extends bool,
	err error) {
	put := func(text string) error { return x.folder.WriteBytes(bestFile, []byte(head+text)) }
	if err := put(a.Text(base.NameIn(x.place.Dir, name), x.sets())); err != nil {
		return false, err
	}
	s, err := scenarios.Open(filepath.Join(x.place.Dir, bestFile), x.p.loading()...)
	if err == nil && scenarios.Digest(s.Plan) == scenarios.Digest(a.Found) {
		return true, nil
	}
	return false, put(scenarios.Resolved(a.Found))
}
