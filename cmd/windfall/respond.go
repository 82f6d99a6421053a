package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/page"
	"windfall/scenarios"
	"windfall/sim/decide/respond"
)

// respondFlags are the flags of respond.
type respondFlags struct {
	decideFlags
	vary     []string
	outcomes []string
}

func (p *program) respondCommand() *cobra.Command {
	var flags respondFlags
	cmd := &cobra.Command{
		Use:   "respond SCENARIO",
		Short: "Where does the next dollar go? Response to one key, two, or every channel",
		Long: `Run a scenario at several values of one key (a curve) or two (a surface), all
with the same random numbers, and show what each step brings: in all, and at the
margin between neighbouring points.

Without --vary: every budget channel at 0, 0.5, 0.75, 1, 1.5, 2 and 3 times its
plan, ranked by what the next dollar on it brings in lifetime margin. Lifetime
margin is after the dollar itself: above 0 the dollar earns more than it costs.

FROM..TO:POINTS includes both ends. x0..x3:7 multiplies what the plan has, dated
schedules included; media=x0.5..x2:4 moves all budget channels together.

Without --vary a point has 50 replications, and channels of which it is not known
then go on in rounds of 50, up to 200: which one gets the next dollar, whether
that earns more than it costs, and that it is better there than where one is
taken away. --replications N runs N, without a look. For metro 50 will do, about a
minute on two cores. Twice the replications make every interval 1.4 times
narrower and take twice as long.`,
		Example: `  windfall respond metro
  windfall respond metro --vary 'channels.paid-search.weekly_budget=x0..x3:7'
  windfall respond metro --vary media=x0.5..x2:4 --vary 'media.*.weekly_budget=x0.5..x2:3' --outcome won`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.respond(args[0], &flags) },
	}
	flags.register(cmd, "respond", "replications of each point (default: 200, without --vary as "+
		"many as it takes up to that)")
	registerAfter(cmd, &flags.after)
	cmd.Flags().StringArrayVar(&flags.vary, "vary", nil, "`KEY=FROM..TO:POINTS`, once or twice")
	cmd.Flags().StringArrayVar(&flags.outcomes, "outcome", nil, "the `OUTCOME` to show (repeatable; default: --metric)")
	return cmd
}

// ask is the question that the flags amount to; with gives its plan with changes.
func (f *respondFlags) ask(plan *model.Plan, with func(...string) (*model.Plan, error)) (a respond.Ask, err error) {
	a = respond.Ask{Plan: plan, With: with, Outcomes: f.outcomes, Replications: f.replications.value(),
		OtherOpening: f.otherOpening}
	if len(a.Outcomes) == 0 {
		a.Outcomes = []string{f.metric}
	}
	for _, text := range f.vary {
		r, err := respond.ParseRange(text)
		if err != nil {
			return a, flagged(err)
		}
		a.Vary = append(a.Vary, r)
	}
	return a, nil
}

// respond runs a plan at several values of keys or budgets.
func (p *program) respond(name string, flags *respondFlags) error {
	plan, err := p.prepared(name, flags.sets()...)
	if err != nil {
		return err
	}
	typed := len(p.overrides)
	ask, err := flags.ask(plan, p.varied(name, flags.sets()))
	if err != nil {
		return err
	}
	d, a, err := answerTo(p, &flags.decideFlags, "respond", plan, ask)
	if err != nil {
		return err
	}
	for i := typed; i < len(p.overrides); i++ { // what --vary overrides
		p.overrides[i].File, p.overrides[i].Value = varyPlace, ""
	}
	p.overrides = append(p.overrides[:typed], slices.Compact(p.overrides[typed:])...)
	return d.show(page.Respond(a, asFlag), d.lines(a.Next, name))
}

// varyPlace is where messages say that what --vary overrides stands.
const varyPlace = "--vary"

// varied gives a plan with changes on top of overrides, each once.
func (p *program) varied(name string, sets []string) func(changes ...string) (*model.Plan, error) {
	opened := map[string]*model.Plan{}
	return func(changes ...string) (*model.Plan, error) {
		key := strings.Join(changes, "\n")
		if plan := opened[key]; plan != nil {
			return plan, nil
		}
		plan, err := p.prepared(name, append(slices.Clone(sets), changes...)...)
		var problems scenarios.Problems
		if errors.As(err, &problems) { // the plan itself is open: it is the point
			for i := range problems {
				problems[i].File = strings.Replace(problems[i].File, setPlace, varyPlace, 1)
			}
		}
		if err != nil {
			return nil, err
		}
		opened[key] = plan
		return plan, nil
	}
}
