package main

import (
	"cmp"
	"errors"

	"github.com/spf13/cobra"

	"windfall/model/plan"
	"windfall/plots/page"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// asks makes the command of a question about one scenario, with the flags of every question and some more. Ask does
// what is asked of the arguments.
func (p *program) asks(o *options, use, more string, ask func(args []string) error) *cobra.Command {
	o.metric, o.format = cmp.Or(o.metric, "lifetime_margin"), "csv"
	cmd := command(use, 1, 1, "one scenario", completeScenario, ask)
	o.declare(cmd, asksFlags+more)
	return cmd
}

// ofOne is for the questions about one plan.
func (p *program) ofOne(o *options, ask func(name string, plan *plan.Plan) error) func(args []string) error {
	return func(args []string) error {
		plan, err := p.prepared(args[0], o.sets()...)
		if err != nil {
			return err
		}
		return ask(args[0], plan)
	}
}

// A question is an ask with its answer.
type question[A any] interface {
	Design() (*decide.Design, error)
	Answer(p *panel.Panel) (*A, error)
}

// A layout is how an answer is shown, and which command lines come next.
type layout[A any] func(x *decision, a *A) (*page.Document, []string, error)

// laid is the layout of an answer of which nothing else is kept; names are those of its scenarios.
func laid[A any](lay func(*A, page.Cure) *page.Document, names ...string) layout[A] {
	return func(x *decision, a *A) (*page.Document, []string, error) {
		d := lay(a, asFlag)
		return d, x.lines(d.Next, names...), nil
	}
}

// reply runs what a question asks of plans, of which the first is given, and shows its answer.
func reply[A any](p *program, o *options, command string, plan *plan.Plan, q question[A], lay layout[A]) error {
	design, err := q.Design()
	if err != nil {
		return flagged(err)
	}
	target, err := o.aim(design)
	if err != nil {
		return err
	}
	var asked []any
	for _, a := range design.Asked {
		asked = append(asked, a)
	}
	x := p.decision(o, command, plan, design, asked...)
	if several, ok := q.(interface {
		Openings() ([]*decide.OpeningError, error)
	}); ok {
		openings, err := several.Openings()
		if err != nil {
			return flagged(err)
		}
		for _, e := range openings {
			x.notes = append(x.notes, e.Error()+", so part of the difference is where they start")
		}
	}
	s, numbers := answer.SequenceOf(design)
	if err := answer.Simulated(design).Check(); err != nil {
		return err
	}
	if err := x.follow(s); err != nil {
		return err
	}
	x.notes = append(x.notes, target.Short(numbers())...)
	a, err := q.Answer(numbers())
	if err != nil {
		return flagged(err)
	}
	d, next, err := lay(x, a)
	if err != nil {
		return err
	}
	return x.show(d, next)
}

// flagged words what is wrong with an ask as what is wrong with the command line.
func flagged(err error) error {
	var problem *decide.Problem
	switch text := page.Refused(err, asFlag); {
	case errors.As(err, &problem) && problem.Err != nil:
		return misread("--"+problem.Part, problem.Err)
	case errors.As(err, &problem):
		return usagef("--%v", problem)
	case text != "":
		return usagef("%s", text)
	}
	return err
}

// prepared opens a plan that can be run.
func (p *program) prepared(name string, sets ...string) (*plan.Plan, error) {
	s, err := p.open(name, sets...)
	if err != nil {
		return nil, err
	}
	return s.Plan, s.Runnable()
}

// dated declares a flag that is a date.
func dated(cmd *cobra.Command, flag, example string, into *plan.Date) {
	cmd.Flags().Func(flag, "", func(text string) (err error) {
		if *into, err = plan.ParseDate(text); err != nil {
			return errors.New("a date such as " + example + " is needed")
		}
		return nil
	})
}

// asFlag is how a part of an ask is set on the command line.
func asFlag(part, value string) string {
	if value == "" {
		return "--" + part
	}
	return store.ShellLine([]string{"--" + part, value})
}

// lines are the command lines of what one may ask next of scenarios.
func (x *decision) lines(steps []decide.Step, names ...string) []string {
	return x.linesOf(steps, names[0], names)
}

// linesOf are those of a scenario, or of all that were set side by side.
func (x *decision) linesOf(steps []decide.Step, name string, all []string) (out []string) {
	for _, s := range steps {
		if x.own != nil && x.own(s) != "" {
			out = append(out, x.own(s))
			continue
		}
		out = append(out, store.ShellLine(page.Typed(s, name, all, x.typed())))
	}
	return out
}
