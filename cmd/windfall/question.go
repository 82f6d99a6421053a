package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
	"windfall/sim/decide/optimise"
	"windfall/sim/decide/respond"
	"windfall/sim/decide/stress"
	"windfall/sim/decide/why"
	"windfall/sim/panel"
)

// A question is an ask with its answer.
type question[A any] interface {
	Design() (*decide.Design, error)
	Answer(p *panel.Panel) (*A, error)
}

// answerTo runs what a question asks of plans, of which the first is given, and answers
// it.
func answerTo[A any](p *program, flags *decideFlags, command string, plan *model.Plan, q question[A]) (*decision, *A,
	error) {
	design, err := q.Design()
	if err != nil {
		return nil, nil, flagged(err)
	}
	run := simulated(design)
	var asked []any
	for _, a := range design.Asked {
		asked = append(asked, a)
	}
	if r := design.Rounds; r != nil { // another number of replications than where one is asked for
		asked = append(asked, "rounds of", r.Size)
	}
	x := p.decision(flags, command, plan, run, asked...)
	if several, ok := q.(interface {
		Openings() ([]*decide.OpeningError, error)
	}); ok {
		openings, err := several.Openings()
		if err != nil {
			return nil, nil, flagged(err)
		}
		for _, o := range openings {
			x.notes = append(x.notes, openingNote(o))
		}
	}
	numbers, err := x.numbers(design, run)
	if err != nil {
		return nil, nil, err
	}
	a, err := q.Answer(numbers)
	return x, a, flagged(err)
}

// numbers runs a design, in rounds where it has some.
func (x *decision) numbers(d *decide.Design, run *sim.Design) (*panel.Panel, error) {
	if d.Rounds == nil {
		return x.run(run)
	}
	if err := run.Check(); err != nil {
		return nil, usagef("%v", err)
	}
	s := decide.NewInRounds(d)
	err := x.follow(s)
	return s.Panel(), err
}

// simulated is a design of a question as the engine runs it.
func simulated(d *decide.Design) *sim.Design {
	run := &sim.Design{Measures: d.Measures, Replications: d.Replications, Lucks: d.Lucks, Seed: d.Seed, Version: version,
		At: d.At, Points: d.Points}
	for _, s := range d.Settings {
		run.Settings = append(run.Settings, sim.Setting{Name: s.Name, Plan: s.Plan, Digest: scenarios.Digest(s.Plan)})
	}
	return run
}

// follow runs the rounds of a sequence until it can be answered.
func (x *decision) follow(s decide.Sequence) error {
	return x.watched(func(ctx context.Context, progress *progress) error {
		var panels []*panel.Panel
		for {
			round, err := s.Next(panels)
			if err != nil || len(round) == 0 {
				return err
			}
			done, total := s.Progress()
			var designs []design
			for _, part := range round {
				d, before := simulated(part.Design), done
				d.Workers, d.Turn = x.flags.workers.value(), part.Turn
				d.Progress = func(s sim.Progress) {
					progress.replicated(sim.Progress{Done: before + s.Done, Total: max(total, before+s.Done)})
				}
				designs, done = append(designs, design{part.Name, d}), done+d.Total()
			}
			if panels, err = x.folder.measure(ctx, progress, designs...); err != nil {
				return err
			}
		}
	})
}

// flagged words what is wrong with an ask as what is wrong with the command line.
func flagged(err error) error {
	var (
		problem *decide.Problem
		market  *decide.IncomparableError
		opening *decide.OpeningError
		size    *compare.SizeError
		shock   *stress.ShockError
		none    *stress.NoShockError
		sure    *decide.CertainError
		nothing *respond.NothingError
		budget  *respond.NoBudgetError
		absent  *why.MissingError
		seeds   *why.SeedError
		short   *why.ShortError
		little  *optimise.BudgetError
	)
	switch {
	case errors.As(err, &problem) && problem.Err != nil:
		return misread("--"+problem.Part, problem.Err)
	case errors.As(err, &problem):
		return usagef("--%v", problem)
	case errors.As(err, &market):
		return usagef("%v", market)
	case errors.As(err, &opening):
		return usagef("%v. Give both the same [opening] plan, so that they differ from the first day on; or compare them "+
			"as they are with --%s", opening, otherOpeningFlag)
	case errors.As(err, &size) && size.Uncertain:
		return usagef("inputs are uncertain: --draws and --seeds-per-draw say how much is run, not --replications")
	case errors.As(err, &size):
		return usagef("no input is uncertain: --replications says how much is run, not --draws and --seeds-per-draw")
	case errors.As(err, &little):
		money := words.In(little.Currency).Money()
		return usagef("--budget %s: too little; with every lever at its lower bound the plan spends %s",
			money.Text(little.Budget), money.Text(little.Least))
	case errors.As(err, &sure):
		return certain(sure.Plan)
	case errors.As(err, &nothing):
		return usagef("--vary %v; give values: --vary %s=0..500:%d", nothing, nothing.First, nothing.Points)
	case errors.As(err, &budget) && budget.Idle:
		return usagef("%v: --vary names a key, with values of its own", budget)
	case errors.As(err, &budget):
		return usagef("%v: --vary names a key", budget)
	case errors.As(err, &shock), errors.As(err, &none), errors.As(err, &absent), errors.As(err, &seeds),
		errors.As(err, &short):
		return usagef("%v", err)
	}
	return err
}

// openingNote warns of plans that start from different states where that is allowed.
func openingNote(e *decide.OpeningError) string {
	return e.Error() + ", so part of the difference is where they start"
}

// otherOpeningFlag allows plans that start from different states.
const otherOpeningFlag = "allow-different-opening"

// namesOf are the names of scenarios: those of their files, with a number where one has
// it already.
func namesOf(scenarios []string) (out []string) {
	for i, s := range scenarios {
		name := strings.TrimSuffix(filepath.Base(s), ".toml")
		if slices.Contains(out, name) {
			name = fmt.Sprintf("%s (%d)", name, i+1)
		}
		out = append(out, name)
	}
	return out
}

// asFlag is how a part of an ask is set on the command line.
func asFlag(part, value string) string {
	if value == "" {
		return "--" + part
	}
	return shellLine([]string{"--" + part, value})
}

// lines are the command lines of what one may ask next of scenarios.
func (x *decision) lines(steps []decide.Step, names ...string) (out []string) {
	for _, s := range steps {
		if s.Question == "compare" && len(x.flags.set) > 0 {
			continue // there each --set is a plan of its own
		}
		if s.Lesson != "" {
			out = append(out, shellLine([]string{"windfall", "lesson", s.Lesson}))
			continue
		}
		line := []string{"windfall", s.Question}
		if s.All {
			line = append(line, names...)
		} else {
			line = append(line, names[0])
		}
		line = slices.Concat(line, asWords(s), x.flags.typed())
		if s.Replications > 0 {
			line = append(line, "--replications", strconv.Itoa(s.Replications))
		}
		out = append(out, shellLine(line))
	}
	return out
}

// asWords are the flags of what one may ask next.
func asWords(s decide.Step) (line []string) {
	if s.When != "" {
		line = append(line, "--when", s.When)
	}
	if len(s.Between) > 0 {
		line = append(append(line, "--decide"), s.Between...)
	}
	if v := s.Vary; v != nil {
		times := ""
		if v.Times {
			times = "x"
		}
		line = append(line, "--vary", fmt.Sprintf("%s=%s%s..%s%s:%d", v.Key, times, short(v.Low), times, short(v.High),
			v.Values))
	}
	for _, c := range s.Changes {
		line = append(line, "--set", c)
	}
	switch {
	case s.Metric != "" && s.Question == "sensitivity":
		line = append(line, "--outcome", s.Metric)
	case s.Metric != "":
		line = append(line, "--metric", s.Metric)
	}
	return line
}
